//! What a citation tells without being fetched: who published it and when, by
//! the host of its address and by the words of its key, such as
//! `Kaspersky Naikon May 2015`.

use clarte_model::knowledge::{Dated, Report};

use super::is_attack_id;

/// Addresses longer than this are not kept.
const MAX_URL: usize = 2_048;

/// A report by its key and address.
pub(super) fn report(key: &str, url: Option<&str>) -> Report {
    let url = url.map(str::trim).filter(|url| url.len() <= MAX_URL && rest(url).is_some());
    // A key that is an address has no words to tell it by.
    let words = if key.contains("://") { "" } else { key };
    let date = date_in_key(words).or_else(|| url.and_then(date_in_path));
    Report {
        key: key.to_owned(),
        url: url.map(str::to_owned),
        publisher: url.and_then(publisher),
        date,
    }
}

/// The id in the address of one of ATT&CK's pages, such as that of a group
/// under `groups`; a sub-technique's is `techniques/T1566/002`.
pub(super) fn attack_page(url: &str, folder: &str) -> Option<String> {
    let path = rest(url)?.strip_prefix("attack.mitre.org/")?.strip_prefix(folder)?;
    let mut parts = path.strip_prefix('/')?.split(['/', '?', '#']);
    let id = parts.next().filter(|id| is_attack_id(id))?;
    let sub = parts.next().map(|sub| format!("{id}.{sub}")).filter(|sub| is_attack_id(sub));
    Some(sub.unwrap_or_else(|| id.to_owned()))
}

/// What follows the scheme, in an archive's copy that of the original.
fn rest(url: &str) -> Option<&str> {
    let after = |url: &'_ str| {
        let at = url.find("://")?;
        matches!(url[..at].to_ascii_lowercase().as_str(), "http" | "https").then_some(at + 3)
    };
    let bare = &url[after(url)?..];
    let Some(copy) = bare.strip_prefix("web.archive.org/web/") else { return Some(bare) };
    let original = copy.split_once('/').map(|(_, original)| original);
    Some(original.and_then(|original| Some(&original[after(original)?..])).unwrap_or(bare))
}

/// The host without `www.`.
fn publisher(url: &str) -> Option<String> {
    let rest = rest(url)?;
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let host = authority.rsplit('@').next()?.split(':').next()?.to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let belongs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let fits = host.contains('.') && host.len() <= 253 && host.bytes().all(belongs);
    fits.then(|| host.to_owned())
}

/// `12 May 2019`, `Jan 2021`, `2017-03`, else the last year that stands alone.
fn date_in_key(key: &str) -> Option<Dated> {
    let words: Vec<&str> =
        key.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let mut alone = None;
    for at in (0..words.len()).rev() {
        let Some(year) = year(word(at)) else { continue };
        if at > 0
            && let Some(month) = month(word(at - 1))
        {
            let day = at.checked_sub(2).and_then(|at| two_digits(word(at), 31));
            return Dated::new(year, Some(month), day).or(Dated::new(year, Some(month), None));
        }
        // An identifier such as CVE-2017-0199 is older than what is said of it.
        if at > 0 && word(at - 1).eq_ignore_ascii_case("cve") {
            continue;
        }
        if key.contains(&format!("{year}-{}", word(at + 1)))
            && let Some(month) = two_digits(word(at + 1), 12).filter(|_| word(at + 1).len() == 2)
        {
            let day = two_digits(word(at + 2), 31).filter(|_| word(at + 2).len() == 2);
            return Dated::new(year, Some(month), day).or(Dated::new(year, Some(month), None));
        }
        alone = alone.or(Dated::new(year, None, None));
    }
    alone
}

/// `/2018/03/` or `/2018/03/12/` in the path of an address.
fn date_in_path(url: &str) -> Option<Dated> {
    let rest = rest(url)?;
    let path = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    // The last part is a document's name, whatever it looks like.
    let folders = parts.split_last().map(|(_, folders)| folders).unwrap_or_default();
    folders.windows(2).enumerate().find_map(|(at, pair)| {
        let (year, month) = (year(pair[0])?, two_digits(pair[1], 12)?);
        let day = folders.get(at + 2).and_then(|part| two_digits(part, 31));
        Dated::new(year, Some(month), day).or(Dated::new(year, Some(month), None))
    })
}

