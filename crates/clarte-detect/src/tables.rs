//! The facts that detectors compare with: who owns which domain, where anybody
//! may have a mailbox or put a file. `tables/*` are files to read and to mend;
//! each says of which date it is.

use std::collections::{HashMap, HashSet};

use clarte_model::host;
use clarte_model::url::HttpUrl;

use crate::words::Words;

/// What kind of organisation a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A newspaper, broadcaster, agency, or a body of journalists.
    Press,
    /// A parliament, government, court, police, international body.
    Institution,
    /// An NGO, think tank.
    Ngo,
    /// A university, whose people and students write from anywhere.
    University,
    /// A company or online service.
    Service,
}

/// An organisation whose name is borrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// As it calls itself.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The domains from which it writes or publishes.
    pub domains: Vec<String>,
}

impl Organisation {
    /// Whether it writes from `host`.
    pub fn owns(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| host::is_within(host, domain))
    }
}

/// How an alias has to stand to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Anywhere.
    Plain,
    /// Only in capitals.
    Capitals,
    /// Only beside words of the trade: it is an ordinary word as well.
    Ordinary,
}

#[derive(Debug)]
struct Alias {
    words: Vec<String>,
    strength: Strength,
    organisation: usize,
}

/// Names, by their first word.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_word: HashMap<String, Vec<Alias>>,
}

/// A name that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) organisation: usize,
    pub(crate) strength: Strength,
    /// Place of its first word.
    pub(crate) at: usize,
    pub(crate) length: usize,
}

/// Everything that is shipped.
#[derive(Debug)]
pub struct Tables {
    /// Who borrows whose name.
    pub organisations: Vec<Organisation>,
    names: Names,
    /// Organisations by the registrable part of their domains.
    by_domain: HashMap<String, Vec<usize>>,
    freemail: HashSet<String>,
    shorteners: Hosts<Vec<String>>,
    shares: Hosts<Vec<(String, ShareKind)>>,
    mailers: Hosts<String>,
    proxies: Hosts<String>,
    link_proxies: Hosts<String>,
}

/// What lies on a host where anybody may put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareKind {
    /// Files to download.
    Share,
    /// Web pages and forms.
    Page,
}

/// Hosts, and hosts below others, each with what is known of it.
#[derive(Debug)]
struct Hosts<T> {
    exact: HashMap<String, T>,
    below: HashMap<String, T>,
}

impl<T> Hosts<T> {
    fn new(rows: impl Iterator<Item = (String, T)>) -> Self {
        let mut hosts = Self { exact: HashMap::new(), below: HashMap::new() };
        for (host, value) in rows {
            match host.strip_prefix('.') {
                Some(parent) => hosts.below.insert(parent.to_owned(), value),
                None => hosts.exact.insert(host, value),
            };
        }
        hosts
    }

    fn get(&self, host: &str) -> Option<&T> {
        let parents = std::iter::successors(Some(host), |host| Some(host.split_once('.')?.1));
        self.exact.get(host).or_else(|| parents.into_iter().find_map(|host| self.below.get(host)))
    }
}

impl Tables {
    /// The tables that are shipped.
    pub fn shipped() -> Self {
        let mut tables = Self {
            organisations: Vec::new(),
            names: Names::default(),
            by_domain: HashMap::new(),
            freemail: list(include_str!("../tables/freemail.txt")),
            shorteners: shorteners(include_str!("../tables/shorteners.txt")),
            shares: shares(include_str!("../tables/shares.csv")),
            mailers: Hosts::new(named_hosts(include_str!("../tables/mailers.csv"), &[])),
            proxies: Hosts::new(named_hosts(
                include_str!("../tables/proxies.csv"),
                &["image", "page"],
            )),
            link_proxies: Hosts::new(named_hosts(include_str!("../tables/proxies.csv"), &["link"])),
        };
        tables.add_organisations(include_str!("../tables/outlets.csv"));
        tables
    }

    /// Adds organisations, and providers of free mailboxes (kind `freemail`):
    /// CSV with a header, columns `name`, `kind`, `aliases`, `domains`, lists
    /// separated by `;`. Returns how many rows it
    /// could not use.
    pub fn add_organisations(&mut self, csv: &str) -> usize {
        let mut left_out = 0;
        for row in rows(csv) {
            let [name, kind, aliases, domains, ..] = row.as_slice() else {
                left_out += 1;
                continue;
            };
            if kind == "freemail" {
                self.freemail.extend(domains.split(';').map(str::to_owned));
                continue;
            }
            let Some(kind) = kind_of(kind) else {
                left_out += 1;
                continue;
            };
            let number = self.organisations.len();
            let name = name.split(" (").next().unwrap_or(name).to_owned();
            let split = |list: &str| {
                let parts = list.split(';').map(str::trim).filter(|part| !part.is_empty());
                parts.map(str::to_owned).collect::<Vec<_>>()
            };
            let domains: Vec<_> =
                split(domains).iter().filter_map(|domain| host::normalise(domain)).collect();
            for domain in &domains {
                let key = host::registrable(domain).to_owned();
                self.by_domain.entry(key).or_default().push(number);
            }
            let aliases = split(aliases);
            let bare = |alias: &String| alias.trim_start_matches(['=', '~']) == name;
            if !aliases.iter().any(bare) {
                self.names.add(&name, number);
            }
            aliases.iter().for_each(|alias| self.names.add(alias, number));
            self.organisations.push(Organisation { name, kind, domains });
        }
        left_out
    }

