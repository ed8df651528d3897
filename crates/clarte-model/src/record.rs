//! Records: one event read from evidence, with OCSF 1.8 names.
//!
//! A record is sparse: a class, a time, a span and the fields that its source
//! wrote. The list of fields below is the only place that names a column; the
//! lake makes its schema from it and the documentation its table.
//! Spec: <https://schema.ocsf.io/1.8.0/>.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::{EvidenceId, Moment};

/// What kind of event, after OCSF's classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A message in a mailbox (`email_activity`, 4009).
    Email,
    /// A mail server's act on a message (`email_activity`, 4009, as a trace).
    Delivery,
    /// An HTTP request, seen by a proxy or on the wire (`http_activity`, 4002).
    Http,
    /// A name look-up (`dns_activity`, 4003).
    Dns,
    /// A TLS handshake (`network_activity`, 4001, with its `tls` object).
    Tls,
    /// A connection or flow (`network_activity`, 4001).
    Network,
    /// An address lease (`dhcp_activity`, 4004).
    Dhcp,
    /// A person in a list of people (`user_inventory_info`, 5003).
    Person,
    /// A sign-in to a machine or a service, or an attempt (`authentication`,
    /// 3002).
    Authentication,
    /// An act in a service, as its audit log tells it (`api_activity`, 6003).
    Api,
    /// A process started or ended (`process_activity`, 1007).
    Process,
    /// A service of a machine was installed, changed or started
    /// (`win/windows_service_activity`, 201004).
    Service,
    /// A scheduled task was made, changed or run (`scheduled_job_activity`,
    /// 1006).
    Job,
    /// A log was cleared or stopped (`event_log_activity`, 1008).
    EventLog,
    /// Anything else (`base_event`, 0), kept whole in `unmapped`.
    Other,
}

impl Class {
    /// Every class, in the order of declaration.
    pub const ALL: &[Self] = &[
        Self::Email,
        Self::Delivery,
        Self::Http,
        Self::Dns,
        Self::Tls,
        Self::Network,
        Self::Dhcp,
        Self::Person,
        Self::Authentication,
        Self::Api,
        Self::Process,
        Self::Service,
        Self::Job,
        Self::EventLog,
        Self::Other,
    ];

    /// Our stable name for the class: a table's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Delivery => "delivery",
            Self::Http => "http",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Network => "network",
            Self::Dhcp => "dhcp",
            Self::Person => "person",
            Self::Authentication => "authentication",
            Self::Api => "api",
            Self::Process => "process",
            Self::Service => "service",
            Self::Job => "job",
            Self::EventLog => "event_log",
            Self::Other => "other",
        }
    }

    /// OCSF's `class_uid`.
    pub fn uid(self) -> u32 {
        match self {
            Self::Email | Self::Delivery => 4009,
            Self::Http => 4002,
            Self::Dns => 4003,
            Self::Tls | Self::Network => 4001,
            Self::Dhcp => 4004,
            Self::Person => 5003,
            Self::Authentication => 3002,
            Self::Api => 6003,
            Self::Process => 1007,
            Self::Service => 201_004,
            Self::Job => 1006,
            Self::EventLog => 1008,
            Self::Other => 0,
        }
    }
}

/// What kind of source a record comes from: the unit of coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Mailboxes.
    Mail,
    /// Mail servers' logs and traces.
    Mta,
    /// Web proxies' logs.
    Proxy,
    /// HTTP seen on the wire.
    Http,
    /// Name look-ups.
    Dns,
    /// TLS handshakes.
    Tls,
    /// Connections and flows.
    Flow,
    /// Address leases.
    Dhcp,
    /// Sign-ins.
    Signin,
    /// Audit logs of services.
    Audit,
    /// Logs of a host's own system.
    Host,
    /// Lists of people; no source of events, so never in coverage.
    People,
    /// Records of a kind that no question asks yet.
    Other,
}

impl Source {
    /// Every source, in the order of declaration.
    pub const ALL: &[Self] = &[
        Self::Mail,
        Self::Mta,
        Self::Proxy,
        Self::Http,
        Self::Dns,
        Self::Tls,
        Self::Flow,
        Self::Dhcp,
        Self::Signin,
        Self::Audit,
        Self::Host,
        Self::People,
        Self::Other,
    ];

