//! A base as lines of text, sorted, so that two versions can be compared line
//! by line: one line per object, below it its claims, and each report that a
//! claim rests on by its key, with everything that it says of the object.
//!
//! ```text
//! origin    NAME VERSION NOTICE
//! report    KEY PUBLISHER DATE
//! technique ID NAME TACTIC…
//! software  ID malware|tool NAME OTHER-NAME…
//! uses      KEY ID ID ID           of the software or actor above; no KEY: the source alone
//! actor     ID actor|cluster ORIGIN NAME FIRST-SEEN LAST-SEEN
//! called    NAME KEY…
//! state     COUNTRY SOURCE DATE CONFIDENCE KEY…
//! targets   COUNTRY COUNTRY COUNTRY
//! sector    SECTOR…
//! alias     LEFT RIGHT WEIGHT SOURCE WHY
//! ```
//!
//! Fields are separated by tabs, ids in one field by spaces.
//!
//! Left out: addresses and indicators.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use clarte_model::knowledge::{
    Actor, ActorKind, AliasClaim, Dated, Knowledge, NameClaim, Origin, Report, Software,
    StateClaim, Technique, Use,
};

/// The base as such a text.
pub fn compact(base: &Knowledge) -> String {
    let mut text = String::new();
    let mut line = |kind: &str, fields: &[&str]| {
        text.push_str(kind);
        for field in fields {
            text.push('\t');
            text.extend(field.chars().map(|c| if c.is_control() { ' ' } else { c }));
        }
        // Fields that are empty up to the end of the line say nothing.
        text.truncate(text.trim_end_matches('\t').len());
        text.push('\n');
    };
    let date = |at: Option<Dated>| at.map(|at| at.to_string()).unwrap_or_default();
    let keys = |reports: &[u32]| -> Vec<&str> {
        reports.iter().filter_map(|at| Some(base.reports.get(*at as usize)?.key.as_str())).collect()
    };
    for origin in &base.origins {
        let or = |text: &Option<String>| text.clone().unwrap_or_default();
        line("origin", &[&origin.name, &or(&origin.version), &or(&origin.notice)]);
    }
    for report in &base.reports {
        let publisher = report.publisher.as_deref().unwrap_or_default();
        line("report", &[&report.key, publisher, &date(report.date)]);
    }
    for one in &base.techniques {
        let fields = [one.id.as_str(), &one.name].into_iter();
        line(
            "technique",
            &fields.chain(one.tactics.iter().map(String::as_str)).collect::<Vec<_>>(),
        );
    }
    for one in &base.software {
        let kind = if one.is_tool { "tool" } else { "malware" };
        let fields = [one.id.as_str(), kind, &one.name].into_iter();
        line("software", &fields.chain(one.names.iter().map(String::as_str)).collect::<Vec<_>>());
        by_report(base, &one.uses).iter().for_each(|(key, ids)| line("uses", &[key, ids]));
    }
    for actor in &base.actors {
        let kind = if actor.kind == ActorKind::Actor { "actor" } else { "cluster" };
        let origin = base.origins.get(actor.origin as usize).map(|origin| origin.name.as_str());
        let (first, last) = (date(actor.first_seen), date(actor.last_seen));
        let origin = origin.unwrap_or_default();
        line("actor", &[&actor.id, kind, origin, &actor.name, &first, &last]);
        for claim in &actor.names {
            line("called", &[&[claim.name.as_str()], keys(&claim.reports).as_slice()].concat());
        }
        by_report(base, &actor.uses).iter().for_each(|(key, ids)| line("uses", &[key, ids]));
        for claim in &actor.states {
            let percent = claim.confidence.map(|percent| percent.to_string()).unwrap_or_default();
            let fields = [&claim.country, &claim.source, &*date(claim.date), &percent];
            line("state", &[&fields, keys(&claim.reports).as_slice()].concat());
        }
        if !actor.target_countries.is_empty() {
            line("targets", &[&actor.target_countries.join(" ")]);
        }
        if !actor.target_sectors.is_empty() {
            line("sector", &actor.target_sectors.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
    for claim in &base.aliases {
        let weight = claim.weight.to_string();
        line("alias", &[&claim.left, &claim.right, &weight, &claim.source, &claim.why]);
    }
    text
}

/// What each report says was used; under no key what the source says alone.
fn by_report<'k>(base: &'k Knowledge, uses: &[Use]) -> BTreeMap<&'k str, String> {
    let mut by_key: BTreeMap<&str, String> = BTreeMap::new();
    let mut add = |key: &'k str, what: &str| {
        let ids = by_key.entry(key).or_default();
        let gap = if ids.is_empty() { "" } else { " " };
        let _ = write!(ids, "{gap}{what}");
    };
    for used in uses {
        if used.reports.is_empty() {
            add("", &used.what);
        }
        let reports = used.reports.iter().filter_map(|at| base.reports.get(*at as usize));
        reports.for_each(|report| add(&report.key, &used.what));
    }
    by_key
}

