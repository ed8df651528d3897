//! Whom to tell first.
//!
//! One rule, without weights:
//!
//! 1. the highest rung that is proven;
//! 2. the highest rung above it that cannot be excluded: it orders those whose
//!    proven rungs are equal, and never lifts anyone over a proven rung;
//! 3. the latest act first: what goes on is stopped first;
//! 4. a role that the campaign chose more often than chance would;
//! 5. the name, so that the order is always the same.

use std::cmp::Reverse;

use crate::facts::{Facts, Person};

/// Everyone, the first to be told first.
pub(crate) fn ordered(facts: &Facts) -> Vec<&Person> {
    let mut people: Vec<_> = facts.people.iter().collect();
    people.sort_by_cached_key(|person| {
        let proven = person.top().map(|step| step.rung);
        let is_chosen = person.roles.iter().any(|role| facts.chosen_roles.contains(role));
        (
            Reverse(proven),
            Reverse(person.not_excluded()),
            Reverse(person.last_act),
            !is_chosen,
            person.name.clone().unwrap_or_default().to_lowercase(),
            person.identity.clone(),
        )
    });
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Rung;
    use crate::page::tests::person;
    use clarte_model::Timestamp;

    #[test]
    fn rung_then_doubt_then_recency_then_role_then_name() {
        let at = |seconds| Timestamp::from_seconds(seconds);
        let mut read = person("read@o.example", &[Rung::Accessed], &[]);
        read.last_act = at(10);
        let mut unclear = person("unclear@o.example", &[Rung::Opened], &[Rung::Exfiltrated]);
        unclear.last_act = at(20);
        let mut late = person("late@o.example", &[Rung::Opened], &[]);
        late.last_act = at(90);
        let mut early = person("early@o.example", &[Rung::Opened], &[]);
        early.last_act = at(80);
        let mut chosen = early.clone();
        chosen.identity = "zoe@o.example".to_owned();
        chosen.roles.insert("member".to_owned());
        let mut named = early.clone();
        (named.identity, named.name) = ("a@o.example".to_owned(), Some("Zed".to_owned()));
        let mut undated = early.clone();
        (undated.identity, undated.last_act) = ("undated@o.example".to_owned(), None);
        let people = vec![undated, named, early, chosen, late, unclear, read];
        let chosen_roles = ["member".to_owned()].into();
        let facts = Facts { people, chosen_roles, ..Facts::default() };
        let order: Vec<_> = ordered(&facts).iter().map(|one| one.identity.as_str()).collect();
        let expected = [
            "read@o.example",
            "unclear@o.example",
            "late@o.example",
            "zoe@o.example",
            "early@o.example",
            "a@o.example",
            "undated@o.example",
        ];
        assert_eq!(order, expected);
    }
}
