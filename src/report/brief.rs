//! The brief of a hand-over: what whoever takes the command over has to know, on one page (MISSION row B6).
//!
//! Made from the incident and its log, nothing else: the same incident at the same moment gives the same brief. What is
//! empty is left out, but for what a successor must not miss: a vacant role, no cause, nobody told.

use std::sync::Arc;

use super::impact::Lines;
use super::update::{Heading, Said, clock, one_line, promise};
use crate::incident::deadline::{What, deadlines};
use crate::incident::event::{Outcome, Verdict};
use crate::incident::roles::COMMANDER;
use crate::incident::{Entry, Incident, Span, Time, Zone};
use crate::policy::Policy;

/// Most lines under one heading: the page is read aloud. The newest are kept, of clocks the soonest.
const MOST: usize = 5;

struct Page<'a> {
    incident: &'a Incident,
    policy: &'a Policy,
    now: Time,
    zone: Zone,
}

/// The brief as plain text. `entries` come in the order of the timeline; those that
/// [`can_speak`](super::update::can_speak) are enough.
pub fn brief(
    incident: &Incident,
    policy: &Policy,
    entries: impl Iterator<Item = Arc<Entry>>,
    now: Time,
    zone: Zone,
) -> String {
    let page = Page { incident, policy, now, zone };
    let said = Said::gather(incident, entries, "");
    let sections = [
        ("", page.standing()),
        ("Known", newest(said.all(&[Heading::Know, Heading::Cause]))),
        ("Cause", page.cause()),
        ("Impact", page.impact(&said)),
        ("Decided", page.decided(&said)),
        ("Asked", page.asked()),
        ("Clocks", page.clocks()),
        ("Roles", page.roles()),
        ("Next updates", page.updates()),
        ("To be followed up", page.follow_ups()),
    ];
    let written = sections.into_iter().filter(|(_, lines)| !lines.is_empty()).map(|(title, lines)| {
        let heading = if title.is_empty() { Vec::new() } else { vec![format!("{title}:")] };
        let mark = if title.is_empty() { "" } else { "- " };
        let lines = lines.into_iter().map(|line| format!("{mark}{line}"));
        heading.into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    });
    written.collect::<Vec<_>>().join("\n\n")
}

