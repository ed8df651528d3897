//! What the observations about a mail add up to.
//!
//! A sum of small whole numbers, one per observation, so that anybody can add
//! it up again. The numbers say how much an observation speaks for a mail that
//! is aimed at its reader or does harm, beside what an innocent mail has as
//! well. They were set by reasoning and checked with `cargo xtask calibrate
//! check`, which prints what each of them decides.

use crate::observation::Observation;

/// What a message is for its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// None of the known signs. It never means that a message is harmless.
    NothingFound,
    /// It could not be read.
    Unreadable,
    /// Signs that innocent mail sometimes has as well.
    BeCareful,
    /// Aimed at its reader, or dangerous.
    ActNow,
}

impl Verdict {
    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NothingFound => "nothing_found",
            Self::Unreadable => "unreadable",
            Self::BeCareful => "be_careful",
            Self::ActNow => "act_now",
        }
    }
}

/// Points from which on a mail is `act_now`, if one of at least two
/// observations is [`STRONG`] and of who sends or what is carried.
pub const ACT_NOW: i32 = 8;

/// Points from which on a mail is `be_careful`, if one observation of who sends
/// or what is carried is [`STRONG`], or two nearly are.
pub const BE_CAREFUL: i32 = 5;

/// Points of an observation that innocent mail hardly ever has: many small
/// signs add up in newsletters as well.
pub const STRONG: i32 = 3;

/// Points of what a mail carries that does harm by being opened.
pub const DANGEROUS: i32 = 5;

/// A weight and why it is what it is.
#[derive(Debug, Clone, Copy)]
pub struct Weight {
    /// The detector.
    pub detector: &'static str,
    /// Points; negative where it speaks for an innocent mail.
    pub points: i32,
    /// Why that many.
    pub why: &'static str,
}

/// The weights, in the order of the groups.
#[rustfmt::skip]
pub const WEIGHTS: &[Weight] = &[
    w("beacon.hidden", 1, "newsletters have them as well; counts in company"),
    w("beacon.individual", 1, "the same, where it can be seen"),
    w("beacon.recipient", 2, "spells the reader's address: made for one person, by hand or merge"),
    w("beacon.proxied", 0, "tells where it comes from, not what it is for"),
    w("beacon.self-hosted", 2, "no mass mailer runs the host and no list is openly sent: whoever keeps a counter for a personal letter wants to know of one reader"),
    w("identity.press", 5, "the core of the fake journalist; freelances and reporters abroad do it too, so not enough alone"),
    w("identity.journalist", 2, "most journalists of small outlets would have it"),
    w("identity.institution", 5, "as a false newspaper"),
    w("identity.ngo", 4, "small bodies use others' domains more often"),
    w("identity.service", 4, "commodity phishing; resellers and agencies write in a brand's name"),
    w("identity.colleague", 3, "somebody known, from elsewhere: a private address, or an impostor"),
    w("identity.name-address", 3, "the shown name is another address: hardly ever by accident"),
    w("identity.lookalike", 6, "made to be taken for a known one; chance likeness happens"),
    w("identity.counterfeit", 7, "disguised characters, or another's whole domain inside: never by accident"),
    w("identity.mixed-script", 3, "alphabets are mixed to deceive"),
    w("identity.reply-elsewhere", 2, "who borrows a name still wants the answer; helpdesks do it too"),
    w("identity.forged", 6, "a known house's address that nothing confirms, and the answer to somebody else"),
    w("identity.freemail", 2, "speaks for an organisation from a mailbox anybody may have"),
    w("identity.unproved", 1, "many honest servers are set up badly"),
    w("identity.refuted", 4, "the domain's owner disowns the mail; forwarding does that too"),
    w("identity.altered", 0, "lists change texts as well"),
    w("approach.first-contact", 1, "every honest stranger begins so"),
    w("approach.personal", 1, "a letter to one person, as most are; makes the claim above it a personal one"),
    w("approach.answer", -3, "who was written to may answer; only the reader knows whether that is so"),
    w("approach.template", 2, "one letter to many, each with a mark of its own"),
    w("approach.merge", 1, "left by a careless merge"),
    w("approach.thread", 1, "continues what never began; old threads are lost too"),
    w("approach.interview", 2, "what a fake journalist is after"),
    w("approach.conference", 1, "invitations are everyday mail"),
    w("approach.document", 1, "so are drafts to read"),
    w("approach.urgency", 1, "everybody presses"),
    w("approach.account", 2, "the pretext of commodity phishing"),
    w("approach.rights", 1, "what the people at risk are written to about"),
    w("approach.secrecy", 1, "sources ask for it too"),
    w("approach.reward", 1, "bulk fraud, not aimed"),
    w("payload.link-mismatch", 2, "shows one address and leads to another"),
    w("payload.shortener", 1, "hides where it leads"),
    w("payload.bare-address", 2, "no honest sender links to a bare number"),
    w("payload.credential-form", 4, "asks for a password where none belongs"),
    w("payload.device-code", 4, "hands the account to whoever made the code"),
    w("payload.consent", 3, "lets an application in"),
    w("payload.cloud-archive", 1, "shares are everyday; strangers' shares are not"),
    w("payload.macro", 3, "runs on opening where that is allowed"),
    w("payload.program", 5, "runs"),
    w("payload.shortcut", 5, "runs what it points to"),
    w("payload.disk-image", 4, "carries programs past warnings"),
    w("payload.smuggling", 5, "builds a file that no filter saw"),
    w("payload.svg", 4, "a picture that runs script"),
    w("payload.locked-archive", 4, "locked so that no filter looks inside"),
    w("payload.double-extension", 4, "pretends to be another kind of file"),
    w("payload.direction", 4, "a name that reads backwards"),
    w("payload.qr", 2, "takes the link to a telephone that nobody watches"),
    w("payload.invitation", 2, "an invitation by somebody else than the sender"),
    w("form.parsers-disagree", 3, "mails of bad programs do so too"),
];

