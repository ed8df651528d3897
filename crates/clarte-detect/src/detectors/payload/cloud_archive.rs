//! A stranger links to a file in a share that anyone can open one at.
//!
//! Why: the host is known and trusted, what lies there is the sender's, and no
//! filter of the mailbox sees it.
//! Reason: names the host.
//! False alarms: everybody shares so; it counts where the sender is not known,
//! and where the file is a document or archive or the mail asks to read one.
//! Technique: T1566.002, T1204.001.

use clarte_model::url::HttpUrl;

use crate::file::extension;
use crate::lexicon::Category;
use crate::observation::Observation;
use crate::reading::Reading;
use crate::tables::ShareKind;

pub(crate) fn check(reading: &Reading<'_>) -> Option<Observation> {
    if reading.knows_sender() || reading.is_bulk() {
        return None;
    }
    let tables = &reading.around.tables;
    let from_owner = |url: &HttpUrl| {
        let owner = tables.owner(&url.host);
        owner.is_some_and(|owner| reading.host().is_some_and(|host| owner.owns(host)))
    };
    let asks = reading.says(Category::Document);
    let link = reading.links.iter().find(|link| {
        tables.share(&link.url) == Some(ShareKind::Share)
            && !from_owner(&link.url)
            && (is_document(&link.url) || asks && link.url.path.len() > 1 && !is_picture(&link.url))
    })?;
    Some(Observation::new("payload.cloud-archive").with("host", link.url.host.as_str()))
}

fn is_document(url: &HttpUrl) -> bool {
    [
        "zip", "rar", "7z", "gz", "iso", "img", "exe", "msi", "lnk", "js", "pdf", "doc", "docx",
        "docm", "xls", "xlsx", "xlsm", "ppt", "pptx", "rtf", "html", "htm", "apk",
    ]
    .contains(&extension(&url.path).as_str())
}

fn is_picture(url: &HttpUrl) -> bool {
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "css"].contains(&extension(&url.path).as_str())
}

#[cfg(test)]
mod tests {
    use crate::detectors::tests::{finds, spares};

    #[test]
    fn documents_in_shares_are_seen() {
        let mail = |text: &str| format!("From: a@b.example\n\n{text}\n");
        for text in [
            "https://www.dropbox.com/s/abc/report.zip?dl=1",
            "Please find the draft report at https://drive.google.com/file/d/abc/view",
        ] {
            finds("payload.cloud-archive", &mail(text));
        }
        for text in [
            "https://drive.google.com/file/d/abc/view",
            "https://b.example/report.zip",
            "please find the draft report at https://www.dropbox.com/",
        ] {
            spares("payload.cloud-archive", &mail(text));
        }
        let list = "From: a@b.example\nList-Id: <x.b.example>\nPrecedence: list\n\n\
                    https://www.dropbox.com/s/abc/report.zip\n";
        spares("payload.cloud-archive", list);
    }
}
