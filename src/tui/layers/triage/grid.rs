//! The two axes of a severity: how bad it is and who feels it, as a grid (row S3.3).

use serde::{Deserialize, Serialize};

use crate::policy::triage::{Mark, Proposal};
use crate::policy::{Axes, Level, Policy};
use crate::tui::actions::Move;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::{Sheet, clipped};
use crate::tui::widgets::width;

/// Fewest columns of a cell: `[SEV1]`.
const CELL: u16 = 7;

/// A place in the grid.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cell {
    degradation: usize,
    impact: usize,
    /// Nobody knew: a graver one was taken.
    unsure: bool,
}

impl Cell {
    /// Neither the gravest nor the mildest.
    pub fn middle(axes: &Axes) -> Self {
        let middle = |marks: &[Mark]| marks.len().saturating_sub(1) / 2;
        Self { degradation: middle(&axes.degradation), impact: middle(&axes.impact), unsure: false }
    }

    fn marks(self, axes: &Axes) -> Option<(&Mark, &Mark)> {
        axes.degradation.get(self.degradation).zip(axes.impact.get(self.impact))
    }

    fn rank(self, axes: &Axes) -> Option<u8> {
        self.marks(axes).map(|(degradation, impact)| Axes::rank(degradation.value, impact.value))
    }

    fn level<'a>(self, axes: &Axes, policy: &'a Policy) -> Option<&'a Level> {
        policy.at_rank_or_graver(self.rank(axes)?)
    }

    pub fn go(&mut self, to: Move, axes: &Axes) {
        match to {
            Move::Up => self.degradation = self.degradation.saturating_sub(1),
            Move::Down => {
                self.degradation = (self.degradation + 1).min(axes.degradation.len().saturating_sub(1))
            }
            Move::Left => self.impact = self.impact.saturating_sub(1),
            Move::Right => self.impact = (self.impact + 1).min(axes.impact.len().saturating_sub(1)),
            _ => return,
        }
        self.unsure = false;
    }

    /// Nobody knows which of two it is: to the nearest cell that is graver.
    pub fn step_graver(&mut self, axes: &Axes) {
        let (up, left) = (self.degradation.checked_sub(1), self.impact.checked_sub(1));
        let at = |degradation, impact| Self { degradation, impact, unsure: true };
        let near = [
            up.map(|up| at(up, self.impact)),
            left.map(|left| at(self.degradation, left)),
            up.zip(left).map(|(up, left)| at(up, left)),
        ];
        let mut graver = near.into_iter().flatten().filter(|near| near.rank(axes) < self.rank(axes));
        *self = graver.next().unwrap_or(Self { unsure: true, ..*self });
    }

    /// Both questions with their answers.
    pub fn path(self, axes: &Axes) -> Vec<(String, String)> {
        let said = |mark: &Mark| match self.unsure {
            true => format!("unsure, taken as {}", mark.say),
            false => mark.say.clone(),
        };
        let both = self.marks(axes).map(|(degradation, impact)| {
            vec![(Axes::DEGRADATION.to_owned(), said(degradation)), (Axes::IMPACT.to_owned(), said(impact))]
        });
        both.unwrap_or_default()
    }

    pub fn proposal(self, policy: &Policy) -> Option<Proposal> {
        let axes = policy.axes.as_ref()?;
        let (degradation, impact) = self.marks(axes)?;
        let unsure = if self.unsure { "unsure, taken as " } else { "" };
        let why = format!("{unsure}{} x {}", degradation.say, impact.say);
        Some(Proposal { levels: vec![self.level(axes, policy)?.name.clone()], why, then: String::new() })
    }

    /// The grid, the chosen cell in brackets. `item`: what its lines belong to.
    pub fn draw(self, axes: &Axes, policy: &Policy, item: usize, sheet: &mut Sheet) {
        let labels = axes.degradation.iter().map(|mark| width(&mark.say)).max().unwrap_or(0) + 2;
        let heads = axes.impact.iter().map(|mark| width(&mark.say)).max().unwrap_or(0) + 2;
        let count = (axes.impact.len().max(1)).min(usize::from(u16::MAX)) as u16;
        let labels = labels.min(sheet.width() / 3);
        let cell = heads.min(sheet.width().saturating_sub(labels) / count).max(CELL);
        let x = |place: usize| labels + cell * place.min(usize::from(count)) as u16;
        let row = sheet.len();
        sheet.item(item).line(0, Meaning::Muted, "");
        for (place, mark) in axes.impact.iter().enumerate() {
            let meaning = if place == self.impact { Meaning::Accent } else { Meaning::Muted };
            sheet.beside(row, x(place), meaning, &clipped(&mark.say, cell - 1));
        }
        for (down, mark) in axes.degradation.iter().enumerate() {
            let row = sheet.len();
            let here = down == self.degradation;
            let meaning = if here { Meaning::Accent } else { Meaning::Muted };
            sheet.line(0, meaning, &clipped(&mark.say, labels.saturating_sub(1)));
            for place in 0..axes.impact.len() {
                let at = Self { degradation: down, impact: place, unsure: false };
                let name = at.level(axes, policy).map_or("-", |level| level.name.as_str());
                let chosen = here && place == self.impact;
                let text = if chosen { format!("[{name}]") } else { format!(" {name} ") };
                let meaning = if chosen { Meaning::Title } else { Meaning::Text };
                sheet.beside(row, x(place), meaning, &text);
            }
        }
    }
}
