//! What may be the cause: the hypotheses, by what is thought of them now (row B9).
//!
//! A note marked `?` opens one, here as on the scribe line. Nothing elsewhere asks for it. The questions and the history
//! are in `one`.

mod one;

use crossterm::event::KeyCode;

use super::board::{Board, Things};
use super::keys;
use super::question::read_only;
use super::step::text::moment;
use crate::incident::decisions::Hypothesis;
use crate::incident::event::Verdict;
use crate::incident::{Command, EntryId};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

pub(super) use one::opened;

/// Lines of a hypothesis that is not selected.
const MOST: usize = 2;

const KEYS: keys::Keys = &[
    ("n", "writes a hypothesis down"),
    ("t", "somebody tests it"),
    ("x", "rules it out, with what was seen"),
    ("c", "confirms it, with what was seen"),
    ("o", "opens it again"),
    ("Enter", "all that was said of it"),
    ("Esc", "back"),
];

/// The hypotheses of the incident.
pub fn layer(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    Box::new(Board::new(Causes, scene))
}

struct Causes;

impl Things for Causes {
    fn name(&self) -> &'static str {
        "causes"
    }

    fn title(&self) -> &'static str {
        "What may be the cause"
    }

    fn groups(&self, scene: &Scene) -> Vec<(&'static str, Vec<EntryId>)> {
        let groups = [
            ("Confirmed as cause", Verdict::Confirmed),
            ("Being tested", Verdict::Testing),
            ("Open", Verdict::Open),
            ("Ruled out", Verdict::RuledOut),
        ];
        let retracted = &scene.incident.notes.retracted;
        let all = scene.incident.hypotheses.all().iter().filter(|one| !retracted.contains_key(&one.id));
        groups
            .map(|(heading, verdict)| {
                (heading, all.clone().filter(|one| one.verdict == verdict).map(|one| one.id).collect())
            })
            .into()
    }

    fn lines(&self, id: EntryId, whole: bool, sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
        let Some(hypothesis) = scene.incident.hypotheses.get(id) else { return };
        let (row, most) = (sheet.len(), if whole { usize::MAX } else { MOST });
        let (state, meaning) = standing(hypothesis, scene);
        let columns = sheet.width().saturating_sub(width(&state) + 2);
        sheet.say_at_most(0, Meaning::Text, &hypothesis.text, columns, most).right(row, meaning, &state);
        let evidence =
            hypothesis.history.last().map(|judgement| judgement.evidence.as_str()).unwrap_or_default();
        let columns = sheet.width().saturating_sub(2);
        if !evidence.is_empty() {
            sheet.say_at_most(2, Meaning::Muted, evidence, columns, most);
        }
        if whole {
            let at = moment(ctx.look.zone, hypothesis.at, scene.now);
            let by = scene.incident.name_of(&hypothesis.by);
            sheet.say(2, Meaning::Muted, &format!("thought of by {by} {at}"));
        }
    }

    fn nothing(&self) -> &'static str {
        "Nobody has said yet what it may be. n writes one down; so does ? on the scribe line."
    }

    fn footer(&self, scene: &Scene, selected: Option<EntryId>) -> &'static str {
        match (scene.live, selected) {
            (false, None) => "Esc: back",
            (false, Some(_)) => "Enter: history   Esc: back",
            (true, None) => "n: new   Esc: back",
            (true, Some(_)) => "n new  t test  x rule out  c confirm  o reopen  Enter all  Esc back",
        }
    }

    fn key(&self, key: KeyCode, selected: Option<EntryId>, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let hypothesis = selected.and_then(|id| scene.incident.hypotheses.get(id));
        if let (KeyCode::Enter, Some(hypothesis)) = (key, hypothesis) {
            return vec![Msg::Push(Box::new(one::History::new(hypothesis.id)))];
        }
        if key == KeyCode::Char('?') {
            return keys::show("Keys: causes", KEYS);
        }
        let acts = matches!(key, KeyCode::Char('n' | 't' | 'x' | 'c' | 'o'));
        if acts && !scene.live {
            return read_only();
        }
        let question = match (key, hypothesis) {
            (KeyCode::Char('n'), _) => one::new(),
            (KeyCode::Char('t'), Some(hypothesis)) => one::test(hypothesis, ctx, scene),
            (KeyCode::Char('x'), Some(hypothesis)) => one::rule_out(hypothesis),
            (KeyCode::Char('c'), Some(hypothesis)) => one::confirm(hypothesis),
            (KeyCode::Char('o'), Some(hypothesis)) => return reopen(hypothesis),
            _ => return Vec::new(),
        };
        vec![Msg::Push(Box::new(question))]
    }
}

fn reopen(hypothesis: &Hypothesis) -> Vec<Msg> {
    if hypothesis.verdict == Verdict::Open {
        return vec![Msg::Say(Tone::Info, "it is open".into())];
    }
    let (hypothesis, evidence) = (hypothesis.id, String::new());
    vec![Msg::Order(Command::Judge { hypothesis, verdict: Verdict::Open, who: None, evidence })]
}

/// Who has it, or by whom it was settled.
fn standing(hypothesis: &Hypothesis, scene: &Scene) -> (String, Meaning) {
    let name = |who| scene.incident.name_of(who);
    let last = hypothesis.history.last().map(|judgement| name(&judgement.by)).unwrap_or_default();
    match hypothesis.verdict {
        Verdict::Open => (String::new(), Meaning::Muted),
        Verdict::Testing => {
            let who = hypothesis.who.as_ref().map_or("somebody", name);
            (format!("{who} tests it"), Meaning::Hypothesis)
        }
        Verdict::RuledOut => (format!("ruled out by {last}"), Meaning::Muted),
        Verdict::Confirmed => (format!("confirmed by {last}"), Meaning::Good),
    }
}
