//! A link hides where it leads behind a shortener or another's redirect.
//!
//! Why: neither the reader nor a filter sees the target, and it can be changed
//! afterwards.
//! Reason: names the host of the shortener.
//! False alarms: many people shorten; so it counts in company only. A house's
//! own short domain is left out.
//! Technique: T1566.002.

use clarte_model::url::HttpUrl;

use crate::observation::Observation;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let tables = &reading.around.tables;
    let is_own = |url: &HttpUrl| {
        let owner = tables.owner(&url.host);
        owner.is_some_and(|owner| reading.host().is_some_and(|host| owner.owns(host)))
    };
    // As it stands, and behind what a mail filter made of it.
    let urls = reading
        .links
        .iter()
        .flat_map(|link| [HttpUrl::parse(&link.remote.url), Some(link.url.clone())])
        .flatten();
    let url = urls.into_iter().find(|url| tables.is_shortener(url) && !is_own(url))?;
    Some(Observation::new("payload.shortener").with("host", url.host))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn hidden_targets_are_seen() {
        let mail = |url: &str| format!("From: a@b.example\n\nsee {url}\n");
        finds("payload.shortener", &mail("https://bit.ly/abc"));
        finds("payload.shortener", &mail("https://www.google.com/url?q=https://a.example/"));
        finds(
            "payload.shortener",
            &mail("https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fbit.ly%2Fabc"),
        );
        spares("payload.shortener", &mail("https://bit.ly/"));
        spares("payload.shortener", &mail("https://a.example/abc"));
    }
}
