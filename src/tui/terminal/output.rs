//! Standard output as the console uses it: gathered, then written in one call.
//!
//! It goes past `std::io::stdout`, whose lock a stuck write would hold against the signal thread that has to
//! restore the terminal. It never prints an error: with the terminal gone there is nobody to read it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use rustix::io::Errno;

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// Gathers what ratatui writes. Its `flush` does nothing: ratatui flushes in the middle of a frame, which would
/// tear it in two. Its clone is a second hold on the same bytes, because ratatui keeps the first to itself.
#[derive(Clone, Default)]
pub struct FrameOutput {
    gathered: Rc<RefCell<Vec<u8>>>,
}

impl Write for FrameOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends what was gathered, frame by frame.
pub struct Frames {
    gathered: FrameOutput,
    last: Vec<u8>,
    update: Vec<u8>,
}

impl Frames {
    pub fn new(gathered: FrameOutput) -> Self {
        Self { gathered, last: Vec::new(), update: Vec::new() }
    }

    /// Writes what was gathered as one synchronized update. The bytes of a frame say where everything goes, so a
    /// repetition of the frame before changes nothing and is left out.
    pub fn commit(&mut self) -> io::Result<()> {
        if !self.take_changed() {
            return Ok(());
        }
        self.update.clear();
        self.update.extend([BEGIN_UPDATE, &self.last, END_UPDATE].into_iter().flatten());
        write_all(&self.update)
    }

    /// Forgets the frame before, because somebody else may have painted over it.
    pub fn forget(&mut self) {
        self.last.clear();
    }

    fn take_changed(&mut self) -> bool {
        let mut gathered = self.gathered.gathered.borrow_mut();
        let changed = !gathered.is_empty() && *gathered != self.last;
        if changed {
            std::mem::swap(&mut *gathered, &mut self.last);
        }
        gathered.clear();
        changed
    }
}

/// Writes `bytes` to standard output, all of them, in one call as far as the terminal takes them.
pub fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(io::stdout(), bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait_writable()?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A child may leave the terminal non-blocking.
fn wait_writable() -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdout = io::stdout();
    match poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], None) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
