//! Our own file: a base as JSON, with its schema's name first. A case writes
//! its closed campaigns so, and a partner can hand over the file.

use clarte_model::FaultKind;
use clarte_model::knowledge::Knowledge;
use serde::Serialize;

use super::{citation, country_code, label, merge};
use crate::loaded::{Loaded, Places};

/// What the file names itself.
pub const SCHEMA: &str = "clarte/knowledge/1";

/// The largest file of ours that is read: it is taken whole, and a list may
/// take eight times its text's size in memory.
const MAX_BYTES: usize = 64 * 1024 * 1024;

#[derive(Serialize)]
struct File<'k> {
    schema: &'static str,
    #[serde(flatten)]
    knowledge: &'k Knowledge,
}

/// The base as a file, which [`super::read`] reads.
///
/// ```
/// use clarte_intel::knowledge::{built_in, read, write};
/// let base = built_in();
/// assert_eq!(read("any.json", write(&base).as_bytes()).knowledge, base);
/// ```
pub fn write(knowledge: &Knowledge) -> String {
    let file = File { schema: SCHEMA, knowledge };
    serde_json::to_string(&file).expect("texts and finite numbers, no keys but texts")
}

/// Takes our own file, with everything in it checked.
pub(super) fn take(loaded: &mut Loaded, places: &mut Places<'_>, text: &[u8]) -> Knowledge {
    let whole = places.at(0, text.len());
    if text.len() > MAX_BYTES {
        let why = format!("{} bytes; such files above {MAX_BYTES} are not read", text.len());
        loaded.lost(whole, FaultKind::TooLarge, &why);
        return Knowledge::default();
    }
    let mut knowledge = match serde_json::from_slice::<Knowledge>(text) {
        Ok(knowledge) => knowledge,
        Err(why) => {
            loaded.lost(whole, FaultKind::Malformed, &format!("the base is damaged: {why}"));
            return Knowledge::default();
        }
    };
    let mended = mend(&mut knowledge);
    if mended > 0 {
        let why = format!("{mended} claims point nowhere or have no possible value; not used");
        loaded.repaired(whole, FaultKind::BadValue, &why);
    }
    merge(vec![knowledge])
}

/// Leaves out what cannot be; how many claims that concerned.
fn mend(base: &mut Knowledge) -> u64 {
    let mut mended = Mended { reports: base.reports.len(), count: 0 };
    let (actors, origins) = (base.actors.len(), base.origins.len());
    mended.keep(&mut base.indicates, |points| (points.actor as usize) < actors);
    // An actor of no origin goes, and with it what points to it.
    let stays: Vec<bool> =
        base.actors.iter().map(|actor| (actor.origin as usize) < origins).collect();
    mended.keep(&mut base.indicates, |points| stays[points.actor as usize]);
    let mut next = 0;
    let moved: Vec<u32> = stays
        .iter()
        .map(|stays| {
            let place = next;
            next += u32::from(*stays);
            place
        })
        .collect();
    base.indicates.iter_mut().for_each(|points| points.actor = moved[points.actor as usize]);
    mended.keep(&mut base.actors, |actor| (actor.origin as usize) < origins);
    for actor in &mut base.actors {
        tidy(&mut actor.id);
        tidy(&mut actor.name);
        for claim in &mut actor.names {
            tidy(&mut claim.name);
            mended.citations(&mut claim.reports);
        }
        actor.uses.iter_mut().for_each(|used| mended.used(&mut used.what, &mut used.reports));
        mended.keep(&mut actor.states, |claim| {
            country_code(&claim.country).as_ref() == Some(&claim.country)
                && claim.confidence.is_none_or(|percent| percent <= 100)
        });
        for claim in &mut actor.states {
            tidy(&mut claim.source);
            mended.citations(&mut claim.reports);
        }
        mended.keep(&mut actor.target_countries, |code| country_code(code).as_ref() == Some(code));
        actor.target_sectors.iter_mut().for_each(tidy);
    }
    for software in &mut base.software {
        tidy(&mut software.id);
        tidy(&mut software.name);
        software.names.iter_mut().for_each(tidy);
        software.uses.iter_mut().for_each(|used| mended.used(&mut used.what, &mut used.reports));
    }
    for technique in &mut base.techniques {
        tidy(&mut technique.id);
        tidy(&mut technique.name);
        technique.tactics.iter_mut().for_each(tidy);
    }
    for report in &mut base.reports {
        tidy(&mut report.key);
        // Only what can be an address is one.
        report.url = citation::report("", report.url.as_deref()).url;
    }
    base.origins.iter_mut().for_each(|origin| tidy(&mut origin.name));
    mended.keep(&mut base.aliases, |claim| (0.0..=1.0).contains(&claim.weight));
    for claim in &mut base.aliases {
        [&mut claim.left, &mut claim.right, &mut claim.source].into_iter().for_each(tidy);
    }
    mended.count
}

