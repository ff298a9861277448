//! `warroom sync`: what still has to be told outside, and what a person decides about it.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::desk::{Desk, Found};
use super::fail::{Done, Fail, REFUSED};
use super::orders::Orders;
use super::print::{self, padded, short_id};
use crate::incident::command::DeliveryCommand;
use crate::incident::event::FailureClass;
use crate::incident::{Command, EntryId, HostId, Time};
use crate::outbox::routes::{Account, silent_for};
use crate::outbox::wishes::in_words;
use crate::outbox::{Act, LOCAL, Outbox, SEEN, State};
use crate::runtime::clock;
use crate::runtime::crew::Cursors;
use crate::runtime::headless::{Delivery, Session};

/// How long another command may hold the delivery lock before it is taken for an open console.
const PATIENCE: Duration = Duration::from_secs(1);

/// Show the outbox, try it now, or decide about a delivery that needs you
#[derive(Args)]
pub struct SyncArgs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Subcommand)]
enum Verb {
    /// Each account and each open delivery (default); exits with 1 when one needs you
    Status {
        /// Those that are over too
        #[arg(long)]
        all: bool,
    },
    /// Try what is due now, and take in what happened there; with --wait until all of it is done
    Now,
    /// Ask who is who and who is on call, and keep it for when nothing can be asked (`warroom contacts` shows it)
    OnCall,
    /// Send it (again): what kept it back is mended, or it is certainly not there
    Retry {
        /// Its id, as `sync status` shows it
        id: String,
    },
    /// Look for it again before anything is sent
    Find {
        /// Its id, as `sync status` shows it
        id: String,
    },
    /// Put other words in it; they are sent instead
    Edit {
        /// Its id, as `sync status` shows it
        id: String,
        /// Its heading, or the name that it gives: of a channel, a ticket, a person
        #[arg(long)]
        title: Option<String>,
        /// Its text
        #[arg(long)]
        body: Option<String>,
    },
    /// It did arrive: somebody has seen it
    Arrived {
        /// Its id, as `sync status` shows it
        id: String,
        /// The service's own id or the address of it
        #[arg(long, default_value = "", hide_default_value = true)]
        remote: String,
    },
    /// Give it up
    Drop {
        /// Its id, as `sync status` shows it
        id: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Carry out from here what another host has asked for
    TakeOver {
        /// Its id, as `sync status` shows it
        host: String,
    },
}

impl SyncArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        desk.afterwards();
        match self.verb.unwrap_or(Verb::Status { all: false }) {
            Verb::Status { all } => status(desk, all),
            Verb::Now => now(desk),
            Verb::OnCall => on_call(desk),
            verb => decide(desk, verb),
        }
    }
}

fn decide(desk: &mut Desk, verb: Verb) -> Done {
    let mut orders = Orders::to(desk, None)?;
    let outbox = orders.session.room().outbox();
    let command = match verb {
        Verb::Retry { id } => DeliveryCommand::Retry { request: named(outbox, &id)? },
        Verb::Find { id } => DeliveryCommand::Seek { request: named(outbox, &id)? },
        Verb::Edit { id, title, body } => {
            let request = named(outbox, &id)?;
            let act = outbox.get(request);
            let old = |get: fn(&Act) -> &String| act.map(|act| get(act).clone()).unwrap_or_default();
            let title = title.or_else(|| act.map(Act::heading)).unwrap_or_default();
            DeliveryCommand::Reword { request, title, body: body.unwrap_or_else(|| old(|act| &act.body)) }
        }
        Verb::Arrived { id, remote } => {
            let remote = if remote.is_empty() { SEEN.to_owned() } else { remote };
            DeliveryCommand::Confirm { request: named(outbox, &id)?, remote, link: None }
        }
        Verb::Drop { id, reason } => DeliveryCommand::Drop { request: named(outbox, &id)?, reason },
        Verb::TakeOver { host } => DeliveryCommand::TakeOver { from: other_host(outbox, &host)? },
        Verb::Status { .. } | Verb::Now | Verb::OnCall => return Ok(()),
    };
    orders.give(Command::Delivery(command))?;
    orders.desk.owes(&orders.found);
    orders.say()
}

