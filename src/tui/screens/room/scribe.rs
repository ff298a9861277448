//! The scribe line: one line, Enter, saved. Never loses focus or text to anything that happens.
//!
//! The time of a plain note is the first key of its text; `-7m`, `14:03`, `yesterday 23:10` and
//! `~13:30` say otherwise. Enter empties the line at once: what is not yet saved is listed by the
//! room until it is.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::incident::scribe::{LineTime, ScribeLine, TimeChoice, parse_line, plain_note_time};
use crate::incident::{Class, Command, Time, When};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::{paint, put, put_right};

/// Most lines that are kept to be brought back with the up key.
const HISTORY: usize = 200;

#[derive(Default)]
pub struct Scribe {
    field: Field,
    first_key: Option<Time>,
    history: Vec<String>,
    /// Which line of the history is shown; counts from the newest.
    recalled: Option<usize>,
    /// What was being typed when the history was opened; below its newest line it comes back.
    typed: String,
    /// The times that may have been meant, the next to take, and the line as it was settled.
    settled: Option<(Vec<TimeChoice>, usize, String)>,
    pub focused: bool,
}

impl Scribe {
    pub fn text(&self) -> String {
        self.field.value()
    }

    /// What is typed and not on the timeline, to be kept on disk.
    pub fn draft(&self) -> String {
        let text = self.field.value();
        let line = self.recalled.and_then(|place| self.history.iter().nth_back(place));
        match line.is_some_and(|line| *line == text) {
            true => self.typed.clone(),
            false if self.typed.is_empty() => text,
            false => format!("{} / {text}", self.typed),
        }
    }

    /// Puts text in, as from a draft.
    pub fn restore(&mut self, text: &str) {
        self.field.set(text);
    }

    /// Begins a line with a mark, at `now`.
    pub fn begin_with(&mut self, mark: &str, now: Time) {
        if self.field.is_empty() {
            self.field.set(mark);
            self.first_key = Some(now);
        }
        self.focused = true;
    }

    /// A line that was refused comes back; one that was begun meanwhile stays.
    pub fn bring_back(&mut self, text: &str) {
        if self.field.is_empty() {
            self.field.set(text);
        }
    }

    pub fn key(&mut self, key: KeyEvent, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        match key.code {
            KeyCode::Esc => {
                self.focused = false;
                Vec::new()
            }
            KeyCode::Enter => self.submit(ctx),
            KeyCode::Tab => {
                if !self.settle_time(ctx) {
                    self.complete(scene);
                }
                Vec::new()
            }
            KeyCode::Up => self.recall(1),
            KeyCode::Down => self.recall(-1),
            _ => {
                if self.field.is_empty() {
                    self.first_key = Some(ctx.now);
                }
                self.field.key(key);
                Vec::new()
            }
        }
    }

    pub fn paste(&mut self, text: &str, ctx: &Ctx) -> Vec<Msg> {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > 1 {
            return vec![Msg::Push(crate::tui::layers::backfill::layer(text, ctx))];
        }
        if self.field.is_empty() {
            self.first_key = Some(ctx.now);
        }
        match self.field.insert(text) {
            true => Vec::new(),
            false => vec![Msg::Say(
                Tone::Warning,
                "the paste was longer than a note can be; the rest was left out".into(),
            )],
        }
    }

    fn recall(&mut self, step: isize) -> Vec<Msg> {
        let next = match self.recalled {
            None if step > 0 && !self.history.is_empty() => Some(0),
            None => return Vec::new(),
            Some(place) => place.checked_add_signed(step),
        };
        match (next, next.and_then(|next| self.history.iter().nth_back(next).cloned())) {
            (None, _) => {
                self.leave_line();
                self.field.set(&std::mem::take(&mut self.typed));
                self.recalled = None;
            }
            (Some(_), Some(line)) => {
                self.leave_line();
                self.field.set(&line);
                self.recalled = next;
            }
            (Some(_), None) => {}
        }
        Vec::new()
    }

    /// What stands in the field stays where it belongs: in its line of the history, or below the newest.
    fn leave_line(&mut self) {
        let text = self.field.value();
        match self.recalled.and_then(|place| self.history.iter_mut().nth_back(place)) {
            Some(line) => *line = text,
            None => self.typed = text,
        }
    }

    /// Settles an unclear time: each Tab takes the next of those that may be meant, written in full.
    fn settle_time(&mut self, ctx: &Ctx) -> bool {
        let line = parse_line(&self.field.value(), ctx.now, &ctx.look.zone);
        let (choices, turn) = match line.time {
            LineTime::Ask(choices) => (choices, 0),
            _ => match self.settled.take() {
                Some((choices, turn, text)) if text == self.field.value() => (choices, turn),
                _ => return false,
            },
        };
        let Some(choice) = choices.get(turn % choices.len().max(1)) else { return false };
        let about = if choice.when.about { "~" } else { "" };
        let mark = line.kind.mark();
        let space = if mark.is_empty() { "" } else { " " };
        let text = format!("{about}{} {mark}{space}{}", choice.when.time, line.text);
        self.field.set(&text);
        self.settled = Some((choices, turn + 1, text));
        true
    }

