//! Every action of the console, once: name, keys, where it works, what it does.
//!
//! Keymap, help, palette, footer hints, the `:` line and the documentation are all made from
//! [`REGISTRY`], so they cannot drift apart. What an action does is in `app`, the screens and panes.

mod available;
mod registry;

pub use available::blocked;
pub use registry::{REGISTRY, Spec};

/// Something a person can ask the console to do.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    App(AppAction),
    Move(Move),
    Home(HomeAction),
    Room(RoomAction),
    Timeline(TimelineAction),
    Checklist(ChecklistAction),
    Roles(RolesAction),
    Update(UpdateAction),
    Replay(ReplayAction),
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AppAction {
    Help,
    Palette,
    CommandLine,
    Back,
    Quit,
    Suspend,
    Redraw,
    ToggleZone,
    NextTheme,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Move {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    HalfUp,
    HalfDown,
    Top,
    Bottom,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HomeAction {
    Declare,
    Replay,
    Open,
    /// Open follow-ups of all incidents.
    FollowUps,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoomAction {
    Scribe,
    Ask,
    Decide,
    Update,
    Roles,
    Severity,
    /// The questions that lead to a severity.
    Triage,
    Status,
    Impact,
    /// The hypotheses.
    Causes,
    FollowUps,
    /// Whom to call.
    Contacts,
    RollCall,
    /// What is told outside.
    Outbox,
    /// Acknowledge the page, open the channel and the ticket.
    Join,
    /// Keep its words in, or let them out.
    Private,
    Undo,
    Timers,
    Filter,
    NextMatch,
    PreviousMatch,
    FocusTimeline,
    FocusChecklist,
    FocusRoles,
    FocusUpdate,
    FocusNext,
    FocusPrevious,
    Zoom,
    Copy,
    OpenLink,
    Link,
    AsKnown,
    Switch,
    Attach,
    Retitle,
    Export,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimelineAction {
    Detail,
    Correct,
    Retract,
    Mark,
    Kinds,
    Goto,
    CopyAll,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChecklistAction {
    Tick,
    Open,
    Start,
    Skip,
    Assign,
    Add,
    Note,
    NextPlaybook,
    PreviousPlaybook,
    Detach,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RolesAction {
    Assign,
    Release,
    HandOver,
    Define,
    /// Accept or decline a role that was offered.
    Answer,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UpdateAction {
    Compose,
    Audience,
    Send,
    Prefill,
    Next,
    Word,
    Editor,
    History,
    /// Another template for the same audience, such as a CAN report.
    Template,
    /// Look at the update that waits for approval.
    Approve,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReplayAction {
    PlayPause,
    StepForward,
    StepBack,
    Faster,
    Slower,
    NextPhase,
    PreviousPhase,
    NextMark,
    PreviousMark,
    SkipSilence,
    Goto,
    Start,
    End,
}

/// Where an action works. Panes come before their screen, the screen before everything.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    Everywhere,
    Home,
    /// A live room or a replay.
    Room,
    /// A room that can be changed.
    Live,
    Timeline,
    Checklist,
    Roles,
    Update,
    Replay,
}

impl Context {
    pub const ALL: [Context; 9] = [
        Context::Everywhere,
        Context::Home,
        Context::Room,
        Context::Live,
        Context::Timeline,
        Context::Checklist,
        Context::Roles,
        Context::Update,
        Context::Replay,
    ];

    pub const fn title(self) -> &'static str {
        match self {
            Context::Everywhere => "everywhere",
            Context::Home => "home",
            Context::Room => "room and replay",
            Context::Live => "live room",
            Context::Timeline => "timeline",
            Context::Checklist => "checklist",
            Context::Roles => "roles",
            Context::Update => "status update",
            Context::Replay => "replay",
        }
    }
}

/// The registry's line for an action.
pub fn find(action: Action) -> Option<&'static Spec> {
    REGISTRY.iter().find(|spec| spec.action == action)
}

/// The registry's line with this name.
pub fn named(name: &str) -> Option<&'static Spec> {
    REGISTRY.iter().find(|spec| spec.name == name)
}
