//! Several processes on one incident, and what goes to the outside.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use super::{Home, files};

#[test]
fn an_update_is_kept_in_the_local_record_once_and_says_so() {
    let home = Home::declared();
    let said = home.run(&["update", "--body", "Rows are missing since 09:00.", "--next", "45m"]).ok().out;
    assert!(said.contains("nobody outside is told: kept in the local record"), "{said}");
    let piped =
        home.run_with(&["update", "--audience", "executive", "--json"], b"No users are affected.\n").ok();
    let piped: Value = serde_json::from_str(&piped.out).unwrap();
    let path = piped["deliveries"][0]["path"].as_str().unwrap();
    assert!(path.ends_with("-executive.md"), "{path}");
    assert!(fs::read_to_string(path).unwrap().contains("No users are affected."));
    assert_eq!(files(Path::new(path).parent().unwrap()).len(), 2);
    let texts = home.run(&["tail", "-n", "99"]).ok().out;
    assert_eq!(texts.matches("kept in the local record as").count(), 2, "confirmed exactly once:\n{texts}");
    let deadlines = home.state()["incident"]["deadlines"].clone();
    assert!(deadlines.as_array().unwrap().iter().any(|clock| clock["label"] == "update internal"));
    home.run(&["update", "--body", " "]).refused(1, &["the update is empty"]);
}

#[test]
fn an_open_console_keeps_the_delivery_for_itself() {
    let home = Home::declared();
    let incident = files(&home.path().join("data/incidents")).remove(0);
    let lock = fs::File::create(incident.join("deliver.lock")).unwrap();
    lock.lock().unwrap();
    let said = home.run(&["update", "--body", "soon"]).ok().out;
    assert!(said.contains("an open console delivers it"), "{said}");
    lock.unlock().unwrap();
    home.run(&["update", "--body", "sooner"]).ok();
    assert_eq!(files(&incident.join("updates")).len(), 2, "the next command delivers what was left");
}

#[test]
fn s2_7_four_processes_write_at_once_and_the_chain_is_whole() {
    let home = Home::declared();
    let before = home.json(&["verify"])["entries"].as_u64().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let home = &home;
            scope.spawn(move || {
                let input: String = (0..100).map(|number| format!("note {writer} {number}\n")).collect();
                home.run_with(&["note", "-"], input.as_bytes()).ok();
            });
        }
    });
    let verdict = home.json(&["verify"]);
    assert_eq!((&verdict["whole"], verdict["entries"].as_u64()), (&json!(true), Some(before + 400)));
    let texts = home.texts();
    for writer in 0..4 {
        let own: Vec<&String> =
            texts.iter().filter(|text| text.starts_with(&format!("note {writer} "))).collect();
        let expected: Vec<String> = (0..100).map(|number| format!("note {writer} {number}")).collect();
        assert_eq!(own, expected.iter().collect::<Vec<_>>(), "every note once, in its order");
    }
}

#[test]
fn b6_two_processes_cannot_both_accept_the_same_command() {
    for _ in 0..5 {
        let home = Home::declared();
        home.run(&["role", "assign", "commander", "alice"]).ok();
        home.run(&["role", "offer", "commander", "bob"]).ok();
        let children: Vec<_> = ["bob", "bob"]
            .map(|who| {
                home.command(&["role", "accept", "commander", "--as", who])
                    .stderr(Stdio::piped())
                    .stdout(Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .into();
        let mut codes: Vec<i32> = children
            .into_iter()
            .map(|child| child.wait_with_output().unwrap().status.code().unwrap())
            .collect();
        codes.sort();
        assert_eq!(codes, [0, 1], "the second is decided on what the first has written");
        let accepted =
            home.texts().iter().filter(|text| *text == "bob accepted Commander from alice").count();
        assert_eq!(accepted, 1);
    }
}

#[test]
fn b6_a_race_of_hand_overs_never_names_a_commander_who_was_not() {
    let home = Home::declared();
    home.run(&["role", "assign", "commander", "alice"]).ok();
    let children: Vec<_> = ["bob", "carol"]
        .map(|to| {
            let hand_over = ["role", "hand-over", "commander", to, "--accepted", "yes"];
            home.command(&hand_over).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .into();
    let done =
        children.into_iter().filter_map(|mut child| child.wait().unwrap().success().then_some(())).count();
    let state = home.state()["incident"].clone();
    assert_eq!(state["notices"], json!([]), "nobody took it from somebody who had already passed it on");
    assert!(done >= 1, "an offer that was overtaken is refused, the one that overtook it is not");
    assert_eq!(state["roles"][0]["past"].as_array().unwrap().len(), done);
}

#[test]
fn tail_follows_what_other_processes_write() {
    let home = Home::declared();
    let mut child =
        home.command(&["tail", "-f", "-n", "1", "--json"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["class"], "playbook");
    home.run(&["note", "from elsewhere"]).ok();
    assert_eq!(next()["text"], "from elsewhere");
    drop(lines);
    home.run(&["note", "nobody reads this"]).ok();
    assert!(child.wait().unwrap().success(), "it ends when its reader has gone");
}

#[test]
fn the_local_client_writes_once_finds_what_it_wrote_and_says_why_it_cannot() {
    use warroom::clients::Local;
    use warroom::incident::event::FailureClass;
    use warroom::incident::{EntryId, HostId, Time};
    use warroom::outbox::{Act, State};
    use warroom::room::Outcome;

    let home = Home::new();
    let act = Act {
        request: EntryId::from_parts(1, 2),
        host: HostId::default(),
        client: "local".into(),
        lane: "../../Executive Board".into(),
        subject: EntryId::from_parts(1, 1),
        title: "update".into(),
        body: "all is well".into(),
        requested_at: Time::from_ms(0),
        attempts: 1,
        number: 0,
        by: "alice".into(),
        deed: Default::default(),
        attempted_at: None,
        attempted_in: Default::default(),
        state: State::Attempted { at: Time::from_ms(0) },
    };
    let local = Local::beside(home.path());
    assert_eq!(local.find_now(&act), Outcome::NotThere);
    let remote = format!("{}-executive-board.md", act.request);
    let kept = Outcome::Confirmed { remote: remote.clone(), link: None };
    for _ in 0..2 {
        assert_eq!(local.deliver_now(&act), kept);
    }
    assert_eq!(local.find_now(&act), kept);
    assert_eq!(files(&home.path().join("updates")), [home.path().join("updates").join(remote)]);

    fs::write(home.path().join("file"), "").unwrap();
    let nowhere = Local::beside(&home.path().join("file"));
    let Outcome::Failed { class, message, .. } = nowhere.deliver_now(&act) else {
        panic!("it cannot be delivered")
    };
    assert_eq!(class, FailureClass::Transient, "{message}");
}
