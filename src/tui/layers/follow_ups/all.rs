//! Every open follow-up of every incident of this home (row S4.14): what is overdue first, then by priority and day.
//!
//! It lists what Home knows already and reads nothing. Enter goes to the incident, where it is changed.

use chrono::NaiveDate;
use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::lines;
use crate::incident::EntryId;
use crate::incident::follow_ups::day_of;
use crate::runtime::summary::{OpenFollowUp, Summary, follow_ups};
use crate::tui::layer::Layer;
use crate::tui::layers::listing::{Answer, Listing};
use crate::tui::msg::Msg;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};

const COLUMNS: u16 = 100;
const KEYS: &str = "Enter: to its incident   Esc: back";

/// A follow-up and the incident it belongs to.
struct Line {
    open: OpenFollowUp,
    reference: String,
    /// `INC-0042 orders: prices x100`
    incident: String,
}

struct AllLayer {
    lines: Vec<Line>,
    /// What is said where none is open.
    none: String,
    at: Option<EntryId>,
}

pub fn layer(incidents: &[Summary], today: NaiveDate) -> Box<dyn Layer> {
    let line = |(summary, open): (&Summary, &OpenFollowUp)| Line {
        open: open.clone(),
        reference: summary.reference.clone(),
        incident: summary.label(),
    };
    let lines = follow_ups(incidents, today).into_iter().map(line).collect();
    Box::new(AllLayer { lines, none: none(incidents), at: None })
}

/// Why none is open: all are done, or none was ever opened; and what is proposed and not taken up.
fn none(incidents: &[Summary]) -> String {
    let opened: usize = incidents.iter().map(|summary| summary.waits.opened).sum();
    let proposed = incidents.iter().filter(|summary| summary.waits.proposals > 0);
    let proposed: Vec<String> = proposed
        .map(|summary| match summary.waits.proposals {
            1 => format!("1 proposal in {}", summary.name()),
            many => format!("{many} proposals in {}", summary.name()),
        })
        .collect();
    let said = match (opened, proposed.is_empty()) {
        (0, true) => "None was opened yet.",
        (0, false) => "None opened",
        (_, true) => "None: every follow-up of every incident is done.",
        (_, false) => "None open",
    };
    match proposed.is_empty() {
        true => said.to_owned(),
        false => format!("{said}; {}.", proposed.join(", ")),
    }
}

impl AllLayer {
    fn list(&self) -> Listing {
        let place = self.lines.iter().position(|line| Some(line.open.id) == self.at).unwrap_or(0);
        Listing::new("Open follow-ups of all incidents", KEYS, COLUMNS, place)
    }

    fn go(&self, index: usize) -> Vec<Msg> {
        let line = self.lines.get(index);
        line.map(|line| vec![Msg::Pop, Msg::Enter(line.reference.clone())]).unwrap_or_default()
    }

    fn select(&mut self, index: usize) {
        self.at = self.lines.get(index).map(|line| line.open.id);
    }
}

fn sheet(lines: &[Line], none: &str, today: NaiveDate, columns: u16) -> Sheet {
    let mut sheet = Sheet::new(columns);
    let late = lines.iter().filter(|line| line.open.is_overdue(today)).count();
    let count = match (lines.len(), late) {
        (0, _) => none.to_owned(),
        (all, 0) => format!("{all} open, none overdue"),
        (all, late) => format!("{all} open, {late} OVERDUE"),
    };
    sheet.say(0, if late > 0 { Meaning::Alert } else { Meaning::Text }, &count);
    for (index, line) in lines.iter().enumerate() {
        sheet.item(None).gap();
        one(sheet.item(index), line, today);
    }
    sheet
}

fn one(sheet: &mut Sheet, line: &Line, today: NaiveDate) {
    lines::head(sheet, &line.open.what, today, 2);
    let facts = format!("{}  {}", line.incident, lines::facts(&line.open.what));
    let facts = clipped(&facts, sheet.width().saturating_sub(lines::TEXT));
    sheet.line(lines::TEXT, Meaning::Muted, &facts);
}

impl Layer for AllLayer {
    fn name(&self) -> &'static str {
        "open-follow-ups"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let list = self.list();
        list.draw(&sheet(&self.lines, &self.none, day_of(ctx.now), list.width(screen)), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let mut list = self.list();
        let answer = list.key(key, self.lines.len(), ctx);
        self.select(list.selected);
        match answer {
            Answer::Nothing => Vec::new(),
            Answer::Chosen(index) => self.go(index),
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let mut list = self.list();
        let sheet = sheet(&self.lines, &self.none, day_of(ctx.now), list.width(screen));
        match list.mouse(mouse, &sheet, self.lines.len(), screen) {
            // The first click selects, one on the selected line opens.
            Answer::Chosen(index) if index == list.selected => return self.go(index),
            Answer::Chosen(index) => self.select(index),
            _ => self.select(list.selected),
        }
        Vec::new()
    }
}
