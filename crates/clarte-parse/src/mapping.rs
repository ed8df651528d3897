//! Mapping files: how to read a log that no format knows.
//!
//! A mapping is TOML that an investigator writes: which container (CSV, JSON),
//! which column or member is which OCSF field, in which form and zone the times
//! are. `docs/guides/read-another-log.md` shows how. What a mapping gives are
//! records like any other; what it names no field for goes to `unmapped`, and
//! records that none of its kinds fits are kept whole as `other`.
//!
//! A mapping is given by a person, never found among evidence. It is checked as
//! a whole before any evidence is read: see [`MappingError`]. Left out: logs
//! whose lines are neither tables nor JSON, and messages (`email`), which no row
//! of a table can be.

mod check;
mod clock;
mod error;
mod file;
mod objects;
mod rules;
mod table;
mod words;

use std::sync::Arc;

use clarte_model::{Class, Field, Source};

pub use error::{MappingError, Mistake};

use self::clock::Clock;
use self::objects::Branch;
use self::rules::{Cells, Rule};
use self::table::Table;
use crate::{About, Context, Format, Input, Output};

/// The family of the formats that mappings define: `mapped.NAME`.
pub(crate) const FAMILY: &str = "mapped";

/// Raise it when the same bytes are read differently by the same mapping.
pub(crate) const VERSION: u32 = 1;

/// The most bytes of a mapping file.
pub const MAPPING_CAP: usize = 64 << 10;

/// The columns that records of a class may have.
pub type Allowed = fn(Class) -> &'static [Field];

/// How one log is read, checked and ready.
#[derive(Debug, Clone)]
pub struct Mapping(Arc<Checked>);

/// What a mapping file says.
#[derive(Debug)]
struct Checked {
    /// `mapped.` and the name.
    format: String,
    text: String,
    hash: String,
    /// The formats that it comes before.
    before: Vec<&'static str>,
    container: Container,
    /// The names of columns or members that are referred to.
    columns: Vec<String>,
    /// Which of them must be there, as the file itself says.
    recognise: Vec<usize>,
    /// Texts that stand for no value.
    nothing: Vec<String>,
    clock: Option<Clock>,
    kinds: Vec<Kind>,
}

#[derive(Debug)]
enum Container {
    Csv(Table),
    /// The tree of the members' names, and the member that holds all records.
    Json(Branch, Option<String>),
}

/// One kind of record in the log.
#[derive(Debug)]
struct Kind {
    class: Class,
    source: Source,
    /// Columns with the texts of which they must have one.
    when: Vec<(usize, Vec<String>)>,
    rules: Vec<Rule>,
}

/// One kind of record that a mapping reads, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// What kind of event.
    pub class: Class,
    /// What kind of source, as in coverage.
    pub source: Source,
    /// Columns with the texts of which they must have one.
    pub when: Vec<(String, Vec<String>)>,
    /// Each field and where it comes from.
    pub fields: Vec<(Field, String)>,
}

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// Where it cannot mean what it says, with the line and what to do.
    pub fn read(text: &str, allowed: Allowed) -> Result<Self, MappingError> {
        check::read(text, allowed).map(|checked| Self(Arc::new(checked)))
    }

    /// Its own name.
    pub fn name(&self) -> &str {
        self.0.format.split_once('.').map_or("", |(_, name)| name)
    }

    /// The format's name as in `intake`: `mapped.NAME`.
    pub fn format(&self) -> &str {
        &self.0.format
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What tells this text from others of the same name.
    pub(crate) fn hash(&self) -> &str {
        &self.0.hash
    }

    /// The built-in formats that it comes before.
    pub fn before(&self) -> &[&'static str] {
        &self.0.before
    }

    /// The columns or members that must be there for a stream to be read by it;
    /// of several between bars one will do.
    pub fn needs(&self) -> Vec<String> {
        if !self.0.recognise.is_empty() {
            let recognise = self.0.recognise.iter().map(std::slice::from_ref);
            return recognise.map(|columns| self.0.shown(columns)).collect();
        }
        let mut needs: Vec<String> = Vec::new();
        for columns in self.0.needed() {
            let any = self.0.shown(columns);
            if !needs.contains(&any) {
                needs.push(any);
            }
        }
        needs
    }

    /// What a stream that begins with `head` lacks of that, as far as its first
    /// lines or its first object tell.
    pub fn lacks(&self, head: &[u8]) -> Vec<String> {
        let mut lacks = match &self.0.container {
            Container::Csv(table) if table.names.is_some() => Vec::new(),
            Container::Csv(table) => table.lacks(head, &self.0),
            Container::Json(..) => {
                let object = crate::json::objects::first(head, &*self.0).unwrap_or_default();
                let mut tape = crate::json::Tape::default();
                tape.read(&object).map(|object| self.0.object_lacks(object)).unwrap_or_default()
            }
        };
        lacks.dedup();
        lacks
    }

    /// What it reads, one entry a kind of record.
    pub fn kinds(&self) -> Vec<Mapped> {
        let columns = &self.0.columns;
        let kinds = self.0.kinds.iter().map(|kind| Mapped {
            class: kind.class,
            source: kind.source,
            when: kind
                .when
                .iter()
                .map(|(at, texts)| (columns[*at].clone(), texts.clone()))
                .collect(),
            fields: kind.rules.iter().map(|rule| (rule.field, rule.words(columns))).collect(),
        });
        kinds.collect()
    }

    /// Where its times come from, for people; `None` where it needs none.
    pub fn time(&self) -> Option<String> {
        self.0.clock.as_ref().map(|clock| clock.words(&self.0.columns))
    }
}

