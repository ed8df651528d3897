//! Mailboxes as people have them: folders, one file, interrupted runs.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use clarte_check::{CheckError, Checked, Line, Request, check};
use clarte_detect::Surroundings;

/// A letter of a stranger who borrows a newspaper's name.
fn lure(number: usize) -> String {
    format!(
        "Received: from out.example by mx.parl.example; Mon, {:02} Jan 2026 10:00:00 +0000\n\
         From: \"Anna Invented (The Guardian)\" <anna{number}@theguardian.com.desk.example>\n\
         To: <eva@parl.example>\nSubject: Interview request\nMessage-ID: <{number}@desk.example>\n\n\
         Dear Eva,\n\nI am a journalist and would like to interview you.\n\nKind regards\nAnna\n",
        1 + number % 28
    )
}

fn letter(from: &str, to: &str, day: usize) -> String {
    // A letter that one sent oneself came in from nowhere.
    let stamp = match from.starts_with("eva@") {
        true => String::new(),
        false => format!(
            "Received: from a.example by mx.parl.example; Mon, {day:02} Jan 2026 09:00:00 +0000\n"
        ),
    };
    format!(
        "{stamp}From: {from}\nTo: {to}\nSubject: minutes\nMessage-ID: <{day}.{}@x.example>\n\nHello,\n\nhere they are.\n",
        from.len()
    )
}

fn run(request: &Request) -> Result<(Checked, Vec<Line>), CheckError> {
    let mut lines = Vec::new();
    let checked = check(request, Surroundings::default(), &|_| {}, &mut |line| {
        lines.push(line);
        Ok(())
    })?;
    Ok((checked, lines))
}

fn of(path: &Path) -> Request {
    Request { paths: vec![path.to_owned()], ..Request::default() }
}

fn mbox(letters: &[String]) -> String {
    let one = |letter: &String| format!("From x@y.example Mon Jan  1 00:00:00 2026\n{letter}\n");
    letters.iter().map(one).collect()
}

#[test]
fn a_folder_and_an_mbox_of_the_same_letters_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let letters: Vec<_> = (0..30)
        .map(|n| {
            if n % 10 == 3 {
                lure(n)
            } else {
                letter("jan@a.example", "eva@parl.example", 1 + n % 28)
            }
        })
        .collect();
    let maildir = folder.path().join("eva@parl.example");
    fs::create_dir_all(maildir.join("cur")).unwrap();
    fs::create_dir_all(maildir.join("tmp")).unwrap();
    fs::write(maildir.join("tmp/half"), "From: a@b.example\n").unwrap();
    for (number, letter) in letters.iter().enumerate() {
        fs::write(maildir.join(format!("cur/{number:03}:2,S")), letter).unwrap();
    }
    let file = folder.path().join("all.mbox");
    fs::write(&file, mbox(&letters)).unwrap();
    let (of_folder, one) = run(&of(&maildir)).unwrap();
    let (of_file, other) = run(&of(&file)).unwrap();
    assert_eq!((of_folder.messages, of_folder.act_now), (30, 3));
    assert_eq!(of_folder, of_file);
    let said = |lines: &[Line]| {
        lines.iter().map(|line| (line.verdict.clone(), line.points)).collect::<Vec<_>>()
    };
    assert_eq!(said(&one), said(&other));
}

#[test]
fn however_many_threads_there_are_the_lines_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.mbox");
    // Large enough to be cut into blocks.
    let letters: Vec<_> = (0..6_000)
        .map(|n| {
            if n % 100 == 0 {
                lure(n)
            } else {
                letter(&format!("a{n}@a.example"), "eva@parl.example", 1 + n % 28)
            }
        })
        .collect();
    fs::write(&file, mbox(&letters)).unwrap();
    let with = |threads| run(&Request { threads, ..of(&file) }).unwrap();
    let (checked, lines) = with(1);
    assert_eq!((checked.messages, checked.act_now), (6_000, 60));
    assert!(with(5).1 == lines);
    let mut places: Vec<_> = lines.iter().map(|line| line.span.offset).collect();
    assert!(places.is_sorted());
    places.dedup();
    assert_eq!(places.len(), 6_000);
}

