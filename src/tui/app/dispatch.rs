//! What messages and actions mean.

use super::{App, Effect, alarm};
use crate::incident::deadline::{Deadline, Urgency, deadlines, next_ring};
use crate::incident::{Command, Time, Zone};
use crate::replay::parse_goto;
use crate::report::export;
use crate::tui::actions::{Action, AppAction, HomeAction, RoomAction, TimelineAction, UpdateAction};
use crate::tui::layer::Layer;
use crate::tui::layers;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::msg::{Msg, Tone};
use crate::tui::screens::declare::DeclareForm;
use crate::tui::screens::room::Source;
use crate::tui::theme::Theme;

impl App {
    pub(super) fn take(&mut self, messages: Vec<Msg>, now: Time) {
        for message in messages {
            self.message(message, now);
        }
    }

    fn message(&mut self, message: Msg, now: Time) {
        match message {
            Msg::Order(command) => self.order(command, None, now),
            Msg::OrderSaying(command, say) => self.order_saying(command, None, Some(say), now),
            Msg::OrderAt(command, at) => self.order(command, at, now),
            Msg::Act(action) => self.act(action, now),
            Msg::Line(line) => {
                let parsed = layers::command_line::parse(&line, &self.ctx(now));
                match parsed {
                    Ok(messages) => self.take(messages, now),
                    Err(why) => self.tell(Tone::Warning, why, now),
                }
                self.history.push(line);
            }
            Msg::Push(layer) => self.push(layer),
            Msg::Pop => self.pop(),
            Msg::Say(tone, text) => self.tell(tone, text, now),
            Msg::Copy(text) => {
                self.tell(
                    Tone::Good,
                    format!(
                        "{} characters handed to the terminal's clipboard (OSC 52)",
                        text.chars().count()
                    ),
                    now,
                );
                self.effects.push(Effect::Copy(text));
            }
            Msg::OpenUrl(url) => self.effects.push(Effect::OpenUrl(url)),
            Msg::Editor(text) => self.effects.push(Effect::Editor(text)),
            Msg::Declare(declare) => self.effects.push(Effect::Declare(declare)),
            Msg::Enter(reference) => self.effects.push(Effect::Enter(reference)),
            Msg::Replay { name, at } => self.effects.push(Effect::Replay { name, at }),
            Msg::Home => self.go_home(),
            Msg::Seek(text) => self.seek(&text, now),
            Msg::Attach(name) => self.attach(&name, now),
            Msg::Theme(name) => self.theme(&name, now),
            Msg::Zone(zone) => self.zone(zone, now),
            Msg::Export(path) => self.export(path, now),
            Msg::Undo(reason) => self.undo_because(reason, now),
            Msg::Quit => self.quit(),
            other => self.room_message(other, now),
        }
    }

    /// Messages for the room that is shown.
    fn room_message(&mut self, message: Msg, now: Time) {
        let screen = self.screen;
        let (ctx, room) = self.parts(now);
        let Some(room) = room else { return };
        match message {
            Msg::Select(id) => room.select(id, &ctx, screen),
            Msg::Goto(at) => room.goto(at, &ctx, screen),
            Msg::Kinds(hidden) => room.hide(hidden, &ctx),
            Msg::Composer(edit) => {
                let messages = room.compose(edit, &ctx);
                self.take(messages, now);
            }
            _ => {}
        }
    }

    pub(super) fn pop(&mut self) {
        let Some(layer) = self.layers.pop() else { return };
        if let Some(draft) = layer.declare_draft() {
            self.declare_draft = draft;
        }
        self.kept.extend(layer.kept());
    }

    /// Lays a layer over the screen; what was typed into the same question before is there again.
    fn push(&mut self, mut layer: Box<dyn Layer>) {
        if let Some(text) = layer.question().and_then(|question| self.kept.remove(&question)) {
            layer.put_back(&text);
        }
        self.layers.push(layer);
    }

    pub(super) fn act(&mut self, action: Action, now: Time) {
        match action {
            Action::App(action) => self.app_action(action, now),
            Action::Home(action) if self.room_screen().is_none() => {
                let messages = self.home_action(Action::Home(action), now);
                self.take(messages, now);
            }
            Action::Home(HomeAction::Declare) => self.push_declare(now),
            Action::Room(RoomAction::Undo) => self.undo(now),
            Action::Room(RoomAction::Switch) => self.push_switch(),
            Action::Timeline(TimelineAction::CopyAll) => self.copy_timeline(now),
            _ => self.screen_action(action, now),
        }
    }

    fn screen_action(&mut self, action: Action, now: Time) {
        if self.room_screen().is_none() {
            let messages = self.home_action(action, now);
            return self.take(messages, now);
        }
        let screen = self.screen;
        if matches!(action, Action::Update(UpdateAction::Send)) && self.replay.is_some() {
            return self.tell(Tone::Warning, "a replay cannot be changed".into(), now);
        }
        let (ctx, room) = self.parts(now);
        let messages = room.map(|room| room.act(action, &ctx, screen)).unwrap_or_default();
        self.take(messages, now);
    }

