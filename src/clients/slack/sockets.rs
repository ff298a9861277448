//! One socket after the other: the next is open before the last is dropped.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use tokio::sync::mpsc;

use super::Slack;
use super::api::{Repeat, read};
use super::line::{Ended, Line};
use super::wire::Opened;
use crate::clients::{Secret, Trouble};

/// What the sockets tell whoever makes news of it.
pub enum Signal {
    /// A line is up: what was said before has to be asked for.
    Up,
    /// A payload.
    Event(Value),
}

/// Never waits: a line that waited for its reader could not say "received" in time. What finds no room is asked for later.
pub struct Signals {
    pub queue: mpsc::Sender<Signal>,
    pub behind: AtomicBool,
}

impl Signals {
    pub fn event(&self, payload: Value) {
        self.put(Signal::Event(payload));
    }

    fn put(&self, signal: Signal) {
        if self.queue.try_send(signal).is_err() {
            self.behind.store(true, Ordering::Release);
        }
    }
}

impl Slack {
    /// An address for one socket.
    pub(super) async fn open_address(&self, token: &Secret) -> Result<String, Trouble> {
        const METHOD: &str = "apps.connections.open";
        let reply = self.api.ask_as(token, METHOD, &[], Repeat::Safe).await;
        let opened = reply.and_then(|reply| read::<Opened>(METHOD, reply, Repeat::Safe));
        opened
            .map(|opened| opened.url)
            .map_err(|trouble| Trouble { message: format!("app_token: {}", trouble.message), ..trouble })
    }

    async fn open_line(&self, token: &Secret) -> Result<Line, Trouble> {
        let address = self.open_address(token).await?;
        Line::open(self.api.http(), &address, self.rhythm).await
    }

    /// Until something goes wrong.
    pub(super) async fn keep_lines(&self, token: &Secret, signals: &Signals) -> Trouble {
        let mut line = match self.open_line(token).await {
            Ok(line) => line,
            Err(trouble) => return trouble,
        };
        loop {
            signals.put(Signal::Up);
            if let Ended::Over(trouble) = line.serve(signals).await {
                return trouble;
            }
            match self.next_line(token, &mut line, signals).await {
                Ok(next) => std::mem::replace(&mut line, next).close().await,
                Err(trouble) => return trouble,
            }
        }
    }

    /// Opens the next line while the old one is still served.
    async fn next_line(&self, token: &Secret, old: &mut Line, signals: &Signals) -> Result<Line, Trouble> {
        let mut opening = pin!(self.open_line(token));
        tokio::select! {
            next = &mut opening => next,
            () = to_its_end(old, signals) => opening.await,
        }
    }
}

async fn to_its_end(line: &mut Line, signals: &Signals) {
    while let Ended::Replace = line.serve(signals).await {}
}
