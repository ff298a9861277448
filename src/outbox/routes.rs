//! Who is told what: from what happens in the room to the acts that it asks for.
//!
//! Pure data made from the settings ([`Routes`]); [`Routes::follow`] answers what an event asks for on the state after it. An
//! account that only reads, and a drill where no place for drills is configured, are asked for nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::pace::Pace;
use super::{Act, Outbox, State, wishes};
use crate::incident::deadline::rungs;
use crate::incident::event::{
    ChatDeed, ClockEvent, Contact, Deed, Event, FollowUp, FollowUpEvent, IncidentEvent, PageDeed, Person,
    Requested, RoleEvent, SentUpdate, SeverityEvent, Slot, StatusEvent, TicketDeed, UpdateEvent,
};
use crate::incident::{EntryId, Incident, PersonId, Span, Time};

/// The place of an audience that is told in the incident's own channel.
pub const OWN_CHANNEL: &str = "incident";

/// Who is known to this home (`people.toml`).
pub type People = BTreeMap<PersonId, Person>;

/// The accounts of this home.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Routes {
    pub accounts: Vec<Account>,
    /// Who is known to this home (`people.toml`).
    pub people: Arc<People>,
}

#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Service {
    #[default]
    Chat,
    Paging,
    Tickets,
}

impl Service {
    /// What an incident has there.
    pub const fn slot(self) -> Slot {
        match self {
            Service::Chat => Slot::Channel,
            Service::Paging => Slot::Page,
            Service::Tickets => Slot::Ticket,
        }
    }
}

/// What the room knows of an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    /// As in the journal: `slack`.
    pub name: String,
    /// As people know it: `Slack`.
    pub title: String,
    pub service: Service,
    pub read_only: bool,
    /// Opened by itself when an incident is declared.
    pub on_declare: bool,
    /// Where drills go; `None`: nowhere.
    pub drill: Option<String>,
    /// Audience to the channel where it is told; for tickets, whose updates become comments.
    pub audiences: BTreeMap<String, String>,
    /// How the names of channels begin.
    pub prefix: String,
    /// Invite whoever gets a role.
    pub invite: bool,
    /// A ticket for each follow-up.
    pub follow_ups: bool,
    /// Our words for a status that a ticket follows.
    pub moves: Vec<String>,
    /// Severity to the service's priority.
    pub priorities: BTreeMap<String, String>,
    /// A rung's words to whom the service pages for it.
    pub rungs: BTreeMap<String, String>,
    /// Whose words in the channel count as commands.
    pub commands: Vec<String>,
    /// Who is known to this home.
    pub people: Arc<People>,
    pub listen: crate::incident::event::Listen,
    /// How long after a doubtful attempt "it is not there" is believed.
    pub settle: Span,
    /// Calls of the whole account, and of one lane; `None`: as fast as may be.
    pub pace: Option<Pace>,
    pub lane_pace: Option<Pace>,
}

/// An act that an event asks for, and the id that its entry gets.
pub type Asked = (EntryId, Requested);

impl Routes {
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    pub fn get(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The account for a kind of service; the first where there are several.
    pub fn of(&self, service: Service) -> Option<&Account> {
        self.accounts.iter().find(|account| account.service == service)
    }

    /// Whether an event may ask for anything: only then is it worth to know the state after it.
    pub fn minds(&self, event: &Event) -> bool {
        let minded = matches!(
            event,
            Event::Incident(_)
                | Event::Status(_)
                | Event::Severity(SeverityEvent::Set { .. } | SeverityEvent::Cleared { .. })
                | Event::Role(RoleEvent::Assigned { .. } | RoleEvent::Released { .. })
                | Event::FollowUp(_)
                | Event::Update(UpdateEvent::Sent(_))
                | Event::Clock(ClockEvent::RanOut { .. })
        );
        !self.is_empty() && minded
    }

    /// What the event with this id asks for, given the state after it. `ids` gives the ids of the new entries.
    pub fn follow(
        &self,
        after: &Incident,
        outbox: &Outbox,
        event: &Event,
        (subject, now): (EntryId, Time),
        ids: &mut dyn FnMut() -> EntryId,
    ) -> Vec<Asked> {
        let mut asked = Vec::new();
        for account in self.accounts.iter().filter(|account| account.may_tell(after)) {
            let mut order = Orders { account, incident: after, outbox, subject, now, ids, asked: &mut asked };
            order.follow(event);
        }
        asked
    }
}

impl Account {
    /// Whether anything may be written there for this incident.
    pub fn may_tell(&self, incident: &Incident) -> bool {
        !self.read_only && (!incident.is_drill() || self.drill.is_some())
    }

