//! What the command understands.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

/// Finds out what a cyber campaign did to your people, with proof.
///
/// Reads mailboxes, logs and a partner's indicators; says who was hit, when
/// and how far, each statement cited to bytes. Works offline and never
/// contacts anybody.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make openly synthetic evidence, investigate it, and say how it scored
    #[command(after_help = "Examples:
  clarte demo
  clarte demo --people 200 --days 90 --seed 7 --case /tmp/demo
  clarte demo --seed 2 --json | jq .victims")]
    Demo(Demo),
    /// Find out who was hit: the main job, in one go and again at will
    #[command(after_help = "Examples:
  clarte investigate mailboxes/ proxy.log.gz zeek/ --intel partner.csv
  clarte investigate evidence/ --intel stix.json --people people.csv --lang fr
  clarte investigate more-logs/ --case clarte-case      adds to the same case
  clarte investigate --intel new.csv --case clarte-case  new indicators, same evidence
  clarte investigate mail.log --zone postfix=Europe/Brussels
  clarte investigate vpn.csv --mapping vpn.toml          a log of a format of your own

Evidence is recognised by content; `clarte formats` lists what can be read.
gzip, zstd, bzip2, xz, zip, tar and PST are opened in passing.
The answer is in CASE/out/extent.json.")]
    Investigate(Investigate),
    /// Ask a case with SQL; nothing can be changed
    #[command(after_help = "Examples:
  clarte query \"select host, count(*) from http group by host\"
  clarte query \"select e.path, d.time, d.src_endpoint_ip, d.query_hostname
                from dns d join evidence e on e.number = d.evidence_number
                where d.query_hostname = 'img.example.org'\"
  clarte query sources                      a named query; `clarte tables` lists them
  clarte query hours --csv > hours.csv
  clarte query \"select * from observable where type = 'ip'\" --json --case my-case

Tables and columns: clarte tables")]
    Query(Query),
    /// List the formats that can be read, and what each is good for
    #[command(after_help = "Examples:
  clarte formats
  clarte formats --json
  clarte formats --mapping vpn.toml          checks a mapping, shows what it reads
  clarte formats --mapping vpn.toml vpn.csv  and what it makes of a file
  clarte formats --case clarte-case          also the mappings that a case remembers

The fields that a mapping can name: clarte tables CLASS")]
    Formats(Formats),
    /// List the tables, columns and named queries that `query` knows
    #[command(after_help = "Examples:
  clarte tables
  clarte tables dns
  clarte tables --json")]
    Tables(Tables),
    /// Print the JSON Schema of an answer
    #[command(after_help = "Examples:
  clarte schema extent > extent.schema.json
  clarte schema attribution > attribution.schema.json")]
    Schema(Schema),
    /// Judge one strange message, or find what deserves attention in a mailbox
    #[command(after_help = "Examples:
  clarte check strange.eml                       one message, in plain words
  clarte check --lang fr --html page.html strange.eml
  clarte check --context my.mbox strange.eml     also whether the sender is new to you
  clarte check my.mbox                           what deserves attention, worst first
  clarte check --resume done.jsonl Maildir/      goes on where it was interrupted
  clarte check --json folder/ | jq .verdict      one line for each message
  cat strange.eml | clarte check

Everything happens on this machine: nothing is fetched, nothing is sent, and the
command forbids itself the network where the system can (Linux). It exits with 1 if
something deserves attention, with 0 if none of the known signs was found; that never
means that a message is harmless.")]
    Check(Check),
    /// Weigh who answers for it: groups, entities and states apart, with reasons
    #[command(after_help = "Examples:
  clarte attribute --case clarte-case                  after `clarte investigate`
  clarte attribute --case clarte-case --items graded.toml --grade \"Partner CERT=B\"
  clarte attribute --case clarte-case --without \"Partner CERT\"   what remains without it
  clarte attribute --observed '{\"techniques\": [\"T1566.002\"], \"software\": [\"S0154\"]}'
  clarte attribute --observed seen.json --kb enterprise-attack.json --json | jq .hypotheses[0]
  clarte attribute --case clarte-case --close \"Spring 2021\"   for --kb-add in other cases

