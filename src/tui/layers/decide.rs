//! Decisions: proposal, strong objections, outcome, verification (row B5).
//!
//! The plain case is `d`, the proposal, Enter; the poll then shows the sentence to say, and Enter goes ahead. What is open
//! or to be verified comes first when `d` is pressed again. The poll is in `poll`, its words in `words`, the questions
//! about one decision in `one`.

mod one;
mod poll;
mod words;

use crossterm::event::KeyCode;

use super::asks::when::{FORMS, by_when, left};
use super::board::{Board, Things};
use super::form::{Form, Part, Values};
use super::question;
use crate::incident::command::DecisionCommand;
use crate::incident::deadline::{Urgency, deadline};
use crate::incident::decisions::Poll;
use crate::incident::{Command, EntryId, Time};
use crate::tui::layer::Layer;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

pub use one::verify;

/// When it is looked at whether it worked, unless somebody says otherwise.
pub const USUAL: &str = "30m";
/// Lines of a decision that is not selected.
const MOST: usize = 2;

/// What waits for somebody, else the form for a new proposal.
pub fn layer(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let board = Board::new(Decisions, scene);
    if !scene.live {
        return Box::new(board);
    }
    let waits = scene.incident.polls.all().iter().any(|poll| poll.is_open() || poll.awaits_verification());
    Box::new(board.with_form(form(), waits))
}

/// One decision in full, to go on with it.
pub fn resume(id: EntryId) -> Box<dyn Layer> {
    Box::new(poll::PollLayer::saved(id))
}

fn form() -> Form {
    let parts = vec![
        Part::text("proposal", "I propose", "").help("what is to be done; Enter alone is enough"),
        Part::text("risk", "risk", "").help("what may go wrong"),
        Part::text("rollback", "roll back", "").help("how to go back if it does"),
        Part::text("verify", "verify in", USUAL).help(FORMS),
    ];
    Form::new("Decide", "", parts, Box::new(submit)).verb("propose")
}

fn submit(values: &Values, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    let verify_by = by_when(&values.get("verify"), ctx)?;
    proposed(values.get("proposal"), values.get("risk"), values.get("rollback"), verify_by, ctx)
}

/// The order, and the poll that waits for it to be saved.
pub fn proposed(
    proposal: String,
    risk: String,
    rollback: String,
    verify_by: Option<Time>,
    ctx: &Ctx,
) -> Result<Vec<Msg>, String> {
    let poll = poll::PollLayer::given(&proposal, ctx);
    let command = Command::Decision(DecisionCommand::Propose { proposal, risk, rollback, verify_by });
    let mut messages = question::order(command, ctx)?;
    messages.insert(0, Msg::Push(Box::new(poll)));
    Ok(messages)
}

/// The decisions of the incident.
struct Decisions;

impl Things for Decisions {
    fn name(&self) -> &'static str {
        "decisions"
    }

    fn title(&self) -> &'static str {
        "Decisions"
    }

    fn groups(&self, scene: &Scene) -> Vec<(&'static str, Vec<EntryId>)> {
        let all = scene.incident.polls.all();
        let open = all.iter().filter(|poll| poll.is_open());
        let mut waiting: Vec<&Poll> = all.iter().filter(|poll| poll.awaits_verification()).collect();
        waiting.sort_by_key(|poll| poll.verify_by);
        let settled = |poll: &&Poll| !poll.is_open() && !poll.awaits_verification();
        let mut decided: Vec<&Poll> = all.iter().filter(settled).collect();
        decided.sort_by_key(|poll| std::cmp::Reverse(poll.settled.as_ref().map(|settled| settled.at)));
        let ids = |polls: Vec<&Poll>| polls.into_iter().map(|poll| poll.id).collect();
        vec![("Proposed", ids(open.collect())), ("To be verified", ids(waiting)), ("Decided", ids(decided))]
    }

    fn lines(&self, id: EntryId, whole: bool, sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
        let Some(poll) = scene.incident.polls.get(id) else { return };
        let (row, most) = (sheet.len(), if whole { usize::MAX } else { MOST });
        let (state, meaning) = standing(poll, scene);
        let columns = sheet.width().saturating_sub(width(&state) + 2);
        sheet.say_at_most(0, Meaning::Text, &poll.proposal, columns, most).right(row, meaning, &state);
        let columns = sheet.width().saturating_sub(2);
        for line in words::became(poll, ctx, scene) {
            sheet.say_at_most(2, Meaning::Muted, &line, columns, if whole { usize::MAX } else { 1 });
        }
    }

    fn nothing(&self) -> &'static str {
        "Nothing has been proposed."
    }

    fn below(&self) -> &'static str {
        "PgDn, or Enter with nothing typed: go on with one, verify"
    }

    fn footer(&self, scene: &Scene, selected: Option<EntryId>) -> &'static str {
        match selected.and_then(|id| scene.incident.polls.get(id)) {
            _ if !scene.live => "Enter: show   Esc: back",
            Some(poll) if poll.is_open() => "Enter: go on with it   n: new   Esc: back",
            Some(poll) if one::went(poll) => "Enter: show   v: verify   U: open again   n: new   Esc: back",
            Some(_) => "Enter: show   U: open again   n: new   Esc: back",
            None => "n: new   Esc: back",
        }
    }

    fn key(&self, key: KeyCode, selected: Option<EntryId>, _ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let Some(poll) = selected.and_then(|id| scene.incident.polls.get(id)) else { return Vec::new() };
        match key {
            KeyCode::Enter => vec![Msg::Push(resume(poll.id))],
            KeyCode::Char('v' | 'U') => one::settled_key(key, poll, scene),
            _ => Vec::new(),
        }
    }

    fn opens_form(&self, key: KeyCode) -> bool {
        matches!(key, KeyCode::Char('n' | 'd'))
    }
}

/// Where it stands, in a word or two.
fn standing(poll: &Poll, scene: &Scene) -> (String, Meaning) {
    if let Some(verified) = &poll.verified {
        return match verified.worked {
            true => ("it worked".to_owned(), Meaning::Good),
            false => ("it did NOT work".to_owned(), Meaning::Warning),
        };
    }
    match &poll.settled {
        None if poll.objections.is_empty() => ("any strong objections?".to_owned(), Meaning::Accent),
        None => ("OBJECTION".to_owned(), Meaning::Warning),
        Some(_) if poll.awaits_verification() => clock(poll, scene),
        Some(settled) => (settled.outcome.name().to_owned(), Meaning::Muted),
    }
}

fn clock(poll: &Poll, scene: &Scene) -> (String, Meaning) {
    let Some(due) = poll.verify_by else { return (String::new(), Meaning::Muted) };
    let clock = deadline(scene.incident, &format!("verify/{}", poll.id), scene.now);
    let heard = clock.is_none_or(|clock| clock.urgency(scene.now) != Urgency::Over);
    let (text, meaning) = left(due, heard, scene.now);
    (format!("verify: {text}"), meaning)
}
