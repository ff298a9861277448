//! A day in a home of its own, played line by line from a script.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::{Answer, Home, files};

/// What the callback says.
const ALERT: &str = r#"{"title":"Prices x100","type":"data-corruption","reporter":"pricing desk","channel":"airflow callback"}"#;
/// What a person fills in where the log says nothing.
const FILLED: &str = "nothing more is known";

pub struct Day {
    home: Home,
    /// What `show` said, by moment.
    pub looks: Vec<(String, Value)>,
}

impl Day {
    pub fn played(script: &str) -> Self {
        let home = Home::new();
        std::fs::create_dir_all(home.path().join("config")).unwrap();
        std::fs::write(
            home.path().join("config/config.toml"),
            "policy = [\"data\", \"pipeline\", \"runbook\"]\n",
        )
        .unwrap();
        std::fs::write(home.path().join("alert.json"), ALERT).unwrap();
        let mut day = Self { home, looks: Vec::new() };
        let acts = script.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        acts.for_each(|act| day.act(act));
        day
    }

    fn act(&mut self, line: &str) {
        let words = words(line);
        let (clock, who, args) = match words.as_slice() {
            [clock, who, args @ ..] => (clock.as_str(), who.as_str(), args),
            _ => panic!("{line:?} says nothing"),
        };
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match args.as_slice() {
            ["look"] => {
                let look = self.json(clock, &["show", "1"]);
                assert_eq!(self.json(clock, &["verify"])["whole"], true, "at {clock}");
                self.looks.push((clock.to_owned(), look));
            }
            ["tell", audience] => self.tell(clock, who, audience),
            ["!", args @ ..] => {
                let answer = self.run(clock, who, args);
                assert_eq!(answer.code, 1, "{line}\n{}{}", answer.out, answer.err);
            }
            args => {
                let answer = self.run(clock, who, args);
                assert_eq!(answer.code, 0, "{line}\n{}{}", answer.out, answer.err);
            }
        }
    }

    /// The draft that the log fills in, finished and sent.
    fn tell(&self, clock: &str, who: &str, audience: &str) {
        let draft = self.json(clock, &["-i", "1", "update", audience, "--draft"]);
        let body = finished(draft["body"].as_str().unwrap());
        let send = ["-i", "1", "update", audience, "--body", &body, "--approved-by", "bob"];
        // Only what goes outside is approved by somebody.
        let send = if audience == "customers" { &send[..] } else { &send[..6] };
        let answer = self.run(clock, who, send);
        assert_eq!(answer.code, 0, "{clock} tell {audience}\n{body}\n{}{}", answer.out, answer.err);
    }

    pub fn run(&self, clock: &str, who: &str, args: &[&str]) -> Answer {
        let mut command = self.home.command(args);
        command.env("WARROOM_NOW", moment(clock)).env("USER", who).current_dir(self.home.path());
        if !args.contains(&"-i") && args.first() != Some(&"declare") {
            command.env("WARROOM_INCIDENT", "1");
        }
        Answer::of(command.output().unwrap())
    }

    pub fn json(&self, clock: &str, args: &[&str]) -> Value {
        let answer = self.run(clock, "carol", &[args, &["--json"]].concat()).ok();
        serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{args:?}: {error}: {}", answer.out))
    }

    /// Every entry, as the timeline has them in the end.
    pub fn entries(&self) -> Vec<Value> {
        self.json("23:00", &["show", "1", "--all"])["entries"].as_array().unwrap().clone()
    }

    pub fn look(&self, at: &str) -> &Value {
        let look = self.looks.iter().find(|(clock, _)| clock == at);
        &look.unwrap_or_else(|| panic!("nobody looked at {at}")).1
    }

    /// The folder of the incident, in a home that has nothing else.
    pub fn copied(&self) -> Self {
        let home = Home::new();
        let incident = files(&self.home.path().join("data/incidents")).remove(0);
        let to = home.path().join("data/incidents").join(incident.file_name().unwrap());
        copy(&incident, &to);
        Self { home, looks: Vec::new() }
    }

    pub fn into_home(self) -> TempDir {
        self.home.into_dir()
    }
}

pub fn moment(clock: &str) -> String {
    format!("2026-11-21T{clock}:00Z")
}

/// Without what differs from home to home.
pub fn elsewhere(state: &Value) -> Value {
    let mut state = state.clone();
    for place in ["", "/incident"] {
        if let Some(Value::Object(found)) = state.pointer_mut(place) {
            found.remove("path");
        }
    }
    state
}

/// A draft whose open places somebody has filled in.
fn finished(draft: &str) -> String {
    let mut text = draft.to_owned();
    while let Some(start) = text.find('[').filter(|start| text[*start..].contains(": …]")) {
        let end = start + text[start..].find("…]").unwrap() + "…]".len();
        text.replace_range(start..end, FILLED);
    }
    text
}

/// Words as a shell takes them apart: quotes keep spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in line.split('"').enumerate() {
        match place % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in files(from) {
        let there = to.join(file.file_name().unwrap());
        if file.is_dir() { copy(&file, &there) } else { std::fs::copy(&file, &there).map(drop).unwrap() }
    }
}
