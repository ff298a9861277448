//! The picture in the README: the room as a person sees it, drawn from the same buffer as every snapshot.
//!
//! `WARROOM_UPDATE_PICTURE=1 cargo test picture` draws it anew.

use std::fmt::Write as _;
use std::path::Path;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use warroom::incident::Span;
use warroom::incident::event::SentUpdate;
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::Word;
use warroom::incident::{Command, PersonId};

use super::door::{Door, corruption, start};

const FILE: &str = "tests/it/snapshots/room.svg";
/// Pixels of one cell.
const CELL: (f64, f64) = (8.4, 18.0);
const PAPER: &str = "#14161b";
const INK: &str = "#d8dce3";

#[test]
fn the_picture_in_the_readme_is_the_room_as_it_is() {
    let drawn = svg(&room());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("WARROOM_UPDATE_PICTURE").is_some() {
        std::fs::write(&path, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "the picture is out of date: WARROOM_UPDATE_PICTURE=1 cargo test picture");
}

/// The corruption incident, half an hour in.
fn room() -> Buffer {
    let mut door = Door::room_in((120, 36), "dark", |log| {
        corruption(log);
        let at = |minutes| start() + Span::from_mins(minutes);
        let assign = |role: &str, who: &str| {
            use warroom::incident::command::RoleCommand::Assign;
            Command::Role(Assign { role: role.into(), who: PersonId::new(who) })
        };
        log.order("alice", assign("scribe", "dana"), at(-6));
        log.order("alice", assign("sme", "bob"), at(-5));
        let update = SentUpdate {
            audience: "internal".into(),
            word: Word::Investigating,
            body: "P1: orders: prices x100\n\nPrices since 13:36 are too high by 100. Loads are paused."
                .into(),
            next: Some(at(24)),
            approved_by: None,
            proposal: None,
            overrides: Vec::new(),
        };
        log.order("alice", Command::Update(update), at(-4));
        log.order(
            "bob",
            Command::Note { kind: NoteKind::Action, text: "reverting the 13:35 deploy".into() },
            at(-2),
        );
    });
    door.keys("2<space>jjb1ijust spoke to the vendor, @bob has the changelog");
    door.buffer()
}

fn svg(buffer: &Buffer) -> String {
    let (columns, lines) = (buffer.area.width, buffer.area.height);
    let (width, height) = (f64::from(columns) * CELL.0 + 16.0, f64::from(lines) * CELL.1 + 16.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n"
    );
    for y in 0..lines {
        line(buffer, y, &mut out);
    }
    out.push_str("</svg>\n");
    out
}

/// One line, cells of the same style together.
fn line(buffer: &Buffer, y: u16, out: &mut String) {
    let mut x = 0;
    while x < buffer.area.width {
        let first = &buffer[(x, y)];
        let mut end = x;
        let mut text = String::new();
        while end < buffer.area.width && same(first, &buffer[(end, y)]) {
            text.push_str(buffer[(end, y)].symbol());
            end += 1;
        }
        run(first, &text, (x, y), end - x, out);
        x = end;
    }
}

fn same(a: &Cell, b: &Cell) -> bool {
    (a.fg, a.bg, a.modifier) == (b.fg, b.bg, b.modifier)
}

fn run(cell: &Cell, text: &str, (x, y): (u16, u16), columns: u16, out: &mut String) {
    let (mut ink, mut paper) = (colour(cell.fg, INK), colour(cell.bg, PAPER));
    if cell.modifier.contains(Modifier::REVERSED) {
        std::mem::swap(&mut ink, &mut paper);
    }
    let (left, top) = (8.0 + f64::from(x) * CELL.0, 8.0 + f64::from(y) * CELL.1);
    let width = f64::from(columns) * CELL.0;
    if paper != PAPER {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"18\" fill=\"{paper}\"/>"
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let mut style = String::new();
    for (modifier, words) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::DIM, " opacity=\"0.6\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        if cell.modifier.contains(modifier) {
            style.push_str(words);
        }
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let base = top + 13.5;
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{base:.1}\" fill=\"{ink}\"{style} textLength=\"{width:.1}\" \
         lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">{text}</text>"
    );
}

fn colour(colour: Color, default: &str) -> String {
    match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        _ => default.to_owned(),
    }
}
