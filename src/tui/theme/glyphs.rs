//! The signs beside the words: one column wide each, and all of them again in ASCII.
//!
//! No sign needs a special font, and none is ever the only carrier of a meaning.

use ratatui::symbols::border;

/// A set of signs. Every text is one column wide.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyphs {
    pub name: &'static str,
    pub border: border::Set<'static>,
    pub tick: &'static str,
    pub cross: &'static str,
    pub bullet: &'static str,
    /// An open box beside something to be done.
    pub open: &'static str,
    /// Work under way.
    pub started: &'static str,
    pub skipped: &'static str,
    pub arrow_right: &'static str,
    pub arrow_left: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub ellipsis: &'static str,
    /// Marks what must not be missed.
    pub important: &'static str,
    /// A horizontal line between things.
    pub rule: &'static str,
    /// A vertical line between things.
    pub divider: &'static str,
    pub prompt: &'static str,
    pub expanded: &'static str,
    pub collapsed: &'static str,
    pub play: &'static str,
    pub pause: &'static str,
    /// Position on a scroll bar or time ruler, and the rest of it.
    pub thumb: &'static str,
    pub track: &'static str,
    /// Heights of a sparkline, lowest first.
    pub bars: [&'static str; 8],
    /// Steps of work whose end is not known.
    pub spinner: &'static [&'static str],
}

/// The signs of any UTF-8 terminal.
pub const UNICODE: Glyphs = Glyphs {
    name: "unicode",
    border: border::PLAIN,
    tick: "✓",
    cross: "✗",
    bullet: "•",
    open: "○",
    started: "◐",
    skipped: "–",
    arrow_right: "→",
    arrow_left: "←",
    up: "↑",
    down: "↓",
    ellipsis: "…",
    important: "!",
    rule: "─",
    divider: "│",
    prompt: "›",
    expanded: "▾",
    collapsed: "▸",
    play: "▶",
    pause: "‖",
    thumb: "█",
    track: "░",
    bars: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    spinner: &["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

/// The same in ASCII.
pub const ASCII: Glyphs = Glyphs {
    name: "ascii",
    border: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    tick: "x",
    cross: "X",
    bullet: "*",
    open: "o",
    started: ">",
    skipped: "-",
    arrow_right: ">",
    arrow_left: "<",
    up: "^",
    down: "v",
    ellipsis: "~",
    important: "!",
    rule: "-",
    divider: "|",
    prompt: ">",
    expanded: "v",
    collapsed: ">",
    play: ">",
    pause: "=",
    thumb: "#",
    track: ".",
    bars: ["_", "_", ".", ".", "-", "-", "=", "#"],
    spinner: &["|", "/", "-", "\\"],
};

impl Glyphs {
    /// The set by wish (`true` for Unicode), or else by the locale of the environment.
    pub fn choose(unicode: Option<bool>) -> Self {
        let by_locale = || locale_is_utf8(|name| std::env::var(name).ok());
        if unicode.unwrap_or_else(by_locale) { UNICODE } else { ASCII }
    }

    /// Every sign that must be one column wide, for tests.
    pub fn all(&self) -> Vec<&'static str> {
        let border = &self.border;
        let mut signs = vec![
            border.top_left,
            border.top_right,
            border.bottom_left,
            border.bottom_right,
            border.vertical_left,
            border.vertical_right,
            border.horizontal_top,
            border.horizontal_bottom,
        ];
        signs.extend([self.tick, self.cross, self.bullet, self.open, self.started, self.skipped]);
        signs.extend([self.arrow_right, self.arrow_left, self.up, self.down, self.ellipsis, self.important]);
        signs.extend([self.rule, self.divider, self.prompt, self.expanded, self.collapsed]);
        signs.extend([self.play, self.pause, self.thumb, self.track]);
        signs.extend(self.bars);
        signs.extend(self.spinner);
        signs
    }
}

/// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is set decides, as POSIX has it. With none of them set the
/// locale is `C`.
pub fn locale_is_utf8(env: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &&str| env(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set).unwrap_or_default();
    let locale = locale.to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}
