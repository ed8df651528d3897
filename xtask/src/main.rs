//! Chores of the project.
//!
//! ```text
//! cargo xtask ci                         everything that must hold; .ci/run calls it
//! cargo xtask tidy                       crate direction and house rules alone
//! cargo xtask evaluate extent [SEEDS]    demo seeds 1 to SEEDS against their truth
//! cargo xtask evaluate attribution       how often who is first is right, on reports not seen
//! cargo xtask evaluate attribution --time BUNDLE.json.gz      how long loading and one answer take
//! cargo xtask fit attribution            finds its weights anew, beside those in use
//! cargo xtask calibrate check            what `clarte check` says of real mail and made lures
//! cargo xtask knowledge                  what is built in of actors, from public data
//! cargo xtask bench-peers [OPTIONS]      our speed beside DuckDB's and mail-parser's
//! cargo xtask fuzz SECONDS [TARGET…]     every parser in turn, or those named
//! ```

mod attribution;
mod bench;
mod calibrate;
mod evaluate;
mod fuzz;
mod knowledge;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["ci"] => ci(),
        ["tidy"] => tidy::check(&root()),
        ["evaluate", "attribution"] => attribution::evaluate(),
        ["evaluate", "attribution", "--time", bundle] => attribution::time(Path::new(bundle)),
        ["fit", "attribution"] => attribution::fit(),
        ["evaluate", "extent"] => evaluate::extent(&root(), 20),
        ["evaluate", "extent", seeds] => seeds
            .parse()
            .context("SEEDS is a number")
            .and_then(|seeds| evaluate::extent(&root(), seeds)),
        ["calibrate", "check"] => calibrate::check(&root()),
        ["knowledge"] => knowledge::write(&root()),
        ["bench-peers", options @ ..] => bench::peers(&root(), options),
        ["fuzz", seconds, targets @ ..] => seconds
            .parse()
            .context("SECONDS is a number")
            .and_then(|seconds| fuzz::run(&root(), seconds, targets)),
        _ => Err(anyhow::anyhow!(
            "expected `ci`, `tidy`, `evaluate extent [SEEDS]`, `evaluate attribution`, `fit attribution`, `calibrate check`, `knowledge`, `bench-peers [OPTIONS]` or \
             `fuzz SECONDS [TARGET…]`"
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say(&format!("xtask: {failure:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Everything that must hold, the quickest first.
fn ci() -> anyhow::Result<()> {
    let root = root();
    tidy::check(&root)?;
    cargo(&root, &["fmt", "--all", "--check"], &[])?;
    cargo(
        &root,
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
        &[],
    )?;
    cargo(&root, &["test", "--workspace"], &[])?;
    cargo(
        &root,
        &["doc", "--workspace", "--no-deps", "--quiet"],
        &[("RUSTDOCFLAGS", "-D warnings")],
    )
}

fn cargo(root: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> anyhow::Result<()> {
    say(&format!("cargo {}", arguments.join(" ")));
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(root)
        .status()?;
    ensure!(status.success(), "`cargo {}` failed", arguments.join(" "));
    Ok(())
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A line to standard error.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{line}");
}
