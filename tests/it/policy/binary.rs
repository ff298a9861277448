//! Policies as the program uses them: which are in force, the user's own, and `warroom policy`.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::SHIPPED;

struct Home(TempDir);

impl Home {
    fn new(config: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write("config.toml", config);
        home
    }

    /// Writes a file of the configuration.
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join("config").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    /// Exit code, stdout, stderr.
    fn run(&self, args: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
        for name in ["WARROOM_INCIDENT", "WARROOM_NOW", "WARROOM_CONFIG", "WARROOM_DATA", "WARROOM_STATE"] {
            command.env_remove(name);
        }
        command.args(args).env("WARROOM_HOME", self.0.path()).env("USER", "alice").stdin(Stdio::null());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    #[track_caller]
    fn json(&self, args: &[&str]) -> Value {
        let (code, out, err) = self.run(&[args, &["--json"]].concat());
        assert_eq!(code, 0, "{args:?}: {err}");
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{args:?}: {error}: {out}"))
    }

    #[track_caller]
    fn refused(&self, args: &[&str], words: &[&str]) {
        let (code, out, err) = self.run(args);
        assert_eq!(code, 1, "{args:?}: {out}{err}");
        assert!(words.iter().all(|word| err.contains(word)), "{words:?} in {err}");
    }
}

const FIFTH: &str = r#"name = "acme"
about = "two colours"

[[level]]
name = "RED"
rank = 1
also = ["P0"]
word = "critical"
definition = "the shop is closed"
response = "10 min"

[[level]]
name = "AMBER"
rank = 2
also = ["P1"]
word = "high"
definition = "the shop is slow"
"#;

#[test]
fn s1_2_adding_a_fifth_policy_needs_no_line_of_rust() {
    let home = Home::new("policy = [\"acme\", \"data\"]\n");
    home.write("policies/acme.toml", FIFTH);
    let policy = home.json(&["policy", "show"]);
    assert_eq!(policy["name"], "acme+data");
    assert_eq!(policy["parts"], serde_json::json!(["acme", "data"]));
    assert_eq!(policy["level"][0]["response"], "10 min", "its own word wins");
    assert_eq!(policy["level"][0]["postmortem"]["due"], "48 hours", "what it lacks comes from the next");
    home.json(&["declare", "--type", "data-loss", "Orders lost"]);
    assert_eq!(
        home.json(&["show"])["incident"]["severity"],
        "RED",
        "the type of the other policy proposes its level"
    );
    let (_, listed, _) = home.run(&["policy", "list"]);
    assert!(listed.contains("* acme") && listed.contains("  pipeline"), "{listed}");
}

#[test]
fn three_policies_are_in_force_when_nothing_is_set() {
    let home = Home::new("");
    let (code, page, err) = home.run(&["policy", "show"]);
    assert_eq!(code, 0, "{err}");
    for part in [
        "data+pipeline+runbook",
        "P0 (critical) = SEV-1 = SEV1 = CRITICAL",
        "Respond within 15 min",
        "Page on-call and executives",
        "Post-mortem within 48 hours",
        "lead engineer after 5 min",
        "internal every 15 min (incident channel)",
        "L4",
        "director of engineering",
        "nobody has filled in how to reach them",
        "may lose 5 min, back in 30 s, 99.9 %",
        "the regulator is told of a private incident within 72 h",
        "every five years",
    ] {
        assert!(page.contains(part), "{part:?} is not in {page}");
    }
}

#[test]
fn one_policy_can_be_set_or_shown_alone() {
    let home = Home::new("policy = \"service\"\n");
    assert_eq!(home.json(&["policy", "show"])["name"], "service");
    assert_eq!(home.json(&["policy", "show", "pipeline"])["name"], "pipeline");
    assert_eq!(home.json(&["policy", "show", "runbook", "data"])["level"][0]["name"], "CRITICAL");
}

#[test]
fn an_unknown_policy_is_refused_with_what_there_is() {
    let home = Home::new("policy = [\"data\", \"pipelin\"]\n");
    home.refused(
        &["policy", "show"],
        &["\"pipelin\"", "did you mean pipeline?", "data", "runbook", "service"],
    );
    home.refused(&["declare", "--severity", "P1", "x"], &["did you mean pipeline?"]);
    home.refused(&["policy", "show", "zzzzzzzz"], &["data, pipeline, runbook, service"]);
}

#[test]
fn the_users_own_file_wins_and_its_mistakes_are_shown_with_their_lines() {
    let home = Home::new("policy = \"data\"\n");
    let path = home.write("policies/data.toml", &FIFTH.replace("rank = 2", "rank = 1"));
    home.refused(&["policy", "show"], &["policies/data.toml: line 14: rank 1 is there twice"]);
    let (code, out, _) = home.run(&["doctor"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("rank 1 is there twice"), "{out}");
    fs::write(path, FIFTH).unwrap();
    assert_eq!(home.json(&["policy", "show"])["name"], "acme");
}

#[test]
fn check_says_file_line_what_and_hint() {
    let home = Home::new("");
    let good = home.write("good.toml", FIFTH);
    let bad = home.write(
        "bad.toml",
        &FIFTH.replace("rank = 2", "rank = 1").replace("word = \"high\"", "wrd = \"high\""),
    );
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    let (code, out, _) = home.run(&["policy", "check", good]);
    assert_eq!((code, out), (0, format!("{good}: 2 levels, 0 types, nothing to repair\n")));
    let (code, out, _) = home.run(&["policy", "check", good, bad]);
    assert_eq!(code, 1);
    for line in [
        ":12: [[level]] has no `word` (add word = \"...\")",
        ":14: rank 1 is there twice (each level has a rank of its own)",
        ":16: [[level]] has no key `wrd` (did you mean `word`?)",
        ": 3 findings",
    ] {
        assert!(out.contains(&format!("{bad}{line}\n")), "{line:?} is not in {out}");
    }
    let (code, out, _) = home.run(&["policy", "check", bad, "--json"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, found["diagnostics"][1]["line"].as_u64()), (1, Some(14)));
    home.refused(&["policy", "check", "/nowhere.toml"], &["/nowhere.toml", "give the path of a TOML file"]);
}

#[test]
fn every_shipped_file_passes_its_own_check() {
    let home = Home::new("");
    for (at, text) in SHIPPED.iter().enumerate() {
        let file = home.write(&format!("{at}.toml"), text);
        let (code, out, _) = home.run(&["policy", "check", file.to_str().unwrap()]);
        assert_eq!(code, 0, "{out}");
    }
    let (_, out, _) = home.run(&["policy", "list", "--json"]);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let in_force: Vec<(&str, bool)> = lines
        .iter()
        .map(|line| (line["name"].as_str().unwrap(), line["in_force"].as_bool().unwrap()))
        .collect();
    assert_eq!(in_force, [("data", true), ("pipeline", true), ("runbook", true), ("service", false)]);
}

#[test]
fn what_is_pinned_is_the_whole_text_with_its_digest() {
    use sha2::{Digest, Sha256};
    let home = Home::new("");
    let paths =
        warroom::config::Paths::resolve(|name| (name == "WARROOM_HOME").then(|| home.0.path().to_owned()))
            .unwrap();
    let pinned = warroom::config::shipped::pinned_policy(&paths, &["data", "service"]).unwrap();
    let names: Vec<&str> = pinned.iter().map(|pinned| pinned.name.as_str()).collect();
    assert_eq!(names, ["data", "service"]);
    assert_eq!(pinned[0].text, SHIPPED[0]);
    let digest: String = Sha256::digest(SHIPPED[0]).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(pinned[0].digest, digest);
    assert!(warroom::config::shipped::pinned_policy(&paths, &["nothing"]).is_err());
}
