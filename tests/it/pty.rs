//! A real terminal for tests: the program runs in a pty, a screen model reads what it writes.
//!
//! Waiting is always for a condition, never for a time: [`Pty::wait_for`] returns as soon as the screen shows it,
//! and fails with the screen in the message after [`DEADLINE`]. It never touches the user's home or settings:
//! the program gets an empty environment and a temporary `WARROOM_HOME`.
//!
//! Start at [`Pty::warroom`]; `Pty::spawn` runs any other command. The screen model answers no queries.

#![allow(dead_code)]

use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, tcgetattr};
use tempfile::TempDir;

/// How long any one wait may take.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// How long output may go on after the program itself has ended (a child of it may hold the terminal).
const LAST_OUTPUT: Duration = Duration::from_secs(2);
/// Modes that must be off at the end: screens, mouse, focus, paste, synchronized update.
const MODES: [u16; 8] = [1049, 1000, 1002, 1003, 1006, 1004, 2004, 2026];
const SHOWN_CURSOR: u16 = 25;

/// A program in a terminal. Dropping it kills the program.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    input: Mutex<Box<dyn Write + Send>>,
    pid: Pid,
    shared: Arc<Shared>,
    home: TempDir,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    screen: vt100::Parser,
    raw: Vec<u8>,
    /// How much of it the screen shows: whole frames only, as a terminal with synchronized updates does.
    shown: usize,
    status: Option<ExitStatus>,
    /// The terminal's line discipline at the program's end: true when it echoes and edits lines again.
    cooked: Option<bool>,
    ended: bool,
}

