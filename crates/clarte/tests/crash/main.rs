//! A case survives whatever happens to the process, the disk or the folder: the
//! next run completes it to the same bytes, and nothing is left over.
//!
//! Faults are put in front of libc by `inject.c` at chosen operations on the
//! case, real kills come at random times. By default a sample of operations is
//! tried; `CLARTE_CRASH=all` tries every one, `CLARTE_KILLS=100` kills a hundred
//! times.
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod bench;
mod evidence;
mod inject;

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::bench::{Bench, Case, Good, Stage, check_all, files, kind, succeeded};
use crate::inject::{Fault, How, Injector};

/// How many real kills a test makes.
const KILLS: usize = 20;

/// How many copies of a case are being made at a time.
const COPYING: u64 = 4;

/// How long copying pauses at most between two files.
const PAUSE: Duration = Duration::from_millis(20);

#[test]
fn there_is_something_to_lose() {
    let bench = Bench::new();
    let (first, second) = (bench.good(&[Stage::First]), bench.good(&[Stage::First, Stage::Second]));
    let opened =
        |good: &Good<'_>| String::from_utf8_lossy(&good.answer).matches("\"opened\"").count();
    assert!(0 < opened(&first) && opened(&first) < opened(&second));
}

#[test]
fn killed_at_any_operation_the_first_run_is_completed_by_the_next() {
    survives(Stage::First, &[(How::Kill, 40), (How::Tear, 20)]);
}

#[test]
fn killed_at_any_operation_a_later_run_is_completed_by_the_next() {
    survives(Stage::Second, &[(How::Kill, 40), (How::Tear, 20)]);
}

#[test]
fn killed_at_any_operation_while_it_mends_a_lake_a_run_is_completed_by_the_next() {
    survives_from(Stage::Second, |case| case.lose_index(), &[(How::Kill, 40)]);
}

#[test]
fn a_failing_disk_stops_the_first_run_with_a_clear_line_and_no_harm() {
    survives(Stage::First, &[(How::Eio, 30), (How::Enospc, 20), (How::Erofs, 10)]);
}

#[test]
fn a_failing_disk_stops_a_later_run_with_a_clear_line_and_no_harm() {
    survives(Stage::Second, &[(How::Eio, 30), (How::Enospc, 20), (How::Erofs, 10)]);
}

#[test]
fn real_kills_at_random_times_lose_nothing() {
    let bench = Bench::new();
    let before = bench.good(&[Stage::First]);
    let after = bench.good(&[Stage::First, Stage::Second]);
    let took = duration(&before.case, Stage::Second);
    let mut random = Random(0x5eed);
    let delays: Vec<_> = (0..kills()).map(|_| random.below(took)).collect();
    check_all(&delays, |delay| {
        let case = before.case.copy();
        kill_after(&case, Stage::Second, *delay);
        let done = case.must_run(Stage::Second).and_then(|()| case.must_equal(&after));
        done.map_err(|cause| format!("killed after {delay:?}: {cause}"))
    });
}

#[test]
fn a_case_killed_again_and_again_is_completed_in_the_end() {
    let bench = Bench::new();
    let good = bench.good(&[Stage::Many]);
    let took = duration(&bench.case(), Stage::Many);
    let mut random = Random(0xca5e);
    let case = bench.case();
    for _ in 0..kills() {
        kill_after(&case, Stage::Many, random.below(took));
    }
    let done = case.must_run(Stage::Many).and_then(|()| case.must_equal(&good));
    assert_eq!(done, Ok(()));
}

#[test]
fn of_two_processes_on_one_case_the_second_says_so_and_disturbs_nothing() {
    let bench = Bench::new();
    let Some(injector) = bench.injector() else { return };
    let before = bench.good(&[Stage::First]);
    let after = bench.good(&[Stage::First, Stage::Second]);
    let operations = operations(&before.case.copy(), Stage::Second, &injector).len();
    let ats: Vec<_> = [operations / 4, operations / 3, operations / 2].into();
    check_all(&ats, |at| {
        let case = before.case.copy();
        let mut command = case.command(Stage::Second);
        injector.arm(&mut command, &case.folder, Some(Fault { how: How::Stop, at: *at }));
        let mut first = command.spawn().expect("the command starts");
        wait_until(|| inject::trace(&case.folder).len() >= *at);
        let second = case.start(Stage::Second).wait_with_output().expect("it ends");
        // Told until it has heard: it may not have stopped yet.
        while first.try_wait().expect("it can be asked").is_none() {
            let told = Command::new("kill").args(["-CONT", &first.id().to_string()]).status();
            told.expect("`kill` is there");
            std::thread::sleep(Duration::from_millis(20));
        }
        succeeded("the first process", &first.wait_with_output().expect("it ends"))?;
        case.must_equal(&after)?;
        refused(&second, &case)?;
        let said = String::from_utf8_lossy(&second.stderr);
        if !said.contains("in use") || !said.contains("another process") {
            return Err(format!("the second process does not say why: {said}"));
        }
        Ok(())
    });
}

