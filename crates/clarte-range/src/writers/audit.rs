//! Microsoft 365's unified audit log, as four tools export it: the CSV of
//! `Search-UnifiedAuditLog`, Purview's CSV, the Extractor Suite's JSON (arrays,
//! one behind the other) and the Graph records as CSV.
//! Spec: <https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema>,
//! <https://learn.microsoft.com/powershell/module/exchangepowershell/search-unifiedauditlog>,
//! <https://learn.microsoft.com/purview/audit-log-export-records>,
//! <https://learn.microsoft.com/graph/api/resources/security-auditlogrecord>
//!
//! Exports are made window by window; a window is held in memory, because
//! every row tells how many there are.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::RangeError;
use crate::calendar::{At, DAY};
use crate::rng::{Rng, Topic};
use crate::takeover::What;
use crate::variety::{AuditForm, Pack};
use crate::writers::LineFile;
use crate::writers::json_array::JsonArray;

/// One audited act.
pub(crate) struct Audited<'a> {
    pub(crate) at: At,
    pub(crate) user: &'a str,
    pub(crate) ip: &'a str,
    pub(crate) what: &'a What,
    /// Must stand in the export even where it has a hole.
    pub(crate) is_kept: bool,
}

/// How the log is exported.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) form: AuditForm,
    pub(crate) pack: Pack,
    /// Whether a window reaches into the next.
    pub(crate) overlaps: bool,
    /// Whether the first window lost rows on its way.
    pub(crate) has_hole: bool,
}

/// The audit log of the tenant.
pub(crate) struct Audit {
    folder: PathBuf,
    style: Style,
    seed: u64,
    serial: u64,
    window_end: At,
    windows: u32,
    held: Vec<(At, Row)>,
    lost: bool,
}

#[derive(Clone)]
struct Row {
    record_type: (u32, &'static str),
    operation: &'static str,
    workload: &'static str,
    user: String,
    ip: String,
    id: String,
    data: Value,
    is_kept: bool,
}

const WINDOW: i64 = 23 * DAY;
const OVERLAP: i64 = 2 * DAY;
const TENANT: &str = "5ca1ab1e-0000-4000-8000-000000000001";
/// Rows that get lost in a hole.
const LOST: usize = 25;

impl Audit {
    pub(crate) fn new(folder: &Path, style: Style, seed: u64, start: At) -> Self {
        Self {
            folder: folder.to_owned(),
            style,
            seed,
            serial: 0,
            window_end: start.plus(WINDOW),
            windows: 0,
            held: Vec::new(),
            lost: false,
        }
    }

    /// Takes an act; what the log does not show is not taken.
    pub(crate) fn log(&mut self, act: &Audited<'_>) {
        self.serial += 1;
        let mut rng = Rng::keyed(self.seed, Topic::Audit, &[self.serial]);
        let id = guid(&mut rng);
        if let Some(row) = row(act, id, &mut rng) {
            self.held.push((act.at, row));
        }
    }

    /// Exports every window that has passed.
    pub(crate) fn flush(&mut self, moment: At) -> Result<(), RangeError> {
        let reach = if self.style.overlaps { OVERLAP } else { 0 };
        while moment >= self.window_end.plus(reach) {
            self.export(self.window_end.plus(reach))?;
            let end = self.window_end;
            self.held.retain(|(at, _)| *at >= end);
            self.window_end = end.plus(WINDOW);
        }
        Ok(())
    }

    /// Exports the rest.
    pub(crate) fn finish(&mut self) -> Result<(), RangeError> {
        if self.held.is_empty() { Ok(()) } else { self.export(At(i64::MAX)) }
    }

    /// Whether rows got lost.
    pub(crate) fn has_hole(&self) -> bool {
        self.lost
    }

    fn export(&mut self, end: At) -> Result<(), RangeError> {
        self.held.sort_by_key(|(at, _)| *at);
        let rows: Vec<(At, Row)> = self.held.iter().filter(|(at, _)| *at < end).cloned().collect();
        self.windows += 1;
        let hole = if self.style.has_hole && self.windows == 1 { hole(&rows) } else { None };
        self.lost |= hole.is_some();
        let number = self.windows;
        match self.style.form {
            AuditForm::Search => self.csv(&format!("unified-audit-log-{number}.csv"), &rows, hole),
            AuditForm::Purview => self.csv(&format!("AuditLog_{number}.csv"), &rows, None),
            AuditForm::Graph => self.csv(&format!("{number}-UALGraph.csv"), &rows, None),
            AuditForm::Extractor => self.arrays(&format!("UAL-{number}.json"), &rows, hole),
        }
    }

