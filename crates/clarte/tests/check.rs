//! `clarte check` from end to end.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const LURE: &str = "Received: from out.desk.example (out.desk.example [192.0.2.9]) by mx.parl.example; Tue, 6 Jan 2026 10:00:00 +0100\r\n\
Authentication-Results: mx.parl.example; spf=pass smtp.mailfrom=desk.example; dkim=none\r\n\
From: \"Anna Invented (The Guardian)\" <anna@theguardian.com.desk.example>\r\n\
To: Eva <eva@parl.example>\r\nSubject: Request for an interview\r\nMessage-ID: <1@desk.example>\r\n\
Content-Type: text/html; charset=utf-8\r\n\r\n\
<p>Dear Eva,</p><p>I am a journalist and would like to interview you on human rights before tonight.</p>\
<p>Kind regards<br>Anna</p><img src=\"http://img.desk.example/o/ZXZhQHBhcmwuZXhhbXBsZQ.gif\" width=1 height=1>\r\n";

const LETTER: &str = "From: Jan <jan@a.example>\r\nTo: eva@parl.example\r\nSubject: minutes\r\n\
Message-ID: <2@a.example>\r\n\r\nHello Eva,\r\n\r\nhere are the minutes.\r\n";

fn clarte() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clarte"));
    command.arg("check").stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().expect("the command runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the command writes UTF-8");
    (status.code().expect("nothing killed it"), text(stdout), text(stderr))
}

fn write(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).expect("a folder to write into");
    path
}

#[test]
fn a_lure_is_told_in_every_language_with_three_steps_and_no_false_comfort() {
    let folder = tempfile::tempdir().unwrap();
    let lure = write(folder.path(), "lure.eml", LURE);
    for (lang, headline) in [
        ("en", "Treat this message as dangerous"),
        ("fr", "Considérez ce message"),
        ("nl", "Behandel dit bericht"),
        ("de", "Behandeln Sie diese Nachricht"),
    ] {
        let (code, text, stderr) = run(clarte().args(["--lang", lang]).arg(&lure));
        assert_eq!((code, stderr.as_str()), (1, ""), "{lang}");
        assert!(text.starts_with(headline), "{lang}: {text}");
        for step in ["1. ", "2. ", "3. "] {
            assert!(text.contains(&format!("\n{step}")), "{lang}: {text}");
        }
        assert!(
            text.contains("Guardian") && text.contains("img[.]desk[.]example"),
            "{lang}: {text}"
        );
        assert!(!text.contains('{') && !text.contains("http://"), "{lang}: {text}");
        // It fits on a screen, roughly: nobody scrolls on such a day.
        assert!(text.lines().count() < 70, "{lang}: {} lines", text.lines().count());
    }
}

#[test]
fn the_line_for_a_program_has_the_shape_that_the_design_fixes() {
    let folder = tempfile::tempdir().unwrap();
    let lure = write(folder.path(), "lure.eml", LURE);
    let letter = write(folder.path(), "letter.eml", LETTER);
    let (code, text, _) = run(clarte().args(["--json", "--alone"]).arg(&lure).arg(&letter));
    assert_eq!(code, 1);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let lure = &lines[0];
    assert_eq!(
        (lure["path"].as_str(), lure["verdict"].as_str()),
        (Some("lure.eml"), Some("act_now"))
    );
    assert_eq!(lure["span"]["length"], LURE.len());
    assert!(lure["reasons"].as_array().unwrap().iter().all(|reason| {
        reason["detector"].is_string() && reason["why"].as_str().is_some_and(|why| why.len() > 10)
    }));
    let beacon = &lure["beacons"][0];
    assert_eq!(beacon["host"], "img.desk.example");
    assert_eq!(beacon["how"], "image");
    assert_eq!(beacon["spells"], "eva@parl.example");
    assert!(beacon["reveals"].as_array().unwrap().contains(&Value::from("email")));
    let claim = &lure["claims"][0];
    assert_eq!(
        (claim["claimed"].as_str(), claim["owned"].as_bool()),
        (Some("The Guardian"), Some(false))
    );
    assert_eq!(claim["domain"], "desk.example");
    assert_eq!(lure["advice"].as_array().unwrap().len(), 3);
    assert_eq!(lines[1]["verdict"], "nothing_found");
}

