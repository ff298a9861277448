//! Any program that speaks newline-delimited JSON on its standard streams, as a client.
//!
//! One child for each account. It decides nothing: lanes, retries, pace and order are the outbox's; what the child does is to
//! translate one deed into a call of its service. What it says is hostile: bounded, checked, cleaned, and never written to the
//! terminal. The protocol is in `sample-data/clients/README.md`; [`wire`] has its types; start at [`Process`].

pub mod deeds;
pub mod wire;

mod answers;
pub(in crate::clients) mod events;
pub(in crate::clients) mod keeper;
pub(in crate::clients) mod lines;
mod link;
mod probes;
pub(in crate::clients) mod program;
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use self::answers::cannot_tell;
use self::keeper::{Keeper, STEP};
use self::link::Link;
use self::wire::{Ask, DIRECTORY, Hello, LISTEN, PULL, Repeat, Wanted, Word};
use super::{Call, Client, Directory, Later, Probe, Secret, Trouble, marked, needs};
use crate::config::accounts::ProcessSettings;
use crate::incident::event::{ChatDeed, Deed, Slot, TicketDeed};
use crate::outbox::Outcome;
use crate::outbox::news::{Batch, Pull};

pub(in crate::clients) use self::keeper::service_name;

/// A client outside this process.
pub struct Process {
    keeper: Keeper,
    timeout: Duration,
    read_only: bool,
    drill: Option<String>,
}

impl Process {
    /// The account `name`. Nothing is started before its first call, which must be made inside a tokio runtime; the child
    /// ends when this is dropped. An error says what of the settings can never work.
    pub fn new(
        name: &str,
        settings: &ProcessSettings,
        secrets: BTreeMap<String, Secret>,
    ) -> Result<Self, Trouble> {
        let command = program::command(name, &settings.command)?;
        let timeout = Duration::from_millis(settings.common.timeout.ms().max(1) as u64);
        let keeper = Keeper::new(name, settings, command, secrets)?;
        let (read_only, drill) = (settings.common.read_only, settings.drill.clone());
        Ok(Self { keeper, timeout, read_only, drill })
    }

    /// Asks the child to end, and ends it where it has not within two seconds.
    pub async fn shut_down(&self) {
        self.keeper.shut_down().await;
    }

    async fn try_deliver(&self, call: &Call) -> Result<Outcome, Trouble> {
        self.allowed(call)?;
        if let Some(slot) = missing(call) {
            return Ok(needs(slot));
        }
        let link = self.keeper.link().await?;
        let name = self.can(&link.hello, call.deed())?;
        let wanted = self.wanted(call, name);
        self.fits(&link.hello, &wanted)?;
        let repeat = repeat(&link.hello, name);
        match link.ask(Ask::Deliver(Box::new(wanted)), self.timeout).await {
            Ok(reply) => answers::delivered(&reply, call, repeat).map_err(|trouble| self.named(trouble)),
            Err(lost) => Err(self.lost(lost, repeat)),
        }
    }

    async fn try_find(&self, call: &Call) -> Result<Outcome, Trouble> {
        let link = self.keeper.link().await?;
        let name = self.can(&link.hello, call.deed())?;
        let repeat = repeat(&link.hello, name);
        if repeat == Repeat::None {
            return Ok(cannot_tell(
                &self.keeper.says(&format!("it cannot tell whether {name} arrived: look there")),
            ));
        }
        let ask = Ask::Find(Box::new(self.wanted(call, name)));
        // Looking changes nothing: it can be done again.
        let reply = link.ask(ask, self.timeout).await.map_err(|lost| self.lost(lost, Repeat::Native))?;
        answers::found(&reply, call, repeat).map_err(|trouble| self.named(trouble))
    }

    async fn try_pull(&self, pull: &Pull) -> Result<Batch, Trouble> {
        let link = self.keeper.link().await?;
        if !has(&link.hello, PULL) {
            return Ok(Batch::default());
        }
        let ok = self.asked(&link, Ask::Pull(events::since(pull))).await?;
        let events = serde_json::from_value(ok).map_err(|error| error.to_string());
        events.and_then(events::batch).map_err(|why| self.condemned(&link, &why))
    }

