//! The trait that every format implements, and the list of all formats.

use std::collections::BTreeMap;

use clarte_model::Sink;
use jiff::tz::TimeZone;

use crate::{Input, eml, mbox, message_trace, people, postfix, squid, zeek};

/// One format of evidence, recognised by content.
pub trait Format: Sync {
    /// Whether a stream that begins with `head` (up to 64 KiB) is of this
    /// format.
    fn recognises(&self, head: &[u8]) -> bool;

    /// Reads the stream to its end and returns the format's name as in
    /// `intake` (a family such as Zeek has one per log, `zeek.dns`).
    fn read(&self, input: &mut Input<'_>, context: &Context, sink: &mut dyn Sink) -> &'static str;
}

/// Every format with its family's name, the most demanding first: the first
/// that recognises a stream reads it.
pub const FORMATS: &[(&str, &dyn Format)] = &[
    ("zeek", &zeek::Zeek),
    ("squid", &squid::Squid),
    ("postfix", &postfix::Postfix),
    ("message_trace", &message_trace::MessageTrace),
    ("people", &people::People),
    ("mbox", &mbox::Mbox),
    ("eml", &eml::Eml),
];

/// What the user said that a parser cannot see in the bytes.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The zones of sources that write local time without one.
    pub zones: Zones,
}

/// Time zones by format name (`--zone postfix=Europe/Brussels`).
#[derive(Debug, Clone, Default)]
pub struct Zones(BTreeMap<String, TimeZone>);

impl Zones {
    /// Notes that the logs of format `source` are in `zone`, an IANA name.
    ///
    /// # Errors
    /// Where `zone` is no name of the IANA time zone database.
    pub fn set(&mut self, source: &str, zone: &str) -> Result<(), jiff::Error> {
        self.0.insert(source.to_owned(), TimeZone::get(zone)?);
        Ok(())
    }

    /// The zone of format `source`; UTC where none was given.
    pub fn get(&self, source: &str) -> TimeZone {
        self.0.get(source).cloned().unwrap_or(TimeZone::UTC)
    }
}
