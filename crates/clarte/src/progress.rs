//! Progress on a terminal; silence in a pipe (`indicatif` sees to that).

use std::time::Duration;

use clarte_case::Event;
use indicatif::{ProgressBar, ProgressStyle};

/// The bar of an investigation: bytes read, then the steps of the reasoning.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn new() -> Self {
        Self(ProgressBar::new(0).with_style(style(
            "reading {msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left",
        )))
    }

    pub(crate) fn show(&self, event: Event) {
        match event {
            Event::Reading { files, bytes } => {
                self.0.set_length(bytes);
                self.0.set_message(format!("{files} files"));
            }
            Event::Read(bytes) => self.0.inc(bytes),
            Event::Step(step) => {
                self.0.set_style(style("{spinner} {msg}  {elapsed}"));
                self.0.set_message(step);
                self.0.enable_steady_tick(Duration::from_millis(120));
            }
        }
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// The bar of a demo being made.
pub(crate) fn days() -> ProgressBar {
    ProgressBar::new(0).with_style(style("making day {pos}/{len} {bar:30} {eta} left"))
}

/// A sign of life while something is read that takes a while.
pub(crate) fn waiting(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_style(style("{spinner} {msg}  {elapsed}"));
    bar.set_message(what);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
