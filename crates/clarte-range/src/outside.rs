//! The rest of the world: outlets, newsletters, providers and web sites, with
//! addresses from the documentation ranges (RFC 5737).

use crate::rng::{Rng, Topic};

/// What an outlet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Press,
    Ngo,
    Parliament,
}

/// A genuine outlet or institution, whose name the lures borrow.
#[derive(Debug)]
pub(crate) struct Outlet {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Index into the tables of `texts`.
    pub(crate) lang: usize,
    pub(crate) domain: &'static str,
    /// What a lure's domain looks like.
    pub(crate) lookalike: &'static str,
    /// Other names; after a tilde, one that is an ordinary word as well.
    pub(crate) aliases: &'static [&'static str],
    /// Further domains of its own.
    pub(crate) more_domains: &'static [&'static str],
    /// A code that ISO 3166-1 leaves to its users.
    pub(crate) country: &'static str,
}

/// The outlets, none of which exists.
pub(crate) const OUTLETS: [Outlet; 16] = [
    Outlet {
        name: "Daily Planet",
        kind: Kind::Press,
        lang: 0,
        domain: "dailyplanet.example",
        lookalike: "dailyplanet-desk.example",
        aliases: &["The Daily Planet", "Planet Briefing", "~Planet"],
        more_domains: &[],
        country: "XA",
    },
    Outlet {
        name: "La Gazette du Soir",
        kind: Kind::Press,
        lang: 1,
        domain: "gazettedusoir.example",
        lookalike: "gazettedusoir-presse.example",
        aliases: &["Gazette du Soir", "~La Gazette"],
        more_domains: &[],
        country: "XB",
    },
    Outlet {
        name: "De Avondbode",
        kind: Kind::Press,
        lang: 2,
        domain: "avondbode.example",
        lookalike: "avondb0de-redactie.example",
        aliases: &["Avondbode"],
        more_domains: &[],
        country: "XC",
    },
    Outlet {
        name: "Nordstern Kurier",
        kind: Kind::Press,
        lang: 3,
        domain: "nordsternkurier.example",
        lookalike: "nordstern-kurler.example",
        aliases: &["Nordstern-Kurier", "~Kurier"],
        more_domains: &[],
        country: "XD",
    },
    Outlet {
        name: "Harbour Broadcasting",
        kind: Kind::Press,
        lang: 0,
        domain: "harbourbroadcasting.example",
        lookalike: "harbourbroadcasting-studio.example",
        aliases: &["Harbour Broadcasting Service", "Harbour Radio"],
        more_domains: &["harbour-radio.example"],
        country: "XA",
    },
    Outlet {
        name: "Lantern Rights Watch",
        kind: Kind::Ngo,
        lang: 0,
        domain: "lanternrights.example",
        lookalike: "lanternrights-team.example",
        aliases: &["Lantern Rights", "~Lantern"],
        more_domains: &[],
        country: "XA",
    },
    Outlet {
        name: "Parliament of Samplehaven",
        kind: Kind::Parliament,
        lang: 0,
        domain: "samplehaven-parliament.example",
        lookalike: "samplehaven-parliarnent.example",
        aliases: &["Samplehaven Parliament", "House of Samplehaven"],
        more_domains: &[],
        country: "XA",
    },
    Outlet {
        name: "Agence Plume et Encre",
        kind: Kind::Press,
        lang: 1,
        domain: "plumeetencre.example",
        lookalike: "plumeetencre-agence.example",
        aliases: &["Plume et Encre", "Agence Plume"],
        more_domains: &["agenceplume.example"],
        country: "XB",
    },
    Outlet {
        name: "Veilleurs sans Rivage",
        kind: Kind::Ngo,
        lang: 1,
        domain: "veilleurssansrivage.example",
        lookalike: "veilleurssansrivages.example",
        aliases: &["~Veilleurs"],
        more_domains: &[],
        country: "XB",
    },
    Outlet {
        name: "Assemblée d'Exempleville",
        kind: Kind::Parliament,
        lang: 1,
        domain: "assemblee-exempleville.example",
        lookalike: "assemblee-exemplevile.example",
        aliases: &["Assemblée exemplevilloise"],
        more_domains: &[],
        country: "XB",
    },
    Outlet {
        name: "Omroep Voorbeeldegem",
        kind: Kind::Press,
        lang: 2,
        domain: "omroepvoorbeeldegem.example",
        lookalike: "omroepvoorbeeldegem-studio.example",
        aliases: &["Omroep Voorbeeld", "~De Omroep"],
        more_domains: &[],
        country: "XC",
    },
    Outlet {
        name: "Stichting Open Vensters",
        kind: Kind::Ngo,
        lang: 2,
        domain: "openvensters.example",
        lookalike: "openvensters-contact.example",
        aliases: &["Open Vensters"],
        more_domains: &[],
        country: "XC",
    },
    Outlet {
        name: "Raad van Voorbeeldegem",
        kind: Kind::Parliament,
        lang: 2,
        domain: "raadvoorbeeldegem.example",
        lookalike: "raadvoorbeeldegern.example",
        aliases: &["Raad Voorbeeldegem"],
        more_domains: &[],
        country: "XC",
    },
    Outlet {
        name: "Agentur Feder",
        kind: Kind::Press,
        lang: 3,
        domain: "agenturfeder.example",
        lookalike: "agenturfeder-redaktion.example",
        aliases: &["Nachrichtenagentur Feder", "~Feder"],
        more_domains: &["feder-nachrichten.example"],
        country: "XD",
    },
    Outlet {
        name: "Verein Helles Fenster",
        kind: Kind::Ngo,
        lang: 3,
        domain: "hellesfenster.example",
        lookalike: "hellesfenster-verein.example",
        aliases: &["Helles Fenster e. V.", "Helles Fenster"],
        more_domains: &[],
        country: "XD",
    },
    Outlet {
        name: "Landtag Musterstadt",
        kind: Kind::Parliament,
        lang: 3,
        domain: "landtag-musterstadt.example",
        lookalike: "landtag-rnusterstadt.example",
        aliases: &["Musterstädter Landtag"],
        more_domains: &[],
        country: "XD",
    },
];

