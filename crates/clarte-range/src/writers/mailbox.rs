//! Mailboxes: mbox (the "mboxrd" quoting), Maildir and single `.eml` files.
//! Spec: <https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml>

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::RangeError;
use crate::calendar::{At, SECOND};
use crate::world::{Person, Store};
use crate::writers::{Waiting, append, whole_file};

/// The mailboxes of everyone, below one folder. Mails are appended in batches.
pub(crate) struct Mailboxes {
    folder: PathBuf,
    serial: u64,
    waiting: BTreeMap<PathBuf, Waiting<Vec<u8>>>,
}

impl Mailboxes {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), serial: 0, waiting: BTreeMap::new() }
    }

    /// Puts a mail into someone's inbox.
    pub(crate) fn deliver(
        &mut self,
        person: &Person,
        from: &str,
        at: At,
        mail: &[u8],
    ) -> Result<(), RangeError> {
        self.serial += 1;
        let own = self.folder.join(&person.email);
        match person.store {
            Store::Cloud => Ok(()),
            Store::Mbox => {
                let path = self.folder.join(format!("{}.mbox", person.email));
                self.append(path, from, at, mail);
                Ok(())
            }
            Store::Folder => {
                self.append(own.join("Inbox.mbox"), from, at, mail);
                Ok(())
            }
            Store::Maildir => {
                let part = if self.serial.is_multiple_of(5) { "new" } else { "cur" };
                whole_file(&own.join("Maildir").join(part).join(self.name(at)), mail)
            }
            Store::Loose => {
                let path = self.folder.join("loose").join(format!("{:07}.eml", self.serial));
                whole_file(&path, &with_crlf(mail))
            }
        }
    }

    /// Puts a copy into someone's Sent folder.
    pub(crate) fn keep_sent(
        &mut self,
        person: &Person,
        at: At,
        mail: &[u8],
    ) -> Result<(), RangeError> {
        self.serial += 1;
        let own = self.folder.join(&person.email);
        match person.store {
            Store::Cloud => Ok(()),
            Store::Maildir => whole_file(&own.join("Maildir/.Sent/cur").join(self.name(at)), mail),
            _ => {
                self.append(own.join("Sent.mbox"), &person.email, at, mail);
                Ok(())
            }
        }
    }

    /// Writes what waits.
    pub(crate) fn flush(&mut self) -> Result<(), RangeError> {
        for (path, mut mails) in std::mem::take(&mut self.waiting) {
            let mails: Vec<Vec<u8>> =
                mails.take_before(At(i64::MAX)).into_iter().map(|(_, mail)| mail).collect();
            append(&path, &mails.concat())?;
        }
        Ok(())
    }

    /// A Maildir name without the flags, whose colon some file systems refuse.
    fn name(&self, at: At) -> String {
        format!("{}.M{:06}P{}.mx1", at.0 / SECOND, at.0 % SECOND, self.serial)
    }

    fn append(&mut self, path: PathBuf, from: &str, at: At, mail: &[u8]) {
        let mut mbox = format!("From {from} {}\n", at.asctime()).into_bytes();
        for line in mail.split_inclusive(|&byte| byte == b'\n') {
            let quotes = line.iter().take_while(|&&byte| byte == b'>').count();
            if line[quotes..].starts_with(b"From ") {
                mbox.push(b'>');
            }
            mbox.extend(line);
        }
        if !mail.ends_with(b"\n") {
            mbox.push(b'\n');
        }
        mbox.push(b'\n');
        self.waiting.entry(path).or_insert_with(Waiting::new).push(at, mbox);
    }
}

fn with_crlf(mail: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(mail.len() + mail.len() / 40);
    for &byte in mail {
        if byte == b'\n' {
            bytes.push(b'\r');
        }
        bytes.push(byte);
    }
    bytes
}
