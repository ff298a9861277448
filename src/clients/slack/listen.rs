//! News as they come, by Socket Mode.
//!
//! Events are told at once; they move no cursor. Whenever a line comes up, and now and then besides, the channel itself is asked
//! ([`super::pull`]), so that nothing is lost between two lines; what is told twice has the same id.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};

use super::Slack;
use super::event::{Heard, Lately};
use super::sockets::{Signal, Signals};
use crate::clients::{Secret, Trouble};
use crate::incident::event::FailureClass;
use crate::incident::{Span, Time};
use crate::outbox::news::{Batch, News, Pull};

/// Events that may wait; what comes beyond is asked for.
const WAITING: usize = 256;
/// How long to wait after a look that failed without saying how long.
const AFTER_FAILURE: Duration = Duration::from_secs(30);

/// One who listens.
struct Ear {
    pull: Pull,
    news: mpsc::Sender<Batch>,
    lately: Lately,
    /// When the channel is asked next.
    look: Instant,
    /// When it began to listen: what it was told as now.
    began: (Instant, Time),
}

impl Slack {
    pub(super) async fn listen_with(&self, token: &Secret, pull: Pull, news: mpsc::Sender<Batch>) -> Trouble {
        let (queue, signals) = mpsc::channel(WAITING);
        let (began, look) = ((Instant::now(), pull.now), Instant::now() + self.rhythm.look);
        let ear = Ear { pull, news, lately: Lately::default(), look, began };
        let lines = Signals { queue, behind: AtomicBool::new(false) };
        tokio::select! {
            trouble = self.keep_lines(token, &lines) => trouble,
            trouble = self.take_in(ear, signals, &lines.behind) => trouble,
        }
    }

    async fn take_in(
        &self,
        mut ear: Ear,
        mut signals: mpsc::Receiver<Signal>,
        behind: &AtomicBool,
    ) -> Trouble {
        loop {
            let signal = tokio::select! {
                signal = signals.recv() => signal,
                () = sleep_until(ear.look) => Some(Signal::Up),
            };
            ear.keep_time();
            let done = match signal {
                None => return Trouble::transient("the sockets are gone"),
                Some(Signal::Up) => self.catch_up(&mut ear).await,
                Some(Signal::Event(payload)) => self.take_event(&mut ear, payload).await,
            };
            let done = match done {
                Ok(()) if behind.swap(false, Ordering::AcqRel) => self.catch_up(&mut ear).await,
                done => done,
            };
            if let Err(trouble) = done {
                return trouble;
            }
        }
    }

    async fn take_event(&self, ear: &mut Ear, payload: serde_json::Value) -> Result<(), Trouble> {
        match self.heard(&ear.pull, &mut ear.lately, payload).await {
            Ok(Heard::Nothing) => Ok(()),
            Ok(Heard::News(news)) => ear.tell(vec![*news]).await,
            Ok(Heard::Look) => self.catch_up(ear).await,
            Err(trouble) => ear.later(trouble),
        }
    }

    /// Asks the channel for what no event has told.
    async fn catch_up(&self, ear: &mut Ear) -> Result<(), Trouble> {
        loop {
            let batch = match self.pull_news(&ear.pull).await {
                Ok(batch) => batch,
                Err(trouble) => return ear.later(trouble),
            };
            ear.look = Instant::now() + self.rhythm.look;
            let more = batch.more;
            if let Some(cursor) = &batch.cursor {
                ear.pull.cursor = Some(cursor.clone());
                ear.send(batch).await?;
            }
            if !more {
                return Ok(());
            }
        }
    }
}

impl Ear {
    /// Nobody hands in the time while it listens: it is what it was, and what has passed since.
    fn keep_time(&mut self) {
        let (then, now) = self.began;
        let passed = i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.pull.now = now.saturating_add(Span::from_ms(passed));
    }

    async fn tell(&self, news: Vec<News>) -> Result<(), Trouble> {
        self.send(Batch { news, cursor: None, more: false }).await
    }

    async fn send(&self, batch: Batch) -> Result<(), Trouble> {
        self.news.send(batch).await.map_err(|_| Trouble::transient("nobody listens any more"))
    }

    /// A passing failure ends no line: the channel is asked again.
    fn later(&mut self, trouble: Trouble) -> Result<(), Trouble> {
        if !matches!(trouble.class, FailureClass::Transient | FailureClass::Unknown) {
            return Err(trouble);
        }
        let asked =
            trouble.retry_after.and_then(|wait| u64::try_from(wait.ms()).ok()).map(Duration::from_millis);
        self.look = Instant::now() + asked.unwrap_or(AFTER_FAILURE);
        Ok(())
    }
}
