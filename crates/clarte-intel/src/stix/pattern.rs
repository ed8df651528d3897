//! STIX patterns as trees.
//! Spec: STIX 2.1 §9, <https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html#_e8slinrhxcc9>,
//! and 2.0 part 5 where it differs (`START` and `STOP` with texts).
//!
//! The whole grammar is read, so that a pattern that is not evaluated is known
//! to be sound; what is evaluated is decided elsewhere.

pub use super::parser::parse;

/// An observation expression: what must have been seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Observation {
    /// `[…]`: one observation that fulfils a comparison.
    Seen(Comparison),
    /// All of them, in any order.
    And(Vec<Observation>),
    /// Any of them.
    Or(Vec<Observation>),
    /// One after the other.
    FollowedBy(Vec<Observation>),
    /// With conditions on time or number.
    Qualified(Box<Observation>, Vec<Qualifier>),
}

/// A comparison expression: what one observation must hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// One property test.
    Test(Test),
    /// All of them.
    And(Vec<Comparison>),
    /// Any of them.
    Or(Vec<Comparison>),
}

/// One property test, such as `domain-name:value = 'evil.example'`.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The object's type, such as `domain-name`.
    pub object: String,
    /// The path to its property, at least one step.
    pub path: Vec<Step>,
    /// Whether `NOT` stands before the operator.
    pub negated: bool,
    /// How the property is compared.
    pub operator: Operator,
    /// With what: one literal, for `IN` any number, for `EXISTS` none.
    pub values: Vec<Literal>,
}

/// A step of an object path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A property or dictionary key, unquoted.
    Key(String),
    /// `[n]`.
    Index(String),
    /// `[*]`.
    Any,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `=` or `==`.
    Equal,
    /// `!=` or `<>`.
    Unequal,
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
    /// `IN (…)`.
    In,
    /// `LIKE`.
    Like,
    /// `MATCHES`.
    Matches,
    /// `ISSUBSET`.
    IsSubset,
    /// `ISSUPERSET`.
    IsSuperset,
    /// `EXISTS`.
    Exists,
}

/// A constant of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `'…'`, its escapes undone.
    Text(String),
    /// A number as written.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `h'…'`, as written.
    Hex(String),
    /// `b'…'`, as written.
    Base64(String),
    /// `t'…'`, as written and checked.
    Timestamp(String),
}

/// A condition on when or how often.
#[derive(Debug, Clone, PartialEq)]
pub enum Qualifier {
    /// `WITHIN n SECONDS`.
    Within(String),
    /// `REPEATS n TIMES`.
    Repeats(String),
    /// `START … STOP …`.
    Between(String, String),
}

/// Why a pattern is none: where, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPattern {
    /// The byte in the pattern.
    pub at: usize,
    /// What is wrong there.
    pub why: &'static str,
}

impl std::fmt::Display for BadPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {} of the pattern", self.why, self.at)
    }
}

impl std::error::Error for BadPattern {}