fn year(word: &str) -> Option<i16> {
    let digits = word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten().filter(|year| (1990..2100).contains(year))
}

fn two_digits(word: &str, most: u8) -> Option<u8> {
    let digits = matches!(word.len(), 1 | 2) && word.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten().filter(|number| (1..=most).contains(number))
}

fn month(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    let fits = |month: &str| month == word || word.len() == 3 && month.starts_with(&word);
    let at = MONTHS.iter().position(|month| fits(month)).or((word == "sept").then_some(8))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(key: &str, url: &str) -> Option<String> {
        report(key, Some(url)).date.map(|at| at.to_string())
    }

    #[test]
    fn the_date_is_in_the_key() {
        for (key, expected) in [
            ("Example Otter Jan 2021", Some("2021-01")),
            ("Example Otter March 2015", Some("2015-03")),
            ("Example Otter Sept 2018", Some("2018-09")),
            ("Example 2021 Report June 2022", Some("2022-06")),
            ("Example Otter 12 May 2019", Some("2019-05-12")),
            ("Example Otter 31 Feb 2019", Some("2019-02")),
            ("example_otter_2017-03", Some("2017-03")),
            ("Example 2017-03-09", Some("2017-03-09")),
            ("Example 2016", Some("2016")),
            ("Example CVE-2017-0199", None),
            ("Example CVE-2017-0199 2018", Some("2018")),
            ("Example 1066", None),
            ("Unit 61398", None),
            ("", None),
        ] {
            assert_eq!(date(key, "https://example.org/").as_deref(), expected, "{key}");
        }
    }

    #[test]
    fn else_it_is_in_the_address() {
        for (url, expected) in [
            ("https://example.org/2018/03/otter", Some("2018-03")),
            ("https://example.org/blog/2018/03/12/otter.html", Some("2018-03-12")),
            ("https://example.org/2018/13/otter", None),
            ("https://example.org/2018/03", None),
            ("https://example.org/a?x=/2018/03/1", None),
            ("ftp://example.org/2018/03/1", None),
            (
                "https://web.archive.org/web/20150511162820/http://example.org/2014/02/a",
                Some("2014-02"),
            ),
        ] {
            assert_eq!(date("Example", url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn the_publisher_is_the_host() {
        for (url, expected) in [
            ("https://www.Example.org/a", Some("example.org")),
            ("http://user@blog.example.org:8080?x", Some("blog.example.org")),
            ("https://web.archive.org/web/2015/https://www.example.org/a", Some("example.org")),
            ("https://web.archive.org/web/2015", Some("web.archive.org")),
            ("https://", None),
            ("https://exa\u{202e}mple.org/", None),
            ("javascript:alert(1)", None),
        ] {
            assert_eq!(report("x", Some(url)).publisher.as_deref(), expected, "{url}");
        }
        let long = format!("https://example.org/{}", "a".repeat(5_000));
        assert_eq!(report("x", Some(&long)).url, None);
    }

    #[test]
    fn pages_of_attack_are_known() {
        for (url, folder, id) in [
            ("https://attack.mitre.org/groups/G0001/", "groups", Some("G0001")),
            ("http://attack.mitre.org/software/S0001?x", "software", Some("S0001")),
            ("https://attack.mitre.org/techniques/T1566/002/", "techniques", Some("T1566.002")),
            ("https://attack.mitre.org/techniques/T1566/", "techniques", Some("T1566")),
            ("https://attack.mitre.org/software/S0001", "groups", None),
            ("https://example.org/groups/G0001", "groups", None),
        ] {
            assert_eq!(attack_page(url, folder).as_deref(), id, "{url}");
        }
    }
}
