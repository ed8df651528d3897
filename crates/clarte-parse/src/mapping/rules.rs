//! From a row's cells to a record's fields.
//!
//! Every value takes the form in which the built-in formats write it, so that
//! it joins with theirs. What does not fit its field stays under the log's own
//! name in `unmapped`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use clarte_model::record::FieldType;
use clarte_model::{Class, Field, Record, address};

use crate::{time, value};

/// The most columns that a mapping may refer to: a bit each.
pub(super) const COLUMNS_CAP: usize = u128::BITS as usize;

/// Where a field comes from.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) field: Field,
    pub(super) from: From,
}

#[derive(Debug)]
pub(super) enum From {
    /// It is always this.
    Fixed(String),
    Cells(Choice),
}

/// The first of some columns that has a value, or of a list all values.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) columns: Vec<usize>,
    /// The log's words, and ours for them.
    pub(super) map: BTreeMap<String, String>,
    /// Ours for all other words.
    pub(super) otherwise: Option<String>,
    /// What it is where the log says nothing.
    pub(super) absent: Option<String>,
    /// What stands between the members of a list.
    pub(super) separator: Option<String>,
    /// Nanoseconds of a unit, for durations.
    pub(super) unit: i64,
}

/// An event's values by column, in the order of the log.
#[derive(Debug, Default)]
pub(super) struct Cells<'a> {
    cells: Vec<(usize, Cow<'a, str>)>,
    /// The columns of which a field holds all.
    taken: u128,
}

impl<'a> Cells<'a> {
    pub(super) fn push(&mut self, column: usize, text: Cow<'a, str>) {
        self.cells.push((column, text));
    }

    /// The first value of a column.
    pub(super) fn first(&self, column: usize) -> Option<&str> {
        self.all(column).next().map(AsRef::as_ref)
    }

    fn all(&self, column: usize) -> impl Iterator<Item = &Cow<'a, str>> {
        self.cells.iter().filter(move |(known, _)| *known == column).map(|(_, text)| text)
    }

    /// Notes that nothing of a column is left over.
    pub(super) fn take(&mut self, column: usize) {
        self.taken |= 1 << column;
    }

    /// Whether nothing of a column is left over.
    pub(super) fn is_taken(&self, column: usize) -> bool {
        self.taken & (1 << column) != 0
    }
}

impl Rule {
    /// The columns of which it needs one.
    pub(super) fn columns(&self) -> &[usize] {
        match &self.from {
            From::Fixed(_) => &[],
            From::Cells(choice) => &choice.columns,
        }
    }

    /// Where the field comes from, for people.
    pub(super) fn words(&self, columns: &[String]) -> String {
        match &self.from {
            From::Fixed(value) => format!("always {value}"),
            From::Cells(choice) => {
                let names: Vec<_> = choice.columns.iter().map(|at| columns[*at].as_str()).collect();
                let mut words = names.join(" | ");
                for (from, to) in &choice.map {
                    words.push_str(&format!(", {from:?} is {to}"));
                }
                if let Some(otherwise) = choice.otherwise(self.field) {
                    words.push_str(&format!(", anything else is {otherwise}"));
                }
                if let Some(absent) = &choice.absent {
                    words.push_str(&format!(", without it {absent}"));
                }
                words
            }
        }
    }

    /// Fills the field; `false` where there is a value that does not fit.
    fn fill<'a>(&'a self, cells: &mut Cells<'a>, record: &mut Record<'a>) -> bool {
        let choice = match &self.from {
            From::Fixed(value) => return put(record, self.field, value.into(), 1),
            From::Cells(choice) => choice,
        };
        let has_value = |column: &&usize| cells.first(**column).is_some();
        let Some(&column) = choice.columns.iter().find(has_value) else {
            let absent = choice.absent.as_deref();
            return absent.is_none_or(|text| put(record, self.field, text.into(), 1));
        };
        if self.field.field_type() == FieldType::Texts {
            return choice.fill_list(self.field, column, cells, record);
        }
        let Some(text) = cells.all(column).next().cloned() else { return true };
        let (text, is_ours) = choice.translated(self.field, text);
        let fits = put(record, self.field, text, choice.unit);
        if fits && !is_ours && cells.all(column).nth(1).is_none() {
            cells.take(column);
        }
        fits
    }
}

