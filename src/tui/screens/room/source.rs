//! Where a room's state comes from: the live driver, or a player. By type, a replay has no way to write.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::incident::clean::clean_line;
use crate::incident::{Command, IncidentId, Store, Time};
use crate::replay::Player;
use crate::room::Room;
use crate::runtime::live::Reading;
use crate::tui::scene::{Ctx, Heard, NOBODY, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::put;

pub enum Source {
    Live(Box<Live>),
    Replay(Box<Playing>),
}

/// A running incident.
pub struct Live {
    pub id: IncidentId,
    pub room: Room,
    pub store: Box<dyn Store>,
    /// Why the oldest order is not saved, and what to do.
    pub trouble: Option<(String, String)>,
    /// What is wrong with the journal itself.
    pub damage: Option<String>,
    /// `damage` is that it could not be read: it goes when something is read again.
    pub unreadable: bool,
    /// How much of the journal this rests on.
    pub reading: Reading,
    /// What each account said last.
    pub accounts: BTreeMap<String, Heard>,
}

/// A replay.
pub struct Playing {
    pub id: String,
    pub player: Player,
}

impl Source {
    pub fn is_live(&self) -> bool {
        matches!(self, Source::Live(_))
    }

    pub fn scene(&self, now: Time) -> Scene<'_> {
        match self {
            Source::Live(live) => {
                let folded = &live.room.folded;
                Scene {
                    incident: &folded.incident,
                    outbox: &folded.outbox,
                    routes: &live.room.routes,
                    accounts: &live.accounts,
                    rows: &folded.rows,
                    store: &*live.store,
                    now,
                    live: true,
                }
            }
            Source::Replay(playing) => {
                let folded = playing.player.folded();
                Scene {
                    incident: &folded.incident,
                    outbox: &folded.outbox,
                    routes: &NOBODY.0,
                    accounts: &NOBODY.1,
                    rows: &folded.rows,
                    store: playing.player.store(),
                    now: playing.player.now(now),
                    live: false,
                }
            }
        }
    }

    /// What opens this incident again.
    pub fn id_text(&self) -> String {
        match self {
            Source::Live(live) => live.id.to_string(),
            Source::Replay(playing) => playing.id.clone(),
        }
    }
}

impl Live {
    pub fn unsaved(&self) -> usize {
        self.room.unsaved().count()
    }

    /// The journal is not read yet, in words.
    pub fn still_reading(&self) -> Option<String> {
        match self.reading {
            Reading::Percent(percent) => Some(format!("still reading the journal, {percent} %")),
            Reading::Verifying | Reading::Done => None,
        }
    }

    /// The light in the footer.
    pub fn light(&self) -> String {
        match self.reading {
            Reading::Percent(percent) => format!("reading {percent} %"),
            Reading::Verifying => "verifying".to_owned(),
            Reading::Done => String::new(),
        }
    }

    /// Lines above the scribe line that say what is wrong.
    pub fn trouble_lines(&self) -> u16 {
        u16::from(self.trouble.is_some()) * 2 + u16::from(self.damage.is_some())
    }

    pub fn draw_trouble(&self, ctx: &Ctx, area: Rect, buf: &mut Buffer) {
        let mut y = area.y;
        if let Some(damage) = &self.damage {
            put(buf, area.x, y, area.right(), damage, ctx.style(Meaning::Alert));
            y += 1;
        }
        if let Some((why, hint)) = &self.trouble {
            let alert = format!("NOT SAVED, trying again: {why}");
            put(buf, area.x, y, area.right(), &alert, ctx.style(Meaning::Alert));
            let x = put(buf, area.x, y + 1, area.right(), hint, ctx.style(Meaning::Warning));
            put(buf, x, y + 1, area.right(), &self.kept(), ctx.style(Meaning::Text));
        }
    }

    /// The newest text that is not saved yet, for whoever wonders where it went.
    fn kept(&self) -> String {
        let texts = self.room.unsaved().filter_map(|(_, order)| match &order.command {
            Command::Note { text, .. } => Some(text),
            _ => None,
        });
        texts.last().map_or(String::new(), |text| format!("; kept: {}", clean_line(text)))
    }
}