    fn csv(&self, name: &str, rows: &[(At, Row)], hole: Option<usize>) -> Result<(), RangeError> {
        let mut file = LineFile::create(&self.folder.join(name), self.style.pack)?;
        let head: &[&str] = match self.style.form {
            AuditForm::Purview => &PURVIEW,
            AuditForm::Graph => &GRAPH,
            _ => &SEARCH,
        };
        // Windows PowerShell names the type first unless told not to.
        if self.style.form == AuditForm::Search && self.seed.is_multiple_of(2) {
            file.write(b"#TYPE Deserialized.Microsoft.Exchange.Data.ApplicationLogic.UnifiedAuditLogEvent\r\n")?;
        }
        let quotes = self.style.form != AuditForm::Purview;
        file.write(csv_line(head.iter().map(|&name| name.to_owned()), quotes).as_bytes())?;
        for (rank, (at, row)) in rows.iter().enumerate() {
            if hole.is_some_and(|from| (from..from + LOST).contains(&rank)) {
                continue;
            }
            let cells = match self.style.form {
                AuditForm::Purview => purview(*at, row),
                AuditForm::Graph => graph(*at, row),
                _ => search(*at, row, rank + 1, rows.len()),
            };
            file.write(csv_line(cells.into_iter(), quotes).as_bytes())?;
        }
        file.finish()
    }

