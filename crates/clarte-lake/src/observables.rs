//! The distinct values that records show, with first and last sight and count.
//!
//! They are counted column by column when a batch is complete: each distinct
//! value is looked at once, whatever the number of its records, so telling an
//! address from a name or finding a name's parents costs little.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, TimestampNanosecondType};
use arrow_array::{Array, DictionaryArray, RecordBatch, StringArray};
use clarte_model::lake::ObservableKind as Kind;
use clarte_model::url::HttpUrl;
use clarte_model::{Field, Reference, Timestamp, address, host};
use hashbrown::HashMap;

use crate::columns::fixed;

/// What the values of a field are.
#[derive(Clone, Copy)]
enum Holds {
    /// Always of this kind.
    Only(Kind),
    /// A host name or an IP address.
    Host,
    /// What a look-up was answered with: addresses, names, and free text.
    Answer,
    /// A mail's remote reference, as JSON.
    Reference,
}

/// Which fields hold observables.
const FIELDS: &[(Field, Holds)] = &[
    (Field::SrcIp, Holds::Only(Kind::Ip)),
    (Field::DstIp, Holds::Only(Kind::Ip)),
    (Field::LeasedIp, Holds::Only(Kind::Ip)),
    (Field::MailIps, Holds::Only(Kind::Ip)),
    (Field::SrcHostname, Holds::Host),
    (Field::DstHostname, Holds::Host),
    (Field::DnsQuery, Holds::Host),
    (Field::DnsAnswers, Holds::Answer),
    (Field::HttpUrl, Holds::Only(Kind::Url)),
    (Field::MailReferences, Holds::Reference),
    (Field::HttpUserAgent, Holds::Only(Kind::UserAgent)),
    (Field::UserName, Holds::Only(Kind::User)),
    (Field::UserAccounts, Holds::Only(Kind::User)),
    (Field::UserEmail, Holds::Only(Kind::Email)),
    (Field::MailFrom, Holds::Only(Kind::Email)),
    (Field::MailReplyTo, Holds::Only(Kind::Email)),
    (Field::MailTo, Holds::Only(Kind::Email)),
    (Field::MailEnvelopeFrom, Holds::Only(Kind::Email)),
    (Field::MailOwner, Holds::Only(Kind::Email)),
    (Field::MailMessageId, Holds::Only(Kind::MessageId)),
    (Field::MailSubject, Holds::Only(Kind::Subject)),
    (Field::MailAttachments, Holds::Only(Kind::FileHash)),
    (Field::SrcMac, Holds::Only(Kind::Mac)),
];

/// Sights of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sight {
    /// The first with a time.
    pub(crate) first: Option<Timestamp>,
    /// The last.
    pub(crate) last: Option<Timestamp>,
    /// How many records.
    pub(crate) count: u64,
}

impl Sight {
    const NONE: Self = Self { first: None, last: None, count: 0 };

    fn one(time: Option<Timestamp>) -> Self {
        Self { first: time, last: time, count: 1 }
    }

    /// Both together.
    pub(crate) fn and(self, other: Self) -> Self {
        let first = match (self.first, other.first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        // `None` is less than every time.
        Self { first, last: self.last.max(other.last), count: self.count + other.count }
    }
}

/// Values collected so far.
#[derive(Default)]
pub(crate) struct Observables {
    /// By the kind's place in `Kind::ALL`.
    kinds: [HashMap<Box<str>, Sight>; Kind::ALL.len()],
    bytes: usize,
}

/// About what a value takes in the table besides its text.
const ENTRY_BYTES: usize = 144;

impl Observables {
    /// About how many bytes of memory they take.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts what the records of a batch show. The columns may stand in any
    /// order after the fixed ones.
    pub(crate) fn count(&mut self, batch: &RecordBatch) {
        for (field, holds) in FIELDS {
            let Some(column) = batch.column_by_name(field.as_str()) else { continue };
            distinct(batch, column.as_ref(), &mut |value, sight| self.see(*holds, value, sight));
        }
    }

