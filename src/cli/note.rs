//! `warroom note`: what the scribe writes, from the command line or from another program's output.
//!
//! Text without arguments, or `-`, comes from standard input, one entry a line, each saved as it arrives. Marks and times are
//! read as in the console: `!decision`, `?hypothesis`, `#finding`, `TODO`, `14:03`, `-7m`, `~13:30`.

use std::io::{BufRead, IsTerminal, Read, stdin};

use clap::{Args, ValueEnum};

use super::desk::{Desk, Found};
use super::fail::{Done, Fail, REFUSED};
use super::out::complain;
use super::{moment, print};
use crate::incident::clean::from_bytes;
use crate::incident::scribe::{NoteKind, parse_line};
use crate::incident::{Command, When};
use crate::runtime::clock;
use crate::runtime::headless::{NotDone, Session};

/// Longest line that is read from standard input, in bytes; an entry takes at most 64 KiB of it.
const MAX_LINE: u64 = 1 << 20;

/// Write an entry, or one for each line of standard input
#[derive(Args)]
pub struct NoteArgs {
    /// The text, with its marks and time: `-7m !decision stop the loader`; none or - reads standard input
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// When it happened: 14:03, -7m, ~13:30, yesterday 23:10, 2026-11-21T14:03Z
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// What it is, whatever its marks say
    #[arg(long, value_enum)]
    kind: Option<Kind>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Note,
    Decision,
    Hypothesis,
    Finding,
    Action,
    Todo,
}

impl From<Kind> for NoteKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Note => NoteKind::Note,
            Kind::Decision => NoteKind::Decision,
            Kind::Hypothesis => NoteKind::Hypothesis,
            Kind::Finding => NoteKind::Finding,
            Kind::Action => NoteKind::Action,
            Kind::Todo => NoteKind::Todo,
        }
    }
}

/// A line's fate, when it was not saved.
enum Kept {
    /// It was refused; the next line may do.
    Refused(Fail),
    /// Nothing can be saved now.
    Unsaved(Fail),
}

impl NoteArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        if self.text.is_empty() || self.text == ["-"] {
            let (writer, mut session, found) = self.open(desk, None)?;
            return writer.write_lines(desk, &mut session, &found);
        }
        let (reference, words) = named(&self.text);
        let text = words.join(" ");
        self.write_one(desk, reference, &text).map_err(|fail| fail.keeping(&text))
    }

    fn open(&self, desk: &Desk, reference: Option<&str>) -> Done<(Writer, Session, Found)> {
        let at = moment::optional(self.at.as_deref(), desk.zone)?;
        let found = desk.which(reference)?;
        let session = desk.session(&found)?;
        Ok((Writer { kind: self.kind.map(NoteKind::from), at }, session, found))
    }

    fn write_one(&self, desk: &mut Desk, reference: Option<&str>, text: &str) -> Done {
        let (writer, mut session, found) = self.open(desk, reference)?;
        writer.write(desk, &mut session, &found, text).map_err(|kept| match kept {
            Kept::Refused(fail) | Kept::Unsaved(fail) => fail,
        })
    }
}

/// `INC-0042 words`: nobody begins a note with the number of an incident and means the words.
fn named(words: &[String]) -> (Option<&str>, &[String]) {
    match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && is_label(first) => (Some(first), rest),
        _ => (None, words),
    }
}

fn is_label(word: &str) -> bool {
    let digits = word.to_ascii_uppercase().strip_prefix("INC-").map(str::to_owned);
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

struct Writer {
    kind: Option<NoteKind>,
    at: Option<When>,
}

impl Writer {
    fn write(&self, desk: &mut Desk, session: &mut Session, found: &Found, line: &str) -> Result<(), Kept> {
        let read = parse_line(line, clock::now(), &desk.zone);
        let at = match self.at {
            Some(at) => Some(at),
            None => moment::settled(read.time).map_err(Kept::Refused)?,
        };
        let command = Command::Note { kind: self.kind.unwrap_or(read.kind), text: read.text };
        let saved = session.carry_out(desk.order(command).at(at)).map_err(|not_done| match not_done {
            NotDone::Refused(_) => Kept::Refused(not_done.into()),
            NotDone::Unsaved { .. } => Kept::Unsaved(not_done.into()),
        })?;
        // Saved is saved: a reader that went away must not stop what is still coming in.
        match print::saved(desk, session, found, &saved).and_then(|()| desk.out.flush()) {
            Ok(()) | Err(Fail::Closed) => Ok(()),
            Err(fail) => Err(Kept::Unsaved(fail)),
        }
    }

    fn write_lines(&self, desk: &mut Desk, session: &mut Session, found: &Found) -> Done {
        if stdin().is_terminal() {
            complain("one entry a line, Ctrl-D ends");
        }
        let mut lines = Lines::new();
        let mut refused = false;
        while let Some((number, line)) = lines.next()? {
            let line = match line {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => line,
                Err(start) => {
                    refused = true;
                    let what = format!("line {number} is longer than {MAX_LINE} bytes and was not saved");
                    Fail::refused(what, format!("it begins with {start:?}; attach it as a file")).report();
                    continue;
                }
            };
            match self.write(desk, session, found, &line) {
                Ok(()) => {}
                Err(Kept::Refused(fail)) => {
                    refused = true;
                    complain(&format!("line {number}:"));
                    fail.keeping(&line).report();
                }
                Err(Kept::Unsaved(fail)) => return Err(fail.keeping(&lines.rest(line)?)),
            }
        }
        if refused { Err(Fail::Code(REFUSED)) } else { Ok(()) }
    }
}

/// Standard input by lines, in bounded memory, whatever its bytes.
struct Lines {
    number: u64,
    bytes: Vec<u8>,
}

/// A line, or the start of one that is too long.
type Numbered = (u64, Result<String, String>);

impl Lines {
    fn new() -> Self {
        Self { number: 0, bytes: Vec::new() }
    }

    fn next(&mut self) -> Done<Option<Numbered>> {
        self.bytes.clear();
        let read = stdin().lock().take(MAX_LINE).read_until(b'\n', &mut self.bytes).map_err(unreadable)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if read as u64 == MAX_LINE && !self.bytes.ends_with(b"\n") {
            skip_line()?;
            const SHOWN: usize = 60;
            return Ok(Some((self.number, Err(from_bytes(&self.bytes[..SHOWN.min(read)])))));
        }
        Ok(Some((self.number, Ok(from_bytes(&self.bytes).trim_end().to_owned()))))
    }

    /// What has not been saved: this line and all that come after it.
    fn rest(&mut self, line: String) -> Done<String> {
        let mut rest = vec![line];
        while let Some((_, line)) = self.next()? {
            rest.push(line.unwrap_or_else(|start| start));
        }
        Ok(rest.join("\n"))
    }
}

fn skip_line() -> Done {
    let mut input = stdin().lock();
    loop {
        let buffer = input.fill_buf().map_err(unreadable)?;
        let (used, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(place) => (place + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(used);
        if ended {
            return Ok(());
        }
    }
}

fn unreadable(error: std::io::Error) -> Fail {
    Fail::refused(format!("standard input cannot be read: {error}"), "what was read before is saved")
}
