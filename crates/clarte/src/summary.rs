//! The terminal summary: what a person wants to know first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::IsTerminal;

use clarte_case::Report;
use clarte_extent::{ClockSkew, Coverage, Exfiltration, Extent, RUNGS, Victim};
use clarte_language::{Argument, Language};
use clarte_model::Timestamp;

/// How many victims, reasons and hosts the summary lists; the rest is counted.
const LISTED: usize = 20;

/// How many gaps of one source, and parts of one source that are alike, the
/// summary lists; the rest is counted.
const ALIKE: usize = 3;

/// Seconds by which clocks may differ before the summary speaks of it.
const CLOCKS: f64 = 60.0;

/// The summary of an investigation.
pub(crate) fn text(report: &Report, language: &Language) -> String {
    let mut page = Page { language, out: String::new(), styled: is_styled() };
    let extent = &report.extent;
    page.campaign(extent);
    page.victims(&extent.victims);
    page.exfiltration(&extent.exfiltration);
    page.undetermined(&extent.victims);
    page.coverage(&extent.coverage);
    page.clocks(&extent.clock_skew);
    page.infrastructure(extent);
    page.evidence(report);
    page.out
}

/// Colours only for a person's eyes: not in pipes, not against `NO_COLOR`.
pub(crate) fn is_styled() -> bool {
    std::io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

struct Page<'l> {
    language: &'l Language,
    out: String,
    styled: bool,
}

