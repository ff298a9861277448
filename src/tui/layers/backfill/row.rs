//! One pasted line: when, what kind, which words, and whether it is kept.

use crate::incident::scribe::{BackfillRow, LineTime, NoteKind, ScribeLine, TimeChoice, parse_line};
use crate::incident::{Class, Command, When};
use crate::tui::panes::timeline::mark;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

/// Where the words begin: a box, the time with its date, the mark of the kind.
pub const TEXT: u16 = 25;
const TIME: u16 = 5;
const MARK: u16 = 23;
/// Most lines that the words of one row take in the preview.
const MOST_LINES: usize = 3;

pub struct Row {
    pub included: bool,
    kind: NoteKind,
    text: String,
    when: Option<When>,
    /// The times that it may mean; empty when there is nothing to choose.
    choices: Vec<TimeChoice>,
    chosen: Option<usize>,
    /// Why somebody should look at it.
    problem: Option<String>,
}

impl From<BackfillRow> for Row {
    fn from(row: BackfillRow) -> Row {
        Row::new(row.line, row.problem)
    }
}

impl Row {
    fn new(line: ScribeLine, problem: Option<String>) -> Row {
        let (when, choices) = match line.time {
            LineTime::None => (None, Vec::new()),
            LineTime::Is(when) => (Some(when), Vec::new()),
            LineTime::Ask(choices) => (None, choices),
        };
        Row { included: true, kind: line.kind, text: line.text, when, choices, chosen: None, problem }
    }

    /// Several times are possible and none is chosen yet.
    pub fn asks(&self) -> bool {
        !self.choices.is_empty() && self.chosen.is_none()
    }

    /// It cannot be saved as it is.
    pub fn is_open(&self) -> bool {
        self.asks() || self.text.trim().is_empty()
    }

    pub fn when(&self) -> Option<When> {
        let chosen = self.chosen.and_then(|place| self.choices.get(place)).map(|choice| choice.when);
        chosen.or(self.when)
    }

    pub fn command(&self) -> Command {
        Command::Note { kind: self.kind, text: self.text.clone() }
    }

    pub fn next_choice(&mut self) {
        if !self.choices.is_empty() {
            self.chosen = Some(self.chosen.map_or(0, |place| (place + 1) % self.choices.len()));
        }
    }

    /// The row as a line to be edited: its words; the time stays unless another one is typed in front.
    pub fn written(&self) -> String {
        let mark = self.kind.mark();
        if mark.is_empty() { self.text.clone() } else { format!("{mark} {}", self.text) }
    }

    /// Takes the edited line.
    pub fn rewrite(&mut self, text: &str, ctx: &Ctx) {
        let line = parse_line(text, ctx.now, &ctx.look.zone);
        let kept = (self.when, std::mem::take(&mut self.choices), self.chosen);
        let timed = line.time != LineTime::None;
        *self = Row::new(line, None);
        if !timed {
            (self.when, self.choices, self.chosen) = kept;
        }
    }

    pub fn draw(&self, sheet: &mut Sheet, ctx: &Ctx) {
        let row = sheet.len();
        let words = if self.included { Meaning::Text } else { Meaning::Muted };
        let columns = sheet.width().saturating_sub(TEXT + 1);
        sheet.say_at_most(
            TEXT,
            words,
            if self.text.is_empty() { " " } else { &self.text },
            columns,
            MOST_LINES,
        );
        let tick = if self.included { ctx.look.glyphs.tick } else { " " };
        sheet.beside(row, 1, words, &format!("[{tick}]"));
        let (time, meaning) = self.time(ctx);
        sheet.beside(row, TIME, if self.included { meaning } else { Meaning::Muted }, &time);
        let (sign, meaning) = mark(Class::of_note(self.kind));
        sheet.beside(row, MARK, meaning, sign);
        if self.included {
            self.draw_problem(sheet);
        }
    }

    fn time(&self, ctx: &Ctx) -> (String, Meaning) {
        if self.asks() {
            return ("which time?".to_owned(), Meaning::Alert);
        }
        let Some(when) = self.when() else { return ("no time: now".to_owned(), Meaning::Warning) };
        let (zone, about) = (ctx.look.zone, if when.about { "~" } else { "" });
        (format!("{} {about}{}", zone.date(when.time), zone.hm(when.time)), Meaning::Time)
    }

    fn draw_problem(&self, sheet: &mut Sheet) {
        if self.text.trim().is_empty() {
            sheet.say(TEXT, Meaning::Alert, "no words: edit it or leave it out");
        } else if !self.choices.is_empty() {
            let labels: Vec<&str> = self.choices.iter().map(|choice| choice.label.as_str()).collect();
            let chosen = self.chosen.and_then(|place| labels.get(place));
            let text = match chosen {
                Some(label) => format!("chosen: {label}; c takes another"),
                None => format!("c chooses: {}", labels.join(" or ")),
            };
            let meaning = if chosen.is_some() { Meaning::Muted } else { Meaning::Alert };
            sheet.say(TEXT, meaning, &text);
        } else if let Some(problem) = &self.problem {
            sheet.say(TEXT, Meaning::Warning, problem);
        }
    }
}
