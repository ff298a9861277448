//! Every action of the console, once: name, keys, where it works, what it does.
//!
//! Keymap, help, palette, footer hints, the `:` line and the documentation are all made from
//! [`REGISTRY`], so they cannot drift apart. What an action does is in `app`, the screens and panes.

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
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoomAction {
    Scribe,
    Decide,
    Update,
    Roles,
    Severity,
    Status,
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

/// One line of the registry.
pub struct Spec {
    pub action: Action,
    /// As in `config.toml`, the palette and the `:` line.
    pub name: &'static str,
    pub context: Context,
    pub keys: &'static [&'static str],
    /// A word or two for the footer; empty: not shown there.
    pub hint: &'static str,
    pub about: &'static str,
}

const fn spec(
    action: Action,
    name: &'static str,
    context: Context,
    keys: &'static [&'static str],
    hint: &'static str,
    about: &'static str,
) -> Spec {
    Spec { action, name, context, keys, hint, about }
}

use Action as A;
use Context as C;

/// All actions, in the order of help and footer.
pub const REGISTRY: &[Spec] = &[
    spec(
        A::Replay(ReplayAction::PlayPause),
        "play-pause",
        C::Replay,
        &["space"],
        "play/pause",
        "play or pause",
    ),
    spec(A::Replay(ReplayAction::StepForward), "step-forward", C::Replay, &["."], "step", "one entry on"),
    spec(A::Replay(ReplayAction::StepBack), "step-back", C::Replay, &[","], "back", "one entry back"),
    spec(A::Replay(ReplayAction::Faster), "faster", C::Replay, &[">"], "faster", "play faster, up to 1000x"),
    spec(A::Replay(ReplayAction::Slower), "slower", C::Replay, &["<"], "slower", "play slower, down to 1x"),
    spec(
        A::Replay(ReplayAction::NextPhase),
        "next-phase",
        C::Replay,
        &["]"],
        "phase",
        "to the next phase or status",
    ),
    spec(
        A::Replay(ReplayAction::PreviousPhase),
        "previous-phase",
        C::Replay,
        &["["],
        "",
        "to the phase or status before",
    ),
    spec(
        A::Replay(ReplayAction::NextMark),
        "next-decision",
        C::Replay,
        &["}"],
        "decision",
        "to the next decision or update",
    ),
    spec(
        A::Replay(ReplayAction::PreviousMark),
        "previous-decision",
        C::Replay,
        &["{"],
        "",
        "to the decision or update before",
    ),
    spec(
        A::Replay(ReplayAction::SkipSilence),
        "skip-silence",
        C::Replay,
        &["S"],
        "skip silence",
        "jump over long silences while playing",
    ),
    spec(A::Replay(ReplayAction::Goto), "seek", C::Replay, &["T"], "", "to a time, such as 14:05 or +30m"),
    spec(A::Replay(ReplayAction::Start), "to-start", C::Replay, &["home"], "", "to the beginning"),
    spec(A::Replay(ReplayAction::End), "to-end", C::Replay, &["end"], "", "to the end"),
    spec(
        A::Timeline(TimelineAction::Detail),
        "detail",
        C::Timeline,
        &["enter"],
        "",
        "show the whole entry and its history",
    ),
    spec(
        A::Timeline(TimelineAction::Correct),
        "correct",
        C::Timeline,
        &["e"],
        "correct",
        "correct the selected entry; the original is kept",
    ),
    spec(
        A::Timeline(TimelineAction::Retract),
        "retract",
        C::Timeline,
        &["x"],
        "",
        "retract the selected entry; it stays readable",
    ),
    spec(
        A::Timeline(TimelineAction::Mark),
        "mark",
        C::Timeline,
        &["m"],
        "",
        "mark as important, or take the mark off",
    ),
    spec(
        A::Timeline(TimelineAction::Kinds),
        "kinds",
        C::Timeline,
        &["f"],
        "",
        "choose which kinds of entry are listed",
    ),
    spec(A::Timeline(TimelineAction::Goto), "goto", C::Timeline, &["T"], "", "to a time, such as 14:05"),
    spec(
        A::Timeline(TimelineAction::CopyAll),
        "copy-timeline",
        C::Timeline,
        &["Y"],
        "",
        "copy the whole timeline as Markdown",
    ),
    spec(
        A::Checklist(ChecklistAction::Tick),
        "tick",
        C::Checklist,
        &["space"],
        "tick",
        "tick the step, or open it again",
    ),
    spec(
        A::Checklist(ChecklistAction::Open),
        "step",
        C::Checklist,
        &["enter"],
        "open",
        "the step in full: text, commands, notes",
    ),
    spec(
        A::Checklist(ChecklistAction::Start),
        "start",
        C::Checklist,
        &["b"],
        "begin",
        "mark the step as begun",
    ),
    spec(
        A::Checklist(ChecklistAction::Skip),
        "skip",
        C::Checklist,
        &["x"],
        "skip",
        "skip the step, with a reason",
    ),
    spec(
        A::Checklist(ChecklistAction::Assign),
        "assign-step",
        C::Checklist,
        &["@"],
        "assign",
        "give the step to somebody",
    ),
    spec(
        A::Checklist(ChecklistAction::Add),
        "add-step",
        C::Checklist,
        &["+"],
        "add",
        "add a step to this phase",
    ),
    spec(A::Checklist(ChecklistAction::Note), "note-step", C::Checklist, &["c"], "", "comment on the step"),
    spec(
        A::Checklist(ChecklistAction::NextPlaybook),
        "next-playbook",
        C::Checklist,
        &[")"],
        "",
        "show the next attached playbook",
    ),
    spec(
        A::Checklist(ChecklistAction::PreviousPlaybook),
        "previous-playbook",
        C::Checklist,
        &["("],
        "",
        "show the attached playbook before",
    ),
    spec(
        A::Checklist(ChecklistAction::Detach),
        "detach",
        C::Checklist,
        &["X"],
        "",
        "detach this playbook; what was done stays in the log",
    ),
    spec(A::Roles(RolesAction::Assign), "assign", C::Roles, &["enter", "space"], "assign", "assign the role"),
    spec(
        A::Roles(RolesAction::HandOver),
        "hand-over",
        C::Roles,
        &["H"],
        "hand over",
        "hand the role over, with a brief",
    ),
    spec(
        A::Roles(RolesAction::Release),
        "release",
        C::Roles,
        &["x"],
        "release",
        "end somebody's time in the role",
    ),
    spec(
        A::Roles(RolesAction::Define),
        "define-role",
        C::Roles,
        &["+"],
        "new role",
        "add a role of your own",
    ),
    spec(A::Update(UpdateAction::Compose), "compose", C::Update, &["enter"], "write", "write the update"),
    spec(A::Update(UpdateAction::Send), "send", C::Update, &["ctrl-s"], "send", "preview, then send"),
    spec(A::Update(UpdateAction::Audience), "audience", C::Update, &["@"], "audience", "choose who is told"),
    spec(
        A::Update(UpdateAction::Prefill),
        "prefill",
        C::Update,
        &["f"],
        "fill in",
        "fill the template in from the log",
    ),
    spec(A::Update(UpdateAction::Next), "next-update", C::Update, &["n"], "", "when the next update is due"),
    spec(
        A::Update(UpdateAction::Word),
        "word",
        C::Update,
        &["w"],
        "",
        "investigating, identified, resolving, monitoring, resolved",
    ),
    spec(A::Update(UpdateAction::Editor), "editor", C::Update, &["E"], "", "write it in $EDITOR"),
    spec(A::Update(UpdateAction::History), "history", C::Update, &["h"], "", "updates sent so far"),
    spec(A::Room(RoomAction::Scribe), "note", C::Live, &["i"], "note", "write on the timeline"),
    spec(A::Room(RoomAction::Decide), "decision", C::Live, &["d"], "", "write a decision"),
    spec(A::Room(RoomAction::Update), "update", C::Live, &["u"], "update", "write a status update"),
    spec(
        A::Room(RoomAction::Roles),
        "roles",
        C::Live,
        &["r"],
        "roles",
        "assign the commander or another role",
    ),
    spec(
        A::Room(RoomAction::Severity),
        "severity",
        C::Live,
        &["s"],
        "severity",
        "set the severity, with a reason",
    ),
    spec(
        A::Room(RoomAction::Status),
        "status",
        C::Live,
        &["p"],
        "phase",
        "move phase and status, resolve, reopen",
    ),
    spec(A::Room(RoomAction::Undo), "undo", C::Live, &["U"], "", "take your last act back; history stays"),
    spec(
        A::Room(RoomAction::Attach),
        "attach",
        C::Live,
        &["A"],
        "",
        "attach a playbook, or any Markdown runbook",
    ),
    spec(A::Room(RoomAction::Link), "link", C::Live, &["L"], "", "set the bridge, channel or another link"),
    spec(A::Room(RoomAction::Retitle), "retitle", C::Live, &[], "", "change the title"),
    spec(A::Room(RoomAction::Timers), "timers", C::Room, &["t"], "", "every clock, the soonest first"),
    spec(
        A::Room(RoomAction::AsKnown),
        "as-known",
        C::Room,
        &["K"],
        "",
        "the room as known at the selected entry",
    ),
    spec(A::Room(RoomAction::Filter), "filter", C::Room, &["/"], "filter", "show only what matches"),
    spec(A::Room(RoomAction::NextMatch), "next-match", C::Timeline, &["n"], "", "to the next match"),
    spec(
        A::Room(RoomAction::PreviousMatch),
        "previous-match",
        C::Timeline,
        &["N"],
        "",
        "to the match before",
    ),
    spec(A::Room(RoomAction::FocusTimeline), "pane-timeline", C::Room, &["1"], "", "to the timeline"),
    spec(A::Room(RoomAction::FocusChecklist), "pane-checklist", C::Room, &["2"], "", "to the checklist"),
    spec(A::Room(RoomAction::FocusRoles), "pane-roles", C::Room, &["3"], "", "to the roles"),
    spec(A::Room(RoomAction::FocusUpdate), "pane-update", C::Room, &["4"], "", "to the status update"),
    spec(A::Room(RoomAction::FocusNext), "next-pane", C::Room, &["tab"], "", "to the next pane"),
    spec(
        A::Room(RoomAction::FocusPrevious),
        "previous-pane",
        C::Room,
        &["shift-tab"],
        "",
        "to the pane before",
    ),
    spec(
        A::Room(RoomAction::Zoom),
        "zoom",
        C::Room,
        &["z"],
        "",
        "make this pane as large as the screen, or small again",
    ),
    spec(A::Room(RoomAction::Copy), "copy", C::Room, &["y"], "", "copy what is selected"),
    spec(
        A::Room(RoomAction::OpenLink),
        "open-link",
        C::Room,
        &["o"],
        "",
        "open the link of what is selected",
    ),
    spec(A::Room(RoomAction::Switch), "switch", C::Room, &["w"], "", "go to another incident"),
    spec(
        A::Room(RoomAction::Export),
        "export",
        C::Room,
        &[],
        "",
        "write the incident as Markdown into a file",
    ),
    spec(A::Home(HomeAction::Declare), "declare", C::Home, &["d"], "declare", "declare an incident"),
    spec(A::Home(HomeAction::Replay), "replay", C::Home, &["r"], "replay", "replay a past incident"),
    spec(A::Home(HomeAction::Open), "open", C::Home, &["enter"], "open", "open the selected incident"),
    spec(A::Move(Move::Down), "down", C::Everywhere, &["j", "down"], "", "down"),
    spec(A::Move(Move::Up), "up", C::Everywhere, &["k", "up"], "", "up"),
    spec(A::Move(Move::Left), "left", C::Everywhere, &["h", "left"], "", "left"),
    spec(A::Move(Move::Right), "right", C::Everywhere, &["l", "right"], "", "right"),
    spec(A::Move(Move::PageDown), "page-down", C::Everywhere, &["pgdn", "ctrl-f"], "", "a page down"),
    spec(A::Move(Move::PageUp), "page-up", C::Everywhere, &["pgup", "ctrl-b"], "", "a page up"),
    spec(A::Move(Move::HalfDown), "half-down", C::Everywhere, &["ctrl-d"], "", "half a page down"),
    spec(A::Move(Move::HalfUp), "half-up", C::Everywhere, &["ctrl-u"], "", "half a page up"),
    spec(A::Move(Move::Top), "top", C::Everywhere, &["g", "home"], "", "to the first"),
    spec(
        A::Move(Move::Bottom),
        "bottom",
        C::Everywhere,
        &["G", "end"],
        "",
        "to the last; follows new entries",
    ),
    spec(A::App(AppAction::CommandLine), "command", C::Everywhere, &[":"], "command", "the command line"),
    spec(
        A::App(AppAction::Palette),
        "palette",
        C::Everywhere,
        &["ctrl-p"],
        "",
        "find any command, step, person or past incident",
    ),
    spec(A::App(AppAction::Help), "help", C::Everywhere, &["?"], "help", "help for this place; Enter runs"),
    spec(A::App(AppAction::ToggleZone), "zone", C::Everywhere, &["Z"], "", "show times in UTC or local time"),
    spec(A::App(AppAction::NextTheme), "theme", C::Everywhere, &[], "", "the next theme"),
    spec(A::App(AppAction::Redraw), "redraw", C::Everywhere, &["ctrl-l"], "", "draw the screen anew"),
    spec(
        A::App(AppAction::Suspend),
        "suspend",
        C::Everywhere,
        &["ctrl-z"],
        "",
        "to the shell and back with fg",
    ),
    spec(A::App(AppAction::Back), "back", C::Everywhere, &["esc"], "", "one level back; typed text is kept"),
    spec(A::App(AppAction::Quit), "quit", C::Everywhere, &["q"], "", "leave"),
];