#[test]
fn a_case_copied_while_in_use_is_completed_to_the_same_bytes() {
    let bench = Bench::new();
    let Some(injector) = bench.injector() else { return };
    let first = bench.good(&[Stage::First]);
    copied_while_in_use(&bench, &injector, &bench.case(), &[Stage::Many]);
    copied_while_in_use(&bench, &injector, &first.case.copy(), &[Stage::First, Stage::Many]);
}

#[test]
fn a_case_that_cannot_be_written_to_is_refused_and_stays_as_it_is() {
    let bench = Bench::new();
    let good = bench.good(&[Stage::First]);
    let before = good.case.contents();
    if let Some(injector) = bench.injector() {
        let fault = Fault { how: How::Erofs, at: 1 };
        let output = good.case.run(Stage::Second, &injector, Some(fault));
        assert_eq!(refused(&output, &good.case), Ok(()));
        assert!(good.case.contents() == before, "a disk that takes no writes was written to");
    }
    set_writable(&good.case, false);
    if fs::write(good.case.folder.join("probe"), "").is_ok() {
        println!("skipped: permissions do not bind this user");
        fs::remove_file(good.case.folder.join("probe")).expect("it was written");
    } else {
        let output = good.case.start(Stage::Second).wait_with_output().expect("it ends");
        assert_eq!(refused(&output, &good.case), Ok(()));
        assert!(good.case.contents() == before, "a read-only case was written to");
    }
    set_writable(&good.case, true);
}

/// Has a run fail at some of its operations, each in a case of its own, and
/// checks what the failing run says and what the next one makes of the case.
/// `plan` says how operations fail, and how many are tried.
fn survives(stage: Stage, plan: &[(How, usize)]) {
    survives_from(stage, |_| (), plan);
}

/// The same of a case to which something was done before.
fn survives_from(stage: Stage, prepare: fn(&Case<'_>), plan: &[(How, usize)]) {
    let bench = Bench::new();
    let Some(injector) = bench.injector() else { return };
    let (before, whole) = match stage {
        Stage::First => (None, bench.good(&[Stage::First])),
        _ => (Some(bench.good(&[Stage::First])), bench.good(&[Stage::First, stage])),
    };
    let start = || {
        let case = before.as_ref().map_or_else(|| bench.case(), |before| before.case.copy());
        prepare(&case);
        case
    };
    let undisturbed = start();
    undisturbed.must_run(stage).expect("nothing is wrong");
    let after = undisturbed.good();
    assert!(after.answer == whole.answer, "what was done before shows in the answer");
    let operations = operations(&start(), stage, &injector);
    let faults: Vec<Fault> = plan
        .iter()
        .flat_map(|(how, count)| {
            sample(&operations, *count).into_iter().map(|at| Fault { how: *how, at })
        })
        .collect();
    check_all(&faults, |fault| {
        let case = start();
        let output = case.run(stage, &injector, Some(*fault));
        let done = ended_as_it_should(*fault, &output, &case)
            .and_then(|()| answer_is_whole(&case, before.as_ref(), &after))
            .and_then(|()| case.must_run(stage))
            .and_then(|()| case.must_equal(&after));
        done.map_err(|cause| format!("{fault:?}, {}: {cause}", case.operation_hit(*fault)))
    });
}

/// Runs the last of some stages slowly, has the case copied all the while, and
/// completes every copy.
fn copied_while_in_use(bench: &Bench, injector: &Injector, case: &Case<'_>, stages: &[Stage]) {
    let good = bench.good(stages);
    let stage = stages[stages.len() - 1];
    let mut command = case.command(stage);
    injector.arm(&mut command, &case.folder, Some(Fault { how: How::Slow, at: 1 }));
    let run = command.spawn().expect("the command starts");
    let is_over = AtomicBool::new(false);
    let copies = std::thread::scope(|scope| {
        let copying: Vec<_> = (1..=COPYING)
            .map(|seed| {
                let is_over = &is_over;
                scope.spawn(move || copy_in_disorder(case, is_over, &mut Random(seed)))
            })
            .collect();
        let output = run.wait_with_output().expect("it ends");
        is_over.store(true, Ordering::Relaxed);
        succeeded("the run that was copied", &output).expect("copying does no harm");
        let copies = copying.into_iter().flat_map(|copies| copies.join().expect("it copies"));
        copies.collect::<Vec<_>>()
    });
    assert_eq!(case.must_equal(&good), Ok(()));
    assert!(copies.len() > COPYING as usize, "the run was too quick to be copied");
    check_all(&copies, |copy| copy.must_run(stage).and_then(|()| copy.must_equal(&good)));
}

/// Copies a case file by file, in any order and as it changes, until it no
/// longer does.
fn copy_in_disorder<'b>(
    case: &Case<'b>,
    is_over: &AtomicBool,
    random: &mut Random,
) -> Vec<Case<'b>> {
    let mut copies = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let copy = case.beside();
        std::thread::sleep(random.below(PAUSE));
        let mut files = files(&case.folder);
        while !files.is_empty() {
            let file = files.swap_remove(random.next() as usize % files.len());
            copy.take_over(case, &file);
            std::thread::sleep(random.below(PAUSE));
        }
        if copy.folder.exists() {
            copies.push(copy);
        }
    }
    copies
}

