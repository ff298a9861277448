//! One field of a form, and what stands in all of them.

use crate::tui::widgets::field::Field;

pub(super) enum Kind {
    /// One line of text, with names that Tab completes.
    Text { field: Box<Field>, names: Vec<String> },
    /// One of these.
    One { values: Vec<String>, place: usize },
    /// Any of these.
    Many { values: Vec<(String, bool)>, place: usize },
}

/// One field of a form.
pub struct Part {
    pub(super) id: &'static str,
    pub(super) label: &'static str,
    /// Shown in the empty field.
    pub(super) placeholder: String,
    /// Shown below while it has the keys.
    pub(super) help: String,
    pub(super) kind: Kind,
    pub(super) initial: String,
    /// More is added to what stands there: it is not selected to be replaced.
    grows: bool,
}

impl Part {
    fn new(id: &'static str, label: &'static str, kind: Kind) -> Self {
        let mut part = Self {
            id,
            label,
            placeholder: String::new(),
            help: String::new(),
            kind,
            initial: String::new(),
            grows: false,
        };
        part.initial = part.value();
        part
    }

    pub fn text(id: &'static str, label: &'static str, text: &str) -> Self {
        Self::new(id, label, Kind::Text { field: Box::new(Field::line(text)), names: Vec::new() })
    }

    /// `chosen`: the place of the value that stands there at first.
    pub fn one(id: &'static str, label: &'static str, values: &[&str], chosen: usize) -> Self {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let place = chosen.min(values.len().saturating_sub(1));
        Self::new(id, label, Kind::One { values, place })
    }

    pub fn many(id: &'static str, label: &'static str, values: &[(&str, bool)]) -> Self {
        let values = values.iter().map(|(value, on)| ((*value).to_owned(), *on)).collect();
        Self::new(id, label, Kind::Many { values, place: 0 })
    }

    pub fn placeholder(mut self, text: impl Into<String>) -> Self {
        self.placeholder = text.into();
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = text.into();
        self
    }

    /// A list or a text that grows: typing adds to what stands there.
    pub fn growing(mut self) -> Self {
        self.grows = true;
        self
    }

    /// Names that Tab completes.
    pub fn completing(mut self, all: Vec<String>) -> Self {
        if let Kind::Text { names, .. } = &mut self.kind {
            *names = all;
        }
        self
    }

    pub(super) fn value(&self) -> String {
        match &self.kind {
            Kind::Text { field, .. } => field.value().trim().to_owned(),
            Kind::One { values, place } => values.get(*place).cloned().unwrap_or_default(),
            Kind::Many { values, .. } => {
                let on: Vec<&str> =
                    values.iter().filter(|(_, on)| *on).map(|(name, _)| name.as_str()).collect();
                on.join(",")
            }
        }
    }

    /// Selects what stands in a field of text, where nobody has changed it yet.
    pub(super) fn select_proposed(&mut self) {
        let untouched = !self.grows && !self.initial.is_empty() && self.value() == self.initial;
        if let Kind::Text { field, .. } = &mut self.kind
            && untouched
        {
            field.select_all();
        }
    }

    pub(super) fn set(&mut self, text: &str) {
        match &mut self.kind {
            Kind::Text { field, .. } => field.set(text),
            Kind::One { values, place } => {
                *place = values.iter().position(|value| value == text).unwrap_or(*place);
            }
            Kind::Many { values, .. } => {
                for (name, on) in values {
                    *on = text.split(',').any(|chosen| chosen == name);
                }
            }
        }
    }

    /// Completes what is typed last, after a comma too; `false`: there is nothing to complete. A whole name is left alone:
    /// `bob` never becomes `bobby`.
    pub(super) fn complete(&mut self) -> bool {
        let Kind::Text { field, names } = &mut self.kind else { return false };
        let typed = field.value();
        let (before, last) =
            typed.rsplit_once(',').map_or(("", typed.as_str()), |(before, last)| (before, last));
        let last = last.trim().to_lowercase();
        if last.is_empty() || names.iter().any(|name| name.to_lowercase() == last) {
            return false;
        }
        let Some(name) = names.iter().find(|name| name.to_lowercase().starts_with(&last)) else {
            return false;
        };
        let text = if before.is_empty() { name.clone() } else { format!("{before}, {name}") };
        field.set(&text);
        true
    }
}

/// What stands in the fields.
pub struct Values<'a>(pub(super) &'a [Part]);

impl Values<'_> {
    /// The value of a field, trimmed; of several choices, those with commas between them.
    pub fn get(&self, id: &str) -> String {
        self.0.iter().find(|part| part.id == id).map(Part::value).unwrap_or_default()
    }

    /// A list that was typed with commas.
    pub fn list(&self, id: &str) -> Vec<String> {
        let text = self.get(id);
        text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    /// Whether the field is as it was at first.
    pub fn is_untouched(&self, id: &str) -> bool {
        self.0.iter().find(|part| part.id == id).is_none_or(|part| part.value() == part.initial)
    }
}