impl Choice {
    /// What stands for a value, and whether that is our word for it.
    fn translated<'a>(&'a self, field: Field, text: Cow<'a, str>) -> (Cow<'a, str>, bool) {
        match self.map.get(&*text).map(String::as_str).or_else(|| self.otherwise(field)) {
            Some(ours) => (Cow::Borrowed(ours), true),
            None => (text, false),
        }
    }

    /// Our word for what the log's words do not tell.
    fn otherwise(&self, field: Field) -> Option<&str> {
        let unknown = || (field == Field::Status).then_some("unknown");
        self.otherwise.as_deref().or_else(unknown)
    }

    fn fill_list<'a>(
        &'a self,
        field: Field,
        column: usize,
        cells: &mut Cells<'a>,
        record: &mut Record<'a>,
    ) -> bool {
        let (mut members, mut fits, mut is_whole) = (Vec::new(), true, true);
        for cell in cells.all(column) {
            for member in split(cell, self.separator.as_deref()) {
                let (text, is_ours) = self.translated(field, member);
                is_whole &= !is_ours;
                match member_of(field, text) {
                    Some(member) => members.push(member),
                    None => fits = false,
                }
            }
        }
        record.texts(field, members);
        if fits && is_whole {
            cells.take(column);
        }
        fits
    }
}

/// The members of a list in a cell.
fn split<'a>(cell: &Cow<'a, str>, separator: Option<&str>) -> Vec<Cow<'a, str>> {
    let Some(separator) = separator else { return vec![cell.clone()] };
    let is_any = |member: &&str| !member.is_empty();
    match cell {
        Cow::Borrowed(text) => {
            text.split(separator).map(str::trim).filter(is_any).map(Cow::Borrowed).collect()
        }
        Cow::Owned(text) => {
            let members = text.split(separator).map(str::trim).filter(is_any);
            members.map(|member| Cow::Owned(member.to_owned())).collect()
        }
    }
}

/// Fills the record by `rules`; returns the fields whose values do not fit.
pub(super) fn fill<'a>(
    rules: &'a [Rule],
    cells: &mut Cells<'a>,
    record: &mut Record<'a>,
) -> Vec<Field> {
    let mut bad = Vec::new();
    for rule in rules {
        if !rule.fill(cells, record) {
            bad.push(rule.field);
        }
    }
    // A column that is a name here and an address there fits one of the two.
    bad.retain(|field| {
        let rule = rules.iter().find(|rule| rule.field == *field);
        !rule.is_some_and(|rule| rule.columns().iter().any(|column| cells.is_taken(*column)))
    });
    complete(record);
    bad
}

/// Sets a field to a text in the field's own form; `false` if it has none.
pub(super) fn put<'a>(
    record: &mut Record<'a>,
    field: Field,
    text: Cow<'a, str>,
    unit: i64,
) -> bool {
    match field.field_type() {
        FieldType::Integer => match number(field, &text, unit) {
            Some(number) => _ = record.integer(field, number),
            None => return false,
        },
        FieldType::Text => match single(field, text) {
            Some(text) => _ = record.text(field, text),
            None => return false,
        },
        FieldType::Texts => match member_of(field, text) {
            Some(member) => _ = record.texts(field, [member]),
            None => return false,
        },
    }
    true
}

/// A text in the form of a field with one.
fn single(field: Field, text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    use Field::*;
    match field {
        SrcIp | DstIp | LeasedIp => ip(text),
        DstHostname => value::host(text),
        DnsQuery => Some(match value::query(&text) {
            Cow::Borrowed(same) if same.len() == text.len() => text,
            other => Cow::Owned(other.into_owned()),
        }),
        SrcMac => mac(&text).map(Cow::Owned),
        UserEmail | MailFrom | MailReplyTo | MailEnvelopeFrom => {
            address::normalise(&text).map(Cow::Owned)
        }
        MailMessageId => Some(text.trim_matches(['<', '>']).to_owned().into()),
        Protocol => Some(protocol(text)),
        DnsType | DnsRcode => Some(text.to_uppercase().into()),
        UserLang => Some(text.replace('_', "-").into()),
        _ => Some(text),
    }
}

