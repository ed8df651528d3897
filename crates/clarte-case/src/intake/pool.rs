//! Reads many files on every core, and one large file too.
//!
//! Each worker takes a file, reads and hashes it front to back, and cuts it
//! into blocks; blocks that others can take wait in a short queue, the rest it
//! reads itself. Nobody takes a further file while blocks wait, so memory is
//! bounded by the queue and by what each worker's writer may hold.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use clarte_lake::{LakeError, RunFile, RunWriter};
use clarte_parse::{Block, Part, Whole};

/// Blocks that may wait, for each worker.
const WAITING_EACH: usize = 2;

/// Bytes beyond which no further block waits: one is mostly a mebibyte, but
/// may be a single message of sixty-four.
const WAITING_BYTES: usize = 16 << 20;

/// One job of the pool: reads the file of this index with a worker's means.
pub(crate) type Job<'j> = dyn Fn(usize, &mut Worker<'_>) + Sync + 'j;

/// What the workers share.
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    threads: usize,
}

#[derive(Default)]
struct State {
    /// The next file.
    next: usize,
    waiting: VecDeque<Task>,
    /// Files being read, which may bring further blocks.
    open: usize,
    /// Somebody's writer failed: no more work is begun.
    stopped: bool,
}

/// A block on its way to whoever reads it.
struct Task {
    block: Block,
    number: u64,
    of: Arc<Mutex<Progress>>,
}

impl Task {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.of.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// The blocks of one file.
#[derive(Default)]
struct Progress {
    outstanding: usize,
    parts: Vec<Part>,
}

/// One worker's means.
pub(crate) struct Worker<'w> {
    shared: &'w Shared,
    writer: RunWriter,
}

/// Does `jobs` jobs on `threads` threads; `writer` makes the writer of each.
/// Returns the files that were written.
pub(crate) fn run(
    jobs: usize,
    threads: usize,
    writer: &(dyn Fn(usize) -> RunWriter + Sync),
    job: &Job<'_>,
) -> Result<Vec<RunFile>, LakeError> {
    let shared = Shared { state: Mutex::default(), changed: Condvar::new(), threads };
    let work = |thread: usize| {
        let mut worker = Worker { shared: &shared, writer: writer(thread) };
        worker.work(jobs, job);
        worker.writer.finish()
    };
    let written = std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> =
            (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(written) => written,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        // Everybody is waited for, whoever failed.
        joined.collect::<Vec<_>>()
    });
    let written: Result<Vec<_>, _> = written.into_iter().collect();
    Ok(written?.into_iter().flatten().collect())
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    fn wait<'g>(&self, state: MutexGuard<'g, State>) -> MutexGuard<'g, State> {
        self.changed.wait(state).unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Counts a file as open while it lives, so that nobody waits for a worker
/// that is gone.
struct Open<'s>(&'s Shared);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.lock().open -= 1;
        self.0.changed.notify_all();
    }
}

/// A block that is done with, whatever became of its reader: whoever waits for
/// it must not wait for ever.
struct Finished<'f> {
    task: &'f Task,
    shared: &'f Shared,
}

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        self.task.progress().outstanding -= 1;
        // Under the lock, so that nobody looks before and waits after.
        let mut state = self.shared.lock();
        state.stopped |= std::thread::panicking();
        drop(state);
        self.shared.changed.notify_all();
    }
}

