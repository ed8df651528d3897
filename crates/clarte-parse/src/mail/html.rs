//! An HTML body: what it refers to and what a reader sees of its text.
//! Spec: the HTML standard's tokenisation and, per element, the attributes
//! that make a browser or mail program fetch something.
//!
//! One pass over the tokens; no tree is built. Scripts, which no mail program
//! runs, are passed over.

use clarte_model::How;

use super::concealed::Concealed;
use super::css;
use super::element::{self, Attribute, Element, Tag};
use super::references::References;
use super::tokens::{Token, Tokens};

/// Conditional comments and `srcdoc` are documents in the document.
const INNER_DEPTH: usize = 3;

/// Reads `html`, adds its references and appends its text to `text`:
/// paragraphs separated by an empty line.
/// Returns whether a form in it asks for a password.
pub(super) fn read(html: &str, references: &mut References, text: &mut String) -> bool {
    // Half of it is markup, roughly.
    text.reserve(html.len() / 2);
    let mut page = Page {
        references,
        text,
        base: None,
        depth: 0,
        link: None,
        concealed: Concealed::default(),
        asks_password: false,
    };
    page.read(html);
    page.asks_password
}

/// What is known while the tokens pass by.
pub(super) struct Page<'p> {
    pub(super) references: &'p mut References,
    text: &'p mut String,
    /// The `<base href>`, once seen.
    pub(super) base: Option<url::Url>,
    depth: usize,
    /// The link whose text is being read, by its place.
    link: Option<usize>,
    /// What the document hides from its reader.
    pub(super) concealed: Concealed,
    asks_password: bool,
}

impl Page<'_> {
    fn read(&mut self, html: &str) {
        let mut tokens = Tokens::new(html);
        let mut element = Element::default();
        let mut within = Within::default();
        while let Some(token) = tokens.next(&mut element) {
            match token {
                Token::Text(text) => self.characters(&within, &text),
                Token::Start => {
                    self.break_at(element.tag);
                    self.concealed.enter(&element);
                    self.asks_password |= element::asks_password(&element);
                    element::references(&element, self);
                    if let Some(inner) = element.get(Attribute::Srcdoc) {
                        self.inner(&inner);
                    }
                    within.set(element.tag, !element.self_closing);
                }
                Token::End(tag) => {
                    within.set(tag, false);
                    self.concealed.leave(tag);
                    if tag == Some(Tag::A) {
                        self.link = None;
                    }
                    self.break_at(tag);
                }
                Token::Comment(comment) => self.comment(comment),
            }
        }
    }

    fn characters(&mut self, within: &Within, value: &str) {
        if within.style {
            css::references(value, |url| self.add(How::Css, url, false));
            self.concealed.learn(value);
        } else if !within.unseen() && !self.concealed.hides_text() {
            if let Some(link) = self.link {
                self.references.label(link, value);
            }
            // Mail programs make links of URLs in the text.
            if !within.anchor {
                super::text::links(value, self.references);
            }
            // Line ends are spaces in HTML.
            let mut rest = value;
            while let Some(newline) = memchr::memchr(b'\n', rest.as_bytes()) {
                self.text.push_str(&rest[..newline]);
                self.text.push(' ');
                rest = &rest[newline + 1..];
            }
            self.text.push_str(rest);
        }
    }

    /// Outlook renders what conditional comments hold.
    fn comment(&mut self, value: &str) {
        if !value.trim_ascii_start().starts_with("[if") {
            return;
        }
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

    fn break_at(&mut self, tag: Option<Tag>) {
        let Some(tag) = tag else { return };
        if tag == Tag::Br {
            self.text.push('\n');
        } else if is_block(tag) && !self.text.ends_with("\n\n") {
            self.text.push_str("\n\n");
        } else if matches!(tag, Tag::Td | Tag::Th | Tag::Img) {
            self.text.push(' ');
        }
    }

    /// Adds a reference, made absolute by the `<base href>`.
    pub(super) fn add(&mut self, how: How, url: &str, hidden: bool) {
        use super::references::{cleaned, is_remote, scheme};
        let cleaned = cleaned(url);
        let mut added = None;
        if let (Some(base), false) = (&self.base, is_remote(&cleaned)) {
            let relative =
                !cleaned.is_empty() && !cleaned.starts_with('#') && scheme(&cleaned).is_none();
            if let Some(absolute) = relative.then(|| base.join(&cleaned).ok()).flatten() {
                added = self.references.add(how, absolute.as_str(), hidden);
            }
        } else {
            added = self.references.add_cleaned(how, cleaned, hidden);
        }
        if let (How::Link, Some(place)) = (how, added) {
            self.references.label(place, "\n");
            self.link = Some(place);
        }
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

    fn set(&mut self, tag: Option<Tag>, open: bool) {
        match tag {
            Some(Tag::Style) => self.style = open,
            Some(Tag::Script) => self.script = open,
            Some(Tag::A) => self.anchor = open,
            Some(Tag::Title) => self.title = open,
            _ => {}
        }
    }
}

fn is_block(tag: Tag) -> bool {
    use Tag::*;
    matches!(
        tag,
        P | Div
            | Table
            | Tr
            | Li
            | Ul
            | Ol
            | Blockquote
            | Center
            | Hr
            | H1
            | H2
            | H3
            | H4
            | H5
            | H6
            | Pre
            | Body
            | Head
            | Section
            | Article
            | Header
            | Footer
            | Td
            | Th
            | Dd
            | Dt
            | Form
            | Address
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
