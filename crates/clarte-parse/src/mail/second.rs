//! What other parsers make of the same message. Where they disagree, the mail
//! program that warns and the one that shows may see two mails.
//!
//! `mail-parser` and `mailparse` are asked; `mailparse` stands for parsers
//! that are strict and simple.

use clarte_model::{Mail, address};
use mail_parser::MimeHeaders;
use mailparse::MailHeaderMap;

/// Larger messages are not parsed again.
const CAP: usize = 4 << 20;

/// What the parsers read otherwise than `ours`.
pub(super) fn disagreements(raw: &[u8], ours: &Mail) -> Vec<&'static str> {
    if raw.len() > CAP {
        return Vec::new();
    }
    let mut found = Vec::new();
    if ours.from.len() > 1 && ours.sender.is_empty() {
        // Several authors need a Sender (RFC 5322 §3.6.2); programs show one.
        found.push("sender");
    }
    if let Some(theirs) = mail_parser::MessageParser::default().parse(raw) {
        let address = theirs.from().and_then(|from| from.first()?.address()).map(str::to_owned);
        compare_sender(ours, address.as_deref(), &mut found);
        compare_subject(ours, theirs.subject(), &mut found);
        let names = theirs.attachments().filter_map(|part| part.attachment_name());
        compare_files(ours, &names.map(str::to_owned).collect::<Vec<_>>(), &mut found);
    }
    if let Ok((headers, _)) = mailparse::parse_headers(raw) {
        let from = headers.get_first_header("From").map(|from| mailparse::addrparse_header(from));
        if let Some(Ok(list)) = from {
            let address = list.iter().find_map(|address| match address {
                mailparse::MailAddr::Single(single) => Some(single.addr.clone()),
                mailparse::MailAddr::Group(group) => Some(group.addrs.first()?.addr.clone()),
            });
            compare_sender(ours, address.as_deref(), &mut found);
        }
        compare_subject(ours, headers.get_first_value("Subject").as_deref(), &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Only two different addresses disagree; one that is not found may be due to
/// a parser's strictness alone.
fn compare_sender(ours: &Mail, theirs: Option<&str>, found: &mut Vec<&'static str>) {
    let theirs = theirs.and_then(address::normalise);
    if let (Some(ours), Some(theirs)) = (ours.author_address(), theirs)
        && ours != theirs
    {
        found.push("sender");
    }
}

fn compare_subject(ours: &Mail, theirs: Option<&str>, found: &mut Vec<&'static str>) {
    let letters = |text: &str| -> String {
        let shown = text.chars().filter(|c| c.is_alphanumeric() && *c != '\u{fffd}');
        shown.take(60).flat_map(char::to_lowercase).collect()
    };
    let (ours, theirs) = (letters(&ours.subject), theirs.map(letters).unwrap_or_default());
    // A charset that one of them does not know is no disagreement.
    let comparable = ours.is_ascii() && theirs.is_ascii() && !ours.is_empty() && !theirs.is_empty();
    if comparable && !ours.starts_with(&theirs) && !theirs.starts_with(&ours) {
        found.push("subject");
    }
}

fn compare_files(ours: &Mail, theirs: &[String], found: &mut Vec<&'static str>) {
    let is_dangerous = |name: &str| {
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        ["exe", "scr", "js", "lnk", "iso", "hta", "vbs", "bat", "html", "zip", "docm", "xlsm"]
            .contains(&ending.as_str())
    };
    let missing = |name: &&String| {
        is_dangerous(name) && !ours.attachments.iter().any(|file| file.name.trim() == name.trim())
    };
    if theirs.iter().any(|name| missing(&name)) {
        found.push("attachments");
    }
}