#[test]
fn what_shows_no_sign_is_not_called_safe_and_what_is_nothing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let letter = write(folder.path(), "letter.eml", LETTER);
    let (code, text, _) = run(clarte().arg(&letter));
    assert_eq!(code, 0);
    assert!(text.contains("does not mean"), "{text}");
    let noise = write(folder.path(), "noise.eml", "\0\0\x01");
    let (code, text, _) = run(clarte().arg(&noise));
    assert_eq!(code, 3);
    assert!(text.contains("could not read"), "{text}");
    let (code, _, stderr) = run(clarte().arg(folder.path().join("missing.eml")));
    assert_eq!(code, 3);
    assert!(stderr.contains("missing.eml"), "{stderr}");
}

#[test]
fn a_message_may_come_on_standard_input() {
    let mut child = clarte().stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(LURE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("Treat this"));
}

#[test]
fn the_page_needs_nothing_else_and_can_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = LURE.replace("Request for", "<script>alert(1)</script>\u{202e} for");
    let lure = write(folder.path(), "lure.eml", &hostile);
    let page = folder.path().join("page.html");
    let (code, _, _) = run(clarte().args(["--lang", "de", "--html"]).arg(&page).arg(&lure));
    assert_eq!(code, 1);
    let page = fs::read_to_string(page).unwrap();
    assert!(page.contains("<html lang=\"de\" dir=\"ltr\">") && page.contains("default-src 'none'"));
    for forbidden in ["<script", "<img", "<a ", "href", "src=", "\u{202e}", "http://"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn a_mailbox_names_what_deserves_attention_once_for_each_campaign() {
    let folder = tempfile::tempdir().unwrap();
    let one = |text: &str| {
        format!("From x@y.example Tue Jan  6 00:00:00 2026\n{}\n", text.replace("\r\n", "\n"))
    };
    let mut all = String::new();
    for number in 0..20 {
        all.push_str(&one(&LETTER.replace("<2@", &format!("<{number}@"))));
        if number % 5 == 0 {
            all.push_str(&one(&LURE.replace("<1@", &format!("<l{number}@"))));
        }
    }
    let file = write(folder.path(), "eva@parl.example.mbox", &all);
    let (code, text, stderr) = run(clarte().arg(&file));
    assert_eq!((code, stderr.as_str()), (1, ""));
    assert!(text.contains("4 of 24 messages"), "{text}");
    assert_eq!(text.matches("Request for an interview").count(), 2, "{text}");
    let notes = folder.path().join("notes");
    let again = |_| run(clarte().arg("--json").arg("--resume").arg(&notes).arg(&file)).1;
    assert_eq!(again(1), again(2));
}

/// The system refuses the process a connection while it reads hostile mail.
#[test]
#[cfg(target_os = "linux")]
fn the_command_forbids_itself_the_network() {
    let mut child = clarte().arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut is_filtered = false;
    for _ in 0..200 {
        let text = fs::read_to_string(&status).unwrap();
        is_filtered = text.lines().any(|line| line == "Seccomp:\t2");
        if is_filtered {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    drop(child.stdin.take());
    child.wait().unwrap();
    assert!(is_filtered);
}

/// Runs the command where every call that could reach a network kills it.
#[test]
#[cfg(target_os = "linux")]
fn no_call_that_reaches_a_network_is_ever_made() {
    let folder = tempfile::tempdir().unwrap();
    let lure = write(folder.path(), "lure.eml", LURE);
    let (plain, text, _) = run(clarte().arg("--json").arg(&lure));
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "where_the_network_kills", "--ignored", "--nocapture"])
        .env("CLARTE_MAIL", &lure)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(plain), "{:?}", output.status);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains(text.trim()), "{shown}");
}

/// Not a test by itself: becomes the command, once the filter stands.
#[test]
#[ignore = "run by `no_call_that_reaches_a_network_is_ever_made`"]
#[cfg(target_os = "linux")]
fn where_the_network_kills() {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};
    use std::os::unix::process::CommandExt;
    let Some(mail) = std::env::var_os("CLARTE_MAIL") else { return };
    let calls = [
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_bind,
    ];
    let rules = calls.into_iter().map(|call| (call, Vec::new())).collect();
    let arch = std::env::consts::ARCH.try_into().unwrap();
    let filter =
        SeccompFilter::new(rules, SeccompAction::Allow, SeccompAction::KillProcess, arch).unwrap();
    seccompiler::apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
    // The filter outlives this program.
    let failed = clarte().arg("--json").arg(mail).exec();
    unreachable!("{failed}");
}
