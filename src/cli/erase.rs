//! `warroom erase`: what must not stay, such as a password in a note. Header and chain remain and still verify.

use clap::Args;

use super::desk::{self, Desk};
use super::fail::{Done, Fail};
use super::{print, words};
use crate::incident::Command;
use crate::runtime::cache;

/// Erase the words of an entry for good (a password, personal data); the journal still verifies
#[derive(Args)]
#[command(override_usage = "warroom erase [REF] ENTRY --reason TEXT")]
pub struct EraseArgs {
    /// ENTRY is the end of an id as `show` prints it, or `last`
    #[arg(required = true, num_args = 1..=2, value_name = "ENTRY")]
    words: Vec<String>,
    /// Why; it is recorded, so do not repeat the secret
    #[arg(long)]
    reason: String,
}

impl EraseArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (reference, [entry]) = words::split(self.words, "erase [REF] ENTRY --reason TEXT")?;
        let found = desk.which(reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let target = desk::entry(&mut session, &entry, &desk.me)?.id();
        let saved = session.carry_out(desk.order(Command::Erase { target, reason: self.reason }))?;
        session.journal().erase(target).map_err(|error| {
            let what = format!("the erasure is recorded, but the words still stand in the file: {error}");
            Fail::refused(what, format!("{}; then give the same command again", error.hint()))
        })?;
        // The checkpoint was made while the words stood.
        cache::forget(&cache::path(&desk.paths.cache(), found.id));
        print::saved(desk, &session, &found, &saved)
    }
}
