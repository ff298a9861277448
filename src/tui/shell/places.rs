//! Going somewhere: into a room, into a replay, home.

use std::path::Path;

use super::{Arrival, Shell};
use crate::config::shipped;
use crate::config::usable::usable_policy;
use crate::incident::command::Declare;
use crate::incident::{Command, HostId, Time};
use crate::journal::{IncidentDir, Journal};
use crate::outbox::routes::Routes;
use crate::replay::{Player, Recording};
use crate::room::{Order, Room};
use crate::runtime::live::{LiveRuntime, Outside};
use crate::runtime::{accounts, declare, dice, drafts, past, summary};
use crate::tui::app::Input;
use crate::tui::msg::Tone;
use crate::tui::screens::home::{Home, Past};
use crate::tui::screens::room::Live;

impl Shell {
    /// Declares an incident and enters its room.
    pub(super) fn declare(&mut self, what: Declare) {
        let usable = usable_policy(&self.paths, &self.settings.policy);
        let mut pinned = Declare { policy: usable.pinned.clone(), ..what.clone() };
        let unknown = usable.fit(&mut pinned);
        let order = Order::new(Command::Declare(pinned), self.app.me().clone());
        match declare::declare(&self.incidents, self.host, &usable.policy, self.connected(), order) {
            Ok((dir, session)) => {
                drop(session);
                self.enter_dir(&dir);
                if !unknown.is_empty() {
                    let why = "the policies that can be read do not have it: see `warroom doctor`";
                    self.say(Tone::Alert, format!("declared without {}: {why}", unknown.join(" and ")));
                }
            }
            Err(error) => {
                let hint = error.hint().to_owned();
                self.say(Tone::Alert, format!("not declared: {error}. {hint}"));
                self.app.bring_declaration_back(&what, crate::runtime::clock::now());
            }
        }
    }

    /// Enters the room of an incident by any reference; a shipped past incident is replayed.
    pub(super) fn enter(&mut self, reference: &str) {
        match self.incidents.find(reference) {
            Ok(dir) => self.enter_dir(&dir),
            Err(_) if shipped::past_incidents().iter().any(|past| past.slug == reference) => {
                self.replay(reference, None);
            }
            Err(error) => {
                self.list();
                self.say(Tone::Warning, format!("{error}. {}", error.hint()));
            }
        }
    }

    /// The accounts have changed: the open room talks through the new ones.
    pub(super) fn reconnect(&mut self) {
        let (outside, report) = (self.outside(), self.reporter_now());
        if let Some(live) = &mut self.live {
            live.reconnect(outside, report);
        }
        self.want_news();
    }

    fn connected(&self) -> (Outside, Routes) {
        (self.outside(), accounts::routes(&self.settings, &self.paths.config))
    }

    fn outside(&self) -> Outside {
        Outside { accounts: self.settings.accounts(), config: self.paths.config.clone() }
    }

    fn enter_dir(&mut self, dir: &IncidentDir) {
        if self.app.live().is_some_and(|live| live.id == dir.id) {
            return self.input(Input::BackToRoom);
        }
        self.settle();
        let kept = self.keep_drafts();
        let report = self.reporter();
        let opened = match LiveRuntime::open(
            dir,
            self.host,
            &self.paths.cache(),
            &self.keeper,
            self.outside(),
            report,
        ) {
            Ok(opened) => opened,
            Err(error) => return self.not_entered(format!("{error}. {}", error.hint())),
        };
        let usable = usable_policy(&self.paths, &self.settings.policy);
        self.end_runtime();
        let room = Room::new(opened.folded, usable.policy.clone(), self.host, opened.delivers)
            .seeded(dice::seed())
            .routed(accounts::routes(&self.settings, &self.paths.config));
        let mut live = Box::new(Live::new(dir.id, room, Box::new(opened.store)));
        live.damage = opened.damage;
        live.reading = opened.reading;
        self.live = Some(opened.runtime);
        let (drafts, trouble) = drafts::load(&self.paths.drafts(), dir.id);
        self.input(Input::Entered { reference: dir.label(), live, drafts });
        self.want_news();
        for trouble in trouble.into_iter().chain(kept.err()).chain(usable.trouble()) {
            self.say(Tone::Warning, trouble);
        }
    }

