//! What the terminal layer promises without an application: sequences that undo each other, bytes that become the
//! right events, themes that are readable and whose errors say what to do.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;
use warroom::tui::input::decode::Decoder;
use warroom::tui::terminal::modes::{Options, enter_sequence, restore_sequence};
use warroom::tui::terminal::{Signal, clipboard, parse_background};
use warroom::tui::theme::{Depth, Glyphs, Meaning, Rgb, Theme, glyphs};

use crate::pty;

const EVERYTHING: Options = Options { mouse: true, keyboard: true };

#[test]
fn what_is_entered_is_restored() {
    for options in [Options::default(), EVERYTHING] {
        let (on, off) = (enter_sequence(options), restore_sequence(options));
        pty::assert_modes_off(format!("{on}{off}").as_bytes());
        let switched = |text: &str, end: char| text.matches(end).count();
        assert!(switched(&on, 'h') > 2, "{on:?}");
    }
    assert!(restore_sequence(EVERYTHING).contains("\x1b[<1u"));
}

#[test]
#[should_panic(expected = "mode 1006 is still on")]
fn a_mode_left_on_is_noticed() {
    pty::assert_modes_off(
        enter_sequence(EVERYTHING)
            .replace("\x1b[?1049h", "")
            .replace("\x1b[?1000h", "")
            .replace("\x1b[?1002h", "")
            .as_bytes(),
    );
}

#[test]
fn exit_codes_are_the_shells() {
    assert_eq!(Signal::Quit(15).exit_code(), Some(143));
    assert_eq!(Signal::HangUp.exit_code(), Some(129));
    assert_eq!(Signal::Continue.exit_code(), None);
}

#[test]
fn copying_survives_tmux_and_refuses_what_terminals_drop() {
    assert_eq!(clipboard::copy_sequence("hello", false).unwrap(), "\x1b]52;c;aGVsbG8=\x07");
    assert_eq!(clipboard::copy_sequence("", false).unwrap(), "\x1b]52;c;\x07");
    let inside = clipboard::copy_sequence("hi!!", true).unwrap();
    assert!(inside.ends_with("\x1bPtmux;\x1b\x1b]52;c;aGkhIQ==\x07\x1b\\"), "{inside:?}");
    let error = clipboard::copy_sequence(&"x".repeat(clipboard::LIMIT + 1), false).unwrap_err();
    assert!(error.to_string().contains("too long"), "{error}");
}

#[test]
fn background_answers_of_any_precision_are_read() {
    let check = |answer: &str, expect| assert_eq!(parse_background(answer.as_bytes()), expect, "{answer:?}");
    check("\x1b]11;rgb:ffff/0000/8080\x07", Some((255, 0, 128)));
    check("x\x1b]11;rgb:1e/1e/2e\x1b\\\x1b[?62;c", Some((30, 30, 46)));
    check("\x1b]11;rgba:f/0/0/f\x1b\\", Some((255, 0, 0)));
    check("\x1b[?62;c", None);
    check("\x1b]11;rgb:/0/0\x07", None);
}

/// Decodes `bytes` whole and byte by byte, which must agree, and describes the events.
fn decoded(bytes: &[u8]) -> Vec<Event> {
    let (mut whole, mut single) = (Vec::new(), Vec::new());
    let mut decoder = Decoder::default();
    decoder.push(bytes, &mut whole);
    decoder.flush(&mut whole);
    let mut decoder = Decoder::default();
    for byte in bytes {
        decoder.push(&[*byte], &mut single);
    }
    decoder.flush(&mut single);
    assert_eq!(whole, single, "torn apart it reads differently: {bytes:?}");
    whole
}

fn keys(bytes: &str) -> Vec<(KeyCode, KeyModifiers)> {
    let key = |event| match event {
        Event::Key(key) => (key.code, key.modifiers),
        other => panic!("no key: {other:?}"),
    };
    decoded(bytes.as_bytes()).into_iter().map(key).collect()
}