const fn w(detector: &'static str, points: i32, why: &'static str) -> Weight {
    Weight { detector, points, why }
}

/// What was added up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// All points.
    pub points: i32,
    /// The verdict that follows.
    pub verdict: Verdict,
    /// How well the reader is played (0 to 5) times what technique is used (1
    /// to 2), as the Targeted Threat Index multiplies them.
    /// <https://citizenlab.ca/2013/10/targeted-threat-index/>
    pub danger: f64,
}

/// Adds up what was observed.
///
/// `trusted` tells that the mail comes by a list, or from somebody to whom the
/// reader wrote: then what it carries is not dangerous by itself.
pub(crate) fn score(observations: &[Observation], trusted: bool) -> Score {
    let points = observations.iter().map(|one| points(one.detector)).sum();
    let counts = |wanted: &[&str], least: i32| {
        let of = |one: &&Observation| wanted.contains(&one.group()) && points_of(one) >= least;
        observations.iter().filter(of).count()
    };
    const TELLING: [&str; 3] = ["identity", "payload", "form"];
    let around = counts(&["identity", "payload", "form", "approach", "beacon"], 1);
    // Who asks for a statement and counts whether this one reader opens the
    // letter, unsaid, needs no false name to be after that reader.
    let has = |detector: &str| observations.iter().any(|one| one.detector == detector);
    let watches = has("beacon.self-hosted") && has("approach.interview");
    // A claim, and a domain made to bear it out, are two observations.
    let strong = counts(&TELLING, STRONG) > 0 || watches;
    let payload = |least| counts(&["payload"], least) > 0;
    let verdict = if points >= ACT_NOW && strong && around > 1 || payload(DANGEROUS) && !trusted {
        Verdict::ActNow
    } else if points >= BE_CAREFUL && (strong || counts(&TELLING, STRONG - 1) > 1)
        || payload(STRONG)
    {
        Verdict::BeCareful
    } else {
        Verdict::NothingFound
    };
    Score { points, verdict, danger: danger(observations) }
}

/// Social engineering times technique.
fn danger(observations: &[Observation]) -> f64 {
    let sum = |wanted: &[&str]| -> i32 {
        let of = observations.iter().filter(|one| wanted.contains(&one.group()));
        of.map(points_of).filter(|points| *points > 0).sum()
    };
    let social = f64::from(sum(&["identity", "approach"]).min(10)) / 2.0;
    let technical = 1.0 + f64::from(sum(&["beacon", "payload", "form"]).min(8)) / 8.0;
    social * technical
}

fn points_of(observation: &Observation) -> i32 {
    points(observation.detector)
}

/// The points of a detector.
pub fn points(detector: &str) -> i32 {
    WEIGHTS.iter().find(|weight| weight.detector == detector).map_or(0, |weight| weight.points)
}
