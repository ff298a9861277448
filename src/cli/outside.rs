//! `warroom channel`, `page`, `ticket` and `join`: what is done outside, in the words of the console's `:` line.
//!
//! Everything goes through the outbox: it is saved first, then tried once; an open console, or `warroom sync`, goes on with
//! what could not be done.

use clap::Args;
use serde_json::json;

use super::desk::{self, Desk};
use super::fail::{Done, Fail};
use super::orders::Orders;
use super::sync;
use crate::incident::Command;
use crate::report::export;

/// The words behind `channel`, `page` or `ticket`.
#[derive(Args)]
pub struct WordsArgs {
    /// What to do, and with what; without words the forms are listed. `@NAME` first chooses among several accounts; `--` before
    /// words that begin with a dash
    #[arg(num_args = 0.., value_name = "WORDS")]
    words: Vec<String>,
}

/// Nothing more has to be said.
#[derive(Args)]
pub struct JoinArgs {}

impl WordsArgs {
    pub fn run(self, verb: &str, desk: &mut Desk) -> Done {
        if self.words.is_empty() {
            return forms(desk, verb);
        }
        ask(desk, &format!("{verb} {}", self.words.join(" ")))
    }
}

impl JoinArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        ask(desk, "join")
    }
}

fn forms(desk: &mut Desk, verb: &str) -> Done {
    for form in crate::outbox::wishes::FORMS.iter().filter(|form| form.words.starts_with(verb)) {
        if desk.json {
            desk.out.json(&json!({ "words": form.words, "about": form.about }))?;
        } else {
            desk.out.line(&format!("warroom {}  {}", super::print::padded(form.words, 44), form.about))?;
        }
    }
    Ok(())
}

fn ask(desk: &mut Desk, line: &str) -> Done {
    let mut orders = Orders::to(desk, None)?;
    // Only a file that is attached needs the whole log.
    let file = if line.starts_with("ticket attach") { markdown(&mut orders)? } else { String::new() };
    let saved =
        orders.give(Command::Outside { line: line.to_owned(), file }).map_err(|fail| fail.keeping(line))?;
    let Orders { desk, found, session, .. } = orders;
    let acts: Vec<_> = saved.iter().filter_map(|id| session.room().outbox().get(*id)).collect();
    if acts.is_empty() {
        return super::print::saved(desk, &session, &found, &saved);
    }
    desk.owes(&found);
    if desk.json {
        let acts: Vec<_> = acts.iter().map(|act| sync::act_shape(act)).collect();
        return desk.out.json(&json!({ "incident": super::print::found(&found), "requested": acts }));
    }
    acts.iter().try_for_each(|act| {
        let line = sync::act_line(desk, session.room().outbox(), act);
        desk.out.line(&line)
    })
}

fn markdown(orders: &mut Orders) -> Result<String, Fail> {
    let log = desk::timeline(&mut orders.session)?;
    let entries = log.iter().map(|entry| &**entry);
    Ok(export::markdown(orders.session.incident(), entries, orders.desk.zone))
}
