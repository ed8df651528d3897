//! The upper rungs, what left and what the evidence says it lacks.
//! Written from the definitions in `DESIGN.md`, not from any joiner.

use std::collections::BTreeSet;

use crate::calendar::{At, SECOND};
use crate::proof::Proof;
use crate::run::Written;
use crate::takeover::{Act, Fared, Takeover, What, Who};
use crate::world::{World, machine_name};

use super::{
    Step, TrueAmount, TrueCoverage, TrueDestination, TrueExfiltration, TrueInfrastructure,
};

const UNTIED: Proof = Proof::Unprovable("nothing ties the address to the campaign");

/// What was done in whose account, and what left whose machine.
pub(super) fn steps(takeover: &Takeover) -> Vec<(usize, Step)> {
    let mut steps = Vec::new();
    for act in takeover.acts.iter().filter(|act| act.who != Who::Owner) {
        steps.extend(step_of_act(act).map(|step| (act.person, step)));
    }
    for forward in takeover.forwards.iter().filter(|forward| forward.who != Who::Owner) {
        let proof = if forward.seen {
            Proof::Provable
        } else {
            Proof::Unprovable("a forwarding rule alone leaves it undetermined")
        };
        let hosts = vec![forward.to.clone()];
        let step = Step { rung: "exfiltrated", at: forward.at, proof, tokens: Vec::new(), hosts };
        steps.push((forward.person, step));
    }
    let sent = takeover.transfers.iter().filter(|transfer| transfer.fared == Fared::Sent);
    for transfer in sent.filter(|transfer| transfer.who == Who::Campaign) {
        let step = |rung, proof| Step {
            rung,
            at: transfer.at,
            proof,
            tokens: Vec::new(),
            hosts: transfer.host.iter().chain([&transfer.ip]).cloned().collect(),
        };
        steps.push((transfer.person, step("exfiltrated", Proof::Provable)));
        let why = "the machine sends, and nothing shows who made it";
        steps.push((transfer.person, step("compromised", Proof::Debatable(why))));
    }
    steps
}

fn step_of_act(act: &Act) -> Option<Step> {
    let rung = match act.what {
        What::SignIn | What::Rule(_) | What::Consent => "compromised",
        What::Bind(_) | What::Sync(_) | What::Download(_) | What::Unlogged(_) => "accessed",
        What::FailedSignIn => return None,
    };
    let proof = match (act.who, &act.what) {
        (Who::Untied, _) => UNTIED,
        (_, What::Unlogged(_)) => Proof::Unprovable("the mailbox's log was throttled"),
        _ => Proof::Provable,
    };
    let hosts = vec![act.ip.clone()];
    Some(Step { rung, at: act.at, proof, tokens: Vec::new(), hosts })
}

/// The last act that can be tied to the campaign, and the last that any log
/// has.
pub(super) fn last_acts(takeover: &Takeover) -> (Option<At>, Option<At>) {
    let logged = |act: &&Act| act.who != Who::Owner && !matches!(act.what, What::Unlogged(_));
    let acts = || takeover.acts.iter().filter(logged);
    let tied = acts().filter(|act| act.who == Who::Campaign).map(|act| act.at);
    let forwards = || {
        let seen = takeover.forwards.iter().filter(|f| f.seen && f.who != Who::Owner);
        seen.map(|forward| forward.at)
    };
    let transfers = || takeover.transfers.iter().filter(|transfer| transfer.who != Who::Owner);
    let ends = transfers().map(|transfer| {
        transfer.at.plus(if transfer.fared == Fared::Sent { 42 * SECOND } else { SECOND })
    });
    let begins = transfers().map(|transfer| transfer.at);
    (
        tied.chain(forwards()).chain(begins).max(),
        acts().map(|act| act.at).chain(forwards()).chain(ends).max(),
    )
}

pub(super) fn infrastructure(takeover: &Takeover) -> Vec<TrueInfrastructure> {
    let mut items = Vec::new();
    let mut add = |kind: &str, value: &str, role: &str, optional| {
        items.push(TrueInfrastructure {
            kind: kind.to_owned(),
            value: value.to_owned(),
            role: role.to_owned(),
            optional,
        });
    };
    let acts = |who| takeover.acts.iter().filter(move |act| act.who == who);
    if acts(Who::Campaign).next().is_some() {
        let succeeded = acts(Who::Campaign).any(|act| act.what != What::FailedSignIn);
        add("ip", &takeover.sign_in_ip, "sign_in", !succeeded);
    }
    if acts(Who::Untied).next().is_some() {
        add("ip", &takeover.untied_ip, "sign_in", true);
    }
    if acts(Who::Campaign).any(|act| matches!(act.what, What::Rule(_))) {
        add("email", &takeover.mailbox, "mailbox", false);
    }
    let transfers = || takeover.transfers.iter().filter(|t| t.who == Who::Campaign);
    if transfers().next().is_some() {
        let sent = transfers().any(|transfer| transfer.fared == Fared::Sent);
        add("ip", &takeover.c2_ip, "c2", !sent);
    }
    items
}

