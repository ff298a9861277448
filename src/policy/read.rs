//! From the text of a policy file to its types, with everything that is wrong with it.
//!
//! For: `warroom policy check`, and every place that loads a policy. Never: stops at the first mistake, or panics.
//! Start at [`Policy::read`]: `schema` says what may be written, `shape` compares the file with it, `sense` and
//! `questions` ask whether it can be meant.

mod questions;
mod schema;
mod sense;
mod shape;
mod tree;

use std::fmt;

use serde::Serialize;
use toml::de::DeTable;

use super::Policy;
use tree::{Findings, Table};

/// One mistake, where it is, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// Counted from 1; 0: the file as a whole.
    pub line: usize,
    pub what: String,
    pub hint: String,
}

impl Policy {
    /// Reads a policy, or says all that is wrong with it, in the order of the lines.
    pub fn read(text: &str) -> Result<Policy, Vec<Diagnostic>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut findings = Findings::new(text);
        for error in &errors {
            findings.say(
                error.span().map(|span| span.start),
                format!("this is no TOML: {}", error.message()),
                "",
            );
        }
        let root = Table::root(table.get_ref());
        shape::check(&root, schema::POLICY, "the file", !errors.is_empty(), &mut findings);
        if errors.is_empty() {
            sense::check(&root, &mut findings);
            questions::check(&root, &mut findings);
        }
        match findings.sorted() {
            found if !found.is_empty() => Err(found),
            _ => toml::from_str(text).map_err(|error| unforeseen(text, &error)),
        }
    }

    /// Reads a policy as it was pinned, perhaps by another version: what is unknown is left out, and nothing is asked but
    /// whether the types take it. A pinned policy was checked once; that it is read must not depend on today's checks.
    pub fn recall(text: &str) -> Result<Policy, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Reads a policy; the error is all diagnostics, one a line.
    pub fn parse(text: &str) -> Result<Policy, String> {
        Self::read(text).map_err(|found| {
            let lines: Vec<String> = found.iter().map(Diagnostic::to_string).collect();
            lines.join("\n")
        })
    }
}

/// What the types do not take although nothing was found.
fn unforeseen(text: &str, error: &toml::de::Error) -> Vec<Diagnostic> {
    let mut findings = Findings::new(text);
    findings.say(error.span().map(|span| span.start), error.message().to_owned(), "");
    findings.sorted()
}

/// `line 4: what (hint)`
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        f.write_str(&self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}