    async fn try_directory(&self) -> Result<Directory, Trouble> {
        let link = self.keeper.link().await?;
        if !has(&link.hello, DIRECTORY) {
            return Ok(Directory::default());
        }
        let ok = self.asked(&link, Ask::Directory).await?;
        probes::directory(ok).map_err(|why| self.condemned(&link, &why))
    }

    async fn try_listen(&self, pull: &Pull, news: &mpsc::Sender<Batch>) -> Result<(), Trouble> {
        let link = self.keeper.link().await?;
        if !has(&link.hello, LISTEN) {
            // From now on `listen` is `None`.
            return Err(Trouble::transient(self.keeper.says("it has to be asked for news")).code("pull"));
        }
        let mut heard = link.hear();
        self.asked(&link, Ask::Listen(events::since(pull))).await?;
        while let Some(events) = heard.recv().await {
            let batch = events::batch(events).map_err(|why| self.condemned(&link, &why))?;
            if news.send(batch).await.is_err() {
                return Err(Trouble::transient(self.keeper.says("nobody hears its news any more")));
            }
        }
        Err(Trouble::transient(self.keeper.says(&link.why())))
    }

    /// A call that changes nothing.
    async fn asked(&self, link: &Link, ask: Ask) -> Result<serde_json::Value, Trouble> {
        let name = ask.name();
        let reply = link.ask(ask, self.timeout).await.map_err(|lost| self.lost(lost, Repeat::Native))?;
        match (reply.ok, reply.err) {
            (Some(ok), _) => Ok(ok),
            (None, Some(fault)) => Err(self.named(answers::trouble(&fault).repeatable())),
            (None, None) => {
                Err(self.condemned(link, &format!("an answer to {name} that says neither ok nor err")))
            }
        }
    }

    fn condemned(&self, link: &Link, why: &str) -> Trouble {
        let why = format!("it broke the protocol with {why} and was ended");
        link.condemn(&why);
        Trouble::transient(self.keeper.says(&why))
    }

    fn named(&self, trouble: Trouble) -> Trouble {
        Trouble { message: self.keeper.says(&trouble.message), ..trouble }
    }

    fn lost(&self, lost: link::Lost, repeat: Repeat) -> Trouble {
        answers::lost(lost, |why| self.keeper.says(why), repeat)
    }

    fn allowed(&self, call: &Call) -> Result<(), Trouble> {
        let refuse = |why: &str| Err(Trouble::permanent(self.keeper.says(why)));
        match () {
            () if self.read_only => refuse("it is read-only: set read_only = false, or drop this"),
            () if call.drill && self.drill.is_none() => {
                refuse("drills stay out of it: set drill to a place for them")
            }
            () => Ok(()),
        }
    }

