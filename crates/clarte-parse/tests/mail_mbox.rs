//! mbox in all its dialects: where messages begin and end, to the byte.

use clarte_model::{Fault, FaultKind, Field, Record, Sink, Skipped, Streams};
use clarte_parse::{Context, read};

#[derive(Default)]
struct Seen {
    /// Subject, offset and length of every record.
    messages: Vec<(String, usize, usize)>,
    times: Vec<Option<String>>,
    faults: Vec<(FaultKind, bool)>,
}

impl Sink for Seen {
    fn record(&mut self, record: &Record<'_>) {
        let subject = record.get_text(Field::MailSubject).unwrap_or_default().to_owned();
        self.messages.push((subject, record.offset as usize, record.length as usize));
        self.times.push(record.time.map(|time| time.at.to_string()));
    }
    fn fault(&mut self, fault: Fault) {
        self.faults.push((fault.kind, fault.lost));
    }
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
}

impl Streams for Seen {}

/// Reads `text` as an mbox and checks its account.
fn seen(text: &str) -> Seen {
    let mut seen = Seen::default();
    let outcomes = read(&mut text.as_bytes(), &Context::default(), &mut seen);
    let outcome = outcomes.only().expect("one stream");
    assert_eq!(outcome.format, "mbox", "{text}");
    assert!(outcome.account.is_exact(text.len() as u64), "{text}: {:?}", outcome.account);
    seen
}

/// The subjects and bodies of the messages of `text`.
fn messages(text: &str) -> Vec<(String, String)> {
    let body = |span: &str| {
        let (_, body) =
            span.split_once("\n\n").or_else(|| span.split_once("\r\n\r\n")).unwrap_or_default();
        body.to_owned()
    };
    let seen = seen(text);
    seen.messages
        .into_iter()
        .map(|(subject, offset, length)| (subject, body(&text[offset..offset + length])))
        .collect()
}

fn expect(text: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(subject, body)| ((*subject).to_owned(), (*body).to_owned()))
        .collect();
    assert_eq!(messages(text), expected, "{text}");
    let crlf = text.replace('\n', "\r\n");
    let crlf_expected: Vec<_> = expected
        .iter()
        .map(|(subject, body)| (subject.clone(), body.replace('\n', "\r\n")))
        .collect();
    assert_eq!(messages(&crlf), crlf_expected, "with CRLF: {text}");
}

const SEPARATOR: &str = "From a@b.example Wed Jan  6 03:19:31 2021\n";

#[test]
fn messages_end_before_the_blank_line_of_the_next_separator() {
    let text =
        format!("{SEPARATOR}Subject: one\n\nbody 1\n\n{SEPARATOR}Subject: two\n\nbody 2\n\n");
    expect(&text, &[("one", "body 1\n"), ("two", "body 2\n")]);
    expect(text.trim_end(), &[("one", "body 1\n"), ("two", "body 2")]);
}

#[test]
fn a_from_line_in_a_body_is_no_separator() {
    for line in [
        ">From a@b.example Wed Jan  6 03:19:31 2021",
        "From now on, we meet on Wed at 10:00",
        "From a@b.example Wed Jan  6 03:19:31 2021\nand no header follows",
    ] {
        let text = format!(
            "{SEPARATOR}Subject: one\n\nbody\n\n{line}\nmore\n\n{SEPARATOR}Subject: two\n\n2\n"
        );
        expect(&text, &[("one", &format!("body\n\n{line}\nmore\n")), ("two", "2\n")]);
    }
    let unspaced = format!("{SEPARATOR}Subject: one\n\nbody\n{SEPARATOR}X: 1\n");
    expect(&unspaced, &[("one", &format!("body\n{SEPARATOR}X: 1\n"))]);
}

#[test]
fn content_length_is_believed_where_it_leads_to_a_separator() {
    let inner = format!("forwarded:\n\n{SEPARATOR}Subject: inner\n\nx\n");
    let text = |length: usize| {
        format!(
            "{SEPARATOR}Subject: one\nContent-Length: {length}\n\n{inner}\n{SEPARATOR}Subject: two\n\n2\n"
        )
    };
    assert_eq!(
        messages(&text(inner.len())),
        [("one".to_owned(), inner.clone()), ("two".to_owned(), "2\n".to_owned())]
    );
    for wrong in [0, 5, inner.len() - 3, inner.len() + 9, 99_999, usize::MAX] {
        let subjects: Vec<_> =
            messages(&text(wrong)).into_iter().map(|(subject, _)| subject).collect();
        assert_eq!(subjects, ["one", "inner", "two"], "Content-Length: {wrong}");
    }
}

#[test]
fn damage_at_the_edges_is_told() {
    let garbage = format!("some notes\nof nobody\n\n{SEPARATOR}Subject: one\n\nbody\n");
    let all = seen(&garbage);
    assert_eq!((all.messages.len(), all.faults), (1, vec![(FaultKind::Malformed, true)]));
    let cut =
        format!("{SEPARATOR}Subject: one\n\nbody\n\n{SEPARATOR}Received: from x by y; Wed, 6 Ja");
    let all = seen(&cut);
    let expected = vec![(FaultKind::Truncated, false), (FaultKind::BadTime, false)];
    assert_eq!((all.messages.len(), all.faults), (2, expected));
    let empty = seen(SEPARATOR);
    assert_eq!((empty.messages.len(), empty.faults), (0, vec![(FaultKind::Truncated, false)]));
    let headless = format!("{SEPARATOR}Subject: one\n\nbody\n\n{SEPARATOR}>From x\n\nno header\n");
    assert_eq!(seen(&headless).faults, [(FaultKind::Malformed, true)]);
}

#[test]
fn the_separator_dates_a_message_that_nothing_else_dates() {
    let text = format!(
        "{SEPARATOR}Subject: one\nDate: Fri, 1 Jan 2021 00:00:00 +0000\n\n1\n\n\
         {SEPARATOR}Subject: two\nReceived: from x by y; Tue, 5 Jan 2021 10:00:00 +0100\n\n2\n\n\
         From c@d.example Thu Jan  1 00:00:00 1970\nSubject: three\n\n3\n"
    );
    let all = seen(&text);
    let expected = [Some("2021-01-06T03:19:31Z"), Some("2021-01-05T09:00:00Z"), None];
    assert_eq!(all.times.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    assert_eq!(all.faults, [(FaultKind::ImplausibleTime, false)]);
    let mut context = Context::default();
    context.zones.set("mbox", "Europe/Brussels").expect("a known zone");
    let mut local = Seen::default();
    read(&mut text.as_bytes(), &context, &mut local);
    assert_eq!(local.times[0].as_deref(), Some("2021-01-06T02:19:31Z"));
}

#[test]
fn messages_longer_than_every_buffer_keep_their_ends() {
    let long = "x".repeat(700_000);
    let lines = "a line of text\n".repeat(60_000);
    let mut text = String::new();
    for body in [long.as_str(), "", lines.as_str(), "short\n", long.as_str()] {
        text.push_str(&format!("{SEPARATOR}Subject: s\n\n{body}\n\n"));
    }
    let lengths: Vec<_> = seen(&text).messages.into_iter().map(|(_, _, length)| length).collect();
    let header = "Subject: s\n\n".len();
    assert_eq!(
        lengths,
        [header + 700_001, header + 1, header + 900_001, header + 7, header + 700_001]
    );
}