impl Format for Mapping {
    fn about(&self) -> About {
        About { what: "a log read by a mapping file", feeds: "what its mapping says" }
    }

    fn recognises(&self, head: &[u8]) -> bool {
        match &self.0.container {
            Container::Csv(table) => table.header(head, &self.0).is_some(),
            Container::Json(..) => crate::json::objects::recognises(head, &*self.0),
        }
    }

    fn read(&self, input: &mut Input<'_>, _: &Context, out: &mut Output<'_>) -> &'static str {
        match &self.0.container {
            Container::Csv(table) => table.read(&self.0, input, out.sink()),
            Container::Json(..) => crate::json::objects::read(input, &self.0, out),
        }
        FAMILY
    }

    fn version(&self) -> u32 {
        VERSION
    }
}

impl Checked {
    /// The columns that are referred to, each with those that may stand for it.
    fn needed(&self) -> impl Iterator<Item = &[usize]> {
        let clock =
            self.clock.iter().flat_map(|clock| clock.columns.iter().map(std::slice::from_ref));
        clock.chain(self.kinds.iter().flat_map(Kind::needed))
    }

    /// The first kind that fits the event.
    fn kind(&self, cells: &Cells<'_>) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.fits(cells))
    }

    /// Whether a text stands for no value.
    fn is_nothing(&self, text: &str) -> bool {
        text.is_empty() || self.nothing.iter().any(|nothing| nothing == text)
    }
}

impl Kind {
    fn needed(&self) -> impl Iterator<Item = &[usize]> {
        let when = self.when.iter().map(|(column, _)| std::slice::from_ref(column));
        when.chain(self.rules.iter().map(Rule::columns).filter(|columns| !columns.is_empty()))
    }

    fn fits(&self, cells: &Cells<'_>) -> bool {
        self.when.iter().all(|(column, texts)| {
            let text = cells.first(*column).unwrap_or_default();
            texts.iter().any(|wanted| wanted == text)
        })
    }
}

/// The mappings of a case. Where several fit a stream, the one that asks for
/// most reads it: in which order they were given makes no difference.
#[derive(Debug, Clone, Default)]
pub struct Mappings(Vec<Mapping>);

impl Mappings {
    /// Adds a mapping, in the place of one of the same name.
    pub fn insert(&mut self, mapping: Mapping) {
        self.0.retain(|known| known.name() != mapping.name());
        self.0.push(mapping);
        let rank = |mapping: &Mapping| {
            (std::cmp::Reverse(mapping.needs().len()), mapping.name().to_owned())
        };
        self.0.sort_by_cached_key(rank);
    }

    /// The mapping of that name.
    pub fn get(&self, name: &str) -> Option<&Mapping> {
        self.0.iter().find(|mapping| mapping.name() == name)
    }

    /// All of them, the most demanding first.
    pub fn iter(&self) -> std::slice::Iter<'_, Mapping> {
        self.0.iter()
    }

    /// The mapping that reads a stream that begins with `head` and that a
    /// built-in format recognised, or none.
    pub(crate) fn find(&self, head: &[u8], builtin: Option<&str>) -> Option<&Mapping> {
        self.0.iter().filter(|mapping| mapping.may_read(builtin)).find(|m| m.recognises(head))
    }

    /// What the reading of streams depends on that a built-in format reads, or
    /// none: every mapping that may take them from it.
    pub(crate) fn that_may_read(&self, builtin: Option<&str>) -> String {
        let all = self.0.iter().filter(|mapping| mapping.may_read(builtin));
        all.map(|mapping| format!("{FOR}{}:{}", mapping.name(), mapping.hash())).collect()
    }

    /// The same of streams that the mapping of that name reads: its own text,
    /// and those that come before it.
    pub(crate) fn up_to(&self, name: &str) -> String {
        let rank = self.0.iter().position(|mapping| mapping.name() == name);
        let own = rank.map_or("", |rank| self.0[rank].hash());
        let before = self.0[..rank.unwrap_or(0)].iter();
        let before = before.map(|mapping| format!("{FOR}{}:{}", mapping.name(), mapping.hash()));
        format!(" {own}{}", before.collect::<String>())
    }
}

/// What stands before each mapping on which a reading depends.
pub(crate) const FOR: &str = " | ";

