//! An HTML start tag and the references that it makes.

use clarte_model::How;

use super::css;
use super::html::{Page, text_of};

/// Attributes kept of one tag; the first of a name counts.
const ATTRIBUTES_KEPT: usize = 100;

/// The start tag that is being read; its buffers are used again.
#[derive(Debug, Default)]
pub(super) struct Element {
    name: Vec<u8>,
    attributes: Vec<(Vec<u8>, String)>,
    used: usize,
    open: bool,
}

impl Element {
    pub(super) fn open(&mut self, name: &[u8]) {
        self.name.clear();
        self.name.extend_from_slice(name);
        self.used = 0;
        self.open = true;
    }

    pub(super) fn close(&mut self) {
        self.open = false;
    }

    pub(super) fn attribute(&mut self, name: &[u8]) {
        if !self.open || self.used == ATTRIBUTES_KEPT {
            self.open = false;
            return;
        }
        if self.attributes.len() == self.used {
            self.attributes.push(Default::default());
        }
        let slot = &mut self.attributes[self.used];
        slot.0.clear();
        slot.0.extend_from_slice(name);
        slot.1.clear();
        self.used += 1;
    }

    pub(super) fn value(&mut self, value: &[u8]) {
        if let (true, Some(last)) = (self.open, self.used.checked_sub(1)) {
            self.attributes[last].1.push_str(&text_of(value));
        }
    }

    pub(super) fn name(&self) -> &[u8] {
        &self.name
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let known = self.attributes[..self.used].iter().find(|(known, _)| known == name.as_bytes());
        known.map(|(_, value)| value.as_str())
    }
}

/// Hands the element's references to `page`.
pub(super) fn references(element: &Element, page: &mut Page<'_>) {
    if element.used == 0 {
        return;
    }
    document_wide(element, page);
    let single = fetching(element);
    let style = element.get("style").filter(|style| css::may_refer(style));
    let others = ["srcset", "imagesrcset", "background"].map(|name| element.get(name));
    if single.is_empty() && style.is_none() && others.iter().all(Option::is_none) {
        return;
    }
    let hidden = is_hidden(element);
    for (attribute, how) in single {
        if let Some(url) = element.get(attribute) {
            page.add(how, url, hidden);
        }
    }
    let [srcset, imagesrcset, background] = others;
    for set in [srcset, imagesrcset].into_iter().flatten() {
        candidates(set, |url| page.add(How::Srcset, url, hidden));
    }
    if let Some(url) = background {
        page.add(How::Background, url, hidden);
    }
    if let Some(style) = style {
        css::references(style, |url| page.add(How::Css, url, hidden));
    }
}

/// What an element says of the whole document: `<base>` and `<meta>`.
fn document_wide(element: &Element, page: &mut Page<'_>) {
    match element.name() {
        b"base" if page.base.is_none() => {
            let base = element.get("href").and_then(|href| url::Url::parse(href.trim()).ok());
            page.base = base.filter(|base| matches!(base.scheme(), "http" | "https"));
        }
        b"meta" => {
            if let Some(url) = refresh(element) {
                page.add(How::Refresh, &url, false);
            }
        }
        _ => {}
    }
}

/// The attributes of the element that hold one URL, and how it is fetched.
fn fetching(element: &Element) -> Vec<(&'static str, How)> {
    let mut all = match element.name() {
        b"img" | b"amp-img" | b"amp-anim" => {
            vec![("src", How::Image), ("lowsrc", How::Image), ("dynsrc", How::Image)]
        }
        b"image" | b"use" | b"feimage" => {
            vec![("href", How::Image), ("xlink:href", How::Image), ("src", How::Image)]
        }
        b"input" => vec![("src", How::Image), ("formaction", How::Form)],
        b"button" => vec![("formaction", How::Form)],
        b"link" if loads(element) => vec![("href", How::Resource)],
        b"iframe" | b"frame" | b"embed" => vec![("src", How::Frame)],
        b"object" => vec![("data", How::Frame)],
        b"audio" | b"video" | b"source" | b"track" | b"bgsound" => vec![("src", How::Media)],
        b"a" | b"area" => vec![("href", How::Link), ("xlink:href", How::Link), ("ping", How::Link)],
        b"form" => vec![("action", How::Form)],
        // Outlook's vector markup: v:image, v:fill, v:imagedata, …
        name if name.starts_with(b"v:") || name.starts_with(b"o:") => {
            vec![("src", How::Image), ("href", How::Link)]
        }
        _ => Vec::new(),
    };
    if element.name() == b"input"
        && !element.get("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("image"))
    {
        all.remove(0);
    }
    if element.get("poster").is_some() {
        all.push(("poster", How::Media));
    }
    all
}

/// Whether a `<link>` makes the reader's machine fetch or look up something.
fn loads(element: &Element) -> bool {
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
    let rel = element.get("rel").unwrap_or_default();
    rel.split_ascii_whitespace()
        .any(|word| LOADING.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// The URL of `<meta http-equiv=refresh content="0; url=…">`.
fn refresh(element: &Element) -> Option<String> {
    element.get("http-equiv").filter(|name| name.trim().eq_ignore_ascii_case("refresh"))?;
    let content = element.get("content")?;
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

/// At most 2×2 pixels, or hidden by its own style.
fn is_hidden(element: &Element) -> bool {
    if element.get("hidden").is_some() {
        return true;
    }
    let mut width = element.get("width").and_then(pixels);
    let mut height = element.get("height").and_then(pixels);
    for declaration in element.get("style").unwrap_or_default().split(';').take(200) {
        let Some((property, value)) = declaration.split_once(':') else { continue };
        let value = value.split('!').next().unwrap_or_default().trim().to_ascii_lowercase();
        match property.trim().to_ascii_lowercase().as_str() {
            "display" if value == "none" => return true,
            "visibility" if value == "hidden" || value == "collapse" => return true,
            "opacity" if value.parse() == Ok(0.0_f32) => return true,
            "width" | "max-width" => width = pixels(&value).or(width),
            "height" | "max-height" => height = pixels(&value).or(height),
            _ => {}
        }
    }
    let small = |side: Option<f32>| side.is_none_or(|pixels| pixels <= 2.0);
    let none = |side: Option<f32>| side == Some(0.0);
    none(width)
        || none(height)
        || ((width.is_some() || height.is_some()) && small(width) && small(height))
}

/// A length in pixels; `None` for other units.
fn pixels(text: &str) -> Option<f32> {
    let text = text.trim();
    let text = text.strip_suffix("px").or_else(|| text.strip_suffix("PX")).unwrap_or(text);
    text.trim_end().parse().ok()
}
