//! Opens the mails behind paths and judges each: one message, or a mailbox.
//!
//! A mailbox is gone through twice: once to learn whom its owner knows, once
//! to judge. Both times it is a stream; nothing is kept of a message but what
//! is said of it. What the command shows, and in which language, is its own.

mod campaign;
mod error;
mod files;
mod line;
mod resume;
mod run;

use std::path::PathBuf;

use clarte_detect::{Acquaintance, Surroundings, Verdict};

pub use campaign::{Campaign, Campaigns};
pub use error::CheckError;
pub use line::{BeaconLine, ClaimLine, Line, Reason, Span};

/// What is to be judged.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Files and folders; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// Mailboxes that tell whom the reader knows, and are not judged.
    pub context: Vec<PathBuf>,
    /// The reader's own addresses, where they are known.
    pub owners: Vec<String>,
    /// Where to note what is done, so that an interrupted run goes on.
    pub resume: Option<PathBuf>,
    /// Whether every message stands for itself, even in a mailbox.
    pub alone: bool,
    /// What tells the tables and options that judge from others, for the notes.
    pub tables: String,
    /// Threads that judge; 0 for one per core.
    pub threads: usize,
}

/// How far a run has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Whether it still learns whom the owner knows.
    pub learning: bool,
    /// Messages gone through.
    pub messages: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes to read, as far as the folders tell.
    pub of: u64,
}

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Messages judged.
    pub messages: u64,
    /// Messages with each verdict.
    pub act_now: u64,
    /// Messages that are to be looked at with care.
    pub be_careful: u64,
    /// Messages that could not be read.
    pub unreadable: u64,
    /// Paths that could not be opened, and why.
    pub refused: Vec<(String, String)>,
}

/// Judges every message behind the request's paths, in their order, and hands
/// each line to `each`.
///
/// # Errors
/// Where a named path is missing, or the notes of an earlier run cannot be
/// used. Single files that cannot be opened are in the result.
pub fn check(
    request: &Request,
    around: Surroundings,
    progress: &(dyn Fn(Progress) + Sync),
    each: &mut dyn FnMut(Line) -> Result<(), CheckError>,
) -> Result<Checked, CheckError> {
    let files = files::find(&request.paths, request.resume.as_deref())?;
    let context = files::find(&request.context, None)?;
    let around = if !context.found.is_empty() {
        around.with(learn(request, &context, progress)?)
    } else if files.may_be_mailbox() && !request.alone {
        around.with(learn(request, &files, progress)?)
    } else {
        around
    };
    let mut checked = Checked { refused: files.refused.clone(), ..Checked::default() };
    let mut notes = resume::Notes::open(request, &files)?;
    let mut take = |line: Line, checked: &mut Checked| {
        checked.count(line.verdict());
        each(line)
    };
    for line in notes.lines()? {
        take(line?, &mut checked)?;
    }
    let done = notes.done();
    run::judge(request.threads, &files, &around, done, progress, &mut |unit, lines, refused| {
        notes.add(unit, &lines)?;
        checked.refused.extend(refused);
        lines.into_iter().try_for_each(|line| take(line, &mut checked))
    })?;
    Ok(checked)
}

/// Judges one message that is at hand.
pub fn judge(raw: &[u8], path: &str, around: &Surroundings) -> Line {
    run::line(raw, &line::Place { path, member: None, offset: 0 }, around)
}

/// Learns whom the owner of the mailboxes knows.
fn learn(
    request: &Request,
    files: &files::Files,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Acquaintance, CheckError> {
    let mut learnt = run::learn(request.threads, files, progress)?;
    learnt.finish(&request.owners);
    Ok(learnt)
}

impl Checked {
    fn count(&mut self, verdict: Verdict) {
        self.messages += 1;
        match verdict {
            Verdict::ActNow => self.act_now += 1,
            Verdict::BeCareful => self.be_careful += 1,
            Verdict::Unreadable => self.unreadable += 1,
            Verdict::NothingFound => {}
        }
    }
}