#[test]
fn an_interrupted_run_goes_on_and_says_everything_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.mbox");
    let letters: Vec<_> = (0..12_000)
        .map(|n| letter(&format!("a{n}@a.example"), "eva@parl.example", 1 + n % 28))
        .collect();
    fs::write(&file, mbox(&letters)).unwrap();
    let request = Request { resume: Some(folder.path().join("notes")), ..of(&file) };
    let seen = RefCell::new(0);
    let stopped = check(&request, Surroundings::default(), &|_| {}, &mut |_| {
        *seen.borrow_mut() += 1;
        match *seen.borrow() {
            7_000 => Err(CheckError::Write(std::io::Error::other("interrupted"))),
            _ => Ok(()),
        }
    });
    assert!(stopped.is_err());
    // The last note is cut off, as when the machine is.
    let notes = fs::read(folder.path().join("notes")).unwrap();
    fs::write(folder.path().join("notes"), &notes[..notes.len() - 10]).unwrap();
    let (checked, lines) = run(&request).unwrap();
    let (_, whole) = run(&of(&file)).unwrap();
    assert_eq!(checked.messages, 12_000);
    assert!(lines == whole);
    // Notes of other messages are not mixed in.
    fs::write(&file, mbox(&letters[..2])).unwrap();
    assert!(matches!(run(&request), Err(CheckError::OtherNotes { .. })));
}

#[test]
fn the_mailbox_tells_whom_its_owner_knows() {
    let folder = tempfile::tempdir().unwrap();
    let known = "From: \"Jan Peeters\" <jan@a.example>\nTo: eva@parl.example\n";
    let mut letters: Vec<_> = (1..4)
        .flat_map(|day| {
            [
                letter("\"Jan Peeters\" <jan@a.example>", "eva@parl.example", day),
                letter("eva@parl.example", "jan@a.example", day),
            ]
        })
        .collect();
    assert!(known.contains("Jan"));
    letters.push(letter("\"Jan Peeters\" <jan.peeters@elsewhere.example>", "eva@parl.example", 20));
    let file = folder.path().join("all.mbox");
    fs::write(&file, mbox(&letters)).unwrap();
    let (_, lines) = run(&of(&file)).unwrap();
    let detectors =
        |line: &Line| line.reasons.iter().map(|reason| reason.detector.clone()).collect::<Vec<_>>();
    assert_eq!(detectors(&lines[2]), [""; 0]);
    let last = detectors(lines.last().unwrap());
    assert!(last.contains(&"identity.colleague".to_owned()), "{last:?}");
    assert!(last.contains(&"approach.first-contact".to_owned()), "{last:?}");
    // By itself it says nothing of the kind.
    let (_, alone) = run(&Request { alone: true, ..of(&file) }).unwrap();
    assert_eq!(detectors(alone.last().unwrap()), [""; 0]);
}

#[test]
fn what_is_no_message_is_unreadable_and_what_is_missing_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("strange.eml");
    for bytes in [&b""[..], b"\0\x01\x02\xff\xfe", b"just some words\nand more\n"] {
        fs::write(&file, bytes).unwrap();
        let (checked, lines) = run(&of(&file)).unwrap();
        assert_eq!((checked.messages, checked.unreadable), (1, 1), "{}", bytes.escape_ascii());
        assert_eq!(lines[0].verdict, "unreadable");
    }
    let missing = run(&of(&folder.path().join("nothing")));
    assert!(matches!(missing, Err(CheckError::Open { .. })));
}

#[test]
fn a_message_attached_to_a_question_is_what_is_judged() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("question.eml");
    let raw = format!(
        "From: eva@parl.example\nTo: desk@parl.example\nSubject: is this genuine?\n\
         Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee attached.\n--b\n\
         Content-Type: message/rfc822\n\n{}\n--b--\n",
        lure(1)
    );
    fs::write(&file, raw).unwrap();
    let (checked, lines) = run(&of(&file)).unwrap();
    assert_eq!(checked.act_now, 1);
    assert!(lines[0].reasons.iter().any(|reason| reason.attached));
}
