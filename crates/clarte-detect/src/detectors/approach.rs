//! What it wants, and how it goes about it.

pub(super) mod account;
pub(super) mod answer;
pub(super) mod conference;
pub(super) mod document;
pub(super) mod first_contact;
pub(super) mod interview;
pub(super) mod merge;
pub(super) mod personal;
pub(super) mod reward;
pub(super) mod rights;
pub(super) mod secrecy;
pub(super) mod template;
pub(super) mod thread;
pub(super) mod urgency;
