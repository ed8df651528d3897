//! A stream of JSON objects, one a line or in arrays, however laid out.
//!
//! `{…}` and newline; `[{…},{…}]` on one line or many; arrays one after another;
//! `{"value":[…]}` as services page their answers; objects below a line that
//! numbers them (`Record 7`, as `evtx_dump` does); UTF-8 or UTF-16. Objects are
//! found by their braces, so that a damaged one costs itself: a quote that is never
//! closed ends with its line, and what never ends is given up line by line.

use std::sync::Arc;

use clarte_model::{Fault, FaultKind, Sink, Skipped};
use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE};
use memchr::{memchr, memmem};

use super::{Tape, Value, ordinary};
use crate::block::ReadPiece;
use crate::input::{LINE_CAP, Units};
use crate::lines::{Line, Piece};
use crate::{Input, Output, value};

/// Where an object lies in the stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// What a format does with the objects of its streams.
pub(crate) trait ReadObject: Send + Sync + 'static {
    /// Whether the object is one of the format's.
    fn is_ours(&self, object: Value<'_, '_>) -> bool;

    /// Reads it, and accounts for all of its span.
    fn read(&self, object: Value<'_, '_>, span: Span, sink: &mut dyn Sink);

    /// Whether an object's member of that name may be the array of all others.
    fn wraps(&self, name: &[u8]) -> bool {
        WRAPPERS.contains(&name)
    }
}

/// Whether most of the first objects of a stream are the reader's.
pub(crate) fn recognises(head: &[u8], reader: &impl ReadObject) -> bool {
    let text = match wide(head) {
        Some(encoding) => encoding.decode_with_bom_removal(head).0.into_owned().into_bytes(),
        None => without_bom(head).to_vec(),
    };
    let first = memchr(b'{', &text).unwrap_or(text.len());
    is_between(&text[..first]) && (in_lines(&text, reader) || in_arrays(&text, reader))
}

/// Reads the stream to its end.
pub(crate) fn read<R: ReadObject>(input: &mut Input<'_>, reader: &Arc<R>, out: &mut Output<'_>) {
    let head = input.head();
    match wide(head) {
        None if in_lines(without_bom(head), &**reader) => {
            let lines = Arc::new(Lines(Arc::clone(reader)));
            input.for_each_run(out, |run, offset, out| out.piece(&lines, run, offset));
        }
        encoding => Arrays::new(input, encoding, reader).read(out),
    }
}

const BOM: &[u8] = "\u{feff}".as_bytes();

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

/// The encoding of a stream of two-byte characters.
fn wide(head: &[u8]) -> Option<&'static Encoding> {
    match Units::of(head) {
        Units::Bytes => None,
        Units::Utf16Le => Some(UTF_16LE),
        Units::Utf16Be => Some(UTF_16BE),
    }
}

/// The first object of a stream that begins with `head`, as text.
pub(crate) fn first(head: &[u8], reader: &impl ReadObject) -> Option<String> {
    let text = match wide(head) {
        Some(encoding) => encoding.decode_with_bom_removal(head).0.into_owned().into_bytes(),
        None => without_bom(head).to_vec(),
    };
    let mut rest = text.as_slice();
    loop {
        match step(rest, reader) {
            Step::Object(length) => return Some(value::text(&rest[..length]).0.into_owned()),
            Step::Between(length) | Step::Wrapper(length) | Step::Broken(length) => {
                rest = &rest[length..];
            }
            Step::More => return None,
        }
    }
}

/// How many lines or objects of a head are looked at.
const LOOKS: usize = 8;

fn in_lines(head: &[u8], reader: &impl ReadObject) -> bool {
    let whole = memchr::memrchr(b'\n', head).map_or(head.len(), |end| end + 1);
    let lines = head[..whole].split(|byte| *byte == b'\n');
    let mut tape = Tape::default();
    let (mut seen, mut ours) = (0, 0);
    for line in lines.filter(|line| !line.trim_ascii().is_empty()).take(LOOKS) {
        let text = std::str::from_utf8(line).map(member).unwrap_or_default();
        seen += usize::from(!text.is_empty());
        ours += usize::from(tape.read(text).is_ok_and(|object| reader.is_ours(object)));
    }
    ours * 2 > seen
}

fn in_arrays(head: &[u8], reader: &impl ReadObject) -> bool {
    let mut tape = Tape::default();
    let (mut seen, mut ours, mut at) = (0, 0, 0);
    while seen < LOOKS {
        let (length, whole) = match step(&head[at..], reader) {
            Step::Between(length) | Step::Wrapper(length) => {
                at += length;
                continue;
            }
            Step::Object(length) => (length, true),
            Step::Broken(length) => (length, false),
            Step::More => break,
        };
        let text = value::text(&head[at..at + length]).0;
        let is_ours = whole && tape.read(&text).is_ok_and(|object| reader.is_ours(object));
        (seen, ours, at) = (seen + 1, ours + usize::from(is_ours), at + length);
    }
    ours * 2 > seen
}

