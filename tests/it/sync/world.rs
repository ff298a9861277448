//! A room with a journal in memory and accounts that somebody answers for by hand.

use std::collections::VecDeque;
use std::sync::Arc;

use warroom::incident::command::Declare;
use warroom::incident::event::{Declared, Event, Person, Requested};
use warroom::incident::words::Status;
use warroom::incident::{Command, EntryId, PersonId, Refusal, Span, Time};
use warroom::outbox::news::{Author, Batch, News, What};
use warroom::outbox::routes::{Account, People, Routes, Service};
use warroom::outbox::wishes::says;
use warroom::outbox::{Act, Call, Outcome};
use warroom::room::{Effect, Folded, Input, Order, Room};

use crate::door::{Log, host, policy, start};

pub struct World {
    pub log: Log,
    pub room: Room,
    pub now: Time,
    /// Calls that nobody has answered yet.
    pub calls: Vec<Call>,
    pub kept: Vec<(String, Option<String>)>,
    pub refused: Vec<Refusal>,
}

pub fn person(id: &str, mail: &str, slack: &str) -> Person {
    let mut person = Person::new(PersonId::new(id));
    person.mail = mail.to_owned();
    if !slack.is_empty() {
        person.ids.insert("slack".into(), slack.into());
    }
    person
}

/// Slack, PagerDuty and Jira as most people would have them.
pub fn routes() -> Routes {
    let people: People =
        [person("bob", "bob@example.com", "U0BOB"), person("carol", "carol@example.com", "")]
            .into_iter()
            .map(|person| (person.id.clone(), person))
            .collect();
    let people = Arc::new(people);
    let slack = Account {
        name: "slack".into(),
        title: "Slack".into(),
        service: Service::Chat,
        prefix: "inc-".into(),
        invite: true,
        drill: Some("C0DRILL".into()),
        audiences: [("internal", "incident"), ("team/finance", "C0FIN")]
            .map(|(audience, place)| (audience.to_owned(), place.to_owned()))
            .into(),
        commands: vec!["bob".into()],
        people: people.clone(),
        ..Account::default()
    };
    let pagerduty = Account {
        name: "pagerduty".into(),
        title: "PagerDuty".into(),
        service: Service::Paging,
        priorities: [("P1".to_owned(), "P1".to_owned())].into(),
        rungs: [("lead engineer".to_owned(), "PLEAD01".to_owned())].into(),
        people: people.clone(),
        ..Account::default()
    };
    let jira = Account {
        name: "jira".into(),
        title: "Jira".into(),
        service: Service::Tickets,
        follow_ups: true,
        moves: vec!["diagnosing".into(), "closed".into()],
        audiences: [("internal".to_owned(), String::new())].into(),
        people: people.clone(),
        ..Account::default()
    };
    Routes { accounts: vec![slack, pagerduty, jira], people }
}

impl World {
    pub fn declared() -> Self {
        Self::with(routes(), Declared::default())
    }

    pub fn with(routes: Routes, what: Declared) -> Self {
        let room = Room::new(Folded::default(), policy(), host(), true).seeded(7).routed(routes);
        let (calls, kept, refused) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self { log: Log::default(), room, now: start(), calls, kept, refused };
        let title = if what.title.is_empty() { "orders: prices x100".to_owned() } else { what.title.clone() };
        let what = Declared { title, status: Status::Triage, ..what };
        let severity = Some("P1".into());
        world.order("alice", Command::Declare(Declare { what, severity, ..Declare::default() }));
        world
    }

    pub fn order(&mut self, by: &str, command: Command) -> &mut Self {
        let ticket = self.room.ticket();
        let order = Order::new(command, PersonId::new(by));
        self.input(Input::Order(ticket, Box::new(order)));
        self
    }

    pub fn ask(&mut self, line: &str) -> &mut Self {
        self.order("alice", Command::Outside { line: line.into(), file: String::new() })
    }

