//! OSC 52: text into the clipboard of the terminal the person sits at. Pure; the guard writes it.

use std::io;

/// Bytes of text beyond which common terminals drop the whole request: 100,000 of base64 in xterm.
pub const LIMIT: usize = 74_994;

/// The sequence that copies `text`. tmux swallows it unless `set-clipboard` is on, and its passthrough unless
/// `allow-passthrough` is: inside tmux both forms are sent, and copying twice does no harm.
pub fn copy_sequence(text: &str, inside_tmux: bool) -> io::Result<String> {
    if text.len() > LIMIT {
        let message =
            format!("too long to copy through the terminal: {} of at most {LIMIT} bytes", text.len());
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let copy = format!("\x1b]52;c;{}\x07", base64(text.as_bytes()));
    Ok(if inside_tmux { format!("{copy}{}", tmux_passthrough(&copy)) } else { copy })
}

/// tmux hands the inner sequence on to the outer terminal; inner escapes are doubled.
fn tmux_passthrough(sequence: &str) -> String {
    format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b"))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().fold(0u32, |group, byte| group << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (group >> (18 - 6 * place)) & 0b11_1111;
            text.push(if place <= chunk.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    text
}
