//! The full form of what warroom promises about durability and safety: each prints its figure, its seed and its duration.
//!
//! `cargo bench --bench durability -- [kills|power|flips|faults|processes|hosts|hostile|teeth|all] [--seed N] [--count N]`.
//! A named promise runs in full, within five minutes; `all` runs all of them; without a name all run in their short form. The
//! code is the tests' own, of which `cargo test` runs a still shorter form. Exits with 1 when something is broken.

#![allow(dead_code, unused_imports)]

#[path = "../tests/it/journal/mod.rs"]
mod journal;
#[path = "../tests/it/promises/mod.rs"]
mod promises;
#[path = "../tests/it/pty.rs"]
mod pty;

use std::process::ExitCode;
use std::time::Instant;

use journal::{faults, flips, power};
use promises::{Promise, full_disk, hostile, hosts, kills, processes, side_by_side, teeth};

/// One measured figure.
struct Figure {
    /// What it is asked for by.
    name: &'static str,
    what: &'static str,
    /// Of kills, cuts, flips and so on, in the short form and in the full one.
    short: u64,
    full: u64,
    run: fn(seed: u64, count: u64) -> Promise,
}

/// Bytes of a journal in the short form and in the full one.
const SMALL: usize = 60_000;
const BIG: usize = 1 << 20;
/// From so many on, the journal whose bits are flipped is the big one.
const MANY: u64 = 1_000;

const FIGURES: [Figure; 11] = [
    Figure {
        name: "kills",
        what: "kill -9",
        short: 400,
        full: 10_000,
        run: |seed, n| kills::run(seed, n, &kills::REAL),
    },
    Figure { name: "power", what: "power loss", short: 20_000, full: 250_000, run: power::run },
    Figure {
        name: "flips",
        what: "bit flips, by line",
        short: SMALL as u64,
        full: BIG as u64,
        run: flips_by_line,
    },
    Figure { name: "flips", what: "bit flips, whole reader", short: 500, full: 10_000, run: flips_read },
    Figure { name: "faults", what: "failing calls", short: 100, full: 200, run: |_, n| faults::run(n) },
    Figure { name: "faults", what: "full file system", short: 1, full: 1, run: |_, _| full_disk::run() },
    Figure {
        name: "processes",
        what: "several processes",
        short: 100,
        full: 500,
        run: |_, n| processes::run(n),
    },
    Figure {
        name: "hosts",
        what: "several hosts",
        short: 3_000,
        full: 100_000,
        run: |seed, n| hosts::run(seed, n, &hosts::SOUND),
    },
    Figure { name: "hostile", what: "hostile text, cleaner", short: 100_000, full: 1_000_000, run: cleaned },
    Figure {
        name: "hostile",
        what: "hostile text, terminal",
        short: 500,
        full: 10_000,
        run: hostile::through_a_terminal,
    },
    Figure { name: "teeth", what: "broken variants", short: 0, full: 0, run: |_, _| bite() },
];

fn flips_by_line(_: u64, bytes: u64) -> Promise {
    flips::all(bytes as usize, flips::read)
}

fn flips_read(seed: u64, count: u64) -> Promise {
    flips::through_the_reader(seed, count, if count < MANY { SMALL } else { BIG })
}

fn cleaned(seed: u64, count: u64) -> Promise {
    hostile::through_the_cleaner(seed, count, &hostile::CLEANER)
}

fn bite() -> Promise {
    let missed: Vec<&str> =
        teeth::ALL.iter().filter(|(_, caught)| !caught()).map(|(name, _)| *name).collect();
    if missed.is_empty() {
        Ok(format!("{} broken variants, each caught", teeth::ALL.len()))
    } else {
        Err(format!("went unnoticed: {}", missed.join(", ")))
    }
}

/// What was asked for.
#[derive(Default)]
struct Wanted {
    names: Vec<String>,
    seed: Option<u64>,
    count: Option<u64>,
}

impl Wanted {
    fn from_args() -> Result<Self, String> {
        let mut wanted = Self::default();
        let mut args = std::env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut number =
                || args.next().and_then(|text| text.parse().ok()).ok_or(format!("{arg} needs a number"));
            match arg.as_str() {
                "--seed" => wanted.seed = Some(number()?),
                "--count" => wanted.count = Some(number()?),
                // Cargo's own.
                "--bench" => {}
                name if name == "all" || FIGURES.iter().any(|figure| figure.name == name) => {
                    wanted.names.push(arg)
                }
                other => {
                    return Err(format!(
                        "nothing is called {other:?}; see the head of benches/durability.rs"
                    ));
                }
            }
        }
        Ok(wanted)
    }

    fn wants(&self, figure: &Figure) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name == "all" || name == figure.name)
    }

    fn count(&self, figure: &Figure) -> u64 {
        self.count.unwrap_or(if self.names.is_empty() { figure.short } else { figure.full })
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::from_args() {
        Ok(wanted) => wanted,
        Err(why) => {
            eprintln!("error: {why}");
            return ExitCode::from(2);
        }
    };
    let broken = FIGURES
        .iter()
        .filter(|figure| wanted.wants(figure))
        .filter(|figure| !measure(figure, &wanted))
        .count();
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether the promise held.
fn measure(figure: &Figure, wanted: &Wanted) -> bool {
    let seed = wanted.seed.unwrap_or(1);
    let begun = Instant::now();
    let outcome = (figure.run)(seed, wanted.count(figure));
    let took = begun.elapsed();
    let (word, text) = match &outcome {
        Ok(text) => ("held", text),
        Err(text) => ("BROKEN", text),
    };
    println!("{word}  {:<24} {text}; seed {seed}, {took:.1?}", figure.what);
    outcome.is_ok()
}
