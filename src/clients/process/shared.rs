//! What the tasks of a running client share: who waits for which answer, who hears events, what it said last, how it ended.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::Instant;

use super::lines::LastWords;
use super::wire::{Events, Fault, Hello, Reply};
use crate::clients::Secret;

/// Messages of events that a client may send before the first of them is acknowledged.
pub const UNHEARD: usize = 32;

/// What a client says before its first call.
#[derive(Debug)]
pub enum Greeting {
    Hello(Hello),
    Ready,
    Refused(Fault),
}

pub struct Shared {
    secrets: Vec<Secret>,
    calls: Mutex<Calls>,
    words: Mutex<LastWords>,
    greetings: Mutex<Option<mpsc::Sender<Greeting>>>,
    hearer: Mutex<Option<mpsc::Sender<Events>>>,
    answered: AtomicBool,
    ended: Notify,
}

#[derive(Default)]
struct Calls {
    waiting: BTreeMap<u64, oneshot::Sender<Reply>>,
    over: Option<(String, Instant)>,
}

impl Shared {
    pub fn new(secrets: Vec<Secret>) -> (Self, mpsc::Receiver<Greeting>) {
        let (greet, greetings) = mpsc::channel(4);
        let shared = Self {
            secrets,
            calls: Mutex::default(),
            words: Mutex::default(),
            greetings: Mutex::new(Some(greet)),
            hearer: Mutex::new(None),
            answered: AtomicBool::new(false),
            ended: Notify::new(),
        };
        (shared, greetings)
    }

    pub fn masked(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| secret.masked(&text))
    }

    pub fn note(&self, line: &str) {
        lock(&self.words).push(&self.masked(line));
    }

    pub fn last_words(&self) -> Vec<String> {
        lock(&self.words).all().map(str::to_owned).collect()
    }

    pub fn with_last_words(&self, why: &str) -> String {
        match lock(&self.words).last() {
            Some(last) => format!("{why}; it said last: {last}"),
            None => why.to_owned(),
        }
    }

    /// A greeting that nobody waits for any more is of no interest.
    pub fn greet(&self, greeting: Greeting) {
        if let Some(to) = &*lock(&self.greetings) {
            let _ = to.try_send(greeting);
        }
    }

    /// Prepares for the answer to a call; an error says why there will be none.
    pub fn wait(self: &Arc<Self>, id: u64) -> Result<Waiting, String> {
        let mut calls = lock(&self.calls);
        if let Some((why, _)) = &calls.over {
            return Err(why.clone());
        }
        let (answer, answered) = oneshot::channel();
        calls.waiting.insert(id, answer);
        Ok(Waiting { shared: self.clone(), id, answered })
    }

    /// An answer to a call that was given up is dropped.
    pub fn answer(&self, reply: Reply) {
        self.answered.store(true, Ordering::Relaxed);
        if let Some(waiting) = lock(&self.calls).waiting.remove(&reply.id) {
            let _ = waiting.send(reply);
        }
    }

    pub fn has_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    pub fn hear(&self) -> mpsc::Receiver<Events> {
        let (to, from) = mpsc::channel(UNHEARD);
        *lock(&self.hearer) = Some(to);
        if self.over().is_some() {
            *lock(&self.hearer) = None;
        }
        from
    }

    /// Hands events on. What nobody hears is not acknowledged either, so it comes again.
    pub fn tell(&self, events: Events) -> Result<(), String> {
        let mut hearer = lock(&self.hearer);
        let Some(to) = &*hearer else { return Ok(()) };
        match to.try_send(events) {
            Ok(()) => Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => {
                *hearer = None;
                Ok(())
            }
            Err(mpsc::error::TrySendError::Full(_)) => {
                Err(format!("more than {UNHEARD} messages of events that were not acknowledged"))
            }
        }
    }

    /// The first reason counts. Nobody waits in vain after this.
    pub fn end(&self, why: &str) {
        let mut calls = lock(&self.calls);
        calls.over.get_or_insert_with(|| (why.to_owned(), Instant::now()));
        calls.waiting.clear();
        drop(calls);
        *lock(&self.greetings) = None;
        *lock(&self.hearer) = None;
        self.ended.notify_waiters();
    }

    pub fn over(&self) -> Option<(String, Instant)> {
        lock(&self.calls).over.clone()
    }

    pub fn why(&self) -> String {
        self.over().map_or_else(|| "it takes no calls".to_owned(), |(why, _)| why)
    }

    pub async fn ended(&self) {
        let ended = self.ended.notified();
        tokio::pin!(ended);
        ended.as_mut().enable();
        if self.over().is_none() {
            ended.await;
        }
    }
}

/// Somebody waits for an answer; when this is dropped, nobody does.
pub struct Waiting {
    shared: Arc<Shared>,
    id: u64,
    answered: oneshot::Receiver<Reply>,
}

impl Waiting {
    /// `None`: the client has ended.
    pub async fn answer(mut self) -> Option<Reply> {
        (&mut self.answered).await.ok()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        lock(&self.shared.calls).waiting.remove(&self.id);
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
