//! Who it says it is, against where it comes from.

pub(super) mod altered;
pub(super) mod colleague;
pub(super) mod counterfeit;
pub(super) mod forged;
pub(super) mod freemail;
pub(super) mod institution;
pub(super) mod journalist;
pub(super) mod lookalike;
pub(super) mod mixed_script;
pub(super) mod name_address;
pub(super) mod ngo;
pub(super) mod press;
pub(super) mod refuted;
pub(super) mod reply_elsewhere;
pub(super) mod service;
pub(super) mod unproved;
