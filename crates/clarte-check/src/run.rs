//! Goes through files on every core, in an order that does not depend on them.
//!
//! One thread finds units of work: small files, and blocks of large ones.
//! Workers open the messages of a unit; what they make of it is handed on in
//! the order of the units. As many units are under way as there are permits,
//! so memory is bounded whatever the mailbox holds.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};

use clarte_detect::{Acquaintance, Surroundings};
use clarte_model::{Fault, Mail, Record, Sink, Skipped, Streams};
use clarte_parse::{Anywhere, Block, Context, Outcomes, Whole};
use jiff::tz::TimeZone;

use crate::files::{Files, Found};
use crate::line::{Line, Place};
use crate::{CheckError, Progress};

/// Units under way for each worker.
const UNDER_WAY: usize = 4;

/// Messages opened by whoever finds the units, handed on together.
const HERE: usize = 64;

/// Paths that could not be opened, and why.
type Refused = Vec<(String, String)>;

/// What takes a unit that is done: its number, what was made of its messages,
/// what was refused.
pub(crate) type Take<'t, T> = dyn FnMut(u64, Vec<T>, Refused) -> Result<(), CheckError> + 't;

/// Judges every message of `files` behind the first `done` units.
pub(crate) fn judge(
    threads: usize,
    files: &Files,
    around: &Surroundings,
    done: u64,
    progress: &(dyn Fn(Progress) + Sync),
    take: &mut Take<'_, Line>,
) -> Result<(), CheckError> {
    let work = |message: Message<'_>, out: &mut Vec<Line>| {
        out.push(line(message.raw, &message.place, around));
    };
    let fallback = |file: &Found, bytes: &[u8]| Some(Line::unreadable(&file.shown, bytes));
    go(threads, files, done, false, progress, &work, &fallback, take)
}

/// Judges a message.
pub(crate) fn line(raw: &[u8], place: &Place<'_>, around: &Surroundings) -> Line {
    let mails = clarte_parse::open_mail(raw, &TimeZone::UTC);
    let judged = clarte_detect::judge(&mails, around);
    Line::new(place, raw, &mails, judged)
}

/// Learns whom the owner of the mails in `files` knows.
pub(crate) fn learn(
    threads: usize,
    files: &Files,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Acquaintance, CheckError> {
    let mut learnt = Acquaintance::default();
    let work = |message: Message<'_>, out: &mut Vec<Mail>| {
        let mails = clarte_parse::open_mail_quickly(message.raw, &TimeZone::UTC);
        out.extend(mails.into_iter().next());
    };
    let mut take = |_, mails: Vec<Mail>, _: Refused| {
        mails.iter().for_each(|mail| learnt.learn(mail));
        Ok(())
    };
    go(threads, files, 0, true, progress, &work, &|_, _| None, &mut take)?;
    Ok(learnt)
}

/// A message on its way to be worked on.
struct Message<'m> {
    place: Place<'m>,
    raw: &'m [u8],
}

type Work<'w, T> = dyn Fn(Message<'_>, &mut Vec<T>) + Sync + 'w;
/// What stands for a file, of which this is the beginning, in which no message
/// was found.
type Fallback<'w, T> = dyn Fn(&Found, &[u8]) -> Option<T> + Sync + 'w;

