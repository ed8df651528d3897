//! What the campaign did from people's accounts: sign-ins from its addresses,
//! everything that audit logs tell of the same addresses and sessions, of the
//! applications that it let in, and of rules that send mail to its mailboxes.
//!
//! A sign-in that succeeded, or any act, proves `compromised`; an act that
//! reads mail or files proves `accessed`. A sign-in that failed is an attempt:
//! whoever was aimed at is `targeted`, and no more. A rule that forwards mail
//! proves nothing left: it says where to look.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{Only, ReadError, Records, Stored};
use clarte_model::{
    Class, Field, Finding, Indicator, Lookup, Observable, Source, Timestamp, address,
};

use crate::campaign::Office;
use crate::cite::{Findings, RecordRef, earliest};
use crate::ladder::{Progress, Rung, Victims};
use crate::narrow;
use crate::operations::{self, Act, Rule};
use crate::origins::{Origin, Origins, given_confidence};
use crate::people::People;

/// An act without an address in a session that the campaign used is probably
/// its own; but sessions are stolen, and then two people act in one.
const SAME_SESSION: f64 = 0.7;

/// So is what an application does that the campaign let in, and that nobody
/// used before.
const ITS_APPLICATION: f64 = 0.7;

/// A rule to a mailbox that intelligence names serves the campaign, whatever
/// address it was made from.
const ITS_MAILBOX: f64 = 0.8;

/// Failed sign-ins from one address beyond which somebody is guessing: whoever
/// mistypes is locked out by then (Entra's smart lockout begins at ten).
const GUESSING: usize = 10;

/// Entra's codes of sign-ins that were not completed though the password was
/// right: a second factor, another policy or a consent stood in the way.
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
const KNEW_PASSWORD: &[&str] = &[
    "50055", "50072", "50074", "50076", "50079", "50097", "50125", "50140", "50158", "50203",
    "53000", "53001", "53002", "53003", "53004", "65001", "500121", "530032",
];

/// Windows' names for nobody.
const NOBODY: &[&str] = &["anonymous logon", "-", ""];

/// What was read of one account.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// Distinct messages and files, by their ids or names.
    pub(crate) seen: BTreeSet<String>,
    /// Records that say that something was read and not what: a whole folder
    /// was synchronised, or the log was throttled.
    pub(crate) unbounded: u64,
}

/// Where the campaign has mail sent on to.
#[derive(Debug, Default)]
pub(crate) struct Forward {
    /// Intelligence names the address.
    pub(crate) given: bool,
    /// When it first was.
    pub(crate) since: Option<Timestamp>,
    /// From which mailboxes.
    pub(crate) owners: BTreeSet<String>,
    pub(crate) confidence: f64,
    pub(crate) findings: BTreeSet<String>,
}

/// What the campaign did in accounts.
#[derive(Debug, Default)]
pub(crate) struct Takeover {
    /// When it acted.
    pub(crate) times: Vec<Timestamp>,
    /// What it read, by victim.
    pub(crate) items: BTreeMap<String, Items>,
    /// Addresses outside to which it has mail sent on.
    pub(crate) forwards: BTreeMap<String, Forward>,
    /// The addresses it acted from, with the findings.
    pub(crate) ips: BTreeMap<String, From>,
    /// It was inside an account.
    pub(crate) is_inside: bool,
    /// It guessed at passwords, or knew one.
    pub(crate) seeks_passwords: bool,
    /// Failed sign-ins by address and account, with the finding.
    failures: BTreeMap<String, BTreeMap<String, (usize, String)>>,
    /// Sessions that it used, and how far they are its own.
    sessions: BTreeMap<String, Origin>,
    /// Applications that it let in, by id.
    applications: BTreeMap<String, Application>,
}

/// An application that the campaign let in.
#[derive(Debug)]
struct Application {
    since: Option<Timestamp>,
    /// Into whose accounts.
    accounts: BTreeSet<String>,
    origin: Origin,
}

/// An address from which the campaign acted.
#[derive(Debug, Default)]
pub(crate) struct From {
    pub(crate) given: bool,
    pub(crate) confidence: f64,
    pub(crate) findings: BTreeSet<String>,
}

/// What the reading of records rests on.
pub(crate) struct Accounts<'a> {
    pub(crate) origins: &'a Origins,
    pub(crate) lookup: &'a dyn Lookup,
    pub(crate) people: &'a People,
    pub(crate) office: &'a Office<'a>,
}

