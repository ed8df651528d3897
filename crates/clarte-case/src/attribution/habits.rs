//! What a case says of habits: who was chosen, and when the campaign works.
//! Both speak weakly, as many actors share each.

use std::collections::BTreeSet;

use clarte_attribution::{Channel, Credibility, Grade, Item, Reliability, Standing, Strength};
use clarte_extent::Extent;
use clarte_model::Knowledge;
use clarte_model::knowledge::Actor;

use super::OWN_CASE;

/// How significant a role's choice has to be, as is usual; of the tests of all
/// roles together.
const SIGNIFICANT: f64 = 0.05;

/// What the item rests on is counted in the case itself; that an actor has the
/// habit is what the base says, on whose sources nobody put a grade: *fairly
/// reliable*, *possibly true*.
const GRADE: Grade = Grade { reliability: Reliability::C, credibility: Credibility::Possible };

/// By how many hours from UTC clocks usually differ in a country, the year
/// round (IANA's zones, where most of its people live). Of Russia's eleven zones
/// it is Moscow's, as where services sit; of the United States' all.
const OFFSETS: &[(&str, f64, f64)] = &[
    ("AE", 4.0, 4.0),
    ("BY", 3.0, 3.0),
    ("CN", 8.0, 8.0),
    ("DE", 1.0, 2.0),
    ("EG", 2.0, 3.0),
    ("ES", 1.0, 2.0),
    ("FR", 1.0, 2.0),
    ("GB", 0.0, 1.0),
    ("HK", 8.0, 8.0),
    ("IL", 2.0, 3.0),
    ("IN", 5.5, 5.5),
    ("IR", 3.5, 4.5),
    ("IT", 1.0, 2.0),
    ("JP", 9.0, 9.0),
    ("KP", 8.5, 9.0),
    ("KR", 9.0, 9.0),
    ("KZ", 5.0, 6.0),
    ("LB", 2.0, 3.0),
    ("NG", 1.0, 1.0),
    ("PK", 5.0, 5.0),
    ("PL", 1.0, 2.0),
    ("PS", 2.0, 3.0),
    ("RO", 2.0, 3.0),
    ("RU", 3.0, 4.0),
    ("SA", 3.0, 3.0),
    ("SG", 8.0, 8.0),
    ("SY", 2.0, 3.0),
    ("TN", 1.0, 1.0),
    ("TR", 2.0, 3.0),
    ("TW", 8.0, 8.0),
    ("UA", 2.0, 3.0),
    ("US", -8.0, -4.0),
    ("UZ", 5.0, 5.0),
    ("VN", 7.0, 7.0),
];

/// An item for each role that was chosen more often than chance. It speaks for
/// actors whose sectors in the base share a word with the role; a country is
/// never read from a role or a domain. Where no sector fits, it speaks for
/// nobody and is there to be seen.
pub(super) fn victimology(extent: &Extent, base: &Knowledge) -> Vec<Item> {
    let chosen = extent.targeting.iter();
    let chosen = chosen.filter(|one| one.direction == "more" && one.p_adjusted < SIGNIFICANT);
    let findings: BTreeSet<String> = targeted(extent);
    let items = chosen.map(|one| {
        let says = format!(
            "People with the role `{}` were chosen more often than chance: {} of {}, where {:.1} \
             were expected (p = {:.2e}, adjusted)",
            one.role, one.targeted, one.population, one.expected, one.p_adjusted
        );
        let words = words(&one.role);
        let knows = |actor: &Actor| !actor.target_sectors.is_empty();
        let fits = |actor: &Actor| {
            actor.target_sectors.iter().any(|sector| !self::words(sector).is_disjoint(&words))
        };
        Item {
            mechanism: Some(format!("role {}", one.role)),
            findings: findings.iter().cloned().collect(),
            ..habit(Channel::Victimology, &says, base, knows, fits)
        }
    });
    items.collect()
}

/// The findings that show who was targeted.
fn targeted(extent: &Extent) -> BTreeSet<String> {
    let rungs = extent.victims.iter().flat_map(|victim| &victim.rungs);
    let rungs = rungs.filter(|rung| matches!(rung.rung, "targeted" | "delivered"));
    rungs.flat_map(|rung| rung.findings.iter().cloned()).collect()
}

/// Words of five letters and more, without a plural's `s`: shorter ones say too
/// little.
fn words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let words = words.map(|word| word.strip_suffix('s').unwrap_or(word));
    words.filter(|word| word.chars().count() >= 5).map(str::to_owned).collect()
}

/// An item for the hours at which the campaign works, for actors of whom a
/// state is claimed whose clocks fit.
pub(super) fn rhythm(extent: &Extent, base: &Knowledge) -> Option<Item> {
    let rhythm = &extent.rhythm;
    let offset = rhythm.utc_offset_hours?;
    let [least, most] = rhythm.interval_hours.unwrap_or([offset, offset]);
    let says = format!(
        "{} acts fit working hours at UTC{offset:+} (from {least:+} to {most:+})",
        rhythm.acts
    );
    let in_table = |country: &str| OFFSETS.iter().find(|(code, ..)| *code == country);
    let knows = |actor: &Actor| actor.states.iter().any(|claim| in_table(&claim.country).is_some());
    let fits = |actor: &Actor| {
        let offsets = actor.states.iter().filter_map(|claim| in_table(&claim.country));
        offsets.into_iter().any(|(_, from, to)| *from <= most && least <= *to)
    };
    let findings = rhythm.findings.clone();
    Some(Item {
        mechanism: Some("working hours".to_owned()),
        findings,
        ..habit(Channel::Rhythm, &says, base, knows, fits)
    })
}

/// An item for actors that a habit fits. How common it is follows from those of
/// whom anything is known.
fn habit(
    channel: Channel,
    says: &str,
    base: &Knowledge,
    knows: impl Fn(&Actor) -> bool,
    fits: impl Fn(&Actor) -> bool,
) -> Item {
    let known = base.actors.iter().filter(|actor| knows(actor)).count();
    let fitting: Vec<&Actor> = base.actors.iter().filter(|actor| fits(actor)).collect();
    let prevalence =
        (!fitting.is_empty() && known > 0).then(|| (fitting.len() as f64 / known as f64).min(1.0));
    let ids: BTreeSet<&str> = fitting.into_iter().map(|actor| actor.id.as_str()).collect();
    let supports =
        ids.into_iter().map(|id| Standing { actor: id.to_owned(), strength: Strength::WEAK });
    Item {
        grade: GRADE,
        prevalence,
        supports: supports.collect(),
        ..Item::new(channel, says, OWN_CASE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_sectors_meet_in_whole_words() {
        for (role, sector, expected) in [
            ("Journalist", "Journalists", true),
            ("member: defence committee", "Defence", true),
            ("press office", "Express", false),
            ("IT", "IT", false),
            ("adviser", "Government, Administration", false),
        ] {
            assert_eq!(!words(role).is_disjoint(&words(sector)), expected, "{role}, {sector}");
        }
    }

    #[test]
    fn offsets_are_ranges_in_order() {
        assert!(OFFSETS.iter().all(|(_, from, to)| from <= to));
        assert!(OFFSETS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