/// The registry's line for an action.
pub fn find(action: Action) -> Option<&'static Spec> {
    REGISTRY.iter().find(|spec| spec.action == action)
}

/// The registry's line with this name.
pub fn named(name: &str) -> Option<&'static Spec> {
    REGISTRY.iter().find(|spec| spec.name == name)
}

/// Why an action cannot work now; `None`: it can. `live`: whether the room that is open, if one is, can be
/// changed.
pub fn blocked(spec: &Spec, live: Option<bool>) -> Option<&'static str> {
    match (needs(spec), live) {
        (Need::Nothing, _) | (Need::Home, None) | (Need::Room, Some(_)) => None,
        (Need::Live, Some(true)) | (Need::Replay, Some(false)) => None,
        (Need::Home, Some(_)) => Some("only on Home"),
        (Need::Room, None) => Some("needs a room"),
        (Need::Live, None) => Some("needs a live room"),
        (Need::Live, Some(false)) => Some("a replay cannot be changed"),
        (Need::Replay, _) => Some("needs a replay"),
    }
}

/// Where an action can work, whatever has the keys.
#[derive(Copy, Clone)]
enum Need {
    Nothing,
    Home,
    /// Live or replayed.
    Room,
    Live,
    Replay,
}

fn needs(spec: &Spec) -> Need {
    use {ChecklistAction as Checklist, TimelineAction as Timeline, UpdateAction as Update};
    match spec.action {
        Action::App(_) | Action::Move(_) | Action::Home(HomeAction::Declare) => Need::Nothing,
        Action::Home(_) => Need::Home,
        Action::Replay(_) => Need::Replay,
        Action::Timeline(Timeline::Correct | Timeline::Retract | Timeline::Mark) => Need::Live,
        Action::Checklist(Checklist::Open | Checklist::NextPlaybook | Checklist::PreviousPlaybook) => {
            Need::Room
        }
        Action::Update(Update::History) | Action::Timeline(_) => Need::Room,
        Action::Checklist(_) | Action::Roles(_) | Action::Update(_) => Need::Live,
        Action::Room(_) if spec.context == Context::Live => Need::Live,
        Action::Room(_) => Need::Room,
    }
}