/// Every text that is compared has the form that [`super::read`] gives it.
fn tidy(text: &mut String) {
    let label = label(text);
    if label != *text {
        *text = label;
    }
}

struct Mended {
    reports: usize,
    count: u64,
}

impl Mended {
    fn keep<T>(&mut self, list: &mut Vec<T>, fits: impl Fn(&T) -> bool) {
        let before = list.len();
        list.retain(fits);
        self.count += (before - list.len()) as u64;
    }

    fn citations(&mut self, indices: &mut Vec<u32>) {
        let reports = self.reports;
        self.keep(indices, |at| (*at as usize) < reports);
    }

    fn used(&mut self, what: &mut String, indices: &mut Vec<u32>) {
        tidy(what);
        self.citations(indices);
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    /// A base with one of everything, and in it what `more` replaces.
    fn file(replace: &str, by: &str) -> String {
        let text = r#"{"schema": "clarte/knowledge/1",
            "actors": [{"id": "b", "kind": "cluster", "name": "Case 7", "origin": 0,
                "names": [{"name": "Otter", "reports": [1]}],
                "uses": [{"what": "T1566", "reports": [0, 1]}],
                "states": [{"country": "BE", "source": "x", "date": "2021-01", "confidence": 50, "reports": [0]}],
                "target_countries": ["FR"], "target_sectors": ["press"],
                "first_seen": "2020", "last_seen": null}],
            "software": [{"id": "S0001", "name": "A", "names": ["B"], "is_tool": false,
                "uses": [{"what": "T1566", "reports": []}]}],
            "techniques": [{"id": "T1566", "name": "Phishing", "tactics": ["initial-access"]}],
            "reports": [{"key": "a", "url": null, "publisher": null, "date": null},
                {"key": "b", "url": null, "publisher": "example.org", "date": "2021"}],
            "aliases": [{"left": "G0001", "right": "b", "weight": 0.5, "source": "x", "why": "y"}],
            "indicates": [{"indicator": {"kind": "domain", "value": "a.example",
                "validity": {"from": null, "until": null}, "source": "x", "reference": null,
                "confidence": null, "tlp": "AMBER+STRICT", "names": []}, "actor": 0}],
            "origins": [{"name": "x", "version": null, "notice": null}]}"#;
        assert!(text.contains(replace));
        text.replacen(replace, by, 1)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let one = read("file", file("x", "x").as_bytes());
        assert_eq!((one.format, one.faults_total), ("clarte-knowledge", 0));
        assert_eq!(one.knowledge.indicates.len(), 1);
        let again = read("other", write(&one.knowledge).as_bytes());
        assert_eq!((again.faults_total, again.knowledge), (0, one.knowledge));
    }

    #[test]
    fn what_points_nowhere_is_left_out() {
        for (replace, by) in [
            ("[0, 1]", "[0, 9]"),
            (r#""actor": 0"#, r#""actor": 1"#),
            (r#""country": "BE""#, r#""country": "Belgium""#),
            (r#""confidence": 50"#, r#""confidence": 101"#),
            (r#"["FR"]"#, r#"["fr"]"#),
            (r#""weight": 0.5"#, r#""weight": -1.5"#),
        ] {
            let one = read("file", file(replace, by).as_bytes());
            assert_eq!((one.faults_total, one.knowledge.actors.len()), (1, 1), "{by}");
            let again = read("file", write(&one.knowledge).as_bytes());
            assert_eq!((again.faults_total, again.knowledge), (0, one.knowledge), "{by}");
        }
        let nowhere = read("file", file(r#""origin": 0"#, r#""origin": 1"#).as_bytes());
        assert_eq!((nowhere.knowledge.actors.len(), nowhere.knowledge.indicates.len()), (0, 0));
    }

    #[test]
    fn an_address_is_one_of_the_web() {
        let one =
            read("file", file(r#""url": null"#, r#""url": "javascript:alert(1)""#).as_bytes());
        assert!(one.knowledge.reports.iter().all(|report| report.url.is_none()));
    }

    #[test]
    fn a_broken_base_is_one_fault() {
        for (replace, by) in [
            (r#""2021-01""#, r#""9021""#),
            (r#""cluster""#, "7"),
            (r#""reports": []"#, r#""x": []"#),
        ] {
            let one = read("file", file(replace, by).as_bytes());
            assert_eq!((one.faults_total, one.knowledge), (1, Knowledge::default()), "{by}");
        }
    }
}
