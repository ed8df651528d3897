//! Individual tokens and where they stand in a URL. Deliberately more kinds
//! than a joiner would list: a token is whatever differs between recipients.

use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::rng::{Rng, Topic};

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shape {
    Hex16,
    Hex24,
    Hex32,
    HexUpper,
    Uuid,
    Base64Address,
    PercentAddress,
    Digits,
    MixedCase,
    WordPair,
    Base32,
    /// Letters and digits that a percent sign escapes for no reason.
    PercentHex,
    ShortCode,
    /// SHA-1 of the address, in hexadecimal.
    HashedAddress,
    /// The address itself, in hexadecimal.
    HexAddress,
}

impl Shape {
    /// The shapes that single letters use: those of the waves, and two more.
    pub(crate) const IN_LETTERS: [Self; 15] = [
        Self::Hex16,
        Self::Base64Address,
        Self::Uuid,
        Self::Digits,
        Self::HashedAddress,
        Self::MixedCase,
        Self::Hex32,
        Self::HexAddress,
        Self::Base32,
        Self::ShortCode,
        Self::PercentAddress,
        Self::WordPair,
        Self::Hex24,
        Self::HexUpper,
        Self::PercentHex,
    ];

    /// The shapes of the waves.
    pub(crate) const ALL: [Self; 13] = [
        Self::Hex16,
        Self::Hex24,
        Self::Hex32,
        Self::HexUpper,
        Self::Uuid,
        Self::Base64Address,
        Self::PercentAddress,
        Self::Digits,
        Self::MixedCase,
        Self::WordPair,
        Self::Base32,
        Self::PercentHex,
        Self::ShortCode,
    ];

    /// The token of one person, from a key that a wave may share with another.
    pub(crate) fn token(self, seed: u64, key: u64, person: u64, address: &str) -> String {
        let mut rng = Rng::keyed(seed, Topic::Token, &[key, person]);
        match self {
            Self::Hex16 => rng.hex(16),
            Self::Hex24 => rng.hex(24),
            Self::Hex32 => rng.hex(32),
            Self::HexUpper => rng.hex(20).to_uppercase(),
            Self::Uuid => uuid(&mut rng),
            Self::Base64Address => base64url(address.as_bytes()),
            Self::PercentAddress => address.replace('@', "%40").replace('.', "%2E"),
            Self::Digits => rng.text(1, b"123456789") + &rng.text(10, b"0123456789"),
            Self::MixedCase => {
                rng.text(12, b"abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789")
            }
            Self::WordPair => word_pair(seed, key, person),
            Self::Base32 => rng.text(16, b"abcdefghijklmnopqrstuvwxyz234567"),
            Self::PercentHex => rng.text(9, b"abcdefgh0123456789") + "%2D" + &rng.hex(6),
            Self::ShortCode => rng.text(7, b"abcdefghjkmnpqrstuvwxyz0123456789"),
            Self::HashedAddress => hex(Sha1::digest(address.to_lowercase()).as_slice()),
            Self::HexAddress => hex(address.as_bytes()),
        }
    }

    /// Whether the token may stand in a host name, which has no case.
    fn fits_a_label(self) -> bool {
        matches!(
            self,
            Self::Hex16
                | Self::Hex24
                | Self::Hex32
                | Self::Uuid
                | Self::Digits
                | Self::WordPair
                | Self::Base32
                | Self::ShortCode
                | Self::HashedAddress
        )
    }
}

/// Where in the URL the token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    Path,
    PathMiddle,
    FilePng,
    FileGif,
    FileCss,
    Query,
    QueryAmongOthers,
    QueryBare,
    Subdomain,
    SplitPath,
    DoubleExtension,
}

impl Place {
    pub(crate) const ALL: [Self; 11] = [
        Self::Path,
        Self::Query,
        Self::FilePng,
        Self::Subdomain,
        Self::QueryAmongOthers,
        Self::SplitPath,
        Self::FileGif,
        Self::DoubleExtension,
        Self::PathMiddle,
        Self::QueryBare,
        Self::FileCss,
    ];

    /// This place, or another where the shape cannot stand in it.
    pub(crate) fn fitting(self, shape: Shape) -> Self {
        match self {
            Self::Subdomain if !shape.fits_a_label() => Self::Path,
            // A split inside an escape would break it.
            Self::SplitPath if matches!(shape, Shape::PercentAddress | Shape::PercentHex) => {
                Self::PathMiddle
            }
            place => place,
        }
    }

    /// Whether a log that cuts URLs at `?` loses the token.
    pub(crate) fn is_in_query(self) -> bool {
        matches!(self, Self::Query | Self::QueryAmongOthers | Self::QueryBare)
    }
}