impl Page<'_> {
    fn say(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> String {
        self.language.text(key, arguments)
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn heading(&mut self, key: &str) {
        let heading = self.say(key, &[]);
        let heading = if self.styled { format!("\x1b[1m{heading}\x1b[0m") } else { heading };
        self.line(&format!("\n{heading}"));
    }

    fn campaign(&mut self, extent: &Extent) {
        self.heading("campaign");
        let duration = &extent.duration;
        let line = match (duration.first_activity, duration.last_activity) {
            (Some(first), Some(last)) => {
                let days = (last.seconds() - first.seconds()).unsigned_abs() / 86_400 + 1;
                self.say(
                    "duration",
                    &[
                        ("first", minute(first).into()),
                        ("last", minute(last).into()),
                        ("days", days.into()),
                    ],
                )
            }
            _ if extent.intelligence.indicators == 0 => self.say("no-indicators", &[]),
            _ => self.say("no-campaign", &[("indicators", extent.intelligence.indicators.into())]),
        };
        self.line(&format!("  {line}"));
        if !extent.nature.techniques.is_empty() {
            let techniques: Vec<_> =
                extent.nature.techniques.iter().map(|t| t.id.as_str()).collect();
            let nature = self.say(
                "nature",
                &[
                    ("category", self.say(nature_key(extent.nature.category), &[]).into()),
                    ("techniques", techniques.join(", ").into()),
                ],
            );
            self.line(&format!("  {nature}"));
        }
    }

    fn victims(&mut self, victims: &[Victim]) {
        if victims.is_empty() {
            return;
        }
        self.heading("victims");
        let counts: Vec<_> = RUNGS
            .iter()
            .rev()
            .map(|rung| (*rung, victims.iter().filter(|victim| victim.rung == *rung).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(rung, count)| format!("{count} {}", self.say(rung, &[])))
            .collect();
        let total = self.say(
            "victims-total",
            &[("count", victims.len().into()), ("rungs", counts.join(", ").into())],
        );
        self.line(&format!("  {total}"));
        let mut ranked: Vec<&Victim> = victims.iter().collect();
        ranked.sort_by_key(|victim| {
            let rung = RUNGS.iter().position(|rung| victim.rung == *rung);
            (Reverse(rung), victim.rungs.last().and_then(|rung| rung.time))
        });
        let width = ranked.iter().take(LISTED).map(|victim| victim.identity.chars().count()).max();
        for victim in ranked.iter().take(LISTED) {
            let top = victim.rungs.last();
            let time = top.and_then(|rung| rung.time).map(minute).unwrap_or_default();
            let sure = top.map_or(0.0, |rung| rung.confidence * 100.0).round();
            let (who, rung) = (harmless(&victim.identity), self.say(victim.rung, &[]));
            let width = width.unwrap_or(0);
            self.line(&format!("  {who:<width$}  {rung:<11}  {time:<20}  {sure:>3} %"));
        }
        self.more(victims.len());
    }

    fn more(&mut self, all: usize) {
        if let Some(left) = all.checked_sub(LISTED).filter(|left| *left > 0) {
            let more = self.say("more", &[("count", left.into())]);
            self.line(&format!("  {more}"));
        }
    }

    fn undetermined(&mut self, victims: &[Victim]) {
        let mut reasons: BTreeMap<(usize, &str), usize> = BTreeMap::new();
        for open in victims.iter().flat_map(|victim| &victim.undetermined) {
            let rung = RUNGS.iter().position(|rung| *rung == open.rung).unwrap_or(0);
            *reasons.entry((rung, &open.reason)).or_default() += 1;
        }
        if reasons.is_empty() {
            return;
        }
        self.heading("undetermined");
        let mut sorted: Vec<_> = reasons.iter().collect();
        sorted.sort_by_key(|((rung, _), count)| (*rung, Reverse(**count)));
        for ((rung, reason), count) in sorted.iter().take(LISTED) {
            let line = self.say(
                "undetermined-line",
                &[
                    ("rung", self.say(RUNGS[*rung], &[]).into()),
                    ("count", (**count).into()),
                    ("reason", harmless(reason).into()),
                ],
            );
            self.line(&format!("  {line}"));
        }
        self.more(sorted.len());
    }

    /// What left: said only where there is something to say of it.
    fn exfiltration(&mut self, left: &Exfiltration) {
        let is_silent = matches!(left.verdict, "not_seen" | "logs_insufficient");
        if is_silent && left.items.floor == 0 {
            return;
        }
        self.heading("exfiltration");
        let verdict = self.say(left.verdict, &[]);
        let bytes = self.bounds(left.bytes.floor, left.bytes.ceiling, size);
        let items = self.bounds(left.items.floor, left.items.ceiling, |count| count.to_string());
        let arguments =
            [("verdict", verdict.into()), ("bytes", bytes.into()), ("items", items.into())];
        let line = self.say("exfiltration-line", &arguments);
        self.line(&format!("  {line}"));
        for to in left.destinations.iter().take(LISTED) {
            let line = format!("  {:<40} {}", harmless(&to.value), size(to.bytes));
            self.line(&line);
        }
        self.more(left.destinations.len());
    }

    fn bounds(&self, floor: u64, ceiling: Option<u64>, show: impl Fn(u64) -> String) -> String {
        match ceiling {
            Some(ceiling) if ceiling == floor => show(floor),
            Some(ceiling) => format!("{} – {}", show(floor), show(ceiling)),
            None => self.say("at-least", &[("floor", show(floor).into())]),
        }
    }

    fn coverage(&mut self, coverage: &[Coverage]) {
        self.heading("coverage");
        let (absent, seen): (Vec<_>, Vec<_>) =
            coverage.iter().partition(|entry| entry.state == "absent");
        let (whole, parts): (Vec<_>, Vec<_>) =
            seen.into_iter().partition(|entry| entry.entity == "*");
        whole.into_iter().for_each(|entry| self.covered(entry));
        let mut alike: BTreeMap<(&str, &str), Vec<&Coverage>> = BTreeMap::new();
        for part in parts {
            alike.entry((part.source, part.state)).or_default().push(part);
        }
        for ((source, state), parts) in alike {
            match parts.len() {
                ..=ALIKE => parts.into_iter().for_each(|entry| self.covered(entry)),
                count => {
                    let words = self.say(parts_key(source, state), &[("count", count.into())]);
                    self.line(&format!("  {source:<6} {:<10} {words}", self.say(state, &[])));
                }
            }
        }
        if !absent.is_empty() {
            let names = absent.iter().map(|entry| match entry.entity.as_str() {
                "*" => entry.source.to_owned(),
                entity => harmless(entity),
            });
            let sources = names.collect::<Vec<_>>().join(", ");
            let line = self.say("absent-sources", &[("sources", sources.into())]);
            self.line(&format!("  {line}"));
        }
    }

    /// One source, or a part of it.
    fn covered(&mut self, entry: &Coverage) {
        let bounds = match (entry.from, entry.to) {
            (Some(from), Some(to)) => format!("{} → {}", minute(from), minute(to)),
            _ => self.say("no-times", &[]),
        };
        let records = self.say("records", &[("count", entry.records.into())]);
        let state = self.say(entry.state, &[]);
        let is_part = entry.entity != "*";
        let entity = if is_part { format!("  {}", harmless(&entry.entity)) } else { String::new() };
        self.line(&format!("  {:<6} {state:<10} {bounds}  {records}{entity}", entry.source));
        for gap in entry.gaps.iter().take(ALIKE) {
            let line = if gap.reason.starts_with("no record") {
                let bounds = [("from", minute(gap.from).into()), ("to", minute(gap.to).into())];
                self.say("gap", &bounds)
            } else {
                format!("{}: {}", minute(gap.from), harmless(&gap.reason))
            };
            self.line(&format!("         {line}"));
        }
        if let Some(left) = entry.gaps.len().checked_sub(ALIKE).filter(|left| *left > 0) {
            let more = self.say("more", &[("count", left.into())]);
            self.line(&format!("         {more}"));
        }
    }

    /// Clocks that differ by more than a moment.
    fn clocks(&mut self, skews: &[ClockSkew]) {
        let apart = skews.iter().filter(|skew| skew.seconds.abs() >= CLOCKS);
        for skew in apart.take(LISTED) {
            let key = if skew.reason.contains("--zone") { "clocks-zone" } else { "clocks" };
            let line = self.say(
                key,
                &[
                    ("source", harmless(&skew.source).into()),
                    ("against", harmless(&skew.against).into()),
                    ("seconds", format!("{:+}", skew.seconds).into()),
                    ("pairs", skew.pairs.into()),
                ],
            );
            self.line(&format!("  {line}"));
        }
    }

    fn infrastructure(&mut self, extent: &Extent) {
        if extent.infrastructure.is_empty() {
            return;
        }
        self.heading("infrastructure");
        let mut values: BTreeMap<(&str, &str), (Vec<&str>, &str)> = BTreeMap::new();
        for item in &extent.infrastructure {
            let entry =
                values.entry((item.r#type, &item.value)).or_insert((Vec::new(), item.origin));
            entry.0.push(item.role);
            if item.origin == "given" {
                entry.1 = "given";
            }
        }
        for ((kind, value), (roles, origin)) in values.iter().take(LISTED) {
            let origin = self.say(origin, &[]);
            self.line(&format!(
                "  {kind:<8} {:<40} {:<22} {origin}",
                harmless(value),
                roles.join(", ")
            ));
        }
        self.more(values.len());
    }

    fn evidence(&mut self, report: &Report) {
        self.heading("evidence");
        let extent = &report.extent;
        // An archive has a row for each of its members.
        let files: BTreeSet<_> = extent.intake.iter().map(|row| row.evidence).collect();
        let bytes: u64 = extent.intake.iter().map(|row| row.bytes).sum();
        let parsed: u64 = extent.intake.iter().map(|row| row.parsed + row.skipped).sum();
        let unknown: u64 =
            extent.intake.iter().filter(|row| row.format == "unknown").map(|row| row.bytes).sum();
        let share = (parsed - unknown.min(parsed)) as f64 * 100.0 / bytes.max(1) as f64;
        let line = self.say(
            "evidence-line",
            &[
                ("files", files.len().into()),
                ("size", size(bytes).into()),
                ("share", format!("{share:.2}").into()),
                ("faults", extent.intake.iter().map(|row| row.faults).sum::<u64>().into()),
                ("new", report.added.into()),
                ("known", report.known.into()),
            ],
        );
        self.line(&format!("  {line}"));
        let unknown: Vec<_> = extent.intake.iter().filter(|row| row.format == "unknown").collect();
        for row in unknown.iter().take(LISTED) {
            let path = match &row.member {
                Some(member) => format!("{}!/{member}", row.path),
                None => row.path.clone(),
            };
            let line = self.say("unknown-file", &[("path", harmless(&path).into())]);
            self.line(&format!("  {line}"));
        }
        self.more(unknown.len());
        let local = extent.intake.iter().filter(|row| row.time_basis.is_some()).count();
        if local > 0 {
            let line = self.say("local-time", &[("count", local.into())]);
            self.line(&format!("  {line}"));
        }
        for refused in extent.unreadable.iter().take(LISTED) {
            let line = self.say(
                "unreadable",
                &[
                    ("path", harmless(&refused.path).into()),
                    ("reason", harmless(&refused.reason).into()),
                ],
            );
            self.line(&format!("  {line}"));
        }
        self.case(report);
        let not_evaluated = extent.intelligence.not_evaluated.len();
        let line = self.say(
            "intelligence-line",
            &[
                ("indicators", extent.intelligence.indicators.into()),
                ("matched", extent.intelligence.matched.into()),
                ("left", not_evaluated.into()),
            ],
        );
        self.line(&format!("  {line}"));
        let line = self.say("answer", &[("path", report.path.display().to_string().into())]);
        let _ = writeln!(self.out, "  {line}");
    }
}

impl Page<'_> {
    /// What the investigator ought to know of the case itself.
    fn case(&mut self, report: &Report) {
        if let Some(folder) = &report.set_aside {
            let folder = folder.display().to_string();
            let line = self.say("set-aside", &[("folder", folder.into())]);
            self.line(&format!("  {line}"));
        }
        if let Some((count, path)) = &report.read_otherwise {
            let path = harmless(path);
            let line =
                self.say("read-otherwise", &[("count", (*count).into()), ("path", path.into())]);
            self.line(&format!("  {line}"));
        }
        for path in report.changed_places.iter().take(LISTED) {
            let line = self.say("changed-place", &[("path", harmless(path).into())]);
            self.line(&format!("  {line}"));
        }
        self.more(report.changed_places.len());
    }
}

/// A time to the minute, UTC.
fn minute(at: Timestamp) -> String {
    let text = at.to_string();
    match text.get(..16) {
        Some(text) => format!("{} UTC", text.replace('T', " ")),
        None => text,
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..10_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        10_000_000..10_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Text of the evidence, made harmless: what would steer a terminal or turn
/// the direction of text is shown, never obeyed.
pub(crate) fn harmless(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// What parts of a source that are alike lack.
fn parts_key(source: &str, state: &str) -> &'static str {
    match (source, state) {
        (_, "throttled") => "parts-throttled",
        (_, "truncated") | ("audit", _) => "parts-truncated",
        (_, "cleared") => "parts-cleared",
        ("host", _) => "parts-numbers",
        _ => "parts-silent",
    }
}

/// `undetermined` is a heading as well as a nature.
fn nature_key(category: &'static str) -> &'static str {
    match category {
        "undetermined" => "undetermined-nature",
        category => category,
    }
}

#[cfg(test)]
mod tests {
    use clarte_extent::{CATEGORIES, STATES, VERDICTS};
    use clarte_language::Lang;

    use super::*;

    #[test]
    fn every_word_of_an_answer_that_the_summary_shows_has_a_text() {
        let language = Language::new(Lang::En);
        let words = [CATEGORIES, RUNGS, STATES, VERDICTS, &["given", "discovered"]];
        let missing: Vec<_> =
            words.concat().into_iter().filter(|word| !language.knows(word)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
