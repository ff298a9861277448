//! What arrives from outside becomes entries: who said it, when it was posted, once.
//!
//! Words in a channel (`!note`, `!role`, `!sev`, `!update`) act like the console's own commands, with their author as the
//! actor, for those who may. Our own echoes are dropped; one of an act that is in doubt settles it.

use std::collections::VecDeque;

use super::drafts::{self, Numbers};
use super::{Folded, Order};
use crate::incident::clean::{clean_line, clean_text};
use crate::incident::command::RoleCommand;
use crate::incident::event::{
    ChatDeed, Deed, DeliveryEvent, FollowUpEvent, NoteEvent, Person, PersonEvent, Requested, SentUpdate, Slot,
};
use crate::incident::scribe::{LineTime, NoteKind, parse_line};
use crate::incident::{Command, Context, Draft, EntryId, Event, Origin, PersonId, Refusal, When, decide};
use crate::outbox::State;
use crate::outbox::news::{Author, Batch, News, What, person};
use crate::outbox::routes::{Account, Routes, Service};
use crate::policy::Policy;

/// Most pieces of news of one write.
const MOST_AT_ONCE: usize = 40;
/// Longest text that is taken over, in bytes; the rest is behind the link.
const MOST_TEXT: usize = 16 * 1024;

/// News in line, and where they end.
pub(super) struct Heard {
    account: String,
    news: VecDeque<News>,
    cursor: Option<String>,
    /// How many of them the write in flight takes.
    taken: usize,
    /// How many the next write may take.
    most: usize,
}

impl Heard {
    pub fn new(account: String, batch: Batch) -> Self {
        Self {
            account,
            news: batch.news.into_iter().map(clean).collect(),
            cursor: batch.cursor,
            taken: 0,
            most: MOST_AT_ONCE,
        }
    }

    /// What was written, or cannot be, is done with.
    pub fn skip(&mut self) {
        self.news.drain(..self.taken.min(self.news.len()));
        self.taken = 0;
    }

    /// The journal will never take this write. One piece of it is to blame, and is found by writing them one by one.
    pub fn leave_out(&mut self) {
        if self.taken > 1 {
            (self.taken, self.most) = (0, 1);
        } else {
            self.skip();
        }
    }

    /// Whose they were and where the next ones begin.
    pub fn end(self) -> (String, Option<String>) {
        (self.account, self.cursor)
    }

    /// The entries of the next of them; none: nothing is left that is worth one.
    pub fn next(
        &mut self,
        folded: &Folded,
        routes: &Routes,
        policy: &Policy,
        numbers: Numbers,
    ) -> Vec<Draft> {
        let unknown = Account { name: self.account.clone(), ..Account::default() };
        let ear =
            Ear { account: routes.get(&self.account).unwrap_or(&unknown), folded, routes, policy, numbers };
        loop {
            let mut drafts = Vec::new();
            self.taken = 0;
            for news in self.news.iter().take(self.most) {
                // A command is decided on what came before it: it is written alone.
                let word = matches!(news.what, What::Word { .. });
                if !drafts.is_empty() && (word || ear.is_about(news, &drafts)) {
                    break;
                }
                let made = ear.drafts(news, &drafts);
                self.taken += 1;
                let alone = word && !made.is_empty();
                drafts.extend(made);
                if alone {
                    break;
                }
            }
            if !drafts.is_empty() {
                return numbered(drafts, numbers.first);
            }
            if self.taken == 0 {
                return Vec::new();
            }
            self.skip();
        }
    }
}

/// Entries get the ids behind the first one, but for those that have one.
fn numbered(drafts: Vec<Draft>, first: EntryId) -> Vec<Draft> {
    let free = (0_u128..).map(|n| EntryId::from(first.0.wrapping_add(n)));
    drafts
        .into_iter()
        .zip(free)
        .map(|(draft, id)| if draft.id.is_some() { draft } else { draft.with_id(id) })
        .collect()
}

struct Ear<'a> {
    account: &'a Account,
    folded: &'a Folded,
    routes: &'a Routes,
    policy: &'a Policy,
    numbers: Numbers,
}