    /// The room that was open, if one was, stays open.
    fn not_entered(&mut self, why: String) {
        if self.app.live().is_none() {
            self.list();
        }
        self.say(Tone::Alert, why);
    }

    /// Replays a shipped past incident, or one of this home as it was known at `at`.
    pub(super) fn replay(&mut self, name: &str, at: Option<Time>) {
        let past = shipped::past_incidents().into_iter().find(|past| past.slug == name);
        let found = match past {
            Some(past) => past::unpack(&self.paths, &past)
                .map(|path| (past.slug.clone(), past.slug, path))
                .map_err(|error| format!("the replay could not be unpacked: {error}; set WARROOM_STATE to a folder that can be written")),
            None => match self.incidents.find(name) {
                Ok(dir) => Ok((dir.label(), dir.id.to_string(), dir.path)),
                Err(error) => Err(format!("{error}. {}", error.hint())),
            },
        };
        let recording = found.and_then(|(label, id, path)| Ok((label, id, record(&path, self.host)?)));
        match recording {
            Ok((reference, id, player)) => {
                self.input(Input::Replaying { reference, id, player: Box::new(player), at });
            }
            Err(why) => {
                if self.app.live().is_none() {
                    self.list();
                }
                self.say(Tone::Warning, why);
            }
        }
    }

    /// Reads the list of incidents.
    pub(super) fn list(&mut self) {
        let (summaries, trouble) = match self.incidents.list() {
            Ok(dirs) => {
                // Looked at before it is read: what is written meanwhile makes the next look differ.
                self.listed = summary::mark(&dirs);
                (summary::all(&dirs, self.host, &self.paths.cache()), None)
            }
            Err(error) => (Vec::new(), Some(format!("{error}. {}", error.hint()))),
        };
        let past = shipped::past_incidents().iter().filter_map(shown).collect();
        self.input(Input::Listed(Box::new(Home::new(summaries, past))));
        if let Some(trouble) = trouble {
            self.say(Tone::Alert, trouble);
        }
    }
}

/// Reads no journal, and nobody waits for it: it is looked at on a thread of its own.
impl Shell {
    pub(super) fn look(&self) {
        let (incidents, listed, arrivals) = (self.incidents.clone(), self.listed, self.arrivals.clone());
        let look = move || {
            let changed = incidents.list().is_ok_and(|dirs| summary::mark(&dirs) != listed);
            if changed {
                // A full queue is busy with something else; the next look finds it too.
                let _ = arrivals.try_send(Arrival::Listing);
            }
        };
        // Without a thread this look is left out.
        let _ = std::thread::Builder::new().name("home-look".into()).spawn(look);
    }
}

/// A shipped past incident as the list shows it.
fn shown(past: &shipped::PastIncident) -> Option<Past> {
    let incident = past::folded(past);
    let (first, last) = incident.span?;
    let about = incident.kind().unwrap_or("").to_owned();
    let title = incident.title().to_owned();
    Some(Past { slug: past.slug.clone(), title, about, span: last.since(first), entries: incident.count })
}

/// Everything that a replay needs of a journal.
fn record(path: &Path, host: HostId) -> Result<Player, String> {
    let wrong = |error: crate::journal::JournalError| format!("{error}. {}", error.hint());
    let mut journal = Journal::open(path, host).map_err(wrong)?;
    let mut recording = Recording::default();
    let end = journal.take_in_with(&mut |placed| recording.take(&placed)).map_err(wrong)?;
    if end.late {
        recording = Recording::default();
        journal.rescan(&mut |placed| recording.take(&placed)).map_err(wrong)?;
    }
    Ok(Player::new(recording, Box::new(journal.store())))
}
