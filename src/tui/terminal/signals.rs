//! Signals become events for the loop, which then ends in order; where it does not within a second, the thread
//! here restores the terminal by itself and ends the process. No signal handler runs code of ours.
//!
//! Start at [`watch_signals`].

use std::io;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Signal as ProcessSignal, getpid, kill_process};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level;

use super::modes::{self, Holder};

/// How long the loop may take to give the terminal back after SIGTERM, SIGHUP or SIGINT.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a last write to a terminal that takes nothing may hold up the end.
const LAST_WRITE: Duration = Duration::from_millis(250);
const FULL_CHANNEL_PAUSE: Duration = Duration::from_millis(5);

/// What the loop is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM or SIGINT (the number): leave the terminal, keep every draft, end.
    Quit(i32),
    /// The terminal is gone (SIGHUP): the same, and nobody is watching.
    HangUp,
    /// SIGTSTP from outside: suspend with [`super::stop_job`], as for Ctrl-Z.
    Suspend,
    /// Continued: somebody else has had the terminal, see [`super::TerminalGuard::resume`].
    Continue,
}

impl Signal {
    /// What the process should exit with because of it: 128 + number, or `None` if it does not end anything.
    pub fn exit_code(self) -> Option<u8> {
        let number = match self {
            Self::Quit(number) => number,
            Self::HangUp => SIGHUP,
            Self::Suspend | Self::Continue => return None,
        };
        u8::try_from(128 + number).ok()
    }

    fn from_number(number: i32) -> Self {
        match number {
            SIGHUP => Self::HangUp,
            SIGTSTP => Self::Suspend,
            SIGCONT => Self::Continue,
            other => Self::Quit(other),
        }
    }
}

/// Starts the signal thread, which lives as long as the process; call it once, before the terminal is entered.
/// Each signal goes through `map` into `events`.
pub fn watch_signals<E: Send + 'static>(
    events: SyncSender<E>,
    map: impl Fn(Signal) -> E + Send + 'static,
) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    let watch = move || {
        for number in signals.forever() {
            on_signal(number, &|signal| events.try_send(map(signal)));
        }
    };
    thread::Builder::new().name("signals".into()).spawn(watch)?;
    Ok(())
}

fn on_signal<E>(number: i32, send: &impl Fn(Signal) -> Result<(), TrySendError<E>>) {
    match (number, modes::holder()) {
        // Typed at a child, which answers for itself. Stopping is for all of the job, or the shell would wait
        // for us, who wait for the child.
        (SIGINT, Holder::Child) => {}
        (SIGTSTP, Holder::Child) => stop_self(),
        // A stop or continue while the console is not on screen needs no repair.
        (SIGCONT, Holder::Child | Holder::Shell) => {}
        (SIGTSTP, Holder::Shell) => stop_self(),
        (SIGCONT | SIGTSTP, Holder::Console) => drop(deliver(number, send)),
        _ => end(number, send),
    }
}

fn stop_self() {
    let _ = kill_process(getpid(), ProcessSignal::STOP);
}

/// Tells the loop, and ends the process if the loop does not give the terminal back in time. With the terminal
/// already given back the loop is ending, or has not begun: it gets the same second.
fn end<E>(number: i32, send: &impl Fn(Signal) -> Result<(), TrySendError<E>>) {
    let asked = Instant::now();
    let was_shell = modes::holder() == Holder::Shell;
    let told = deliver(number, send);
    let left = PATIENCE.saturating_sub(asked.elapsed());
    if told && !was_shell && modes::wait_until_left(left) {
        return;
    }
    if told && was_shell {
        thread::sleep(left);
    }
    force_exit(number);
}

/// True once the loop's channel has it; a full one is tried until patience runs out.
fn deliver<E>(number: i32, send: &impl Fn(Signal) -> Result<(), TrySendError<E>>) -> bool {
    let asked = Instant::now();
    loop {
        match send(Signal::from_number(number)) {
            Ok(()) => return true,
            Err(TrySendError::Disconnected(_)) => return false,
            Err(TrySendError::Full(_)) if asked.elapsed() >= PATIENCE => return false,
            Err(TrySendError::Full(_)) => thread::sleep(FULL_CHANNEL_PAUSE),
        }
    }
}

/// Restores beside a clock: the UI thread may hold the terminal in a write that never ends.
fn force_exit(number: i32) -> ! {
    let (done, restored) = std::sync::mpsc::sync_channel(1);
    let restore = move || {
        modes::force_leave();
        done.send(())
    };
    if thread::Builder::new().spawn(restore).is_ok() {
        let _ = restored.recv_timeout(LAST_WRITE);
    }
    // Not `process::exit`: it runs exit handlers, which may wait for what hangs.
    low_level::exit(128 + number)
}