/// The base of such a text, or the number of the line that is none.
pub(super) fn read(text: &str) -> Result<Knowledge, usize> {
    let mut reader = Reader::default();
    for (number, line) in (1_usize..).zip(text.lines()) {
        if !line.is_empty() && !line.starts_with('#') {
            reader.line(line).ok_or(number)?;
        }
    }
    Ok(reader.base)
}

#[derive(Default)]
struct Reader<'t> {
    base: Knowledge,
    reports: HashMap<&'t str, u32>,
    origins: HashMap<&'t str, u32>,
    /// Whether claims are the last software's, not the last actor's.
    of_software: bool,
}

impl<'t> Reader<'t> {
    fn line(&mut self, line: &'t str) -> Option<()> {
        let mut fields = line.split('\t');
        let kind = fields.next()?;
        let fields: Vec<&'t str> = fields.collect();
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let some = |at: usize| Some(field(at)).filter(|text| !text.is_empty()).map(str::to_owned);
        let rest = |from: usize| fields.iter().skip(from).map(|text| (*text).to_owned()).collect();
        match kind {
            "origin" => {
                self.origins.insert(field(0), self.origins.len().try_into().ok()?);
                let (name, version, notice) = (some(0)?, some(1), some(2));
                self.base.origins.push(Origin { name, version, notice });
            }
            "report" => {
                self.reports.insert(field(0), self.reports.len().try_into().ok()?);
                let date = dated(field(2))?;
                self.base.reports.push(Report {
                    key: some(0)?,
                    url: None,
                    publisher: some(1),
                    date,
                });
            }
            "technique" => {
                let technique = Technique { id: some(0)?, name: some(1)?, tactics: rest(2) };
                self.base.techniques.push(technique);
            }
            "software" => {
                self.of_software = true;
                let (id, is_tool, name) = (some(0)?, field(1) == "tool", some(2)?);
                let uses = Vec::new();
                self.base.software.push(Software { id, name, names: rest(3), is_tool, uses });
            }
            "actor" => {
                self.of_software = false;
                self.base.actors.push(Actor {
                    id: some(0)?,
                    kind: if field(1) == "actor" { ActorKind::Actor } else { ActorKind::Cluster },
                    name: some(3)?,
                    origin: *self.origins.get(field(2))?,
                    names: Vec::new(),
                    uses: Vec::new(),
                    states: Vec::new(),
                    target_countries: Vec::new(),
                    target_sectors: Vec::new(),
                    first_seen: dated(field(4))?,
                    last_seen: dated(field(5))?,
                });
            }
            "alias" => self.base.aliases.push(AliasClaim {
                left: some(0)?,
                right: some(1)?,
                weight: field(2).parse().ok()?,
                source: some(3)?,
                why: some(4)?,
            }),
            _ => self.claim(kind, &fields)?,
        }
        Some(())
    }

    /// A claim of the object above.
    fn claim(&mut self, kind: &str, fields: &[&'t str]) -> Option<()> {
        let field = |at: usize| fields.get(at).copied().unwrap_or_default();
        let cited = |from: usize| -> Option<Vec<u32>> {
            fields.iter().skip(from).map(|key| self.reports.get(key).copied()).collect()
        };
        let reports = match kind {
            "called" => cited(1)?,
            "state" => cited(4)?,
            "uses" if field(0).is_empty() => Vec::new(),
            "uses" => vec![*self.reports.get(field(0))?],
            _ => Vec::new(),
        };
        if kind == "uses" {
            let uses = match self.of_software {
                true => &mut self.base.software.last_mut()?.uses,
                false => &mut self.base.actors.last_mut()?.uses,
            };
            let ids = field(1).split(' ');
            uses.extend(ids.map(|id| Use { what: id.to_owned(), reports: reports.clone() }));
            return Some(());
        }
        let actor = self.base.actors.last_mut()?;
        match kind {
            "called" => actor.names.push(NameClaim { name: field(0).to_owned(), reports }),
            "state" => actor.states.push(StateClaim {
                country: field(0).to_owned(),
                source: field(1).to_owned(),
                date: dated(field(2))?,
                confidence: match field(3) {
                    "" => None,
                    percent => Some(percent.parse().ok()?),
                },
                reports,
            }),
            "targets" => actor.target_countries.extend(field(0).split(' ').map(str::to_owned)),
            "sector" => actor.target_sectors.extend(fields.iter().map(|text| (*text).to_owned())),
            _ => return None,
        }
        Some(())
    }
}

/// No date, or one; `None` if it is neither.
fn dated(text: &str) -> Option<Option<Dated>> {
    if text.is_empty() { Some(None) } else { Dated::parse(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_named() {
        for (text, line) in [
            ("origin\tx\nactor\ta\tactor\ty\tb", 2),
            ("# said\n\nreport\ta\t\t2021-13", 3),
            ("called\tx", 1),
            ("origin\tx\nactor\ta\tactor\tx\tb\nuses\tnever cited\tT1566", 3),
            ("alias\ta\tb\tmuch\tx\ty", 1),
            ("nonsense", 1),
        ] {
            assert_eq!(read(text), Err(line), "{text}");
        }
    }
}
