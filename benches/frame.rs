//! From a key to a drawn frame, without a terminal: the console's own share of what a person waits for.
//!
//! `cargo bench --bench frame`; `WARROOM_BENCH_MILLION=1` adds the journal of a million entries.

mod made;

use std::path::PathBuf;

use crossterm::event::Event as TermEvent;
use divan::Bencher;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tempfile::TempDir;

use warroom::config::{Paths, shipped};
use warroom::incident::{HostId, IncidentId, PersonId, Time, Zone};
use warroom::journal::Journal;
use warroom::room::{Folded, Room};
use warroom::tui::app::{App, Input, Setup};
use warroom::tui::keymap::Keymap;
use warroom::tui::keys::typed;
use warroom::tui::screens::home::Home;
use warroom::tui::screens::room::Live;
use warroom::tui::theme::{Glyphs, Theme};

const HOST: HostId = HostId::new(0xa1b2_c3d4_e5f6);
const SCREEN: Rect = Rect::new(0, 0, 200, 50);
/// A day after the journal begins.
const NOW: Time = Time::from_ms(1_773_541_025_000);

fn main() {
    divan::main();
}

fn sizes() -> Vec<usize> {
    let million = std::env::var_os("WARROOM_BENCH_MILLION").map(|_| 1_000_000);
    [5_000, 100_000].into_iter().chain(million).collect()
}

/// A room on a journal of `count` entries; the folder goes with it.
fn room(count: usize) -> (App, TempDir) {
    let folder = tempfile::tempdir_in(std::env::var("WARROOM_BENCH_DIR").unwrap_or_else(|_| ".".to_owned()));
    let folder = folder.expect("a folder");
    made::journal(folder.path(), IncidentId::nil(), HOST, count).expect("room on the disk");
    let mut folded = Folded::default();
    let mut journal = Journal::open(folder.path(), HOST).expect("a journal");
    journal.take_in_with(&mut |placed| folded.take_one(&placed)).expect("its entries");
    let setup = setup();
    let room = Room::new(folded, setup.policy.clone(), HOST, false);
    let live = Box::new(Live::new(IncidentId::nil(), room, Box::new(journal.store())));
    let mut app = App::new(setup, Home::new(Vec::new(), Vec::new()), SCREEN);
    app.handle(Input::Entered { reference: "INC-0001".into(), live, drafts: Default::default() }, NOW);
    (app, folder)
}

fn setup() -> Setup {
    let nowhere = PathBuf::from("/nowhere");
    let paths = Paths { config: nowhere.clone(), data: nowhere.clone(), state: nowhere };
    Setup {
        routes: Default::default(),
        policy: shipped::policy(&paths, &["data"]).expect("the shipped policy"),
        paths,
        me: PersonId::new("alice"),
        zone: Zone::Utc,
        theme: Theme::ansi(),
        glyphs: Glyphs::choose(Some(true)),
        keymap: Keymap::new(&Default::default()).expect("the keys of the registry"),
    }
}

/// Presses the keys in turn, over and over, and draws after each.
fn press(bencher: Bencher, count: usize, keys: &str) {
    let (mut app, _folder) = room(count);
    let mut buffer = Buffer::empty(SCREEN);
    let keys = typed(keys);
    let mut turn = keys.iter().cycle();
    bencher.bench_local(|| {
        let key = turn.next().copied().expect("a key");
        app.handle(Input::Terminal(TermEvent::Key(key)), NOW);
        buffer.reset();
        app.draw(NOW, SCREEN, &mut buffer)
    });
}

#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn move_up(bencher: Bencher, count: usize) {
    press(bencher, count, "k");
}

#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn next_pane(bencher: Bencher, count: usize) {
    press(bencher, count, "<tab>");
}

/// Each letter begins the search again; none waits for it.
#[divan::bench(args = sizes(), sample_count = 200, sample_size = 1)]
fn type_a_filter(bencher: Bencher, count: usize) {
    press(bencher, count, "/zirconium<esc>");
}
