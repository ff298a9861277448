//! The lines of an incident's log as sentences: every kind that PagerDuty describes, and whatever else it sends.
//!
//! Sentences name who did it only where the author of the news does not say it. Everything quoted is cleaned here.

use serde_json::Value;

use super::tag;
use super::wire::{LogEntry, Thing};
use crate::incident::clean::{clean_line, clean_text};
use crate::incident::{Span, Time};
use crate::outbox::news::{Author, What};

const ENDING: &str = "_log_entry";
/// Most characters of a note that stands beside another line.
const MOST_BESIDE: usize = 300;

impl LogEntry {
    pub(super) fn at(&self) -> Option<Time> {
        Time::parse(&self.head.created_at)
    }

    /// `acknowledge`, `notify` and so on.
    pub(super) fn kind(&self) -> &str {
        let kind = self.head.kind.strip_suffix("_reference").unwrap_or(&self.head.kind);
        kind.strip_suffix(ENDING).unwrap_or(kind)
    }

    pub(super) fn is_note(&self) -> bool {
        self.kind() == "annotate"
    }

    /// What a note says, as far as the log has it.
    pub(super) fn note_text(&self) -> &str {
        let places = ["/channel/content", "/channel/summary", "/channel/details"];
        let inside = places.into_iter().map(|place| self.text(place)).find(|text| !text.is_empty());
        if self.head.note.is_empty() { inside.unwrap_or_default() } else { &self.head.note }
    }

    /// Who did it; nobody is PagerDuty itself.
    pub(super) fn author(&self) -> Author {
        author(self.head.agent.as_ref().unwrap_or(&Thing::default()))
    }

    /// A note is said by somebody; everything else is a fact.
    pub(super) fn what(&self) -> What {
        if self.is_note() {
            let text = tag::without(self.note_text());
            let text = if text.is_empty() { &self.head.summary } else { text };
            return What::Said { text: clean_text(text).into_owned() };
        }
        let text = match self.beside() {
            Some(note) => format!("{} ({note})", self.sentence()),
            None => self.sentence(),
        };
        What::Fact { text }
    }

    /// A note that came with another line.
    fn beside(&self) -> Option<String> {
        let note = tag::without(&self.head.note);
        let short: String = clean_line(note).chars().take(MOST_BESIDE).collect();
        (!short.is_empty()).then_some(short)
    }

    fn sentence(&self) -> String {
        match self.kind() {
            "trigger" => self.triggered(),
            "acknowledge" | "acknowledgement" => "acknowledged the page".to_owned(),
            "unacknowledge" if self.by_user() => "took the acknowledgement back".to_owned(),
            "unacknowledge" => "the acknowledgement ran out: the page is open again".to_owned(),
            "resolve" if self.by_user() => "resolved the page".to_owned(),
            "resolve" => "the page was resolved without a person".to_owned(),
            "assign" => self.to("assigned the page"),
            "delegate" => self.to("handed the page over"),
            "escalate" => {
                self.to(if self.by_user() { "escalated the page" } else { "nobody had answered: escalated" })
            }
            "exhaust_escalation_path" => {
                "everybody on the escalation policy was paged, and nobody answered".to_owned()
            }
            "repeat_escalation_path" => "nobody answered: the escalation policy begins again".to_owned(),
            "notify" => self.notified(),
            "snooze" => self.snoozed(),
            "reach_ack_limit" => "acknowledged so often that further ones are not logged".to_owned(),
            "reach_trigger_limit" => "triggered so often that further ones are not logged".to_owned(),
            "urgency_change" => self.with_details("the urgency was changed"),
            "field_value_change" | "custom_field_value_change" => self.with_details("a field was changed"),
            _ => self.unknown(),
        }
    }

    fn by_user(&self) -> bool {
        self.head.agent.as_ref().is_some_and(Thing::is_user)
    }

    fn triggered(&self) -> String {
        let details =
            ["/event_details/description", "/channel/summary", "/channel/subject", "/channel/description"];
        let mut texts = details.into_iter().map(|place| self.text(place)).chain([self.head.summary.as_str()]);
        let text = clean_line(texts.find(|text| !text.is_empty()).unwrap_or_default());
        if text.is_empty() { "triggered the page".to_owned() } else { format!("triggered the page: {text}") }
    }

