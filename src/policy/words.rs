//! A policy in words: what a severity means for the people who run it. Only words; clocks are made elsewhere.

use super::{Cadence, Level, Limit, Need, Notify, PostMortem, Rung};

impl Level {
    /// `within 15 min`; empty: no such field.
    pub fn respond_text(&self) -> String {
        self.response.as_ref().map(within).unwrap_or_default()
    }

    /// `page on-call and executives at once; message team lead within 4 h`; empty: nobody is named.
    pub fn notify_text(&self) -> String {
        let same = |a: &Notify, b: &Notify| a.how == b.how && a.within == b.within;
        let groups: Vec<String> = self.notify.chunk_by(same).map(told).collect();
        groups.join("; ")
    }

    /// `internal every 15 min (incident channel), customers every 15 min (status page)`; empty: no cadence.
    pub fn updates_text(&self) -> String {
        let all: Vec<String> = self.updates.iter().map(Cadence::text).collect();
        all.join(", ")
    }

    /// `lead engineer after 5 min, engineering manager after 15 min`; empty: no ladder.
    pub fn escalation_text(&self) -> String {
        let all: Vec<String> = self.escalation.iter().map(Rung::text).collect();
        all.join(", ")
    }

    /// `within 48 hours`, `required`, `optional`, `not required`; empty: no such field.
    pub fn postmortem_text(&self) -> String {
        match &self.postmortem {
            None => String::new(),
            Some(PostMortem { due: Some(due), .. }) => within(due),
            Some(PostMortem { need: Need::Required, .. }) => "required".to_owned(),
            Some(PostMortem { need: Need::Optional, .. }) => "optional".to_owned(),
            Some(PostMortem { need: Need::None, .. }) => "not required".to_owned(),
        }
    }

    /// What follows from this severity, one sentence for each field that the policy has.
    pub fn consequences(&self) -> Vec<String> {
        let facts = [
            ("Respond", self.respond_text()),
            ("", capital(&self.notify_text())),
            ("Updates:", self.updates_text()),
            ("Escalate to", self.escalation_text()),
            ("Post-mortem", self.postmortem_text()),
            ("Commands:", self.commander.clone()),
        ];
        let said = facts.into_iter().filter(|(_, text)| !text.is_empty());
        said.map(|(what, text)| format!("{what} {text}").trim_start().to_owned()).collect()
    }
}

impl Cadence {
    /// `internal every 4 h or at milestones (incident channel)`
    pub fn text(&self) -> String {
        let milestones = if self.milestones { " or at milestones" } else { "" };
        let channel = if self.channel.is_empty() { String::new() } else { format!(" ({})", self.channel) };
        format!("{} every {}{milestones}{channel}", self.audience, self.every)
    }
}

impl Rung {
    /// `lead engineer after 5 min`
    pub fn text(&self) -> String {
        format!("{} after {}", self.who, self.after)
    }
}

/// `within 15 min`, or `at once` for no time at all.
fn within(limit: &Limit) -> String {
    if limit.span.ms() == 0 { "at once".to_owned() } else { format!("within {limit}") }
}

/// Those who are told in the same way and the same time, in one sentence.
fn told(group: &[Notify]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let who: Vec<String> = group.iter().map(named).collect();
    let time = first.within.as_ref().map(|limit| format!(" {}", within(limit))).unwrap_or_default();
    let who = listed(&who);
    match first.how.as_str() {
        "" => format!("tell {who}{time}"),
        "ticket" => format!("ticket for {who}{time}"),
        "page" | "message" | "phone" => format!("{} {who}{time}", first.how),
        how => format!("tell {who} by {how}{time}"),
    }
}

/// `a, b and c`
fn listed(names: &[String]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn named(notify: &Notify) -> String {
    if notify.note.is_empty() { notify.who.clone() } else { format!("{} ({})", notify.who, notify.note) }
}
