//! `inject.c`, compiled, and what it is told.

use std::path::{Path, PathBuf};
use std::process::Command;

/// How an operation goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// The process dies before it.
    Kill,
    /// The process dies in the middle of it.
    Tear,
    /// It fails, and what follows works.
    Eio,
    /// The disk is full from then on.
    Enospc,
    /// The disk takes no more changes from then on.
    Erofs,
    /// The process stops before it, until it is told to go on.
    Stop,
    /// This and every later operation takes ten milliseconds longer.
    Slow,
}

impl How {
    fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Tear => "tear",
            Self::Eio => "eio",
            Self::Enospc => "enospc",
            Self::Erofs => "erofs",
            Self::Stop => "stop",
            Self::Slow => "slow",
        }
    }
}

/// What goes wrong, and at which operation on the case, from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) how: How,
    pub(crate) at: usize,
}

/// The library, ready to be loaded in front of libc.
pub(crate) struct Injector(PathBuf);

impl Injector {
    /// Compiles the library into a folder; `None`, saying why, where there is
    /// no compiler or no Linux.
    pub(crate) fn new(folder: &Path) -> Option<Self> {
        if !cfg!(all(target_os = "linux", target_env = "gnu")) {
            println!("skipped: fault injection needs Linux and glibc");
            return None;
        }
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash/inject.c");
        let library = folder.join("inject.so");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(&library)
            .args([source, "-ldl"])
            .status();
        match status {
            Ok(status) => assert!(status.success(), "{source} does not compile"),
            Err(cause) => {
                println!("skipped: no C compiler: {cause}");
                return None;
            }
        }
        Some(Self(library))
    }

    /// Has a command's operations on a folder noted, and one of them fail.
    pub(crate) fn arm(&self, command: &mut Command, folder: &Path, fault: Option<Fault>) {
        command
            .env("LD_PRELOAD", &self.0)
            .env("CRASH_FOLDER", folder)
            .env("CRASH_TRACE", trace_path(folder));
        if let Some(Fault { how, at }) = fault {
            command.env("CRASH_HOW", how.name()).env("CRASH_AT", at.to_string());
        }
    }
}

/// The operations on a folder so far, each as `name path`.
pub(crate) fn trace(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(trace_path(folder)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn trace_path(folder: &Path) -> PathBuf {
    folder.with_extension("trace")
}
