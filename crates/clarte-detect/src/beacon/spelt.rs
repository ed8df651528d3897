//! Tokens that spell a recipient's address: plain, percent-encoded, base64,
//! hexadecimal, backwards, or as a hash.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use clarte_model::Mail;
use clarte_model::url::HttpUrl;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::wrapped::percent_decoded;

/// Recipients of one mail that are looked for.
const RECIPIENTS_CAP: usize = 50;

/// The shortest local part that is looked for alone.
const SHORTEST: usize = 5;

/// The recipients of a mail in every spelling.
pub(crate) struct Recipients(Vec<Spelling>);

struct Spelling {
    address: String,
    /// Lower case; found anywhere in a decoded URL.
    plain: Vec<String>,
    /// Hashes, hexadecimal lower case.
    hashes: Vec<String>,
}

impl Recipients {
    pub(crate) fn of(mail: &Mail) -> Self {
        let mut spellings: Vec<Spelling> = Vec::new();
        for address in mail.recipients().take(RECIPIENTS_CAP) {
            if !spellings.iter().any(|known| known.address == address) {
                spellings.push(Spelling::of(address));
            }
        }
        Self(spellings)
    }

    /// The part of the URL that spells a recipient's address, and whose.
    pub(crate) fn spelt_in(&self, url: &HttpUrl) -> Option<(String, String)> {
        if self.0.is_empty() {
            return None;
        }
        let below = url.host.strip_suffix(clarte_model::host::registrable(&url.host));
        let pieces = url.path.split('/').chain(url.query.iter().flat_map(|query| {
            query
                .split(['&', ';'])
                .map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value))
        }));
        let pieces = pieces.chain(below.unwrap_or_default().split('.'));
        pieces.filter(|piece| piece.len() >= SHORTEST).find_map(|piece| {
            let address = self.spelt(piece)?;
            Some((piece.to_owned(), address.to_owned()))
        })
    }

    fn spelt(&self, piece: &str) -> Option<&str> {
        let mut readings = vec![percent_decoded(piece).to_lowercase()];
        readings.extend(decoded(piece).into_iter().map(|text| text.to_lowercase()));
        let whole = readings[0].clone();
        let stem = whole.split('.').next().unwrap_or_default();
        let found = self.0.iter().find(|spelling| {
            let plain = |reading: &String| spelling.plain.iter().any(|text| reading.contains(text));
            let hashed = |hash: &String| *hash == whole || hash == stem;
            readings.iter().any(plain) || spelling.hashes.iter().any(hashed)
        })?;
        Some(&found.address)
    }
}

impl Spelling {
    fn of(address: &str) -> Self {
        let address = address.to_lowercase();
        let local = address.split('@').next().unwrap_or_default();
        let mut plain = vec![address.clone(), address.chars().rev().collect()];
        // As addresses stand where `@` is not allowed.
        for between in ["%40", "=", "_at_", "-at-", "(at)"] {
            plain.push(address.replace('@', between));
        }
        if local.len() >= 2 * SHORTEST {
            plain.push(local.to_owned());
        }
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let hashes = [
            hex(&Md5::digest(&address)),
            hex(&Sha1::digest(&address)),
            hex(&Sha256::digest(&address)),
        ];
        Self { address, plain, hashes: hashes.to_vec() }
    }
}

/// What the piece may be an encoding of.
fn decoded(piece: &str) -> Vec<String> {
    let bare = percent_decoded(piece);
    let stem = bare.split('.').next().unwrap_or_default().trim_end_matches('=');
    let mut all = Vec::new();
    if (8..=1_024).contains(&stem.len()) {
        let decoded = STANDARD_NO_PAD.decode(stem).or_else(|_| URL_SAFE_NO_PAD.decode(stem));
        all.extend(decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok()));
        let is_hex =
            stem.len().is_multiple_of(2) && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        let pairs = (0..stem.len() / 2).filter(|_| is_hex);
        let bytes: Option<Vec<u8>> =
            pairs.map(|at| u8::from_str_radix(&stem[2 * at..2 * at + 2], 16).ok()).collect();
        all.extend(bytes.and_then(|bytes| String::from_utf8(bytes).ok()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use clarte_model::mail::Mailbox;

    #[test]
    fn an_address_is_known_in_every_spelling() {
        let to = Mailbox { name: None, address: Some("jan.peeters@parl.example".to_owned()) };
        let recipients = Recipients::of(&Mail { to: vec![to], ..Mail::default() });
        for url in [
            "https://a.example/p?e=jan.peeters%40parl.example",
            "https://a.example/p?e=jan.peeters@parl.example&x=1",
            "https://a.example/amFuLnBlZXRlcnNAcGFybC5leGFtcGxl.gif",
            "https://a.example/6a616e2e70656574657273407061726c2e6578616d706c65",
            "https://a.example/i.php?u=08c0b37bfe3ba6e1f1dfcb9f8a0ea5b8", // replaced below
            "https://jan.peeters-at-parl.a.example/x.gif?e=elpmaxe.lrap%40sreteep.naj",
        ] {
            let md5 = Md5::digest("jan.peeters@parl.example");
            let md5: String = md5.iter().map(|byte| format!("{byte:02X}")).collect();
            let url = url.replace("08c0b37bfe3ba6e1f1dfcb9f8a0ea5b8", &md5);
            let url = HttpUrl::parse(&url).expect("a web URL");
            let spelt = recipients.spelt_in(&url).map(|(_, address)| address);
            assert_eq!(spelt.as_deref(), Some("jan.peeters@parl.example"), "{url:?}");
        }
        let other = HttpUrl::parse("https://a.example/p?e=piet@parl.example").expect("a URL");
        assert_eq!(recipients.spelt_in(&other), None);
    }
}
