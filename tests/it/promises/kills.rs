//! `kill -9` at any moment: what was acknowledged is there afterwards, once and in its order.
//!
//! A child reads notes from standard input and acknowledges each on standard output; the parent kills it after some
//! acknowledgements and some microseconds, reads what is still in the pipe (that too was acknowledged), opens the journal
//! anew and compares. In one round of four two children write at once, and both are killed.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;
use warroom::journal::Verdict;

use super::world::{BINARY, House, number_of, said};
use super::{Promise, side_by_side};
use crate::journal::Dice;

/// A fresh home after so many rounds, so that reading stays short.
const ROUNDS_PER_HOME: u64 = 50;
/// How long a program takes from its start to its first acknowledgement, about, in microseconds.
const START_US: u64 = 8_000;
/// An append and its acknowledgement take some of these.
const APPEND_US: u64 = 800;

/// What writes.
pub type Writer = fn(&House) -> Command;
pub const REAL: Writer = |house| house.command(&["note", "--json", "-"]);

/// Acknowledges every line before it is written: must be caught.
pub const TOO_EARLY: Writer = |house| {
    const SCRIPT: &str = r#"while IFS= read -r line; do
        printf '{"saved":[{"text":"%s"}]}\n' "$line"
        printf '%s\n' "$line" | "$0" note - >/dev/null
    done"#;
    let mut command = Command::new("sh");
    house.settle(&mut command);
    command.args(["-c", SCRIPT, BINARY]);
    command
};

/// One child that was killed: how many of its lines were acknowledged, and how many were found the first time.
struct Record {
    name: String,
    acknowledged: u64,
    found: Option<u64>,
}

/// What was counted.
#[derive(Default)]
struct Tally {
    kills: u64,
    acknowledged: u64,
    /// Lines that were saved and not yet acknowledged when the kill came.
    between: u64,
    torn: u64,
}

pub fn run(seed: u64, kills: u64, writer: &Writer) -> Promise {
    let tallies = side_by_side(|worker, workers| {
        let mut tally = Tally::default();
        let mut home = 0;
        while tally.kills < kills.div_ceil(workers) {
            let dice = Dice::seed_of(seed, home * workers + worker);
            let most = kills.div_ceil(workers);
            live_in_one_home(dice, most, writer, &mut tally)
                .map_err(|why| format!("dice {dice:#x}: {why}"))?;
            home += 1;
        }
        Ok(tally)
    })?;
    let sum = |of: fn(&Tally) -> u64| tallies.iter().map(of).sum::<u64>();
    Ok(format!(
        "{} kills, {} acknowledged entries, 0 lost; {} kills between sync and acknowledgement, {} torn tails set aside",
        sum(|tally| tally.kills),
        sum(|tally| tally.acknowledged),
        sum(|tally| tally.between),
        sum(|tally| tally.torn),
    ))
}

fn live_in_one_home(dice: u64, most: u64, writer: &Writer, tally: &mut Tally) -> Result<(), String> {
    let (house, mut dice) = (House::new()?, Dice::new(dice));
    let mut records = Vec::new();
    for round in 0..ROUNDS_PER_HOME {
        if tally.kills >= most {
            break;
        }
        let names = if dice.one_in(4) {
            vec![format!("a{round}"), format!("b{round}")]
        } else {
            vec![format!("a{round}")]
        };
        tally.kills += names.len() as u64;
        records.extend(one_round(&house, &mut dice, names, writer)?);
        tally.torn += check(&house, &mut records).map_err(|why| format!("round {round}: {why}"))?;
    }
    tally.acknowledged += records.iter().map(|record| record.acknowledged).sum::<u64>();
    tally.between += records.iter().filter(|record| record.found > Some(record.acknowledged)).count() as u64;
    last_words(&house)
}

/// Starts the children, kills each at its moment, and counts what they acknowledged.
fn one_round(
    house: &House,
    dice: &mut Dice,
    names: Vec<String>,
    writer: &Writer,
) -> Result<Vec<Record>, String> {
    let moments: Vec<Moment> = names.iter().map(|_| Moment::any(dice)).collect();
    let long = names.iter().map(|_| dice.one_in(3)).collect::<Vec<_>>();
    thread::scope(|scope| {
        let lives = names.into_iter().zip(moments).zip(long);
        let lives: Vec<_> = lives
            .map(|((name, moment), long)| scope.spawn(move || one_life(house, name, moment, long, writer)))
            .collect();
        lives.into_iter().map(|life| life.join().map_err(|_| "a round panicked".to_owned())?).collect()
    })
}

