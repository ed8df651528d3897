//! What the campaign used, as far as the evidence shows it.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::{IndicatorKind, Timestamp, address, host};

use crate::answer::Infrastructure;
use crate::campaign::{Lure, Office};
use crate::cite::{RecordRef, round};
use crate::hosts::Hosts;
use crate::origins::Origins;
use crate::takeover::Takeover;
use crate::transfers::Sink;

/// What is collected of one value in one role.
#[derive(Default)]
struct Item {
    given: bool,
    confidence: f64,
    findings: BTreeSet<String>,
}

type Items = BTreeMap<(&'static str, String, &'static str), Item>;

/// Every value by type, value and role. `findings` are those of the lures,
/// `first_contacts` the first with each host.
pub(crate) fn of(
    lures: &BTreeMap<RecordRef, Lure>,
    hosts: &Hosts<'_>,
    office: &Office<'_>,
    findings: &BTreeMap<RecordRef, String>,
    first_contacts: &BTreeMap<&str, Timestamp>,
) -> Vec<Infrastructure> {
    let first_lure = lures.values().filter_map(|lure| lure.mail.time).min();
    let busy = busy_domains(first_contacts, first_lure);
    let mut items = Items::new();
    for (at, lure) in lures {
        let finding = findings.get(at);
        let mut add = |kind, value: &str, role, given: bool| {
            let item = items.entry((kind, value.to_owned(), role)).or_default();
            item.given |= given;
            item.confidence = item.confidence.max(lure.confidence);
            item.findings.extend(finding.cloned());
        };
        senders(lure, hosts, office, &mut add);
        for link in &lure.mail.links {
            let Some(usage) = hosts.uses.get(&link.url.host) else { continue };
            let role = if link.reference.how.loads_on_opening() { "beacon" } else { "lure" };
            let given = usage.given.is_some();
            let name = link.url.host.as_str();
            let domain = host::registrable(name);
            let kind = match name.parse::<std::net::IpAddr>() {
                Ok(_) => "ip",
                Err(_) if name == domain => "domain",
                Err(_) => "hostname",
            };
            add(kind, name, role, given);
            let given = !hosts.given(domain).is_empty();
            let own = given || hosts.sending.contains(domain);
            if kind == "hostname"
                && hosts.domains.contains(domain)
                && (own || !busy.contains(domain))
            {
                add("domain", domain, role, given);
            }
        }
        for touch in lure.touches.iter().filter(|touch| touch.indicator.kind == IndicatorKind::Url)
        {
            add("url", &touch.value, "lure", true);
        }
    }
    let rows = items.into_iter().map(|((kind, value, role), item)| Infrastructure {
        r#type: kind,
        value,
        role,
        origin: if item.given { "given" } else { "discovered" },
        third_party: false,
        confidence: round(item.confidence),
        findings: item.findings.into_iter().collect(),
    });
    rows.collect()
}

/// What it acted from, where content went, and where it has mail sent on to.
pub(crate) fn of_acts(
    takeover: &Takeover,
    sinks: &BTreeMap<String, Sink>,
    origins: &Origins,
) -> Vec<Infrastructure> {
    let mut all = Vec::new();
    let mut add = |r#type, value: &str, role, given: bool, sure: f64, findings: Vec<String>| {
        all.push(Infrastructure {
            r#type,
            value: value.to_owned(),
            role,
            origin: if given { "given" } else { "discovered" },
            third_party: origins.is_relay(value),
            confidence: round(sure),
            findings,
        });
    };
    for (ip, from) in &takeover.ips {
        let findings = from.findings.iter().cloned().collect();
        add("ip", ip, "sign_in", from.given, from.confidence, findings);
    }
    for (email, forward) in &takeover.forwards {
        let findings = forward.findings.iter().cloned().collect();
        add("email", email, "mailbox", forward.given, 0.85 * forward.confidence, findings);
    }
    for (value, sink) in sinks {
        let kind = if value.parse::<std::net::IpAddr>().is_ok() { "ip" } else { "hostname" };
        let given = origins.given_ips().any(|ip| ip == *value);
        add(kind, value, "c2", given, sink.confidence, sink.findings.iter().cloned().collect());
    }
    all
}

/// Domains with hosts that were contacted before the campaign began: they
/// serve others too.
fn busy_domains<'c>(
    first_contacts: &BTreeMap<&'c str, Timestamp>,
    first_lure: Option<Timestamp>,
) -> BTreeSet<&'c str> {
    let Some(begin) = first_lure else { return BTreeSet::new() };
    let before = first_contacts.iter().filter(|(_, time)| **time < begin.plus_seconds(-3_600));
    before.map(|(name, _)| host::registrable(name)).collect()
}

/// Sender addresses, domains and servers of one lure. An address of a domain
/// that is neither the campaign's nor a provider's was only pretended.
fn senders(
    lure: &Lure,
    hosts: &Hosts<'_>,
    office: &Office<'_>,
    add: &mut impl FnMut(&'static str, &str, &'static str, bool),
) {
    let given = |value: &str| lure.touches.iter().any(|touch| touch.value == value);
    for sender in lure.mail.senders().filter(|sender| !office.is_own(sender)) {
        let full = address::domain(sender).unwrap_or_default();
        let domain = host::registrable(full);
        let owned = hosts.sending.contains(domain);
        if owned {
            add("domain", domain, "sender", !hosts.given(domain).is_empty());
            if full != domain {
                add("hostname", full, "sender", !hosts.given(full).is_empty());
            }
        }
        if hosts.owns_sender(sender) || given(sender) {
            add("email", sender, "sender", given(sender));
        }
    }
    let ips = lure.mail.ips.iter().filter(|ip| given(ip) || !hosts.shared_ips.contains(*ip));
    ips.for_each(|ip| add("ip", ip, "sender", given(ip)));
}
