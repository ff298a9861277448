//! Slack: the incident's channel, what is told in it, and what people say there.
//!
//! Every message of ours carries the id of its request twice: as metadata, by which [`post`] finds it again, and as a
//! `client_msg_id` that is the same for every attempt. It never resends by itself, never lets a text mention anybody
//! ([`text`], [`blocks`]), and hears by asking ([`pull`]) or, with an app token, by Socket Mode ([`listen`]).
//! Start at [`Slack`].

mod api;
mod blocks;
mod channel;
mod errors;
mod event;
mod find_channel;
mod history;
mod ids;
mod invite;
mod line;
mod listen;
mod memory;
mod news;
mod people;
mod post;
mod probe;
mod pull;
mod sockets;
mod text;
mod wire;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, mpsc};

use crate::config::accounts::SlackSettings;
use crate::incident::event::{ChatDeed, Deed, FailureClass};
use crate::outbox::Outcome;
use crate::outbox::news::{Batch, Pull};

use super::http::{Http, Reach};
use super::{Call, Client, Directory, Later, Probe, Secret, Trouble};
use api::Api;
use memory::Memories;
use people::People;
use wire::Me;

pub use line::Rhythm;

/// The kind of our messages' metadata.
const EVENT_TYPE: &str = "warroom_op";

/// One workspace, as one app sees it.
pub struct Slack {
    api: Api,
    settings: SlackSettings,
    /// For Socket Mode.
    app_token: Option<Secret>,
    rhythm: Rhythm,
    me: OnceCell<Me>,
    people: Mutex<People>,
    memories: Mutex<Memories>,
    /// Ids of channels by name.
    channels: Mutex<BTreeMap<String, String>>,
    /// What this process has posted: `client_msg_id` to op.
    sent: Mutex<BTreeMap<String, String>>,
}

impl Slack {
    /// An address that cannot be used, or certificates that cannot be read, are said at once; no call is made.
    pub fn new(settings: &SlackSettings, token: Secret, app_token: Option<Secret>) -> Result<Self, Trouble> {
        let mut reach = Reach::new(settings.base.as_str());
        reach.ca = settings.common.ca.clone();
        reach.timeout =
            Duration::from_millis(u64::try_from(settings.common.timeout.ms()).unwrap_or(10_000).max(1));
        let secrets = std::iter::once(token.clone()).chain(app_token.clone()).collect();
        let http = Http::new(reach, secrets)?;
        Ok(Self {
            api: Api::new(http, token),
            settings: settings.clone(),
            app_token,
            rhythm: Rhythm::default(),
            me: OnceCell::new(),
            people: Mutex::default(),
            memories: Mutex::default(),
            channels: Mutex::default(),
            sent: Mutex::default(),
        })
    }

    /// With other waiting times of Socket Mode than the usual ones.
    pub fn with_rhythm(mut self, rhythm: Rhythm) -> Self {
        self.rhythm = rhythm;
        self
    }

    /// Who we are there; asked once.
    async fn me(&self) -> Result<&Me, Trouble> {
        self.me.get_or_try_init(|| self.api.safe("auth.test", &[])).await
    }

    /// The place of all drills.
    fn drill_channel(&self) -> Result<&str, Trouble> {
        self.settings.drill.as_deref().ok_or_else(|| {
            Trouble::permanent(
                "a drill stays out of Slack: set drill in [slack] in config.toml to the channel of drills",
            )
        })
    }

    async fn carry_out(&self, call: &Call) -> Result<Outcome, Trouble> {
        let Deed::Chat(deed) = call.deed() else {
            return Err(Trouble::permanent(
                "Slack is a chat: it can neither page nor keep tickets; drop this",
            ));
        };
        match deed {
            ChatDeed::Open { name, private } => self.open(call, name, *private).await,
            ChatDeed::Adopt { channel } => self.adopt(call, channel).await,
            ChatDeed::Topic => self.topic(call).await,
            ChatDeed::Bookmark { name, url } => self.bookmark(call, name, url).await,
            ChatDeed::Invite { who } => self.invite(call, who).await,
            ChatDeed::Post { to, thread } => self.post(call, to.as_deref(), thread.as_deref()).await,
            ChatDeed::Edit { post } => self.edit(call, *post).await,
            ChatDeed::Pin { .. } => self.pin(call).await,
        }
    }

    /// Deeds that set a state are simply done again: to look for them is not worth a call.
    async fn look_for(&self, call: &Call) -> Result<Outcome, Trouble> {
        match call.deed() {
            Deed::Chat(ChatDeed::Open { name, private }) => self.find_open(call, name, *private).await,
            Deed::Chat(ChatDeed::Post { to, thread }) => {
                self.find_post(call, to.as_deref(), thread.as_deref()).await
            }
            _ => Ok(Outcome::NotThere),
        }
    }
}

/// A look that will never work tells nothing: a person has to look instead.
fn unseen(trouble: Trouble) -> Outcome {
    match trouble.class {
        FailureClass::Permanent => {
            Outcome::CannotTell { message: format!("it cannot be looked for: {}", trouble.message) }
        }
        _ => trouble.into(),
    }
}

impl Client for Slack {
    fn name(&self) -> &str {
        "slack"
    }

    fn deliver<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move { self.carry_out(call).await.unwrap_or_else(Outcome::from) })
    }

    fn find<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move { self.look_for(call).await.unwrap_or_else(unseen) })
    }

    fn pull<'a>(&'a self, pull: &'a Pull) -> Later<'a, Result<Batch, Trouble>> {
        Box::pin(self.pull_news(pull))
    }

    fn listen<'a>(&'a self, pull: Pull, news: mpsc::Sender<Batch>) -> Option<Later<'a, Trouble>> {
        let token = self.app_token.as_ref()?;
        Some(Box::pin(self.listen_with(token, pull, news)))
    }

    fn probe<'a>(&'a self) -> Later<'a, Vec<Probe>> {
        Box::pin(self.probe_all())
    }

    fn directory<'a>(&'a self) -> Later<'a, Result<Directory, Trouble>> {
        Box::pin(self.everybody())
    }

    /// A deed may take several calls; it stays below the time after which a missing message is believed to be missing.
    fn patience(&self) -> Duration {
        self.api.http().timeout() * 2 + Duration::from_secs(5)
    }
}

/// What was written before a panic elsewhere is still good.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
