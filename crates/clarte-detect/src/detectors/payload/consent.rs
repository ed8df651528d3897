//! A link asks to grant an application access to an account (OAuth consent).
//!
//! Why: the page is the real one, no password is asked, and the access outlives
//! any change of it.
//! Reason: names the host of the page.
//! False alarms: tools that are signed in to with another account's consent.
//! Technique: T1528.

use clarte_model::host;
use clarte_model::url::HttpUrl;

use crate::observation::Observation;
use crate::reading::Reading;

/// Where access is granted: host, and what the path contains.
const PAGES: [(&str, &str); 14] = [
    ("login.microsoftonline.com", "/oauth2/"),
    ("login.microsoftonline.com", "/adminconsent"),
    ("login.microsoftonline.us", "/oauth2/"),
    ("login.live.com", "/oauth20_authorize.srf"),
    ("accounts.google.com", "/o/oauth2/"),
    ("accounts.google.com", "/signin/oauth"),
    ("github.com", "/login/oauth/authorize"),
    ("slack.com", "/oauth"),
    ("dropbox.com", "/oauth2/authorize"),
    ("zoom.us", "/oauth/authorize"),
    ("linkedin.com", "/oauth/v2/authorization"),
    ("facebook.com", "/dialog/oauth"),
    ("api.login.yahoo.com", "/oauth2/request_auth"),
    ("oauth.yandex.ru", "/authorize"),
];

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let link = reading.links.iter().find(|link| asks_consent(&link.url))?;
    Some(Observation::new("payload.consent").with("host", link.url.host.as_str()))
}

fn asks_consent(url: &HttpUrl) -> bool {
    let at = |(host, path): &(&str, &str)| {
        host::is_within(&url.host, host) && url.path.to_ascii_lowercase().contains(path)
    };
    let query = url.query.as_deref().unwrap_or_default();
    let has = |wanted: &str| {
        query.split('&').any(|pair| {
            pair.split_once('=').is_some_and(|(key, _)| key.eq_ignore_ascii_case(wanted))
        })
    };
    PAGES.iter().any(at) && has("client_id") && (has("scope") || has("redirect_uri"))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn only_whole_requests_for_access_count() {
        let mail = |url: &str| format!("From: a@b.example\n\nSee {url} please\n");
        for url in [
            "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=1&scope=Mail.Read",
            "https://accounts.google.com/o/oauth2/v2/auth?client_id=1&redirect_uri=https://a.example",
        ] {
            finds("payload.consent", &mail(url));
        }
        for url in [
            "https://login.microsoftonline.com/",
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://a.example/oauth2/authorize?client_id=1&scope=x",
        ] {
            spares("payload.consent", &mail(url));
        }
    }
}