#[test]
fn keys_are_told_apart() {
    use KeyCode::*;
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
    let check = |bytes, expect: &[(KeyCode, KeyModifiers)]| assert_eq!(keys(bytes), expect, "{bytes:?}");
    check("aZ", &[(Char('a'), NONE), (Char('Z'), SHIFT)]);
    check("é漢🙂", &[(Char('é'), NONE), (Char('漢'), NONE), (Char('🙂'), NONE)]);
    check(
        "\r\t\x7f\x03\0",
        &[(Enter, NONE), (Tab, NONE), (Backspace, NONE), (Char('c'), CONTROL), (Char(' '), CONTROL)],
    );
    check("\n", &[(Char('j'), CONTROL)]);
    check("\x1b", &[(Esc, NONE)]);
    check("\x1b\x1b", &[(Esc, NONE), (Esc, NONE)]);
    check("\x1b\x1b[A", &[(Esc, NONE), (Up, NONE)]);
    check("\x1bx\x1b[", &[(Char('x'), ALT), (Char('['), ALT)]);
    check("\x1b[A\x1bOB\x1b[1;5C\x1b[1;2D", &[(Up, NONE), (Down, NONE), (Right, CONTROL), (Left, SHIFT)]);
    check(
        "\x1b[Z\x1b[3~\x1b[5;5~\x1b[6~",
        &[(BackTab, SHIFT), (Delete, NONE), (PageUp, CONTROL), (PageDown, NONE)],
    );
    check("\x1bOP\x1b[15~\x1b[24~\x1b[[C", &[(F(1), NONE), (F(5), NONE), (F(12), NONE), (F(3), NONE)]);
    check(
        "\x1b[27u\x1b[115;5u\x1b[97;2u\x1b[27;5;9~",
        &[(Esc, NONE), (Char('s'), CONTROL), (Char('A'), SHIFT), (Tab, CONTROL)],
    );
}

#[test]
fn the_kind_of_a_key_is_kept() {
    let released = KeyEvent::new_with_kind(KeyCode::Char('a'), KeyModifiers::NONE, KeyEventKind::Release);
    assert_eq!(decoded(b"\x1b[97;1:3u"), [Event::Key(released)]);
}

#[test]
fn pastes_and_focus_arrive_whole() {
    assert_eq!(
        decoded(b"\x1b[200~two\nlines \x1b[31m\x1b[201~"),
        [Event::Paste("two\nlines \x1b[31m".into())]
    );
    assert_eq!(decoded(b"\x1b[200~\x1b[201~"), [Event::Paste(String::new())]);
    assert_eq!(decoded(b"\x1b[I\x1b[O"), [Event::FocusGained, Event::FocusLost]);
}

#[test]
fn mouse_reports_never_underflow() {
    let mouse = |bytes: &[u8]| match decoded(bytes)[..] {
        [Event::Mouse(mouse)] => (mouse.kind, mouse.column, mouse.row, mouse.modifiers),
        ref other => panic!("no mouse: {other:?}"),
    };
    let none = KeyModifiers::NONE;
    assert_eq!(mouse(b"\x1b[<0;1;1M"), (MouseEventKind::Down(MouseButton::Left), 0, 0, none));
    assert_eq!(mouse(b"\x1b[<2;0;0m"), (MouseEventKind::Up(MouseButton::Right), 0, 0, none));
    assert_eq!(mouse(b"\x1b[<32;80;24M"), (MouseEventKind::Drag(MouseButton::Left), 79, 23, none));
    assert_eq!(mouse(b"\x1b[<81;3;4M"), (MouseEventKind::ScrollDown, 2, 3, KeyModifiers::CONTROL));
    assert_eq!(decoded(b"\x1b[<0;99999;1M\x1b[<0;1M\x1b[<0;;1M"), []);
}

#[test]
fn answers_of_the_terminal_are_no_keys() {
    for answer in
        ["\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b]11;rgb:0/0/0\x07", "\x1b[?62;22c", "\x1bP1$r0m\x1b\\"]
    {
        assert_eq!(keys(&format!("{answer}q")), [(KeyCode::Char('q'), KeyModifiers::NONE)], "{answer:?}");
    }
}

#[test]
fn endless_input_is_bounded() {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    decoder.push(&[b"\x1b]".as_slice(), &[b'x'; 5000]].concat(), &mut events);
    assert!(!decoder.is_waiting() && events.is_empty());
    decoder.push(b"\x1b[200~", &mut events);
    decoder.push(&vec![b'x'; 2 << 20], &mut events);
    assert!(matches!(&events[..], [Event::Paste(text)] if text.len() == 2 << 20));
}

#[test]
fn garbage_never_panics() {
    let mut seed = 7u32;
    let mut decoder = Decoder::default();
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..8).map(|_| random_byte(&mut seed)).collect();
        let mut events = Vec::new();
        decoder.push(&bytes, &mut events);
        if seed.is_multiple_of(5) {
            decoder.flush(&mut events);
        }
    }
}