/// A URL taken apart as far as logs need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) tls: bool,
    pub(crate) host: String,
    /// Path and query, from the first slash.
    pub(crate) rest: String,
}

impl Url {
    pub(crate) fn new(tls: bool, host: &str, rest: impl Into<String>) -> Self {
        Self { tls, host: host.to_owned(), rest: rest.into() }
    }

    /// `http://host/rest`
    pub(crate) fn text(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}{}", self.host, self.rest)
    }
}

/// The beacon's URL for one token.
pub(crate) fn beacon(place: Place, tls: bool, host: &str, token: &str) -> Url {
    let rest = match place {
        Place::Path => format!("/t/{token}"),
        Place::PathMiddle => format!("/m/{token}/logo.png"),
        Place::FilePng => format!("/img/{token}.png"),
        Place::FileGif => format!("/{token}.gif"),
        Place::FileCss => format!("/assets/{token}.css"),
        Place::Query => format!("/open?id={token}"),
        Place::QueryAmongOthers => format!("/px.gif?v=3&c=spring&r={token}&s=1"),
        Place::QueryBare => format!("/o.gif?{token}"),
        Place::Subdomain => return Url::new(tls, &format!("{token}.{host}"), "/p.gif"),
        Place::SplitPath => format!("/a/{}.gif", split(token)),
        Place::DoubleExtension => format!("/pic/{token}.jpg.php"),
    };
    Url::new(tls, host, rest)
}

/// The lure page's URL for one token.
pub(crate) fn page(in_query: bool, tls: bool, host: &str, token: &str) -> Url {
    let rest =
        if in_query { format!("/draft?u={token}") } else { format!("/read/{token}/draft.html") };
    Url::new(tls, host, rest)
}

/// The token as it stands in the beacon's URL.
pub(crate) fn as_written(place: Place, token: &str) -> String {
    if place == Place::SplitPath { split(token) } else { token.to_owned() }
}

fn split(token: &str) -> String {
    let (first, second) = token.split_at(token.len() / 2);
    format!("{first}/{second}")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn uuid(rng: &mut Rng) -> String {
    let (a, b, c, d, e) = (rng.hex(8), rng.hex(4), rng.hex(3), rng.hex(3), rng.hex(12));
    format!("{a}-{b}-4{c}-a{d}-{e}")
}

fn word_pair(seed: u64, key: u64, person: u64) -> String {
    const FIRST: [&str; 16] = [
        "amber", "brisk", "calm", "dusty", "early", "faint", "gentle", "hollow", "icy", "jolly",
        "keen", "lunar", "mellow", "noble", "olive", "pale",
    ];
    const SECOND: [&str; 16] = [
        "acorn", "bridge", "candle", "drum", "engine", "feather", "garden", "harbor", "island",
        "jacket", "kettle", "ladder", "meadow", "needle", "orchard", "pebble",
    ];
    let shift = Rng::keyed(seed, Topic::Token, &[key]).below(16) as usize;
    // The pair alone would repeat; spelling the person apart keeps it unique.
    let extra = if person < 256 { String::new() } else { format!("-{}", word(person / 256)) };
    let turn = (person % 256) as usize;
    format!("{}-{}{extra}", FIRST[(turn / 16 + shift) % 16], SECOND[(turn + shift) % 16])
}

fn word(mut number: u64) -> String {
    let mut letters = String::new();
    while number > 0 {
        letters.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    letters
}

/// Base64 for URLs, without padding (RFC 4648, section 5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    let text = base64(bytes);
    text.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// Base64 with padding, on one line (RFC 4648, section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn tokens_differ_between_people_and_repeat_for_one() {
        for shape in Shape::IN_LETTERS {
            let token = |person| shape.token(3, 1, person, &format!("p{person}@x.example"));
            let all: BTreeSet<String> = (0..1000).map(token).collect();
            assert_eq!(all.len(), 1000, "{shape:?}");
            assert_eq!(token(5), token(5));
        }
    }

    #[test]
    fn every_place_holds_the_token() {
        for place in Place::ALL {
            let url = beacon(place, false, "h.example", "abcdef").text();
            assert!(url.contains(&as_written(place, "abcdef")), "{url}");
        }
    }

    #[test]
    fn base64_matches_the_rfc() {
        assert_eq!(base64(b"foobar"), "Zm9vYmFy");
        assert_eq!(base64(b"fo"), "Zm8=");
        assert_eq!(base64(b"f"), "Zg==");
        assert_eq!(base64url(b"\xff\xfe"), "__4");
    }
}