    /// With those whom it went to.
    fn to(&self, done: &str) -> String {
        let names: Vec<_> = self.head.assignees.iter().map(|who| clean_line(who.called())).collect();
        match names.is_empty() {
            false => format!("{done} to {}", names.join(", ")),
            true => self.with_details(done),
        }
    }

    fn notified(&self) -> String {
        let told = [
            self.head.user.called(),
            self.text("/channel/user/summary"),
            self.text("/channel/notification/user/summary"),
        ];
        let whom = told.into_iter().find(|name| !name.is_empty()).unwrap_or("somebody");
        let how = match self.text("/channel/notification/type").trim_end_matches("_notification") {
            "" => String::new(),
            "phone" => " by a call".to_owned(),
            how => format!(" by {}", clean_line(how)),
        };
        let status = match self.text("/channel/notification/status") {
            "" | "success" => String::new(),
            status => format!(": {}", clean_line(status)),
        };
        format!("notified {}{how}{status}", clean_line(whom))
    }

    fn snoozed(&self) -> String {
        let secs = self.raw.pointer("/channel/duration").and_then(Value::as_i64).filter(|secs| *secs > 0);
        let until = self.text("/changed_actions/0/at");
        match secs {
            Some(secs) => format!("snoozed the page for {}", Span::from_secs(secs).short()),
            None if !until.is_empty() => format!("snoozed the page until {}", clean_line(until)),
            None => "snoozed the page".to_owned(),
        }
    }

    /// With what changed, or in PagerDuty's own words.
    fn with_details(&self, done: &str) -> String {
        let changes = self.changes();
        match (changes.is_empty(), self.head.summary.is_empty()) {
            (false, _) => format!("{done}: {}", changes.join(", ")),
            (true, false) => format!("{done}: {}", clean_line(&self.head.summary)),
            (true, true) => done.to_owned(),
        }
    }

    fn changes(&self) -> Vec<String> {
        let listed = self.raw.get("changeset").and_then(Value::as_array).into_iter().flatten();
        let lines = listed.filter_map(Value::as_str).map(|line| clean_line(line).into_owned());
        let fields = ["/channel/changeset/customer_fields", "/channel/changeset/application_fields"];
        let fields = fields.into_iter().filter_map(|place| self.raw.pointer(place)?.as_array()).flatten();
        lines.chain(fields.filter_map(changed_field)).collect()
    }

    /// A kind that nobody here knows keeps its words and its name.
    fn unknown(&self) -> String {
        let kind = clean_line(&self.kind().replace('_', " ")).into_owned();
        let kind = if kind.is_empty() { "of no kind".to_owned() } else { kind };
        let messages = ["/message", "/channel/message", "/channel/summary"];
        let message =
            messages.into_iter().map(|place| tag::without(self.text(place))).find(|text| !text.is_empty());
        let words: Vec<_> = [Some(self.head.summary.as_str()).filter(|text| !text.is_empty()), message]
            .into_iter()
            .flatten()
            .map(clean_line)
            .collect();
        if words.is_empty() { kind } else { format!("{} [{kind}]", words.join(": ")) }
    }
}

/// `status: triggered → acknowledged`
fn changed_field(field: &Value) -> Option<String> {
    let plain = |value: &Value| match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let name = field.get("name")?.as_str()?;
    let value = |key: &str| field.get(key).map_or_else(|| "nothing".to_owned(), plain);
    Some(clean_line(&format!("{name}: {} → {}", value("old_value"), value("value"))).into_owned())
}

/// Somebody as PagerDuty names them: users are people, services and integrations are not.
pub(super) fn author(agent: &Thing) -> Author {
    if agent.called().is_empty() {
        return Author { name: "PagerDuty".to_owned(), bot: true, ..Author::default() };
    }
    Author {
        remote: clean_line(&agent.id).into_owned(),
        name: clean_line(agent.called()).into_owned(),
        mail: clean_line(&agent.email).into_owned(),
        bot: !agent.is_user(),
    }
}
