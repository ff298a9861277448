//! What a person asks for outside, in one grammar for the console's `:` line and the command line, and the texts that are
//! made of the incident's state.
//!
//! `channel open`, `page ack`, `ticket comment …`: [`parse`] answers the acts, or why they cannot be. Every act is a request
//! to the outbox: nothing here waits for a network.

use std::collections::BTreeSet;

use super::Outbox;
use super::routes::{Account, Asked, Orders, Routes, Service, card as card_act, title};
use crate::incident::clean::clean_text;
use crate::incident::event::{ChatDeed, Contact, Deed, FollowUp, Listen, PageDeed, Slot, TicketDeed};
use crate::incident::{EntryId, Incident, PersonId, Refusal, Time};
use crate::playbook::Playbook;

/// Longest topic that is made, in characters: Slack takes 250.
const MOST_TOPIC: usize = 250;
/// Longest name of a channel, in characters.
const MOST_CHANNEL: usize = 80;

/// One line of help: the words, and what they do.
pub struct Form {
    pub service: Service,
    pub words: &'static str,
    pub about: &'static str,
}

const fn form(service: Service, words: &'static str, about: &'static str) -> Form {
    Form { service, words, about }
}

/// Everything that can be asked for.
pub const FORMS: &[Form] = &[
    form(
        Service::Chat,
        "channel open [NAME]",
        "make the incident's channel, with topic, first notice and people",
    ),
    form(Service::Chat, "channel adopt CHANNEL", "take a channel that is there"),
    form(Service::Chat, "channel topic [TEXT]", "set the topic; without a text as the incident stands"),
    form(Service::Chat, "channel bookmark NAME URL", "keep an address at the top of the channel"),
    form(Service::Chat, "channel invite [WHO…]", "invite people; without names whoever holds a role"),
    form(Service::Chat, "channel post TEXT", "post in the channel"),
    form(Service::Chat, "channel pin", "pin the newest post of ours"),
    form(Service::Chat, "channel notice", "put the first notice right in its place"),
    form(Service::Chat, "channel listen off|pinned|emoji|all", "which messages become entries"),
    form(Service::Paging, "page open [TITLE]", "open an incident there: it pages whoever is on call"),
    form(Service::Paging, "page take ID|URL", "take an incident that is there"),
    form(Service::Paging, "page ack", "acknowledge it"),
    form(Service::Paging, "page note TEXT", "add a note"),
    form(Service::Paging, "page status TEXT", "tell its subscribers"),
    form(Service::Paging, "page priority [NAME]", "set its priority; without a name by the severity"),
    form(Service::Paging, "page add WHO…: [MESSAGE]", "page more people"),
    form(Service::Paging, "page escalate [LEVEL]", "page the next rung of its ladder"),
    form(Service::Paging, "page resolve", "resolve it"),
    form(Service::Tickets, "ticket open", "open the incident's ticket, and one for each follow-up"),
    form(Service::Tickets, "ticket adopt KEY|URL", "take a ticket that is there"),
    form(Service::Tickets, "ticket follow-ups", "open a ticket for each follow-up that has none"),
    form(Service::Tickets, "ticket comment TEXT", "comment on it"),
    form(Service::Tickets, "ticket move STATUS", "move it to the status that is configured for this word"),
    form(Service::Tickets, "ticket assign WHO", "assign it"),
    form(Service::Tickets, "ticket attach", "attach the incident as it stands, as Markdown"),
    form(Service::Tickets, "ticket link NAME URL", "keep an address with it"),
    form(Service::Chat, "join", "acknowledge the page, open the channel, open the ticket"),
];

/// What the words are spoken over.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub routes: &'a Routes,
    pub incident: &'a Incident,
    pub outbox: &'a Outbox,
    /// The incident as Markdown, for attaching.
    pub export: &'a dyn Fn() -> String,
}

