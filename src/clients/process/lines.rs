//! Lines of a stream, of a bounded length, and the last words of another.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

use super::wire::LONGEST_LINE;
use crate::incident::clean;

/// Most lines of a client's last words, and most characters of one of them.
const MOST_LINES: usize = 20;
const LONGEST_WORDS: usize = 400;

/// Reads lines; a read that is given up loses nothing.
pub struct Lines<R> {
    from: BufReader<R>,
    line: Vec<u8>,
}

/// Why there is no next line.
#[derive(Debug)]
pub enum NoLine {
    End,
    Garbage(String),
}

impl<R: AsyncRead + Unpin> Lines<R> {
    pub fn new(from: R) -> Self {
        Self { from: BufReader::new(from), line: Vec::new() }
    }

    /// The next line, without its break. What stands behind the last break is no line: its writer died over it.
    pub async fn next(&mut self) -> Result<String, NoLine> {
        loop {
            let whole = self.more().await.map_err(|_| NoLine::End)?;
            if self.line.len() > LONGEST_LINE {
                return Err(NoLine::Garbage(format!("a line longer than {LONGEST_LINE} bytes")));
            }
            if whole {
                let line = std::mem::take(&mut self.line);
                return String::from_utf8(line)
                    .map_err(|_| NoLine::Garbage("a line that is no UTF-8".to_owned()));
            }
        }
    }

    /// Takes what is there, up to the end of the line; answers whether it is whole.
    async fn more(&mut self) -> io::Result<bool> {
        let there = self.from.fill_buf().await?;
        if there.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let end = memchr::memchr(b'\n', there);
        let take = end.unwrap_or(there.len());
        self.line.extend_from_slice(&there[..take]);
        self.from.consume(take + usize::from(end.is_some()));
        Ok(end.is_some())
    }
}

/// What a client said last beside the protocol, for whoever has to find out what is wrong with it.
#[derive(Debug, Default)]
pub struct LastWords(VecDeque<String>);

impl LastWords {
    pub fn push(&mut self, line: &str) {
        let line: String = clean::clean_line(line).chars().take(LONGEST_WORDS).collect();
        if line.trim().is_empty() {
            return;
        }
        if self.0.len() == MOST_LINES {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    pub fn last(&self) -> Option<&str> {
        self.0.back().map(String::as_str)
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// Reads a stream to its end, whatever is in it, and gives each line away; one that is too long comes in pieces.
pub async fn drain(mut from: impl AsyncRead + Unpin, mut line: impl FnMut(&str)) {
    let mut kept: Vec<u8> = Vec::new();
    let mut chunk = [0_u8; 1024];
    while let Ok(read @ 1..) = from.read(&mut chunk).await {
        for piece in chunk[..read].split_inclusive(|byte| *byte == b'\n') {
            kept.extend_from_slice(piece);
            if piece.ends_with(b"\n") || kept.len() > 4 * LONGEST_WORDS {
                line(&clean::from_bytes(&std::mem::take(&mut kept)));
            }
        }
    }
    line(&clean::from_bytes(&kept));
}

/// Time in which a stream whose writers are dead comes to its end.
pub const LAST_WORDS_WITHIN: Duration = Duration::from_millis(200);
