//! Exchange's message tracking log, one file a day.
//! Spec: <https://learn.microsoft.com/exchange/mail-flow/transport-logs/message-tracking>

use std::path::Path;

use crate::RangeError;
use crate::calendar::At;
use crate::rng::{Rng, Topic};
use crate::variety::Pack;
use crate::world::MAIL_STORE;
use crate::writers::mta::{Delivery, End, Refusal};
use crate::writers::series::{Every, Series};

const SERVER: &str = "EXCH01.office.example";
const FIELDS: &str = "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,\
    connector-id,source,event-id,internal-message-id,message-id,network-message-id,recipient-address,\
    recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,\
    sender-address,return-path,message-info,directionality,tenant-id,original-client-ip,\
    original-server-ip,custom-data,transport-traffic-type,log-id,schema-version";

/// The tracking log.
pub(crate) struct Exchange {
    seed: u64,
    serial: u64,
    series: Series,
}

/// One row; what it leaves out is empty.
struct Event<'a> {
    at: At,
    client: (&'a str, &'a str),
    source: &'a str,
    event: &'a str,
    status: &'a str,
    message_id: &'a str,
    from: &'a str,
    to: &'a str,
    subject: &'a str,
    bytes: usize,
    way: &'a str,
}

impl Exchange {
    pub(crate) fn new(folder: &Path, pack: Pack, seed: u64) -> Self {
        let folder = folder.to_owned();
        let name = move |at: At| folder.join(format!("MSGTRK{}-1.LOG", at.compact_date()));
        let head = |at: At| {
            let time = at.rfc3339_millis();
            format!(
                "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2176.009\r\n\
                 #Log-type: Message Tracking Log\r\n#Date: {time}\r\n#Fields: {FIELDS}\r\n"
            )
        };
        let series = Series::new(name, Every::Day, pack).headed(head).crlf();
        Self { seed, serial: 0, series }
    }

    /// Exchange numbers messages.
    pub(crate) fn queue_id(&mut self) -> String {
        self.serial += 1;
        (24_567_000_000_000 + self.serial).to_string()
    }

    /// Received, then delivered, sent on or failed.
    pub(crate) fn deliver(&mut self, id: &str, mail: &Delivery<'_>) {
        let way = if mail.login.is_some() { "Originating" } else { "Incoming" };
        let inner = (SERVER, MAIL_STORE);
        let base = |at, client, source, event, status| Event {
            at,
            client,
            source,
            event,
            status,
            message_id: mail.message_id,
            from: mail.from,
            to: mail.to,
            subject: mail.subject,
            bytes: mail.bytes,
            way,
        };
        self.row(id, &base(mail.at, mail.client, "SMTP", "RECEIVE", ""));
        let later = mail.at.plus(700_000);
        let last = match mail.end {
            End::Delivered => base(later, inner, "STOREDRIVER", "DELIVER", ""),
            End::Relayed => base(later, inner, "SMTP", "SEND", "250 2.0.0 OK"),
            End::Bounced => base(
                later,
                inner,
                "STOREDRIVER",
                "FAIL",
                "[{LED=554 5.2.2 mailbox full};{FQDN=};{IP=}]",
            ),
        };
        self.row(id, &last);
    }

    /// Refused by the anti-spam agents once the content is known.
    pub(crate) fn reject(&mut self, refusal: &Refusal<'_>) {
        let id = self.queue_id();
        self.row(
            &id,
            &Event {
                at: refusal.at,
                client: refusal.client,
                source: "AGENT",
                event: "FAIL",
                status: "[{LED=550 5.7.1 Message rejected as spam by Content Filtering.};{FQDN=};{IP=}]",
                message_id: refusal.message_id,
                from: refusal.from,
                to: refusal.to,
                subject: "",
                bytes: 0,
                way: "Incoming",
            },
        );
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }

    fn row(&mut self, id: &str, event: &Event<'_>) {
        let number: u64 = id.parse().unwrap_or(0);
        let mut rng = Rng::keyed(self.seed, Topic::Mta, &[number, 3]);
        let network = format!("{}-{}-4000-8000-{}", rng.hex(8), rng.hex(4), rng.hex(12));
        let Event { at, client: (name, ip), source, event: what, message_id, bytes, .. } = event;
        let Event { from, to, way, .. } = event;
        let (status, subject) = (field(event.status), field(event.subject));
        let connector = if *what == "RECEIVE" { "EXCH01\\Default EXCH01" } else { "" };
        self.series.push(
            *at,
            format!(
                "{},{ip},{name},{MAIL_STORE},{SERVER},,{connector},{source},{what},{id},<{message_id}>,\
                 {network},{to},{status},{bytes},1,,,{subject},{from},{from},,{way},,{ip},,,Email,{},15.01.2176.009",
                at.rfc3339_millis(),
                rng.hex(12)
            ),
        );
    }
}

/// A CSV field, quoted where it must be.
fn field(text: &str) -> String {
    if text.contains([',', '"']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_as_many_fields_as_the_header_names() {
        let folder = tempfile::tempdir().expect("a temporary folder can be used");
        let mut exchange = Exchange::new(folder.path(), Pack::Plain, 1);
        let id = exchange.queue_id();
        exchange.deliver(
            &id,
            &Delivery {
                at: At(1_609_903_171_123_456),
                client: ("mx.h.example", "192.0.2.1"),
                login: None,
                message_id: "a@h.example",
                from: "x@h.example",
                to: "y@o.example",
                subject: "A colon: and no comma",
                bytes: 812,
                end: End::Bounced,
                cut: false,
            },
        );
        exchange.finish().expect("a temporary folder can be used");
        let path = folder.path().join("MSGTRK20210106-1.LOG");
        let text = std::fs::read_to_string(path).expect("it was written");
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 7);
        let count = FIELDS.split(',').count();
        assert_eq!(lines[4].split(',').count(), count);
        for row in &lines[5..] {
            assert_eq!(row.split(',').count(), count, "{row}");
        }
        assert!(lines[5].starts_with("2021-01-06T03:19:31.123Z,192.0.2.1,mx.h.example,"));
        assert!(lines[6].contains(",STOREDRIVER,FAIL,"));
    }
}