    fn see(&mut self, holds: Holds, value: &str, sight: Sight) {
        match holds {
            Holds::Only(Kind::Email) => {
                self.add(Kind::Email, value, sight);
                let Some(domain) = address::domain(value) else { return };
                if is_ip(domain) {
                    return self.add(Kind::Ip, domain, sight);
                }
                host::parents(domain).for_each(|name| self.add(Kind::Domain, name, sight));
            }
            Holds::Only(kind) => self.add(kind, value, sight),
            Holds::Host => self.see_host(value, sight),
            Holds::Answer => {
                if let Some(name) = answered_host(value) {
                    self.see_host(&name, sight);
                }
            }
            Holds::Reference => {
                let Some(reference) = Reference::from_json(value) else { return };
                self.add(Kind::Url, &reference.url, sight);
                if let Some(url) = HttpUrl::parse(&reference.url) {
                    self.see_host(&url.host, sight);
                }
            }
        }
    }

    fn see_host(&mut self, name: &str, sight: Sight) {
        if is_ip(name) {
            return self.add(Kind::Ip, name, sight);
        }
        self.add(Kind::Hostname, name, sight);
        host::parents(name).skip(1).for_each(|parent| self.add(Kind::Domain, parent, sight));
        if host::registrable(name) == name {
            self.add(Kind::Domain, name, sight);
        }
    }

    fn add(&mut self, kind: Kind, value: &str, sight: Sight) {
        if value.is_empty() {
            return;
        }
        let values = &mut self.kinds[kind as usize];
        match values.get_mut(value) {
            Some(known) => *known = known.and(sight),
            None => {
                self.bytes += value.len() + ENTRY_BYTES;
                values.insert(value.into(), sight);
            }
        }
    }

    /// All values, sorted by kind and value; empty afterwards.
    pub(crate) fn take_sorted(&mut self) -> Vec<(Kind, Box<str>, Sight)> {
        let mut all = Vec::new();
        for (kind, values) in Kind::ALL.iter().zip(&mut self.kinds) {
            let from = all.len();
            let values = std::mem::take(values).into_iter();
            all.extend(values.map(|(value, sight)| (*kind, value, sight)));
            all[from..].sort_unstable_by(|(_, a, _), (_, b, _)| a.cmp(b));
        }
        self.bytes = 0;
        all
    }
}

fn is_ip(name: &str) -> bool {
    name.parse::<std::net::IpAddr>().is_ok()
}

/// A host among a look-up's answers, which may be any text.
fn answered_host(value: &str) -> Option<String> {
    let fits = value.len() <= 253 && value.contains(['.', ':']) && !value.contains(' ');
    fits.then(|| host::normalise(value)).flatten()
}

/// The distinct values of a text or list column; a record that shows a value
/// twice counts once for each time it does.
fn distinct(batch: &RecordBatch, column: &dyn Array, see: &mut dyn FnMut(&str, Sight)) {
    let times = batch.column(fixed::TIME).as_primitive::<TimestampNanosecondType>();
    let time = |row: usize| (!times.is_null(row)).then(|| Timestamp(times.value(row)));
    if let Some(coded) = column.as_any().downcast_ref::<DictionaryArray<Int32Type>>() {
        let texts: &StringArray = coded.values().as_string();
        let mut sights = vec![Sight::NONE; texts.len()];
        for (row, key) in coded.keys().iter().enumerate() {
            if let Some(sight) = key.and_then(|key| sights.get_mut(key as usize)) {
                *sight = sight.and(Sight::one(time(row)));
            }
        }
        for (key, sight) in sights.into_iter().enumerate().filter(|(_, sight)| sight.count > 0) {
            see(texts.value(key), sight);
        }
        return;
    }
    let mut counter = Counter { values: HashMap::new(), at: None };
    if let Some(texts) = column.as_string_opt::<i32>() {
        for row in 0..texts.len() {
            if !texts.is_null(row) {
                counter.add(texts.value(row), time(row));
            }
        }
    } else if let Some(lists) = column.as_list_opt::<i32>() {
        let texts: &StringArray = lists.values().as_string();
        for (row, bounds) in lists.value_offsets().windows(2).enumerate() {
            for at in bounds[0] as usize..bounds[1] as usize {
                counter.add(texts.value(at), time(row));
            }
        }
    }
    counter.finish().into_iter().for_each(|(value, sight)| see(value, sight));
}

/// Counts values of which runs of equal ones are frequent.
struct Counter<'b> {
    values: HashMap<&'b str, Sight>,
    /// The value counted last, not yet in the table.
    at: Option<(&'b str, Sight)>,
}

impl<'b> Counter<'b> {
    fn add(&mut self, value: &'b str, time: Option<Timestamp>) {
        match &mut self.at {
            Some((known, sight)) if *known == value => *sight = sight.and(Sight::one(time)),
            at => {
                if let Some((known, sight)) = at.replace((value, Sight::one(time))) {
                    let entry = self.values.entry(known).or_insert(Sight::NONE);
                    *entry = entry.and(sight);
                }
            }
        }
    }