const SIGN_IN: &[Field] = &[
    Field::SrcIp,
    Field::UserEmail,
    Field::UserName,
    Field::TargetUser,
    Field::DeviceHostname,
    Field::SessionUid,
    Field::ServiceName,
    Field::AppName,
    Field::AppUid,
    Field::LogonType,
    Field::Status,
    Field::StatusDetail,
];

const ACT: &[Field] = &[
    Field::SrcIp,
    Field::UserEmail,
    Field::UserName,
    Field::TargetUser,
    Field::SessionUid,
    Field::ServiceName,
    Field::AppName,
    Field::AppUid,
    Field::ApiOperation,
    Field::ResourceNames,
    Field::ResourceUids,
    Field::Status,
    Field::Unmapped,
];

/// Finds everything that the campaign did from accounts, and what it proves.
pub(crate) fn read(
    records: &dyn Records,
    accounts: &Accounts<'_>,
    victims: &mut Victims,
    findings: &mut Findings,
) -> Result<Takeover, ReadError> {
    let mut reading = Reading { accounts, victims, findings, takeover: Takeover::default() };
    reading.acts_from_its_addresses(records)?;
    reading.acts_in_its_sessions(records)?;
    reading.acts_of_its_applications(records)?;
    reading.rules_to_its_mailboxes(records)?;
    reading.tell_guesses();
    Ok(reading.takeover)
}

/// One record of an account that the campaign used.
struct Seen {
    who: Who,
    ip: Option<String>,
    origin: Origin,
}

/// Whose account or machine it is.
#[derive(Debug, Clone)]
enum Who {
    Person(String),
    /// Of whoever it is, nothing but the machine is known.
    Machine(String),
    /// An application's, or one that nobody is known by.
    Other(String),
}

impl Who {
    fn name(&self) -> &str {
        let (Self::Person(name) | Self::Machine(name) | Self::Other(name)) = self;
        name
    }
}

impl Seen {
    fn of(stored: &Stored<'_>, accounts: &Accounts<'_>) -> Option<Self> {
        let record = stored.record;
        let ip = record.get_text(Field::SrcIp)?;
        let origin = accounts.origins.of(ip, record.time.map(|time| time.at))?;
        Some(Self { who: who(stored, accounts)?, ip: Some(ip.to_owned()), origin })
    }

    fn finding(&self, stored: &Stored<'_>, detector: &str, key: &str, title: String) -> Finding {
        let record = stored.record;
        let mut reasons = vec![self.origin.why.clone()];
        reasons.push(format!("seen by {}", record.source.as_str()));
        Finding {
            id: Finding::id(detector, self.who.name(), key),
            detector: detector.to_owned(),
            title,
            time: record.time.map(|time| time.at),
            confidence: if self.origin.is_over { 0.2 } else { self.origin.confidence },
            techniques: Vec::new(),
            reasons,
            lead: self.origin.is_over,
            spans: vec![RecordRef::of(stored).span()],
        }
    }
}

/// Whose account it is: by address, else by a name that one person alone has;
/// else the machine's whose log it is.
fn who(stored: &Stored<'_>, accounts: &Accounts<'_>) -> Option<Who> {
    let record = stored.record;
    if let Some(email) = record.get_text(Field::UserEmail) {
        return Some(Who::Person(accounts.people.canonical(email)));
    }
    let names = [Field::TargetUser, Field::UserName];
    let names: Vec<&str> = names.into_iter().filter_map(|field| record.get_text(field)).collect();
    for name in &names {
        if let Some(person) = person(name, accounts) {
            return Some(Who::Person(person));
        }
    }
    if record.source == Source::Host
        && let Some(machine) = record.get_text(Field::DeviceHostname)
    {
        return Some(Who::Machine(machine.to_lowercase()));
    }
    let other = names.into_iter().chain(record.get_text(Field::AppName));
    let other = other.chain(record.get_text(Field::AppUid)).next();
    Some(Who::Other(other?.to_owned()))
}

/// The one person whom an address, account name or alias means.
fn person(name: &str, accounts: &Accounts<'_>) -> Option<String> {
    if let Some(email) = address::normalise(name) {
        return Some(accounts.people.canonical(&email));
    }
    let mut all = accounts.people.by_account(name).into_iter();
    all.next().filter(|_| all.next().is_none())
}