    /// Why nothing may be written there for this incident.
    pub fn silent(&self, incident: &Incident) -> Option<(String, String)> {
        if self.read_only {
            let hint = format!("take read_only out of [{}] in config.toml", self.name);
            return Some((format!("{} is only read", self.title), hint));
        }
        let hint = format!("set drill in [{}] in config.toml to the place where drills go", self.name);
        (incident.is_drill() && self.drill.is_none())
            .then(|| (format!("a drill stays out of {}", self.title), hint))
    }

    /// The lane in which a deed keeps its order: a channel, a token, a ticket.
    pub fn lane(deed: &Deed) -> String {
        match deed {
            // What others need has a lane of its own: one that cannot be opened is replaced by another, and they go on.
            Deed::Chat(ChatDeed::Open { .. } | ChatDeed::Adopt { .. }) => "channel: open".to_owned(),
            Deed::Page(PageDeed::Open { .. } | PageDeed::Take { .. }) => "token: open".to_owned(),
            Deed::Ticket(TicketDeed::Open { follow_up, .. } | TicketDeed::Adopt { follow_up, .. }) => {
                let of = follow_up.map_or("incident".to_owned(), |follow_up| follow_up.to_string());
                format!("{of}: open")
            }
            Deed::Record => "record".to_owned(),
            Deed::Chat(ChatDeed::Post { to: Some(to), .. }) => to.clone(),
            Deed::Chat(_) => "channel".to_owned(),
            Deed::Page(_) => "token".to_owned(),
            Deed::Ticket(deed) => match deed.follow_up() {
                Some(follow_up) => follow_up.to_string(),
                None => "incident".to_owned(),
            },
        }
    }

    /// Somebody as this account may know them.
    pub fn contact(&self, incident: &Incident, who: &PersonId) -> Contact {
        let person = incident.people.get(who).or_else(|| self.people.get(who));
        let text = |get: fn(&Person) -> &String| person.map(|person| get(person).clone()).unwrap_or_default();
        Contact {
            id: who.clone(),
            name: text(|person| &person.name),
            mail: text(|person| &person.mail),
            remote: person.and_then(|person| person.ids.get(&self.name).cloned()).filter(|id| !id.is_empty()),
        }
    }

    fn request(&self, subject: EntryId, title: &str, body: String, deed: Deed) -> Requested {
        let (client, lane) = (self.name.clone(), Self::lane(&deed));
        Requested { client, lane, subject, title: title.to_owned(), body, deed }
    }
}

impl TicketDeed {
    fn follow_up(&self) -> Option<EntryId> {
        match self {
            TicketDeed::Open { follow_up, .. }
            | TicketDeed::Adopt { follow_up, .. }
            | TicketDeed::Comment { follow_up }
            | TicketDeed::Move { follow_up, .. }
            | TicketDeed::Assign { follow_up, .. } => *follow_up,
            TicketDeed::Link { follow_up } => Some(*follow_up),
            TicketDeed::Attach { .. } | TicketDeed::RemoteLink { .. } => None,
        }
    }
}

/// What one account is asked for, one request after the other.
pub(super) struct Orders<'a> {
    pub account: &'a Account,
    pub incident: &'a Incident,
    pub outbox: &'a Outbox,
    pub subject: EntryId,
    pub now: Time,
    pub ids: &'a mut dyn FnMut() -> EntryId,
    pub asked: &'a mut Vec<Asked>,
}

