//! Several hosts, one incident: whatever arrives when, and however wrong the clocks, all fold to the same state.
//!
//! A simulation of 2 to 4 hosts. Each has a disk, a clock that jumps, and an open console that takes news in as the program
//! does: what is late makes it fold anew. At random moments a file is copied from one home to another: whole, cut at the end
//! of a line or inside one, an older copy over a newer. In the end each home gets all files, and every console, and every
//! reader that comes fresh, has to have the same incident. Start at [`run`].

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::LazyLock;

use warroom::incident::command::{Command, Declare, PinnedPlaybook, RoleCommand, StepCommand};
use warroom::incident::event::{Declared, SentUpdate};
use warroom::incident::ids::{EntryId, HostId, PersonId};
use warroom::incident::rows::Placed;
use warroom::incident::scribe::NoteKind;
use warroom::incident::time::{Span, Time, When};
use warroom::incident::words::{Status, Word};
use warroom::journal::{Appended, Journal, JournalError, News, file_name};
use warroom::policy::Policy;
use warroom::room::{Effect, Folded, Input, Order, Room};

use super::{Promise, side_by_side};
use crate::journal::sim::SimDisk;
use crate::journal::{Dice, INCIDENT, at};

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    Policy::parse(include_str!("../../../sample-data/policies/data.toml")).expect("the shipped policy")
});
const PLAYBOOK: &str = "# Reload\n\n## Steps\n\n- [ ] Stop the loader\n- [ ] Reload one day\n";
const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "dave"];
/// A clock is wrong by at most so much, in milliseconds.
const MOST_WRONG_MS: u64 = 3 * 3_600_000;

/// How a console takes in what comes late.
pub struct Console {
    /// Folds anew for what others wrote earlier.
    pub late_news: bool,
    /// Folds anew for what it writes itself, where another clock was ahead.
    pub late_own: bool,
}

pub const SOUND: Console = Console { late_news: true, late_own: true };

/// What was counted.
#[derive(Default)]
struct Tally {
    schedules: u64,
    entries: u64,
    copies: u64,
    refolds: u64,
}

pub fn run(seed: u64, schedules: u64, console: &Console) -> Promise {
    let tallies = side_by_side(|worker, workers| {
        let mut tally = Tally::default();
        for number in (worker..schedules).step_by(workers as usize) {
            let dice = Dice::seed_of(seed, number);
            schedule(dice, console, &mut tally).map_err(|why| format!("schedule {dice:#x}: {why}"))?;
        }
        Ok(tally)
    })?;
    let sum = |of: fn(&Tally) -> u64| tallies.iter().map(of).sum::<u64>();
    Ok(format!(
        "{} schedules of 2 to 4 hosts, {} entries, {} copies, {} refolds: all fold to one state",
        sum(|tally| tally.schedules),
        sum(|tally| tally.entries),
        sum(|tally| tally.copies),
        sum(|tally| tally.refolds),
    ))
}

fn schedule(seed: u64, console: &Console, tally: &mut Tally) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let mut homes =
        (0..2 + dice.roll(3)).map(|n| Home::new(n, seed)).collect::<Result<Vec<_>, _>>().map_err(words)?;
    let mut now = at(0);
    homes[0].order(declaration("Orders lost"), PEOPLE[0], now, console)?;
    for _ in 0..10 + dice.roll(40) {
        now = now + Span::from_ms(dice.roll(90_000) as i64);
        let one = dice.roll(homes.len() as u64) as usize;
        match dice.roll(10) {
            0 => homes[one].wrong_by = any_error(&mut dice),
            1..=5 => {
                let command = any_command(&mut dice, homes[one].room.folded.clone(), now);
                homes[one].order(command, PEOPLE[dice.roll(4) as usize], now, console)?;
            }
            _ => {
                let other = dice.roll(homes.len() as u64) as usize;
                tally.copies += u64::from(copy_any(&homes, one, other, &mut dice));
                if !dice.one_in(4) {
                    homes[other].take_in(console)?;
                }
            }
        }
    }
    unite(&mut homes, console)?;
    compare(&homes)?;
    for home in &mut homes {
        // Once more with nothing to come that would set right what this one folded wrongly.
        home.order(any_command(&mut dice, home.room.folded.clone(), now), PEOPLE[0], now, console)?;
        same(&refold(&mut home.fresh()?)?, &home.room.folded)
            .map_err(|why| format!("the console of host {}, just after writing: {why}", home.host))?;
    }
    unite(&mut homes, console)?;
    compare(&homes)?;
    tally.schedules += 1;
    tally.entries += homes[0].room.incident().count;
    tally.refolds += homes.iter().map(|home| home.refolds).sum::<u64>();
    Ok(())
}

fn words(error: JournalError) -> String {
    error.to_string()
}

/// Mostly small, at times hours.
fn any_error(dice: &mut Dice) -> Span {
    let most = if dice.one_in(2) { 4_000 } else { MOST_WRONG_MS };
    Span::from_ms(dice.roll(2 * most) as i64 - most as i64)
}

