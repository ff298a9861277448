//! From a message to a piece of news. Pure, but for the names it is given.

use super::text::{Names, plain};
use super::wire::Message;
use super::{Slack, ids};
use crate::incident::Time;
use crate::incident::clean::clean_line;
use crate::incident::event::Listen;
use crate::outbox::news::{Author, News, What};

/// What is meant for warroom when it stands at the beginning of a message, whatever is listened to.
const WORDS: [&str; 4] = ["!note", "!role", "!sev", "!update"];

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person, or a program, says something.
    Said,
    /// The channel was archived, or is in use again.
    Fact(&'static str),
    /// It is not there any more, but others answered it.
    Gone,
    /// People come and go, the topic changes.
    Noise,
}

pub fn kind(message: &Message) -> Kind {
    match message.subtype.as_str() {
        "" | "bot_message" | "thread_broadcast" | "file_share" | "me_message" => Kind::Said,
        "channel_archive" | "group_archive" => Kind::Fact("archived the channel in Slack"),
        "channel_unarchive" | "group_unarchive" => Kind::Fact("put the channel in Slack to use again"),
        "tombstone" => Kind::Gone,
        // Joins, leaves, topics, purposes, names, pins, reminders, keys that were withdrawn, and what is not invented yet.
        _ => Kind::Noise,
    }
}

/// A message of ours.
pub enum Own {
    No,
    /// The request that posted it, where it says so.
    Yes(Option<String>),
}

/// `note the loader hangs` of `!note the loader hangs`.
pub fn word(text: &str) -> Option<String> {
    let first = text.split_whitespace().next()?;
    let known = WORDS.iter().any(|word| first.eq_ignore_ascii_case(word));
    known.then(|| clean_line(text.trim_start_matches('!')).into_owned())
}

impl Slack {
    /// Whether it is ours. Others can write any metadata: only those of our own messages count.
    pub(super) fn own(&self, message: &Message, me: &super::wire::Me) -> Own {
        let by_app = me.bot_id.is_some() && message.bot_id == me.bot_id;
        let by_user = !me.user_id.is_empty() && message.user == me.user_id;
        if !by_app && !by_user {
            return Own::No;
        }
        let sent = || Some(super::locked(&self.sent).get(message.client_msg_id.as_deref()?)?.clone());
        match message.op().map(|op| ids::request_of(op).to_owned()).or_else(sent) {
            Some(op) => Own::Yes(Some(op)),
            // With a person's token, what that person types is no echo.
            None if by_app || me.bot_id.is_some() => Own::Yes(None),
            None => Own::No,
        }
    }

    pub(super) fn author_of(&self, message: &Message) -> Author {
        let Some(bot) = message.bot_id.as_deref().filter(|_| !message.is_by_a_person()) else {
            return self.author(&message.user);
        };
        let names = [&message.username, &message.bot_profile.name];
        let name = names.into_iter().find(|name| !name.trim().is_empty()).map_or("bot", |name| name.trim());
        Author { remote: bot.to_owned(), name: clean_line(name).into_owned(), mail: String::new(), bot: true }
    }

    /// The words of a message, fit to be kept.
    pub(super) fn told(&self, message: &Message, names: &Names) -> String {
        let mut text = plain(&message.words(), names);
        if message.subtype == "me_message" {
            text = format!("* {text}");
        }
        for file in &message.files {
            let name = clean_line(&file.name);
            text = format!("{text}\n[file: {}]", if name.is_empty() { "without a name" } else { &name });
        }
        let text = text.trim();
        if text.is_empty() { "[a message without words]".to_owned() } else { text.to_owned() }
    }

    /// What is told of a message, its echo included.
    pub(super) fn news(&self, place: &Told<'_>, message: &Message, what: What) -> News {
        News {
            remote: ids::remote(place.channel, &message.ts),
            at: ids::time(&message.ts),
            author: self.author_of(message),
            link: ids::permalink(place.url, place.channel, &message.ts, message.parent()),
            what,
            echo_of: None,
        }
    }

    pub(super) fn said(&self, place: &Told<'_>, message: &Message, names: &Names) -> News {
        let text = self.told(message, names);
        let line = word(&text).filter(|_| message.is_by_a_person());
        let what = line.map_or(What::Said { text }, |line| What::Word { line });
        self.news(place, message, what)
    }

    /// `edit`: the `ts` of the edit, or whatever else tells it from other edits.
    pub(super) fn edited(&self, place: &Told<'_>, message: &Message, edit: &str, names: &Names) -> News {
        let of = ids::remote(place.channel, &message.ts);
        let at = if edit.contains('.') { ids::time(edit) } else { place.now };
        let what = What::Edited { of: of.clone(), text: self.told(message, names) };
        News { remote: format!("{of}/edited/{edit}"), at, ..self.news(place, message, what) }
    }
}

/// Nobody says who deleted it.
pub fn deleted(channel: &str, ts: &str, at: Time) -> News {
    let of = ids::remote(channel, ts);
    News {
        remote: format!("{of}/deleted"),
        at,
        author: Author::default(),
        link: None,
        what: What::Deleted { of },
        echo_of: None,
    }
}

/// Where and when it is told.
pub struct Told<'a> {
    pub channel: &'a str,
    /// The team's address.
    pub url: &'a str,
    pub now: Time,
}

impl Message {
    pub fn is_by_a_person(&self) -> bool {
        self.bot_id.is_none() && self.subtype != "bot_message" && !self.user.is_empty()
    }

    /// Whether it begins with one of [`WORDS`].
    pub fn is_word(&self) -> bool {
        self.is_by_a_person() && word(&self.text).is_some()
    }

    /// Whether somebody has marked it with the emoji, in whatever skin tone.
    pub fn has_reaction(&self, emoji: &str) -> bool {
        let bare = |name: &str| name.split("::").next().unwrap_or(name).to_owned();
        self.reactions.iter().any(|reaction| bare(&reaction.name) == emoji)
    }

    /// The `ts` of its last edit.
    pub fn edit_ts(&self) -> Option<&str> {
        self.edited.as_ref().map(|edited| edited.ts.as_str()).filter(|ts| !ts.is_empty())
    }
}

/// Whether everything that people say is told.
pub fn takes_all(listen: Listen) -> bool {
    listen == Listen::All
}
