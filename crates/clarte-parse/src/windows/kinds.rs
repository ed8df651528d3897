//! What each kind of Windows event is, and where its data goes.
//!
//! Names of data are those of the events' manifests; see
//! <https://learn.microsoft.com/windows/security/threat-protection/auditing/> and
//! <https://learn.microsoft.com/sysinternals/downloads/sysmon>.

use clarte_model::{Class, Field};

/// One kind of event.
pub(super) struct Kind {
    pub(super) class: Class,
    pub(super) outcome: Outcome,
    /// What was done, where the class does not say it.
    pub(super) act: &'static str,
    pub(super) places: &'static [(&'static str, Place)],
}

/// How an event says what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Not at all.
    Unsaid,
    Success,
    Failure,
    /// Somebody tried; how it ended is in another event.
    Unknown,
    /// By a status code, `0x0` being success.
    Code,
}

/// Where a datum goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A text, `-` meaning none.
    Text(Field),
    /// The address of a remote machine; of none other.
    Remote(Field),
    /// Any address.
    Ip(Field),
    Port(Field),
    /// A machine's name.
    Machine(Field),
    /// `DOMAIN\name`, into these two.
    Account(Field, Field),
    /// `name@REALM`, of which the realm stands elsewhere.
    Principal(Field),
    /// A member's distinguished name.
    Member(Field),
    /// A member's SID, where it has no name.
    MemberSid(Field),
    /// The number of a logon type.
    LogonType,
    /// A status code, told in the source's own words.
    Status,
    /// `SHA256=…,MD5=…`.
    Hashes,
    /// One of several things acted on.
    Resource,
    Lower(Field),
    DnsName,
    DnsStatus,
    DnsAnswers,
    /// The lines of a PowerShell event, one of which names the program.
    HostApplication,
    /// Lines that say who ran a PowerShell command.
    PowerShellContext,
}

use Place::{
    Account, DnsAnswers, DnsName, DnsStatus, Hashes, HostApplication, Ip, LogonType, Lower,
    Machine, Member, MemberSid, Port, PowerShellContext, Principal, Remote, Resource, Status, Text,
};

/// Which log an event is in, as far as kinds of events depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Log {
    Security,
    System,
    Sysmon,
    PowerShell,
    TaskScheduler,
    LocalSessions,
    RemoteConnections,
    Unknown,
}

/// Logs by channel and, where that is not said, by provider.
const LOGS: &[(&str, Log)] = &[
    ("Security", Log::Security),
    ("System", Log::System),
    ("Microsoft-Windows-Sysmon/Operational", Log::Sysmon),
    ("Microsoft-Windows-PowerShell/Operational", Log::PowerShell),
    ("PowerShellCore/Operational", Log::PowerShell),
    ("Windows PowerShell", Log::PowerShell),
    ("Microsoft-Windows-TaskScheduler/Operational", Log::TaskScheduler),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", Log::LocalSessions),
    (
        "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
        Log::RemoteConnections,
    ),
    ("Microsoft-Windows-Security-Auditing", Log::Security),
    ("Service Control Manager", Log::System),
    ("Microsoft-Windows-Sysmon", Log::Sysmon),
    ("Microsoft-Windows-PowerShell", Log::PowerShell),
    ("Microsoft-Windows-TaskScheduler", Log::TaskScheduler),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager", Log::LocalSessions),
    ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", Log::RemoteConnections),
];

/// The kind of the event `code` that `provider` wrote to `channel`.
pub(super) fn kind(channel: &str, provider: &str, code: u32) -> &'static Kind {
    let name = if channel.is_empty() { provider } else { channel };
    let log = LOGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match log.map_or(Log::Unknown, |(_, log)| *log) {
        Log::Security => security(code),
        Log::System => system(provider, code),
        Log::Sysmon => sysmon(code),
        Log::PowerShell => powershell(code),
        Log::TaskScheduler => task_scheduler(code),
        Log::LocalSessions => local_sessions(code),
        Log::RemoteConnections if code == 1149 => &REMOTE_CONNECTION,
        Log::RemoteConnections | Log::Unknown => &OTHER,
    }
}

