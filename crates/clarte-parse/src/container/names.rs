//! Members' paths: what an archive says, made harmless, unambiguous and unique.
//!
//! A path is for people, for citing and for telling whose mailbox it is; it is
//! never used as a path of the file system. `!/` stands between a member and
//! what lies inside it (`ann.zip!/inbox.tar!/1.eml`) and in no name.

use std::collections::HashMap;
use std::sync::Arc;

/// What a member without a name is called.
const UNNAMED: &str = "unnamed";

/// The paths of one file's members.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// How many members were to have each path.
    seen: HashMap<Arc<str>, u32>,
}

impl Names {
    /// The path of a member called `name` inside `above`, of at most about
    /// `cap` bytes. Members of one path are told apart by `#2` and so on.
    pub(super) fn path(&mut self, above: Option<&str>, name: &str, cap: usize) -> Arc<str> {
        let mut path = above.map(|above| format!("{above}!/")).unwrap_or_default();
        let room = cap.saturating_sub(path.len());
        push_harmless(&mut path, name, room);
        let path: Arc<str> = path.into();
        let mut unique = Arc::clone(&path);
        while self.seen.contains_key(&unique) {
            // There is one for `path` too, or the loop would not have begun.
            let count = self.seen.entry(Arc::clone(&path)).or_insert(1);
            *count += 1;
            unique = format!("{path}#{count}").into();
        }
        self.seen.insert(Arc::clone(&unique), 1);
        unique
    }
}

/// Of a name what a fault's detail has room for.
pub(super) fn shown(name: &str) -> String {
    let mut text = String::new();
    push_harmless(&mut text, name, 100);
    text
}

/// Appends up to about `cap` bytes of a name to a path, without empty steps,
/// the separator, or characters that change how text is shown.
fn push_harmless(path: &mut String, name: &str, cap: usize) {
    let begin = path.len();
    for step in name.split('/').filter(|step| !matches!(*step, "" | ".")) {
        if path.len() > begin {
            // Where a step ends in `!`, this would be the separator.
            if path.ends_with('!') {
                path.pop();
                path.push('！');
            }
            path.push('/');
        }
        for character in step.chars().map(harmless) {
            if path.len() - begin >= cap {
                path.push('…');
                return;
            }
            path.push(character);
        }
    }
    if path.len() == begin {
        path.push_str(UNNAMED);
    }
}

/// Control characters as their pictures; what reorders or hides text as a mark.
fn harmless(character: char) -> char {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(character)).unwrap_or('\u{fffd}'),
        '\x7f' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' => '\u{fffd}',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_harmless() {
        for (name, expected) in [
            ("a/b.eml", "a/b.eml"),
            ("/etc//./passwd", "etc/passwd"),
            ("../../x", "../../x"),
            ("", UNNAMED),
            ("./", UNNAMED),
            ("a\n\u{7f}\u{202e}gpj.exe", "a␊␡\u{fffd}gpj.exe"),
            ("a.zip!/b", "a.zip！/b"),
            ("a!", "a!"),
        ] {
            assert_eq!(&*Names::default().path(None, name, 100), expected);
        }
        assert_eq!(&*Names::default().path(Some("a!"), "/b!/c", 100), "a!!/b！/c");
    }

    #[test]
    fn members_of_one_name_stay_apart() {
        let mut names = Names::default();
        let all = ["a", "a#2", "a", "a", "a#2"].map(|name| names.path(None, name, 100).to_string());
        assert_eq!(all, ["a", "a#2", "a#3", "a#4", "a#2#2"]);
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let mut names = Names::default();
        let long = "é/".repeat(50_000);
        let first = names.path(None, &long, 20);
        assert!(first.ends_with('…') && first.len() <= 24, "{first}");
        assert_eq!(&*names.path(None, &long, 20), format!("{first}#2"));
        assert_eq!(&*names.path(Some(&first), "x", 20), format!("{first}!/…"));
    }
}