    fn home_action(&mut self, action: Action, now: Time) -> Vec<Msg> {
        if action == Action::Home(HomeAction::Declare) {
            self.push_declare(now);
            return Vec::new();
        }
        let ctx = super::make_ctx(&self.setup, now);
        self.home.act(action, &ctx, self.screen)
    }

    fn push_declare(&mut self, now: Time) {
        let form =
            DeclareForm::new(std::mem::take(&mut self.declare_draft), &super::make_ctx(&self.setup, now));
        self.layers.push(Box::new(form));
    }

    fn app_action(&mut self, action: AppAction, now: Time) {
        match action {
            AppAction::Help => {
                let contexts = self.contexts();
                let help = layers::help::Help::new(&contexts, &self.ctx(now));
                self.layers.push(Box::new(help));
            }
            AppAction::Palette => {
                let palette =
                    layers::palette::Palette::new(&self.ctx(now), &self.contexts(), self.home.places());
                self.layers.push(Box::new(palette));
            }
            AppAction::CommandLine => {
                self.layers.push(Box::new(layers::command_line::CommandLine::new(self.history.clone())));
            }
            AppAction::Back => self.back(now),
            AppAction::Quit => self.ask_quit(now),
            AppAction::Suspend => self.effects.push(Effect::Suspend),
            AppAction::Redraw => self.effects.push(Effect::Redraw),
            AppAction::ToggleZone => {
                let zone = if self.setup.zone == Zone::Utc { Zone::Local } else { Zone::Utc };
                self.zone(zone, now);
            }
            AppAction::NextTheme => self.next_theme(now),
        }
    }

    fn zone(&mut self, zone: Zone, now: Time) {
        self.setup.zone = zone;
        self.tell(Tone::Info, format!("times are {}", zone.label(now)), now);
    }

    fn theme(&mut self, name: &str, now: Time) {
        let folder = self.setup.paths.config.join("themes");
        let read = |name: &str| std::fs::read_to_string(folder.join(format!("{name}.toml"))).ok();
        match Theme::named(name, Some(&read)) {
            Ok(theme) => {
                self.setup.theme = theme;
                self.tell(Tone::Info, format!("theme {name}"), now);
            }
            Err(error) => self.tell(Tone::Warning, error.to_string(), now),
        }
    }

    fn next_theme(&mut self, now: Time) {
        let names: Vec<&str> = Theme::shipped().iter().map(|(name, _)| *name).collect();
        let present = names.iter().position(|name| *name == self.setup.theme.name());
        let next = present.map_or(0, |place| (place + 1) % names.len());
        self.theme(names[next], now);
    }

    fn back(&mut self, now: Time) {
        let (ctx, room) = self.parts(now);
        let went = room.is_some_and(|room| room.back(&ctx));
        if !went && self.replay.is_some() {
            self.leave_replay(now);
        }
    }

    fn leave_replay(&mut self, now: Time) {
        self.replay = None;
        if self.room.is_none() {
            self.effects.push(Effect::List);
        }
        self.refresh(now);
    }

    fn go_home(&mut self) {
        self.replay = None;
        self.effects.push(if self.room.is_some() { Effect::Leave } else { Effect::List });
    }

    /// `q`: out of the replay, out of the room, out of the program; asks when something is unsaved.
    fn ask_quit(&mut self, now: Time) {
        if self.replay.is_some() {
            return self.leave_replay(now);
        }
        let Some(live) = self.live() else { return self.quit() };
        // What is merely in line is saved on the way out.
        let unsaved = if live.trouble.is_some() { live.unsaved() } else { 0 };
        let open = live.room.outbox().open().count();
        let unsent = self.room.as_deref().is_some_and(|room| room.update.is_unsent());
        let mut left: Vec<String> = Vec::new();
        left.extend((unsaved > 0).then(|| format!("{unsaved} entries are not saved")));
        left.extend((open > 0).then(|| format!("{open} messages are not delivered yet")));
        left.extend(unsent.then(|| "an update is written and not sent".to_owned()));
        if left.is_empty() {
            return self.go_home();
        }
        let about = format!("{}.", left.join(", "));
        let items = vec![
            Item::new("stay", "go on in the room").key('s'),
            Item::new("leave", "typed text is kept; deliveries go on when the room is opened again").key('l'),
        ];
        let chosen =
            |index: usize, _: &crate::tui::scene::Ctx| if index == 1 { vec![Msg::Home] } else { Vec::new() };
        self.layers.push(Box::new(Choose::new("Leave?", about, items, Box::new(chosen))));
    }

