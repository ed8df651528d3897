//! The message tracking log of Exchange servers: a row an event, below lines that
//! begin with `#` and name the columns.
//!
//! Times are UTC. Spec:
//! <https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking>.
//! Left out: the other logs of this layout (SMTP protocol, connectivity), and
//! `Get-MessageTrackingLog` exported as CSV, whose times are local in the style of
//! the shell's country.

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
        header(head).is_some()
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        if let Some((header, columns)) = header(input.head()) {
            read_rows(&header, &columns, input, out.sink());
        }
        "exchange"
    }
}

/// The header, if it is a tracking log's.
fn header(head: &[u8]) -> Option<(Header, Columns)> {
    let header = Header::of_directives(head)?;
    let columns = Columns::of_tracking(&header)?;
    Some((header, columns))
}
