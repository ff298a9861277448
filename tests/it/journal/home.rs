//! The home of all incidents: numbers, names and whose machine it is.

use warroom::incident::ids::IncidentId;
use warroom::journal::{Home, Journal, NotFound};

fn home() -> (tempfile::TempDir, Home) {
    let dir = tempfile::tempdir().expect("a folder");
    let home = Home::new(dir.path());
    (dir, home)
}

fn id(n: u64) -> IncidentId {
    IncidentId::from_parts(1_795_000_000_000 + n * 1_000_000_000, u128::from(n))
}

#[test]
fn incidents_are_found_by_any_of_their_names() {
    let (_dir, home) = home();
    for (n, title) in [(1, "Orders DB: replica lag!"), (2, "orders api down"), (3, "Größe der Tabelle")] {
        let dir = home.create_incident(id(n), title).expect("a folder");
        assert_eq!(u64::from(dir.number), n);
        Journal::create(&dir.path, dir.id, home.host_id().expect("an id")).expect("a journal");
    }
    let number = |reference: &str| home.find(reference).map(|dir| dir.number).ok();
    let ulid = id(2).to_string();
    for reference in
        ["2", "INC-0002", "inc-2", &ulid, &ulid.to_lowercase(), &ulid[..9], "orders-api-down", "orders-a"]
    {
        assert_eq!(number(reference), Some(2), "{reference}");
    }
    assert_eq!(number("größe"), Some(3));
    let path = home.list().expect("readable")[0].path.clone();
    assert_eq!(number(path.to_str().expect("UTF-8")), Some(1));
}

#[test]
fn what_is_not_found_names_what_is_near() {
    let (_dir, home) = home();
    for (n, title) in [(1, "orders-db"), (2, "orders-api"), (3, "billing")] {
        home.create_incident(id(n), title).expect("a folder");
    }
    let Err(NotFound::Ambiguous { fitting, .. }) = home.find("orders") else { panic!("two begin so") };
    assert_eq!(fitting, ["INC-0001 (orders-db)", "INC-0002 (orders-api)"]);
    let error = home.find("biling").expect_err("misspelt");
    assert!(error.hint().starts_with("did you mean INC-0003 (billing)"), "{}", error.hint());
    assert!(home.find("").is_err() && home.find("01k").is_err(), "too little to go by");
}

#[test]
fn copied_incidents_get_a_number_of_their_own() {
    let (_dir, home) = home();
    let first = home.create_incident(id(5), "here first").expect("a folder");
    let copied = home.incidents().join(format!("{}-copied", id(1)));
    std::fs::create_dir_all(&copied).expect("a folder");
    let numbers: Vec<_> =
        home.list().expect("readable").iter().map(|dir| (dir.number, dir.slug.clone())).collect();
    assert_eq!(numbers, [(2, "copied".to_owned()), (1, "here-first".to_owned())]);
    assert_eq!(first.number, 1);
    assert_eq!(home.create_incident(id(6), "???").expect("a folder").slug, "incident");
}

#[test]
fn a_copied_home_is_another_host() {
    let (dir, home) = home();
    let host = home.host_id().expect("an id");
    assert_eq!(home.host_id().ok(), Some(host), "it stays the same");
    let path = dir.path().join("host.json");
    let text = std::fs::read_to_string(&path).expect("readable");
    let mut elsewhere: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    elsewhere["machine"] = "another machine".into();
    std::fs::write(&path, elsewhere.to_string()).expect("room on the disk");
    let new = home.host_id().expect("an id");
    assert_ne!(new, host);
    assert_eq!(home.host_id().ok(), Some(new));
}
