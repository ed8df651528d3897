//! Zeek logs, as tab-separated text or as JSON lines.
//!
//! conn, dns, http, ssl and dhcp fill columns; of every other log the whole row
//! goes into `unmapped` under the header's names. Spec:
//! <https://docs.zeek.org/en/master/log-formats.html>. Left out: Zeek's binary
//! and SQLite writers, and packages' variants of the typed logs (`conn_long`,
//! `dns_red`), which are read like every other log.

mod columns;
mod json;
mod names;
mod row;
mod tsv;

use crate::{About, Context, Format, Input, Output};

pub(crate) struct Zeek;

impl Format for Zeek {
    fn about(&self) -> About {
        About {
            what: "Zeek's logs, TSV and JSON",
            feeds: "look-ups, requests, TLS, flows and leases; what left",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        tsv::recognises(head) || json::recognises(head)
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        if tsv::recognises(input.head()) { tsv::read(input, out) } else { json::read(input, out) }
    }

    /// 2: quic; a header that is not at the top.
    fn version(&self) -> u32 {
        2
    }
}
