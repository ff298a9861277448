//! `script.toml`: a past incident as people write it. The format is told in `sample-data/incidents/README.md`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;
use warroom::incident::command::{Command, Declare, RoleCommand};
use warroom::incident::event::{Declared, SentUpdate};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Status, Word};
use warroom::incident::{Incident, PersonId, Time, When};

/// Who speaks where the facts are silent: status moves, severity, the opening.
pub const EDITOR: &str = "editor";
/// Who speaks at the end: impact, cause, action items.
pub const REPORT: &str = "report";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub title: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub source: String,
    pub retrieved: String,
    #[serde(default)]
    pub declared: Opening,
    /// Handle and full name of everybody who speaks.
    pub people: BTreeMap<String, String>,
    #[serde(rename = "moment")]
    pub moments: Vec<Moment>,
    pub report: Report,
}

/// Who declared it, when somebody did at its very first moment.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    pub by: Option<String>,
    pub status: Option<Status>,
}

/// Something that happened: one or more facets, in the order in which they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    at: Datetime,
    #[serde(default)]
    about: bool,
    pub by: String,
    note: Option<Spanned<String>>,
    decision: Option<Spanned<String>>,
    hypothesis: Option<Spanned<String>>,
    finding: Option<Spanned<String>>,
    action: Option<Spanned<String>>,
    role: Option<Spanned<BTreeMap<String, String>>>,
    severity: Option<Spanned<Turn>>,
    status: Option<Spanned<Turn>>,
    update: Option<Spanned<Update>>,
    /// Marks the last note of the moment as important.
    #[serde(default)]
    pub mark: bool,
}

/// A new status or severity.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    to: String,
    why: String,
    /// Who made it so, where the facts say; else the editor.
    by: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Update {
    to: String,
    /// Absent: the word of the status at that moment.
    word: Option<Word>,
    body: String,
}

/// What the published report says looking back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    pub impact: String,
    pub cause: String,
    pub resolution: String,
    pub actions: Vec<String>,
}

/// One facet, ready to be decided.
#[derive(Clone)]
pub enum Facet {
    Note(NoteKind, String),
    Role(String, PersonId),
    Severity(Turn),
    Status(Turn),
    Update(Update),
}

impl Script {
    pub fn parse(text: &str) -> Result<Script, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    pub fn declare(&self) -> Command {
        let (title, kind) = (self.title.clone(), self.kind.clone());
        let status = self.declared.status.unwrap_or(Status::Alerted);
        let what = Declared { title, kind, status, ..Declared::default() };
        Command::Declare(Declare { what, ..Declare::default() })
    }
}

impl Moment {
    pub fn when(&self) -> When {
        let text = self.at.to_string();
        let time = Time::parse(&text).unwrap_or_else(|| panic!("{text} is not a time with its zone"));
        When { time, about: self.about }
    }

    pub fn facets(&self) -> Vec<Facet> {
        let mut facets: Vec<(usize, Facet)> = Vec::new();
        let notes = [
            (NoteKind::Note, &self.note),
            (NoteKind::Decision, &self.decision),
            (NoteKind::Hypothesis, &self.hypothesis),
            (NoteKind::Finding, &self.finding),
            (NoteKind::Action, &self.action),
        ];
        for (kind, text) in notes {
            facets.extend(
                text.iter().map(|text| (text.span().start, Facet::Note(kind, text.as_ref().clone()))),
            );
        }
        if let Some(roles) = &self.role {
            let role = |(role, who): (&String, &String)| Facet::Role(role.clone(), PersonId::new(who));
            facets.extend(roles.as_ref().iter().map(|pair| (roles.span().start, role(pair))));
        }
        let place = |facet: fn(Turn) -> Facet| {
            move |turn: &Spanned<Turn>| (turn.span().start, facet(turn.as_ref().clone()))
        };
        facets.extend(self.severity.as_ref().map(place(Facet::Severity)));
        facets.extend(self.status.as_ref().map(place(Facet::Status)));
        facets.extend(
            self.update.as_ref().map(|update| (update.span().start, Facet::Update(update.as_ref().clone()))),
        );
        facets.sort_by_key(|(start, _)| *start);
        facets.into_iter().map(|(_, facet)| facet).collect()
    }

    /// Where [`Moment::mark`] belongs: behind the last note.
    pub fn marked(&self) -> Option<usize> {
        self.mark.then(|| self.facets().iter().rposition(|facet| matches!(facet, Facet::Note(..))))?
    }
}

impl Facet {
    /// Who says so: the one who speaks in the moment, but for the readings of the editor.
    pub fn by<'a>(&'a self, speaker: &'a str) -> &'a str {
        match self {
            Facet::Severity(turn) | Facet::Status(turn) => turn.by.as_deref().unwrap_or(EDITOR),
            _ => speaker,
        }
    }

    pub fn command(&self, incident: &Incident) -> Command {
        match self.clone() {
            Facet::Note(kind, text) => Command::Note { kind, text },
            Facet::Role(role, who) => Command::Role(RoleCommand::Assign { role, who }),
            Facet::Severity(turn) => Command::Severity { to: turn.to, reason: turn.why },
            Facet::Status(turn) => {
                let to =
                    Status::parse(&turn.to).unwrap_or_else(|| panic!("there is no status {:?}", turn.to));
                Command::Status { to, reason: turn.why }
            }
            Facet::Update(update) => {
                let word = update.word.unwrap_or(incident.status.word());
                Command::Update(SentUpdate {
                    audience: update.to,
                    word,
                    body: update.body,
                    next: None,
                    approved_by: None,
                    proposal: None,
                    overrides: Vec::new(),
                })
            }
        }
    }

    /// Every text in it, for the rule that a row must fit.
    pub fn text(&self) -> &str {
        match self {
            Facet::Note(_, text) => text,
            Facet::Role(role, _) => role,
            Facet::Severity(turn) | Facet::Status(turn) => &turn.why,
            Facet::Update(update) => &update.body,
        }
    }
}
