//! The questions about one hypothesis, and everything that was thought of it.

use crossterm::event::{KeyCode, KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::decisions::{Hypothesis, Judgement};
use crate::incident::event::Verdict;
use crate::incident::scribe::NoteKind;
use crate::incident::{Command, EntryId, PersonId};
use crate::tui::layer::Layer;
use crate::tui::layers::ask::Ask;
use crate::tui::layers::asks::who::{names, whom};
use crate::tui::layers::page::Page;
use crate::tui::layers::question::{ask, order};
use crate::tui::layers::step::text::moment;
use crate::tui::msg::Msg;
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

pub(super) fn new() -> Ask {
    ask("A possible cause", "What may it be, in a few words?", opened)
}

/// The note that opens a hypothesis; a mark typed by habit is taken off.
pub(in crate::tui::layers) fn opened(text: &str) -> Command {
    let text = text.trim().trim_start_matches('?').trim_start().to_owned();
    Command::Note { kind: NoteKind::Hypothesis, text }
}

fn judge(hypothesis: EntryId, verdict: Verdict, who: Option<PersonId>, evidence: &str) -> Command {
    Command::Judge { hypothesis, verdict, who, evidence: evidence.to_owned() }
}

pub(super) fn test(hypothesis: &Hypothesis, ctx: &Ctx, scene: &Scene) -> Ask {
    let id = hypothesis.id;
    let about = format!("{}\nWho tests it? Nothing typed: {}.", hypothesis.text, ctx.me);
    let answer = move |text: &str, ctx: &Ctx| {
        let who = match (text, &ctx.scene) {
            ("", _) | (_, None) => ctx.me.clone(),
            (text, Some(scene)) => whom(text, scene)?,
        };
        order(judge(id, Verdict::Testing, Some(who), ""), ctx)
    };
    Ask::new("Test it", about, Box::new(answer)).completing(names(ctx, scene))
}

pub(super) fn rule_out(hypothesis: &Hypothesis) -> Ask {
    let id = hypothesis.id;
    let about = format!("{}\nWhat speaks against it? The evidence is needed.", hypothesis.text);
    ask("Rule it out", &about, move |evidence| judge(id, Verdict::RuledOut, None, evidence))
}

pub(super) fn confirm(hypothesis: &Hypothesis) -> Ask {
    let id = hypothesis.id;
    let about = format!("{}\nWhat shows that it is the cause? Nothing typed: not said.", hypothesis.text);
    ask("It is the cause", &about, move |evidence| judge(id, Verdict::Confirmed, None, evidence))
}

/// Everything that was thought of a hypothesis, oldest first.
pub(super) struct History {
    id: EntryId,
    page: Page,
}

impl History {
    pub fn new(id: EntryId) -> Self {
        Self { id, page: Page::default() }
    }

    fn sheet(&self, ctx: &Ctx, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        let Some(scene) = ctx.scene else { return sheet };
        let Some(hypothesis) = scene.incident.hypotheses.get(self.id) else { return sheet };
        let at = moment(ctx.look.zone, hypothesis.at, scene.now);
        let by = scene.incident.name_of(&hypothesis.by);
        sheet.say(0, Meaning::Title, &hypothesis.text);
        sheet.say(0, Meaning::Muted, &format!("thought of by {by} {at}"));
        for judgement in &hypothesis.history {
            sheet.gap();
            turn(&mut sheet, judgement, ctx, &scene);
        }
        sheet
    }
}

fn turn(sheet: &mut Sheet, judgement: &Judgement, ctx: &Ctx, scene: &Scene) {
    let at = moment(ctx.look.zone, judgement.at, scene.now);
    let by = scene.incident.name_of(&judgement.by);
    let who =
        judgement.who.as_ref().map(|who| format!(" ({})", scene.incident.name_of(who))).unwrap_or_default();
    sheet.say(0, Meaning::Text, &format!("{}{who}, said {by} {at}", judgement.verdict.name()));
    if !judgement.evidence.is_empty() {
        sheet.say(2, Meaning::Text, &judgement.evidence);
    }
}

impl Layer for History {
    fn name(&self) -> &'static str {
        "history of a cause"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let sheet = self.sheet(ctx, self.page.width(screen));
        self.page.draw("History", "Esc: back", &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        if matches!(key.code, KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q')) {
            return vec![Msg::Pop];
        }
        self.page.key(key, ctx);
        Vec::new()
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
