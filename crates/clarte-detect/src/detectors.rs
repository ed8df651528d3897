//! The detectors, one file each, and the list of them.
//!
//! A detector looks at one mail, prepared, and says what it saw or nothing. It
//! knows nothing of the others: what they add up to is [`crate::score`]'s.

mod approach;
mod beacon;
mod form;
mod identity;
mod payload;

use crate::observation::Observation;
use crate::reading::Reading;

/// A detector.
pub struct Detector {
    /// Its name, `group.what`, as its file is called.
    pub name: &'static str,
    /// The ATT&CK techniques that what it sees shows.
    pub techniques: &'static [&'static str],
    check: fn(&Reading<'_>) -> Option<Observation>,
}

impl Detector {
    pub(crate) fn check(&self, reading: &Reading<'_>) -> Option<Observation> {
        (self.check)(reading)
    }
}

const fn d(
    name: &'static str,
    check: fn(&Reading<'_>) -> Option<Observation>,
    techniques: &'static [&'static str],
) -> Detector {
    Detector { name, techniques, check }
}

/// Every detector.
#[rustfmt::skip]
pub const DETECTORS: &[Detector] = &[
    d("beacon.hidden", beacon::hidden::check, &["T1598.003"]),
    d("beacon.individual", beacon::individual::check, &["T1598.003"]),
    d("beacon.recipient", beacon::recipient::check, &["T1598.003"]),
    d("beacon.proxied", beacon::proxied::check, &[]),
    d("beacon.self-hosted", beacon::self_hosted::check, &["T1598.003"]),
    d("identity.press", identity::press::check, &["T1656"]),
    d("identity.institution", identity::institution::check, &["T1656"]),
    d("identity.ngo", identity::ngo::check, &["T1656"]),
    d("identity.service", identity::service::check, &["T1656"]),
    d("identity.journalist", identity::journalist::check, &["T1656"]),
    d("identity.colleague", identity::colleague::check, &["T1656"]),
    d("identity.name-address", identity::name_address::check, &["T1656"]),
    d("identity.lookalike", identity::lookalike::check, &["T1583.001"]),
    d("identity.counterfeit", identity::counterfeit::check, &["T1583.001"]),
    d("identity.mixed-script", identity::mixed_script::check, &["T1583.001"]),
    d("identity.reply-elsewhere", identity::reply_elsewhere::check, &[]),
    d("identity.forged", identity::forged::check, &["T1672"]),
    d("identity.freemail", identity::freemail::check, &["T1585.002"]),
    d("identity.unproved", identity::unproved::check, &[]),
    d("identity.refuted", identity::refuted::check, &["T1672"]),
    d("identity.altered", identity::altered::check, &[]),
    d("approach.first-contact", approach::first_contact::check, &[]),
    d("approach.personal", approach::personal::check, &[]),
    d("approach.answer", approach::answer::check, &[]),
    d("approach.template", approach::template::check, &[]),
    d("approach.merge", approach::merge::check, &[]),
    d("approach.thread", approach::thread::check, &["T1656"]),
    d("approach.interview", approach::interview::check, &["T1598"]),
    d("approach.conference", approach::conference::check, &[]),
    d("approach.document", approach::document::check, &[]),
    d("approach.urgency", approach::urgency::check, &[]),
    d("approach.account", approach::account::check, &[]),
    d("approach.rights", approach::rights::check, &[]),
    d("approach.secrecy", approach::secrecy::check, &[]),
    d("approach.reward", approach::reward::check, &[]),
    d("form.parsers-disagree", form::parsers_disagree::check, &[]),
    d("payload.link-mismatch", payload::link_mismatch::check, &["T1566.002", "T1204.001"]),
    d("payload.shortener", payload::shortener::check, &["T1566.002"]),
    d("payload.bare-address", payload::bare_address::check, &["T1566.002"]),
    d("payload.credential-form", payload::credential_form::check, &["T1598.002"]),
    d("payload.device-code", payload::device_code::check, &["T1528"]),
    d("payload.consent", payload::consent::check, &["T1528"]),
    d("payload.cloud-archive", payload::cloud_archive::check, &["T1566.002", "T1204.001"]),
    d("payload.macro", payload::macros::check, &["T1566.001", "T1204.002"]),
    d("payload.program", payload::program::check, &["T1566.001", "T1204.002"]),
    d("payload.shortcut", payload::shortcut::check, &["T1566.001", "T1204.002"]),
    d("payload.disk-image", payload::disk_image::check, &["T1566.001", "T1553.005"]),
    d("payload.smuggling", payload::smuggling::check, &["T1566.001", "T1027.006"]),
    d("payload.svg", payload::svg::check, &["T1566.001", "T1027.017"]),
    d("payload.locked-archive", payload::locked_archive::check, &["T1027.013"]),
    d("payload.double-extension", payload::double_extension::check, &["T1036.007"]),
    d("payload.direction", payload::direction::check, &["T1036.002"]),
    d("payload.qr", payload::qr::check, &["T1566.002"]),
    d("payload.invitation", payload::invitation::check, &["T1566.002"]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::score::WEIGHTS;
    use crate::{Surroundings, judge};

    fn seen(raw: &str) -> Vec<&'static str> {
        let mails = clarte_parse::open_mail(raw.as_bytes(), &jiff::tz::TimeZone::UTC);
        let judged = judge(&mails, &Surroundings::default());
        judged.observations.iter().map(|one| one.detector).collect()
    }

    /// Fails unless the detector speaks of the mail.
    pub(crate) fn finds(detector: &str, raw: &str) {
        assert!(seen(raw).contains(&detector), "{detector} is silent; heard {:?}", seen(raw));
    }

    /// Fails if the detector speaks of the mail.
    pub(crate) fn spares(detector: &str, raw: &str) {
        assert!(!seen(raw).contains(&detector), "{detector} speaks of {raw}");
    }

    #[test]
    fn every_detector_has_one_weight_and_every_weight_a_detector() {
        let detectors: BTreeSet<_> = DETECTORS.iter().map(|one| one.name).collect();
        let weights: BTreeSet<_> = WEIGHTS.iter().map(|one| one.detector).collect();
        assert_eq!(detectors, weights);
        assert_eq!((detectors.len(), weights.len()), (DETECTORS.len(), WEIGHTS.len()));
    }
}
