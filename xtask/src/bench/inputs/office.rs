//! Who asks for what: an office of 500 clients and the 20,000 names they use.
//!
//! All names are under `.example`, all addresses outside from the ranges for
//! benchmarks and documentation (RFC 2544, RFC 3849).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::dice::{Dice, Zipf};

const CLIENTS: usize = 500;
const NAMES: usize = 20_000;
/// Registrable domains, of which most have several names.
const DOMAINS: u64 = 6_000;

/// A name and where it leads.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) host: String,
    /// The name's canonical name, where it has another.
    pub(crate) alias_of: Option<String>,
    pub(crate) addresses: Vec<String>,
    /// None where the name has no IPv6.
    pub(crate) addresses6: Vec<String>,
}

/// The office; always the same.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) names: Vec<Name>,
    pub(crate) clients: Vec<String>,
    by_name: Zipf,
    by_client: Zipf,
}

impl Office {
    /// The one office there is.
    pub(crate) fn new() -> Self {
        let mut dice = Dice::new(0);
        let client = |number: usize| format!("10.20.{}.{}", number / 250, number % 250 + 2);
        Self {
            names: (0..NAMES).map(|_| name(&mut dice)).collect(),
            clients: (0..CLIENTS).map(client).collect(),
            by_name: Zipf::new(NAMES),
            by_client: Zipf::new(CLIENTS),
        }
    }

    /// A name, the known ones often.
    pub(crate) fn name(&self, dice: &mut Dice) -> &Name {
        &self.names[self.by_name.rank(dice)]
    }

    /// A client, half of the time any, else the busy ones often.
    pub(crate) fn client(&self, dice: &mut Dice) -> &str {
        match dice.below(2) {
            0 => dice.one::<String>(&self.clients),
            _ => &self.clients[self.by_client.rank(dice)],
        }
    }
}

/// An address outside that no name leads to.
pub(crate) fn unused_address(dice: &mut Dice) -> String {
    Ipv4Addr::new(198, 19, dice.below(256) as u8, dice.below(256) as u8).to_string()
}

fn name(dice: &mut Dice) -> Name {
    // The same number is always the same domain, so that names share domains.
    let host = format!("{}{}", label(dice), domain(dice.below(DOMAINS)));
    let alias_of = (dice.below(10) < 3)
        .then(|| format!("e{}.cdn{}.example", dice.below(100_000), dice.below(40)));
    let number = 1 + dice.below(3);
    let number6 = dice.below(3);
    Name {
        host,
        alias_of,
        addresses: (0..number).map(|_| address(dice)).collect(),
        addresses6: (0..number6).map(|_| address6(dice)).collect(),
    }
}

fn domain(number: u64) -> String {
    const FIRST: [&str; 16] = [
        "nord", "sol", "quick", "blue", "inter", "alpha", "open", "green", "data", "home", "euro",
        "metro", "soft", "news", "trade", "air",
    ];
    const SECOND: [&str; 16] = [
        "cloud", "mail", "pay", "shop", "press", "track", "media", "bank", "soft", "travel",
        "metrics", "forum", "video", "market", "works", "health",
    ];
    let mut dice = Dice::new(number);
    format!("{}{}{number}.example", dice.one(&FIRST), dice.one(&SECOND))
}

/// What stands before the domain, often nothing.
fn label(dice: &mut Dice) -> String {
    match dice.below(10) {
        0..=2 => String::new(),
        3..=5 => "www.".to_owned(),
        6 => "api.".to_owned(),
        7 => format!("cdn{}.", dice.below(20)),
        8 => format!("img-{}.eu.", dice.below(50)),
        _ => format!("{:012x}.telemetry.", dice.any() >> 16),
    }
}

fn address(dice: &mut Dice) -> String {
    Ipv4Addr::new(198, 18, dice.below(256) as u8, dice.below(256) as u8).to_string()
}

fn address6(dice: &mut Dice) -> String {
    let (net, host) = (dice.any(), dice.any());
    let part = |number: u64, at: u32| (number >> at) as u16 | 1;
    Ipv6Addr::new(
        0x2001,
        0xdb8,
        part(net, 0),
        part(net, 16),
        part(host, 0),
        part(host, 16),
        part(host, 32),
        part(host, 48),
    )
    .to_string()
}
