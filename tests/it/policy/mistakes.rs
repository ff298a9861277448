//! What is wrong with a policy file: all of it at once, each with its line and what to write instead.

use proptest::prelude::*;
use warroom::policy::{Diagnostic, Policy};

use super::{DATA, PIPELINE, SHIPPED, read};

/// A policy without mistakes; tests put one in.
const SOUND: &str = r#"name = "own"

[[level]]
name = "RED"
rank = 1
also = ["P0"]
word = "critical"
definition = "all is lost"
response = "15 min"
update = [{ audience = "team/ops", every = "15 min" }]
escalation = [{ after = "5 min", who = "lead" }, { after = "15 min", who = "manager" }]
postmortem = { need = "required", due = "2 days" }

[[level]]
name = "AMBER"
rank = 2
word = "high"
definition = "some is lost"

[[type]]
name = "data-loss"
title = "Data loss"
about = "gone"
severity = ["RED"]

[[audience]]
name = "team"
about = "those who use it"

[triage]
[[triage.question]]
id = "gone"
ask = "Is it gone?"
yes = { levels = ["RED"] }
no = { next = "many" }
[[triage.question]]
id = "many"
ask = "Do many feel it?"
answer = [
    { key = "1", say = "all", levels = ["RED", "AMBER"] },
    { key = "2", say = "some", levels = ["AMBER"] },
]

[axes]
degradation = [{ value = 1, say = "down" }, { value = 2, say = "slow" }]
impact = [{ value = 1, say = "all" }, { value = 2, say = "some" }]
"#;

fn found(text: &str) -> Vec<String> {
    Policy::read(text).err().unwrap_or_default().iter().map(Diagnostic::to_string).collect()
}

/// `from` becomes `to`; all findings are these.
#[track_caller]
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(SOUND.contains(from), "{from}");
    assert_eq!(found(&SOUND.replacen(from, to, 1)), expected, "{from} -> {to}");
}

#[test]
fn the_shipped_policies_and_the_sound_one_have_none() {
    for text in SHIPPED.into_iter().chain([SOUND]) {
        assert_eq!(found(text), [""; 0], "{}", text.lines().next().unwrap());
    }
}

#[test]
fn an_unknown_key_names_the_nearest_or_all() {
    check(
        "word = \"critical\"",
        "wrod = \"critical\"",
        &[
            "line 3: [[level]] has no `word` (add word = \"...\")",
            "line 7: [[level]] has no key `wrod` (did you mean `word`?)",
        ],
    );
    check(
        "name = \"own\"",
        "name = \"own\"\ncolour = 1",
        &[
            "line 2: the file has no key `colour` (it may have name, about, level, type, audience, contact, escalate_when, \
         tier, failure, triage, axes, rules)",
        ],
    );
    check(
        "say = \"all\", levels",
        "say = \"all\", level",
        &[
            "line 40: [[answer]] has no key `level` (did you mean `levels`?)",
            "line 40: question \"many\": here the walk can end without a severity (give the answer `levels`, or [triage] an \
         `otherwise`)",
        ],
    );
}

#[test]
fn a_length_of_time_says_how_to_write_one() {
    let forms = "15 min, 4 h, 30 s, 2 days, 1 week or 1 business day";
    check(
        "\"15 min\"\nupdate",
        "\"soon\"\nupdate",
        &[&format!("line 9: `response`: \"soon\" is not a length of time (write {forms})")],
    );
    check(
        "\"15 min\"\nupdate",
        "15\nupdate",
        &[&format!("line 9: `response` is a number without a unit (write, in quotes, {forms})")],
    );
    check(
        "every = \"15 min\"",
        "every = \"0 min\"",
        &["line 10: `every` is no time at all (leave it out, or write at least 1 min)"],
    );
}