/// The first outlets: those whose sites people visit, so that a quoted article
/// of theirs points to no one. The waves of a range borrow only these.
pub(crate) const VISITED: usize = 4;

/// Pairs of words for hosts that the campaign uses only for the web.
pub(crate) const CAMPAIGN_WEB: [&str; 6] = [
    "press-statistics.example",
    "article-archive.example",
    "mediaview.example",
    "pictureboard.example",
    "newsroom-files.example",
    "readingtable.example",
];

/// Names the fake journalists take.
pub(crate) const JOURNALISTS: [&str; 6] = [
    "Aurore Pseudonym",
    "Victor Alias",
    "Judith Nomdeplume",
    "Maarten Schuilnaam",
    "Clara Deckname",
    "Felix Borrowed",
];

/// A newsletter with an individual pixel, which must not be taken for a lure.
pub(crate) struct Newsletter {
    pub(crate) name: &'static str,
    pub(crate) from: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) pixel_host: &'static str,
    pub(crate) tls: bool,
    /// Day of the week it is sent on, Monday is 0.
    pub(crate) weekday: usize,
    pub(crate) hour: i64,
}

/// The newsletters. The last uses the campaign's mailer.
pub(crate) const NEWSLETTERS: [Newsletter; 3] = [
    Newsletter {
        name: "Daily Planet Briefing",
        from: "briefing@dailyplanet.example",
        domain: "dailyplanet.example",
        pixel_host: "stats.dailyplanet.example",
        tls: false,
        weekday: 1,
        hour: 7,
    },
    Newsletter {
        name: "Gazette, la lettre",
        from: "lettre@gazettedusoir.example",
        domain: "gazettedusoir.example",
        pixel_host: "img.gazettedusoir.example",
        tls: true,
        weekday: 3,
        hour: 8,
    },
    Newsletter {
        name: "Open Archives Society",
        from: "news@openarchives.example",
        domain: "openarchives.example",
        pixel_host: "track.openarchives.example",
        tls: false,
        weekday: 2,
        hour: 10,
    },
];

/// The freemail provider that innocents and a journalist's alias use alike.
pub(crate) const FREEMAIL: &str = "postbox.example";
/// Every freemail provider there is.
pub(crate) const FREEMAILS: [&str; 3] = [FREEMAIL, "mailhaven.example", "webpost.test"];
/// The hosting provider that serves innocents and a beacon alike.
pub(crate) const HOSTER: &str = "static.pagehive.example";
/// The commodity phish's domain.
pub(crate) const PARCEL: &str = "parcel-update.example";
/// The domain of the expired indicator.
pub(crate) const EXPIRED: &str = "oldnews.example";
/// The domain of the indicator that hits nothing.
pub(crate) const UNSEEN: &str = "never-seen-here.example";
/// The address that goes with it.
pub(crate) const UNSEEN_ADDRESS: &str = "203.0.113.254";

/// Domains that ordinary outside correspondents write from.
pub(crate) const CORRESPONDENTS: [&str; 6] = [
    FREEMAIL,
    "university.example",
    "ministry.example",
    "lawfirm.example",
    "railways.example",
    FREEMAIL,
];

/// Sites that people visit in any week: host, and whether over TLS.
pub(crate) const SITES: [(&str, bool); 16] = [
    ("www.search.example", true),
    ("www.dailyplanet.example", true),
    ("www.gazettedusoir.example", true),
    ("www.avondbode.example", true),
    ("www.nordsternkurier.example", true),
    ("maps.example", true),
    ("www.weather.example", false),
    ("www.railways.example", true),
    ("library.university.example", true),
    ("updates.softworks.example", false),
    ("login.cloudsuite.example", true),
    ("www.encyclopedia.example", true),
    (HOSTER, true),
    ("video.example", true),
    ("ocsp.certificates.example", false),
    (HOSTER, false),
];

/// The address of a host or mail server: the same for one name in one seed,
/// different between the names that matter.
pub(crate) fn address(seed: u64, name: &str) -> String {
    let key = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let slot = Rng::keyed(seed, Topic::Addresses, &[key]).below(400);
    documentation_address(slot)
}

/// One of the first 400 documentation addresses; campaign servers take those
/// from 400 to 500, so that no innocent shares one by chance.
pub(crate) fn documentation_address(slot: u64) -> String {
    let (net, rank) = (slot % 3, slot / 3);
    let prefix = ["192.0.2", "198.51.100", "203.0.113"][net as usize];
    format!("{prefix}.{}", 1 + rank % 240)
}
