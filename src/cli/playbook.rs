//! `warroom playbook`: look at playbooks and check one before it is needed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::desk::Desk;
use super::fail::{Done, Fail, REFUSED};
use super::out::complain;
use super::print::padded;
use crate::config::shipped;
use crate::playbook::{Diagnostic, Level, Playbook, parse};

/// List playbooks, show one, or check Markdown files
#[derive(Args)]
pub struct PlaybookArgs {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Names of the playbooks that can be attached
    List,
    /// Print one, as it would be attached; with --json its phases and steps
    Show { name: String },
    /// Say what to repair, line by line; exits with 1 when there are errors
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

impl PlaybookArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        match self.act {
            Act::List => list(desk),
            Act::Show { name } => show(desk, &name),
            Act::Check { files } => check(desk, &files),
        }
    }
}

fn list(desk: &mut Desk) -> Done {
    for name in shipped::playbook_names(&desk.paths) {
        let Ok(pinned) = shipped::playbook(&desk.paths, &name) else { continue };
        let (book, _) = parse(&pinned.text);
        let steps = book.steps().count();
        match desk.json {
            true => desk.out.json(&json!({
                "name": name, "title": book.title, "type": book.front.kind, "steps": steps, "digest": pinned.digest,
            }))?,
            false => desk.out.line(&format!("{}  {} ({steps} steps)", padded(&name, 24), book.title))?,
        }
    }
    Ok(())
}

fn show(desk: &mut Desk, name: &str) -> Done {
    let pinned = shipped::playbook(&desk.paths, name)
        .map_err(|why| Fail::refused(why, "see `warroom playbook list`"))?;
    if !desk.json {
        return desk.out.line(pinned.text.trim_end());
    }
    let (book, found) = parse(&pinned.text);
    desk.out.json(&shape(&pinned.name, &book, &found))
}

fn check(desk: &mut Desk, files: &[PathBuf]) -> Done {
    let mut wrong = false;
    for file in files {
        let name = file.display().to_string();
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                wrong = true;
                complain(&format!("error: {name}: {error}\nhint: give the path of a Markdown file"));
                continue;
            }
        };
        let (book, found) = parse(&String::from_utf8_lossy(&bytes));
        wrong |= found.iter().any(|diagnostic| diagnostic.level == Level::Error);
        match desk.json {
            true => desk.out.json(&shape(&name, &book, &found))?,
            false => say(desk, &name, &book, &found)?,
        }
    }
    if wrong { Err(Fail::Code(REFUSED)) } else { Ok(()) }
}

fn shape(name: &str, book: &Playbook, found: &[Diagnostic]) -> Value {
    json!({
        "file": name,
        "title": book.title,
        "front": book.front,
        "phases": book.phases,
        "steps": book.steps().count(),
        "diagnostics": found,
    })
}

fn say(desk: &mut Desk, name: &str, book: &Playbook, found: &[Diagnostic]) -> Done {
    for Diagnostic { line, level, message, hint } in found {
        let level = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Hint => "hint",
        };
        desk.out.line(&format!("{name}:{line}: {level}: {message}"))?;
        if !hint.is_empty() {
            desk.out.line(&format!("    {hint}"))?;
        }
    }
    let (phases, steps) = (book.phases.len(), book.steps().count());
    desk.out.line(&format!("{name}: {phases} phases, {steps} steps, {} findings", found.len()))
}
