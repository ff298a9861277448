//! Clients outside the process: the protocol, the child's life, the suite that examines them, and the two that are shipped.

mod answers;
mod document;
mod life;
mod matrix;
mod news;
mod suite;
mod webhook;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use warroom::clients::conformance::{CheckOptions, Repeat, Trial, World};
use warroom::clients::process::Process;
use warroom::clients::process::deeds::A_POST;
use warroom::clients::{Call, Probe, Secret};
use warroom::config::accounts::{Common, ProcessSettings};
use warroom::incident::event::{ChatDeed, Deed, FailureClass};
use warroom::incident::{Span, Time};
use warroom::outbox::Outcome;

const TOKEN: &str = "tok-9f27c1-never-shown";
const FIRST: u128 = 0x0193_0000_0000_0000_0000_0000_0000_0000;

/// Whether the tests that need python3 can run. Where they cannot, they say so.
fn python() -> bool {
    if interpreter().is_none() {
        eprintln!(
            "\n*** SKIPPED: python3 is missing, and this test needs it: clients in Python were NOT tested ***\n"
        );
    }
    interpreter().is_some()
}

/// The interpreter itself: what stands before it on PATH may take longer to start than it.
fn interpreter() -> Option<&'static str> {
    static FOUND: OnceLock<Option<String>> = OnceLock::new();
    let ask = || {
        let asked =
            std::process::Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output();
        asked
            .ok()
            .filter(|out| out.status.success())
            .map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned())
    };
    FOUND.get_or_init(ask).as_deref()
}

fn here(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join(path).display().to_string()
}

fn child_command(mode: &str) -> Vec<String> {
    let python = interpreter().unwrap_or("python3");
    [python, "-I", "-S", &here("tests/it/process/child.py"), mode].map(str::to_owned).to_vec()
}

fn child(mode: &str) -> ProcessSettings {
    ProcessSettings {
        common: Common { timeout: Span::from_secs(5), ..Common::default() },
        command: child_command(mode),
        drill: Some("#drills".into()),
        ..ProcessSettings::default()
    }
}

fn with_timeout(mut settings: ProcessSettings, ms: i64) -> ProcessSettings {
    settings.common.timeout = Span::from_ms(ms);
    settings
}

fn secrets() -> BTreeMap<String, Secret> {
    BTreeMap::from([("token".to_owned(), Secret::new(TOKEN))])
}

fn started(settings: &ProcessSettings) -> Process {
    Process::new("pigeon", settings, secrets()).expect("the settings are sound")
}

fn process(mode: &str) -> Process {
    started(&child(mode))
}

fn now() -> Time {
    Time::parse("2026-11-02T03:04:05Z").expect("a time")
}

fn world() -> World {
    World::dry(now(), FIRST, Vec::new())
}

fn post(number: usize, body: &str) -> Call {
    call(number, Deed::Chat(ChatDeed::Post { to: None, thread: None }), body)
}

fn edit(number: usize, body: &str) -> Call {
    call(number, Deed::Chat(ChatDeed::Edit { post: A_POST }), body)
}

fn open(number: usize, body: &str) -> Call {
    call(number, Deed::Chat(ChatDeed::Open { name: "inc-1".into(), private: false }), body)
}

fn call(number: usize, deed: Deed, body: &str) -> Call {
    let mut trial = Trial::new(deed, Repeat::None);
    trial.body = body.to_owned();
    world().call(number, &trial)
}

fn confirmed(outcome: Outcome) -> String {
    match outcome {
        Outcome::Confirmed { remote, .. } => remote,
        other => panic!("not confirmed: {other:?}"),
    }
}

#[track_caller]
fn failed(outcome: Outcome, wanted: FailureClass) -> (String, Option<Span>) {
    match outcome {
        Outcome::Failed { class, message, retry_after } => {
            assert_eq!(class, wanted, "{message}");
            (message, retry_after)
        }
        other => panic!("not failed: {other:?}"),
    }
}

fn check_options() -> CheckOptions {
    CheckOptions { within: Duration::from_secs(5), ..CheckOptions::new(now()) }
}

fn broken(probes: &[Probe]) -> Vec<&Probe> {
    probes.iter().filter(|probe| !probe.works).collect()
}

fn shown(probes: &[Probe]) -> String {
    let line = |probe: &Probe| {
        format!(
            "{} {}: {} [{}]\n",
            if probe.works { "ok  " } else { "FAIL" },
            probe.what,
            probe.says,
            probe.hint
        )
    };
    probes.iter().map(line).collect()
}
