//! What of each channel has been seen and told by this process. Pure.
//!
//! It exists so that asking again and again tells each thing once, and so that edits, deletions, late pins and late reactions
//! of messages that can still be seen are noticed. It is lost with the process: the cursor alone says then what is new.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::ids::{self, Key};
use super::wire::Message;

/// Most messages of a channel that are remembered.
const MOST: usize = 5_000;

/// By channel.
pub type Memories = HashMap<String, Memory>;

/// Where a pull ended: the newest message, and a number that is another one after each batch with news.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cursor {
    pub ts: String,
    pub batch: u64,
}

impl Cursor {
    pub fn parse(text: &str) -> Self {
        let (ts, batch) = text.split_once('/').unwrap_or((text, "0"));
        Self { ts: ts.to_owned(), batch: batch.parse().unwrap_or(0) }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.ts, self.batch)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub ts: String,
    /// Of its words.
    pub hash: u64,
    /// It was told as something that was said.
    pub told: bool,
    /// The message that it answers.
    pub parent: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What is older was heard before this process began to listen.
    pub floor: Key,
    pub seen: BTreeMap<Key, Seen>,
    /// How each thread looked when it was read last.
    pub threads: HashMap<String, String>,
    /// The cursor that was given out last.
    pub given: Option<String>,
}

impl Memory {
    /// Begins anew where the caller does not go on from what was given out last: that was never kept.
    pub fn follow(&mut self, cursor: Option<&str>, start: &str) {
        let fresh = self.seen.is_empty() && self.given.is_none();
        if fresh || self.given.as_deref() != cursor || ids::key(start) < self.floor {
            *self = Memory { floor: ids::key(start), given: cursor.map(str::to_owned), ..Memory::default() };
        }
    }

    /// Down to where a look has to read to miss nothing.
    pub fn reach(&self) -> Key {
        let newest = self.seen.iter().rev().find(|(_, seen)| seen.parent.is_none()).map(|(key, _)| *key);
        newest.unwrap_or(self.floor).max(self.floor)
    }

    /// Whether a message came after this process began to listen.
    pub fn is_new(&self, ts: &str) -> bool {
        ids::key(ts) > self.floor
    }

    pub fn keep(&mut self, message: &Message, told: bool) {
        let (ts, parent) = (message.ts.clone(), message.parent().map(str::to_owned));
        self.seen.insert(ids::key(&ts), Seen { ts, hash: hash(message), told, parent });
        while self.seen.len() > MOST {
            if let Some((oldest, _)) = self.seen.pop_first() {
                self.floor = self.floor.max(oldest);
            }
        }
    }

    /// Whether a thread has to be read: something was said in it since.
    pub fn thread_moved(&self, parent: &Message) -> bool {
        if parent.reply_count == 0 && !self.threads.contains_key(&parent.ts) {
            return false;
        }
        let heard = parent.latest_reply.as_deref().is_some_and(|latest| !self.is_new(latest));
        match self.threads.get(&parent.ts) {
            Some(known) => *known != thread_state(parent),
            None => !heard,
        }
    }

    pub fn thread_read(&mut self, parent: &Message) {
        self.threads.insert(parent.ts.clone(), thread_state(parent));
    }
}

fn thread_state(parent: &Message) -> String {
    format!("{}/{}", parent.reply_count, parent.latest_reply.as_deref().unwrap_or(""))
}

/// Of what was said, as Slack writes it: names that are learnt later change nothing.
pub fn hash(message: &Message) -> u64 {
    let mut hasher = DefaultHasher::new();
    message.words().hash(&mut hasher);
    hasher.finish()
}
