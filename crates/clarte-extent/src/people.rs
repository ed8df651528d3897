//! The people of the case: who has which address, account and machine.

use std::collections::{BTreeMap, BTreeSet};

use clarte_model::lake::{ReadError, Records};
use clarte_model::{Class, Field, address, host};

use crate::cite::RecordRef;

/// Someone in a list of people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) name: Option<String>,
    pub(crate) accounts: BTreeSet<String>,
    pub(crate) hosts: BTreeSet<String>,
    /// The first row that lists them.
    at: Option<RecordRef>,
}

/// Everyone whom the case knows: the lists of people and the mailbox owners.
#[derive(Debug, Default)]
pub(crate) struct People {
    by_email: BTreeMap<String, Person>,
    by_whole_account: BTreeMap<String, BTreeSet<String>>,
    by_account: BTreeMap<String, BTreeSet<String>>,
    by_host: BTreeMap<String, BTreeSet<String>>,
    by_local_part: BTreeMap<String, BTreeSet<String>>,
}

impl People {
    /// Reads every list of people.
    pub(crate) fn read(records: &dyn Records) -> Result<Self, ReadError> {
        let fields = [Field::UserEmail, Field::UserFullName, Field::UserAccounts, Field::UserHosts];
        let mut people = Self::default();
        records.scan(Class::Person, &fields, &[], &mut |stored| {
            let record = stored.record;
            let Some(email) = record.get_text(Field::UserEmail) else { return };
            let person = people.by_email.entry(email.to_owned()).or_default();
            person.at = person.at.take().into_iter().chain([RecordRef::of(&stored)]).min();
            // Of two names the smaller one, so that the order of lists is moot.
            let name = record.get_text(Field::UserFullName).map(str::to_owned);
            person.name = person.name.take().into_iter().chain(name).min();
            person.accounts.extend(record.get_texts(Field::UserAccounts).map(str::to_owned));
            person.hosts.extend(record.get_texts(Field::UserHosts).map(str::to_owned));
        })?;
        people.index();
        Ok(people)
    }

    fn index(&mut self) {
        for (email, person) in &self.by_email {
            for account in &person.accounts {
                let whole = account.trim().to_lowercase();
                self.by_whole_account.entry(whole).or_default().insert(email.clone());
                for form in account_forms(account) {
                    self.by_account.entry(form).or_default().insert(email.clone());
                }
            }
            for machine in &person.hosts {
                self.by_host.entry(machine_form(machine)).or_default().insert(email.clone());
            }
            if let Some(local) = address::local_part(email) {
                self.by_local_part.entry(local.to_owned()).or_default().insert(email.clone());
            }
        }
    }

    /// Makes a mailbox owner known, whom an account may be named after.
    pub(crate) fn know(&mut self, email: &str) {
        if let Some(local) = address::local_part(email) {
            self.by_local_part.entry(local.to_owned()).or_default().insert(email.to_owned());
        }
    }

    pub(crate) fn get(&self, email: &str) -> Option<&Person> {
        self.by_email.get(email)
    }

    pub(crate) fn emails(&self) -> impl Iterator<Item = &str> {
        self.by_email.keys().map(String::as_str)
    }

    /// The address by which a person is known, for an address with a `+tag`.
    pub(crate) fn canonical(&self, email: &str) -> String {
        if !self.by_email.contains_key(email)
            && let Some((local, domain)) = email.rsplit_once('@')
            && let Some((base, _)) = local.split_once('+')
        {
            let plain = format!("{base}@{domain}");
            if self.by_email.contains_key(&plain) {
                return plain;
            }
        }
        email.to_owned()
    }

    /// Who may be behind an account name, by list, address or mailbox name.
    pub(crate) fn by_account(&self, account: &str) -> BTreeSet<String> {
        let forms = account_forms(account);
        // Two realms may have the same user: the whole name decides if it is
        // listed.
        let exact = self.by_whole_account.get(&account.trim().to_lowercase());
        if let Some(exact) = exact {
            return exact.clone();
        }
        let listed: BTreeSet<_> =
            forms.iter().filter_map(|form| self.by_account.get(form)).flatten().cloned().collect();
        if !listed.is_empty() {
            return listed;
        }
        if let Some(email) = address::normalise(account).filter(|e| self.by_email.contains_key(e)) {
            return BTreeSet::from([email]);
        }
        forms.iter().filter_map(|form| self.by_local_part.get(form)).flatten().cloned().collect()
    }

    /// Where these people are listed.
    pub(crate) fn listed_at(&self, people: &BTreeSet<String>) -> impl Iterator<Item = RecordRef> {
        people.iter().filter_map(|email| self.by_email.get(email)?.at.clone())
    }

    /// Who may be behind a machine, by its name or address.
    pub(crate) fn by_host(&self, machine: &str) -> BTreeSet<String> {
        self.by_host.get(&machine_form(machine)).cloned().unwrap_or_default()
    }
}

/// The forms in which sources write one account: `DOMAIN\user`, `user@realm`,
/// `user`, in any case.
fn account_forms(account: &str) -> BTreeSet<String> {
    let whole = account.trim().to_lowercase();
    let after = whole.rsplit(['\\', '/']).next().unwrap_or_default().to_owned();
    let bare = after.split('@').next().unwrap_or_default().to_owned();
    [whole, after, bare].into_iter().filter(|form| !form.is_empty()).collect()
}

/// Host names are compared by their first label; addresses whole.
pub(crate) fn machine_form(machine: &str) -> String {
    let name = host::normalise(machine).unwrap_or_else(|| machine.trim().to_lowercase());
    match name.parse::<std::net::IpAddr>() {
        Ok(ip) => ip.to_string(),
        Err(_) => name.split('.').next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people() -> People {
        let mut people = People::default();
        let person = |account: &str, machine: &str| Person {
            name: None,
            accounts: BTreeSet::from([account.to_owned()]),
            hosts: BTreeSet::from([machine.to_owned()]),
            at: None,
        };
        people.by_email.insert("jan@parl.example".into(), person("PARL\\jpeeters", "WS-0042"));
        people.by_email.insert("an@parl.example".into(), person("asmets", "10.1.2.3"));
        people.index();
        people.know("info@parl.example");
        people
    }

    #[test]
    fn accounts_are_recognised_however_the_source_writes_them() {
        let people = people();
        for form in
            ["jpeeters", "PARL\\JPeeters", "jpeeters@parl.example", "jan", "jan@parl.example"]
        {
            assert_eq!(
                people.by_account(form),
                BTreeSet::from(["jan@parl.example".into()]),
                "{form}"
            );
        }
        assert_eq!(people.by_account("info"), BTreeSet::from(["info@parl.example".into()]));
        assert!(people.by_account("nobody").is_empty());
    }

    #[test]
    fn machines_are_known_by_name_or_address() {
        let people = people();
        assert_eq!(
            people.by_host("ws-0042.lan.parl.example"),
            BTreeSet::from(["jan@parl.example".into()])
        );
        assert_eq!(people.by_host("10.1.2.3"), BTreeSet::from(["an@parl.example".into()]));
        assert!(people.by_host("10.1.2.4").is_empty());
    }

    #[test]
    fn a_tagged_address_is_its_owner_s() {
        assert_eq!(people().canonical("jan+press@parl.example"), "jan@parl.example");
        assert_eq!(people().canonical("eva+x@parl.example"), "eva+x@parl.example");
    }
}
