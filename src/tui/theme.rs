//! What every part of the screen looks like, by what it means.
//!
//! A pane asks for [`Meaning::Alert`], never for red. A theme file styles the meanings it cares about; each other
//! one looks like its parent, so a theme written today still covers a meaning invented next year.
//!
//! Themes are plain TOML under `themes/`, embedded at build time; a user's own files come first. No theme
//! reads a file, the environment or the terminal: callers pass in what they found.
//!
//! Start at [`Theme::named`] and [`Theme::choose`]; the file format is in [`file`], the list of meanings in [`meaning`].

pub mod colour;
pub mod file;
pub mod glyphs;
pub mod meaning;

use std::sync::LazyLock;

use ratatui::style::Style;

pub use colour::{Depth, Rgb};
pub use file::{Error, ThemeFile};
pub use glyphs::{ASCII, Glyphs, UNICODE};
pub use meaning::Meaning;

/// The shipped themes, the default first.
const SHIPPED: [(&str, &str); 6] = [
    ("ansi", include_str!("../../themes/ansi.toml")),
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour-blind.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];
/// Themes that build on themes, at most so many deep: more is a circle.
const DEEPEST_BASE: usize = 8;

/// Gives the text of a theme file by the theme's name, if there is one.
pub type Source<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Every meaning's style, worked out once.
#[derive(Debug, Clone, PartialEq)]
pub struct Theme {
    name: String,
    about: String,
    background: Option<Rgb>,
    styles: [Style; Meaning::COUNT],
}

impl Theme {
    /// The default: the terminal's own sixteen colours, so the user's palette rules.
    pub fn ansi() -> Self {
        static ANSI: LazyLock<Theme> = LazyLock::new(|| Theme::shipped_or_plain("ansi"));
        ANSI.clone()
    }

    /// A theme by name. `read_user` gives the text of the user's own theme of a name, if there is one; it wins
    /// over a shipped one.
    pub fn named(name: &str, read_user: Option<Source>) -> Result<Self, Error> {
        let source = |wanted: &str| {
            let own = read_user.and_then(|read| read(wanted));
            own.or_else(|| shipped_text(wanted).map(str::to_owned))
        };
        let text = source(name).ok_or_else(|| Error::unknown_theme(name))?;
        Self::from_toml(name, &text, &source)
    }

    /// A theme from the text of its file, called `name` in errors; `source` gives the text of the themes it builds on.
    pub fn from_toml(name: &str, text: &str, source: Source) -> Result<Self, Error> {
        let mut file = ThemeFile::parse(name, text)?;
        let (mut above, mut base) = (name.to_owned(), file.base.take());
        for _ in 0..DEEPEST_BASE {
            let Some(below) = base else {
                return Ok(Self::resolve(file));
            };
            // A theme named like the one it builds on means the shipped one.
            let text = match below == above {
                true => shipped_text(&below).map(str::to_owned),
                false => source(&below),
            };
            let text = text.ok_or_else(|| Error::unknown_base(name, &below))?;
            let mut under = ThemeFile::parse(&below, &text)?;
            base = under.base.take();
            file.build_on(under);
            above = below;
        }
        Err(Error::circle(name))
    }

    /// Which theme to load: `NO_COLOR` means mono whatever was requested; without a request, or for `auto`, the
    /// background decides, and where the terminal does not tell it, the terminal's own sixteen colours.
    pub fn choose(requested: Option<&str>, no_color: bool, background: Option<(u8, u8, u8)>) -> String {
        let wish = requested.filter(|name| *name != "auto");
        let name = match (no_color, wish, background) {
            (true, ..) => "mono",
            (_, Some(name), _) => name,
            (_, None, None) => "ansi",
            (_, None, Some((red, green, blue))) if Rgb(red, green, blue).is_dark() => "dark",
            (_, None, Some(_)) => "light",
        };
        name.to_owned()
    }

    /// The shipped themes as name and file text, the default first.
    pub fn shipped() -> &'static [(&'static str, &'static str)] {
        &SHIPPED
    }

    /// How `meaning` looks. A lookup in an array.
    #[inline]
    pub fn style(&self, meaning: Meaning) -> Style {
        self.styles[meaning as usize]
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// One line for the list of themes.
    pub fn about(&self) -> &str {
        &self.about
    }

    /// The background the theme was drawn for. Never painted: the terminal's own shows.
    pub fn background(&self) -> Option<Rgb> {
        self.background
    }

    /// The same theme for a terminal that knows fewer colours.
    pub fn limited_to(mut self, depth: Depth) -> Self {
        for style in &mut self.styles {
            style.fg = style.fg.map(|colour| depth.limit(colour));
            style.bg = style.bg.map(|colour| depth.limit(colour));
        }
        self
    }

    fn resolve(file: ThemeFile) -> Self {
        let mut styles = [Style::default(); Meaning::COUNT];
        for meaning in Meaning::ALL {
            // Parents come before their children in the list, so they are done already.
            let inherited = meaning.parent().map_or(Style::default(), |parent| styles[parent as usize]);
            styles[meaning as usize] = file.style(meaning).map_or(inherited, |own| inherited.patch(own));
        }
        Self { name: file.name, about: file.about, background: file.background, styles }
    }

    /// The shipped files parse (a test holds them to it); should one not, a plain screen is better than none.
    fn shipped_or_plain(name: &str) -> Self {
        let plain = || Self::resolve(ThemeFile::empty(name));
        Self::named(name, None).unwrap_or_else(|_| plain())
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::ansi()
    }
}

fn shipped_text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| *text)
}
