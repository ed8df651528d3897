use proptest::prelude::*;

use super::*;
use crate::{Channel, Forgery, Link, Responsibility, Strength};

const GOOD: &str = "[[item]]
channel = 'code'
says = 'The key is the same'
source = 'Lab'
for = [{ actor = 'Blue Heron', strength = 'strong' }]
";

/// What is wrong with a good item and these lines, and which bytes are meant.
fn fault(lines: &str) -> (String, String) {
    let text = format!("{GOOD}{lines}\n");
    let file = read(text.as_bytes());
    assert!(file.items.is_empty(), "{lines}");
    let [fault] = file.faults.as_slice() else { panic!("{lines}: {:?}", file.faults) };
    assert!(fault.lost && fault.detail.contains(": "), "{lines}: {}", fault.detail);
    let end = fault.offset + fault.length;
    (fault.detail.clone(), text[fault.offset as usize..end as usize].to_owned())
}

#[test]
fn the_example_of_the_guide_reads() {
    let file = read(include_bytes!("../../../../docs/guides/examples/items.toml"));
    assert_eq!(file.faults, []);
    assert_eq!(file.items.len(), 9);
    let channels: std::collections::BTreeSet<_> =
        file.items.iter().map(|item| item.channel).collect();
    assert!(channels.len() >= 5, "{channels:?}");
    assert!(file.items.iter().any(|item| item.is_tangible()));
    let states: Vec<_> = file.items.iter().flat_map(|item| &item.states).collect();
    assert!(states.iter().any(|said| said.link == Some(Link::Instructions)));
    assert!(states.iter().any(|said| said.step == Some(Responsibility::StateOrdered)));
}

#[test]
fn what_is_left_out_has_its_default() {
    let file = read(GOOD.as_bytes());
    let [item] = file.items.as_slice() else { panic!("{:?}", file.faults) };
    assert_eq!(item.id, Item::id_of(Channel::Code, "The key is the same", "Lab"));
    assert_eq!((item.grade.to_string().as_str(), item.forgery), ("F6", Forgery::Costly));
    assert_eq!(item.supports[0].strength, Strength::STRONG);
}

