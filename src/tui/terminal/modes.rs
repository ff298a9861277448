//! The terminal's modes and the only way back from them, from whichever thread has to take it.
//!
//! State is process-wide because there is one terminal, and because a panic hook and a signal thread hold no
//! guard. Leaving is idempotent. Start at [`enter`].

use std::io::{self, IsTerminal};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::output::write_all;

/// What the console may ask of the terminal beyond the necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Clicks, the wheel and dragging; the terminal's own selection then needs Shift.
    pub mouse: bool,
    /// Keys told apart that older terminals send alike (kitty protocol, first level), Esc without a delay.
    pub keyboard: bool,
}

/// Who has the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Not the console: not yet entered, or left.
    Shell,
    /// The console.
    Console,
    /// A child of the console, or the shell while the job is stopped.
    Child,
}

struct State {
    holder: Holder,
    options: Options,
    ui_thread: Option<ThreadId>,
}

static STATE: Mutex<State> = Mutex::new(State {
    holder: Holder::Shell,
    options: Options { mouse: false, keyboard: false },
    ui_thread: None,
});
static LEFT: Condvar = Condvar::new();

// Each row: on, off. Any-motion tracking (1003) is left out: it wakes the console for every cell crossed.
const ALTERNATE_SCREEN: (&str, &str) = ("\x1b[?1049h", "\x1b[?1049l");
const HIDDEN_CURSOR: (&str, &str) = ("\x1b[?25l", "\x1b[?25h");
const PASTE: (&str, &str) = ("\x1b[?2004h", "\x1b[?2004l");
const FOCUS: (&str, &str) = ("\x1b[?1004h", "\x1b[?1004l");
const MOUSE: (&str, &str) = ("\x1b[?1000h\x1b[?1002h\x1b[?1006h", "\x1b[?1006l\x1b[?1002l\x1b[?1000l");
const KEYBOARD: (&str, &str) = ("\x1b[>1u", "\x1b[<1u");
/// Ends a frame that was cut short, and its colours.
const END_OF_FRAME: &str = "\x1b[?2026l\x1b[0m";
/// Ends a half-written string sequence, so that what follows is not taken for its text.
const STRING_TERMINATOR: &str = "\x1b\\";

/// The sequence that switches the modes on, in order.
pub fn enter_sequence(options: Options) -> String {
    active(options).iter().map(|mode| mode.0).collect()
}

/// The sequence that switches everything off, in reverse order.
pub fn restore_sequence(options: Options) -> String {
    let off = active(options).into_iter().rev().map(|mode| mode.1);
    std::iter::once(END_OF_FRAME).chain(off).collect()
}

fn active(options: Options) -> Vec<(&'static str, &'static str)> {
    let mut modes = vec![ALTERNATE_SCREEN, HIDDEN_CURSOR];
    modes.extend(options.keyboard.then_some(KEYBOARD));
    modes.extend([FOCUS, PASTE]);
    modes.extend(options.mouse.then_some(MOUSE));
    modes
}

/// Takes the terminal for the calling thread, which thereby becomes the UI thread.
pub fn enter(options: Options) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "standard output is not a terminal"));
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "this terminal has no screen (TERM is dumb)"));
    }
    let mut state = state();
    enable_raw_mode()?;
    state.options = options;
    state.ui_thread = Some(thread::current().id());
    state.holder = Holder::Console;
    let written = write_all(enter_sequence(options).as_bytes());
    written.inspect_err(|_| give_back(&mut state, Holder::Shell))
}

/// Gives the terminal back for good.
pub fn leave() {
    give_back(&mut state(), Holder::Shell);
}

/// Lends the terminal to a child.
pub fn suspend() {
    give_back(&mut state(), Holder::Child);
}

/// Takes the terminal back after [`suspend`], or after the shell has had it unasked. Does nothing once left.
pub fn resume() -> io::Result<()> {
    let mut state = state();
    if state.holder == Holder::Shell {
        return Ok(());
    }
    // crossterm believes that raw mode is still on, whatever the shell has done to the terminal.
    disable_raw_mode()?;
    enable_raw_mode()?;
    state.holder = Holder::Console;
    write_all(enter_sequence(state.options).as_bytes())
}

/// For the signal thread, when the UI does not leave by itself. May find a string sequence half written.
pub(super) fn force_leave() {
    if holder() == Holder::Console {
        let _ = write_all(STRING_TERMINATOR.as_bytes());
    }
    leave();
}

/// Who has the terminal now.
pub fn holder() -> Holder {
    state().holder
}

/// True on the thread that entered.
pub(super) fn is_ui_thread() -> bool {
    state().ui_thread == Some(thread::current().id())
}

/// Waits until the console has left, at most `longest`; true if it has.
pub(super) fn wait_until_left(longest: Duration) -> bool {
    let (state, _) = LEFT
        .wait_timeout_while(state(), longest, |state| state.holder != Holder::Shell)
        .unwrap_or_else(PoisonError::into_inner);
    state.holder == Holder::Shell
}

/// Errors are of no use here: the terminal may be gone, and everything else must be tried all the same.
fn give_back(state: &mut State, next: Holder) {
    if state.holder == Holder::Console {
        let _ = write_all(restore_sequence(state.options).as_bytes());
        let _ = disable_raw_mode();
    }
    // Nothing un-leaves: a late suspend must not look like a running console.
    if state.holder != Holder::Shell {
        state.holder = next;
    }
    LEFT.notify_all();
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
