//! The roll call (row B6): which teams are here, since when, and which are MISSING.
//!
//! Expected are the teams of the newest call, those of the policy and those that the data-impact ledger names. Start at
//! [`layer`].

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::ask::Ask;
use super::form::{Form, Part, Values};
use super::listing::{Answer, Listing};
use super::question::{order, people, read_only};
use super::step::text::moment;
use crate::incident::command::RoleCommand;
use crate::incident::{Command, PersonId};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

const COLUMNS: u16 = 70;
const KEYS: &str = "Enter who answers  c call  Esc back";
/// Widest name of a team, in columns.
const WIDEST: u16 = 28;

/// One expected team, and who answered for it.
struct Expected<'a> {
    name: &'a str,
    /// It was called by name.
    called: bool,
    present: Option<&'a (PersonId, crate::incident::Time)>,
}

/// Those that were called, then those that should be.
fn expected<'a>(ctx: &Ctx<'a>, scene: &Scene<'a>) -> Vec<Expected<'a>> {
    let called = scene.incident.roles.roll_call().teams.iter();
    let mut all: Vec<Expected> = called
        .map(|team| Expected { name: &team.name, called: true, present: team.present.as_ref() })
        .collect();
    let policy = scene.policy(ctx).rules.roll_call.iter().map(String::as_str);
    for name in policy.chain(scene.incident.ledger.teams()) {
        if !all.iter().any(|team| team.name.eq_ignore_ascii_case(name)) {
            all.push(Expected { name, called: false, present: None });
        }
    }
    all
}

#[derive(Default)]
struct RollCallLayer {
    /// The team that is selected, by its name.
    at: Option<String>,
}

pub fn layer(_ctx: &Ctx, _scene: &Scene) -> Box<dyn Layer> {
    Box::new(RollCallLayer::default())
}

impl RollCallLayer {
    fn list(&self, teams: &[Expected]) -> Listing {
        let place = teams.iter().position(|team| Some(team.name) == self.at.as_deref());
        Listing::new("Roll call", KEYS, COLUMNS, place.unwrap_or(0))
    }

    fn select(&mut self, teams: &[Expected], index: usize) {
        self.at = teams.get(index).map(|team| team.name.to_owned());
    }
}

fn sheet(teams: &[Expected], ctx: &Ctx, scene: &Scene, columns: u16) -> Sheet {
    let mut sheet = Sheet::new(columns);
    head(&mut sheet, teams, ctx, scene);
    let names = teams.iter().map(|team| width(team.name)).max().unwrap_or(0).min(WIDEST);
    for (index, team) in teams.iter().enumerate() {
        if index == 0 {
            sheet.item(None).gap();
        }
        let row = sheet.item(index).len();
        let (text, meaning) = standing(team, ctx, scene);
        sheet.say(names + 2, meaning, &text).beside(row, 0, Meaning::Text, team.name);
    }
    sheet
}

/// When it was called, how it stands, and what to say aloud.
fn head(sheet: &mut Sheet, teams: &[Expected], ctx: &Ctx, scene: &Scene) {
    let zone = ctx.look.zone;
    match &scene.incident.roles.roll_call().called {
        Some((by, at)) => {
            let here = teams.iter().filter(|team| team.present.is_some()).count();
            let called = format!("called by {by} at {}", moment(zone, *at, scene.now));
            sheet.say(0, Meaning::Text, &format!("{here} of {} here, {called}", teams.len()));
        }
        None => {
            sheet.say(0, Meaning::Text, "Nobody has called the roll yet: c calls it.");
        }
    }
    let missing: Vec<&str> =
        teams.iter().filter(|team| team.present.is_none()).map(|team| team.name).collect();
    match missing.as_slice() {
        [] if teams.is_empty() => {
            sheet.say(0, Meaning::Muted, "No team is expected: c names those that should answer.")
        }
        [] => sheet.say(0, Meaning::Good, "Everybody is here."),
        missing => {
            let say = format!("Say: \"Roll call. Answer with your name: {}?\"", missing.join("? "));
            sheet.say(0, Meaning::Accent, &say)
        }
    };
}

fn standing(team: &Expected, ctx: &Ctx, scene: &Scene) -> (String, Meaning) {
    match team.present {
        Some((who, at)) => {
            let since = moment(ctx.look.zone, *at, scene.now);
            (format!("here: {} since {since}", scene.incident.name_of(who)), Meaning::Good)
        }
        None if team.called => ("MISSING".to_owned(), Meaning::Warning),
        None => ("expected, not called yet".to_owned(), Meaning::Muted),
    }
}

/// Who answers for a team.
fn present(team: &str, ctx: &Ctx, scene: &Scene) -> Ask {
    let name = team.to_owned();
    let answer = move |who: &str, ctx: &Ctx| {
        let (team, who) = (name.clone(), PersonId::new(who));
        order(Command::Role(RoleCommand::Present { team, who }), ctx)
    };
    Ask::new(team, "Who answers for it?", Box::new(answer)).completing(people(ctx, scene))
}

/// Calls the roll anew: whoever was here answers again.
fn call(teams: &[Expected]) -> Form {
    let names: Vec<&str> = teams.iter().map(|team| team.name).collect();
    let part = Part::text("teams", "teams", &names.join(", ")).growing().help("A comma between them.");
    let submit = |values: &Values, ctx: &Ctx| {
        order(Command::Role(RoleCommand::Call { teams: values.list("teams") }), ctx)
    };
    let about = "Who should answer? Everybody answers anew.";
    Form::new("Call the roll", about, vec![part], Box::new(submit)).verb("call")
}

impl Layer for RollCallLayer {
    fn name(&self) -> &'static str {
        "roll-call"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let scene = ctx.scene?;
        let teams = expected(ctx, &scene);
        let list = self.list(&teams);
        list.draw(&sheet(&teams, ctx, &scene, list.width(screen)), ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return vec![Msg::Pop] };
        let teams = expected(ctx, &scene);
        let call_key = key.code == KeyCode::Char('c') && !key.modifiers.contains(KeyModifiers::CONTROL);
        if call_key {
            return if scene.live { vec![Msg::Push(Box::new(call(&teams)))] } else { read_only() };
        }
        let mut list = self.list(&teams);
        let answer = list.key(key, teams.len(), ctx);
        self.select(&teams, list.selected);
        match answer {
            Answer::Nothing if key.code == KeyCode::Enter => {
                vec![Msg::Say(Tone::Info, "no team is expected: c names those that should answer".into())]
            }
            Answer::Nothing => Vec::new(),
            Answer::Chosen(_) if !scene.live => read_only(),
            Answer::Chosen(index) => {
                let asked = teams.get(index).map(|team| present(team.name, ctx, &scene));
                asked.map(|ask| Msg::Push(Box::new(ask))).into_iter().collect()
            }
            Answer::Back => vec![Msg::Pop],
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, ctx: &Ctx, screen: Rect) -> Vec<Msg> {
        let Some(scene) = ctx.scene else { return Vec::new() };
        let teams = expected(ctx, &scene);
        let mut list = self.list(&teams);
        let sheet = sheet(&teams, ctx, &scene, list.width(screen));
        match list.mouse(mouse, &sheet, teams.len(), screen) {
            Answer::Chosen(index) => self.select(&teams, index),
            _ => self.select(&teams, list.selected),
        }
        Vec::new()
    }
}
