//! Suricata's EVE JSON: dns, http, tls, flow and dhcp events, one file a day.
//! Spec: <https://docs.suricata.io/en/latest/output/eve/eve-json-format.html>

use std::path::Path;

use serde_json::{Value, json};

use crate::RangeError;
use crate::calendar::At;
use crate::variety::Pack;
use crate::world::DHCP;
use crate::writers::sensor::{Ends, Flow, Lease, Outcome, Query, Web};
use crate::writers::series::{Every, Series};

/// Headers of Ethernet, IP and TCP, which `flow` counts in its bytes.
const HEADERS: u64 = 54;

/// The sensor's one log.
pub(crate) struct Eve {
    series: Series,
}

impl Eve {
    pub(crate) fn new(folder: &Path, pack: Pack) -> Self {
        let folder = folder.to_owned();
        let name = move |at: At| folder.join(format!("eve-{}.json", at.date()));
        Self { series: Series::new(name, Every::Day, pack) }
    }

    /// A flow is logged when it has ended, or was given up.
    pub(crate) fn flow(&mut self, flow: &Flow<'_>) {
        let at = flow.ends.at;
        let end = at.plus(flow.micros as i64);
        let packets = |bytes: u64| 4 + bytes.div_ceil(1400);
        let (to_server, to_client, state, tcp) = match flow.outcome {
            Outcome::Closed => (packets(flow.sent), packets(flow.received), "closed", CLOSED),
            Outcome::Rejected => (1, 1, "closed", REJECTED),
            Outcome::Unanswered => (3, 0, "new", UNANSWERED),
        };
        let (flags, from_server, from_client, end_state) = tcp;
        let reason = if flow.outcome == Outcome::Closed { "shutdown" } else { "timeout" };
        let mut tcp = json!({
            "tcp_flags": flags,
            "tcp_flags_ts": from_client,
            "tcp_flags_tc": from_server,
            "syn": true,
            "state": end_state,
        });
        if flow.outcome == Outcome::Closed {
            tcp["fin"] = true.into();
            tcp["psh"] = true.into();
            tcp["ack"] = true.into();
        }
        let mut body = json!({
            "flow": {
                "pkts_toserver": to_server,
                "pkts_toclient": to_client,
                "bytes_toserver": flow.sent + HEADERS * to_server,
                "bytes_toclient": flow.received + HEADERS * to_client,
                "start": stamp(at),
                "end": stamp(end),
                "age": flow.micros / 1_000_000,
                "state": state,
                "reason": reason,
                "alerted": false,
            },
            "tcp": tcp,
        });
        if let Some(service) = flow.service {
            let name = if service == "ssl" { "tls" } else { service };
            body["app_proto"] = name.into();
        }
        self.event(end, &flow.ends, "TCP", "flow", body);
    }

    pub(crate) fn web(&mut self, web: &Web<'_>) {
        let body = json!({"tx_id": 0, "http": {
            "hostname": web.host,
            "url": web.rest,
            "http_user_agent": "Mozilla/5.0 (Synthetic; rv:1.0)",
            "http_content_type": "image/gif",
            "http_method": web.method,
            "protocol": "HTTP/1.1",
            "status": 200,
            "length": 43,
        }});
        self.event(web.ends.at, &web.ends, "TCP", "http", body);
    }

    pub(crate) fn tls(&mut self, ends: Ends<'_>, host: &str) {
        let body = json!({"tls": {"sni": host, "version": "TLS 1.3"}});
        self.event(ends.at, &ends, "TCP", "tls", body);
    }

    pub(crate) fn query(&mut self, query: &Query<'_>) {
        let id = query.ends.client.1 % 50_000;
        let asked = json!({"dns": {
            "type": "query",
            "id": id,
            "rrname": query.host,
            "rrtype": "A",
            "tx_id": 0,
            "opcode": 0,
        }});
        self.event(query.ends.at, &query.ends, "UDP", "dns", asked);
        let answered = json!({"dns": {
            "version": 2,
            "type": "answer",
            "id": id,
            "flags": "8180",
            "qr": true,
            "rd": true,
            "ra": true,
            "opcode": 0,
            "rrname": query.host,
            "rrtype": "A",
            "rcode": "NOERROR",
            "answers": [{"rrname": query.host, "rrtype": "A", "ttl": 300, "rdata": query.answer}],
            "grouped": {"A": [query.answer]},
        }});
        self.event(query.ends.at.plus(1_800), &query.ends, "UDP", "dns", answered);
    }

    pub(crate) fn lease(&mut self, lease: &Lease<'_>) {
        let ends =
            Ends { at: lease.at, uid: lease.uid, client: (DHCP, 67), server: (lease.address, 68) };
        let body = json!({"dhcp": {
            "type": "reply",
            "id": number(lease.uid) % 4_000_000_000,
            "client_mac": lease.mac,
            "assigned_ip": lease.address,
            "dhcp_type": "ack",
            "hostname": lease.name,
            "lease_time": 43_200,
        }});
        self.event(lease.at, &ends, "UDP", "dhcp", body);
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }

    fn event(&mut self, at: At, ends: &Ends<'_>, proto: &str, kind: &str, body: Value) {
        let mut event = json!({
            "timestamp": stamp(at),
            "flow_id": number(ends.uid),
            "in_iface": "eth1",
            "event_type": kind,
            "src_ip": ends.client.0,
            "src_port": ends.client.1,
            "dest_ip": ends.server.0,
            "dest_port": ends.server.1,
            "proto": proto,
        });
        if let (Some(event), Value::Object(body)) = (event.as_object_mut(), body) {
            event.extend(body);
        }
        self.series.push(at, event.to_string());
    }
}

/// All flags, those of the server, those of the client, the last state.
type Flags = (&'static str, &'static str, &'static str, &'static str);
const CLOSED: Flags = ("1b", "1b", "1b", "closed");
const REJECTED: Flags = ("16", "14", "02", "closed");
const UNANSWERED: Flags = ("02", "00", "02", "syn_sent");

/// `2021-01-06T03:19:31.123456+0000`
fn stamp(at: At) -> String {
    at.rfc3339_micros().replace("+00:00", "+0000")
}

/// A flow's number; JSON keeps 53 bits.
fn number(uid: &str) -> u64 {
    uid.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
        >> 11
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_counts_headers_and_a_rejection_no_payload() {
        let folder = tempfile::tempdir().expect("a temporary folder can be used");
        let mut eve = Eve::new(folder.path(), Pack::Plain);
        let at = At(1_609_903_171_123_456);
        let ends = Ends { at, uid: "C1", client: ("10.0.0.1", 4000), server: ("192.0.2.1", 443) };
        let flow = |sent, outcome| Flow {
            ends,
            service: Some("ssl"),
            micros: 5,
            sent,
            received: 0,
            outcome,
        };
        eve.flow(&flow(2800, Outcome::Closed));
        eve.flow(&flow(0, Outcome::Rejected));
        eve.finish().expect("a temporary folder can be used");
        let text = std::fs::read_to_string(folder.path().join("eve-2021-01-06.json"))
            .expect("a temporary folder can be used");
        let events: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("it is JSON")).collect();
        assert_eq!(events[0]["timestamp"], "2021-01-06T03:19:31.123461+0000");
        assert_eq!(events[0]["flow"]["bytes_toserver"], 2800 + 6 * 54);
        assert_eq!(events[0]["app_proto"], "tls");
        assert_eq!(events[1]["flow"]["bytes_toserver"], 54);
        assert_eq!(events[1]["tcp"]["tcp_flags_tc"], "14");
    }
}
