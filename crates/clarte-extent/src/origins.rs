//! The addresses from which the campaign acts: whoever signs in from one of
//! them is not the account's owner.
//!
//! An address is the campaign's if intelligence names it. One from which lures
//! were sent may be, too, unless others send from it or anybody signed in from
//! it before the first lure arrived: then it is somebody's gateway.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records};
use clarte_model::{Class, Field, Indicator, Lookup, Observable, Timestamp};

use crate::campaign::Lure;
use crate::cite::RecordRef;
use crate::gate::{Naming, ask};
use crate::hosts::Hosts;
use crate::narrow;

/// How far an address from which lures were sent is taken for the campaign's
/// own: mail servers are shared more often than anybody knows.
const SENT_LURES: f64 = 0.7;

/// What makes an address the campaign's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Why {
    /// An indicator names it.
    Given(Indicator),
    /// Lures were sent from it, with this confidence.
    SentLures(f64),
}

/// The campaign's addresses among those in evidence.
#[derive(Debug, Default)]
pub(crate) struct Origins(BTreeMap<String, Why>);

/// What an origin says of an act.
pub(crate) struct Origin<'o> {
    /// From 0 to 1.
    pub(crate) confidence: f64,
    /// In words.
    pub(crate) why: String,
    /// Only a lead: the indicator was over when the act happened.
    pub(crate) is_over: bool,
    pub(crate) indicator: Option<&'o Indicator>,
}

impl Origins {
    /// Every address in evidence that is the campaign's.
    pub(crate) fn find(
        records: &dyn Records,
        lookup: &dyn Lookup,
        naming: &Naming<'_>,
        lures: &BTreeMap<RecordRef, Lure>,
        hosts: &Hosts<'_>,
    ) -> Result<Self, ReadError> {
        let mut origins = BTreeMap::new();
        for lure in lures.values() {
            let own = lure.mail.ips.iter().filter(|ip| !hosts.shared_ips.contains(*ip));
            for ip in own {
                let sure = SENT_LURES * lure.confidence;
                let known = origins.entry(ip.clone()).or_insert(sure);
                *known = sure.max(*known);
            }
        }
        for gateway in used_before(records, &origins, first(lures))? {
            origins.remove(&gateway);
        }
        let origins = origins.into_iter().map(|(ip, sure)| (ip, Why::SentLures(sure)));
        let mut origins: BTreeMap<String, Why> = origins.collect();
        let is_named =
            |ip: &str| ask(ObservableKind::Ip, ip, naming).is_some_and(|groups| !groups.is_empty());
        for ip in narrow::values(records, &[ObservableKind::Ip], &is_named)? {
            let Ok(parsed) = ip.parse() else { continue };
            let named = lookup.find(Observable::Ip(parsed)).into_iter();
            // Of several, the one that is valid longest, then by name.
            let best = named.max_by(|a, b| {
                let until = |one: &Indicator| one.validity.until.map_or(i64::MAX, |at| at.0);
                (until(a), &b.source, &b.value).cmp(&(until(b), &a.source, &a.value))
            });
            if let Some(indicator) = best {
                origins.insert(ip, Why::Given(indicator.clone()));
            }
        }
        Ok(Self(origins))
    }

    /// The addresses that intelligence names.
    pub(crate) fn given_ips(&self) -> impl Iterator<Item = String> {
        let given = self.0.iter().filter(|(_, why)| matches!(why, Why::Given(_)));
        given.map(|(ip, _)| ip.clone())
    }

    pub(crate) fn ips(&self) -> BTreeSet<String> {
        self.0.keys().cloned().collect()
    }

    /// What an act from `ip` at `time` owes to the campaign; `None` for any
    /// other address.
    pub(crate) fn of(&self, ip: &str, time: Option<Timestamp>) -> Option<Origin<'_>> {
        Some(match self.0.get(ip)? {
            Why::Given(indicator) => Origin {
                confidence: given_confidence(indicator),
                why: format!("{ip} is named by {}", indicator.source),
                is_over: indicator.validity.is_over(time),
                indicator: Some(indicator),
            },
            Why::SentLures(confidence) => Origin {
                confidence: *confidence,
                why: format!("lures were sent from {ip}, and nothing else in evidence"),
                is_over: false,
                indicator: None,
            },
        })
    }
}

/// How far an indicator makes an act the campaign's: as for mails.
fn given_confidence(indicator: &Indicator) -> f64 {
    let given = indicator.confidence.map_or(1.0, |c| f64::from(c.min(100)) / 100.0);
    0.95 * given.max(0.5)
}

fn first(lures: &BTreeMap<RecordRef, Lure>) -> Option<Timestamp> {
    lures.values().filter_map(|lure| lure.mail.time).min()
}

/// Those addresses from which somebody signed in before the campaign began.
fn used_before(
    records: &dyn Records,
    ips: &BTreeMap<String, f64>,
    begin: Option<Timestamp>,
) -> Result<BTreeSet<String>, ReadError> {
    let wanted = ips.keys().cloned().collect();
    let only = [Only { field: Field::SrcIp, values: &wanted }];
    let mut used = BTreeSet::new();
    for class in [Class::Authentication, Class::Api] {
        narrow::scan(records, class, &[Field::SrcIp], &only, &mut |stored| {
            let time = stored.record.time.map(|time| time.at);
            let is_before = begin.is_none_or(|begin| time.is_none_or(|time| time < begin));
            if let Some(ip) = stored.record.get_text(Field::SrcIp).filter(|_| is_before) {
                used.insert(ip.to_owned());
            }
        })?;
    }
    Ok(used)
}
