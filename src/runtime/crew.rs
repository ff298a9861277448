//! The clients at work: one for each account, on a runtime of their own, so that nothing that hangs can hold up a room.
//!
//! It makes calls, cuts off those that take too long, hears what arrives and says what came of it. It decides nothing: what is
//! tried, when and how often is the room's. Start at [`Crew::call`] and [`Crew::listen`].

pub mod directory;
mod hearing;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;

use super::accounts;
use crate::clients::{Client, Trouble};
use crate::config::accounts::Accounts;
use crate::incident::EntryId;
use crate::incident::event::FailureClass;
use crate::outbox::directory::Kept;
use crate::outbox::news::{Batch, Pull};
use crate::outbox::{Call, Outcome};

pub use hearing::Cursors;

/// How long the runtime's threads are waited for at the end; a call under way is doubtful then, and will be looked for.
const FAREWELL: Duration = Duration::from_millis(300);
const WORKERS: usize = 2;
/// From the attempt to the first byte of its call, at most.
const READY: Duration = Duration::from_secs(3);
/// What somebody waits for at the command line, page by page, at most.
const ASKED: Duration = Duration::from_secs(90);
/// After a client has broken off.
const BROKEN: Duration = Duration::from_secs(10);

/// What an account has to say, besides the outcome of calls.
pub enum Said {
    /// Who is on call there.
    Directory {
        account: String,
        kept: Box<Kept>,
    },
    News {
        account: String,
        batch: Batch,
    },
    /// It was heard from, or why not.
    State {
        account: String,
        trouble: Option<String>,
    },
}

/// Which of the two calls is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Deliver,
    Find,
}

pub struct Crew {
    /// Taken at the end.
    runtime: Option<Runtime>,
    members: BTreeMap<String, Arc<Member>>,
    accounts: Arc<Accounts>,
    config: PathBuf,
}

/// One account.
struct Member {
    name: String,
    accounts: Arc<Accounts>,
    config: PathBuf,
    /// Made at the first use: its token may have to be asked for.
    client: Mutex<Option<Arc<dyn Client>>>,
    wanted: watch::Sender<Option<Pull>>,
}

impl Member {
    /// The client. One that cannot be made is tried again the next time: somebody may have mended what was wrong.
    async fn client(self: &Arc<Self>) -> Result<Arc<dyn Client>, Trouble> {
        let mut held = self.client.lock().await;
        if let Some(client) = &*held {
            return Ok(client.clone());
        }
        let member = self.clone();
        let make = move || accounts::client(&member.accounts, &member.name, &member.config);
        let made = tokio::task::spawn_blocking(make).await;
        let client = made.unwrap_or_else(|_| Err(Trouble::transient("the client could not be started")))?;
        *held = Some(client.clone());
        Ok(client)
    }

    /// Whoever is not let in asks for its token anew the next time: it may have been put right.
    async fn forget(&self) {
        *self.client.lock().await = None;
    }

    async fn call(self: &Arc<Self>, kind: Kind, call: &Call) -> Outcome {
        let began = Instant::now();
        let client = match self.client().await {
            Ok(client) => client,
            Err(trouble) => return trouble.into(),
        };
        // Nothing was sent so far, and what is sent late could not be told from what never arrived.
        if began.elapsed() > READY {
            return Outcome::failed(FailureClass::Transient, "the token took long to come; it is here now");
        }
        let patience = client.patience();
        let late = || {
            let message = format!("no answer within {} s", patience.as_secs());
            Outcome::failed(FailureClass::Unknown, message)
        };
        let outcome = match kind {
            Kind::Deliver => timeout(patience, client.deliver(call)).await.unwrap_or_else(|_| late()),
            Kind::Find => timeout(patience, client.find(call)).await.unwrap_or_else(|_| late()),
        };
        if let Outcome::Failed { class: FailureClass::Auth, .. } = outcome {
            self.forget().await;
        }
        outcome
    }
}

/// Who is told what came of a call: that it was cut off, where nothing else is said. No call is forgotten.
struct Answer<F: FnOnce(EntryId, Outcome)> {
    request: EntryId,
    then: Option<F>,
}

impl<F: FnOnce(EntryId, Outcome)> Answer<F> {
    fn give(mut self, outcome: Outcome) {
        if let Some(then) = self.then.take() {
            then(self.request, outcome);
        }
    }
}

impl<F: FnOnce(EntryId, Outcome)> Drop for Answer<F> {
    fn drop(&mut self) {
        if let Some(then) = self.then.take() {
            then(self.request, Outcome::failed(FailureClass::Unknown, "the call was cut off"));
        }
    }
}

