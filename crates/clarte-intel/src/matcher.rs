//! Exact sets of indicators: which of them name this value?
//!
//! Hosts match a domain indicator at or below it, addresses an IP or a network
//! that holds them; everything else matches whole, in comparable form. Nothing
//! matches by substring. Several sources may name one value: all are answered.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use clarte_model::url::HttpUrl;
use clarte_model::{Indicator, IndicatorKind, Lookup, Observable, address, host};

use crate::value;

/// Indicators, sorted by what they are compared with.
///
/// ```
/// use clarte_intel::{Matcher, read};
/// let list = read("list.txt", b"evil.example\n203.0.113.0/24\n");
/// let matcher = Matcher::new(&list.indicators);
/// assert_eq!(matcher.host("img.evil.example").count(), 1);
/// assert_eq!(matcher.host("203.0.113.9").count(), 1);
/// assert_eq!(matcher.host("notevil.example").count(), 0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    indicators: Vec<Indicator>,
    /// Of each indicator: the group without which it says nothing.
    group_of: Vec<Option<u32>>,
    /// Members by number; empty for a group that can never match.
    groups: Vec<Vec<u32>>,
    hosts: Set<String>,
    ips: Set<IpAddr>,
    /// By prefix length, longest first when asked.
    networks: BTreeMap<(bool, u8), Set<IpAddr>>,
    urls: Set<String>,
    /// The hosts of these URLs.
    url_hosts: BTreeSet<String>,
    emails: Set<String>,
    hashes: Set<String>,
    subjects: Set<String>,
    message_ids: Set<String>,
    user_agents: Set<String>,
}

type Set<K> = HashMap<K, Vec<u32>>;

impl Matcher {
    /// A matcher of these indicators. One whose value is not in comparable
    /// form, and could never match, is left out; [`crate::read`] makes none.
    pub fn new(indicators: &[Indicator]) -> Self {
        Self::with_groups(indicators, &[])
    }

    /// A matcher that knows groups too, whose members count only together
    /// ([`crate::Loaded::conjunctions`]); see [`Lookup::find_together`].
    pub fn with_groups(indicators: &[Indicator], groups: &[Vec<Indicator>]) -> Self {
        let mut matcher = Self::default();
        for indicator in indicators {
            matcher.add(indicator, None);
        }
        for (number, group) in (0..).zip(groups) {
            let members = group.iter().map(|one| matcher.add(one, Some(number)));
            let members: Option<Vec<u32>> = members.collect();
            matcher.groups.push(members.unwrap_or_default());
        }
        matcher
    }

    /// How many indicators can match.
    pub fn len(&self) -> usize {
        self.indicators.len()
    }

    /// Whether nothing can match.
    pub fn is_empty(&self) -> bool {
        self.indicators.is_empty()
    }

