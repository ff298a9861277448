//! The real binary against a Slack that nobody here wrote: round trip, and kill -9 in the middle of posting.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use serde_json::Value;

use super::wire::Wire;
use crate::cli::Home;
use crate::pty::Pty;

const WHY: &str = "set by the script that starts the stand-in servers";
const TOKEN: &str = "WARROOM_TEST_SLACK";

fn standin(name: &str) -> String {
    std::env::var(name).expect(WHY)
}

/// A call of the emulator behind the program's back, as some other person.
fn emulator(method: &str, form: &[(&str, &str)]) -> Value {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        warroom::clients::http::install_crypto();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http.post(format!("{}/{method}", standin("STANDIN_SLACK_STATE"))).form(form);
        let answer = request.bearer_auth(standin("STANDIN_SLACK_TOKEN")).send().await.unwrap();
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer
    })
}

/// Every message of a channel.
fn messages(channel: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut cursor = String::new();
    loop {
        let answer =
            emulator("conversations.history", &[("channel", channel), ("limit", "200"), ("cursor", &cursor)]);
        for message in answer["messages"].as_array().unwrap() {
            texts.push(format!("{} {}", message["text"], message["blocks"]));
        }
        cursor = answer["response_metadata"]["next_cursor"].as_str().unwrap_or_default().to_owned();
        if cursor.is_empty() {
            return texts;
        }
    }
}

fn home(base: &str, more: &str) -> Home {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    let config =
        format!("[slack]\nbase = \"{base}\"\ntoken = {{ env = \"{TOKEN}\" }}\npoll = \"1s\"\n{more}\n");
    std::fs::write(home.path().join("config/config.toml"), config).unwrap();
    home
}

fn run(home: &Home, args: &[&str]) -> String {
    let output = home.command(args).env(TOKEN, standin("STANDIN_SLACK_TOKEN")).output().unwrap();
    let answer = crate::cli::Answer::of(output);
    assert_eq!(answer.code, 0, "{args:?}: {}{}", answer.out, answer.err);
    answer.out
}

/// The channel of the incident.
fn channel(home: &Home) -> String {
    let shown: Value = serde_json::from_str(&run(home, &["sync", "--json"])).unwrap();
    let places = shown["accounts"][0]["places"].as_array().unwrap();
    places.iter().find(|place| place["slot"] == "channel").unwrap()["remote"].as_str().unwrap().to_owned()
}

/// A title that no other run has.
fn title(what: &str) -> String {
    format!("{what} {} {}", warroom::runtime::clock::now().ms(), std::process::id())
}

#[test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
fn b1_channel_post_pin_and_update_go_out_and_what_is_said_there_comes_back() {
    let home = home(&standin("STANDIN_SLACK"), "listen = \"all\"\ncommands = [\"ada\"]");
    run(&home, &["declare", "--severity", "P1", &title("round trip")]);
    run(&home, &["channel", "open", "--wait=20"]);
    let channel = channel(&home);
    run(&home, &["update", "--body", "Prices are wrong since 13:36 <!here> & *more*.", "--wait=20"]);
    run(&home, &["severity", "P0", "--reason", "everything is wrong", "--wait=20"]);
    let all = messages(&channel).join("\n");
    assert_eq!(
        all.matches("Prices are wrong since 13:36").count(),
        all.matches("update to internal").count().min(2),
        "{all}"
    );
    assert!(!all.contains("<!here>"), "nobody can be mentioned: {all}");
    assert!(all.contains("Severity: P0"), "the first notice is kept current: {all}");
    assert!(!emulator("pins.list", &[("channel", &channel)])["items"].as_array().unwrap().is_empty());
    // Somebody else speaks.
    emulator("chat.postMessage", &[("channel", &channel), ("text", "the loader is back")]);
    emulator("chat.postMessage", &[("channel", &channel), ("text", "!note ?a bad deploy")]);
    run(&home, &["sync", "now", "--wait=20"]);
    run(&home, &["sync", "now", "--wait=20"]);
    let texts = home.texts();
    assert_eq!(texts.iter().filter(|text| text.contains("the loader is back")).count(), 1, "{texts:#?}");
    assert_eq!(home.state()["incident"]["hypotheses"][0]["text"], "a bad deploy", "{texts:#?}");
    let own = texts.iter().filter(|text| text.contains("Prices are wrong")).count();
    assert_eq!(own, 1, "our own echo is no entry: {texts:#?}");
    hear_in_the_console(home, &channel);
}

