//! Log entries that others have collected; they stay outside of the project.

use super::*;
use std::io::Write;
use std::path::PathBuf;
use warroom::incident::event::{Listen, Slot};
use warroom::outbox::news::{Pull, What};

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("WARROOM_SHARED").map(|shared| PathBuf::from(shared).join("samples"));
    if folder.is_none() {
        let words = "SKIPPED: set WARROOM_SHARED to a folder with samples/ to test collected log entries\n";
        let _ = std::io::stderr().write_all(words.as_bytes());
    }
    folder
}

fn read(path: &str, folder: &std::path::Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join(path)).unwrap()).unwrap()
}

/// What the client makes of these entries.
async fn heard(entries: Value) -> Vec<(String, String)> {
    let server = MockServer::start().await;
    let log = ok(json!({ "log_entries": entries, "more": true }));
    on(&server, "GET", "/incidents/PT4KHLK/log_entries", log).await;
    on(&server, "GET", "/incidents/PT4KHLK/notes", ok(json!({ "notes": [] }))).await;
    let places = vec![(Slot::Page, PAGE.to_owned())];
    let pull = Pull { places, cursor: None, since: now(), now: now(), listen: Listen::All };
    let text = |what: What| match what {
        What::Fact { text } | What::Said { text } => text,
        other => panic!("{other:?}"),
    };
    let news = client(&server).pull(&pull).await.unwrap().news;
    news.into_iter().map(|news| (news.author.name, text(news.what))).collect()
}

#[tokio::test]
async fn collected_log_entries_become_sentences() {
    let Some(folder) = samples() else { return };
    for file in ["get_incidents__id__log_entries_200_response.json", "get_log_entries_200_response.json"] {
        let sample = read(&format!("pagerduty-log-entries/{file}"), &folder);
        let expected = "triggered the page: Tasks::SFDCValidator - PD_Data__c - duplicates";
        let heard = heard(sample["log_entries"].clone()).await;
        assert_eq!(heard, [("My Mail Service".to_owned(), expected.to_owned())]);
    }
    let sample = read("pagerduty-go_Apache-2.0/log_entry_test_01.json", &folder);
    let heard = heard(json!([sample])).await;
    assert_eq!(heard, [("PagerDuty".to_owned(), "triggered the page: My new incident".to_owned())]);
}