/// The acts that a line asks for. `ids` gives the ids of their requests: acts may be about each other.
pub fn parse(line: &str, world: World, ids: &mut dyn FnMut() -> EntryId) -> Result<Wishes, Refusal> {
    let line = clean_text(line);
    let line = line.as_ref();
    let (verb, rest) = split(line);
    let mut asked = Vec::new();
    let service = match verb {
        "channel" => Service::Chat,
        "page" => Service::Paging,
        "ticket" => Service::Tickets,
        "join" => {
            join(world, ids, &mut asked)?;
            return Ok(Wishes { asked, tune: None });
        }
        _ => return Err(unknown(line, None)),
    };
    let (account, rest) = account(world, service, rest)?;
    if let ("listen", what) = split(rest) {
        return listen(account, what);
    }
    let looks = matches!(split(rest).0, "adopt" | "take") && account.read_only && !world.incident.is_drill();
    if let Some((why, hint)) = account.silent(world.incident).filter(|_| !looks) {
        return Err(Refusal::new(why, hint));
    }
    let mut order = orders(world, account, ids, &mut asked);
    match service {
        Service::Chat => channel(world, rest, &mut order)?,
        Service::Paging => page(world, rest, &mut order)?,
        Service::Tickets => ticket(world, rest, &mut order)?,
    }
    Ok(Wishes { asked, tune: None })
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wishes {
    pub asked: Vec<Asked>,
    pub tune: Option<(String, Listen)>,
}

impl Wishes {
    /// Whether people are paged by it: it is confirmed first.
    pub fn pages(&self) -> bool {
        self.asked.iter().any(|(_, request)| request.deed.pages())
    }

    /// A line for each act.
    pub fn says(&self, routes: &Routes) -> Vec<String> {
        let name =
            |client: &str| routes.get(client).map_or(client.to_owned(), |account| account.title.clone());
        let line = |(_, request): &Asked| {
            format!("{}: {}", name(&request.client), in_words(&request.deed, &request.title, &request.body))
        };
        let tuned = self
            .tune
            .iter()
            .map(|(client, listen)| format!("{}: take over {} messages", name(client), listen.name()));
        self.asked.iter().map(line).chain(tuned).collect()
    }
}

/// What is asked for by hand is about the incident as a whole.
fn orders<'a>(
    world: World<'a>,
    account: &'a Account,
    ids: &'a mut dyn FnMut() -> EntryId,
    asked: &'a mut Vec<Asked>,
) -> Orders<'a> {
    let World { incident, outbox, .. } = world;
    let subject = incident.declared.as_ref().map(|declared| declared.id).unwrap_or_default();
    Orders { account, incident, outbox, subject, now: Time::default(), ids, asked }
}

/// The first word and the rest.
fn split(line: &str) -> (&str, &str) {
    let line = line.trim();
    line.split_once(char::is_whitespace).map_or((line, ""), |(word, rest)| (word, rest.trim()))
}

fn unknown(line: &str, service: Option<Service>) -> Refusal {
    let forms: Vec<&str> = FORMS
        .iter()
        .filter(|form| service.is_none_or(|service| service == form.service))
        .map(|form| form.words)
        .collect();
    Refusal::new(
        format!("{:?} is nothing that can be asked for", line.trim()),
        format!("use: {}", forms.join(" · ")),
    )
}

/// `@name` before the words chooses among several accounts of a kind.
fn account<'a, 'b>(
    world: World<'a>,
    service: Service,
    rest: &'b str,
) -> Result<(&'a Account, &'b str), Refusal> {
    let kind = match service {
        Service::Chat => "chat",
        Service::Paging => "paging service",
        Service::Tickets => "tracker",
    };
    if let Some(named) = rest.strip_prefix('@') {
        let (name, rest) = split(named);
        let found = world.routes.get(name).filter(|account| account.service == service);
        let found = found.ok_or_else(|| {
            Refusal::new(format!("there is no {kind} {name:?}"), "see `warroom sync status`")
        })?;
        return Ok((found, rest));
    }
    let found = world.routes.of(service).ok_or_else(|| {
        Refusal::new(format!("no {kind} is connected"), "run `warroom connect` once, outside the console")
    })?;
    Ok((found, rest))
}

