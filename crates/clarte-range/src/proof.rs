//! What a careful analyst could prove of an act, by the definitions of rungs
//! in `DESIGN.md`. Written from those definitions, not from any joiner.

use crate::campaign::{Act, Campaign, Deed, Fate, Lure, Wave};
use crate::tokens::{Place, Url};
use crate::variety::{Carrier, Hosting, MtaForm, Variety};
use crate::world::{Web, World};

/// How far an act can be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Proof {
    /// The evidence suffices.
    Provable,
    /// Two careful analysts could differ; neither is marked wrong.
    Debatable(&'static str),
    /// True, but the evidence cannot show it.
    Unprovable(&'static str),
}

/// What a log holds of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    Nothing(&'static str),
    DnsOnly,
    Host,
    /// Host and path; the query may be cut away.
    Path,
    /// The whole URL.
    Whole,
}

/// The request that an act made; `None` for a click in a wave without link.
pub(crate) fn request(world: &World, campaign: &Campaign, act: &Act) -> Option<Url> {
    let lure = &campaign.lures[act.lure];
    let wave = &campaign.waves[lure.wave];
    match act.deed {
        Deed::Open => Some(wave.beacon(world, lure.person)),
        Deed::Click => wave.page(world, lure.person),
    }
}

/// Whether any log has the request.
pub(crate) fn is_logged(world: &World, campaign: &Campaign, act: &Act) -> bool {
    let tls = request(world, campaign, act).is_some_and(|url| url.tls);
    !matches!(sight(world, campaign, act, tls), Sight::Nothing(_))
}

/// Judges one act.
pub(crate) fn of_act(
    world: &World,
    variety: &Variety,
    campaign: &Campaign,
    act: &Act,
    url: &Url,
) -> Proof {
    let lure = &campaign.lures[act.lure];
    let wave = &campaign.waves[lure.wave];
    let seen = sight(world, campaign, act, url.tls);
    let token = shows_token(variety, wave, act.deed, seen) && mail_is_in_evidence(world, lure);
    let known = world.people[act.actor].is_identifiable();
    let own = act.actor == lure.person;
    match seen {
        Sight::Nothing(why) => Proof::Unprovable(why),
        Sight::DnsOnly if token && known => Proof::Debatable("only a DNS query for its own name"),
        Sight::DnsOnly => Proof::Unprovable("only a DNS query"),
        _ if token && known => Proof::Provable,
        _ if token && own => Proof::Debatable("the token tells, but nothing tells whose machine"),
        _ if !known => Proof::Unprovable("nothing tells whose machine or account it was"),
        seen => by_host(wave, act.deed, seen, own),
    }
}

/// Judges a request of which only host, or host and path, speak.
fn by_host(wave: &Wave, deed: Deed, seen: Sight, own: bool) -> Proof {
    let full = matches!(seen, Sight::Path | Sight::Whole);
    match (deed, wave.hosting) {
        _ if !own => Proof::Debatable("no token shows which mail they opened"),
        (Deed::Open, Hosting::Provider) if full => {
            Proof::Debatable("the path is the beacon's, the host serves others too")
        }
        (Deed::Open, Hosting::Provider) => Proof::Unprovable("the host serves innocent pages too"),
        (Deed::Open, _) => Proof::Provable,
        (Deed::Click, Hosting::Together) if full => {
            Proof::Debatable("the path is the page's, without its token")
        }
        (Deed::Click, Hosting::Together) => {
            Proof::Unprovable("the host carries beacon and page alike")
        }
        (Deed::Click, _) => Proof::Provable,
    }
}

/// Judges whether a lure can be shown to have been addressed to someone.
pub(crate) fn of_targeting(variety: &Variety, lure: &Lure) -> Proof {
    let no_year = variety.mta == MtaForm::Postfix && variety.mta_carrier == Carrier::Rfc3164;
    if lure.fate == Fate::Rejected && no_year {
        Proof::Debatable("the rejecting line has no year and no message id")
    } else {
        Proof::Provable
    }
}

fn mail_is_in_evidence(world: &World, lure: &Lure) -> bool {
    lure.fate == Fate::Delivered && world.people[lure.person].is_local()
}

fn shows_token(variety: &Variety, wave: &Wave, deed: Deed, seen: Sight) -> bool {
    let in_name = deed == Deed::Open && wave.place == Place::Subdomain;
    let in_query = match deed {
        Deed::Open => wave.place.is_in_query(),
        Deed::Click => wave.page_in_query,
    };
    match seen {
        Sight::Nothing(_) => false,
        Sight::DnsOnly | Sight::Host => in_name,
        Sight::Path => in_name || !(in_query && variety.strips_query),
        Sight::Whole => true,
    }
}

fn sight(world: &World, campaign: &Campaign, act: &Act, tls: bool) -> Sight {
    let web = world.people[act.actor].web;
    let proxied = matches!(web, Web::ProxyUser | Web::ProxyAddress);
    let in_gap = campaign.proxy_gap.is_some_and(|(from, to)| act.at >= from && act.at < to);
    if act.home {
        Sight::Nothing("opened from home")
    } else if proxied && in_gap {
        Sight::Nothing("the proxy wrote no log then")
    } else if web == Web::DnsOnly {
        Sight::DnsOnly
    } else if tls {
        Sight::Host
    } else if proxied {
        Sight::Path
    } else {
        Sight::Whole
    }
}