fn security(code: u32) -> &'static Kind {
    match code {
        4624 => &LOGON,
        4625 => &FAILED_LOGON,
        4634 | 4647 => &LOGOFF,
        4648 => &EXPLICIT_LOGON,
        4672 => &PRIVILEGES,
        4768 | 4769 => &TICKET,
        4771 => &FAILED_TICKET,
        4776 => &NTLM,
        4778 => &RECONNECTED,
        4779 => &DISCONNECTED,
        4688 => &CREATED,
        4689 => &EXITED,
        4697 => &SERVICE_AUDIT,
        1102 => &CLEARED,
        1100 => &LOG_STOPPED,
        _ => jobs(code).or_else(|| accounts(code)).unwrap_or(&OTHER),
    }
}

fn system(provider: &str, code: u32) -> &'static Kind {
    match (provider, code) {
        ("Service Control Manager", 7045) => &SERVICE_INSTALLED,
        ("Service Control Manager", 7036) => &SERVICE_STATE,
        ("Service Control Manager", 7040) => &SERVICE_START_TYPE,
        ("Microsoft-Windows-Eventlog" | "Eventlog", 104) => &CLEARED,
        _ => &OTHER,
    }
}

fn sysmon(code: u32) -> &'static Kind {
    match code {
        1 => &SYSMON_CREATED,
        3 => &SYSMON_CONNECTION,
        5 => &SYSMON_EXITED,
        22 => &SYSMON_LOOK_UP,
        _ => &OTHER,
    }
}

fn powershell(code: u32) -> &'static Kind {
    match code {
        4103 => &COMMAND,
        4104 => &SCRIPT,
        400 | 800 => &ENGINE,
        _ => &OTHER,
    }
}

fn task_scheduler(code: u32) -> &'static Kind {
    match code {
        106 => &TASK_REGISTERED,
        140 => &TASK_UPDATED,
        141 => &TASK_DELETED,
        200 => &ACTION_STARTED,
        201 => &ACTION_COMPLETED,
        _ => &OTHER,
    }
}

fn local_sessions(code: u32) -> &'static Kind {
    match code {
        21 | 25 => &SESSION,
        22 => &SHELL_STARTED,
        24 => &SESSION_LEFT,
        _ => &OTHER,
    }
}

macro_rules! kind {
    ($class:ident $outcome:ident $act:literal [$($name:literal $place:expr,)*]) => {
        Kind {
            class: Class::$class,
            outcome: Outcome::$outcome,
            act: $act,
            places: &[$(($name, $place),)*],
        }
    };
}

/// Names of data, with their quotes.
macro_rules! names {
    ($($name:literal),* $(,)?) => {
        &[$(concat!("\"", $name, "\"")),*]
    };
}

static OTHER: Kind = kind!(Other Unsaid "" []);

static LOGON: Kind = kind!(Authentication Success "" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "TargetUserName" Text(Field::TargetUser),
    "TargetDomainName" Text(Field::TargetDomain),
    "TargetLogonId" Text(Field::SessionUid),
    "LogonType" LogonType,
    "WorkstationName" Machine(Field::SrcHostname),
    "IpAddress" Remote(Field::SrcIp),
    "IpPort" Port(Field::SrcPort),
    "ProcessName" Text(Field::ProcessPath),
]);

static FAILED_LOGON: Kind = kind!(Authentication Failure "" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "TargetUserName" Text(Field::TargetUser),
    "TargetDomainName" Text(Field::TargetDomain),
    "Status" Status,
    "SubStatus" Status,
    "LogonType" LogonType,
    "WorkstationName" Machine(Field::SrcHostname),
    "IpAddress" Remote(Field::SrcIp),
    "IpPort" Port(Field::SrcPort),
    "ProcessName" Text(Field::ProcessPath),
]);

static LOGOFF: Kind = kind!(Authentication Unsaid "" [
    "TargetUserName" Text(Field::TargetUser),
    "TargetDomainName" Text(Field::TargetDomain),
    "TargetLogonId" Text(Field::SessionUid),
    "LogonType" LogonType,
]);

static EXPLICIT_LOGON: Kind = kind!(Authentication Unknown "" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "SubjectLogonId" Text(Field::SessionUid),
    "TargetUserName" Text(Field::TargetUser),
    "TargetDomainName" Text(Field::TargetDomain),
    "TargetServerName" Machine(Field::DstHostname),
    "IpAddress" Remote(Field::SrcIp),
    "IpPort" Port(Field::SrcPort),
    "ProcessName" Text(Field::ProcessPath),
]);