fn declaration(title: &str) -> Command {
    let what = Declared { title: title.to_owned(), ..Declared::default() };
    Command::Declare(Declare { what, ..Declare::default() })
}

/// A home with an open console.
struct Home {
    host: HostId,
    disk: SimDisk,
    journal: Journal,
    room: Room,
    wrong_by: Span,
    refolds: u64,
}

fn folder() -> PathBuf {
    PathBuf::from(format!("/home/{INCIDENT}-orders"))
}

fn file_of(host: HostId) -> PathBuf {
    folder().join("journal").join(file_name(host, 1))
}

fn person(name: &str) -> PersonId {
    PersonId::new(name)
}

impl Home {
    fn new(number: u64, seed: u64) -> Result<Self, JournalError> {
        let (host, disk) = (HostId::new(0xa0_0000_0000 + number), SimDisk::new(seed));
        let journal = match number {
            0 => Journal::create_on(disk.arc(), &folder(), INCIDENT, host)?,
            _ => Journal::open_on(disk.arc(), &folder(), host)?,
        };
        let room = Room::new(Folded::default(), POLICY.clone(), host, false);
        Ok(Self { host, disk, journal, room, wrong_by: Span::default(), refolds: 0 })
    }

    /// As the program does it, see `runtime::headless`. A refusal is an answer like any other.
    fn order(&mut self, command: Command, by: &str, now: Time, console: &Console) -> Result<(), String> {
        let now = now + self.wrong_by;
        let ticket = self.room.ticket();
        let order = Input::Order(ticket, Box::new(Order::new(command, person(by))));
        let mut effects = VecDeque::from(self.room.handle(order, now));
        while let Some(effect) = effects.pop_front() {
            let Effect::Append(drafts) = effect else { continue };
            match self.journal.append(drafts, now) {
                Ok(Appended::Written { entries, late, .. }) => {
                    let input = if late && console.late_own {
                        Input::WrittenLate(entries, self.refold()?)
                    } else {
                        Input::Written(entries)
                    };
                    effects.extend(self.room.handle(input, now));
                }
                Ok(Appended::Moved(news)) => {
                    let entries = self.news(news, console)?;
                    effects.extend(self.room.handle(Input::Moved(entries), now));
                }
                Err(error) => return Err(format!("host {}: {error}", self.host)),
            }
        }
        Ok(())
    }

    fn take_in(&mut self, console: &Console) -> Result<(), String> {
        let news = self.journal.take_in().map_err(words)?;
        let entries = self.news(news, console)?;
        drop(self.room.handle(Input::News(entries), Time::default()));
        Ok(())
    }

    /// What is left to fold at the end.
    fn news(&mut self, news: News, console: &Console) -> Result<Vec<Placed>, String> {
        if !news.damage.is_empty() {
            return Err(format!("host {}: {:?}", self.host, news.damage));
        }
        if !news.late || !console.late_news {
            return Ok(news.entries);
        }
        let folded = self.refold()?;
        drop(self.room.handle(Input::Refolded(folded), Time::default()));
        Ok(Vec::new())
    }

    fn refold(&mut self) -> Result<Box<Folded>, String> {
        self.refolds += 1;
        refold(&mut self.journal).map(Box::new)
    }

    fn fresh(&self) -> Result<Journal, String> {
        Journal::open_on(self.disk.arc(), &folder(), HostId::default()).map_err(words)
    }
}

fn refold(journal: &mut Journal) -> Result<Folded, String> {
    let mut folded = Folded::default();
    journal.rescan(&mut |placed| folded.take_one(&placed)).map_err(words)?;
    Ok(folded)
}

/// Copies a file that `from` has, of any host but the one it goes to: that writes its own.
fn copy_any(homes: &[Home], from: usize, to: usize, dice: &mut Dice) -> bool {
    let (from, to) = (&homes[from], &homes[to]);
    let there = homes.iter().map(|home| file_of(home.host)).filter(|path| *path != file_of(to.host));
    let there: Vec<_> =
        there.map(|path| (from.disk.contents(&path), path)).filter(|(bytes, _)| !bytes.is_empty()).collect();
    if from.host == to.host || there.is_empty() {
        return false;
    }
    let (bytes, path) = &there[dice.roll(there.len() as u64) as usize];
    let bytes = &bytes[..cut(bytes, dice)];
    // An older copy over a newer happens, but not as a habit.
    if bytes.is_empty() || bytes.len() < to.disk.contents(path).len() && !dice.one_in(4) {
        return false;
    }
    to.disk.put(path, bytes);
    true
}

/// Where a copy ends: at the end, behind some line, or anywhere.
fn cut(bytes: &[u8], dice: &mut Dice) -> usize {
    let ends: Vec<usize> = memchr::memchr_iter(b'\n', bytes).map(|end| end + 1).collect();
    match dice.roll(4) {
        0 if !ends.is_empty() => ends[dice.roll(ends.len() as u64) as usize],
        1 if !bytes.is_empty() => dice.roll(bytes.len() as u64) as usize,
        _ => bytes.len(),
    }
}

