//! The custody log from outside: what it keeps, what it notices.

use std::fs;
use std::io::Write;
use std::path::Path;

use clarte_custody::{CustodyError, Entry, Log, Operation, Recovered, Witness, prove, verify};
use clarte_model::{EvidenceId, Timestamp};

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
    assert_eq!((log.root().size, log.sealed(), log.recovered()), (5, 3, None));
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
        let log = open(folder.path()).expect("opens");
        assert_eq!(log.recovered(), Some(Recovered { bytes: torn.len() as u64 }));
        assert_eq!(log.root().size, 3);
        let aside = fs::read(folder.path().join("log.torn")).expect("kept");
        assert_eq!(aside.strip_suffix(b"\n"), Some(torn));
        drop(log);
        assert_eq!(open(folder.path()).expect("opens").recovered(), None);
    }
}

#[test]
fn every_changed_byte_of_a_sealed_log_is_noticed() {
    let folder = filled(3, 0);
    let path = folder.path().join("log.jsonl");
    let good = fs::read(&path).expect("reads");
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).expect("writes");
        assert!(verify(folder.path()).is_err(), "byte {at}");
        assert!(open(folder.path()).is_err(), "byte {at}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let shortened = filled(3, 0);
    edit(shortened.path(), |text| text.lines().take(2).map(|line| format!("{line}\n")).collect());
    let error = verify(shortened.path()).expect_err("too short");
    assert_eq!(error.to_string(), "the custody log has 2 entries, its checkpoint seals 3");

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
    assert!(matches!(open(folder.path()), Err(CustodyError::Busy { .. })));
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