/// Who has special rights has just signed in.
static PRIVILEGES: Kind = kind!(Authentication Unsaid "" [
    "SubjectUserName" Text(Field::TargetUser),
    "SubjectDomainName" Text(Field::TargetDomain),
    "SubjectLogonId" Text(Field::SessionUid),
]);

static TICKET: Kind = kind!(Authentication Code "" [
    "TargetUserName" Principal(Field::TargetUser),
    "TargetDomainName" Text(Field::TargetDomain),
    "ServiceName" Text(Field::ServiceName),
    "IpAddress" Remote(Field::SrcIp),
    "IpPort" Port(Field::SrcPort),
    "Status" Status,
]);

static FAILED_TICKET: Kind = kind!(Authentication Failure "" [
    "TargetUserName" Text(Field::TargetUser),
    "ServiceName" Text(Field::ServiceName),
    "IpAddress" Remote(Field::SrcIp),
    "IpPort" Port(Field::SrcPort),
    "Status" Status,
]);

static NTLM: Kind = kind!(Authentication Code "" [
    "TargetUserName" Text(Field::TargetUser),
    "Workstation" Machine(Field::SrcHostname),
    "Status" Status,
]);

static RECONNECTED: Kind = kind!(Authentication Success "" [
    "AccountName" Text(Field::TargetUser),
    "AccountDomain" Text(Field::TargetDomain),
    "LogonID" Text(Field::SessionUid),
    "ClientName" Machine(Field::SrcHostname),
    "ClientAddress" Remote(Field::SrcIp),
]);

static DISCONNECTED: Kind = Kind { outcome: Outcome::Unsaid, ..RECONNECTED };

static SESSION: Kind = kind!(Authentication Success "" [
    "User" Account(Field::TargetDomain, Field::TargetUser),
    "Address" Remote(Field::SrcIp),
]);

static SHELL_STARTED: Kind = Kind { outcome: Outcome::Unsaid, ..SESSION };
static SESSION_LEFT: Kind = Kind { outcome: Outcome::Unsaid, ..SESSION };

static REMOTE_CONNECTION: Kind = kind!(Authentication Success "" [
    "Param1" Text(Field::TargetUser),
    "Param2" Text(Field::TargetDomain),
    "Param3" Remote(Field::SrcIp),
]);

static CREATED: Kind = kind!(Process Unsaid "" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "SubjectLogonId" Text(Field::SessionUid),
    "TargetUserName" Text(Field::TargetUser),
    "TargetDomainName" Text(Field::TargetDomain),
    "NewProcessName" Text(Field::ProcessPath),
    "CommandLine" Text(Field::ProcessCommandLine),
    "ParentProcessName" Text(Field::ProcessParentPath),
]);

static EXITED: Kind = kind!(Process Unsaid "" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "SubjectLogonId" Text(Field::SessionUid),
    "ProcessName" Text(Field::ProcessPath),
]);

static SYSMON_CREATED: Kind = kind!(Process Unsaid "" [
    "User" Account(Field::UserDomain, Field::UserName),
    "LogonId" Text(Field::SessionUid),
    "Image" Text(Field::ProcessPath),
    "CommandLine" Text(Field::ProcessCommandLine),
    "ParentImage" Text(Field::ProcessParentPath),
    "Hashes" Hashes,
]);

static SYSMON_EXITED: Kind = kind!(Process Unsaid "" [
    "User" Account(Field::UserDomain, Field::UserName),
    "Image" Text(Field::ProcessPath),
]);

static SYSMON_CONNECTION: Kind = kind!(Network Unsaid "" [
    "User" Account(Field::UserDomain, Field::UserName),
    "Image" Text(Field::ProcessPath),
    "Protocol" Lower(Field::Protocol),
    "SourceIp" Ip(Field::SrcIp),
    "SourceHostname" Machine(Field::SrcHostname),
    "SourcePort" Port(Field::SrcPort),
    "DestinationIp" Ip(Field::DstIp),
    "DestinationHostname" Machine(Field::DstHostname),
    "DestinationPort" Port(Field::DstPort),
]);

