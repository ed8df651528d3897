//! Opens one file: streams in streams, each read as what it holds.

use std::io::Read;
use std::sync::Arc;

use clarte_model::account::{Account, Accounting};
use clarte_model::{Fault, FaultKind, Sink, Skipped, Streams};

use super::limits::Budget;
use super::names::Names;
use super::{Archive, Compression, Container, Limits, recognise};
use crate::block::{Forward, Origin};
use crate::outcome::{Outcome, Outcomes, Stream};
use crate::{Block, Context, Input, Output, Whole};

/// Takes blocks of about so many bytes.
pub(crate) type Spread<'o> = (&'o mut dyn FnMut(Block), usize);

/// One file on its way through its containers.
pub(crate) struct Opener<'o> {
    context: &'o Context,
    streams: &'o mut dyn Streams,
    spread: Option<Spread<'o>>,
    names: Names,
    outcomes: Outcomes,
}

/// Where a stream lies.
struct Place {
    member: Option<Arc<str>>,
    /// Containers around it.
    depth: u8,
}

impl<'o> Opener<'o> {
    /// Hands what a file holds to `streams`, and blocks of it to `spread`
    /// where there is one.
    pub(crate) fn new(
        context: &'o Context,
        streams: &'o mut dyn Streams,
        spread: Option<Spread<'o>>,
    ) -> Self {
        let (names, outcomes) = (Names::default(), Outcomes::default());
        Self { context, streams, spread, names, outcomes }
    }

    /// Reads a file to its end, whatever it holds.
    pub(crate) fn read(mut self, file: Whole<'_>) -> Outcomes {
        let budget = Budget::new(self.context.limits);
        let mut reader = budget.file(file.reader);
        let place = Place { member: None, depth: 0 };
        self.open(&mut Input::of_file(&mut reader, file.at), &place, &budget);
        self.outcomes
    }

    /// Reads a stream to its end. Goes as deep as containers may be nested.
    fn open(&mut self, input: &mut Input<'_>, place: &Place, budget: &Budget) {
        match recognise(input.head()) {
            None => self.read_stream(input, place),
            Some((name, _)) if place.depth >= budget.limits.depth => {
                self.refuse(input, place, name);
            }
            Some((_, Container::Compression(compression))) => {
                self.decompress(compression, input, place, budget);
            }
            Some((name, Container::Archive(archive))) => {
                self.unpack(name, archive, input, place, budget);
            }
        }
    }

    fn read_stream(&mut self, input: &mut Input<'_>, place: &Place) {
        self.streams.begin(place.member.as_ref());
        let number = self.outcomes.len();
        let mut accounting = Accounting::new(Forward(self.streams));
        let mut out = match &mut self.spread {
            None => Output::new(&mut accounting),
            Some((spread, size)) => {
                let origin = Origin { number, member: place.member.clone() };
                Output::in_blocks(&mut accounting, *spread, *size, origin)
            }
        };
        let read = crate::read_stream(input, self.context, &mut out);
        let account = accounting.finish();
        self.push(place, read, account);
    }

    fn decompress(
        &mut self,
        compression: &dyn Compression,
        input: &mut Input<'_>,
        place: &Place,
        budget: &Budget,
    ) {
        let mut stream = budget.capped(compression.open(input, &budget.limits));
        let inside = Place { member: place.member.clone(), depth: place.depth + 1 };
        self.open(&mut Input::new(&mut stream), &inside, budget);
        drop(stream);
        input.drain();
    }

    fn unpack(
        &mut self,
        name: &'static str,
        archive: &dyn Archive,
        input: &mut Input<'_>,
        place: &Place,
        budget: &Budget,
    ) {
        let lost = Vec::new();
        let mut members = Members { opener: self, place, budget, lost, is_empty: true };
        archive.read(input, &mut members);
        let behind = input.offset();
        let left = input.drain();
        if let Some(why) = members.is_full().filter(|_| left > 0) {
            members.lose(behind, left, FaultKind::TooLarge, why);
        }
        if let Some(cause) = input.broken() {
            members.lost.push(crate::broken_fault(cause, input.offset()));
        }
        let Members { lost, is_empty, .. } = members;
        if is_empty || !lost.is_empty() {
            self.push_archive(place, name, input.offset(), lost);
        }
    }

    /// The archive's own row: what was lost of it, the rest opened.
    fn push_archive(&mut self, place: &Place, name: &'static str, bytes: u64, lost: Vec<Fault>) {
        self.streams.begin(place.member.as_ref());
        let mut accounting = Accounting::new(Forward(self.streams));
        let mut reached = 0;
        for fault in lost {
            if fault.offset > reached {
                accounting.skip(reached, fault.offset - reached, Skipped::Opened);
                reached = fault.offset;
            }
            if fault.lost {
                reached = reached.max(fault.offset.saturating_add(fault.length));
            }
            accounting.fault(fault);
        }
        if bytes > reached {
            accounting.skip(reached, bytes - reached, Skipped::Opened);
        }
        let account = accounting.finish();
        self.push(place, Stream { format: name, mapping: None, told: false, bytes }, account);
    }

    /// Passes over a container that lies too deep.
    fn refuse(&mut self, input: &mut Input<'_>, place: &Place, name: &'static str) {
        self.streams.begin(place.member.as_ref());
        let mut accounting = Accounting::new(Forward(self.streams));
        let length = input.drain();
        let detail = "containers are nested deeper than our cap".to_owned();
        let kind = FaultKind::TooDeep;
        accounting.fault(Fault { offset: 0, length, lost: true, kind, detail });
        let account = accounting.finish();
        self.push(
            place,
            Stream { format: name, mapping: None, told: false, bytes: length },
            account,
        );
    }

    fn push(&mut self, place: &Place, read: Stream, account: Account) {
        let number = self.outcomes.len();
        self.outcomes.push(Outcome::new(number, place.member.clone(), read, account));
    }
}

/// Where an archive puts its members.
pub(crate) struct Members<'m, 'o> {
    opener: &'m mut Opener<'o>,
    place: &'m Place,
    budget: &'m Budget,
    lost: Vec<Fault>,
    is_empty: bool,
}

impl<'m> Members<'m, '_> {
    /// Reads a member to its end, unless `reader` fails before.
    pub(super) fn read(&mut self, name: &str, reader: &mut dyn Read) {
        self.is_empty = false;
        self.budget.count_member();
        let above = self.place.member.as_deref();
        let member = self.opener.names.path(above, name, self.budget.limits.path);
        let place = Place { member: Some(member), depth: self.place.depth + 1 };
        self.opener.open(&mut Input::new(reader), &place, self.budget);
    }

    /// Reads what comes out of a compression as a member does.
    pub(super) fn read_unpacked(&mut self, name: &str, reader: &mut dyn Read) {
        let budget = self.budget;
        self.read(name, &mut budget.capped(reader));
    }

    /// Notes bytes of the archive of which nothing comes, in the order of the
    /// stream.
    pub(super) fn lose(&mut self, offset: u64, length: u64, kind: FaultKind, detail: &str) {
        self.note(Fault { offset, length, lost: true, kind, detail: detail.to_owned() });
    }

    /// The same of bytes of which something came.
    pub(super) fn note(&mut self, fault: Fault) {
        self.budget.count_member();
        self.lost.push(fault);
    }

    /// Why nothing more may be opened, if nothing may; then the rest is left.
    pub(super) fn is_full(&self) -> Option<&'static str> {
        self.budget.is_spent()
    }

    pub(super) fn limits(&self) -> &'m Limits {
        &self.budget.limits
    }
}