/// A piece of work.
enum Task<'f, T> {
    File(&'f Found),
    Block(&'f Found, Block),
    /// Done already by who found it.
    Done(Vec<T>, Refused),
}

/// What became of a unit.
struct Finished<T> {
    unit: u64,
    out: Vec<T>,
    refused: Refused,
}

#[expect(clippy::too_many_arguments, reason = "one loop serves both ways through")]
fn go<T: Send>(
    threads: usize,
    files: &Files,
    skip: u64,
    learning: bool,
    progress: &(dyn Fn(Progress) + Sync),
    work: &Work<'_, T>,
    fallback: &Fallback<'_, T>,
    take: &mut Take<'_, T>,
) -> Result<(), CheckError> {
    let threads = match threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let (permits, permit) = sync_channel::<()>(UNDER_WAY * threads);
    let (tasks, task) = sync_channel(threads);
    let (finished, finish) = channel();
    let task = Mutex::new(task);
    let stopped = AtomicBool::new(false);
    let read = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let (stopped, task, read) = (&stopped, &task, &read);
        let finder = Finder { tasks, permits, unit: 0, skip, stopped };
        scope.spawn(move || finder.find(files, work, fallback, read));
        for _ in 0..threads {
            let finished = finished.clone();
            scope.spawn(move || labour(task, &finished, work, fallback));
        }
        drop(finished);
        let mut messages = 0;
        let mut result = Ok(());
        in_order(&finish, skip, &mut |done: Finished<T>| {
            // One permit back for each unit, whatever became of it.
            let _ = permit.try_recv();
            messages += done.out.len() as u64;
            let bytes = read.load(Ordering::Relaxed);
            progress(Progress { learning, messages, bytes, of: files.bytes() });
            if result.is_ok() {
                result = take(done.unit, done.out, done.refused);
                stopped.store(result.is_err(), Ordering::Relaxed);
            }
        });
        result
    })
}

/// Hands on what is finished in the order of the units, from `next` on.
fn in_order<T>(finish: &Receiver<Finished<T>>, mut next: u64, take: &mut dyn FnMut(Finished<T>)) {
    let mut waiting = BTreeMap::new();
    while let Ok(done) = finish.recv() {
        waiting.insert(done.unit, done);
        while let Some(done) = waiting.remove(&next) {
            take(done);
            next += 1;
        }
    }
}

/// Works until there are no more tasks.
fn labour<T>(
    task: &Mutex<Receiver<(u64, Task<'_, T>)>>,
    finished: &Sender<Finished<T>>,
    work: &Work<'_, T>,
    fallback: &Fallback<'_, T>,
) {
    loop {
        let next = task.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).recv();
        let Ok((unit, task)) = next else { return };
        let (mut out, mut refused) = (Vec::new(), Vec::new());
        match task {
            Task::Done(done, why) => (out, refused) = (done, why),
            Task::File(file) => {
                if let Err(why) = whole(file, work, fallback, &mut out) {
                    refused.push((file.shown.clone(), why));
                }
            }
            Task::Block(file, block) => {
                let member = block.member().cloned();
                let mut add = |message: Message<'_>| work(message, &mut out);
                block.read(&mut Opening { path: &file.shown, member, each: &mut add });
            }
        }
        if finished.send(Finished { unit, out, refused }).is_err() {
            return;
        }
    }
}

/// Reads a small file.
fn whole<T>(
    file: &Found,
    work: &Work<'_, T>,
    fallback: &Fallback<'_, T>,
    out: &mut Vec<T>,
) -> Result<(), String> {
    let bytes = std::fs::read(&file.path).map_err(|cause| cause.to_string())?;
    let mut add = |message: Message<'_>| work(message, out);
    let mut opening = Opening { path: &file.shown, member: None, each: &mut add };
    let outcomes =
        clarte_parse::read(Whole::from(&mut bytes.as_slice()), &Context::default(), &mut opening);
    if out.is_empty() && (file.named || holds_mails(&outcomes)) {
        forced(file, &bytes, work, fallback, out);
    }
    Ok(())
}

/// Whether the file is of a format that should have held messages.
fn holds_mails(outcomes: &Outcomes) -> bool {
    let formats = ["eml", "mbox", "unknown", "empty"];
    outcomes.iter().any(|outcome| formats.contains(&outcome.format))
}

/// Takes a file that looks like nothing for a message, if it has a sender.
fn forced<T>(
    file: &Found,
    bytes: &[u8],
    work: &Work<'_, T>,
    fallback: &Fallback<'_, T>,
    out: &mut Vec<T>,
) {
    let mails = clarte_parse::open_mail_quickly(bytes, &TimeZone::UTC);
    if mails.first().is_some_and(|mail| mail.author_address().is_some()) {
        let place = Place { path: &file.shown, member: None, offset: 0 };
        return work(Message { place, raw: bytes }, out);
    }
    out.extend(fallback(file, bytes));
}

