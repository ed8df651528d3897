//! The trait that every format implements, and the list of all formats.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::container::{CONTAINERS, Limits};
use crate::mapping::{self, Mappings};
use crate::{Input, Output};
use crate::{
    access, audit, bind, dhcp, directory, dnsmasq, eml, evtx, exchange, exim, mbox, message_trace,
    people, postfix, signin, squid, suricata, syslog, unbound, windows, zeek,
};

/// What a format is good for, each a phrase in English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// What is read.
    pub what: &'static str,
    /// What it feeds: which questions its records help to answer.
    pub feeds: &'static str,
}

/// One format of evidence, recognised by content.
pub trait Format: Sync {
    /// What it is, and what its records tell.
    fn about(&self) -> About;

    /// Whether a stream that begins with `head` (up to 64 KiB) is of this
    /// format.
    fn recognises(&self, head: &[u8]) -> bool;

    /// Reads the stream to its end and returns the format's name as in
    /// `intake` (a family such as Zeek has one per log, `zeek.dns`), unless
    /// pieces told it to `out`.
    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str;

    /// The parser's version. Raise it when the same bytes are read differently,
    /// so that what was read before is read again.
    fn version(&self) -> u32 {
        1
    }

    /// Whether it reads times that name no zone in the one of the context.
    fn is_local(&self) -> bool {
        false
    }
}

/// Every format with its family's name, the most demanding first: the first
/// that recognises a stream reads it.
pub const FORMATS: &[(&str, &dyn Format)] = &[
    ("evtx", &evtx::Evtx),
    ("windows", &windows::Windows),
    ("audit", &audit::Audit),
    ("signin", &signin::Signin),
    ("directory", &directory::Directory),
    ("zeek", &zeek::Zeek),
    ("suricata", &suricata::Suricata),
    ("squid", &squid::Squid),
    ("access", &access::Access),
    ("postfix", &postfix::LOG),
    ("dnsmasq", &dnsmasq::LOG),
    ("bind", &bind::LOG),
    ("unbound", &unbound::LOG),
    ("exim", &exim::LOG),
    ("dhcp", &dhcp::Dhcp),
    ("syslog", &syslog::Syslog),
    ("exchange", &exchange::Exchange),
    ("message_trace", &message_trace::MessageTrace),
    ("people", &people::People),
    ("mbox", &mbox::Mbox),
    ("eml", &eml::Eml),
];

/// How the reading of a stream begins that no format recognised.
const NONE: &str = "none of ";