static SYSMON_LOOK_UP: Kind = kind!(Dns Unsaid "" [
    "User" Account(Field::UserDomain, Field::UserName),
    "Image" Text(Field::ProcessPath),
    "QueryName" DnsName,
    "QueryStatus" DnsStatus,
    "QueryResults" DnsAnswers,
]);

/// The script itself stays in `unmapped`: it is no command line, and long.
static SCRIPT: Kind = kind!(Process Unsaid "script block" []);

static COMMAND: Kind = kind!(Process Unsaid "command" ["ContextInfo" PowerShellContext,]);

static ENGINE: Kind = kind!(Process Unsaid "engine" ["Data" HostApplication,]);

static SERVICE_INSTALLED: Kind = kind!(Service Unsaid "service installed" [
    "ServiceName" Text(Field::ServiceName),
    "ImagePath" Text(Field::ProcessCommandLine),
]);

static SERVICE_AUDIT: Kind = kind!(Service Unsaid "service installed" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "SubjectLogonId" Text(Field::SessionUid),
    "ServiceName" Text(Field::ServiceName),
    "ServiceFileName" Text(Field::ProcessCommandLine),
]);

static SERVICE_STATE: Kind = kind!(Service Unsaid "service state changed" [
    "param1" Text(Field::ServiceName),
    "param2" Text(Field::StatusDetail),
]);

static SERVICE_START_TYPE: Kind = kind!(Service Unsaid "service start type changed" [
    "param1" Text(Field::ServiceName),
    "param3" Text(Field::StatusDetail),
]);

static CLEARED: Kind = kind!(EventLog Unsaid "log cleared" [
    "SubjectUserName" Text(Field::UserName),
    "SubjectDomainName" Text(Field::UserDomain),
    "SubjectLogonId" Text(Field::SessionUid),
    "Channel" Resource,
]);

static LOG_STOPPED: Kind = kind!(EventLog Unsaid "log stopped" []);

/// The kinds of scheduled tasks in the Security log.
fn jobs(code: u32) -> Option<&'static Kind> {
    const fn of(act: &'static str) -> Kind {
        let places = &[
            ("SubjectUserName", Text(Field::UserName)),
            ("SubjectDomainName", Text(Field::UserDomain)),
            ("SubjectLogonId", Text(Field::SessionUid)),
            ("TaskName", Text(Field::JobName)),
        ];
        Kind { class: Class::Job, outcome: Outcome::Unsaid, act, places }
    }
    static JOBS: [Kind; 5] = [
        of("task created"),
        of("task deleted"),
        of("task enabled"),
        of("task disabled"),
        of("task updated"),
    ];
    JOBS.get(code.checked_sub(4698)? as usize)
}

static TASK_REGISTERED: Kind = kind!(Job Unsaid "task created" [
    "UserContext" Account(Field::UserDomain, Field::UserName),
    "TaskName" Text(Field::JobName),
]);

static TASK_UPDATED: Kind = kind!(Job Unsaid "task updated" [
    "UserName" Account(Field::UserDomain, Field::UserName),
    "TaskName" Text(Field::JobName),
]);

static TASK_DELETED: Kind = Kind { act: "task deleted", ..TASK_UPDATED };

static ACTION_STARTED: Kind = kind!(Job Unsaid "action started" [
    "TaskName" Text(Field::JobName),
    "ActionName" Text(Field::ProcessPath),
]);

static ACTION_COMPLETED: Kind = Kind { act: "action completed", ..ACTION_STARTED };

/// The kinds of changes to accounts, groups and what is audited.
fn accounts(code: u32) -> Option<&'static Kind> {
    ACCOUNTS.iter().find(|(known, _)| *known == code).map(|(_, kind)| kind)
}

const fn account(act: &'static str) -> Kind {
    let places = &[
        ("SubjectUserName", Text(Field::UserName)),
        ("SubjectDomainName", Text(Field::UserDomain)),
        ("SubjectLogonId", Text(Field::SessionUid)),
        ("TargetUserName", Text(Field::TargetUser)),
        ("TargetDomainName", Text(Field::TargetDomain)),
    ];
    Kind { class: Class::Api, outcome: Outcome::Success, act, places }
}