Resemblance of techniques is a lead, not proof: without a tangible link (infrastructure,
code, accounts, a well graded statement) nothing is published above *roughly even chance*.
Items are TOML, see docs/guides/grade-evidence.md. Knowledge is STIX 2 (such as ATT&CK's),
a MISP galaxy or a file of --close, plain or compressed; without --kb what is built in.
The case's answer is in CASE/out/attribution.json.")]
    Attribute(Attribute),
    /// Write what is handed out: whom to tell first, and a letter to each
    #[command(after_help = "Examples:
  clarte dossier --case clarte-case --for victim                  the list, then the letters
  clarte dossier --case clarte-case --for victim --lang nl > letters.txt
  clarte dossier --case clarte-case --for victim --format html --out letters/
  clarte dossier --case clarte-case --for victim --format json | jq .people[0]

The list is for those who do the telling: it names several people and warns where
a mailbox must not be used. Each letter speaks of one person alone, in the language
that the list of people gives, else in that of --lang. A people.csv may have columns
phone, signal, other_email or address beside those that `investigate` uses.
HTML has a page for the list (notify.html) and one for each letter (letter-….html).")]
    Dossier(Dossier),
    /// Check a case offline: custody log, answer, cited evidence
    #[command(after_help = "Examples:
  clarte verify clarte-case
  clarte verify clarte-case --evidence .      also hashes the evidence again")]
    Verify(Verify),
}

/// `clarte demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many people work at the made institution
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(3..=200_000))]
    pub(crate) people: u32,
    /// How many days the evidence covers
    #[arg(long, default_value_t = 45, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub(crate) days: u32,
    /// What decides everything else; the same seed makes the same bytes
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Make this many lures of fake journalists instead, check each, and say
    /// how many were recognised
    #[arg(long, value_name = "N", conflicts_with_all = ["people", "days"])]
    pub(crate) lures: Option<usize>,
    /// Plant the lures into your own innocent mail: files or folders of single
    /// messages
    #[arg(long, value_name = "PATH", requires = "lures", num_args = 1..)]
    pub(crate) ham: Vec<PathBuf>,
    /// Where to put it [default: clarte-demo-SEED]
    #[arg(long, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// `clarte investigate`.
#[derive(Debug, Args)]
pub(crate) struct Investigate {
    /// Files and folders of any mixture
    ///
    /// May be left out where the case has evidence already.
    #[arg(value_name = "EVIDENCE")]
    pub(crate) evidence: Vec<PathBuf>,
    /// What to look for: STIX 2, MISP, CSV, plain lists; files or folders
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) intel: Vec<PathBuf>,
    /// A list of people: email, and maybe name, roles, accounts, host, lang
    #[arg(long, value_name = "CSV")]
    pub(crate) people: Option<PathBuf>,
    /// The case's folder
    #[arg(long, value_name = "DIR", default_value = "clarte-case")]
    pub(crate) case: PathBuf,
    /// Who answers for it in the custody log [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Go on without evidence whose records were lost and that cannot be had
    /// any more; the custody log and the answer name it
    #[arg(long)]
    pub(crate) accept_loss: bool,
    /// The zone of a source that writes local time, such as
    /// postfix=Europe/Brussels; the case remembers it
    #[arg(long, value_name = "SOURCE=ZONE")]
    pub(crate) zone: Vec<String>,
    /// How to read a CSV or JSON log that no format knows: a mapping file, see
    /// docs/guides/read-another-log.md; the case remembers it
    #[arg(long, value_name = "TOML")]
    pub(crate) mapping: Vec<PathBuf>,
    /// How much memory records may take on their way into the case, such as
    /// 64M or 1G [default: 128M]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<usize>,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Reads a size such as `128M`.
