//! Names that look like others: letters moved, left out or taken for another,
//! and characters of other scripts, as Unicode and as Punycode.
//! Spec: RFC 3492 (Punycode), RFC 5890 (`xn--`).

use crate::outside::OUTLETS;
use crate::rng::Rng;

/// A label a letter or two away from this one, and no outlet's own.
pub(super) fn misspelt(label: &str, rng: &mut Rng) -> String {
    let letters: Vec<char> = label.chars().collect();
    let mut ways: Vec<String> = Vec::new();
    for at in 1..letters.len().saturating_sub(1) {
        let join = |middle: &[char]| -> String {
            letters[..at].iter().chain(middle).chain(&letters[at + 1..]).collect()
        };
        ways.push(join(&[]));
        ways.push(join(&[letters[at], letters[at]]));
        if letters[at] != letters[at + 1] && letters[at + 1] != '-' && letters[at] != '-' {
            let mut swapped = letters.clone();
            swapped.swap(at, at + 1);
            ways.push(swapped.iter().collect());
        }
        // Taken for another, at the first glance: twice as often.
        for other in taken_for(letters[at]) {
            let other: Vec<char> = other.chars().collect();
            ways.extend([join(&other), join(&other)]);
        }
    }
    let is_own = |way: &String| {
        way == label || OUTLETS.iter().any(|o| o.domain.split('.').next() == Some(way.as_str()))
    };
    ways.retain(|way| !is_own(way) && !way.contains("--"));
    if ways.is_empty() { format!("{label}{label}") } else { rng.pick(&ways).clone() }
}

fn taken_for(letter: char) -> &'static [&'static str] {
    match letter {
        'o' => &["0"],
        'l' => &["1", "i"],
        'i' => &["l", "j"],
        'm' => &["rn"],
        'w' => &["vv"],
        'd' => &["cl"],
        'e' => &["3"],
        's' => &["5", "z"],
        'u' => &["v"],
        'n' => &["m"],
        'g' => &["q"],
        _ => &[],
    }
}

/// The text with one letter or more in another script: Cyrillic, or Greek.
pub(super) fn disguised(text: &str, rng: &mut Rng) -> String {
    let places: Vec<usize> =
        text.char_indices().filter(|(_, c)| twin(*c).is_some()).map(|(at, _)| at).collect();
    if places.is_empty() {
        return format!("{text}\u{430}");
    }
    let sure = *rng.pick(&places);
    text.char_indices()
        .map(|(at, c)| match twin(c) {
            Some(twin) if at == sure || rng.chance(8) => twin,
            _ => c,
        })
        .collect()
}

fn twin(letter: char) -> Option<char> {
    Some(match letter {
        'a' => '\u{430}',
        'e' => '\u{435}',
        'o' => '\u{43e}',
        'p' => '\u{440}',
        'c' => '\u{441}',
        'y' => '\u{443}',
        'x' => '\u{445}',
        'i' => '\u{456}',
        's' => '\u{455}',
        'v' => '\u{3bd}',
        _ => return None,
    })
}

/// A label as the domain name system writes it.
pub(super) fn ascii_label(label: &str) -> String {
    if label.is_ascii() { label.to_owned() } else { format!("xn--{}", punycode(label)) }
}

/// RFC 3492, section 6.3.
fn punycode(label: &str) -> String {
    let letters: Vec<u32> = label.chars().map(u32::from).collect();
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = out.len() as u32;
    if basic > 0 {
        out.push('-');
    }
    let (mut next, mut delta, mut bias, mut handled) = (128_u32, 0_u32, 72_u32, basic);
    while (handled as usize) < letters.len() {
        let least = letters.iter().copied().filter(|&l| l >= next).min().unwrap_or(next);
        delta += (least - next) * (handled + 1);
        next = least;
        for &letter in &letters {
            if letter < next {
                delta += 1;
            }
            if letter == next {
                push_number(&mut out, delta, bias);
                bias = adapted(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta += 1;
        next += 1;
    }
    out
}

fn push_number(out: &mut String, mut number: u32, bias: u32) {
    let mut weight = 36_u32;
    loop {
        let limit = weight.saturating_sub(bias).clamp(1, 26);
        if number < limit {
            out.push(digit(number));
            return;
        }
        out.push(digit(limit + (number - limit) % (36 - limit)));
        number = (number - limit) / (36 - limit);
        weight += 36;
    }
}

fn digit(number: u32) -> char {
    char::from(b"abcdefghijklmnopqrstuvwxyz0123456789"[number as usize % 36])
}

fn adapted(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut bias = 0;
    while delta > 455 {
        delta /= 35;
        bias += 36;
    }
    bias + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Topic;

    #[test]
    fn punycode_matches_the_rfc() {
        for (label, ascii) in [
            ("b\u{fc}cher", "xn--bcher-kva"),
            ("m\u{fc}nchen", "xn--mnchen-3ya"),
            ("\u{430}pple", "xn--pple-43d"),
            ("\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}", "xn--e1afmkfd"),
            ("plain", "plain"),
        ] {
            assert_eq!(ascii_label(label), ascii);
        }
    }

    #[test]
    fn what_looks_alike_is_never_the_same() {
        let mut rng = Rng::keyed(1, Topic::Planted, &[]);
        for outlet in &OUTLETS {
            let label = outlet.domain.trim_end_matches(".example");
            for _ in 0..50 {
                let other = misspelt(label, &mut rng);
                assert_ne!(other, label);
                assert!(other.len().abs_diff(label.len()) <= 1, "{other}");
                assert!(!disguised(label, &mut rng).is_ascii());
            }
        }
    }
}
