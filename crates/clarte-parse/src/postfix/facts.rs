//! What one Postfix line says about a message.

use clarte_model::Field;

use crate::json::Object;

/// What a line says.
#[derive(Default)]
pub(super) struct Facts<'a> {
    /// Texts as the line writes them.
    pub(super) fields: Vec<(Field, &'a str)>,
    /// The recipient, where the line concerns one.
    pub(super) recipient: Option<&'a str>,
    /// What has no column.
    pub(super) unmapped: Object,
}

/// Reads what `daemon` says; `None` where that is nothing about a message.
pub(super) fn read<'a>(daemon: &str, message: &'a str) -> Option<Facts<'a>> {
    let (id, rest) = message.split_once(": ")?;
    let mut facts = Facts::default();
    if id == "NOQUEUE" {
        return facts.refusal(rest).then_some(facts);
    }
    if !is_queue_id(id) {
        return None;
    }
    facts.fields.push((Field::QueueId, id));
    let known = if rest == "removed" {
        facts.fields.push((Field::Status, "removed"));
        true
    } else if rest.starts_with("to=<") {
        facts.delivery(daemon, rest)
    } else {
        facts.refusal(rest) || facts.message(daemon, rest)
    };
    known.then_some(facts)
}

/// Short ids are upper-case hexadecimal; long ones avoid vowels, so that no
/// word is one.
fn is_queue_id(text: &str) -> bool {
    let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
    let vowelless = text.bytes().all(|b| b.is_ascii_alphanumeric() && !b"aeiouAEIOU".contains(&b));
    match text.len() {
        5..=9 => hex,
        10..=24 => hex || vowelless,
        _ => false,
    }
}

impl<'a> Facts<'a> {
    /// `client=…`, `message-id=…`, `from=…` with what follows them.
    fn message(&mut self, daemon: &str, text: &'a str) -> bool {
        let mut known = false;
        // The one pair of pairs without a comma: `uid=33 from=<www-data>`.
        let text = match text.split_once(" from=<") {
            Some((uid, _)) if daemon == "pickup" => &text[uid.len() + 1..],
            _ => text,
        };
        for (key, value) in pairs(text) {
            match key {
                "client" => self.client(value),
                "sasl_username" => self.fields.push((Field::UserName, value)),
                "message-id" => self.fields.push((Field::MailMessageId, value)),
                "from" => {
                    self.sender(value);
                    self.fields.push((Field::Status, "queued"));
                }
                "size" | "nrcpt" => {
                    let digits = value.split(' ').next().unwrap_or_default();
                    if let Ok(number) = digits.parse() {
                        self.unmapped.integer(key, number);
                    }
                }
                "status" if value.starts_with("expired") => {
                    self.fields.push((Field::Status, "expired"));
                    self.fields.push((Field::StatusDetail, text));
                }
                "sasl_method" | "sasl_sender" | "orig_queue_id" | "orig_client" => {
                    self.unmapped.text(key, value);
                }
                _ => continue,
            }
            known |= matches!(key, "client" | "message-id") || (key == "from" && daemon != "smtpd");
        }
        known
    }

