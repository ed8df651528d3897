//! Address leases, as the servers that grant them log them.
//!
//! Three dialects: ISC dhcpd by way of syslog, its `dhcpd.leases`, and Windows'
//! audit log (`DhcpSrvLog-Mon.log`). Spec: `dhcpd(8)`, `dhcpd.leases(5)`,
//! <https://learn.microsoft.com/windows-server/networking/technologies/dhcp/dhcp-manage-logs>.
//! dnsmasq's leases are in its own log. Of DHCPv6 the leases that are logged as
//! granted are read, but not `dhcpd6.leases`. Left out: failover states, Kea.
//!
//! A record has a leased address only where the lease was granted; what was asked
//! for, offered, refused or given back is in `unmapped`.

mod leases;
mod windows;

use clarte_model::{Class, Field, Source};

use crate::syslog::line::Entry;
use crate::syslog::{self, Draft, Program};
use crate::{About, Context, Format, Input, Output, time, value};

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

    /// 2: names with spaces, leases of IPv6, Windows' rows without a header.
    fn version(&self) -> u32 {
        2
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
    if let Some(reply) = entry.message.strip_prefix("Reply NA: address ") {
        return granted(reply, draft);
    }
    // What follows the interface is a comment, mostly on what went wrong.
    let (message, behind) = entry.message.split_once(" via ").unwrap_or((entry.message, ""));
    let (kind, mut rest) = value::split_first(message, b' ').unwrap_or((message, ""));
    let (mut ip, mut mac, mut name) = (None, None, "");
    while !rest.is_empty() {
        let (word, after) = value::split_first(rest, b' ').unwrap_or((rest, ""));
        let inner = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
        if let Some(found) = value::mac(inner.unwrap_or(word)) {
            mac = Some(found);
        } else if let Some(server) = inner.and_then(value::ip) {
            draft.record.text(Field::DstIp, server);
        } else if let Some(rest) = rest.strip_prefix('(') {
            // Names are whatever somebody called the machine.
            name = rest.strip_suffix(')').unwrap_or_default();
            break;
        } else if value::ip(word).is_some() {
            ip = Some(word);
        }
        rest = after;
    }
    if ip.is_none() && mac.is_none() {
        return false;
    }
    let mut words = behind.split(' ');
    if let Some(interface) = words.next().filter(|word| !word.is_empty()) {
        draft.unmapped.text("interface", interface.trim_end_matches([':', ',']));
    }
    let is_granted = kind == "DHCPACK" && words.any(|word| word == "lease-duration");
    if let Some(seconds) = words.next().filter(|_| is_granted).and_then(time::digits) {
        draft.record.integer(Field::LeaseDuration, seconds);
    }
    Exchange { kind, ip, mac, name }.fill(draft)
}

/// `2001:db8::10 to client with duid 00:01:… iaid = 7 valid for 600 seconds`.
fn granted<'a>(text: &'a str, draft: &mut Draft<'_, 'a>) -> bool {
    let Some((ip, rest)) = value::split_first(text, b' ') else { return false };
    let word_behind = |mark| {
        let (_, after) = rest.split_once(mark)?;
        after.split(' ').next()
    };
    if value::ip(ip).is_none() {
        return false;
    }
    if let Some(duid) = word_behind("duid ") {
        draft.unmapped.text("duid", duid);
    }
    if let Some(seconds) = word_behind("valid for ").and_then(time::digits) {
        draft.record.integer(Field::LeaseDuration, seconds);
    }
    Exchange { kind: "DHCPACK", ip: Some(ip), mac: None, name: "" }.fill(draft)
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
    &["DISCOVER", "OFFER", "REQUEST", "ACK", "NAK", "DECLINE", "RELEASE", "INFORM", "EXPIRE"];