impl Pty {
    /// Runs the built `warroom` with `arguments` and, over the clean environment, `environment`.
    pub fn warroom(arguments: &[&str], environment: &[(&str, &str)], columns: u16, rows: u16) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_warroom"));
        command.args(arguments);
        Self::with_environment(command, environment, columns, rows)
    }

    /// Runs any command in the clean environment.
    pub fn spawn(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        Self::with_environment(command, &[], columns, rows)
    }

    /// Runs any command with variables of its own over the clean environment.
    pub fn with_environment(
        command: CommandBuilder,
        environment: &[(&str, &str)],
        columns: u16,
        rows: u16,
    ) -> Self {
        Self::in_home(tempfile::tempdir().expect("a temporary home"), command, environment, columns, rows)
    }

    /// The same in a home that was prepared before.
    pub fn in_home(
        home: TempDir,
        mut command: CommandBuilder,
        environment: &[(&str, &str)],
        columns: u16,
        rows: u16,
    ) -> Self {
        clean_environment(&mut command, home.path());
        for (name, value) in environment {
            command.env(name, value);
        }
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pty");
        // Held until the program ends, so that its line discipline can be looked at.
        let held = open_terminal(&pair.master.tty_name().expect("a name"));
        let child = pair.slave.spawn_command(command).expect("the command starts");
        drop(pair.slave);
        let pid = child.process_id().and_then(|id| Pid::from_raw(id as i32)).expect("a process id");
        let shared = Arc::new(Shared::new(columns, rows));
        read_output(Arc::clone(&shared), pair.master.try_clone_reader().expect("a reader"));
        await_end(Arc::clone(&shared), child, held);
        let input = Mutex::new(pair.master.take_writer().expect("a writer"));
        Self { master: pair.master, input, pid, shared, home }
    }

    /// The temporary `WARROOM_HOME`.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Types `keys`, as raw bytes: `"\x1b"` is Esc, `"\r"` Enter, `"\x03"` Ctrl-C, `"\x1b[A"` the up arrow.
    pub fn send(&self, keys: &str) {
        let mut input = self.input.lock().unwrap();
        input.write_all(keys.as_bytes()).and_then(|()| input.flush()).expect("the program reads");
    }

    /// Pastes `text` the way a terminal with bracketed paste does.
    pub fn paste(&self, text: &str) {
        self.send(&format!("\x1b[200~{text}\x1b[201~"));
    }

    /// Types `keys`, then waits until the screen shows `text`; answers the screen. Runs of spaces count as one in both, so
    /// that columns may move.
    #[track_caller]
    pub fn see(&self, keys: &str, text: &str) -> String {
        self.send(keys);
        squeezed(
            &self.wait_until(&format!("{text:?} after {keys:?}"), |screen| squeezed(screen).contains(text)),
        )
    }

    /// Types `keys`, then waits until `text` is gone from the screen.
    #[track_caller]
    pub fn gone(&self, keys: &str, text: &str) -> String {
        self.send(keys);
        self.wait_until(&format!("{text:?} gone after {keys:?}"), |screen| !squeezed(screen).contains(text))
    }

    /// Changes the size of the terminal; the program gets SIGWINCH.
    pub fn resize(&self, columns: u16, rows: u16) {
        // On a screen of one line or column vt100 0.16 panics at what is still on its way for a larger one.
        self.shared.state.lock().unwrap().screen.screen_mut().set_size(rows.max(2), columns.max(2));
        self.master.resize(size(columns, rows)).expect("a new size");
    }

    /// Waits until the screen shows `text`; returns the screen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contains(text))
    }

    /// Waits until the screen no longer shows `text`; returns the screen.
    #[track_caller]
    pub fn wait_gone(&self, text: &str) -> String {
        self.wait_until(&format!("{text:?} gone from the screen"), |screen| !screen.contains(text))
    }

    /// Waits until `holds` is true of the screen's text; `what` says so in the failure.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&str) -> bool) -> String {
        let state = self.wait(what, |state| state.ended || holds(&state.text()));
        let screen = state.text();
        assert!(holds(&screen), "waited for {what}, but the program ended; screen:\n{screen}");
        screen
    }

    /// Waits until the program has written `bytes` at or after position `from` of its output; returns the position
    /// behind them. With it a test can wait for something that the screen does not show.
    #[track_caller]
    pub fn wait_for_bytes(&self, bytes: &[u8], from: usize) -> usize {
        let find = |raw: &[u8]| {
            let rest = raw.get(from..).unwrap_or_default();
            rest.windows(bytes.len()).position(|window| window == bytes).map(|at| from + at + bytes.len())
        };
        let what = format!("the bytes {:?}", String::from_utf8_lossy(bytes));
        let state = self.wait(&what, |state| state.ended || find(&state.raw).is_some());
        find(&state.raw).unwrap_or_else(|| panic!("waited for {what}, but the program ended"))
    }

    /// The screen as lines of text.
    pub fn screen(&self) -> String {
        self.shared.state.lock().unwrap().text()
    }

    pub fn screen_contains(&self, text: &str) -> bool {
        self.screen().contains(text)
    }

    /// The screen model, to look at colours and the cursor.
    pub fn with_screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.shared.state.lock().unwrap().screen.screen())
    }

    /// Every byte the program has written.
    pub fn raw(&self) -> Vec<u8> {
        self.shared.state.lock().unwrap().raw.clone()
    }

    /// Waits until the program has ended and all its output is read.
    #[track_caller]
    pub fn wait_exit(&self) -> ExitStatus {
        let state = self.wait("the end of the program", |state| state.status.is_some());
        let status = state.status.clone().expect("waited for it");
        let output = self.shared.changed.wait_timeout_while(state, LAST_OUTPUT, |state| !state.ended);
        drop(output.unwrap());
        status
    }

    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Sends the program a signal.
    pub fn kill(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program runs");
    }

    /// Asserts, after [`wait_exit`](Self::wait_exit), that the terminal is as it was before the program: main
    /// screen, cursor shown, mouse, paste and focus reports off, lines edited and echoed by the terminal.
    #[track_caller]
    pub fn assert_restored(&self) {
        let state = self.shared.state.lock().unwrap();
        assert_modes_off(&state.raw);
        let screen = state.screen.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "the mouse is still captured"
        );
        assert_eq!(state.cooked, Some(true), "still in raw mode, or not ended");
    }

    #[track_caller]
    fn wait(&self, what: &str, holds: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let deadline = Instant::now() + DEADLINE;
        let mut state = self.shared.state.lock().unwrap();
        while !holds(&state) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let screen = state.text();
                drop(state);
                panic!("no {what} within {DEADLINE:?}; screen:\n{screen}");
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
        state
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Not a program that has ended: its number may be another's by now.
        let running = self.shared.state.lock().is_ok_and(|state| state.status.is_none());
        if running {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}

impl Shared {
    fn new(columns: u16, rows: u16) -> Self {
        let screen = vt100::Parser::new(rows.max(2), columns.max(2), 0);
        let state = State { screen, raw: Vec::new(), shown: 0, status: None, cooked: None, ended: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().unwrap());
        self.changed.notify_all();
    }
}

impl State {
    fn show(&mut self, until: usize) {
        self.screen.process(&self.raw[self.shown..until]);
        self.shown = until;
    }

    fn text(&self) -> String {
        let screen = self.screen.screen();
        let lines: Vec<String> = screen.rows(0, screen.size().1).collect();
        lines.join("\n")
    }
}

fn squeezed(screen: &str) -> String {
    let lines = screen.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n")
}

/// The sequences that switched private modes (`ESC [ ? n h` or `l`), as the last word on each mode that has one.
/// Panics unless each of [`MODES`] ends off and the cursor ends shown.
#[track_caller]
pub fn assert_modes_off(raw: &[u8]) {
    for mode in MODES {
        assert_ne!(last_setting(raw, mode), Some(true), "mode {mode} is still on");
    }
    assert_ne!(last_setting(raw, SHOWN_CURSOR), Some(false), "the cursor is still hidden");
}

/// Whether the last word on private mode `mode` among `raw` was on; `None` if there was none.
pub fn last_setting(raw: &[u8], mode: u16) -> Option<bool> {
    let text = String::from_utf8_lossy(raw);
    let position = |end: char| text.rfind(&format!("\x1b[?{mode}{end}"));
    match (position('h'), position('l')) {
        (None, None) => None,
        (on, off) => Some(on > off),
    }
}

fn clean_environment(command: &mut CommandBuilder, home: &Path) {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear();
    command.env("PATH", path);
    let folder = |name: &str| -> PathBuf { home.join(name) };
    command.env("HOME", home);
    command.env("WARROOM_HOME", home);
    command.env("XDG_CONFIG_HOME", folder("config"));
    command.env("XDG_DATA_HOME", folder("data"));
    command.env("XDG_STATE_HOME", folder("state"));
    command.env("XDG_CACHE_HOME", folder("cache"));
    for (name, value) in [("TERM", "xterm-256color"), ("LANG", "C.UTF-8"), ("TZ", "UTC"), ("USER", "alice")] {
        command.env(name, value);
    }
    command.cwd(home);
}

/// Without making it the tests' own controlling terminal.
fn open_terminal(path: &Path) -> OwnedFd {
    open(path, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).expect("the terminal opens")
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn read_output(shared: Arc<Shared>, mut output: Box<dyn Read + Send>) {
    thread::spawn(move || {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            shared.change(|state| {
                state.raw.extend_from_slice(&bytes[..count]);
                let whole = whole_frames(&state.raw, state.shown);
                state.show(whole);
            });
        }
        shared.change(|state| {
            state.show(state.raw.len());
            state.ended = true;
        });
    });
}

/// Where the frame begins that is not whole yet, else the end. Everything before `shown` was whole.
fn whole_frames(raw: &[u8], shown: usize) -> usize {
    let (begin, end) = (b"\x1b[?2026h", b"\x1b[?2026l");
    // A sequence may have come in two pieces.
    let from = shown.saturating_sub(begin.len());
    let last = |sequence: &[u8]| raw[from..].windows(sequence.len()).rposition(|window| window == sequence);
    match last(begin) {
        Some(begun) if last(end) < Some(begun) => shown.max(from + begun),
        _ => raw.len(),
    }
}

/// Waits for the program, looks at the terminal it leaves behind, then lets go of it: the reader's output ends.
fn await_end(shared: Arc<Shared>, mut child: Box<dyn portable_pty::Child + Send + Sync>, held: OwnedFd) {
    thread::spawn(move || {
        let status = child.wait().unwrap_or_else(|_| ExitStatus::with_exit_code(u32::MAX));
        let wanted = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        let cooked = tcgetattr(&held).map(|modes| modes.local_modes.contains(wanted)).ok();
        shared.change(|state| (state.status, state.cooked) = (Some(status), cooked));
        drop(held);
    });
}
