//! `truth.json`: what happened, what of it can be proven, and whom or what an
//! answer might wrongly name.

mod upper;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Plan;
use crate::calendar::At;
use crate::campaign::{Act, Campaign, Deed, Fate, Lure, Wave};
use crate::innocents::Innocents;
use crate::outside::{EXPIRED, FREEMAIL, HOSTER};
use crate::proof::{self, Proof};
use crate::run::Written;
use crate::takeover::Takeover;
use crate::tokens;
use crate::variety::{Hosting, Variety};
use crate::world::{self, World};

/// The whole truth about one range.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Truth {
    /// `clarte/truth/1`.
    pub schema: String,
    /// Says that all of it is made up.
    pub note: String,
    /// The plan it was made from.
    pub plan: Value,
    /// The seed's choices, for whoever reads a bad score.
    pub variety: Value,
    /// The formats that wrote local time without saying so, and their zone.
    #[serde(default)]
    pub zones: BTreeMap<String, String>,
    /// First mail of the campaign.
    pub first_activity: String,
    /// Last act that can be tied to the campaign.
    pub last_activity: String,
    /// Last act that left any trace, tied or not.
    pub last_logged: String,
    /// Everyone the campaign reached, by address.
    pub victims: Vec<TrueVictim>,
    /// Those who might be confused with victims.
    pub not_victims: Vec<NotVictim>,
    /// What the campaign worked with.
    pub infrastructure: Vec<TrueInfrastructure>,
    /// Windows without records.
    pub gaps: Vec<TrueGap>,
    /// What the evidence itself says it does not hold.
    #[serde(default)]
    pub coverage: Vec<TrueCoverage>,
    /// What left, and what was read.
    #[serde(default)]
    pub exfiltration: TrueExfiltration,
    /// The waves and what connects them.
    pub waves: Vec<Value>,
    /// What the intelligence file says.
    pub given: Vec<Value>,
}

/// A person the campaign reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrueVictim {
    /// Mail address.
    pub identity: String,
    /// Accounts and machines that are theirs as well.
    pub aliases: Vec<String>,
    /// How far it went.
    pub rungs: Vec<TrueRung>,
    /// Rungs that the evidence neither proves nor excludes.
    pub expect_undetermined: Vec<String>,
    /// Rungs that are not true, but not a grave thing to say either.
    pub tolerated: Vec<String>,
    /// Message ids of the lures addressed to them.
    pub message_ids: Vec<String>,
}

/// A rung that was reached.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrueRung {
    /// One of the seven rungs.
    pub rung: String,
    /// The earliest time at which it can be proven, else the earliest.
    pub time: String,
    /// Other true times that an answer may give instead.
    pub other_times: Vec<String>,
    /// Whether a careful analyst could prove it.
    pub provable: bool,
    /// Whether two careful analysts could differ.
    #[serde(default)]
    pub debatable: bool,
    /// Why it cannot be proven for certain.
    pub why_not: Option<String>,
    /// The tokens concerned, as they stand in URLs.
    pub tokens: Vec<String>,
    /// Hosts, sender addresses and sending addresses concerned.
    pub hosts: Vec<String>,
}

/// Someone or something that is no victim.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NotVictim {
    /// Address or machine.
    pub identity: String,
    /// Why one might think so.
    pub why: String,
}

/// Something the campaign worked with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrueInfrastructure {
    /// `domain`, `hostname`, `ip` or `email`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The value.
    pub value: String,
    /// `sender`, `beacon`, `lure`, `sign_in`, `mailbox` or `c2`.
    pub role: String,
    /// True, but nobody is marked down for leaving it out.
    #[serde(default)]
    pub optional: bool,
}

/// A window in which a source wrote nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrueGap {
    /// The source, as coverage names it.
    pub source: String,
    /// Its beginning.
    pub from: String,
    /// Its end.
    pub to: String,
}

/// Something that the evidence tells about its own completeness.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrueCoverage {
    /// The source, as coverage names it.
    pub source: String,
    /// Any of these states says it.
    pub states: Vec<String>,
    /// Any of these names the entity; empty where it is everybody.
    pub entities: Vec<String>,
}

