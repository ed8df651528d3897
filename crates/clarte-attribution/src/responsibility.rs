//! Two scales for what a state has to do with a group. Neither follows from the
//! other, and neither from resemblance: an item has to claim the step or the
//! link, and show what it needs.
//!
//! [`Responsibility`] is J. Healey's spectrum of state responsibility (Atlantic
//! Council 2012), with the names of the MISP taxonomy `state-responsibility`. It
//! describes, and binds nobody. [`Link`] is what the International Law
//! Commission's Articles on State Responsibility (ARSIWA, 2001) ask for. That an
//! operation came from a territory is neither.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A step of the spectrum, from the least responsible to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Responsibility {
    /// The state would help to stop it.
    StateProhibited,
    /// It would, but cannot.
    StateProhibitedButInadequate,
    /// It knows and does nothing.
    StateIgnored,
    /// Others act; it applauds.
    StateEncouraged,
    /// Others act; it gives some support.
    StateShaped,
    /// It suggests targets, times or means.
    StateCoordinated,
    /// It has others do it.
    StateOrdered,
    /// Its own forces do it without its leadership.
    StateRogueConducted,
    /// Its own forces do it as its policy.
    StateExecuted,
    /// Its forces and others do it together under its command.
    StateIntegrated,
}

impl Responsibility {
    /// Every step, from the least responsible to the most.
    pub const ALL: &[Self] = &[
        Self::StateProhibited,
        Self::StateProhibitedButInadequate,
        Self::StateIgnored,
        Self::StateEncouraged,
        Self::StateShaped,
        Self::StateCoordinated,
        Self::StateOrdered,
        Self::StateRogueConducted,
        Self::StateExecuted,
        Self::StateIntegrated,
    ];

    /// The taxonomy's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StateProhibited => "state-prohibited",
            Self::StateProhibitedButInadequate => "state-prohibited-but-inadequate",
            Self::StateIgnored => "state-ignored",
            Self::StateEncouraged => "state-encouraged",
            Self::StateShaped => "state-shaped",
            Self::StateCoordinated => "state-coordinated",
            Self::StateOrdered => "state-ordered",
            Self::StateRogueConducted => "state-rogue-conducted",
            Self::StateExecuted => "state-executed",
            Self::StateIntegrated => "state-integrated",
        }
    }

    /// What it means.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::StateProhibited => "the state would help to stop it",
            Self::StateProhibitedButInadequate => "the state would stop it but is not able to",
            Self::StateIgnored => "the state knows of it and does nothing",
            Self::StateEncouraged => "others do it, and the state encourages them as a policy",
            Self::StateShaped => "others do it, and the state gives some support",
            Self::StateCoordinated => "others do it, and the state suggests targets or means",
            Self::StateOrdered => "others do it, because the state has them do it",
            Self::StateRogueConducted => "the state's own forces do it without its leadership",
            Self::StateExecuted => "the state's own forces do it as its policy",
            Self::StateIntegrated => "the state's forces and others do it under its command",
        }
    }

    /// Whether the step is about what the state does with those who act, so that
    /// a chain from them to the state has to hold. The steps before are about
    /// what it does against them, or only says.
    pub fn needs_chain(self) -> bool {
        self >= Self::StateShaped
    }
}

impl fmt::Display for Responsibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// By what an act would be a state's in law, or the state answer for it
/// otherwise. Separate tests, not steps: the order is only that of the articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Link {
    /// Article 4: its organ.
    #[serde(rename = "4")]
    Organ,
    /// Article 5: an entity that it lets exercise governmental authority.
    #[serde(rename = "5")]
    Authority,
    /// Article 8: on its instructions, or under its direction or control.
    #[serde(rename = "8")]
    Instructions,
    /// Article 11: acknowledged and adopted as its own.
    #[serde(rename = "11")]
    Adopted,
    /// Not attribution: that it knew and did not do what it could.
    #[serde(rename = "due-diligence")]
    DueDiligence,
}

impl Link {
    /// Every link.
    pub const ALL: &[Self] =
        &[Self::Organ, Self::Authority, Self::Instructions, Self::Adopted, Self::DueDiligence];

    /// As in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organ => "4",
            Self::Authority => "5",
            Self::Instructions => "8",
            Self::Adopted => "11",
            Self::DueDiligence => "due-diligence",
        }
    }

    /// What it asks, with its name.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Organ => "ARSIWA article 4: those who act are an organ of the state",
            Self::Authority => {
                "ARSIWA article 5: the entity's law lets it exercise governmental authority, \
                 and it acted in that capacity"
            }
            Self::Instructions => {
                "ARSIWA article 8: a private group acted on the state's instructions, or under its \
                 direction or control, in this very operation"
            }
            Self::Adopted => {
                "ARSIWA article 11: the state acknowledged the act and adopted it as its own"
            }
            Self::DueDiligence => {
                "due diligence: the state knew that its territory was used and did not do what \
                 it could"
            }
        }
    }

    /// Whether a chain from those who acted to the state has to hold. An act that
    /// a state adopts needs none, nor does what it failed to do.
    pub fn needs_chain(self) -> bool {
        matches!(self, Self::Organ | Self::Authority | Self::Instructions)
    }

    /// Which evidence it needs.
    pub fn needs(self) -> &'static str {
        match self {
            Self::Organ => {
                "proof that the unit belongs to the state: rank, pay, premises, chain of command"
            }
            Self::Authority => "the statute or contract that hands the entity public authority",
            Self::Instructions => {
                "taskings, lists of targets, payments or reports that tie the state to this \
                 operation"
            }
            Self::Adopted => "an official endorsement of this very act",
            Self::DueDiligence => {
                "operators or servers on the territory with dates, a notification that was sent \
                 and acknowledged, and what the state could have done after it and did not"
            }
        }
    }

    /// What kind of consequence it can have; norms and law are kept apart.
    pub fn status(self) -> &'static str {
        match self {
            Self::Organ | Self::Authority | Self::Instructions | Self::Adopted => {
                "attribution in law; a wrongful act also needs the breach of a binding rule"
            }
            Self::DueDiligence => {
                "no attribution of the act; as a binding duty disputed among states, as norm 13(c) \
                 of the UN reports voluntary: it supports denunciation, not compensation by itself"
            }
        }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_ascend() {
        assert_eq!(Responsibility::ALL.len(), 10);
        assert!(Responsibility::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(!Responsibility::StateEncouraged.needs_chain());
        assert!(Responsibility::StateOrdered.needs_chain());
    }
}
