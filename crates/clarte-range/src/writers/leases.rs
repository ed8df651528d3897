//! The DHCP server's log: ISC dhcpd over syslog, its `dhcpd.leases`, dnsmasq,
//! or Windows' audit log.
//! Spec: <https://kb.isc.org/docs/isc-dhcp-44-manual-pages-dhcpd> and `-dhcpdleases`,
//! <https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html> (`--log-dhcp`),
//! <https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd183591(v=ws.10)>

use std::path::Path;

use crate::RangeError;
use crate::calendar::{At, Clock, HOUR};
use crate::variety::{Carrier, LeaseForm, Pack};
use crate::world::DHCP;
use crate::writers::sensor::Lease;
use crate::writers::series::{Every, Series};
use crate::writers::syslog::{self, Said};

/// How the server writes.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) form: LeaseForm,
    pub(crate) carrier: Carrier,
    pub(crate) clock: Clock,
}

/// The leases that were granted.
pub(crate) struct Leases {
    style: Style,
    series: Series,
    serial: u64,
}

impl Leases {
    pub(crate) fn new(folder: &Path, pack: Pack, style: Style) -> Self {
        let folder = folder.to_owned();
        let form = style.form;
        let name = move |at: At| {
            folder.join(match form {
                LeaseForm::File => "dhcpd.leases".to_owned(),
                LeaseForm::Windows => {
                    format!("{}/DhcpSrvLog-{}.log", at.compact_date(), at.weekday_name())
                }
                _ => format!("dhcp.log-{}", at.compact_date()),
            })
        };
        let every = match form {
            LeaseForm::File => Every::Never,
            LeaseForm::Windows => Every::Day,
            _ => Every::Week,
        };
        let series = Series::new(name, every, pack);
        let series = match form {
            LeaseForm::File => series.headed(|_| FILE_HEAD.to_owned()),
            LeaseForm::Windows => series.headed(|_| windows_head()).crlf(),
            _ => series,
        };
        Self { style, series, serial: 0 }
    }

    /// Takes a lease that was granted.
    pub(crate) fn lease(&mut self, lease: &Lease<'_>) {
        self.serial += 1;
        let Lease { at, mac, name, address, .. } = lease;
        match self.style.form {
            LeaseForm::File => self.series.push(*at, declaration(lease)),
            LeaseForm::Windows => {
                let line = self.windows(lease);
                self.series.push(*at, line);
            }
            LeaseForm::Dnsmasq => {
                for (step, text) in [
                    format!("DHCPDISCOVER(eth0) {mac}"),
                    format!("DHCPOFFER(eth0) {address} {mac}"),
                    format!("DHCPREQUEST(eth0) {address} {mac}"),
                    format!("DHCPACK(eth0) {address} {mac} {name}"),
                ]
                .iter()
                .enumerate()
                {
                    self.line(at.plus(step as i64 * 1_000), "dnsmasq-dhcp", text);
                }
            }
            LeaseForm::Sensor | LeaseForm::Dhcpd => {
                for (step, text) in [
                    format!("DHCPDISCOVER from {mac} via eth0"),
                    format!("DHCPOFFER on {address} to {mac} ({name}) via eth0"),
                    format!("DHCPREQUEST for {address} ({DHCP}) from {mac} ({name}) via eth0"),
                    format!("DHCPACK on {address} to {mac} ({name}) via eth0"),
                ]
                .iter()
                .enumerate()
                {
                    self.line(at.plus(step as i64 * 1_000), "dhcpd", text);
                }
            }
        }
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        self.series.flush(moment)
    }

    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        self.series.finish()
    }

    fn line(&mut self, at: At, program: &str, text: &str) {
        let Style { carrier, clock, .. } = self.style;
        let line = if program == "dnsmasq-dhcp" && carrier == Carrier::Own {
            format!("{} {program}[912]: {text}", clock.show(at).syslog())
        } else {
            let said = Said { at, priority: 30, host: "gw1", program, pid: 912, text };
            syslog::line(carrier, clock, &said)
        };
        self.series.push(at, line);
    }

    /// Event 10, a new lease; 11, a renewal, every third time.
    fn windows(&self, lease: &Lease<'_>) -> String {
        let (id, what) = if self.serial.is_multiple_of(3) { (11, "Renew") } else { (10, "Assign") };
        let time = self.style.clock.show(lease.at).windows_dhcp();
        let mac = lease.mac.replace(':', "").to_uppercase();
        format!(
            "{id},{time},{what},{},{}.{},{mac},,{},0,,,,0x4D53465420352E30,MSFT 5.0,,,,0",
            lease.address,
            lease.name,
            lease.domain,
            self.serial * 7919
        )
    }
}