/// What left, and what was read.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TrueExfiltration {
    /// The verdict; two where careful analysts could differ.
    pub verdicts: Vec<String>,
    /// Bytes that left.
    pub bytes: TrueAmount,
    /// Items that were read.
    pub items: TrueAmount,
    /// Where bytes went.
    pub destinations: Vec<TrueDestination>,
}

/// An amount that a floor and a ceiling must bracket.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TrueAmount {
    /// What the evidence shows; a good floor.
    pub shown: u64,
    /// What can be tied to the campaign, shown or not; no ceiling lies below.
    pub tied: u64,
    /// Everything; no floor lies above.
    pub all: u64,
}

/// Where bytes went.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrueDestination {
    /// Names of it: address, host, mailbox.
    pub values: Vec<String>,
    /// How many of them the evidence shows.
    pub bytes: u64,
}

/// Derives the truth from the story.
pub(crate) fn tell(
    plan: &Plan,
    world: &World,
    variety: &Variety,
    campaign: &Campaign,
    takeover: &Takeover,
    innocents: &Innocents,
    written: Written,
) -> Truth {
    let victims = victims(world, variety, campaign, takeover);
    let (first, last, logged) = duration(world, variety, campaign, takeover);
    Truth {
        schema: "clarte/truth/1".to_owned(),
        note: "openly synthetic: every person, mail and address here is made up".to_owned(),
        plan: json!({"people": plan.people, "days": plan.days, "seed": plan.seed}),
        variety: serde_json::to_value(variety).unwrap_or(Value::Null),
        zones: variety.zones(),
        first_activity: first.rfc3339(),
        last_activity: last.rfc3339(),
        last_logged: logged.rfc3339(),
        not_victims: not_victims(world, &victims, innocents),
        victims,
        infrastructure: campaign
            .waves
            .iter()
            .flat_map(|w| infrastructure(w, variety))
            .chain(upper::infrastructure(takeover))
            .collect(),
        coverage: upper::coverage(world, takeover, written),
        exfiltration: upper::exfiltration(takeover),
        gaps: campaign
            .proxy_gap
            .iter()
            .map(|(from, to)| TrueGap {
                source: "proxy".to_owned(),
                from: from.rfc3339(),
                to: to.rfc3339(),
            })
            .collect(),
        waves: campaign.waves.iter().map(|wave| wave_summary(campaign, wave)).collect(),
        given: crate::intel::given(world, variety, campaign, takeover),
    }
}

/// One thing that happened to a victim.
pub(crate) struct Step {
    pub(crate) rung: &'static str,
    pub(crate) at: At,
    pub(crate) proof: Proof,
    pub(crate) tokens: Vec<String>,
    pub(crate) hosts: Vec<String>,
}

fn victims(
    world: &World,
    variety: &Variety,
    campaign: &Campaign,
    takeover: &Takeover,
) -> Vec<TrueVictim> {
    let mut steps: BTreeMap<usize, Vec<Step>> = BTreeMap::new();
    for lure in &campaign.lures {
        steps.entry(lure.person).or_default().extend(steps_of_lure(variety, campaign, lure));
    }
    for act in &campaign.acts {
        if let Some(step) = step_of_act(world, variety, campaign, act) {
            steps.entry(act.actor).or_default().push(step);
        }
    }
    for (person, step) in upper::steps(takeover) {
        steps.entry(person).or_default().push(step);
    }
    let tell =
        |(person, steps): (usize, Vec<Step>)| victim(world, campaign, takeover, person, &steps);
    steps.into_iter().map(tell).collect()
}

fn steps_of_lure(variety: &Variety, campaign: &Campaign, lure: &Lure) -> Vec<Step> {
    let wave = &campaign.waves[lure.wave];
    let hosts = vec![wave.sender.clone(), wave.ip.clone(), wave.beacon_host.clone()];
    let step =
        |rung, proof| Step { rung, at: lure.at, proof, tokens: Vec::new(), hosts: hosts.clone() };
    let mut steps = vec![step("targeted", proof::of_targeting(variety, lure))];
    if lure.fate == Fate::Delivered {
        steps.push(step("delivered", Proof::Provable));
    }
    steps
}

