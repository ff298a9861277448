//! The acts of command on the command line: asks, decisions, causes, clocks, contacts, the roll call, offers of a role.
//!
//! Every call is the real binary at a moment of its own; see [`War`].

mod asks;
mod causes;
mod clocks;
mod contacts;
mod decisions;
mod roles;
mod shown;
mod updates;

use serde_json::Value;

use crate::cli::{Answer, Home};

/// An incident of the policies `data`, `pipeline` and `runbook`, declared at 14:00 by alice, at P0.
struct War {
    home: Home,
}

impl War {
    fn declared() -> Self {
        let home = Home::new();
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        let settings = home.path().join("config/config.toml");
        std::fs::write(settings, "policy = [\"data\", \"pipeline\", \"runbook\"]\n").unwrap();
        let war = Self { home };
        war.at("14:00", &["declare", "--type", "data-corruption", "--severity", "P0", "Prices x100"]).ok();
        war
    }

    /// What a command answers at `14:03` or `14:03:30` of the day, in the name of alice.
    fn at(&self, clock: &str, args: &[&str]) -> Answer {
        self.home.at(&moment(clock), args)
    }

    fn by(&self, who: &str, clock: &str, args: &[&str]) -> Answer {
        self.at(clock, &[args, &["--as", who]].concat())
    }

    fn json(&self, clock: &str, args: &[&str]) -> Value {
        let answer = self.at(clock, &[args, &["--json"]].concat()).ok();
        serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", answer.out))
    }

    /// Texts of the timeline's entries, as they read at the end of the day.
    fn texts(&self) -> Vec<String> {
        let entries = self.json("23:59", &["show", "1", "--all"])["entries"].as_array().unwrap().clone();
        entries.iter().map(|entry| entry["text"].as_str().unwrap().to_owned()).collect()
    }

    /// How often an entry reads so; that a ring was noticed late is not counted as another.
    fn count(&self, text: &str) -> usize {
        self.texts().iter().filter(|other| other.split(" (noticed ").next() == Some(text)).count()
    }
}

fn moment(clock: &str) -> String {
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    format!("2026-11-21T{clock}{seconds}Z")
}