    /// The source's name, as in `coverage`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Mta => "mta",
            Self::Proxy => "proxy",
            Self::Http => "http",
            Self::Dns => "dns",
            Self::Tls => "tls",
            Self::Flow => "flow",
            Self::Dhcp => "dhcp",
            Self::Signin => "signin",
            Self::Audit => "audit",
            Self::Host => "host",
            Self::People => "people",
            Self::Other => "other",
        }
    }
}

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// UTF-8 text.
    Text,
    /// A signed 64-bit integer.
    Integer,
    /// A list of UTF-8 texts.
    Texts,
}

macro_rules! fields {
    ($($variant:ident $name:literal $kind:ident $ocsf:literal $meaning:literal,)*) => {
        /// A column. The column's name is the OCSF path with `_` for `.`;
        /// names that OCSF lacks are marked `clarte:` in [`Field::ocsf`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $meaning] $variant,)*
        }

        impl Field {
            /// Every field, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The column's name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// How the field is typed.
            pub fn field_type(self) -> FieldType {
                match self { $(Self::$variant => FieldType::$kind,)* }
            }

            /// The OCSF 1.8 path, or `clarte:…` where OCSF has none.
            pub fn ocsf(self) -> &'static str {
                match self { $(Self::$variant => $ocsf,)* }
            }

            /// What it holds and in which unit.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

fields! {
    SrcIp "src_endpoint_ip" Text "src_endpoint.ip" "IP address of the side that asked.",
    SrcPort "src_endpoint_port" Integer "src_endpoint.port" "Port of the side that asked.",
    SrcHostname "src_endpoint_hostname" Text "src_endpoint.hostname" "Host name of the side that asked, as it gave it (DHCP) or as found for it (mail server).",
    SrcMac "src_endpoint_mac" Text "src_endpoint.mac" "Hardware address of the side that asked, lower case with colons.",
    DstIp "dst_endpoint_ip" Text "dst_endpoint.ip" "IP address of the side that was asked.",
    DstPort "dst_endpoint_port" Integer "dst_endpoint.port" "Port of the side that was asked.",
    DstHostname "dst_endpoint_hostname" Text "dst_endpoint.hostname" "Host asked for, normalised: of a URL, CONNECT, TLS SNI or next mail hop.",
    UserName "actor_user_name" Text "actor.user.name" "Account name of who asked, as the source wrote it.",
    UserEmail "actor_user_email_addr" Text "actor.user.email_addr" "E-mail address of a person, normalised.",
    UserFullName "actor_user_full_name" Text "actor.user.full_name" "A person's name.",
    UserRoles "actor_user_groups" Texts "actor.user.groups" "A person's roles.",
    UserAccounts "actor_user_accounts" Texts "clarte:user.accounts" "A person's account names: proxy, directory, cloud.",
    UserHosts "actor_user_hosts" Texts "clarte:user.hosts" "A person's machines: host names or IP addresses.",
    UserLang "actor_user_lang" Text "clarte:user.lang" "A person's language, as a BCP 47 tag.",
    ConnectionUid "connection_info_uid" Text "connection_info.uid" "The sensor's own id for the connection.",
    Protocol "connection_info_protocol_name" Text "connection_info.protocol_name" "Transport protocol, lower case.",
    ConnectionState "connection_info_state" Text "clarte:connection_info.state" "How the connection ended, in the sensor's own code (Zeek conn_state).",
    BytesOut "traffic_bytes_out" Integer "traffic.bytes_out" "Payload bytes from the side that asked.",
    BytesIn "traffic_bytes_in" Integer "traffic.bytes_in" "Payload bytes to the side that asked.",
    Duration "duration" Integer "duration" "Duration in nanoseconds.",
    HttpMethod "http_request_http_method" Text "http_request.http_method" "Request method, such as GET or CONNECT.",
    HttpUrl "http_request_url_url_string" Text "http_request.url.url_string" "The URL asked for, as logged; absolute wherever the source allows.",
    HttpUserAgent "http_request_user_agent" Text "http_request.user_agent" "The User-Agent header.",
    HttpReferrer "http_request_referrer" Text "http_request.referrer" "The Referer header.",
    HttpStatus "http_response_code" Integer "http_response.code" "Status code of the answer; 0 where none came.",
    DnsQuery "query_hostname" Text "query.hostname" "The name looked up, normalised.",
    DnsType "query_type" Text "query.type" "Resource record type asked for, such as A.",
    DnsRcode "rcode" Text "rcode" "Response code, such as NOERROR.",
    DnsAnswers "answers_rdata" Texts "answers.rdata" "The answers' data, in order.",
    TlsVersion "tls_version" Text "tls.version" "TLS version.",
    TlsEstablished "tls_established" Integer "clarte:tls.established" "1 if the handshake was completed, 0 if not.",
    LeaseDuration "lease_dur" Integer "lease_dur" "Lease time in seconds.",
    LeasedIp "lease_ip" Text "clarte:lease.ip" "The address leased.",
    MailFrom "email_from" Text "email.from" "Address of the From header, normalised.",
    MailFromName "email_from_name" Text "clarte:email.from_name" "Display name of the From header.",
    MailReplyTo "email_reply_to" Text "email.reply_to" "Address of the Reply-To header, normalised.",
    MailTo "email_to" Texts "email.to" "Addressees of To and Cc, or a log's recipients, normalised.",
    MailSubject "email_subject" Text "email.subject" "The subject, decoded.",
    MailMessageId "email_message_uid" Text "email.message_uid" "The Message-ID without angle brackets.",
    MailEnvelopeFrom "email_smtp_from" Text "email.smtp_from" "Envelope sender, normalised.",
    MailOwner "email_delivered_to" Text "email.delivered_to" "Owner by the message itself: topmost Delivered-To, else X-Original-To, else a sole To.",
    MailIps "email_received_ips" Texts "clarte:email.received_ips" "Public IP addresses of the Received chain, topmost first, then X-Originating-IP.",
    MailMailer "email_x_mailer" Text "clarte:email.x_mailer" "X-Mailer, User-Agent or X-PHP-Originating-Script, as written.",
    MailBulk "email_is_bulk" Integer "clarte:email.is_bulk" "1 if List-Id, List-Unsubscribe or a bulk Precedence marks a mailing.",
    MailReply "email_is_reply" Integer "clarte:email.is_reply" "1 if In-Reply-To or References says that it answers or forwards.",
    MailDepth "email_depth" Integer "clarte:email.depth" "0 for a message, 1 for one attached to a message, and so on.",
    MailReferences "email_references" Texts "clarte:email.references" "Remote references, each a JSON object (see `reference`).",
    MailTemplate "email_template" Texts "clarte:email.template" "Hashes of the text's sentences without names, numbers and addresses: what a mail merge leaves alike.",
    MailAttachments "email_files_hashes" Texts "email.files.hashes" "Hashes of attached files, `algorithm:hex`.",
    MailAttachmentNames "email_files_name" Texts "email.files.name" "Names of attached files.",
    MailReceived "email_received_basis" Text "clarte:email.received_basis" "What the time rests on: `received`, `mbox-separator`, `delivery-date`, or `none`.",
    QueueId "email_queue_uid" Text "clarte:email.queue_uid" "The mail server's queue id.",
    Reporter "metadata_reporter_hostname" Text "metadata.reporter.hostname" "The machine that wrote the line.",
    Status "status" Text "status" "The outcome. Of a delivery: queued, delivered, relayed, deferred, bounced, rejected, expired, filtered, removed, pending, unknown; of a sign-in or act: success, failure, unknown.",
    StatusDetail "status_detail" Text "status_detail" "The outcome in the source's own words.",
    NextQueueId "email_next_queue_uid" Text "clarte:email.next_queue_uid" "The queue id under which the next hop took the message over.",
    DeviceHostname "device_hostname" Text "device.hostname" "The machine on which it happened, as the source names it.",
    TargetUser "user_name" Text "user.name" "The account that signed in or was acted on, where it is another than who asked.",
    TargetDomain "user_domain" Text "user.domain" "The directory or domain of that account.",
    UserDomain "actor_user_domain" Text "actor.user.domain" "The directory or domain of the account that asked.",
    SessionUid "session_uid" Text "session.uid" "The session's id: a logon id (Windows) or a session id (cloud).",
    LogonType "logon_type" Text "logon_type" "How somebody signed in: interactive, network, batch, service, unlock, network-cleartext, new-credentials, remote-interactive, cached-interactive; for clouds interactive, non-interactive, service-principal, managed-identity.",
    ServiceName "service_name" Text "service.name" "The service signed in to or acted in, or a machine's service.",
    AppName "actor_app_name" Text "actor.app_name" "The application that asked.",
    AppUid "actor_app_uid" Text "actor.app_uid" "The application's id.",
    ApiOperation "api_operation" Text "api.operation" "The act, in the service's own word.",
    ResourceNames "resources_name" Texts "resources.name" "What was acted on: rules, folders, files, sites, tasks, applications.",
    ResourceUids "resources_uid" Texts "resources.uid" "Ids of what was acted on; for mail its Message-IDs without angle brackets.",
    ProcessPath "process_file_path" Text "process.file.path" "The program's file.",
    ProcessCommandLine "process_cmd_line" Text "process.cmd_line" "The command line.",
    ProcessHashes "process_file_hashes" Texts "process.file.hashes" "Hashes of the program's file, `algorithm:hex`.",
    ProcessParentPath "process_parent_process_file_path" Text "process.parent_process.file.path" "The program that started it.",
    JobName "job_name" Text "job.name" "The scheduled task's name.",
    EventCode "metadata_event_code" Text "metadata.event_code" "The source's own code for the kind of event, such as a Windows event id.",
    EventUid "metadata_uid" Text "metadata.uid" "The source's own id for this very event, by which overlapping exports are joined.",
    Sequence "metadata_sequence" Integer "metadata.sequence" "The event's number in its log, or of an exported row in its search: holes are lost or deleted events.",
    SequenceOf "metadata_sequence_count" Integer "clarte:metadata.sequence_count" "How many rows the search found that gave this one.",
    Channel "metadata_log_provider" Text "metadata.log_provider" "The log's own name or channel, such as Security.",
    LogName "metadata_log_name" Text "metadata.log_name" "The format's name, as in `intake`.",
    Unmapped "unmapped" Text "unmapped" "What has no column, as a JSON object.",
}

impl Field {
    /// The field's own bit.
    #[inline]
    fn bit(self) -> u128 {
        1 << self as u32
    }
}

/// A field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// UTF-8 text.
    Text(Cow<'a, str>),
    /// A number.
    Integer(i64),
    /// Several texts.
    Texts(Vec<Cow<'a, str>>),
}

/// One event read from evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// What kind of event.
    pub class: Class,
    /// What kind of source.
    pub source: Source,
    /// When it happened; `None` where the source does not let us know.
    pub time: Option<Moment>,
    /// First byte, in the innermost decompressed stream.
    pub offset: u64,
    /// Number of bytes.
    pub length: u64,
    /// Tells apart records with one offset, such as a mail and the mail at its
    /// very beginning.
    pub index: u32,
    /// A bit for each field that has a value.
    known: u128,
    fields: Vec<(Field, Value<'a>)>,
}

/// `Record::known` has a bit for every field.
const _: () = assert!(Field::ALL.len() <= u128::BITS as usize);

impl<'a> Record<'a> {
    /// A record without time and fields.
    pub fn new(class: Class, source: Source, offset: u64, length: u64) -> Self {
        let fields = Vec::with_capacity(16);
        Self { class, source, time: None, offset, length, index: 0, known: 0, fields }
    }

    /// Makes it a new record of the same class and source, without time and
    /// fields. Who reads a million rows allocates for one.
    pub fn renew(&mut self, offset: u64, length: u64) {
        (self.time, self.index, self.known) = (None, 0, 0);
        (self.offset, self.length) = (offset, length);
        self.fields.clear();
    }

    /// Sets a text; an empty one is no value.
    // Inlined, as the setters below, so that the value is written where it
    // stays: moving it there by way of the stack takes longer than the rest.
    #[inline(always)]
    pub fn text(&mut self, field: Field, text: impl Into<Cow<'a, str>>) -> &mut Self {
        debug_assert_eq!(field.field_type(), FieldType::Text, "{field:?}");
        let text = text.into();
        if !text.is_empty() {
            self.set(field, Value::Text(text));
        }
        self
    }

    /// Sets a number.
    #[inline(always)]
    pub fn integer(&mut self, field: Field, number: i64) -> &mut Self {
        debug_assert_eq!(field.field_type(), FieldType::Integer, "{field:?}");
        self.set(field, Value::Integer(number));
        self
    }

    /// Sets a list; an empty one is no value.
    pub fn texts<T: Into<Cow<'a, str>>>(
        &mut self,
        field: Field,
        texts: impl IntoIterator<Item = T>,
    ) -> &mut Self {
        debug_assert_eq!(field.field_type(), FieldType::Texts, "{field:?}");
        let texts: Vec<_> = texts.into_iter().map(Into::into).collect();
        if !texts.is_empty() {
            self.set(field, Value::Texts(texts));
        }
        self
    }

    #[inline(always)]
    fn set(&mut self, field: Field, value: Value<'a>) {
        let bit = field.bit();
        if self.known & bit == 0 {
            self.known |= bit;
            self.fields.push((field, value));
        } else {
            self.replace(field, value);
        }
    }

    #[cold]
    fn replace(&mut self, field: Field, value: Value<'a>) {
        if let Some(slot) = self.fields.iter_mut().find(|(known, _)| *known == field) {
            slot.1 = value;
        }
    }

    /// The fields that have a value.
    pub fn fields(&self) -> &[(Field, Value<'a>)] {
        &self.fields
    }

    /// The value of `field`.
    pub fn get(&self, field: Field) -> Option<&Value<'a>> {
        if self.known & field.bit() == 0 {
            return None;
        }
        self.fields.iter().find(|(known, _)| *known == field).map(|(_, value)| value)
    }

    /// The text of a text field.
    pub fn get_text(&self, field: Field) -> Option<&str> {
        match self.get(field)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a number field.
    pub fn get_integer(&self, field: Field) -> Option<i64> {
        match self.get(field)? {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The texts of a list field; none where it has no value.
    pub fn get_texts(&self, field: Field) -> impl Iterator<Item = &str> {
        let texts = match self.get(field) {
            Some(Value::Texts(texts)) => texts.as_slice(),
            _ => &[],
        };
        texts.iter().map(AsRef::as_ref)
    }
}

/// A record's id: a hash of its evidence, member, offset and index, so that it
/// is the same in every run and every order of reading.
pub fn record_id(evidence: &EvidenceId, member: Option<&str>, offset: u64, index: u32) -> u128 {
    let mut hash = Hasher::default();
    hash.write(&evidence.0);
    hash.write(member.unwrap_or_default().as_bytes());
    hash.write(&[0]);
    hash.write(&offset.to_be_bytes());
    hash.write(&index.to_be_bytes());
    hash.finish()
}

/// The first 128 bits of SHA-256: short ids that nobody can make collide.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds bytes.
    pub fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all bytes added.
    pub fn finish(self) -> u128 {
        let digest = self.0.finalize();
        digest.iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names: HashSet<_> = Field::ALL.iter().map(|field| field.as_str()).collect();
        assert_eq!(names.len(), Field::ALL.len());
    }

    #[test]
    fn a_field_holds_its_last_value_and_no_empty_one() {
        let mut record = Record::new(Class::Dns, Source::Dns, 0, 1);
        record.text(Field::DnsQuery, "a").text(Field::DnsQuery, "b").text(Field::SrcIp, "");
        record.texts(Field::DnsAnswers, ["1", "2"]).integer(Field::SrcPort, 53);
        assert_eq!(record.get_text(Field::DnsQuery), Some("b"));
        assert_eq!(record.get_text(Field::SrcIp), None);
        assert_eq!(record.get_integer(Field::SrcPort), Some(53));
        assert_eq!(record.get_texts(Field::DnsAnswers).collect::<Vec<_>>(), ["1", "2"]);
        record.renew(9, 3);
        assert_eq!(record, Record::new(Class::Dns, Source::Dns, 9, 3));
    }
}