fn listen(account: &Account, what: &str) -> Result<Wishes, Refusal> {
    let known = Listen::ALL.into_iter().find(|listen| listen.name() == what);
    let listen = known.ok_or_else(|| {
        let names: Vec<&str> = Listen::ALL.iter().map(|listen| listen.name()).collect();
        Refusal::new(format!("{what:?} is no choice of messages"), format!("use one of {}", names.join(", ")))
    })?;
    Ok(Wishes { asked: Vec::new(), tune: Some((account.name.clone(), listen)) })
}

fn join(world: World, ids: &mut dyn FnMut() -> EntryId, asked: &mut Vec<Asked>) -> Result<(), Refusal> {
    let mut silent = None;
    for service in [Service::Paging, Service::Chat, Service::Tickets] {
        let Some(account) = world.routes.of(service) else { continue };
        if let Some(why) = account.silent(world.incident) {
            silent = Some(why);
            continue;
        }
        let mut order = orders(world, account, &mut *ids, &mut *asked);
        let slot = service.slot();
        match (service, world.outbox.has_or_awaits(&account.name, slot)) {
            (Service::Paging, true)
                if has_open(world.outbox, account, &Deed::Page(PageDeed::Acknowledge)) => {}
            (Service::Paging, true) => {
                order.ask("acknowledge", String::new(), Deed::Page(PageDeed::Acknowledge));
            }
            (_, false) => order.open(),
            (_, true) => {}
        }
    }
    if !asked.is_empty() {
        return Ok(());
    }
    Err(match silent {
        Some((why, hint)) => Refusal::new(why, hint),
        None if world.routes.is_empty() => {
            Refusal::new("no service is connected", "run `warroom connect` once, outside the console")
        }
        None => {
            Refusal::new("all of it is there already, or on its way", "see the outbox (O, `warroom sync`)")
        }
    })
}

/// Whether the same is on its way already.
fn has_open(outbox: &Outbox, account: &Account, deed: &Deed) -> bool {
    outbox.open().any(|act| act.client == account.name && act.deed == *deed)
}

fn needs(world: World, account: &Account, slot: Slot, what: &str, hint: &str) -> Result<(), Refusal> {
    if world.outbox.has_or_awaits(&account.name, slot) {
        return Ok(());
    }
    Err(Refusal::new(format!("the incident has no {what} in {}", account.title), hint))
}

fn text_of<'a>(text: &'a str, what: &str) -> Result<&'a str, Refusal> {
    if text.is_empty() {
        Err(Refusal::new(format!("{what} is missing"), "type it behind the words"))
    } else {
        Ok(text)
    }
}

fn new_only(world: World, account: &Account, slot: Slot, what: &str) -> Result<(), Refusal> {
    match world.outbox.place(&account.name, slot) {
        Some(place) => Err(Refusal::new(
            format!("the incident has {what} in {}: {}", account.title, place.remote),
            "adopt another one to move to it",
        )),
        // One that was refused is replaced.
        None if world.outbox.awaited(&account.name, slot).any(|act| !act.state.needs_person()) => {
            Err(Refusal::new(format!("{what} is on its way already"), "see the outbox"))
        }
        None => Ok(()),
    }
}

