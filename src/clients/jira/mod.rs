//! Jira, in the cloud and in a data center: the incident's ticket, a ticket for each follow-up, and what happens to them.
//!
//! Start at [`Jira`]. One file for each deed: [`open`], [`adopt`], [`link`], [`comment`], [`moves`], [`assign`], [`attach`], [`remote`]; what is
//! heard is in [`pull`], what a project wants of its tickets in [`fields`] and [`check`]. The op id of an act stands in a label and a
//! property of a ticket, in a property of a comment (on a Data Center in its last line), and in the name of a file. It never
//! makes a second try: every write is one call, with at most a few reads before it.

pub mod adf;
mod adopt;
mod api;
mod assign;
mod attach;
mod check;
mod comment;
mod errors;
mod fields;
mod link;
mod moves;
mod open;
mod people;
mod pull;
mod remote;
mod rich;
pub mod wiki;
mod wire;

use tokio::sync::OnceCell;

use super::{Call, Client, Later, Probe, Secret, Trouble, needs};
use crate::config::accounts::JiraSettings;
use crate::incident::event::{Deed, FailureClass, Slot, TicketDeed};
use crate::outbox::Outcome;
use crate::outbox::news::{Batch, Pull};
use api::{Api, Line};

/// An account at a Jira.
pub struct Jira {
    api: Api,
    settings: JiraSettings,
    /// Our own id there, once it has been asked for.
    me: OnceCell<String>,
}

impl Jira {
    /// Says what is wrong with the settings; asks nobody.
    pub fn new(settings: &JiraSettings, token: Secret) -> Result<Self, Trouble> {
        if settings.base.trim().is_empty() {
            return Err(Trouble::permanent(
                "[jira].base is missing: write the address, such as https://SITE.atlassian.net",
            ));
        }
        for (key, project) in [("project", Some(&settings.project)), ("drill", settings.drill.as_ref())] {
            if project.is_some_and(|project| !is_project(project)) {
                return Err(Trouble::permanent(format!(
                    "[jira].{key} is no key of a project: write the letters before the number of its tickets, such as DATA"
                )));
            }
        }
        Ok(Self { api: Api::new(settings, token)?, settings: settings.clone(), me: OnceCell::new() })
    }

    /// The project in which tickets are opened.
    fn project(&self, drill: bool) -> Result<&str, Trouble> {
        if !drill {
            return Ok(&self.settings.project);
        }
        let project = self.settings.drill.as_deref();
        project.ok_or_else(|| {
            Trouble::permanent("drills have no tickets here: set [jira].drill to a project for them")
        })
    }

    /// Who we are there.
    async fn me(&self, line: &Line<'_>) -> Result<&str, Trouble> {
        let ask = || async {
            let me: wire::User = line.read("/myself", &[]).await?;
            Ok(me.remote(self.api.is_cloud()).to_owned())
        };
        self.me.get_or_try_init(ask).await.map(String::as_str)
    }

    async fn do_it(&self, call: &Call) -> Result<Outcome, Trouble> {
        let job = Job::new(self, call)?;
        match job.deed {
            TicketDeed::Open { .. } => open::deliver(&job).await,
            TicketDeed::Adopt { key, .. } => adopt::deliver(&job, key).await,
            TicketDeed::Link { .. } => link::deliver(&job).await,
            TicketDeed::Comment { .. } => comment::deliver(&job).await,
            TicketDeed::Move { to, .. } => moves::deliver(&job, to).await,
            TicketDeed::Assign { who, .. } => assign::deliver(&job, who).await,
            TicketDeed::Attach { name } => attach::deliver(&job, name).await,
            TicketDeed::RemoteLink { url } => remote::deliver(&job, url).await,
        }
    }

    async fn look(&self, call: &Call) -> Result<Outcome, Trouble> {
        let job = Job::new(self, call)?;
        match job.deed {
            TicketDeed::Open { .. } => open::find(&job).await,
            TicketDeed::Adopt { key, .. } => adopt::deliver(&job, key).await,
            TicketDeed::Link { .. } => link::find(&job).await,
            TicketDeed::Comment { .. } => comment::find(&job).await,
            TicketDeed::Move { to, .. } => moves::find(&job, to).await,
            TicketDeed::Assign { who, .. } => assign::find(&job, who).await,
            TicketDeed::Attach { name } => attach::find(&job, name).await,
            TicketDeed::RemoteLink { url } => remote::find(&job, url).await,
        }
    }

    /// Asks for everything that the account is used for, and lists what the project wants of its tickets: the fields that it
    /// requires and the settings lack, with name, id, kind and the values it takes; types, statuses, priorities and the kind of link
    /// that the settings name and Jira does not have (MISSION: "field and transition names are mapped in config").
    pub async fn check(&self) -> Vec<Probe> {
        check::all(self).await
    }
}

impl Client for Jira {
    fn name(&self) -> &str {
        "jira"
    }

    fn deliver<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async { self.do_it(call).await.unwrap_or_else(Outcome::from) })
    }

    fn find<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async { self.look(call).await.unwrap_or_else(Outcome::from) })
    }

    fn pull<'a>(&'a self, pull: &'a Pull) -> Later<'a, Result<Batch, Trouble>> {
        Box::pin(pull::pull(self, pull))
    }

    fn probe<'a>(&'a self) -> Later<'a, Vec<Probe>> {
        Box::pin(self.check())
    }

    /// A deed takes up to four calls: a few reads, then the write.
    fn patience(&self) -> std::time::Duration {
        self.api.timeout() * 4
    }
}

/// One deed on its way.
struct Job<'a> {
    jira: &'a Jira,
    call: &'a Call,
    deed: &'a TicketDeed,
    line: Line<'a>,
}

impl<'a> Job<'a> {
    fn new(jira: &'a Jira, call: &'a Call) -> Result<Self, Trouble> {
        let Deed::Ticket(deed) = call.deed() else {
            return Err(Trouble::permanent(
                "Jira keeps tickets and nothing else: give this to another account",
            ));
        };
        Ok(Self { jira, call, deed, line: jira.api.at(Some(call.now)) })
    }

    fn cloud(&self) -> bool {
        self.jira.api.is_cloud()
    }

    /// The ticket that the deed is about.
    fn key(&self) -> Result<&'a str, Trouble> {
        self.call.place().ok_or_else(|| lacking(self.call.deed().needs()[0]))
    }

    fn other(&self) -> Result<&'a str, Trouble> {
        self.call.other().ok_or_else(|| lacking(self.call.deed().needs()[1]))
    }

    async fn issue(&self, key: &str, fields: &str) -> Result<wire::Issue, Trouble> {
        self.line.read(&format!("/issue/{}", api::part(key)), &[("fields", fields)]).await
    }

    fn confirmed(&self, remote: impl Into<String>, key: &str) -> Outcome {
        Outcome::Confirmed { remote: remote.into(), link: self.jira.api.browse(key) }
    }
}

fn lacking(slot: Option<Slot>) -> Trouble {
    match needs(slot.unwrap_or(Slot::Ticket)) {
        Outcome::Failed { class, message, .. } => Trouble::new(class, message),
        _ => Trouble::permanent("the incident has no ticket yet"),
    }
}

fn already(what: impl Into<String>) -> Outcome {
    Outcome::failed(FailureClass::AlreadyDone, what)
}

/// `DATA`; Jira allows letters, digits and underscores after a first letter.
fn is_project(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