impl Orders<'_> {
    pub fn ask(&mut self, title: &str, body: String, deed: Deed) -> EntryId {
        let id = (self.ids)();
        self.asked.push((id, self.account.request(self.subject, title, body, deed)));
        id
    }

    fn has(&self, slot: Slot) -> bool {
        let name = &self.account.name;
        let asked = |(id, request): &Asked| request.client == *name && request.deed.makes(*id) == Some(slot);
        self.outbox.has_or_awaits(name, slot) || self.asked.iter().any(asked)
    }

    fn follow(&mut self, event: &Event) {
        if let Event::Incident(IncidentEvent::Declared(_)) = event {
            if self.account.on_declare {
                self.open();
            }
            return;
        }
        // What had been asked for in plain words, and nobody was told, was taken back: see `room::drafts`.
        if let Event::Incident(IncidentEvent::Private { on: true, .. }) = event {
            let slot = self.account.service.slot();
            let untold = self.outbox.awaited(&self.account.name, slot).any(Act::is_untold);
            if untold && self.outbox.place(&self.account.name, slot).is_none() {
                return self.open();
            }
        }
        match self.account.service {
            Service::Chat => self.chat(event),
            Service::Paging => self.paging(event),
            Service::Tickets => self.tickets(event),
        }
    }

    /// The incident's channel, page or ticket, and what belongs to it.
    pub fn open(&mut self) {
        match self.account.service {
            Service::Chat => {
                let deed = match self.account.drill.as_ref().filter(|_| self.incident.is_drill()) {
                    Some(channel) => ChatDeed::Adopt { channel: channel.clone() },
                    None => ChatDeed::Open {
                        name: wishes::channel_name(self.incident, &self.account.prefix),
                        private: self.incident.is_private(),
                    },
                };
                self.channel(deed);
            }
            Service::Paging => {
                self.page(&title(self.incident));
            }
            Service::Tickets => self.ticket(),
        }
    }

    /// The page first: what it is about, and how grave, must not hold it up.
    pub fn page(&mut self, title: &str) {
        let priority = self.priority();
        self.ask(title, String::new(), Deed::Page(PageDeed::Open { priority: priority.clone() }));
        self.ask("where it stands", wishes::card(self.incident), Deed::Page(PageDeed::Note));
        if let Some(name) = priority {
            self.ask(&name.clone(), String::new(), Deed::Page(PageDeed::Priority { name }));
        }
    }

    /// A channel with its topic, its first notice, pinned, its links and its people.
    pub fn channel(&mut self, deed: ChatDeed) {
        self.ask("channel", String::new(), Deed::Chat(deed));
        // Another channel in the place of one that could not be opened: what belongs in it waits already. What is private has
        // none of the words of before.
        if !self.incident.is_private()
            && card(self.incident, self.outbox, &self.account.name)
                .is_some_and(|card| !card.state.is_settled())
        {
            return;
        }
        self.ask("topic", wishes::topic(self.incident), Deed::Chat(ChatDeed::Topic));
        let deed = Deed::Chat(ChatDeed::Post { to: None, thread: None });
        let card = self.ask(&title(self.incident), wishes::card(self.incident), deed);
        self.ask("first notice", String::new(), Deed::Chat(ChatDeed::Pin { post: card }));
        let other = |(name, url): &(&String, &String)| *name != "channel" && url.starts_with("http");
        for (name, url) in self.incident.links.iter().filter(other) {
            let deed = ChatDeed::Bookmark { name: name.clone(), url: url.clone() };
            self.ask(name, url.clone(), Deed::Chat(deed));
        }
        let holders: Vec<Contact> = wishes::holders(self.incident)
            .into_iter()
            .map(|who| self.account.contact(self.incident, &who))
            .collect();
        if self.account.invite && !holders.is_empty() {
            self.ask("people", names(&holders), Deed::Chat(ChatDeed::Invite { who: holders }));
        }
    }

    fn chat(&mut self, event: &Event) {
        match event {
            Event::Update(UpdateEvent::Sent(sent)) => return self.post(sent),
            Event::Incident(IncidentEvent::Linked { what, url })
                if self.has(Slot::Channel) && what != "channel" && url.starts_with("http") =>
            {
                let deed = ChatDeed::Bookmark { name: what.clone(), url: url.clone() };
                self.ask(what, url.clone(), Deed::Chat(deed));
            }
            Event::Role(RoleEvent::Assigned { who, .. })
                if self.account.invite && self.has(Slot::Channel) =>
            {
                let who = vec![self.account.contact(self.incident, who)];
                self.ask("people", names(&who), Deed::Chat(ChatDeed::Invite { who }));
            }
            _ => {}
        }
        let shown = matches!(
            event,
            Event::Status(_)
                | Event::Severity(_)
                | Event::Role(_)
                | Event::Incident(IncidentEvent::Retitled { .. } | IncidentEvent::Private { .. })
        );
        if shown && self.has(Slot::Channel) {
            self.ask("topic", wishes::topic(self.incident), Deed::Chat(ChatDeed::Topic));
            if let Some(card) = card(self.incident, self.outbox, &self.account.name).map(|card| card.request)
            {
                let deed = Deed::Chat(ChatDeed::Edit { post: card });
                self.ask(&title(self.incident), wishes::card(self.incident), deed);
            }
        }
    }

    fn post(&mut self, sent: &SentUpdate) {
        let Some(place) = self.account.audiences.get(&sent.audience) else { return };
        let own = place == OWN_CHANNEL || self.incident.is_drill();
        if own && !self.has(Slot::Channel) {
            return;
        }
        let to = (!own).then(|| place.clone());
        let heading = format!("{}: update to {} ({})", title(self.incident), sent.audience, sent.word);
        self.ask(&heading, sent.body.clone(), Deed::Chat(ChatDeed::Post { to, thread: None }));
    }

    fn priority(&self) -> Option<String> {
        self.account.priorities.get(self.incident.severity.as_deref()?).cloned()
    }

    fn paging(&mut self, event: &Event) {
        if let Event::Severity(SeverityEvent::Set { .. }) = event
            && let Some(name) = self.priority().filter(|_| self.has(Slot::Page))
        {
            let body = self.incident.severity.clone().unwrap_or_default();
            self.ask("priority", body, Deed::Page(PageDeed::Priority { name }));
        }
        if let Event::Clock(ClockEvent::RanOut { clock, due, .. }) = event {
            self.rung(clock, *due);
        }
    }

    /// A rung of the ladder is due that the policy has paged by itself (MISSION row S0.2).
    ///
    /// Not in a drill, for those are real people; and not long afterwards, when a machine that slept wakes up: then somebody
    /// decides.
    fn rung(&mut self, clock: &str, at: Time) {
        const LATE: Span = Span::from_mins(10);
        if self.incident.is_drill() || self.now.since(at) > LATE {
            return;
        }
        let due = rungs(self.incident).into_iter().find(|rung| rung.id == clock && rung.auto);
        let Some(contact) = due.and_then(|rung| wishes::rung(self.account, &rung.who)) else { return };
        if !self.has(Slot::Page) {
            self.open();
        }
        let message = format!("{}: {} after its time", title(self.incident), contact.name);
        let deed = PageDeed::Responders { who: vec![contact.clone()] };
        self.ask(contact.id.as_str(), message, Deed::Page(deed));
    }

    /// The incident's ticket, and one for each follow-up that is open.
    pub fn ticket(&mut self) {
        let owner = self.incident.commander().map(|who| self.account.contact(self.incident, who));
        let severity = self.incident.severity.clone();
        let deed = TicketDeed::Open { follow_up: None, severity, owner, due: None };
        self.ask(&title(self.incident), wishes::card(self.incident), Deed::Ticket(deed));
        let links: Vec<(String, String)> = self.incident.links.clone().into_iter().collect();
        for (name, url) in links.into_iter().filter(|(name, url)| name != "ticket" && url.starts_with("http"))
        {
            self.ask(&name, url.clone(), Deed::Ticket(TicketDeed::RemoteLink { url }));
        }
        if self.account.follow_ups {
            self.open_follow_ups();
        }
    }

    /// A ticket for each follow-up that has none.
    pub fn open_follow_ups(&mut self) {
        for item in self.incident.follow_ups.all().iter().filter(|item| item.closed.is_none()) {
            if !self.has(Slot::FollowUp(item.id)) {
                self.follow_up(item.id, &item.what);
            }
        }
    }

    fn follow_up(&mut self, id: EntryId, what: &FollowUp) {
        let owner = what.owner.as_ref().map(|who| self.account.contact(self.incident, who));
        let severity = self.incident.severity.clone();
        let deed = TicketDeed::Open { follow_up: Some(id), severity, owner, due: what.due };
        let (summary, body) = wishes::follow_up(self.incident, what);
        self.ask(&summary, body, Deed::Ticket(deed));
        if self.has(Slot::Ticket) {
            let deed = TicketDeed::Link { follow_up: id };
            self.ask("link to the incident's ticket", String::new(), Deed::Ticket(deed));
        }
    }

    fn tickets(&mut self, event: &Event) {
        if !self.has(Slot::Ticket) {
            return;
        }
        match event {
            Event::Update(UpdateEvent::Sent(sent)) if self.account.audiences.contains_key(&sent.audience) => {
                let heading = format!("update to {} ({})", sent.audience, sent.word);
                let deed = TicketDeed::Comment { follow_up: None };
                self.ask(&heading, sent.body.clone(), Deed::Ticket(deed));
            }
            Event::Status(StatusEvent::Moved { to, .. }) => self.moved(None, &to.to_string()),
            Event::FollowUp(FollowUpEvent::Opened(what)) if self.account.follow_ups => {
                self.follow_up(self.subject, what)
            }
            Event::FollowUp(FollowUpEvent::Closed { follow_up, .. }) => {
                self.moved(Some(*follow_up), "closed")
            }
            Event::Incident(IncidentEvent::Linked { what, url })
                if what != "ticket" && url.starts_with("http") =>
            {
                self.ask(what, url.clone(), Deed::Ticket(TicketDeed::RemoteLink { url: url.clone() }));
            }
            _ => {}
        }
    }

    fn moved(&mut self, follow_up: Option<EntryId>, to: &str) {
        let known = self.account.moves.iter().any(|word| word == to);
        if known && self.has(Slot::ticket(follow_up)) {
            let deed = TicketDeed::Move { follow_up, to: to.to_owned() };
            self.ask(to, String::new(), Deed::Ticket(deed));
        }
    }
}

