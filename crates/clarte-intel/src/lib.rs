//! Intelligence: what others say to look for, made into typed indicators, and
//! the exact sets that find them.
//!
//! [`read`] takes the bytes of one file and tells its format by content: STIX
//! 2.0 and 2.1, MISP events, tables with a header (CSV or JSON rows), plain
//! lists. Nothing is dropped silently: what cannot be used is a fault or a
//! [`NotEvaluated`], with its place. [`Matcher`] then answers which indicators
//! a host, address, URL, mail address or hash is named by; never by substring.
//!
//! [`knowledge`] reads what is said of actors.
//!
//! Left out for now: YARA, Sigma, Snort, OpenIOC, STIX 1, PDFs (said, not
//! read); warninglists; STIX patterns beyond equality, `IN`, `OR` and `AND`;
//! indicators inside prose.

mod column;
mod formats;
mod json;
pub mod knowledge;
mod list;
mod loaded;
mod matcher;
mod misp;
mod moment;
mod needles;
mod refang;
mod stix;
mod table;
mod tlp;
mod value;

pub use formats::{MAX_BYTES, read};
pub use loaded::{Loaded, NotEvaluated};
pub use matcher::Matcher;
pub use needles::Needles;
pub use refang::refang;
pub use stix::pattern;
