//! What panes and layers may look at: the state of the room at one moment, and how to show it.
//!
//! Live and replay give the same [`Scene`]; a pane cannot tell them apart but by [`Scene::live`].

use super::actions::Context;
use super::keymap::Keymap;
use super::theme::{Glyphs, Meaning, Theme};
use crate::config::Paths;
use crate::incident::rows::{Row, Rows};
use crate::incident::{Entry, Incident, PersonId, Store, Time, Zone};
use crate::outbox::Outbox;
use crate::outbox::directory::Kept;
use crate::outbox::routes::Routes;
use crate::policy::Policy;
use ratatui::style::Style;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// How things look.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub theme: &'a Theme,
    pub glyphs: &'a Glyphs,
    pub zone: Zone,
}

impl Look<'_> {
    pub fn style(&self, meaning: Meaning) -> Style {
        self.theme.style(meaning)
    }
}

/// What a key handler or a view may know. Nothing in it can be changed.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    pub look: Look<'a>,
    pub keymap: &'a Keymap,
    pub paths: &'a Paths,
    pub policy: &'a Policy,
    pub me: &'a PersonId,
    /// Real time; in a replay the room's own time is [`Scene::now`].
    pub now: Time,
    /// The room, when one is open.
    pub scene: Option<Scene<'a>>,
}

impl<'a> Ctx<'a> {
    pub fn style(&self, meaning: Meaning) -> Style {
        self.look.style(meaning)
    }
}

/// The room at one moment.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub incident: &'a Incident,
    pub outbox: &'a Outbox,
    /// Who is told what outside; nobody in a replay.
    pub routes: &'a Routes,
    /// What each account said last.
    pub accounts: &'a BTreeMap<String, Heard>,
    pub rows: &'a Rows,
    pub store: &'a dyn Store,
    /// The room's clock: real time, or the time that is replayed.
    pub now: Time,
    /// Whether anything can be changed.
    pub live: bool,
}

/// When an account was heard from, and what keeps it from being heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// When it last answered.
    pub at: Option<Time>,
    pub trouble: Option<String>,
    /// Who is on call there, as it was known last.
    pub directory: Option<Kept>,
}

/// For a replay, in which nobody is told anything.
pub static NOBODY: LazyLock<(Routes, BTreeMap<String, Heard>)> = LazyLock::new(Default::default);

impl<'a> Scene<'a> {
    /// The incident's own policy where one is pinned, else the configured one.
    pub fn policy(&self, ctx: &Ctx<'a>) -> &'a Policy {
        self.incident.policy().unwrap_or(ctx.policy)
    }

    pub fn entry(&self, row: Row) -> Option<Arc<Entry>> {
        self.store.read(row.locator())
    }

    /// The contexts of a pane, the nearest first.
    pub fn contexts(&self, pane: Context) -> [Context; 4] {
        let own = if self.live { Context::Live } else { Context::Replay };
        match self.live {
            true => [pane, own, Context::Room, Context::Everywhere],
            // In a replay its own keys win: space plays.
            false => [own, pane, Context::Room, Context::Everywhere],
        }
    }
}
