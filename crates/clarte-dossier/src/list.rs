//! The list of whom to tell first: for those who do the telling.

use clarte_language::{Lang, Language};
use clarte_model::Tlp;
use serde_json::{Value, json};

use crate::facts::{Facts, Kind, Mailbox, Person, Step};
use crate::harmless::harmless;
use crate::order;
use crate::page::{Block, Line, Page, Run, level, minute, own, rung};

/// The list of `people`, who are in order.
pub(crate) fn page(facts: &Facts, people: &[&Person], language: &Language) -> Page {
    let mut page = Page::new(language, "notify-title");
    let say = |key: &str| language.text(key, &[]);
    page.add(Block::Warning(say("notify-internal")));
    if let Some(tlp) = facts.tlp {
        let mut marking = language.text("notify-marking", &[("tlp", tlp.label().into())]);
        if tlp >= Tlp::Amber {
            marking = format!("{marking} {}", say("notify-marking-strict"));
        }
        page.add(Block::Warning(marking));
    }
    if people.is_empty() {
        page.add(Block::Text(say("notify-nobody")));
        return page;
    }
    page.add(Block::Small(say("notify-order")));
    for (at, person) in people.iter().enumerate() {
        add(&mut page, at + 1, person, language);
    }
    page.add(Block::Small(say("letter-scale")));
    page
}

/// One person's entry.
fn add(page: &mut Page, rank: usize, person: &Person, language: &Language) {
    let say = |key: &str| language.text(key, &[]);
    let mut heading = vec![Run::Own(format!("{rank}. "))];
    if let Some(name) = &person.name {
        heading.extend([Run::foreign(name), Run::Own(", ".to_owned())]);
    }
    heading.push(Run::foreign(&person.identity));
    page.add(Block::Heading(heading));
    page.add(Block::Warning(match person.kind {
        Kind::Machine => say("notify-machine"),
        _ => say(&format!("notify-mailbox-{}", person.mailbox().as_str())),
    }));
    let mut fields: Vec<(String, Line)> = Vec::new();
    let mut field = |key, line: Line| fields.push((say(key), line));
    if let Some(step) = person.top() {
        field("notify-shown", own(shown(step, language)));
    }
    field("notify-because", vec![Run::hostile(&person.because)]);
    if let Some(last) = person.last_act {
        field("notify-last", own(minute(last)));
    }
    if let Some(open) = person.not_excluded() {
        field("notify-open", own(rung(language, open)));
    }
    if !person.roles.is_empty() {
        let roles: Vec<_> = person.roles.iter().map(String::as_str).collect();
        field("notify-roles", vec![Run::foreign(&roles.join("; "))]);
    }
    if person.kind != Kind::Machine {
        field("notify-language", own(letter_language(person, language)));
        for way in &person.ways {
            let key = format!("notify-way-{}", way.kind.as_str());
            field("notify-reach", vec![Run::Own(say(&key) + " "), Run::foreign(&way.value)]);
        }
        if person.ways.is_empty() {
            field("notify-reach", own(say("notify-way-none")));
        }
    }
    if let Some(name) = person.letter_name() {
        field("notify-letter", own(name));
    }
    page.add(Block::Fields(fields));
}

fn shown(step: &Step, language: &Language) -> String {
    let (rung, level) = (rung(language, step.rung), level(language, step.confidence));
    let arguments = [("rung", rung.into()), ("level", level.into())];
    match step.time {
        Some(time) => {
            let [rung, level] = arguments;
            language.text("notify-since", &[rung, level, ("time", minute(time).into())])
        }
        None => language.text("notify-since-unknown", &arguments),
    }
}

/// The letter's language, and that it is not theirs where that is so.
fn letter_language(person: &Person, language: &Language) -> String {
    let lang = person.letter_lang(language.lang());
    match person.lang.as_deref().map(Lang::from_tag) {
        Some(None) => language.text("notify-language-instead", &[("lang", lang.code().into())]),
        _ => lang.code().to_owned(),
    }
}

/// The list for a program.
pub(crate) fn json(facts: &Facts, lang: Lang) -> Value {
    let people = order::ordered(facts).into_iter().enumerate().map(|(at, person)| {
        let top = person.top();
        let ways = person
            .ways
            .iter()
            .map(|way| json!({ "kind": way.kind.as_str(), "value": harmless(&way.value) }));
        let roles = person.roles.iter().map(|role| harmless(role));
        let is_machine = person.kind == Kind::Machine;
        json!({
            "rank": at + 1,
            "identity": person.identity,
            "name": person.name.as_deref().map(harmless),
            "kind": person.kind.as_str(),
            "rung": top.map(|step| step.rung.as_str()),
            "time": top.and_then(|step| step.time),
            "confidence": top.map(|step| step.confidence),
            "because": harmless(&person.because),
            "last_act": person.last_act,
            "not_excluded": person.not_excluded().map(|rung| rung.as_str()),
            "roles": roles.collect::<Vec<_>>(),
            "lang": (!is_machine).then(|| person.letter_lang(lang).code()),
            "mailbox": (!is_machine).then(|| person.mailbox().as_str()),
            "by_email": match (is_machine, person.mailbox()) {
                (true, _) => Value::Null,
                (false, Mailbox::Undetermined) => "rather_not".into(),
                (false, _) => "never".into(),
            },
            "ways": ways.collect::<Vec<_>>(),
            "letter": person.letter_name(),
        })
    });
    json!({
        "schema": "clarte/notify/1",
        "tlp": facts.tlp.map(Tlp::label),
        "people": people.collect::<Vec<_>>(),
    })
}
