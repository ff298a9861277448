//! What stands in the list of whom to call, in its order.

use crate::incident::Time;
use crate::incident::deadline::{Receipt, RungState, receipts, rungs};
use crate::outbox::directory::OnCall;
use crate::policy::Contact;
use crate::tui::scene::{Ctx, Scene};

/// One thing that can be selected.
pub enum Thing {
    Rung(RungState),
    /// Somebody who is told, and how to reach them.
    Receipt {
        receipt: Receipt,
        contact: Option<Contact>,
    },
    Contact {
        place: usize,
        contact: Contact,
    },
    /// Somebody on call at a connected service, as it was known at `at`.
    OnCall {
        account: String,
        on_call: OnCall,
        at: Time,
    },
    /// A reason to escalate.
    Trigger {
        place: usize,
        text: String,
    },
    /// The inventory of what fails how often, and its length.
    Failures(usize),
}

impl Thing {
    /// A name that stays, whatever comes before it.
    pub fn id(&self) -> String {
        match self {
            Thing::Rung(rung) => rung.id.clone(),
            Thing::Receipt { receipt, .. } => receipt.id.clone(),
            Thing::Contact { place, .. } => format!("contact/{place}"),
            Thing::OnCall { account, on_call, .. } => {
                format!("on-call/{account}/{}/{}/{}", on_call.ladder, on_call.level, on_call.who.remote)
            }
            Thing::Trigger { place, .. } => format!("when/{place}"),
            Thing::Failures(_) => "failures".to_owned(),
        }
    }

    /// Where it stands.
    pub const fn section(&self) -> Section {
        match self {
            Thing::Rung(_) => Section::Ladder,
            Thing::Receipt { .. } => Section::Told,
            Thing::Contact { .. } => Section::Contacts,
            Thing::OnCall { .. } => Section::OnCall,
            Thing::Trigger { .. } => Section::When,
            Thing::Failures(_) => Section::Failures,
        }
    }

    pub fn contact(&self) -> Option<&Contact> {
        match self {
            Thing::Rung(rung) => rung.contact.as_ref(),
            Thing::Receipt { contact, .. } => contact.as_ref(),
            Thing::Contact { contact, .. } => Some(contact),
            Thing::OnCall { .. } | Thing::Trigger { .. } | Thing::Failures(_) => None,
        }
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Section {
    Ladder,
    Told,
    Contacts,
    OnCall,
    When,
    Failures,
}

/// Everything, the ladder first; contacts by level, those outside last.
pub fn things(ctx: &Ctx, scene: &Scene) -> Vec<Thing> {
    let policy = scene.policy(ctx);
    let mut all: Vec<Thing> = rungs(scene.incident).into_iter().map(Thing::Rung).collect();
    all.extend(receipts(scene.incident).into_iter().map(|receipt| {
        let contact = policy.contact(&receipt.who).cloned();
        Thing::Receipt { receipt, contact }
    }));
    let mut contacts: Vec<(usize, &Contact)> = policy.contacts.iter().enumerate().collect();
    contacts.sort_by_key(|(place, contact)| (contact.level.is_empty(), contact.level.as_str(), *place));
    all.extend(
        contacts.into_iter().map(|(place, contact)| Thing::Contact { place, contact: contact.clone() }),
    );
    for (account, kept) in
        scene.accounts.iter().filter_map(|(name, heard)| Some((name, heard.directory.as_ref()?)))
    {
        let on_call = kept.directory.on_call.iter().cloned();
        all.extend(on_call.map(|on_call| Thing::OnCall { account: account.clone(), on_call, at: kept.at }));
    }
    let triggers = policy.escalate_when.iter().enumerate();
    all.extend(triggers.map(|(place, text)| Thing::Trigger { place, text: text.clone() }));
    if !policy.failures.is_empty() {
        all.push(Thing::Failures(policy.failures.len()));
    }
    all
}