/// What a line holds besides the commas and brackets of an array around it.
fn member(line: &str) -> &str {
    let between = |c: char| c.is_ascii_whitespace() || c == ',';
    let line = line.trim_start_matches('\u{feff}');
    let line = line.trim_start_matches(|c| between(c) || c == '[');
    line.trim_end_matches(|c| between(c) || c == ']')
}

/// An object a line.
struct Lines<R>(Arc<R>);

impl<R: ReadObject> ReadPiece for Lines<R> {
    fn read(&self, piece: &[u8], offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let mut tape = Tape::default();
        for Line { offset, length, text, invalid } in Piece::new(piece, offset).lines() {
            let span = Span { offset, length };
            let object = member(text);
            if !object.is_empty() {
                read_object(&*self.0, &mut tape, object, invalid, span, sink);
            } else if text.trim_ascii().is_empty() {
                sink.skip(offset, length, Skipped::Blank);
            } else {
                sink.skip(offset, length, Skipped::Separator);
            }
        }
        None
    }
}

fn read_object(
    reader: &impl ReadObject,
    tape: &mut Tape,
    text: &str,
    invalid: bool,
    span: Span,
    sink: &mut dyn Sink,
) {
    let Span { offset, length } = span;
    match tape.read(text) {
        Ok(object) => {
            if invalid {
                let detail = "the object is not UTF-8".to_owned();
                let kind = FaultKind::Encoding;
                sink.fault(Fault { offset, length, lost: false, kind, detail });
            }
            reader.read(object, span, sink);
        }
        Err((kind, detail)) => sink.fault(Fault { offset, length, lost: true, kind, detail }),
    }
}

/// What comes next in a text of objects and arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Bytes before the next brace.
    Between(usize),
    /// A whole object.
    Object(usize),
    /// The beginning of an object that holds the array of all others.
    Wrapper(usize),
    /// What cannot belong to an object, up to the end of its line.
    Broken(usize),
    /// What ends behind the text.
    More,
}

fn step(text: &[u8], reader: &impl ReadObject) -> Step {
    match memchr(b'{', text) {
        None if text.is_empty() => Step::More,
        None => Step::Between(text.len()),
        Some(0) => wrapper(text, reader).map_or_else(|| object(text), Step::Wrapper),
        Some(at) => Step::Between(at),
    }
}

/// The length of the object that the text begins with.
fn object(text: &[u8]) -> Step {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => match string(&text[at..]) {
                Some((length, true)) => at += length,
                Some((length, false)) => return Step::Broken(at + length),
                None => return Step::More,
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Step::Object(at);
                }
            }
            _ => {}
        }
    }
    Step::More
}

/// The length of a string behind its opening quote, and whether it is closed on
/// its line; `None` where the text ends before either.
fn string(text: &[u8]) -> Option<(usize, bool)> {
    let mut at = 0;
    loop {
        at += ordinary(&text[at..]);
        match text.get(at)? {
            b'"' => return Some((at + 1, true)),
            b'\\' => at += if text.get(at + 1)? == &b'\n' { 1 } else { 2 },
            b'\n' => return Some((at + 1, false)),
            // Other control characters are for whoever reads the object.
            _ => at += 1,
        }
        if at > text.len() {
            return None;
        }
    }
}

/// Names of the array in an object that holds all others.
const WRAPPERS: &[&[u8]] = &[b"value", b"records", b"Records", b"hits"];

/// Of an answer of Elasticsearch: the object around its array, and what may stand
/// before that.
const AROUND: &[u8] = b"hits";
const BEFORE: &[&[u8]] = &[b"_shards", b"total"];

/// How far the array of a wrapper may be from its beginning.
const WRAPPER_CAP: usize = 4 << 10;

