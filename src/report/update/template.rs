//! Templates of messages: Jinja as minijinja has it, with the fields of [`super::fields`] and two filters more.
//!
//! Strict: a field, filter or construct that does not exist is a mistake with its line and the nearest name. What a field
//! is filled with is never read again, so no note can smuggle a construct in. Pure: whoever calls brings the text.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Rest, Serde};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde::Serialize;

use super::fields::{FIELDS, Fields};
use super::place;
use crate::incident::clean::clean_text;
use crate::policy::nearest;

/// Most lines under one heading, where a template names no other number; the newest are kept.
const MOST_LINES: usize = 8;
/// What minijinja brings along, as far as a template of ours may need it.
const GLOBALS: [&str; 4] = ["range", "dict", "namespace", "loop"];
const FILTERS: [&str; 12] = [
    "ask", "bullets", "default", "first", "join", "last", "length", "lower", "replace", "title", "trim",
    "upper",
];

/// Our own filters, and what they do.
pub const OWN_FILTERS: [(&str, &str); 2] = [
    ("ask(what)", "the text; where it is empty, a place for a person to fill in: [what: …]"),
    (
        "bullets(what, most)",
        "one line for each, at most 8 or `most`, the newest; where there is none, the place [what: …]",
    ),
];

/// A template as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub name: String,
    pub text: String,
    /// Where it is: a file, or that it is shipped. For messages.
    pub place: String,
}

impl Template {
    /// Whether it can be filled in, whatever the log says. The error says where and what, and names the nearest field.
    pub fn check(&self) -> Result<(), String> {
        let environment = environment();
        let parsed = environment.template_from_named_str(&self.name, &self.text);
        let parsed = parsed.map_err(|error| self.mistake(&error))?;
        let mut unknown: Vec<String> = parsed.undeclared_variables(false).into_iter().collect();
        unknown.retain(|name| {
            !FIELDS.iter().any(|(field, _)| field == name) && !GLOBALS.contains(&name.as_str())
        });
        unknown.sort();
        if let Some(name) = unknown.first() {
            return Err(self.unknown_field(name));
        }
        self.fill(&Fields::default())?;
        self.render(Fields::example()).map(|_| ())
    }

    /// The text with its fields filled in; where lines were left out, one empty line is enough.
    pub(super) fn fill(&self, fields: &Fields) -> Result<String, String> {
        self.render(fields).map(|text| collapse(&clean_text(&text)))
    }

    fn render(&self, fields: impl Serialize) -> Result<String, String> {
        let environment = environment();
        let parsed = environment.template_from_named_str(&self.name, &self.text);
        parsed.and_then(|parsed| parsed.render(Serde(fields))).map_err(|error| self.mistake(&error))
    }

    fn unknown_field(&self, name: &str) -> String {
        let names: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).collect();
        let hint = nearest(name, &names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let line = self.text.lines().position(|line| line.contains('{') && has_word(line, name));
        format!("{}: there is no field `{name}`{hint}", self.at(line.map(|line| line + 1)))
    }

    fn mistake(&self, error: &Error) -> String {
        let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        let hint = match error.kind() {
            ErrorKind::UnknownFilter => {
                let typed = why.split_whitespace().nth(1).unwrap_or_default();
                nearest(typed, &FILTERS).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
            }
            _ => String::new(),
        };
        format!("{}: {why}{hint}", self.at(error.line()))
    }

    /// `internal.md, line 3`
    fn at(&self, line: Option<usize>) -> String {
        line.map_or_else(|| self.place.clone(), |line| format!("{}, line {line}", self.place))
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // It fails for odd delimiters only, and these are the usual ones.
    if let Ok(syntax) = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build() {
        environment.set_syntax(syntax);
    }
    environment.add_filter("ask", ask);
    environment.add_filter("bullets", bullets);
    environment
}

fn ask(text: String, what: String) -> String {
    if text.trim().is_empty() { place(&what) } else { text }
}

/// `bullets`, `bullets("what is missing")`, `bullets("what is missing", 3)`
fn bullets(lines: Vec<String>, given: Rest<minijinja::Value>) -> Result<String, Error> {
    let what = given.first().and_then(|what| what.as_str()).unwrap_or_default();
    let most = given.get(1).and_then(|most| most.as_usize()).unwrap_or(MOST_LINES).max(1);
    if given.len() > 2 || given.first().is_some_and(|what| what.as_str().is_none()) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "write bullets(\"what\") or bullets(\"what\", 3)",
        ));
    }
    if lines.is_empty() {
        return Ok(if what.is_empty() { String::new() } else { format!("- {}", place(what)) });
    }
    let more = lines.len().saturating_sub(most);
    let earlier = (more > 0).then(|| format!("- ({more} earlier, in the log)"));
    let kept = lines.iter().skip(more).map(|line| format!("- {line}"));
    Ok(earlier.into_iter().chain(kept).collect::<Vec<_>>().join("\n"))
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

/// Where a line was left out, one empty line is enough.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(empty && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.trim_end().to_owned()
}
