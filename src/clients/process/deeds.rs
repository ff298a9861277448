//! What the deeds are called between warroom and a client, and an example of each.
//!
//! The examples stand in `sample-data/clients/README.md` word for word, and the conformance suite asks for them.

use chrono::NaiveDate;
use ulid::Ulid;

use crate::incident::event::{ChatDeed, Contact, Deed, PageDeed, TicketDeed};
use crate::incident::{EntryId, PersonId};

/// The post that the examples edit and pin.
pub const A_POST: EntryId = Ulid(0x0192_f3a4_b5c6_0000_0000_0000_0000_0001);
/// The follow-up that the examples open a ticket for.
pub const A_FOLLOW_UP: EntryId = Ulid(0x0192_f3a4_b5c6_0000_0000_0000_0000_0002);

/// The name of a deed, as capabilities list it.
pub const fn name(deed: &Deed) -> &'static str {
    match deed {
        Deed::Record => "record",
        Deed::Chat(deed) => chat(deed),
        Deed::Page(deed) => page(deed),
        Deed::Ticket(deed) => ticket(deed),
    }
}

const fn chat(deed: &ChatDeed) -> &'static str {
    match deed {
        ChatDeed::Open { .. } => "chat.open",
        ChatDeed::Adopt { .. } => "chat.adopt",
        ChatDeed::Topic => "chat.topic",
        ChatDeed::Bookmark { .. } => "chat.bookmark",
        ChatDeed::Invite { .. } => "chat.invite",
        ChatDeed::Post { .. } => "chat.post",
        ChatDeed::Edit { .. } => "chat.edit",
        ChatDeed::Pin { .. } => "chat.pin",
    }
}

const fn page(deed: &PageDeed) -> &'static str {
    match deed {
        PageDeed::Open { .. } => "page.open",
        PageDeed::Take { .. } => "page.take",
        PageDeed::Acknowledge => "page.acknowledge",
        PageDeed::Resolve => "page.resolve",
        PageDeed::Note => "page.note",
        PageDeed::StatusUpdate => "page.status_update",
        PageDeed::Priority { .. } => "page.priority",
        PageDeed::Responders { .. } => "page.responders",
        PageDeed::Escalate { .. } => "page.escalate",
    }
}

const fn ticket(deed: &TicketDeed) -> &'static str {
    match deed {
        TicketDeed::Open { .. } => "ticket.open",
        TicketDeed::Adopt { .. } => "ticket.adopt",
        TicketDeed::Link { .. } => "ticket.link",
        TicketDeed::Comment { .. } => "ticket.comment",
        TicketDeed::Move { .. } => "ticket.move",
        TicketDeed::Assign { .. } => "ticket.assign",
        TicketDeed::Attach { .. } => "ticket.attach",
        TicketDeed::RemoteLink { .. } => "ticket.remote_link",
    }
}

/// One of each, in an order in which they can be carried out: a channel is opened before it is posted in.
pub fn examples() -> Vec<Deed> {
    let chat = chat_examples().into_iter().map(Deed::Chat);
    let page = page_examples().into_iter().map(Deed::Page);
    let ticket = ticket_examples().into_iter().map(Deed::Ticket);
    chat.chain(page).chain(ticket).collect()
}

/// Every name of a deed that a client may list.
pub fn names() -> Vec<&'static str> {
    examples().iter().map(name).collect()
}

fn chat_examples() -> Vec<ChatDeed> {
    vec![
        ChatDeed::Open { name: "inc-20261102-orders-late".into(), private: false },
        ChatDeed::Adopt { channel: "#data-incidents".into() },
        ChatDeed::Topic,
        ChatDeed::Bookmark { name: "Dashboard".into(), url: "https://example.com/d/orders".into() },
        ChatDeed::Invite { who: vec![somebody()] },
        ChatDeed::Post { to: None, thread: None },
        ChatDeed::Edit { post: A_POST },
        ChatDeed::Pin { post: A_POST },
    ]
}

fn page_examples() -> Vec<PageDeed> {
    vec![
        PageDeed::Open { priority: Some("P1".into()) },
        PageDeed::Take { incident: "Q1W2E3".into() },
        PageDeed::Acknowledge,
        PageDeed::Note,
        PageDeed::StatusUpdate,
        PageDeed::Priority { name: "P2".into() },
        PageDeed::Responders { who: vec![somebody()] },
        PageDeed::Escalate { level: Some(2) },
        PageDeed::Resolve,
    ]
}

fn ticket_examples() -> Vec<TicketDeed> {
    let due = NaiveDate::from_ymd_opt(2026, 11, 30);
    vec![
        TicketDeed::Open { follow_up: None, severity: Some("SEV2".into()), owner: None, due: None },
        TicketDeed::Open { follow_up: Some(A_FOLLOW_UP), severity: None, owner: Some(somebody()), due },
        TicketDeed::Adopt { follow_up: None, key: "DATA-17".into() },
        TicketDeed::Link { follow_up: A_FOLLOW_UP },
        TicketDeed::Comment { follow_up: None },
        TicketDeed::Move { follow_up: None, to: "diagnosing".into() },
        TicketDeed::Assign { follow_up: None, who: somebody() },
        TicketDeed::Attach { name: "timeline.md".into() },
        TicketDeed::RemoteLink { url: "https://example.com/incidents/7".into() },
    ]
}

fn somebody() -> Contact {
    Contact {
        id: PersonId::new("ann"),
        name: "Ann Lee".into(),
        mail: "ann@example.com".into(),
        remote: Some("@ann:example.com".into()),
    }
}
