//! Any key, any size, any order: nothing panics, and nothing typed is lost.

use crossterm::event::{Event as TermEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use proptest::sample::select;
use warroom::incident::Span;
use warroom::tui::actions::REGISTRY;
use warroom::tui::app::Input;

use crate::door::{Door, corruption};

/// Keys that open each layer, from the room.
const LAYERS: [&str; 33] = [
    "",
    "?",
    "?zz",
    "<ctrl-p>",
    ":",
    ":sev",
    "s",
    "p",
    "t",
    "A",
    "r",
    "L",
    "f",
    "<enter>",
    "e",
    "x",
    "/pri",
    "T",
    "d",
    "U",
    "2<enter>",
    "2x",
    "2@",
    "2+",
    "2c",
    "3<enter>",
    "3H",
    "3+",
    "u",
    "u<ctrl-s>",
    "u<esc>4h",
    "z",
    "K",
];

/// From nothing to more than anybody has.
fn sizes() -> Vec<(u16, u16)> {
    let tiny = (0..4).flat_map(|columns| (0..4).map(move |lines| (columns, lines)));
    tiny.chain([(60, 16), (59, 16), (60, 15), (80, 24), (300, 3), (3, 100), (100, 16), (250, 70)]).collect()
}

#[test]
fn every_layer_stands_every_size() {
    for keys in LAYERS {
        let mut door = Door::room((80, 24), corruption);
        door.keys(keys);
        for (columns, lines) in sizes() {
            door.resize(columns, lines).buffer();
        }
        door.resize(80, 24).keys("<esc><esc><esc>").buffer();
    }
    for keys in ["", "d", "?", "<ctrl-p>", ":", "r"] {
        let mut door = super::home_with_incidents((80, 24));
        door.keys(keys);
        for (columns, lines) in sizes() {
            door.resize(columns, lines).buffer();
        }
    }
    let mut door = Door::room((80, 24), corruption);
    door.keys("i").paste("13:00 one\n14:00 two\nthree\n");
    for (columns, lines) in sizes() {
        door.resize(columns, lines).buffer();
    }
}

/// What may happen to a console.
#[derive(Clone, Debug)]
enum Shake {
    Key(String),
    Paste(String),
    Resize(u16, u16),
    Mouse(u8, u16, u16),
    Wait(i64),
    Replay,
}

/// Every key of the registry, letters, and what ends or leaves a field.
fn key() -> impl Strategy<Value = String> {
    let keys: Vec<String> = REGISTRY
        .iter()
        .flat_map(|spec| spec.keys.iter())
        .filter(|key| !matches!(**key, "ctrl-z"))
        .map(|key| format!("<{key}>"))
        .chain(
            [
                "<esc>",
                "<enter>",
                "<tab>",
                "<backspace>",
                "<delete>",
                "<ctrl-w>",
                "<ctrl-c>",
                "<f5>",
                "<alt-x>",
            ]
            .map(str::to_owned),
        )
        .collect();
    let letters = select(
        "abcdefghijklmnopqrstuvwxyz0123456789 é数-~!?#@:/".chars().map(String::from).collect::<Vec<_>>(),
    );
    prop_oneof![3 => select(keys), 1 => letters, 1 => Just("<esc>".to_owned()), 1 => Just("<enter>".to_owned())]
}

fn shake() -> impl Strategy<Value = Shake> {
    prop_oneof![
        20 => key().prop_map(Shake::Key),
        1 => select(vec!["x", "two\nlines", "\u{1b}[31m\u{202e}", ""]).prop_map(|text| Shake::Paste(text.into())),
        1 => (0..130_u16, 0..45_u16).prop_map(|(columns, lines)| Shake::Resize(columns, lines)),
        1 => (0..5_u8, 0..140_u16, 0..50_u16).prop_map(|(kind, x, y)| Shake::Mouse(kind, x, y)),
        1 => (0..4000_i64).prop_map(Shake::Wait),
        1 => Just(Shake::Replay),
    ]
}

fn do_to(door: &mut Door, shake: &Shake) {
    match shake {
        Shake::Key(key) => drop(door.keys(key)),
        Shake::Paste(text) => drop(door.paste(text)),
        Shake::Resize(columns, lines) => drop(door.resize(*columns, *lines)),
        Shake::Mouse(kind, column, row) => {
            let kind = match kind {
                0 => MouseEventKind::Down(MouseButton::Left),
                1 => MouseEventKind::Drag(MouseButton::Left),
                2 => MouseEventKind::Up(MouseButton::Left),
                3 => MouseEventKind::ScrollUp,
                _ => MouseEventKind::ScrollDown,
            };
            let mouse = MouseEvent { kind, column: *column, row: *row, modifiers: KeyModifiers::NONE };
            door.input(Input::Terminal(TermEvent::Mouse(mouse)));
        }
        Shake::Wait(ms) => drop(door.wait(Span::from_ms(*ms))),
        Shake::Replay => door.replay(),
    }
}

/// Whether all of `typed` stands in `text`, in its order.
fn holds(text: &str, typed: &str) -> bool {
    let mut rest = text.chars();
    typed.chars().all(|c| rest.any(|other| other == c))
}

/// Keys that take text away, or send it off, on purpose.
const ON_PURPOSE: [&str; 8] =
    ["<enter>", "<backspace>", "<delete>", "<ctrl-w>", "<ctrl-u>", "<ctrl-k>", "<ctrl-z>", "<ctrl-h>"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_keys_make_it_panic(shakes in prop::collection::vec(shake(), 0..60), broken in any::<bool>()) {
        let mut door = Door::room((100, 30), corruption);
        door.broken = broken.then(|| "the disk is full".to_owned());
        for shake in &shakes {
            do_to(&mut door, shake);
            door.buffer();
        }
    }

    #[test]
    fn what_the_scribe_typed_is_lost_only_on_purpose(shakes in prop::collection::vec(shake(), 0..50)) {
        const TYPED: &str = "restarted the loader";
        let mut door = Door::room((100, 30), corruption);
        door.keys("ian earlier note<enter>");
        door.keys(TYPED);
        let mut kept = String::new();
        for shake in &shakes {
            if matches!(shake, Shake::Key(key) if ON_PURPOSE.contains(&key.as_str())) {
                continue;
            }
            do_to(&mut door, shake);
            let Some((_, drafts)) = door.app.drafts() else { break };
            kept = drafts.scribe;
            prop_assert!(holds(&kept, TYPED), "after {:?}: {:?}", shake, kept);
        }
        let _ = kept;
    }
}