fn channel(world: World, rest: &str, order: &mut Orders) -> Result<(), Refusal> {
    let (verb, text) = split(rest);
    let account = order.account;
    match verb {
        "open" => {
            new_only(world, account, Slot::Channel, "a channel")?;
            if text.is_empty() || world.incident.is_drill() {
                order.open();
            } else {
                let (name, private) = (channel_slug(text), world.incident.is_private());
                order.channel(ChatDeed::Open { name, private });
            }
            return Ok(());
        }
        "adopt" if world.incident.is_drill() => {
            order.open();
            return Ok(());
        }
        "adopt" => {
            let channel = text_of(text, "the channel")?.trim_start_matches('#').to_owned();
            let deed = ChatDeed::Adopt { channel: channel.clone() };
            // One that is there already keeps its first notice; one that is only listened to gets none.
            if account.read_only || world.outbox.place(&account.name, Slot::Channel).is_some() {
                order.ask(&channel, String::new(), Deed::Chat(deed));
            } else {
                order.channel(deed);
            }
            return Ok(());
        }
        _ => {}
    }
    needs(world, account, Slot::Channel, "channel", "open one: channel open")?;
    match verb {
        "topic" => {
            let text = if text.is_empty() { topic(world.incident) } else { text.to_owned() };
            order.ask("topic", text, Deed::Chat(ChatDeed::Topic));
        }
        "bookmark" => {
            let (name, url) = address(text)?;
            order.ask(&name, url.clone(), Deed::Chat(ChatDeed::Bookmark { name: name.clone(), url }));
        }
        "invite" => {
            let who = people(account, world.incident, text);
            if who.is_empty() {
                return Err(Refusal::new("nobody is named, and nobody holds a role", "name somebody"));
            }
            let names: Vec<&str> = who.iter().map(|contact| contact.id.as_str()).collect();
            order.ask("people", names.join(", "), Deed::Chat(ChatDeed::Invite { who: who.clone() }));
        }
        "post" => {
            let text = text_of(text, "the text")?.to_owned();
            order.ask("", text, Deed::Chat(ChatDeed::Post { to: None, thread: None }));
        }
        "pin" => {
            let mine =
                |act: &&super::Act| matches!(act.deed, Deed::Chat(ChatDeed::Post { to: None, thread: None }));
            let post = super::posts(world.outbox, &account.name).filter(mine).last().map(|act| act.request);
            let post =
                post.ok_or_else(|| Refusal::new("nothing was posted from here", "post something first"))?;
            order.ask("pin", String::new(), Deed::Chat(ChatDeed::Pin { post }));
        }
        "notice" => {
            let act = card_act(world.incident, world.outbox, &account.name).map(|act| act.request);
            let post =
                act.ok_or_else(|| Refusal::new("no first notice was posted", "open the channel first"))?;
            order.ask(&title(world.incident), card(world.incident), Deed::Chat(ChatDeed::Edit { post }));
        }
        _ => return Err(unknown(&format!("channel {rest}"), Some(Service::Chat))),
    }
    Ok(())
}

fn page(world: World, rest: &str, order: &mut Orders) -> Result<(), Refusal> {
    let (verb, text) = split(rest);
    let subject = title(world.incident);
    let account = order.account;
    match verb {
        "open" => {
            new_only(world, account, Slot::Page, "a page")?;
            order.page(if text.is_empty() { &subject } else { text });
            return Ok(());
        }
        "take" if world.incident.is_drill() => {
            let why = "a drill takes over no incident: whoever is really on call would be paged by it";
            return Err(Refusal::new(why, "open one where drills go: page open"));
        }
        "take" => {
            let incident = text_of(text, "the id or address")?.to_owned();
            order.ask(text, String::new(), Deed::Page(PageDeed::Take { incident }));
            return Ok(());
        }
        _ => {}
    }
    needs(world, account, Slot::Page, "page", "open one (page open), or take one (page take ID)")?;
    let (title, body, deed) = match verb {
        "ack" => ("acknowledge".to_owned(), String::new(), PageDeed::Acknowledge),
        "resolve" => ("resolve".to_owned(), String::new(), PageDeed::Resolve),
        "note" => ("note".to_owned(), text_of(text, "the note")?.to_owned(), PageDeed::Note),
        "status" => {
            ("status update".to_owned(), text_of(text, "the text")?.to_owned(), PageDeed::StatusUpdate)
        }
        "priority" => {
            let configured = account.priorities.get(world.incident.severity.as_deref().unwrap_or(""));
            let name = if text.is_empty() { configured.cloned() } else { Some(text.to_owned()) };
            let name = name.ok_or_else(|| {
                Refusal::new("no priority is configured for this severity", "name one, such as P1")
            })?;
            (name.clone(), String::new(), PageDeed::Priority { name })
        }
        "escalate" => {
            let level =
                if text.is_empty() { None } else { Some(text.parse().ok().filter(|level| *level > 0)) };
            let level = level.map(|level| {
                level.ok_or_else(|| Refusal::new(format!("{text:?} is no level"), "use 1, 2, …"))
            });
            let level = level.transpose()?;
            ("escalate".to_owned(), text.to_owned(), PageDeed::Escalate { level })
        }
        "add" => {
            let (who, message) = text.split_once(':').unwrap_or((text, ""));
            let who: Vec<Contact> = called(account, world.incident, who);
            if who.is_empty() {
                return Err(Refusal::new("nobody is named", "name somebody: page add alice: please help"));
            }
            let names: Vec<&str> = who.iter().map(|contact| contact.id.as_str()).collect();
            let message =
                if message.trim().is_empty() { title(world.incident) } else { message.trim().to_owned() };
            (names.join(", "), message, PageDeed::Responders { who: who.clone() })
        }
        _ => return Err(unknown(&format!("page {rest}"), Some(Service::Paging))),
    };
    order.ask(&title, body, Deed::Page(deed));
    Ok(())
}

