//! Colours as theme files write them, how far apart they look, and what fewer colours make of them.

use ratatui::style::Color;

/// The names of the sixteen ANSI colours (and the terminal's own), as theme files write them.
pub const NAMES: [(&str, Color); 17] = [
    ("default", Color::Reset),
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
    ("bright-white", Color::White),
];

/// Red, green, blue, 0 to 255 each, sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// The colour of a style, where it is one that does not depend on the terminal's palette.
    pub fn of(colour: Color) -> Option<Self> {
        match colour {
            Color::Rgb(red, green, blue) => Some(Self(red, green, blue)),
            _ => None,
        }
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2, "contrast ratio"); text needs 4.5.
    pub fn contrast(self, other: Self) -> f64 {
        const FLARE: f64 = 0.05;
        let (one, two) = (self.luminance() + FLARE, other.luminance() + FLARE);
        (one / two).max(two / one)
    }

    /// True where light text reads better than dark text.
    pub fn is_dark(self) -> bool {
        self.contrast(Rgb(255, 255, 255)) > self.contrast(Rgb(0, 0, 0))
    }

    /// Relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    fn distance(self, other: Self) -> u32 {
        let square = |one: u8, two: u8| u32::from(one.abs_diff(two)).pow(2);
        square(self.0, other.0) + square(self.1, other.1) + square(self.2, other.2)
    }
}

/// How many colours the terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    TrueColour,
    Indexed,
}

impl Depth {
    /// By `$COLORTERM` and `$TERM`: a terminal that does not claim true colour may show garbage for it.
    pub fn detect(colorterm: Option<&str>, term: Option<&str>) -> Self {
        let claimed = matches!(colorterm, Some("truecolor" | "24bit"));
        let known = term.is_some_and(|term| term.ends_with("-direct") || term.contains("kitty"));
        if claimed || known { Self::TrueColour } else { Self::Indexed }
    }

    /// The nearest colour at this depth.
    pub fn limit(self, colour: Color) -> Color {
        match (self, colour) {
            (Self::Indexed, Color::Rgb(red, green, blue)) => {
                Color::Indexed(nearest_index(Rgb(red, green, blue)))
            }
            _ => colour,
        }
    }
}

/// The nearest of the 216 cube colours and 24 greys, which, unlike the first sixteen, no palette changes.
fn nearest_index(wanted: Rgb) -> u8 {
    (16..=255).min_by_key(|index| wanted.distance(indexed(*index))).unwrap_or(16)
}

fn indexed(index: u8) -> Rgb {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return Rgb(grey, grey, grey);
    }
    let cube = usize::from(index - 16);
    Rgb(LEVELS[cube / 36], LEVELS[cube / 6 % 6], LEVELS[cube % 6])
}
