//! The channels that evidence comes in, and how far each can carry.
//!
//! Items of one channel tend to be right or wrong together, so each channel has
//! a cap on what all its items together can say. The caps are judgements, not
//! measurements: they follow how much it costs to imitate another actor there,
//! and how often honest coincidence does the same. They hold for items given by
//! people; what a comparison with profiles yields is calibrated where it is
//! made.

use serde::{Deserialize, Serialize};

/// Where an item of evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Servers, addresses, domains, certificates.
    Infrastructure,
    /// Code, keys, build traces.
    Code,
    /// Accounts that the actor registered, paid or signed in with.
    Accounts,
    /// Techniques of ATT&CK.
    Techniques,
    /// Malware and tools by name.
    Software,
    /// Who was chosen.
    Victimology,
    /// When the actor works.
    Rhythm,
    /// Languages, locales, spelling.
    Language,
    /// What others state: notifications, indictments, attributions.
    Statements,
}

impl Channel {
    /// Every channel, in order.
    pub const ALL: &[Self] = &[
        Self::Infrastructure,
        Self::Code,
        Self::Accounts,
        Self::Techniques,
        Self::Software,
        Self::Victimology,
        Self::Rhythm,
        Self::Language,
        Self::Statements,
    ];

    /// The channel's name, as in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Infrastructure => "infrastructure",
            Self::Code => "code",
            Self::Accounts => "accounts",
            Self::Techniques => "techniques",
            Self::Software => "software",
            Self::Victimology => "victimology",
            Self::Rhythm => "rhythm",
            Self::Language => "language",
            Self::Statements => "statements",
        }
    }

    /// Whether its items are things that somebody had to hold, not habits that
    /// anybody can have. Statements are tangible by their grade alone: see
    /// [`Item::is_tangible`](crate::Item::is_tangible).
    pub fn is_tangible(self) -> bool {
        matches!(self, Self::Infrastructure | Self::Code | Self::Accounts)
    }

    /// The most that all items of the channel together can say for or against
    /// an actor, as the absolute natural logarithm of a likelihood ratio.
    pub fn cap(self) -> f64 {
        self.most().ln()
    }

    /// The same as a likelihood ratio.
    fn most(self) -> f64 {
        match self {
            // Private keys, build paths, accounts and payments must be stolen to
            // be imitated. Not more: code is shared, sold and leaked, and
            // accounts are handed on.
            Self::Code | Self::Accounts => 1000.0,
            // Rented, abandoned and rented again; but a server in use is held
            // by somebody.
            Self::Infrastructure => 300.0,
            // Others' conclusions, whose grounds we have not seen.
            Self::Statements => 100.0,
            // Tools outlive their first owner; several groups share most.
            Self::Software => 30.0,
            // Four planted techniques suffice to imitate somebody.
            Self::Techniques => 10.0,
            // Interests are shared by rivals and allies of a state.
            Self::Victimology => 10.0,
            // Office hours fit a fifth of mankind, and can be chosen.
            Self::Rhythm => 3.0,
            // A word in a file is set by hand; a locale is a setting.
            Self::Language => 3.0,
        }
    }

    /// What it costs to forge an item of the channel, if nobody says otherwise.
    pub fn forgery(self) -> Forgery {
        match self {
            Self::Language => Forgery::Trivial,
            Self::Techniques | Self::Software | Self::Rhythm => Forgery::Cheap,
            // Another's servers must be taken over; other victims cost one's
            // own aims; a statement needs a witness that others believe.
            Self::Infrastructure | Self::Code | Self::Victimology | Self::Statements => {
                Forgery::Costly
            }
            Self::Accounts => Forgery::VeryCostly,
        }
    }
}

/// What it costs to make an item point to somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forgery {
    /// A setting, a string in a file.
    Trivial,
    /// Public knowledge and some discipline.
    Cheap,
    /// Takes over or rebuilds what another actor has.
    Costly,
    /// Needs what only the other actor holds, such as a private key.
    VeryCostly,
}

impl Forgery {
    /// How much of an item's weight is left if somebody wants to be taken for
    /// another, from 0 to 1.
    ///
    /// Whoever plants a false flag plants first what costs nothing, so that
    /// such items say nothing then; what is dear keeps the more the dearer it
    /// is, and nothing keeps all.
    pub fn kept(self) -> f64 {
        match self {
            Self::Trivial => 0.0,
            Self::Cheap => 0.1,
            Self::Costly => 0.5,
            Self::VeryCostly => 0.9,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cheap_to_forge_carries_less_than_what_is_dear() {
        for channel in Channel::ALL {
            assert!(channel.cap() > 0.0 && channel.cap().is_finite());
            if channel.forgery() <= Forgery::Cheap {
                let tangible = Channel::ALL.iter().filter(|other| other.is_tangible());
                assert!(tangible.into_iter().all(|dear| channel.cap() < dear.cap()));
            }
        }
        assert!(Forgery::Trivial.kept() < Forgery::Cheap.kept());
        assert!(Forgery::Costly.kept() < Forgery::VeryCostly.kept());
    }
}