fn size(text: &str) -> Result<usize, String> {
    let text = text.trim_end_matches(['b', 'B']).trim_end_matches('i');
    let (digits, unit) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'm' | 'M')) => (&text[..at], 1 << 20),
        Some((at, 'g' | 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1),
    };
    let number: usize = digits.trim().parse().map_err(|_| "expected a size such as 128M")?;
    let bytes = number.checked_mul(unit).ok_or("too large")?;
    let least = clarte_case::LEAST_MEMORY;
    if bytes < least { Err(format!("at least {}M is needed", least >> 20)) } else { Ok(bytes) }
}

/// `clarte query`.
#[derive(Debug, Args)]
pub(crate) struct Query {
    /// One SELECT, or the name of a named query
    pub(crate) sql: String,
    /// The case's folder
    #[arg(long, value_name = "DIR", default_value = "clarte-case")]
    pub(crate) case: PathBuf,
    /// One JSON object a line
    #[arg(long, conflicts_with = "csv")]
    pub(crate) json: bool,
    /// CSV with a header
    #[arg(long)]
    pub(crate) csv: bool,
    /// How much memory the query may take before it spills to disk
    /// [default: 512M]
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<usize>,
}

/// `clarte formats`.
#[derive(Debug, Args)]
pub(crate) struct Formats {
    /// Files to look at with the mappings, without a case
    #[arg(value_name = "EVIDENCE", requires = "mapping")]
    pub(crate) evidence: Vec<PathBuf>,
    /// Check a mapping file and show what it reads
    #[arg(long, value_name = "TOML")]
    pub(crate) mapping: Vec<PathBuf>,
    /// Show the mappings that a case remembers as well
    #[arg(long, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
}

/// `clarte tables`.
#[derive(Debug, Args)]
pub(crate) struct Tables {
    /// One table alone
    pub(crate) table: Option<String>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// How to answer.
#[derive(Debug, Args)]
pub(crate) struct Output {
    /// The language of the summary
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
    /// Print the answer as JSON instead of the summary
    #[arg(long)]
    pub(crate) json: bool,
    /// Say how long each step took
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// `clarte schema`.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which answer
    #[arg(value_enum)]
    pub(crate) answer: Answer,
}

/// The answers that have a schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Answer {
    /// `CASE/out/extent.json`
    Extent,
    /// `CASE/out/attribution.json`, and what `attribute --json` prints
    Attribution,
}

/// `clarte attribute`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["case", "observed"]))]
pub(crate) struct Attribute {
    /// The case's folder
    #[arg(long, value_name = "DIR")]
    pub(crate) case: Option<PathBuf>,
    /// What was observed, instead of a case: a file, `-` for standard input, or the
    /// JSON itself, such as {"techniques": ["T1566.002"], "software": [], "when": "2021-01"}
    #[arg(long, value_name = "JSON")]
    pub(crate) observed: Option<PathBuf>,
    /// Knowledge of actors in place of what is built in
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) kb: Vec<PathBuf>,
    /// Knowledge of actors beside it
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) kb_add: Vec<PathBuf>,
    /// Items of evidence that people wrote and graded
    #[arg(long, value_name = "TOML", num_args = 1..)]
    pub(crate) items: Vec<PathBuf>,
    /// How reliable a source of the case's intelligence is, from A to F, and perhaps
    /// how credible what it says, from 1 to 6
    #[arg(long, value_name = "SOURCE=B2", value_parser = graded, requires = "case")]
    pub(crate) grade: Vec<(String, clarte_case::SourceGrade)>,
    /// How probable an actor is that nobody knows, before anything is seen
    /// [default: 0.1]
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) unknown: Option<f64>,
    /// Leave out an item, a technique, software, or all that a source says, to see
    /// what remains; the case's answer stays as it is
    #[arg(long, value_name = "ID|SOURCE", num_args = 1..)]
    pub(crate) without: Vec<String>,
    /// Instead of an answer write the case's campaign as knowledge, under this name
    #[arg(long, value_name = "NAME", requires = "case", conflicts_with_all = ["items", "without", "grade", "unknown", "json"])]
    pub(crate) close: Option<String>,
    /// Who answers for it in the custody log [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// The language; so far English whatever is asked
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
    /// Print the answer as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// How many hypotheses the table shows
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) top: usize,
}

