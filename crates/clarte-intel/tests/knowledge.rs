//! Real knowledge, read where it lies: set `CLARTE_DATA`, or put it into
//! `../shared/data` beside the project. Skipped, and said so, without it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clarte_intel::knowledge::{self, Read};
use clarte_model::knowledge::{Knowledge, linked};

const ATTACK: &str = "attack/enterprise-attack-18.1.json.gz";

#[expect(clippy::print_stdout, reason = "a skipped test says so")]
fn data(part: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("CLARTE_DATA") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let found = folder.join(part);
    if !found.exists() {
        println!("skipped: no {part} here");
        return None;
    }
    Some(found)
}

fn unpacked(path: &Path) -> Vec<u8> {
    let output = Command::new("gzip").arg("-dc").arg(path).output().expect("gzip");
    assert!(output.status.success());
    output.stdout
}

fn attack() -> Option<Read> {
    let bytes = unpacked(&data(ATTACK)?);
    Some(knowledge::read("enterprise-attack.json", &bytes))
}

#[test]
fn attack_is_read_whole() {
    let Some(read) = attack() else { return };
    assert_eq!((read.format, read.faults_total), ("stix", 0));
    let base = &read.knowledge;
    let counts = (base.actors.len(), base.software.len(), base.techniques.len());
    assert_eq!(counts, (172, 784, 691));
    let uses: usize = base.actors.iter().map(|actor| actor.uses.len()).sum();
    let does: usize = base.software.iter().map(|software| software.uses.len()).sum();
    assert_eq!((uses, does), (4362 + 647 + 457, 9836 + 800));
    let dated = base.reports.iter().filter(|report| report.date.is_some()).count();
    println!("{} reports, {dated} dated; ignored {:?}", base.reports.len(), read.ignored);
    assert!(dated * 4 > base.reports.len() * 3);
}

#[test]
fn attack_is_read_quickly() {
    let Some(path) = data(ATTACK) else { return };
    let bytes = unpacked(&path);
    let start = Instant::now();
    knowledge::read("enterprise-attack.json", &bytes);
    println!("{} bytes in {:?}", bytes.len(), start.elapsed());
    assert!(start.elapsed().as_secs_f64() < 2.0);
}

#[test]
fn the_galaxy_is_read_whole() {
    let Some(path) = data("intel/galaxy/threat-actor.json") else { return };
    let read = knowledge::read("threat-actor.json", &std::fs::read(path).expect("readable"));
    println!("{:?}, ignored {:?}", read.faults, read.ignored);
    assert_eq!((read.format, read.knowledge.actors.len()), ("galaxy", 1041));
    // One value has an empty country.
    assert_eq!(read.faults_total, 1);
    let stated = read.knowledge.actors.iter().filter(|actor| !actor.states.is_empty()).count();
    assert!(stated > 470, "{stated}");
}

#[test]
fn what_is_built_in_is_what_is_published() {
    let (Some(attack), Some(galaxy)) = (attack(), data("intel/galaxy/threat-actor.json")) else {
        return;
    };
    let galaxy = knowledge::read("threat-actor.json", &std::fs::read(galaxy).expect("readable"));
    let mut published = knowledge::merge(vec![attack.knowledge, galaxy.knowledge]);
    let mut built_in = knowledge::built_in();
    // Left out of what is built in: addresses. Added to it: the version, by
    // the file's name, and the countries that ATT&CK's text names.
    published.reports.iter_mut().for_each(|report| report.url = None);
    built_in.origins.iter_mut().filter(|one| one.name == "MITRE ATT&CK").for_each(|attack| {
        assert_eq!(attack.version.take().as_deref(), Some("18.1"));
    });
    let by_text = |source: &str| source == "MITRE ATT&CK (text)";
    let mut named = 0;
    for actor in &mut built_in.actors {
        named += u32::from(actor.states.iter().any(|claim| by_text(&claim.source)));
        actor.states.retain(|claim| !by_text(&claim.source));
    }
    assert!(named > 100, "{named}");
    assert!(built_in == published);
}

/// The galaxy's actor of each of ATT&CK's groups that has one.
fn galaxy_actors(base: &Knowledge, least: f64) -> BTreeMap<&str, &str> {
    let id = |at: &u32| base.actors[*at as usize].id.as_str();
    let mut found = BTreeMap::new();
    for group in linked(base, least) {
        let (groups, others): (Vec<&str>, Vec<&str>) =
            group.iter().map(id).partition(|id| id.starts_with('G'));
        if let ([group], [other]) = (groups.as_slice(), others.as_slice()) {
            found.insert(*group, *other);
        }
    }
    found
}

/// Names alone, held against what the galaxy says itself: which of ATT&CK's
/// groups an actor is, by the id among its names.
#[test]
fn names_find_what_the_galaxy_says() {
    let mut base = knowledge::built_in();
    let compared = knowledge::compare_names(&base);
    let said = std::mem::replace(&mut base.aliases, compared);
    let said: Vec<_> = said.iter().filter(|claim| claim.why.contains("among the names")).collect();
    let pair = |one: &str, other: &str| {
        said.iter().any(|claim| {
            (claim.left.as_str(), claim.right.as_str()) == (one.min(other), one.max(other))
        })
    };
    for least in [0.3, 0.4, 0.5, 0.6, 0.7] {
        let found = galaxy_actors(&base, least);
        let spoken_of = |group: &str| {
            said.iter().any(|claim| [claim.left.as_str(), claim.right.as_str()].contains(&group))
        };
        let known: Vec<_> = found.iter().filter(|(group, _)| spoken_of(group)).collect();
        let right = known.iter().filter(|(group, other)| pair(group, other)).count();
        println!("{least}: {} found, {right} of {} as said", found.len(), known.len());
        // Of the 80 groups that the galaxy names and that are not revoked.
        assert!(right >= 65 && known.len() - right <= 2);
    }
    base.aliases.extend(said.into_iter().cloned());
    println!("with what the galaxy says: {}", galaxy_actors(&base, 0.4).len());
}