#[test]
fn ranks_go_from_1_to_5_each_once_and_upwards() {
    check(
        "rank = 2",
        "rank = 1",
        &[
            "line 16: rank 1 is there twice (each level has a rank of its own)",
            "line 44: the axes lead to rank 2, which no [[level]] has (change the values, or add the level)",
        ],
    );
    check("rank = 2", "rank = 6", &["line 16: `rank` is out of range (write a number from 1 to 5)"]);
    let swapped = SOUND.replacen("rank = 1", "rank = 9", 1).replacen("rank = 2", "rank = 1", 1);
    assert!(found(&swapped).iter().any(|line| line.starts_with("line 5: `rank` is out of range")));
    let turned = SOUND.replacen("rank = 1", "rank = 3", 1);
    assert!(
        found(&turned)
            .contains(&"line 16: rank 2 comes after rank 3 (put the gravest level, rank 1, first)".into())
    );
}

#[test]
fn no_level_at_all_is_said_at_once() {
    let none = [
        "no level: a policy needs at least one [[level]] (add [[level]] with name, rank = 1, word, definition; a part that only adds to others has contacts or audiences)",
    ];
    assert_eq!(found("name = \"own\""), none);
    assert_eq!(found("name = \"own\"\nlevel = []"), [format!("line 2: {}", none[0])]);
}

#[test]
fn a_rung_comes_later_than_the_one_before() {
    let late =
        "line 11: the rung after 5 min is not later than the one after 5 min (put the earlier rung first)";
    check("{ after = \"15 min\"", "{ after = \"5 min\"", &[late]);
    check("{ after = \"15 min\"", "{ after = \"30 s\"", &[&late.replace("after 5 min is", "after 30 s is")]);
}

#[test]
fn an_audience_is_declared_and_has_one_cadence() {
    check(
        "team/ops",
        "taem/ops",
        &["line 10: an update goes to \"taem/ops\", which no [[audience]] has (use one of team)"],
    );
    check(
        "audience = \"team/ops\"",
        "audience = \"tem\"",
        &["line 10: an update goes to \"tem\", which no [[audience]] has (did you mean team?)"],
    );
    check(
        "every = \"15 min\" }",
        "every = \"15 min\" }, { audience = \"team/ops\", every = \"1 h\" }",
        &["line 10: cadence of this level for \"team/ops\" is there twice (it is on line 10 already)"],
    );
}

#[test]
fn severities_are_known_wherever_they_are_named() {
    check(
        "severity = [\"RED\"]",
        "severity = [\"RAD\"]",
        &["line 24: type \"data-loss\" names severity \"RAD\", which no [[level]] has (did you mean RED?)"],
    );
    check("severity = [\"RED\"]", "severity = [\"p0\"]", &[]);
    check(
        "severity = [\"RED\"]",
        "severity = []",
        &["line 20: type \"data-loss\" has no severity (name at least one level, the usual one first)"],
    );
    check(
        "yes = { levels = [\"RED\"]",
        "yes = { levels = [\"AMBRE\"]",
        &[
            "line 34: question \"gone\" names severity \"AMBRE\", which no [[level]] has (did you mean AMBER?)",
        ],
    );
}

#[test]
fn one_name_means_one_thing() {
    check(
        "name = \"AMBER\"",
        "name = \"p0\"",
        &[
            "line 15: two levels are called \"p0\" (it is on line 6 already)",
            "line 40: question \"many\" names severity \"AMBER\", which no [[level]] has (use one of RED, P0, p0)",
            "line 41: question \"many\" names severity \"AMBER\", which no [[level]] has (use one of RED, P0, p0)",
        ],
    );
    check(
        "also = [\"P0\"]",
        "also = [\"P0\", \"red\"]",
        &["line 6: the level is called \"red\" twice (it is on line 4 already)"],
    );
    check(
        "name = \"data-loss\"",
        "name = \"Data Loss\"",
        &["line 21: type \"Data Loss\" can never be found (call it \"data-loss\")"],
    );
    let twice = format!("{SOUND}\n[[tier]]\nname = \"M1\"\nabout = \"a\"\nrpo = \"0 min\"\nrto = \"1 h\"\n")
        + "[[tier]]\nname = \"m1\"\nabout = \"a\"\nrpo = \"1 h\"\nrto = \"1 h\"\n";
    assert_eq!(found(&twice), ["line 54: tier \"m1\" is there twice (it is on line 49 already)"]);
}

