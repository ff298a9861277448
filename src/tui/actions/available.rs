//! Which actions can work now, and why the others cannot.

use super::{Action, ChecklistAction, Context, HomeAction, Spec, TimelineAction, UpdateAction};

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