    /// Indicators that name a host: itself, a parent down to its registrable
    /// domain, or, where it is an IP address, the address or its network. A
    /// shared host such as `github.io` names only itself, not its customers.
    pub fn host<'m>(&'m self, host: &str) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::Host(host)))
    }

    /// Indicators that name an address or a network that holds it.
    pub fn ip(&self, ip: IpAddr) -> impl Iterator<Item = &Indicator> {
        self.alone(self.numbers(Observable::Ip(ip)))
    }

    /// Indicators that name this URL, whatever its scheme; its host is asked
    /// for with [`Matcher::host`].
    pub fn url<'m>(&'m self, url: &HttpUrl) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::Url(url)))
    }

    /// Indicators that name a mail address.
    pub fn email<'m>(&'m self, text: &str) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::Email(text)))
    }

    /// Indicators that name a file hash, written `algorithm:hex`.
    pub fn file_hash<'m>(&'m self, hash: &str) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::FileHash(hash)))
    }

    /// Indicators that name a whole subject, ignoring case and how its white
    /// space is folded.
    pub fn subject<'m>(&'m self, subject: &str) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::Subject(subject)))
    }

    /// Indicators that name a Message-ID, with or without its brackets.
    pub fn message_id<'m>(&'m self, id: &str) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::MessageId(id)))
    }

    /// Indicators that name a whole User-Agent.
    pub fn user_agent<'m>(&'m self, agent: &str) -> impl Iterator<Item = &'m Indicator> + use<'m> {
        self.alone(self.numbers(Observable::UserAgent(agent)))
    }

    /// Everything that a value has to do with: each indicator that names it
    /// alone, and each group of which a member names it, whole.
    pub fn naming(&self, what: Observable<'_>) -> Vec<Vec<&Indicator>> {
        let of = |at: u32| &self.indicators[at as usize];
        let numbers = self.numbers(what).into_iter();
        let groups = numbers.map(|at| match self.group_of[at as usize] {
            None => vec![of(at)],
            Some(group) => self.groups[group as usize].iter().map(|at| of(*at)).collect(),
        });
        groups.collect()
    }

    pub(crate) fn host_values(&self) -> impl Iterator<Item = &str> {
        self.hosts.keys().map(String::as_str)
    }

    pub(crate) fn email_values(&self) -> impl Iterator<Item = &str> {
        self.emails.keys().map(String::as_str)
    }

    pub(crate) fn hash_values(&self) -> impl Iterator<Item = &str> {
        self.hashes.keys().map(String::as_str)
    }

    pub(crate) fn message_id_values(&self) -> impl Iterator<Item = &str> {
        self.message_ids.keys().map(String::as_str)
    }

    pub(crate) fn url_hosts(&self) -> &BTreeSet<String> {
        &self.url_hosts
    }

    pub(crate) fn ip_values(&self) -> impl Iterator<Item = IpAddr> {
        self.ips.keys().copied()
    }

    pub(crate) fn has_networks(&self) -> bool {
        !self.networks.is_empty()
    }

    pub(crate) fn has_subjects(&self) -> bool {
        !self.subjects.is_empty()
    }

    pub(crate) fn has_user_agents(&self) -> bool {
        !self.user_agents.is_empty()
    }

    /// The numbers of all indicators that name a value, members of groups too.
    fn numbers(&self, what: Observable<'_>) -> Vec<u32> {
        let exact = |set: &Set<String>, key: &str| set.get(key).cloned().unwrap_or_default();
        let mut found = Vec::new();
        match what {
            Observable::Host(host) => {
                if let Some(host) = comparable(host) {
                    match host.parse::<IpAddr>() {
                        Ok(ip) => self.find_ip(ip, &mut found),
                        Err(_) => self.find_host(&host, &mut found),
                    }
                }
            }
            Observable::Ip(ip) => self.find_ip(ip, &mut found),
            Observable::Url(url) if !self.urls.is_empty() => found = exact(&self.urls, &url.key()),
            Observable::Url(_) => {}
            Observable::Email(text) => {
                found = exact(&self.emails, &address::normalise(text).unwrap_or_default());
            }
            Observable::FileHash(hash) => found = exact(&self.hashes, &hash.to_ascii_lowercase()),
            Observable::Subject(subject) => found = exact(&self.subjects, &folded(subject)),
            Observable::MessageId(id) => found = exact(&self.message_ids, bare_id(id)),
            Observable::UserAgent(agent) => found = exact(&self.user_agents, agent.trim()),
        }
        found
    }

    /// Those indicators that need no others beside them.
    fn alone(&self, found: Vec<u32>) -> impl Iterator<Item = &Indicator> + use<'_> {
        let alone = found.into_iter().filter(|at| self.group_of[*at as usize].is_none());
        alone.map(|at| &self.indicators[at as usize])
    }

    /// The number of the added indicator; `None` if it can never match.
    fn add(&mut self, indicator: &Indicator, group: Option<u32>) -> Option<u32> {
        let at = u32::try_from(self.indicators.len()).ok()?;
        self.file(at, indicator)?;
        self.indicators.push(indicator.clone());
        self.group_of.push(group);
        Some(at)
    }

    /// Puts number `at` where its value will be looked for.
    fn file(&mut self, at: u32, indicator: &Indicator) -> Option<()> {
        let text = indicator.value.as_str();
        let (set, key) = match indicator.kind {
            IndicatorKind::Domain => (&mut self.hosts, comparable(text)?.into_owned()),
            IndicatorKind::Url => {
                let url = HttpUrl::parse(text)?;
                let key = url.key();
                self.url_hosts.insert(url.host);
                (&mut self.urls, key)
            }
            IndicatorKind::Email => (&mut self.emails, address::normalise(text)?),
            IndicatorKind::FileHash => (&mut self.hashes, text.to_ascii_lowercase()),
            IndicatorKind::Subject => (&mut self.subjects, folded(text)),
            IndicatorKind::MessageId => (&mut self.message_ids, bare_id(text).to_owned()),
            IndicatorKind::UserAgent => (&mut self.user_agents, text.trim().to_owned()),
            IndicatorKind::Ip => {
                let ip: IpAddr = text.parse().ok()?;
                self.ips.entry(ip.to_canonical()).or_default().push(at);
                return Some(());
            }
            IndicatorKind::Network => {
                let (start, bits) = text.split_once('/')?;
                let (start, bits): (IpAddr, u8) = (start.parse().ok()?, bits.parse().ok()?);
                let networks = self.networks.entry((start.is_ipv4(), bits)).or_default();
                networks.entry(value::mask(start, bits)).or_default().push(at);
                return Some(());
            }
        };
        if key.is_empty() {
            return None;
        }
        set.entry(key).or_default().push(at);
        Some(())
    }

    fn find_host(&self, name: &str, found: &mut Vec<u32>) {
        let mut suffixes = std::iter::successors(Some(name), |rest| Some(rest.split_once('.')?.1));
        if suffixes.all(|suffix| !self.hosts.contains_key(suffix)) {
            return; // Nearly always; and the public suffixes need not be asked.
        }
        for parent in host::parents(name) {
            found.extend(self.hosts.get(parent).into_iter().flatten());
        }
    }

    fn find_ip(&self, ip: IpAddr, found: &mut Vec<u32>) {
        let ip = ip.to_canonical();
        found.extend(self.ips.get(&ip).into_iter().flatten());
        let same_family = (ip.is_ipv4(), 0)..=(ip.is_ipv4(), 128);
        for ((_, bits), networks) in self.networks.range(same_family).rev() {
            found.extend(networks.get(&value::mask(ip, *bits)).into_iter().flatten());
        }
    }
}

