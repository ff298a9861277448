//! `warroom tail`: the newest entries, and with `-f` every further one as it arrives.

use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use clap::Args;

use super::desk::{Desk, Found};
use super::fail::{Done, Fail};
use super::print::dated_row;
use crate::incident::{Class, Entry};
use crate::journal::Follower;
use crate::report::export::{is_story, shape};
use crate::runtime::headless::Session;

/// A look without being told to, should a change have been told too early.
const LOOK_ANYWAY: Duration = Duration::from_secs(5);

/// Print the newest entries in the order they were recorded; -f waits for more
#[derive(Args)]
pub struct TailArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// Go on with new entries as they arrive, until the reader closes or Ctrl-C
    #[arg(long, short)]
    follow: bool,
    /// How many entries to begin with
    #[arg(long, short = 'n', default_value_t = 10)]
    lines: usize,
}

impl TailArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let found = desk.which(self.reference.as_deref())?;
        let (tell, told) = sync_channel(1);
        // Watching begins before reading, so that nothing falls in between.
        let follower = if self.follow { Some(watch(&found, tell)?) } else { None };
        let mut session = desk.reader(&found)?;
        let log = session.log()?;
        for entry in log.iter().skip(log.len().saturating_sub(self.lines)) {
            print(desk, &session, entry)?;
        }
        desk.out.flush()?;
        if follower.is_some() {
            loop {
                let _ = told.recv_timeout(LOOK_ANYWAY);
                news(desk, &mut session)?;
            }
        }
        Ok(())
    }
}

fn watch(found: &Found, tell: std::sync::mpsc::SyncSender<()>) -> Done<Follower> {
    let on_change = move || {
        // A full channel already holds a change that was not looked at yet.
        let _ = tell.try_send(());
    };
    let follower = Follower::start(&found.path, on_change);
    follower
        .map_err(|error| Fail::refused(format!("changes cannot be followed: {error}"), "use tail without -f"))
}

fn news(desk: &mut Desk, session: &mut Session) -> Done {
    for placed in session.catch_up()? {
        print(desk, session, &placed.entry)?;
    }
    desk.out.flush()
}

fn print(desk: &mut Desk, session: &Session, entry: &Arc<Entry>) -> Done {
    // Each step of a delivery is in `sync status`.
    if !desk.json && entry.class() == Class::Delivery && !is_story(entry) {
        return Ok(());
    }
    let incident = session.incident();
    match desk.json {
        true => desk.out.json(&shape::entry(incident, entry)),
        false => desk.out.line(&dated_row(incident, entry, desk.zone)),
    }
}