/// The operations of a run that nothing disturbs.
fn operations(case: &Case<'_>, stage: Stage, injector: &Injector) -> Vec<String> {
    let output = case.run(stage, injector, None);
    succeeded("the run without a fault", &output).expect("nothing is wrong");
    inject::trace(&case.folder)
}

/// Numbers of operations to try: the first and the last five, the first of each
/// kind, and as many more as make up `count`, spread evenly. All if asked for.
fn sample(operations: &[String], count: usize) -> BTreeSet<usize> {
    if std::env::var("CLARTE_CRASH").is_ok_and(|value| value == "all") {
        return (1..=operations.len()).collect();
    }
    let (mut sample, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    for (at, operation) in (1..).zip(operations) {
        let (name, path) = operation.split_once(' ').unwrap_or((operation, ""));
        let file = path.rsplit('/').next().unwrap_or_default();
        let is_first = kinds.insert((name, kind(file)));
        if is_first || at <= 5 || at + 5 > operations.len() {
            sample.insert(at);
        }
    }
    let more = count.saturating_sub(sample.len());
    sample.extend((0..more).map(|n| 1 + n * operations.len() / more));
    sample
}

/// Killed where it was to be killed; otherwise done, or refused in one line.
fn ended_as_it_should(fault: Fault, output: &Output, case: &Case<'_>) -> Result<(), String> {
    let is_deadly = matches!(fault.how, How::Kill | How::Tear);
    match output.status.code() {
        Some(0) => Ok(()), // threads share their work anew each time: it had fewer operations
        None if is_deadly => Ok(()),
        _ => refused(output, case),
    }
}

/// Exit status 3, and one line that names what could not be used.
fn refused(output: &Output, case: &Case<'_>) -> Result<(), String> {
    let said = String::from_utf8_lossy(&output.stderr);
    let names_a_file = said.contains(&case.folder.display().to_string());
    if output.status.code() == Some(3) && said.trim_end().lines().count() == 1 && names_a_file {
        return Ok(());
    }
    Err(format!("not refused clearly: {}: {}", output.status, said.trim()))
}

/// Whatever happens, the answer is the former one or the next one.
fn answer_is_whole(
    case: &Case<'_>,
    before: Option<&Good<'_>>,
    after: &Good<'_>,
) -> Result<(), String> {
    let answer = case.answer();
    if answer == before.map(|before| before.answer.clone())
        || answer.as_ref() == Some(&after.answer)
    {
        return Ok(());
    }
    Err("the answer is neither the former nor the next".to_owned())
}

/// How long a run takes, the case being left as it is.
fn duration(case: &Case<'_>, stage: Stage) -> Duration {
    let mut took: Vec<_> = (0..3)
        .map(|_| {
            let copy = case.copy();
            let started = Instant::now();
            copy.must_run(stage).expect("nothing is wrong");
            started.elapsed()
        })
        .collect();
    took.sort();
    took[1]
}

fn kill_after(case: &Case<'_>, stage: Stage, delay: Duration) {
    let mut run = case.command(stage).stderr(Stdio::null()).spawn().expect("the command starts");
    std::thread::sleep(delay);
    run.kill().expect("ours to kill");
    run.wait().expect("it ends");
}

fn kills() -> usize {
    std::env::var("CLARTE_KILLS").ok().and_then(|value| value.parse().ok()).unwrap_or(KILLS)
}

fn set_writable(case: &Case<'_>, is_writable: bool) {
    let mode = if is_writable { "u+w" } else { "a-w" };
    let status = Command::new("chmod").args(["-R", mode]).arg(&case.folder).status();
    assert!(status.expect("`chmod` is there").success());
}

fn wait_until(is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited for a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Numbers at random, the same each time (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: Duration) -> Duration {
        limit.mul_f64(self.next() as f64 / u64::MAX as f64)
    }
}
