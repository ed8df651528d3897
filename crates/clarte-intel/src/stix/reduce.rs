//! STIX patterns: tree to alternatives, each a group of equalities that must
//! all hold. What is more than that is a reason not to evaluate.

use super::pattern::{Comparison, Literal, Observation, Operator, Qualifier, Step, Test};
use crate::loaded::quote;
use crate::value::{self, Hint, Value};

/// The most equalities that one pattern may unfold into.
const MAX_TESTS: usize = 100_000;

/// One way to fulfil a pattern.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Alternative {
    /// All must be found.
    pub(super) values: Vec<Value>,
    /// Why this way is not evaluated.
    pub(super) why_not: Option<String>,
    /// Why a value of it cannot be used.
    pub(super) bad: Option<String>,
}

/// Every way to fulfil a pattern; `None` if there are too many.
pub(super) fn alternatives(pattern: &Observation) -> Option<Vec<Alternative>> {
    let mut all = observation(pattern)?;
    for one in &mut all {
        one.values.sort_by(|a, b| (a.kind, &a.text).cmp(&(b.kind, &b.text)));
        one.values.dedup();
        if one.values.is_empty() && one.why_not.is_none() && one.bad.is_none() {
            one.why_not = Some("it names a type and no value".to_owned());
        }
    }
    Some(all)
}

/// Recursion is as deep as the parser lets a pattern nest.
fn observation(pattern: &Observation) -> Option<Vec<Alternative>> {
    match pattern {
        Observation::Seen(inner) => comparison(inner),
        Observation::And(parts) => product(parts, observation),
        Observation::Or(parts) => sum(parts, observation),
        Observation::FollowedBy(_) => Some(unevaluated("an order of events (FOLLOWEDBY)")),
        Observation::Qualified(_, conditions) if has_twins(conditions) => {
            let bad = Some("a condition of one kind stands twice".to_owned());
            Some(vec![Alternative { bad, ..Alternative::default() }])
        }
        Observation::Qualified(..) => {
            Some(unevaluated("a condition on time or number (WITHIN, REPEATS, START)"))
        }
    }
}

/// STIX 2.1 §9.5.1: no expression has two qualifiers of one kind.
fn has_twins(conditions: &[Qualifier]) -> bool {
    let kinds: Vec<_> = conditions.iter().map(std::mem::discriminant).collect();
    (1..kinds.len()).any(|at| kinds[..at.min(3)].contains(&kinds[at]))
}

fn comparison(inner: &Comparison) -> Option<Vec<Alternative>> {
    match inner {
        Comparison::Test(one) => test(one),
        Comparison::And(parts) => product(parts, comparison),
        Comparison::Or(parts) => sum(parts, comparison),
    }
}

fn sum<T>(parts: &[T], each: impl Fn(&T) -> Option<Vec<Alternative>>) -> Option<Vec<Alternative>> {
    let mut all = Vec::new();
    let mut size = 0;
    for part in parts {
        let ways = each(part)?;
        size += tests(&ways) + ways.len();
        if size > 2 * MAX_TESTS {
            return None;
        }
        all.extend(ways);
    }
    Some(all)
}

fn product<T>(
    parts: &[T],
    each: impl Fn(&T) -> Option<Vec<Alternative>>,
) -> Option<Vec<Alternative>> {
    let mut all = vec![Alternative::default()];
    let mut work = 0;
    for part in parts {
        let ways = each(part)?;
        work += all.len().saturating_mul(tests(&ways) + 1);
        if let [way] = ways.as_slice() {
            all.iter_mut().for_each(|one| one.join(way));
        } else {
            let size = |ways: &[Alternative]| tests(ways) + ways.len();
            let unfolded =
                size(&all).saturating_mul(ways.len()) + size(&ways).saturating_mul(all.len());
            if unfolded > MAX_TESTS {
                return None;
            }
            let pairs = all.iter().flat_map(|one| ways.iter().map(move |way| (one, way)));
            all = pairs.map(|(one, way)| one.clone().joined(way)).collect();
        }
        if work > 10 * MAX_TESTS {
            return None;
        }
    }
    Some(all)
}

fn tests(ways: &[Alternative]) -> usize {
    ways.iter().map(|way| way.values.len()).sum()
}

impl Alternative {
    fn join(&mut self, other: &Self) {
        self.values.extend_from_slice(&other.values);
        if self.why_not.is_none() {
            self.why_not.clone_from(&other.why_not);
        }
        if self.bad.is_none() {
            self.bad.clone_from(&other.bad);
        }
    }

    fn joined(mut self, other: &Self) -> Self {
        self.join(other);
        self
    }
}

fn unevaluated(why: &str) -> Vec<Alternative> {
    vec![Alternative { why_not: Some(why.to_owned()), ..Alternative::default() }]
}