impl Page<'_> {
    fn at(&self, time: Time) -> String {
        clock(time, self.now, self.zone)
    }

    /// Title, severity, status, who has led so far, each with since when; and how far the checklists are.
    fn standing(&self) -> Vec<String> {
        let incident = self.incident;
        let drill = if incident.is_drill() { "DRILL: " } else { "" };
        let private = if incident.is_private() { " (private: keep its words here)" } else { "" };
        let title = format!("{drill}{}{private}", one_line(incident.title()));
        let severity = match incident.severity_turn() {
            Some(turn) => format!("Severity {} since {}", one_line(&turn.to), self.at(turn.at)),
            None => "No severity yet".to_owned(),
        };
        let since = incident.statuses.last().map(|turn| format!(" since {}", self.at(turn.at)));
        let status =
            format!("Status {} (phase {}){}", incident.status, incident.phase(), since.unwrap_or_default());
        let declared = incident.declared_at().map(|declared| {
            format!("Declared {}, {} ago", self.at(declared), self.now.since(declared).short())
        });
        let head = [Some(title), Some(severity), Some(status), declared, Some(self.commander())];
        head.into_iter().flatten().chain(self.checklists()).collect()
    }

    fn commander(&self) -> String {
        let Some(role) = self.incident.roles.get(COMMANDER) else {
            return "Commander: NOBODY so far".to_owned();
        };
        let past = role.past.iter().map(|past| {
            let who = one_line(self.incident.name_of(&past.who));
            format!("{who} {} to {}", self.at(past.since), self.at(past.until))
        });
        let past: Vec<String> = past.collect();
        let past = if past.is_empty() { String::new() } else { format!("; before: {}", past.join(", ")) };
        let holder = role.holders.first().map(|held| {
            format!("{} since {}", one_line(self.incident.name_of(&held.who)), self.at(held.since))
        });
        format!("Commander: {}{past}", holder.unwrap_or_else(|| "NOBODY".to_owned()))
    }

    /// The confirmed cause, else what may be it.
    fn cause(&self) -> Vec<String> {
        let incident = self.incident;
        if let Some(cause) = incident.hypotheses.cause() {
            return vec![format!("confirmed: {}", one_line(&cause.text))];
        }
        let open = incident.hypotheses.all().iter().filter(|hypothesis| {
            matches!(hypothesis.verdict, Verdict::Open | Verdict::Testing)
                && !incident.notes.retracted.contains_key(&hypothesis.id)
        });
        let open: Vec<String> = open
            .map(|hypothesis| {
                let who = hypothesis.who.as_ref().map(|who| format!(", {}", one_line(incident.name_of(who))));
                let text = one_line(&hypothesis.text);
                format!("{}: {text}{}", hypothesis.verdict.name(), who.unwrap_or_default())
            })
            .collect();
        if open.is_empty() {
            vec!["not known, and nothing is suspected yet".to_owned()]
        } else {
            newest(open)
        }
    }

    fn impact(&self, said: &Said) -> Vec<String> {
        let Page { incident, policy, now, zone } = *self;
        let lines = Lines { incident, policy, now, zone, brief: false };
        let ledger = incident.ledger.datasets().map(|dataset| lines.line(dataset));
        let stated = incident.ledger.stated.as_ref().map(|stated| {
            let text =
                if stated.text.is_empty() { String::new() } else { format!(": {}", one_line(&stated.text)) };
            format!("data in the end: {}{text}", stated.data.name())
        });
        newest(said.all(&[Heading::Impact]))
            .into_iter()
            .chain(newest(ledger.collect()))
            .chain(stated)
            .collect()
    }

    /// What is in force and what has still to be verified, then decisions that still have to be made.
    fn decided(&self, said: &Said) -> Vec<String> {
        let polls = self.incident.polls.all();
        let verify = polls.iter().filter(|poll| poll.awaits_verification()).map(|poll| {
            let by = poll.verify_by.map(|by| format!(" by {}", self.at(by))).unwrap_or_default();
            format!("to be verified{by}: {}", one_line(&poll.proposal))
        });
        let failed = polls.iter().filter(|poll| {
            let went = poll.settled.as_ref().is_some_and(|settled| settled.outcome == Outcome::Go);
            went && poll.verified.as_ref().is_some_and(|verified| !verified.worked)
        });
        let failed = failed.map(|poll| format!("did NOT work: {}", one_line(&poll.proposal)));
        let open = polls.iter().filter(|poll| poll.is_open());
        let open = open.map(|poll| format!("still to be decided: {}", one_line(&poll.proposal)));
        let done = said.all(&[Heading::Decided]).into_iter();
        let done = done.map(|line| line.strip_prefix("decided: ").map(str::to_owned).unwrap_or(line));
        newest(done.collect()).into_iter().chain(verify).chain(failed).chain(open).collect()
    }

    fn asked(&self) -> Vec<String> {
        let asks = self.incident.asks.open().into_iter().map(|ask| {
            let who = one_line(self.incident.name_of(&ask.who));
            let due = ask.due.map(|due| format!(", back by {} ({})", self.at(due), left(due, self.now)));
            format!("{who}: {}{}", one_line(&ask.what), due.unwrap_or_default())
        });
        asks.collect()
    }

    fn clocks(&self) -> Vec<String> {
        let clocks = deadlines(self.incident, self.now).into_iter().filter(|clock| !clock.quiet).take(MOST);
        clocks.map(|clock| format!("{} ({})", one_line(&clock.label), left(clock.due, self.now))).collect()
    }

    fn roles(&self) -> Vec<String> {
        let incident = self.incident;
        let vacant: Vec<&str> = incident.roles.vacant().map(|duty| duty.title).collect();
        let held =
            incident.roles.seats().into_iter().filter(|seat| seat.role != COMMANDER).filter_map(|seat| {
                let who: Vec<String> =
                    seat.holders.iter().map(|held| one_line(incident.name_of(&held.who))).collect();
                (!who.is_empty()).then(|| format!("{}: {}", seat.title, who.join(", ")))
            });
        let offers = incident.roles.offers().iter().map(|offer| {
            let (from, to) = (incident.name_of(&offer.from), incident.name_of(&offer.to));
            format!("{} is offered by {} to {}", offer.role, one_line(from), one_line(to))
        });
        let vacant = (!vacant.is_empty()).then(|| format!("NOBODY: {}", vacant.join(", ")));
        held.chain(offers).chain(vacant).collect()
    }

    /// When whom is told next; and what waits for the commander.
    fn updates(&self) -> Vec<String> {
        let due = deadlines(self.incident, self.now).into_iter().filter_map(|clock| match clock.what {
            What::Update { audience } => {
                let at = promise(Some(clock.due), self.now, self.zone);
                Some(format!("{} {at} ({})", one_line(&audience), left(clock.due, self.now)))
            }
            _ => None,
        });
        let waiting = self
            .incident
            .awaiting_approval()
            .map(|proposed| format!("{} waits for your approval", one_line(&proposed.update.audience)));
        let all: Vec<String> = due.chain(waiting).collect();
        let none = || vec!["none is due; nobody was told yet".to_owned()];
        if all.is_empty() && self.incident.updates.is_empty() { none() } else { all }
    }

    fn checklists(&self) -> Vec<String> {
        let runs = self.incident.attached_runs().map(|run| {
            let (done, total) = run.totals();
            let lines = run.lines();
            let open = lines.iter().find(|line| line.counts() && !line.progress().is_settled());
            let next = open.map(|line| format!(", next: {}", one_line(line.text))).unwrap_or_default();
            format!("Checklist {} {done}/{total}{next}", one_line(run.title()))
        });
        runs.collect()
    }

    fn follow_ups(&self) -> Vec<String> {
        newest(self.incident.follow_ups.proposals().map(|todo| one_line(&todo.text)).collect())
    }
}

/// `in 3m`, `over by 12m`
fn left(due: Time, now: Time) -> String {
    let left = due.since(now);
    if left <= Span::ZERO {
        format!("over by {}", left.abs().short())
    } else {
        format!("in {}", left.short())
    }
}

fn newest(mut lines: Vec<String>) -> Vec<String> {
    let more = lines.len().saturating_sub(MOST);
    let kept = lines.split_off(more);
    let earlier = (more > 0).then(|| format!("({more} earlier, in the log)"));
    earlier.into_iter().chain(kept).collect()
}