    fn finish(mut self) -> HashMap<&'b str, Sight> {
        if let Some((known, sight)) = self.at.take() {
            let entry = self.values.entry(known).or_insert(Sight::NONE);
            *entry = entry.and(sight);
        }
        self.values
    }
}

#[cfg(test)]
mod tests {
    use clarte_model::{Class, Moment, Precision, Record, Source, ZoneBasis};

    use super::*;
    use crate::columns::Columns;

    fn record(offset: u64, at: i64) -> Record<'static> {
        let mut record = Record::new(Class::Dns, Source::Dns, offset, 1);
        let (precision, basis) = (Precision::Second, ZoneBasis::Utc);
        record.time = Some(Moment { at: Timestamp(at), precision, basis });
        record
    }

    #[test]
    fn values_are_told_apart_and_counted() {
        let mut columns = Columns::default();
        let mut first = record(0, 5);
        first.text(Field::DnsQuery, "a.b.example.org");
        first.texts(Field::DnsAnswers, ["192.0.2.1", "c.example.org", "TXT 9 v=spf1 -all"]);
        columns.push(1, None, &first);
        let mut second = record(1, 3);
        second.text(Field::DnsQuery, "a.b.example.org");
        columns.push(1, None, &second);
        let mut third = Record::new(Class::Email, Source::Mail, 2, 1);
        third.text(Field::MailFrom, "x@mail.example.net");
        columns.push(1, None, &third);
        let mut observables = Observables::default();
        observables.count(&columns.finish().unwrap());
        let mut found: Vec<_> = observables
            .take_sorted()
            .into_iter()
            .map(|(kind, value, sight)| {
                let at = |time: Option<Timestamp>| time.map_or(0, |time| time.0);
                format!(
                    "{} {value} {}-{} {}",
                    kind.as_str(),
                    at(sight.first),
                    at(sight.last),
                    sight.count
                )
            })
            .collect();
        assert!(found.is_sorted());
        found.retain(|line| !line.starts_with("domain"));
        assert_eq!(
            found,
            [
                "email x@mail.example.net 0-0 1",
                "hostname a.b.example.org 3-5 2",
                "hostname c.example.org 5-5 1",
                "ip 192.0.2.1 5-5 1",
            ]
        );
    }

    #[test]
    fn parents_of_names_are_domains() {
        let mut observables = Observables::default();
        observables.see_host("a.b.example.org", Sight::one(None));
        observables.see_host("example.net", Sight::one(None));
        let domains: Vec<_> = observables
            .take_sorted()
            .into_iter()
            .filter(|(kind, ..)| *kind == Kind::Domain)
            .map(|(_, value, _)| value)
            .collect();
        assert_eq!(
            &domains.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
            &["b.example.org", "example.net", "example.org"]
        );
    }
}
