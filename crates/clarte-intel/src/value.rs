//! One value of intelligence: what kind it is, whether it is well formed, and
//! the form in which it is compared.

use std::net::IpAddr;

use clarte_model::url::HttpUrl;
use clarte_model::{IndicatorKind, address, host};

use crate::loaded::quote;
use crate::refang;

/// The longest value taken: no URL or subject of use is longer.
const MAX_BYTES: usize = 8 * 1024;

/// A well-formed value in comparable form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) kind: IndicatorKind,
    pub(crate) text: String,
    /// What an analyst should know about it, though it is used.
    pub(crate) remark: Option<&'static str>,
}

/// What a source says a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Nothing: the value's look decides.
    Any,
    /// A host name (an IP address is taken too: some feeds mix them).
    Host,
    /// An address or a network.
    Ip,
    /// A web address.
    Url,
    /// A mail address.
    Email,
    /// A file hash.
    Hash,
    /// A mail's subject.
    Subject,
    /// A Message-ID.
    MessageId,
    /// A User-Agent.
    UserAgent,
}

/// The word of any dialect for a kind of value. `None` for words we do not
/// know, and for kinds that are known and not looked for.
pub(crate) fn hint(word: &str) -> Option<Hint> {
    let letters = word.trim().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '|');
    let word: String = letters.take(40).map(|c| c.to_ascii_lowercase()).collect();
    Some(match word.as_str() {
        "" | "indicator" | "ioc" | "observable" | "value" | "any" | "networkindicator" => Hint::Any,
        "domain" | "domainname" | "domains" | "fqdn" | "hostname" | "host" | "hosts" | "dns" => {
            Hint::Host
        }
        "ip" | "ips" | "ipv4" | "ipv6" | "ipv4addr" | "ipv6addr" | "ipaddr" | "ipaddress"
        | "ipv4address" | "ipv6address" | "ipdst" | "ipsrc" | "cidr" | "network" | "netblock"
        | "subnet" | "iprange" | "ipport" => Hint::Ip,
        "url" | "urls" | "uri" => Hint::Url,
        "email" | "emails" | "mail" | "emailsrc" | "emailaddr" | "emailaddress" | "sender"
        | "emailsender" | "senderemail" | "mailaddress" => Hint::Email,
        "md5" | "sha1" | "sha256" | "sha512" | "hash" | "hashes" | "filehash" | "file"
        | "filehashmd5" | "filehashsha1" | "filehashsha256" | "filehashsha512" | "md5hash"
        | "sha1hash" | "sha256hash" | "hashmd5" | "hashsha1" | "hashsha256" | "malwarehash" => {
            Hint::Hash
        }
        "subject" | "emailsubject" | "mailsubject" => Hint::Subject,
        "messageid" | "emailmessageid" => Hint::MessageId,
        "useragent" | "httpuseragent" => Hint::UserAgent,
        _ => return None,
    })
}

/// Reads a value as what its source says it is. The error is a sentence's
/// predicate: what the value is not.
pub(crate) fn read(hint: Hint, text: &str) -> Result<Value, String> {
    let text = text.trim();
    if text.len() > MAX_BYTES {
        return Err(format!("a value of {} bytes is longer than any we take", text.len()));
    }
    let whole = match hint {
        Hint::Subject | Hint::MessageId | Hint::UserAgent => text.to_owned(),
        _ => refang(text),
    };
    let value = match hint {
        Hint::Any => by_look(&whole),
        Hint::Host => host_name(&whole),
        Hint::Ip => ip(&whole),
        Hint::Url => url(&whole),
        Hint::Email => email(&whole),
        Hint::Hash => hash(&whole),
        Hint::Subject => phrase(IndicatorKind::Subject, &whole),
        Hint::MessageId => message_id(&whole),
        Hint::UserAgent => phrase(IndicatorKind::UserAgent, &whole),
    };
    value.map_err(|why| format!("{} {why}", quote(text)))
}

