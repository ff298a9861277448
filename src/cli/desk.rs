//! What every command works with: places, settings, who acts, and which incident is meant.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::sync::Arc;

use super::fail::{Done, Fail};
use super::out::{Out, complain};
use super::{Common, ZoneName, past};
use crate::config::usable::{Usable, usable_policy};
use crate::config::{Paths, Settings};
use crate::incident::words::Status;
use crate::incident::{Command, Entry, EntryId, HostId, Incident, IncidentId, Origin, PersonId, Zone};
use crate::journal::{Home, IncidentDir, Journal};
use crate::outbox::routes::Routes;
use crate::policy::Policy;
use crate::room::{Folded, Order};
use crate::runtime::accounts;
use crate::runtime::headless::Session;
use crate::runtime::live::Outside;

pub struct Desk {
    pub paths: Paths,
    pub settings: Settings,
    pub zone: Zone,
    pub me: PersonId,
    /// As given, for the console.
    pub as_: Option<String>,
    pub json: bool,
    /// How long to wait for the outside, in seconds.
    pub wait: Option<u64>,
    pub incident: Option<String>,
    pub out: Out,
    /// Where nothing is open, the newest incident that is resolved is meant.
    afterwards: bool,
    /// Incidents that may have to tell the outside something.
    owed: Vec<PathBuf>,
    /// Read at the first question.
    usable: OnceCell<Usable>,
    /// Read at the first question, like the people that it needs.
    routes: OnceCell<Routes>,
}

/// An incident that was named, and where it is.
#[derive(Clone, Debug)]
pub struct Found {
    pub id: IncidentId,
    pub slug: String,
    /// The home's own; `None` for a folder outside it and for a shipped past incident.
    pub number: Option<u32>,
    pub path: PathBuf,
}

impl From<IncidentDir> for Found {
    fn from(dir: IncidentDir) -> Self {
        Self {
            id: dir.id,
            slug: dir.slug,
            number: Some(dir.number).filter(|number| *number > 0),
            path: dir.path,
        }
    }
}

impl Found {
    /// As people name it: `INC-0003 orders-lost`.
    pub fn name(&self) -> String {
        match self.number {
            Some(number) => format!("INC-{number:04} {}", self.slug),
            None => self.slug.clone(),
        }
    }
}

impl Desk {
    pub fn new(common: &Common) -> Done<Self> {
        let paths = Paths::from_env().map_err(|why| Fail::refused(why, ""))?;
        // A typing mistake in the settings must not keep anybody from declaring an incident.
        let settings = Settings::load(&paths.config_file()).unwrap_or_else(|why| {
            complain(&format!("warning: {why}\nhint: the default settings are used until it is put right"));
            Settings::default()
        });
        let zone = match common.zone {
            Some(ZoneName::Utc) => Zone::Utc,
            Some(ZoneName::Local) => Zone::Local,
            None => settings.zone(),
        };
        Ok(Self {
            me: settings.me(common.as_.as_deref()),
            zone,
            as_: common.as_.clone(),
            json: common.json,
            wait: common.wait,
            owed: Vec::new(),
            incident: common.incident.clone().filter(|reference| !reference.is_empty()),
            out: Out::new(),
            afterwards: false,
            usable: OnceCell::new(),
            routes: OnceCell::new(),
            paths,
            settings,
        })
    }

    pub fn home(&self) -> Home {
        Home::new(&self.paths.data)
    }

    pub fn host(&self) -> Done<HostId> {
        Ok(self.home().host_id()?)
    }

    /// The configured policy, without what cannot be read of it; that is said once.
    pub fn usable(&self) -> &Usable {
        self.usable.get_or_init(|| {
            let usable = usable_policy(&self.paths, &self.settings.policy);
            for part in &usable.left_out {
                complain(&format!("warning: {}\nhint: {}", part.sentence(), part.hint));
            }
            usable
        })
    }

    /// [`Desk::usable`], to work with. It never fails.
    pub fn policy(&self) -> Done<Policy> {
        Ok(self.usable().policy.clone())
    }

    /// The accounts, and who is told what through them.
    pub fn connected(&self) -> (Outside, Routes) {
        (self.outside(), self.routes().clone())
    }

    pub fn outside(&self) -> Outside {
        Outside { accounts: self.settings.accounts(), config: self.paths.config.clone() }
    }

    /// Who is told what outside.
    pub fn routes(&self) -> &Routes {
        self.routes.get_or_init(|| accounts::routes(&self.settings, &self.paths.config))
    }

    /// An order of the one who sits at this desk.
    pub fn order(&self, command: Command) -> Order {
        Order::new(command, self.me.clone()).via(Origin::Cli)
    }

    /// An incident of this home by number, slug or id.
    pub fn find(&self, reference: &str) -> Done<Found> {
        Ok(self.home().find(reference)?.into())
    }

    /// The incident that is meant: the one named here, with `--incident`, or the only one that is open.
    pub fn which(&self, reference: Option<&str>) -> Done<Found> {
        match reference.or(self.incident.as_deref()) {
            Some(reference) => self.find(reference),
            None => self.only_open(),
        }
    }

    /// Like [`Desk::which`], among the shipped past incidents too.
    pub fn which_readable(&self, reference: Option<&str>) -> Done<Found> {
        let Some(reference) = reference.or(self.incident.as_deref()) else { return self.only_open() };
        match self.find(reference) {
            Ok(found) => Ok(found),
            Err(unknown) => past::find(&self.paths, reference)?.ok_or(unknown),
        }
    }

