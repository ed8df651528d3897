//! The mail server, whichever it is: what it did with each mail.

use std::path::Path;

use crate::RangeError;
use crate::calendar::At;
use crate::variety::{MtaForm, Pack};
use crate::writers::exchange::Exchange;
use crate::writers::exim::Exim;
use crate::writers::postfix::{Postfix, Style};

/// How a mail ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Delivered,
    /// Passed on to a server outside.
    Relayed,
    Bounced,
}

/// One mail as the server saw it.
pub(crate) struct Delivery<'a> {
    pub(crate) at: At,
    pub(crate) client: (&'a str, &'a str),
    /// The account, where the mail was handed in from inside.
    pub(crate) login: Option<&'a str>,
    pub(crate) message_id: &'a str,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) bytes: usize,
    pub(crate) end: End,
    /// Rotate the log in the middle of this one.
    pub(crate) cut: bool,
}

/// One mail that was refused at its recipient.
pub(crate) struct Refusal<'a> {
    pub(crate) at: At,
    pub(crate) client: (&'a str, &'a str),
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    /// Only a server that has seen the content knows it.
    pub(crate) message_id: &'a str,
}

/// The mail server's log.
pub(crate) enum Mta {
    Postfix(Postfix),
    Exim(Exim),
    Exchange(Exchange),
}

impl Mta {
    pub(crate) fn new(folder: &Path, form: MtaForm, pack: Pack, style: Style, seed: u64) -> Self {
        match form {
            MtaForm::Postfix => Self::Postfix(Postfix::new(folder, pack, style, seed)),
            MtaForm::Exim => Self::Exim(Exim::new(folder, pack, style, seed)),
            MtaForm::Exchange => Self::Exchange(Exchange::new(folder, pack, seed)),
        }
    }

    /// The next queue id.
    pub(crate) fn queue_id(&mut self) -> String {
        match self {
            Self::Postfix(postfix) => postfix.queue_id(),
            Self::Exim(exim) => exim.queue_id(),
            Self::Exchange(exchange) => exchange.queue_id(),
        }
    }

    /// Logs a mail from connection to removal.
    pub(crate) fn deliver(&mut self, id: &str, mail: &Delivery<'_>) {
        match self {
            Self::Postfix(postfix) => postfix.deliver(id, mail),
            Self::Exim(exim) => exim.deliver(id, mail),
            Self::Exchange(exchange) => exchange.deliver(id, mail),
        }
    }

    /// Logs a mail that is refused.
    pub(crate) fn reject(&mut self, refusal: &Refusal<'_>) {
        match self {
            Self::Postfix(postfix) => postfix.reject(refusal),
            Self::Exim(exim) => exim.reject(refusal),
            Self::Exchange(exchange) => exchange.reject(refusal),
        }
    }

    /// Writes what came before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        match self {
            Self::Postfix(postfix) => postfix.flush(moment),
            Self::Exim(exim) => exim.flush(moment),
            Self::Exchange(exchange) => exchange.flush(moment),
        }
    }

    /// Closes the last file.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        match self {
            Self::Postfix(postfix) => postfix.finish(),
            Self::Exim(exim) => exim.finish(),
            Self::Exchange(exchange) => exchange.finish(),
        }
    }
}