/// What is gathered while records are read.
struct Reading<'r> {
    accounts: &'r Accounts<'r>,
    victims: &'r mut Victims,
    findings: &'r mut Findings,
    takeover: Takeover,
}

impl Reading<'_> {
    fn acts_from_its_addresses(&mut self, records: &dyn Records) -> Result<(), ReadError> {
        let accounts = self.accounts;
        let ips = accounts.origins.ips();
        let only = [Only { field: Field::SrcIp, values: &ips }];
        narrow::scan(records, Class::Authentication, SIGN_IN, &only, &mut |stored| {
            if let Some(seen) = Seen::of(&stored, accounts)
                && self.sign_in(&stored, &seen)
            {
                self.note_session(&stored, &seen);
            }
        })?;
        narrow::scan(records, Class::Api, ACT, &only, &mut |stored| {
            if let Some(seen) = Seen::of(&stored, accounts)
                && self.act(&stored, &seen)
            {
                self.note_session(&stored, &seen);
                self.note_application(&stored, &seen);
            }
        })
    }

    fn note_session(&mut self, stored: &Stored<'_>, seen: &Seen) {
        if let Some(session) = stored.record.get_text(Field::SessionUid) {
            let sessions = &mut self.takeover.sessions;
            let known = sessions.entry(session.to_owned()).or_insert_with(|| seen.origin.clone());
            known.join(&seen.origin);
        }
    }

    fn note_application(&mut self, stored: &Stored<'_>, seen: &Seen) {
        let record = stored.record;
        // A grant of single rights names the service that they are for, too.
        let operation = record.get_text(Field::ApiOperation).unwrap_or_default();
        if !operation.starts_with("Consent to application") {
            return;
        }
        let time = record.time.map(|time| time.at);
        for id in record.get_texts(Field::ResourceNames) {
            let accounts = BTreeSet::new();
            let fresh = || Application { since: time, accounts, origin: seen.origin.clone() };
            let known = self.takeover.applications.entry(id.to_owned()).or_insert_with(fresh);
            known.since = earliest(known.since, time);
            known.accounts.insert(seen.who.name().to_owned());
            known.origin.join(&seen.origin);
        }
    }

    /// Acts without an address in a session that the campaign used.
    fn acts_in_its_sessions(&mut self, records: &dyn Records) -> Result<(), ReadError> {
        let accounts = self.accounts;
        let sessions = std::mem::take(&mut self.takeover.sessions);
        let values = sessions.keys().cloned().collect();
        let only = [Only { field: Field::SessionUid, values: &values }];
        narrow::scan(records, Class::Api, ACT, &only, &mut |stored| {
            let record = stored.record;
            let session = record.get_text(Field::SessionUid);
            let Some(origin) = session.and_then(|session| sessions.get(session)) else { return };
            if record.get_text(Field::SrcIp).is_some() {
                return;
            }
            let Some(who) = who(&stored, accounts) else { return };
            let mut origin = origin.clone();
            origin.confidence *= SAME_SESSION;
            "the session is one that the campaign used".clone_into(&mut origin.why);
            self.act(&stored, &Seen { who, ip: None, origin });
        })
    }

    /// Acts from elsewhere of applications that the campaign let in, in those
    /// accounts; unless they were used before that: then they are others' too.
    fn acts_of_its_applications(&mut self, records: &dyn Records) -> Result<(), ReadError> {
        let accounts = self.accounts;
        let mut applications = std::mem::take(&mut self.takeover.applications);
        let values = applications.keys().cloned().collect();
        let only = [Only { field: Field::AppUid, values: &values }];
        for class in [Class::Api, Class::Authentication] {
            let fields = [Field::AppUid];
            narrow::scan(records, class, &fields, &only, &mut |stored| {
                let Some(id) = stored.record.get_text(Field::AppUid) else { return };
                let time = stored.record.time.map(|time| time.at);
                let since = applications.get(id).and_then(|application| application.since);
                if time < since {
                    applications.remove(id);
                }
            })?;
        }
        narrow::scan(records, Class::Api, ACT, &only, &mut |stored| {
            let record = stored.record;
            let id = record.get_text(Field::AppUid);
            let Some(application) = id.and_then(|id| applications.get(id)) else { return };
            let ip = record.get_text(Field::SrcIp).map(str::to_owned);
            let time = record.time.map(|time| time.at);
            if ip.as_deref().is_some_and(|ip| accounts.origins.of(ip, time).is_some()) {
                return;
            }
            let who = who(&stored, accounts);
            let who = who.filter(|who| application.accounts.contains(who.name()));
            let Some(who) = who else { return };
            let mut origin = application.origin.clone();
            origin.confidence *= ITS_APPLICATION;
            origin.is_given = false;
            "by an application that the campaign let in and nobody used before"
                .clone_into(&mut origin.why);
            // The application's address may be anybody's.
            self.act(&stored, &Seen { who, ip: None, origin });
        })
    }

    /// Rules that send mail to mailboxes which intelligence names, from
    /// whatever address they were made.
    fn rules_to_its_mailboxes(&mut self, records: &dyn Records) -> Result<(), ReadError> {
        let accounts = self.accounts;
        let operations = operations::FORWARDING.iter().map(|name| (*name).to_owned()).collect();
        let only = [Only { field: Field::ApiOperation, values: &operations }];
        narrow::scan(records, Class::Api, ACT, &only, &mut |stored| {
            let record = stored.record;
            let time = record.time.map(|time| time.at);
            let is_its = |ip| accounts.origins.of(ip, time).is_some_and(|origin| !origin.is_over);
            if record.get_text(Field::SrcIp).is_some_and(is_its) {
                return;
            }
            let rule = Rule::of(record);
            let outside = rule.to.iter().filter(|to| !accounts.office.is_own(to));
            let named: Vec<_> = outside.flat_map(|to| named(to, accounts.lookup)).collect();
            let valid = named.iter().filter(|(_, one)| !one.validity.is_over(time));
            let best = valid.min_by_key(|(to, one)| (to.as_str(), &one.source, &one.value));
            let Some((to, indicator)) = best.or(named.first()) else { return };
            let Some(who) = who(&stored, accounts) else { return };
            let origin = Origin {
                confidence: ITS_MAILBOX * given_confidence(indicator),
                why: format!("it sends mail to {to}, which {} names", indicator.source),
                is_over: best.is_none(),
                is_given: true,
                tlp: indicator.tlp,
            };
            self.act(&stored, &Seen { who, ip: None, origin });
        })
    }

    /// Whoever acted, or was acted as.
    fn actor(&mut self, who: &Who) -> Option<&mut Progress> {
        let progress = self.victim(who)?;
        progress.has_account = !progress.is_machine;
        Some(progress)
    }

    /// Whoever acted, or whose mailbox was acted on.
    fn victim(&mut self, who: &Who) -> Option<&mut Progress> {
        let (name, is_machine) = match who {
            Who::Person(name) => (name, false),
            Who::Machine(name) => (name, true),
            Who::Other(_) => return None,
        };
        let progress = self.victims.entry(name.clone()).or_default();
        progress.is_machine |= is_machine;
        Some(progress)
    }

    /// Whether the sign-in let somebody in.
    fn sign_in(&mut self, stored: &Stored<'_>, seen: &Seen) -> bool {
        let record = stored.record;
        let (who, ip) = (seen.who.name(), seen.ip.as_deref().unwrap_or_default());
        let place = [Field::DeviceHostname, Field::ServiceName, Field::AppName];
        let place = place.into_iter().find_map(|field| record.get_text(field));
        let place = place.filter(|place| !place.eq_ignore_ascii_case(who));
        let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
        let is_nobody = record
            .get_text(Field::TargetUser)
            .or(record.get_text(Field::UserName))
            .is_some_and(|name| NOBODY.iter().any(|nobody| name.eq_ignore_ascii_case(nobody)));
        let succeeded = record.get_text(Field::Status) == Some("success") && !is_nobody;
        let detail = record.get_text(Field::StatusDetail).unwrap_or_default();
        let mut words = detail.split(|c: char| !c.is_ascii_alphanumeric());
        let knew = !succeeded && words.any(|word| KNEW_PASSWORD.contains(&word));
        let (detector, title) = match (succeeded, knew) {
            (true, _) => ("account.sign-in", format!("{who} was signed in to{place} from {ip}")),
            (false, true) => {
                let title = format!(
                    "A sign-in to {who}{place} from {ip} knew the password and was not completed"
                );
                ("account.password-known", title)
            }
            (false, false) => {
                let title = format!("A sign-in to {who}{place} from {ip} did not succeed");
                ("account.attempt", title)
            }
        };
        let mut finding = seen.finding(stored, detector, ip, title);
        if succeeded {
            finding.techniques.extend(sign_in_techniques(stored).map(str::to_owned));
        } else if !detail.is_empty() {
            finding.reasons.push(format!("the log says: {detail}"));
        }
        let (time, sure) = (finding.time, finding.confidence);
        let id = self.findings.add(finding, seen.origin.tlp);
        if seen.origin.is_over {
            return false;
        }
        self.note(seen, time, &id);
        self.takeover.seeks_passwords |= knew;
        let note = match knew {
            true => format!(
                "a sign-in from {ip} knew the password and was not completed; whether another \
                 was is not in the log"
            ),
            false => format!("a sign-in from {ip} was attempted and did not succeed"),
        };
        if !succeeded && !knew && !is_nobody {
            let by_account = self.takeover.failures.entry(ip.to_owned()).or_default();
            by_account.entry(who.to_owned()).or_insert((0, id.clone())).0 += 1;
        }
        let Some(progress) = self.actor(&seen.who).filter(|_| !is_nobody) else {
            return succeeded;
        };
        if succeeded {
            progress.prove(Rung::Compromised, time, sure, &id);
            self.takeover.is_inside = true;
        } else {
            progress.prove(Rung::Targeted, time, sure, &id);
            progress.note(Rung::Compromised, note);
        }
        succeeded
    }

    /// Whether it is an act of the campaign.
    fn act(&mut self, stored: &Stored<'_>, seen: &Seen) -> bool {
        let record = stored.record;
        let operation = record.get_text(Field::ApiOperation).unwrap_or("an act");
        let act = Act::of(operation);
        let (who, failed) = (seen.who.name(), record.get_text(Field::Status) == Some("failure"));
        let from = seen.ip.as_deref().map(|ip| format!(" from {ip}")).unwrap_or_default();
        let title = match failed {
            true => format!("{operation} in the account of {who}{from} was refused"),
            false => format!("Somebody {} as {who}{from}: {operation}", act.words()),
        };
        let detector = if failed { "account.refused" } else { "account.act" };
        // What is owed to an application or a mailbox is a finding of its own.
        let key = match &seen.ip {
            Some(_) => operation.to_owned(),
            None => format!("{operation} {}", seen.origin.why),
        };
        let mut finding = seen.finding(stored, detector, &key, title);
        let rule = if act == Act::Rule { Rule::of(record) } else { Rule::default() };
        let office = self.accounts.office;
        let outside: Vec<_> = rule.to.iter().filter(|to| !office.is_own(to)).cloned().collect();
        if !failed {
            finding.techniques.extend(act.techniques(record).into_iter().map(str::to_owned));
        }
        for address in &outside {
            finding
                .reasons
                .push(format!("it sends mail on to {address}, outside the organisation"));
        }
        let (time, sure) = (finding.time, finding.confidence);
        let id = self.findings.add(finding, seen.origin.tlp);
        if seen.origin.is_over {
            return false;
        }
        self.note(seen, time, &id);
        if let Some(progress) = self.actor(&seen.who) {
            if failed {
                progress.prove(Rung::Targeted, time, sure, &id);
                let rung = if act.reads() { Rung::Accessed } else { Rung::Compromised };
                progress.note(rung, format!("{operation} was attempted and refused"));
            } else {
                progress.prove(Rung::Compromised, time, sure, &id);
            }
        }
        if failed {
            return false;
        }
        self.takeover.is_inside = true;
        if act.reads() {
            self.read_content(stored, seen, act, (time, sure, &id));
        }
        if rule.forwards {
            self.forward(stored, seen, outside, (time, sure, &id));
        }
        true
    }

    /// Whoever may read a colleague's mailbox reads the colleague's mail.
    fn read_content(
        &mut self,
        stored: &Stored<'_>,
        seen: &Seen,
        act: Act,
        (time, sure, id): (Option<Timestamp>, f64, &str),
    ) {
        let owner = stored.record.get_text(Field::TargetUser).filter(|_| act == Act::Mail);
        let owner = owner.and_then(address::normalise);
        let owner = match owner {
            Some(owner) => Who::Person(self.accounts.people.canonical(&owner)),
            None => seen.who.clone(),
        };
        if let Some(progress) = self.victim(&owner) {
            progress.prove(Rung::Accessed, time, sure, id);
            let from = seen.ip.as_deref().unwrap_or("elsewhere");
            let note = format!(
                "content was read from {from}, where no flow records of the organisation's are: \
                 whether it was kept there is not in the log"
            );
            progress.note(Rung::Exfiltrated, note);
        }
        self.takeover.items.entry(owner.name().to_owned()).or_default().add(stored, act);
    }

    /// What a rule sends on comes from the mailbox that it names, else from
    /// that of whoever made it.
    fn forward(
        &mut self,
        stored: &Stored<'_>,
        seen: &Seen,
        outside: Vec<String>,
        (time, sure, id): (Option<Timestamp>, f64, &str),
    ) {
        let record = stored.record;
        let named = operations::mailbox(record);
        let named = named.as_deref().or(record.get_text(Field::TargetUser));
        let owner = named.and_then(|name| person(name, self.accounts));
        let owner = owner.map_or_else(|| seen.who.clone(), Who::Person);
        let is_anothers = owner.name() != seen.who.name();
        let is_inside = outside.is_empty() && !Rule::of(record).to.is_empty();
        if let Some(progress) = self.victim(&owner).filter(|_| !is_inside) {
            if is_anothers {
                progress.prove(Rung::Targeted, time, sure, id);
            }
            let to = match outside.is_empty() {
                true => "a recipient that the log does not tell".to_owned(),
                false => outside.join(", "),
            };
            progress.forwarding.insert(to);
        }
        for address in outside {
            let given = named_at_all(&address, self.accounts.lookup);
            let known = self.takeover.forwards.entry(address).or_default();
            known.given |= given;
            known.since = earliest(known.since, time);
            known.confidence = known.confidence.max(sure);
            known.findings.insert(id.to_owned());
            if let Who::Person(owner) = &owner {
                known.owners.insert(owner.clone());
            }
        }
    }

    fn note(&mut self, seen: &Seen, time: Option<Timestamp>, finding: &str) {
        self.takeover.times.extend(time);
        if let Some(ip) = &seen.ip {
            let from = self.takeover.ips.entry(ip.clone()).or_default();
            from.given |= seen.origin.is_given;
            from.confidence = from.confidence.max(seen.origin.confidence);
            from.findings.insert(finding.to_owned());
        }
    }

    /// Many failures from one address are guesses: at one account, or a few at
    /// each of many.
    fn tell_guesses(&mut self) {
        for by_account in self.takeover.failures.values() {
            let sprays = by_account.len() >= GUESSING;
            for (count, id) in by_account.values() {
                if *count >= GUESSING {
                    self.findings.show(id, "T1110.001");
                } else if sprays {
                    self.findings.show(id, "T1110.003");
                }
                self.takeover.seeks_passwords |= *count >= GUESSING || sprays;
            }
        }
    }
}