fn step_of_act(world: &World, variety: &Variety, campaign: &Campaign, act: &Act) -> Option<Step> {
    let url = proof::request(world, campaign, act)?;
    let lure = &campaign.lures[act.lure];
    let wave = &campaign.waves[lure.wave];
    let token = wave.token(world, lure.person);
    let written = match act.deed {
        Deed::Open => tokens::as_written(wave.place, &token),
        Deed::Click => token,
    };
    Some(Step {
        rung: if act.deed == Deed::Open { "opened" } else { "interacted" },
        at: act.at,
        proof: proof::of_act(world, variety, campaign, act, &url),
        tokens: vec![written],
        hosts: vec![url.host],
    })
}

/// The rungs, in order.
pub(crate) const RUNGS: [&str; 7] =
    ["targeted", "delivered", "opened", "interacted", "compromised", "accessed", "exfiltrated"];

fn victim(
    world: &World,
    campaign: &Campaign,
    takeover: &Takeover,
    person: usize,
    steps: &[Step],
) -> TrueVictim {
    let who = &world.people[person];
    let rungs: Vec<TrueRung> = RUNGS.into_iter().filter_map(|name| rung(name, steps)).collect();
    let has = |name: &str, provable: bool| {
        rungs.iter().any(|r| r.rung == name && (!provable || r.provable || r.debatable))
    };
    let open = has("delivered", false) && !has("opened", true);
    let passed_on = campaign.assistant == Some(person);
    let sends = takeover.sends(person);
    let tolerated = [("delivered", passed_on), ("interacted", sends)];
    let own = campaign.lures.iter().filter(|lure| lure.person == person);
    TrueVictim {
        identity: who.email.clone(),
        aliases: aliases(world, campaign, takeover, person),
        expect_undetermined: if open { vec!["opened".to_owned()] } else { Vec::new() },
        tolerated: tolerated
            .iter()
            .filter(|(_, is_so)| *is_so)
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        message_ids: own.map(|lure| lure.message_id.clone()).collect(),
        rungs,
    }
}

/// The names under which logs show someone: account, machine, and the
/// addresses their machine held when they acted.
fn aliases(world: &World, campaign: &Campaign, takeover: &Takeover, person: usize) -> Vec<String> {
    let who = &world.people[person];
    let acts = campaign.acts.iter().filter(|act| act.actor == person && !act.home);
    let moments = acts.map(|act| act.at).chain(takeover.moments_of_machine(person));
    let mut addresses: Vec<String> =
        moments.map(|at| world.address(who.machine, world.day_of(at))).collect();
    addresses.sort();
    addresses.dedup();
    let mut aliases = vec![who.account.clone(), world::machine_name(who.machine)];
    aliases.extend(addresses);
    aliases
}

/// Folds the steps of one rung into the best of them.
fn rung(name: &str, steps: &[Step]) -> Option<TrueRung> {
    let mut own: Vec<&Step> = steps.iter().filter(|step| step.rung == name).collect();
    own.sort_by_key(|step| (step.proof, step.at));
    let best = *own.first()?;
    let class = |proof: Proof| std::mem::discriminant(&proof);
    let best = own
        .iter()
        .filter(|step| class(step.proof) == class(best.proof))
        .min_by_key(|step| step.at)
        .copied()
        .unwrap_or(best);
    let why_not = match best.proof {
        Proof::Provable => None,
        Proof::Debatable(why) | Proof::Unprovable(why) => Some(why.to_owned()),
    };
    let mut hosts: Vec<String> = own.iter().flat_map(|step| step.hosts.clone()).collect();
    hosts.sort();
    hosts.dedup();
    Some(TrueRung {
        rung: name.to_owned(),
        time: best.at.rfc3339(),
        other_times: own.iter().filter(|s| s.at < best.at).map(|s| s.at.rfc3339()).collect(),
        provable: best.proof == Proof::Provable,
        debatable: matches!(best.proof, Proof::Debatable(_)),
        why_not,
        tokens: own.iter().flat_map(|step| step.tokens.clone()).collect(),
        hosts,
    })
}

