//! Events v2: triggers, acknowledges and resolves under a key, and reads nothing.
//!
//! The same key again changes nothing while the alert is open, so every call may be repeated. An answer of 202 says that the event
//! was taken, not that somebody was paged.

use serde_json::{Value, json};

use super::open::title;
use super::{key, refusal};
use crate::clients::http::Http;
use crate::clients::{Call, Secret, Trouble};
use crate::incident::clean::{clean_text, clip};
use crate::outbox::Outcome;

/// An event may have 512 KB in all.
const MOST_DETAILS: usize = 100_000;

pub(super) struct Events {
    http: Http,
    key: Secret,
}

#[derive(Clone, Copy)]
pub(super) enum Word {
    Acknowledge,
    Resolve,
}

impl Events {
    pub fn new(http: Http, key: Secret) -> Self {
        Self { http, key }
    }

    /// The key as it was given, for a look at its form.
    pub fn key(&self) -> &Secret {
        &self.key
    }

    pub async fn trigger(&self, call: &Call, priority: Option<&str>) -> Result<Outcome, Trouble> {
        if call.drill {
            return Err(Trouble::permanent(
                "a routing key pages its own service, which is no place for a drill: drills need `token`, `from` and `drill` in [pagerduty]",
            ));
        }
        let details = clean_text(&call.act.body);
        let payload = json!({
            "summary": title(false, &call.act.title),
            "severity": severity(priority, &call.act.title),
            "source": "warroom",
            "custom_details": { "details": clip(&details, MOST_DETAILS).0 },
        });
        let op = call.op();
        self.send(&op, json!({ "event_action": "trigger", "client": "warroom", "payload": payload })).await
    }

    pub async fn say(&self, word: Word, dedup_key: &str) -> Result<Outcome, Trouble> {
        let action = match word {
            Word::Acknowledge => "acknowledge",
            Word::Resolve => "resolve",
        };
        self.send(dedup_key, json!({ "event_action": action })).await
    }

    async fn send(&self, dedup_key: &str, mut event: Value) -> Result<Outcome, Trouble> {
        event["dedup_key"] = json!(dedup_key);
        event["routing_key"] = json!(self.key.expose());
        let request = self.http.post("enqueue").json(&event);
        let answer = self.http.send(request).await.map_err(Trouble::repeatable)?;
        match refusal::of(&answer, true) {
            Some(refused) => Err(refused),
            None => Ok(Outcome::confirmed(key::event_place(dedup_key))),
        }
    }
}

/// The event's severity from the words of our priority, or of the severity that the title begins with. What is not understood is
/// critical: somebody asked for a page.
fn severity(priority: Option<&str>, title: &str) -> &'static str {
    let first = title.split_whitespace().next().unwrap_or_default();
    priority.and_then(by_word).or_else(|| by_word(first)).unwrap_or("critical")
}

fn by_word(word: &str) -> Option<&'static str> {
    Some(match word.trim().to_ascii_lowercase().trim_end_matches(':') {
        "p1" | "p0" | "sev1" | "sev0" | "sev-1" | "sev-0" | "s1" | "critical" | "highest" => "critical",
        "p2" | "sev2" | "sev-2" | "s2" | "high" | "major" | "error" => "error",
        "p3" | "sev3" | "sev-3" | "s3" | "medium" | "moderate" | "warning" => "warning",
        "p4" | "p5" | "sev4" | "sev5" | "sev-4" | "sev-5" | "s4" | "s5" | "low" | "minor" | "lowest"
        | "info" => "info",
        _ => return None,
    })
}