fn sign_in_techniques(stored: &Stored<'_>) -> impl Iterator<Item = &'static str> {
    let record = stored.record;
    let is_cloud = matches!(record.source, Source::Signin | Source::Audit);
    let is_desktop = record.get_text(Field::LogonType) == Some("remote-interactive");
    let account = if is_cloud { "T1078.004" } else { "T1078" };
    [account].into_iter().chain(is_desktop.then_some("T1021.001"))
}

/// The indicators that name a mailbox, by its address or domain.
fn named<'l>(email: &str, lookup: &'l dyn Lookup) -> Vec<(String, &'l Indicator)> {
    let mut all = lookup.find(Observable::Email(email));
    if let Some(domain) = address::domain(email) {
        all.extend(lookup.find(Observable::Host(domain)));
    }
    all.sort_by_key(|one| (&one.source, &one.value));
    all.into_iter().map(|one| (email.to_owned(), one)).collect()
}

fn named_at_all(email: &str, lookup: &dyn Lookup) -> bool {
    !named(email, lookup).is_empty()
}

impl Items {
    fn add(&mut self, stored: &Stored<'_>, act: Act) {
        let record = stored.record;
        let field = match act {
            Act::Mail => Field::ResourceUids,
            _ => Field::ResourceNames,
        };
        self.seen.extend(record.get_texts(field).map(str::to_owned));
        let is_known = record.get_texts(field).next().is_some();
        if !is_known || operations::says(record, "IsThrottled") {
            self.unbounded += 1;
        }
    }
}
