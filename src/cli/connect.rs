//! `warroom connect`: sets an account up, and tries it by really calling.
//!
//! A token never goes into `config.toml`: it is named there by where it comes from. What is pasted here goes into a file that
//! only its owner can read.

use std::io::{BufRead, IsTerminal, Write, stdin, stdout};

use clap::Args;
use serde_json::json;

use super::desk::Desk;
use super::doctor::{self, Mark};
use super::fail::{Done, Fail, REFUSED};
use super::print::padded;
use crate::config::{Settings, secrets};
use crate::files;
use crate::runtime::accounts;

/// Set up an account (slack, pagerduty, jira or another client), or try it again; exits with 1 when something is missing
#[derive(Args)]
pub struct ConnectArgs {
    /// slack, pagerduty, jira, or the name of another client; without one what is connected is listed
    account: Option<String>,
    /// A setting of it, such as service=PABC123 or audiences.team/finance=C024BE91L; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// The token is in this variable of the environment
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// The token is in this file, mode 0600
    #[arg(long, value_name = "FILE")]
    token_file: Option<String>,
    /// This command prints the token
    #[arg(long, value_name = "COMMAND")]
    token_command: Option<String>,
    /// Ask nothing
    #[arg(long)]
    no_input: bool,
}

/// What is asked about a service.
struct Question {
    key: &'static str,
    asks: &'static str,
    needed: bool,
    secret: bool,
}

const fn question(key: &'static str, asks: &'static str, needed: bool, secret: bool) -> Question {
    Question { key, asks, needed, secret }
}

const SLACK: &[Question] = &[
    question("token", "Bot token (xoxb-…)", true, true),
    question("app_token", "App token for Socket Mode (xapp-…; empty: news are asked for)", false, true),
    question("drill", "Channel where drills go (empty: drills stay out of Slack)", false, false),
];
const PAGERDUTY: &[Question] = &[
    question("token", "REST API key", true, true),
    question("from", "Mail of the user in whose name is written", true, false),
    question("service", "Id of the service on which incidents are opened (P…)", true, false),
    question("region", "Region: us or eu", false, false),
    question("drill", "Id of the service for drills (empty: drills page nobody)", false, false),
];
const JIRA: &[Question] = &[
    question("base", "Address, such as https://SITE.atlassian.net", true, false),
    question("edition", "Edition: cloud or data-center", false, false),
    question("user", "Mail that belongs to the API token (cloud)", false, false),
    question("token", "API token, or personal access token (data-center)", true, true),
    question("project", "Key of the project, such as DATA", true, false),
    question("issue_type", "Type of an incident's ticket (empty: Task)", false, false),
    question("drill", "Key of the project for drills (empty: drills open no tickets)", false, false),
];

fn questions(account: &str) -> &'static [Question] {
    match account {
        "slack" => SLACK,
        "pagerduty" => PAGERDUTY,
        "jira" => JIRA,
        _ => &[],
    }
}

