//! What is said of a message, in words: for a screen, a page, a program.

use clarte_check::{Campaign, Checked, Line, Reason};
use clarte_detect::Verdict;
use clarte_dossier::page::{Block, Page, Run, own};
use clarte_language::{Argument, Audience, Lang, Language, helplines};
use serde_json::{Value, json};

/// Reasons on a screen; a page has all.
const REASONS: usize = 4;

/// Things that could not be checked, on a screen.
const UNCHECKED: usize = 3;

/// Helplines that are named.
const HELPLINES: usize = 3;

/// Campaigns that are shown of a mailbox.
const CAMPAIGNS: usize = 20;

/// Whether everything is shown, or what fits on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// A screen.
    Screen,
    /// A page.
    Page,
}

/// One message.
pub(crate) fn page(line: &Line, language: &Language, extent: Extent) -> Page {
    let some = line.verdict() == Verdict::NothingFound && !weighty(line).is_empty();
    let verdict = key(line.verdict());
    let title = if some { "verdict-small-signs".to_owned() } else { format!("verdict-{verdict}") };
    let mut page = Page::new(language, &title);
    page.add(Block::Text(say(language, &format!("verdict-{verdict}-text"))));
    sender(&mut page, line, language);
    reasons(&mut page, line, language, extent);
    if line.verdict() != Verdict::Unreadable {
        reveals(&mut page, line, language);
        unchecked(&mut page, line, language, extent);
    }
    steps(&mut page, line.verdict(), carries(line), language);
    help(&mut page, language);
    if extent == Extent::Page {
        details(&mut page, line, language);
    }
    page
}

/// A mailbox.
pub(crate) fn mailbox(
    checked: &Checked,
    campaigns: &[Campaign],
    language: &Language,
    extent: Extent,
) -> Page {
    let found = checked.act_now + checked.be_careful;
    let mut page = Page::new(language, "page-title");
    let count = ("count", Argument::Number(checked.messages));
    page.title = match found {
        0 => language.text("box-none", &[count]),
        _ => language.text("box-some", &[("found", Argument::Number(found)), count]),
    };
    if checked.unreadable > 0 {
        let count = ("count", Argument::Number(checked.unreadable));
        page.add(Block::Small(language.text("box-unreadable", &[count])));
    }
    for campaign in campaigns.iter().take(CAMPAIGNS) {
        one(&mut page, campaign, language, extent);
    }
    if let Some(more) = campaigns.len().checked_sub(CAMPAIGNS).filter(|more| *more > 0) {
        let count = ("count", Argument::Number(more as u64));
        page.add(Block::Text(language.text("box-more", &[count])));
    }
    let worst = campaigns.iter().map(|campaign| campaign.verdict).max();
    let carrying = campaigns.iter().flat_map(|campaign| &campaign.lines).any(carries);
    steps(&mut page, worst.unwrap_or(Verdict::NothingFound), carrying, language);
    help(&mut page, language);
    page
}

/// One campaign of a mailbox.
fn one(page: &mut Page, campaign: &Campaign, language: &Language, extent: Extent) {
    let Some(line) = campaign.lines.first() else { return };
    let verdict = say(language, &format!("verdict-{}", key(campaign.verdict)));
    page.add(Block::Heading(vec![
        Run::Own(format!("{verdict} \u{2013} ")),
        Run::foreign(&line.subject),
    ]));
    sender(page, line, language);
    if campaign.messages > 1 {
        let day = |time: &Option<String>| {
            time.as_deref().and_then(|time| time.get(..10)).unwrap_or("?").to_owned()
        };
        let text = language.text(
            "box-campaign",
            &[
                ("count", Argument::Number(campaign.messages)),
                ("first", (&day(&campaign.first)).into()),
                ("last", (&day(&campaign.last)).into()),
            ],
        );
        page.add(Block::Small(text));
    }
    if campaign.owners.len() > 1 {
        let count = ("count", Argument::Number(campaign.owners.len() as u64));
        page.add(Block::Small(language.text("box-campaign-people", &[count])));
    }
    let most = if extent == Extent::Page { usize::MAX } else { 2 };
    let told = weighty(line).into_iter().take(most).map(|reason| sentence(reason, language));
    page.add(Block::Items(told.map(own).collect()));
    if let Some(member) = &line.span.member {
        page.add(Block::Fields(vec![(line.path.clone(), vec![Run::foreign(member)])]));
    } else {
        page.add(Block::Small(format!("{} @ {}", line.path, line.span.offset)));
    }
}

fn sender(page: &mut Page, line: &Line, language: &Language) {
    let mut lines = Vec::new();
    let shown = |key: &str, name: &str, value: &str| {
        // The label alone, what it labels is the evidence's.
        let label = language.text(key, &[(name, "".into())]);
        vec![Run::Own(label), Run::foreign(value)]
    };
    if !line.from.is_empty() {
        lines.push(shown("sender-line", "sender", &line.from));
    }
    if !line.subject.is_empty() {
        lines.push(shown("subject-line", "subject", &line.subject));
    }
    if let Some(received) = &line.received {
        let minute = received.get(..16).unwrap_or(received).replace('T', " ");
        lines.push(shown("received-line", "time", &format!("{minute} UTC")));
    }
    if !lines.is_empty() {
        page.add(Block::Items(lines));
    }
}

