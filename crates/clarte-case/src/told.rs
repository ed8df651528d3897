//! From the answer and the lists of people to what a dossier is drawn from.
//!
//! The answer's sentences may name several people. Nothing of them reaches a
//! letter: here they are brought down to kinds that plain words exist for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use clarte_dossier::{Doubt, Facts, Kind, Mail, Open, Person, Rung, Step, Way, WayKind};
use clarte_extent::{Extent, Finding, Victim};
use clarte_lake::Lake;
use clarte_model::lake::{ReadError, Records, Stored};
use clarte_model::{Class, EvidenceId, Field, Timestamp, Tlp};

use crate::{CaseError, answer, gate};

/// What the case in `case` knows of the people whom the campaign reached.
///
/// # Errors
/// Where there is no case, or its answer is not the one that was written.
pub fn told(case: &Path) -> Result<Facts, CaseError> {
    let path = case.join("out").join(answer::NAME);
    let lake = Lake::open_read_only(&case.join("lake"))?;
    let bytes = fs::read(&path).map_err(CaseError::io(&path))?;
    let written = lake.catalogue().answer(answer::NAME)?;
    if !written.is_some_and(|(_, sha256)| gate::is_unchanged(&path, &sha256).unwrap_or(false)) {
        return Err(CaseError::OtherAnswer(path));
    }
    let extent: Extent = serde_json::from_slice(&bytes).map_err(CaseError::json(&path))?;
    Ok(facts(&extent, &listed(&lake)?, &senders(&lake, &extent)?))
}

/// Someone in the lists of people.
#[derive(Debug, Default)]
struct Listed {
    roles: BTreeSet<String>,
    lang: Option<String>,
    ways: BTreeSet<Way>,
}

/// The columns of a list of people that name another way to reach someone.
const WAYS: &[(&str, WayKind)] = &[
    ("phone", WayKind::Phone),
    ("telephone", WayKind::Phone),
    ("tel", WayKind::Phone),
    ("mobile", WayKind::Phone),
    ("gsm", WayKind::Phone),
    ("signal", WayKind::Signal),
    ("other_email", WayKind::Mail),
    ("private_email", WayKind::Mail),
    ("office", WayKind::Address),
    ("address", WayKind::Address),
];

/// Everyone in the lists of people, by address.
fn listed(records: &dyn Records) -> Result<BTreeMap<String, Listed>, ReadError> {
    let fields = [Field::UserEmail, Field::UserRoles, Field::UserLang, Field::Unmapped];
    let mut all: BTreeMap<String, Listed> = BTreeMap::new();
    records.scan(Class::Person, &fields, &[], &mut |stored| {
        let record = stored.record;
        let Some(email) = record.get_text(Field::UserEmail) else { return };
        let listed = all.entry(email.to_owned()).or_default();
        listed.roles.extend(record.get_texts(Field::UserRoles).map(str::to_owned));
        // Of two languages the smaller one, so that the order of lists is moot.
        let lang = record.get_text(Field::UserLang).map(str::to_owned);
        listed.lang = listed.lang.take().into_iter().chain(lang).min();
        listed.ways.extend(record.get_text(Field::Unmapped).map(ways).unwrap_or_default());
    })?;
    Ok(all)
}

/// The ways that columns of their own name.
fn ways(unmapped: &str) -> BTreeSet<Way> {
    let Ok(columns) = serde_json::from_str::<BTreeMap<String, serde_json::Value>>(unmapped) else {
        return BTreeSet::new();
    };
    let ways = columns.iter().filter_map(|(name, value)| {
        let name = name.trim().to_lowercase().replace([' ', '-'], "_");
        let (_, kind) = WAYS.iter().find(|(column, _)| *column == name)?;
        Some(Way { kind: *kind, value: value.as_str()?.trim().to_owned() })
    });
    ways.filter(|way| !way.value.is_empty()).collect()
}

/// A place in the evidence.
type Place = (EvidenceId, Option<String>, u64);

/// The address that each of the campaign's mails bore, by place.
fn senders(records: &dyn Records, extent: &Extent) -> Result<BTreeMap<Place, String>, ReadError> {
    let lures = extent.findings.iter().filter(|finding| is_lure(finding));
    let spans = lures.flat_map(|finding| &finding.spans);
    let places: BTreeSet<Place> =
        spans.map(|span| (span.evidence, span.member.clone(), span.offset)).collect();
    let mut all = BTreeMap::new();
    if places.is_empty() {
        return Ok(all);
    }
    records.scan(Class::Email, &[Field::MailFrom], &[], &mut |stored| {
        let place = place(&stored);
        if let Some(from) =
            stored.record.get_text(Field::MailFrom).filter(|_| places.contains(&place))
        {
            all.insert(place, from.to_owned());
        }
    })?;
    Ok(all)
}

fn place(stored: &Stored<'_>) -> Place {
    (stored.evidence, stored.member.map(str::to_owned), stored.record.offset)
}

/// Whether a finding is a mail of the campaign.
fn is_lure(finding: &Finding) -> bool {
    !finding.lead && matches!(finding.detector.as_str(), "intel.indicator" | "campaign.pivot")
}

