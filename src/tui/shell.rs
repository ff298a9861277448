//! The console's loop and everything that it does to the world: terminal, files, threads, children.
//!
//! One thread handles input, draws and sleeps until the next key, report or visible change; it never
//! waits for a disk or a network. Start at [`run`], then [`Shell::turn`].

mod effects;
mod leaving;
mod places;
mod setup;

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crossterm::event::Event as TermEvent;
use ratatui::layout::Rect;

use super::app::{App, Effect, Input};
use super::input::InputReader;
use super::msg::Tone;
use super::terminal::{self, Signal, TerminalGuard, watch_signals};
use crate::config::{Paths, Settings};
use crate::incident::{HostId, Span, Time};
use crate::journal::Home as IncidentHome;
use crate::room::Input as RoomInput;
use crate::runtime::cache::Keeper;
use crate::runtime::clock;
use crate::runtime::crew::Kind;
use crate::runtime::drafts::DraftSaver;
use crate::runtime::live::{LiveRuntime, Report};

/// Events that may wait for the loop. A full channel holds the senders back.
const QUEUE: usize = 1024;
/// Most events taken in before a frame is drawn.
const MOST_AT_ONCE: usize = 4096;
/// Least milliseconds between two frames that no key asked for.
const FRAME_MS: i64 = 16;

/// How the console is opened.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// An incident to open at once.
    pub open: Option<String>,
    /// A past incident to replay at once; empty: choose one.
    pub replay: Option<String>,
    /// Who I am, before the setting.
    pub as_: Option<String>,
}

/// What reaches the loop.
pub(super) enum Arrival {
    Terminal(TermEvent),
    Signal(Signal),
    /// Of the room with this number: a report of a room that was left is dropped.
    Live(u64, Report),
    /// Something in the configuration folder changed.
    Settings,
    /// The incidents are not what they were when they were listed.
    Listing,
}

pub(super) struct Shell {
    app: App,
    guard: TerminalGuard,
    reader: Option<InputReader<Arrival>>,
    arrivals: SyncSender<Arrival>,
    live: Option<LiveRuntime>,
    /// Reports about the log of the room that is open.
    heard: u64,
    /// The incidents as they were listed last, see [`crate::runtime::summary::mark`].
    listed: u64,
    /// Counts the rooms that were entered and left.
    entered: Arc<AtomicU64>,
    queue: Receiver<Arrival>,
    /// Arrivals that came while something had to be finished first.
    held: VecDeque<Arrival>,
    incidents: IncidentHome,
    host: HostId,
    paths: Paths,
    options: Options,
    settings: Settings,
    /// Tells when the settings change; absent where the system cannot.
    _watch: Option<setup::Watch>,
    drafts: DraftSaver,
    /// Keeps the checkpoints; waited for on leaving.
    keeper: Keeper,
    /// When it was last asked whether another process delivers.
    asked_lock: Option<Instant>,
    /// Why the newest text is not on disk, as it was said.
    draft_trouble: Option<String>,
    exit: u8,
}

/// Opens the console and stays until it is left.
pub fn run(options: Options) -> anyhow::Result<ExitCode> {
    let paths = Paths::from_env().map_err(anyhow::Error::msg)?;
    let (settings, mut trouble) = match Settings::load(&paths.config_file()) {
        Ok(settings) => (settings, None),
        Err(why) => (Settings::default(), Some(format!("{why} (the default settings are used)"))),
    };
    let incidents = IncidentHome::new(&paths.data);
    let host = incidents.host_id().map_err(|error| anyhow::anyhow!("{error}: {}", error.hint()))?;
    let (arrivals, queue) = sync_channel(QUEUE);
    watch_signals(arrivals.clone(), Arrival::Signal)?;
    let guard =
        TerminalGuard::enter(terminal::Options { mouse: settings.mouse, ..terminal::Options::default() })?;
    let setup = setup::setup(&options, &paths, &settings, &mut trouble)?;
    let size = guard.size()?;
    let screen = Rect::new(0, 0, size.width, size.height);
    let app = App::new(setup, super::screens::home::Home::new(Vec::new(), Vec::new()), screen);
    let drafts = DraftSaver::new(paths.drafts());
    let watch = setup::watch(&paths.config, arrivals.clone());
    let mut shell = Shell {
        app,
        guard,
        reader: None,
        arrivals,
        live: None,
        heard: 0,
        listed: 0,
        entered: Arc::default(),
        queue,
        held: VecDeque::new(),
        incidents,
        host,
        paths,
        options,
        settings,
        _watch: watch,
        drafts,
        keeper: Keeper::default(),
        asked_lock: None,
        draft_trouble: None,
        exit: 0,
    };
    shell.begin(trouble);
    let outcome = shell.stay();
    let code = shell.leave();
    outcome?;
    Ok(ExitCode::from(code))
}

