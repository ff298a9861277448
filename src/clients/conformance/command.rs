//! The whole examination of a program: `warroom client check`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::talk::{Bench, Leaks, Talk};
use super::{World, check, deeds, judged, news, rudeness};
use crate::clients::process::deeds::names;
use crate::clients::process::wire::{DIRECTORY, Hello, LISTEN, PROTOCOL, PULL};
use crate::clients::process::{Process, program, service_name};
use crate::clients::{Probe, Secret};
use crate::config::accounts::{Common, ProcessSettings, ServiceKind};
use crate::incident::{Span, Time};

/// A secret that no service knows, and that must be seen nowhere.
const CANARY: &str = "wr-canary-5e1f0c7ab93d";
/// What secrets are usually called.
const USUAL_SECRETS: [&str; 3] = ["token", "key", "secret"];

const HELLO: &str =
    "answer hello with one line: {\"hello\":{\"protocol\":1,\"name\":…,\"service\":…,\"capabilities\":[…]}}";
const READY: &str =
    "answer configure with {\"ready\":{}}; with options.check = true it needs no account and no network";
const LEAK: &str =
    "a secret goes nowhere but to its service: not into arguments, environments, output or errors";

/// How a program is examined.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// Options besides `check = true`.
    pub options: toml::Table,
    /// Names of secrets besides `token`, `key` and `secret`; each gets a value that no service knows.
    pub secrets: Vec<String>,
    /// Time for the answer to a call.
    pub within: Duration,
    pub now: Time,
    /// The ids of the acts are counted from here.
    pub first: u128,
}

impl CheckOptions {
    pub fn new(now: Time) -> Self {
        let first = u128::from(now.ms().max(0) as u64) << 80;
        Self { options: toml::Table::new(), secrets: Vec::new(), within: Duration::from_secs(5), now, first }
    }
}

/// Examines a program that speaks the protocol; an empty command finds nothing. It is started several times, always with
/// `options.check = true`. Without a greeting there is nothing else to ask.
pub async fn check_command(command: &[String], options: &CheckOptions) -> Vec<Probe> {
    let bench = match bench(command, options) {
        Ok(bench) => bench,
        Err(why) => return vec![Probe::fails("command", why, "give the program and its arguments")],
    };
    let (mut found, hello) = greeted(&bench).await;
    let Some(hello) = hello else { return [found, vec![secrets(&bench)]].concat() };
    found.extend(deeds::tried(&bench, &hello).await);
    found.extend(news::told(&bench, &hello).await);
    found.extend(rudeness::borne(&bench, &hello).await);
    found.push(secrets(&bench));
    found.extend(through_warroom(&bench, &hello, command, options).await);
    found
}

fn bench(command: &[String], options: &CheckOptions) -> Result<Bench, String> {
    if command.is_empty() {
        return Err("there is no command".to_owned());
    }
    let (place, arguments) = program::command("check", command).map_err(|trouble| trouble.message)?;
    let path = place.look()?;
    let values = serde_json::to_value(with_check(&options.options)).map_err(|error| error.to_string())?;
    Ok(Bench {
        program: program::Program { path, arguments },
        options: values,
        secrets: secret_names(options),
        canary: CANARY.to_owned(),
        within: options.within,
        now: options.now,
        first: options.first,
        leaks: Leaks::default(),
    })
}

fn with_check(options: &toml::Table) -> toml::Table {
    let mut options = options.clone();
    options.insert("check".to_owned(), toml::Value::Boolean(true));
    options
}

fn secret_names(options: &CheckOptions) -> Vec<String> {
    USUAL_SECRETS.iter().map(|name| (*name).to_owned()).chain(options.secrets.iter().cloned()).collect()
}

async fn greeted(bench: &Bench) -> (Vec<Probe>, Option<Hello>) {
    let (mut talk, hello) = match Talk::greeted(bench).await {
        Ok(greeted) => greeted,
        Err(why) => return (vec![judged("hello", Err(why), HELLO)], None),
    };
    let mut found =
        vec![judged("hello", sound(&hello), HELLO), judged("capabilities", known(&hello), &spelling())];
    if found.iter().any(|probe| !probe.works) {
        return (found, None);
    }
    let ready = talk.configure(bench).await;
    let works = ready.is_ok();
    found.push(judged("configure", ready.map(|()| "it is ready".to_owned()), READY));
    talk.look_at_processes();
    (found, works.then_some(hello))
}

fn sound(hello: &Hello) -> Result<String, String> {
    match () {
        () if hello.protocol != PROTOCOL => Err(format!(
            "it speaks version {} of the protocol, and warroom speaks {PROTOCOL}",
            hello.protocol
        )),
        () if hello.name.is_empty() => Err("it has no name".to_owned()),
        () if service(hello).is_none() => {
            Err(format!("service is {:?}; it must be chat, paging or tickets", hello.service))
        }
        () => Ok(format!("{} {}, for {}", hello.name, hello.version, hello.service)),
    }
}

fn service(hello: &Hello) -> Option<ServiceKind> {
    let all = [ServiceKind::Chat, ServiceKind::Paging, ServiceKind::Tickets];
    all.into_iter().find(|kind| service_name(*kind) == hello.service)
}

fn known(hello: &Hello) -> Result<String, String> {
    let known = names();
    let is_known =
        |name: &&String| known.contains(&name.as_str()) || [PULL, LISTEN, DIRECTORY].contains(&name.as_str());
    if let Some(strange) = hello.capabilities.iter().find(|name| !is_known(name)) {
        return Err(format!("nobody knows {strange}"));
    }
    match hello.capabilities.iter().any(|name| known.contains(&name.as_str())) {
        true => Ok(hello.capabilities.join(", ")),
        false => Err("it can do nothing".to_owned()),
    }
}

fn spelling() -> String {
    format!("list deeds by these names: {}; and {PULL}, {LISTEN}, {DIRECTORY}", names().join(", "))
}

fn secrets(bench: &Bench) -> Probe {
    let places = bench.leaks.places();
    let verdict = match places.is_empty() {
        true => Ok("seen nowhere".to_owned()),
        false => Err(format!("a secret is seen in {}", places.join(" and in "))),
    };
    judged("secrets", verdict, LEAK)
}

/// The same program as warroom uses it.
async fn through_warroom(
    bench: &Bench,
    hello: &Hello,
    command: &[String],
    options: &CheckOptions,
) -> Vec<Probe> {
    let common = Common { timeout: Span::from_ms(options.within.as_millis() as i64), ..Common::default() };
    let settings = ProcessSettings {
        common,
        command: command.to_vec(),
        service: service(hello).unwrap_or_default(),
        options: with_check(&options.options),
        drill: Some("dry-drills".to_owned()),
        ..ProcessSettings::default()
    };
    let secrets: BTreeMap<String, Secret> =
        bench.secrets.iter().map(|name| (name.clone(), Secret::new(bench.canary.as_str()))).collect();
    let process = match Process::new("check", &settings, secrets) {
        Ok(process) => process,
        Err(trouble) => {
            return vec![Probe::fails("warroom: settings", trouble.message, "put the command right")];
        }
    };
    // Acts of their own: this is another life of the same program.
    let world = World::dry(bench.now, bench.first + (1 << 20), deeds::trials(hello));
    let found = check(&process, &world).await;
    process.shut_down().await;
    found.into_iter().map(|probe| Probe { what: format!("warroom: {}", probe.what), ..probe }).collect()
}
