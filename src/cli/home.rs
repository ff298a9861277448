//! `warroom` and `warroom open REF`: the console.

use std::process::ExitCode;

use super::desk::Desk;
use super::fail::{Done, Fail};
use crate::incident::HostId;
use crate::runtime::summary;
use crate::tui;

/// Opens the console, in one incident or at home.
pub fn open(desk: &Desk, reference: Option<String>) -> Done<ExitCode> {
    // A wrong reference is answered here, before the screen is taken.
    let open =
        reference.map(|reference| desk.find(&reference)).transpose()?.map(|found| found.id.to_string());
    console(tui::Options { open, ..options(desk) })
}

/// Opens the console in the incident that is meant: the one named, else the only one that is open, else at home.
pub fn enter(desk: &Desk, reference: Option<String>) -> Done<ExitCode> {
    let only = || {
        let summaries = summary::all(&desk.home().list().ok()?, HostId::default(), &desk.paths.cache());
        let mut running = summaries.into_iter().filter(|summary| !summary.status.is_over());
        running.next().filter(|_| running.next().is_none()).map(|summary| summary.reference)
    };
    open(desk, reference.or_else(only))
}

/// Opens the console in replay, of one incident or at the list of past ones.
pub fn replay(desk: &Desk, name: Option<String>) -> Done<ExitCode> {
    console(tui::Options { replay: Some(name.unwrap_or_default()), ..options(desk) })
}

fn options(desk: &Desk) -> tui::Options {
    tui::Options { as_: desk.as_.clone(), ..tui::Options::default() }
}

/// The one call into the console.
fn console(options: tui::Options) -> Done<ExitCode> {
    tui::run(options).map_err(|error| {
        Fail::refused(
            format!("the console ended: {error:#}"),
            "every command works without it, see `warroom --help`",
        )
    })
}