/// Reads a grade of a source such as `Partner CERT=B2`.
fn graded(text: &str) -> Result<(String, clarte_case::SourceGrade), String> {
    let parts = text.rsplit_once('=').map(|(source, grade)| (source.trim(), grade));
    let parts = parts.filter(|(source, _)| !source.is_empty());
    let graded = parts.and_then(|(source, grade)| {
        Some((source.to_owned(), clarte_case::SourceGrade::parse(grade)?))
    });
    graded.ok_or_else(|| "expected SOURCE=B or SOURCE=B2".to_owned())
}

/// Reads a probability that leaves room for either side.
fn probability(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number such as 0.1")?;
    let is_one = number > 0.0 && number < 1.0;
    if is_one { Ok(number) } else { Err("expected a number between 0 and 1".to_owned()) }
}

/// `clarte dossier`.
#[derive(Debug, Args)]
pub(crate) struct Dossier {
    /// The case's folder
    #[arg(long, value_name = "DIR", default_value = "clarte-case")]
    pub(crate) case: PathBuf,
    /// Who reads it; so far `victim` alone
    #[arg(long = "for", value_enum, value_name = "READER")]
    pub(crate) reader: Reader,
    /// The language of the list, and of letters to those of whom none is known
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
    /// How it is written; so far text, html and json
    #[arg(long, value_enum, default_value_t = Form::Text)]
    pub(crate) format: Form,
    /// Where to write it: a folder for html, else a file [default: standard output]
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
}

/// Who reads a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reader {
    /// A prosecutor (later)
    Prosecutor,
    /// A ministry of foreign affairs (later)
    Ministry,
    /// A working party of the EU (later)
    Eu,
    /// The people whom the campaign reached, and those who tell them
    Victim,
}

/// How a dossier is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Plain text, each letter on a page of its own
    Text,
    /// Pages that need nothing else, in a folder
    Html,
    /// The list, for a program
    Json,
    /// PDF (later)
    Pdf,
    /// STIX (later)
    Stix,
}

/// `clarte check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Messages (EML, MSG, one attached to another), mailboxes (mbox, Maildir,
    /// PST), folders; `-` or nothing for standard input
    #[arg(value_name = "MAIL")]
    pub(crate) mails: Vec<PathBuf>,
    /// The language of the answer
    #[arg(long, value_enum, default_value_t = Lang::En)]
    pub(crate) lang: Lang,
    /// One JSON object for each message
    #[arg(long)]
    pub(crate) json: bool,
    /// Write a page that prints and can be read on a telephone
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// A mailbox that tells whom you know; it is not judged itself
    #[arg(long, value_name = "MAILBOX")]
    pub(crate) context: Vec<PathBuf>,
    /// Judge every message by itself, and learn nothing from the others
    #[arg(long, conflicts_with = "context")]
    pub(crate) alone: bool,
    /// Your own address; found in the mailbox if it is not named
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) me: Vec<String>,
    /// More newspapers and institutions: CSV with name, kind, aliases, domains
    #[arg(long, value_name = "CSV")]
    pub(crate) outlets: Vec<PathBuf>,
    /// Note here what is done, and go on from there after an interruption
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Do not look for codes to scan in pictures: quicker
    #[arg(long)]
    pub(crate) skip_pictures: bool,
    /// Threads to judge with [default: one for each core]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) threads: usize,
}

/// `clarte verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The case's folder
    pub(crate) case: PathBuf,
    /// Where the evidence lies: the parent folder of what was investigated
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
}

/// Languages, as `--lang` takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    /// English
    En,
    /// français
    Fr,
    /// Nederlands
    Nl,
    /// Deutsch
    De,
}

impl From<Lang> for clarte_language::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Fr => Self::Fr,
            Lang::Nl => Self::Nl,
            Lang::De => Self::De,
        }
    }
}
