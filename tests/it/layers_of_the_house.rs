//! The layering of the house, read from the `use` lines and paths of the source: see ARCHITECTURE.md.

use std::path::{Path, PathBuf};

/// What no file of a module may name.
struct Rule {
    module: &'static str,
    forbidden: &'static [&'static str],
}

const IO: &[&str] = &[
    "tokio",
    "ratatui",
    "crossterm",
    "reqwest",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "notify::",
    "SystemTime::now",
    "Utc::now",
    "Ulid::generate",
    "Ulid::new",
    "crate::journal",
    "crate::clients",
    "crate::config",
    "crate::runtime",
    "crate::tui",
    "crate::cli",
];
const FACE: &[&str] = &["ratatui", "crossterm", "crate::tui", "crate::cli", "crate::replay"];

const RULES: &[Rule] = &[
    Rule { module: "incident", forbidden: IO },
    Rule { module: "incident", forbidden: &["crate::outbox", "crate::room", "crate::report"] },
    Rule { module: "policy", forbidden: IO },
    Rule {
        module: "policy",
        forbidden: &["crate::outbox", "crate::room", "crate::report", "crate::playbook"],
    },
    Rule { module: "playbook", forbidden: IO },
    Rule {
        module: "playbook",
        forbidden: &["crate::outbox", "crate::room", "crate::report", "crate::policy"],
    },
    Rule { module: "report", forbidden: IO },
    Rule { module: "report", forbidden: &["crate::room"] },
    Rule { module: "outbox", forbidden: IO },
    Rule { module: "outbox", forbidden: &["crate::room", "crate::report"] },
    Rule { module: "room", forbidden: IO },
    Rule { module: "replay", forbidden: IO },
    Rule { module: "journal", forbidden: FACE },
    Rule {
        module: "journal",
        forbidden: &["crate::room", "crate::clients", "crate::runtime", "crate::config"],
    },
    Rule { module: "config", forbidden: FACE },
    Rule {
        module: "config",
        forbidden: &["crate::room", "crate::clients", "crate::runtime", "crate::journal"],
    },
    Rule { module: "clients", forbidden: FACE },
    Rule { module: "clients", forbidden: &["crate::journal", "crate::runtime"] },
    // Clients know no other client.
    Rule { module: "clients/slack", forbidden: &["clients::pagerduty", "clients::jira", "clients::process"] },
    Rule { module: "clients/pagerduty", forbidden: &["clients::slack", "clients::jira", "clients::process"] },
    Rule { module: "clients/jira", forbidden: &["clients::slack", "clients::pagerduty", "clients::process"] },
    Rule { module: "clients/process", forbidden: &["clients::slack", "clients::pagerduty", "clients::jira"] },
    // Only the clients speak to a network.
    Rule { module: "room", forbidden: &["crate::secret"] },
    Rule { module: "runtime", forbidden: &["ratatui", "crossterm", "crate::cli", "crate::replay"] },
    Rule { module: "tui", forbidden: &["reqwest", "crate::cli", "println!", "print!("] },
    Rule { module: "cli", forbidden: &["ratatui", "crossterm"] },
];

#[test]
fn imports_run_downward_only() {
    let broken: Vec<String> = RULES.iter().flat_map(breaches).collect();
    assert!(broken.is_empty(), "the layering is broken:\n{}", broken.join("\n"));
}

#[test]
fn the_rules_have_teeth() {
    let rule = &RULES[0];
    assert_eq!(breaches_in(rule, Path::new("x.rs"), "use std::fs::File;\n").len(), 1);
    assert_eq!(breaches_in(rule, Path::new("x.rs"), "// std::fs is not for us\n").len(), 0);
}

fn breaches(rule: &Rule) -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&source.join(rule.module), &mut files);
    let single = source.join(format!("{}.rs", rule.module));
    files.extend(single.is_file().then_some(single));
    assert!(!files.is_empty(), "no file of {} was found", rule.module);
    files.iter().flat_map(|file| breaches_in(rule, file, &std::fs::read_to_string(file).unwrap())).collect()
}

fn breaches_in(rule: &Rule, file: &Path, text: &str) -> Vec<String> {
    let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let named = code.flat_map(|(number, line)| {
        let hits = rule.forbidden.iter().filter(move |word| names(line, word));
        hits.map(move |word| (number + 1, word))
    });
    named.map(|(number, word)| format!("{}:{number} names {word}", file.display())).collect()
}

/// Whether `line` has `word` as a word of its own: `crate::cli` is not part of `crate::clients`.
fn names(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back().is_some_and(part);
        let after = line[start + word.len()..].chars().next().is_some_and(part);
        !before && (!after || word.ends_with([':', '(']))
    })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