/// The reasons that weigh, the heaviest first.
fn weighty(line: &Line) -> Vec<&Reason> {
    let mut reasons: Vec<_> = line.reasons.iter().filter(|reason| reason.points > 0).collect();
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points));
    reasons
}

fn reasons(page: &mut Page, line: &Line, language: &Language, extent: Extent) {
    let all = weighty(line);
    if all.is_empty() {
        return;
    }
    let heading = match line.verdict() < Verdict::BeCareful {
        true => "heading-small-signs",
        false => "heading-why",
    };
    page.add(Block::Heading(own(say(language, heading))));
    let most = if extent == Extent::Page { usize::MAX } else { REASONS };
    let mut items: Vec<_> =
        all.iter().take(most).map(|reason| own(sentence(reason, language))).collect();
    if let Some(more) = all.len().checked_sub(most).filter(|more| *more > 0) {
        let count = ("count", Argument::Number(more as u64));
        items.push(own(language.text("more-reasons", &[count])));
    }
    page.add(Block::Items(items));
}

/// The sentence of a reason, what fills it made harmless.
pub(crate) fn sentence(reason: &Reason, language: &Language) -> String {
    let key = reason.detector.replace('.', "-");
    let sentence = filled(&key, reason, language);
    match reason.attached {
        true => format!("{} {sentence}", say(language, "attached-prefix")),
        false => sentence,
    }
}

fn filled(key: &str, reason: &Reason, language: &Language) -> String {
    use clarte_dossier::harmless::{defanged, harmless};
    let shown: Vec<(&str, String)> = reason
        .arguments
        .iter()
        .map(|(name, value)| match name.as_str() {
            "trick" | "result" | "what" | "count" => (name.as_str(), value.clone()),
            "host" | "domain" | "domain2" | "owner" | "proxy" | "shown" => {
                (name.as_str(), defanged(value))
            }
            _ => (name.as_str(), harmless(value)),
        })
        .collect();
    let arguments: Vec<(&str, Argument<'_>)> = shown
        .iter()
        .map(|(name, value)| match value.parse() {
            Ok(number) if *name == "count" => (*name, Argument::Number(number)),
            _ => (*name, value.into()),
        })
        .collect();
    language.text(key, &arguments)
}

/// What opening it would reveal, by who learns of it.
fn reveals(page: &mut Page, line: &Line, language: &Language) {
    page.add(Block::Heading(own(say(language, "heading-reveals"))));
    let mut hosts: Vec<(&str, Vec<&str>)> = Vec::new();
    for beacon in &line.beacons {
        let known = hosts.iter_mut().find(|(host, _)| *host == beacon.host);
        let reveals = match known {
            Some((_, reveals)) => reveals,
            None => {
                hosts.push((&beacon.host, Vec::new()));
                &mut hosts.last_mut().expect("one was just added").1
            }
        };
        for one in beacon.reveals.iter().map(String::as_str) {
            if !reveals.contains(&one) {
                reveals.push(one);
            }
        }
    }
    if hosts.is_empty() && line.remote.is_empty() {
        page.add(Block::Text(say(language, "reveals-nothing")));
        return;
    }
    let item = |(host, reveals): &(&str, Vec<&str>)| {
        let what: Vec<_> =
            reveals.iter().map(|one| say(language, &format!("reveals-{one}"))).collect();
        let host = clarte_dossier::harmless::defanged(host);
        own(language
            .text("reveals-to", &[("host", (&host).into()), ("what", (&what.join(", ")).into())]))
    };
    let mut items: Vec<_> = hosts.iter().take(REASONS).map(item).collect();
    if !line.remote.is_empty() {
        let hosts: Vec<_> = line.remote.iter().take(REASONS).collect();
        let hosts = hosts.iter().map(|host| clarte_dossier::harmless::defanged(host));
        let hosts = hosts.collect::<Vec<_>>().join(", ");
        items.push(own(language.text("reveals-remote", &[("hosts", (&hosts).into())])));
    }
    page.add(Block::Items(items));
}

fn unchecked(page: &mut Page, line: &Line, language: &Language, extent: Extent) {
    if line.unchecked.is_empty() {
        return;
    }
    page.add(Block::Heading(own(say(language, "heading-unchecked"))));
    let most = if extent == Extent::Page { usize::MAX } else { UNCHECKED };
    let items = line
        .unchecked
        .iter()
        .take(most)
        .map(|one| own(filled(&format!("unchecked-{}", one.detector), one, language)));
    page.add(Block::Items(items.collect()));
}

/// What to do, by the verdict and what stands behind it.
fn advice(verdict: Verdict, carries: bool) -> &'static [&'static str] {
    match verdict {
        Verdict::ActNow => &["step-dont", "step-keep", "step-ask"],
        Verdict::BeCareful if carries => &["step-dont", "step-verify", "step-ask"],
        Verdict::BeCareful => &["step-no-pictures", "step-verify", "step-ask"],
        Verdict::NothingFound | Verdict::Unreadable => &["step-unsure"],
    }
}

