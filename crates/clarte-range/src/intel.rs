//! The partner's short list: one true indicator of the first wave, maybe where
//! the campaign signs in from and sends to, one that hits nothing, and one
//! that had expired.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::calendar::{At, DAY};
use crate::campaign::Campaign;
use crate::outside::{EXPIRED, UNSEEN, UNSEEN_ADDRESS};
use crate::rng::{Rng, Topic};
use crate::takeover::Takeover;
use crate::tokens::Place;
use crate::variety::{Given, Hosting, IntelForm, Variety};
use crate::world::World;

/// One line of the list.
struct Item {
    kind: &'static str,
    value: String,
    from: At,
    until: Option<At>,
    role: &'static str,
}

/// The list as the truth tells it.
pub(crate) fn given(
    world: &World,
    variety: &Variety,
    campaign: &Campaign,
    takeover: &Takeover,
) -> Vec<Value> {
    let describe = |item: &Item| {
        json!({
            "type": item.kind,
            "value": item.value,
            "valid_from": item.from.rfc3339(),
            "valid_until": item.until.map(At::rfc3339),
            "meaning": item.role,
        })
    };
    items(world, variety, campaign, takeover).iter().map(describe).collect()
}

/// The list as a file: its name and its content.
pub(crate) fn file(
    world: &World,
    variety: &Variety,
    campaign: &Campaign,
    takeover: &Takeover,
) -> (&'static str, String) {
    let items = items(world, variety, campaign, takeover);
    match variety.intel {
        IntelForm::Stix => ("partner-notice.json", stix(world.seed, &items)),
        IntelForm::Csv => ("partner-notice.csv", csv(&items)),
        IntelForm::PlainDefanged => ("partner-notice.txt", plain(&items)),
    }
}

fn items(world: &World, variety: &Variety, campaign: &Campaign, takeover: &Takeover) -> Vec<Item> {
    // A warning is written after the fact.
    let from = world.end().plus(60 * DAY);
    let before = world.start.plus(-300 * DAY);
    let (kind, value) = first_wave(world, variety, campaign);
    let mut items = vec![
        Item { kind, value, from, until: None, role: "the first wave" },
        Item {
            kind: "domain",
            value: UNSEEN.to_owned(),
            from,
            until: None,
            role: "hits nothing here",
        },
        Item {
            kind: "ipv4",
            value: UNSEEN_ADDRESS.to_owned(),
            from,
            until: None,
            role: "hits nothing here",
        },
    ];
    let mut address = |value: &str, role| {
        let value = value.to_owned();
        items.push(Item { kind: "ipv4", value, from, until: None, role });
    };
    if takeover.sign_in_is_given {
        address(&takeover.sign_in_ip, "signs in to mailboxes");
    }
    if takeover.c2_is_given {
        address(&takeover.c2_ip, "receives what machines send");
    }
    // A plain list has no dates, so it cannot say that something expired.
    if variety.intel != IntelForm::PlainDefanged {
        items.push(Item {
            kind: "domain",
            value: EXPIRED.to_owned(),
            from: before,
            until: Some(before.plus(120 * DAY)),
            role: "expired: a lead at most",
        });
    }
    items
}

/// What is told about the first wave: never a value that innocents share.
fn first_wave(world: &World, variety: &Variety, campaign: &Campaign) -> (&'static str, String) {
    let wave = &campaign.waves[0];
    let own_host = wave.hosting != Hosting::Provider && wave.place != Place::Subdomain;
    match variety.given {
        Given::SenderDomain => ("domain", wave.sender_domain.clone()),
        Given::SendingIp => ("ipv4", wave.ip.clone()),
        Given::BeaconHost if own_host => ("hostname", wave.beacon_host.clone()),
        Given::BeaconUrl => {
            let first = campaign.lures.first().map_or(0, |lure| lure.person);
            ("url", wave.beacon(world, first).text())
        }
        Given::SenderAddress | Given::BeaconHost => ("email", wave.sender.clone()),
    }
}

fn stix(seed: u64, items: &[Item]) -> String {
    let mut rng = Rng::keyed(seed, Topic::Wave, &[77]);
    let mut id = |kind: &str| {
        let (a, b, c, d, e) = (rng.hex(8), rng.hex(4), rng.hex(3), rng.hex(3), rng.hex(12));
        format!("{kind}--{a}-{b}-4{c}-8{d}-{e}")
    };
    let objects: Vec<Value> = items
        .iter()
        .map(|item| {
            let mut object = json!({
                "type": "indicator",
                "spec_version": "2.1",
                "id": id("indicator"),
                "created": item.from.rfc3339(),
                "modified": item.from.rfc3339(),
                "name": "Openly synthetic indicator",
                "indicator_types": ["malicious-activity"],
                "pattern_type": "stix",
                "pattern": pattern(item),
                "valid_from": item.from.rfc3339(),
                "object_marking_refs": ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"],
            });
            if let Some(until) = item.until {
                object["valid_until"] = until.rfc3339().into();
            }
            object
        })
        .collect();
    let bundle = json!({"type": "bundle", "id": id("bundle"), "objects": objects});
    format!("{bundle:#}\n")
}

fn pattern(item: &Item) -> String {
    let value = item.value.replace('\\', "\\\\").replace('\'', "\\'");
    match item.kind {
        "ipv4" => format!("[ipv4-addr:value = '{value}']"),
        "email" => format!("[email-addr:value = '{value}']"),
        "url" => format!("[url:value = '{value}']"),
        _ => format!("[domain-name:value = '{value}']"),
    }
}

fn csv(items: &[Item]) -> String {
    let mut text = "type,value,valid_from,valid_until,source,tlp,comment\n".to_owned();
    for item in items {
        let until = item.until.map(At::rfc3339).unwrap_or_default();
        let (kind, value, from) = (item.kind, &item.value, item.from.rfc3339());
        let _ = writeln!(
            text,
            "{kind},{value},{from},{until},Synthetic Partner Service,TLP:AMBER,openly synthetic"
        );
    }
    text
}

fn plain(items: &[Item]) -> String {
    let mut text = "# openly synthetic, defanged\n".to_owned();
    for item in items {
        let value = match item.kind {
            "url" => item.value.replacen("http", "hxxp", 1).replacen('.', "[.]", 1),
            "email" => item.value.replacen('@', "[@]", 1).replace('.', "[.]"),
            _ => item.value.replace('.', "[.]"),
        };
        text.push_str(&value);
        text.push('\n');
    }
    text
}
