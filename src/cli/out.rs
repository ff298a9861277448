//! Standard output of the command line: cleaned text, JSON lines, and no complaint when the reader has gone.
//!
//! The only place outside the terminal guard that writes to stdout. It uses no colour.

use std::io::{self, BufWriter, Stdout, Write};

use serde_json::Value;

use super::fail::{Done, Fail};
use crate::incident::clean::clean_text;

pub struct Out {
    to: BufWriter<Stdout>,
}

impl Out {
    pub fn new() -> Self {
        Self { to: BufWriter::new(io::stdout()) }
    }

    /// One line, or several, made harmless.
    pub fn line(&mut self, text: &str) -> Done {
        writeln!(self.to, "{}", clean_text(text)).map_err(gone)
    }

    /// One JSON value as one line.
    pub fn json(&mut self, value: &Value) -> Done {
        writeln!(self.to, "{}", harmless_json(&value.to_string())).map_err(gone)
    }

    /// Bytes that are meant for a file or another program, as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> Done {
        self.to.write_all(bytes).map_err(gone)
    }

    /// What was written so far, made visible.
    pub fn flush(&mut self) -> Done {
        self.to.flush().map_err(gone)
    }
}

impl Default for Out {
    fn default() -> Self {
        Self::new()
    }
}

/// A reader that stopped reading has got what it wanted.
fn gone(error: io::Error) -> Fail {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Fail::Closed,
        _ => Fail::refused(format!("standard output cannot be written: {error}"), "send it to another place"),
    }
}

/// JSON escapes the ASCII control characters by itself; those beyond, and what reorders or hides text, are escaped here.
/// It stays the same JSON value.
fn harmless_json(json: &str) -> String {
    let harmless = |c: char| matches!(c, ' '..='~') || c.is_alphanumeric();
    if json.chars().all(harmless) {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if harmless(c) || clean_text(c.encode_utf8(&mut [0; 4])).chars().eq([c]) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Writes to stderr; there is nobody to tell when that fails.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{}", clean_text(text));
}