/// A value and its type where both may be joined by `|` (MISP's composite
/// types, such as `domain|ip` or `filename|md5`). Parts that are not looked
/// for are left out; `None` if that leaves nothing.
pub(crate) fn typed_parts<'t>(word: &str, text: &'t str) -> Option<Vec<(Hint, &'t str)>> {
    if !word.contains('|') || !text.contains('|') {
        return hint(word.split('|').next()?).map(|hint| vec![(hint, text)]);
    }
    let both = word.split('|').zip(text.split('|'));
    let parts: Vec<_> = both.filter_map(|(word, text)| Some((hint(word)?, text))).collect();
    (!parts.is_empty()).then_some(parts)
}

type Read = Result<Value, &'static str>;

fn plain(kind: IndicatorKind, text: String) -> Value {
    Value { kind, text, remark: None }
}

fn by_look(text: &str) -> Read {
    if text.contains(char::is_whitespace) {
        return Err("is no single value");
    }
    if text.contains("://") {
        return url(text);
    }
    if let Ok(value) = hash(text).or_else(|_| ip(text)) {
        return Ok(value);
    }
    if is_slashed_number(text) {
        return ip(text);
    }
    if text.contains('@') {
        return email(text);
    }
    let name = text.split(['/', ':']).next().unwrap_or_default();
    match host_name(name) {
        Ok(value) if !has_known_end(&value.text) => Err("is no value of a kind that can be told"),
        Ok(_) if text.contains('/') => url(text),
        Ok(_) => host_name(text),
        Err("is no host name") => Err("is no value of a kind that can be told"),
        Err(why) => Err(why),
    }
}

/// Whether a text looks like a network, even if it is none.
fn is_slashed_number(text: &str) -> bool {
    text.split_once('/').is_some_and(|(start, bits)| {
        start.parse::<IpAddr>().is_ok() && bits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Whether a name ends as host names do, and file names do not.
fn has_known_end(name: &str) -> bool {
    const SPECIAL: [&str; 10] =
        ["example", "test", "invalid", "onion", "i2p", "local", "internal", "lan", "corp", "home"];
    let last = name.rsplit('.').next().unwrap_or_default();
    SPECIAL.contains(&last)
        || name.parse::<IpAddr>().is_ok()
        || psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

fn host_name(text: &str) -> Read {
    // `*.evil.example` is what a host name already means: it and all below it.
    let text = text.strip_prefix("*.").unwrap_or(text);
    let text = text.strip_prefix('.').unwrap_or(text);
    let (text, remark) = without_port(text);
    let name = host::normalise(text).ok_or("is no host name")?;
    if name.parse::<IpAddr>().is_ok() {
        return ip(&name).map(|value| Value { remark: remark.or(value.remark), ..value });
    }
    let mut labels = name.split('.');
    let sound = labels.all(|label| matches!(label.len(), 1..=63));
    let last = name.rsplit('.').next().unwrap_or_default();
    if !sound || last.bytes().all(|b| b.is_ascii_digit()) {
        return Err("is no host name");
    }
    if !name.contains('.') {
        return Err("is a single label, no full host name");
    }
    if is_icann_suffix(&name) {
        return Err("is a public suffix, under which anyone may register");
    }
    Ok(Value { kind: IndicatorKind::Domain, text: name, remark })
}

/// Whether a name is a suffix such as `co.uk`. Those of the list's private
/// section (`github.io`) are hosts too and stay.
fn is_icann_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|suffix| {
        suffix.typ() == Some(psl::Type::Icann) && suffix.as_bytes().len() == name.len()
    })
}

/// A host without the port after it, which no record is compared by.
fn without_port(text: &str) -> (&str, Option<&'static str>) {
    match text.rsplit_once(':') {
        Some((host, port))
            if !port.is_empty()
                && port.bytes().all(|b| b.is_ascii_digit())
                && (!host.contains(':') || host.ends_with(']')) =>
        {
            (host, Some("its port is not used"))
        }
        _ => (text, None),
    }
}

fn ip(text: &str) -> Read {
    if let Some((start, bits)) = text.split_once('/') {
        return network(start, bits);
    }
    let (text, remark) = without_port(text);
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let ip: IpAddr = bare.parse().map_err(|_| "is no IP address")?;
    let private = (!host::is_public(ip)).then_some("a private address, used all the same");
    let text = ip.to_canonical().to_string();
    Ok(Value { kind: IndicatorKind::Ip, text, remark: private.or(remark) })
}

fn network(start: &str, bits: &str) -> Read {
    let start: IpAddr = start.parse().map_err(|_| "is no network")?;
    let plain_number = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
    let bits: u8 = bits.parse().ok().filter(|_| plain_number).ok_or("is no network")?;
    let width = if start.is_ipv4() { 32 } else { 128 };
    if bits > width {
        return Err("is no network");
    }
    if bits == 0 {
        return Err("is the whole internet");
    }
    if bits == width {
        return ip(&start.to_string());
    }
    let first = mask(start, bits);
    let remark = match (host::is_public(first), first == start) {
        (false, _) => Some("a private network, used all the same"),
        (true, false) => Some("the host part is not used"),
        (true, true) => None,
    };
    Ok(Value { kind: IndicatorKind::Network, text: format!("{first}/{bits}"), remark })
}

/// The first address of the network of so many bits around an address.
pub(crate) fn mask(ip: IpAddr, bits: u8) -> IpAddr {
    match ip {
        IpAddr::V4(v4) => {
            let kept = u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & kept).into())
        }
        IpAddr::V6(v6) => {
            let kept = u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & kept).into())
        }
    }
}

