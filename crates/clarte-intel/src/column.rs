//! Headings of tables, and keys of JSON rows: what stands under each, in the
//! dialects of many feeds.

use crate::value::{self, Hint};

/// Whether one value a line stands under a heading: a list reads that better,
/// unless the heading alone says what the values are.
pub(crate) fn is_list(columns: &[Column]) -> bool {
    match columns {
        [Column::Value(hint)] => !matches!(hint, Hint::Subject | Hint::MessageId | Hint::UserAgent),
        _ => false,
    }
}

/// Whether there is anything to look for under these headings.
pub(crate) fn names_a_value(columns: &[Column]) -> bool {
    columns.iter().any(|column| matches!(column, Column::Value(_) | Column::Pattern))
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Value(Hint),
    Type,
    Pattern,
    PatternType,
    ValidFrom,
    FirstSeen,
    Until,
    Source,
    Reference,
    Tlp,
    Confidence,
    Name,
    Id,
    ToIds,
    Other,
}

/// What a heading says, whatever its case and punctuation.
pub(crate) fn column(heading: &str) -> Column {
    let plain: String = heading
        .trim()
        .trim_matches('"')
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
        .collect();
    match plain.trim_matches('_') {
        "" => Column::Other,
        "value" | "indicator" | "indicators" | "ioc" | "iocs" | "observable"
        | "indicator_value" | "ioc_value" | "observable_value" => Column::Value(Hint::Any),
        "type" | "indicator_type" | "ioc_type" | "entity_type" | "observable_type"
        | "value_type" | "kind" => Column::Type,
        "pattern" => Column::Pattern,
        "pattern_type" => Column::PatternType,
        "valid_from" | "from" | "start" | "start_date" => Column::ValidFrom,
        "first_seen" | "firstseen" | "first_seen_utc" => Column::FirstSeen,
        "valid_until" | "valid_to" | "until" | "expires" | "expiration" | "expiry"
        | "expiration_date" | "expires_at" => Column::Until,
        "source" | "sources" | "author" | "provider" | "feed" => Column::Source,
        "reference" | "references" | "report" => Column::Reference,
        "tlp" | "marking" => Column::Tlp,
        "confidence" => Column::Confidence,
        "actor" | "threat_actor" | "group" | "campaign" | "malware" | "malware_family"
        | "family" | "threat" | "intrusion_set" => Column::Name,
        "id" | "uuid" | "indicator_id" | "ioc_id" => Column::Id,
        "to_ids" => Column::ToIds,
        plain => {
            value::hint(plain).or_else(|| by_last_word(plain)).map_or(Column::Other, Column::Value)
        }
    }
}

/// `associated_url` holds what its last word says, unless the words before say
/// that it is about the report and not about the threat. Mail addresses are
/// never guessed: `contact_email` is nobody's indicator.
fn by_last_word(plain: &str) -> Option<Hint> {
    const ABOUT: [&str; 8] =
        ["ref", "report", "source", "link", "contact", "author", "victim", "reporter"];
    let (before, last) = plain.rsplit_once('_')?;
    let about = before.split('_').any(|word| ABOUT.iter().any(|about| word.starts_with(about)));
    let hint = value::hint(last).filter(|hint| !matches!(hint, Hint::Any | Hint::Email))?;
    // More words are a sentence, not a heading.
    let is_short = before.split('_').count() <= 2;
    (is_short && !about).then_some(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_in_many_dialects() {
        for (heading, expected) in [
            ("\u{feff}Indicator", Column::Value(Hint::Any)),
            ("IOC Value", Column::Value(Hint::Any)),
            ("Associated URL", Column::Value(Hint::Url)),
            ("SHA-256", Column::Value(Hint::Hash)),
            ("Valid Until", Column::Until),
            ("last_seen", Column::Other),
            ("report_url", Column::Other),
            ("contact_email", Column::Other),
            ("country", Column::Other),
            ("We saw these domains", Column::Other),
            ("", Column::Other),
        ] {
            assert_eq!(column(heading), expected, "{heading}");
        }
    }
}
