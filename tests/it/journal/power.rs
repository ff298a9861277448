//! Power cuts at any moment, recovery included: what was acknowledged is there afterwards.

use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;

use warroom::incident::ids::EntryId;
use warroom::journal::{AppendError, Appended, Journal, verify_on};

use super::sim::{SimDisk, Weather};
use super::{Dice, HOST, INCIDENT, at, note};
use crate::promises::{Promise, side_by_side};

const DIR: &str = "/home/incident";

/// What a schedule has been promised, and what it tried.
#[derive(Default)]
struct Ledger {
    acknowledged: Vec<EntryId>,
    /// Numbers of the texts tried; a recovered entry must be one of them.
    tried: u64,
}

/// Runs one schedule with some power cuts; the error says what was broken.
fn schedule(seed: u64, lies: &Weather) -> Result<u64, String> {
    let mut dice = Dice::new(seed);
    let disk = SimDisk::new(seed ^ 0x5eed);
    let mut ledger = Ledger::default();
    let mut cuts = 0;
    let failing = dice.one_in(3);
    for _ in 0..2 + dice.roll(4) {
        let power_for = Some(dice.roll(120));
        let (one_in, kind) = if failing { (25, Some(ErrorKind::Other)) } else { (0, None) };
        disk.set_weather(Weather { power_for, one_in, kind, ..lies.clone() });
        live(&disk, &mut dice, &mut ledger);
        disk.cut_power();
        cuts += 1;
        disk.set_weather(lies.clone());
        check(&disk, &ledger, failing)?;
    }
    Ok(cuts)
}

/// One run of the program, until the power goes or it has written enough.
fn live(disk: &SimDisk, dice: &mut Dice, ledger: &mut Ledger) {
    let Some(mut journal) = begin(disk) else { return };
    let mut second = None;
    for _ in 0..3 + dice.roll(20) {
        if dice.one_in(12) {
            second = begin(disk);
        }
        let writer = match &mut second {
            Some(other) if dice.one_in(2) => other,
            _ => &mut journal,
        };
        append(writer, dice, ledger);
    }
}

fn begin(disk: &SimDisk) -> Option<Journal> {
    let dir = Path::new(DIR);
    match Journal::create_on(disk.arc(), dir, INCIDENT, HOST) {
        Ok(journal) => Some(journal),
        Err(_) => {
            let mut journal = Journal::open_on(disk.arc(), dir, HOST).ok()?;
            journal.take_in().ok()?;
            Some(journal)
        }
    }
}

fn append(journal: &mut Journal, dice: &mut Dice, ledger: &mut Ledger) {
    for _ in 0..8 {
        let count = 1 + dice.roll(3);
        let now = at((ledger.tried * 2) as i64);
        let drafts = (0..count).map(|n| note(&words(ledger.tried + n, dice))).collect();
        ledger.tried += count;
        match journal.append(drafts, now) {
            Ok(Appended::Written { entries, .. }) => {
                ledger.acknowledged.extend(entries.iter().map(|placed| placed.entry.id()));
                return;
            }
            Ok(Appended::Moved(_)) => {}
            Err(AppendError::Refused { .. } | AppendError::Doubtful { .. } | AppendError::Journal(_)) => {
                return;
            }
            Err(error @ AppendError::TooLong { .. }) => panic!("{error}"),
        }
    }
}

fn words(n: u64, dice: &mut Dice) -> String {
    let mut text = format!("entry {n} ");
    let filler = if dice.one_in(4) { dice.roll(1400) } else { dice.roll(60) };
    text.extend((0..filler).map(|n| char::from(b'a' + (n % 26) as u8)));
    text
}

/// After failed calls `verify` may rightly miss numbers: those of lines that were read by a second console, could not be
/// taken back when their sync failed, and were never acknowledged.
fn check(disk: &SimDisk, ledger: &Ledger, failing: bool) -> Result<(), String> {
    let dir = Path::new(DIR);
    let Ok(mut journal) = Journal::open_on(disk.arc(), dir, HOST) else {
        return ledger.acknowledged.is_empty().then_some(()).ok_or("the folder is gone".to_owned());
    };
    let news = journal.take_in().map_err(|error| error.to_string())?;
    let found: Vec<EntryId> = news.entries.iter().map(|placed| placed.entry.id()).collect();
    let promised: HashSet<_> = ledger.acknowledged.iter().copied().collect();
    let kept: Vec<EntryId> = found.iter().copied().filter(|id| promised.contains(id)).collect();
    if kept != ledger.acknowledged {
        let lost = ledger.acknowledged.iter().filter(|id| !kept.contains(id)).count();
        return Err(format!(
            "{lost} of {} acknowledged entries lost, or out of order",
            ledger.acknowledged.len()
        ));
    }
    if found.iter().collect::<HashSet<_>>().len() != found.len() {
        return Err("an entry was handed out twice".to_owned());
    }
    let verdict = verify_on(disk.arc(), dir).map_err(|error| error.to_string())?;
    if verdict.entries < kept.len() as u64 || !failing && !verdict.cut.is_empty() {
        return Err(format!("verify saw {} entries, cut: {:?}", verdict.entries, verdict.cut));
    }
    Ok(())
}

/// `wanted` power cuts, in schedules of some each.
pub fn run(seed: u64, wanted: u64) -> Promise {
    let shares = side_by_side(|worker, workers| {
        let (mut cuts, mut schedules) = (0, 0);
        while cuts < wanted.div_ceil(workers) {
            let dice = Dice::seed_of(seed, schedules * workers + worker);
            cuts +=
                schedule(dice, &Weather::default()).map_err(|why| format!("schedule {dice:#x}: {why}"))?;
            schedules += 1;
        }
        Ok((cuts, schedules))
    })?;
    let cuts: u64 = shares.iter().map(|(cuts, _)| cuts).sum();
    let schedules: u64 = shares.iter().map(|(_, schedules)| schedules).sum();
    Ok(format!("{cuts} power cuts in {schedules} schedules, 0 acknowledged entries lost"))
}

#[test]
fn nothing_acknowledged_is_lost_when_the_power_goes() {
    run(0, 2_000).unwrap_or_else(|why| panic!("{why}"));
}

/// Whether a disk, and so a journal, that skips what matters is noticed.
pub fn catches(lies: &Weather) -> bool {
    (1..400).any(|seed| schedule(seed, lies).is_err())
}