/// Cuts files into units of work.
struct Finder<'f, 's, T> {
    tasks: SyncSender<(u64, Task<'f, T>)>,
    permits: SyncSender<()>,
    unit: u64,
    /// Units that were done before.
    skip: u64,
    stopped: &'s AtomicBool,
}

impl<'f, T: Send> Finder<'f, '_, T> {
    fn find(
        mut self,
        files: &'f Files,
        work: &Work<'_, T>,
        fallback: &Fallback<'_, T>,
        read: &AtomicU64,
    ) {
        for file in &files.found {
            if self.stopped.load(Ordering::Relaxed) {
                return;
            }
            if file.is_large() || file.is_stream() {
                self.stream(file, work, fallback, read);
            } else {
                self.submit(Task::File(file));
                read.fetch_add(file.bytes, Ordering::Relaxed);
            }
        }
    }

    fn submit(&mut self, task: Task<'f, T>) {
        let unit = self.unit;
        self.unit += 1;
        if unit < self.skip || self.stopped.load(Ordering::Relaxed) {
            return;
        }
        // Neither fails while whoever hands on is there.
        let _ = self.permits.send(());
        let _ = self.tasks.send((unit, task));
    }

    /// Hands out the blocks of a large file; what cannot be cut is done here.
    fn stream(
        &mut self,
        file: &'f Found,
        work: &Work<'_, T>,
        fallback: &Fallback<'_, T>,
        read: &AtomicU64,
    ) {
        let opened = match file.is_input() {
            true => Ok(None),
            false => File::open(&file.path).map(Some),
        };
        let opened = match opened {
            Ok(opened) => opened,
            Err(cause) => {
                let refused = vec![(file.shown.clone(), cause.to_string())];
                return self.submit(Task::Done(Vec::new(), refused));
            }
        };
        let inner: Box<dyn Read + '_> = match &opened {
            Some(opened) => Box::new(opened),
            None => Box::new(std::io::stdin()),
        };
        let mut reader = Counted { inner, read, head: Vec::new() };
        // A pipe has no places.
        let anywhere = opened.as_ref().filter(|_| !file.is_stream()).map(Anywhere);
        let before = self.unit;
        let here = RefCell::new((self, Vec::new()));
        // What is opened here keeps its place among the blocks.
        let flush = |least: usize| {
            let (finder, out) = &mut *here.borrow_mut();
            if out.len() >= least {
                finder.submit(Task::Done(std::mem::take(out), Vec::new()));
            }
        };
        let outcomes = {
            let mut add = |raw: Message<'_>| {
                work(raw, &mut here.borrow_mut().1);
                flush(HERE);
            };
            let mut opening = Opening { path: &file.shown, member: None, each: &mut add };
            let mut spread = |block: Block| {
                flush(1);
                here.borrow_mut().0.submit(Task::Block(file, block));
            };
            clarte_parse::read_in_blocks(
                Whole::new(&mut reader, anywhere.as_ref().and_then(Anywhere::at)),
                &Context::default(),
                &mut opening,
                &mut spread,
            )
        };
        let (finder, mut out) = here.into_inner();
        if finder.unit == before && out.is_empty() && (file.named || holds_mails(&outcomes)) {
            forced(file, &reader.head, work, fallback, &mut out);
        }
        finder.submit(Task::Done(out, Vec::new()));
    }
}

/// Counts what is read, and keeps the beginning.
struct Counted<'r> {
    inner: Box<dyn Read + 'r>,
    read: &'r AtomicU64,
    head: Vec<u8>,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let length = self.inner.read(into)?;
        self.read.fetch_add(length as u64, Ordering::Relaxed);
        let room = (1usize << 20).saturating_sub(self.head.len());
        self.head.extend_from_slice(&into[..length.min(room)]);
        Ok(length)
    }
}

/// Opens each message as it is found; records are of no use here.
struct Opening<'o> {
    path: &'o str,
    member: Option<Arc<str>>,
    each: &'o mut dyn FnMut(Message<'_>),
}

impl Sink for Opening<'_> {
    fn record(&mut self, _: &Record<'_>) {}
    fn fault(&mut self, _: Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: Skipped) {}
    fn message(&mut self, raw: &[u8], offset: u64) -> bool {
        let place = Place { path: self.path, member: self.member.as_ref(), offset };
        (self.each)(Message { place, raw });
        true
    }
}

impl Streams for Opening<'_> {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.member = member.cloned();
    }
}