    /// Pages of a hundred, each an array of its own.
    fn arrays(
        &self,
        name: &str,
        rows: &[(At, Row)],
        hole: Option<usize>,
    ) -> Result<(), RangeError> {
        let mut file = JsonArray::create(&self.folder.join(name), self.style.pack)?;
        for (rank, (at, row)) in rows.iter().enumerate() {
            if hole.is_some_and(|from| (from..from + LOST).contains(&rank)) {
                continue;
            }
            if rank > 0 && rank % 100 == 0 {
                file.next_array()?;
            }
            let element = json!({
                "RunspaceId": TENANT,
                "RecordType": row.record_type.1,
                "CreationDate": at.rfc3339(),
                "UserIds": row.user,
                "Operations": row.operation,
                "AuditData": row.data.to_string(),
                "ResultIndex": rank + 1,
                "ResultCount": rows.len(),
                "Identity": row.id,
                "IsValid": true,
                "ObjectState": "Unchanged",
            });
            file.push(&element.to_string())?;
        }
        file.finish()
    }
}

/// Where rows can get lost without any of the campaign's.
fn hole(rows: &[(At, Row)]) -> Option<usize> {
    let last = rows.len().checked_sub(LOST + 10)?;
    (20..last).find(|&from| rows[from..from + LOST].iter().all(|(_, row)| !row.is_kept))
}

const SEARCH: [&str; 13] = [
    "PSComputerName",
    "RunspaceId",
    "PSShowComputerName",
    "RecordType",
    "CreationDate",
    "UserIds",
    "Operations",
    "AuditData",
    "ResultIndex",
    "ResultCount",
    "Identity",
    "IsValid",
    "ObjectState",
];

fn search(at: At, row: &Row, index: usize, count: usize) -> Vec<String> {
    [
        "outlook.office365.com",
        TENANT,
        "False",
        row.record_type.1,
        &at.american(),
        &row.user,
        row.operation,
        &row.data.to_string(),
        &index.to_string(),
        &count.to_string(),
        &row.id,
        "True",
        "Unchanged",
    ]
    .map(str::to_owned)
    .to_vec()
}

const PURVIEW: [&str; 8] = [
    "RecordId",
    "CreationDate",
    "RecordType",
    "Operation",
    "UserId",
    "AuditData",
    "AssociatedAdminUnits",
    "AssociatedAdminUnitsNames",
];

fn purview(at: At, row: &Row) -> Vec<String> {
    [
        &row.id,
        &at.rfc3339_ticks(),
        &row.record_type.0.to_string(),
        row.operation,
        &row.user,
        &row.data.to_string(),
        "",
        "",
    ]
    .map(str::to_owned)
    .to_vec()
}

const GRAPH: [&str; 13] = [
    "id",
    "createdDateTime",
    "auditLogRecordType",
    "operation",
    "organizationId",
    "userType",
    "userId",
    "service",
    "objectId",
    "userPrincipalName",
    "clientIp",
    "administrativeUnits",
    "auditData",
];

fn graph(at: At, row: &Row) -> Vec<String> {
    let kind = row.record_type.1;
    let kind = kind[..1].to_lowercase() + &kind[1..];
    [
        &row.id,
        &at.rfc3339(),
        &kind,
        row.operation,
        TENANT,
        "regular",
        &row.user,
        row.workload,
        row.data["ObjectId"].as_str().unwrap_or_default(),
        &row.user,
        &row.ip,
        "",
        &row.data.to_string(),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A row of CSV (RFC 4180).
fn csv_line(cells: impl Iterator<Item = String>, quotes: bool) -> String {
    let cells: Vec<String> = cells
        .map(|cell| {
            if quotes || cell.contains([',', '"', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        })
        .collect();
    cells.join(",") + "\r\n"
}

fn row(act: &Audited<'_>, id: String, rng: &mut Rng) -> Option<Row> {
    let (record_type, operation, workload, details) = body(act, rng)?;
    let mut data = json!({
        "CreationTime": act.at.bare(),
        "Id": id,
        "Operation": operation,
        "OrganizationId": TENANT,
        "RecordType": record_type.0,
        "ResultStatus": if operation == "UserLoginFailed" { "Failed" } else { "Succeeded" },
        "UserKey": format!("10032000{:08X}", act.user.len() * 7919),
        "UserType": 0,
        "Version": 1,
        "Workload": workload,
        "UserId": act.user,
    });
    if let (Some(data), Value::Object(details)) = (data.as_object_mut(), details) {
        data.extend(details);
    }
    Some(Row {
        record_type,
        operation,
        workload,
        user: act.user.to_owned(),
        ip: act.ip.to_owned(),
        id,
        data,
        is_kept: act.is_kept,
    })
}

type Body = ((u32, &'static str), &'static str, &'static str, Value);

fn body(act: &Audited<'_>, rng: &mut Rng) -> Option<Body> {
    let (user, ip) = (act.user, act.ip);
    Some(match act.what {
        What::SignIn | What::FailedSignIn => sign_in(act),
        What::Bind(items) => {
            let mut data = mailbox(user, ip, "Bind", rng);
            let listed: Vec<Value> = items
                .iter()
                .map(|(id, bytes)| {
                    json!({"InternetMessageId": format!("<{id}>"), "SizeInBytes": bytes})
                })
                .collect();
            data["OperationCount"] = items.len().into();
            data["Folders"] = json!([{"FolderItems": listed, "Id": "LgAAAAAB", "Path": "\\Inbox"}]);
            ((50, "ExchangeItemAggregated"), "MailItemsAccessed", "Exchange", data)
        }
        What::Sync(_) => {
            let mut data = mailbox(user, ip, "Sync", rng);
            data["OperationCount"] = 1.into();
            data["Item"] = json!({
                "Id": "LgAAAAAB",
                "ParentFolder": {"Id": "LgAAAAAB", "Name": "Inbox", "Path": "\\Inbox"},
            });
            ((50, "ExchangeItemAggregated"), "MailItemsAccessed", "Exchange", data)
        }
        What::Unlogged(_) => return None,
        What::Rule(to) => {
            let port = 1024 + rng.below(60_000);
            let data = json!({
                // Exchange's administration records add the port.
                "ClientIP": format!("{ip}:{port}"),
                "ObjectId": format!("EURPR01A001.PROD.OUTLOOK.COM/Hosted Organizations/office/{user}\\.."),
                "ResultStatus": "True",
                "ExternalAccess": false,
                "OrganizationName": "office.example",
                "OriginatingServer": "AM0PR01MB0001 (15.20.4000.000)",
                "Parameters": [
                    {"Name": "AlwaysDeleteOutlookRulesBlob", "Value": "False"},
                    {"Name": "Force", "Value": "False"},
                    {"Name": "ForwardTo", "Value": to},
                    {"Name": "Name", "Value": ".."},
                    {"Name": "StopProcessingRules", "Value": "True"},
                ],
                "SessionId": guid(rng),
            });
            ((1, "ExchangeAdmin"), "New-InboxRule", "Exchange", data)
        }
        What::Consent => {
            let app = guid(rng);
            let data = json!({
                "ClientIP": ip,
                "ActorIpAddress": ip,
                "AzureActiveDirectoryEventType": 1,
                "ObjectId": app,
                "ResultStatus": "Success",
                "Actor": [{"ID": user, "Type": 5}],
                "Target": [{"ID": "Mail Sorter", "Type": 1}, {"ID": app, "Type": 2}],
                "ModifiedProperties": [
                    {"Name": "ConsentContext.IsAdminConsent", "NewValue": "False", "OldValue": ""},
                    {"Name": "ConsentAction.Permissions", "NewValue": "[] => [[Id: x, ClientId: y, \
                     PrincipalId: z, ResourceId: r, ConsentType: Principal, Scope: Mail.Read offline_access]]",
                     "OldValue": ""},
                ],
            });
            ((8, "AzureActiveDirectory"), "Consent to application.", "AzureActiveDirectory", data)
        }
        What::Download(file) => {
            let site = "https://office-my.sharepoint.example/personal/shared/";
            let extension = file.rsplit('.').next().unwrap_or_default();
            let data = json!({
                "ClientIP": ip,
                "ObjectId": format!("{site}Documents/{file}"),
                "EventSource": "SharePoint",
                "ItemType": "File",
                "SiteUrl": site,
                "SourceFileExtension": extension,
                "SourceFileName": file,
                "SourceRelativeUrl": "Documents",
                "UserAgent": "Mozilla/5.0 (Synthetic; rv:1.0)",
            });
            ((6, "SharePointFileOperation"), "FileDownloaded", "OneDrive", data)
        }
    })
}

fn sign_in(act: &Audited<'_>) -> Body {
    let failed = *act.what == What::FailedSignIn;
    let mut data = json!({
        "ClientIP": act.ip,
        "ActorIpAddress": act.ip,
        "ResultStatus": if failed { "Failed" } else { "Success" },
        "AzureActiveDirectoryEventType": 1,
        "ObjectId": "00000002-0000-0ff1-ce00-000000000000",
        "ApplicationId": "9199bf20-a13f-4107-85dc-02114787ef48",
        "ErrorNumber": if failed { "50126" } else { "0" },
        "ExtendedProperties": [
            {"Name": "UserAgent", "Value": "Mozilla/5.0 (Synthetic; rv:1.0)"},
            {"Name": "RequestType", "Value": "OAuth2:Authorize"},
        ],
    });
    if failed {
        data["LogonError"] = "InvalidUserNameOrPassword".into();
    }
    let operation = if failed { "UserLoginFailed" } else { "UserLoggedIn" };
    ((15, "AzureActiveDirectoryStsLogon"), operation, "AzureActiveDirectory", data)
}

fn mailbox(user: &str, ip: &str, how: &str, rng: &mut Rng) -> Value {
    json!({
        "ClientIPAddress": ip,
        "ClientInfoString": "Client=OWA;Action=ViaProxy",
        "ExternalAccess": false,
        "InternalLogonType": 0,
        "LogonType": 0,
        "LogonUserSid": "S-1-5-21-1-2-3-1001",
        "MailboxGuid": guid(rng),
        "MailboxOwnerSid": "S-1-5-21-1-2-3-1001",
        "MailboxOwnerUPN": user,
        "OperationProperties": [
            {"Name": "MailAccessType", "Value": how},
            {"Name": "IsThrottled", "Value": "False"},
        ],
        "OrganizationName": "office.example",
        "OriginatingServer": "AM0PR01MB0001 (15.20.4000.000)\r\n",
        "SessionId": guid(rng),
    })
}

/// A random GUID (version 4).
pub(crate) fn guid(rng: &mut Rng) -> String {
    let (a, b, c, d, e) = (rng.hex(8), rng.hex(4), rng.hex(3), rng.hex(3), rng.hex(12));
    format!("{a}-{b}-4{c}-9{d}-{e}")
}