    /// The organisations named in `words`, the longest name at a place.
    pub(crate) fn named(&self, words: &Words) -> Vec<Named> {
        self.names.find(words)
    }

    /// The organisation of that name.
    pub(crate) fn organisation(&self, name: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|one| one.name == name)
    }

    /// The organisation that writes from `host`.
    pub(crate) fn owner(&self, host: &str) -> Option<&Organisation> {
        let all = self.by_domain.get(host::registrable(host))?;
        all.iter().map(|number| &self.organisations[*number]).find(|one| one.owns(host))
    }

    /// Whether anybody may have a mailbox at `domain`.
    pub(crate) fn is_freemail(&self, domain: &str) -> bool {
        self.freemail.contains(domain)
    }

    /// Whether the address leads on to another that it does not show.
    pub(crate) fn is_shortener(&self, url: &HttpUrl) -> bool {
        let bare = url.host.strip_prefix("www.");
        let paths = self.shorteners.get(&url.host).or_else(|| self.shorteners.get(bare?));
        // The house's own front page hides nothing.
        let leads_on = url.path.len() > 1;
        leads_on && paths.is_some_and(|paths| paths.iter().any(|path| url.path.starts_with(path)))
    }

    /// What anybody may put under this address.
    pub(crate) fn share(&self, url: &HttpUrl) -> Option<ShareKind> {
        let paths = self.shares.get(&url.host)?;
        let fitting = paths.iter().filter(|(path, _)| url.path.starts_with(path));
        // The nearest of several places on a host says what lies there.
        fitting.max_by_key(|(path, _)| path.len()).map(|(_, kind)| *kind)
    }

    /// The mass mailer whose `host` it is; mailers number their hosts.
    pub(crate) fn mailer(&self, host: &str) -> Option<&str> {
        let unnumbered = || host.replace(|c: char| c.is_ascii_digit(), "");
        let found = self.mailers.get(host).or_else(|| self.mailers.get(&unnumbered()));
        found.map(String::as_str)
    }

    /// Whether `host` fetches pictures for others.
    pub(crate) fn is_proxy(&self, host: &str) -> bool {
        self.proxies.get(host).is_some()
    }

    /// Whether `host` stands between a reader and the links of a mail.
    pub(crate) fn is_link_proxy(&self, host: &str) -> bool {
        self.link_proxies.get(host).is_some()
    }
}

impl Names {
    fn add(&mut self, alias: &str, organisation: usize) {
        let (strength, alias) = match alias.split_at_checked(1) {
            Some(("=", rest)) => (Strength::Capitals, rest),
            Some(("~", rest)) => (Strength::Ordinary, rest),
            _ => (Strength::Plain, alias),
        };
        let folded = Words::of(alias);
        let words: Vec<_> = (0..folded.len()).map(|at| folded.get(at).to_owned()).collect();
        if let Some(first) = words.first() {
            let alias = Alias { words: words.clone(), strength, organisation };
            self.by_word.entry(first.clone()).or_default().push(alias);
        }
    }

    fn find(&self, words: &Words) -> Vec<Named> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let aliases = self.by_word.get(words.get(at)).map_or(&[][..], Vec::as_slice);
            let fits = |alias: &&Alias| {
                let mut places = alias.words.iter().zip(at..);
                places.all(|(word, at)| words.get(at) == word)
                    && (alias.strength != Strength::Capitals || words.is_capitals(at))
            };
            let longest = aliases.iter().filter(fits).max_by_key(|alias| alias.words.len());
            let Some(alias) = longest else {
                at += 1;
                continue;
            };
            let Alias { strength, organisation, .. } = *alias;
            let length = alias.words.len();
            found.push(Named { organisation, strength, at, length });
            at += length;
        }
        found
    }
}

fn kind_of(text: &str) -> Option<Kind> {
    Some(match text {
        "press" | "journalism" => Kind::Press,
        "parliament" | "government" | "eu" | "police" | "court" | "international" => {
            Kind::Institution
        }
        "ngo" | "thinktank" => Kind::Ngo,
        "university" => Kind::University,
        "service" => Kind::Service,
        _ => return None,
    })
}

