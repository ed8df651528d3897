//! What one detector saw.

/// What a detector saw in a mail; the sentence that says it is the message
/// `detector` with `-` for `.` in the texts, filled with the arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Such as `identity.press`.
    pub detector: &'static str,
    /// What fills the sentence, by name.
    pub arguments: Vec<(&'static str, String)>,
    /// Which of the attached messages it is about: 0 for the message itself.
    pub message: usize,
}

impl Observation {
    pub(crate) fn new(detector: &'static str) -> Self {
        Self { detector, arguments: Vec::new(), message: 0 }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// The part before the dot: what kind of observation it is.
    pub fn group(&self) -> &'static str {
        self.detector.split('.').next().unwrap_or_default()
    }
}