impl ConnectArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let Some(account) = self.account.clone() else { return list(desk) };
        let known = matches!(account.as_str(), "slack" | "pagerduty" | "jira");
        if !known && !desk.settings.client.contains_key(&account) && self.set.is_empty() {
            return Err(Fail::refused(
                format!("there is no account {account:?}"),
                "use slack, pagerduty or jira, or name another client with --set command='[\"program\"]'",
            ));
        }
        self.write(desk, &account, known)?;
        probe(desk, &account)
    }

    /// Puts what was said into `config.toml`; a file that would not be read is not written.
    fn write(&self, desk: &mut Desk, account: &str, known: bool) -> Done {
        let path = desk.paths.config_file();
        let old = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Fail::refused(format!("{}: {error}", path.display()), "")),
        };
        let mut document: toml_edit::DocumentMut = old.parse().map_err(|error: toml_edit::TomlError| {
            Fail::refused(format!("{}: {error}", path.display()), "put it right first")
        })?;
        let table = section(&mut document, account, known)?;
        let given = self.given()?;
        let names_token = given.iter().any(|(key, _)| is_secret(key));
        for (key, value) in given {
            // The one token of another program is one of its secrets.
            let is_token = key == "token" || key.starts_with("token.");
            let key = if is_token && !known { format!("secrets.{key}") } else { key };
            put(table, &key, value)?;
        }
        let asks = !self.no_input && stdin().is_terminal() && stdout().is_terminal();
        if asks {
            ask(desk, account, table)?;
        }
        let new = document.to_string();
        if new == old {
            return Ok(());
        }
        let settings = Settings::parse(&new).map_err(|why| {
            Fail::refused(format!("that would not be understood: {why}"), "correct what was given")
        })?;
        if names_token {
            // One that cannot be read must not take the place of one that can.
            accounts::client(&settings.accounts(), account, &desk.paths.config).map_err(|trouble| {
                Fail::refused(format!("nothing is written: {trouble}"), "see `warroom connect --help`")
            })?;
        }
        let kept =
            files::make_private_dir(&desk.paths.config).and_then(|()| files::replace(&path, new.as_bytes()));
        kept.map_err(|error| Fail::refused(format!("{}: {error}", path.display()), "set WARROOM_CONFIG"))?;
        desk.settings = settings;
        if desk.json { Ok(()) } else { desk.out.line(&format!("written to {}", path.display())) }
    }

    fn given(&self) -> Done<Vec<(String, toml_edit::Value)>> {
        let mut given = Vec::new();
        for pair in &self.set {
            // It may be a token: it is not repeated.
            let (key, value) = pair
                .split_once('=')
                .filter(|(key, _)| !looks_secret(key))
                .ok_or_else(|| Fail::usage("--set takes KEY=VALUE", "see `warroom connect --help`; a token comes by --token-env, --token-file or --token-command"))?;
            let is_source = [".env", ".file", ".command"].iter().any(|end| key.ends_with(end));
            if looks_secret(value) || (is_secret(key) && !is_source) {
                return Err(Fail::usage(
                    format!("--set {key}: a token does not belong in a file or a command line"),
                    "name where it comes from: --token-env, --token-file, --token-command, or --set KEY.env=NAME",
                ));
            }
            // What is no TOML is a text.
            let value = value.parse().unwrap_or_else(|_| toml_edit::Value::from(value));
            given.push((key.to_owned(), value));
        }
        if [&self.token_file, &self.token_command].into_iter().flatten().any(|from| looks_secret(from)) {
            return Err(Fail::usage(
                "a token does not belong in a file or a command line",
                "give --token-env NAME, --token-file FILE, or --token-command with a program that prints it",
            ));
        }
        let mut source = |kind: &str, value: toml_edit::Value| {
            let mut table = toml_edit::InlineTable::new();
            table.insert(kind, value);
            given.push(("token".to_owned(), table.into()));
        };
        if let Some(name) = &self.token_env {
            if !secrets::is_variable(name) {
                return Err(Fail::usage(
                    "--token-env takes the name of a variable, not a token",
                    "export the token as SLACK_BOT_TOKEN, say, and give --token-env SLACK_BOT_TOKEN",
                ));
            }
            source("env", name.as_str().into());
        }
        if let Some(file) = &self.token_file {
            // As it is named from here, where it is there; else beside config.toml.
            let whole = std::path::absolute(file).ok().filter(|path| path.is_file());
            let named = whole.map_or_else(|| file.clone(), |path| path.display().to_string());
            source("file", named.into());
        }
        if let Some(command) = &self.token_command {
            source("command", command.split_whitespace().collect::<toml_edit::Array>().into());
        }
        Ok(given)
    }
}

/// Whether a setting of this name is a token.
fn is_secret(key: &str) -> bool {
    key.contains("token") || key.contains("secret") || key.contains("routing_key")
}

/// Whether it has the shape of a token.
fn looks_secret(value: &str) -> bool {
    ["xoxb-", "xoxp-", "xoxe", "xapp-", "ATATT", "ATCTT", "ghp_", "github_pat_", "glpat-"]
        .iter()
        .any(|begin| value.contains(begin))
}

fn section<'a>(
    document: &'a mut toml_edit::DocumentMut,
    account: &str,
    known: bool,
) -> Done<&'a mut dyn toml_edit::TableLike> {
    let wrong = || Fail::refused(format!("[{account}] in config.toml is no table"), "put it right first");
    let root: &mut toml_edit::Item = if known {
        document.entry(account).or_insert_with(toml_edit::table)
    } else {
        let clients = document.entry("client").or_insert_with(|| {
            let mut table = toml_edit::Table::new();
            table.set_implicit(true);
            toml_edit::Item::Table(table)
        });
        let clients = clients.as_table_like_mut().ok_or_else(wrong)?;
        clients.entry(account).or_insert_with(toml_edit::table)
    };
    root.as_table_like_mut().ok_or_else(wrong)
}

