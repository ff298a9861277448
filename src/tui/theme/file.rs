//! A theme file: TOML in, styles out, and errors that name the line and the nearest right word.
//!
//! ```toml
//! about = "One line"
//! base = "ansi"             # another theme to build on; optional
//! background = "#1c1f24"    # what the colours were chosen for; never painted
//! [styles]
//! alert = { fg = "red", bold = true }
//! ```
//! A colour is a name of the sixteen (`red`, `bright-red`, `default`), a number 0-255 or `"#rrggbb"`. Start at
//! [`ThemeFile::parse`].

use std::ops::Range;

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::colour::{self, Rgb};
use super::{Meaning, Theme};
use crate::config::settings::nearest;

const KEYS: [&str; 5] = ["name", "about", "base", "background", "styles"];
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
];
const STYLE_KEYS: [&str; 7] = ["fg", "bg", "bold", "dim", "italic", "underlined", "reversed"];

/// What is wrong with a theme, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("theme {theme}{}: {what}{}", at(.line), hint_text(.hint))]
pub struct Error {
    pub theme: String,
    /// Counted from 1; `None` where it is not about a line.
    pub line: Option<usize>,
    pub what: String,
    pub hint: Option<String>,
}

fn at(line: &Option<usize>) -> String {
    line.map(|line| format!(", line {line}")).unwrap_or_default()
}

fn hint_text(hint: &Option<String>) -> String {
    hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default()
}

impl Error {
    pub(super) fn unknown_theme(name: &str) -> Self {
        let names: Vec<&str> = Theme::shipped().iter().map(|(name, _)| *name).collect();
        let all = || format!("shipped: {}", names.join(", "));
        let hint = suggest(name, &names).unwrap_or_else(all);
        Self { theme: name.into(), line: None, what: "there is no such theme".into(), hint: Some(hint) }
    }

    pub(super) fn unknown_base(theme: &str, base: &str) -> Self {
        let what = format!("its base {base:?} does not exist");
        Self { theme: theme.into(), what, ..Self::unknown_theme(base) }
    }

    pub(super) fn circle(theme: &str) -> Self {
        let what = "its bases go round in a circle".into();
        Self {
            theme: theme.into(),
            line: None,
            what,
            hint: Some("a base must not build on this theme".into()),
        }
    }
}

fn suggest(typed: &str, names: &[&str]) -> Option<String> {
    nearest(typed, names).map(|near| format!("did you mean {near}?"))
}

/// A parsed theme file, its bases not yet taken in.
#[derive(Debug, Clone)]
pub struct ThemeFile {
    pub name: String,
    pub about: String,
    pub base: Option<String>,
    pub background: Option<Rgb>,
    styles: [Option<Style>; Meaning::COUNT],
}

impl ThemeFile {
    pub(super) fn empty(name: &str) -> Self {
        let styles = [None; Meaning::COUNT];
        Self { name: name.into(), about: String::new(), base: None, background: None, styles }
    }

    /// Parses `text`; `name` stands in errors and, unless the file has its own, for the theme.
    pub fn parse(name: &str, text: &str) -> Result<Self, Error> {
        Parser { name, text }.theme()
    }

    /// What the file itself says about `meaning`.
    pub(super) fn style(&self, meaning: Meaning) -> Option<Style> {
        self.styles[meaning as usize]
    }

    /// Puts `under` below: it speaks wherever this file is silent.
    pub(super) fn build_on(&mut self, under: ThemeFile) {
        for (own, below) in self.styles.iter_mut().zip(under.styles) {
            *own = own.or(below);
        }
        self.background = self.background.or(under.background);
    }
}

type Key<'i> = Spanned<std::borrow::Cow<'i, str>>;
type Value<'i> = Spanned<DeValue<'i>>;

struct Parser<'a> {
    name: &'a str,
    text: &'a str,
}

