//! What can be wrong with a mapping file, and where.

use std::ops::Range;

/// A mapping file that cannot be used: where, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {mistake}")]
pub struct MappingError {
    /// The line, from 1.
    pub line: usize,
    /// The column in it, in characters from 1.
    pub column: usize,
    /// What is wrong there.
    pub mistake: Mistake,
}

impl MappingError {
    /// A mistake at the bytes `span` of `text`.
    pub(super) fn at(text: &str, span: &Range<usize>, mistake: Mistake) -> Self {
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line..].chars().count() + 1,
            mistake,
        }
    }
}

/// What is wrong in a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// It is longer than anybody writes.
    #[error("a mapping file may have {} KiB", super::MAPPING_CAP >> 10)]
    TooLarge,
    /// It is not TOML, or has a key that no mapping has.
    #[error("{0}")]
    Toml(String),
    /// A name that cannot be a format's.
    #[error("`{0}` cannot be a name: take 1 to 32 of a-z, 0-9, `-` and `_`")]
    Name(String),
    /// Not one kind of record.
    #[error("nothing is mapped: add a [[record]] with a class and fields")]
    NoRecord,
    /// More kinds of records or columns than can be.
    #[error("a mapping may have {most} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
    },
    /// A word where only some are possible.
    #[error("there is no {what} `{found}`; there are {}", known.join(", "))]
    Unknown {
        /// What the word should be.
        what: &'static str,
        /// The word.
        found: String,
        /// Those that can be used.
        known: Vec<String>,
    },
    /// A class whose records are no rows.
    #[error("a row cannot be a message: for logs about mail take class `delivery`")]
    Email,
    /// A source that does not go with the class.
    #[error("records of class {class} come from source {}, not {found}", known.join(" or "))]
    Source {
        /// The class.
        class: &'static str,
        /// The source.
        found: String,
        /// Those that go with it.
        known: Vec<&'static str>,
    },
    /// No field of that name.
    #[error(
        "there is no field `{found}`; do you mean {}? `clarte tables {class}` lists them",
        nearest.join(", ")
    )]
    Field {
        /// The name.
        found: String,
        /// The class.
        class: &'static str,
        /// The names most like it.
        nearest: Vec<&'static str>,
    },
    /// A field that records of the class do not have.
    #[error(
        "records of class {class} have no `{found}`; do you mean {}? `clarte tables {class}` lists \
         them",
        nearest.join(", ")
    )]
    NotInClass {
        /// The name.
        found: String,
        /// The class.
        class: &'static str,
        /// The names most like it.
        nearest: Vec<&'static str>,
    },
    /// A field that is filled without anybody's doing.
    #[error("`{0}` is filled by itself: leave it out")]
    Own(String),
    /// Neither a column nor a value.
    #[error("say where `{0}` comes from: a `column`, `columns`, or a fixed `value`; not both")]
    From(String),
    /// An option where it means nothing.
    #[error("`{option}` means nothing for `{field}`: {why}")]
    Option {
        /// The option.
        option: &'static str,
        /// The field.
        field: &'static str,
        /// Why.
        why: &'static str,
    },
    /// A fixed value that the field cannot have.
    #[error("`{field}` cannot be `{value}`: {expected}")]
    Value {
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
        /// What it can be.
        expected: String,
    },
    /// An outcome in the log's own words.
    #[error(
        "say what the log's words mean: status = {{ column = \"…\", map = {{ \"OK\" = \"success\" }} }}"
    )]
    Outcome,
    /// No time.
    #[error("say when it happened: add [time] with a column and a format")]
    NoTime,
    /// A zone that the database does not have.
    #[error("there is no time zone `{0}`: take a name such as Europe/Brussels or UTC")]
    Zone(String),
    /// A zone that cannot matter.
    #[error("a time written as `{0}` has a zone of its own: leave `zone` out")]
    ZoneInVain(String),
    /// A time whose zone nobody knows.
    #[error(
        "`{0}` has no offset: say in which `zone` the log writes, such as Europe/Brussels or UTC"
    )]
    NoZone(String),
    /// A pattern that gives no moment.
    #[error(
        "times cannot be read by `{pattern}`: {why}; a pattern is such as \
         \"%d/%m/%Y %H:%M:%S\", other forms are rfc3339, unix, unix-ms, unix-us"
    )]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What fails.
        why: String,
    },
    /// A table that goes with another container.
    #[error("[{0}] is for another container")]
    Container(&'static str),
    /// A separator, quote or comment that cannot be one.
    #[error("`{0}` must be one ASCII character")]
    Character(&'static str),
    /// A column that a table without header has not.
    #[error("`columns` names no column `{0}`")]
    NoColumn(String),
    /// A name given twice.
    #[error("`{0}` stands here twice")]
    Twice(String),
    /// An empty list or text.
    #[error("`{0}` says nothing")]
    Empty(&'static str),
}