fn ticket(world: World, rest: &str, order: &mut Orders) -> Result<(), Refusal> {
    let (verb, text) = split(rest);
    let account = order.account;
    match verb {
        "open" => {
            new_only(world, account, Slot::Ticket, "a ticket")?;
            order.ticket();
            return Ok(());
        }
        "adopt" => {
            let key = text_of(text, "the key or address")?.to_owned();
            order.ask(text, String::new(), Deed::Ticket(TicketDeed::Adopt { follow_up: None, key }));
            return Ok(());
        }
        _ => {}
    }
    needs(world, account, Slot::Ticket, "ticket", "open one (ticket open), or adopt one (ticket adopt KEY)")?;
    let (title, body, deed) = match verb {
        "follow-ups" => {
            order.open_follow_ups();
            if order.asked.is_empty() {
                return Err(Refusal::new("every follow-up has its ticket", "open follow-ups with F"));
            }
            return Ok(());
        }
        "comment" => (
            "comment".to_owned(),
            text_of(text, "the comment")?.to_owned(),
            TicketDeed::Comment { follow_up: None },
        ),
        "move" => {
            let to = text_of(text, "the status")?.to_owned();
            (to.clone(), String::new(), TicketDeed::Move { follow_up: None, to })
        }
        "assign" => {
            let who = somebody(account, world.incident, text_of(text, "the name")?);
            (who.id.to_string(), String::new(), TicketDeed::Assign { follow_up: None, who })
        }
        "attach" => {
            let name = format!("{}.md", channel_slug(world.incident.public_title()));
            (name.clone(), (world.export)(), TicketDeed::Attach { name })
        }
        "link" => {
            let (name, url) = address(text)?;
            (name, url.clone(), TicketDeed::RemoteLink { url })
        }
        _ => return Err(unknown(&format!("ticket {rest}"), Some(Service::Tickets))),
    };
    order.ask(&title, body, Deed::Ticket(deed));
    Ok(())
}

/// `NAME https://…`
fn address(text: &str) -> Result<(String, String), Refusal> {
    let (name, url) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text));
    let known = url.starts_with("https://") || url.starts_with("http://");
    if name.trim().is_empty() || !known {
        return Err(Refusal::new("a name and an address are needed", "write them: dashboard https://…"));
    }
    Ok((name.trim().to_owned(), url.to_owned()))
}

/// Those who are named: by commas, or by spaces where each word is somebody who is known.
fn parts<'a>(account: &Account, incident: &Incident, text: &'a str) -> Vec<&'a str> {
    let bare = |part: &'a str| part.trim().trim_matches(['"', '\'']).trim();
    let some = |part: &&str| !PersonId::new(part).is_empty();
    if text.contains(',') {
        return text.split(',').map(bare).filter(some).collect();
    }
    let whole = bare(text);
    let known = |word: &str| {
        let who = PersonId::new(word);
        word.contains('@')
            || is_id(word)
            || rung(account, word).is_some()
            || incident.people.contains_key(&who)
            || incident.seen.contains(&who)
            || account.people.contains_key(&who)
    };
    let words: Vec<&str> = whole.split_whitespace().collect();
    match words.len() > 1 && rung(account, whole).is_none() && words.iter().all(|word| known(word)) {
        true => words,
        false => vec![whole].into_iter().filter(some).collect(),
    }
}