/// The length of `{"@odata.context":"…","value":[` if the text begins so.
fn wrapper(text: &[u8], reader: &impl ReadObject) -> Option<usize> {
    let text = &text[..text.len().min(WRAPPER_CAP)];
    let space = |at: usize| at + text[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    let quoted = |at: usize| match (text.get(at)?, string(text.get(at + 1..)?)?) {
        (b'"', (length, true)) => Some((&text[at + 1..at + length], at + 1 + length)),
        _ => None,
    };
    let mut at = space(1);
    loop {
        let (name, end) = quoted(at)?;
        at = space(end);
        if *text.get(at)? != b':' {
            return None;
        }
        at = space(at + 1);
        match *text.get(at)? {
            b'[' => return reader.wraps(name).then_some(at + 1),
            b'"' => at = quoted(at)?.1,
            b'{' if name == AROUND => {
                at = space(at + 1);
                continue;
            }
            b'{' if BEFORE.contains(&name) => match object(&text[at..]) {
                Step::Object(length) => at += length,
                _ => return None,
            },
            b'{' => return None,
            _ => at += memchr(b',', &text[at..])?,
        }
        at = space(at);
        if *text.get(at)? != b',' {
            return None;
        }
        at = space(at + 1);
    }
}

/// A stream of arrays being cut into pieces of whole objects.
struct Arrays<'i, 'r, R> {
    input: &'i mut Input<'r>,
    /// For UTF-16, and the first half of a character of it.
    decoder: Option<Decoder>,
    half: Option<u8>,
    pieces: Arc<Pieces<R>>,
    /// Text not yet handed out, in UTF-8 unless damaged.
    window: Vec<u8>,
    /// Where in the stream it begins.
    offset: u64,
    ended: bool,
    /// End of what an object that never ended looked at, in the window.
    looked_at: usize,
    /// Whether all objects are inside another.
    wrapped: bool,
}

impl<'i, 'r, R: ReadObject> Arrays<'i, 'r, R> {
    fn new(input: &'i mut Input<'r>, encoding: Option<&'static Encoding>, reader: &Arc<R>) -> Self {
        let decoder = encoding.map(Encoding::new_decoder_without_bom_handling);
        let pieces = Pieces { reader: Arc::clone(reader), wide: decoder.is_some() };
        let offset = input.offset();
        Self {
            input,
            decoder,
            half: None,
            pieces: Arc::new(pieces),
            window: Vec::new(),
            offset,
            ended: false,
            looked_at: 0,
            wrapped: false,
        }
    }

    fn read(mut self, out: &mut Output<'_>) {
        self.fill(1);
        if self.window.starts_with(BOM) {
            self.skip(BOM.len(), Skipped::Header, out);
        }
        // What precedes `at` in the window are whole objects and what is
        // between them.
        let mut at = 0;
        loop {
            if at >= out.size() {
                self.hand_out(&mut at, out);
            }
            match step(&self.window[at..], &*self.pieces.reader) {
                Step::Between(length) if is_between(&self.window[at..at + length]) => at += length,
                Step::Object(length) if length <= LINE_CAP => at += length,
                Step::More if self.window.len() - at <= LINE_CAP && self.fill(out.size()) => {}
                Step::More if self.window.len() == at => break,
                step => {
                    self.hand_out(&mut at, out);
                    self.take_odd(step, out);
                }
            }
        }
        self.hand_out(&mut at, out);
        if self.half.is_some() {
            let (kind, detail) = (FaultKind::Truncated, "half a character".to_owned());
            out.sink().fault(Fault { offset: self.offset, length: 1, lost: true, kind, detail });
        }
    }

    /// Takes what is neither an object nor simply between two.
    fn take_odd(&mut self, step: Step, out: &mut Output<'_>) {
        let malformed = |detail: &str| (FaultKind::Malformed, detail.to_owned());
        let (length, (kind, detail)) = match step {
            Step::Wrapper(length) => {
                self.wrapped = true;
                return self.skip(length, Skipped::Header, out);
            }
            Step::Between(length) if self.wrapped => {
                return self.skip(length, Skipped::Header, out);
            }
            Step::Between(length) => (length, malformed("no JSON object")),
            Step::Broken(length) => (length, malformed("a string is not closed on its line")),
            Step::Object(length) => {
                (length, (FaultKind::TooLarge, "an object over 1 MiB".to_owned()))
            }
            Step::More if self.window.len() > LINE_CAP => {
                (self.give_up(), (FaultKind::TooLarge, "an object over 1 MiB".to_owned()))
            }
            Step::More => {
                let detail = "the stream ends inside this object".to_owned();
                (self.give_up(), (FaultKind::Truncated, detail))
            }
        };
        let (offset, length) = self.drop(length);
        out.sink().fault(Fault { offset, length, lost: true, kind, detail });
    }

    /// How much of an object that never ends is given up: its first line, or
    /// what precedes the next object of its array; all if looked at before.
    fn give_up(&mut self) -> usize {
        let again = std::mem::replace(&mut self.looked_at, self.window.len()) > 0;
        if again {
            return self.window.len();
        }
        let line = memchr(b'\n', &self.window).map(|at| at + 1);
        let neighbour = || memmem::find(&self.window, b"},{").map(|at| at + 2);
        line.or_else(neighbour).unwrap_or(self.window.len())
    }

    fn hand_out(&mut self, length: &mut usize, out: &mut Output<'_>) {
        let length = std::mem::take(length);
        if length > 0 {
            out.piece(&self.pieces, &self.window[..length], self.offset);
            self.drop(length);
        }
    }

    fn skip(&mut self, length: usize, why: Skipped, out: &mut Output<'_>) {
        let (offset, length) = self.drop(length);
        out.sink().skip(offset, length, why);
    }

    /// Forgets the first bytes of the window; returns where they lay.
    fn drop(&mut self, length: usize) -> (u64, u64) {
        let width = self.pieces.width(&self.window[..length]);
        let offset = self.offset;
        self.window.drain(..length);
        self.looked_at = self.looked_at.saturating_sub(length);
        self.offset += width;
        (offset, width)
    }

    /// Reads on; `false` at the end of the stream.
    fn fill(&mut self, wanted: usize) -> bool {
        if self.ended {
            return false;
        }
        let mut bytes = self.input.take(wanted.max(1 << 16));
        self.ended = bytes.is_empty();
        match &mut self.decoder {
            None => self.window.extend_from_slice(&bytes),
            Some(decoder) => {
                if !self.ended {
                    bytes.splice(0..0, self.half.take());
                    self.half = if bytes.len() % 2 == 1 { bytes.pop() } else { None };
                }
                let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(0);
                let mut text = String::with_capacity(room);
                _ = decoder.decode_to_string(&bytes, &mut text, self.ended);
                self.window.extend_from_slice(text.as_bytes());
            }
        }
        !self.ended || !self.window.is_empty()
    }
}

/// Whether bytes are what may stand between the objects of arrays, or number the
/// next one.
fn is_between(bytes: &[u8]) -> bool {
    let is_separator = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'[' | b']' | b',');
    let number = bytes.trim_ascii().strip_prefix(b"Record ");
    bytes.iter().all(is_separator)
        || number.is_some_and(|number| number.iter().all(u8::is_ascii_digit))
}