fn test(test: &Test) -> Option<Vec<Alternative>> {
    let name = || quote(&format!("{}:{}", test.object, path(&test.path)));
    if test.negated {
        return Some(unevaluated("a negation (NOT)"));
    }
    if is_type_of_reference(test) {
        return Some(vec![Alternative::default()]);
    }
    let networks = matches!(test.object.as_str(), "ipv4-addr" | "ipv6-addr")
        || matches!(test.path.as_slice(), [Step::Key(key), ..] if key.ends_with("_ref"));
    let supported = match test.operator {
        Operator::Equal | Operator::In => true,
        Operator::IsSubset => networks,
        _ => false,
    };
    if !supported {
        return Some(unevaluated(&format!(
            "the comparison {} of {}",
            shown(test.operator),
            name()
        )));
    }
    let Some(property) = property(test) else {
        return Some(unevaluated(&format!("the property {}", name())));
    };
    if test.values.len() > MAX_TESTS {
        return None;
    }
    Some(test.values.iter().map(|literal| equality(&property, literal)).collect())
}

/// `network-traffic:dst_ref.type = 'ipv4-addr'`, which exporters write beside
/// `dst_ref.value`: the value itself says as much.
fn is_type_of_reference(test: &Test) -> bool {
    let types = ["ipv4-addr", "ipv6-addr", "domain-name", "email-addr"];
    let [Step::Key(reference), Step::Key(last)] = test.path.as_slice() else { return false };
    let [Literal::Text(text)] = test.values.as_slice() else { return false };
    reference.ends_with("_ref")
        && last == "type"
        && test.operator == Operator::Equal
        && types.contains(&text.as_str())
}

/// A property that is looked for: what its values are, and for a hash of which
/// algorithm.
struct Property {
    hint: Hint,
    algorithm: Option<&'static str>,
}

fn property(test: &Test) -> Option<Property> {
    let keys: Vec<&str> = test
        .path
        .iter()
        .map(|step| match step {
            Step::Key(key) => key.as_str(),
            Step::Index(_) => "[n]",
            Step::Any => "[*]",
        })
        .collect();
    let mut algorithm = None;
    let hint = match (test.object.as_str(), keys.as_slice()) {
        ("domain-name", ["value"]) => Hint::Host,
        ("ipv4-addr" | "ipv6-addr", ["value"]) => Hint::Ip,
        ("url", ["value"]) => Hint::Url,
        ("email-addr", ["value"]) => Hint::Email,
        ("email-message", ["from_ref" | "sender_ref", "value"]) => Hint::Email,
        ("email-message", ["subject"]) => Hint::Subject,
        ("email-message", ["message_id"]) => Hint::MessageId,
        ("network-traffic", ["dst_ref" | "src_ref", "value"]) => Hint::Host,
        ("network-traffic", ["extensions", "http-request-ext", "request_header", key])
            if key.eq_ignore_ascii_case("user-agent") =>
        {
            Hint::UserAgent
        }
        ("file" | "artifact", ["hashes", name]) => {
            algorithm = Some(hash_name(name)?);
            Hint::Hash
        }
        _ => return None,
    };
    Some(Property { hint, algorithm })
}

fn hash_name(name: &str) -> Option<&'static str> {
    let letters = name.chars().filter(|c| c.is_ascii_alphanumeric());
    match letters.map(|c| c.to_ascii_lowercase()).collect::<String>().as_str() {
        "md5" => Some("md5"),
        "sha1" => Some("sha1"),
        "sha256" => Some("sha256"),
        "sha512" => Some("sha512"),
        _ => None,
    }
}

fn equality(property: &Property, literal: &Literal) -> Alternative {
    let Literal::Text(text) = literal else {
        return Alternative {
            bad: Some("a constant that is no text".to_owned()),
            ..Alternative::default()
        };
    };
    let read = match property.algorithm {
        Some(algorithm) => value::read(property.hint, &format!("{algorithm}:{}", text.trim())),
        // A network's address may stand where a name may, as a domain does.
        None if property.hint == Hint::Host && text.contains('/') => value::read(Hint::Ip, text),
        None => value::read(property.hint, text),
    };
    match read {
        Ok(value) => Alternative { values: vec![value], ..Alternative::default() },
        Err(why) => Alternative { bad: Some(why), ..Alternative::default() },
    }
}

fn path(steps: &[Step]) -> String {
    let mut text = String::new();
    for step in steps {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.extend([".", key]),
            Step::Index(n) => text.extend(["[", n, "]"]),
            Step::Any => text.push_str("[*]"),
        }
    }
    text
}

