//! The outbox: how each account stands, what still has to be told, what needs somebody, and what was told.
//!
//! Nothing here waits for a network: a key orders, and the room goes on. One act whole is in `one`, what can be asked for in
//! `menu`.

mod edit;
mod menu;
mod one;

use crossterm::event::KeyCode;

use super::board::{Board, Things};
use super::keys;
use super::question::{self, read_only};
use crate::incident::command::DeliveryCommand;
use crate::incident::event::{FailureClass, Slot};
use crate::incident::{Command, EntryId};
use crate::outbox::wishes::in_words;
use crate::outbox::{Act, LOCAL, SEEN, State};
use crate::report::outside::{Grade, light};
use crate::tui::layer::Layer;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::width;

pub use menu::{ask_for, join, line};

/// Acts that are over and still listed.
const SHOWN: usize = 20;

const KEYS: keys::Keys = &[
    ("n", "tell the outside something: channel, page, ticket"),
    ("r", "sends it (again): what kept it back is mended, or it is certainly not there"),
    ("f", "looks for it again, before anything is sent"),
    ("a", "it did arrive: you have seen it there"),
    ("e", "puts other words in it; they are sent instead"),
    ("x", "gives it up, with a reason"),
    ("t", "carries out from here what another host has asked for"),
    ("o", "opens the address of it"),
    ("Enter", "all of it"),
    ("Esc", "back"),
];

/// The outbox of the incident.
pub fn layer(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    Box::new(Board::new(Outbox, scene))
}

struct Outbox;

impl Things for Outbox {
    fn name(&self) -> &'static str {
        "outbox"
    }

    fn title(&self) -> &'static str {
        "Outbox: what is told outside"
    }

    fn preface(&self, sheet: &mut Sheet, _ctx: &Ctx, scene: &Scene) {
        if scene.routes.is_empty() && scene.live {
            let text =
                "No account is connected: updates are kept in the local record. Run `warroom connect` once.";
            sheet.say(0, Meaning::Muted, text);
        }
        let names = scene.routes.accounts.iter().map(|account| width(&account.title)).max().unwrap_or(0);
        for account in &scene.routes.accounts {
            let heard = scene.accounts.get(&account.name);
            let trouble = heard.and_then(|heard| heard.trouble.as_deref());
            let light = light(account, scene.outbox, trouble, scene.now);
            let row = sheet.len();
            let columns = sheet.width().saturating_sub(names + 2);
            let at = heard.and_then(|heard| heard.at);
            let age = at.map(|at| format!(", heard {} ago", scene.now.since(at).short()));
            let text = format!("{}{}", light.text, age.unwrap_or_default());
            sheet.say_at_most(names + 2, grade_meaning(light.grade), &text, columns, 2);
            sheet.beside(row, 0, Meaning::Text, &account.title);
        }
    }

    fn groups(&self, scene: &Scene) -> Vec<(&'static str, Vec<EntryId>)> {
        let ids = |wanted: &dyn Fn(&Act) -> bool| -> Vec<EntryId> {
            scene.outbox.open().filter(|act| wanted(act)).map(|act| act.request).collect()
        };
        let over: Vec<EntryId> = scene
            .outbox
            .all()
            .rev()
            .filter(|act| act.state.is_settled() && act.client != LOCAL)
            .take(SHOWN)
            .map(|act| act.request)
            .collect();
        vec![
            ("Needs you", ids(&|act| scene.outbox.needs_person(act))),
            ("Nobody knows whether it arrived", ids(&|act| matches!(act.state, State::Doubtful { .. }))),
            ("Waiting", ids(&|act| waits(act, scene))),
            ("Done", over),
        ]
    }

    fn lines(&self, id: EntryId, whole: bool, sheet: &mut Sheet, ctx: &Ctx, scene: &Scene) {
        let Some(act) = scene.outbox.get(id) else { return };
        let row = sheet.len();
        let (state, meaning) = one::standing(act, ctx, scene);
        let name = title(act, scene);
        let columns = sheet.width().saturating_sub(width(&state) + 2);
        let what = format!("{name}: {}", in_words(&act.deed, &act.title, &act.body));
        sheet.say_at_most(0, Meaning::Text, &what, columns, if whole { 3 } else { 1 });
        sheet.right(row, meaning, &state);
        let columns = sheet.width().saturating_sub(2);
        if let Some(message) = scene.outbox.message(act) {
            sheet.say_at_most(2, Meaning::Warning, message, columns, if whole { 4 } else { 1 });
        }
        if whole && !act.state.is_settled() {
            let by = scene.incident.name_of(&act.by);
            let age = scene.now.since(act.requested_at).short();
            sheet.say(
                2,
                Meaning::Muted,
                &format!("asked for by {by} {age} ago, tried {}", times(act.attempts)),
            );
        }
    }

    fn nothing(&self) -> &'static str {
        "Nothing was told outside yet. n tells something; J acknowledges, opens the channel and the ticket."
    }

    fn footer(&self, scene: &Scene, selected: Option<EntryId>) -> &'static str {
        let act = selected.and_then(|id| scene.outbox.get(id));
        match (scene.live, act.map(|act| &act.state)) {
            (false, None) => "Esc: back",
            (false, Some(_)) => "Enter: all of it   Esc: back",
            (true, None) => "n: tell something   Esc: back",
            (true, Some(state)) => match state {
                State::Stuck { class: FailureClass::Unknown, .. } => {
                    "a arrived  r send again  f look again  x drop  o open  Esc back"
                }
                State::Stuck { class: FailureClass::Auth, .. } => {
                    "r retry (once mended)  x drop  n new  Esc back"
                }
                State::Stuck { .. } if act.is_some_and(|act| !act.has_words()) => {
                    "r retry  x drop  n new  Enter all  Esc back"
                }
                State::Stuck { .. } => "e edit  r retry  x drop  n new  Enter all  Esc back",
                State::Doubtful { .. } => "f look now  a arrived  x drop  Enter all  Esc back",
                state if state.is_settled() => "o open  y copy  n new  Enter all  ? keys  Esc back",
                _ => "r try now  e edit  x drop  n new  Enter all  ? keys  Esc back",
            },
        }
    }

    fn key(&self, key: KeyCode, selected: Option<EntryId>, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let act = selected.and_then(|id| scene.outbox.get(id));
        match (key, act) {
            (KeyCode::Char('?'), _) => return keys::show("Keys: outbox", KEYS),
            (KeyCode::Enter, Some(act)) => return vec![Msg::Push(Box::new(one::One::new(act.request)))],
            (KeyCode::Char('o'), Some(act)) => return open(act),
            (KeyCode::Char('y'), Some(act)) => return vec![Msg::Copy(one::text(act))],
            _ => {}
        }
        let acts = matches!(key, KeyCode::Char('n' | 'r' | 'f' | 'a' | 'e' | 'x' | 't'));
        if acts && !scene.live {
            return read_only();
        }
        if key == KeyCode::Char('n') {
            return vec![Msg::Push(ask_for(ctx, scene))];
        }
        let Some(act) = act else { return Vec::new() };
        decide(key, act)
    }
}

