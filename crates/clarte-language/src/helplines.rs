//! Whom a frightened person can ask: `tables/helplines.csv`, facts with a date.
//!
//! Columns: name; for whom (`anyone`, `civil-society`, `journalists`,
//! `institution`); languages, in English; mail addresses and telephone numbers;
//! web address; country. Remarks among the contacts are left out here, since
//! they are English whatever the reader's language: the web address leads there.

use crate::Lang;

/// An organisation that helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helpline {
    /// Its name.
    pub name: String,
    /// Whom it helps.
    pub audience: Audience,
    /// What its people speak, in English words.
    pub languages: Vec<String>,
    /// Mail addresses and telephone numbers; may be empty.
    pub contacts: Vec<String>,
    /// Its web address.
    pub web: String,
    /// Its country, two letters, or `INT`.
    pub country: String,
}

/// Whom a helpline helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everybody.
    Anyone,
    /// Activists, associations, people at risk.
    CivilSociety,
    /// Journalists and newsrooms.
    Journalists,
    /// Public bodies and companies, by their security team.
    Institution,
}

impl Audience {
    /// As the table writes it; texts have it under `helpline-for-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::CivilSociety => "civil-society",
            Self::Journalists => "journalists",
            Self::Institution => "institution",
        }
    }
}

impl Helpline {
    /// Whether its people speak a language.
    pub fn speaks(&self, lang: Lang) -> bool {
        let name = match lang {
            Lang::En => "English",
            Lang::Fr => "French",
            Lang::Nl => "Dutch",
            Lang::De => "German",
        };
        self.languages.iter().any(|spoken| spoken == name)
    }
}

/// Every helpline, those that speak the reader's language first.
///
/// ```
/// use clarte_language::{Lang, helplines};
/// assert!(helplines(Lang::Nl)[0].speaks(Lang::Nl));
/// ```
pub fn helplines(lang: Lang) -> Vec<Helpline> {
    let lines = include_str!("../tables/helplines.csv").lines();
    let rows = lines.filter(|line| !line.starts_with('#')).skip(1);
    let mut all: Vec<_> = rows.filter_map(row).collect();
    all.sort_by_key(|helpline| !helpline.speaks(lang));
    all
}

fn row(line: &str) -> Option<Helpline> {
    let [name, audience, languages, contacts, web, country] = cells(line).try_into().ok()?;
    let all =
        [Audience::Anyone, Audience::CivilSociety, Audience::Journalists, Audience::Institution];
    let audience = all.into_iter().find(|one| one.as_str() == audience)?;
    let list = |cell: &str| cell.split(';').map(str::to_owned).collect::<Vec<_>>();
    let mut contacts = list(&contacts);
    contacts.retain(|contact| is_reachable(contact));
    Some(Helpline { name, audience, languages: list(&languages), contacts, web, country })
}

/// Whether it is a mail address or a telephone number and no remark.
fn is_reachable(contact: &str) -> bool {
    contact.contains('@') && !contact.contains(' ')
        || contact.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' '))
}

/// The cells of a line of CSV, which may be quoted.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}
