//! The custody log from outside: what it keeps, what it notices.

use std::fs;
use std::io::Write;
use std::path::Path;

use clarte_custody::{CustodyError, Entry, Log, Operation, Recovered, Witness, prove, verify};
use clarte_model::{EvidenceId, Timestamp};
use proptest::prelude::*;

fn open(folder: &Path) -> Result<Log, CustodyError> {
    let witness = Witness {
        operator: "A. Investigator".into(),
        tool: "clarte 0.1.0".into(),
        system: "bench linux".into(),
    };
    Log::open(folder, witness)
}

fn intake(seconds: i64) -> Entry<'static> {
    Entry {
        when: Timestamp::from_seconds(1_700_000_000 + seconds).expect("in range"),
        what: Operation::Intake,
        from: Some("mail/a.mbox"),
        evidence: Some(EvidenceId([seconds as u8; 32])),
        result: serde_json::json!({"bytes": seconds}),
    }
}

/// A folder with `sealed` sealed entries and `more` unsealed ones.
fn filled(sealed: i64, more: i64) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = open(folder.path()).expect("opens");
    for n in 0..sealed {
        assert_eq!(log.append(&intake(n)).expect("appends"), n as u64);
    }
    log.commit().expect("commits");
    for n in sealed..sealed + more {
        log.append(&intake(n)).expect("appends");
    }
    folder
}

/// A folder whose log was committed at these sizes; entry `n` says that it has
/// `n` bytes.
fn committed(sizes: &[i64]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = open(folder.path()).expect("opens");
    for size in sizes {
        for n in log.root().size as i64..*size {
            log.append(&intake(n)).expect("appends");
        }
        log.commit().expect("commits");
    }
    folder
}

fn first_lines(text: &str, count: usize) -> String {
    text.split_inclusive('\n').take(count).collect()
}

fn edit(folder: &Path, change: impl FnOnce(String) -> String) {
    let path = folder.join("log.jsonl");
    let text = fs::read_to_string(&path).expect("reads");
    fs::write(&path, change(text)).expect("writes");
}

#[test]
fn entries_are_written_as_documented() {
    let folder = filled(1, 0);
    let text = fs::read_to_string(folder.path().join("log.jsonl")).expect("reads");
    let hash = "00".repeat(32);
    assert_eq!(
        text,
        format!(
            r#"{{"n":0,"when":"2023-11-14T22:13:20Z","operator":"A. Investigator","what":"intake","tool":"clarte 0.1.0","system":"bench linux","from":"mail/a.mbox","evidence":"sha256:{hash}","result":{{"bytes":0}}}}"#
        ) + "\n"
    );
    let checkpoint = fs::read_to_string(folder.path().join("checkpoint")).expect("reads");
    assert!(checkpoint.starts_with("clarte/custody\n1\n"), "{checkpoint}");
}

#[test]
fn a_log_goes_on_where_it_stopped() {
    let folder = filled(3, 2);
    let mut log = open(folder.path()).expect("opens again");
    assert_eq!((log.root().size, log.sealed()), (5, 3));
    assert!(log.recovered().is_none());
    assert_eq!(log.append(&intake(5)).expect("appends"), 5);
    let root = log.commit().expect("commits");
    let verified = verify(folder.path()).expect("verifies");
    assert_eq!((verified.sealed, verified.unsealed, verified.torn), (root, 0, 0));
    let whole = filled(6, 0);
    assert_eq!(verify(whole.path()).expect("verifies").sealed, root);
}

#[test]
fn an_empty_log_is_a_log() {
    let folder = filled(0, 0);
    assert_eq!(verify(folder.path()).expect("verifies").sealed.size, 0);
    assert!(matches!(prove(folder.path(), 0), Err(CustodyError::NoSuchEntry { n: 0, size: 0 })));
}