/// How significant a role's choice has to be, as is usual; of the tests of
/// all roles together.
const SIGNIFICANT: f64 = 0.05;

fn facts(
    extent: &Extent,
    listed: &BTreeMap<String, Listed>,
    senders: &BTreeMap<Place, String>,
) -> Facts {
    let findings: BTreeMap<&str, &Finding> =
        extent.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
    let chosen = extent.targeting.iter();
    let chosen = chosen.filter(|one| one.direction == "more" && one.p_adjusted < SIGNIFICANT);
    let identities = extent.victims.iter().map(|victim| victim.identity.clone());
    let context = Context { extent, findings, listed, senders };
    Facts {
        people: extent.victims.iter().map(|victim| context.person(victim)).collect(),
        chosen_roles: chosen.map(|one| one.role.clone()).collect(),
        addresses: identities.chain(listed.keys().cloned()).collect(),
        tlp: extent.findings.iter().filter_map(|finding| tlp(finding.tlp.as_deref()?)).max(),
    }
}

struct Context<'c> {
    extent: &'c Extent,
    findings: BTreeMap<&'c str, &'c Finding>,
    listed: &'c BTreeMap<String, Listed>,
    senders: &'c BTreeMap<Place, String>,
}

impl Context<'_> {
    fn person(&self, victim: &Victim) -> Person {
        let ids: BTreeSet<&str> =
            victim.rungs.iter().flat_map(|rung| &rung.findings).map(String::as_str).collect();
        let theirs: Vec<&Finding> =
            ids.iter().filter_map(|id| self.findings.get(id).copied()).collect();
        let listed = self.listed.get(&victim.identity);
        let steps = victim.rungs.iter().filter_map(|rung| {
            let (time, confidence) = (rung.time, rung.confidence);
            Some(Step { rung: Rung::from_word(rung.rung)?, time, confidence })
        });
        let open = victim.undetermined.iter().filter_map(|open| {
            Some(Open { rung: Rung::from_word(open.rung)?, doubts: doubts(&open.reason) })
        });
        let times = victim.rungs.iter().filter_map(|rung| rung.time);
        let acts = theirs.iter().filter_map(|finding| finding.time);
        Person {
            identity: victim.identity.clone(),
            name: victim.name.clone(),
            kind: match victim.kind {
                "person" => Kind::Person,
                "machine" => Kind::Machine,
                _ => Kind::Mailbox,
            },
            roles: listed.map(|one| one.roles.clone()).unwrap_or_default(),
            lang: listed.and_then(|one| one.lang.clone()),
            ways: listed.map(|one| one.ways.iter().cloned().collect()).unwrap_or_default(),
            steps: steps.collect(),
            open: open.collect(),
            mails: self.mails(&theirs),
            hosts: self.hosts(&ids),
            last_act: times.chain(acts).max(),
            forwards: theirs.iter().any(|finding| sends_on(finding)),
            because: self.because(victim),
            secret: ids.first().copied().unwrap_or_default().to_owned(),
        }
    }

    /// The campaign's mails among someone's findings, and deliveries that only
    /// a mail server tells of.
    fn mails(&self, theirs: &[&Finding]) -> Vec<Mail> {
        let lures = theirs.iter().filter(|finding| is_lure(finding)).map(|finding| {
            let mut places = finding.spans.iter();
            let sender = places.find_map(|span| {
                self.senders.get(&(span.evidence, span.member.clone(), span.offset))
            });
            Mail { time: finding.time, sender: sender.cloned(), is_refused: false }
        });
        let mut mails: BTreeSet<Mail> = lures.collect();
        let near = |a: Timestamp, b: Timestamp| {
            a <= b.plus_seconds(SAME_MAIL) && b <= a.plus_seconds(SAME_MAIL)
        };
        for finding in theirs.iter().filter(|finding| finding.detector == "mail.delivery") {
            let Some(time) = finding.time else { continue };
            if !mails.iter().any(|mail| mail.time.is_none_or(|known| near(known, time))) {
                let is_refused = finding.title.ends_with(REFUSED);
                mails.insert(Mail { time: Some(time), sender: None, is_refused });
            }
        }
        mails.into_iter().collect()
    }

    /// The hosts to which someone's mails refer; of a domain, the host that
    /// was named in the mail.
    fn hosts(&self, ids: &BTreeSet<&str>) -> BTreeSet<String> {
        let of = self.extent.infrastructure.iter().filter(|item| {
            matches!(item.role, "beacon" | "lure")
                && matches!(item.r#type, "domain" | "hostname" | "ip")
                && item.findings.iter().any(|id| ids.contains(id.as_str()))
        });
        let all: BTreeSet<String> = of.map(|item| item.value.clone()).collect();
        let is_parent = |host: &str| {
            let suffix = format!(".{host}");
            all.iter().any(|other| other.ends_with(&suffix))
        };
        all.iter().filter(|host| !is_parent(host)).cloned().collect()
    }

    /// The earliest finding of the highest rung.
    fn because(&self, victim: &Victim) -> String {
        let top = victim.rungs.iter().find(|rung| rung.rung == victim.rung);
        let ids = top.into_iter().flat_map(|rung| &rung.findings);
        let all = ids.filter_map(|id| self.findings.get(id.as_str()));
        let first = all.min_by_key(|finding| (finding.time.is_none(), finding.time, &finding.id));
        first.map(|finding| finding.title.clone()).unwrap_or_default()
    }
}

