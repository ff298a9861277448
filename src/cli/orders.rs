//! Orders to one incident from the command line: open it, give one after the other, say what was saved.
//!
//! For the subcommands that change something. What is decided, and why it may be refused, is the core's.

use super::desk::{Desk, Found};
use super::fail::Done;
use super::print;
use crate::incident::{Command, EntryId, Incident};
use crate::runtime::headless::Session;

pub struct Orders<'a> {
    pub desk: &'a mut Desk,
    pub found: Found,
    pub session: Session,
    saved: Vec<EntryId>,
}

impl<'a> Orders<'a> {
    /// The incident that is named, else the only one that is open.
    pub fn to(desk: &'a mut Desk, reference: Option<&str>) -> Done<Self> {
        let found = desk.which(reference)?;
        let session = desk.session(&found)?;
        Ok(Self { desk, found, session, saved: Vec::new() })
    }

    pub fn incident(&self) -> &Incident {
        self.session.incident()
    }

    /// Decides and saves one; answers the ids of its entries. When it is refused, what was saved before it is said first.
    pub fn give(&mut self, command: Command) -> Done<Vec<EntryId>> {
        match self.session.carry_out(self.desk.order(command)) {
            Ok(ids) => {
                self.saved.extend(&ids);
                Ok(ids)
            }
            Err(not_done) if self.saved.is_empty() => Err(not_done.into()),
            Err(not_done) => {
                print::saved(self.desk, &self.session, &self.found, &self.saved)?;
                Err(not_done.into())
            }
        }
    }

    /// Says what was saved.
    pub fn say(self) -> Done {
        print::saved(self.desk, &self.session, &self.found, &self.saved)
    }

    /// Gives one order and says what was saved.
    pub fn only(mut self, command: Command) -> Done {
        self.give(command)?;
        self.say()
    }
}