#[test]
fn a_torn_line_is_set_aside_and_said() {
    for torn in [&b"{\"n\":3,\"when\""[..], b"\0\0\0\0", b"{\"n\":9}\n", b"\n{\"n\":3}\n"] {
        let folder = filled(3, 0);
        let path = folder.path().join("log.jsonl");
        let mut file = fs::OpenOptions::new().append(true).open(&path).expect("opens");
        file.write_all(torn).expect("writes");
        let mut log = open(folder.path()).expect("opens");
        let recovered = Recovered { bytes: torn.len() as u64, ..Recovered::default() };
        assert_eq!(log.recovered(), Some(&recovered));
        assert_eq!(log.root().size, 3);
        let aside = fs::read(folder.path().join("log.torn")).expect("kept");
        assert_eq!(aside.strip_suffix(b"\n"), Some(torn));
        assert_eq!(log.append(&intake(4)).expect("appends"), 4, "after the entry that tells it");
        log.commit().expect("commits");
        drop(log);
        assert_eq!(open(folder.path()).expect("opens").recovered(), None);
        assert_eq!(verify(folder.path()).expect("verifies").recovered, [recovered]);
    }
}

#[test]
fn a_log_shorter_than_its_checkpoint_goes_on_and_says_what_is_missing() {
    let folder = committed(&[2, 5, 9]);
    let original = verify(folder.path()).expect("verifies").sealed;
    edit(folder.path(), |text| first_lines(&text, 6) + "{\"n\":6,");
    let error = verify(folder.path()).expect_err("entries are missing");
    assert_eq!(
        error.to_string(),
        "the custody log has 6 entries, its checkpoint seals 9; the first 5 are as they were sealed"
    );

    let mut log = open(folder.path()).expect("opens");
    let recovered = log.recovered().cloned().expect("said");
    assert_eq!((recovered.missing, recovered.unproved, recovered.bytes), (3, 1, 7));
    let overruled = recovered.overruled.clone().expect("named");
    assert_eq!((overruled.size, overruled.root), (9, original.to_string()));
    assert_eq!(log.append(&intake(7)).expect("appends"), 7, "after the entry that tells it");
    log.commit().expect("commits");
    let verified = verify(folder.path()).expect("verifies");
    assert_eq!((verified.sealed.size, verified.recovered), (8, vec![recovered]));
    let text = fs::read_to_string(folder.path().join("log.jsonl")).expect("reads");
    let entry: serde_json::Value =
        serde_json::from_str(text.lines().nth(6).expect("told")).expect("JSON");
    assert_eq!((&entry["what"], &entry["result"]["missing"]), (&"recovered".into(), &3.into()));
}

#[test]
fn a_recovery_is_not_forgotten_however_often_the_next_run_is_killed() {
    let folder = committed(&[2, 5, 9]);
    edit(folder.path(), |text| first_lines(&text, 6));
    for _ in 0..2 {
        let log = open(folder.path()).expect("opens");
        assert_eq!(log.recovered().map(|recovered| recovered.missing), Some(3));
        assert_eq!(verify(folder.path()).expect("verifies").recovered.len(), 1);
        drop(log); // killed before it could append
    }
    let mut log = open(folder.path()).expect("opens");
    for n in 0..20 {
        log.append(&intake(n)).expect("appends");
    }
    drop(log); // killed after its entries were written and before they were sealed
    let log = open(folder.path()).expect("opens");
    assert_eq!((log.root().size, log.recovered()), (6 + 1 + 20, None));
    drop(log);
    edit(folder.path(), |text| first_lines(&text, 6) + "{\"n\":6,\"wh"); // torn in telling it
    let log = open(folder.path()).expect("opens");
    let recovered = log.recovered().expect("said again");
    assert_eq!((recovered.missing, recovered.bytes), (3, 10));
}

