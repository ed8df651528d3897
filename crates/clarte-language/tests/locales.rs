//! The texts of all languages, held against each other as parsed Fluent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clarte_language::{Audience, Lang, Language, helplines};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// What a text uses: its placeholders, and the words between them.
#[derive(Default)]
struct Text {
    placeholders: BTreeSet<String>,
    words: Vec<String>,
}

/// The files of a language by name, each with its texts by key.
fn files(lang: Lang) -> BTreeMap<String, BTreeMap<String, Text>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("locales").join(lang.code());
    let entries =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let files = entries.map(|entry| {
        let name = entry.file_name().into_string().expect("UTF-8");
        let text = std::fs::read_to_string(entry.path()).expect("text");
        let texts = texts(&format!("{lang:?} {name}"), &text);
        (name, texts)
    });
    files.collect()
}

fn texts(name: &str, file: &str) -> BTreeMap<String, Text> {
    let parsed = fluent_syntax::parser::parse(file);
    assert!(parsed.is_ok(), "{name} is no valid Fluent: {parsed:?}");
    let (Ok(resource) | Err((resource, _))) = parsed;
    let mut texts = BTreeMap::new();
    let mut add = |key: String, pattern: &Pattern<&str>| {
        let mut text = Text::default();
        walk(pattern, &mut text);
        assert!(texts.insert(key.clone(), text).is_none(), "{name}: {key} stands twice");
    };
    for entry in &resource.body {
        let (id, value, attributes) = match entry {
            Entry::Message(it) => (it.id.name.to_owned(), it.value.as_ref(), &it.attributes),
            Entry::Term(it) => (format!("-{}", it.id.name), Some(&it.value), &it.attributes),
            _ => continue,
        };
        value.into_iter().for_each(|pattern| add(id.clone(), pattern));
        attributes.iter().for_each(|it| add(format!("{id}.{}", it.id.name), &it.value));
    }
    texts
}

fn walk(pattern: &Pattern<&str>, text: &mut Text) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.words.push((*value).to_owned()),
            PatternElement::Placeable { expression } => walk_expression(expression, text),
        }
    }
}

fn walk_expression(expression: &Expression<&str>, text: &mut Text) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, text),
        Expression::Select { selector, variants } => {
            walk_inline(selector, text);
            variants.iter().for_each(|variant| walk(&variant.value, text));
        }
    }
}

fn walk_inline(inline: &InlineExpression<&str>, text: &mut Text) {
    match inline {
        InlineExpression::VariableReference { id } => {
            text.placeholders.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => walk_expression(expression, text),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| walk_inline(argument, text));
        }
        _ => {}
    }
}

#[test]
fn every_language_has_every_text_with_the_same_placeholders() {
    let english = files(Lang::En);
    for lang in Lang::ALL {
        let ours = files(*lang);
        assert!(ours.keys().eq(english.keys()), "{lang:?} has other files: {:?}", ours.keys());
        for (name, theirs) in &english {
            let ours = &ours[name];
            assert!(!theirs.is_empty(), "{name} is empty");
            for (key, text) in theirs {
                let names = ours.get(key).map(|text| &text.placeholders);
                assert_eq!(names, Some(&text.placeholders), "{lang:?} {name}: {key}");
            }
            let more: Vec<_> = ours.keys().filter(|key| !theirs.contains_key(*key)).collect();
            assert!(more.is_empty(), "{lang:?} {name} alone has {more:?}");
        }
    }
}

#[test]
fn no_key_stands_in_two_files_and_every_file_is_loaded() {
    for lang in Lang::ALL {
        let language = Language::new(*lang);
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (name, texts) in files(*lang) {
            for key in texts.into_keys() {
                let is_message = !key.starts_with('-') && !key.contains('.');
                assert!(!is_message || language.knows(&key), "{lang:?} {name}: {key} is not there");
                let before = seen.insert(key.clone(), name.clone());
                assert_eq!(before, None, "{lang:?}: {key} is in {name} as well");
            }
        }
    }
}

#[test]
fn french_keeps_its_signs_on_the_line_of_their_word() {
    for (name, texts) in files(Lang::Fr) {
        for (key, text) in texts {
            for words in text.words {
                let apart = [" :", " ;", " !", " ?", " %", "« ", " »"];
                assert!(!apart.iter().any(|sign| words.contains(sign)), "{name} {key}: {words}");
            }
        }
    }
}

#[test]
fn numbers_choose_their_plural_and_missing_texts_show_their_key() {
    let language = Language::new(Lang::De);
    assert_eq!(language.text("records", &[("count", 1_u64.into())]), "1 Datensatz");
    assert_eq!(language.text("records", &[("count", 20_usize.into())]), "20 Datensätze");
    assert_eq!(language.text("no-such-text", &[]), "{no-such-text}");
    assert!(language.knows("records") && !language.knows("no-such-text"));
}

#[test]
fn every_row_of_the_helplines_is_read_and_every_reader_is_answered() {
    let table = include_str!("../tables/helplines.csv");
    let rows = table.lines().filter(|line| !line.starts_with('#')).count() - 1;
    for lang in Lang::ALL {
        let all = helplines(*lang);
        assert_eq!(all.len(), rows);
        let speaking = all.iter().take_while(|one| one.speaks(*lang));
        assert!(speaking.filter(|one| one.audience != Audience::Institution).count() > 1);
        for one in &all {
            assert!(one.web.starts_with("https://"), "{one:?}");
            assert!(one.contacts.iter().all(|contact| !contact.contains("page")), "{one:?}");
        }
    }
}