fn url(text: &str) -> Read {
    let absolute = match text.contains("://") || text.starts_with("//") {
        true => text.to_owned(),
        false => format!("http://{text}"),
    };
    match HttpUrl::parse(&absolute) {
        Some(_) => Ok(plain(IndicatorKind::Url, absolute)),
        None => Err("is no web address"),
    }
}

fn email(text: &str) -> Read {
    let address = address::normalise(text).ok_or("is no mail address")?;
    match address::domain(&address) {
        Some(domain) if domain.contains(['.', ':']) => Ok(plain(IndicatorKind::Email, address)),
        _ => Err("is no mail address"),
    }
}

fn hash(text: &str) -> Read {
    let (claimed, digits) = match text.split_once(':') {
        Some((algorithm, digits)) => (Some(algorithm.trim()), digits.trim()),
        None => (None, text),
    };
    let algorithm = match digits.len() {
        32 => "md5",
        40 => "sha1",
        64 => "sha256",
        128 => "sha512",
        _ => return Err("is no file hash"),
    };
    let agrees =
        claimed.is_none_or(|claimed| claimed.replace('-', "").eq_ignore_ascii_case(algorithm));
    if !agrees || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err("is no file hash");
    }
    Ok(plain(IndicatorKind::FileHash, format!("{algorithm}:{}", digits.to_ascii_lowercase())))
}

fn message_id(text: &str) -> Read {
    let bare = text.trim_start_matches('<').trim_end_matches('>').trim();
    if bare.is_empty() || bare.contains(char::is_whitespace) {
        return Err("is no Message-ID");
    }
    Ok(plain(IndicatorKind::MessageId, bare.to_owned()))
}