pub(super) fn coverage(world: &World, takeover: &Takeover, written: Written) -> Vec<TrueCoverage> {
    let mut all = Vec::new();
    let mut add = |source: &str, states: &[&str], entities: Vec<String>| {
        all.push(TrueCoverage {
            source: source.to_owned(),
            states: states.iter().map(|state| (*state).to_owned()).collect(),
            entities,
        });
    };
    if let Some((person, _)) = takeover.cleared {
        let person = &world.people[person];
        let machine = machine_name(person.machine);
        let full = format!("{machine}.{}", world.domain);
        add("host", &["cleared"], vec![full, machine, person.email.clone()]);
    }
    if let Some((person, _)) = takeover.throttled {
        add("audit", &["throttled"], vec![world.people[person].email.clone()]);
    }
    if written.audit_has_hole {
        add("audit", &["truncated", "partial"], Vec::new());
    }
    all
}

pub(super) fn exfiltration(takeover: &Takeover) -> TrueExfiltration {
    let destinations = destinations(takeover);
    let shown: u64 = destinations.iter().map(|destination| destination.bytes).sum();
    let campaign = takeover.forwards.iter().filter(|forward| forward.who != Who::Owner);
    let unseen: u64 =
        campaign.clone().filter(|forward| !forward.seen).map(|forward| forward.bytes).sum();
    TrueExfiltration {
        verdicts: verdicts(takeover, shown),
        bytes: TrueAmount { shown, tied: shown + unseen, all: shown + unseen },
        items: items(takeover, campaign.count() as u64),
        destinations,
    }
}

fn destinations(takeover: &Takeover) -> Vec<TrueDestination> {
    let seen = takeover.forwards.iter().filter(|f| f.seen && f.who != Who::Owner);
    let sent = takeover.transfers.iter().filter(|transfer| transfer.who != Who::Owner);
    let forwarded: u64 = seen.map(|forward| forward.bytes).sum();
    let uploaded: u64 = sent.map(|transfer| transfer.bytes).sum();
    let mut hosts = vec![takeover.c2_ip.clone()];
    hosts.extend(takeover.c2_host.clone());
    [(vec![takeover.mailbox.clone()], forwarded), (hosts, uploaded)]
        .into_iter()
        .filter(|(_, bytes)| *bytes > 0)
        .map(|(values, bytes)| TrueDestination { values, bytes })
        .collect()
}

fn verdicts(takeover: &Takeover, shown: u64) -> Vec<String> {
    let attempts = takeover.transfers.iter().any(|transfer| transfer.who != Who::Owner);
    let hidden = takeover.forwards.iter().any(|f| !f.seen && f.who != Who::Owner);
    let verdicts: &[&str] = match (shown > 0, attempts, hidden) {
        (true, ..) => &["proved"],
        (_, true, true) => &["attempted", "logs_insufficient"],
        (_, true, false) => &["attempted"],
        (_, false, true) => &["logs_insufficient"],
        _ => &["not_seen", "logs_insufficient"],
    };
    verdicts.iter().map(|verdict| (*verdict).to_owned()).collect()
}

/// Mails and files read. A forwarded mail may count as one or not.
fn items(takeover: &Takeover, forwarded: u64) -> TrueAmount {
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let (mut files, mut beyond, mut untied) = (0, 0, 0);
    for act in &takeover.acts {
        match (act.who, &act.what) {
            (Who::Campaign, What::Bind(items)) => {
                ids.extend(items.iter().map(|(id, _)| id.as_str()));
            }
            (Who::Untied, What::Bind(items)) => untied += items.len() as u64,
            (Who::Campaign, What::Download(_)) => files += 1,
            (Who::Campaign, What::Sync(count) | What::Unlogged(count)) => beyond += count,
            _ => {}
        }
    }
    let shown = ids.len() as u64 + files;
    TrueAmount { shown, tied: shown + beyond, all: shown + beyond + untied + forwarded }
}
