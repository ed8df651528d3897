//! Squid's native access log.
//! Spec: <https://wiki.squid-cache.org/Features/LogFormat#squid-native-accesslog-format>

use std::path::{Path, PathBuf};

use crate::RangeError;
use crate::calendar::At;
use crate::tokens::Url;
use crate::writers::{LineFile, Waiting};

/// One request as the proxy saw it.
pub(crate) struct Request {
    pub(crate) at: At,
    pub(crate) client: String,
    pub(crate) user: Option<String>,
    pub(crate) url: Url,
    pub(crate) server: String,
    pub(crate) bytes: u64,
    pub(crate) millis: u64,
    pub(crate) kind: &'static str,
}

/// The proxy's logs, one file a day.
pub(crate) struct Squid {
    folder: PathBuf,
    gz: bool,
    strips_query: bool,
    gap: Option<(At, At)>,
    waiting: Waiting<String>,
    open: Option<(String, LineFile)>,
}

impl Squid {
    pub(crate) fn new(folder: &Path, gz: bool, strips_query: bool, gap: Option<(At, At)>) -> Self {
        let folder = folder.to_owned();
        Self { folder, gz, strips_query, gap, waiting: Waiting::new(), open: None }
    }

    /// Takes a request, unless nothing is logged then.
    pub(crate) fn log(&mut self, request: &Request) {
        if self.gap.is_some_and(|(from, to)| request.at >= from && request.at < to) {
            return;
        }
        self.waiting.push(request.at, line(request, self.strips_query));
    }

    /// Writes the lines before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        for (at, line) in self.waiting.take_before(moment) {
            self.file_of(at)?.line(&line)?;
        }
        Ok(())
    }

    /// Closes the last file.
    pub(crate) fn finish(mut self) -> Result<(), RangeError> {
        self.open.take().map_or(Ok(()), |(_, file)| file.finish())
    }

    fn file_of(&mut self, at: At) -> Result<&mut LineFile, RangeError> {
        let name = format!("access.log-{}", at.compact_date());
        let file = match self.open.take() {
            Some((open, file)) if open == name => file,
            before => {
                if let Some((_, file)) = before {
                    file.finish()?;
                }
                LineFile::create(&self.folder.join(&name), self.gz)?
            }
        };
        Ok(&mut self.open.insert((name, file)).1)
    }
}

fn line(request: &Request, strips_query: bool) -> String {
    let Request { at, client, user, url, server, bytes, millis, kind } = request;
    let user = user.as_deref().unwrap_or("-");
    let time = at.epoch_millis();
    if url.tls {
        let host = &url.host;
        return format!(
            "{time} {millis:6} {client} TCP_TUNNEL/200 {bytes} CONNECT {host}:443 {user} HIER_DIRECT/{server} -"
        );
    }
    let mut url = url.text();
    if strips_query && let Some(at) = url.find('?') {
        url.truncate(at + 1);
    }
    format!(
        "{time} {millis:6} {client} TCP_MISS/200 {bytes} GET {url} {user} HIER_DIRECT/{server} {kind}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_the_query_but_keeps_its_mark() {
        let request = Request {
            at: At(1_609_903_171_123_456),
            client: "10.0.0.1".to_owned(),
            user: None,
            url: Url::new(false, "h.example", "/p?id=1"),
            server: "192.0.2.1".to_owned(),
            bytes: 43,
            millis: 12,
            kind: "image/gif",
        };
        let expected = "1609903171.123     12 10.0.0.1 TCP_MISS/200 43 GET http://h.example/p? - HIER_DIRECT/192.0.2.1 image/gif";
        assert_eq!(line(&request, true), expected);
        assert!(line(&request, false).contains("/p?id=1 "));
    }
}
