//! Finding things in a policy by the names people type.

use super::{Audience, Contact, IncidentType, Level, Policy, Tier};
use crate::incident::time::Span;

/// Until the next update where no policy says anything.
const USUAL_NEXT: Span = Span::from_mins(30);

impl Policy {
    /// A level by its name here or in another policy, ignoring case.
    pub fn level(&self, name: &str) -> Option<&Level> {
        let name = name.trim();
        let own = self.levels.iter().find(|level| level.name.eq_ignore_ascii_case(name));
        let also = |level: &&Level| level.also.iter().any(|also| also.eq_ignore_ascii_case(name));
        own.or_else(|| self.levels.iter().find(also))
    }

    /// The place of a level among the levels; 0 is the gravest.
    pub fn rank(&self, name: &str) -> Option<usize> {
        let level = self.level(name)?;
        self.levels.iter().position(|other| other.name == level.name)
    }

    /// The level of a rank, from 1; the same rank is the same severity in every policy.
    pub fn at_rank(&self, rank: u8) -> Option<&Level> {
        self.levels.iter().find(|level| level.rank == rank)
    }

    /// The level of a rank, else the next graver one, else the gravest. `None`: there are no levels.
    pub fn at_rank_or_graver(&self, rank: u8) -> Option<&Level> {
        let graver = self.levels.iter().filter(|level| level.rank <= rank).max_by_key(|level| level.rank);
        graver.or_else(|| self.levels.first())
    }

    pub fn kind(&self, name: &str) -> Option<&IncidentType> {
        let name = name.trim().to_lowercase().replace([' ', '_'], "-");
        self.types.iter().find(|kind| kind.name == name)
    }

    /// An audience by its name, ignoring case; `team/analytics` is one of the `team` audience.
    pub fn audience(&self, name: &str) -> Option<&Audience> {
        let name = name.trim();
        let group = name.split('/').next().unwrap_or(name).trim_end();
        let called =
            |name: &str| self.audiences.iter().find(|audience| audience.name.eq_ignore_ascii_case(name));
        called(name).or_else(|| called(group))
    }

    pub fn tier(&self, name: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| tier.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The contact with this role, on this level, or of this name.
    pub fn contact(&self, who: &str) -> Option<&Contact> {
        let same = |text: &str| !text.is_empty() && text.eq_ignore_ascii_case(who.trim());
        self.contacts
            .iter()
            .find(|contact| same(&contact.role) || same(&contact.level) || same(&contact.name))
    }

    /// How long after an update to `audience` the next one is proposed, at `severity`.
    pub fn next_update(&self, audience: &str, severity: Option<&str>) -> Span {
        let level = severity.and_then(|severity| self.level(severity));
        let cadence = level.and_then(|level| {
            level.updates.iter().find(|cadence| cadence.audience.eq_ignore_ascii_case(audience.trim()))
        });
        let usual = self.audience(audience).and_then(|audience| audience.next.as_ref());
        cadence.map(|cadence| &cadence.every).or(usual).map_or(USUAL_NEXT, |limit| limit.span)
    }
}

/// What `to` calls a level of `from`: the one with the same rank. `None`: one of them has no such level.
pub fn translate<'a>(from: &Policy, level: &str, to: &'a Policy) -> Option<&'a Level> {
    to.at_rank(from.level(level)?.rank)
}