/// The open console hears by itself, and a scribe's line is not disturbed.
fn hear_in_the_console(home: Home, channel: &str) {
    let token = standin("STANDIN_SLACK_TOKEN");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_warroom"));
    command.arg("open");
    let pty = Pty::in_home(home.into_dir(), command, &[(TOKEN, &token)], 120, 40);
    pty.wait_for("Slack ok");
    pty.send("ihalf a sent");
    emulator("chat.postMessage", &[("channel", channel), ("text", "news while somebody types")]);
    pty.wait_for("news while somebody types");
    pty.send("ence\r");
    pty.wait_for("half a sentence");
}

/// What came of some kills.
pub struct Kills {
    pub kills: u64,
    pub saved: usize,
    pub lost: usize,
    pub doubled: usize,
    pub swallowed: u64,
    pub took: Duration,
}

/// Kills the binary while it posts, over a bad wire, as often as asked; then lets it finish, and counts what is there.
pub fn kills(count: u64) -> Kills {
    let began = Instant::now();
    let wire = Wire::to(&standin("STANDIN_SLACK"), 25, 23);
    let home = home(&wire.address, "settle = \"1s\"\ntimeout = \"2s\"");
    run(&home, &["declare", "--severity", "P3", &title("kills")]);
    run(&home, &["channel", "open", "--wait=60"]);
    let channel = channel(&home);
    for n in 0..count {
        let body = format!("killed {n:04} times");
        let mut command = home.command(&["update", "--body", &body, "--next", "30m", "--wait=5"]);
        let command = command.env(TOKEN, standin("STANDIN_SLACK_TOKEN"));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Anywhere between the start and some time after the call.
        thread::sleep(Duration::from_micros(20_000 + n.wrapping_mul(7_919) % 160_000));
        let _ = child.kill();
        child.wait().unwrap();
    }
    for _ in 0..20 {
        let output =
            home.command(&["sync", "now", "--wait=60"]).env(TOKEN, standin("STANDIN_SLACK_TOKEN")).output();
        let shown = home.json(&["sync"]);
        assert!(output.is_ok());
        if shown["deliveries"].as_array().unwrap().is_empty() {
            break;
        }
    }
    let there = messages(&channel);
    let saved = home.texts().into_iter().filter(|text| text.contains("killed ")).collect::<Vec<_>>();
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for n in 0..count {
        let mark = format!("killed {n:04} times");
        // Each message has the text twice: as blocks and as their fallback.
        counts.insert(n, there.iter().filter(|message| message.contains(&mark)).count());
    }
    let is_saved = |n: u64| saved.iter().any(|text| text.contains(&format!("killed {n:04} times")));
    Kills {
        kills: count,
        saved: saved.len(),
        lost: counts.iter().filter(|(n, count)| is_saved(**n) && **count == 0).count(),
        doubled: counts.values().filter(|count| **count > 1).count(),
        swallowed: wire.swallowed.load(std::sync::atomic::Ordering::Relaxed),
        took: began.elapsed(),
    }
}

/// `WARROOM_KILLS=300` runs the full form.
#[test]
#[ignore = "needs the stand-in servers: .ci/run starts them"]
fn b1_kill_9_in_the_middle_of_posting_loses_nothing_and_doubles_nothing() {
    let count = std::env::var("WARROOM_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let kills = kills(count);
    println!(
        "{} kills, {} answers swallowed: {} updates saved, {} lost, {} doubled; {:.0} s",
        kills.kills,
        kills.swallowed,
        kills.saved,
        kills.lost,
        kills.doubled,
        kills.took.as_secs_f64()
    );
    assert_eq!((kills.lost, kills.doubled), (0, 0));
    assert!(kills.saved as u64 > count / 3, "most kills came before anything was saved: {}", kills.saved);
}