/// Of these the target is a group, and a member may be named.
const fn group(act: &'static str) -> Kind {
    let places = &[
        ("SubjectUserName", Text(Field::UserName)),
        ("SubjectDomainName", Text(Field::UserDomain)),
        ("SubjectLogonId", Text(Field::SessionUid)),
        ("TargetUserName", Resource),
        ("TargetDomainName", Text(Field::TargetDomain)),
        ("MemberName", Member(Field::TargetUser)),
        ("MemberSid", MemberSid(Field::TargetUser)),
    ];
    Kind { class: Class::Api, outcome: Outcome::Success, act, places }
}

static ACCOUNTS: &[(u32, Kind)] = &[
    (4719, account("audit policy changed")),
    (4720, account("user created")),
    (4722, account("user enabled")),
    (4723, account("password change attempted")),
    (4724, account("password reset attempted")),
    (4725, account("user disabled")),
    (4726, account("user deleted")),
    (4727, group("global group created")),
    (4728, group("member added to global group")),
    (4729, group("member removed from global group")),
    (4730, group("global group deleted")),
    (4731, group("local group created")),
    (4732, group("member added to local group")),
    (4733, group("member removed from local group")),
    (4734, group("local group deleted")),
    (4735, group("local group changed")),
    (4737, group("global group changed")),
    (4738, account("user changed")),
    (4740, account("user locked out")),
    (4741, account("computer created")),
    (4742, account("computer changed")),
    (4743, account("computer deleted")),
    (4754, group("universal group created")),
    (4755, group("universal group changed")),
    (4756, group("member added to universal group")),
    (4757, group("member removed from universal group")),
    (4758, group("universal group deleted")),
    (4764, group("group type changed")),
    (4765, account("SID history added")),
    (4766, account("SID history addition failed")),
    (4767, account("user unlocked")),
    (4781, account("account renamed")),
    (4794, account("recovery password set")),
];

/// The names of the data of the event `code` that `provider` wrote, in the order
/// of its manifest, each with its quotes; for what gives data without names. Later
/// versions of an event add data at the end.
pub(super) fn names(provider: &str, code: u32) -> &'static [&'static str] {
    match (provider, code) {
        ("Microsoft-Windows-Security-Auditing", code) => {
            NAMES.iter().find(|(codes, _)| codes.contains(&code)).map_or(&[], |(_, names)| names)
        }
        ("Microsoft-Windows-Eventlog", 1102) => SUBJECT,
        ("Microsoft-Windows-Eventlog", 104) => {
            names!["SubjectUserName", "SubjectDomainName", "Channel", "BackupPath"]
        }
        ("Service Control Manager", 7045) => {
            names!["ServiceName", "ImagePath", "ServiceType", "StartType", "AccountName"]
        }
        ("Service Control Manager", 7036) => names!["param1", "param2"],
        ("Microsoft-Windows-TaskScheduler", 106) => names!["TaskName", "UserContext"],
        ("Microsoft-Windows-TaskScheduler", 140 | 141) => names!["TaskName", "UserName"],
        ("Microsoft-Windows-TerminalServices-LocalSessionManager", 21 | 22 | 25) => {
            names!["User", "SessionID", "Address"]
        }
        ("Microsoft-Windows-TerminalServices-RemoteConnectionManager", 1149) => {
            names!["Param1", "Param2", "Param3"]
        }
        ("Microsoft-Windows-Sysmon", 1) => names![
            "RuleName",
            "UtcTime",
            "ProcessGuid",
            "ProcessId",
            "Image",
            "FileVersion",
            "Description",
            "Product",
            "Company",
            "OriginalFileName",
            "CommandLine",
            "CurrentDirectory",
            "User",
            "LogonGuid",
            "LogonId",
            "TerminalSessionId",
            "IntegrityLevel",
            "Hashes",
            "ParentProcessGuid",
            "ParentProcessId",
            "ParentImage",
            "ParentCommandLine",
        ],
        ("Microsoft-Windows-Sysmon", 3) => names![
            "RuleName",
            "UtcTime",
            "ProcessGuid",
            "ProcessId",
            "Image",
            "User",
            "Protocol",
            "Initiated",
            "SourceIsIpv6",
            "SourceIp",
            "SourceHostname",
            "SourcePort",
            "SourcePortName",
            "DestinationIsIpv6",
            "DestinationIp",
            "DestinationHostname",
            "DestinationPort",
        ],
        ("Microsoft-Windows-Sysmon", 5) => {
            names!["RuleName", "UtcTime", "ProcessGuid", "ProcessId", "Image"]
        }
        ("Microsoft-Windows-Sysmon", 22) => names![
            "RuleName",
            "UtcTime",
            "ProcessGuid",
            "ProcessId",
            "QueryName",
            "QueryStatus",
            "QueryResults",
            "Image",
        ],
        _ => &[],
    }
}

