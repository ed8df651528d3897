//! Damaged and made-up mails are judged without a panic, in time that follows
//! their length.

use std::path::{Path, PathBuf};

use clarte_detect::{Surroundings, Verdict, judge};
use jiff::tz::TimeZone;

/// A generator of numbers that needs no crate (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

fn damaged(bytes: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let (a, b) = (dice.below(copy.len()), dice.below(copy.len()));
        let (from, to) = (a.min(b), a.max(b));
        match dice.below(5) {
            0 => copy.truncate(to),
            1 => drop(copy.drain(from..to)),
            2 => copy.iter_mut().skip(from).take(8).for_each(|byte| *byte = dice.below(256) as u8),
            3 => {
                let piece = &other[dice.below(other.len())..];
                let piece = piece[..piece.len().min(2_000)].to_vec();
                drop(copy.splice(from..from, piece));
            }
            _ => {
                let piece = copy[from..to.min(from + 500)].repeat(dice.below(20));
                drop(copy.splice(to..to, piece));
            }
        }
    }
    copy
}

#[test]
fn damaged_copies_of_real_mails_are_judged() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("CLARTE_DATA").map_or(beside, PathBuf::from).join("mail");
    let folders = ["phish", "ham", "spam"].map(|folder| data.join(folder));
    if !folders[0].is_dir() {
        eprintln!("skipped: no mails at {}", data.display());
        return;
    }
    let few = std::env::var("CLARTE_MUTATIONS").ok().and_then(|text| text.parse().ok());
    let mut mails: Vec<Vec<u8>> = Vec::new();
    for folder in &folders {
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        mails.extend(files.into_iter().step_by(5).map(|path| std::fs::read(path).unwrap()));
    }
    let around = Surroundings::default();
    let mut dice = Dice(7);
    for at in 0..mails.len() {
        for _ in 0..few.unwrap_or(2) {
            let other = dice.below(mails.len());
            let copy = damaged(&mails[at], &mails[other], &mut dice);
            judge(&clarte_parse::open_mail(&copy, &TimeZone::UTC), &around);
        }
    }
}

#[test]
fn made_up_mails_of_any_shape_are_judged() {
    let around = Surroundings::default();
    let head = "From: a@b.example\nTo: c@d.example\nSubject: x\nContent-Type: text/html\n\n";
    for body in [
        "<a href=http://a.example/>http://b.example</a>".repeat(20_000),
        "<div style=display:none>".repeat(50_000),
        "<img src=http://a.example/0123456789abcdef.gif width=1>".repeat(20_000),
        "<style>.a{display:none}</style>".repeat(20_000),
        "would you like to comment on ".repeat(50_000),
        "\u{202e}\u{200b}".repeat(100_000),
        "w".repeat(1_000_000),
        "From: a@b.example\nSubject: x\nTo: y\n".repeat(20_000),
        "<a>".repeat(200_000),
    ] {
        let mails = clarte_parse::open_mail(format!("{head}{body}").as_bytes(), &TimeZone::UTC);
        assert_ne!(judge(&mails, &around).score.verdict, Verdict::Unreadable);
    }
    for head in ["From: ".repeat(50_000), format!("From: {}", "<a@b.example>,".repeat(50_000))] {
        judge(&clarte_parse::open_mail(head.as_bytes(), &TimeZone::UTC), &around);
    }
}
