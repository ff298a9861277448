//! Which key does what where: the registry's keys, with the user's own over them.

use std::collections::{BTreeMap, HashMap};

use super::actions::{self, Action, Context, REGISTRY};
use super::keys::Key;
use crate::config::settings::nearest;

#[derive(Clone, Debug, Default)]
pub struct Keymap {
    by_key: HashMap<(Context, Key), Action>,
    by_action: BTreeMap<Action, Vec<Key>>,
}

impl Keymap {
    /// The keys of the registry, with `custom` (action name to keys) in the place of theirs.
    pub fn new(custom: &BTreeMap<String, Vec<String>>) -> Result<Keymap, String> {
        let names: Vec<&str> = REGISTRY.iter().map(|spec| spec.name).collect();
        for name in custom.keys() {
            if actions::named(name).is_none() {
                let near =
                    nearest(name, &names).map(|near| format!(": did you mean {near}?")).unwrap_or_default();
                return Err(format!("[keys] has no action {name:?}{near}"));
            }
        }
        let mut map = Keymap::default();
        for spec in REGISTRY {
            let keys = match custom.get(spec.name) {
                Some(keys) => keys.iter().map(|key| key.parse()).collect::<Result<Vec<Key>, _>>()?,
                None => spec.keys.iter().filter_map(|key| key.parse().ok()).collect(),
            };
            map.bind(spec.action, spec.context, keys)?;
        }
        Ok(map)
    }

    fn bind(&mut self, action: Action, context: Context, keys: Vec<Key>) -> Result<(), String> {
        for key in &keys {
            if let Some(other) = self.by_key.insert((context, *key), action) {
                let name = |action| actions::find(action).map_or("?", |spec| spec.name);
                return Err(format!("[keys] gives {key} to both {} and {}", name(other), name(action)));
            }
        }
        self.by_action.insert(action, keys);
        Ok(())
    }

    /// The action of a key: the first context that knows it wins.
    pub fn action(&self, contexts: &[Context], key: Key) -> Option<Action> {
        contexts.iter().find_map(|context| self.by_key.get(&(*context, key)).copied())
    }

    /// The first key of an action, to show.
    pub fn key(&self, action: Action) -> Option<Key> {
        self.by_action.get(&action).and_then(|keys| keys.first().copied())
    }

    pub fn keys(&self, action: Action) -> &[Key] {
        self.by_action.get(&action).map_or(&[], Vec::as_slice)
    }
}

/// Every action with a key, as Markdown tables: the README's list of keys.
pub fn markdown() -> String {
    let keys = Keymap::new(&BTreeMap::new()).unwrap_or_default();
    let mut text = String::new();
    for context in Context::ALL {
        let specs =
            REGISTRY.iter().filter(|spec| spec.context == context && !keys.keys(spec.action).is_empty());
        let lines: Vec<String> = specs.map(|spec| line(&keys, spec)).collect();
        if !lines.is_empty() {
            text.push_str(&format!("\n**{}**\n\n| key | action | |\n|---|---|---|\n", context.title()));
            text.push_str(&lines.concat());
        }
    }
    text
}

fn line(keys: &Keymap, spec: &actions::Spec) -> String {
    let shown = keys.keys(spec.action).iter().map(|key| format!("`{key}`"));
    let shown = shown.collect::<Vec<_>>().join(" ");
    format!("| {shown} | {} | {} |\n", spec.name, spec.about.replace('|', "\\|"))
}