/// What Sysmon's data are told by.
pub(super) const UTC_TIME: &str = "\"UtcTime\"";

static SUBJECT: &[&str] =
    names!["SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId"];

static NAMES: &[(&[u32], &[&str])] = &[
    (
        &[4624],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "TargetUserSid",
            "TargetUserName",
            "TargetDomainName",
            "TargetLogonId",
            "LogonType",
            "LogonProcessName",
            "AuthenticationPackageName",
            "WorkstationName",
            "LogonGuid",
            "TransmittedServices",
            "LmPackageName",
            "KeyLength",
            "ProcessId",
            "ProcessName",
            "IpAddress",
            "IpPort",
        ],
    ),
    (
        &[4625],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "TargetUserSid",
            "TargetUserName",
            "TargetDomainName",
            "Status",
            "FailureReason",
            "SubStatus",
            "LogonType",
            "LogonProcessName",
            "AuthenticationPackageName",
            "WorkstationName",
            "TransmittedServices",
            "LmPackageName",
            "KeyLength",
            "ProcessId",
            "ProcessName",
            "IpAddress",
            "IpPort",
        ],
    ),
    (
        &[4634],
        names!["TargetUserSid", "TargetUserName", "TargetDomainName", "TargetLogonId", "LogonType"],
    ),
    (&[4647], names!["TargetUserSid", "TargetUserName", "TargetDomainName", "TargetLogonId"]),
    (
        &[4648],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "LogonGuid",
            "TargetUserName",
            "TargetDomainName",
            "TargetLogonGuid",
            "TargetServerName",
            "TargetInfo",
            "ProcessId",
            "ProcessName",
            "IpAddress",
            "IpPort",
        ],
    ),
    (
        &[4672],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "PrivilegeList",
        ],
    ),
    (
        &[4768],
        names![
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "ServiceName",
            "ServiceSid",
            "TicketOptions",
            "Status",
            "TicketEncryptionType",
            "PreAuthType",
            "IpAddress",
            "IpPort",
        ],
    ),
    (
        &[4769],
        names![
            "TargetUserName",
            "TargetDomainName",
            "ServiceName",
            "ServiceSid",
            "TicketOptions",
            "TicketEncryptionType",
            "IpAddress",
            "IpPort",
            "Status",
            "LogonGuid",
            "TransmittedServices",
        ],
    ),
    (
        &[4771],
        names![
            "TargetUserName",
            "TargetSid",
            "ServiceName",
            "TicketOptions",
            "Status",
            "PreAuthType",
            "IpAddress",
            "IpPort",
        ],
    ),
    (&[4776], names!["PackageName", "TargetUserName", "Workstation", "Status"]),
    (
        &[4688],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "NewProcessId",
            "NewProcessName",
            "TokenElevationType",
            "ProcessId",
            "CommandLine",
            "TargetUserSid",
            "TargetUserName",
            "TargetDomainName",
            "TargetLogonId",
            "ParentProcessName",
            "MandatoryLabel",
        ],
    ),
    (
        &[4689],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "Status",
            "ProcessId",
            "ProcessName",
        ],
    ),
    (
        &[4697],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "ServiceName",
            "ServiceFileName",
            "ServiceType",
            "ServiceStartType",
            "ServiceAccount",
        ],
    ),
    (
        &[4698, 4699, 4700, 4701, 4702],
        names![
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
            "TaskName",
            "TaskContent",
        ],
    ),
    (
        &[4720, 4722, 4723, 4724, 4725, 4726, 4741, 4743],
        names![
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
        ],
    ),
    (
        &[4738],
        names![
            "Dummy",
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
        ],
    ),
    (
        &[4728, 4729, 4732, 4733, 4756, 4757],
        names![
            "MemberName",
            "MemberSid",
            "TargetUserName",
            "TargetDomainName",
            "TargetSid",
            "SubjectUserSid",
            "SubjectUserName",
            "SubjectDomainName",
            "SubjectLogonId",
        ],
    ),
];
