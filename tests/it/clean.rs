//! Hostile text: what may never come through, and what must. Fuzzed strings by the thousand are in `promises::hostile`.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use warroom::incident::clean::{clean_line, clean_text, clip, from_bytes};

use crate::promises::hostile::banned;

#[track_caller]
fn check(dirty: &str, line: &str) {
    assert_eq!(clean_line(dirty), line, "{dirty:?}");
    assert_eq!(clean_line(line), line, "a second time: {dirty:?}");
}

#[track_caller]
fn check_text(dirty: &str, text: &str) {
    assert_eq!(clean_text(dirty), text, "{dirty:?}");
    assert_eq!(clean_text(text), text, "a second time: {dirty:?}");
}

#[test]
fn ordinary_text_is_untouched_and_not_even_copied() {
    let ordinary = [
        "",
        " ",
        "orders: prices x100 since 13:55 ~ {json: [1, 2]} \\ | `code`",
        "Zoë et Müller à Łódź, naïve, e\u{301}te\u{301}",
        "数据损坏 データ 데이터 \u{1112}\u{1161}\u{11ab}",
        "العربية עברית हिन्दी ไทยนี้ Tiếng Việt",
        "می\u{200c}خواهم",
        "क\u{94d}\u{200d}ष",
        "👩\u{200d}💻 👨\u{200d}👩\u{200d}👧 ❤\u{fe0f}\u{200d}🔥 👍🏽 🇩🇪 1\u{fe0f}\u{20e3}",
        "→ ← ↑ ≥ ≤ € “quoted” – — … • ✓ \u{a0}x\u{3000}y",
        "no\u{fffd}thing",
    ];
    for text in ordinary {
        check(text, text);
        assert!(matches!(clean_line(text), Cow::Borrowed(_)), "{text:?}");
        assert!(matches!(clean_text(text), Cow::Borrowed(_)), "{text:?}");
    }
}

#[test]
fn escape_sequences_leave_nothing() {
    check("\x1b[31mred\x1b[0m", "red");
    check("a\x1b[38;2;1;2;3mb\x1b[?25lc\x1b[2 qd", "abcd");
    check("\u{9b}31mred", "red");
    check("\x1b]0;title\x07text", "text");
    check("\x1b]0;title\x1b\\text", "text");
    check("\u{9d}0;title\u{9c}text", "text");
    check("\x1b]52;c;cm0gLXJmIC8=\x07", "");
    check("see \x1b]8;;https://evil\x1b\\the runbook\x1b]8;;\x1b\\ now", "see the runbook now");
    check("\x1bPq#0;2;0\n~~@@\x1b\\after", "after");
    check("\x1b_app\x1b\\\x1b^private\x07\x1bXstring\u{9c}ok", "ok");
    check("\x1b(B\x1b7\x1bM\x1bc\x1b=ok", "ok");
    check("a\x1b", "a");
    check("a\x1b[", "a");
    check("a\x1b[12;", "a");
    check("a\x1bé", "aé");
    check("\x1b\x1b[31mx", "x");
}

#[test]
fn an_unfinished_control_string_costs_only_its_introducer() {
    check("\x1b]the whole report", "the whole report");
    check("\x1bPone \x1b[1mtwo", "one two");
    check_text("\x1b]one\ntwo\nthree", "one\ntwo\nthree");
}

#[test]
fn control_direction_and_invisible_characters_go() {
    check("a\0b\x07c\x08d\x7fe\u{80}f", "abcdef");
    check("\u{202e}txt.exe\u{202c} \u{2066}x\u{2069}\u{200e}\u{200f}\u{61c}", "txt.exe x");
    check("pa\u{200b}y\u{2060}\u{feff}pal", "paypal");
    check("hi\u{e0049}\u{e0067}\u{e007f}", "hi");
    check("in\u{200d}voice \u{200c}x\u{200d}", "invoice x");
    check("é\u{200d} é\u{200d}", "é é");
    check("é\u{200d}\u{200d}\u{200c}é", "é\u{200d}é");
    check("soft\u{ad}ware", "software");
}

#[test]
fn marks_do_not_climb() {
    check(&format!("z{}!", "\u{301}".repeat(50)), &format!("z{}!", "\u{301}".repeat(4)));
    check("\u{301}\u{302}a", "a");
    check_text("a\n\u{301}b", "a\nb");
    check(
        &format!("é{}x", "\u{301}\u{200d}".repeat(9)),
        &format!("é{}x", "\u{301}\u{200d}".repeat(4).trim_end_matches('\u{200d}')),
    );
}

#[test]
fn line_breaks_and_tabs() {
    check("one\ntwo\r\nthree\rfour\tfive", "one two three four five");
    check("one \n\n\t two\n", "one two");
    check("\n\none\u{2028}two\u{2029}\u{85}", "one two");
    check_text("one\r\ntwo\rthree\n\n\tfour\u{2028}five\n", "one\ntwo\nthree\n\n    four\nfive\n");
}

#[test]
fn bytes_of_any_kind_become_text() {
    assert_eq!(from_bytes(b"ok \xff\xfe \x1b[1mbold\r\n"), "ok \u{fffd}\u{fffd} bold\n");
}

#[test]
fn clipping_splits_nothing_visible() {
    assert_eq!(clip("abc", 3), ("abc", false));
    assert_eq!(clip("abc", 2), ("ab", true));
    assert_eq!(clip("abc", 0), ("", true));
    assert_eq!(clip("aé", 2), ("a", true));
    assert_eq!(clip("e\u{301}e\u{301}", 4), ("e\u{301}", true));
    assert_eq!(clip("x👩\u{200d}💻", 9), ("x", true));
    assert_eq!(clip("🇩🇪🇫🇷", 12), ("🇩🇪", true));
    // Nothing fits: better half a family than an empty note.
    assert_eq!(clip("👩\u{200d}💻", 8), ("👩\u{200d}", true));
}

#[test]
fn a_megabyte_of_anything_takes_one_pass() {
    for piece in
        ["\x1b]", "\x1b[", "\x1b(", "\u{9d}", "\u{301}", "é\u{200d}", "\n", "\x1b]\n", "\u{9d}x\x1b["]
    {
        let dirty = piece.repeat(1_000_000 / piece.len());
        let start = Instant::now();
        let clean = clean_text(&dirty).into_owned();
        let _ = (clean_line(&dirty), clip(&clean, clean.len() / 2));
        // A quadratic scan would take hours; one pass takes some hundredths of this even on a busy machine.
        assert!(start.elapsed() < Duration::from_secs(5), "{piece:?} took {:?}", start.elapsed());
    }
}

proptest! {
    #[test]
    fn any_string_comes_out_clean_and_stays_so(dirty in any::<String>()) {
        let line = clean_line(&dirty);
        prop_assert!(!line.chars().any(banned));
        prop_assert_eq!(clean_line(&line), &*line);
        let text = clean_text(&dirty);
        prop_assert!(!text.chars().any(|c| c != '\n' && banned(c)));
        prop_assert_eq!(clean_text(&text), &*text);
    }

    #[test]
    fn clip_keeps_a_start_within_the_limit(text in any::<String>(), most in 0_usize..40) {
        let (start, cut) = clip(&text, most);
        prop_assert!(start.len() <= most && text.starts_with(start));
        prop_assert_eq!(cut, start.len() < text.len());
    }
}
