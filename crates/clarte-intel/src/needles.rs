//! What to look for in an index of values, so that a short list need not be
//! held against every value of a large case.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use clarte_model::lake::ObservableKind;

use crate::Matcher;

/// Which values of one kind the intelligence could name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needles {
    /// These, in the form in which records have them, and no others.
    Exactly(BTreeSet<String>),
    /// Any, if one of these hosts occurs at all; else none.
    IfHost(BTreeSet<String>),
    /// Any: how they are compared cannot be foreseen.
    Any,
}

impl Matcher {
    /// What to look for of each kind; a kind that is not named holds nothing
    /// that any indicator names.
    pub fn needles(&self) -> BTreeMap<ObservableKind, Needles> {
        let mut needles = BTreeMap::new();
        let mut add = |kind, wanted: Needles| {
            let nothing = matches!(&wanted, Needles::Exactly(values) | Needles::IfHost(values) if values.is_empty());
            if !nothing {
                needles.insert(kind, wanted);
            }
        };
        let exactly = |values: BTreeSet<String>| Needles::Exactly(values);
        let hosts: BTreeSet<String> = self.host_values().map(str::to_owned).collect();
        add(ObservableKind::Domain, exactly(hosts.clone()));
        add(ObservableKind::Hostname, exactly(hosts));
        add(ObservableKind::Email, exactly(self.email_values().map(str::to_owned).collect()));
        add(ObservableKind::FileHash, exactly(self.hash_values().map(str::to_owned).collect()));
        let ids = self.message_id_values().map(str::to_owned);
        add(ObservableKind::MessageId, exactly(ids.collect()));
        if self.has_networks() {
            add(ObservableKind::Ip, Needles::Any);
        } else {
            add(ObservableKind::Ip, exactly(self.ip_values().flat_map(spellings).collect()));
        }
        add(ObservableKind::Url, Needles::IfHost(self.url_hosts().clone()));
        if self.has_subjects() {
            add(ObservableKind::Subject, Needles::Any);
        }
        if self.has_user_agents() {
            add(ObservableKind::UserAgent, Needles::Any);
        }
        needles
    }
}

/// How records may write an address: as it is, or mapped into IPv6.
fn spellings(ip: IpAddr) -> Vec<String> {
    match ip {
        IpAddr::V4(v4) => vec![v4.to_string(), v4.to_ipv6_mapped().to_string()],
        IpAddr::V6(v6) => vec![v6.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needles_are_what_the_list_names() {
        let list = crate::read(
            "list.txt",
            b"evil.example\n203.0.113.9\nx@evil.example\nhttp://bad.example/a/b\n",
        );
        let needles = Matcher::new(&list.indicators).needles();
        let of = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(needles[&ObservableKind::Hostname], Needles::Exactly(of(&["evil.example"])));
        assert_eq!(
            needles[&ObservableKind::Ip],
            Needles::Exactly(of(&["203.0.113.9", "::ffff:203.0.113.9"]))
        );
        assert_eq!(needles[&ObservableKind::Url], Needles::IfHost(of(&["bad.example"])));
        assert!(!needles.contains_key(&ObservableKind::Subject));
        let network = crate::read("list.txt", b"203.0.113.0/24\n");
        let needles = Matcher::new(&network.indicators).needles();
        assert_eq!(needles[&ObservableKind::Ip], Needles::Any);
    }
}