fn shown(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "=",
        Operator::Unequal => "!=",
        Operator::Less => "<",
        Operator::AtMost => "<=",
        Operator::Greater => ">",
        Operator::AtLeast => ">=",
        Operator::In => "IN",
        Operator::Like => "LIKE",
        Operator::Matches => "MATCHES",
        Operator::IsSubset => "ISSUBSET",
        Operator::IsSuperset => "ISSUPERSET",
        Operator::Exists => "EXISTS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stix::pattern::parse;

    /// Alternatives as `a+b`, `bad: …` or `not: …`.
    fn ways(text: &str) -> Vec<String> {
        let parsed = parse(text).expect("a pattern");
        let all = alternatives(&parsed).expect("not too many");
        all.into_iter()
            .map(|one| match (one.why_not, one.bad) {
                (Some(why), _) => format!("not: {why}"),
                (None, Some(why)) => format!("bad: {why}"),
                (None, None) => {
                    let values: Vec<_> = one.values.into_iter().map(|value| value.text).collect();
                    values.join("+")
                }
            })
            .collect()
    }

    #[test]
    fn alternatives_are_unfolded() {
        for (text, expected) in [
            ("[domain-name:value = 'A.com']", &["a.com"][..]),
            ("[domain-name:value = 'a.com' OR domain-name:value = 'b.com']", &["a.com", "b.com"]),
            (
                "[domain-name:value = 'a.com'] OR [url:value = 'http://b.com/c']",
                &["a.com", "http://b.com/c"],
            ),
            ("[domain-name:value IN ('a.com', 'b.com')]", &["a.com", "b.com"]),
            (
                "[domain-name:value = 'a.com'] AND [ipv4-addr:value = '203.0.113.7']",
                &["a.com+203.0.113.7"],
            ),
            (
                "[domain-name:value IN ('a.com', 'b.com') AND ipv4-addr:value IN ('203.0.113.7', '203.0.113.8')]",
                &[
                    "a.com+203.0.113.7",
                    "a.com+203.0.113.8",
                    "b.com+203.0.113.7",
                    "b.com+203.0.113.8",
                ],
            ),
            ("[domain-name:value = 'a.com' AND domain-name:value = 'a.com']", &["a.com"]),
            ("[ipv4-addr:value ISSUBSET '203.0.113.0/24']", &["203.0.113.0/24"]),
            ("[ipv6-addr:value = '2001:db8::/32']", &["2001:db8::/32"]),
            (
                "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.7']",
                &["203.0.113.7"],
            ),
            ("[network-traffic:src_ref.value = '203.0.113.0/24']", &["203.0.113.0/24"]),
            (
                "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'Evil/1']",
                &["Evil/1"],
            ),
            (
                "[email-message:from_ref.value = 'J@a.com' AND email-message:subject = 'it\\'s you']",
                &["j@a.com+it's you"],
            ),
            (
                "[file:hashes.md5 = 'D41D8CD98F00B204E9800998ECF8427E']",
                &["md5:d41d8cd98f00b204e9800998ecf8427e"],
            ),
        ] {
            assert_eq!(ways(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_more_than_equality_has_its_reason() {
        for (text, expected) in [
            (
                "[domain-name:value LIKE '%.com']",
                &["not: the comparison LIKE of `domain-name:value`"][..],
            ),
            ("[domain-name:value NOT = 'a.com']", &["not: a negation (NOT)"]),
            (
                "[domain-name:value = 'a.com' OR file:size = 3]",
                &["a.com", "not: the property `file:size`"],
            ),
            ("[domain-name:value = 'a.com' AND file:size = 3]", &["not: the property `file:size`"]),
            (
                "[domain-name:value = 'a.com'] WITHIN 5 SECONDS",
                &["not: a condition on time or number (WITHIN, REPEATS, START)"],
            ),
            ("[a:b = 1] FOLLOWEDBY [a:b = 1]", &["not: an order of events (FOLLOWEDBY)"]),
            (
                "[domain-name:resolves_to_refs[*].value = '203.0.113.7']",
                &["not: the property `domain-name:resolves_to_refs[*].value`"],
            ),
            (
                "[network-traffic:dst_ref.type = 'ipv4-addr']",
                &["not: it names a type and no value"],
            ),
            ("[domain-name:value = 'com']", &["bad: `com` is a single label, no full host name"]),
            ("[file:hashes.MD5 = 'f00']", &["bad: `md5:f00` is no file hash"]),
            ("[url:value = 3]", &["bad: a constant that is no text"]),
            (
                "[a:b = 1] WITHIN 1 SECONDS WITHIN 2 SECONDS",
                &["bad: a condition of one kind stands twice"],
            ),
        ] {
            assert_eq!(ways(text), expected, "{text}");
        }
    }

    #[test]
    fn unfolding_is_bounded() {
        let set: Vec<_> = (0..400).map(|n| format!("'a{n}.com'")).collect();
        let test = format!("domain-name:value IN ({})", set.join(", "));
        let parsed = parse(&format!("[{}]", [test.as_str(); 3].join(" AND "))).expect("a pattern");
        assert_eq!(alternatives(&parsed), None);
        let parsed = parse(&format!(
            "[{}]",
            ["a:b = 1 OR a:c = 2"; 40].map(|or| format!("({or})")).join(" AND ")
        ));
        assert_eq!(alternatives(&parsed.expect("a pattern")), None);
        let parsed = parse(&format!("[{test}]")).expect("a pattern");
        assert_eq!(alternatives(&parsed).map(|all| all.len()), Some(400));
    }
}
