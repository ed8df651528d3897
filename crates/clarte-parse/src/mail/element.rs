//! An HTML start tag and the references that it makes.

use std::borrow::Cow;

use clarte_model::How;

use super::html::Page;
use super::words::words;
use super::{css, tokens};

words! {
    /// Elements that refer to something, or that shape the text.
    enum Tag {
        A "a", Address "address", AmpAnim "amp-anim", AmpImg "amp-img", Area "area",
        Article "article", Audio "audio", Base "base", Bgsound "bgsound",
        Blockquote "blockquote", Body "body", Br "br", Button "button", Center "center",
        Dd "dd", Div "div", Dt "dt", Embed "embed", Feimage "feimage", Footer "footer",
        Form "form", Frame "frame", H1 "h1", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6",
        Head "head", Header "header", Hr "hr", Iframe "iframe", Image "image", Img "img",
        Input "input", Li "li", Link "link", Meta "meta", Noembed "noembed",
        Noframes "noframes", Object "object", Ol "ol", P "p", Plaintext "plaintext",
        Pre "pre", Script "script", Section "section", Source "source", Span "span", Style "style",
        Table "table", Td "td", Textarea "textarea", Th "th", Title "title", Tr "tr",
        Track "track", Ul "ul", Use "use", Video "video", Xmp "xmp",
    }
}

words! {
    /// Attributes that refer to something, or say how.
    enum Attribute {
        Action "action", Background "background", Class "class", Content "content",
        Data "data", Dynsrc "dynsrc", Formaction "formaction", Height "height",
        Hidden "hidden", Href "href", HttpEquiv "http-equiv", Id "id", Imagesrcset "imagesrcset", Lowsrc "lowsrc",
        Ping "ping", Poster "poster", Rel "rel", Src "src", Srcdoc "srcdoc",
        Srcset "srcset", Style "style", Type "type", Width "width", XlinkHref "xlink:href",
    }
}

/// The start tag that is being read.
#[derive(Debug, Default)]
pub(super) struct Element<'h> {
    /// What it is, if that matters.
    pub(super) tag: Option<Tag>,
    pub(super) self_closing: bool,
    /// Whether it is Outlook's vector markup: v:image, v:fill, o:…
    vector: bool,
    /// The attributes that it has, by their bits.
    has: u64,
    /// As they stand in the tag; those that it has not are of tags before it.
    values: [&'h str; Attribute::ALL.len()],
}

impl<'h> Element<'h> {
    /// Makes it the element `name`, without attributes.
    pub(super) fn open(&mut self, name: &str) {
        let name = name.as_bytes();
        self.tag = Tag::of(name);
        self.vector = matches!(name, [b'v' | b'V' | b'o' | b'O', b':', ..]);
        self.has = 0;
    }

    /// Gives it an attribute; of a name the first counts.
    pub(super) fn attribute(&mut self, name: &str, value: &'h str) {
        let Some(known) = Attribute::of(name.as_bytes()) else { return };
        if !self.has(known) {
            self.has |= known.bit();
            self.values[known as usize] = value;
        }
    }

    pub(super) fn has(&self, attribute: Attribute) -> bool {
        self.has & attribute.bit() != 0
    }

    /// The value of an attribute.
    pub(super) fn get(&self, attribute: Attribute) -> Option<Cow<'h, str>> {
        self.has(attribute).then(|| tokens::value(self.values[attribute as usize]))
    }
}

/// Hands the element's references to `page`.
pub(super) fn references(element: &Element<'_>, page: &mut Page<'_>) {
    if element.has == 0 {
        return;
    }
    document_wide(element, page);
    let single = fetching(element);
    let style = element.get(Attribute::Style).filter(|style| css::may_refer(style));
    let fetches = single.iter().any(|(attribute, _)| element.has(*attribute));
    let others =
        [Attribute::Poster, Attribute::Srcset, Attribute::Imagesrcset, Attribute::Background];
    if !fetches && style.is_none() && !others.iter().any(|other| element.has(*other)) {
        return;
    }
    let hidden = page.concealed.hides(element);
    for (attribute, how) in single.iter().chain(&[(Attribute::Poster, How::Media)]) {
        if let Some(url) = element.get(*attribute) {
            page.add(*how, &url, hidden);
        }
    }
    for set in [Attribute::Srcset, Attribute::Imagesrcset] {
        if let Some(set) = element.get(set) {
            candidates(&set, |url| page.add(How::Srcset, url, hidden));
        }
    }
    if let Some(url) = element.get(Attribute::Background) {
        page.add(How::Background, &url, hidden);
    }
    if let Some(style) = style {
        css::references(&style, |url| page.add(How::Css, url, hidden));
    }
}

