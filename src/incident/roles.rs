//! The role board (MISSION row S3.2): who holds which role, since when, and what the role's duty is.
//!
//! A role never falls vacant or changes hands as a side effect of anything else.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ids::{EntryId, PersonId};
use super::time::{Span, Time};

pub const COMMANDER: &str = "commander";
pub const DEPUTY: &str = "deputy";
pub const SCRIBE: &str = "scribe";
pub const LIAISON: &str = "liaison";
pub const SME: &str = "sme";

/// A role as everybody should understand it.
pub struct Duty {
    pub role: &'static str,
    pub title: &'static str,
    pub verb: &'static str,
    pub duty: &'static str,
    pub typically: &'static str,
    /// An incident without it needs attention.
    pub needed: bool,
    /// Several people may hold it at once.
    pub many: bool,
}

/// The roles that every incident has, in the order of the board.
pub const DUTIES: [Duty; 5] = [
    Duty {
        role: COMMANDER,
        title: "Commander",
        verb: "decides",
        duty: "leads, decides and delegates; does not debug",
        typically: "staff data engineer or on-call lead",
        needed: true,
        many: false,
    },
    Duty {
        role: DEPUTY,
        title: "Deputy",
        verb: "backs up",
        duty: "watches the clocks and takes over when the commander drops out",
        typically: "another trained commander",
        needed: false,
        many: false,
    },
    Duty {
        role: SCRIBE,
        title: "Scribe",
        verb: "documents",
        duty: "writes down what happens, when it happens",
        typically: "data scientist or analyst",
        needed: true,
        many: false,
    },
    Duty {
        role: LIAISON,
        title: "Liaison",
        verb: "communicates",
        duty: "tells stakeholders what they need, keeps them off the line",
        typically: "data engineering manager",
        needed: true,
        many: false,
    },
    Duty {
        role: SME,
        title: "SME",
        verb: "resolves",
        duty: "knows the system, finds the cause, carries out the fix",
        typically: "analytics or data engineer who owns it",
        needed: true,
        many: true,
    },
];

/// The built-in duty of a role, by its key.
pub fn duty(role: &str) -> Option<&'static Duty> {
    DUTIES.iter().find(|duty| duty.role == role)
}

/// The key of a role that somebody typed: `IC` and `Commander` are the commander.
pub fn role_key(text: &str) -> String {
    let key = PersonId::new(text).as_str().to_owned();
    match key.as_str() {
        "ic" | "incident-commander" => COMMANDER.to_owned(),
        "comms" | "communications" => LIAISON.to_owned(),
        "expert" | "subject-matter-expert" => SME.to_owned(),
        _ => key,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    pub who: PersonId,
    pub since: Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub who: PersonId,
    pub since: Time,
    pub until: Time,
}

/// One role of this incident.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Role {
    /// Of a custom role; built-in ones have theirs in [`DUTIES`].
    pub duty: String,
    pub holders: Vec<Holding>,
    pub past: Vec<Past>,
}

impl Role {
    fn retire(&mut self, who: &PersonId, until: Time) -> bool {
        let Some(place) = self.holders.iter().position(|holding| holding.who == *who) else { return false };
        let holding = self.holders.remove(place);
        self.past.push(Past { who: holding.who, since: holding.since, until });
        true
    }
}

/// A role that was offered and is not accepted yet: `from` still holds it (row B6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub id: EntryId,
    pub role: String,
    pub from: PersonId,
    pub to: PersonId,
    pub brief: String,
    pub at: Time,
}

/// One team of the roll call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub name: String,
    /// Who answered for it, and when.
    pub present: Option<(PersonId, Time)>,
}

/// The newest roll call, and whoever turned up without being called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollCall {
    pub called: Option<(PersonId, Time)>,
    pub teams: Vec<Team>,
}

impl RollCall {
    /// Teams that have not answered.
    pub fn missing(&self) -> impl Iterator<Item = &Team> {
        self.teams.iter().filter(|team| team.present.is_none())
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoleBoard {
    roles: BTreeMap<String, Role>,
    offers: Vec<Offer>,
    roll_call: RollCall,
}

/// One line of the board.
pub struct Seat<'a> {
    pub role: &'a str,
    pub title: String,
    pub duty: &'a str,
    pub typically: &'a str,
    pub needed: bool,
    pub many: bool,
    pub holders: &'a [Holding],
    pub past: &'a [Past],
}

impl RoleBoard {
    pub fn get(&self, role: &str) -> Option<&Role> {
        self.roles.get(role)
    }

    pub fn knows(&self, role: &str) -> bool {
        duty(role).is_some() || self.roles.contains_key(role)
    }

    /// Who holds a role that one person holds; of several, the first.
    pub fn holder(&self, role: &str) -> Option<&PersonId> {
        self.roles.get(role)?.holders.first().map(|holding| &holding.who)
    }

    pub fn holds(&self, role: &str, who: &PersonId) -> bool {
        self.roles.get(role).is_some_and(|role| role.holders.iter().any(|holding| holding.who == *who))
    }

