//! Address leases, as the servers that grant them log them.
//!
//! Three dialects: ISC dhcpd by way of syslog, its `dhcpd.leases`, and Windows'
//! audit log (`DhcpSrvLog-Mon.log`). Spec: `dhcpd(8)`, `dhcpd.leases(5)`,
//! <https://learn.microsoft.com/windows-server/networking/technologies/dhcp/dhcp-manage-logs>.
//! dnsmasq's leases are in its own log. Left out: DHCPv6, failover states, Kea.
//!
//! A record has a leased address only where the lease was granted; what was asked
//! for, offered, refused or given back is in `unmapped`.

mod leases;
mod windows;

use clarte_model::{Class, Field, Source};

use crate::syslog::line::Entry;
use crate::syslog::{self, Draft, Program};
use crate::{About, Context, Format, Input, Output, value};

pub(crate) struct Dhcp;

impl Format for Dhcp {
    fn about(&self) -> About {
        About {
            what: "DHCP leases: ISC dhcpd (syslog, dhcpd.leases), dnsmasq, Windows' audit log",
            feeds: "which machine had which address when",
        }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        leases::recognises(head) || windows::recognises(head) || syslog::is_only(&PROGRAM, head)
    }

    fn read(&self, input: &mut Input<'_>, context: &Context, out: &mut Output<'_>) -> &'static str {
        if leases::recognises(input.head()) {
            leases::read(input, out)
        } else if windows::recognises(input.head()) {
            windows::read(input, &context.zones.get("dhcp"), out)
        } else {
            syslog::read(PROGRAM.name, input, context, out)
        }
    }

    fn is_local(&self) -> bool {
        true
    }
}

pub(crate) const PROGRAM: Program = Program {
    name: "dhcp",
    wrote: |entry| entry.program == "dhcpd",
    split: syslog::no_split,
    read,
};

/// `DHCPACK on 192.0.2.10 to 00:00:5e:00:53:01 (lt-0042) via eth0`,
/// `DHCPREQUEST for … from …`, `DHCPACK to 192.0.2.10 (00:00:5e:00:53:01) via …`.
fn read<'a>(entry: &Entry<'a>, draft: &mut Draft<'_, 'a>) -> bool {
    let mut words = entry.message.split(' ');
    let kind = words.next().unwrap_or_default();
    let (mut ip, mut mac, mut name, mut before) = (None, None, "", "");
    for word in words {
        if before == "via" {
            draft.unmapped.text("interface", word.trim_end_matches([':', ',']));
            // What follows is a comment, mostly on what went wrong.
            break;
        }
        let inner = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
        if let Some(found) = value::mac(inner.unwrap_or(word)) {
            mac = Some(found);
        } else if let Some(inner) = inner {
            match value::ip(inner) {
                Some(server) => _ = draft.record.text(Field::DstIp, server),
                None => name = inner,
            }
        } else if matches!(before, "on" | "for" | "of" | "from" | "to") && value::ip(word).is_some()
        {
            ip = Some(word);
        }
        before = word;
    }
    (ip.is_some() || mac.is_some()) && Exchange { kind, ip, mac, name }.fill(draft)
}

/// One message between a client and a server.
pub(crate) struct Exchange<'a> {
    /// Such as `DHCPACK`.
    pub(crate) kind: &'a str,
    pub(crate) ip: Option<&'a str>,
    pub(crate) mac: Option<String>,
    /// The client's name for itself; empty where it gave none.
    pub(crate) name: &'a str,
}

impl<'a> Exchange<'a> {
    /// Sets the columns; `false` where it is no message that we know.
    pub(crate) fn fill(self, draft: &mut Draft<'_, 'a>) -> bool {
        let Self { kind, ip, mac, name } = self;
        let Some(kind) = kind.strip_prefix("DHCP").filter(|kind| KINDS.contains(kind)) else {
            return false;
        };
        (draft.record.class, draft.record.source) = (Class::Dhcp, Source::Dhcp);
        draft.record.text(Field::StatusDetail, kind).text(Field::SrcHostname, name);
        if let Some(mac) = mac {
            draft.record.text(Field::SrcMac, mac);
        }
        match ip.and_then(value::ip) {
            // What was asked for or offered is no lease yet.
            Some(ip) if kind == "ACK" => _ = draft.record.text(Field::LeasedIp, ip),
            Some(ip) => _ = draft.unmapped.text("ip", &ip),
            None => {}
        }
        true
    }
}

const KINDS: &[&str] =
    &["DISCOVER", "OFFER", "REQUEST", "ACK", "NAK", "DECLINE", "RELEASE", "INFORM"];
