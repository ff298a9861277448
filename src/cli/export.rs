//! `warroom export`: the whole incident as one document.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::desk::{self, Desk};
use super::fail::{Done, Fail};
use super::print;
use crate::report::export;

/// Export an incident as Markdown or JSON
#[derive(Args)]
pub struct ExportArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// md, or json
    #[arg(long, value_enum, default_value_t = Format::Md)]
    format: Format,
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    Md,
    Json,
}

impl ExportArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let found = desk.which_readable(self.reference.as_deref())?;
        let mut session = desk.reader(&found)?;
        let entries = desk::timeline(&mut session)?;
        let entries = entries.iter().map(|entry| &**entry);
        let incident = session.incident();
        let text = match self.format {
            Format::Md if !desk.json => export::markdown(incident, entries, desk.zone),
            _ => {
                let mut document = export::json(incident, entries);
                if let Some(Value::Object(state)) = document.get_mut("incident") {
                    state.extend(print::found(&found).as_object().cloned().unwrap_or_default());
                    // Where it lay on this machine is nobody's business elsewhere.
                    state.remove("path");
                }
                format!("{document:#}\n")
            }
        };
        match self.out {
            Some(file) => write_new(&file, &text),
            None => desk.out.line(text.trim_end()),
        }
    }
}

/// Appears whole or not at all.
fn write_new(path: &Path, text: &str) -> Done {
    let part = path.with_extension("part");
    let written = std::fs::File::create(&part)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&part, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&part);
        Fail::refused(format!("{}: {error}", path.display()), "choose another place with --out")
    })
}
