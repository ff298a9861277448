//! A token is seen nowhere: not in the journal, the files, what is printed, the errors, the exports, the process list.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use crate::cli::{Home, files};

const TOKEN: &str = "WARROOM_TEST_CANARY";

/// Forty shapes that tokens have, and some that break naive ways of hiding them.
fn shapes() -> Vec<String> {
    let begins = [
        "xoxb-1234567890-",
        "xoxp-",
        "xapp-1-A0-",
        "xoxe.xoxp-1-",
        "u+",
        "pdus+_0XBPWQQ_",
        "y_NbAkKc66ryYTWUXYEu",
        "PD",
        "ATATT3xFfGF0",
        "ATCTT3",
        "Basic ",
        "Bearer ",
        "ghp_",
        "github_pat_11",
        "glpat-",
        "AKIA",
        "sk-",
        "eyJhbGciOi.",
        "-----",
        "token=",
        "a b c ",
        "ünïcödé-",
        "percent%20",
        "plus+plus+",
        "slash/slash/",
        "back\\slash-",
        "quote\"-",
        "apos'-",
        "amp&amp=",
        "hash#hash-",
        "colon:colon:",
        "at@at-",
        "dollar$HOME-",
        "tick`id`-",
        "brace{x}-",
        "<tag>-",
        "[secret]-",
        "....",
        "0000",
        "ZZZZ",
    ];
    begins.iter().enumerate().map(|(n, begin)| format!("{begin}cAnArY{n:02}sQ9vK3xW7z")).collect()
}

/// What is searched for: enough of it to be of use to somebody.
fn needle(n: usize) -> String {
    format!("cAnArY{n:02}sQ9v")
}

/// A service that throws back whatever it is sent, as an error.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut buffer = vec![0; 64 << 10];
                let read = stream.read(&mut buffer).unwrap_or(0);
                let said = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let body = serde_json::json!({ "ok": false, "error": "invalid_arguments", "message": said })
                    .to_string();
                let head = format!(
                    "HTTP/1.1 400 Bad\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            });
        }
    });
    address
}

fn home(base: &str) -> Home {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    let token = format!("token = {{ env = \"{TOKEN}\" }}");
    let config = format!(
        "[slack]\nbase = \"{base}\"\n{token}\n[pagerduty]\nbase = \"{base}\"\n{token}\nfrom = \"a@example.com\"\nservice = \"PS12345\"\n\
         [jira]\nbase = \"{base}\"\nuser = \"a@example.com\"\nproject = \"DATA\"\n{token}\n"
    );
    std::fs::write(home.path().join("config/config.toml"), config).unwrap();
    home.run(&["declare", "--severity", "P1", "a canary"]).ok();
    home
}

/// Every file below a folder.
fn below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for path in files(folder) {
        if path.is_dir() {
            below(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap_or_default()));
        }
    }
}

#[test]
fn s_forty_shapes_of_tokens_are_seen_nowhere() {
    let base = echo();
    let home = home(&base);
    for (n, token) in shapes().into_iter().enumerate() {
        let run = |args: &[&str]| {
            let output = home.command(args).env(TOKEN, &token).output().unwrap();
            [output.stdout, output.stderr].concat()
        };
        let mut seen = Vec::new();
        // Each account is asked for something, each fails in its own words.
        let commands: [&[&str]; 3] = [&["join"], &["sync", "now"], &["sync", "status", "--json", "--all"]];
        for args in commands {
            seen.push((args.join(" "), run(args)));
        }
        // The slow ones for some of them: the code is the same for all.
        if n % 8 == 0 {
            for args in [
                &["doctor"] as &[&str],
                &["connect", "slack", "--no-input"],
                &["export"],
                &["export", "--format", "json"],
            ] {
                seen.push((args.join(" "), run(args)));
            }
        }
        below(home.path(), &mut seen);
        let needle = needle(n);
        for (place, bytes) in seen {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(&needle), "{token:?} is seen in {place}: {text}");
        }
    }
}

#[test]
fn s_a_token_is_not_in_the_process_list_while_a_call_hangs() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let home = home(&base);
    // No other test has it in its environment.
    let token = "xoxb-hAnGiNgCaNaRysQ9vK3xW7z".to_owned();
    // From a command: neither the command's arguments nor ours may show it.
    let file = home.path().join("token");
    std::fs::write(&file, &token).unwrap();
    let config = format!(
        "[slack]\nbase = \"{base}\"\ntimeout = \"20s\"\ntoken = {{ command = [\"cat\", \"{}\"] }}\n",
        file.display()
    );
    std::fs::write(home.path().join("config/config.toml"), config).unwrap();
    let (called, calls) = mpsc::channel();
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        called.send(()).unwrap();
        // Held open: the call hangs.
        thread::park();
        drop(stream);
    });
    let mut command = home.command(&["channel", "open"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    calls.recv().unwrap();
    let mut lines = String::new();
    for process in std::fs::read_dir("/proc").unwrap().flatten() {
        for name in ["cmdline", "environ"] {
            let bytes = std::fs::read(process.path().join(name)).unwrap_or_default();
            lines.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(lines.contains("channel"), "the process list was read");
    assert!(!lines.contains("hAnGiNgCaNaRy"));
}
