//! What Clarté says to people, in their language.
//!
//! Texts are Fluent files, `locales/LANG/*.ftl`
//! (<https://projectfluent.org/fluent/guide/>): one file for each thing that
//! speaks, the same keys and placeholders in every language by test. A
//! new language is a folder, a [`Lang`] and its line in `sources`. Tables of
//! facts that are told with them are in `tables/`.
//!
//! Left out: which language a person reads is decided by the caller, and dates
//! and numbers are written the same way in all languages (ISO 8601, digits).

mod helplines;
mod lang;
mod texts;

pub use crate::helplines::{Audience, Helpline, helplines};
pub use crate::lang::{Direction, Lang};
pub use crate::texts::{Argument, Language};
