//! An HTML body: what it refers to and what a reader sees of its text.
//! Spec: the HTML standard's tokenisation and, per element, the attributes
//! that make a browser or mail program fetch something.
//!
//! One pass over the tokens; no tree is built. So hidden ancestors are not
//! seen, and scripts, which no mail program runs, are passed over.

use std::borrow::Cow;
use std::convert::Infallible;

use clarte_model::How;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, Tokenizer};

use super::css;
use super::element::{self, Element};
use super::references::References;

/// Conditional comments and `srcdoc` are documents in the document.
const INNER_DEPTH: usize = 3;

/// Reads `html`, adds its references and appends its text to `text`:
/// paragraphs separated by an empty line.
pub(super) fn read(html: &str, references: &mut References, text: &mut String) {
    let mut page = Page { references, text, base: None, depth: 0 };
    page.read(html);
}

/// What is known while the tokens pass by.
pub(super) struct Page<'p> {
    pub(super) references: &'p mut References,
    text: &'p mut String,
    /// The `<base href>`, once seen.
    pub(super) base: Option<url::Url>,
    depth: usize,
}

impl Page<'_> {
    fn read(&mut self, html: &str) {
        let mut element = Element::default();
        let mut within = Within::default();
        let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
            match event {
                CallbackEvent::OpenStartTag { name } => element.open(name),
                CallbackEvent::AttributeName { name } => element.attribute(name),
                CallbackEvent::AttributeValue { value } => element.value(value),
                CallbackEvent::CloseStartTag { self_closing } => {
                    self.start(&element);
                    within.start(element.name(), self_closing);
                    element.close();
                }
                CallbackEvent::EndTag { name } => {
                    within.end(name);
                    self.break_at(name);
                    element.close();
                }
                CallbackEvent::String { value } => self.characters(&within, value),
                CallbackEvent::Comment { value } => self.comment(value),
                _ => {}
            }
            None
        };
        let mut emitter = CallbackEmitter::new(callback);
        emitter.naively_switch_states(true);
        // The callback sees everything and yields nothing: one step runs all.
        let _ = Tokenizer::new_with_emitter(html, Quiet(emitter)).next();
    }

    fn start(&mut self, element: &Element) {
        self.break_at(element.name());
        element::references(element, self);
        if let Some(inner) = element.get("srcdoc") {
            self.inner(inner);
        }
    }

    fn characters(&mut self, within: &Within, value: &[u8]) {
        let value = text_of(value);
        if within.style {
            css::references(&value, |url| self.add(How::Css, url, false));
        } else if !within.unseen() {
            // Mail programs make links of URLs in the text.
            if !within.anchor {
                super::text::links(&value, self.references);
            }
            // Line ends are spaces in HTML.
            for line in value.split_inclusive('\n') {
                self.text.push_str(line.trim_end_matches('\n'));
                if line.ends_with('\n') {
                    self.text.push(' ');
                }
            }
        }
    }

    /// Outlook renders what conditional comments hold.
    fn comment(&mut self, value: &[u8]) {
        if !value.trim_ascii_start().starts_with(b"[if") {
            return;
        }
        let value = text_of(value);
        let start = value.find("]>").map_or(0, |at| at + 2);
        let end = value.rfind("<![endif").unwrap_or(value.len()).max(start);
        self.inner(&value[start..end]);
    }

    fn inner(&mut self, html: &str) {
        if self.depth < INNER_DEPTH {
            self.depth += 1;
            self.read(html);
            self.depth -= 1;
        }
    }

    fn break_at(&mut self, name: &[u8]) {
        if name == b"br" {
            self.text.push('\n');
        } else if is_block(name) && !self.text.ends_with("\n\n") {
            self.text.push_str("\n\n");
        } else if matches!(name, b"td" | b"th" | b"img") {
            self.text.push(' ');
        }
    }

    /// Adds a reference, made absolute by the `<base href>`.
    pub(super) fn add(&mut self, how: How, url: &str, hidden: bool) {
        use super::references::{cleaned, is_remote, scheme};
        let cleaned = cleaned(url);
        if let (Some(base), false) = (&self.base, is_remote(&cleaned)) {
            let relative =
                !cleaned.is_empty() && !cleaned.starts_with('#') && scheme(&cleaned).is_none();
            if let Some(absolute) = relative.then(|| base.join(&cleaned).ok()).flatten() {
                self.references.add(how, absolute.as_str(), hidden);
            }
            return;
        }
        self.references.add_cleaned(how, cleaned, hidden);
    }
}

/// The tokenizer was given a string, so what it hands on nearly always is one.
pub(super) fn text_of(value: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(value) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(value),
    }
}

/// An emitter that is not told what breaks the standard: looking for that
/// takes longer than reading, and nearly every mail does.
struct Quiet<E>(E);

impl<E: Emitter> ForwardingEmitter for Quiet<E> {
    type Token = E::Token;

    fn inner(&mut self) -> &mut impl Emitter<Token = Self::Token> {
        &mut self.0
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }
}

/// Which elements that matter for text are open.
#[derive(Default)]
struct Within {
    style: bool,
    script: bool,
    title: bool,
    anchor: bool,
}

impl Within {
    fn unseen(&self) -> bool {
        self.style || self.script || self.title
    }

    fn start(&mut self, name: &[u8], self_closing: bool) {
        self.set(name, !self_closing);
    }

    fn end(&mut self, name: &[u8]) {
        self.set(name, false);
    }

    fn set(&mut self, name: &[u8], open: bool) {
        match name {
            b"style" => self.style = open,
            b"script" => self.script = open,
            b"a" => self.anchor = open,
            b"title" => self.title = open,
            _ => {}
        }
    }
}

fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"div"
            | b"table"
            | b"tr"
            | b"li"
            | b"ul"
            | b"ol"
            | b"blockquote"
            | b"center"
            | b"hr"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"pre"
            | b"body"
            | b"head"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"td"
            | b"th"
            | b"dd"
            | b"dt"
            | b"form"
            | b"address"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(html: &str) -> Vec<(How, String, bool)> {
        let (mut references, mut text) = (References::default(), String::new());
        read(html, &mut references, &mut text);
        references
            .finish()
            .0
            .into_iter()
            .map(|found| (found.how, found.url, found.hidden))
            .collect()
    }

    fn one(html: &str, how: How, url: &str) {
        assert_eq!(found(html), [(how, url.to_owned(), false)], "{html}");
    }

    #[test]
    fn every_way_to_fetch_is_known() {
        for (html, how) in [
            ("<img src=http://a.example/x>", How::Image),
            ("<IMG SRC=\"\n http://a.exa\nmple/x \">", How::Image),
            ("<img src='http://a.example/&#120;'", How::Image),
            ("<input type=Image src=http://a.example/x>", How::Image),
            ("<svg><image xlink:href='http://a.example/x'/></svg>", How::Image),
            ("<svg><use href='http://a.example/x'/></svg>", How::Image),
            ("<!--[if mso]><v:image src='http://a.example/x'/><![endif]-->", How::Image),
            ("<img srcset='http://a.example/x 2x'>", How::Srcset),
            ("<link rel=preload imagesrcset='http://a.example/x'>", How::Srcset),
            ("<td background=http://a.example/x>", How::Background),
            ("<p style=\"background:url('http://a.example/x')\">", How::Css),
            ("<style>@import url(http://a.example/x);</style>", How::Css),
            ("<link rel=stylesheet href=http://a.example/x>", How::Resource),
            ("<iframe src=http://a.example/x></iframe>", How::Frame),
            ("<object data=http://a.example/x>", How::Frame),
            ("<video poster=http://a.example/x>", How::Media),
            ("<audio><source src=http://a.example/x></audio>", How::Media),
            ("<a href=http://a.example/x>", How::Link),
            ("<area href=http://a.example/x>", How::Link),
            ("<form action=http://a.example/x>", How::Form),
            ("<button formaction=http://a.example/x>", How::Form),
            ("<meta http-equiv=Refresh content='0; URL=http://a.example/x'>", How::Refresh),
            ("<iframe srcdoc='<img src=http://a.example/x>'></iframe>", How::Image),
        ] {
            if html.ends_with("/&#120;'") {
                // A tag that never ends is no tag.
                assert_eq!(found(html), [], "{html}");
                one(&format!("{html}>"), how, "http://a.example/x");
                continue;
            }
            one(html, how, "http://a.example/x");
        }
    }

    #[test]
    fn what_fetches_nothing_remote_is_left_out() {
        for html in [
            "<img src=cid:x>",
            "<img src=/x>",
            "<!-- <img src=http://a.example/x> -->",
            "<a href=#x>",
            "<link rel=canonical href=http://a.example/x>",
            "<script>'<img src=http://a.example/x>'</script>",
            "<a href='mailto:a@b.example'>",
            "<img alt='http://a.example/x'>",
        ] {
            assert_eq!(found(html), [], "{html}");
        }
    }

    #[test]
    fn a_bare_url_in_the_text_is_a_link_and_one_inside_an_anchor_is_its_label() {
        let html = "<p>see http://a.example/x?b=1&amp;c=2 now</p>\
                    <a href=http://b.example/y>http://label.example/</a>";
        let expected = [
            (How::Link, "http://a.example/x?b=1&c=2".to_owned(), false),
            (How::Link, "http://b.example/y".to_owned(), false),
        ];
        assert_eq!(found(html), expected);
    }

    #[test]
    fn relative_urls_follow_the_base() {
        let html = "<base href=http://a.example/d/><img src=x.gif><a href=//b.example/y>";
        let expected = [
            (How::Image, "http://a.example/d/x.gif".to_owned(), false),
            (How::Link, "//b.example/y".to_owned(), false),
        ];
        assert_eq!(found(html), expected);
    }

    #[test]
    fn beacons_are_hidden_and_banners_are_not() {
        for (attributes, hidden) in [
            ("width=1 height=1", true),
            ("width='1px' height=0", true),
            ("style='display : none'", true),
            ("style='width:1px;height:1px!important'", true),
            ("style='opacity:0'", true),
            ("style='opacity:0.9'", false),
            ("hidden", true),
            ("width=600 height=1", false),
            ("width=100%", false),
            ("", false),
        ] {
            let all = found(&format!("<img src=http://a.example/x {attributes}>"));
            assert_eq!(all[0].2, hidden, "{attributes}");
        }
    }

    #[test]
    fn candidates_of_srcset_are_split() {
        let urls: Vec<_> = found(
            "<img srcset='http://a.example/x,y 1x, http://b.example/z, http://c.example/w 2x'>",
        )
        .into_iter()
        .map(|(_, url, _)| url)
        .collect();
        assert_eq!(urls, ["http://a.example/x,y", "http://b.example/z", "http://c.example/w"]);
    }

    #[test]
    fn the_text_is_what_a_reader_sees() {
        let (mut references, mut text) = (References::default(), String::new());
        let html = "<head><title>no</title><style>no</style></head><p>One&amp;two\nthree</p><p>four<br>five";
        read(html, &mut references, &mut text);
        let paragraphs: Vec<_> =
            text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).collect();
        assert_eq!(paragraphs, ["One&two three", "four\nfive"]);
    }
}