impl Ear<'_> {
    fn key(&self, remote: &str) -> String {
        format!("{}:{remote}", self.account.name)
    }

    fn via(&self) -> Origin {
        match self.account.name.as_str() {
            "slack" => Origin::Slack,
            "pagerduty" => Origin::Pagerduty,
            "jira" => Origin::Jira,
            _ => Origin::Remote,
        }
    }

    /// Whether it changes what the same write brings: then it has to wait until that is there.
    fn is_about(&self, news: &News, before: &[Draft]) -> bool {
        let (What::Edited { of, .. } | What::Deleted { of }) = &news.what else { return false };
        let key = self.key(of);
        before.iter().any(|draft| draft.remote.as_deref() == Some(&key))
    }

    /// `before`: the entries that the same write has already.
    fn drafts(&self, news: &News, before: &[Draft]) -> Vec<Draft> {
        let key = self.key(&news.remote);
        let known = |draft: &Draft| draft.remote.as_deref() == Some(&key);
        let remotes = &self.folded.incident.remotes;
        if remotes.contains_key(&key) || remotes.contains_key(&acted(&key)) || before.iter().any(known) {
            return Vec::new();
        }
        if let Some(echo) = &news.echo_of {
            return self.settled(echo, news).into_iter().collect();
        }
        let who = self.who(&news.author);
        if let What::Word { line } = &news.what {
            return self.word(news, &who, line);
        }
        let mut events = self.events(news);
        if events.is_empty() {
            return Vec::new();
        }
        let named = self.named(&who, &news.author, before);
        let mut drafts: Vec<Draft> = named.into_iter().map(|event| self.draft(event, &who)).collect();
        let first = self.draft(events.remove(0), &who).at(Some(When::exact(news.at)));
        drafts.push(first.from_remote(news.at, Some(key)));
        drafts.extend(events.into_iter().map(|event| self.draft(event, &who)));
        drafts
    }

    /// Who it is here, where that is certain: by the service's id or by mail, as the incident or this home knows them.
    fn known(&self, author: &Author) -> Option<PersonId> {
        let known = |people| person(people, &self.account.name, author);
        known(&self.folded.incident.people).or_else(|| known(&self.routes.people))
    }

    /// Who it is here. A name that anybody can give themselves makes nobody somebody else: where it is taken, the account's
    /// name or the service's own id is added.
    fn who(&self, author: &Author) -> PersonId {
        if let Some(known) = self.known(author) {
            return known;
        }
        let incident = &self.folded.incident;
        let is_free = |who: &PersonId| {
            !incident.people.contains_key(who)
                && !self.routes.people.contains_key(who)
                && !incident.seen.contains(who)
        };
        let handle = author.handle();
        let there = PersonId::new(&format!("{handle}.{}", self.account.name));
        let certain = PersonId::new(&format!("{handle}.{}", author.remote));
        [handle, there].into_iter().find(is_free).unwrap_or(certain)
    }

    fn draft(&self, event: Event, who: &PersonId) -> Draft {
        Draft::new(event, who.clone()).via(self.via())
    }

    /// Somebody who is named for the first time, or was not known by this id.
    fn named(&self, who: &PersonId, author: &Author, before: &[Draft]) -> Option<Event> {
        if author.remote.is_empty() || author.bot {
            return None;
        }
        let said = |draft: &Draft| matches!(&draft.event, Event::Person(PersonEvent::Named(known)) if known.id == *who);
        let known = self.folded.incident.people.get(who).or_else(|| self.routes.people.get(who));
        // One id is never put in the place of another.
        let has_id = |known: &Person| known.ids.contains_key(&self.account.name);
        if before.iter().any(said) || self.folded.incident.people.get(who).is_some_and(has_id) {
            return None;
        }
        let mut now = known.cloned().unwrap_or_else(|| Person::new(who.clone()));
        if now.name.is_empty() {
            now.name = author.name.clone();
        }
        if now.mail.is_empty() {
            now.mail = author.mail.clone();
        }
        now.ids.entry(self.account.name.clone()).or_insert_with(|| author.remote.clone());
        Some(Event::Person(PersonEvent::Named(now)))
    }

    /// An echo of an act that is in doubt: it arrived.
    fn settled(&self, op: &str, news: &News) -> Option<Draft> {
        let request: EntryId = op.parse().ok()?;
        let act = self.folded.outbox.get(request)?;
        let posts = matches!(act.deed, Deed::Chat(ChatDeed::Post { .. }));
        let doubtful = matches!(act.state, State::Doubtful { .. } | State::Stuck { .. }) && act.attempts > 0;
        let event =
            DeliveryEvent::Confirmed { request, remote: news.remote.clone(), link: news.link.clone() };
        (posts && doubtful).then(|| drafts::ours(Event::Delivery(event), &PersonId::new(&self.account.name)))
    }

    fn events(&self, news: &News) -> Vec<Event> {
        let incident = &self.folded.incident;
        let target = |of: &str| incident.remotes.get(&self.key(of)).copied();
        match &news.what {
            What::Said { text } | What::Fact { text } => vec![note(&self.linked(text, news))],
            What::Edited { of, text } => match target(of) {
                Some(target) => {
                    let text = bounded(text);
                    let (text, at) = match noted(&text) {
                        Some(line) => {
                            let read = parse_line(line, news.at, &crate::incident::Zone::Utc);
                            let at = if let LineTime::Is(when) = read.time { Some(when) } else { None };
                            (read.text, at)
                        }
                        None => (text, None),
                    };
                    let text = if text.is_empty() { NO_TEXT.to_owned() } else { text };
                    vec![Event::Note(NoteEvent::Corrected {
                        target,
                        text,
                        at: at.map(|when| when.time),
                        about: at.is_some_and(|when| when.about),
                    })]
                }
                None => Vec::new(),
            },
            What::Deleted { of } => {
                match target(of).filter(|id| !incident.notes.retracted.contains_key(id)) {
                    Some(target) => {
                        let reason = format!("deleted in {}", self.title());
                        vec![Event::Note(NoteEvent::Retracted { target, reason })]
                    }
                    None => Vec::new(),
                }
            }
            What::Moved { slot, status, done } => self.moved(*slot, status, *done),
            What::Assigned { slot, who } => {
                let to = if who.is_empty() { "nobody" } else { who };
                vec![note(&format!("{} is assigned to {to}", self.ticket(*slot)))]
            }
            What::Word { .. } => Vec::new(),
        }
    }

    fn title(&self) -> &str {
        if self.account.title.is_empty() { &self.account.name } else { &self.account.title }
    }

    /// A text that is too long is cut, and says where the rest is.
    fn linked(&self, text: &str, news: &News) -> String {
        let kept = bounded(text);
        match &news.link {
            Some(link) if kept.len() < clean_text(text).trim().len() => format!("{kept} … {link}"),
            _ => kept,
        }
    }

    fn ticket(&self, slot: Slot) -> String {
        let key = self.folded.outbox.place(&self.account.name, slot).map(|place| place.remote.clone());
        key.unwrap_or_else(|| "the ticket".to_owned())
    }

    fn moved(&self, slot: Slot, status: &str, done: bool) -> Vec<Event> {
        let ticket = self.ticket(slot);
        let mut events = vec![note(&format!("{ticket} is {status} now"))];
        if let (Slot::FollowUp(follow_up), true) = (slot, done)
            && self.folded.incident.follow_ups.get(follow_up).is_some_and(|item| item.closed.is_none())
        {
            let note = format!("{status} in {} ({ticket})", self.title());
            events.push(Event::FollowUp(FollowUpEvent::Closed { follow_up, note }));
        }
        events
    }

    /// A command in the channel: carried out, or kept as what was said with the reason why not.
    fn word(&self, news: &News, who: &PersonId, line: &str) -> Vec<Draft> {
        let done = if self.may_command(&news.author) {
            self.command(line, news, who)
        } else {
            Err(Refusal::new(
                format!("{who} may not command from {}", self.title()),
                format!("add them to commands in [{}] in config.toml", self.account.name),
            ))
        };
        let key = self.key(&news.remote);
        // The words of a note are corrected with it; what was done by a command is not undone by an edit.
        let is_note = done.is_err() || noted(&format!("!{line}")).is_some();
        let key = Some(if is_note { key } else { acted(&key) });
        let named = self.named(who, &news.author, &[]).map(|event| self.draft(event, who));
        let mut drafts: Vec<Draft> = named.into_iter().collect();
        match done {
            Ok(mut made) => {
                if let Some(first) = made.first_mut() {
                    *first = first.clone().from_remote(news.at, key);
                }
                // Their ids are chosen already: whoever is named comes last.
                made.append(&mut drafts);
                return made;
            }
            Err(refusal) => {
                let said = self.draft(note(&format!("!{line} ({})", refusal.why)), who);
                drafts.push(said.at(Some(When::exact(news.at))).from_remote(news.at, key));
                drafts.extend(self.reply(news, &refusal));
            }
        }
        drafts
    }

    /// Only who is certain: not by a name that anybody can give themselves.
    fn may_command(&self, author: &Author) -> bool {
        let known = self.known(author);
        let is = |name: &String| {
            !name.is_empty()
                && (*name == author.remote
                    || name.eq_ignore_ascii_case(&author.mail)
                    || known.as_ref() == Some(&PersonId::new(name)))
        };
        !author.bot && self.account.commands.iter().any(is)
    }

    fn command(&self, line: &str, news: &News, who: &PersonId) -> Result<Vec<Draft>, Refusal> {
        let (verb, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
        let rest = rest.trim();
        let (command, at) = match verb.to_lowercase().as_str() {
            "note" => {
                let read = parse_line(rest, news.at, &crate::incident::Zone::Utc);
                let at = match read.time {
                    LineTime::Is(when) => when,
                    _ => When::exact(news.at),
                };
                (Command::Note { kind: read.kind, text: read.text }, at)
            }
            "sev" => {
                let (to, reason) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let reason =
                    if reason.is_empty() { format!("said in {}", self.title()) } else { reason.to_owned() };
                (Command::Severity { to: to.to_owned(), reason }, When::exact(news.at))
            }
            "role" => {
                let (role, name) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                let holder = if name.is_empty() || name == "me" { who.clone() } else { PersonId::new(name) };
                let role = role.to_owned();
                (Command::Role(RoleCommand::Assign { role, who: holder }), When::exact(news.at))
            }
            "update" => (Command::Update(self.update(rest)), When::exact(news.at)),
            _ => {
                return Err(Refusal::new(
                    format!("{verb:?} is no command here"),
                    "use !note, !role, !sev or !update",
                ));
            }
        };
        let context = Context { policy: self.policy, now: self.numbers.now, by: who };
        let events = decide(&self.folded.incident, &command, context)?;
        let order = Order::new(command, who.clone()).at(Some(at)).via(self.via());
        Ok(drafts::drafts(events, &order, self.folded, self.routes, self.numbers))
    }

    /// To those inside, with the word of the status and the usual time of the next one.
    fn update(&self, text: &str) -> SentUpdate {
        const AUDIENCE: &str = "internal";
        let incident = &self.folded.incident;
        let policy = incident.policy().unwrap_or(self.policy);
        let word = incident.status.word();
        let over = word == crate::incident::words::Word::Resolved;
        let usual = self.numbers.now + policy.next_update(AUDIENCE, incident.severity.as_deref());
        SentUpdate::new(AUDIENCE, word, text, (!over).then_some(usual))
    }

    /// Whoever was refused is told in the channel, why and what to do.
    fn reply(&self, news: &News, refusal: &Refusal) -> Option<Draft> {
        let chat = self.account.service == Service::Chat && self.account.may_tell(&self.folded.incident);
        let thread = news.remote.rsplit('/').next().map(str::to_owned);
        let deed = Deed::Chat(ChatDeed::Post { to: None, thread });
        let subject = self.folded.incident.declared.as_ref()?.id;
        let request = Requested {
            client: self.account.name.clone(),
            lane: Account::lane(&deed),
            subject,
            title: String::new(),
            body: refusal.to_string(),
            deed,
        };
        let by = PersonId::new(&self.account.name);
        chat.then(|| drafts::ours(drafts::requested(request), &by))
    }
}