#[test]
fn a_log_that_contradicts_any_checkpoint_is_refused_however_short() {
    for (kept, forged) in [(9, 0), (9, 8), (6, 0), (6, 4), (2, 1)] {
        let folder = committed(&[2, 5, 9]);
        let forge = format!("\"bytes\":{forged}}}");
        edit(folder.path(), |text| first_lines(&text, kept).replacen(&forge, "\"bytes\":77}", 1));
        let refused = open(folder.path());
        assert!(matches!(refused, Err(CustodyError::Changed { .. })), "{forged} of {kept}");
        assert!(matches!(verify(folder.path()), Err(CustodyError::Changed { .. })));
    }
}

#[test]
fn a_checkpoint_that_is_lost_or_cut_blocks_nothing_and_is_said() {
    let whole = fs::read(committed(&[2, 5, 9]).path().join("checkpoint")).expect("reads");
    for end in [None, Some(0), Some(1), Some(20), Some(whole.len() - 1)] {
        let folder = committed(&[2, 5, 9]);
        let checkpoint = folder.path().join("checkpoint");
        match end {
            None => fs::remove_file(&checkpoint).expect("removed"),
            Some(end) => fs::write(&checkpoint, &whole[..end]).expect("cut"),
        }
        assert!(verify(folder.path()).is_err(), "{end:?}");
        let mut log = open(folder.path()).expect("opens");
        let recovered = log.recovered().cloned().expect("said");
        assert!(recovered.without_checkpoint);
        assert_eq!((recovered.missing, recovered.unproved), (0, 9));
        log.append(&intake(0)).expect("appends");
        log.commit().expect("commits");
        let verified = verify(folder.path()).expect("verifies");
        assert_eq!((verified.sealed.size, verified.recovered), (11, vec![recovered]));
        let damaged = fs::read(folder.path().join("checkpoint.damaged")).ok();
        assert_eq!(damaged.as_deref(), end.map(|end| &whole[..end]));
    }
}

#[test]
fn a_log_that_is_gone_is_said_to_be() {
    let folder = committed(&[2, 5, 9]);
    fs::remove_file(folder.path().join("log.jsonl")).expect("removed");
    let log = open(folder.path()).expect("opens");
    let recovered = log.recovered().expect("said");
    assert_eq!((recovered.missing, recovered.unproved), (9, 0));
}

#[test]
fn nothing_new_writes_nothing() {
    let folder = committed(&[3]);
    let changed = || fs::metadata(folder.path().join("checkpoint")).and_then(|m| m.modified());
    let before = changed().expect("its time");
    open(folder.path()).expect("opens").commit().expect("commits");
    assert_eq!(changed().expect("its time"), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A copy holds the log of one moment, cut anywhere, and the checkpoint of
    /// another.
    #[test]
    fn every_copy_of_a_growing_log_goes_on_and_says_what_it_lacks(
        steps in prop::collection::vec(1..6usize, 1..12),
        seal in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let (log_path, seal_path) =
            (folder.path().join("log.jsonl"), folder.path().join("checkpoint"));
        let mut log = open(folder.path()).expect("opens");
        let mut seals = vec![(0, fs::read(&seal_path).expect("reads"))];
        for step in &steps {
            for n in 0..*step {
                log.append(&intake(n as i64)).expect("appends");
            }
            let sealed = log.commit().expect("commits").size;
            seals.push((sealed, fs::read(&seal_path).expect("reads")));
        }
        drop(log);
        let whole = fs::read(&log_path).expect("reads");
        let cut = &whole[..cut.index(whole.len() + 1)];
        let (sealed, seal) = seal.get(&seals);
        fs::write(&log_path, cut).expect("writes");
        fs::write(&seal_path, seal).expect("writes");

        let kept = cut.iter().filter(|byte| **byte == b'\n').count() as u64;
        let torn = cut.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len) as u64;
        let mut log = open(folder.path()).expect("opens");
        let recovered = log.recovered().cloned();
        let said = recovered.clone().unwrap_or_default();
        prop_assert_eq!((said.missing, said.bytes), (sealed.saturating_sub(kept), torn));
        prop_assert_eq!(recovered.is_some(), said.missing + torn > 0);
        log.append(&intake(0)).expect("appends");
        let root = log.commit().expect("commits");
        drop(log);
        let verified = verify(folder.path()).expect("verifies");
        prop_assert_eq!(verified.sealed, root);
        prop_assert_eq!(verified.recovered, recovered.into_iter().collect::<Vec<_>>());
        prop_assert!(fs::read(&log_path).expect("reads").starts_with(&cut[..cut.len() - torn as usize]));
    }
}