impl Shell {
    /// Opens what was asked for, draws the first frame, and only then starts to read keys.
    fn begin(&mut self, trouble: Option<String>) {
        let options = self.options.clone();
        match (&options.open, &options.replay) {
            (Some(reference), _) => self.enter(reference),
            (None, Some(name)) if !name.is_empty() => self.replay(name, None),
            _ => self.list(),
        }
        if let Some(trouble) = trouble {
            self.input(Input::Say(Tone::Warning, trouble));
        }
        if options.replay.as_deref() == Some("") {
            self.app.choose_replay(clock::now());
        }
    }

    fn stay(&mut self) -> anyhow::Result<()> {
        self.draw()?;
        self.start_reading();
        // Not the clock that is shown: that one may be set back, or stand still in a demonstration.
        let mut drawn = Instant::now();
        let mut dirty = false;
        while !self.app.is_done() {
            let now = clock::now();
            let frame_due = dirty.then(|| now + frame_in(drawn));
            let urgent = self.turn(now, frame_due);
            dirty |= urgent != Turn::Nothing;
            if self.app.is_done() {
                break;
            }
            if dirty && (urgent == Turn::Key || frame_in(drawn) == Span::ZERO) {
                self.draw()?;
                (drawn, dirty) = (Instant::now(), false);
            }
        }
        Ok(())
    }

    /// Waits for what comes next and takes in everything that is ready.
    fn turn(&mut self, now: Time, frame_due: Option<Time>) -> Turn {
        let wake = [self.app.wakes_at(now), self.drafts.due(now), frame_due].into_iter().flatten().min();
        let mut next = match self.held.pop_front() {
            Some(held) => Some(held),
            None => self.wait_for_arrival(now, wake),
        };
        let mut turn = if next.is_some() { Turn::Something } else { Turn::Nothing };
        let mut taken = 0;
        while let Some(arrival) = next.take() {
            if matches!(arrival, Arrival::Terminal(_)) {
                turn = Turn::Key;
            }
            self.arrive(arrival);
            taken += 1;
            if taken < MOST_AT_ONCE && !self.app.is_done() {
                next = self.held.pop_front().or_else(|| self.queue.try_recv().ok());
            }
        }
        self.tick(now, wake, turn)
    }

    fn wait_for_arrival(&self, now: Time, wake: Option<Time>) -> Option<Arrival> {
        match wake {
            Some(at) => {
                let wait = Duration::from_millis(at.since(now).ms().max(0).unsigned_abs());
                self.queue.recv_timeout(wait).ok()
            }
            None => self.queue.recv().ok(),
        }
    }

    /// Time has passed: clocks move, drafts are written.
    fn tick(&mut self, before: Time, wake: Option<Time>, turn: Turn) -> Turn {
        let now = clock::now();
        let passed =
            wake.is_some_and(|wake| wake <= now) && self.app.wakes_at(before).is_some_and(|at| at <= now);
        if passed {
            self.input(Input::Tick);
            self.take_over_delivery();
        }
        if turn != Turn::Nothing
            && let Some((incident, drafts)) = self.app.drafts()
        {
            self.drafts.touch(now, incident, drafts);
        }
        self.drafts.tick(now);
        self.say_draft_trouble();
        if passed && turn == Turn::Nothing { Turn::Something } else { turn }
    }

    /// Text that is only in memory is the person's business; said when it begins, and when it is over.
    fn say_draft_trouble(&mut self) {
        let trouble = self.drafts.problem();
        if trouble == self.draft_trouble {
            return;
        }
        match &trouble {
            Some(why) => self.say(Tone::Alert, format!("{why}: what is typed is in memory only")),
            None => self.say(Tone::Good, "what is typed is kept on disk again"),
        }
        self.draft_trouble = trouble;
    }

