//! Runs commands and says how long they took and how much memory.
//!
//! Time is the wall's, from before the process starts until it has ended. Memory
//! is the kernel's own high-water mark of resident memory (`VmHWM`), read a
//! hundred times a second: growth in the last hundredth is missed. It counts
//! pages of mapped files that happen to be in memory, for both sides alike.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

/// What a command took and said.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) seconds: f64,
    /// Not known on systems without `/proc`.
    pub(super) peak_bytes: Option<u64>,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// Runs a command to its end.
pub(super) fn run(command: &mut Command) -> anyhow::Result<Taken> {
    let shown = shown(command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let child = command.spawn().with_context(|| format!("cannot run `{shown}`"))?;
    let id = child.id();
    let (ended, end) = mpsc::channel::<()>();
    let watcher = thread::spawn(move || high_water(id, &end));
    let output = child.wait_with_output()?;
    let seconds = started.elapsed().as_secs_f64();
    drop(ended);
    let peak_bytes = watcher.join().unwrap_or_default();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "`{shown}` failed: {stderr}");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(Taken { seconds, peak_bytes, stdout, stderr })
}

/// A command that runs on these cores only, such as `0,1`.
pub(super) fn on_cores(cores: &str, program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", cores, program]);
    command
}

/// A command as one could type it; an argument that is a page long is cut.
pub(super) fn shown(command: &Command) -> String {
    const LONGEST: usize = 200;
    let mut line = command.get_program().to_string_lossy().into_owned();
    for argument in command.get_args() {
        let text = argument.to_string_lossy();
        let cut: String = text.chars().take(LONGEST).collect();
        let rest = if cut.len() < text.len() { " …" } else { "" };
        let quote = if text.contains([' ', '*']) { "\"" } else { "" };
        let _ = write!(line, " {quote}{cut}{rest}{quote}");
    }
    line
}

/// The least of some seconds.
pub(super) fn best(seconds: impl IntoIterator<Item = f64>) -> f64 {
    seconds.into_iter().fold(f64::INFINITY, f64::min)
}

/// The most resident memory of a process until `end` says that it has ended.
fn high_water(id: u32, end: &mpsc::Receiver<()>) -> Option<u64> {
    let status = format!("/proc/{id}/status");
    let mut peak = None;
    loop {
        // An ended process has no memory; the last mark stands.
        let mark = fs::read_to_string(&status).ok().and_then(|status| marked(&status));
        peak = peak.max(mark);
        if end.recv_timeout(Duration::from_millis(10)) == Err(RecvTimeoutError::Disconnected) {
            return peak;
        }
    }
}

fn marked(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{best, marked, run, shown};

    #[test]
    fn says_what_a_command_took_and_said() {
        let taken = run(Command::new("sh").args(["-c", "sleep 0.1; echo out; echo err >&2"]));
        let taken = taken.unwrap();
        assert!((0.1..10.0).contains(&taken.seconds), "{}", taken.seconds);
        assert_eq!((taken.stdout.as_str(), taken.stderr.as_str()), ("out\n", "err\n"));
        assert!(taken.peak_bytes.is_none_or(|bytes| bytes > 100_000));
        let failed = run(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]));
        assert!(failed.unwrap_err().to_string().contains("broken"));
    }

    #[test]
    fn reads_the_kernels_mark() {
        assert_eq!(marked("Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t 9 kB\n"), Some(1234 * 1024));
        assert_eq!(marked("Name:\tx\nState:\tZ (zombie)\n"), None);
    }

    #[test]
    fn shows_a_command_as_one_types_it() {
        let long = "x".repeat(300);
        let mut command = Command::new("clarte");
        command.args(["query", "select 1", &long]);
        let cut = format!("clarte query \"select 1\" {} …", "x".repeat(200));
        assert_eq!(shown(&command), cut);
    }

    #[test]
    fn the_best_run_counts() {
        assert_eq!(best([3.0, 1.5, 2.0]), 1.5);
    }
}
