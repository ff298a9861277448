//! The input thread: what is typed, pasted, clicked or resized becomes events on the loop's one channel.
//!
//! It never interprets a key (the keymap does), never drops one (a full channel holds the thread back), and
//! never touches the terminal once [`InputReader::stop`] has returned: a child that takes the terminal, such as
//! `$EDITOR`, gets every byte that is typed from then on.
//!
//! Why not crossterm's `EventStream`: its own thread goes on after the stream is dropped, blocks inside `read`
//! on half a sequence, where no waker reaches it, and spins at 100 % once the terminal is gone. So the reading
//! is `poll` on three descriptors (terminal, stop, resize), and [`decode`] turns bytes into crossterm's types.
//! An idle console sleeps in that `poll` without a timeout.
//!
//! Start at [`InputReader::start`]; the thread's life is `Reader::run`.

pub mod decode;

use std::fs::File;
use std::io;
use std::net::Shutdown;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossterm::event::{Event, KeyEventKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{isatty, tcgetwinsize};
use signal_hook::SigId;
use signal_hook::consts::SIGWINCH;
use signal_hook::low_level::{pipe, unregister};

use decode::Decoder;

/// How long half an escape sequence may wait for its rest before its bytes count as keys. It is the delay of a
/// lone Esc; shorter would tear arrow keys apart on a slow link.
const ESCAPE_PAUSE: Duration = Duration::from_millis(25);
/// How often a full channel is tried again. Only met when the loop is behind by a whole channel.
const FULL_CHANNEL_PAUSE: Duration = Duration::from_millis(2);
const READ_SIZE: usize = 4096;

/// What was typed while the terminal was asked for its background (see `terminal::query`): not lost, read first.
static TYPED_AHEAD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// A running input thread. Dropping it stops the thread like [`stop`](Self::stop), less the leftovers.
pub struct InputReader<E> {
    stop: UnixStream,
    thread: Option<JoinHandle<Vec<E>>>,
}

impl<E: Send + 'static> InputReader<E> {
    /// Starts reading the terminal; each event goes through `map` into `events`. Only presses and repeats of
    /// keys are passed on, never releases. When the terminal is gone the thread sends this process SIGHUP and ends.
    pub fn start(events: SyncSender<E>, map: impl Fn(Event) -> E + Send + 'static) -> io::Result<Self> {
        let (stop, stopped) = UnixStream::pair()?;
        let reader = Reader::new(stopped, events, map)?;
        let thread = thread::Builder::new().name("input".into()).spawn(move || reader.run())?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Ends the thread and waits for it: afterwards no byte of the terminal is read any more.
    /// Returns what had been read but found the channel full; almost always nothing. Handle it first.
    pub fn stop(mut self) -> Vec<E> {
        self.end()
    }
}

impl<E> InputReader<E> {
    fn end(&mut self) -> Vec<E> {
        let _ = self.stop.shutdown(Shutdown::Both);
        self.thread.take().and_then(|thread| thread.join().ok()).unwrap_or_default()
    }
}

impl<E> Drop for InputReader<E> {
    fn drop(&mut self) {
        self.end();
    }
}

/// The terminal as something to read: standard input, or `/dev/tty` when that is a pipe (as crossterm chooses).
pub fn terminal_input() -> io::Result<OwnedFd> {
    let stdin = io::stdin();
    if isatty(&stdin) { stdin.as_fd().try_clone_to_owned() } else { Ok(File::open("/dev/tty")?.into()) }
}

/// Keeps bytes read before the thread started, so that it decodes them first.
pub fn keep_typed_ahead(bytes: &[u8]) {
    let mut kept = TYPED_AHEAD.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    kept.extend_from_slice(bytes);
}

/// What woke the thread.
enum Woken {
    Stop,
    Bytes,
    Resized,
    EscapePause,
    Gone,
}

struct Reader<E, M> {
    terminal: OwnedFd,
    stopped: UnixStream,
    resized: UnixStream,
    resize_watch: SigId,
    events: SyncSender<E>,
    map: M,
    decoder: Decoder,
}

impl<E, M: Fn(Event) -> E> Reader<E, M> {
    fn new(stopped: UnixStream, events: SyncSender<E>, map: M) -> io::Result<Self> {
        let (resized, on_resize) = UnixStream::pair()?;
        resized.set_nonblocking(true)?;
        Ok(Self {
            terminal: terminal_input()?,
            stopped,
            resized,
            resize_watch: pipe::register(SIGWINCH, on_resize)?,
            events,
            map,
            decoder: Decoder::default(),
        })
    }

    /// Reads until stopped; returns what could not be delivered.
    fn run(mut self) -> Vec<E> {
        let mut batch = self.typed_ahead();
        loop {
            let left = self.deliver(&mut batch);
            if !left.is_empty() {
                return left;
            }
            match self.wait() {
                Woken::Stop => return Vec::new(),
                Woken::Bytes => self.read(&mut batch),
                Woken::Resized => batch.extend(self.new_size()),
                Woken::EscapePause => self.decoder.flush(&mut batch),
                Woken::Gone => {
                    hang_up();
                    return Vec::new();
                }
            }
        }
    }

    fn typed_ahead(&mut self) -> Vec<Event> {
        let mut kept = TYPED_AHEAD.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let mut batch = Vec::new();
        self.decoder.push(&std::mem::take(&mut *kept), &mut batch);
        batch
    }

    fn wait(&self) -> Woken {
        let mut fds = [
            PollFd::new(&self.stopped, PollFlags::IN),
            PollFd::new(&self.terminal, PollFlags::IN),
            PollFd::new(&self.resized, PollFlags::IN),
        ];
        let pause = self.decoder.is_waiting().then(|| timespec(ESCAPE_PAUSE));
        loop {
            match poll(&mut fds, pause.as_ref()) {
                Err(Errno::INTR) => continue,
                Err(_) => return Woken::Gone,
                Ok(0) => return Woken::EscapePause,
                Ok(_) => break,
            }
        }
        // Stop comes first: a byte that arrived together with it belongs to the child.
        let ready: Vec<PollFlags> = fds.iter().map(PollFd::revents).collect();
        match ready[..] {
            [stop, _, _] if !stop.is_empty() => Woken::Stop,
            [_, terminal, _] if terminal.contains(PollFlags::IN) => Woken::Bytes,
            [_, terminal, _] if !terminal.is_empty() => Woken::Gone,
            _ => Woken::Resized,
        }
    }

    /// One `read`: `poll` promised bytes, so it does not block; nothing read means that the terminal is gone.
    fn read(&mut self, batch: &mut Vec<Event>) {
        let mut bytes = [0; READ_SIZE];
        match rustix::io::read(&self.terminal, &mut bytes) {
            Ok(0) => self.lose_terminal(),
            Ok(count) => self.decoder.push(&bytes[..count], batch),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => self.lose_terminal(),
        }
    }

    fn lose_terminal(&mut self) {
        hang_up();
        let _ = self.stopped.shutdown(Shutdown::Both);
    }

    /// The signals since the last look count once: only the newest size matters.
    fn new_size(&mut self) -> Option<Event> {
        let mut drained = [0; 64];
        while matches!(rustix::io::read(&self.resized, &mut drained), Ok(count) if count > 0) {}
        let size = tcgetwinsize(&self.terminal).ok()?;
        Some(Event::Resize(size.ws_col, size.ws_row))
    }

    /// Sends the batch, waiting while the channel is full; returns the rest when stopped meanwhile.
    fn deliver(&mut self, batch: &mut Vec<Event>) -> Vec<E> {
        let mut waiting = batch.drain(..).filter(is_wanted).map(&self.map);
        while let Some(event) = waiting.next() {
            if let Err(event) = send(&self.events, &self.stopped, event) {
                return std::iter::once(event).chain(waiting).collect();
            }
        }
        Vec::new()
    }
}

impl<E, M> Drop for Reader<E, M> {
    fn drop(&mut self) {
        unregister(self.resize_watch);
    }
}

/// Sends one event, or gives it back when the thread is told to stop (or the loop is gone) before there is room.
fn send<E>(events: &SyncSender<E>, stopped: &UnixStream, mut event: E) -> Result<(), E> {
    loop {
        event = match events.try_send(event) {
            Ok(()) => return Ok(()),
            Err(TrySendError::Disconnected(event)) => return Err(event),
            Err(TrySendError::Full(event)) => event,
        };
        let mut fds = [PollFd::new(stopped, PollFlags::IN)];
        if matches!(poll(&mut fds, Some(&timespec(FULL_CHANNEL_PAUSE))), Ok(1)) {
            return Err(event);
        }
    }
}

fn is_wanted(event: &Event) -> bool {
    !matches!(event, Event::Key(key) if key.kind == KeyEventKind::Release)
}

/// Losing the terminal is a hang-up, whoever notices it first.
fn hang_up() {
    let _ = kill_process(getpid(), Signal::HUP);
}

/// `duration` for `poll`.
pub(crate) fn timespec(duration: Duration) -> Timespec {
    Timespec { tv_sec: duration.as_secs() as _, tv_nsec: duration.subsec_nanos() as _ }
}
