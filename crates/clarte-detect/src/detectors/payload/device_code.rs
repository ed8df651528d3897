//! Asks to enter a code at the sign-in page for devices.
//!
//! Why: the page is the real one, and whoever made the code is let in. The code
//! alone says nothing, services send codes all day; the page does.
//! False alarms: letters that explain how to sign in on a television.
//! Technique: T1528 (RFC 8628 §5.4).

use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::{Link, Reading};

/// Pages at which a code for a device is entered.
const PAGES: [(&str, &str); 10] = [
    ("microsoft.com", "/devicelogin"),
    ("microsoft.com", "/link"),
    ("login.microsoftonline.com", "/common/oauth2/deviceauth"),
    ("login.microsoft.com", "/device"),
    ("login.live.com", "/oauth20_remoteconnect.srf"),
    ("aka.ms", "/devicelogin"),
    ("google.com", "/device"),
    ("github.com", "/login/device"),
    ("device.sso.amazonaws.com", "/"),
    ("slack.com", "/openid/connect/device"),
];

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let says = reading.says(Category::DeviceCode) && !reading.is_bulk();
    let names_page = || reading.links.iter().any(is_page) || is_mentioned(reading);
    (says && names_page()).then(|| Observation::new("payload.device-code"))
}

fn is_page(link: &Link<'_>) -> bool {
    let host = link.url.host.strip_prefix("www.").unwrap_or(&link.url.host);
    let path = link.url.path.to_ascii_lowercase();
    let is_at = |page: &str| {
        path.strip_prefix(page).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    PAGES.iter().any(|(at, page)| host == *at && (*page == "/" || is_at(page)))
}

/// Whether the text names such a page without linking to it.
fn is_mentioned(reading: &Reading<'_>) -> bool {
    const NAMES: [&str; 5] = [
        "microsoft com devicelogin ",
        "microsoft com deviceauth ",
        "aka ms devicelogin ",
        " google com device ",
        "github com login device ",
    ];
    NAMES.iter().any(|name| reading.words.text().contains(name))
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn codes_count_together_with_the_page() {
        let mail = |text: &str| format!("From: a@b.example\n\n{text}\n");
        for text in [
            "To join the meeting enter the code ABCD1234E at https://microsoft.com/devicelogin",
            "Enter this code at www.google.com/device please: ABCD-EFGH",
            "enter the code below: https://login.microsoftonline.com/common/oauth2/deviceauth",
        ] {
            finds("payload.device-code", &mail(text));
        }
        for text in [
            "Your verification code is 123456.",
            "See https://microsoft.com/",
            "Enter the code: https://www.google.com/devices",
        ] {
            spares("payload.device-code", &mail(text));
        }
    }
}