    /// `to=<…>, orig_to=<…>, relay=…, delay=…, dsn=…, status=… (…)`
    fn delivery(&mut self, daemon: &str, text: &'a str) -> bool {
        for (key, value) in pairs(text) {
            match key {
                "to" => self.recipient = Some(value),
                "orig_to" => _ = self.unmapped.text(key, value),
                "relay" => self.relay(value),
                "status" => {
                    // The rest is the words of the next hop, commas and all.
                    let at = text.find("status=").map_or(0, |at| at + 7);
                    self.outcome(daemon, &text[at..]);
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    fn outcome(&mut self, daemon: &str, text: &'a str) {
        let (status, detail) = text.split_once(' ').unwrap_or((text, ""));
        let next = ["queued as ", "forwarded as "].iter().find_map(|words| {
            let (_, after) = detail.split_once(words)?;
            let end = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
            (end > 0).then(|| &after[..end])
        });
        let status = match status {
            "sent" if daemon == "discard" => "filtered",
            "sent" if daemon == "smtp" || next.is_some() => "relayed",
            "sent" => "delivered",
            "bounced" | "deferred" | "expired" => status,
            _ => "unknown",
        };
        self.fields.push((Field::Status, status));
        self.fields.push((Field::StatusDetail, text));
        if let Some(next) = next {
            self.fields.push((Field::NextQueueId, next));
        }
    }

    /// `reject: RCPT from host[ip]: 550 …; from=<…> to=<…> proto=… helo=<…>`
    fn refusal(&mut self, text: &'a str) -> bool {
        let Some((how, rest)) = text.split_once(": ") else { return false };
        if !matches!(how, "reject" | "milter-reject") {
            return false;
        }
        if let Some((_, client)) = rest.split_once(" from ") {
            let end = client.find("]").map_or(0, |end| end + 1);
            self.client(&client[..end]);
        }
        if let Some((_, envelope)) = rest.rsplit_once("; from=<") {
            self.sender(envelope.split('>').next().unwrap_or_default());
            let to = envelope.split_once(" to=<").map(|(_, to)| to);
            self.recipient = to.and_then(|to| to.split('>').next()).filter(|to| !to.is_empty());
        }
        // `450 4.2.0 …` or `4.7.1 …`: whoever was refused may try again.
        let code = rest.split_once("]").and_then(|(_, rest)| rest.split_once(": "));
        let is_temporary = code.is_some_and(|(_, code)| code.starts_with('4'));
        let status = if is_temporary { "deferred" } else { "rejected" };
        self.fields.push((Field::Status, status));
        self.fields.push((Field::StatusDetail, text));
        true
    }

    /// `host[ip]`, `[ip]`, `unknown[ip]`, with or without a port.
    fn client(&mut self, text: &'a str) {
        let Some((host, ip)) = text.split_once('[') else { return };
        if !matches!(host, "" | "unknown") {
            self.fields.push((Field::SrcHostname, host));
        }
        let ip = ip.split(']').next().unwrap_or_default();
        self.fields.push((Field::SrcIp, ip.strip_prefix("IPv6:").unwrap_or(ip)));
    }

    /// `host[ip]:port`, or the name of a local agent.
    fn relay(&mut self, text: &'a str) {
        match text.split_once('[') {
            Some((host, rest)) => {
                self.fields.push((Field::DstHostname, host));
                self.fields.push((Field::DstIp, rest.split(']').next().unwrap_or_default()));
            }
            None if text != "none" => _ = self.unmapped.text("relay", text),
            None => {}
        }
    }

    fn sender(&mut self, text: &'a str) {
        if !text.is_empty() {
            self.fields.push((Field::MailEnvelopeFrom, text));
        }
    }
}

/// The `key=value` and `key=<value>` of a line, in order; no line has more than
/// a dozen, and only hostile ones more than are read.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    let next = std::iter::from_fn(move || {
        let (key, after) = rest.split_once('=')?;
        let (value, next) = match after.strip_prefix('<').map(|inner| (inner, inner.find('>'))) {
            Some((inner, Some(end))) => (&inner[..end], &inner[end + 1..]),
            _ => after.split_at(after.find(", ").unwrap_or(after.len())),
        };
        rest = next.trim_start_matches([',', ' ']);
        Some((key.trim(), value))
    });
    next.take(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(daemon: &str, message: &'static str) -> Option<Vec<(Field, &'static str)>> {
        let facts = read(daemon, message)?;
        let mut fields = facts.fields;
        fields.extend(facts.recipient.map(|to| (Field::MailTo, to)));
        fields.retain(|(field, _)| !matches!(field, Field::QueueId | Field::StatusDetail));
        Some(fields)
    }

    #[test]
    fn words_of_the_next_hop_are_not_taken_for_ours() {
        let line = "4F9D1A0B2C: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, delay=1, \
                    dsn=5.0.0, status=bounced (host said: 550 to=<x@y>, status=sent (in reply))";
        let expected = vec![
            (Field::DstHostname, "mx.b.example"),
            (Field::DstIp, "192.0.2.1"),
            (Field::Status, "bounced"),
            (Field::MailTo, "a@b.example"),
        ];
        assert_eq!(said("smtp", line), Some(expected));
    }

    #[test]
    fn what_is_handed_on_is_not_delivered() {
        let status = |daemon, message| {
            said(daemon, message).and_then(|all| {
                all.iter().find(|(field, _)| *field == Field::Status).map(|(_, status)| *status)
            })
        };
        let lmtp =
            "4F9D1A0B2C: to=<a@b>, relay=x, status=sent (250 2.0.0 Ok: queued as 5A5A5A5A5A)";
        assert_eq!(status("lmtp", lmtp), Some("relayed"));
        let refused =
            "NOQUEUE: reject: RCPT from x[192.0.2.1]:25: 450 4.2.0 <a@b.example>: greylisted";
        assert_eq!(status("smtpd", refused), Some("deferred"));
        let refused = "NOQUEUE: reject: RCPT from x[192.0.2.1]: 554 5.7.1 <a@b.example>: 4 times";
        assert_eq!(status("smtpd", refused), Some("rejected"));
        let saved = "4F9D1A0B2C: to=<a@b>, relay=x, status=sent (250 2.0.0 <a@b> Saved)";
        assert_eq!(status("lmtp", saved), Some("delivered"));
        assert_eq!(status("smtp", saved), Some("relayed"));
        assert_eq!(status("qmgr", "4F9D1A0B2C: removed"), Some("removed"));
    }

    #[test]
    fn lines_about_no_message_say_nothing() {
        for message in [
            "connect from unknown[192.0.2.1]",
            "warning: hostname x does not resolve",
            "statistics: max connection rate 1/60s",
            "NOQUEUE: reject_warning: RCPT from x[192.0.2.1]: 550",
            "4F9D1A0B2C: sender non-delivery notification: 5A5A5A5A5A",
        ] {
            assert!(read("smtpd", message).is_none(), "{message}");
        }
    }
}
