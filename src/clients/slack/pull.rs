//! What happened in the channel, by asking.
//!
//! Each pull reads the newest page (`page` in the settings) and goes back further only where something new lies there. Within
//! that page edits, deletions, reactions and the activity of threads are noticed at every pull, whenever they happen; what is
//! older is out of sight (pins are not: Slack lists them all). After a restart edits are known by their time, while a deletion
//! that happened in between is not noticed. What was told once may be told again after a restart or a lost batch: its id is the
//! same.

use std::collections::{BTreeMap, BTreeSet};

use super::history::Place;
use super::ids::{self, Key};
use super::memory::{Cursor, Memory, hash};
use super::news::{Kind, Own, Told, deleted, kind, takes_all};
use super::text::{Names, mentioned};
use super::wire::{Me, Message, Pins};
use super::{Slack, locked};
use crate::clients::Trouble;
use crate::incident::Span;
use crate::incident::clean::clean_line;
use crate::incident::event::{Listen, Slot};
use crate::outbox::news::{Author, Batch, News, Pull, What};

/// Most threads that one pull reads; the others are read by the next.
const MOST_THREADS: usize = 20;
/// A mark on a message counts that was posted this long before the incident was declared: what led to it.
const BEFORE: Span = Span::from_hours(24);

/// What one pull has seen.
#[derive(Default)]
struct Sight {
    /// By `ts`, so the oldest first.
    messages: BTreeMap<Key, Message>,
    /// From where to where nothing of the channel itself is missing.
    window: Option<(Key, Key)>,
    /// Threads that were read whole.
    threads: BTreeSet<String>,
    pinned: BTreeSet<Key>,
    /// Something new lies further back than was read.
    gap: Option<String>,
    more: bool,
}

/// What is to be told of one message.
enum Choice {
    Said,
    Echo(String),
    Fact(&'static str),
    /// By the `ts` of the edit.
    Edited(String),
}

impl Slack {
    pub(super) async fn pull_news(&self, pull: &Pull) -> Result<Batch, Trouble> {
        let Some(channel) = pull.place(Slot::Channel) else { return Ok(Batch::default()) };
        let me = self.me().await?;
        let start = pull
            .cursor
            .as_deref()
            .map(Cursor::parse)
            .unwrap_or_else(|| Cursor { ts: ids::ts(pull.since), batch: 0 });
        let mut memory = self.recall(channel, pull, &start);
        let sight = self.look(channel, pull, &mut memory).await?;
        let news = self.tell(channel, pull, me, &sight, &mut memory).await?;
        let cursor = next_cursor(&start, &sight, &news);
        if let Some(cursor) = &cursor {
            memory.given = Some(cursor.clone());
        }
        locked(&self.memories).insert(channel.to_owned(), memory);
        Ok(Batch { news, cursor, more: sight.more })
    }

    /// A copy: what a pull that fails has learnt is forgotten.
    fn recall(&self, channel: &str, pull: &Pull, start: &Cursor) -> Memory {
        let mut memory = locked(&self.memories).get(channel).cloned().unwrap_or_default();
        memory.follow(pull.cursor.as_deref(), &start.ts);
        memory
    }

    async fn look(&self, channel: &str, pull: &Pull, memory: &mut Memory) -> Result<Sight, Trouble> {
        let stretch = self.back_to(Place::channel(channel), None, memory.reach()).await?;
        let keys = || stretch.messages.iter().map(|message| ids::key(&message.ts));
        // It is read from the newest on: what is newer than all that is there was there before, and is gone.
        let oldest = keys().min().or_else(|| stretch.whole.then_some((0, 0)));
        let mut sight =
            Sight { window: oldest.map(|oldest| (oldest, (u64::MAX, u64::MAX))), ..Sight::default() };
        if !stretch.whole {
            sight.gap = stretch.messages.last().map(|message| message.ts.clone());
        }
        self.look_into_threads(channel, &stretch.messages, memory, &mut sight).await?;
        if pull.listen == Listen::Pinned {
            self.look_at_pins(channel, pull, &mut sight).await?;
        }
        sight.messages.extend(stretch.messages.into_iter().map(|message| (ids::key(&message.ts), message)));
        Ok(sight)
    }

