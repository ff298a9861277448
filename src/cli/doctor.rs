//! `warroom doctor`: will it work when it is needed? Each line says what was looked at and what to do.

use std::fs::{self, File, TryLockError};
use std::io::{IsTerminal, Write};
use std::path::Path;

use clap::Args;
use serde_json::json;

use super::desk::{Desk, folded};
use super::fail::{Done, Fail, REFUSED};
use super::print::{moment, padded};
use crate::clients::Probe;
use crate::config::usable::{Usable, usable_policy};
use crate::config::{Settings, shipped};
use crate::incident::Time;
use crate::journal::verify;
use crate::runtime::clock;
use crate::runtime::crew::Crew;
use crate::runtime::live::Outside;

/// Check places, disk, settings, journals and terminal; exits with 1 when something fails
#[derive(Args)]
pub struct DoctorArgs {}

#[derive(Clone, Copy, PartialEq)]
pub enum Mark {
    Ok,
    Warn,
    Fail,
}

impl Mark {
    const fn name(self) -> &'static str {
        match self {
            Mark::Ok => "ok",
            Mark::Warn => "warn",
            Mark::Fail => "fail",
        }
    }
}

struct Check {
    name: &'static str,
    mark: Mark,
    says: String,
    /// What to do; empty when nothing.
    hint: String,
}

impl Check {
    fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self { name, mark: Mark::Ok, says: says.into(), hint: String::new() }
    }

    fn warn(name: &'static str, says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { name, mark: Mark::Warn, says: says.into(), hint: hint.into() }
    }

    fn fail(name: &'static str, says: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { name, mark: Mark::Fail, says: says.into(), hint: hint.into() }
    }
}

impl DoctorArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let mut checks = vec![Check::ok("version", env!("CARGO_PKG_VERSION"))];
        checks.extend(places(desk));
        checks.push(settings(desk));
        checks.push(theme(desk));
        checks.push(policy(desk));
        checks.push(host(desk));
        checks.extend(journals(desk));
        checks.push(clock_check(desk));
        checks.push(terminal());
        checks.push(Check::ok("me", desk.me.to_string()));
        checks.push(people(desk));
        for check in &checks {
            print(desk, check)?;
        }
        let mut failed = checks.iter().any(|check| check.mark == Mark::Fail);
        let (outside, routes) = desk.connected();
        for account in &routes.accounts {
            for probe in self::probe(&outside, &account.name) {
                failed |= mark_of(&probe) == Mark::Fail;
                print_probe(desk, &account.name, &probe)?;
            }
        }
        if failed { Err(Fail::Code(REFUSED)) } else { Ok(()) }
    }
}

/// Tries an account and each thing that it is used for, by really calling.
pub fn probe(outside: &Outside, account: &str) -> Vec<Probe> {
    let crew = match Crew::start(outside.accounts.clone(), &outside.config) {
        Ok(Some(crew)) => crew,
        Ok(None) => return vec![Probe::fails("account", "not configured", "run `warroom connect`")],
        Err(error) => return vec![Probe::fails("account", error.to_string(), "try again")],
    };
    let asked = crew.ask(account, async |client| Ok(client.probe().await));
    asked.unwrap_or_else(|trouble| vec![Probe::fails("account", trouble.to_string(), "")])
}

/// What does not work but can be done without is a warning: its hint says what works nevertheless.
pub fn mark_of(probe: &Probe) -> Mark {
    match (probe.works, probe.optional()) {
        (true, _) => Mark::Ok,
        (false, true) => Mark::Warn,
        (false, false) => Mark::Fail,
    }
}

pub fn print_probe(desk: &mut Desk, account: &str, probe: &Probe) -> Done {
    let mark = mark_of(probe);
    if desk.json {
        let Probe { what, says, hint, .. } = probe;
        return desk.out.json(&json!({
            "check": account, "what": what, "result": mark.name(), "says": says, "hint": hint,
        }));
    }
    let (name, what) = (padded(account, 8), &probe.what);
    desk.out.line(&format!("{}  {name}  {what}: {}", padded(mark.name(), 4), probe.says))?;
    if probe.hint.is_empty() { Ok(()) } else { desk.out.line(&format!("{}{}", " ".repeat(16), probe.hint)) }
}

fn people(desk: &Desk) -> Check {
    match crate::config::people::load(&desk.paths.config) {
        Ok(people) if people.is_empty() => {
            Check::ok("people", "no people.toml: nobody is known by mail or id")
        }
        Ok(people) => Check::ok("people", format!("{} known", people.len())),
        Err(why) => Check::warn("people", why, "put people.toml right: nobody in it is known until then"),
    }
}

fn print(desk: &mut Desk, check: &Check) -> Done {
    let Check { name, mark, says, hint } = check;
    if desk.json {
        return desk.out.json(&json!({ "check": name, "result": mark.name(), "says": says, "hint": hint }));
    }
    desk.out.line(&format!("{}  {}  {says}", padded(mark.name(), 4), padded(name, 8)))?;
    if hint.is_empty() { Ok(()) } else { desk.out.line(&format!("{}{hint}", " ".repeat(16))) }
}