fn named(outbox: &Outbox, id: &str) -> Done<EntryId> {
    let wanted = id.trim().to_ascii_uppercase();
    let hits: Vec<EntryId> =
        outbox.all().map(|act| act.request).filter(|id| super::desk::id_matches(*id, &wanted)).collect();
    match hits.as_slice() {
        [one] => Ok(*one),
        [] => Err(Fail::refused(format!("no delivery is named {id:?}"), "see `warroom sync status --all`")),
        many => {
            Err(Fail::refused(format!("{} deliveries are named {id:?}", many.len()), "give more of the id"))
        }
    }
}

fn other_host(outbox: &Outbox, host: &str) -> Done<HostId> {
    let known: Vec<HostId> = outbox.open().map(|act| act.host).collect();
    let named = host.parse::<HostId>().ok().filter(|host| known.contains(host));
    named.ok_or_else(|| {
        Fail::refused(format!("no open delivery is of a host {host:?}"), "see `warroom sync status`")
    })
}

fn on_call(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let mut session = desk.session(&found)?;
    let wrong = session.ask_who_is_who(&desk.paths.cache());
    for (account, trouble) in &wrong {
        super::out::complain(&format!("{account} does not say who is who: {trouble}"));
    }
    for line in super::contacts::on_call_lines(desk, clock::now()) {
        desk.out.line(&line)?;
    }
    if wrong.is_empty() { Ok(()) } else { Err(Fail::Code(REFUSED)) }
}

fn now(desk: &mut Desk) -> Done {
    let found = desk.which(None)?;
    let mut session = desk.session(&found)?;
    let left_to_another = deliver(desk, &mut session)? == Delivery::LeftToAnother;
    let cursors = Cursors::new(&desk.paths.cache(), found.id);
    for (account, trouble) in session.hear(PATIENCE, &cursors)? {
        super::out::complain(&format!("{account} cannot be heard: {trouble}"));
    }
    if left_to_another && !desk.json {
        desk.out.line("an open console delivers it")?;
    }
    let waits = session.room().outbox().open().count();
    show(desk, &found, &session, false)?;
    // Whoever waited for the end of it is told that it is not there.
    if desk.wait.is_some() && waits > 0 { Err(Fail::Code(REFUSED)) } else { Ok(()) }
}

/// Once, or with `--wait` until nothing can be done any more or the time is over.
pub fn deliver(desk: &Desk, session: &mut Session) -> Done<Delivery> {
    Ok(match desk.wait {
        Some(secs) => session.deliver_for(PATIENCE, Duration::from_secs(secs))?,
        None => session.deliver(PATIENCE)?,
    })
}

fn status(desk: &mut Desk, all: bool) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    show(desk, &found, &session, all)
}

fn show(desk: &mut Desk, found: &Found, session: &Session, all: bool) -> Done {
    let (outbox, now) = (session.room().outbox(), clock::now());
    let accounts = desk.routes().accounts.clone();
    let acts: Vec<&Act> = outbox.all().filter(|act| all || !act.state.is_settled()).collect();
    if desk.json {
        let accounts: Vec<Value> =
            accounts.iter().map(|account| account_shape(account, outbox, now)).collect();
        let acts: Vec<Value> = acts.iter().map(|act| act_shape(act)).collect();
        desk.out
            .json(&json!({ "incident": print::found(found), "accounts": accounts, "deliveries": acts }))?;
    } else {
        if accounts.is_empty() {
            desk.out
                .line("no account is connected: updates are kept in the local record (`warroom connect`)")?;
        }
        for account in &accounts {
            let line = account_line(account, outbox, now);
            desk.out.line(&line)?;
        }
        for act in &acts {
            let line = act_line(desk, outbox, act);
            desk.out.line(&line)?;
        }
    }
    if outbox.open().any(|act| outbox.needs_person(act)) { Err(Fail::Code(REFUSED)) } else { Ok(()) }
}

fn account_line(account: &Account, outbox: &Outbox, now: Time) -> String {
    let places: Vec<String> = outbox
        .places(&account.name)
        .filter(|(slot, _)| !matches!(slot, crate::incident::event::Slot::Post(_)))
        .map(|(_, place)| place.link.clone().unwrap_or_else(|| place.remote.clone()))
        .collect();
    let place = if places.is_empty() { String::new() } else { format!("  {}", places.join(" ")) };
    format!("{}  {}{place}", padded(&account.title, 12), light(account, outbox, now))
}