impl Parser<'_> {
    fn theme(&self) -> Result<ThemeFile, Error> {
        let document = DeTable::parse(self.text).map_err(|error| {
            let span = error.span().unwrap_or_default();
            self.error(span, error.message().to_owned(), None)
        })?;
        let mut file = ThemeFile::empty(self.name);
        for (key, value) in document.get_ref() {
            match key.get_ref().as_ref() {
                "name" => file.name = self.string(value)?,
                "about" => file.about = self.string(value)?,
                "base" => file.base = Some(self.string(value)?),
                "background" => file.background = Some(self.background(value)?),
                "styles" => self.styles(value, &mut file)?,
                _ => return Err(self.unknown("key", key, &KEYS)),
            }
        }
        Ok(file)
    }

    fn styles(&self, value: &Value, file: &mut ThemeFile) -> Result<(), Error> {
        for (key, value) in self.table(value)? {
            let known = Meaning::from_name(key.get_ref());
            let meaning = known.ok_or_else(|| self.unknown("style", key, &Meaning::NAMES))?;
            file.styles[meaning as usize] = Some(self.style(value)?);
        }
        Ok(())
    }

    fn style(&self, value: &Value) -> Result<Style, Error> {
        let mut style = Style::default();
        for (key, value) in self.table(value)? {
            let name = key.get_ref().as_ref();
            let modifier = MODIFIERS.iter().find(|(known, _)| *known == name);
            style = match (name, modifier) {
                ("fg", _) => style.fg(self.colour(value)?),
                ("bg", _) => style.bg(self.colour(value)?),
                (_, Some((_, modifier))) if self.boolean(value)? => style.add_modifier(*modifier),
                (_, Some((_, modifier))) => style.remove_modifier(*modifier),
                _ => return Err(self.unknown("key", key, &STYLE_KEYS)),
            };
        }
        Ok(style)
    }

    fn colour(&self, value: &Value) -> Result<Color, Error> {
        if let Some(number) = value.get_ref().as_integer() {
            let index = number.as_str().parse().map_err(|_| {
                self.error(value.span(), format!("no colour {}", number.as_str()), Some("0 to 255".into()))
            })?;
            return Ok(Color::Indexed(index));
        }
        let text = self.string(value)?;
        if let Some(Rgb(red, green, blue)) = Rgb::parse(&text) {
            return Ok(Color::Rgb(red, green, blue));
        }
        let named = colour::NAMES.iter().find(|(name, _)| *name == text);
        named.map(|(_, colour)| *colour).ok_or_else(|| self.unknown_colour(value, &text))
    }

    fn unknown_colour(&self, value: &Value, text: &str) -> Error {
        let names = colour::NAMES.map(|(name, _)| name);
        let forms = "one of the sixteen names, a number 0-255 or \"#rrggbb\"";
        let hint = suggest(text, &names).unwrap_or_else(|| forms.into());
        self.error(value.span(), format!("no colour {text:?}"), Some(hint))
    }

    fn background(&self, value: &Value) -> Result<Rgb, Error> {
        let text = self.string(value)?;
        let wrong =
            || self.error(value.span(), format!("no background {text:?}"), Some("write \"#rrggbb\"".into()));
        Rgb::parse(&text).ok_or_else(wrong)
    }

    fn string(&self, value: &Value) -> Result<String, Error> {
        value.get_ref().as_str().map(str::to_owned).ok_or_else(|| self.wrong_type(value, "text in quotes"))
    }

    fn boolean(&self, value: &Value) -> Result<bool, Error> {
        value.get_ref().as_bool().ok_or_else(|| self.wrong_type(value, "true or false"))
    }

    fn table<'v, 'i>(&self, value: &'v Value<'i>) -> Result<&'v DeTable<'i>, Error> {
        value.get_ref().as_table().ok_or_else(|| self.wrong_type(value, "a table such as { fg = \"red\" }"))
    }

    fn wrong_type(&self, value: &Value, wanted: &str) -> Error {
        self.error(value.span(), format!("{wanted} expected, {} found", value.get_ref().type_str()), None)
    }

    fn unknown(&self, what: &str, key: &Key, names: &[&str]) -> Error {
        let name = key.get_ref();
        let all = || format!("known: {}", names.join(", "));
        let hint = suggest(name, names).unwrap_or_else(all);
        self.error(key.span(), format!("unknown {what} {name:?}"), Some(hint))
    }

    fn error(&self, span: Range<usize>, what: String, hint: Option<String>) -> Error {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Error { theme: self.name.into(), line: Some(line), what, hint }
    }
}
