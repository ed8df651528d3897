//! Services that many unrelated people send through or link to: sharing one
//! says nothing about who somebody is.
//!
//! Facts as of 2026-01. The evidence itself is asked too (how many sender
//! domains use a thing); this table helps where the evidence is small.

use clarte_model::host;

/// Domains under which anybody can have a mailbox.
const MAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.be",
    "hotmail.com",
    "hotmail.fr",
    "hotmail.nl",
    "icloud.com",
    "laposte.net",
    "live.be",
    "live.com",
    "live.nl",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "naver.com",
    "orange.fr",
    "outlook.be",
    "outlook.com",
    "outlook.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.ch",
    "protonmail.com",
    "qq.com",
    "riseup.net",
    "scarlet.be",
    "sina.com",
    "skynet.be",
    "sohu.com",
    "t-online.de",
    "telenet.be",
    "tuta.com",
    "tutanota.com",
    "web.de",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.com",
    "yandex.ru",
    "ymail.com",
    "zoho.com",
];

/// Domains that serve or forward other people's content.
const WEB: &[&str] = &[
    "akamaihd.net",
    "amazonaws.com",
    "amazonses.com",
    "apple.com",
    "azureedge.net",
    "bit.ly",
    "cloudflare.com",
    "cloudfront.net",
    "constantcontact.com",
    "dropbox.com",
    "dropboxusercontent.com",
    "facebook.com",
    "fbcdn.net",
    "ggpht.com",
    "gmail.com",
    "goo.gl",
    "google-analytics.com",
    "google.be",
    "google.com",
    "googleapis.com",
    "googleusercontent.com",
    "gravatar.com",
    "gstatic.com",
    "hubspot.com",
    "icloud.com",
    "instagram.com",
    "is.gd",
    "jsdelivr.net",
    "linkedin.com",
    "list-manage.com",
    "live.com",
    "mailchimp.com",
    "mailchimpapp.net",
    "mcusercontent.com",
    "microsoft.com",
    "microsoftonline.com",
    "office.com",
    "office365.com",
    "onedrive.com",
    "ow.ly",
    "outlook.com",
    "sendgrid.net",
    "sharepoint.com",
    "t.co",
    "t.me",
    "tinyurl.com",
    "twimg.com",
    "twitter.com",
    "unpkg.com",
    "w3.org",
    "whatsapp.com",
    "wikipedia.org",
    "windows.net",
    "wp.com",
    "x.com",
    "youtu.be",
    "youtube.com",
    "ytimg.com",
];

/// Whether anybody can have a mailbox under `domain`.
pub(crate) fn is_mail_provider(domain: &str) -> bool {
    within(MAIL, domain)
}

/// Whether `name` serves other people's content.
pub(crate) fn is_web_service(name: &str) -> bool {
    within(WEB, name) || within(MAIL, name)
}

fn within(table: &[&str], name: &str) -> bool {
    host::parents(name).any(|parent| table.contains(&parent))
}