/// The hosts of `shares.csv`, each with the beginnings of paths it is about.
fn shares(csv: &str) -> Hosts<Vec<(String, ShareKind)>> {
    let mut by_host: HashMap<String, Vec<(String, ShareKind)>> = HashMap::new();
    for row in rows(csv) {
        let [place, kind, ..] = row.as_slice() else { continue };
        let kind = if kind == "page" { ShareKind::Page } else { ShareKind::Share };
        let (host, path) = place.split_once('/').unwrap_or((place, ""));
        by_host.entry(host.to_owned()).or_default().push((format!("/{path}"), kind));
    }
    Hosts::new(by_host.into_iter())
}

/// The hosts of `shorteners.txt`, each with the beginnings of paths it is about.
fn shorteners(text: &str) -> Hosts<Vec<String>> {
    let mut by_host: HashMap<String, Vec<String>> = HashMap::new();
    for place in list(text) {
        let (host, path) = place.split_once('/').unwrap_or((&place, ""));
        by_host.entry(host.to_owned()).or_default().push(format!("/{path}"));
    }
    Hosts::new(by_host.into_iter())
}

/// The lines of a list, comments left out.
fn list(text: &str) -> HashSet<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Each host of a table of names and hosts, with its name; of rows whose
/// fourth column is one of `kinds`, where any are named.
fn named_hosts(
    csv: &'static str,
    kinds: &'static [&'static str],
) -> impl Iterator<Item = (String, String)> {
    let wanted = |row: &Vec<String>| {
        kinds.is_empty() || row.get(3).is_some_and(|kind| kinds.contains(&kind.as_str()))
    };
    rows(csv).filter(wanted).flat_map(|row| {
        let name = row.first().cloned().unwrap_or_default();
        let hosts = row.get(1).cloned().unwrap_or_default();
        let hosts: Vec<_> = hosts.split(';').map(|host| host.trim().to_owned()).collect();
        hosts.into_iter().filter(|host| !host.is_empty()).map(move |host| (host, name.clone()))
    })
}

/// The rows of a CSV behind its header, comments left out (RFC 4180, without
/// line ends inside quotes).
fn rows(csv: &str) -> impl Iterator<Item = Vec<String>> {
    let lines = csv.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.skip(1).map(columns)
}

fn columns(line: &str) -> Vec<String> {
    let mut columns = vec![String::new()];
    let mut quoted = false;
    for c in line.trim_end().chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => columns.push(String::new()),
            _ => columns.last_mut().into_iter().for_each(|column| column.push(c)),
        }
    }
    columns.iter_mut().for_each(|column| *column = column.trim().to_owned());
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_as_they_must_stand() {
        let mut tables = Tables::shipped();
        let left_out = tables.add_organisations(
            "name,kind,aliases,domains\nDaily Sample,press,=DS;~Sample,sample.example\nx,y,,\n",
        );
        assert_eq!(left_out, 1);
        let last = tables.organisations.len() - 1;
        let found = |text: &str| -> Vec<_> {
            let named = tables.named(&Words::of(text));
            named.into_iter().filter(|named| named.organisation == last).collect()
        };
        assert_eq!(found("the daily sample")[0].length, 2);
        assert_eq!((found("DS").len(), found("ds").len()), (1, 0));
        assert_eq!(found("a sample")[0].strength, Strength::Ordinary);
        assert!(tables.owner("news.sample.example").is_some());
        assert!(tables.owner("samples.example").is_none());
    }

    #[test]
    fn every_row_that_is_shipped_is_used() {
        let mut tables = Tables::shipped();
        assert_eq!(tables.add_organisations(include_str!("../tables/outlets.csv")), 0);
        let no_domain = tables.organisations.iter().filter(|one| one.domains.is_empty()).count();
        assert!(no_domain * 20 < tables.organisations.len(), "{no_domain} rows have no domain");
        assert!(tables.is_freemail("gmail.com"));
        let share = |url| tables.share(&HttpUrl::parse(url).expect("a URL"));
        assert_eq!(share("https://abc.sharepoint.com/x"), Some(ShareKind::Share));
        assert_eq!(share("https://docs.google.com/forms/d/x"), Some(ShareKind::Page));
        assert!(tables.mailer("u1.ct.sendgrid.net").is_some());
    }

    #[test]
    fn shorteners_are_hosts_hosts_below_and_places_on_a_host() {
        let tables = Tables::shipped();
        for (url, expected) in [
            ("https://bit.ly/x", true),
            ("https://www.bit.ly/x", true),
            ("https://bit.ly/", false),
            ("https://a.page.link/x", true),
            ("https://www.google.com/url?q=x", true),
            ("https://www.google.com/maps", false),
        ] {
            let url = HttpUrl::parse(url).expect("a URL");
            assert_eq!(tables.is_shortener(&url), expected, "{url:?}");
        }
    }
}
