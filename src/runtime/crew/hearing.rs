//! Hearing one account: by its own word where it has one, else by asking again and again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, timeout};

use super::{Member, Said};
use crate::clients::{Client, Trouble};
use crate::files;
use crate::incident::IncidentId;
use crate::incident::event::FailureClass;
use crate::outbox::news::{Batch, Pull};
use crate::runtime::clock;

/// First and longest wait after something went wrong.
const BACKOFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));
/// A connection that held this long had been well.
const WELL: Duration = Duration::from_secs(60);
/// Batches that may wait between a client and the room.
const QUEUE: usize = 16;
/// Most pages of one look.
const MOST_PAGES: usize = 100;

type Say = Arc<dyn Fn(Said) + Send + Sync>;

/// Where the hearing of each account of an incident has come to: caches, deletable at any time.
#[derive(Clone, Debug)]
pub struct Cursors {
    cache: PathBuf,
    incident: IncidentId,
}

impl Cursors {
    pub fn new(cache: &Path, incident: IncidentId) -> Self {
        Self { cache: cache.to_owned(), incident }
    }

    /// Where whatever can be had again is kept.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    fn folder(&self) -> PathBuf {
        self.cache.join("cursors")
    }

    fn path(&self, account: &str) -> PathBuf {
        self.folder().join(format!("{}-{account}", self.incident))
    }

    pub fn read(&self, account: &str) -> Option<String> {
        std::fs::read_to_string(self.path(account)).ok().filter(|cursor| !cursor.is_empty())
    }

    pub fn keep(&self, account: &str, cursor: &str) -> std::io::Result<()> {
        files::make_private_dir(&self.folder())?;
        files::replace(&self.path(account), cursor.as_bytes())
    }
}

/// Until the crew ends.
pub(super) async fn hear(member: Arc<Member>, poll: Duration, cursors: Cursors, say: Say) {
    let mut wanted = member.wanted.subscribe();
    let name = member.name.clone();
    let first = tokio::task::spawn_blocking(move || cursors.read(&name)).await;
    let mut ear = Ear { member, poll, say, cursor: first.ok().flatten(), wait: BACKOFF.0 };
    loop {
        let Some(pull) = wait_for_wish(&mut wanted).await else { return };
        let began = Instant::now();
        // A change of what is wanted begins anew.
        let trouble = tokio::select! {
            trouble = ear.hear(pull) => trouble,
            changed = wanted.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return,
            },
        };
        if trouble.class == FailureClass::Auth {
            ear.member.forget().await;
        }
        ear.state(Some(trouble.to_string())).await;
        if began.elapsed() > WELL {
            ear.wait = BACKOFF.0;
        }
        let asked = trouble.retry_after.map(|span| Duration::from_millis(span.ms().max(0).unsigned_abs()));
        let wait = asked.unwrap_or(ear.wait).max(ear.wait.min(Duration::from_secs(1)));
        ear.wait = (ear.wait * 2).min(BACKOFF.1);
        tokio::select! {
            () = sleep(wait) => {}
            changed = wanted.changed() => if changed.is_err() { return },
        }
    }
}

async fn wait_for_wish(wanted: &mut watch::Receiver<Option<Pull>>) -> Option<Pull> {
    loop {
        if let Some(pull) = wanted.borrow_and_update().clone() {
            return Some(pull);
        }
        wanted.changed().await.ok()?;
    }
}

struct Ear {
    member: Arc<Member>,
    poll: Duration,
    say: Say,
    cursor: Option<String>,
    wait: Duration,
}

impl Ear {
    /// Until something goes wrong.
    async fn hear(&mut self, pull: Pull) -> Trouble {
        let client = match self.member.client().await {
            Ok(client) => client,
            Err(trouble) => return trouble,
        };
        // What was missed first; then by its own word.
        if let Err(trouble) = self.look(&*client, &pull).await {
            return trouble;
        }
        self.state(None).await;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let from = Pull { cursor: self.cursor.clone(), now: clock::now(), ..pull.clone() };
        match client.listen(from, sender) {
            Some(listening) => match self.listen(listening, receiver).await {
                trouble if Self::has_to_be_asked(&trouble) => self.ask(&*client, &pull).await,
                trouble => trouble,
            },
            None => self.ask(&*client, &pull).await,
        }
    }

    /// Another program that says only after its greeting that it has to be asked.
    fn has_to_be_asked(trouble: &Trouble) -> bool {
        trouble.code == "pull"
    }

    async fn listen(
        &mut self,
        listening: crate::clients::Later<'_, Trouble>,
        mut news: mpsc::Receiver<Batch>,
    ) -> Trouble {
        tokio::pin!(listening);
        loop {
            tokio::select! {
                trouble = &mut listening => {
                    // What it had heard before is still good.
                    while let Ok(batch) = news.try_recv() {
                        self.pass_on(batch).await;
                    }
                    return trouble;
                }
                Some(batch) = news.recv() => self.pass_on(batch).await,
            }
        }
    }

    async fn ask(&mut self, client: &dyn Client, pull: &Pull) -> Trouble {
        loop {
            sleep(self.poll).await;
            if let Err(trouble) = self.look(client, pull).await {
                return trouble;
            }
            self.wait = BACKOFF.0;
            self.state(None).await;
        }
    }

    /// One look, page by page.
    async fn look(&mut self, client: &dyn Client, pull: &Pull) -> Result<(), Trouble> {
        for _ in 0..MOST_PAGES {
            let from = Pull { cursor: self.cursor.clone(), now: clock::now(), ..pull.clone() };
            let late = |_| Trouble::transient("no answer to the question what is new");
            let batch = timeout(client.patience(), client.pull(&from)).await.map_err(late)??;
            let more = batch.more;
            self.pass_on(batch).await;
            if !more {
                break;
            }
        }
        Ok(())
    }

    async fn pass_on(&mut self, batch: Batch) {
        let moved = batch.cursor.is_some() && batch.cursor != self.cursor;
        if let Some(cursor) = &batch.cursor {
            self.cursor = Some(cursor.clone());
        }
        if batch.news.is_empty() && !moved {
            return;
        }
        self.tell(Said::News { account: self.member.name.clone(), batch }).await;
    }

    async fn state(&self, trouble: Option<String>) {
        self.tell(Said::State { account: self.member.name.clone(), trouble }).await;
    }

    /// Whoever is told may have to wait for room in a queue.
    async fn tell(&self, said: Said) {
        let say = self.say.clone();
        let _ = tokio::task::spawn_blocking(move || say(said)).await;
    }
}
