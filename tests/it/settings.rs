//! Settings, keys and policies: what they may say, and what is said of their mistakes.

use std::collections::{BTreeMap, BTreeSet};

use warroom::config::settings::{GlyphSetting, Settings, ZoneSetting};
use warroom::tui::actions::{Context, REGISTRY};
use warroom::tui::keymap::Keymap;
use warroom::tui::keys::Key;

use crate::door::{Door, corruption};

#[track_caller]
fn refused(text: &str, words: &[&str]) {
    let why = Settings::parse(text).expect_err(text);
    assert!(words.iter().all(|word| why.contains(word)), "{text:?}: {why}");
}

fn keys(custom: &[(&str, &[&str])]) -> Result<Keymap, String> {
    let custom = custom
        .iter()
        .map(|(name, keys)| (name.to_string(), keys.iter().map(|key| key.to_string()).collect::<Vec<_>>()));
    Keymap::new(&custom.collect())
}

#[track_caller]
fn keys_refused(custom: &[(&str, &[&str])], words: &str) {
    let why = keys(custom).err().unwrap_or_else(|| panic!("{custom:?} is accepted"));
    assert!(why.contains(words), "{custom:?}: {why}");
}

#[test]
fn an_empty_file_means_the_defaults() {
    assert_eq!(Settings::parse("").unwrap(), Settings::default());
    assert_eq!(Settings::default().theme, "ansi");
}

#[test]
fn every_setting_is_read() {
    let text = "me = \"Bob\"\nzone = \"local\"\ntheme = \"dark\"\nmouse = false\nglyphs = \"ascii\"\npolicy = \"own\"\n\
                [keys]\ntick = [\"x\"]\n";
    let settings = Settings::parse(text).unwrap();
    assert_eq!(settings.me(None).as_str(), "bob");
    assert_eq!(settings.me(Some("@Carol")).as_str(), "carol", "the flag wins");
    assert_eq!(
        (settings.zone, settings.glyphs, settings.mouse),
        (ZoneSetting::Local, GlyphSetting::Ascii, false)
    );
    assert_eq!(settings.keys["tick"], ["x"]);
    assert_eq!(settings.policy, ["own"]);
}

#[test]
fn a_mistake_in_a_file_is_explained() {
    refused("them = \"dark\"", &["them", "line 1", "did you mean `theme`?"]);
    refused("me = \"bob\"\nmose = true", &["line 2", "did you mean `mouse`?"]);
    refused("zone = \"mars\"", &["mars", "utc", "local"]);
    refused("mouse = \"yes\"", &["line 1", "boolean"]);
    refused("[keys]\ntick = \"x\"", &["line 2"]);
    refused("theme = ", &["line 1"]);
    let far = Settings::parse("quux = 1").unwrap_err();
    assert!(!far.contains("did you mean"), "nothing is near: {far}");
}

#[test]
fn a_mistake_in_a_key_is_explained() {
    keys_refused(&[("tik", &["x"])], "[keys] has no action \"tik\": did you mean tick?");
    keys_refused(&[("tick", &["ctrl-"])], "\"ctrl-\" is not a key");
    keys_refused(&[("tick", &["banana"])], "\"banana\" is not a key");
    keys_refused(&[("tick", &["f13"])], "\"f13\" is not a key");
    keys_refused(&[("tick", &["b"])], "[keys] gives b to both");
    keys_refused(&[("palette", &["?"])], "[keys] gives ? to both");
}

#[test]
fn keys_read_back_as_they_are_written() {
    for name in
        ["space", "ctrl-p", "alt-x", "G", "shift-tab", "pgdn", "f12", "?", "<", "ctrl-alt-k", "-", "ctrl--"]
    {
        let key: Key = name.parse().unwrap_or_else(|why| panic!("{why}"));
        assert_eq!(key.to_string(), name);
    }
}