    fn push_switch(&mut self) {
        let places = self.home.open_places();
        if places.is_empty() {
            return;
        }
        let items = places.iter().map(|place| Item::new(place.name.clone(), place.about.clone())).collect();
        let chosen = move |index: usize, _: &crate::tui::scene::Ctx| {
            places.get(index).map(|place| Msg::Enter(place.reference.clone())).into_iter().collect()
        };
        self.layers.push(Box::new(Choose::new("Go to", "", items, Box::new(chosen))));
    }

    fn seek(&mut self, text: &str, now: Time) {
        let zone = self.setup.zone;
        let found = match self.replay.as_deref().map(|replay| &replay.source) {
            Some(Source::Replay(playing)) => parse_goto(text, &playing.player, now, zone),
            _ => Err("no replay runs".to_owned()),
        };
        match found {
            Ok(at) => self.message(Msg::Goto(at), now),
            Err(why) => self.tell(Tone::Warning, why, now),
        }
    }

    fn attach(&mut self, name: &str, now: Time) {
        match crate::config::shipped::playbook(&self.setup.paths, name) {
            Ok(playbook) => self.order(Command::Attach(playbook), None, now),
            Err(why) => self.tell(Tone::Warning, why, now),
        }
    }

    fn markdown(&self, now: Time) -> Option<String> {
        let scene = self.room_screen()?.source.scene(now);
        let entries: Vec<_> = scene.rows.as_slice().iter().filter_map(|row| scene.entry(*row)).collect();
        Some(export::markdown(scene.incident, entries.iter().map(|entry| &**entry), self.setup.zone))
    }

    fn copy_timeline(&mut self, now: Time) {
        if let Some(text) = self.markdown(now) {
            self.message(Msg::Copy(text), now);
        }
    }

    fn export(&mut self, path: Option<String>, now: Time) {
        if let Some(text) = self.markdown(now) {
            let reference = self.room_screen().map_or(String::new(), |room| room.reference.clone());
            let path = path.or(Some(format!("{reference}.md")));
            self.effects.push(Effect::Export { path, text });
        }
    }

    pub(super) fn tick(&mut self, now: Time) {
        if self.say.as_ref().is_some_and(|(_, _, until)| *until <= now) {
            self.say = None;
        }
        if let Some(replay) = self.replay.as_deref_mut()
            && let Source::Replay(playing) = &mut replay.source
            && playing.player.tick(now)
        {
            self.refresh(now);
        }
        if self.live().is_some_and(|live| live.room.wakes_at(now).is_some_and(|at| at <= now)) {
            self.room_input(crate::room::Input::Tick, now);
        }
        let (ctx, room) = self.parts(now);
        if let Some(room) = room {
            room.go_on(&ctx);
        }
        self.ring(now);
        if self.room.is_none() && self.replay.is_none() && self.looks_at(now) <= now {
            self.looked = Some(now);
            self.effects.push(Effect::Look);
        }
    }

    /// Says once when a clock runs out, several at once in one message; rings only when nobody looks.
    fn ring(&mut self, now: Time) {
        let mut fresh = self.overdue(now);
        fresh.retain(|deadline| !self.rung.contains(&name_of(deadline)));
        self.rung.extend(fresh.iter().map(name_of));
        let (marks, loud): (Vec<Deadline>, Vec<Deadline>) = fresh.into_iter().partition(|it| it.quiet);
        if let Some(text) = alarm::loud(&loud, &self.setup.keymap) {
            self.tell(Tone::Alert, text, now);
            if !self.focused {
                self.effects.push(Effect::Bell);
            }
        } else if let Some(mark) = marks.last().filter(|_| self.say.is_none()) {
            self.tell(Tone::Info, mark.say.clone(), now);
        }
    }

    /// When the next clock of the live room runs out, whatever is shown over it.
    pub(super) fn next_ring(&self, now: Time) -> Option<Time> {
        next_ring(self.live()?.room.incident(), now)
    }

    /// What has run out, or is back from where it was put off to, and was not heard; the earliest first.
    fn overdue(&self, now: Time) -> Vec<Deadline> {
        let Some(live) = self.live().filter(|live| live.still_reading().is_none()) else { return Vec::new() };
        let mut overdue = deadlines(live.room.incident(), now);
        overdue.retain(|deadline| deadline.rings_at() <= now && deadline.urgency(now) == Urgency::Over);
        overdue.sort_by_key(Deadline::rings_at);
        overdue
    }

    /// What ran out while nobody was here: said once, in one sentence.
    pub(super) fn announce_missed(&mut self, now: Time) {
        let overdue = self.overdue(now);
        self.rung.extend(overdue.iter().map(name_of));
        if let Some(text) = alarm::missed(&overdue, &self.setup.keymap, self.screen.width) {
            self.tell(Tone::Warning, text, now);
        }
    }
}

/// A clock and the moment it was set to: set anew, it rings anew.
fn name_of(deadline: &Deadline) -> String {
    format!("{} {}", deadline.id, deadline.rings_at())
}