/// Whether the message carries or leads to something.
fn carries(line: &Line) -> bool {
    line.reasons.iter().any(|reason| reason.detector.starts_with("payload.") && reason.points > 1)
}

fn steps(page: &mut Page, verdict: Verdict, carries: bool, language: &Language) {
    page.add(Block::Heading(own(say(language, "heading-steps"))));
    let steps = advice(verdict, carries).iter().map(|step| say(language, step));
    page.add(Block::Steps(steps.collect()));
    if verdict == Verdict::ActNow {
        page.add(Block::Small(say(language, "step-dont-opened")));
        if !carries {
            page.add(Block::Small(say(language, "step-may-be-genuine")));
        }
    }
}

fn help(page: &mut Page, language: &Language) {
    page.add(Block::Heading(own(say(language, "heading-helplines"))));
    let countries = countries(language.lang());
    let of_people = helplines(language.lang()).into_iter().filter(|line| {
        matches!(line.audience, Audience::Anyone | Audience::CivilSociety)
            && (line.country == "INT" || line.speaks(language.lang()))
            && countries.contains(&line.country.as_str())
            && !line.contacts.is_empty()
    });
    let mut lines: Vec<_> = of_people.collect();
    lines.sort_by_key(|line| countries.iter().position(|country| *country == line.country));
    let items = lines
        .iter()
        .take(HELPLINES)
        .map(|line| own(format!("{}: {}", line.name, line.contacts.join(", "))));
    page.add(Block::Items(items.collect()));
}

/// Where readers of a language are likely to be, the whole world first.
fn countries(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::En => &["INT", "GB", "US"],
        Lang::Fr => &["INT", "BE", "FR", "CH", "LU"],
        Lang::Nl => &["INT", "BE", "NL"],
        Lang::De => &["INT", "DE", "BE", "AT", "CH"],
    }
}

/// What somebody who helps wants to see.
fn details(page: &mut Page, line: &Line, language: &Language) {
    page.add(Block::Heading(own(say(language, "heading-details"))));
    let score = ("score", Argument::Number(line.points.max(0) as u64));
    page.add(Block::Small(language.text("score-line", &[score])));
    let mut fields = vec![
        ("message".to_owned(), vec![Run::foreign(&line.span.message)]),
        (line.path.clone(), own(format!("{} + {}", line.span.offset, line.span.length))),
    ];
    for reason in &line.reasons {
        let arguments: Vec<_> =
            reason.arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let label = format!("{} ({:+})", reason.detector, reason.points);
        fields.push((label, vec![Run::hostile(&arguments.join(" "))]));
    }
    for beacon in &line.beacons {
        fields.push((format!("beacon, {}", beacon.how), vec![Run::hostile(&beacon.url)]));
    }
    page.add(Block::Fields(fields));
    page.add(Block::Small(say(language, "page-printed")));
}

/// One message for a program; see the README.
pub(crate) fn to_json(line: &Line, language: &Language) -> Value {
    let reasons: Vec<_> = line
        .reasons
        .iter()
        .map(|reason| {
            json!({
                "detector": reason.detector,
                "why": sentence(reason, language),
                "points": reason.points,
                "arguments": reason.arguments,
                "attached": reason.attached,
            })
        })
        .collect();
    let advice: Vec<_> =
        advice(line.verdict(), carries(line)).iter().map(|step| say(language, step)).collect();
    let unchecked: Vec<_> = line
        .unchecked
        .iter()
        .map(|one| filled(&format!("unchecked-{}", one.detector), one, language))
        .collect();
    json!({
        "path": line.path,
        "span": line.span,
        "verdict": line.verdict,
        "points": line.points,
        "danger": line.danger,
        "reasons": reasons,
        "beacons": line.beacons,
        "claims": line.claims,
        "unchecked": unchecked,
        "advice": advice,
        "from": line.from,
        "subject": line.subject,
        "received": line.received,
        "owner": line.owner,
        "remote": line.remote,
    })
}

fn key(verdict: Verdict) -> String {
    verdict.as_str().replace('_', "-")
}

fn say(language: &Language, key: &str) -> String {
    language.text(key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_be_observed_has_its_sentence_in_every_language() {
        for &lang in Lang::ALL {
            let language = Language::new(lang);
            for detector in clarte_detect::DETECTORS {
                let key = detector.name.replace('.', "-");
                assert!(language.knows(&key), "{}: {key}", lang.code());
            }
            assert!(
                helplines(lang).iter().any(|line| countries(lang).contains(&line.country.as_str()))
            );
        }
    }
}