#[test]
fn names_are_unique_and_in_kebab_case() {
    let mut names = BTreeSet::new();
    for spec in REGISTRY {
        assert!(names.insert(spec.name), "{} twice", spec.name);
        assert!(spec.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", spec.name);
        assert!(!spec.name.starts_with('-') && !spec.name.ends_with('-'), "{}", spec.name);
        assert!(!spec.about.is_empty() && !spec.about.ends_with('.'), "{}", spec.name);
        assert!(spec.hint.is_empty() || !spec.keys.is_empty(), "{} has a hint and no key", spec.name);
    }
}

#[test]
fn every_default_key_is_a_key() {
    for spec in REGISTRY {
        for key in spec.keys {
            assert!(key.parse::<Key>().is_ok(), "{}: {key}", spec.name);
        }
    }
}

/// The contexts that have the keys together, the nearest first: as in `App::contexts` and `RoomScreen::contexts`.
fn together() -> Vec<Vec<Context>> {
    let mut all = vec![vec![Context::Home, Context::Everywhere]];
    for pane in [Context::Timeline, Context::Checklist, Context::Roles, Context::Update] {
        all.push(vec![pane, Context::Live, Context::Room, Context::Everywhere]);
        all.push(vec![Context::Replay, pane, Context::Room, Context::Everywhere]);
    }
    all
}

#[test]
fn a_key_that_two_contexts_share_is_shared_on_purpose() {
    let mut shared = BTreeSet::new();
    for contexts in together() {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for context in contexts {
            for spec in REGISTRY.iter().filter(|spec| spec.context == context) {
                for key in spec.keys {
                    match owners.get(key) {
                        Some(nearer) => drop(shared.insert(format!("{key}: {nearer} over {}", spec.name))),
                        None => drop(owners.insert(key, spec.name)),
                    }
                }
            }
        }
    }
    let shared: Vec<&str> = shared.iter().map(String::as_str).collect();
    assert_eq!(shared, SHARED);
}

/// The nearer one wins, and why that is right.
const SHARED: [&str; 7] = [
    // A replay seeks where the timeline of a live room goes to.
    "T: seek over goto",
    "end: to-end over bottom",
    // The composer is one column: nothing lies to the left.
    "h: history over left",
    "home: to-start over top",
    // A replay plays, because nothing can be changed in it.
    "space: play-pause over assign",
    "space: play-pause over tick",
    "w: word over switch",
];

#[test]
fn a_remapped_key_works_and_the_old_one_no_longer_does() {
    let custom = [("note".to_owned(), vec!["B".to_owned()])].into_iter().collect();
    let mut door =
        Door::room_with((100, 30), |setup| setup.keymap = Keymap::new(&custom).unwrap(), corruption);
    assert!(door.screen().contains(" B note"), "the footer knows: {}", door.screen());
    let before = (door.entries().len(), door.screen());
    assert_eq!(door.keys("i").screen(), before.1, "the old key does nothing");
    door.keys("Bremapped<enter>");
    assert_eq!(door.entries().len(), before.0 + 1);
    assert!(door.screen().contains("remapped"), "{}", door.screen());
    door.keys("<esc>?");
    assert!(door.screen().contains(" B "), "help knows: {}", door.screen());
}

#[test]
fn an_action_can_lose_its_keys() {
    let keymap = keys(&[("quit", &[])]).unwrap();
    assert_eq!(keymap.action(&[Context::Everywhere], "q".parse().unwrap()), None);
}

#[test]
fn one_policy_or_a_list_of_them_can_be_set() {
    assert_eq!(Settings::default().policy, ["data", "pipeline", "runbook"]);
    assert_eq!(Settings::parse("policy = \"own\"").unwrap().policy, ["own"]);
    assert_eq!(Settings::parse("policy = [\"own\", \"data\"]").unwrap().policy, ["own", "data"]);
    refused("policy = 3", &["line 1", "expected a name such as \"data\", or a list"]);
    refused("me = \"bob\"\npolicy = []", &["line 2", "no policy is named"]);
    refused("policy = [1]", &["line 1", "or a list"]);
}