const FILE_HEAD: &str = "# The format of this file is documented in the dhcpd.leases(5) manual page.\n\
     # This lease file was written by isc-dhcp-4.4.1\n\n\
     # authoring-byte-order entry is generated, DO NOT DELETE\n\
     authoring-byte-order little-endian;\n\n";

/// A `lease` declaration; its times are UTC.
fn declaration(lease: &Lease<'_>) -> String {
    let (start, end) = (lease.at.lease(), lease.at.plus(12 * HOUR).lease());
    let Lease { address, mac, name, .. } = lease;
    format!(
        "lease {address} {{\n  starts {start};\n  ends {end};\n  cltt {start};\n  \
         binding state active;\n  next binding state free;\n  rewind binding state free;\n  \
         hardware ethernet {mac};\n  client-hostname \"{name}\";\n}}"
    )
}

fn windows_head() -> String {
    let lines = [
        "\t\tMicrosoft DHCP Service Activity Log",
        "",
        "",
        "Event ID  Meaning",
        "00\tThe log was started.",
        "01\tThe log was stopped.",
        "02\tThe log was temporarily paused due to low disk space.",
        "10\tA new IP address was leased to a client.",
        "11\tA lease was renewed by a client.",
        "12\tA lease was released by a client.",
        "13\tAn IP address was found to be in use on the network.",
        "",
        "ID,Date,Time,Description,IP Address,Host Name,MAC Address,User Name, TransactionID, \
         QResult,Probationtime, CorrelationID,Dhcid,VendorClass(Hex),VendorClass(ASCII),\
         UserClass(Hex),UserClass(ASCII),RelayAgentInformation,DnsRegError.",
        "",
    ];
    lines.join("\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(form: LeaseForm, carrier: Carrier, file: &str) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder can be used");
        let style = Style { form, carrier, clock: Clock::Brussels };
        let mut leases = Leases::new(folder.path(), Pack::Plain, style);
        leases.lease(&Lease {
            at: At(1_609_903_171_123_456),
            uid: "C1",
            mac: "02:00:5e:00:00:01",
            name: "pc-00001",
            domain: "office.example",
            address: "10.20.0.10",
        });
        leases.finish().expect("a temporary folder can be used");
        std::fs::read_to_string(folder.path().join(file)).expect("it was written")
    }

    #[test]
    fn each_server_writes_as_its_manual_says() {
        let text = written(LeaseForm::Dhcpd, Carrier::Rfc3164, "dhcp.log-20210106");
        let last = "Jan  6 04:19:31 gw1 dhcpd[912]: DHCPACK on 10.20.0.10 to 02:00:5e:00:00:01 (pc-00001) via eth0";
        assert_eq!(text.lines().last(), Some(last));
        let text = written(LeaseForm::Dnsmasq, Carrier::Own, "dhcp.log-20210106");
        let last = "Jan  6 04:19:31 dnsmasq-dhcp[912]: DHCPACK(eth0) 10.20.0.10 02:00:5e:00:00:01 pc-00001";
        assert_eq!(text.lines().last(), Some(last));
        let text = written(LeaseForm::File, Carrier::Own, "dhcpd.leases");
        assert!(text.contains("lease 10.20.0.10 {\n  starts 3 2021/01/06 03:19:31;\n"), "{text}");
        assert!(text.ends_with("  client-hostname \"pc-00001\";\n}\n"), "{text}");
        let text = written(LeaseForm::Windows, Carrier::Own, "20210106/DhcpSrvLog-Wed.log");
        let last = "10,01/06/21,04:19:31,Assign,10.20.0.10,pc-00001.office.example,02005E000001,,7919,0,,,,0x4D53465420352E30,MSFT 5.0,,,,0";
        assert_eq!(text.lines().last(), Some(last));
        let header = text.lines().find(|line| line.starts_with("ID,")).unwrap_or_default();
        assert_eq!(header.split(',').count(), last.split(',').count());
    }
}
