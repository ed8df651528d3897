//! The nouns of Clarté and the few traits that two of its parts share.
//!
//! Everything here is plain data and pure functions: no disk, no network, no
//! clock, no environment. The parts (`parse`, `intel`, `detect`, `lake`,
//! `extent`, …) know this crate and not each other; see `ARCHITECTURE.md`.

pub mod account;
pub mod address;
pub mod evidence;
pub mod fault;
pub mod finding;
pub mod host;
pub mod indicator;
pub mod knowledge;
pub mod lake;
pub mod mail;
pub mod record;
pub mod reference;
pub mod sink;
pub mod time;
pub mod token;
pub mod url;

pub use account::Account;
pub use evidence::{EvidenceId, Span};
pub use fault::{Fault, FaultKind};
pub use finding::Finding;
pub use indicator::{Indicator, IndicatorKind, Lookup, Observable, Tlp, Validity};
pub use knowledge::{Actor, ActorKind, AliasClaim, Dated, Knowledge};
pub use mail::Mail;
pub use record::{Class, Field, Record, Source, Value};
pub use reference::{How, Reference};
pub use sink::{Sink, Skipped, Streams};
pub use time::{Moment, Precision, Timestamp, ZoneBasis};
