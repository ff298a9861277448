//! The README tells the truth: its list of keys is the registry's, its two commands come first.

use std::path::Path;

use warroom::tui::keymap;

const BEGIN: &str =
    "<!-- keys: made from the registry of actions; WARROOM_UPDATE_README=1 cargo test readme -->\n";
const END: &str = "<!-- keys end -->";

#[test]
fn the_list_of_keys_is_the_registrys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the README has a place for the keys");
    let (_, after) = rest.split_once(END).expect("the list of keys ends somewhere");
    let right = format!("{before}{BEGIN}{}\n{END}{after}", keymap::markdown());
    if std::env::var_os("WARROOM_UPDATE_README").is_some() {
        std::fs::write(&path, &right).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(
        kept == right,
        "the keys in the README are out of date: WARROOM_UPDATE_README=1 cargo test readme"
    );
}

#[test]
fn the_readme_starts_with_the_two_commands() {
    let readme = include_str!("../../README.md");
    let commands: Vec<&str> = readme.lines().filter(|line| line.starts_with("cargo ")).take(2).collect();
    assert!(
        commands[0].starts_with("cargo run --release") && commands[1].starts_with("cargo test"),
        "{commands:?}"
    );
}
