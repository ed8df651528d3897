//! Who answers for it: competing hypotheses from graded evidence.
//!
//! Group, entity and state are separate questions. Likelihood and confidence
//! are two axes, and so are a source's reliability and what it says being
//! credible. Resemblance is a lead; proof lies in tangible links.
//!
//! [`attribute`] answers a [`Question`] from a base of knowledge. Everything here
//! is pure: bytes and values in, values out.

pub mod answer;
mod attribute;
pub mod band;
pub mod channel;
pub mod confidence;
pub mod dependence;
pub mod fitting;
pub mod grade;
pub mod item;
pub mod items_file;
mod prepared;
mod profiles;
pub mod question;
mod ranking;
mod resample;
mod resemblance;
pub mod responsibility;
pub mod state;
mod states;
pub mod strength;
mod wanted;
mod weights;
mod without;

pub use answer::Answer;
pub use attribute::{FALSE_FLAG, Probabilities, attribute, probabilities};
pub use band::Band;
pub use channel::{Channel, Forgery};
pub use confidence::{Assessed, Confidence, confidence};
pub use dependence::{Circle, Group, Voice, Weighed, circles, combined, groups, weigh};
pub use grade::{Credibility, Grade, GradeError, Reliability};
pub use item::{EntityKind, Held, Item, SharedUse, Standing, StateAssertion, log_likelihood_ratio};
pub use question::{Observed, Question, UNKNOWN_PRIOR};
pub use responsibility::{Link, Responsibility};
pub use state::{SaidBehind, StateAnswer, ladder};
pub use strength::Strength;
