//! What can be done with a clock: hear it, put it off, answer it, go where it is answered (row B2).
//!
//! Nothing is decided here: the orders are checked as the room will decide them, and a refusal stays beside the text.

use crate::incident::command::ClockCommand;
use crate::incident::deadline::{Deadline, What};
use crate::incident::{Command, Time};
use crate::report::update::NextUpdate;
use crate::tui::actions::{Action, RoomAction, UpdateAction};
use crate::tui::layers::ask::Ask;
use crate::tui::layers::contacts::call;
use crate::tui::layers::form::{Form, Part};
use crate::tui::layers::question::{order, read_only};
use crate::tui::msg::{Msg, Tone};
use crate::tui::panes::update::Edit;
use crate::tui::scene::{Ctx, Scene};

/// The command for a clock.
pub fn clock(id: &str, act: ClockCommand) -> Command {
    Command::Clock { clock: id.to_owned(), act }
}

/// An order that asks nothing first; a refusal is said.
pub fn give(command: Command, ctx: &Ctx) -> Vec<Msg> {
    order(command, ctx).unwrap_or_else(|why| vec![Msg::Say(Tone::Warning, why)])
}

/// Asks until when it can wait, and why.
pub fn put_off(id: &str, label: &str) -> Form {
    let parts = vec![
        Part::text("until", "until", "").placeholder("10m, or 14:20").help("It rings again then."),
        Part::text("why", "why", "").placeholder("such as: the restore ends at 14:20"),
    ];
    let id = id.to_owned();
    let submit = move |values: &crate::tui::layers::form::Values, ctx: &Ctx| {
        let until = moment(&values.get("until"), ctx)?;
        order(clock(&id, ClockCommand::Snooze { until, reason: values.get("why") }), ctx)
    };
    Form::new("Put off", label, parts, Box::new(submit)).verb("put it off")
}

/// A time to come, as people say it: `10m`, `14:20`.
fn moment(text: &str, ctx: &Ctx) -> Result<Time, String> {
    let now = ctx.scene.map_or(ctx.now, |scene| scene.now);
    match NextUpdate::parse(text, now, ctx.look.zone) {
        Ok(next @ (NextUpdate::In(_) | NextUpdate::At(_))) => next.due(crate::incident::Span::ZERO, now),
        _ => None,
    }
    .ok_or_else(|| "until when? Write 10m, 1h or 14:20".to_owned())
}

/// Asks how it was answered.
pub fn done(deadline: &Deadline) -> Ask {
    let id = deadline.id.clone();
    let about = format!("{}: what came of it? Nothing typed: done, no more is said.", deadline.label);
    let answer =
        move |note: &str, ctx: &Ctx| order(clock(&id, ClockCommand::Done { note: note.to_owned() }), ctx);
    Ask::new("Done", about, Box::new(answer))
}

/// To where it can be answered; the board goes away where something else is shown in its place.
pub fn go(deadline: &Deadline, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
    let room = |action| vec![Msg::Pop, Msg::Act(Action::Room(action))];
    let only_live = |messages| if scene.live { messages } else { read_only() };
    match &deadline.what {
        What::Update { audience } if scene.live => vec![
            Msg::Pop,
            Msg::Act(Action::Room(RoomAction::FocusUpdate)),
            Msg::Composer(Edit::Audience(audience.clone())),
            Msg::Act(Action::Room(RoomAction::Update)),
        ],
        What::Update { .. } => room(RoomAction::FocusUpdate),
        What::PhaseBox { .. } => room(RoomAction::FocusChecklist),
        What::Offer { .. } => room(RoomAction::FocusRoles),
        What::Rto { .. } | What::Rpo { .. } => room(RoomAction::Impact),
        What::FollowUp { .. } => room(RoomAction::FollowUps),
        What::Ask { .. } => only_live(room(RoomAction::Ask)),
        What::Verify { .. } => only_live(room(RoomAction::Decide)),
        What::Response | What::Watch => only_live(room(RoomAction::Status)),
        What::Triage if scene.incident.severity.is_none() => only_live(room(RoomAction::Severity)),
        What::Triage => only_live(room(RoomAction::Roles)),
        What::Approval { .. } => {
            let mut messages = room(RoomAction::FocusUpdate);
            if scene.live {
                messages.push(Msg::Act(Action::Update(UpdateAction::Approve)));
            }
            messages
        }
        What::Escalation { .. } | What::Notify { .. } => {
            vec![Msg::Push(call::layer(call::Callee::of_clock(deadline, ctx, scene)))]
        }
        What::Mark | What::Regulatory | What::PostMortem => {
            only_live(vec![Msg::Push(Box::new(done(deadline)))])
        }
    }
}
