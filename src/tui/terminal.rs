//! The one guard that owns the console's terminal: what it switches on, it switches off again, whatever happens.
//!
//! Nothing else in the console writes to standard output; the guard itself reads nothing but the answer to
//! [`query_background`]. It never decides when to leave: signals become events for the loop (see [`signals`]).
//!
//! - [`TerminalGuard`] enters, draws, suspends, leaves; dropping it leaves.
//! - [`modes`] is the list of modes and the only way back, callable from a panic hook or the signal thread.
//! - [`output`] gathers a frame and writes it at once.
//! - [`signals`] turns TERM, HUP, INT, TSTP and CONT into events, and restores by itself if nobody reacts.
//! - [`query_background`] and [`clipboard`] speak OSC 11 and OSC 52.
//!
//! Never call ratatui's `Terminal::clear`: it asks the terminal for the cursor and reads the answer from
//! standard input, against the input thread. [`TerminalGuard::resume`] redraws without asking.

pub mod clipboard;
pub mod modes;
pub mod output;
pub mod panic;
mod query;
pub mod signals;

use std::io;

use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal as ProcessSignal, getpgrp, getsid, kill_current_process_group};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

pub use modes::Options;
use output::{FrameOutput, Frames};
pub use query::{parse_background, query_background};
pub use signals::{Signal, watch_signals};

/// ratatui's terminal over an output that leaves in one piece.
pub type Screen = Terminal<CrosstermBackend<FrameOutput>>;

/// The terminal while the console has it.
pub struct TerminalGuard {
    screen: Screen,
    frames: Frames,
}

impl TerminalGuard {
    /// Takes the terminal over: raw mode, alternate screen, hidden cursor, bracketed paste, focus reports and, if
    /// asked for, mouse and unambiguous keys. Call it on the UI thread; a panic there then restores the terminal
    /// before its message is printed. Fails when standard output is no terminal; then nothing has changed.
    pub fn enter(options: Options) -> io::Result<Self> {
        panic::install_hook();
        // crossterm obeys NO_COLOR by leaving out every style, even reversed: the mono theme does it properly.
        crossterm::style::force_color_output(true);
        modes::enter(options)?;
        let output = FrameOutput::default();
        let screen = Terminal::new(CrosstermBackend::new(output.clone()));
        let screen = screen.inspect_err(|_| modes::leave())?;
        Ok(Self { screen, frames: Frames::new(output) })
    }

    /// Draws one frame: inside a synchronized update, in one write, and only if something differs. Draws nothing
    /// once the terminal was given back: the screen is the shell's then.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame)) -> io::Result<()> {
        if modes::holder() != modes::Holder::Console {
            return Ok(());
        }
        self.screen.draw(render)?;
        self.frames.commit()
    }

    /// Width and height in cells.
    pub fn size(&self) -> io::Result<ratatui::layout::Size> {
        self.screen.size()
    }

    /// Gives the terminal to `run` (a child such as `$EDITOR`, or [`stop_job`]) and takes it back afterwards, with
    /// everything redrawn by the next [`draw`](Self::draw). Stop the input thread first: it would steal keys.
    pub fn suspend<T>(&mut self, run: impl FnOnce() -> T) -> T {
        modes::suspend();
        let outcome = run();
        // A terminal lost meanwhile shows up in the next draw, and as a hang-up.
        let _ = self.resume();
        outcome
    }

    /// The same for a child: the line settings are put back as it found them, because one that is killed leaves its own
    /// behind, and they would be taken for the shell's.
    pub fn lend<T>(&mut self, run: impl FnOnce() -> T) -> T {
        self.suspend(|| {
            let terminal = super::input::terminal_input().ok();
            let found = terminal.as_ref().and_then(|terminal| tcgetattr(terminal).ok());
            let outcome = run();
            if let (Some(terminal), Some(found)) = (terminal, found) {
                let _ = tcsetattr(terminal, OptionalActions::Now, &found);
            }
            outcome
        })
    }

    /// Sets every mode again and has the next draw paint everything. For [`Signal::Continue`]: the shell has
    /// used the terminal meanwhile, without telling.
    pub fn resume(&mut self) -> io::Result<()> {
        modes::resume()?;
        self.redraw()
    }

    /// Has the next draw paint every cell (Ctrl-L).
    pub fn redraw(&mut self) -> io::Result<()> {
        self.frames.forget();
        let size = self.screen.size()?;
        self.screen.resize(size.into())
    }

    /// Copies through the terminal (OSC 52), which also works over ssh and inside tmux.
    /// Fails with `InvalidInput` for more than [`clipboard::LIMIT`] bytes: terminals drop longer ones silently.
    pub fn copy_osc52(&mut self, text: &str) -> io::Result<()> {
        let inside_tmux = std::env::var_os("TMUX").is_some_and(|value| !value.is_empty());
        output::write_all(clipboard::copy_sequence(text, inside_tmux)?.as_bytes())
    }

    /// Rings the bell.
    pub fn bell(&mut self) -> io::Result<()> {
        output::write_all(b"\x07")
    }

    /// Gives the terminal back as it was found. A second call does nothing.
    pub fn leave(&mut self) {
        modes::leave();
        panic::print_kept();
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Stops this job as Ctrl-Z does in any program, and returns when it goes on. To be run in
/// [`TerminalGuard::suspend`], on the main thread (the one the kernel stops first, before this returns).
///
/// Returns false at once where no shell could ever continue it (the process group leads the session).
pub fn stop_job() -> bool {
    if getsid(None).is_ok_and(|session| session == getpgrp()) {
        return false;
    }
    // Not SIGTSTP: that one is ours to catch. The whole group, because a wrapper script waits in it as well.
    kill_current_process_group(ProcessSignal::STOP).is_ok()
}