/// Bytes that like to be part of sequences.
fn random_byte(seed: &mut u32) -> u8 {
    const LIKELY: &[u8] = b"\x1b\x1b[[<;:0129M~umuO]P\\";
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    let pick = (*seed >> 16) as usize;
    if pick.is_multiple_of(3) { (*seed >> 8) as u8 } else { LIKELY[pick % LIKELY.len()] }
}

/// The error of a theme file.
fn theme_error(text: &str) -> String {
    Theme::from_toml("mine", text, &|_| None).expect_err("a broken theme").to_string()
}

#[test]
fn theme_errors_name_the_line_and_the_nearest_word() {
    let check = |text, expect| assert_eq!(theme_error(text), expect);
    check(
        "about = \"x\"\n[styles]\nalrt = {}\n",
        "theme mine, line 3: unknown style \"alrt\" (did you mean alert?)",
    );
    check("[style]\n", "theme mine, line 1: unknown key \"style\" (did you mean styles?)");
    check(
        "[styles]\nalert = { fgg = \"red\" }",
        "theme mine, line 2: unknown key \"fgg\" (did you mean fg?)",
    );
    check("[styles]\nalert = { fg = \"rad\" }", "theme mine, line 2: no colour \"rad\" (did you mean red?)");
    check("[styles]\nalert = { fg = 256 }", "theme mine, line 2: no colour 256 (0 to 255)");
    check("[styles]\nalert = { bold = 1 }", "theme mine, line 2: true or false expected, integer found");
    check("base = \"drak\"", "theme mine: its base \"drak\" does not exist (did you mean dark?)");
    assert!(theme_error("about = \"x\"\n[styles\n").starts_with("theme mine, line 2: "));
    let unknown = Theme::named("lihgt", None).unwrap_err().to_string();
    assert_eq!(unknown, "theme lihgt: there is no such theme (did you mean light?)");
}

#[test]
fn a_meaning_without_a_style_looks_like_its_parent() {
    let theme =
        Theme::from_toml("mine", "[styles]\nmuted = { fg = 8 }\ntext = { fg = 7, bold = true }", &|_| None);
    let theme = theme.unwrap();
    assert_eq!(theme.style(Meaning::Time), theme.style(Meaning::Muted));
    assert_eq!(theme.style(Meaning::Muted).fg, Some(Color::Indexed(8)));
    assert!(theme.style(Meaning::Muted).add_modifier.contains(Modifier::BOLD), "the rest is inherited");
    assert_eq!(theme.style(Meaning::Sev0).fg, Some(Color::Indexed(7)));
    assert_eq!(theme.style(Meaning::Selection), ratatui::style::Style::default());
}

#[test]
fn every_chain_of_parents_ends() {
    for (at, meaning) in Meaning::ALL.into_iter().enumerate() {
        assert_eq!(meaning as usize, at);
        assert_eq!(Meaning::from_name(meaning.name()), Some(meaning));
        assert!(
            meaning.parent().is_none_or(|parent| (parent as usize) < at),
            "{meaning:?} stands before its parent"
        );
    }
    assert_eq!(Meaning::severity(0), Meaning::Sev0);
    assert_eq!(Meaning::severity(9), Meaning::Sev4);
}

#[test]
fn a_users_theme_wins_and_builds_on_others() {
    let user = |name: &str| match name {
        "dark" => Some("base = \"dark\"\n[styles]\naccent = { fg = \"#123456\" }".to_owned()),
        "a" => Some("base = \"b\"".to_owned()),
        "b" => Some("base = \"a\"".to_owned()),
        _ => None,
    };
    let mine = Theme::named("dark", Some(&user)).unwrap();
    let shipped = Theme::named("dark", None).unwrap();
    assert_eq!(mine.style(Meaning::Accent).fg, Some(Color::Rgb(0x12, 0x34, 0x56)));
    assert_eq!(mine.style(Meaning::Alert), shipped.style(Meaning::Alert));
    assert!(Theme::named("a", Some(&user)).unwrap_err().to_string().contains("circle"));
}

