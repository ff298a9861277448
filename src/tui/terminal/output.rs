//! Standard output as the console uses it: gathered, then written in one call.
//!
//! It goes past `std::io::stdout`, whose lock a stuck write would hold against the signal thread that has to
//! restore the terminal. It never prints an error: with the terminal gone there is nobody to read it.

use std::io::{self, Write};

use rustix::io::Errno;

const BEGIN_UPDATE: &[u8] = b"\x1b[?2026h";
const END_UPDATE: &[u8] = b"\x1b[?2026l";

/// Gathers what ratatui writes. Its `flush` does nothing: ratatui flushes in the middle of a frame, which would
/// tear it in two; [`commit_frame`](Self::commit_frame) is the only way out.
#[derive(Default)]
pub struct FrameOutput {
    frame: Vec<u8>,
    last: Vec<u8>,
}

impl Write for FrameOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FrameOutput {
    /// Writes what was gathered as one synchronized update. The bytes of a frame say where everything goes, so a
    /// repetition of the frame before changes nothing and is left out.
    pub fn commit_frame(&mut self) -> io::Result<()> {
        if self.frame.is_empty() || self.frame == self.last {
            self.frame.clear();
            return Ok(());
        }
        std::mem::swap(&mut self.frame, &mut self.last);
        self.frame.clear();
        let pieces = [BEGIN_UPDATE, &self.last, END_UPDATE];
        self.frame.extend(pieces.into_iter().flatten());
        let written = write_all(&self.frame);
        self.frame.clear();
        if written.is_err() {
            self.last.clear();
        }
        written
    }

    /// Forgets the frame before, because somebody else may have painted over it.
    pub fn forget(&mut self) {
        self.last.clear();
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
