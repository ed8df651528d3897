//! A mail that somebody passed on by copying it into a letter of their own, as
//! mail programs do: the question is about that one.
//!
//! Read from the lines with which programs introduce it (From, Sent, To,
//! Subject), in a few languages. What such a copy loses is lost: the way it
//! came, what its receiver found out. Anybody can write such lines; so it is
//! judged beside the letter that holds it, never in its place.

use clarte_model::address;
use clarte_model::mail::{Mail, Mailbox};

/// Lines that are searched.
const LINES: usize = 400;

/// Lines that may stand between two of the introduction.
const NEAR: usize = 12;

/// Words before the copy, in a letter that does not call itself a forward.
const OWN_WORDS: usize = 80;

const FROM: [&str; 7] = ["from", "de", "von", "van", "da", "expediteur", "afzender"];
const SUBJECT: [&str; 6] = ["subject", "objet", "betreff", "onderwerp", "oggetto", "asunto"];
const OTHERS: [&str; 14] = [
    "to",
    "a",
    "an",
    "aan",
    "date",
    "datum",
    "sent",
    "envoye",
    "gesendet",
    "verzonden",
    "cc",
    "per",
    "inviato",
    "enviado",
];

/// The mail that `outer` passes on in its text.
pub(crate) fn passed_on(outer: &Mail, is_forward: bool) -> Option<Mail> {
    let text = outer.text();
    let lines: Vec<_> = text.lines().take(LINES).map(bare).collect();
    let mut words = 0;
    for (at, line) in lines.iter().enumerate() {
        if let Some(author) = labelled(line, &FROM).and_then(mailbox)
            && let Some((subject, body)) = introduction(&lines, at)
        {
            if !is_forward && words > OWN_WORDS {
                return None;
            }
            return Some(Mail {
                depth: outer.depth + 1,
                from: vec![author],
                to: outer.to.clone(),
                owner: outer.owner.clone(),
                subject: subject.to_owned(),
                plain: lines[body..].join("\n"),
                remote: outer.remote.clone(),
                ..Mail::default()
            });
        }
        words += line.split_whitespace().count();
    }
    None
}

/// Without what quotes or decorates it.
fn bare(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t', '*', '|', '\u{a0}']).trim_end()
}

/// What stands behind one of the labels.
fn labelled<'l>(line: &'l str, labels: &[&str]) -> Option<&'l str> {
    let (label, value) = line.split_once(':')?;
    if label.len() > 24 {
        return None;
    }
    let folded = crate::words::Words::of(label);
    (folded.len() == 1 && labels.contains(&folded.get(0)))
        .then(|| value.trim_matches(['*', ' ', '\u{a0}', '\t']))
}

/// The subject of the introduction that begins at `from`, and where the text
/// behind it begins.
fn introduction<'l>(lines: &[&'l str], from: usize) -> Option<(&'l str, usize)> {
    let rest = lines.iter().enumerate().skip(from + 1).take(NEAR);
    let (mut subject, mut others, mut last) = (None, 0, from);
    for (at, line) in rest {
        if let Some(found) = labelled(line, &SUBJECT) {
            subject = subject.or(Some(found));
            last = at;
        } else if labelled(line, &OTHERS).is_some() {
            others += 1;
            last = at;
        }
    }
    subject.filter(|_| others > 0).map(|subject| (subject, last + 1))
}

/// `Name <address>`, `Name [mailto:address]`.
fn mailbox(value: &str) -> Option<Mailbox> {
    let words = value.split(|c: char| c.is_whitespace() || "<>[]()\"".contains(c));
    let address = words.into_iter().find_map(address::normalise)?;
    let name = value.split(['<', '[']).next().unwrap_or_default().trim_matches(['"', ' ', '\'']);
    let name = (!name.is_empty() && !name.contains('@')).then(|| name.to_owned());
    Some(Mailbox { name, address: Some(address) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_mail_is_found_in_the_dress_of_several_programs() {
        for (text, name) in [
            (
                "Is this real?\n\n---------- Forwarded message ---------\nFrom: Anna X <anna@a.example>\nDate: Mon\nSubject: Hello\nTo: me\n\nDear you",
                "Anna X",
            ),
            (
                "> *De :* Anna X <anna@a.example>\n> *Envoy\u{e9} :* lundi\n> *Objet :* Hello\n\n> Dear you",
                "Anna X",
            ),
            (
                "Von: \"Anna X\" [mailto:anna@a.example]\n\nGesendet: Montag\n\nBetreff: Hello\n\nDear you",
                "Anna X",
            ),
        ] {
            let outer = Mail { plain: text.to_owned(), ..Mail::default() };
            let inner = passed_on(&outer, true).expect(text);
            assert_eq!(inner.author_name(), name);
            assert_eq!(inner.author_address(), Some("anna@a.example"));
            assert_eq!(inner.subject, "Hello");
            assert_eq!(inner.plain.trim(), "Dear you");
        }
        let plain = Mail {
            plain: "From: nobody\nSubject: x\n\nfrom: a@b.example".to_owned(),
            ..Mail::default()
        };
        assert_eq!(passed_on(&plain, true), None);
    }
}