#[test]
fn every_question_is_reached_and_none_is_asked_twice() {
    check(
        "no = { next = \"many\" }",
        "no = { levels = [\"AMBER\"] }",
        &[
            "line 36: question \"many\" is never reached (point to it with `next`, or let an answer above go on)",
        ],
    );
    check(
        "no = { next = \"many\" }",
        "no = { next = \"mny\" }",
        &[
            "line 35: `next` points to \"mny\", which no question has (did you mean many?)",
            "line 36: question \"many\" is never reached (point to it with `next`, or let an answer above go on)",
        ],
    );
    check(
        "say = \"some\", levels = [\"AMBER\"]",
        "say = \"some\", next = \"gone\"",
        &[
            "line 41: `next` points back to \"gone\": the questions would go in a circle (point to a question further down, or \
         move that one down)",
        ],
    );
    check(
        "levels = [\"RED\"] }",
        "levels = [\"RED\"], next = \"many\" }",
        &[
            "line 34: question \"gone\": `next` is never followed, for the levels end the walk (leave one of the two out, or \
         set mode = \"gravest\")",
        ],
    );
    check(
        "id = \"many\"",
        "id = \"gone\"",
        &[
            "line 35: `next` points to \"many\", which no question has (use one of gone)",
            "line 36: question \"gone\" is never reached (point to it with `next`, or let an answer above go on)",
            "line 37: two questions have the id \"gone\" (it is on line 32 already)",
        ],
    );
    check(
        "say = \"some\", levels = [\"AMBER\"]",
        "say = \"some\"",
        &[
            "line 41: question \"many\": here the walk can end without a severity (give the answer `levels`, or [triage] an \
         `otherwise`)",
        ],
    );
    check(
        "[\"RED\", \"AMBER\"]",
        "[\"AMBER\", \"RED\"]",
        &["line 40: question \"many\": the levels are not in order (put the graver one first)"],
    );
}

#[test]
fn answers_have_keys_of_their_own_that_the_console_does_not_need() {
    check(
        "key = \"2\"",
        "key = \"1\"",
        &["line 41: two answers have the key \"1\" (give each a key of its own)"],
    );
    for key in ["-", "j", "q", "?", " ", "\\t"] {
        let lines = found(&SOUND.replacen("key = \"2\"", &format!("key = \"{key}\""), 1));
        assert_eq!(lines.len(), 1, "{key}: {lines:?}");
        assert!(lines[0].contains("has a meaning of its own there"), "{lines:?}");
    }
    check(
        "key = \"2\"",
        "key = \"22\"",
        &["line 41: `key`: \"22\" is not one character (write one letter or digit)"],
    );
    check(
        "yes = { levels = [\"RED\"] }\nno = { next = \"many\" }\n",
        "",
        &[
            "line 31: a question without answers (add yes = { levels = [\"...\"] }, or answer = [{ key = \"a\", say = \"...\" }])",
        ],
    );
}

#[test]
fn the_axes_lead_to_every_level_and_to_no_other() {
    check(
        "impact = [{ value = 1, say = \"all\" }, { value = 2, say = \"some\" }]",
        "impact = []",
        &["line 44: the axis `impact` has no marks (add impact = [{ value = 1, say = \"...\" }])"],
    );
    check(
        "impact = [{ value = 1, say = \"all\" }, { value = 2, say = \"some\" }]",
        "",
        &["line 44: [axes] has no `impact` (add impact = [{ value = 1, say = \"...\" }])"],
    );
    check(
        "{ value = 2, say = \"slow\" }",
        "{ value = 1, say = \"slow\" }",
        &[
            "line 44: the axes never lead to rank 2 (add a mark whose mean with another is that rank)",
            "line 45: value 1 is there twice on the axis `degradation` (each mark has a value of its own)",
        ],
    );
}

