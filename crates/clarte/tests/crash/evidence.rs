//! A small piece of evidence in two parts, and intelligence in two parts. The
//! second of each comes later and changes the answer.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const ANNE: &str = "anne.dupont@office.example";
const BART: &str = "bart.claes@office.example";

/// When the lures arrive: 5 January 2021, 09:00 UTC.
const ARRIVAL: u64 = 1_609_837_200;

/// Writes both parts below a folder.
pub(crate) fn write(folder: &Path) {
    let parts = [
        ("evidence/first/mail/anne.mbox", mailbox(ANNE, "a1b2c3d4e5f60718")),
        ("evidence/first/people.csv", people()),
        ("evidence/first/http.log", http()),
        ("evidence/first/dns.log", dns()),
        ("evidence/second/mail/bart.mbox", mailbox(BART, "0f9e8d7c6b5a4938")),
        ("evidence/second/access.log", squid()),
        ("intel/first.txt", "# a partner's letter\nfake-press[.]example\n".to_owned()),
        ("intel/second.csv", "type,value\ndomain,other-press.example\n".to_owned()),
    ];
    for (name, text) in parts {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// Writes many small files, so that a run over them takes a while.
pub(crate) fn write_many(folder: &Path, count: usize) {
    fs::create_dir_all(folder).expect("a folder");
    for n in 0..count {
        fs::write(folder.join(format!("{n:04}.eml")), news(BART, n)).expect("a file");
    }
}

/// A lure with the owner's own beacon, and mails that are nobody's lure.
fn mailbox(owner: &str, token: &str) -> String {
    let mut mailbox = format!(
        "From x@y Tue Jan  5 09:00:00 2021\n\
         Received: from mail.fake-press.example ([203.0.113.77]) by mx.office.example;\n\
         \tTue, 5 Jan 2021 09:00:00 +0000\n\
         From: Claire <claire@fake-press.example>\nTo: {owner}\nSubject: Interview\n\
         Message-ID: <{token}@fake-press.example>\n\
         MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n\
         <p>Would you agree to a short telephone interview about your committee?</p>\n\
         <img src=\"http://img.fake-press.example/v/{token}.png\" width=1 height=1>\n\n"
    );
    for n in 0..5 {
        mailbox += &format!("From a@b Tue Jan  5 10:00:00 2021\n{}\n", news(owner, n));
    }
    mailbox
}

fn news(owner: &str, n: usize) -> String {
    let (hour, minute) = (10 + n / 60 % 12, n % 60);
    format!(
        "Received: from out.shop.example ([198.51.100.4]) by mx.office.example;\n\
         \tTue, 5 Jan 2021 {hour}:{minute:02}:00 +0000\n\
         From: Shop <news@shop.example>\nTo: {owner}\nSubject: Sale {n}\n\
         Message-ID: <sale.{n}.{owner}.shop.example>\n\
         Content-Type: text/html\n\n<p>Everything must go, part {n}.</p>\n"
    )
}

fn people() -> String {
    format!(
        "email,name,accounts,host\n{ANNE},Anne Dupont,adupont,10.0.0.1\n{BART},Bart Claes,bclaes,10.0.0.2\n"
    )
}

/// The head of a Zeek log of this kind, whose fields are given as `name:type`.
fn zeek(path: &str, fields: &str) -> String {
    let (names, types): (Vec<_>, Vec<_>) =
        fields.split(' ').filter_map(|field| field.split_once(':')).unzip();
    format!(
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n\
         #path\t{path}\n#fields\t{}\n#types\t{}\n",
        names.join("\t"),
        types.join("\t")
    )
}

/// Anne's machine fetches her beacon among much else.
fn http() -> String {
    let mut log = zeek(
        "http",
        "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port \
         method:string host:string uri:string user_agent:string status_code:count",
    );
    let mut line = |second: u64, address: &str, host: &str, uri: &str| {
        let at = ARRIVAL + second;
        writeln!(
            log,
            "{at}.000000\tC{second}\t{address}\t{}\t203.0.113.80\t80\tGET\t{host}\t{uri}\tMozilla/5.0\t200",
            40_000 + second % 9_000
        )
        .expect("memory");
    };
    for n in 0..300 {
        line(n * 20, "10.0.0.2", "www.news.example", &format!("/{n}"));
    }
    line(6_010, "10.0.0.1", "img.fake-press.example", "/v/a1b2c3d4e5f60718.png");
    log
}

fn dns() -> String {
    let mut log = zeek(
        "dns",
        "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port \
         proto:enum query:string qtype_name:string rcode_name:string answers:vector[string]",
    );
    for n in 0..300 {
        let (at, asked) = (ARRIVAL + n * 20, if n == 299 { "img.fake-press" } else { "www.news" });
        writeln!(
            log,
            "{at}.000000\tD{n}\t10.0.0.1\t50000\t10.0.0.53\t53\tudp\t{asked}.example\tA\tNOERROR\t203.0.113.80"
        )
        .expect("memory");
    }
    log
}

/// Bart's account fetches his beacon through the proxy.
fn squid() -> String {
    let mut log = String::new();
    let mut line = |second: u64, url: &str| {
        let at = ARRIVAL + second;
        writeln!(
            log,
            "{at}.000     45 10.0.0.2 TCP_MISS/200 512 GET {url} bclaes HIER_DIRECT/203.0.113.80 image/png"
        )
        .expect("memory");
    };
    for n in 0..200 {
        line(n * 30, &format!("http://www.news.example/{n}"));
    }
    line(6_500, "http://img.fake-press.example/v/0f9e8d7c6b5a4938.png");
    log
}