    /// Completes `@na` to a person that was seen.
    fn complete(&mut self, scene: &Scene) {
        let text = self.field.value();
        let Some(start) = text.rfind('@') else { return };
        let typed = text[start + 1..].to_lowercase();
        if typed.contains(char::is_whitespace) {
            return;
        }
        let found =
            scene.incident.seen.iter().find(|who| who.as_str().starts_with(&typed) && who.as_str() != typed);
        if let Some(who) = found {
            self.field.set(&format!("{}@{who} ", &text[..start]));
        }
    }

    fn submit(&mut self, ctx: &Ctx) -> Vec<Msg> {
        let text = self.field.value();
        if text.trim().is_empty() {
            return Vec::new();
        }
        let line = parse_line(&text, ctx.now, &ctx.look.zone);
        if line.text.is_empty() {
            return vec![Msg::Say(Tone::Warning, "only a time: type what happened then".into())];
        }
        if line.text.chars().all(|c| c.is_ascii_punctuation()) {
            return vec![Msg::Say(Tone::Warning, "only a mark: type what happened".into())];
        }
        match line.time {
            LineTime::Ask(choices) => vec![Msg::Say(Tone::Warning, which_time(&choices))],
            LineTime::Is(when) => self.done(&text, line.kind, line.text, Some(when)),
            LineTime::None => {
                let at = plain_note_time(self.first_key.unwrap_or(ctx.now), ctx.now);
                self.done(&text, line.kind, line.text, Some(When::exact(at)))
            }
        }
    }

    fn done(
        &mut self,
        typed: &str,
        kind: crate::incident::scribe::NoteKind,
        text: String,
        when: Option<When>,
    ) -> Vec<Msg> {
        self.remember(typed);
        vec![Msg::OrderAt(Command::Note { kind, text }, when)]
    }

    /// The line was taken: keeps it for recall and empties the field.
    pub fn remember(&mut self, typed: &str) {
        self.history.push(typed.to_owned());
        if self.history.len() > HISTORY {
            self.history.remove(0);
        }
        self.recalled = None;
        self.first_key = None;
        self.field.set(&std::mem::take(&mut self.typed));
    }

    /// The line: a prompt, the text, and at the right what it will become.
    pub fn draw(&self, ctx: &Ctx, line: Rect, buf: &mut Buffer) -> Option<Position> {
        let (y, end) = (line.y, line.right());
        let prompt = if self.focused { "> " } else { "  " };
        let x = put(buf, line.x, y, end, prompt, ctx.style(Meaning::Accent));
        if self.field.is_empty() && !self.focused {
            put(
                buf,
                x,
                y,
                end,
                "i writes a note   -7m 14:03 ~13:30   !decision ?hypothesis #finding TODO @who",
                ctx.style(Meaning::FieldPlaceholder),
            );
            return None;
        }
        let preview = self.preview(ctx);
        let text_end = put_right(buf, x + 24, y, end, &preview, ctx.style(Meaning::Muted));
        let area = Rect::new(x, y, text_end.saturating_sub(x), 1);
        paint(buf, area, ctx.style(Meaning::FieldText));
        let cursor = self.field.draw(buf, area, ctx.style(Meaning::FieldText), self.focused);
        if self.field.is_empty() {
            put(
                buf,
                x + 1,
                y,
                text_end,
                "what happened?  -7m 14:03 ~13:30  !decision ?hypothesis #finding TODO @who",
                ctx.style(Meaning::FieldPlaceholder),
            );
        }
        cursor
    }

    /// Kind and time as they are understood so far.
    fn preview(&self, ctx: &Ctx) -> String {
        if self.field.is_empty() {
            return String::new();
        }
        let line: ScribeLine = parse_line(&self.field.value(), ctx.now, &ctx.look.zone);
        let when = match &line.time {
            LineTime::None => String::new(),
            LineTime::Is(when) => {
                let about = if when.about { "~" } else { "" };
                let zone = ctx.look.zone;
                let today = zone.day_number(when.time) == zone.day_number(ctx.now);
                let date = if today { String::new() } else { format!("{} ", zone.date(when.time)) };
                format!(" at {about}{date}{}", zone.hm(when.time))
            }
            LineTime::Ask(_) => " which time?".to_owned(),
        };
        format!(" [{}{when}]", Class::of_note(line.kind).name())
    }
}

/// Says what is unclear about a time. The line keeps the keys, so that nothing typed on is lost.
fn which_time(choices: &[TimeChoice]) -> String {
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    let reason = choices.first().map_or(String::new(), |choice| choice.reason.to_string());
    format!(
        "which time? {reason}: Tab makes it {}; \\ in front keeps it as text",
        labels.join(", Tab again ")
    )
}