    pub fn input(&mut self, input: Input) {
        let mut left = VecDeque::from(self.room.handle(input, self.now));
        while let Some(effect) = left.pop_front() {
            match effect {
                Effect::Append(drafts) => {
                    let placed = self.log.write(drafts, self.now);
                    left.extend(self.room.handle(Input::Written(placed), self.now));
                }
                Effect::Deliver(call) | Effect::Find(call) => self.calls.push(*call),
                Effect::Kept { account, cursor } => self.kept.push((account, cursor)),
                Effect::Refused { refusal, .. } => self.refused.push(refusal),
                Effect::Saved { .. } | Effect::Waiting { .. } => {}
            }
        }
    }

    pub fn wait(&mut self, span: Span) -> &mut Self {
        let until = self.now + span;
        while let Some(wake) = self.room.wakes_at(self.now).filter(|wake| *wake <= until) {
            self.now = self.now.max(wake);
            self.input(Input::Tick);
        }
        self.now = until;
        self.input(Input::Tick);
        self
    }

    /// Answers every call, as long as there are any, with what a friendly service would.
    pub fn answer_all(&mut self) -> &mut Self {
        for _ in 0..200 {
            let Some(call) = self.calls.pop() else { break };
            let remote = format!("{}-{}", call.act.client, call.act.number);
            let outcome = Outcome::Confirmed { remote, link: None };
            self.input(Input::Delivered { request: call.act.request, outcome });
        }
        self.calls.clear();
        self
    }

    pub fn answer(&mut self, outcome: Outcome) -> &mut Self {
        let request = self.calls.remove(0).act.request;
        self.input(Input::Delivered { request, outcome });
        self
    }

    pub fn hear(&mut self, news: Vec<News>) -> &mut Self {
        let cursor = news.last().map(|news| news.remote.clone());
        self.input(Input::Heard { account: "slack".into(), batch: Batch { news, cursor, more: false } });
        self
    }

    /// Every request to an account so far: `slack: set the topic`.
    pub fn asked(&self) -> Vec<String> {
        self.requests()
            .iter()
            .map(|request| format!("{}: {}", request.client, says(&request.deed, &request.title)))
            .collect()
    }

    pub fn requests(&self) -> Vec<Requested> {
        let placed = self.log.placed();
        let request = |event: &Event| match event {
            Event::Delivery(warroom::incident::event::DeliveryEvent::Requested(request)) => {
                Some((**request).clone())
            }
            _ => None,
        };
        placed
            .iter()
            .filter_map(|placed| request(&placed.entry.event))
            .filter(|request| request.client != "local")
            .collect()
    }

    /// What was asked since there were this many.
    pub fn asked_since(&self, from: usize) -> Vec<String> {
        self.asked().split_off(from)
    }

    pub fn act(&self, what: &str) -> Act {
        let outbox = self.room.outbox();
        let found = outbox.all().rfind(|act| says(&act.deed, &act.title).contains(what));
        found.unwrap_or_else(|| panic!("{what} was not asked for: {:?}", self.asked())).clone()
    }

    /// How each entry of the timeline reads, with its author, the newest last.
    pub fn timeline(&self) -> Vec<String> {
        let placed = self.log.placed();
        let incident = self.room.incident();
        placed
            .iter()
            .filter(|placed| placed.entry.class().on_timeline() && !incident.is_repeated(&placed.entry))
            .map(|placed| {
                let text = warroom::incident::describe::sentence(incident, &placed.entry);
                format!("{}: {text}", placed.entry.by())
            })
            .collect()
    }

    pub fn entry(&self, remote: &str) -> EntryId {
        self.room.incident().remotes[remote]
    }
}

pub fn said(n: u32, text: &str) -> News {
    news(n, What::Said { text: text.into() })
}

pub fn news(n: u32, what: What) -> News {
    News {
        remote: format!("C1/{n}"),
        at: start() + Span::from_secs(i64::from(n)),
        author: Author {
            remote: "U0BOB".into(),
            name: "Bob M".into(),
            mail: "bob@example.com".into(),
            bot: false,
        },
        link: Some(format!("https://acme.slack.com/archives/C1/p{n}")),
        what,
        echo_of: None,
    }
}