impl Worker<'_> {
    fn work(&mut self, jobs: usize, job: &Job<'_>) {
        let mut state = self.shared.lock();
        loop {
            if state.stopped {
                return;
            }
            if let Some(task) = state.waiting.pop_front() {
                drop(state);
                self.read_block(&task);
            } else if state.next < jobs {
                let at = state.next;
                state.next += 1;
                state.open += 1;
                drop(state);
                let open = Open(self.shared);
                job(at, self);
                drop(open);
            } else if state.open == 0 {
                return;
            } else {
                state = self.shared.wait(state);
                continue;
            }
            state = self.shared.lock();
            state.stopped |= self.writer.has_failed();
        }
    }

    fn read_block(&mut self, task: &Task) {
        let done = Finished { task, shared: self.shared };
        let member = task.block.member().cloned();
        let mut sink = ToLake { number: task.number, member, writer: &mut self.writer };
        let part = task.block.read(&mut sink);
        task.progress().parts.push(part);
        drop(done);
    }

    /// Reads one file into the lake as evidence number `number`, with the help
    /// of whoever has nothing else to do.
    pub(crate) fn read(
        &mut self,
        file: Whole<'_>,
        number: u64,
        context: &clarte_parse::Context,
    ) -> clarte_parse::Outcomes {
        if self.shared.threads == 1 {
            let mut sink = ToLake { number, member: None, writer: &mut self.writer };
            return clarte_parse::read(file, context, &mut sink);
        }
        let progress = Arc::new(Mutex::new(Progress::default()));
        let worker = std::cell::RefCell::new(&mut *self);
        let mut outcomes = {
            let mut sink = ToWorker { number, member: None, worker: &worker };
            let mut spread = |block: Block| {
                let of = Arc::clone(&progress);
                worker.borrow_mut().offer(Task { block, number, of });
            };
            clarte_parse::read_in_blocks(file, context, &mut sink, &mut spread)
        };
        for part in self.wait_for(&progress) {
            outcomes.add(part);
        }
        outcomes
    }

    /// Puts a block where others find it, or reads it where too many wait.
    fn offer(&mut self, task: Task) {
        task.progress().outstanding += 1;
        let mut state = self.shared.lock();
        let bytes: usize = state.waiting.iter().map(|task| task.block.len()).sum();
        if state.waiting.len() < WAITING_EACH * self.shared.threads && bytes < WAITING_BYTES {
            state.waiting.push_back(task);
            drop(state);
            self.shared.changed.notify_one();
        } else {
            drop(state);
            self.read_block(&task);
        }
    }

    /// Helps until every block of a file is read.
    fn wait_for(&mut self, progress: &Mutex<Progress>) -> Vec<Part> {
        let mut state = self.shared.lock();
        loop {
            let mut own = progress.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            if own.outstanding == 0 || state.stopped {
                return std::mem::take(&mut own.parts);
            }
            drop(own);
            state = match state.waiting.pop_front() {
                Some(task) => {
                    drop(state);
                    self.read_block(&task);
                    self.shared.lock()
                }
                None => self.shared.wait(state),
            };
        }
    }
}

/// Hands records to the lake; faults and skipped spans are in the account.
struct ToLake<'l> {
    number: u64,
    member: Option<Arc<str>>,
    writer: &'l mut RunWriter,
}

impl clarte_model::Sink for ToLake<'_> {
    fn record(&mut self, record: &clarte_model::Record<'_>) {
        self.writer.push(self.number, self.member.as_deref(), record);
    }
    fn fault(&mut self, _: clarte_model::Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: clarte_model::Skipped) {}
}

impl clarte_model::Streams for ToLake<'_> {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.member = member.cloned();
    }
}

/// The same, while blocks of the same file are handed out.
struct ToWorker<'c, 'w, 's> {
    number: u64,
    member: Option<Arc<str>>,
    worker: &'c std::cell::RefCell<&'w mut Worker<'s>>,
}

impl clarte_model::Sink for ToWorker<'_, '_, '_> {
    fn record(&mut self, record: &clarte_model::Record<'_>) {
        let mut worker = self.worker.borrow_mut();
        worker.writer.push(self.number, self.member.as_deref(), record);
    }
    fn fault(&mut self, _: clarte_model::Fault) {}
    fn skip(&mut self, _: u64, _: u64, _: clarte_model::Skipped) {}
}

impl clarte_model::Streams for ToWorker<'_, '_, '_> {
    fn begin(&mut self, member: Option<&Arc<str>>) {
        self.member = member.cloned();
    }
}
