//! Microsoft 365 message trace, as `Start-HistoricalSearch`,
//! `Get-MessageTrace` and `Get-MessageTraceV2` leave it, in CSV or JSON.
//! Spec: <https://learn.microsoft.com/powershell/module/exchangepowershell/get-messagetrace>
//! and `get-messagetracev2`

use std::path::Path;

use serde_json::json;

use crate::RangeError;
use crate::calendar::At;
use crate::rng::{Rng, Topic};
use crate::variety::{Pack, TraceForm};
use crate::writers::{LineFile, Waiting};

/// A mail on its way to or from a mailbox in the cloud.
pub(crate) struct Passage<'a> {
    pub(crate) at: At,
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) message_id: &'a str,
    /// The address it came from.
    pub(crate) ip: &'a str,
    /// To somebody outside.
    pub(crate) leaves: bool,
    /// Its size, where the story knows it.
    pub(crate) bytes: Option<u64>,
}

/// The trace of the mailboxes in the cloud.
pub(crate) struct Trace {
    form: TraceForm,
    file: LineFile,
    waiting: Waiting<String>,
    rows: u64,
}

impl Trace {
    pub(crate) fn new(folder: &Path, form: TraceForm, pack: Pack) -> Result<Self, RangeError> {
        let name = if form == TraceForm::V2Json { "trace.json" } else { "message-trace.csv" };
        let file = LineFile::create(&folder.join(name), pack)?;
        let mut trace = Self { form, file, waiting: Waiting::new(), rows: 0 };
        match form {
            TraceForm::HistoricalSearch => trace.row(HISTORICAL)?,
            TraceForm::HistoricalSearchUtf16 => {
                trace.file.write(&[0xff, 0xfe])?;
                trace.row(HISTORICAL)?;
            }
            TraceForm::GetMessageTrace | TraceForm::GetMessageTraceDotted => trace.row(
                "\"MessageId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"Subject\",\"Status\",\
                 \"ToIP\",\"FromIP\",\"Size\",\"MessageTraceId\"",
            )?,
            TraceForm::V2Csv => trace.row(
                "\"Received\",\"SenderAddress\",\"RecipientAddress\",\"Subject\",\"Status\",\"ToIP\",\
                 \"FromIP\",\"Size\",\"MessageId\",\"MessageTraceId\"",
            )?,
            TraceForm::V2Json => {}
        }
        Ok(trace)
    }

    /// One mail that arrived in the cloud, or left it.
    pub(crate) fn passed(&mut self, seed: u64, mail: &Passage<'_>) {
        let at = mail.at;
        let mut rng = Rng::keyed(seed, Topic::Mta, &[at.0 as u64, mail.to.len() as u64, 7]);
        let id = format!("{}-{}-4000-8000-{}", rng.hex(8), rng.hex(4), rng.hex(12));
        let drawn = 4000 + rng.below(30_000);
        let bytes = mail.bytes.unwrap_or(drawn);
        let subject = mail.subject.replace('"', "\"\"");
        let Passage { from, to, message_id, ip, leaves, .. } = mail;
        let to_ip = if *leaves { crate::outside::address(seed, to) } else { String::new() };
        let row = match self.form {
            TraceForm::HistoricalSearch | TraceForm::HistoricalSearchUtf16 => {
                let time = at.rfc3339_ticks();
                let (status, way) = if *leaves {
                    ("Receive, Send", "Originating")
                } else {
                    ("Receive, Deliver", "Incoming")
                };
                format!(
                    "{time},{from},\"{to}##{status}\",\"{subject}\",{bytes},<{message_id}>,{id},{ip},{way},,Normal"
                )
            }
            TraceForm::GetMessageTrace | TraceForm::GetMessageTraceDotted => {
                let dotted = self.form == TraceForm::GetMessageTraceDotted;
                let time = if dotted { at.dotted() } else { at.rfc3339() };
                format!(
                    "\"<{message_id}>\",\"{time}\",\"{from}\",\"{to}\",\"{subject}\",\"Delivered\",\
                     \"{to_ip}\",\"{ip}\",\"{bytes}\",\"{id}\""
                )
            }
            TraceForm::V2Csv => {
                let time = at.rfc3339_ticks();
                format!(
                    "\"{time}\",\"{from}\",\"{to}\",\"{subject}\",\"Delivered\",\"{to_ip}\",\"{ip}\",\
                     \"{bytes}\",\"<{message_id}>\",\"{id}\""
                )
            }
            TraceForm::V2Json => json!({
                "Received": at.rfc3339_ticks(),
                "SenderAddress": from,
                "RecipientAddress": to,
                "Subject": mail.subject,
                "Status": "Delivered",
                "ToIP": to_ip,
                "FromIP": ip,
                "Size": bytes,
                "MessageId": format!("<{message_id}>"),
                "MessageTraceId": id,
            })
            .to_string(),
        };
        self.waiting.push(at, row);
    }

    /// Writes the rows before a moment.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        for (_, row) in self.waiting.take_before(moment) {
            self.row(&row)?;
        }
        Ok(())
    }

    /// Writes the rest and closes the file.
    pub(crate) fn finish(mut self) -> Result<(), RangeError> {
        self.flush(At(i64::MAX))?;
        if self.form == TraceForm::V2Json {
            self.file.write(if self.rows == 0 { b"[]\r\n" } else { b"\r\n]\r\n" })?;
        }
        self.file.finish()
    }

    fn row(&mut self, row: &str) -> Result<(), RangeError> {
        self.rows += 1;
        match self.form {
            TraceForm::HistoricalSearchUtf16 => {
                let wide: Vec<u8> =
                    row.encode_utf16().chain([13, 10]).flat_map(u16::to_le_bytes).collect();
                self.file.write(&wide)
            }
            TraceForm::V2Json => {
                self.file.write(if self.rows == 1 { b"[\r\n  " } else { b",\r\n  " })?;
                self.file.write(row.as_bytes())
            }
            _ => {
                self.file.write(row.as_bytes())?;
                self.file.write(b"\r\n")
            }
        }
    }
}

const HISTORICAL: &str = "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,\
     network_message_id,original_client_ip,directionality,connector_id,delivery_priority";
