//! What differs from seed to seed. Large choices go round by the seed, so
//! that twenty seeds in a row meet every one of them; small ones are drawn.

use serde::Serialize;

use crate::rng::{Rng, Topic};
use crate::tokens::{Place, Shape};

/// What connects a wave to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Connection {
    SendingIp,
    Sender,
    Template,
    TokenShapeAndMailer,
    TokenValues,
}

/// What the partner service tells about the first wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Given {
    SenderDomain,
    SendingIp,
    SenderAddress,
    BeaconUrl,
    BeaconHost,
}

/// In which form it tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IntelForm {
    Stix,
    Csv,
    PlainDefanged,
}

/// How the beacon stands in the mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Embed {
    TinyImage,
    HiddenImage,
    Srcset,
    InlineBackground,
    StyleBlock,
    TableBackground,
    BodyBackground,
    StyleSheet,
    InputImage,
}

/// How the body is encoded for transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
    /// Quoted-printable in ISO 8859-1.
    Latin1,
}

/// What else the beacon's host serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Hosting {
    /// Beacons only; the lure page has a host of its own.
    Apart,
    /// Beacon and lure page on one host.
    Together,
    /// A hosting provider that serves innocent pages too.
    Provider,
}

/// The layout of the message trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TraceForm {
    HistoricalSearch,
    HistoricalSearchUtf16,
    GetMessageTrace,
    GetMessageTraceDotted,
}

/// Everything the seed decides about the formats and the campaign's habits.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Variety {
    pub(crate) connections: Vec<Connection>,
    pub(crate) given: Given,
    pub(crate) intel: IntelForm,
    pub(crate) shapes: [Shape; 3],
    pub(crate) places: [Place; 3],
    pub(crate) embeds: [Embed; 3],
    pub(crate) transfers: [Transfer; 3],
    pub(crate) hostings: [Hosting; 3],
    pub(crate) beacon_tls: [bool; 3],
    pub(crate) numeric_entities: bool,
    pub(crate) links: [bool; 3],
    pub(crate) link_in_query: bool,
    pub(crate) freemail_second: bool,
    pub(crate) forwards_to_assistant: bool,
    pub(crate) strips_query: bool,
    pub(crate) squid_gz: bool,
    pub(crate) classic_syslog: bool,
    pub(crate) long_queue_ids: bool,
    pub(crate) trace: TraceForm,
    /// JSON instead of TSV, per Zeek log.
    pub(crate) zeek_json: [bool; 5],
    /// Compressed per day, per Zeek log.
    pub(crate) zeek_gz: [bool; 5],
}

impl Variety {
    /// The choices of one seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut rng = Rng::keyed(seed, Topic::Variety, &[]);
        let connection = [
            Connection::SendingIp,
            Connection::Sender,
            Connection::Template,
            Connection::TokenShapeAndMailer,
            Connection::TokenValues,
        ];
        let turn = |wave: u64| around(seed, wave * 2, &connection);
        let connections =
            if seed.is_multiple_of(3) { vec![turn(0), turn(1)] } else { vec![turn(0)] };
        let mut coin = || rng.chance(50);
        Self {
            connections,
            given: given(seed),
            intel: around(
                seed,
                seed / 3,
                &[IntelForm::Stix, IntelForm::Csv, IntelForm::PlainDefanged],
            ),
            shapes: [0, 5, 9].map(|step| around(seed, step, &Shape::ALL)),
            places: [0, 4, 7].map(|step| around(seed, step, &Place::ALL)),
            embeds: [0, 4, 7].map(|step| embed(seed, step)),
            transfers: [0, 1, 2].map(|step| transfer(seed, step)),
            hostings: [0, 1, 2].map(|step| hosting(seed, step)),
            beacon_tls: [coin(), coin(), coin()],
            numeric_entities: coin(),
            links: [true, coin(), coin()],
            link_in_query: coin(),
            freemail_second: coin(),
            forwards_to_assistant: coin(),
            strips_query: coin(),
            squid_gz: coin(),
            classic_syslog: coin(),
            long_queue_ids: coin(),
            trace: trace(seed),
            zeek_json: [coin(), coin(), coin(), coin(), coin()],
            zeek_gz: [coin(), coin(), coin(), coin(), coin()],
        }
    }
}