/// What an element says of the whole document: `<base>` and `<meta>`.
fn document_wide(element: &Element<'_>, page: &mut Page<'_>) {
    match element.tag {
        Some(Tag::Base) if page.base.is_none() => {
            let href = element.get(Attribute::Href);
            let base = href.and_then(|href| url::Url::parse(href.trim()).ok());
            page.base = base.filter(|base| matches!(base.scheme(), "http" | "https"));
        }
        Some(Tag::Meta) => {
            if let Some(url) = refresh(element) {
                page.add(How::Refresh, &url, false);
            }
        }
        _ => {}
    }
}

/// The attributes of the element that hold one URL, and how it is fetched.
fn fetching(element: &Element<'_>) -> &'static [(Attribute, How)] {
    use Attribute::{Action, Data, Dynsrc, Formaction, Href, Lowsrc, Ping, Src, Type, XlinkHref};
    match element.tag {
        Some(Tag::Img | Tag::AmpImg | Tag::AmpAnim) => {
            &[(Src, How::Image), (Lowsrc, How::Image), (Dynsrc, How::Image)]
        }
        Some(Tag::Image | Tag::Use | Tag::Feimage) => {
            &[(Href, How::Image), (XlinkHref, How::Image), (Src, How::Image)]
        }
        Some(Tag::Input) => {
            let kind = element.get(Type);
            let is_image = kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("image"));
            let all = &[(Src, How::Image), (Formaction, How::Form)];
            if is_image { all } else { &all[1..] }
        }
        Some(Tag::Button) => &[(Formaction, How::Form)],
        Some(Tag::Link) if loads(element) => &[(Href, How::Resource)],
        Some(Tag::Iframe | Tag::Frame | Tag::Embed) => &[(Src, How::Frame)],
        Some(Tag::Object) => &[(Data, How::Frame)],
        Some(Tag::Audio | Tag::Video | Tag::Source | Tag::Track | Tag::Bgsound) => {
            &[(Src, How::Media)]
        }
        Some(Tag::A | Tag::Area) => &[(Href, How::Link), (XlinkHref, How::Link), (Ping, How::Link)],
        Some(Tag::Form) => &[(Action, How::Form)],
        None if element.vector => &[(Src, How::Image), (Href, How::Link)],
        _ => &[],
    }
}

/// Whether a `<link>` makes the reader's machine fetch or look up something.
fn loads(element: &Element<'_>) -> bool {
    const LOADING: [&str; 12] = [
        "stylesheet",
        "icon",
        "preload",
        "prefetch",
        "dns-prefetch",
        "preconnect",
        "prerender",
        "modulepreload",
        "manifest",
        "apple-touch-icon",
        "apple-touch-icon-precomposed",
        "mask-icon",
    ];
    let rel = element.get(Attribute::Rel).unwrap_or_default();
    rel.split_ascii_whitespace()
        .any(|word| LOADING.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The URL of `<meta http-equiv=refresh content="0; url=…">`.
fn refresh(element: &Element<'_>) -> Option<String> {
    let kind = element.get(Attribute::HttpEquiv)?;
    if !kind.trim().eq_ignore_ascii_case("refresh") {
        return None;
    }
    let content = element.get(Attribute::Content)?;
    let rest = content.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = rest.trim_start().trim_start_matches([';', ',']).trim_start();
    let rest = match rest.get(..3) {
        Some(word) if word.eq_ignore_ascii_case("url") => {
            rest[3..].trim_start().strip_prefix('=').unwrap_or(&rest[3..])
        }
        _ => rest,
    };
    let rest = rest.trim();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = quote.and_then(|quote| rest[1..].split(quote).next());
    Some(inner.unwrap_or(rest).to_owned())
}

/// Splits the candidates of a `srcset` (HTML standard, "parse a srcset
/// attribute"): a URL may hold commas, but not end in one.
fn candidates(set: &str, mut each: impl FnMut(&str)) {
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let url = rest[..end].trim_end_matches(',');
        each(url);
        rest = &rest[end..];
        if url.len() == end {
            // Descriptors, up to a comma outside parentheses.
            let mut depth = 0usize;
            let comma = rest.find(|c: char| {
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                c == ',' && depth == 0
            });
            rest = comma.map_or("", |at| &rest[at..]);
        }
    }
}

/// Whether the element is a field for a password.
pub(super) fn asks_password(element: &Element<'_>) -> bool {
    element.tag == Some(Tag::Input)
        && element
            .get(Attribute::Type)
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("password"))
}