    /// The board: the five roles in their order, then the custom ones.
    pub fn seats(&self) -> Vec<Seat<'_>> {
        let built_in = DUTIES.iter().map(|duty| {
            let role = self.roles.get(duty.role);
            Seat {
                role: duty.role,
                title: duty.title.to_owned(),
                duty: duty.duty,
                typically: duty.typically,
                needed: duty.needed,
                many: duty.many,
                holders: role.map_or(&[], |role| &role.holders),
                past: role.map_or(&[], |role| &role.past),
            }
        });
        let custom = self.roles.iter().filter(|(key, _)| duty(key).is_none()).map(|(key, role)| Seat {
            role: key,
            title: key.clone(),
            duty: &role.duty,
            typically: "",
            needed: false,
            many: true,
            holders: &role.holders,
            past: &role.past,
        });
        built_in.chain(custom).collect()
    }

    /// People who hold more than one role, with their roles.
    pub fn two_hats(&self) -> BTreeMap<&PersonId, Vec<&str>> {
        let mut hats: BTreeMap<&PersonId, Vec<&str>> = BTreeMap::new();
        for (key, role) in &self.roles {
            for holding in &role.holders {
                hats.entry(&holding.who).or_default().push(key);
            }
        }
        hats.retain(|_, roles| roles.len() > 1);
        hats
    }

    /// Needed roles that nobody holds.
    pub fn vacant(&self) -> impl Iterator<Item = &'static Duty> + '_ {
        DUTIES.iter().filter(|duty| duty.needed && self.holder(duty.role).is_none())
    }

    /// Roles that are offered and not accepted yet, oldest first.
    pub fn offers(&self) -> &[Offer] {
        &self.offers
    }

    pub fn offer_by_id(&self, id: EntryId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    pub fn roll_call(&self) -> &RollCall {
        &self.roll_call
    }

    /// Everybody who holds a role, once.
    pub fn people(&self) -> BTreeSet<&PersonId> {
        self.roles.values().flat_map(|role| role.holders.iter().map(|holding| &holding.who)).collect()
    }

    /// Whether `who` has held `role` ever since `entry` gave it to them, in the place of `from`: nobody's time in that seat
    /// has ended since, but the one that `entry` ended itself.
    pub(super) fn held_since(
        &self,
        role: &str,
        who: &PersonId,
        from: Option<&PersonId>,
        entry: EntryId,
    ) -> bool {
        let Some(seat) = self.roles.get(role) else { return false };
        let Some(holding) = seat.holders.iter().find(|holding| holding.who == *who) else { return false };
        let made = Time::from_ms(i64::try_from(entry.timestamp_ms()).unwrap_or(i64::MAX));
        let many = duty(role).is_none_or(|duty| duty.many);
        let replaced = |past: &Past| Some(&past.who) == from && past.until == holding.since;
        let mut others = seat.past.iter().filter(|past| !many || past.who == *who);
        others.all(|past| past.until <= made || replaced(past))
    }

    /// A newer offer takes the place of an older one: of the same seat where there is one, else to the same person.
    pub(super) fn offer(&mut self, offer: Offer) {
        let one_seat = duty(&offer.role).is_some_and(|duty| !duty.many);
        self.offers.retain(|other| other.role != offer.role || !one_seat && other.to != offer.to);
        self.offers.push(offer);
    }

    /// The role changed hands: its offers have nothing to offer any more.
    pub(super) fn accepted(&mut self, offer: Option<EntryId>, role: &str, who: &PersonId) {
        let one_seat = duty(role).is_some_and(|duty| !duty.many);
        self.offers.retain(|other| {
            let same = Some(other.id) == offer || other.role == role && (one_seat || other.to == *who);
            !same
        });
    }

    /// Whether the offer still stood.
    pub(super) fn decline(&mut self, id: EntryId) -> bool {
        let before = self.offers.len();
        self.offers.retain(|offer| offer.id != id);
        self.offers.len() < before
    }

    pub(super) fn call(&mut self, teams: &[String], by: &PersonId, at: Time) {
        self.roll_call = RollCall {
            called: Some((by.clone(), at)),
            teams: teams.iter().map(|name| Team { name: name.clone(), present: None }).collect(),
        };
    }

    pub(super) fn present(&mut self, team: &str, who: &PersonId, at: Time) {
        let teams = &mut self.roll_call.teams;
        let place = teams.iter().position(|other| other.name.eq_ignore_ascii_case(team));
        let place = place.unwrap_or_else(|| {
            teams.push(Team { name: team.to_owned(), present: None });
            teams.len() - 1
        });
        teams[place].present = Some((who.clone(), at));
    }

    pub(super) fn define(&mut self, role: &str, duty: String) {
        self.roles.entry(role.to_owned()).or_default().duty = duty;
    }

    /// Gives `role` to `who`. Where one person holds it, the former holder's time ends.
    pub(super) fn assign(&mut self, role: &str, who: &PersonId, at: Time) {
        let many = duty(role).is_none_or(|duty| duty.many);
        let seat = self.roles.entry(role.to_owned()).or_default();
        if seat.holders.iter().any(|holding| holding.who == *who) {
            return;
        }
        if !many {
            let former: Vec<PersonId> = seat.holders.iter().map(|holding| holding.who.clone()).collect();
            for who in &former {
                seat.retire(who, at);
            }
        }
        seat.holders.push(Holding { who: who.clone(), since: at });
    }

    /// Whether `who` held `role`.
    pub(super) fn release(&mut self, role: &str, who: &PersonId, at: Time) -> bool {
        self.roles.get_mut(role).is_some_and(|seat| seat.retire(who, at))
    }
}

impl Holding {
    pub fn held_for(&self, now: Time) -> Span {
        now.since(self.since)
    }
}
