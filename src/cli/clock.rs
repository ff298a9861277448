//! `warroom clock`: every clock that runs, what to say when it has run out, and what people did (MISSION row B2).

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::desk::Desk;
use super::fail::{Done, Fail};
use super::moment;
use super::orders::Orders;
use super::print::{self, padded};
use crate::incident::command::ClockCommand;
use crate::incident::deadline::{Deadline, deadlines};
use crate::incident::{Command, Incident, Time};
use crate::report::export::shape;
use crate::runtime::clock;

/// Show the clocks, the soonest first, or say what was done about one
#[derive(Args)]
pub struct ClockArgs {
    #[command(subcommand)]
    act: Option<Act>,
}

/// For the help of an argument.
const NAME: &str = "The beginning of a clock's id, or words of its label";

#[derive(Subcommand)]
enum Act {
    /// The board (default)
    List {
        /// The small ones too, that only ask for a look
        #[arg(long)]
        all: bool,
    },
    /// Somebody has heard it; it stays on the board
    Heard {
        #[arg(required = true, help = NAME)]
        name: Vec<String>,
    },
    /// It is answered: told, called, finished
    Done {
        #[arg(required = true, help = NAME)]
        name: Vec<String>,
        /// What came of it
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String,
    },
    /// Let it ring again later; needs a reason
    #[command(override_usage = "warroom clock snooze NAME UNTIL --reason TEXT")]
    Snooze {
        /// The clock, then 10m or 14:20
        #[arg(required = true, num_args = 2.., value_name = "NAME UNTIL")]
        words: Vec<String>,
        /// Why it can wait
        #[arg(long)]
        reason: String,
    },
    /// Somebody was called and could not help: the clock goes on
    Tried {
        #[arg(required = true, help = NAME)]
        name: Vec<String>,
        /// What happened, such as: no answer
        #[arg(long)]
        note: String,
    },
    /// It counts again: takes heard, snoozed or done back
    Restart {
        #[arg(required = true, help = NAME)]
        name: Vec<String>,
        /// Why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
}

impl ClockArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let (name, act) = match self.act {
            None => return list(desk, false),
            Some(Act::List { all }) => return list(desk, all),
            Some(Act::Heard { name }) => (name.join(" "), ClockCommand::Acknowledge),
            Some(Act::Done { name, note }) => (name.join(" "), ClockCommand::Done { note }),
            Some(Act::Tried { name, note }) => (name.join(" "), ClockCommand::Tried { note }),
            Some(Act::Restart { name, reason }) => (name.join(" "), ClockCommand::Restart { reason }),
            Some(Act::Snooze { mut words, reason }) => {
                let until = moment::to_come(&words.pop().unwrap_or_default(), desk.zone)?;
                (words.join(" "), ClockCommand::Snooze { until, reason })
            }
        };
        let orders = Orders::to(desk, None)?;
        let clock = match act {
            ClockCommand::Restart { .. } => answered(orders.incident(), &name)?,
            _ => running(orders.incident(), &name, clock::now())?,
        };
        orders.only(Command::Clock { clock, act })
    }
}

/// The id of the one running clock that is named.
pub fn running(incident: &Incident, name: &str, now: Time) -> Done<String> {
    let all = deadlines(incident, now).into_iter();
    let named = all.filter(|clock| clock.is_named(name)).map(|clock| (clock.id, clock.label)).collect();
    the_one(name, named, "list them with `warroom clock list --all`")
}

/// The id of the one clock that is named and to which something was done.
fn answered(incident: &Incident, name: &str) -> Done<String> {
    let wanted = name.trim().to_lowercase();
    let done = incident
        .clocks
        .all()
        .filter(|(_, state)| state.done.is_some() || state.snoozed.is_some() || state.acknowledged.is_some());
    let named = done.filter(|(id, state)| {
        id.to_lowercase().starts_with(&wanted) || state.label.to_lowercase().contains(&wanted)
    });
    let named = named.map(|(id, state)| (id.to_owned(), state.label.clone())).collect();
    the_one(name, named, "only a clock that was heard, put off or answered can be restarted")
}

/// Of several, the one whose id or label is exactly what was typed.
fn the_one(name: &str, mut named: Vec<(String, String)>, hint: &str) -> Done<String> {
    let exactly = |(id, label): &(String, String)| {
        id.eq_ignore_ascii_case(name.trim()) || label.eq_ignore_ascii_case(name.trim())
    };
    if named.iter().filter(|clock| exactly(clock)).count() == 1 {
        named.retain(exactly);
    }
    match named.as_slice() {
        [(id, _)] => Ok(id.clone()),
        [] => Err(Fail::refused(format!("no clock is named {name:?}"), hint)),
        many => {
            let names: Vec<String> = many.iter().map(|(id, label)| format!("{label} ({id})")).collect();
            let what = format!("{} clocks are named {name:?}", many.len());
            Err(Fail::refused(what, format!("give more of one:\n  {}", names.join("\n  "))))
        }
    }
}

fn list(desk: &mut Desk, all: bool) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let now = clock::now();
    let mut clocks = deadlines(session.incident(), now);
    clocks.retain(|clock| all || !clock.quiet);
    if desk.json {
        let shapes: Vec<Value> = clocks.iter().map(|clock| board_shape(clock, now)).collect();
        return desk.out.json(&json!({ "incident": print::found(&found), "now": now, "clocks": shapes }));
    }
    if clocks.is_empty() {
        return desk.out.line("no clock runs");
    }
    let lines: Vec<String> = clocks.iter().flat_map(|clock| lines(desk, clock, now)).collect();
    lines.iter().try_for_each(|line| desk.out.line(line))
}

/// A clock and how it stands now.
fn board_shape(clock: &Deadline, now: Time) -> Value {
    let mut shape = shape::deadline(clock);
    if let Value::Object(shape) = &mut shape {
        shape.insert("left_s".into(), json!(clock.left(now).secs()));
        shape.insert("over".into(), json!(clock.is_over(now)));
        shape.insert("quiet".into(), json!(clock.quiet));
    }
    shape
}

fn lines(desk: &Desk, clock: &Deadline, now: Time) -> Vec<String> {
    let left = padded(&print::left(clock.due, now), 12);
    let mut lines = vec![format!("{left}  {}  {}", print::hm(clock.due, desk.zone), clock.label)];
    let mut more = |text: String| lines.push(format!("              {text}"));
    if clock.is_over(now) {
        more(clock.say.clone());
    }
    for tried in &clock.tried {
        more(format!(
            "tried by {} {}{}",
            tried.by,
            print::hm(tried.at, desk.zone),
            print::because(&tried.note)
        ));
    }
    if let Some(heard) = &clock.acknowledged {
        more(format!("heard by {} {}", heard.by, print::hm(heard.at, desk.zone)));
    }
    if let Some(snooze) = &clock.snoozed {
        let until = print::hm(snooze.until, desk.zone);
        more(format!("put off to {until} by {}{}", snooze.by, print::because(&snooze.reason)));
    }
    more(clock.id.clone());
    lines
}
