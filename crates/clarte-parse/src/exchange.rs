//! The message tracking log of Exchange servers: a row an event, below lines that
//! begin with `#` and name the columns; and what `Get-MessageTrackingLog` shows of
//! it, exported as CSV or JSON.
//!
//! Times of the log are UTC; the shell shows those of its machine, which JSON tells
//! the zone of and CSV does not. Spec:
//! <https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking>.
//! Left out: the other logs of this layout (SMTP protocol, connectivity), and the
//! recipients of an export that says `System.String[]` where they should stand.

mod shell;

use jiff::tz::TimeZone;

use crate::message_trace::date::Style;
use crate::message_trace::{Columns, read_rows};
use crate::rows::Header;
use crate::{About, Context, Format, Input, Output};

pub(crate) struct Exchange;

impl Format for Exchange {
    fn about(&self) -> About {
        About {
            what: "Exchange message tracking logs",
            feeds: "who was sent what, and what became of it",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        table(head, TimeZone::UTC).is_some() || shell::recognises(head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        let zone = context.zones.get("exchange");
        match table(input.head(), zone.clone()) {
            Some((header, columns, style)) => {
                read_rows(&header, &columns, style, input, out.sink());
            }
            None => shell::read(input, zone, out),
        }
        "exchange"
    }

    fn version(&self) -> u32 {
        2
    }

    fn is_local(&self) -> bool {
        true
    }
}

/// The header, the columns and the dates' style of a log, or of a table that the
/// shell made of one.
fn table(head: &[u8], zone: TimeZone) -> Option<(Header, Columns, Style)> {
    if let Some(header) = Header::of_directives(head) {
        let columns = Columns::of_tracking(&header)?;
        return Some((header, columns, Style::utc()));
    }
    let header = Header::of(head)?;
    let columns = Columns::of_shell(|name| header.column(name))?;
    Some((header, columns, Style::local(zone)))
}