    fn can(&self, hello: &Hello, deed: &Deed) -> Result<&'static str, Trouble> {
        let name = deeds::name(deed);
        if has(hello, name) {
            return Ok(name);
        }
        Err(Trouble::permanent(self.keeper.says(&format!("it cannot {name}: drop this, or do it by hand")))
            .code(answers::UNSUPPORTED))
    }

    /// What is cut off unasked is missed by somebody.
    fn fits(&self, hello: &Hello, wanted: &Wanted) -> Result<(), Trouble> {
        let attaches = matches!(wanted.deed, Deed::Ticket(TicketDeed::Attach { .. }));
        let Some(most) = hello.limits.text.filter(|_| !attaches) else { return Ok(()) };
        let long = wanted.title.chars().count() + wanted.body.chars().count();
        if long <= most {
            return Ok(());
        }
        Err(Trouble::permanent(
            self.keeper.says(&format!("the text has {long} characters, and it takes {most}: shorten it")),
        ))
    }

    fn wanted(&self, call: &Call, name: &'static str) -> Wanted {
        let [place, other] = call.needs.clone();
        let (title, body) = self.texts(call);
        Wanted {
            op_id: call.op(),
            name,
            deed: self.deed(call),
            place,
            other,
            title,
            body,
            drill: call.drill,
            attempt: call.act.attempts.max(1),
            requested_at: call.act.requested_at,
            attempted_at: call.act.attempted_at,
        }
    }

    /// A title or, where there is none, a text says that it is a drill.
    fn texts(&self, call: &Call) -> (String, String) {
        let (title, body) = (&call.act.title, &call.act.body);
        let titled = !title.is_empty();
        (marked(call.drill && titled, title), marked(call.drill && !titled, body))
    }

    /// A drill is posted nowhere else than where drills go.
    fn deed(&self, call: &Call) -> Deed {
        match (call.deed(), &self.drill) {
            (Deed::Chat(ChatDeed::Post { to: Some(_), thread }), Some(drill)) if call.drill => {
                Deed::Chat(ChatDeed::Post { to: Some(drill.clone()), thread: thread.clone() })
            }
            (deed, _) => deed.clone(),
        }
    }
}

fn has(hello: &Hello, capability: &str) -> bool {
    hello.capabilities.iter().any(|known| known == capability)
}

fn repeat(hello: &Hello, name: &str) -> Repeat {
    hello.idempotency.get(name).copied().unwrap_or_default()
}

fn missing(call: &Call) -> Option<Slot> {
    let slots = call.deed().needs().into_iter().zip(&call.needs);
    slots.filter(|(_, known)| known.is_none()).find_map(|(slot, _)| slot)
}

impl Client for Process {
    fn name(&self) -> &str {
        self.keeper.name()
    }

    fn deliver<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move { self.try_deliver(call).await.unwrap_or_else(Outcome::from) })
    }

    fn find<'a>(&'a self, call: &'a Call) -> Later<'a, Outcome> {
        Box::pin(async move { self.try_find(call).await.unwrap_or_else(Outcome::from) })
    }

    fn pull<'a>(&'a self, pull: &'a Pull) -> Later<'a, Result<Batch, Trouble>> {
        Box::pin(self.try_pull(pull))
    }

    /// Before the first start nobody knows whether it can: then it is tried, and answers [`Trouble`] with the code `pull`
    /// where it cannot.
    fn listen<'a>(&'a self, pull: Pull, news: mpsc::Sender<Batch>) -> Option<Later<'a, Trouble>> {
        if self.keeper.known().is_some_and(|hello| !has(&hello, LISTEN)) {
            return None;
        }
        Some(Box::pin(async move {
            let ended = || Trouble::transient(self.keeper.says("it has ended"));
            self.try_listen(&pull, &news).await.err().unwrap_or_else(ended)
        }))
    }

    fn heard<'a>(&'a self, cursor: &'a str) -> Later<'a, ()> {
        Box::pin(async move {
            let link: Option<Arc<Link>> = self.keeper.running().await;
            if let Some(link) = link.filter(|link| has(&link.hello, LISTEN)) {
                link.say(&Word::Ack { cursor }).await;
            }
        })
    }

    fn probe<'a>(&'a self) -> Later<'a, Vec<Probe>> {
        Box::pin(async move {
            let link = match self.keeper.link().await {
                Ok(link) => link,
                Err(trouble) => return vec![probes::not_started(&trouble)],
            };
            let mut probes = vec![probes::started(&link)];
            let asked = self.asked(&link, Ask::Probe).await;
            probes.extend(probes::of(asked));
            probes.extend(probes::last_words(&link));
            probes
        })
    }

    fn directory<'a>(&'a self) -> Later<'a, Result<Directory, Trouble>> {
        Box::pin(self.try_directory())
    }

    /// Its start, its turn, its answer.
    fn patience(&self) -> Duration {
        STEP * 2 + self.timeout * 2 + Duration::from_secs(2)
    }
}
