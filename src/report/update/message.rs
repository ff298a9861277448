//! A message that is about to be written: who is told what about which incident, and by which template.

use std::sync::Arc;

use super::facts::Said;
use super::fill;
use super::template::Template;
use crate::incident::words::Word;
use crate::incident::{Entry, Incident, Time, Zone};
use crate::policy::Policy;
use crate::report::check::About;

/// The template of an audience that names none.
const USUAL: &str = "internal";
/// The template whose audience is one team (MISSION row S1.8).
const TEAM: &str = "stakeholder";

/// What kind of message it is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The first word that an audience gets (MISSION row S4.6).
    FirstNotice,
    /// How it stands (rows S1.8, S4.13).
    Update,
    /// The last word (row S4.13).
    Resolution,
    /// Conditions, actions, needs: for whoever commands the commander.
    Can,
}

#[derive(Copy, Clone)]
pub struct Message<'a> {
    pub incident: &'a Incident,
    /// The one in force: the incident's own where one is pinned.
    pub policy: &'a Policy,
    pub audience: &'a str,
    pub word: Word,
    pub kind: Kind,
    pub now: Time,
    pub zone: Zone,
    /// When the next update is promised.
    pub next: Option<Time>,
}

/// A text to begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub body: String,
    /// What was wrong with the template, when another one had to be taken: for a person to read.
    pub trouble: Option<String>,
}

impl<'a> Message<'a> {
    /// A message of the kind that is usual at this moment.
    pub fn new(
        incident: &'a Incident,
        policy: &'a Policy,
        audience: &'a str,
        word: Word,
        now: Time,
        zone: Zone,
        next: Option<Time>,
    ) -> Self {
        let mut message = Self { incident, policy, audience, word, kind: Kind::Update, now, zone, next };
        message.kind = message.usual_kind();
        message
    }

    /// The last word, else the first one where it goes to insiders who have no template of their own for it, else an
    /// update.
    fn usual_kind(&self) -> Kind {
        let first = self.is_first() && !self.is_external() && self.own_template() != TEAM;
        match self.word {
            Word::Resolved => Kind::Resolution,
            _ if first => Kind::FirstNotice,
            _ => Kind::Update,
        }
    }

    /// Whether it goes outside the organisation.
    pub fn is_external(&self) -> bool {
        self.policy.audience(self.audience).is_some_and(|audience| audience.external)
    }

    /// Whether executives read it: they get the least detail.
    pub(super) fn is_executive(&self) -> bool {
        self.audience == "executive" || self.own_template() == "executive"
    }

    /// Whether the audience was told nothing so far.
    pub fn is_first(&self) -> bool {
        self.incident.last_update(self.audience).is_none()
    }

    /// The team that is told: `analytics` of `team/analytics`.
    pub fn team(&self) -> Option<&'a str> {
        self.audience.split_once('/').map(|(_, team)| team).filter(|_| self.own_template() == TEAM)
    }

    /// The name of its template.
    pub fn template(&self) -> &'a str {
        match self.kind {
            Kind::Can => "can",
            Kind::FirstNotice => "first-notice",
            // Customers have one template for all that they are told.
            Kind::Resolution if !self.is_external() => "resolution",
            Kind::Resolution | Kind::Update => self.own_template(),
        }
    }

    fn own_template(&self) -> &'a str {
        let named = self.policy.audience(self.audience).map(|audience| audience.template.as_str());
        let usual = if self.is_external() { "customers" } else { USUAL };
        named.filter(|name| !name.is_empty()).unwrap_or(usual)
    }

    /// What the checks of its text go by.
    pub fn about(&self) -> About<'a> {
        About {
            incident: self.incident,
            policy: self.policy,
            audience: self.audience,
            word: self.word,
            next: self.next,
            now: self.now,
        }
    }

    /// Fills the template in. `entries` come in the order of the timeline; those that [`super::can_speak`] are enough.
    /// A template with a mistake gives way to the shipped one, and the draft says so.
    pub fn draft(&self, template: &Template, entries: impl Iterator<Item = Arc<Entry>>) -> Draft {
        let said = Said::gather(self.incident, entries, self.audience);
        let fields = fill::fields(self, &said);
        match template.fill(&fields) {
            Ok(body) => Draft { body, trouble: None },
            Err(mistake) => {
                let shipped =
                    Template::shipped(&template.name).or_else(|| Template::shipped(self.fallback()));
                let body = shipped.and_then(|shipped| shipped.fill(&fields).ok()).unwrap_or_default();
                Draft { body, trouble: Some(format!("{mistake}; the shipped template is used")) }
            }
        }
    }

    /// The shipped template in place of one that nobody shipped.
    pub fn fallback(&self) -> &'static str {
        if self.is_external() { "customers" } else { USUAL }
    }
}
