//! Which URLs of a campaign are individual: made for one recipient.
//!
//! Decided by comparison, not by look: where the mails to different recipients
//! carry different URLs in the same *slot* (same purpose, same registrable
//! domain, same depth and query keys), each of them is individual, whatever
//! its token's shape or encoding. Only where there is nothing to compare with
//! does the look decide, and the answer says so.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::host;
use clarte_model::url::HttpUrl;

use crate::token;

/// How far a value is one recipient's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Individual {
    /// Several recipients got it, or it looks like nobody's own.
    No,
    /// One recipient got it and it looks like a token, but there is no other
    /// recipient's to compare it with.
    Presumed,
    /// Other recipients got others in its place.
    Yes,
}

/// The place of a URL in a campaign's mails.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    on_opening: bool,
    domain: String,
    depth: usize,
    keys: Vec<String>,
    extension: Option<String>,
}

/// Answers for the URLs of one campaign; built from all of its mails.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    slots: BTreeMap<Slot, Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    recipients: BTreeSet<String>,
    urls: Values,
    paths: Values,
    hosts: Values,
}

/// Who got each value of a slot: one recipient, or several.
#[derive(Debug, Default)]
struct Values {
    holder: BTreeMap<String, Option<String>>,
    /// How many values each recipient alone holds.
    own: BTreeMap<String, u32>,
}

impl Values {
    fn add(&mut self, value: String, recipient: &str) {
        match self.holder.get_mut(&value) {
            None => {
                self.holder.insert(value, Some(recipient.to_owned()));
                *self.own.entry(recipient.to_owned()).or_default() += 1;
            }
            Some(holder) if holder.as_deref().is_some_and(|known| known != recipient) => {
                let known = holder.take().unwrap_or_default();
                if let Some(count) = self.own.get_mut(&known) {
                    *count -= 1;
                    if *count == 0 {
                        self.own.remove(&known);
                    }
                }
            }
            Some(_) => {}
        }
    }
}

impl Comparison {
    /// Notes that `recipient` got `url`.
    pub(crate) fn add(&mut self, recipient: &str, url: &HttpUrl, on_opening: bool) {
        let seen = self.slots.entry(slot(url, on_opening)).or_default();
        seen.recipients.insert(recipient.to_owned());
        seen.urls.add(url.key(), recipient);
        seen.paths.add(url.path_key(), recipient);
        seen.hosts.add(url.host.clone(), recipient);
    }

    /// Whether the whole URL is one recipient's own.
    pub(crate) fn url(&self, url: &HttpUrl, on_opening: bool) -> Individual {
        let Some(seen) = self.slots.get(&slot(url, on_opening)) else { return Individual::No };
        decide(&seen.urls, &url.key(), seen, || token::shape(url).is_some())
    }

    /// Whether a URL that no mail carries is made like one that a mail does:
    /// the same slot, in which the mails differ by recipient.
    pub(crate) fn alike(&self, unknown: &HttpUrl, known: &HttpUrl, on_opening: bool) -> bool {
        slot(unknown, on_opening) == slot(known, on_opening)
            && self.url(known, on_opening) > Individual::No
    }

    /// Whether the URL without its query is one recipient's own.
    pub(crate) fn path(&self, url: &HttpUrl, on_opening: bool) -> Individual {
        let Some(seen) = self.slots.get(&slot(url, on_opening)) else { return Individual::No };
        let bare = HttpUrl { query: None, ..url.clone() };
        decide(&seen.paths, &url.path_key(), seen, || token::shape(&bare).is_some())
    }

    /// Whether the host is one recipient's own: a token in a label.
    pub(crate) fn host(&self, url: &HttpUrl, on_opening: bool) -> Individual {
        let Some(seen) = self.slots.get(&slot(url, on_opening)) else { return Individual::No };
        decide(&seen.hosts, &url.host, seen, || token::in_host(url))
    }
}

fn slot(url: &HttpUrl, on_opening: bool) -> Slot {
    let mut keys: Vec<String> = url
        .query
        .iter()
        .flat_map(|query| query.split('&'))
        .map(|pair| pair.split_once('=').map_or("", |(key, _)| key).to_owned())
        .collect();
    keys.sort();
    let file = url.path.rsplit('/').next().unwrap_or_default();
    Slot {
        on_opening,
        domain: host::registrable(&url.host).to_owned(),
        depth: url.path.matches('/').count(),
        keys,
        extension: file.rsplit_once('.').map(|(_, extension)| extension.to_owned()),
    }
}

fn decide(
    values: &Values,
    value: &str,
    seen: &Seen,
    looks_like_token: impl FnOnce() -> bool,
) -> Individual {
    if !matches!(values.holder.get(value), Some(Some(_))) {
        return Individual::No;
    }
    // Where most recipients share a URL and a few have others, these are
    // versions (a language, a region), not tokens.
    let own = values.own.len();
    if own >= 2 && own * 2 > seen.recipients.len() {
        return Individual::Yes;
    }
    if looks_like_token() { Individual::Presumed } else { Individual::No }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(mails: &[(&str, &str)]) -> Vec<Individual> {
        let urls: Vec<_> =
            mails.iter().map(|(who, url)| (who, HttpUrl::parse(url).expect("a web URL"))).collect();
        let mut comparison = Comparison::default();
        urls.iter().for_each(|(who, url)| comparison.add(who, url, true));
        urls.iter().map(|(_, url)| comparison.url(url, true)).collect()
    }

    #[test]
    fn what_differs_between_recipients_is_individual_whatever_its_look() {
        let yes = [Individual::Yes; 2];
        assert_eq!(
            compare(&[
                ("a", "https://x.example/brave/otter"),
                ("b", "https://x.example/calm/heron")
            ]),
            yes
        );
        assert_eq!(
            compare(&[("a", "https://k1.x.example/p.gif"), ("b", "https://k2.x.example/p.gif")]),
            yes
        );
        assert_eq!(
            compare(&[
                ("a", "https://x.example/p.gif?v=1&u=q"),
                ("b", "https://x.example/p.gif?v=1&u=w")
            ]),
            yes
        );
    }

    #[test]
    fn what_several_recipients_got_is_nobody_s() {
        assert_eq!(
            compare(&[("a", "https://x.example/logo"), ("b", "https://x.example/logo")]),
            [Individual::No; 2]
        );
    }

    #[test]
    fn a_few_language_versions_are_no_tokens() {
        let page = |who, language| (who, language);
        let found = compare(&[
            page("a", "https://x.example/en/story"),
            page("b", "https://x.example/en/story"),
            page("c", "https://x.example/en/story"),
            page("d", "https://x.example/nl/story"),
            page("e", "https://x.example/fr/story"),
        ]);
        assert_eq!(found, [Individual::No; 5]);
    }

    #[test]
    fn a_single_mail_s_token_is_presumed_by_its_look() {
        assert_eq!(
            compare(&[("a", "https://x.example/p/0f9e8d7c6b5a4938.gif")]),
            [Individual::Presumed]
        );
        assert_eq!(compare(&[("a", "https://x.example/press/story")]), [Individual::No]);
    }
}