#[test]
fn dates_are_texts_dates_or_years() {
    for (written, expected) in
        [("2021-01-06", "2021-01-06"), ("'2021-01'", "2021-01"), ("2021", "2021")]
    {
        let file = read(format!("{GOOD}date = {written}\n").as_bytes());
        let dates: Vec<_> = file.items.iter().filter_map(|item| item.date).collect();
        assert_eq!(dates.iter().map(|date| date.to_string()).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn tells_what_is_wrong_where_and_what_to_do() {
    for (lines, what, place) in [
        ("grade = 'B7'", "is no grade", "'B7'"),
        ("colour = 'red'", "unknown field `colour`", "colour"),
        ("forgery = 'dear'", "very-costly", "'dear'"),
        ("prevalence = 1.5", "share of actors", "1.5"),
        ("prevalence = nan", "share of actors", "nan"),
        ("date = 2021-01", "between quotation marks", "2021-01"),
        ("date = 1066", "no date from 1990", "1066"),
        ("held = { from = 2022, until = 2021 }", "exchange", "{ from = 2022, until = 2021 }"),
        ("origin = ' '", "the text is empty", "' '"),
        ("states = [{ group = 'G1' }]", "name two of", "{ group = 'G1' }"),
        (
            "states = [{ group = 'G1', state = 'XYZ' }]",
            "two letters",
            "{ group = 'G1', state = 'XYZ' }",
        ),
        (
            "states = [{ group = 'G1', entity = 'U', link = '8' }]",
            "name the `state`",
            "{ group = 'G1', entity = 'U', link = '8' }",
        ),
        ("against = [{ actor = 'blue heron', strength = 0.2 }]", "make two items", "[[item]]"),
        ("against = [{ actor = 'X', strength = 2 }]", "number from 0 to 1", "2"),
        ("origin = 'never closed", "write `name", "origin = 'never closed"),
    ] {
        let (detail, found) = fault(lines);
        assert!(detail.contains(what), "{lines}: {detail}");
        assert_eq!(found, place, "{detail}");
    }
    let file = read(b"[[item]]\nchannel = 'code'\nsays = 'a'\n");
    assert!(file.faults[0].detail.starts_with("missing field `source`: add"), "{file:?}");
    assert_eq!(file.faults[0].length, "[[item]]".len() as u64);
}

#[test]
fn a_broken_item_costs_nothing_but_itself() {
    let other = GOOD.replace("key", "path");
    for broken in ["[[item]\nsays = 'x'\n", "[[item]]\nsays = '''open\n", "[[items]]\nsays = 'x'\n"]
    {
        let file = read(format!("# two\n{GOOD}{broken}{other}").as_bytes());
        assert_eq!((file.items.len(), file.faults.len()), (2, 1), "{broken}: {:?}", file.faults);
        assert_eq!(file.faults[0].offset, (6 + GOOD.len()) as u64 + offset_in(broken, &file));
    }
    let bytes = [GOOD.as_bytes(), b"origin = '\xff\xfe'\n", other.as_bytes()].concat();
    let file = read(&bytes);
    assert_eq!((file.items.len(), file.faults[0].kind), (1, FaultKind::Encoding));
    assert_eq!(bytes[file.faults[0].offset as usize], 0xff);
}

/// How far inside the broken item the place of the first fault may lie.
fn offset_in(broken: &str, file: &ItemsFile) -> u64 {
    let inside = file.faults[0].offset - (6 + GOOD.len()) as u64;
    assert!(inside < broken.len() as u64);
    inside
}

#[test]
fn the_same_said_twice_is_told() {
    let file = read(format!("{GOOD}{GOOD}").as_bytes());
    assert_eq!(file.items.len(), 1);
    assert!(file.faults[0].detail.contains("at byte 0"), "{:?}", file.faults);
    let file = read(format!("{GOOD}{GOOD}id = 'second'\n").as_bytes());
    assert_eq!((file.items.len(), file.faults.len()), (2, 0));
}

#[test]
fn stops_at_its_caps() {
    let long = format!("{GOOD}origin = '{}'\n", "x".repeat(MAX_TEXT + 1));
    assert_eq!(read(long.as_bytes()).faults[0].kind, FaultKind::TooLarge);
    let large = format!("{GOOD}#{}\n", "x".repeat(MAX_ITEM));
    assert_eq!(read(large.as_bytes()).faults[0].kind, FaultKind::TooLarge);
    let huge = vec![b' '; MAX_BYTES + 1];
    assert_eq!(read(&huge).faults[0].kind, FaultKind::TooLarge);
    let many = "[[item]]\n".repeat(MAX_ITEMS + 5);
    let file = read(many.as_bytes());
    assert_eq!(file.faults.len(), MAX_ITEMS + 1);
    assert_eq!(file.faults.last().map(|fault| fault.length), Some(5 * 9));
    let deep = format!("{GOOD}origin = {}\n", "[".repeat(100_000));
    assert_eq!(read(deep.as_bytes()).items.len(), 0);
    let deep = format!("{GOOD}{}\n", "a.".repeat(100_000));
    assert_eq!(read(deep.as_bytes()).items.len(), 0);
}

#[test]
fn what_stands_before_the_first_item_is_told() {
    let file = read(format!("\u{feff}# a comment\n\n{GOOD}").as_bytes());
    assert_eq!((file.items.len(), file.faults.len()), (1, 0));
    let file = read(format!("title = 'x'\n{GOOD}").as_bytes());
    assert_eq!((file.items.len(), file.faults.len()), (1, 1));
    assert!(read(b"").faults.is_empty());
}

proptest! {
    #[test]
    fn whatever_the_bytes_faults_lie_inside(pieces in proptest::collection::vec(prop_oneof![
        Just(GOOD.as_bytes().to_vec()),
        Just(b"[[item]]\n".to_vec()),
        Just(b"[[item.states]]\n".to_vec()),
        Just(b"says = '''".to_vec()),
        Just("é = [{".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..20),
    ], 0..12)) {
        let bytes = pieces.concat();
        let file = read(&bytes);
        for fault in &file.faults {
            prop_assert!(fault.offset + fault.length <= bytes.len() as u64, "{fault:?}");
        }
        let ids: std::collections::BTreeSet<_> = file.items.iter().map(|item| &item.id).collect();
        prop_assert_eq!(ids.len(), file.items.len());
    }
}