    /// For commands that make sense after the resolution too: where nothing is open, the newest incident that is not
    /// closed is meant.
    pub fn afterwards(&mut self) {
        self.afterwards = true;
    }

    fn only_open(&self) -> Done<Found> {
        let (mut open, mut resolved) = (Vec::new(), None);
        for dir in self.home().list()? {
            let found = Found::from(dir);
            match folded(&found) {
                Ok(incident) if !incident.status.is_over() => open.push(found),
                // The list is in the order of the declarations.
                Ok(incident) if self.afterwards && incident.status != Status::Closed => {
                    resolved = Some(found)
                }
                _ => {}
            }
        }
        match (open.len(), resolved) {
            (1, _) => Ok(open.remove(0)),
            (0, Some(found)) => {
                complain(&format!(
                    "no incident is open: {} is meant, the newest that is not closed",
                    found.name()
                ));
                Ok(found)
            }
            (0, None) => Err(Fail::refused(
                "no incident is open",
                "name one with -i REF (see `warroom list`), or `warroom declare`",
            )),
            _ => {
                let names: Vec<String> = open.iter().map(Found::name).collect();
                let what = format!("{} incidents are open: {}", open.len(), names.join(", "));
                Err(Fail::refused(what, "name one with -i REF, or set WARROOM_INCIDENT"))
            }
        }
    }

    /// Opens an incident for orders.
    pub fn session(&self, found: &Found) -> Done<Session> {
        let session = self.session_at(&found.path)?;
        warn_of_damage(&session, found);
        Ok(session)
    }

    /// The same by its folder.
    pub fn session_at(&self, path: &std::path::Path) -> Done<Session> {
        let (outside, routes) = self.connected();
        Ok(Session::open(path, self.host()?, self.policy()?)?.connected(outside, routes))
    }

    /// Something may have to be told outside, once the command is done.
    pub fn owes(&mut self, found: &Found) {
        if !self.owed.contains(&found.path) {
            self.owed.push(found.path.clone());
        }
    }

    /// Tells it. What could not be told is kept and tried again.
    pub fn tell_outside(&mut self) -> Done {
        for path in std::mem::take(&mut self.owed) {
            super::sync::afterwards(self, &path)?;
        }
        self.out.flush()
    }

    /// Opens an incident to read it; works where nothing can be written.
    pub fn reader(&self, found: &Found) -> Done<Session> {
        let session = Session::open(&found.path, HostId::default(), self.policy()?)?;
        warn_of_damage(&session, found);
        Ok(session)
    }
}

/// The state of an incident, read entry by entry.
pub fn folded(found: &Found) -> Done<Incident> {
    let mut folded = Folded::default();
    let end = Journal::scan(&found.path, &mut |placed| folded.take_one(&placed))?;
    if end.late {
        folded = Folded::default();
        Journal::open(&found.path, HostId::default())?.rescan(&mut |placed| folded.take_one(&placed))?;
    }
    Ok(folded.incident)
}

fn warn_of_damage(session: &Session, found: &Found) {
    if let Some(first) = session.damage().first() {
        let count = session.damage().len();
        complain(&format!(
            "warning: the journal of {} is damaged in {count} place{}; what is damaged is left out: {first}",
            found.name(),
            if count == 1 { "" } else { "s" },
        ));
        complain(&format!("hint: `warroom verify {}` lists it all; the files are never changed", found.slug));
    }
}

/// Entries in the order of the timeline: by when they happened.
pub fn timeline(session: &mut Session) -> Done<Vec<Arc<Entry>>> {
    let mut log = session.log()?;
    let incident = session.incident();
    log.sort_by_key(|entry| incident.happened(entry));
    Ok(log)
}

/// Fewest characters of an entry's id that name it.
const SHORTEST_ID: usize = 4;

/// An entry by its id, by an unambiguous beginning or end of it, or `last` for the newest of one's own.
pub fn entry(session: &mut Session, reference: &str, me: &PersonId) -> Done<Arc<Entry>> {
    let log = session.log()?;
    let wanted = reference.trim().to_ascii_uppercase();
    if wanted == "LAST" {
        let own = log.iter().rev().find(|entry| entry.by() == me && can_be_meant(entry));
        return own.cloned().ok_or_else(|| {
            Fail::refused(format!("{me} has written nothing here"), "name the entry by its id")
        });
    }
    let named = |entry: &&Arc<Entry>| id_matches(entry.id(), &wanted);
    let hits: Vec<&Arc<Entry>> = log.iter().filter(named).collect();
    match hits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(Fail::refused(
            format!("no entry is named {reference:?}"),
            "`warroom show` prints the end of each id, at least four characters of it name the entry",
        )),
        many => Err(Fail::refused(
            format!("{} entries are named {reference:?}", many.len()),
            "give more of the id",
        )),
    }
}

/// An entry whose words are somebody's own, to be corrected or retracted.
pub fn written_entry(session: &mut Session, reference: &str, me: &PersonId) -> Done<Arc<Entry>> {
    let found = entry(session, reference, me)?;
    if found.event.is_written() {
        return Ok(found);
    }
    Err(Fail::refused(
        "that entry changed the incident: its words are not anybody's note",
        "take it back with `warroom undo --entry`",
    ))
}

/// What the room wrote by itself is not what anybody means by their last entry.
fn can_be_meant(entry: &Entry) -> bool {
    entry.header.via != Origin::Client
}

/// Whether `wanted`, in capitals, is a beginning or an end of the id that is long enough.
pub fn id_matches(id: EntryId, wanted: &str) -> bool {
    let id = id.to_string();
    wanted.len() >= SHORTEST_ID && (id.starts_with(wanted) || id.ends_with(wanted))
}