    fn arrive(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Terminal(event) => {
                // Even to the size it had: what the terminal lost while it was smaller must be painted again.
                if let TermEvent::Resize(..) = event {
                    drop(self.guard.redraw());
                }
                self.input(Input::Terminal(event));
            }
            Arrival::Signal(signal) => self.signal(signal),
            Arrival::Live(room, report) if room == self.room_number() => self.report(report),
            Arrival::Live(..) => {}
            Arrival::Settings => self.settings_changed(),
            Arrival::Listing => self.list(),
        }
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Room(input) => {
                // What a client answers is no news of the log.
                let of_clients = matches!(input, RoomInput::Delivered { .. } | RoomInput::Heard { .. });
                self.heard += u64::from(!of_clients);
                self.input(Input::Room(input));
                self.take_over_delivery();
                self.want_news();
            }
            Report::Unreadable(text) => self.input(Input::Unreadable(text)),
            Report::Damage(text) => self.input(Input::Damage(text)),
            Report::Banner(text) => self.input(Input::Say(Tone::Warning, text)),
            Report::Reading(reading) => self.input(Input::Reading(reading)),
            Report::Directory { name, kept } => self.input(Input::Directory { name, kept }),
            Report::Account { name, at, trouble } => self.input(Input::Account { name, at, trouble }),
        }
    }

    fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Quit(_) | Signal::HangUp => {
                self.exit = signal.exit_code().unwrap_or(0);
                self.input(Input::Terminate);
            }
            Signal::Suspend => self.suspend(),
            // An error here shows up in the next draw.
            Signal::Continue => drop(self.guard.resume()),
        }
    }

    fn input(&mut self, input: Input) {
        let effects = self.app.handle(input, clock::now());
        for effect in effects {
            self.carry_out(effect);
        }
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        let (app, now) = (&self.app, clock::now());
        self.guard.draw(|frame| {
            let screen = frame.area();
            if let Some(at) = app.draw(now, screen, frame.buffer_mut()) {
                frame.set_cursor_position(at);
            }
        })?;
        Ok(())
    }

    fn start_reading(&mut self) {
        match InputReader::start(self.arrivals.clone(), Arrival::Terminal) {
            Ok(reader) => self.reader = Some(reader),
            Err(_) => self.input(Input::Terminate),
        }
    }

    fn stop_reading(&mut self) {
        if let Some(reader) = self.reader.take() {
            let left_over = reader.stop();
            // What found the channel full is younger than what is in it.
            self.held.extend(self.queue.try_iter());
            self.held.extend(left_over);
        }
    }

    /// Ends everything in order; answers the exit code.
    fn leave(&mut self) -> u8 {
        // The terminal first: after a signal nobody waits longer than a second for it.
        self.guard.leave();
        self.settle();
        let kept = self.keep_drafts();
        self.end_runtime();
        if let Err(why) = kept {
            eprintln!("warning: what was typed could not be kept: {why}");
        }
        self.exit
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Append(drafts) => {
                let heard = self.heard;
                if !self.live.as_ref().is_some_and(|live| live.append(drafts, heard)) {
                    let (why, hint) =
                        ("the journal's thread has ended".into(), "leave the room and open it again".into());
                    self.input(Input::Room(RoomInput::Unsaved { why, hint, lasting: false }));
                }
            }
            Effect::Deliver(call) => self.call(Kind::Deliver, call),
            Effect::Find(call) => self.call(Kind::Find, call),
            Effect::Kept { account, cursor } => {
                if let (Some(live), Some(cursor)) = (&self.live, cursor) {
                    live.kept(&account, cursor);
                }
            }
            Effect::Declare(declare) => self.declare(*declare),
            Effect::Enter(reference) => self.enter(&reference),
            Effect::Replay { name, at } => self.replay(&name, at),
            Effect::List => self.list(),
            Effect::Look => self.look(),
            Effect::Leave => self.leave_room(),
            Effect::Copy(text) => drop(self.guard.copy_osc52(&text)),
            Effect::OpenUrl(url) => self.open_url(&url),
            Effect::Editor(text) => self.editor(&text),
            Effect::Export { path, text } => self.export(path, &text),
            Effect::Suspend => self.suspend(),
            Effect::Redraw => drop(self.guard.redraw()),
            Effect::Bell => drop(self.guard.bell()),
            Effect::Quit => {}
        }
    }
}

/// How long until a frame that no key asked for may follow the last one.
fn frame_in(drawn: Instant) -> Span {
    let passed = i64::try_from(drawn.elapsed().as_millis()).unwrap_or(FRAME_MS);
    Span::from_ms((FRAME_MS - passed).max(0))
}

/// What a turn of the loop brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Nothing,
    Something,
    Key,
}
