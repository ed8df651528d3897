//! The addresses from which the campaign acts: whoever signs in from one of
//! them is not the account's owner.
//!
//! An address is the campaign's if intelligence names it. One from which lures
//! were sent, or at which the campaign's hosts alone lie, may be, too, unless
//! others send from it or anybody signed in from it before the first lure
//! arrived: then it is somebody's gateway.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ObservableKind, Only, ReadError, Records};
use clarte_model::{Class, Field, Indicator, Lookup, Observable, Timestamp, Tlp};

use crate::campaign::Lure;
use crate::cite::RecordRef;
use crate::contacts::Contacts;
use crate::gate::{Naming, ask};
use crate::hosts::Hosts;
use crate::narrow;

/// How far an address from which lures were sent is taken for the campaign's
/// own: mail servers are shared more often than anybody knows.
const SENT_LURES: f64 = 0.7;

/// The same of an address at which its hosts lie: who steals sessions relays
/// the sign-in from where the page is, but pages are hosted with others', too.
const SERVES_LURES: f64 = 0.7;

/// Words by which intelligence calls a machine a relay (ORB: operational relay
/// box).
const RELAY: &[&str] = &["relay", "relays", "router", "routers", "orb", "orbs", "compromised"];

/// What makes an address the campaign's.
#[derive(Debug, Clone, PartialEq)]
enum Why {
    /// These indicators name it, the one that is valid longest first.
    Given(Vec<Indicator>),
    /// Lures were sent from it, or lead to it.
    OfLures(OfLures),
}

/// How far lures make an address the campaign's.
#[derive(Debug, Clone, PartialEq)]
struct OfLures {
    confidence: f64,
    /// In words.
    why: String,
    /// The strictest marking of what named the lures.
    tlp: Option<Tlp>,
}

/// The campaign's addresses among those in evidence.
#[derive(Debug, Default)]
pub(crate) struct Origins(BTreeMap<String, Why>);

/// What is known of the campaign when its addresses are asked for.
pub(crate) struct Known<'a> {
    pub(crate) lookup: &'a dyn Lookup,
    pub(crate) lures: &'a BTreeMap<RecordRef, Lure>,
    pub(crate) hosts: &'a Hosts<'a>,
    pub(crate) contacts: &'a Contacts,
}

/// What an origin says of an act.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// From 0 to 1.
    pub(crate) confidence: f64,
    /// In words.
    pub(crate) why: String,
    /// Only a lead: the indicator was over when the act happened.
    pub(crate) is_over: bool,
    /// Intelligence names it.
    pub(crate) is_given: bool,
    /// How far what is derived from it may be passed on.
    pub(crate) tlp: Option<Tlp>,
}

impl Origin {
    /// Adds what another act of the same session or application owes to.
    pub(crate) fn join(&mut self, other: &Self) {
        if (other.confidence, &self.why) > (self.confidence, &other.why) {
            self.why.clone_from(&other.why);
        }
        self.confidence = self.confidence.max(other.confidence);
        self.is_given |= other.is_given;
        self.tlp = self.tlp.max(other.tlp);
    }
}

