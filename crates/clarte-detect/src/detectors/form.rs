//! How the message itself is made.

pub(super) mod parsers_disagree;