/// Everybody gets everything.
fn unite(homes: &mut [Home], console: &Console) -> Result<(), String> {
    for from in 0..homes.len() {
        let path = file_of(homes[from].host);
        let bytes = homes[from].disk.contents(&path);
        let others = homes.iter().enumerate().filter(|(to, _)| *to != from && !bytes.is_empty());
        others.for_each(|(_, other)| other.disk.put(&path, &bytes));
    }
    homes.iter_mut().try_for_each(|home| home.take_in(console))
}

/// The open consoles, and readers that come fresh, in all the ways of reading.
fn compare(homes: &[Home]) -> Result<(), String> {
    let expected = refold(&mut homes[0].fresh()?)?;
    for home in homes {
        let host = home.host;
        same(&expected, &home.room.folded).map_err(|why| format!("the console of host {host}: {why}"))?;
        let news = home.fresh()?.take_in().map_err(words)?;
        same(&expected, &Folded::of(&news.entries))
            .map_err(|why| format!("a reader at host {host}: {why}"))?;
        let mut streamed = Folded::default();
        let mut journal = home.fresh()?;
        let end = journal.take_in_with(&mut |placed| streamed.take_one(&placed)).map_err(words)?;
        let streamed = if end.late { refold(&mut journal)? } else { streamed };
        same(&expected, &streamed).map_err(|why| format!("a scan at host {host}: {why}"))?;
    }
    Ok(())
}

fn same(one: &Folded, other: &Folded) -> Result<(), String> {
    let order = |folded: &Folded| -> Vec<(EntryId, Time)> {
        folded.rows.as_slice().iter().map(|row| (row.id, row.at)).collect()
    };
    if one.incident != other.incident {
        return Err(format!("another incident: {:?}\n{:?}", one.incident, other.incident));
    }
    if one.outbox != other.outbox {
        return Err("another outbox".to_owned());
    }
    if order(one) != order(other) { Err("another timeline".to_owned()) } else { Ok(()) }
}

fn any_command(dice: &mut Dice, seen: Folded, now: Time) -> Command {
    let who = || person(PEOPLE[0]);
    let other = person(PEOPLE[dice.roll(4) as usize]);
    let target = any_entry(dice, &seen);
    let reason = || "so it is".to_owned();
    let role = || "commander".to_owned();
    match dice.roll(16) {
        0 => Command::Status { to: any_of(dice, &Status::ALL), reason: reason() },
        1 => Command::Severity {
            to: POLICY.levels[dice.roll(POLICY.levels.len() as u64) as usize].name.clone(),
            reason: reason(),
        },
        2 => Command::Role(RoleCommand::Assign { role: role(), who: other }),
        3 => Command::Role(RoleCommand::Offer { role: role(), to: other, brief: reason() }),
        4 => Command::Role(RoleCommand::Release { role: role(), who: Some(who()), reason: reason() }),
        5 => Command::Correct { target, text: "better".to_owned(), at: Some(When::exact(now)) },
        6 => Command::Retract { target, reason: reason() },
        7 => Command::Restore { target },
        8 => Command::Mark { target, on: dice.one_in(2) },
        9 => {
            Command::Link { what: "channel".to_owned(), url: format!("https://example.org/{}", dice.roll(9)) }
        }
        10 => Command::Update(SentUpdate {
            audience: "internal".to_owned(),
            word: Word::Investigating,
            body: reason(),
            next: Some(now + Span::from_mins(1)),
            approved_by: None,
            proposal: None,
            overrides: Vec::new(),
        }),
        11 => declaration("Declared twice"),
        12 => Command::Attach(PinnedPlaybook {
            name: "reload".to_owned(),
            digest: "0".repeat(64),
            text: PLAYBOOK.to_owned(),
        }),
        13 => any_step(dice, &seen),
        _ => Command::Note { kind: NoteKind::Note, text: format!("note {}", dice.roll(1_000)) },
    }
}

fn any_of<T: Copy>(dice: &mut Dice, of: &[T]) -> T {
    of[dice.roll(of.len() as u64) as usize]
}

fn any_entry(dice: &mut Dice, seen: &Folded) -> EntryId {
    let rows = seen.rows.as_slice();
    if rows.is_empty() { EntryId::nil() } else { rows[dice.roll(rows.len() as u64) as usize].id }
}

fn any_step(dice: &mut Dice, seen: &Folded) -> Command {
    let Some(run) = seen.incident.runs.first() else {
        return Command::Note { kind: NoteKind::Todo, text: "attach the playbook".to_owned() };
    };
    let lines = run.lines();
    let step = lines[dice.roll(lines.len() as u64) as usize].id.to_owned();
    let act = if dice.one_in(2) { StepCommand::Tick } else { StepCommand::Reopen };
    Command::Step { run: run.id, step, act }
}