/// A member of a list field in its form.
fn member_of(field: Field, text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match field {
        Field::MailTo => address::normalise(&text).map(Cow::Owned),
        Field::UserHosts => {
            let host = value::host(Cow::Borrowed(&text)).map(Cow::into_owned);
            Some(host.unwrap_or_else(|| text.to_lowercase()).into())
        }
        Field::ProcessHashes | Field::MailAttachments => hash(&text).map(Cow::Owned),
        _ => Some(text),
    }
}

/// An address, with or without a port.
fn ip(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let bare = |text: &str| {
        let ip = value::address(text).or_else(|| value::address(value::host_and_port(text).0))?;
        Some(ip.into_owned())
    };
    match text {
        Cow::Borrowed(text) => value::address(text).or_else(|| bare(text).map(Cow::Owned)),
        Cow::Owned(text) => bare(&text).map(Cow::Owned),
    }
}

/// A hardware address, however its digits are set apart.
fn mac(text: &str) -> Option<String> {
    let digits: Vec<char> = text.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    value::mac(&pairs.join(":"))
}

/// A transport protocol by name or by its number at IANA.
fn protocol(text: Cow<'_, str>) -> Cow<'_, str> {
    match &*text {
        "1" => "icmp".into(),
        "6" => "tcp".into(),
        "17" => "udp".into(),
        "58" => "icmp6".into(),
        _ if text.bytes().any(|byte| byte.is_ascii_uppercase()) => text.to_ascii_lowercase().into(),
        _ => text,
    }
}

/// `sha256:…`, from `SHA256=…` and from bare digits too.
fn hash(text: &str) -> Option<String> {
    let (algorithm, hex) = match text.split_once([':', '=']) {
        Some((algorithm, hex)) => (algorithm.to_lowercase().replace('-', ""), hex),
        None => {
            let algorithm = match text.len() {
                32 => "md5",
                40 => "sha1",
                64 => "sha256",
                _ => return None,
            };
            (algorithm.to_owned(), text)
        }
    };
    let is_hex = !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| format!("{algorithm}:{}", hex.to_lowercase()))
}

fn number(field: Field, text: &str, unit: i64) -> Option<i64> {
    use Field::*;
    match field {
        SrcPort | DstPort => {
            let port = text.parse::<u16>().ok().or_else(|| value::host_and_port(text).1);
            port.map(i64::from)
        }
        Duration => length(text, unit),
        LeaseDuration => length(text, unit).map(|length| length / 1_000_000_000),
        TlsEstablished => match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" => Some(1),
            "0" | "false" | "no" => Some(0),
            _ => None,
        },
        _ => text.parse().ok(),
    }
}

/// A length of time in nanoseconds, from a decimal number of units.
fn length(text: &str, unit: i64) -> Option<i64> {
    let billionths = i128::from(time::nanoseconds(text)?);
    i64::try_from(billionths * i128::from(unit) / 1_000_000_000).ok()
}

/// What a record says by what it says already, as the built-in formats tell it.
fn complete(record: &mut Record<'_>) {
    match record.class {
        Class::Http => complete_request(record),
        Class::Authentication | Class::Api if record.get(Field::UserEmail).is_none() => {
            let names = [Field::TargetUser, Field::UserName];
            let mut names = names.into_iter().filter_map(|field| record.get_text(field));
            if let Some(email) = names.find_map(address::normalise) {
                record.text(Field::UserEmail, email);
            }
        }
        _ => {}
    }
}

/// The host that a URL names, or the URL on the host that is named.
fn complete_request(record: &mut Record<'_>) {
    let Some(url) = record.get_text(Field::HttpUrl) else { return };
    let is_tunnel = record.get_text(Field::HttpMethod) == Some("CONNECT");
    let authority = if is_tunnel { Some(url) } else { value::authority(url) };
    if let Some(authority) = authority {
        let (host, port) = value::host_and_port(authority);
        let host = value::host(Cow::Borrowed(host)).map(Cow::into_owned);
        if let Some(host) = host.filter(|_| record.get(Field::DstHostname).is_none()) {
            record.text(Field::DstHostname, host);
        }
        if let Some(port) = port.filter(|_| record.get(Field::DstPort).is_none()) {
            record.integer(Field::DstPort, port.into());
        }
    } else if url.starts_with('/')
        && let Some(host) = record.get_text(Field::DstHostname)
    {
        let whole = match record.get_integer(Field::DstPort) {
            Some(443) => format!("https://{host}{url}"),
            port => value::absolute(host, port, url),
        };
        record.text(Field::HttpUrl, whole);
    }
}