/// What the reading of a stream depends on besides its bytes: the parser's
/// family, its version, and the zone it was given. `format` is the stream's
/// name as in `intake`. A stream need be read again only where this changed; of
/// a stream that nothing recognised, whenever any format or container did. An
/// archive has a row, and so a reading, only where something of it was lost:
/// what was opened whole need not be opened again.
///
/// Mappings stand behind a bar each: those that could take the stream from
/// whatever read it.
///
/// ```
/// use clarte_parse::{Context, reading};
/// assert_eq!(reading("zeek.dns", &Context::default()), "zeek 2");
/// ```
pub fn reading(format: &str, context: &Context) -> String {
    let (family, rest) = format.split_once('.').unwrap_or((format, ""));
    if family == mapping::FAMILY {
        return format!("{family} {}{}", mapping::VERSION, context.mappings.up_to(rest));
    }
    if let Some((name, version, _)) = CONTAINERS.iter().find(|(name, ..)| *name == family) {
        return format!("{name} {version}");
    }
    match FORMATS.iter().find(|(name, _)| *name == family) {
        Some((name, format)) => {
            let zone = context.zones.0.get(*name).filter(|zone| **zone != TimeZone::UTC);
            let zone = zone.filter(|_| format.is_local()).and_then(TimeZone::iana_name);
            let zone = zone.map(|zone| format!(" {zone}")).unwrap_or_default();
            let mappings = context.mappings.that_may_read(Some(name));
            format!("{name} {}{zone}{mappings}", format.version())
        }
        None => {
            let formats = FORMATS.iter().map(|(name, format)| (*name, format.version()));
            let containers = CONTAINERS.iter().map(|(name, version, _)| (*name, *version));
            let all = formats.chain(containers).map(|(name, version)| format!("{name} {version}"));
            let mappings = context.mappings.that_may_read(None);
            format!("{NONE}{}{mappings}", all.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Why a stream would be read otherwise today than it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outdated {
    /// Its times are in another zone than was known then.
    Zone,
    /// The mapping by which it was read says something else now.
    Mapping,
    /// The parser is another; of a stream that no format recognised, any is, or
    /// a mapping is new.
    Parser,
}

/// Whether a stream of `format` that was read as `before` ([`reading`]) would be
/// read otherwise today.
pub fn outdated(format: &str, before: &str, context: &Context) -> Option<Outdated> {
    let today = reading(format, context);
    // What may take a stream away stands behind what read it.
    let own = |reading: &str| reading.split(mapping::FOR).next().unwrap_or_default().to_owned();
    let (own_before, own_today) = (own(before), own(&today));
    let parser = |own: &str| {
        let words = own.match_indices(' ').nth(1);
        own[..words.map_or(own.len(), |(at, _)| at)].to_owned()
    };
    if before == today {
        None
    } else if own_before == own_today
        || parser(&own_before) != parser(&own_today)
        || today.starts_with(NONE)
    {
        Some(Outdated::Parser)
    } else if today.starts_with(mapping::FAMILY) {
        Some(Outdated::Mapping)
    } else {
        Some(Outdated::Zone)
    }
}

/// What a parser cannot see in the bytes: what the user said of them, and how
/// far it may go.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The zones of sources that write local time without one.
    pub zones: Zones,
    /// How to read logs that no format knows.
    pub mappings: Mappings,
    /// What unpacking may cost.
    pub limits: Limits,
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

    /// Every zone that was given: format and IANA name.
    pub fn names(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(source, zone)| (source.as_str(), zone.iana_name().unwrap_or("UTC")))
    }

    /// The zone of format `source`; UTC where none was given.
    pub fn get(&self, source: &str) -> TimeZone {
        self.0.get(source).cloned().unwrap_or(TimeZone::UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_changes_with_what_it_depends_on() {
        let mut context = Context::default();
        let [postfix, zeek, eml, zip] =
            ["postfix", "zeek.dns", "eml", "zip"].map(|format| reading(format, &context));
        for (reading, family) in
            [(&postfix, "postfix "), (&zeek, "zeek "), (&eml, "eml "), (&zip, "zip ")]
        {
            assert!(reading.starts_with(family), "{reading}");
        }
        for source in ["postfix", "zeek", "mbox"] {
            context.zones.set(source, "Europe/Brussels").expect("a known zone");
        }
        assert_eq!(reading("postfix", &context), format!("{postfix} Europe/Brussels"));
        assert_eq!(reading("zeek.dns", &context), zeek);
        let mbox = reading("mbox", &context);
        context.zones.set("mbox", "UTC").expect("a known zone");
        assert_eq!(reading("mbox", &context), mbox.trim_end_matches(" Europe/Brussels"));
        assert_eq!(reading("unknown", &context), reading("empty", &context));
        assert!(FORMATS.iter().all(|(name, _)| reading("unknown", &context).contains(name)));
    }

    #[test]
    fn a_reading_is_outdated_by_a_zone_or_by_another_parser() {
        let mut context = Context::default();
        let [postfix, zeek] = ["postfix", "zeek.dns"].map(|format| reading(format, &context));
        context.zones.set("postfix", "Europe/Brussels").expect("a known zone");
        for (format, before, expected) in [
            ("postfix", format!("{postfix} Europe/Brussels"), None),
            ("postfix", postfix.clone(), Some(Outdated::Zone)),
            ("postfix", format!("{postfix} Asia/Tokyo"), Some(Outdated::Zone)),
            ("postfix", "postfix 0 Asia/Tokyo".to_owned(), Some(Outdated::Parser)),
            ("zeek.dns", zeek, None),
            ("zeek.dns", "zeek 0".to_owned(), Some(Outdated::Parser)),
            ("unknown", "none of zeek 1".to_owned(), Some(Outdated::Parser)),
        ] {
            assert_eq!(outdated(format, &before, &context), expected, "{format} {before}");
        }
    }
}
