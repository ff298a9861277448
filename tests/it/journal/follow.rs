//! An open console hears of what others write.

use std::sync::mpsc::channel;
use std::time::Duration;

use warroom::journal::{Follower, Journal};

use super::{HOST, INCIDENT, at, write};

const LONG: Duration = Duration::from_secs(5);
const QUIET: Duration = Duration::from_millis(150);

#[test]
fn a_follower_hears_of_an_append_and_of_nothing_else() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut journal = Journal::create(dir.path(), INCIDENT, HOST).expect("a journal");
    let (tell, told) = channel();
    let follower = Follower::start(dir.path(), move || tell.send(()).unwrap_or_default()).expect("a watcher");
    write(&mut journal, "news", at(1));
    assert!(told.recv_timeout(LONG).is_ok(), "nothing was told");
    while told.recv_timeout(QUIET).is_ok() {}
    let news = Journal::open(dir.path(), HOST).and_then(|mut journal| journal.take_in());
    assert_eq!(news.map(|news| news.entries.len()).ok(), Some(1));
    assert!(told.recv_timeout(QUIET).is_err(), "reading is no news");
    drop(follower);
    assert!(told.recv_timeout(LONG).is_err(), "its thread has ended");
}
