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
        "Page on-call (the alert has done so) at once; page executives; tell engineering manager",
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

/// Names and texts of what was pinned when incident 1 was declared.
fn pinned(home: &Home) -> Vec<(String, String)> {
    let inside = |folder: PathBuf| fs::read_dir(folder).unwrap().flatten().map(|file| file.path());
    let incident = inside(home.0.path().join("data/incidents")).find(|path| path.is_dir()).unwrap();
    let journal =
        inside(incident.join("journal")).find(|path| path.extension().is_some_and(|end| end == "jsonl"));
    let log = fs::read_to_string(journal.unwrap()).unwrap();
    let entries = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let parts = entries.filter_map(|entry| entry["body"]["policy"]["pinned"]["parts"].as_array().cloned());
    let text = |part: &Value, key: &str| part[key].as_str().unwrap_or_default().to_owned();
    parts.flatten().map(|part| (text(&part, "name"), text(&part, "text"))).collect()
}

fn names(pinned: &[(String, String)]) -> Vec<&str> {
    pinned.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn a_mistake_in_a_policy_keeps_nobody_from_declaring() {
    let home = Home::new("policy = [\"acme\", \"data\"]\n");
    let path = home.write("policies/acme.toml", &FIFTH.replace("rank", "rnk"));
    let (code, out, err) = home.run(&["declare", "--severity", "RED", "--type", "shop", "Orders lost"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("INC-0001: Orders lost"), "{out}");
    let check = format!("hint: run `warroom policy check {}`", path.display());
    for part in [
        "warning: the policy acme is left out: line 4: [[level]] has no `rank`",
        ", and 3 more\n",
        &check,
        "warning: the severity RED is not in the policies",
        "warning: the type shop is not in the policies",
    ] {
        assert!(err.contains(part), "{part:?} is not in {err}");
    }
    assert_eq!(err.matches("left out").count(), 1, "said once: {err}");
    assert_eq!(names(&pinned(&home)), ["data"], "what is pinned is what was used");
    let (code, _, err) = home.run(&["note", "still here"]);
    assert_eq!(code, 0, "{err}");
    let (code, out, _) = home.run(&["doctor"]);
    assert_eq!((code, out.matches("has no `rank`").count()), (1, 2), "{out}");
    assert!(out.contains("until it is put right, this is used: data: 4 levels"), "{out}");
}

#[test]
fn a_wrong_name_in_the_setting_keeps_nobody_from_declaring() {
    let home = Home::new("policy = \"dta\"\n");
    let (code, _, err) = home.run(&["declare", "--severity", "P1", "--type", "data-loss", "Orders lost"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("did you mean data?") && err.contains("correct `policy` in config.toml"), "{err}");
    assert!(err.contains("the usual ones are used: data, pipeline, runbook"), "{err}");
    assert_eq!(names(&pinned(&home)), ["data", "pipeline", "runbook"]);
    assert_eq!(home.json(&["show"])["incident"]["severity"], "P1");
}

#[test]
fn the_shipped_policy_takes_the_place_of_a_broken_one_of_its_name() {
    let home = Home::new("policy = [\"data\", \"pipeline\"]\n");
    home.write("policies/data.toml", "name = ");
    let (code, _, err) = home.run(&["declare", "--type", "data-breach", "Names leaked"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("the policy data is left out") && err.contains("the shipped one of that name"),
        "{err}"
    );
    let pinned = pinned(&home);
    assert_eq!(names(&pinned), ["data", "pipeline"]);
    assert_eq!(pinned[0].1, SHIPPED[0]);
    assert_eq!(home.json(&["show"])["incident"]["private"], true);
}

#[test]
fn a_private_type_of_a_policy_that_is_left_out_stays_private() {
    let home = Home::new("policy = [\"acme\", \"data\"]\n");
    let kind = "colour = 1\n[[type]]\nname = \"leak\"\ntitle = \"t\"\nabout = \"a\"\nseverity = [\"RED\"]\nprivate = true\n";
    home.write("policies/acme.toml", &format!("{FIFTH}{kind}"));
    home.run(&["declare", "--type", "leak", "Names leaked"]);
    assert_eq!(home.json(&["show"])["incident"]["private"], true);
}

#[test]
fn contacts_alone_are_laid_over_the_usual_policies() {
    let home = Home::new("policy = \"people\"\n");
    home.write(
        "policies/people.toml",
        "name = \"people\"\n[[contact]]\nrole = \"team lead\"\nphone = \"112\"\n",
    );
    let (code, _, err) = home.run(&["declare", "--severity", "P0", "Orders lost"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("the policy people has no severities"), "{err}");
    assert_eq!(names(&pinned(&home)), ["people", "data", "pipeline", "runbook"]);
    let (_, page, _) = home.run(&["contacts"]);
    assert!(page.contains("112"), "{page}");
}

#[test]
fn check_knows_other_words_for_a_key() {
    let home = Home::new("");
    let file = home
        .write("x.toml", "nam = \"x\"\n[[severity]]\nname = \"A\"\n[[audiences]]\nname = \"q\"\n[rule]\n");
    let (_, out, _) = home.run(&["policy", "check", file.to_str().unwrap()]);
    for part in [
        "`severity` (did you mean `level`?)",
        "`audiences` (did you mean `audience`?)",
        "`nam` (did you mean `name`?)",
        "`rule` (did you mean `rules`?)",
    ] {
        assert!(out.contains(part), "{part:?} is not in {out}");
    }
}
