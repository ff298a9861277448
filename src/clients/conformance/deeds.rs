//! Every deed that a program says it can do, asked for by the letter of the protocol.

use super::calls::{Trial, World};
use super::talk::{Bench, Talk};
use super::through::makes_anew;
use super::{Repeat, judged};
use crate::clients::process::deeds::{examples, name};
use crate::clients::process::wire::{Ask, Done, Hello, Reply, Wanted};
use crate::clients::{Call, Probe};

const DELIVER: &str = "answer {\"id\":…,\"ok\":{\"remote\":…}} before the deadline";
const AGAIN: &str =
    "idempotency says native: the same op_id must bring back the same remote, and nothing new";
const FIND: &str = "idempotency says lookup: find must answer found, with the remote of the deed";
const NEVER: &str = "find answers found only where the remote carries this op_id; else missing, or unclear";

/// The trials of a program: an example of each deed that it lists, with what it promises.
pub fn trials(hello: &Hello) -> Vec<Trial> {
    let listed = |deed: &_| hello.capabilities.iter().any(|capability| capability == name(deed));
    let promised = |deed: &_| hello.idempotency.get(name(deed)).copied().unwrap_or_default();
    examples().into_iter().filter(listed).map(|deed| Trial::new(deed.clone(), promised(&deed))).collect()
}

/// One after the other; a program that breaks over one of them is started anew for the next.
pub async fn tried(bench: &Bench, hello: &Hello) -> Vec<Probe> {
    let trials = trials(hello);
    let mut world = World::dry(bench.now, bench.first, trials.clone());
    let mut found = Vec::new();
    let mut talk = None;
    for (number, trial) in trials.iter().enumerate() {
        let mut running = match talk.take() {
            Some(talk) => talk,
            None => match Talk::ready(bench).await {
                Ok((talk, _)) => talk,
                Err(why) => {
                    return [
                        found,
                        vec![judged("start", Err(why), "it must start as often as it is asked to")],
                    ]
                    .concat();
                }
            },
        };
        let call = world.call(number, trial);
        let probes = one(&mut running, &call, trial.repeat, &mut world).await;
        running.look_at_processes();
        if probes.iter().all(|probe| probe.works) {
            talk = Some(running);
        }
        found.extend(probes);
    }
    found
}

async fn one(talk: &mut Talk, call: &Call, repeat: Repeat, world: &mut World) -> Vec<Probe> {
    let what = name(call.deed());
    let first = talk.ask(Ask::Deliver(wanted(call))).await.and_then(|reply| done(&reply, call));
    let mut found = vec![judged(format!("deliver {what}"), first.clone(), DELIVER)];
    let Ok(remote) = first else { return found };
    world.learn(call, &remote);
    if repeat == Repeat::Native {
        let again = talk.ask(Ask::Deliver(wanted(call))).await.and_then(|reply| done(&reply, call));
        found.push(judged(format!("{what} with the same op_id"), same(again, &remote), AGAIN));
    }
    if repeat != Repeat::None {
        let sought =
            talk.ask(Ask::Find(wanted(call))).await.and_then(|reply| found_again(&reply, repeat, &remote));
        found.push(judged(format!("find {what}"), sought, FIND));
        found.push(judged(format!("find {what} that was never sent"), never_sent(talk, call).await, NEVER));
    }
    found
}

async fn never_sent(talk: &mut Talk, call: &Call) -> Result<String, String> {
    let mut wanted = wanted(call);
    wanted.op_id = "01NEVERSENTNEVERSENTNEVERS".to_owned();
    let reply = talk.ask(Ask::Find(wanted)).await?;
    match (reply.found, reply.missing, reply.unclear, reply.err) {
        (Some(done), ..) if makes_anew(name(call.deed())) => Err(format!("it has found {:?}", done.remote)),
        (Some(_), ..) => Ok("the state is as asked".to_owned()),
        (_, Some(true), ..) => Ok("it is missing".to_owned()),
        (_, _, Some(_), _) => Ok("it is unclear".to_owned()),
        (.., Some(fault)) => Ok(fault.message),
        _ => Err("it answers neither found, missing, unclear nor err".to_owned()),
    }
}

fn done(reply: &Reply, call: &Call) -> Result<String, String> {
    if let Some(fault) = &reply.err {
        return Err(format!("it answers {:?}: {}", fault.class, fault.message));
    }
    let ok = reply.ok.clone().ok_or("it answers neither ok nor err")?;
    let done: Done = serde_json::from_value(ok).map_err(|error| error.to_string())?;
    if done.remote.is_empty() && call.deed().makes(call.act.request).is_some() {
        return Err("it gives no remote, and later deeds are about it".to_owned());
    }
    Ok(done.remote)
}

fn same(again: Result<String, String>, first: &str) -> Result<String, String> {
    let again = again?;
    if again == first {
        Ok(format!("{first} both times"))
    } else {
        Err(format!("first {first}, then {again}"))
    }
}

fn found_again(reply: &Reply, repeat: Repeat, remote: &str) -> Result<String, String> {
    match (&reply.found, repeat) {
        (Some(done), _) => same(Ok(done.remote.clone()), remote),
        (None, Repeat::Native) => Ok("it does not look: a repeat is harmless".to_owned()),
        (None, _) => Err("it does not find what it has just done".to_owned()),
    }
}

pub fn wanted(call: &Call) -> Box<Wanted> {
    let [place, other] = call.needs.clone();
    let act = &call.act;
    Box::new(Wanted {
        op_id: call.op(),
        name: name(&act.deed),
        deed: act.deed.clone(),
        place,
        other,
        title: act.title.clone(),
        body: act.body.clone(),
        drill: call.drill,
        attempt: act.attempts,
        requested_at: act.requested_at,
        attempted_at: act.attempted_at,
    })
}