fn places(desk: &Desk) -> Vec<Check> {
    let paths = &desk.paths;
    let config = match paths.config.is_dir() {
        true => Check::ok("config", paths.config.display().to_string()),
        false => Check::ok("config", format!("{} (not made yet, defaults are used)", paths.config.display())),
    };
    vec![config, writable("data", &paths.data), writable("state", &paths.state)]
}

/// Writes, syncs, locks and removes a file, as the journal would.
fn writable(name: &'static str, dir: &Path) -> Check {
    let shown = dir.display();
    let probe = dir.join(format!(".doctor-{}", std::process::id()));
    let tried = fs::create_dir_all(dir).and_then(|()| {
        let mut file = File::create_new(&probe)?;
        file.write_all(b"warroom doctor\n")?;
        file.sync_all()?;
        let locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(_)) => false,
        };
        Ok(locked)
    });
    let _ = fs::remove_file(&probe);
    match tried {
        Ok(true) => Check::ok(name, format!("{shown}: can be written, synced and locked")),
        Ok(false) => {
            Check::fail(name, format!("{shown}: files cannot be locked here"), "use a local file system")
        }
        Err(error) => {
            let variable = name.to_uppercase();
            let hint = format!("check owner and permissions, or set WARROOM_{variable} or WARROOM_HOME");
            Check::fail(name, format!("{shown}: {error}"), hint)
        }
    }
}

fn settings(desk: &Desk) -> Check {
    match Settings::load(&desk.paths.config_file()) {
        Ok(_) => Check::ok("settings", desk.paths.config_file().display().to_string()),
        Err(why) => Check::fail("settings", why, "until it is put right the defaults are used"),
    }
}

fn theme(desk: &Desk) -> Check {
    let name = &desk.settings.theme;
    let own = desk.paths.config.join("themes").join(format!("{name}.toml"));
    match fs::read_to_string(&own) {
        Ok(text) => match text.parse::<toml::Table>() {
            Ok(_) => Check::ok("theme", format!("{name} ({})", own.display())),
            Err(error) => {
                Check::fail("theme", format!("{}: {}", own.display(), error.message()), "repair or remove it")
            }
        },
        Err(_) => Check::ok("theme", format!("{name} (shipped)")),
    }
}

fn policy(desk: &Desk) -> Check {
    let Usable { policy, left_out, .. } = usable_policy(&desk.paths, &desk.settings.policy);
    let says = format!("{}: {} levels, {} types", policy.name, policy.levels.len(), policy.types.len());
    if left_out.is_empty() {
        return Check::ok("policy", says);
    }
    let mut hints = vec![format!("until it is put right, this is used: {says}")];
    for part in &left_out {
        if !hints.contains(&part.hint) {
            hints.push(part.hint.clone());
        }
    }
    let wrong: Vec<&str> = left_out.iter().map(|part| part.all.as_str()).collect();
    Check::fail("policy", wrong.join("\n"), hints.join("; "))
}

fn host(desk: &Desk) -> Check {
    match desk.home().host_id() {
        Ok(host) => Check::ok("host", host.to_string()),
        Err(error) => Check::fail("host", error.to_string(), error.hint()),
    }
}

fn journals(desk: &Desk) -> Vec<Check> {
    let list = match desk.home().list() {
        Ok(list) => list,
        Err(error) => return vec![Check::fail("journals", error.to_string(), error.hint())],
    };
    let (mut open, mut damaged) = (0, Vec::new());
    for dir in &list {
        let found = dir.clone().into();
        open += usize::from(folded(&found).is_ok_and(|incident| !incident.status.is_over()));
        if !verify(&dir.path).is_ok_and(|verdict| verdict.is_whole()) {
            damaged.push(found.name());
        }
    }
    let past = shipped::past_incidents().len();
    let count = format!("{} incidents, {open} open; {past} past ones shipped", list.len());
    match damaged.is_empty() {
        true => vec![Check::ok("journals", format!("{count}; all whole"))],
        false => {
            let hint = "`warroom verify` lists the damage; what is sound can still be read and written";
            vec![Check::warn("journals", format!("{count}; damaged: {}", damaged.join(", ")), hint)]
        }
    }
}

/// A clock before the day this program was written is wrong, and entries would sort wrongly.
fn clock_check(desk: &Desk) -> Check {
    const WRITTEN: &str = "2026-11-21T00:00:00.000Z";
    let now = clock::now();
    let shown = moment(now, desk.zone);
    match std::env::var(clock::VARIABLE) {
        Ok(text) => Check::warn(
            "clock",
            format!("{shown}, as {}={text} says", clock::VARIABLE),
            "unset it for real incidents",
        ),
        Err(_) if Time::parse(WRITTEN).is_some_and(|written| now < written) => Check::fail(
            "clock",
            format!("{shown} lies before this program was made"),
            "set the clock, use NTP",
        ),
        Err(_) => Check::ok("clock", shown),
    }
}

fn terminal() -> Check {
    let term = std::env::var("TERM").unwrap_or_default();
    if !std::io::stdout().is_terminal() {
        return Check::warn(
            "terminal",
            "standard output is no terminal",
            "the console needs one; every command works without",
        );
    }
    match term.as_str() {
        "" | "dumb" => Check::warn(
            "terminal",
            format!("TERM={term:?}"),
            "the console needs a terminal that can move its cursor",
        ),
        _ => Check::ok("terminal", format!("TERM={term}")),
    }
}
