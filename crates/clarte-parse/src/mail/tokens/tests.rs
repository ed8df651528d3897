//! Our tokens against those of `html5gum`, which passes the standard's own
//! tests.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use proptest::prelude::*;

use super::*;
use crate::mail::element::Attribute;
use crate::mail::{charset, mime, transfer};

/// A token, in words that both have.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Text(String),
    Start { tag: Option<Tag>, attributes: Vec<(Attribute, String)>, self_closing: bool },
    End(Option<Tag>),
    Comment(String),
}

fn ours(html: &str) -> Vec<Seen> {
    let (mut tokens, mut element, mut seen) = (Tokens::new(html), Element::default(), Vec::new());
    while let Some(token) = tokens.next(&mut element) {
        seen.push(match token {
            Token::Text(text) => Seen::Text(text.into_owned()),
            Token::Start => {
                let value = |name| Some((name, element.get(name)?.into_owned()));
                Seen::Start {
                    tag: element.tag,
                    attributes: Attribute::ALL.iter().copied().filter_map(value).collect(),
                    self_closing: element.self_closing,
                }
            }
            Token::End(tag) => Seen::End(tag),
            // Nothing in a comment is resolved before it is read.
            Token::Comment(comment) => Seen::Comment(
                comment.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "\u{fffd}"),
            ),
        });
    }
    seen
}

/// Attributes as they come, with those that we pass over.
type Given = Vec<(Option<Attribute>, String)>;

fn theirs(html: &str) -> Vec<Seen> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut seen = Vec::new();
    let mut open: Option<(Option<Tag>, Given)> = None;
    let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        match event {
            CallbackEvent::OpenStartTag { name } => open = Some((Tag::of(name), Vec::new())),
            CallbackEvent::AttributeName { name } => {
                if let Some((_, attributes)) = &mut open {
                    attributes.push((Attribute::of(name), String::new()));
                }
            }
            CallbackEvent::AttributeValue { value } => {
                if let Some((_, value_of_last)) = open.as_mut().and_then(|open| open.1.last_mut()) {
                    value_of_last.push_str(&text(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                let (tag, given) = open.take().expect("a tag is open");
                let first = |name| given.iter().find(|(known, _)| *known == Some(name));
                let value = |name| Some((name, first(name)?.1.clone()));
                let attributes = Attribute::ALL.iter().copied().filter_map(value).collect();
                seen.push(Seen::Start { tag, attributes, self_closing });
            }
            CallbackEvent::EndTag { name } => seen.push(Seen::End(Tag::of(name))),
            CallbackEvent::String { value } => seen.push(Seen::Text(text(value))),
            CallbackEvent::Comment { value } => seen.push(Seen::Comment(text(value))),
            _ => {}
        }
        None
    };
    let mut emitter = CallbackEmitter::new(callback);
    emitter.naively_switch_states(true);
    let _ = Tokenizer::new_with_emitter(html, emitter).next();
    seen
}

/// Whether the two are known to differ: `html5gum` takes `<noscript>` and, by
/// a slip, `<noframe>` instead of `<noframes>` for raw text.
fn differs_knowingly(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    html.contains("<noscript") || html.contains("<noframe")
}

const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "</>",
    "<!",
    "<!--",
    "-->",
    "--!>",
    "-",
    "--",
    "!",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE ",
    "<?",
    "/",
    "/>",
    "=",
    "\"",
    "'",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\x0c",
    "\0",
    "&",
    "&amp;",
    "&copy",
    "&copy=",
    "&notit;",
    "&nbsp;",
    "&#",
    "&#x",
    "41;",
    "128;",
    ";",
    "\u{e9}",
    "\u{1d4b3}",
    "a",
    "B",
    "[if mso]>",
    "<![endif]-->",
    "<a href=",
    "<img src='x' ",
    "<p>",
    "</p>",
    "<v:fill src=",
    "style",
    "src",
    "href",
    "hidden",
    "<script>",
    "</script>",
    "<script",
    "</script",
    "<!--<script>",
    "<style>",
    "</STYLE>",
    "</style",
    "</style/x>",
    "<title>",
    "</title >",
    "<textarea>",
    "</textarea>",
    "<xmp>",
    "</xmp>",
    "<iframe>",
    "</iframe>",
    "<noembed>",
    "</noembed>",
    "<plaintext>",
    "<svg>",
    "<style/>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn markup_of_any_kind_is_read_as_the_standard_says(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
    ) {
        let html = pieces.concat();
        prop_assert_eq!(ours(&html), theirs(&html), "{}", html);
    }

    #[test]
    fn every_character_reference_is_read_as_the_standard_says(
        names in prop::collection::vec("&(#[xX]?[0-9a-fA-F]{1,8}|[A-Za-z]{1,8});?[=a-z0-9]?", 1..8),
    ) {
        let html = format!("{0}<a href=\"{0}\" src={0}>", names.concat());
        prop_assert_eq!(ours(&html), theirs(&html), "{}", html);
    }
}

#[test]
fn every_named_reference_is_resolved() {
    for line in include_str!("../entities.txt").lines() {
        let name = line.split(' ').next().expect("a name");
        for html in [format!("&{name}"), format!("&{name}x"), format!("<a href='&{name}='>")] {
            assert_eq!(ours(&html), theirs(&html), "{html}");
        }
    }
}

#[test]
fn without_scripts_there_is_markup_in_noscript_and_with_frames_none_in_noframes() {
    let tag = |tag, attributes| Seen::Start { tag, attributes, self_closing: false };
    let image = || tag(Some(Tag::Img), vec![(Attribute::Src, "x".to_owned())]);
    assert_eq!(
        ours("<noscript><img src=x></noscript>"),
        [tag(None, vec![]), image(), Seen::End(None)]
    );
    let noframes = Some(Tag::Noframes);
    assert_eq!(
        ours("<noframes><style></noframes><img src=x>"),
        [tag(noframes, vec![]), Seen::Text("<style>".to_owned()), Seen::End(noframes), image()]
    );
}

#[test]
fn markup_without_end_takes_time_in_proportion() {
    for piece in [
        "<",
        "</",
        "<!--",
        "<!-",
        "--",
        "<a ",
        "<a b='",
        "<!--<script>",
        "<title>",
        "</a b=\"",
        "&",
    ] {
        assert!(ours(&piece.repeat(400_000)).len() <= 400_000);
    }
}

/// The HTML parts of every mail of the shared data.
#[test]
fn the_html_of_real_mails_is_read_as_the_standard_says() {
    let data = std::env::var_os("CLARTE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    if !data.join("mail").is_dir() {
        println!("skipped: no shared data at {}", data.display());
        return;
    }
    let mut compared = 0;
    for folder in ["ham", "phish", "spam"] {
        let folder = std::fs::read_dir(data.join("mail").join(folder)).expect("a readable folder");
        for entry in folder {
            let path = entry.expect("a readable entry").path();
            let raw = std::fs::read(&path).expect("a readable file");
            for part in mime::split(&raw, 0).parts {
                if part.kind != mime::Kind::Leaf || part.content.mime != "text/html" {
                    continue;
                }
                let (bytes, _) = transfer::decode(part.content.encoding(), &raw[part.body.clone()]);
                let (html, _) = charset::decode(&bytes, part.content.charset.as_deref(), true);
                if !differs_knowingly(&html) {
                    assert_eq!(ours(&html), theirs(&html), "{}", path.display());
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
}