/// `audiences.team/finance` goes into the table `audiences`.
fn put(table: &mut dyn toml_edit::TableLike, key: &str, value: toml_edit::Value) -> Done {
    match key.split_once('.') {
        // One source takes the place of another.
        Some((outer, kind @ ("env" | "file" | "command"))) => {
            let mut source = toml_edit::InlineTable::new();
            source.insert(kind, value);
            table.insert(outer, toml_edit::Item::Value(source.into()));
        }
        Some((outer, inner)) => {
            let item = table
                .entry(outer)
                .or_insert_with(|| toml_edit::Item::Value(toml_edit::InlineTable::new().into()));
            let nested = item.as_table_like_mut().ok_or_else(|| {
                Fail::refused(
                    format!("{outer} is no table: it has no {inner}"),
                    format!("give --set {outer}=VALUE"),
                )
            })?;
            put(nested, inner, value)?;
        }
        None => {
            table.insert(key, toml_edit::Item::Value(value));
        }
    }
    Ok(())
}

/// Asks for what is not there.
fn ask(desk: &Desk, account: &str, table: &mut dyn toml_edit::TableLike) -> Done {
    for question in questions(account) {
        if table.contains_key(question.key) {
            continue;
        }
        let answer = if question.secret { secret(question.asks)? } else { line(question.asks)? };
        if answer.is_empty() {
            if question.needed {
                return Err(Fail::refused(
                    format!("{account} cannot do without: {}", question.asks),
                    "answer it, or give --token-env, --token-file, --token-command or --set",
                ));
            }
            continue;
        }
        let value = match question.secret {
            true => keep(desk, account, question.key, &answer)?,
            false => toml_edit::Value::from(answer),
        };
        put(table, question.key, value)?;
    }
    Ok(())
}

/// Puts a token into a file of its own.
fn keep(desk: &Desk, account: &str, key: &str, token: &str) -> Done<toml_edit::Value> {
    let name = format!("{account}.{key}");
    let path = desk.paths.config.join(&name);
    let kept =
        files::make_private_dir(&desk.paths.config).and_then(|()| files::replace(&path, token.as_bytes()));
    kept.map_err(|error| Fail::refused(format!("{}: {error}", path.display()), "set WARROOM_CONFIG"))?;
    let mut table = toml_edit::InlineTable::new();
    table.insert("file", name.into());
    Ok(table.into())
}

fn line(asks: &str) -> Done<String> {
    print_prompt(asks)?;
    let mut answer = String::new();
    let read = stdin().lock().read_line(&mut answer);
    read.map_err(|error| Fail::refused(format!("nothing can be read: {error}"), "use --set"))?;
    Ok(answer.trim().to_owned())
}

fn print_prompt(asks: &str) -> Done {
    let mut out = stdout();
    let shown = write!(out, "{asks}: ").and_then(|()| out.flush());
    shown.map_err(|error| Fail::refused(error.to_string(), "use --set and --token-env"))
}

/// Reads a token without showing it.
fn secret(asks: &str) -> Done<String> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let input = stdin();
    let wrong =
        |error: rustix::io::Errno| Fail::refused(error.to_string(), "use --token-env or --token-file");
    let before = tcgetattr(&input).map_err(wrong)?;
    let mut hidden = before.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&input, OptionalActions::Flush, &hidden).map_err(wrong)?;
    let answer = line(asks);
    let shown = tcsetattr(&input, OptionalActions::Flush, &before).map_err(wrong);
    // The line break was not shown either.
    let _ = writeln!(stdout());
    shown.and(answer)
}

fn list(desk: &mut Desk) -> Done {
    let connected = accounts::names(&desk.settings.accounts());
    for name in ["slack", "pagerduty", "jira"].into_iter().map(str::to_owned).chain(
        connected.iter().filter(|name| !matches!(name.as_str(), "slack" | "pagerduty" | "jira")).cloned(),
    ) {
        let is = connected.contains(&name);
        if desk.json {
            desk.out.json(&json!({ "account": name, "configured": is }))?;
        } else {
            let says =
                if is { "configured (`warroom connect` with its name tries it)" } else { "not connected" };
            desk.out.line(&format!("{}  {says}", padded(&name, 12)))?;
        }
    }
    Ok(())
}

/// Tries the account and each thing that it is used for.
fn probe(desk: &mut Desk, account: &str) -> Done {
    let outside = desk.outside();
    let probes = doctor::probe(&outside, account);
    for probe in &probes {
        doctor::print_probe(desk, account, probe)?;
    }
    let failed = probes.iter().any(|probe| doctor::mark_of(probe) == Mark::Fail);
    if failed { Err(Fail::Code(REFUSED)) } else { Ok(()) }
}
