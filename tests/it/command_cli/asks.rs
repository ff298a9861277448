//! `warroom ask`.

use serde_json::{Value, json};

use super::War;

#[test]
fn b2_an_ask_counts_down_is_moved_answered_and_reopened() {
    let war = War::declared();
    let asked = war.at("14:05", &["ask", "bob", "what", "is the last", "good backup?", "--in", "10m"]).ok();
    assert!(
        asked.out.contains("asks bob: what is the last good backup?, back by 14:15 UTC"),
        "{}",
        asked.out
    );
    war.at("14:06", &["ask", "carol", "who reads prices?", "--by", "14:20"]).ok();
    war.at("14:06", &["ask", "dave", "anything odd in the broker?"]).ok();
    let list = war.at("14:18", &["ask"]).ok().out;
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[0].contains("OVER 3m") && lines[0].contains("good backup? · by 14:15 UTC"), "{list}");
    assert!(lines[1].contains("in 2m") && lines[2].contains("open"), "{list}");

    war.at("14:19", &["ask", "more", "last good backup", "10m", "--reason", "the disk is slow"]).ok();
    war.at("14:25", &["ask", "answer", "backup", "04:00,", "and it restores"]).ok();
    war.at("14:26", &["ask", "withdraw", "last", "--reason", "the broker is fine"]).ok();
    let list = war.json("14:27", &["ask"])["asks"].as_array().unwrap().clone();
    assert_eq!(list.len(), 3);
    assert_eq!(list[0]["who"], "carol", "open ones come first");
    assert_eq!(list[1]["settled"]["answer"], "04:00, and it restores");
    assert_eq!(list[2]["settled"]["answer"], Value::Null);
    war.at("14:28", &["ask", "reopen", "backup"]).ok();
    assert_eq!(war.json("14:28", &["ask"])["asks"][0]["settled"], Value::Null);
    assert_eq!(war.count("ran out: bob: what is the last good backup?"), 1, "{:?}", war.texts());
}

#[test]
fn b2_an_ask_is_named_by_its_id_its_words_or_last() {
    let war = War::declared();
    let saved = war.json("14:01", &["ask", "bob", "which rows?", "--in", "5m"]);
    let id = saved["saved"][0]["id"].as_str().unwrap().to_lowercase();
    war.at("14:01", &["ask", "bob", "which tables?"]).ok();
    war.at("14:02", &["ask", "answer", "which", "all"]).refused(1, &["2 asks are named", "which tables?"]);
    war.at("14:02", &["ask", "answer", "nothing", "all"])
        .refused(1, &["no ask is named", "which rows?", "saved nowhere"]);
    war.at("14:02", &["ask", "answer", &id[id.len() - 6..], "orders"]).ok();
    war.at("14:02", &["ask", "answer", "last", "prices"]).ok();
    war.at("14:03", &["ask", "answer", "last", "more"]).refused(1, &["there is no ask for that"]);
    assert_eq!(war.json("14:03", &["ask"])["asks"][0]["settled"]["answer"], json!("orders"));
}

#[test]
fn b2_what_makes_no_sense_is_refused_and_the_text_comes_back() {
    let war = War::declared();
    war.at("14:01", &["ask", "bob"]).refused(1, &["the ask is empty"]);
    war.at("14:01", &["ask", "bob", "x", "--in", "soon"]).refused(2, &["no length of time"]);
    war.at("14:01", &["ask", "bob", "x", "--by", "14:00"])
        .refused(1, &["14:00 has passed today", "2026-11-22T14:00"]);
    war.at("14:01", &["ask", "bob", "x", "--by", "2026-11-21T13:00:00Z"])
        .refused(1, &["that time has passed", "saved nowhere:\nx"]);
    assert_eq!(war.at("14:01", &["ask", "bob", "x", "--in", "1m", "--by", "14:20"]).code, 2);
    war.at("14:01", &["ask", "--in", "1m", "answer", "last", "x"]).refused(2, &["both a text and a command"]);
    assert!(war.at("14:01", &["ask"]).ok().out.contains("nobody was asked anything"));
}
