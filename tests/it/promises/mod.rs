//! What warroom promises about durability and safety, each measured by the same code in two sizes.
//!
//! The quick form of a promise runs here in `cargo test`, the full one in `cargo bench --bench durability`, which includes
//! these modules. Each has `run(seed, count)`, which answers its figure in words, or what was broken. Power cuts, failing
//! calls and flipped bits are in `journal`; here is what needs real processes, several hosts or a terminal.

pub mod full_disk;
pub mod hostile;
pub mod hosts;
pub mod kills;
pub mod processes;
pub mod teeth;
pub mod world;

use std::thread;

/// The figure, or what was broken and with which dice.
pub type Promise = Result<String, String>;

/// CI has two cores.
const WORKERS: u64 = 2;

/// Runs `share(worker, workers)` on each core; the first thing that was broken, or all answers.
pub fn side_by_side<T: Send>(share: impl Fn(u64, u64) -> Result<T, String> + Sync) -> Result<Vec<T>, String> {
    let share = &share;
    thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|worker| scope.spawn(move || share(worker, WORKERS))).collect();
        workers.into_iter().map(|worker| worker.join().map_err(|_| "a worker panicked".to_owned())?).collect()
    })
}

/// The seed of the quick forms.
const SEED: u64 = 1;

#[track_caller]
fn hold(promise: Promise) {
    promise.unwrap_or_else(|why| panic!("{why}"));
}

#[test]
fn killed_at_any_moment() {
    hold(kills::run(SEED, 60, &kills::REAL));
}

#[test]
fn s2_7_several_processes_keep_one_chain() {
    hold(processes::run(60));
}

#[test]
fn s2_7_several_hosts_fold_to_one_state() {
    hold(hosts::run(SEED, 300, &hosts::SOUND));
}

#[test]
fn a_hundred_thousand_hostile_strings() {
    hold(hostile::through_the_cleaner(SEED, 100_000, &hostile::CLEANER));
}

#[test]
fn hostile_lines_on_a_real_terminal() {
    hold(hostile::through_a_terminal(SEED, 150));
}

#[test]
#[ignore = "needs root to mount a tiny file system"]
fn a_file_system_that_is_full_or_read_only() {
    hold(full_disk::run());
}
