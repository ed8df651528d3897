//! What in a URL looks like a token, and what is left when tokens are blanked:
//! the URL's *shape*, which two mails of one campaign share across hosts.
//!
//! A look is only a look: whether a token is individual is decided by comparing
//! the mails of a campaign (see `individual`), whatever its shape or encoding.

use clarte_model::host;
use clarte_model::token::class;
use clarte_model::url::HttpUrl;

/// A URL with its tokens blanked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Path and query keys, tokens replaced by their class and length; no host.
    pub(crate) exact: String,
    /// The same without the tokens' lengths: encodings of addresses vary.
    pub(crate) loose: String,
    /// How many choices the maker of the URL made: literals, extensions, keys,
    /// tokens.
    pub(crate) choices: usize,
    /// How many letters of it are none of the words that everybody uses in
    /// such URLs.
    pub(crate) own_letters: usize,
    tokens: usize,
}

/// The shape of a URL; `None` if nothing in it looks like a token.
pub(crate) fn shape(url: &HttpUrl) -> Option<Shape> {
    let mut shape = Shape::default();
    for segment in url.path.split('/').skip(1) {
        shape.mark('/');
        shape.push(segment);
    }
    let mut pairs: Vec<_> = url.query.iter().flat_map(|query| query.split('&')).collect();
    pairs.sort_unstable();
    for pair in pairs {
        shape.mark('?');
        match pair.split_once('=') {
            Some((key, value)) => {
                shape.push_literal(key);
                shape.mark('=');
                if !shape.push_token(value) {
                    shape.mark('…');
                }
            }
            None => shape.push(pair),
        }
    }
    (shape.tokens > 0).then_some(shape)
}

impl Shape {
    fn mark(&mut self, sign: char) {
        self.exact.push(sign);
        self.loose.push(sign);
    }

    /// A path segment: a literal, a token, or a token with an extension.
    fn push(&mut self, segment: &str) {
        let parts = segment.rsplit_once('.');
        let parts = parts.filter(|(stem, ext)| !stem.is_empty() && (1..=5).contains(&ext.len()));
        if let Some((stem, extension)) = parts
            && self.push_token(stem)
        {
            self.mark('.');
            return self.push_literal(extension);
        }
        if parts.is_none() && self.push_token(segment) {
            return;
        }
        self.push_literal(segment);
    }

    /// Adds a token's class, if `text` looks like one.
    fn push_token(&mut self, text: &str) -> bool {
        let Some(class) = class(text) else { return false };
        self.loose.extend(["<", class, ">"]);
        self.exact.extend(["<", class, " ", &text.chars().count().to_string(), ">"]);
        self.tokens += 1;
        self.choices += 1;
        true
    }

    fn push_literal(&mut self, literal: &str) {
        self.exact.push_str(literal);
        self.loose.push_str(literal);
        let words = literal.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        for word in words {
            self.choices += 1;
            if !is_common(&word.to_ascii_lowercase()) {
                self.own_letters += word.len();
            }
        }
    }
}

/// Calls `found` with every piece of a URL that could be or hold a token: path
/// segments, their dotted parts, two neighbouring segments together, query
/// values, labels of the host below its registrable domain. In lower case and
/// without punctuation, so that one token is recognised however the next URL
/// writes it: split, in capitals, with an extension. A piece may come twice.
pub(crate) fn each_piece(url: &HttpUrl, found: &mut dyn FnMut(&str)) {
    let mut piece = String::new();
    let mut add = |before: &str, text: &str| {
        piece.clear();
        push_bare(&mut piece, before);
        push_bare(&mut piece, text);
        if piece.chars().count() >= SHORTEST_PIECE && !is_common(&piece) {
            found(&piece);
        }
    };
    let mut before = "";
    for segment in url.path.split('/').filter(|part| !part.is_empty()) {
        add("", segment);
        let stem = segment.split_once('.').map_or(segment, |(stem, _)| stem);
        if stem.len() < segment.len() {
            segment.split('.').for_each(|part| add("", part));
        }
        if !before.is_empty() {
            add(before, stem);
        }
        before = segment;
    }
    for pair in url.query.iter().flat_map(|query| query.split('&')) {
        add("", pair.split_once('=').map_or(pair, |(_, value)| value));
    }
    let below = url.host.strip_suffix(host::registrable(&url.host)).unwrap_or_default();
    below.split('.').for_each(|label| add("", label));
}