/// The title as it may stand outside.
pub(super) fn title(incident: &Incident) -> String {
    let severity = incident.severity.as_deref().map(|level| format!("{level} ")).unwrap_or_default();
    format!("{severity}{}", incident.public_title())
}

fn names(who: &[Contact]) -> String {
    let names: Vec<&str> = who.iter().map(|contact| contact.id.as_str()).collect();
    names.join(", ")
}

/// The first notice in the incident's channel: kept current for as long as it runs.
pub fn card<'a>(incident: &Incident, outbox: &'a Outbox, account: &str) -> Option<&'a Act> {
    let place = outbox.place(account, Slot::Channel);
    let opened = place.and_then(|place| outbox.get(place.request)).map(|act| act.number);
    let declared = incident.declared.as_ref()?.id;
    let is_card = |act: &&Act| {
        act.client == account
            && !matches!(act.state, State::Dropped { .. } | State::Superseded { .. })
            && act.subject == declared
            // What somebody has posted by hand has no heading, and nobody else writes over it.
            && !act.title.is_empty()
            && matches!(act.deed, Deed::Chat(ChatDeed::Post { to: None, thread: None }))
            && opened.is_none_or(|opened| act.number > opened)
    };
    outbox.all().find(is_card)
}

/// How long nobody there has heard what waits for it, where something does.
pub fn silent_for(outbox: &Outbox, account: &str, now: Time) -> Option<Span> {
    let oldest = outbox.open().find(|act| act.client == account)?;
    Some(now.since(oldest.requested_at))
}