impl Origins {
    /// Every address in evidence that is the campaign's.
    pub(crate) fn find(
        records: &dyn Records,
        naming: &Naming<'_>,
        known: &Known<'_>,
    ) -> Result<Self, ReadError> {
        let Known { lookup, lures, hosts, contacts } = known;
        let mut origins: BTreeMap<String, OfLures> = BTreeMap::new();
        for lure in lures.values() {
            let own = lure.mail.ips.iter().filter(|ip| !hosts.shared_ips.contains(*ip));
            for ip in own {
                let confidence = SENT_LURES * lure.confidence;
                let tlp = lure.touches.iter().filter_map(|touch| touch.indicator.tlp).max();
                let why = format!("lures were sent from {ip}, and nothing else in evidence");
                let fresh = || OfLures { confidence, why, tlp };
                let known = origins.entry(ip.clone()).or_insert_with(fresh);
                known.confidence = confidence.max(known.confidence);
                known.tlp = tlp.max(known.tlp);
            }
        }
        for (ip, host) in &contacts.addresses {
            let Some(usage) = hosts.uses.get(host).filter(|usage| usage.dedicated) else {
                continue;
            };
            let of = usage.lures.iter().filter_map(|at| lures.get(at));
            let confidence = of.clone().map(|lure| lure.confidence).fold(0.0, f64::max);
            let touches = of.flat_map(|lure| &lure.touches);
            let tlp = touches.filter_map(|touch| touch.indicator.tlp).max();
            let why = format!("lures lead to {host}, which alone lies at {ip}");
            let confidence = SERVES_LURES * confidence;
            origins.entry(ip.clone()).or_insert(OfLures { confidence, why, tlp });
        }
        for gateway in used_before(records, &origins, first(lures))? {
            origins.remove(&gateway);
        }
        let origins = origins.into_iter().map(|(ip, of)| (ip, Why::OfLures(of)));
        let mut origins: BTreeMap<String, Why> = origins.collect();
        let is_named =
            |ip: &str| ask(ObservableKind::Ip, ip, naming).is_some_and(|groups| !groups.is_empty());
        for ip in narrow::values(records, &[ObservableKind::Ip], &is_named)? {
            let Ok(parsed) = ip.parse() else { continue };
            let mut named: Vec<_> =
                lookup.find(Observable::Ip(parsed)).into_iter().cloned().collect();
            named.sort_by(|a, b| {
                let until = |one: &Indicator| one.validity.until.map_or(i64::MAX, |at| at.0);
                (until(b), &a.source, &a.value).cmp(&(until(a), &b.source, &b.value))
            });
            if !named.is_empty() {
                origins.insert(ip, Why::Given(named));
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
    pub(crate) fn of(&self, ip: &str, time: Option<Timestamp>) -> Option<Origin> {
        Some(match self.0.get(ip)? {
            Why::Given(named) => {
                let longest = named.first()?;
                let is_over = longest.validity.is_over(time);
                let used = |one: &&Indicator| is_over || !one.validity.is_over(time);
                let used = named.iter().filter(used);
                Origin {
                    confidence: given_confidence(longest),
                    why: format!("{ip} is named by {}", longest.source),
                    is_over,
                    is_given: true,
                    tlp: used.filter_map(|one| one.tlp).max(),
                }
            }
            Why::OfLures(of) => Origin {
                confidence: of.confidence,
                why: of.why.clone(),
                is_over: false,
                is_given: false,
                tlp: of.tlp,
            },
        })
    }

    /// Whether intelligence says that an address is somebody else's machine
    /// through which the campaign goes.
    pub(crate) fn is_relay(&self, ip: &str) -> bool {
        let Some(Why::Given(named)) = self.0.get(ip) else { return false };
        named.iter().flat_map(|one| one.names.iter().chain([&one.source])).any(|name| {
            let name = name.to_lowercase();
            let mut words = name.split(|c: char| !c.is_alphanumeric());
            words.any(|word| RELAY.contains(&word))
        })
    }

    /// The indicators that name addresses in evidence.
    pub(crate) fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        let given = self.0.values().filter_map(|why| match why {
            Why::Given(named) => Some(named),
            Why::OfLures(_) => None,
        });
        given.flatten()
    }
}

/// How far an indicator makes an act the campaign's: as for mails.
pub(crate) fn given_confidence(indicator: &Indicator) -> f64 {
    let given = indicator.confidence.map_or(1.0, |c| f64::from(c.min(100)) / 100.0);
    0.95 * given.max(0.5)
}

fn first(lures: &BTreeMap<RecordRef, Lure>) -> Option<Timestamp> {
    lures.values().filter_map(|lure| lure.mail.time).min()
}

/// Those addresses from which somebody signed in before the campaign began.
fn used_before(
    records: &dyn Records,
    ips: &BTreeMap<String, OfLures>,
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
