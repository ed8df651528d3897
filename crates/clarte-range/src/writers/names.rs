//! The resolver's query log: BIND, dnsmasq or Unbound. None of them says what
//! the sensor would: no ports' partner, no answer (dnsmasq does).
//! Spec: <https://bind9.readthedocs.io/en/latest/reference.html#the-query-log-entries>,
//! <https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html> (`--log-queries`),
//! <https://unbound.docs.nlnetlabs.nl/en/latest/manpages/unbound.conf.html> (`log-queries`)

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, Clock};
use crate::variety::{Carrier, NameForm, Pack};
use crate::world::RESOLVER;
use crate::writers::sensor::Query;
use crate::writers::series::{Every, Series};
use crate::writers::syslog::{self, Said};

/// How the resolver writes.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) form: NameForm,
    pub(crate) carrier: Carrier,
    pub(crate) clock: Clock,
}

/// The resolver's log, rotated weekly.
pub(crate) struct Names {
    style: Style,
    series: Series,
}

impl Names {
    pub(crate) fn new(folder: &Path, pack: Pack, style: Style) -> Self {
        let folder = folder.to_owned();
        let name = move |at: At| folder.join(format!("queries.log-{}", at.compact_date()));
        Self { style, series: Series::new(name, Every::Week, pack) }
    }

    /// Takes a query.
    pub(crate) fn query(&mut self, query: &Query<'_>) {
        let at = query.ends.at;
        self.line(at, &asked(query, self.style.form));
        if self.style.form == NameForm::Dnsmasq {
            let after = at.plus(2_000);
            self.line(after, &format!("reply {} is {}", query.host, query.answer));
        }
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }

    fn line(&mut self, at: At, text: &str) {
        let Style { form, carrier, clock } = self.style;
        let local = clock.show(at);
        let line = match (form, carrier) {
            (NameForm::Bind, Carrier::Own) => {
                format!("{} queries: info: {text}", local.bind())
            }
            // Dnsmasq's own file is syslog's, without the host.
            (NameForm::Dnsmasq, Carrier::Own) => {
                format!("{} dnsmasq[911]: {text}", local.syslog())
            }
            (NameForm::Unbound, Carrier::Own) => {
                format!("[{}] unbound[911:0] info: {text}", at.epoch())
            }
            (form, carrier) => {
                let (program, text) = match form {
                    NameForm::Dnsmasq => ("dnsmasq", text.to_owned()),
                    NameForm::Unbound => ("unbound", format!("[911:0] info: {text}")),
                    _ => ("named", text.to_owned()),
                };
                let said = Said { at, priority: 30, host: "ns1", program, pid: 911, text: &text };
                syslog::line(carrier, clock, &said)
            }
        };
        self.series.push(at, line);
    }
}

fn asked(query: &Query<'_>, form: NameForm) -> String {
    let (client, port) = query.ends.client;
    let host = query.host;
    match form {
        NameForm::Dnsmasq => format!("query[A] {host} from {client}"),
        NameForm::Unbound => format!("{client} {host}. A IN"),
        _ => {
            let handle = 0x7f3a_0000_1000 + port * 0x90;
            format!(
                "client @{handle:#x} {client}#{port} ({host}): query: {host} IN A +E(0) ({RESOLVER})"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::writers::sensor::Ends;

    #[test]
    fn each_resolver_writes_as_its_manual_says() {
        let at = At(1_609_903_171_123_456);
        let ends = Ends { at, uid: "C1", client: ("10.0.0.1", 4000), server: (RESOLVER, 53) };
        let query = Query { ends, host: "h.example", answer: "192.0.2.1" };
        let bind = "client @0x7f3a0008da00 10.0.0.1#4000 (h.example): query: h.example IN A +E(0) (10.0.0.53)";
        for (form, carrier, expected) in [
            (NameForm::Bind, Carrier::Own, format!("06-Jan-2021 04:19:31.123 queries: info: {bind}\n")),
            (NameForm::Bind, Carrier::Rfc3164, format!("Jan  6 04:19:31 ns1 named[911]: {bind}\n")),
            (
                NameForm::Dnsmasq,
                Carrier::Own,
                "Jan  6 04:19:31 dnsmasq[911]: query[A] h.example from 10.0.0.1\n\
                 Jan  6 04:19:31 dnsmasq[911]: reply h.example is 192.0.2.1\n"
                    .to_owned(),
            ),
            (
                NameForm::Unbound,
                Carrier::Own,
                "[1609903171] unbound[911:0] info: 10.0.0.1 h.example. A IN\n".to_owned(),
            ),
            (
                NameForm::Unbound,
                Carrier::Rfc5424,
                "<30>1 2021-01-06T03:19:31.123456Z ns1 unbound 911 - - [911:0] info: 10.0.0.1 h.example. A IN\n"
                    .to_owned(),
            ),
        ] {
            let folder = tempfile::tempdir().expect("a temporary folder can be used");
            let style = Style { form, carrier, clock: Clock::Brussels };
            let mut names = Names::new(folder.path(), Pack::Plain, style);
            names.query(&query);
            names.finish().expect("a temporary folder can be used");
            let path = folder.path().join("queries.log-20210106");
            assert_eq!(std::fs::read_to_string(path).expect("it was written"), expected);
        }
    }
}