/// What comes from outside is hostile until it is clean.
fn clean(news: News) -> News {
    let line = |text: &str| clean_line(text).trim().to_owned();
    let what = match news.what {
        What::Said { text } => What::Said { text: clean_text(&text).into_owned() },
        What::Fact { text } => What::Fact { text: clean_text(&text).into_owned() },
        What::Edited { of, text } => What::Edited { of: line(&of), text: clean_text(&text).into_owned() },
        What::Deleted { of } => What::Deleted { of: line(&of) },
        What::Word { line: words } => What::Word { line: clean_text(&words).trim().to_owned() },
        What::Moved { slot, status, done } => What::Moved { slot, status: line(&status), done },
        What::Assigned { slot, who } => What::Assigned { slot, who: line(&who) },
    };
    let author = Author {
        remote: line(&news.author.remote),
        name: line(&news.author.name),
        mail: line(&news.author.mail),
        bot: news.author.bot,
    };
    News { remote: line(&news.remote), link: news.link.map(|link| line(&link)), author, what, ..news }
}

/// The key of a command that was carried out: nobody edits or deletes what it did.
fn acted(key: &str) -> String {
    format!("{key}!")
}

/// What stands behind `!note`.
fn noted(text: &str) -> Option<&str> {
    let (word, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
    word.eq_ignore_ascii_case("!note").then_some(rest.trim())
}

const NO_TEXT: &str = "(no text)";

fn note(text: &str) -> Event {
    let text = if text.is_empty() { NO_TEXT.to_owned() } else { text.to_owned() };
    Event::Note(NoteEvent::Written { kind: NoteKind::Note, text })
}

/// Clean, and no longer than an entry should be.
fn bounded(text: &str) -> String {
    let clean = clean_text(text);
    let clean = clean.trim();
    if clean.len() <= MOST_TEXT {
        return clean.to_owned();
    }
    let mut end = MOST_TEXT;
    while !clean.is_char_boundary(end) {
        end -= 1;
    }
    clean[..end].trim_end().to_owned()
}
