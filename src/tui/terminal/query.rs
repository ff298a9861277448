//! Asks the terminal for its background colour, for `theme = "auto"` and nothing else.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use super::output::write_all;
use crate::tui::input;

/// OSC 11 asks for the background; the device attributes, which every terminal knows, mark the end of the wait
/// for one that does not know OSC 11.
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

/// The terminal's background as red, green, blue, or `None` if it does not say so within `longest`.
///
/// Call it after entering (raw mode) and before the input thread starts. Keys typed meanwhile are kept for that
/// thread, and an answer that comes later is skipped by it.
pub fn query_background(longest: Duration) -> Option<(u8, u8, u8)> {
    let asked = Instant::now();
    write_all(QUESTION).ok()?;
    let terminal = input::terminal_input().ok()?;
    let mut answer = Vec::new();
    while !is_complete(&answer) {
        let left = longest.checked_sub(asked.elapsed()).unwrap_or_default();
        let mut fds = [PollFd::new(&terminal, PollFlags::IN)];
        if !matches!(poll(&mut fds, Some(&input::timespec(left))), Ok(1)) {
            break;
        }
        let mut bytes = [0; 256];
        match rustix::io::read(&terminal, &mut bytes) {
            Ok(count) if count > 0 => answer.extend_from_slice(&bytes[..count]),
            _ => break,
        }
    }
    // The decoder skips the answers and keeps the keys.
    input::keep_typed_ahead(&answer);
    parse_background(&answer)
}

/// True once the device attributes (`ESC [ ? ... c`) have come.
fn is_complete(answer: &[u8]) -> bool {
    let start = answer.windows(3).position(|window| window == b"\x1b[?");
    start.is_some_and(|at| answer[at..].contains(&b'c'))
}

/// Finds `]11;rgb:RRRR/GGGG/BBBB` (or `rgba:`) among the bytes; each part has one to four hex digits.
pub fn parse_background(answer: &[u8]) -> Option<(u8, u8, u8)> {
    let text = String::from_utf8_lossy(answer);
    let (_, colour) = text.split_once("\x1b]11;rgb")?;
    let colour = colour.trim_start_matches('a').strip_prefix(':')?;
    let end = colour.find(['\x07', '\x1b']).unwrap_or(colour.len());
    let mut parts = colour[..end].split('/').map(scale);
    Some((parts.next()??, parts.next()??, parts.next()??))
}

/// One to four hex digits as a share of 255.
fn scale(digits: &str) -> Option<u8> {
    let largest = match digits.len() {
        1..=4 => (1u32 << (4 * digits.len())) - 1,
        _ => return None,
    };
    let value = u32::from_str_radix(digits, 16).ok()?;
    u8::try_from(value * 255 / largest).ok()
}