#[test]
fn a_value_of_another_kind_says_what_to_write() {
    check(
        "postmortem = { need = \"required\", due = \"2 days\" }",
        "postmortem = \"within 2 days\"",
        &["line 12: `postmortem` is a string, not a table (write postmortem = { need = \"required\" })"],
    );
    check(
        "need = \"required\"",
        "need = \"optionel\"",
        &["line 12: `need` cannot be \"optionel\" (did you mean optional?)"],
    );
    check(
        "also = [\"P0\"]",
        "also = [\"P0\", 1]",
        &["line 6: `also` has an integer in it (put each text in quotes)"],
    );
    check("word = \"critical\"", "word = \" \"", &["line 7: `word` is empty (write word = \"...\")"]);
    check(
        "response = \"15 min\"",
        "notify = [\"page\"]",
        &["line 9: `notify` has a string in it (write notify = [{ who = \"...\" }])"],
    );
}

#[test]
fn broken_toml_is_reported_with_what_else_can_be_seen() {
    let text = SOUND.replacen("rank = 1", "rank =", 1).replacen("word = \"high\"", "wrd = \"high\"", 1);
    let lines = found(&text);
    assert!(lines[0].starts_with("line 5: this is no TOML: "), "{lines:?}");
    assert_eq!(lines[1..], ["line 17: [[level]] has no key `wrd` (did you mean `word`?)"]);
}

#[test]
fn all_mistakes_are_found_at_once_in_the_order_of_the_lines() {
    let text = SOUND
        .replacen("rank = 1", "rank = 0", 1)
        .replacen("\"15 min\"\nupdate", "\"soon\"\nupdate", 1)
        .replacen("severity = [\"RED\"]", "severity = [\"RAD\"]", 1)
        .replacen("next = \"many\"", "next = \"mny\"", 1);
    let found = Policy::read(&text).unwrap_err();
    let lines: Vec<usize> = found.iter().map(|diagnostic| diagnostic.line).collect();
    assert_eq!(lines, [5, 9, 24, 35, 36], "{found:#?}");
    assert!(found.iter().all(|diagnostic| !diagnostic.hint.is_empty()));
    let joined = Policy::parse(&text).unwrap_err();
    assert_eq!(joined.lines().count(), found.len());
}

/// Every key that the types have.
const FULL: &str = r#"name = "full"
about = "a"
escalate_when = ["w"]
level = [{ name = "L", rank = 1, also = ["M"], word = "w", definition = "d", examples = ["e"], response = "1 h", commander = "c", notify = [{ who = "w", within = "1 h", how = "h", note = "n" }], update = [{ audience = "a", every = "1 h", channel = "c", milestones = true }], escalation = [{ after = "1 h", who = "w" }], postmortem = { need = "required", due = "1 h" } }]
type = [{ name = "t", title = "t", about = "a", severity = ["L"], playbook = "p", roles = ["r"], private = true }]
audience = [{ name = "a", about = "a", next = "1 h", template = "t", external = true, longest = 1 }]
contact = [{ level = "L1", role = "r", name = "n", reach = "r", phone = "p", available = "a" }]
tier = [{ name = "t", about = "a", rpo = "1 h", rto = "1 h", availability = "a", how = "h" }]
failure = [{ what = "w", often = "o", impact = "i" }]
axes = { degradation = [{ value = 1, say = "s" }], impact = [{ value = 1, say = "s" }] }
rules = { triage = "1 h", mark = "1 h", accept = "1 h", watch = "1 h", regulatory = "1 h", span_of_control = 1, roll_call = ["t"] }
[triage]
mode = "gravest"
otherwise = { levels = ["L"], then = "t" }
assess = [{ ask = "a", help = "h" }]
[[triage.question]]
id = "q"
ask = "a"
help = "h"
yes = { levels = ["L"], next = "r", then = "t" }
no = { levels = ["L"], next = "r", then = "t" }
answer = [{ key = "a", say = "s", levels = ["L"], next = "r", then = "t" }]
[[triage.question]]
id = "r"
ask = "a"
yes = { levels = ["L"] }
"#;