#[cfg(test)]
mod tests {
    use clarte_model::Source;

    use super::*;

    fn record(class: Class) -> Record<'static> {
        Record::new(class, Source::Other, 0, 1)
    }

    #[test]
    fn values_take_the_form_of_their_field() {
        for (field, text, expected) in [
            (Field::SrcIp, "198.51.100.7:51324", Some("198.51.100.7")),
            (Field::SrcIp, "[2001:DB8::1]:443", Some("2001:db8::1")),
            (Field::SrcIp, "::ffff:192.0.2.1", Some("192.0.2.1")),
            (Field::SrcIp, "host", None),
            (Field::DstHostname, "WWW.Example.ORG.", Some("www.example.org")),
            (Field::SrcMac, "0000.5E00.5301", Some("00:00:5e:00:53:01")),
            (Field::SrcMac, "00-00-5e-00-53-01", Some("00:00:5e:00:53:01")),
            (Field::SrcMac, "00005e005301", Some("00:00:5e:00:53:01")),
            (Field::SrcMac, "00005e", None),
            (Field::UserEmail, "Jan <Jan@Example.ORG>", Some("jan@example.org")),
            (Field::UserEmail, "jan", None),
            (Field::MailMessageId, "<a@b.example>", Some("a@b.example")),
            (Field::Protocol, "6", Some("tcp")),
            (Field::Protocol, "UDP", Some("udp")),
            (Field::DnsQuery, "IMG.Example.org", Some("img.example.org")),
        ] {
            let mut record = record(Class::Other);
            let fits = put(&mut record, field, text.into(), 1);
            assert_eq!((fits, record.get_text(field)), (expected.is_some(), expected), "{text}");
        }
        for (field, text, unit, expected) in [
            (Field::SrcPort, "192.0.2.1:443", 1, Some(443)),
            (Field::SrcPort, "70000", 1, None),
            (Field::Duration, "1.5", 1_000_000_000, Some(1_500_000_000)),
            (Field::Duration, "1500", 1_000_000, Some(1_500_000_000)),
            (Field::LeaseDuration, "8", 3_600_000_000_000, Some(28_800)),
            (Field::BytesOut, "12k", 1, None),
            (Field::TlsEstablished, "True", 1, Some(1)),
        ] {
            let mut record = record(Class::Other);
            put(&mut record, field, text.into(), unit);
            assert_eq!(record.get_integer(field), expected, "{text}");
        }
        assert_eq!(hash("SHA-256=AB01").as_deref(), Some("sha256:ab01"));
        assert_eq!(hash("not a hash"), None);
    }

    #[test]
    fn a_url_names_its_host_and_a_host_its_url() {
        let request = |method: &'static str, url: &'static str, host: &'static str| {
            let mut record = record(Class::Http);
            record.text(Field::HttpMethod, method).text(Field::HttpUrl, url);
            record.text(Field::DstHostname, host);
            complete(&mut record);
            let text = |field| record.get_text(field).unwrap_or_default().to_owned();
            (text(Field::HttpUrl), text(Field::DstHostname), record.get_integer(Field::DstPort))
        };
        let whole = |url: &str, host: &str, port| (url.to_owned(), host.to_owned(), port);
        assert_eq!(
            request("GET", "http://Img.example.org:8080/a", ""),
            whole("http://Img.example.org:8080/a", "img.example.org", Some(8080))
        );
        assert_eq!(
            request("CONNECT", "img.example.org:443", ""),
            whole("img.example.org:443", "img.example.org", Some(443))
        );
        assert_eq!(
            request("GET", "/a", "img.example.org"),
            whole("http://img.example.org/a", "img.example.org", None)
        );
    }
}