/// Pieces of whole objects and what is between them.
struct Pieces<R> {
    reader: Arc<R>,
    /// Whether the stream is UTF-16, of which pieces are in UTF-8.
    wide: bool,
}

impl<R> Pieces<R> {
    /// How many bytes of the stream a text takes.
    fn width(&self, text: &[u8]) -> u64 {
        if !self.wide {
            return text.len() as u64;
        }
        // A character that takes four bytes in UTF-8 takes two units of UTF-16.
        let units = |byte: &u8| match byte {
            0x80..0xc0 => 0,
            0xf0.. => 4,
            _ => 2,
        };
        text.iter().map(units).sum()
    }
}

impl<R: ReadObject> ReadPiece for Pieces<R> {
    fn read(&self, piece: &[u8], mut offset: u64, sink: &mut dyn Sink) -> Option<&'static str> {
        let mut tape = Tape::default();
        let mut rest = piece;
        loop {
            let (length, is_object) = match step(rest, &*self.reader) {
                Step::Between(length) => (length, false),
                Step::Object(length) => (length, true),
                // Pieces hold nothing else.
                Step::Wrapper(_) | Step::Broken(_) | Step::More => return None,
            };
            let (text, behind) = rest.split_at(length);
            let span = Span { offset, length: self.width(text) };
            if is_object {
                let (text, invalid) = value::text(text);
                read_object(&*self.reader, &mut tape, &text, invalid, span, sink);
            } else {
                sink.skip(offset, span.length, Skipped::Separator);
            }
            (rest, offset) = (behind, offset + span.length);
        }
    }
}

#[cfg(test)]
mod tests {
    use clarte_model::Record;

    use super::*;

    #[derive(Default, Debug, PartialEq)]
    struct Log(Vec<(u64, u64, String)>);

    impl Sink for Log {
        fn record(&mut self, record: &Record<'_>) {
            self.0.push((record.offset, record.length, "record".into()));
        }
        fn fault(&mut self, fault: Fault) {
            self.0.push((fault.offset, fault.length, fault.kind.to_string()));
        }
        fn skip(&mut self, offset: u64, length: u64, why: Skipped) {
            self.0.push((offset, length, why.as_str().into()));
        }
    }

    struct WithId;

    impl ReadObject for WithId {
        fn is_ours(&self, object: Value<'_, '_>) -> bool {
            object.get("id").is_some()
        }
        fn read(&self, _: Value<'_, '_>, span: Span, sink: &mut dyn Sink) {
            let (class, source) = (clarte_model::Class::Other, clarte_model::Source::Other);
            sink.record(&Record::new(class, source, span.offset, span.length));
        }
    }

