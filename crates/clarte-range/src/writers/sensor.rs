//! The network sensor: Zeek or Suricata. What it saw, whichever wrote it.

use std::path::Path;

use crate::RangeError;
use crate::calendar::At;
use crate::variety::{Pack, SensorForm};
use crate::writers::eve::Eve;
use crate::writers::zeek::Zeek;

/// A connection's ends.
#[derive(Clone, Copy)]
pub(crate) struct Ends<'a> {
    pub(crate) at: At,
    pub(crate) uid: &'a str,
    pub(crate) client: (&'a str, u64),
    pub(crate) server: (&'a str, u64),
}

/// How a connection ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Set up and closed in order.
    Closed,
    /// Answered with a reset.
    Rejected,
    /// Never answered.
    Unanswered,
}

/// A connection over TCP.
pub(crate) struct Flow<'a> {
    pub(crate) ends: Ends<'a>,
    pub(crate) service: Option<&'a str>,
    pub(crate) micros: u64,
    /// Payload from the client.
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) outcome: Outcome,
}

/// A request in the clear.
pub(crate) struct Web<'a> {
    pub(crate) ends: Ends<'a>,
    pub(crate) method: &'a str,
    pub(crate) host: &'a str,
    pub(crate) rest: &'a str,
    pub(crate) sent: u64,
}

/// A look-up and its answer.
pub(crate) struct Query<'a> {
    pub(crate) ends: Ends<'a>,
    pub(crate) host: &'a str,
    pub(crate) answer: &'a str,
}

/// A lease that was granted.
pub(crate) struct Lease<'a> {
    pub(crate) at: At,
    pub(crate) uid: &'a str,
    pub(crate) mac: &'a str,
    pub(crate) name: &'a str,
    pub(crate) domain: &'a str,
    pub(crate) address: &'a str,
}

/// The sensor's logs.
pub(crate) enum Sensor {
    Zeek(Box<Zeek>),
    Eve(Eve),
}

impl Sensor {
    pub(crate) fn new(folder: &Path, form: SensorForm, json: [bool; 5], packs: [Pack; 5]) -> Self {
        match form {
            SensorForm::Zeek => Self::Zeek(Box::new(Zeek::new(&folder.join("zeek"), json, packs))),
            SensorForm::Eve => Self::Eve(Eve::new(&folder.join("suricata"), packs[0])),
        }
    }

    pub(crate) fn flow(&mut self, flow: &Flow<'_>) {
        match self {
            Self::Zeek(zeek) => zeek.flow(flow),
            Self::Eve(eve) => eve.flow(flow),
        }
    }

    pub(crate) fn web(&mut self, web: &Web<'_>) {
        match self {
            Self::Zeek(zeek) => zeek.web(web),
            Self::Eve(eve) => eve.web(web),
        }
    }

    /// A TLS session with a named server.
    pub(crate) fn tls(&mut self, ends: Ends<'_>, host: &str) {
        match self {
            Self::Zeek(zeek) => zeek.tls(ends, host),
            Self::Eve(eve) => eve.tls(ends, host),
        }
    }

    pub(crate) fn query(&mut self, query: &Query<'_>) {
        match self {
            Self::Zeek(zeek) => zeek.query(query),
            Self::Eve(eve) => eve.query(query),
        }
    }

    pub(crate) fn lease(&mut self, lease: &Lease<'_>) {
        match self {
            Self::Zeek(zeek) => zeek.lease(lease),
            Self::Eve(eve) => eve.lease(lease),
        }
    }

    /// Writes what came before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        match self {
            Self::Zeek(zeek) => zeek.flush(moment),
            Self::Eve(eve) => eve.flush(moment),
        }
    }

    /// Closes the last files.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        match self {
            Self::Zeek(zeek) => zeek.finish(),
            Self::Eve(eve) => eve.finish(),
        }
    }
}
