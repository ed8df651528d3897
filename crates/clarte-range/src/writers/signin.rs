//! Entra sign-ins, interactive and not, as Graph's JSON or the portal's CSV.
//! Spec: <https://learn.microsoft.com/graph/api/resources/signin>,
//! <https://learn.microsoft.com/entra/identity/monitoring-health/howto-download-logs>

use std::path::Path;

use serde_json::json;

use crate::RangeError;
use crate::calendar::At;
use crate::rng::{Rng, Topic};
use crate::variety::{Pack, SignInForm};
use crate::writers::audit::guid;
use crate::writers::json_array::JsonArray;
use crate::writers::{LineFile, Waiting};

/// One sign-in.
pub(crate) struct SignIn<'a> {
    pub(crate) at: At,
    pub(crate) name: &'a str,
    pub(crate) user: &'a str,
    pub(crate) ip: &'a str,
    pub(crate) is_interactive: bool,
    pub(crate) failed: bool,
}

/// The sign-ins of the tenant, one file for each kind.
pub(crate) struct SignIns {
    seed: u64,
    serial: u64,
    waiting: Waiting<(bool, String)>,
    file: Files,
}

enum Files {
    Graph(Box<[JsonArray; 2]>),
    Portal(Box<[LineFile; 2]>),
}

impl SignIns {
    pub(crate) fn new(
        folder: &Path,
        form: SignInForm,
        pack: Pack,
        seed: u64,
    ) -> Result<Self, RangeError> {
        let file = match form {
            SignInForm::Graph => {
                let create = |name: &str| {
                    JsonArray::create(&folder.join(format!("SignInLogs-{name}.json")), pack)
                };
                Files::Graph(Box::new([create("nonInteractiveUser")?, create("interactiveUser")?]))
            }
            SignInForm::Portal => {
                let create = |name: &str| -> Result<LineFile, RangeError> {
                    let path = folder.join(format!("{name}SignIns.csv"));
                    let mut file = LineFile::create(&path, pack)?;
                    file.write(b"\xef\xbb\xbf")?;
                    file.write(PORTAL.join(",").as_bytes())?;
                    file.write(b"\r\n")?;
                    Ok(file)
                };
                Files::Portal(Box::new([create("NonInteractive")?, create("Interactive")?]))
            }
        };
        Ok(Self { seed, serial: 0, waiting: Waiting::new(), file })
    }

    /// Takes a sign-in.
    pub(crate) fn log(&mut self, entry: &SignIn<'_>) {
        self.serial += 1;
        let mut rng = Rng::keyed(self.seed, Topic::SignIn, &[self.serial]);
        let row = match self.file {
            Files::Graph(_) => graph(entry, &mut rng),
            Files::Portal(_) => portal(entry, &mut rng),
        };
        self.waiting.push(entry.at, (entry.is_interactive, row));
    }

    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        for (_, (is_interactive, row)) in self.waiting.take_before(moment) {
            let rank = usize::from(is_interactive);
            match &mut self.file {
                Files::Graph(files) => files[rank].push(&row)?,
                Files::Portal(files) => {
                    files[rank].write(row.as_bytes())?;
                    files[rank].write(b"\r\n")?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), RangeError> {
        self.flush(At(i64::MAX))?;
        match self.file {
            Files::Graph(files) => files.into_iter().try_for_each(JsonArray::finish),
            Files::Portal(files) => files.into_iter().try_for_each(LineFile::finish),
        }
    }
}

const EXCHANGE_ONLINE: &str = "00000002-0000-0ff1-ce00-000000000000";
const FAILURE: &str = "Error validating credentials due to invalid username or password.";

fn graph(entry: &SignIn<'_>, rng: &mut Rng) -> String {
    let status = if entry.failed {
        json!({"errorCode": 50126, "failureReason": FAILURE, "additionalDetails": null})
    } else {
        json!({"errorCode": 0, "failureReason": "Other.", "additionalDetails": null})
    };
    let kind = if entry.is_interactive { "interactiveUser" } else { "nonInteractiveUser" };
    json!({
        "id": guid(rng),
        "createdDateTime": entry.at.rfc3339(),
        "userDisplayName": entry.name,
        "userPrincipalName": entry.user,
        "userId": guid(rng),
        "appId": EXCHANGE_ONLINE,
        "appDisplayName": "Office 365 Exchange Online",
        "ipAddress": entry.ip,
        "clientAppUsed": "Browser",
        "userAgent": "Mozilla/5.0 (Synthetic; rv:1.0)",
        "correlationId": guid(rng),
        "conditionalAccessStatus": "notApplied",
        "isInteractive": entry.is_interactive,
        "resourceDisplayName": "Office 365 Exchange Online",
        "signInEventTypes": [kind],
        "status": status,
        "deviceDetail": {"deviceId": "", "displayName": "", "operatingSystem": "Windows10", "browser": "Firefox"},
        "location": {"city": "", "state": "", "countryOrRegion": ""},
    })
    .to_string()
}

const PORTAL: [&str; 24] = [
    "\"Date (UTC)\"",
    "\"Request ID\"",
    "\"User agent\"",
    "\"Correlation ID\"",
    "\"User ID\"",
    "\"User\"",
    "\"Username\"",
    "\"User type\"",
    "\"Cross tenant access type\"",
    "\"Incoming token type\"",
    "\"Authentication Protocol\"",
    "\"Unique token identifier\"",
    "\"Application\"",
    "\"Application ID \"",
    "\"Resource\"",
    "\"Resource ID \"",
    "\"IP address\"",
    "\"Location\"",
    "\"Status\"",
    "\"Sign-in error code\"",
    "\"Failure reason\"",
    "\"Client app\"",
    "\"Operating System\"",
    "\"Conditional Access\"",
];

fn portal(entry: &SignIn<'_>, rng: &mut Rng) -> String {
    let (status, code, reason) =
        if entry.failed { ("Failure", "50126", FAILURE) } else { ("Success", "", "Other.") };
    let cells = [
        &entry.at.rfc3339(),
        &guid(rng),
        "Mozilla/5.0 (Synthetic; rv:1.0)",
        &guid(rng),
        &guid(rng),
        entry.name,
        entry.user,
        "Member",
        "none",
        "none",
        "none",
        &rng.hex(22),
        "Office 365 Exchange Online",
        EXCHANGE_ONLINE,
        "Office 365 Exchange Online",
        EXCHANGE_ONLINE,
        entry.ip,
        ", , ",
        status,
        code,
        reason,
        "Browser",
        "Windows10",
        "Not Applied",
    ];
    cells.map(|cell| format!("\"{cell}\"")).join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_portal_has_its_headers_columns() {
        let entry = SignIn {
            at: At(1_609_903_171_000_000),
            name: "Anna Sample",
            user: "anna@o.example",
            ip: "192.0.2.1",
            is_interactive: true,
            failed: true,
        };
        let mut rng = Rng::keyed(1, Topic::SignIn, &[]);
        let row = portal(&entry, &mut rng);
        assert_eq!(row.split("\",\"").count(), PORTAL.len());
        let text = graph(&entry, &mut rng);
        let value: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(value["status"]["errorCode"], 50126);
        assert_eq!(value["createdDateTime"], "2021-01-06T03:19:31Z");
    }
}
