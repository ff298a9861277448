//! How a command ends when it does not end well: what happened, what to do next, and the exit code.

use std::process::ExitCode;

use super::out::complain;
use crate::incident::Refusal;
use crate::journal::{HomeError, JournalError, NotFound};
use crate::runtime::headless::NotDone;

/// All went well.
pub const OK: u8 = 0;
/// Refused, not found, or not saved.
pub const REFUSED: u8 = 1;
/// The command line itself makes no sense; clap exits with the same.
pub const USAGE: u8 = 2;
/// The journal is damaged.
pub const DAMAGED: u8 = 3;

/// For the end of `--help`.
pub const EXIT_CODES: &str = "\
Exit codes: 0 ok · 1 refused, not found or not saved · 2 usage · 3 journal damaged
Places: WARROOM_HOME moves configuration, data and state under one folder";

pub type Done<T = ()> = Result<T, Fail>;

#[derive(Debug)]
pub enum Fail {
    /// Whoever read our output has stopped: a clean end.
    Closed,
    /// Everything has been said already.
    Code(u8),
    Said(Complaint),
}

#[derive(Debug)]
pub struct Complaint {
    pub code: u8,
    pub what: String,
    pub hint: String,
    /// Text that was typed and is saved nowhere.
    pub lost: Option<String>,
}

impl Fail {
    pub fn refused(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::said(REFUSED, what, hint)
    }

    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::said(USAGE, what, hint)
    }

    fn said(code: u8, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Said(Complaint { code, what: what.into(), hint: hint.into(), lost: None })
    }

    /// Adds the text that would otherwise be lost.
    pub fn keeping(self, text: &str) -> Self {
        match self {
            Fail::Said(said) if !text.trim().is_empty() => {
                Fail::Said(Complaint { lost: Some(text.to_owned()), ..said })
            }
            other => other,
        }
    }

    /// Says it on stderr and answers the exit code.
    pub fn report(&self) -> ExitCode {
        match self {
            Fail::Closed => ExitCode::from(OK),
            Fail::Code(code) => ExitCode::from(*code),
            Fail::Said(said) => {
                said.print();
                ExitCode::from(said.code)
            }
        }
    }
}

impl Complaint {
    pub fn print(&self) {
        complain(&format!("error: {}", self.what));
        if !self.hint.is_empty() {
            complain(&format!("hint: {}", self.hint));
        }
        if let Some(lost) = &self.lost {
            complain(&format!("your text, which is saved nowhere:\n{lost}"));
        }
    }
}

impl From<Refusal> for Fail {
    fn from(refusal: Refusal) -> Self {
        Fail::refused(refusal.why, refusal.hint)
    }
}

impl From<NotDone> for Fail {
    fn from(not_done: NotDone) -> Self {
        Fail::refused(not_done.to_string(), not_done.hint())
    }
}

impl From<JournalError> for Fail {
    fn from(error: JournalError) -> Self {
        Fail::refused(error.to_string(), error.hint())
    }
}

impl From<HomeError> for Fail {
    fn from(error: HomeError) -> Self {
        Fail::refused(error.to_string(), error.hint())
    }
}

impl From<NotFound> for Fail {
    fn from(error: NotFound) -> Self {
        Fail::refused(error.to_string(), error.hint())
    }
}