impl Crew {
    /// Starts nothing yet but the threads; `None` where no account is configured.
    pub fn start(accounts: Accounts, config: &Path) -> io::Result<Option<Crew>> {
        if accounts.is_empty() {
            return Ok(None);
        }
        crate::clients::http::install_crypto();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("accounts")
            .enable_all()
            .build()?;
        let accounts = Arc::new(accounts);
        let member = |name: String| {
            let (wanted, _) = watch::channel(None);
            let member = Member {
                name: name.clone(),
                accounts: accounts.clone(),
                config: config.to_owned(),
                client: Mutex::new(None),
                wanted,
            };
            (name, Arc::new(member))
        };
        let members = accounts::names(&accounts).into_iter().map(member).collect();
        Ok(Some(Crew { runtime: Some(runtime), members, accounts, config: config.to_owned() }))
    }

    /// Makes a call; `then` is told on one of its threads.
    pub fn call(&self, kind: Kind, call: Call, then: impl FnOnce(EntryId, Outcome) + Send + 'static) {
        let Some(runtime) = &self.runtime else { return };
        let member = self.member(&call.act.client);
        let answer = Answer { request: call.act.request, then: Some(then) };
        runtime.spawn(async move {
            let outcome = member.call(kind, &call).await;
            // Whoever is told may have to wait for room in a queue.
            let told = tokio::task::spawn_blocking(move || answer.give(outcome));
            let _ = told.await;
        });
    }

    /// Makes a call and waits for it. Not for the console.
    pub fn call_now(&self, kind: Kind, call: &Call) -> Outcome {
        let member = self.member(&call.act.client);
        match &self.runtime {
            Some(runtime) => runtime.block_on(member.call(kind, call)),
            None => Outcome::failed(FailureClass::Transient, "the clients have ended"),
        }
    }

    /// Does something with the client of an account and waits for it. Not for the console.
    pub fn ask<T>(
        &self,
        account: &str,
        work: impl AsyncFnOnce(Arc<dyn Client>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let member = self.member(account);
        let Some(runtime) = &self.runtime else { return Err(Trouble::transient("the clients have ended")) };
        let late = |_| Trouble::transient(format!("no answer within {} s", ASKED.as_secs()));
        runtime.block_on(async {
            let asked = async { work(member.client().await?).await };
            timeout(ASKED, asked).await.map_err(late)?
        })
    }

    /// One that is not configured here answers so.
    fn member(&self, name: &str) -> Arc<Member> {
        if let Some(member) = self.members.get(name) {
            return member.clone();
        }
        let (wanted, _) = watch::channel(None);
        let (accounts, config) = (self.accounts.clone(), self.config.clone());
        Arc::new(Member { name: name.to_owned(), accounts, config, client: Mutex::new(None), wanted })
    }

    /// Hears what every account that is wanted has to say, until the crew is dropped.
    pub fn listen(&self, cursors: &Cursors, say: impl Fn(Said) + Send + Sync + 'static) {
        let Some(runtime) = &self.runtime else { return };
        let say: Arc<dyn Fn(Said) + Send + Sync> = Arc::new(say);
        for member in self.members.values() {
            let poll = accounts::poll(&self.accounts, &member.name);
            let hear = (member.clone(), cursors.clone(), say.clone());
            runtime.spawn(kept_up(say.clone(), member.name.clone(), move || {
                let (member, cursors, say) = hear.clone();
                hearing::hear(member, poll, cursors, say)
            }));
            runtime.spawn(directory::keep(member.clone(), cursors.clone(), say.clone()));
        }
    }

    /// What is wanted of an account; `None`: nothing, now.
    pub fn want(&self, account: &str, pull: Option<Pull>) {
        let Some(member) = self.members.get(account) else { return };
        member.wanted.send_if_modified(|wanted| {
            let same = match (&*wanted, &pull) {
                (Some(old), Some(new)) => (&old.places, old.listen) == (&new.places, new.listen),
                (None, None) => true,
                _ => false,
            };
            if !same {
                *wanted = pull;
            }
            !same
        });
    }

    /// News of an account up to this cursor are kept.
    pub fn kept(&self, account: &str, cursor: String, cursors: &Cursors) {
        let (Some(runtime), Some(member)) = (&self.runtime, self.members.get(account)) else { return };
        let (member, cursors) = (member.clone(), cursors.clone());
        runtime.spawn(async move {
            let (name, kept) = (member.name.clone(), cursor.clone());
            // A cursor that is lost brings the same news again, and they arrive once.
            let _ = tokio::task::spawn_blocking(move || cursors.keep(&name, &kept)).await;
            if let Ok(client) = member.client().await {
                client.heard(&cursor).await;
            }
        });
    }
}

/// Hearing that breaks off is begun again, and says so.
async fn kept_up<F>(say: Arc<dyn Fn(Said) + Send + Sync>, account: String, hear: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    while tokio::spawn(hear()).await.is_err_and(|error| error.is_panic()) {
        let (say, account) = (say.clone(), account.clone());
        let trouble = Some("its client broke off and is started again".to_owned());
        let told = move || say(Said::State { account, trouble });
        let _ = tokio::task::spawn_blocking(told).await;
        tokio::time::sleep(BROKEN).await;
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.members.clear();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(FAREWELL);
        }
    }
}
