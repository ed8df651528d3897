//! Who it says it is, against where it comes from.

pub(in crate::detectors) mod altered;
pub(in crate::detectors) mod colleague;
pub(in crate::detectors) mod counterfeit;
pub(in crate::detectors) mod forged;
pub(in crate::detectors) mod freemail;
pub(in crate::detectors) mod institution;
pub(in crate::detectors) mod journalist;
pub(in crate::detectors) mod lookalike;
pub(in crate::detectors) mod mixed_script;
pub(in crate::detectors) mod name_address;
pub(in crate::detectors) mod ngo;
pub(in crate::detectors) mod press;
pub(in crate::detectors) mod refuted;
pub(in crate::detectors) mod reply_elsewhere;
pub(in crate::detectors) mod service;
pub(in crate::detectors) mod unproved;