    async fn look_into_threads(
        &self,
        channel: &str,
        messages: &[Message],
        memory: &mut Memory,
        sight: &mut Sight,
    ) -> Result<(), Trouble> {
        let moved: Vec<&Message> = messages.iter().filter(|message| memory.thread_moved(message)).collect();
        sight.more = moved.len() > MOST_THREADS;
        for parent in moved.into_iter().take(MOST_THREADS) {
            let place = Place { channel, thread: Some(&parent.ts) };
            let stretch = self.back_to(place, None, (0, 0)).await?;
            let replies = stretch.messages.into_iter().filter(|message| message.parent().is_some());
            sight.messages.extend(replies.map(|message| (ids::key(&message.ts), message)));
            if stretch.whole {
                sight.threads.insert(parent.ts.clone());
            }
            memory.thread_read(parent);
        }
        Ok(())
    }

    /// Pins from before the incident are not about it.
    async fn look_at_pins(&self, channel: &str, pull: &Pull, sight: &mut Sight) -> Result<(), Trouble> {
        let pins: Pins = self.api.safe("pins.list", &[("channel", channel)]).await?;
        for pin in pins.items {
            let Some(message) = pin.message.filter(|message| !message.ts.is_empty()) else { continue };
            let at = pin.created.map_or(ids::time(&message.ts).ms(), |created| created.saturating_mul(1000));
            if at >= pull.since.ms() / 1000 * 1000 {
                sight.pinned.insert(ids::key(&message.ts));
                sight.messages.entry(ids::key(&message.ts)).or_insert(message);
            }
        }
        Ok(())
    }

    async fn tell(
        &self,
        channel: &str,
        pull: &Pull,
        me: &Me,
        sight: &Sight,
        memory: &mut Memory,
    ) -> Result<Vec<News>, Trouble> {
        let gone = self.gone(sight, memory);
        let mut chosen: Vec<(&Message, Choice)> = Vec::new();
        for message in sight.messages.values() {
            if let Some(choice) = self.choose(message, pull, me, sight, memory) {
                chosen.push((message, choice));
            }
        }
        self.get_to_know(chosen.iter().flat_map(|(message, _)| people_in(message))).await?;
        let (names, place) = (self.names(), Told { channel, url: &me.url, now: pull.now });
        let mut news: Vec<News> = Vec::new();
        news.extend(sight.gap.as_deref().map(|ts| gap(channel, ts)));
        news.extend(
            chosen.into_iter().map(|(message, choice)| self.as_news(&place, message, choice, &names)),
        );
        news.extend(gone.iter().map(|ts| deleted(channel, ts, pull.now)));
        Ok(news)
    }

    fn as_news(&self, place: &Told<'_>, message: &Message, choice: Choice, names: &Names) -> News {
        match choice {
            Choice::Said => self.said(place, message, names),
            Choice::Echo(op) => News {
                echo_of: Some(op),
                ..self.news(place, message, What::Said { text: self.told(message, names) })
            },
            Choice::Fact(text) => self.news(place, message, What::Fact { text: text.to_owned() }),
            Choice::Edited(edit) => self.edited(place, message, &edit, names),
        }
    }

    /// What is to be told of a message; from here on it is known.
    fn choose(
        &self,
        message: &Message,
        pull: &Pull,
        me: &Me,
        sight: &Sight,
        memory: &mut Memory,
    ) -> Option<Choice> {
        let known = memory.seen.get(&ids::key(&message.ts)).cloned();
        let is_new = known.is_none() && memory.is_new(&message.ts);
        let own = self.own(message, me);
        let others = matches!(own, Own::No);
        let choice = match (kind(message), own) {
            (Kind::Noise | Kind::Gone, _) => None,
            (Kind::Fact(text), _) => (is_new && pull.listen != Listen::Off).then_some(Choice::Fact(text)),
            (Kind::Said, Own::Yes(op)) => op.filter(|_| is_new).map(Choice::Echo),
            (Kind::Said, Own::No) => match &known {
                Some(known) if known.told => return self.edit_of(message, known.hash, memory),
                _ => self.first_time(message, pull, sight, is_new),
            },
        };
        let told = matches!(choice, Some(Choice::Said));
        let changed = match (&choice, &known) {
            (None, None) if others && takes_all(pull.listen) => changed_since(message, memory.floor),
            _ => None,
        };
        memory.keep(message, told || changed.is_some() || (others && was_told(message, pull, memory)));
        choice.or(changed.map(Choice::Edited))
    }

