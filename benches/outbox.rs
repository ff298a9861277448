//! The full form of what warroom promises about the outside: each prints its figure, its seed and its duration.
//!
//! `cargo bench --bench outbox -- [schedules|load|all] [--seed N] [--count N]`. `schedules`: seeded faults in virtual time, with
//! the broken variants that have to be caught. `load`: 1,000 queued acts and 5,000 pieces of news in a minute, and how long each
//! turn of the console takes, drawn at 200x50. Exits with 1 when something is broken.

#![allow(dead_code)]

#[path = "../tests/it/door.rs"]
mod door;
#[path = "../tests/it/sync/sim.rs"]
mod sim;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use warroom::incident::command::{Declare, DeliveryCommand};
use warroom::incident::event::{ChatDeed, Declared, Deed, Requested};
use warroom::incident::{Command, Span};
use warroom::outbox::Outcome;
use warroom::outbox::news::{Author, Batch, News, What};
use warroom::outbox::routes::{Account, Routes, Service};
use warroom::room::Input as RoomInput;
use warroom::tui::app::Input;

use door::{Door, start};
use sim::Mutant;

const SCHEDULES: u64 = 10_000;
const SCREEN: (u16, u16) = (200, 50);
const ACTS: usize = 1_000;
const NEWS: usize = 5_000;
/// News come in batches, as a service sends them.
const BATCH: usize = 25;
/// A frame at 60 Hz.
const FRAME: Duration = Duration::from_micros(16_667);

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |name: &str| {
        let place = words.iter().position(|word| word == name)?;
        words.get(place + 1)?.parse::<u64>().ok()
    };
    let named = |name: &str| words.iter().any(|word| word == name || word == "all");
    let all = !words.iter().any(|word| word == "schedules" || word == "load");
    let mut right = true;
    if all || named("schedules") {
        right &= schedules(number("--seed").unwrap_or(1), number("--count").unwrap_or(SCHEDULES));
    }
    if all || named("load") {
        right &= load();
    }
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn schedules(seed: u64, count: u64) -> bool {
    let began = Instant::now();
    let (mut acts, mut asked, mut crashes, mut wrong) = (0, 0, 0, 0);
    for n in 0..count {
        let verdict = sim::run(seed.wrapping_add(n), Mutant::None);
        acts += verdict.acts;
        asked += verdict.asked;
        crashes += verdict.crashes;
        if !verdict.is_right() {
            wrong += 1;
            println!("seed {}: {verdict:?}", seed.wrapping_add(n));
        }
    }
    println!(
        "schedules: {count} of faults from seed {seed}: {acts} acts, {crashes} crashes, {asked} questions to a person; \
         {wrong} lost, doubled or out of order; {:.1} s",
        began.elapsed().as_secs_f64()
    );
    let uncaught: Vec<Mutant> = Mutant::ALL
        .into_iter()
        .filter(|mutant| (0..200).all(|n| sim::run(seed + n, *mutant).is_right()))
        .collect();
    println!("schedules: {} broken variants, not caught: {uncaught:?}", Mutant::ALL.len());
    wrong == 0 && uncaught.is_empty()
}

fn routes() -> Routes {
    let account =
        Account { name: "slack".into(), title: "Slack".into(), service: Service::Chat, ..Account::default() };
    Routes { accounts: vec![account], ..Routes::default() }
}

fn load() -> bool {
    let mut door = Door::room_with(
        SCREEN,
        |setup| setup.routes = routes(),
        |log| {
            let what = Declared { title: "a loud hour".into(), ..Declared::default() };
            let declared =
                log.order("alice", Command::Declare(Declare { what, ..Declare::default() }), start());
            let subject = declared[0].entry.id();
            for n in 0..ACTS {
                let deed = Deed::Chat(ChatDeed::Post { to: Some(format!("C{}", n % 20)), thread: None });
                let lane = format!("C{}", n % 20);
                let (client, title, body) = ("slack".to_owned(), format!("update {n}"), "text".to_owned());
                let request = Requested { client, lane, subject, title, body, deed };
                log.order("alice", Command::Delivery(DeliveryCommand::Request(Box::new(request))), start());
            }
        },
    );
    // A service that hangs: every act stays queued, its lanes keep trying.
    door.says = |_| Some(Outcome::failed(warroom::incident::event::FailureClass::Transient, "no answer"));
    let area = Rect::new(0, 0, SCREEN.0, SCREEN.1);
    let mut buffer = Buffer::empty(area);
    let mut turns = Vec::new();
    let pause = Span::from_ms(60_000 / (NEWS / BATCH) as i64);
    for batch in 0..NEWS / BATCH {
        let news = (0..BATCH).map(|n| piece(batch * BATCH + n)).collect();
        let began = Instant::now();
        let batch = Batch { news, cursor: None, more: false };
        door.input(Input::Room(RoomInput::Heard { account: "slack".into(), batch }));
        buffer.reset();
        door.app.draw(door.now, area, &mut buffer);
        turns.push(began.elapsed());
        let began = Instant::now();
        door.wait(pause);
        buffer.reset();
        door.app.draw(door.now, area, &mut buffer);
        turns.push(began.elapsed());
    }
    turns.sort();
    let at = |percent: usize| turns[(turns.len() - 1) * percent / 100];
    println!(
        "load: {ACTS} queued acts, {NEWS} pieces of news in a minute, {} turns with their frames: p50 {:.2} ms, p99 {:.2} ms, \
         longest {:.2} ms; a frame at 60 Hz is 16.67 ms",
        turns.len(),
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3,
        at(100).as_secs_f64() * 1e3
    );
    at(99) <= FRAME
}

fn piece(n: usize) -> News {
    News {
        remote: format!("C1/{n}"),
        at: start() + Span::from_ms(n as i64),
        author: Author {
            remote: format!("U{}", n % 40),
            name: format!("Person {}", n % 40),
            ..Author::default()
        },
        link: None,
        what: What::Said { text: format!("message {n} of a loud channel, as long as messages are") },
        echo_of: None,
    }
}
