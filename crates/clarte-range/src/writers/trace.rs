//! Microsoft 365 message trace, as `Start-HistoricalSearch` and
//! `Get-MessageTrace | Export-Csv` leave it.
//! Spec: <https://learn.microsoft.com/powershell/module/exchangepowershell/get-messagetrace>

use std::path::Path;

use crate::RangeError;
use crate::calendar::At;
use crate::mail::Draft;
use crate::rng::{Rng, Topic};
use crate::variety::TraceForm;
use crate::writers::{LineFile, Waiting};

/// The trace of the mailboxes in the cloud.
pub(crate) struct Trace {
    form: TraceForm,
    file: LineFile,
    waiting: Waiting<String>,
}

impl Trace {
    pub(crate) fn new(folder: &Path, form: TraceForm) -> Result<Self, RangeError> {
        let file = LineFile::create(&folder.join("message-trace.csv"), false)?;
        let mut trace = Self { form, file, waiting: Waiting::new() };
        if form == TraceForm::HistoricalSearchUtf16 {
            trace.file.write(&[0xff, 0xfe])?;
        }
        trace.row(match form {
            TraceForm::HistoricalSearch | TraceForm::HistoricalSearchUtf16 => {
                "origin_timestamp_utc,sender_address,recipient_status,message_subject,total_bytes,message_id,\
                 network_message_id,original_client_ip,directionality,connector_id,delivery_priority"
            }
            _ => {
                "\"MessageId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"Subject\",\"Status\",\
                 \"ToIP\",\"FromIP\",\"Size\",\"MessageTraceId\""
            }
        })?;
        Ok(trace)
    }

    /// One mail that arrived in the cloud.
    pub(crate) fn delivered(&mut self, seed: u64, mail: &Draft) {
        let at = mail.at;
        let mut rng = Rng::keyed(seed, Topic::Mta, &[at.0 as u64, mail.to.len() as u64, 7]);
        let id = format!("{}-{}-4000-8000-{}", rng.hex(8), rng.hex(4), rng.hex(12));
        let bytes = 4000 + rng.below(30_000);
        let subject = mail.subject.replace('"', "\"\"");
        let Draft { from, to, message_id, client: (_, ip), .. } = mail;
        let row = match self.form {
            TraceForm::HistoricalSearch | TraceForm::HistoricalSearchUtf16 => {
                let time = historical(at);
                format!(
                    "{time},{from},\"{to}##Receive, Deliver\",\"{subject}\",{bytes},<{message_id}>,{id},{ip},Incoming,,Normal"
                )
            }
            form => {
                let time = if form == TraceForm::GetMessageTraceDotted {
                    at.dotted()
                } else {
                    at.rfc3339()
                };
                format!(
                    "\"<{message_id}>\",\"{time}\",\"{from}\",\"{to}\",\"{subject}\",\"Delivered\",\
                     \"\",\"{ip}\",\"{bytes}\",\"{id}\""
                )
            }
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
        self.file.finish()
    }

    fn row(&mut self, row: &str) -> Result<(), RangeError> {
        if self.form == TraceForm::HistoricalSearchUtf16 {
            let wide: Vec<u8> =
                row.encode_utf16().chain([13, 10]).flat_map(u16::to_le_bytes).collect();
            self.file.write(&wide)
        } else {
            self.file.write(row.as_bytes())?;
            self.file.write(b"\r\n")
        }
    }
}

/// `2021-01-06T03:19:31.1234567Z`
fn historical(at: At) -> String {
    let time = at.rfc3339_micros();
    time.replace("+00:00", "0Z")
}
