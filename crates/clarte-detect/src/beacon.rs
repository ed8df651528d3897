//! Which of the things that a mail fetches on opening report that it was
//! opened, to whom, and what they reveal.
//!
//! Every remote reference that is fetched without a click tells its host that
//! somebody opened some copy. A *beacon* is one that serves to tell it: nobody
//! is meant to see it, or its address carries a value made for one recipient.
//! A picture that all recipients fetch under one address is none, nor is an
//! empty picture that a table of the layout repeats.

mod proxied;
mod spelt;

use clarte_model::mail::Remote;
use clarte_model::url::HttpUrl;
use clarte_model::{How, Mail, host, token};

use crate::tables::Tables;

pub(crate) use spelt::Recipients;

/// Something that reports the opening of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beacon {
    /// As the mail writes it.
    pub url: String,
    /// The host that learns of it; behind a proxy, the one that is asked by it.
    pub host: String,
    /// How it is fetched.
    pub how: How,
    /// Whether nobody is meant to see it.
    pub hidden: bool,
    /// The value in its address that is one recipient's own.
    pub token: Option<String>,
    /// The recipient's address, where the token spells it.
    pub spells: Option<String>,
    /// The mass mailer that runs the host.
    pub mailer: Option<String>,
    /// The host of the image proxy that fetches it.
    pub proxy: Option<String>,
}

impl Beacon {
    /// What it reveals, as stable words.
    pub fn reveals(&self) -> Vec<&'static str> {
        let mut reveals = vec!["opened", "time"];
        if self.proxy.is_none() {
            reveals.extend(["address", "device"]);
        }
        reveals.extend(self.token.is_some().then_some("person"));
        reveals.extend(self.spells.is_some().then_some("email"));
        reveals.extend(self.token.is_some().then_some("forward"));
        reveals
    }
}

/// The beacons of `mail`, in its order.
pub(crate) fn find(mail: &Mail, tables: &Tables) -> Vec<Beacon> {
    let recipients = Recipients::of(mail);
    let loading = mail.remote.iter().filter(|remote| remote.how.loads_on_opening());
    loading.filter_map(|remote| beacon(remote, &recipients, tables)).collect()
}

fn beacon(remote: &Remote, recipients: &Recipients, tables: &Tables) -> Option<Beacon> {
    let url = HttpUrl::parse(&remote.url)?;
    let inner = proxied::behind(&url, &remote.url, tables);
    let proxy = inner.is_some().then(|| url.host.clone());
    let url = inner.unwrap_or(url);
    let spelt = recipients.spelt_in(&url);
    let token = spelt
        .as_ref()
        .map(|(token, _)| token.clone())
        .or_else(|| individual(&url).map(str::to_owned));
    let reports = token.is_some() || reports_opening(&url);
    if !reports && (!remote.hidden || is_layout(&url, remote)) {
        return None;
    }
    Some(Beacon {
        url: remote.url.clone(),
        mailer: tables.mailer(&url.host).map(str::to_owned),
        host: url.host,
        how: remote.how,
        hidden: remote.hidden,
        token,
        spells: spelt.map(|(_, address)| address),
        proxy,
    })
}

/// The value in the URL that looks like one recipient's own.
fn individual(url: &HttpUrl) -> Option<&str> {
    let pairs = url.query.iter().flat_map(|query| query.split('&'));
    let values = pairs.map(|pair| pair.split_once('=').unwrap_or(("", pair)));
    let in_query = values
        .filter(|(key, _)| !is_of_the_file(key))
        .map(|(_, value)| value)
        .find(|value| token::class(value).is_some());
    in_query.or_else(|| in_path(url)).or_else(|| in_host(url))
}

/// Keys of values that tell one version of a file, or a size or time, from
/// another.
fn is_of_the_file(key: &str) -> bool {
    const KEYS: [&str; 28] = [
        "v",
        "ver",
        "version",
        "rev",
        "w",
        "h",
        "width",
        "height",
        "size",
        "q",
        "quality",
        "fit",
        "crop",
        "auto",
        "fm",
        "format",
        "ts",
        "t",
        "time",
        "date",
        "rnd",
        "random",
        "ord",
        "cb",
        "cachebuster",
        "family",
        "resize",
        "_",
    ];
    KEYS.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// A segment of the path that looks like a token and not like a file's name:
/// stores of pictures name files by hashes.
fn in_path(url: &HttpUrl) -> Option<&str> {
    let segments: Vec<_> = url.path.split('/').filter(|part| !part.is_empty()).collect();
    let (file, folders) = segments.split_last()?;
    let told = reports_opening(url);
    let looks = |text: &&str| token::class(text).is_some();
    match file.rsplit_once('.') {
        // A picture of that name may be everybody's.
        Some((stem, ending)) if is_of_pictures(ending) => {
            let found = told.then_some(stem).filter(looks);
            found.or_else(|| folders.iter().copied().find(|part| told && looks(part)))
        }
        Some((stem, _)) => Some(stem).filter(looks),
        None => Some(*file).filter(looks).filter(|_| !is_store(&url.host)),
    }
}

fn is_of_pictures(ending: &str) -> bool {
    let ending = ending.to_ascii_lowercase();
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "woff", "woff2", "ttf"]
        .contains(&ending.as_str())
}

/// Hosts that keep pictures for others.
fn is_store(host: &str) -> bool {
    let labels = host.split('.').take(host.split('.').count().saturating_sub(1));
    let mut words = labels.flat_map(|label| label.split('-'));
    words.any(|word| {
        ["cdn", "static", "assets", "images", "image", "img", "media", "content", "gallery"]
            .contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()))
    }) || ["imgur.com", "googleusercontent.com", "gstatic.com", "cloudinary.com", "ibb.co"]
        .iter()
        .any(|store| host::is_within(host, store))
}

/// A label below the registrable domain that looks like a token.
fn in_host(url: &HttpUrl) -> Option<&str> {
    let below = url.host.strip_suffix(host::registrable(&url.host))?;
    below.split('.').find(|label| label.len() >= 8 && token::class(label).is_some())
}

/// Whether the address itself says what it is for.
fn reports_opening(url: &HttpUrl) -> bool {
    const WORDS: [&str; 14] = [
        "open",
        "opened",
        "opens",
        "track",
        "tracking",
        "tracker",
        "beacon",
        "openrate",
        "wf",
        "readreceipt",
        "emailopen",
        "trackopen",
        "pixel",
        "onopen",
    ];
    let words = url.path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.into_iter().any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether it is an empty picture that holds a layout open.
fn is_layout(url: &HttpUrl, remote: &Remote) -> bool {
    const NAMES: [&str; 16] = [
        "spacer",
        "space",
        "clear",
        "blank",
        "trans",
        "transparent",
        "shim",
        "dot",
        "1x1",
        "px",
        "empty",
        "pix",
        "clearpixel",
        "spc",
        "inv",
        "line",
    ];
    if url.query.is_some() {
        return false;
    }
    let file = url.path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let mut words = stem.split(|c: char| !c.is_alphanumeric());
    remote.times > 1 || words.any(|word| NAMES.contains(&word)) || NAMES.contains(&stem.as_str())
}