    fn edit_of(&self, message: &Message, hash_then: u64, memory: &mut Memory) -> Option<Choice> {
        let now = hash(message);
        if now == hash_then {
            return None;
        }
        memory.keep(message, true);
        Some(Choice::Edited(message.edit_ts().map_or_else(|| format!("{now:016x}"), str::to_owned)))
    }

    fn first_time(&self, message: &Message, pull: &Pull, sight: &Sight, is_new: bool) -> Option<Choice> {
        let old = ids::time(&message.ts) < pull.since.saturating_sub(BEFORE);
        let wanted = match pull.listen {
            _ if message.is_word() => is_new,
            Listen::All => is_new,
            Listen::Pinned => sight.pinned.contains(&ids::key(&message.ts)),
            Listen::Emoji => !old && message.has_reaction(&self.settings.emoji),
            Listen::Off => false,
        };
        wanted.then_some(Choice::Said)
    }

    /// Messages that were told and are not where they were.
    fn gone(&self, sight: &Sight, memory: &mut Memory) -> Vec<String> {
        let there = |key: &Key| sight.messages.get(key).is_some_and(|message| kind(message) != Kind::Gone);
        let in_sight = |key: &Key, parent: &Option<String>| match parent {
            Some(parent) => sight.threads.contains(parent),
            None => sight.window.is_some_and(|(oldest, newest)| (oldest..=newest).contains(key)),
        };
        let gone = memory
            .seen
            .iter()
            .filter(|(key, seen)| seen.told && in_sight(key, &seen.parent) && !there(key))
            .map(|(key, seen)| (*key, seen.ts.clone()))
            .collect::<Vec<_>>();
        for (key, _) in &gone {
            if let Some(seen) = memory.seen.get_mut(key) {
                seen.told = false;
            }
        }
        gone.into_iter().map(|(_, ts)| ts).collect()
    }
}

/// A message from before this process began: it was told then if everything was.
fn was_told(message: &Message, pull: &Pull, memory: &Memory) -> bool {
    let heard = !memory.is_new(&message.ts) && ids::time(&message.ts) >= pull.since;
    heard && takes_all(pull.listen) && kind(message) == Kind::Said && !message.is_word()
}

/// The edit of a message that was told before this process began.
fn changed_since(message: &Message, floor: Key) -> Option<String> {
    let said = kind(message) == Kind::Said && !message.is_word();
    let edit =
        message.edit_ts().filter(|edit| said && ids::key(edit) > floor && ids::key(&message.ts) <= floor)?;
    Some(edit.to_owned())
}

/// Whom a message is by, and whom it mentions.
fn people_in(message: &Message) -> Vec<String> {
    let by = Some(message.user.clone()).filter(|id| ids::is_user(id));
    by.into_iter().chain(mentioned(&message.words()).map(str::to_owned)).collect()
}

/// Rather a line that something is missing than a silent hole.
fn gap(channel: &str, ts: &str) -> News {
    let text = format!(
        "more was said in the channel than could be read: what is older than {} is missing",
        ids::time(ts)
    );
    News {
        remote: format!("{}/gap", ids::remote(channel, ts)),
        at: ids::time(ts),
        author: Author { name: "warroom".to_owned(), bot: true, ..Author::default() },
        link: None,
        what: What::Fact { text: clean_line(&text).into_owned() },
        echo_of: None,
    }
}

/// `None`: as before.
fn next_cursor(start: &Cursor, sight: &Sight, news: &[News]) -> Option<String> {
    let newest = sight.messages.values().next_back().map(|message| message.ts.as_str());
    let ts = newest.filter(|ts| ids::key(ts) > ids::key(&start.ts)).unwrap_or(&start.ts);
    if ts == start.ts && news.is_empty() {
        return None;
    }
    Some(Cursor { ts: ts.to_owned(), batch: start.batch + 1 }.to_string())
}
