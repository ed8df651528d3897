//! Windows events as JSON: an object a line, or arrays of them.
//!
//! As Winlogbeat (since 7, and before), NXLog, `evtx_dump` and PowerShell's
//! `Get-WinEvent` write them, and EvtxECmd, of which tables are read too. Events that a question asks about are typed as in
//! `windows/kinds.rs`; of every other the data is kept whole in `unmapped`, as is
//! what has no column. Specs:
//! <https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog>,
//! <https://docs.nxlog.co/refman/current/im/msvistalog.html>. Left out: what the
//! shipper says of itself, and the message where the data is there, because it
//! says the same in words.

pub(crate) mod dialects;
mod ecmd;
pub(crate) mod event;
mod kinds;

use std::sync::Arc;

use clarte_model::{FaultKind, Sink};
use jiff::tz::TimeZone;

use crate::json::Value;
use crate::json::objects::{self, ReadObject, Span};
use crate::{About, Context, Format, Input, Output};

pub(crate) struct Windows;

impl Format for Windows {
    fn about(&self) -> About {
        About {
            what: "Windows events as JSON of several shippers, and EvtxECmd's tables",
            feeds: "sign-ins, processes, services, tasks, cleared logs; who sat where",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        ecmd::table(head).is_some() || objects::recognises(head, &Events { zone: TimeZone::UTC })
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        if let Some((header, columns)) = ecmd::table(input.head()) {
            ecmd::read_rows(&header, &columns, input, out.sink());
            return "windows";
        }
        let events = Arc::new(Events { zone: context.zones.get("windows") });
        objects::read(input, &events, out);
        "windows"
    }

    fn is_local(&self) -> bool {
        true
    }

    fn version(&self) -> u32 {
        2
    }
}

/// Every object stands for itself.
struct Events {
    zone: TimeZone,
}

impl ReadObject for Events {
    fn is_ours(&self, object: Value<'_, '_>) -> bool {
        ecmd::is_event(object) || dialects::event(object, &self.zone).is_some()
    }

    fn read(&self, object: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
        let Span { offset, length } = span;
        match dialects::event(object, &self.zone) {
            Some(event) => {
                let record = event.record("windows", offset, length, sink);
                sink.record(&record);
            }
            None if ecmd::is_event(object) => ecmd::read_object(object, span, sink),
            None => {
                let detail = "an object that is no Windows event".to_owned();
                sink.fault(event::lost(offset, length, FaultKind::Malformed, detail));
            }
        }
    }
}
