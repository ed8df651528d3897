//! What the intelligence can say about a case at all, from the index of its
//! values alone.
//!
//! Intelligence that names nothing in the case cannot change its answer. So
//! whoever keeps an answer keeps [`matched`] and [`VERSION`] with it: as long
//! as both are the same over the same records, so is the answer.

use std::collections::BTreeSet;
use std::net::IpAddr;

use clarte_model::lake::{ObservableKind, ReadError, Records};
use clarte_model::url::HttpUrl;
use clarte_model::{Indicator, IndicatorKind, Observable, Timestamp, Tlp};

/// The version of the reasoning. Raise it when the same records and the same
/// intelligence give another answer.
pub const VERSION: u32 = 3;

/// Finds everything in the intelligence that a value has to do with: each
/// indicator that names it alone, and each group of indicators that only count
/// together and of which one names it, whole.
pub type Naming<'i> = dyn Fn(Observable<'_>) -> Vec<Vec<&'i Indicator>> + 'i;

/// Asks for a value of the index as the reasoning asks for values; `None` for
/// those that no indicator can name.
///
/// ```
/// use clarte_extent::ask;
/// use clarte_model::Observable;
/// use clarte_model::lake::ObservableKind::{Hostname, User};
/// let is_host = |what: Observable<'_>| matches!(what, Observable::Host("img.example.org"));
/// assert_eq!(ask(Hostname, "img.example.org", is_host), Some(true));
/// assert_eq!(ask(User, "jan", is_host), None);
/// ```
pub fn ask<T>(
    kind: ObservableKind,
    value: &str,
    question: impl FnOnce(Observable<'_>) -> T,
) -> Option<T> {
    let what = match kind {
        ObservableKind::Domain | ObservableKind::Hostname => match value.parse() {
            Ok(ip) => Observable::Ip(ip),
            Err(_) => Observable::Host(value),
        },
        ObservableKind::Ip => Observable::Ip(value.parse::<IpAddr>().ok()?),
        ObservableKind::Url => return Some(question(Observable::Url(&HttpUrl::parse(value)?))),
        ObservableKind::Email => Observable::Email(value),
        ObservableKind::FileHash => Observable::FileHash(value),
        ObservableKind::Subject => Observable::Subject(value),
        ObservableKind::MessageId => Observable::MessageId(value),
        ObservableKind::UserAgent => Observable::UserAgent(value),
        ObservableKind::Mac | ObservableKind::User => return None,
    };
    Some(question(what))
}

/// Everything in the intelligence that names a value of the index, whatever
/// its validity: sorted, each once, an indicator alone as a group of one.
///
/// Nothing that [`crate::extent`] may ask for is missing, since it asks for
/// nothing that is not in the index.
///
/// # Errors
/// Where the index cannot be read.
pub fn matched<'i>(
    records: &dyn Records,
    naming: &Naming<'i>,
) -> Result<Vec<Vec<Indicator>>, ReadError> {
    let mut found: BTreeSet<Vec<Key<'i>>> = BTreeSet::new();
    let mut groups: Vec<Vec<&'i Indicator>> = Vec::new();
    for kind in ObservableKind::ALL {
        records.values(*kind, &mut |seen| {
            for group in ask(*kind, seen.value, naming).into_iter().flatten() {
                if found.insert(group.iter().map(|indicator| key(indicator)).collect()) {
                    groups.push(group);
                }
            }
        })?;
    }
    groups.sort_by_cached_key(|group| group.iter().map(|one| key(one)).collect::<Vec<_>>());
    Ok(groups.into_iter().map(|group| group.into_iter().cloned().collect()).collect())
}

/// All of an indicator: an answer may rest on any of it.
type Key<'i> = (
    IndicatorKind,
    &'i str,
    &'i str,
    Option<&'i str>,
    (Option<Timestamp>, Option<Timestamp>),
    (Option<u8>, Option<Tlp>),
    &'i [String],
);

fn key(indicator: &Indicator) -> Key<'_> {
    let Indicator { kind, value, validity, source, reference, confidence, tlp, names } = indicator;
    let (from, until) = (validity.from, validity.until);
    (*kind, value, source, reference.as_deref(), (from, until), (*confidence, *tlp), names)
}
