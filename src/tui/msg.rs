//! What panes and layers ask of the application: data, never closures.

use super::actions::Action;
use super::layer::Layer;
use crate::incident::{Command, EntryId, Time, When};

/// How a message to the person is meant.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tone {
    Info,
    Good,
    Warning,
    Alert,
}

pub enum Msg {
    /// Do something to the incident.
    Order(Command),
    /// The same; the text is told when it is saved, not before.
    OrderSaying(Command, String),
    /// The same, but it happened at another time.
    OrderAt(Command, Option<When>),
    /// Run an action of the registry, as if its key had been pressed.
    Act(Action),
    /// Run a line of the `:` command line.
    Line(String),
    /// Lay something over the screen.
    Push(Box<dyn Layer>),
    /// Take the topmost layer off.
    Pop,
    /// Tell the person.
    Say(Tone, String),
    Copy(String),
    /// Open an address with the system's opener.
    OpenUrl(String),
    /// Hand the text to `$EDITOR`; it comes back to the composer.
    Editor(String),
    /// Declare an incident and enter its room.
    Declare(Box<crate::incident::command::Declare>),
    /// Enter the room of an incident by any reference.
    Enter(String),
    /// Replay a shipped past incident, or one of this home, from `at` on.
    Replay {
        name: String,
        at: Option<Time>,
    },
    Home,
    /// Select an entry on the timeline.
    Select(EntryId),
    /// Put the timeline at a time, or the replay, when one runs.
    Goto(Time),
    /// Go to a moment of the replay, as typed: `14:05`, `+30m`, `50%`, `end`.
    Seek(String),
    /// Attach a playbook by name or path.
    Attach(String),
    Theme(String),
    /// Write the export to this path, or to the working folder.
    Export(Option<String>),
    /// List everything but these kinds.
    Kinds(Vec<crate::incident::Class>),
    /// Show times in UTC or in local time.
    Zone(crate::incident::Zone),
    /// A change to the update that is being written: for `UpdatePane::edit`.
    Composer(super::panes::update::Edit),
    /// Take my last act back for this reason.
    Undo(String),
    Quit,
}