/// Seconds within which a mail server's line tells of a mail that is known:
/// what its clock and a mailbox's stamp may differ by.
const SAME_MAIL: i64 = 120;

/// How `mailed` words that a mail server took no message.
const REFUSED: &str = " was turned away";

/// Whether a rule sends mail on, as `takeover` words it.
fn sends_on(finding: &Finding) -> bool {
    finding.reasons.iter().any(|reason| reason.starts_with("it sends mail on to "))
}

pub(crate) fn tlp(text: &str) -> Option<Tlp> {
    Some(match text.trim_start_matches("TLP:") {
        "CLEAR" => Tlp::Clear,
        "GREEN" => Tlp::Green,
        "AMBER" => Tlp::Amber,
        "AMBER+STRICT" => Tlp::AmberStrict,
        "RED" => Tlp::Red,
        _ => return None,
    })
}

/// By which words of the answer each doubt is recognised.
const DOUBTS: &[(&str, Doubt)] = &[
    ("knew the password", Doubt::Password),
    ("a rule forwards mail to", Doubt::Forwarding),
    ("whether it was kept there", Doubt::Kept),
    ("the reference sent to them was fetched by", Doubt::Somebody),
    ("by whom cannot be told", Doubt::Somebody),
    ("a client contacted", Doubt::Somebody),
    ("it may have been them", Doubt::Somebody),
    ("attempted and did not succeed", Doubt::Attempted),
    ("attempted and refused", Doubt::Attempted),
    ("shows it refused or unanswered", Doubt::Attempted),
    ("the log does not say how much", Doubt::Unmeasured),
    ("nothing says whether that was content", Doubt::Unmeasured),
    ("a filter kept the message back", Doubt::Filtered),
    ("the mail server accepted the message", Doubt::Accepted),
    ("no message of the campaign to them", Doubt::NoMessage),
    ("nothing in the message is known to be fetched", Doubt::NothingLoads),
    ("not reading elsewhere", Doubt::Elsewhere),
    ("records are not whole", Doubt::Missing),
    ("records begin only at", Doubt::Missing),
    ("records end at", Doubt::Missing),
    ("neither the mailbox nor a mail server's log", Doubt::Missing),
    ("addresses that nobody knows yet", Doubt::UnknownAddresses),
];

/// What a reason of the answer comes down to; never empty.
fn doubts(reason: &str) -> BTreeSet<Doubt> {
    let known = DOUBTS.iter().filter(|(words, _)| reason.contains(words));
    let mut doubts: BTreeSet<_> = known.map(|(_, doubt)| *doubt).collect();
    let lacks = reason.starts_with("no ") && reason.ends_with("are in evidence");
    let is_torn = ["partial", "throttled", "truncated", "cleared"]
        .iter()
        .any(|state| reason.contains(&format!(" are {state}")));
    if lacks || is_torn || reason.contains("are not in evidence") {
        doubts.insert(Doubt::Missing);
    }
    if doubts.is_empty() {
        doubts.insert(Doubt::Unsettled);
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_come_down_to_plain_kinds_and_never_to_none() {
        use Doubt::*;
        for (reason, expected) in [
            ("the reference sent to them was fetched by bart@office.example", vec![Somebody]),
            ("no sign-in, audit or host records are in evidence", vec![Missing]),
            (
                "no proxy, HTTP, TLS, DNS or flow records of that time are in evidence",
                vec![Missing],
            ),
            (
                "no record of audit shows it, but audit records are partial, and the campaign may \
                 have used addresses that nobody knows yet",
                vec![Missing, UnknownAddresses],
            ),
            (
                "no record of proxy shows the beacon fetched; they cover the time, but not reading \
                 elsewhere (at home, on a phone), nor what a proxy or TLS hides",
                vec![Elsewhere],
            ),
            (
                "a sign-in from 192.0.2.1 knew the password and was not completed; whether another \
                 was is not in the log",
                vec![Password],
            ),
            (
                "a rule forwards mail to x@y.example, and no record shows whether any went",
                vec![Forwarding],
            ),
            ("something quite new", vec![Unsettled]),
            ("", vec![Unsettled]),
        ] {
            assert_eq!(doubts(reason), expected.into_iter().collect(), "{reason}");
        }
    }

    #[test]
    fn only_known_columns_name_another_way() {
        let found = ways(r#"{"Phone":" +32 2 555 01 00 ","other e-mail":"x","team":"A","gsm":""}"#);
        let phone = Way { kind: WayKind::Phone, value: "+32 2 555 01 00".to_owned() };
        assert_eq!(found, BTreeSet::from([phone]));
        assert!(ways("not json").is_empty());
    }
}