fn around<T: Copy>(seed: u64, step: u64, choices: &[T]) -> T {
    let count = choices.len() as u64;
    choices[((seed % count + step % count) % count) as usize]
}

fn given(seed: u64) -> Given {
    let all = [
        Given::SenderDomain,
        Given::SendingIp,
        Given::SenderAddress,
        Given::BeaconUrl,
        Given::BeaconHost,
    ];
    around(seed, seed / 5, &all)
}

fn embed(seed: u64, step: u64) -> Embed {
    let all = [
        Embed::TinyImage,
        Embed::HiddenImage,
        Embed::Srcset,
        Embed::InlineBackground,
        Embed::StyleBlock,
        Embed::TableBackground,
        Embed::BodyBackground,
        Embed::StyleSheet,
        Embed::InputImage,
    ];
    around(seed, step, &all)
}

fn transfer(seed: u64, step: u64) -> Transfer {
    let all = [Transfer::QuotedPrintable, Transfer::Base64, Transfer::Plain, Transfer::Latin1];
    around(seed, step + seed / 4, &all)
}

fn hosting(seed: u64, step: u64) -> Hosting {
    let all =
        [Hosting::Apart, Hosting::Together, Hosting::Apart, Hosting::Provider, Hosting::Together];
    around(seed, step + seed / 5 * 2, &all)
}

fn trace(seed: u64) -> TraceForm {
    let all = [
        TraceForm::HistoricalSearch,
        TraceForm::HistoricalSearchUtf16,
        TraceForm::GetMessageTrace,
        TraceForm::GetMessageTraceDotted,
    ];
    around(seed, seed / 4, &all)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn twenty_seeds_meet_every_variety() {
        let all: Vec<_> = (1..=20).map(Variety::of).collect();
        let kinds = |name: &str, draw: &dyn Fn(&Variety) -> Vec<String>, expected: usize| {
            let seen: BTreeSet<String> = all.iter().flat_map(draw).collect();
            assert_eq!(seen.len(), expected, "{name}: {seen:?}");
        };
        kinds("connection", &|v| list(&v.connections), 5);
        kinds("given", &|v| list(&[v.given]), 5);
        kinds("intel", &|v| list(&[v.intel]), 3);
        kinds("shape", &|v| list(&v.shapes[..1]), Shape::ALL.len());
        kinds("place", &|v| list(&v.places[..1]), Place::ALL.len());
        kinds("embed", &|v| list(&v.embeds[..1]), 9);
        kinds("transfer", &|v| list(&v.transfers[..1]), 4);
        kinds("hosting", &|v| list(&v.hostings[..1]), 3);
        kinds("trace", &|v| list(&[v.trace]), 4);
        kinds("waves", &|v| list(&[v.connections.len()]), 2);
        kinds("tls", &|v| list(&v.beacon_tls[..1]), 2);
        kinds("cut", &|v| list(&[v.strips_query]), 2);
        kinds("syslog", &|v| list(&[v.classic_syslog]), 2);
        kinds("queue", &|v| list(&[v.long_queue_ids]), 2);
        kinds("freemail", &|v| list(&[v.freemail_second]), 2);
        kinds("forward", &|v| list(&[v.forwards_to_assistant]), 2);
        kinds("zeek", &|v| list(&v.zeek_json[1..2]), 2);
    }

    fn list<T: std::fmt::Debug>(values: &[T]) -> Vec<String> {
        values.iter().map(|value| format!("{value:?}")).collect()
    }
}