/// When to kill: so long after so many acknowledgements.
struct Moment {
    acknowledged: u64,
    after: Duration,
}

impl Moment {
    fn any(dice: &mut Dice) -> Self {
        match dice.roll(5) {
            0 => Self { acknowledged: 0, after: Duration::from_micros(dice.roll(START_US)) },
            _ => Self { acknowledged: 1 + dice.roll(8), after: Duration::from_micros(dice.roll(APPEND_US)) },
        }
    }

    /// To the microsecond, which no timer keeps.
    fn pass(&self) {
        let until = Instant::now() + self.after;
        while Instant::now() < until {
            std::hint::spin_loop();
        }
    }
}

fn one_life(
    house: &House,
    name: String,
    moment: Moment,
    long: bool,
    writer: &Writer,
) -> Result<Record, String> {
    let mut child = writer(house).process_group(0).spawn().map_err(|error| error.to_string())?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("no pipes".to_owned());
    };
    feed(stdin, name.clone(), long);
    let acknowledged = listen(stdout);
    let mut heard: Vec<String> = acknowledged.iter().take(moment.acknowledged as usize).collect();
    if (heard.len() as u64) < moment.acknowledged {
        return Err(format!("{name} ended by itself: {}", ended(child)));
    }
    moment.pass();
    kill(&mut child)?;
    heard.extend(acknowledged.iter());
    for (number, text) in (0..).zip(&heard) {
        if number_of(text, &name) != Some(number) {
            return Err(format!("{name}: acknowledgement {number} was of {text:?}"));
        }
    }
    Ok(Record { name, acknowledged: heard.len() as u64, found: None })
}

fn ended(mut child: Child) -> String {
    let _ = child.kill();
    child.wait_with_output().map_or_else(|error| error.to_string(), |output| said(&output))
}

fn kill(child: &mut Child) -> Result<(), String> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or("no process")?;
    kill_process_group(group, Signal::KILL).map_err(|error| error.to_string())?;
    child.wait().map(drop).map_err(|error| error.to_string())
}

/// Writes numbered lines until nobody reads them any more. Long ones cross pages, where a kill can tear a write.
fn feed(mut stdin: ChildStdin, name: String, long: bool) {
    const LONG: usize = 20_000;
    thread::spawn(move || {
        let filler = "x".repeat(if long { LONG } else { 40 });
        (0..).try_for_each(|number: u64| writeln!(stdin, "{name}/{number} {filler}"))
    });
}

/// The texts as they are acknowledged, until the pipe ends. Half a line acknowledges nothing.
fn listen(stdout: ChildStdout) -> Receiver<String> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|_| line.ends_with('\n')) {
            let text = serde_json::from_str::<Value>(&line)
                .ok()
                .and_then(|saved| Some(saved["saved"][0]["text"].as_str()?.to_owned()));
            if tell.send(text.unwrap_or_default()).is_err() {
                return;
            }
            line.clear();
        }
    });
    told
}

/// Every acknowledged line is there once and in order, and behind it at most the one that was under way. Answers torn tails.
fn check(house: &House, records: &mut [Record]) -> Result<u64, String> {
    let verdict = house.verify()?;
    sound(&verdict)?;
    let notes = house.notes()?;
    for record in records {
        let numbers: Vec<u64> = notes.iter().filter_map(|text| number_of(text, &record.name)).collect();
        let found = numbers.len() as u64;
        let (name, acknowledged) = (&record.name, record.acknowledged);
        if !numbers.iter().copied().eq(0..found) {
            return Err(format!("{name}: not each once and in order: {numbers:?}"));
        }
        if found < acknowledged || found > acknowledged + 1 {
            return Err(format!("{name}: {acknowledged} were acknowledged, {found} are there"));
        }
        if record.found.is_some_and(|before| before != found) {
            return Err(format!("{name}: {:?} were there before, now {found}", record.found));
        }
        record.found = Some(found);
    }
    Ok(verdict.torn.len() as u64)
}

fn sound(verdict: &Verdict) -> Result<(), String> {
    let Verdict { damage, torn, cut, forks, .. } = verdict;
    let sound = damage.is_empty() && cut.is_empty() && forks.is_empty() && torn.len() <= 1;
    if sound { Ok(()) } else { Err(format!("the chain is broken: {verdict:?}")) }
}

/// The next writer, left alone, finds everything in order or puts it there.
fn last_words(house: &House) -> Result<(), String> {
    let output = house.run(&["note", "the end"], b"")?;
    let verdict = house.verify()?;
    let well = output.status.success() && verdict.is_whole();
    if well { Ok(()) } else { Err(format!("{}, {verdict:?}", said(&output))) }
}