fn phrase(kind: IndicatorKind, text: &str) -> Read {
    if text.is_empty() { Err("is empty") } else { Ok(plain(kind, text.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(hint: Hint, text: &str) -> String {
        match read(hint, text) {
            Ok(Value { kind, text, remark }) => {
                let remark = remark.map(|remark| format!(" ({remark})")).unwrap_or_default();
                format!("{kind:?} {text}{remark}")
            }
            Err(why) => why,
        }
    }

    #[test]
    fn kinds_are_told_by_their_look() {
        for (text, expected) in [
            ("Evil.COM", "Domain evil.com"),
            ("evil.example.", "Domain evil.example"),
            ("*.evil.com", "Domain evil.com"),
            ("bücher.example", "Domain xn--bcher-kva.example"),
            ("evil.com:8080", "Domain evil.com (its port is not used)"),
            ("203.0.113.7", "Ip 203.0.113.7"),
            ("203.0.113.7:443", "Ip 203.0.113.7 (its port is not used)"),
            ("[2001:DB8::1]:443", "Ip 2001:db8::1 (its port is not used)"),
            ("2001:db8::1", "Ip 2001:db8::1"),
            ("10.1.2.3", "Ip 10.1.2.3 (a private address, used all the same)"),
            ("203.0.113.0/24", "Network 203.0.113.0/24"),
            ("203.0.113.9/24", "Network 203.0.113.0/24 (the host part is not used)"),
            ("203.0.113.9/32", "Ip 203.0.113.9"),
            ("hxxps://evil[.]com/A?b", "Url https://evil.com/A?b"),
            ("evil.com/a", "Url http://evil.com/a"),
            ("Jan@Evil.com", "Email jan@evil.com"),
            ("D41D8CD98F00B204E9800998ECF8427E", "FileHash md5:d41d8cd98f00b204e9800998ecf8427e"),
            (
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                "FileHash md5:d41d8cd98f00b204e9800998ecf8427e",
            ),
        ] {
            assert_eq!(shown(Hint::Any, text), expected);
        }
    }

    #[test]
    fn what_is_no_value_is_said() {
        for (text, expected) in [
            ("com", "`com` is a single label, no full host name"),
            ("co.uk", "`co.uk` is a public suffix, under which anyone may register"),
            ("invoice.exe", "`invoice.exe` is no value of a kind that can be told"),
            ("1.2.3", "`1.2.3` is no value of a kind that can be told"),
            ("ftp://evil.com/a", "`ftp://evil.com/a` is no web address"),
            ("a b", "`a b` is no single value"),
            ("0.0.0.0/0", "`0.0.0.0/0` is the whole internet"),
            ("203.0.113.7/33", "`203.0.113.7/33` is no network"),
            ("a..com", "`a..com` is no value of a kind that can be told"),
            ("@evil.com", "`@evil.com` is no mail address"),
        ] {
            assert_eq!(shown(Hint::Any, text), expected);
        }
        assert_eq!(shown(Hint::Ip, "1.2.3.4/+8"), "`1.2.3.4/+8` is no network");
        assert_eq!(shown(Hint::Hash, "f00"), "`f00` is no file hash");
        assert!(shown(Hint::Any, &"a".repeat(9_000)).contains("longer"));
    }

    #[test]
    fn a_shared_host_is_a_host() {
        assert_eq!(shown(Hint::Any, "github.io"), "Domain github.io");
    }

    #[test]
    fn type_words_of_many_dialects_are_known() {
        for (word, expected) in [
            ("domain-name", Some(Hint::Host)),
            ("FileHash-SHA256", Some(Hint::Hash)),
            ("ip_address", Some(Hint::Ip)),
            ("IPv4 Addr", Some(Hint::Ip)),
            ("whois-registrant-email", None),
            ("email-dst", None),
            ("mutex", None),
        ] {
            assert_eq!(hint(word), expected, "{word}");
        }
        let parts = typed_parts("domain|ip", "evil.com|203.0.113.7");
        assert_eq!(parts, Some(vec![(Hint::Host, "evil.com"), (Hint::Ip, "203.0.113.7")]));
        assert_eq!(typed_parts("filename|md5", "a|b"), Some(vec![(Hint::Hash, "b")]));
        assert_eq!(typed_parts("filename", "a"), None);
    }

    #[test]
    fn networks_are_masked_at_every_width() {
        let v4: IpAddr = "255.255.255.255".parse().expect("an address");
        assert_eq!(mask(v4, 0).to_string(), "0.0.0.0");
        assert_eq!(mask(v4, 32), v4);
        let v6: IpAddr = "ffff::ffff".parse().expect("an address");
        assert_eq!(mask(v6, 0).to_string(), "::");
        assert_eq!(mask(v6, 16).to_string(), "ffff::");
    }
}
