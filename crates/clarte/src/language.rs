//! The summary's languages. Texts are in `locales/LANG/summary.ftl` (Fluent).

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::arguments::Lang;

/// The texts of one language.
pub(crate) struct Language(FluentBundle<FluentResource>);

impl Language {
    pub(crate) fn new(lang: Lang) -> Self {
        let (name, text) = source(lang);
        let tag: LanguageIdentifier = name.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![tag]);
        // Isolation marks help where texts of two directions meet; both
        // languages run left to right and terminals show the marks.
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self(bundle)
    }

    /// The text under `key` with its placeholders filled.
    pub(crate) fn text(&self, key: &str, arguments: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.0.get_message(key).and_then(|message| message.value()) else {
            return format!("{{{key}}}");
        };
        let mut all = FluentArgs::new();
        arguments.iter().for_each(|(name, value)| all.set(*name, value.clone()));
        self.0.format_pattern(pattern, Some(&all), &mut Vec::new()).into_owned()
    }
}

fn source(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::En => ("en", include_str!("../locales/en/summary.ftl")),
        Lang::Fr => ("fr", include_str!("../locales/fr/summary.ftl")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The keys of a source, each with the placeholders that it uses.
    fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                current = key.to_owned();
                keys.entry(current.clone()).or_default();
            }
            for part in line.split('$').skip(1) {
                let name: String = part.chars().take_while(|c| c.is_alphanumeric()).collect();
                keys.entry(current.clone()).or_default().insert(name);
            }
        }
        keys
    }

    #[test]
    fn every_language_has_every_text_with_the_same_placeholders() {
        let english = keys(source(Lang::En).1);
        assert!(english.len() > 10);
        assert_eq!(english, keys(source(Lang::Fr).1));
    }

    #[test]
    fn every_word_of_an_answer_that_the_summary_shows_has_a_text() {
        use clarte_extent::{CATEGORIES, RUNGS, STATES, VERDICTS};
        let texts = keys(source(Lang::En).1);
        let words = [CATEGORIES, RUNGS, STATES, VERDICTS, &["given", "discovered"]];
        let missing: Vec<_> =
            words.concat().into_iter().filter(|word| !texts.contains_key(*word)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_source_is_valid_fluent() {
        for lang in [Lang::En, Lang::Fr] {
            assert!(FluentResource::try_new(source(lang).1.to_owned()).is_ok(), "{lang:?}");
        }
    }
}