impl Lookup for Matcher {
    fn find(&self, what: Observable<'_>) -> Vec<&Indicator> {
        self.alone(self.numbers(what)).collect()
    }

    fn find_together(&self, observed: &[Observable<'_>]) -> Vec<Vec<&Indicator>> {
        if self.groups.is_empty() {
            return Vec::new();
        }
        let found: BTreeSet<u32> = observed.iter().flat_map(|what| self.numbers(*what)).collect();
        let touched: BTreeSet<u32> =
            found.iter().filter_map(|at| self.group_of[*at as usize]).collect();
        let members = touched.iter().map(|number| &self.groups[*number as usize]);
        members
            .filter(|group| !group.is_empty() && group.iter().all(|at| found.contains(at)))
            .map(|group| group.iter().map(|at| &self.indicators[*at as usize]).collect())
            .collect()
    }
}

/// A host in comparable form, copied only if it is not so already.
fn comparable(text: &str) -> Option<Cow<'_, str>> {
    let plain =
        |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    if text.bytes().all(plain) && !text.ends_with('.') && (1..=253).contains(&text.len()) {
        return Some(Cow::Borrowed(text));
    }
    host::normalise(text).map(Cow::Owned)
}

fn folded(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn bare_id(text: &str) -> &str {
    text.trim().trim_start_matches('<').trim_end_matches('>').trim()
}

#[cfg(test)]
mod tests {
    use clarte_model::Validity;
    use proptest::prelude::*;

    use super::*;

    fn indicator(kind: IndicatorKind, text: &str) -> Indicator {
        Indicator {
            kind,
            value: text.to_owned(),
            validity: Validity::default(),
            source: "test".to_owned(),
            reference: None,
            confidence: None,
            tlp: None,
            names: Vec::new(),
        }
    }

    fn matcher(all: &[(IndicatorKind, &str)]) -> Matcher {
        let all: Vec<_> = all.iter().map(|(kind, text)| indicator(*kind, text)).collect();
        Matcher::new(&all)
    }

    fn hosts(matcher: &Matcher, host: &str) -> Vec<String> {
        matcher.host(host).map(|found| found.value.clone()).collect()
    }

    #[test]
    fn a_domain_names_what_lies_below_it_and_nothing_else() {
        use IndicatorKind::Domain;
        let all = matcher(&[
            (Domain, "evil.com"),
            (Domain, "www.bad.co.uk"),
            (Domain, "github.io"),
            (Domain, "co.uk"),
        ]);
        assert_eq!(hosts(&all, "evil.com"), ["evil.com"]);
        assert_eq!(hosts(&all, "a.b.EVIL.com."), ["evil.com"]);
        assert_eq!(hosts(&all, "img.www.bad.co.uk"), ["www.bad.co.uk"]);
        assert_eq!(hosts(&all, "github.io"), ["github.io"]);
        for other in
            ["notevil.com", "evil.com.org", "bad.co.uk", "alice.github.io", "", "..", "com"]
        {
            assert_eq!(hosts(&all, other), [""; 0], "{other}");
        }
    }

    #[test]
    fn addresses_match_alone_and_in_networks() {
        use IndicatorKind::{Ip, Network};
        let all = matcher(&[
            (Network, "203.0.112.0/23"),
            (Ip, "203.0.113.7"),
            (Network, "203.0.113.0/24"),
            (Network, "2001:db8::/32"),
        ]);
        let expected = ["203.0.113.7", "203.0.113.0/24", "203.0.112.0/23"];
        assert_eq!(hosts(&all, "203.0.113.7"), expected);
        assert_eq!(hosts(&all, "::ffff:203.0.113.7"), expected);
        assert_eq!(hosts(&all, "[2001:db8:1::1]"), ["2001:db8::/32"]);
        assert_eq!(hosts(&all, "203.0.114.1"), [""; 0]);
        assert_eq!(all.ip([203, 0, 112, 1].into()).count(), 1);
    }

    #[test]
    fn everything_else_matches_whole() {
        use IndicatorKind::{Email, FileHash, MessageId, Subject, Url, UserAgent};
        let all = matcher(&[
            (Url, "http://evil.com/a?b=1"),
            (Url, "http://evil.com/"),
            (Email, "jan@evil.com"),
            (FileHash, "md5:d41d8cd98f00b204e9800998ecf8427e"),
            (Subject, "Your  Invitation"),
            (MessageId, "<1@evil.com>"),
            (UserAgent, "Evil/1.0"),
        ]);
        let urls = |text| all.url(&HttpUrl::parse(text).expect("a URL")).count();
        assert_eq!(
            [urls("https://EVIL.com/a?b=1#c"), urls("http://evil.com"), urls("http://evil.com/a")],
            [1, 1, 0]
        );
        assert_eq!((all.email("<Jan@Evil.com>").count(), all.email("an@evil.com").count()), (1, 0));
        assert_eq!(all.file_hash("MD5:D41D8CD98F00B204E9800998ECF8427E").count(), 1);
        assert_eq!(all.subject(" your\r\n invitation").count(), 1);
        assert_eq!(all.subject("RE: your invitation").count(), 0);
        assert_eq!(all.message_id("1@evil.com").count(), 1);
        assert_eq!(all.user_agent("Evil/1.0").count(), 1);
        assert_eq!(all.user_agent("Evil/1").count(), 0);
    }

    #[test]
    fn every_source_is_answered_and_the_incomparable_left_out() {
        use IndicatorKind::{Domain, Ip, Url};
        let all = matcher(&[
            (Domain, "evil.com"),
            (Domain, "evil.com"),
            (Ip, "x"),
            (Url, "x"),
            (Domain, ""),
        ]);
        assert_eq!((all.len(), all.is_empty()), (2, false));
        assert_eq!(all.host("evil.com").count(), 2);
        assert_eq!(all.email("").count(), 0);
    }

    #[test]
    fn a_group_matches_only_together() {
        use IndicatorKind::{Domain, Email, Ip, Subject};
        let group = |all: &[(IndicatorKind, &str)]| -> Vec<Indicator> {
            all.iter().map(|(kind, text)| indicator(*kind, text)).collect()
        };
        let all = Matcher::with_groups(
            &group(&[(Email, "jan@evil.com")]),
            &[
                group(&[(Email, "jan@evil.com"), (Subject, "Hello")]),
                group(&[(Email, "jan@evil.com"), (Domain, "other.com")]),
                group(&[(Email, "jan@evil.com"), (Ip, "nonsense")]),
            ],
        );
        let (email, subject) = (Observable::Email("jan@evil.com"), Observable::Subject("hello"));
        assert_eq!(all.find(email).len(), 1);
        assert_eq!(all.find(subject).len(), 0);
        assert_eq!(all.find_together(&[email]).len(), 0);
        let found = all.find_together(&[subject, email, email]);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    }

    proptest! {
        #[test]
        fn hosts_match_as_a_naive_reference_does(
            domains in prop::collection::vec("([ab]\\.){0,3}[ab]\\.(com|co\\.uk)", 0..8),
            host in "([ab]\\.){0,4}[ab]\\.(com|co\\.uk)",
        ) {
            let all: Vec<_> =
                domains.iter().map(|name| indicator(IndicatorKind::Domain, name)).collect();
            let matcher = Matcher::new(&all);
            let mut found: Vec<_> = matcher.host(&host).map(|one| &one.value).collect();
            let mut expected: Vec<_> =
                domains.iter().filter(|domain| host::is_within(&host, domain)).collect();
            found.sort();
            expected.sort();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn addresses_match_as_a_naive_reference_does(
            networks in prop::collection::vec((0u32..16, 24u8..=32), 0..8),
            ip in 0u32..16,
        ) {
            let all: Vec<_> = networks.iter().map(|(start, bits)| {
                let start = value::mask(IpAddr::V4((*start << 4).into()), *bits);
                indicator(IndicatorKind::Network, &format!("{start}/{bits}"))
            }).collect();
            let ip = ip << 4;
            let within = |start: u32, bits: u8| (start << 4) >> (32 - bits) == ip >> (32 - bits);
            let expected = networks.iter().filter(|(start, bits)| within(*start, *bits)).count();
            prop_assert_eq!(Matcher::new(&all).ip(IpAddr::V4(ip.into())).count(), expected);
        }
    }
}