/// Appends the letters and digits of `text`, in lower case.
fn push_bare(piece: &mut String, text: &str) {
    if text.is_ascii() {
        let bare = text.bytes().filter(u8::is_ascii_alphanumeric);
        piece.extend(bare.map(|byte| char::from(byte.to_ascii_lowercase())));
    } else {
        piece.extend(text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase));
    }
}

/// Whether a label of the host below its registrable domain looks like a token.
pub(crate) fn in_host(url: &HttpUrl) -> bool {
    let below = url.host.strip_suffix(host::registrable(&url.host)).unwrap_or_default();
    below.split('.').any(|label| class(label).is_some())
}

/// Shorter pieces are too likely to be equal by chance.
const SHORTEST_PIECE: usize = 6;

fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
}

/// Words that stand in anybody's image and tracking URLs, sorted.
const COMMON: &[&str] = &[
    "a",
    "action",
    "api",
    "article",
    "asp",
    "aspx",
    "assets",
    "beacon",
    "c",
    "campaign",
    "cgi",
    "cid",
    "click",
    "clk",
    "css",
    "d",
    "e",
    "email",
    "en",
    "fr",
    "gif",
    "go",
    "h",
    "html",
    "i",
    "id",
    "image",
    "images",
    "img",
    "index",
    "jpeg",
    "jpg",
    "k",
    "key",
    "l",
    "link",
    "logo",
    "ls",
    "m",
    "mail",
    "media",
    "mid",
    "n",
    "news",
    "nl",
    "o",
    "open",
    "p",
    "php",
    "pic",
    "pix",
    "pixel",
    "pixels",
    "png",
    "px",
    "q",
    "r",
    "read",
    "redirect",
    "ref",
    "rid",
    "s",
    "spacer",
    "src",
    "static",
    "t",
    "tag",
    "token",
    "track",
    "tracking",
    "u",
    "uid",
    "unsubscribe",
    "url",
    "user",
    "utm",
    "v",
    "view",
    "w",
    "webp",
    "wf",
    "x",
    "y",
    "z",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn text(url: &str) -> Option<String> {
        shape(&HttpUrl::parse(url).expect("a web URL")).map(|shape| shape.exact)
    }

    #[test]
    fn common_words_are_found_by_their_order() {
        assert!(COMMON.is_sorted());
        assert!(is_common("pixel") && !is_common("pixe"));
    }

    #[test]
    fn tokens_are_blanked_and_the_host_is_not_part_of_the_shape() {
        let a = text("https://a.example/press/0f9e8d7c6b5a4938.gif?v=2");
        assert_eq!(a, text("https://b.example/press/1111aaaa2222bbbb.gif?v=3"));
        assert_eq!(a.as_deref(), Some("/press/<hex 16>.gif?v=…"));
        assert_ne!(a, text("https://b.example/radio/1111aaaa2222bbbb.gif?v=3"));
    }

    #[test]
    fn a_token_is_recognised_however_the_next_url_writes_it() {
        let of = |url| {
            let mut pieces = BTreeSet::new();
            let url = HttpUrl::parse(url).expect("a web URL");
            each_piece(&url, &mut |piece| pieces.extend([piece.to_owned()]));
            pieces
        };
        let token = "0829837fdb754e61";
        for url in [
            "https://a.example/x/0829837f-db75-4e61.png",
            "https://a.example/x/0829837F/DB754E61.gif",
            "https://0829837fdb754e61.a.example/p",
            "https://a.example/p?u=0829837FDB754E61&v=1",
            "https://a.example/0829837fdb754e61.png.gif",
        ] {
            assert!(of(url).contains(token), "{url}: {:?}", of(url));
        }
    }
}