#[test]
fn every_changed_byte_of_a_sealed_log_is_noticed() {
    let folder = filled(3, 0);
    let path = folder.path().join("log.jsonl");
    let good = fs::read(&path).expect("reads");
    for at in 0..good.len() - 1 {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).expect("writes");
        assert!(verify(folder.path()).is_err(), "byte {at}");
        assert!(open(folder.path()).is_err(), "byte {at}");
    }
    // Without its last line end the log looks as if it had been torn.
    let mut torn = good;
    torn.pop();
    fs::write(&path, [&torn[..], b"\x0b"].concat()).expect("writes");
    assert!(verify(folder.path()).is_err());
    let log = open(folder.path()).expect("opens");
    assert_eq!(log.recovered().map(|recovered| recovered.missing), Some(1));
}

#[test]
fn what_is_wrong_is_said() {
    let changed = filled(3, 0);
    edit(changed.path(), |text| text.replacen("Investigator", "Forger", 1));
    let error = verify(changed.path()).expect_err("changed");
    assert!(matches!(error, CustodyError::Changed { sealed: 3, .. }), "{error}");

    let cut_out = filled(3, 0);
    edit(cut_out.path(), |text| text.lines().skip(1).map(|line| format!("{line}\n")).collect());
    let error = verify(cut_out.path()).expect_err("the first is gone");
    assert!(matches!(error, CustodyError::BadEntry { n: 0, .. }), "{error}");

    let unsealed = filled(3, 0);
    fs::remove_file(unsealed.path().join("checkpoint")).expect("removed");
    assert!(matches!(verify(unsealed.path()), Err(CustodyError::Missing { .. })));
}

#[test]
fn two_processes_do_not_write_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = open(folder.path()).expect("opens");
    let refused = open(folder.path()).expect_err("it is open");
    assert!(matches!(refused, CustodyError::Busy { .. }));
    assert!(refused.to_string().starts_with("the case is in use: another process"), "{refused}");
    drop(first);
    assert!(open(folder.path()).is_ok());
}

#[test]
fn an_entry_can_be_proved_alone() {
    let folder = filled(9, 1);
    for n in 0..9 {
        let (root, proof) = prove(folder.path(), n).expect("proves");
        assert_eq!(root.size, 9);
        assert!(proof.holds(&root));
        assert!(proof.line.starts_with(format!("{{\"n\":{n},").as_bytes()));
        let mut forged = proof.clone();
        forged.line[20] ^= 1;
        assert!(!forged.holds(&root));
        let huge = clarte_custody::Root { size: u64::MAX, ..root };
        assert!(!proof.holds(&huge));
    }
    assert!(matches!(prove(folder.path(), 9), Err(CustodyError::NoSuchEntry { n: 9, size: 9 })));
}

#[test]
fn evidence_may_have_any_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut log = open(folder.path()).expect("opens");
    let name = "a\nb\u{202e}\"\\\u{0}c";
    log.append(&Entry { from: Some(name), ..intake(0) }).expect("appends");
    log.commit().expect("commits");
    assert_eq!(verify(folder.path()).expect("verifies").sealed.size, 1);
    let line = fs::read_to_string(folder.path().join("log.jsonl")).expect("reads");
    let entry: serde_json::Value = serde_json::from_str(&line).expect("one line of JSON");
    assert_eq!(entry["from"], name);
}
