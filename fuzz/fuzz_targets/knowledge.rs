//! Whatever a file says of actors, what is read of it points nowhere else, is
//! read again as it was written, and puts every actor into one group.
#![no_main]

use clarte_intel::knowledge::{compare_names, merge, read, write};
use clarte_model::knowledge::{Knowledge, linked};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let found = read("fuzz", bytes);
    assert!(found.faults.len() as u64 <= found.faults_total);
    let mut base = found.knowledge;
    points_within(&base);
    assert_eq!(merge(vec![base.clone()]), base);
    if base != Knowledge::default() {
        let again = read("again", write(&base).as_bytes());
        assert_eq!((again.faults_total, again.knowledge), (0, base.clone()));
    }
    base.aliases.extend(compare_names(&base));
    let mut grouped: Vec<u32> = linked(&base, 0.4).into_iter().flatten().collect();
    grouped.sort_unstable();
    assert!(grouped.into_iter().eq((0..).take(base.actors.len())));
});

fn points_within(base: &Knowledge) {
    let reports = |indices: &[u32]| {
        assert!(indices.iter().all(|at| (*at as usize) < base.reports.len()));
    };
    for actor in &base.actors {
        assert!((actor.origin as usize) < base.origins.len());
        actor.names.iter().for_each(|claim| reports(&claim.reports));
        actor.uses.iter().for_each(|claim| reports(&claim.reports));
        actor.states.iter().for_each(|claim| reports(&claim.reports));
    }
    for software in &base.software {
        software.uses.iter().for_each(|claim| reports(&claim.reports));
    }
    assert!(base.indicates.iter().all(|points| (points.actor as usize) < base.actors.len()));
    assert!(base.aliases.iter().all(|claim| (0.0..=1.0).contains(&claim.weight)));
}