/// Those who are named; without names whoever holds a role.
fn people(account: &Account, incident: &Incident, text: &str) -> Vec<Contact> {
    let named: Vec<Contact> =
        parts(account, incident, text).into_iter().map(|word| somebody(account, incident, word)).collect();
    match named.is_empty() {
        true => holders(incident).iter().map(|who| account.contact(incident, who)).collect(),
        false => named,
    }
}

/// Those who are paged: rungs by the words of the ladder, others by name.
fn called(account: &Account, incident: &Incident, text: &str) -> Vec<Contact> {
    let one = |word: &str| rung(account, word).unwrap_or_else(|| somebody(account, incident, word));
    parts(account, incident, text).into_iter().map(one).collect()
}

/// The service's own id of something, such as `PABC123`.
fn is_id(word: &str) -> bool {
    word.len() >= 6 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// A person by handle or mail, or by the service's own id, such as `PABC123`.
fn somebody(account: &Account, incident: &Incident, word: &str) -> Contact {
    let mut contact = account.contact(incident, &PersonId::new(word));
    let bare = word.trim_start_matches('@');
    if contact.mail.is_empty() && bare.contains('@') {
        contact.mail = bare.to_owned();
    }
    if contact.remote.is_none() && is_id(bare) {
        contact.remote = Some(bare.to_owned());
    }
    if contact.name.is_empty() && contact.mail.is_empty() {
        contact.name = bare.to_owned();
    }
    contact
}

/// Whom the account pages for a rung of the ladder.
pub fn rung(account: &Account, who: &str) -> Option<Contact> {
    let known = account.rungs.iter().find(|(words, _)| words.eq_ignore_ascii_case(who));
    known.map(|(words, remote)| Contact {
        id: PersonId::new(words),
        name: words.clone(),
        mail: String::new(),
        remote: Some(remote.clone()),
    })
}

/// Everybody who holds a role, once.
pub fn holders(incident: &Incident) -> Vec<PersonId> {
    let all: BTreeSet<&PersonId> = incident.roles.people();
    all.into_iter().cloned().collect()
}

/// An act in a few words, the first of its own among them where it has no heading.
pub fn in_words(deed: &Deed, title: &str, body: &str) -> String {
    let first = crate::incident::describe::headline(body);
    let bare = matches!(
        deed,
        Deed::Chat(ChatDeed::Post { .. }) if title.is_empty()
    ) || matches!(deed, Deed::Page(PageDeed::Note | PageDeed::StatusUpdate));
    match bare && !first.is_empty() {
        true => format!("{}: {first}", says(deed, title)),
        false => says(deed, title),
    }
}

/// The same without them.
pub fn says(deed: &Deed, title: &str) -> String {
    match deed {
        Deed::Record => format!("keep {title}"),
        Deed::Chat(deed) => match deed {
            ChatDeed::Open { name, private } => {
                format!("open the {}channel #{name}", if *private { "private " } else { "" })
            }
            ChatDeed::Adopt { channel } => format!("adopt the channel {channel}"),
            ChatDeed::Topic => "set the topic".to_owned(),
            ChatDeed::Bookmark { name, .. } => format!("bookmark {name}"),
            ChatDeed::Invite { who } => format!("invite {}", ids(who)),
            ChatDeed::Post { to: Some(to), .. } => format!("post in {to}: {title}"),
            ChatDeed::Post { to: None, .. } if title.is_empty() => "post".to_owned(),
            ChatDeed::Post { to: None, .. } => format!("post: {title}"),
            ChatDeed::Edit { .. } => "bring the first notice up to date".to_owned(),
            ChatDeed::Pin { .. } => "pin the post".to_owned(),
        },
        Deed::Page(deed) => match deed {
            PageDeed::Open { .. } => format!("page whoever is on call: {title}"),
            PageDeed::Take { incident } => format!("take the incident {incident}"),
            PageDeed::Acknowledge => "acknowledge".to_owned(),
            PageDeed::Resolve => "resolve".to_owned(),
            PageDeed::Note => "note".to_owned(),
            PageDeed::StatusUpdate => "tell the subscribers".to_owned(),
            PageDeed::Priority { name } => format!("priority {name}"),
            PageDeed::Responders { who } => format!("page {}", ids(who)),
            PageDeed::Escalate { level: Some(level) } => format!("page rung {level} of the ladder"),
            PageDeed::Escalate { level: None } => "page the next rung of the ladder".to_owned(),
        },
        Deed::Ticket(deed) => match deed {
            TicketDeed::Open { follow_up: None, .. } => format!("open the ticket: {title}"),
            TicketDeed::Open { .. } => format!("open a follow-up's ticket: {title}"),
            TicketDeed::Adopt { key, .. } => format!("adopt the ticket {key}"),
            TicketDeed::Link { .. } => "link the follow-up's ticket".to_owned(),
            TicketDeed::Comment { .. } => format!("comment: {title}"),
            TicketDeed::Move { to, .. } => format!("move to {to}"),
            TicketDeed::Assign { who, .. } => format!("assign to {}", who.id),
            TicketDeed::Attach { name } => format!("attach {name}"),
            TicketDeed::RemoteLink { .. } => format!("keep the address of {title}"),
        },
    }
}

fn ids(who: &[Contact]) -> String {
    let names: Vec<&str> = who.iter().map(|contact| contact.id.as_str()).collect();
    names.join(", ")
}

/// The name of the incident's channel: prefix, day and title; a private incident's says nothing.
pub fn channel_name(incident: &Incident, prefix: &str) -> String {
    let day = incident.declared_at().map(|at| at.to_string().chars().take(10).collect::<String>());
    let day = day.unwrap_or_default().replace('-', "");
    let words = if incident.is_private() {
        // Two private incidents of one day need two channels.
        let id = incident.declared.as_ref().map(|declared| declared.id.to_string()).unwrap_or_default();
        format!("private-{}", &id[id.len().saturating_sub(4)..])
    } else {
        incident.title().to_owned()
    };
    channel_slug(&format!("{prefix}{day}-{words}"))
}

/// Lower case, digits and dashes.
fn channel_slug(text: &str) -> String {
    let slug = Playbook::slug(text);
    let cut: String = slug.chars().take(MOST_CHANNEL).collect();
    cut.trim_matches('-').to_owned()
}

/// The topic of the incident's channel.
pub fn topic(incident: &Incident) -> String {
    let severity = incident.severity.clone().unwrap_or_else(|| "no severity".to_owned());
    let commander = match incident.commander() {
        Some(who) => format!("commander {}", incident.name_of(who)),
        None => "no commander".to_owned(),
    };
    let topic = format!("{severity} | {} | {} | {commander}", incident.status, incident.public_title());
    topic.chars().take(MOST_TOPIC).collect()
}

/// The first notice: where the incident stands, in a few lines (MISSION row S4.6).
pub fn card(incident: &Incident) -> String {
    let mut lines = Vec::new();
    let severity = incident.severity.clone().unwrap_or_else(|| "not set".to_owned());
    lines.push(format!("Severity: {severity}"));
    lines.push(format!("Status: {}", incident.status));
    let who = incident.commander().map_or("nobody yet", |who| incident.name_of(who));
    lines.push(format!("Commander: {who}"));
    if let Some(at) = incident.declared_at() {
        lines.push(format!("Declared: {}", at.to_string().replace('T', " ").replace(".000Z", "Z")));
    }
    if let Some(kind) = incident.kind().filter(|_| !incident.is_private()) {
        lines.push(format!("Type: {kind}"));
    }
    for (name, url) in &incident.links {
        lines.push(format!("{name}: {url}"));
    }
    lines.join("\n")
}

/// Summary and description of a follow-up's ticket.
pub(super) fn follow_up(incident: &Incident, what: &FollowUp) -> (String, String) {
    let text = if incident.is_private() { "follow-up of a private incident" } else { what.text.as_str() };
    let mut lines = vec![text.to_owned(), String::new(), format!("Follow-up of: {}", title(incident))];
    lines.extend(what.owner.as_ref().map(|who| format!("Owner: {}", incident.name_of(who))));
    lines.extend(what.due.map(|due| format!("Due: {due}")));
    (crate::incident::describe::headline(text).to_owned(), lines.join("\n"))
}
