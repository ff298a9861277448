//! `warroom client check`: whether a program speaks the protocol of clients well.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::fail::{Done, Fail, REFUSED};
use super::print::padded;
use crate::clients::conformance::{CheckOptions, check_command};
use crate::runtime::clock;

/// Try a client that you write
#[derive(Args)]
pub struct ClientArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run the conformance suite against a program; exits with 1 when a check fails
    Check {
        /// A TOML file with what is handed to it as its options, beside `check = true`
        #[arg(long, value_name = "FILE")]
        options: Option<PathBuf>,
        /// The program and its arguments
        #[arg(required = true, num_args = 1.., trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
}

impl ClientArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let Verb::Check { options, command } = self.verb;
        // It is started in another folder than this one.
        let command: Vec<String> = command.iter().map(|word| whole(word)).collect();
        let mut asked = CheckOptions::new(clock::now());
        if let Some(path) = &options {
            asked.options = read(path)?;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Fail::refused(error.to_string(), "try again"))?;
        let probes = runtime.block_on(check_command(&command, &asked));
        for probe in &probes {
            let mark = if probe.works { "ok" } else { "FAIL" };
            if desk.json {
                desk.out.json(&json!({
                    "check": probe.what, "passes": probe.works, "says": probe.says, "hint": probe.hint,
                }))?;
                continue;
            }
            desk.out.line(&format!("{}  {}  {}", padded(mark, 4), padded(&probe.what, 34), probe.says))?;
            if !probe.hint.is_empty() {
                desk.out.line(&format!("{}{}", " ".repeat(42), probe.hint))?;
            }
        }
        let failed = probes.iter().filter(|probe| !probe.works).count();
        if !desk.json {
            desk.out.line(&format!("{} checks, {failed} failed", probes.len()))?;
        }
        if failed > 0 { Err(Fail::Code(REFUSED)) } else { Ok(()) }
    }
}

/// A file that is named from here, named from everywhere.
fn whole(word: &str) -> String {
    let path = std::path::Path::new(word);
    let found = path.canonicalize().ok().filter(|path| path.is_file());
    found.map_or(word.to_owned(), |path| path.display().to_string())
}

fn read(path: &std::path::Path) -> Done<toml::Table> {
    let wrong =
        |why: String| Fail::refused(format!("{}: {why}", path.display()), "give a TOML file of options");
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    text.parse().map_err(|error: toml::de::Error| wrong(error.to_string()))
}