#[test]
fn shipped_themes_say_who_they_are_and_are_readable() {
    const WCAG_TEXT: f64 = 4.5;
    for (name, text) in Theme::shipped() {
        let theme =
            Theme::from_toml("?", text, &|base| shipped(base)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(theme.name(), *name);
        assert!(!theme.about().is_empty(), "{name}");
        let Some(behind) = theme.background() else { continue };
        for meaning in Meaning::ALL.into_iter().filter(|meaning| *meaning != Meaning::Border) {
            let style = theme.style(meaning);
            let Some(fore) = style.fg.and_then(Rgb::of) else { continue };
            let contrast = fore.contrast(style.bg.and_then(Rgb::of).unwrap_or(behind));
            assert!(contrast >= WCAG_TEXT, "{name}: {} has a contrast of {contrast:.1}", meaning.name());
        }
        let selected = theme.style(Meaning::Selection).bg.and_then(Rgb::of).expect("a background");
        let text =
            theme.style(Meaning::Selection).fg.or(theme.style(Meaning::Text).fg).and_then(Rgb::of).unwrap();
        assert!(text.contrast(selected) >= WCAG_TEXT, "{name}: selected text");
    }
}

fn shipped(name: &str) -> Option<String> {
    Theme::shipped().iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
}

#[test]
fn the_default_keeps_to_sixteen_colours_and_red_means_act_now() {
    let theme = Theme::ansi();
    for meaning in Meaning::ALL {
        let style = theme.style(meaning);
        for colour in style.fg.into_iter().chain(style.bg) {
            assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{meaning:?}");
        }
        let urgent = matches!(meaning, Meaning::Alert | Meaning::Sev0 | Meaning::Sev1);
        assert_eq!(style.fg == Some(Color::Red), urgent, "{meaning:?}");
    }
}

#[test]
fn mono_has_no_colours_and_still_tells_things_apart() {
    let mono = Theme::named("mono", None).unwrap();
    for meaning in Meaning::ALL {
        let style = mono.style(meaning);
        assert!(style.fg.is_none() && style.bg.is_none(), "{meaning:?}");
    }
    for meaning in
        [Meaning::Muted, Meaning::Selection, Meaning::Alert, Meaning::Warning, Meaning::BorderFocused]
    {
        assert_ne!(mono.style(meaning), mono.style(Meaning::Text), "{meaning:?}");
    }
    assert_ne!(mono.style(Meaning::Alert), mono.style(Meaning::Warning));
}

#[test]
fn the_theme_is_chosen_by_wish_and_circumstance() {
    let (black, white) = (Some((10, 10, 10)), Some((250, 250, 250)));
    assert_eq!(Theme::choose(None, false, None), "ansi");
    assert_eq!(Theme::choose(Some("auto"), false, None), "ansi");
    assert_eq!(Theme::choose(Some("auto"), false, black), "dark");
    assert_eq!(Theme::choose(None, false, black), "dark");
    assert_eq!(Theme::choose(Some("auto"), false, white), "light");
    assert_eq!(Theme::choose(Some("light"), false, black), "light");
    assert_eq!(Theme::choose(Some("light"), true, black), "mono");
}

#[test]
fn true_colour_is_reduced_where_it_is_not_known() {
    assert_eq!(Depth::detect(Some("truecolor"), None), Depth::TrueColour);
    assert_eq!(Depth::detect(None, Some("xterm-256color")), Depth::Indexed);
    assert_eq!(Depth::Indexed.limit(Color::Rgb(255, 0, 0)), Color::Indexed(196));
    assert_eq!(Depth::Indexed.limit(Color::Red), Color::Red);
    let theme = Theme::named("dark", None).unwrap().limited_to(Depth::Indexed);
    assert!(
        Meaning::ALL.iter().all(|meaning| theme.style(*meaning).fg.is_none_or(|fg| Rgb::of(fg).is_none()))
    );
}

#[test]
fn every_glyph_is_one_column_wide() {
    for set in [glyphs::UNICODE, glyphs::ASCII] {
        for sign in set.all() {
            assert_eq!(sign.width(), 1, "{} {sign:?}", set.name);
        }
    }
    assert!(glyphs::ASCII.all().iter().all(|sign| sign.is_ascii()));
}

#[test]
fn the_locale_decides_about_glyphs() {
    let env = |pairs: &'static [(&str, &str)]| {
        move |name: &str| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    };
    let check = |pairs, expect| assert_eq!(glyphs::locale_is_utf8(env(pairs)), expect, "{pairs:?}");
    check(&[("LANG", "C.UTF-8")], true);
    check(&[("LANG", "en_US.utf8"), ("LC_ALL", "")], true);
    check(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")], false);
    check(&[], false);
    assert_eq!(Glyphs::choose(Some(false)), glyphs::ASCII);
}