    fn read_all(bytes: &[u8]) -> Vec<(u64, u64, String)> {
        let mut log = Log::default();
        let mut stream = bytes;
        let mut input = Input::new(&mut stream);
        read(&mut input, &Arc::new(WithId), &mut Output::new(&mut log));
        assert_eq!(input.offset(), bytes.len() as u64);
        log.0
    }

    fn expected(spans: &[(u64, u64, &str)]) -> Vec<(u64, u64, String)> {
        spans.iter().map(|(offset, length, what)| (*offset, *length, (*what).to_owned())).collect()
    }

    #[test]
    fn objects_are_found_in_lines_and_arrays() {
        let lines = b"{\"id\":1}\n{\"id\":2},\n\n]\n";
        assert_eq!(
            read_all(lines),
            expected(&[
                (0, 9, "record"),
                (9, 10, "record"),
                (19, 1, "blank"),
                (20, 2, "separator")
            ])
        );
        let arrays = b"\xef\xbb\xbf[{\"id\":1},{\"id\":{\"a\":\"}\"}}][\n{\n\"id\":3}]";
        assert_eq!(
            read_all(arrays),
            expected(&[
                (0, 3, "header"),
                (3, 1, "separator"),
                (4, 8, "record"),
                (12, 1, "separator"),
                (13, 16, "record"),
                (29, 3, "separator"),
                (32, 9, "record"),
                (41, 1, "separator"),
            ])
        );
        for bytes in [&lines[..], arrays] {
            assert!(recognises(bytes, &WithId));
        }
    }

    #[test]
    fn a_wrapper_is_no_object_of_its_own() {
        let text = br#"{"@odata.context":"x","n":1,"value":[{"id":1}],"next":"y"}"#;
        assert!(recognises(text, &WithId));
        assert_eq!(
            read_all(text),
            expected(&[(0, 37, "header"), (37, 8, "record"), (45, 13, "header")])
        );
    }

    #[test]
    fn answers_of_elasticsearch_and_numbered_objects_are_read() {
        let text = br#"{"took":1,"_shards":{"total":1},"hits":{"total":{"value":1},"max_score":1.0,"hits":[{"id":1}]}}"#;
        assert!(recognises(text, &WithId));
        assert_eq!(
            read_all(text),
            expected(&[(0, 84, "header"), (84, 8, "record"), (92, 3, "header")])
        );
        let text = b"Record 1\n{\n\"id\":1}\nRecord 2\n{\"id\":2}\nRecord x\n";
        assert!(recognises(text, &WithId));
        assert_eq!(
            read_all(text),
            expected(&[
                (0, 9, "separator"),
                (9, 9, "record"),
                (18, 10, "separator"),
                (28, 8, "record"),
                (36, 10, "malformed")
            ])
        );
        assert!(!recognises(b"Record of the day\n{\"id\":1}", &WithId));
    }

    #[test]
    fn utf_16_is_read_with_its_own_spans() {
        let text = "\u{feff}[{\"id\":\"é€😀\"},\n{\"id\":2}]";
        for swap in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(swap).collect();
            assert!(recognises(&bytes, &WithId));
            assert_eq!(
                read_all(&bytes),
                expected(&[
                    (0, 2, "header"),
                    (2, 2, "separator"),
                    (4, 26, "record"),
                    (30, 4, "separator"),
                    (34, 16, "record"),
                    (50, 2, "separator"),
                ])
            );
        }
    }

    #[test]
    fn a_damaged_object_costs_itself() {
        let text = b"[\n{\n\"id\":1,\n\"a\":\"x},\n{\n\"id\":2}\n,\n{\n\"id\":3\n";
        let found = read_all(text);
        assert_eq!(
            found[..3],
            expected(&[(0, 2, "separator"), (2, 19, "malformed"), (21, 9, "record")])
        );
        assert!(found.iter().any(|(_, _, what)| what == "truncated"));
        let length: u64 = found.iter().map(|(_, length, _)| length).sum();
        assert_eq!(length, text.len() as u64);
    }

    #[test]
    fn what_never_ends_is_not_read_over_and_over() {
        for unit in ["{\n", "{\"a\":[{},", "{\"a\":[\"},{"] {
            let text = unit.repeat(3_000_000 / unit.len());
            let length: u64 = read_all(text.as_bytes()).iter().map(|(_, length, _)| length).sum();
            assert_eq!(length, text.len() as u64, "{unit:?}");
        }
    }
}