pub(super) fn times(attempts: u32) -> String {
    match attempts {
        0 => "not yet".to_owned(),
        1 => "once".to_owned(),
        many => format!("{many} times"),
    }
}

fn waits(act: &Act, scene: &Scene) -> bool {
    !scene.outbox.needs_person(act) && !matches!(act.state, State::Doubtful { .. })
}

fn decide(key: KeyCode, act: &Act) -> Vec<Msg> {
    let request = act.request;
    let order = |command, says: &str| vec![Msg::OrderSaying(Command::Delivery(command), says.to_owned())];
    match key {
        KeyCode::Char('r') => order(DeliveryCommand::Retry { request }, "it is tried again"),
        KeyCode::Char('f') => order(DeliveryCommand::Seek { request }, "it is looked for"),
        KeyCode::Char('a') if act.attempts == 0 => vec![Msg::Say(Tone::Warning, "it was never sent".into())],
        KeyCode::Char('a') => vec![Msg::Push(arrived(act))],
        KeyCode::Char('e') if !act.has_words() => {
            let text = "it has no words that could be put right: x drops it, n asks for it anew";
            vec![Msg::Say(Tone::Warning, text.into())]
        }
        KeyCode::Char('e') if act.can_be_reworded() => vec![Msg::Push(Box::new(edit::Edit::new(act)))],
        KeyCode::Char('e') => {
            let text = "it may have arrived as it is: f looks for it first";
            vec![Msg::Say(Tone::Warning, text.into())]
        }
        KeyCode::Char('x') => {
            let about = format!("{}. Why is it given up?", in_words(&act.deed, &act.title, &act.body));
            let drop = move |reason: &str| {
                Command::Delivery(DeliveryCommand::Drop { request, reason: reason.to_owned() })
            };
            vec![Msg::Push(Box::new(question::ask("Give it up", &about, drop)))]
        }
        KeyCode::Char('t') => {
            let command = Command::Delivery(DeliveryCommand::TakeOver { from: act.host });
            let about = format!(
                "Host {} has asked for this. From here on its open deliveries are carried out here; \
                 what it may have sent is looked for first.",
                act.host
            );
            vec![Msg::Push(question::confirm("Take over", &about, "take over", command))]
        }
        _ => Vec::new(),
    }
}

/// Somebody has looked. What others are about needs its id there.
fn arrived(act: &Act) -> Box<dyn Layer> {
    let request = act.request;
    let confirm = move |remote: &str| {
        let remote = if remote.is_empty() { SEEN } else { remote }.to_owned();
        Command::Delivery(DeliveryCommand::Confirm { request, remote, link: None })
    };
    match act.deed.makes(request) {
        None | Some(Slot::Post(_)) => {
            let about = "Somebody has looked there and seen it. It is not sent again.";
            question::confirm("It did arrive", about, "it is there", confirm(""))
        }
        Some(_) => {
            let about = "Somebody has looked there and seen it. What is its id there? Others are about it.";
            Box::new(question::ask("It did arrive", about, confirm))
        }
    }
}

fn open(act: &Act) -> Vec<Msg> {
    match &act.state {
        State::Confirmed { link: Some(link), .. } => vec![Msg::OpenUrl(link.clone())],
        _ => vec![Msg::Say(Tone::Info, "it has no address".into())],
    }
}

/// The account as people know it.
fn title(act: &Act, scene: &Scene) -> String {
    match scene.routes.get(&act.client) {
        Some(account) => account.title.clone(),
        None if act.client == LOCAL => "local record".to_owned(),
        None => act.client.clone(),
    }
}

/// How a light looks.
pub fn grade_meaning(grade: Grade) -> Meaning {
    match grade {
        Grade::Ok => Meaning::Muted,
        Grade::Waiting => Meaning::Info,
        Grade::Troubled => Meaning::Warning,
        Grade::NeedsYou => Meaning::Alert,
    }
}
