//! What it costs to open a journal cold: read, check every digest, parse, fold.
//!
//! `cargo bench --bench fold`; `WARROOM_BENCH_MILLION=1` adds the journal of a million entries.

mod made;

use divan::Bencher;
use tempfile::TempDir;

use warroom::incident::{HostId, IncidentId};
use warroom::journal::Journal;
use warroom::room::Folded;

const HOST: HostId = HostId::new(0xa1b2_c3d4_e5f6);

fn main() {
    divan::main();
}

fn sizes() -> Vec<usize> {
    let million = std::env::var_os("WARROOM_BENCH_MILLION").map(|_| 1_000_000);
    [1_000, 100_000].into_iter().chain(million).collect()
}

fn written(count: usize) -> TempDir {
    let folder = tempfile::tempdir_in(std::env::var("WARROOM_BENCH_DIR").unwrap_or_else(|_| ".".to_owned()));
    let folder = folder.expect("a folder");
    made::journal(folder.path(), IncidentId::nil(), HOST, count).expect("room on the disk");
    folder
}

#[divan::bench(args = sizes(), sample_count = 10, sample_size = 1)]
fn open_and_fold(bencher: Bencher, count: usize) {
    let folder = written(count);
    bencher.bench_local(|| {
        let mut folded = Folded::default();
        let read = Journal::open(folder.path(), HOST)
            .and_then(|mut journal| journal.take_in_with(&mut |placed| folded.take_one(&placed)));
        assert!(read.is_ok_and(|end| end.entries == count as u64 && !end.late));
        folded
    });
}

/// The fold alone, of entries that are in memory.
#[divan::bench(args = sizes(), sample_count = 10, sample_size = 1)]
fn fold(bencher: Bencher, count: usize) {
    let folder = written(count);
    let news = Journal::open(folder.path(), HOST).and_then(|mut journal| journal.take_in());
    let entries = news.expect("its entries").entries;
    bencher.bench_local(|| Folded::of(&entries));
}
