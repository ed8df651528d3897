//! The texts of one language.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::{Direction, Lang};

/// The texts of one language.
pub struct Language {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

/// What fills a placeholder.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument<'a> {
    /// Words, as they are.
    Text(Cow<'a, str>),
    /// A number, by which a text may choose its plural.
    Number(u64),
}

impl Language {
    /// All texts of a language, for a terminal or a plain file.
    ///
    /// ```
    /// use clarte_language::{Lang, Language};
    /// let language = Language::new(Lang::Fr);
    /// assert_eq!(language.text("more", &[("count", 3_u64.into())]), "… et 3 de plus dans extent.json");
    /// ```
    pub fn new(lang: Lang) -> Self {
        // Terminals show isolation marks instead of obeying them.
        Self::with(lang, false)
    }

    /// All texts of a language, for a page: what is filled in is kept apart
    /// with Unicode's isolation marks where the language runs from right to
    /// left, so that an address inside of a sentence does not turn it around.
    pub fn for_page(lang: Lang) -> Self {
        Self::with(lang, lang.direction() == Direction::Rtl)
    }

    fn with(lang: Lang, is_isolating: bool) -> Self {
        let tag: LanguageIdentifier = lang.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        bundle.set_use_isolating(is_isolating);
        for (_, text) in sources(lang) {
            let resource = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        Self { lang, bundle }
    }

    /// Which language it is.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether there is a text under `key`.
    pub fn knows(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|message| message.value().is_some())
    }

    /// The text under `key` with its placeholders filled.
    pub fn text(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return format!("{{{key}}}");
        };
        let mut all = FluentArgs::new();
        for (name, value) in arguments {
            all.set(*name, value.fluent());
        }
        self.bundle.format_pattern(pattern, Some(&all), &mut Vec::new()).into_owned()
    }
}

impl Argument<'_> {
    fn fluent(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Argument<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<u64> for Argument<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Argument<'_> {
    fn from(number: usize) -> Self {
        Self::Number(number as u64)
    }
}

/// The files of a language, by name.
fn sources(lang: Lang) -> &'static [(&'static str, &'static str)] {
    macro_rules! files {
        ($lang:literal) => {
            &[
                ("summary.ftl", include_str!(concat!("../locales/", $lang, "/summary.ftl"))),
                ("check.ftl", include_str!(concat!("../locales/", $lang, "/check.ftl"))),
                ("letter.ftl", include_str!(concat!("../locales/", $lang, "/letter.ftl"))),
            ]
        };
    }
    match lang {
        Lang::En => files!("en"),
        Lang::Fr => files!("fr"),
        Lang::Nl => files!("nl"),
        Lang::De => files!("de"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_isolated_only_where_it_is_asked_for() {
        let fill = |language: Language| language.text("answer", &[("path", "case/out".into())]);
        assert_eq!(fill(Language::new(Lang::En)), "Answer: case/out");
        assert_eq!(fill(Language::for_page(Lang::En)), "Answer: case/out");
        let isolated = fill(Language::with(Lang::En, true));
        assert_eq!(isolated, "Answer: \u{2068}case/out\u{2069}");
    }
}
