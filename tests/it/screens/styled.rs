//! The room as a terminal gets it: bytes through a terminal emulator, then the colours and attributes of every run.

use std::fmt::Write as _;

use insta::assert_snapshot;
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use warroom::tui::theme::Theme;

use crate::door::{Door, corruption};

/// What a terminal of the buffer's size holds after the frame.
fn through_a_terminal(buffer: &Buffer) -> vt100::Parser {
    crossterm::style::force_color_output(true);
    let mut bytes = Vec::new();
    let mut backend = CrosstermBackend::new(&mut bytes);
    let blank = Buffer::empty(buffer.area);
    backend.draw(blank.diff(buffer).into_iter()).unwrap();
    backend.flush().unwrap();
    let mut parser = vt100::Parser::new(buffer.area.height, buffer.area.width, 0);
    parser.process(&bytes);
    parser
}

/// `red+bold` and the like; empty where nothing is set.
fn style(cell: &vt100::Cell) -> String {
    let mut words = Vec::new();
    if cell.fgcolor() != vt100::Color::Default {
        words.push(colour(cell.fgcolor()));
    }
    if cell.bgcolor() != vt100::Color::Default {
        words.push(format!("on-{}", colour(cell.bgcolor())));
    }
    for (on, word) in [
        (cell.bold(), "bold"),
        (cell.dim(), "dim"),
        (cell.italic(), "italic"),
        (cell.underline(), "underlined"),
        (cell.inverse(), "reversed"),
    ] {
        if on {
            words.push(word.to_owned());
        }
    }
    words.join("+")
}

fn colour(colour: vt100::Color) -> String {
    const NAMES: [&str; 16] = [
        "black",
        "red",
        "green",
        "yellow",
        "blue",
        "magenta",
        "cyan",
        "white",
        "grey",
        "bright-red",
        "bright-green",
        "bright-yellow",
        "bright-blue",
        "bright-magenta",
        "bright-cyan",
        "bright-white",
    ];
    match colour {
        vt100::Color::Default => "default".into(),
        vt100::Color::Idx(n) => {
            NAMES.get(usize::from(n)).map_or(format!("colour-{n}"), |name| name.to_string())
        }
        vt100::Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
    }
}

/// Every line as its runs: the plain ones as they are, the others as `{style|text}`.
fn runs(screen: &vt100::Screen) -> String {
    let (lines, columns) = screen.size();
    let mut out = String::new();
    for y in 0..lines {
        let mut run = (String::new(), String::new());
        let mut line = String::new();
        for x in 0..columns {
            let Some(cell) = screen.cell(y, x).filter(|cell| !cell.is_wide_continuation()) else { continue };
            let text = if cell.has_contents() { cell.contents() } else { " " };
            // A blank looks the same in every ink, so it breaks no run.
            let plain = text == " " && !cell.inverse() && cell.bgcolor() == vt100::Color::Default;
            let now = if plain { run.0.clone() } else { style(cell) };
            if now != run.0 {
                end(&mut line, &mut run);
                run.0 = now;
            }
            run.1.push_str(text);
        }
        end(&mut line, &mut run);
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn end(line: &mut String, run: &mut (String, String)) {
    let (style, text) = std::mem::take(run);
    let seen = if style.contains("on-") || style.contains("reversed") { &text[..] } else { text.trim_end() };
    match style.is_empty() || seen.is_empty() {
        true => line.push_str(seen),
        false => drop(write!(line, "{{{style}|{seen}}}")),
    }
    line.push_str(&text[seen.len()..]);
}

#[test]
fn every_theme_as_the_terminal_gets_it() {
    for (theme, _) in Theme::shipped() {
        let mut door = Door::room_in((80, 24), theme, corruption);
        let parser = through_a_terminal(&door.keys("kk").buffer());
        let shown = runs(parser.screen());
        insta::with_settings!({ snapshot_path => "../snapshots" }, {
            assert_snapshot!(format!("styled_{theme}"), shown);
        });
    }
}

#[test]
fn a_terminal_shows_the_same_text_as_the_buffer() {
    for (theme, _) in Theme::shipped() {
        let door = Door::room_in((80, 24), theme, corruption);
        let parser = through_a_terminal(&door.buffer());
        let lines: Vec<String> = parser.screen().rows(0, 80).map(|line| line.trim_end().to_owned()).collect();
        assert_eq!(lines.join("\n"), door.screen());
    }
}

/// `NO_COLOR` means mono, and mono has no colour in any place: only weights and reversal.
#[test]
fn mono_has_no_colour_at_all() {
    assert_eq!(Theme::choose(Some("dark"), true, Some((0, 0, 0))), "mono");
    for keys in ["", "s", "p", "?", "<ctrl-p>", "2<enter>", "u", "u<ctrl-s>", "t", "A", "iwords", "K"] {
        let mut door = Door::room_in((100, 30), "mono", super::overdue);
        let parser = through_a_terminal(&door.keys(keys).buffer());
        let screen = parser.screen();
        for (y, x) in (0..30).flat_map(|y| (0..100).map(move |x| (y, x))) {
            let cell = screen.cell(y, x).unwrap();
            let colours = (cell.fgcolor(), cell.bgcolor());
            assert_eq!(colours, (vt100::Color::Default, vt100::Color::Default), "{keys:?}: {x},{y}");
        }
        let parts = runs(screen);
        assert!(parts.contains("bold") || parts.contains("reversed"), "{keys:?} has no weight at all");
    }
}

#[test]
fn the_default_theme_leaves_the_users_palette_alone() {
    let parser = through_a_terminal(&Door::room((80, 24), super::overdue).buffer());
    let shown = runs(parser.screen());
    assert!(!shown.contains('#') || !shown.contains("{#"), "{shown}");
    assert!(!shown.contains("colour-"), "{shown}");
}