impl Mapping {
    fn may_read(&self, builtin: Option<&str>) -> bool {
        builtin.is_none_or(|builtin| self.0.before.contains(&builtin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VPN: &str = "name = \"vpn\"\ncontainer = \"csv\"\n[time]\ncolumn = \"t\"\n\
        format = \"unix\"\n[[record]]\nclass = \"dns\"\n[record.fields]\n\
        query_hostname = \"name\"\n";

    fn mapping(text: &str) -> Mapping {
        Mapping::read(text, |_| Field::ALL).expect("a mapping")
    }

    fn context(mappings: &[&str]) -> Context {
        let mut context = Context::default();
        mappings.iter().for_each(|text| context.mappings.insert(mapping(text)));
        context
    }

    #[test]
    fn the_most_demanding_mapping_reads_whatever_the_order() {
        let other = VPN.replace("vpn", "all").replace("class", "when = { kind = \"q\" }\nclass");
        for mappings in [[VPN, &*other], [&*other, VPN]] {
            let context = context(&mappings);
            let reads = |head: &str| {
                context.mappings.find(head.as_bytes(), None).map(|m| m.name().to_owned())
            };
            assert_eq!(reads("T,Name,Kind\n").as_deref(), Some("all"));
            assert_eq!(reads("A title\n\nname;t\n").as_deref(), Some("vpn"));
            assert_eq!(reads("t,names\n"), None);
            assert!(context.mappings.find(b"t,name,email\n", Some("people")).is_none());
            let lacks = |head: &str| mapping(VPN).lacks(head.as_bytes());
            assert_eq!(lacks("A title\nTime,Name\n1,a.example\n"), ["t"]);
        }
    }

    #[test]
    fn a_reading_depends_on_the_mappings_that_may_read_the_stream() {
        let (none, one) = (Context::default(), context(&[VPN]));
        let before = VPN.replace("container", "before = [\"people\"]\ncontainer");
        let (changed, taking) = (context(&[&VPN.replace("unix", "unix-ms")]), context(&[&before]));
        let outdated = |format: &str, from: &Context, to: &Context| {
            crate::outdated(format, &crate::reading(format, from), to)
        };
        use crate::Outdated::{Mapping, Parser};
        assert_eq!(outdated("mapped.vpn", &one, &one), None);
        assert_eq!(outdated("mapped.vpn", &one, &changed), Some(Mapping));
        assert_eq!(outdated("unknown", &none, &one), Some(Parser));
        assert_eq!(outdated("people", &none, &one), None);
        assert_eq!(outdated("people", &one, &taking), Some(Parser));
        // One that may come before it does not change what it says.
        let wider = VPN.replace("vpn", "all").replace("class", "when = { kind = \"q\" }\nclass");
        assert_eq!(outdated("mapped.vpn", &one, &context(&[VPN, &wider])), Some(Parser));
        assert_eq!(outdated("mapped.all", &context(&[&wider]), &context(&[VPN, &wider])), None);
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (from, to, expected) in [
            ("\"dns\"", "\"email\"", "line 7, column 9: a row cannot be a message"),
            ("\"dns\"", "\"dns\"\nsource = \"proxy\"", "line 8, column 10: records of class dns"),
            ("query_hostname", "unmapped", "is filled by itself"),
            ("\"name\"", "{ column = \"name\", value = \"x\" }", "not both"),
            ("\"name\"", "{ column = \"name\", unit = \"s\" }", "`unit` means nothing"),
            ("\"name\"", "{ colum = \"name\" }", "unknown field `colum`"),
            (
                "query_hostname = \"name\"",
                "duration = { column = \"d\", unit = \"h m\" }",
                "no unit",
            ),
            (
                "query_hostname = \"name\"",
                "src_endpoint_ip = { value = \"ws1\" }",
                "cannot be `ws1`",
            ),
            ("query_hostname", "\"query.hostname\" = \"a\"\nquery_hostname", "stands here twice"),
            ("[time]", "[csv]\nseparator = \"--\"\n[time]", "one ASCII character"),
            ("[time]", "[csv]\ncolumns = [\"t\"]\n[time]", "names no column `name`"),
            ("[time]", "[json]\n[time]", "another container"),
            ("container", "before = [\"zek\"]\ncontainer", "no format `zek`"),
            ("\"unix\"", "\"unix\"\nzone = \"UTC\"", "leave `zone` out"),
        ] {
            let text = VPN.replacen(from, to, 1);
            let told = Mapping::read(&text, |_| Field::ALL).map(|_| ()).expect_err(to).to_string();
            assert!(told.contains(expected), "{to}: {told}");
        }
        let long = format!("{VPN}#{}", "x".repeat(MAPPING_CAP));
        assert!(Mapping::read(&long, |_| Field::ALL).is_err());
        let deep = format!("x = {}", "[".repeat(50_000));
        assert!(Mapping::read(&deep, |_| Field::ALL).is_err());
    }
}
