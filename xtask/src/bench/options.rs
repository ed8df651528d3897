//! What `bench-peers` was asked to do.

use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, bail, ensure};

use super::{COMPARISONS, SCALE};

/// The options, as `cargo xtask` lists them.
#[derive(Debug)]
pub(super) struct Options {
    /// Megabytes of each made log.
    pub(super) megabytes: u64,
    /// Runs of each side, of which the best counts.
    pub(super) runs: usize,
    /// Gigabytes of evidence to compare with each other.
    pub(super) scale: Vec<f64>,
    /// Where to work instead of in a throwaway folder.
    pub(super) keep: Option<PathBuf>,
    /// The command to measure instead of the workspace's.
    pub(super) binary: Option<PathBuf>,
    /// Where to write the reports for programs.
    pub(super) json: Option<PathBuf>,
    only: Vec<String>,
}

impl Options {
    /// Reads `--NAME VALUE` pairs.
    pub(super) fn parse(arguments: &[&str]) -> anyhow::Result<Self> {
        let mut options = Self {
            megabytes: 500,
            runs: 3,
            scale: vec![1.0, 10.0],
            keep: None,
            binary: None,
            json: None,
            only: Vec::new(),
        };
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { bail!("{} wants a value", pair.concat()) };
            match *name {
                "--megabytes" => options.megabytes = parse(name, value)?,
                "--runs" => options.runs = parse(name, value)?,
                "--scale" => options.scale = list(name, value)?,
                "--only" => options.only = list(name, value)?,
                "--keep" => options.keep = Some(value.into()),
                "--binary" => options.binary = Some(value.into()),
                "--json" => options.json = Some(value.into()),
                _ => bail!("bench-peers knows no {name}"),
            }
        }
        options.check()?;
        Ok(options)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(self.megabytes > 0, "--megabytes must be more than none");
        ensure!(self.runs > 0, "--runs must be more than none");
        ensure!(self.scale.iter().all(|size| *size > 0.0), "--scale must be more than nothing");
        let known = |name: &str| COMPARISONS.iter().any(|comparison| comparison.name == name);
        if let Some(name) = self.only.iter().find(|name| !known(name)) {
            bail!("bench-peers knows no comparison `{name}`");
        }
        Ok(())
    }

    /// Whether a comparison is to be run.
    pub(super) fn wants(&self, comparison: &str) -> bool {
        if self.only.is_empty() {
            return comparison != SCALE;
        }
        self.only.iter().any(|name| name == comparison)
    }
}

fn parse<T: FromStr>(name: &str, value: &str) -> anyhow::Result<T> {
    value.parse().ok().with_context(|| format!("{name} cannot be `{value}`"))
}

fn list<T: FromStr>(name: &str, value: &str) -> anyhow::Result<Vec<T>> {
    value.split(',').map(|part| parse(name, part)).collect()
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn runs_all_but_scale_unless_told() {
        let options = Options::parse(&[]).unwrap();
        assert!(options.wants("mail"));
        assert!(!options.wants("scale"));
        let options = Options::parse(&["--only", "scale,mail", "--scale", "0.5,5"]).unwrap();
        assert!(options.wants("scale") && options.wants("mail"));
        assert!(!options.wants("zeek-tsv"));
        assert_eq!(options.scale, [0.5, 5.0]);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for wrong in [
            &["--megabytes"][..],
            &["--megabytes", "many"],
            &["--runs", "0"],
            &["--scale", "1,-1"],
            &["--only", "males"],
            &["--fast", "yes"],
        ] {
            assert!(Options::parse(wrong).is_err(), "{wrong:?}");
        }
    }
}
