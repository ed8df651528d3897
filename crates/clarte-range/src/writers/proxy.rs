//! The proxy's log: Squid's native one, the same over syslog, or the combined
//! access log with absolute URLs.
//! Spec: <https://wiki.squid-cache.org/Features/LogFormat>,
//! <https://httpd.apache.org/docs/2.4/logs.html#combined>

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, Clock};
use crate::tokens::Url;
use crate::variety::{Carrier, Pack, ProxyForm};
use crate::writers::series::{Every, Series};
use crate::writers::syslog::{self, Said};

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

/// How the proxy writes.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) form: ProxyForm,
    pub(crate) carrier: Carrier,
    pub(crate) clock: Clock,
    pub(crate) strips_query: bool,
}

/// The proxy's logs, one file a day.
pub(crate) struct Proxy {
    style: Style,
    gap: Option<(At, At)>,
    series: Series,
}

impl Proxy {
    pub(crate) fn new(folder: &Path, pack: Pack, style: Style, gap: Option<(At, At)>) -> Self {
        let folder = folder.to_owned();
        let name = move |at: At| folder.join(format!("access.log-{}", at.compact_date()));
        Self { style, gap, series: Series::new(name, Every::Day, pack) }
    }

    /// Takes a request, unless nothing is logged then.
    pub(crate) fn log(&mut self, request: &Request) {
        if self.gap.is_some_and(|(from, to)| request.at >= from && request.at < to) {
            return;
        }
        self.series.push(request.at, line(request, self.style));
    }

    /// Writes the lines before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    /// Closes the last file.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }
}

fn line(request: &Request, style: Style) -> String {
    match (style.form, style.carrier) {
        (ProxyForm::Combined, _) => combined(request, style),
        (ProxyForm::Squid, Carrier::Own) => native(request, style),
        (ProxyForm::Squid, carrier) => syslog::line(
            carrier,
            style.clock,
            &Said {
                at: request.at,
                // `access_log syslog:local4.info`
                priority: 166,
                host: "proxy1",
                program: "squid",
                pid: 1312,
                text: &native(request, style),
            },
        ),
    }
}

/// `time elapsed client code/status bytes method URL user hierarchy/peer type`
fn native(request: &Request, style: Style) -> String {
    let Request { at, client, user, url, server, bytes, millis, kind } = request;
    let user = user.as_deref().unwrap_or("-");
    let time = at.epoch_millis();
    if url.tls {
        let host = &url.host;
        return format!(
            "{time} {millis:6} {client} TCP_TUNNEL/200 {bytes} CONNECT {host}:443 {user} HIER_DIRECT/{server} -"
        );
    }
    let url = shown(url, style);
    format!(
        "{time} {millis:6} {client} TCP_MISS/200 {bytes} GET {url} {user} HIER_DIRECT/{server} {kind}"
    )
}

/// Squid's `logformat combined`: NCSA's line, then cache result and hierarchy.
fn combined(request: &Request, style: Style) -> String {
    let Request { at, client, user, url, bytes, .. } = request;
    let user = user.as_deref().unwrap_or("-");
    let time = format!("{} {}", style.clock.show(*at).clf(), style.clock.offset(*at));
    let (what, result) = if url.tls {
        (format!("CONNECT {}:443", url.host), "TCP_TUNNEL")
    } else {
        (format!("GET {}", shown(url, style)), "TCP_MISS")
    };
    format!(
        "{client} - {user} [{time}] \"{what} HTTP/1.1\" 200 {bytes} \"-\" \
         \"Mozilla/5.0 (Synthetic; rv:1.0)\" {result}:HIER_DIRECT"
    )
}

fn shown(url: &Url, style: Style) -> String {
    let mut url = url.text();
    if style.strips_query
        && let Some(at) = url.find('?')
    {
        url.truncate(at + 1);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            at: At(1_609_903_171_123_456),
            client: "10.0.0.1".to_owned(),
            user: None,
            url: Url::new(false, "h.example", "/p?id=1"),
            server: "192.0.2.1".to_owned(),
            bytes: 43,
            millis: 12,
            kind: "image/gif",
        }
    }

    fn style(form: ProxyForm, strips_query: bool) -> Style {
        Style { form, carrier: Carrier::Own, clock: Clock::Brussels, strips_query }
    }

    #[test]
    fn cuts_the_query_but_keeps_its_mark() {
        let expected = "1609903171.123     12 10.0.0.1 TCP_MISS/200 43 GET http://h.example/p? - HIER_DIRECT/192.0.2.1 image/gif";
        assert_eq!(line(&request(), style(ProxyForm::Squid, true)), expected);
        assert!(line(&request(), style(ProxyForm::Squid, false)).contains("/p?id=1 "));
    }

    #[test]
    fn combined_has_absolute_urls_and_the_offset() {
        let expected = "10.0.0.1 - - [06/Jan/2021:04:19:31 +0100] \"GET http://h.example/p?id=1 HTTP/1.1\" 200 43 \"-\" \"Mozilla/5.0 (Synthetic; rv:1.0)\" TCP_MISS:HIER_DIRECT";
        assert_eq!(line(&request(), style(ProxyForm::Combined, false)), expected);
        let mut tunnel = request();
        tunnel.url.tls = true;
        let line = line(&tunnel, style(ProxyForm::Combined, false));
        assert!(line.contains("\"CONNECT h.example:443 HTTP/1.1\" 200 43"), "{line}");
    }
}
