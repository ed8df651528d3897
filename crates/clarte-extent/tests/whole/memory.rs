//! Records in memory, with the index that the lake keeps of their values: the
//! rules, written once more without any thought for speed.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use clarte_model::lake::{Hour, ObservableKind, Only, ReadError, Records, Seen, Stored};
use clarte_model::time::SECOND;
use clarte_model::url::HttpUrl;
use clarte_model::{
    Class, EvidenceId, Field, Record, Reference, Source, Timestamp, Value, ZoneBasis, address, host,
};

/// The records of a case.
#[derive(Default)]
pub(crate) struct Memory {
    records: Vec<(EvidenceId, Record<'static>)>,
    index: OnceCell<Index>,
    /// Whether a scan gives everything, whatever it is asked for: allowed, and
    /// the answer must be the same.
    pub(crate) generous: bool,
    /// Whether a scan gives the last record first: there is no order.
    pub(crate) backwards: bool,
}

type Index = BTreeMap<ObservableKind, BTreeMap<String, Sights>>;

/// When and how often a value is seen.
#[derive(Default)]
struct Sights {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    count: u64,
}

impl Memory {
    pub(crate) fn push(&mut self, evidence: EvidenceId, record: Record<'static>) {
        self.index = OnceCell::new();
        self.records.push((evidence, record));
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::new();
            for (_, record) in &self.records {
                let time = record.time.map(|time| time.at);
                for (kind, value) in observables(record) {
                    let sights = index.entry(kind).or_default().entry(value).or_default();
                    sights.first = sights.first.into_iter().chain(time).min();
                    sights.last = sights.last.max(time);
                    sights.count += 1;
                }
            }
            index
        })
    }
}

impl Records for Memory {
    fn scan(
        &self,
        class: Class,
        fields: &[Field],
        only: &[Only<'_>],
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<(), ReadError> {
        let wanted = |(_, record): &&(EvidenceId, Record<'static>)| {
            let any = self.generous || only.is_empty() || only.iter().any(|only| is(record, only));
            record.class == class && any
        };
        let give = |(evidence, record): &(EvidenceId, Record<'static>)| {
            let record = projected(record, fields);
            visit(Stored { evidence: *evidence, member: None, record: &record });
        };
        match self.backwards {
            false => self.records.iter().filter(wanted).for_each(give),
            true => self.records.iter().rev().filter(wanted).for_each(give),
        }
        Ok(())
    }

    fn values(
        &self,
        kind: ObservableKind,
        visit: &mut dyn FnMut(Seen<'_>),
    ) -> Result<(), ReadError> {
        for (value, sights) in self.index().get(&kind).into_iter().flatten() {
            let Sights { first, last, count } = *sights;
            visit(Seen { value, first, last, count });
        }
        Ok(())
    }

    fn hours(&self) -> Result<Vec<Hour>, ReadError> {
        let mut hours: BTreeMap<(Source, Option<i64>), Hour> = BTreeMap::new();
        for (_, record) in &self.records {
            let time = record.time.map(|time| time.at);
            let key = (record.source, time.map(|time| time.0.div_euclid(3_600 * SECOND)));
            let new = Hour { source: record.source, bounds: time.zip(time), records: 0 };
            let hour = hours.entry(key).or_insert(new);
            hour.records += 1;
            if let (Some((first, last)), Some(time)) = (&mut hour.bounds, time) {
                (*first, *last) = ((*first).min(time), (*last).max(time));
            }
        }
        Ok(hours.into_values().collect())
    }

    fn local_times(&self) -> Result<BTreeSet<EvidenceId>, ReadError> {
        let local = self.records.iter().filter(|(_, record)| {
            record.time.is_some_and(|time| time.basis == ZoneBasis::LocalAssumed)
        });
        Ok(local.map(|(evidence, _)| *evidence).collect())
    }
}

fn is(record: &Record<'_>, only: &Only<'_>) -> bool {
    texts(record, only.field).any(|text| only.values.contains(text))
}

fn projected(record: &Record<'static>, fields: &[Field]) -> Record<'static> {
    let mut copy = Record::new(record.class, record.source, record.offset, record.length);
    (copy.time, copy.index) = (record.time, record.index);
    for (field, value) in record.fields().iter().filter(|(field, _)| fields.contains(field)) {
        match value.clone() {
            Value::Text(text) => copy.text(*field, text),
            Value::Integer(number) => copy.integer(*field, number),
            Value::Texts(texts) => copy.texts(*field, texts),
        };
    }
    copy
}

/// The texts of a field, whether it holds one or several.
fn texts<'r>(record: &'r Record<'_>, field: Field) -> impl Iterator<Item = &'r str> {
    record.get_text(field).into_iter().chain(record.get_texts(field))
}

/// What a record adds to the index, each value once.
fn observables(record: &Record<'_>) -> BTreeSet<(ObservableKind, String)> {
    use ObservableKind as Kind;
    let mut all = BTreeSet::new();
    let mut hosts: Vec<String> = Vec::new();
    let mut urls: Vec<String> = texts(record, Field::HttpUrl).map(str::to_owned).collect();
    let references = record.get_texts(Field::MailReferences).filter_map(Reference::from_json);
    urls.extend(references.map(|reference| reference.url));
    for field in [Field::DstHostname, Field::SrcHostname, Field::DnsQuery, Field::DnsAnswers] {
        hosts.extend(texts(record, field).map(str::to_owned));
    }
    hosts.extend(urls.iter().filter_map(|url| HttpUrl::parse(url)).map(|url| url.host));
    for host in hosts {
        if host.parse::<IpAddr>().is_ok() {
            all.insert((Kind::Ip, host));
        } else {
            let parents = host::parents(&host).skip(1);
            all.extend(parents.map(|parent| (Kind::Domain, parent.to_owned())));
            all.insert((Kind::Hostname, host));
        }
    }
    all.extend(urls.into_iter().map(|url| (Kind::Url, url)));
    let plain = [
        (Kind::Ip, Field::SrcIp),
        (Kind::Ip, Field::DstIp),
        (Kind::Ip, Field::LeasedIp),
        (Kind::Ip, Field::MailIps),
        (Kind::Email, Field::UserEmail),
        (Kind::Email, Field::MailFrom),
        (Kind::Email, Field::MailReplyTo),
        (Kind::Email, Field::MailTo),
        (Kind::Email, Field::MailEnvelopeFrom),
        (Kind::Email, Field::MailOwner),
        (Kind::Mac, Field::SrcMac),
        (Kind::User, Field::UserName),
        (Kind::User, Field::UserAccounts),
        (Kind::MessageId, Field::MailMessageId),
        (Kind::Subject, Field::MailSubject),
        (Kind::FileHash, Field::MailAttachments),
        (Kind::UserAgent, Field::HttpUserAgent),
    ];
    for (kind, field) in plain {
        all.extend(texts(record, field).map(|text| (kind, text.to_owned())));
    }
    let emails: Vec<String> = all
        .iter()
        .filter(|(kind, _)| *kind == Kind::Email)
        .filter_map(|(_, email)| address::domain(email).map(str::to_owned))
        .collect();
    for domain in emails {
        all.extend(host::parents(&domain).map(|parent| (Kind::Domain, parent.to_owned())));
    }
    all
}
