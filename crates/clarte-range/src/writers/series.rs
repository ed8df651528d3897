//! A log as servers keep it: a file per day or week, lines in order of time.

use std::path::PathBuf;

use crate::RangeError;
use crate::calendar::{At, DAY};
use crate::variety::Pack;
use crate::writers::{LineFile, Waiting};

/// How often a log is rotated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Every {
    Day,
    /// At the end of Sunday.
    Week,
    Never,
}

/// What stands around the lines of a file that begins at some moment.
type Frame = Box<dyn Fn(At) -> String>;

/// A log in several files.
pub(crate) struct Series {
    name: Box<dyn Fn(At) -> PathBuf>,
    every: Every,
    pack: Pack,
    head: Option<Frame>,
    foot: Option<Frame>,
    line_end: &'static str,
    /// A line, and whether the log is rotated after it.
    waiting: Waiting<(String, bool)>,
    open: Option<(At, LineFile)>,
    rotates: At,
}

impl Series {
    /// A log whose files are named by the moment they begin.
    pub(crate) fn new(name: impl Fn(At) -> PathBuf + 'static, every: Every, pack: Pack) -> Self {
        Self {
            name: Box::new(name),
            every,
            pack,
            head: None,
            foot: None,
            line_end: "\n",
            waiting: Waiting::new(),
            open: None,
            rotates: At(i64::MIN),
        }
    }

    /// With bytes before the lines of each file.
    pub(crate) fn headed(mut self, head: impl Fn(At) -> String + 'static) -> Self {
        self.head = Some(Box::new(head));
        self
    }

    /// With bytes behind them.
    pub(crate) fn footed(mut self, foot: impl Fn(At) -> String + 'static) -> Self {
        self.foot = Some(Box::new(foot));
        self
    }

    /// With lines that end as Windows ends them.
    pub(crate) fn crlf(mut self) -> Self {
        self.line_end = "\r\n";
        self
    }

    /// Takes a line.
    pub(crate) fn push(&mut self, at: At, line: String) {
        self.waiting.push(at, (line, false));
    }

    /// Takes a line after which the log is rotated.
    pub(crate) fn push_last(&mut self, at: At, line: String) {
        self.waiting.push(at, (line, true));
    }

    /// Writes the lines before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        for (at, (line, last)) in self.waiting.take_before(moment) {
            let end = self.line_end;
            let file = self.file_at(at)?;
            file.write(line.as_bytes())?;
            file.write(end.as_bytes())?;
            if last {
                self.rotates = at;
            }
        }
        Ok(())
    }

    /// Writes the rest and closes the last file.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.flush(At(i64::MAX))?;
        self.close()
    }

    fn file_at(&mut self, at: At) -> Result<&mut LineFile, RangeError> {
        if at >= self.rotates {
            self.close()?;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => {
                let day = at.midnight();
                self.rotates = match self.every {
                    Every::Day => day.plus(DAY),
                    Every::Week => day.plus((7 - at.civil().weekday as i64) * DAY),
                    Every::Never => At(i64::MAX),
                };
                let mut file = LineFile::create(&(self.name)(at), self.pack)?;
                if let Some(head) = &self.head {
                    file.write(head(at).as_bytes())?;
                }
                (at, file)
            }
        };
        Ok(&mut self.open.insert(open).1)
    }

    fn close(&mut self) -> Result<(), RangeError> {
        let Some((at, mut file)) = self.open.take() else {
            return Ok(());
        };
        if let Some(foot) = &self.foot {
            file.write(foot(at).as_bytes())?;
        }
        file.finish()
    }
}