/// First act, last act tied to the campaign, last act that left a trace.
fn duration(
    world: &World,
    variety: &Variety,
    campaign: &Campaign,
    takeover: &Takeover,
) -> (At, At, At) {
    let mails = campaign.lures.iter().map(|lure| lure.at);
    let first = mails.clone().min().unwrap_or(world.start);
    let last_mail = mails.max().unwrap_or(world.start);
    let acts = || campaign.acts.iter();
    let tied = acts().filter(|act| {
        let url = proof::request(world, campaign, act);
        let proof = url.map(|url| proof::of_act(world, variety, campaign, act, &url));
        proof == Some(Proof::Provable)
    });
    let logged = acts().filter(|act| proof::is_logged(world, campaign, act));
    let latest = |moments: Option<At>| moments.map_or(last_mail, |at| at.max(last_mail));
    let (upper_tied, upper_logged) = upper::last_acts(takeover);
    (
        first,
        latest(tied.map(|a| a.at).max().max(upper_tied)),
        latest(logged.map(|a| a.at).max().max(upper_logged)),
    )
}

fn not_victims(world: &World, victims: &[TrueVictim], innocents: &Innocents) -> Vec<NotVictim> {
    let is_victim = |email: &str| victims.iter().any(|victim| victim.identity == email);
    let phished = innocents
        .phish
        .iter()
        .map(|phish| (phish.person, "received a commodity phish that has nothing to do with it"));
    let expired = innocents
        .expired_mail
        .map(|(person, _)| (person, "wrote with a domain whose indicator had expired"));
    let desk = (world.someone("IT").index, "was sent reports with the lure attached");
    let mut all: Vec<NotVictim> = phished
        .chain(expired)
        .chain([desk])
        .map(|(person, why)| (world.people[person].email.clone(), why))
        .filter(|(email, _)| !is_victim(email))
        .map(|(identity, why)| NotVictim { identity, why: why.to_owned() })
        .collect();
    let machine = |identity: &str, why: &str| NotVictim {
        identity: identity.to_owned(),
        why: why.to_owned(),
    };
    all.push(machine(world::SCANNER, "the mail scanner fetches everything"));
    all.push(machine(world::PROXY, "the proxy asks for what others want"));
    all.push(machine(EXPIRED, "its indicator had expired"));
    all.push(machine(FREEMAIL, "a provider that innocents use"));
    all.push(machine(HOSTER, "a provider that innocents use"));
    all
}

fn infrastructure(wave: &Wave, variety: &Variety) -> Vec<TrueInfrastructure> {
    let item = |kind: &str, value: &str, role: &str, optional| TrueInfrastructure {
        kind: kind.to_owned(),
        value: value.to_owned(),
        role: role.to_owned(),
        optional,
    };
    let provider = wave.hosting == Hosting::Provider;
    let mut items = vec![
        item("email", &wave.sender, "sender", false),
        item("ip", &wave.ip, "sender", wave.is_freemail()),
        item("hostname", &wave.beacon_host, "beacon", provider),
        item("ip", &wave.beacon_ip, "beacon", true),
    ];
    if !wave.is_freemail() {
        items.push(item("domain", &wave.sender_domain, "sender", false));
        items.push(item("hostname", &wave.helo, "sender", true));
    }
    if let Some(host) = &wave.page_host {
        items.push(item("hostname", host, "lure", !variety.links[wave.index]));
        items.push(item("ip", &wave.page_ip, "lure", true));
    }
    items
}

fn wave_summary(campaign: &Campaign, wave: &Wave) -> Value {
    let lures = campaign.lures.iter().filter(|lure| lure.wave == wave.index);
    json!({
        "domain": wave.sender_domain,
        "sender": wave.sender,
        "ip": wave.ip,
        "mailer": wave.mailer,
        "connected_by": wave.connected_by,
        "claims": wave.outlet.name,
        "template": wave.template,
        "token_shape": wave.shape,
        "token_place": wave.place,
        "embed": wave.embed,
        "transfer": wave.transfer,
        "hosting": wave.hosting,
        "beacon_host": wave.beacon_host,
        "beacon_tls": wave.beacon_tls,
        "page_host": wave.page_host,
        "first": lures.clone().map(|lure| lure.at.rfc3339()).min(),
        "lures": lures.count(),
    })
}