#[test]
fn what_may_be_written_and_what_the_types_take_are_the_same() {
    let (policy, full): (Policy, toml::Table) = (read(FULL), FULL.parse().unwrap());
    let written = toml::Table::try_from(&policy).unwrap();
    // Whatever is not said is written as empty; FULL says everything.
    assert_eq!(without_empty(written.into()), without_empty(full.into()));
    assert_eq!(read(&toml::to_string(&policy).unwrap()), policy, "what is written is read back");
}

/// Without what says nothing.
fn without_empty(value: toml::Value) -> toml::Value {
    use toml::Value;
    match value {
        Value::Table(table) => {
            let says = |value: &Value| !matches!(value, Value::Boolean(false)) && value.as_str() != Some("");
            let kept = table.into_iter().map(|(key, value)| (key, without_empty(value)));
            let kept =
                kept.filter(|(_, value)| says(value) && value.as_array().is_none_or(|list| !list.is_empty()));
            Value::Table(kept.collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(without_empty).collect()),
        other => other,
    }
}

#[test]
fn a_pinned_policy_is_read_whatever_is_checked_today() {
    let newer = SOUND.replacen("name = \"own\"", "name = \"own\"\nnovelty = 1", 1).replacen(
        "next = \"many\"",
        "next = \"gone\"",
        1,
    );
    assert!(Policy::parse(&newer).is_err());
    let recalled = Policy::recall(&newer).unwrap();
    assert_eq!(recalled.levels, read(SOUND).levels);
    assert!(Policy::recall("name = 1").is_err());
}

/// Pieces that break more than random characters do.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "",
        "\n",
        "\"",
        "]",
        "[",
        "{",
        "}",
        "=",
        "[[level]]\n",
        "[triage]\n",
        "[[triage.question]]\n",
        "rank = 3\n",
        "next = \"a\"\n",
        "\"\"\"",
        "#",
        "é",
        "復旧",
        "\u{0}",
        "\u{202e}",
        "-1",
        "99999999999999999999",
        "0x",
        "1e999",
        "2026-01-01",
        "name.x = 1\n",
        "levels = []\n",
        "key = \"\"\n",
        "[level]\n",
        "level = 1\n",
        "[axes]\n",
        "value = 1\n",
        "\r\n",
        "100000 weeks",
        "yes = {}\n",
    ];
    prop::sample::select(pieces.map(str::to_owned).to_vec())
}

/// Cuts and inserts at any place.
fn mutated(text: &'static str) -> impl Strategy<Value = String> {
    let change = (0.0..1.0_f64, 0_usize..40, piece());
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut chars: Vec<char> = text.chars().collect();
        for (place, cut, piece) in changes {
            let at = (place * chars.len() as f64) as usize;
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, piece.chars());
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in prop_oneof![mutated(SOUND), mutated(DATA), mutated(PIPELINE), any::<String>()]) {
        match Policy::read(&text) {
            Ok(policy) => prop_assert!(!policy.levels.is_empty()),
            Err(found) => {
                let lines = text.split('\n').count();
                prop_assert!(!found.is_empty());
                for diagnostic in &found {
                    prop_assert!(diagnostic.line <= lines && !diagnostic.what.is_empty(), "{:?}", diagnostic);
                }
            }
        }
    }

    #[test]
    fn a_lost_line_is_found_or_does_no_harm(line in 0..400_usize) {
        let kept: Vec<&str> = DATA.lines().enumerate().filter(|(at, _)| *at != line).map(|(_, text)| text).collect();
        if let Ok(policy) = Policy::read(&kept.join("\n")) {
            prop_assert!(Policy::compose(vec![policy.clone(), read(PIPELINE)]).is_some());
            prop_assert!(policy.levels.iter().all(|level| (1..=5).contains(&level.rank)));
        }
    }
}
