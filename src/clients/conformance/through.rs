//! The promises of every client, asked for through the trait.

use tokio::time::timeout;

use super::{Repeat, Trial, World, judged};
use crate::clients::process::deeds;
use crate::clients::{Call, Client, Probe};
use crate::incident::event::{FailureClass, Listen};
use crate::outbox::Outcome;
use crate::outbox::news::Pull;

/// Numbers of acts that are never sent, after those of the trials.
const NEVER_SENT: usize = 1000;

const DELIVER: &str = "deliver answers Confirmed with the remote's id, or says why not";
const AGAIN: &str = "the op id must go with the call, so that a second one changes nothing";
const FIND: &str = "find must know an act by its op id, and never guess";
const EARLY: &str = "a deed whose place is not known is Permanent, and nothing is sent";

/// Asks for each trial of the world, twice where that is promised to be harmless, and for what comes with every client.
pub async fn check(client: &dyn Client, world: &World) -> Vec<Probe> {
    let mut world = world.clone();
    let mut found = probed(client).await;
    for (number, trial) in world.trials.clone().iter().enumerate() {
        found.extend(tried(client, &mut world, number, trial).await);
        found.extend(never_sent(client, &world, number, trial).await);
        found.extend(too_early(client, &world, number, trial).await);
    }
    found.push(pulled(client, &world).await);
    found.push(directory(client).await);
    found
}

async fn probed(client: &dyn Client) -> Vec<Probe> {
    match timeout(client.patience(), client.probe()).await {
        Ok(probes) if probes.is_empty() => {
            vec![Probe::fails("probe", "it says nothing", "say at least whether the account works")]
        }
        Ok(probes) => probes,
        Err(_) => vec![late("probe", client)],
    }
}

async fn tried(client: &dyn Client, world: &mut World, number: usize, trial: &Trial) -> Vec<Probe> {
    let call = world.call(number, trial);
    let name = deeds::name(call.deed());
    let first = remote_of(delivered(client, &call).await);
    let mut found = vec![judged(format!("deliver {name}"), first.clone(), DELIVER)];
    let Ok(remote) = first else { return found };
    if trial.repeat == Repeat::Native {
        let again = same(remote_of(delivered(client, &call).await), &remote);
        found.push(judged(format!("deliver {name} twice"), again, AGAIN));
    }
    found.push(judged(format!("find {name}"), sought(client, &call, trial.repeat, &remote).await, FIND));
    world.learn(&call, &remote);
    found
}

async fn sought(client: &dyn Client, call: &Call, repeat: Repeat, remote: &str) -> Result<String, String> {
    match (repeat, found(client, call).await?) {
        (_, Outcome::Confirmed { remote: there, .. }) => same(Ok(there), remote),
        (Repeat::None, Outcome::CannotTell { message }) => {
            Ok(format!("it says that it cannot tell: {message}"))
        }
        (Repeat::Native, Outcome::NotThere) => Ok("it may be sent again".to_owned()),
        (_, other) => Err(format!("it has just confirmed {remote}, and now it answers {}", said(&other))),
    }
}

async fn never_sent(client: &dyn Client, world: &World, number: usize, trial: &Trial) -> Option<Probe> {
    let call = world.call(NEVER_SENT + number, trial);
    let name = deeds::name(call.deed());
    // Of a state that is set, or of a thing that is adopted, it may rightly be said that it is so.
    if !makes_anew(name) {
        return None;
    }
    let verdict = match found(client, &call).await {
        Ok(Outcome::NotThere) => Ok("it is not there".to_owned()),
        Ok(Outcome::CannotTell { .. }) => Ok("it cannot tell".to_owned()),
        // A search that lags behind is asked again.
        Ok(Outcome::Failed { class: FailureClass::Unknown, message, retry_after: Some(_) }) => Ok(message),
        // Such as: the name is taken by another.
        Ok(Outcome::Failed { class: FailureClass::Permanent, message, .. }) => Ok(message),
        Ok(other) => Err(format!("it was never sent, and the answer is {}", said(&other))),
        Err(why) => Err(why),
    };
    Some(judged(format!("find {name} that was never sent"), verdict, FIND))
}

pub(super) fn makes_anew(name: &str) -> bool {
    matches!(name, "chat.open" | "chat.post" | "page.open" | "page.note" | "ticket.open" | "ticket.comment")
}

async fn too_early(client: &dyn Client, world: &World, number: usize, trial: &Trial) -> Option<Probe> {
    let mut call = world.call(2 * NEVER_SENT + number, trial);
    if call.needs.iter().all(Option::is_none) {
        return None;
    }
    call.needs = [None, None];
    let verdict = match delivered(client, &call).await {
        Ok(Outcome::Failed { class: FailureClass::Permanent, message, .. }) => Ok(message),
        Ok(other) => Err(format!("its place is not known, and the answer is {}", said(&other))),
        Err(why) => Err(why),
    };
    Some(judged(format!("deliver {} without its place", deeds::name(call.deed())), verdict, EARLY))
}

async fn pulled(client: &dyn Client, world: &World) -> Probe {
    let places = world.places.iter().map(|(slot, remote)| (*slot, remote.clone())).collect();
    let pull = Pull { places, cursor: None, since: world.now, now: world.now, listen: Listen::All };
    match timeout(client.patience(), client.pull(&pull)).await {
        Ok(Ok(batch)) => Probe::ok("pull", format!("{} pieces of news", batch.news.len())),
        Ok(Err(trouble)) => Probe::fails("pull", trouble.message, "news since a cursor, or none"),
        Err(_) => late("pull", client),
    }
}

async fn directory(client: &dyn Client) -> Probe {
    match timeout(client.patience(), client.directory()).await {
        Ok(Ok(directory)) => Probe::ok("directory", format!("{} people", directory.people.len())),
        Ok(Err(trouble)) => Probe::fails("directory", trouble.message, "who is who, or nobody"),
        Err(_) => late("directory", client),
    }
}

async fn delivered(client: &dyn Client, call: &Call) -> Result<Outcome, String> {
    timeout(client.patience(), client.deliver(call)).await.map_err(|_| too_late(client))
}

async fn found(client: &dyn Client, call: &Call) -> Result<Outcome, String> {
    timeout(client.patience(), client.find(call)).await.map_err(|_| too_late(client))
}

fn remote_of(outcome: Result<Outcome, String>) -> Result<String, String> {
    match outcome? {
        Outcome::Confirmed { remote, .. } if !remote.is_empty() => Ok(remote),
        // That it had been done before is a success; its message is the remote's id.
        Outcome::Failed { class: FailureClass::AlreadyDone, message, .. } if !message.is_empty() => {
            Ok(message)
        }
        other => Err(format!("it answers {}", said(&other))),
    }
}

fn same(again: Result<String, String>, first: &str) -> Result<String, String> {
    let again = again?;
    if again == first {
        Ok(format!("{first} both times"))
    } else {
        Err(format!("first {first}, then {again}"))
    }
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Confirmed { remote, .. } => format!("confirmed {remote:?}"),
        Outcome::Failed { class, message, .. } => format!("{class:?}: {message}").to_lowercase(),
        Outcome::NotThere => "not there".to_owned(),
        Outcome::CannotTell { message } => format!("cannot tell: {message}"),
    }
}

fn too_late(client: &dyn Client) -> String {
    format!("no answer within {} s", client.patience().as_secs())
}

fn late(what: &str, client: &dyn Client) -> Probe {
    Probe::fails(what, too_late(client), "every call must end within the client's patience")
}
