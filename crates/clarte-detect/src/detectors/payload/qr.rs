//! A picture in the mail holds a QR code that leads somewhere.
//!
//! Why: it takes the reader to a telephone, where no filter sees the link and
//! its address is hard to read.
//! Reason: names the host.
//! False alarms: tickets, and codes in which shops and events link to
//! themselves; a code that leads to the sender's own domain is left out.
//! Technique: T1566.002, T1204.001.

use clarte_model::host;
use clarte_model::url::HttpUrl;

use crate::observation::Observation;
use crate::qr;
use crate::reading::Reading;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if !reading.around.look_at_pictures {
        return None;
    }
    let texts = qr::texts(reading.mail);
    let mut targets = texts.iter().filter_map(|text| target(text));
    let host = targets.find(|target| host::registrable(target) != reading.domain())?;
    Some(Observation::new("payload.qr").with("host", host))
}

/// The host that a code leads to, or what it asks an application to do, such as
/// `linkdevice` of a messenger.
fn target(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some(url) = HttpUrl::parse(text) {
        return Some(url.host);
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let asked = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let fits = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !asked.is_empty();
        return fits.then(|| asked.chars().take(100).collect());
    }
    // Telephones open bare addresses too.
    let bare = text.to_ascii_lowercase();
    bare.starts_with("www.")
        .then(|| HttpUrl::parse(&format!("https://{bare}")))
        .flatten()
        .map(|url| url.host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::tests::{finds, spares};
    use crate::file::samples::mail_with;
    use crate::qr::tests::code;

    #[test]
    fn codes_that_lead_elsewhere_are_seen() {
        let mail = |text: &str| mail_with("a.png", "image/png", &code(text, 3, 0, 255), "");
        finds("payload.qr", &mail("https://elsewhere.example/login"));
        spares("payload.qr", &mail("https://www.sender.example/ticket"));
        spares("payload.qr", &mail("just a text"));
    }

    #[test]
    fn what_a_code_says_is_a_target_or_none() {
        for (text, expected) in [
            ("https://A.example/x", Some("a.example")),
            ("sgnl://linkdevice?uuid=1", Some("linkdevice")),
            ("WWW.A.EXAMPLE/x", Some("www.a.example")),
            ("WIFI:S:x;;", None),
            ("BCD\n002", None),
        ] {
            assert_eq!(target(text).as_deref(), expected, "{text}");
        }
    }
}
