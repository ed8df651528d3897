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

/// Letters of a token that tells readers apart, beside what can be seen.
const SHORTEST: usize = 10;

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
    // A short code beside a picture is its campaign's more often than not.
    let tells = |token: &&str| remote.hidden || reports_opening(&url) || token.len() >= SHORTEST;
    let token = spelt
        .as_ref()
        .map(|(token, _)| token.clone())
        .or_else(|| individual(&url, tables).filter(tells).map(str::to_owned));
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
fn individual<'u>(url: &'u HttpUrl, tables: &Tables) -> Option<&'u str> {
    // Whatever lies there has the host's name, not the sender's.
    if tables.share(url).is_some() {
        return None;
    }
    let pairs = url.query.iter().flat_map(|query| query.split('&'));
    let values = pairs.map(|pair| pair.split_once('=').unwrap_or(("", pair)));
    let of_reader = values.filter(|(key, value)| !is_of_the_file(key, value));
    let looks = of_reader.map(|(_, value)| value).filter(|value| token::class(value).is_some());
    let in_query = looks.max_by_key(|value| value.len()).filter(|_| !is_of_others(url));
    in_query.or_else(|| in_path(url)).or_else(|| in_host(url))
}

/// Whether a value tells one version of a file, or a size or time, from
/// another.
fn is_of_the_file(key: &str, value: &str) -> bool {
    const KEYS: [&str; 17] = [
        "v", "ver", "version", "rev", "w", "h", "width", "height", "size", "q", "quality", "fit",
        "crop", "auto", "fm", "format", "family",
    ];
    // What keeps a copy from being used again: a number.
    const TIMES: [&str; 11] =
        ["ts", "t", "time", "date", "rnd", "random", "ord", "cb", "cachebuster", "resize", "_"];
    let is_one_of = |keys: &[&str]| keys.iter().any(|known| key.eq_ignore_ascii_case(known));
    is_one_of(&KEYS)
        || is_one_of(&TIMES) && value.bytes().all(|byte| !byte.is_ascii_alphabetic())
        || value.rsplit_once('.').is_some_and(|(_, ending)| is_of_pictures(ending))
}

/// A segment of the path that looks like a token and not like a file's name:
/// stores of pictures name files by hashes.
fn in_path(url: &HttpUrl) -> Option<&str> {
    let segments: Vec<_> = url.path.split('/').filter(|part| !part.is_empty()).collect();
    let (file, folders) = segments.split_last()?;
    let looks = |text: &&str| token::class(text).is_some();
    if reports_opening(url) {
        let stem = file.split('.').next().unwrap_or(file);
        return Some(stem).filter(looks).or_else(|| folders.iter().copied().find(looks));
    }
    let ending = |(_, ending): &(&str, &str)| {
        ending.len() <= 5 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    match file.rsplit_once('.').filter(ending) {
        // A picture of that name may be everybody's.
        Some((_, ending)) if is_of_pictures(ending) => None,
        Some((stem, _)) => Some(stem).filter(looks),
        None => Some(*file).filter(looks).filter(|_| !is_store(url)),
    }
}

fn is_of_pictures(ending: &str) -> bool {
    let ending = ending.to_ascii_lowercase();
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "woff", "woff2", "ttf", "eot"]
        .contains(&ending.as_str())
}

/// Whether files have names of a store's own there.
fn is_store(url: &HttpUrl) -> bool {
    const WORDS: [&str; 16] = [
        "cdn", "static", "assets", "images", "image", "img", "imgs", "media", "content", "gallery",
        "photo", "photos", "uploads", "files", "fonts", "avatars",
    ];
    let is_word = |word: &str| WORDS.contains(&word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let mut folders = url.path.split('/').rev().skip(1);
    let below = url.host.strip_suffix(host::registrable(&url.host)).unwrap_or_default();
    let is_transform = |folder: &str| folder.contains(':') || folder.starts_with("resize");
    folders.any(|folder| is_word(folder) || is_transform(folder))
        || below.split(['.', '-']).any(is_word)
        || is_of_others(url)
}

/// Whether a great service keeps pictures there for everybody.
fn is_of_others(url: &HttpUrl) -> bool {
    const STORES: [&str; 10] = [
        "imgur.com",
        "googleusercontent.com",
        "gstatic.com",
        "cloudinary.com",
        "ibb.co",
        "fbcdn.net",
        "twimg.com",
        "licdn.com",
        "wp.com",
        "doubleclick.net",
    ];
    STORES.iter().any(|store| host::is_within(&url.host, store))
}

/// A label below the registrable domain that looks like a token.
fn in_host(url: &HttpUrl) -> Option<&str> {
    let below = url.host.strip_suffix(host::registrable(&url.host))?;
    below.split('.').find(|label| label.len() >= 8 && token::class(label).is_some())
}

/// Whether the address itself says what it is for: a folder or file called so.
fn reports_opening(url: &HttpUrl) -> bool {
    const WORDS: [&str; 18] = [
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
        "opentrack",
        "emailtrack",
        "pixel",
        "onopen",
        "mailopen",
        "markread",
    ];
    url.path.split('/').any(|segment| {
        let stem = segment.split('.').next().unwrap_or_default();
        let bare = stem.bytes().filter(|byte| byte.is_ascii_alphanumeric());
        let bare: String = bare.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
        WORDS.contains(&bare.as_str()) || bare.starts_with("track")
    })
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
    let unnamed = stem.len() == 1 && stem != "o";
    remote.times > 1
        || unnamed
        || words.any(|word| NAMES.contains(&word))
        || NAMES.contains(&stem.as_str())
}
