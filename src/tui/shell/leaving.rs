//! Leaving a room, for home, for another or for good: nothing in line and nothing typed is lost on the way.

use std::sync::atomic::Ordering;
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use super::{Arrival, Shell};
use crate::runtime::clock;
use crate::runtime::live::Report;
use crate::tui::app::Input;
use crate::tui::msg::Tone;

/// How long leaving waits for a disk that saves. What is not saved by then is kept among the drafts.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often it is asked whether another process still delivers.
const TAKE_OVER: Duration = Duration::from_secs(3);
/// How often a reporting thread tries a full channel again.
const FULL_CHANNEL_PAUSE: Duration = Duration::from_millis(2);

impl Shell {
    /// Leaves the room once everything in line is saved.
    pub(super) fn leave_room(&mut self) {
        self.settle();
        if let Err(why) = self.keep_drafts() {
            self.say(Tone::Warning, format!("what was typed could not be kept: {why}"));
        }
        self.end_runtime();
        self.input(Input::Left);
    }

    /// Waits until what is in line is saved, unless the journal is in trouble. Keys that come meanwhile wait.
    pub(super) fn settle(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.app.live().is_some_and(|live| live.trouble.is_none() && live.unsaved() > 0) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.queue.recv_timeout(left) {
                Ok(Arrival::Live(room, report)) if room == self.room_number() => self.report(report),
                Ok(other) => self.held.push_back(other),
                Err(_) => return,
            }
        }
    }

    /// Has what is typed written, and waits for it.
    pub(super) fn keep_drafts(&mut self) -> Result<(), String> {
        if let Some((incident, drafts)) = self.app.drafts() {
            self.drafts.touch(clock::now(), incident, drafts);
        }
        self.drafts.flush()
    }

    /// Ends the threads of the room: its reports are dropped from now on.
    pub(super) fn end_runtime(&mut self) {
        self.entered.fetch_add(1, Ordering::SeqCst);
        self.heard = 0;
        self.live = None;
    }

    /// Tells the outside and hears from it, when nobody else on this machine does any more. Looked at now and then: whoever
    /// did it may have gone without a word.
    pub(super) fn take_over_delivery(&mut self) {
        if self.app.live().is_none_or(|live| live.room.delivers()) {
            return;
        }
        if self.asked_lock.is_some_and(|asked| asked.elapsed() < TAKE_OVER) {
            return;
        }
        self.asked_lock = Some(Instant::now());
        if self.live.as_mut().is_some_and(|runtime| runtime.takes_over_delivery()) {
            self.input(Input::Delivers);
            self.want_news();
        }
    }

    pub(super) fn room_number(&self) -> u64 {
        self.entered.load(Ordering::SeqCst)
    }

    /// Carries reports of the room that is entered next into the loop. It never holds a thread back for a room
    /// that was left: whoever waits for that thread would wait for ever.
    pub(super) fn reporter(&self) -> impl Fn(Report) + Send + Sync + Clone + 'static {
        self.reporter_of(self.room_number() + 1)
    }

    /// The same for the room that is open.
    pub(super) fn reporter_now(&self) -> impl Fn(Report) + Send + Sync + Clone + 'static {
        self.reporter_of(self.room_number())
    }

    fn reporter_of(&self, number: u64) -> impl Fn(Report) + Send + Sync + Clone + 'static {
        let (entered, arrivals) = (self.entered.clone(), self.arrivals.clone());
        move |report| {
            let mut arrival = Arrival::Live(number, report);
            while entered.load(Ordering::SeqCst) <= number {
                match arrivals.try_send(arrival) {
                    Ok(()) | Err(TrySendError::Disconnected(_)) => return,
                    Err(TrySendError::Full(back)) => arrival = back,
                }
                std::thread::sleep(FULL_CHANNEL_PAUSE);
            }
        }
    }
}