/// How an account stands, in a few words.
pub fn light(account: &Account, outbox: &Outbox, now: Time) -> String {
    crate::report::outside::light(account, outbox, None, now).text
}

fn account_shape(account: &Account, outbox: &Outbox, now: Time) -> Value {
    let places: Vec<Value> = outbox
        .places(&account.name)
        .map(|(slot, place)| json!({ "slot": slot, "remote": place.remote, "link": place.link }))
        .collect();
    let waiting = outbox.open().filter(|act| act.client == account.name).count();
    json!({
        "name": account.name,
        "says": light(account, outbox, now),
        "read_only": account.read_only,
        "waiting": waiting,
        "oldest_s": silent_for(outbox, &account.name, now).map(|span| span.secs()),
        "places": places,
    })
}

/// `a1b2c3  Slack        waiting    post: …`
pub fn act_line(desk: &Desk, outbox: &Outbox, act: &Act) -> String {
    let title = desk.routes().get(&act.client).map_or(act.client.clone(), |account| account.title.clone());
    let what = in_words(&act.deed, &act.title, &act.body);
    let state = match &act.state {
        State::Stuck { .. } => "NEEDS YOU",
        State::Waiting { .. } if outbox.needs_person(act) => "NEEDS YOU",
        State::Waiting { .. } if outbox.behind(act).is_some() => "behind one",
        state => state.name(),
    };
    let more = match &act.state {
        State::Confirmed { remote, link, .. } => format!("  {}", link.as_ref().unwrap_or(remote)),
        State::Failing { from, message } => format!("  {message}; next try {}", print::hm(*from, desk.zone)),
        _ => outbox.message(act).map(|message| format!("  {message}")).unwrap_or_default(),
    };
    let advice = advice(act).map(|advice| format!(" ({advice})")).unwrap_or_default();
    format!("{}  {}  {}  {what}{more}{advice}", short_id(act.request), padded(&title, 10), padded(state, 10))
}

/// What a person can do about it.
fn advice(act: &Act) -> Option<String> {
    let id = short_id(act.request);
    let State::Stuck { class, .. } = &act.state else { return None };
    Some(match class {
        FailureClass::Unknown => format!("look, then `sync arrived {id}` or `sync retry {id}`"),
        FailureClass::Auth => format!("mend the account, then `sync retry {id}`"),
        _ => format!("`sync edit {id}`, `sync retry {id}` or `sync drop {id}`"),
    })
}

pub fn act_shape(act: &Act) -> Value {
    let (remote, link) = match &act.state {
        State::Confirmed { remote, link, .. } => (Some(remote), link.as_ref()),
        _ => (None, None),
    };
    json!({
        "request": act.request,
        "client": act.client,
        "lane": act.lane,
        "what": in_words(&act.deed, &act.title, &act.body),
        "state": act.state.name(),
        "message": act.state.message(),
        "attempts": act.attempts,
        "requested_at": act.requested_at,
        "host": act.host,
        "remote": remote,
        "link": link,
    })
}

/// After a command: what it asks of the outside is tried once, or with `--wait` until it is done. The command itself is saved
/// and said by then.
pub fn afterwards(desk: &mut Desk, path: &std::path::Path) -> Done {
    let mut session = desk.session_at(path)?;
    let ours: Vec<EntryId> = remote_acts(session.room().outbox()).map(|act| act.request).collect();
    if ours.is_empty() {
        return Ok(());
    }
    let delivery = deliver(desk, &mut session)?;
    for id in ours {
        let Some(act) = session.room().outbox().get(id) else { continue };
        let line = act_line(desk, session.room().outbox(), act);
        match &act.state {
            State::Confirmed { .. } | State::Superseded { .. } if desk.json || desk.wait.is_none() => {}
            State::Confirmed { .. } | State::Superseded { .. } => desk.out.line(&line)?,
            State::Waiting { .. } if delivery == Delivery::LeftToAnother => {}
            _ => super::out::complain(&line),
        }
    }
    let needs_person = remote_acts(session.room().outbox()).any(|act| act.state.needs_person());
    if needs_person && desk.wait.is_some() { Err(Fail::Code(REFUSED)) } else { Ok(()) }
}

fn remote_acts(outbox: &Outbox) -> impl Iterator<Item = &Act> {
    outbox.open().filter(|act| act.client != LOCAL)
}
