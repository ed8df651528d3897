//! The sender's domain or name mixes alphabets that look alike.
//!
//! Why: a Cyrillic a is a Latin a to the eye and another letter to every filter.
//! Reason: names the domain.
//! Spec: UTS #39 §5.1, restriction level "highly restrictive".
//! False alarms: names written in two scripts side by side, which are no mix
//! within one word.

use crate::observation::Observation;
use crate::reading::Reading;
use unicode_security::{MixedScript, RestrictionLevel, RestrictionLevelDetection};

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    let domain = idna::domain_to_unicode(reading.domain()).0;
    let mut words = reading.mail.author_name().split(|c: char| !c.is_alphanumeric());
    // A domain that is known in disguise is told as that.
    let mixed =
        reading.lookalike.is_none() && domain.split('.').any(is_mixed) || words.any(is_mixed);
    mixed.then(|| Observation::new("identity.mixed-script").with("domain", domain))
}

/// Whether one word is written in alphabets that do not go together.
pub(crate) fn is_mixed(word: &str) -> bool {
    !word.is_ascii() && word.chars().count() > 2 && !word.is_single_script() && {
        // Han with kana, hangul or bopomofo is how those languages are written.
        !matches!(
            word.detect_restriction_level(),
            RestrictionLevel::ASCIIOnly
                | RestrictionLevel::SingleScript
                | RestrictionLevel::HighlyRestrictive
        )
    }
}
