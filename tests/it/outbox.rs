//! The outbox: nothing is sent twice blindly, nothing is forgotten, one bad lane stops no other.

use std::collections::BTreeSet;

use proptest::option;
use proptest::prelude::*;
use ulid::Ulid;
use warroom::incident::event::{Deed, DeliveryEvent, FailureClass, Requested};
use warroom::incident::{Draft, Entry, EntryId, Event, HostId, Span, Stamp, Time};
use warroom::outbox::{Act, Next, Outbox, State};

use crate::door::{host, start};
use crate::fold::any::{class, delivery};

/// Requests in the tests; odd ones go to another lane, the last is another host's.
const ACTS: u64 = 6;

fn request(n: u64) -> EntryId {
    Ulid::from_parts(1, u128::from(n))
}

fn secs(n: i64) -> Time {
    start() + Span::from_secs(n)
}

fn entry(event: DeliveryEvent, id: EntryId, host: HostId, at: Time) -> Entry {
    let stamp = Stamp { time: at, tick: 0, host };
    Draft::new(Event::Delivery(event), "local".into()).into_entry(id, 1, stamp)
}

fn requested(lane: &str) -> DeliveryEvent {
    let (client, lane, title, body) = ("local".into(), lane.into(), "t".into(), "b".into());
    let deed = Deed::Record;
    DeliveryEvent::Requested(Box::new(Requested { client, lane, subject: request(99), title, body, deed }))
}

/// An outbox with all requests, made one after the other.
fn asked() -> Outbox {
    let mut outbox = Outbox::default();
    for n in 0..ACTS {
        let host = if n + 1 == ACTS { HostId::new(0xbb) } else { host() };
        let lane = if n % 2 == 0 { "even" } else { "odd" };
        outbox.apply(&entry(requested(lane), request(n), host, secs(0)));
    }
    outbox
}

fn tell(outbox: &mut Outbox, event: DeliveryEvent, at: Time) {
    outbox.apply(&entry(event, request(1000), host(), at));
}

fn attempted(n: u64, attempt: u32) -> DeliveryEvent {
    DeliveryEvent::Attempted { request: request(n), attempt }
}

fn failed(n: u64, class: FailureClass, retry_after: Option<i64>) -> DeliveryEvent {
    let retry_after = retry_after.map(Span::from_secs);
    DeliveryEvent::Failed { request: request(n), class, message: "no".into(), retry_after, ask: false }
}

fn state(outbox: &Outbox, n: u64) -> State {
    outbox.get(request(n)).unwrap().state.clone()
}

/// Everything that may be done now.
fn all_next(outbox: &Outbox, now: Time) -> Vec<Next> {
    let mut busy = BTreeSet::new();
    let mut all = Vec::new();
    while let Some(next) = outbox.next(host(), now, &busy) {
        let (Next::Attempt(request) | Next::Find(request)) = next;
        assert!(busy.insert(request), "the same act twice");
        all.push(next);
    }
    all
}

/// Of each of our lanes the open act that is on its way, or may be; else the oldest.
fn heads(outbox: &Outbox) -> Vec<&Act> {
    let on_its_way = |act: &&Act| matches!(act.state, State::Attempted { .. } | State::Doubtful { .. });
    let ours = || outbox.open().filter(|act| act.host == host());
    let mut lanes = BTreeSet::new();
    ours().filter(on_its_way).chain(ours()).filter(|act| lanes.insert(act.lane.clone())).collect()
}

/// Something happens to one of the acts, some seconds later.
fn happenings() -> impl Strategy<Value = Vec<(DeliveryEvent, i64)>> {
    prop::collection::vec((delivery((0..ACTS + 1).prop_map(request)), 0..30_i64), 0..40)
}

proptest! {
    #[test]
    fn whatever_happens_nothing_is_resent_blindly(happenings in happenings()) {
        let mut outbox = asked();
        let mut now = secs(0);
        for (event, gap) in happenings {
            now = now + Span::from_secs(gap);
            let before = outbox.clone();
            tell(&mut outbox, event, now);
            for n in 0..ACTS {
                let was = state(&before, n);
                prop_assert!(!was.is_settled() || state(&outbox, n) == was, "settled stays settled");
            }
            let heads: Vec<Act> = heads(&outbox).into_iter().cloned().collect();
            let next = all_next(&outbox, now);
            for next in &next {
                let act = heads.iter().find(|act| act.request == next.request());
                let state = &act.expect("only the first of a lane").state;
                let fits = match next {
                    Next::Attempt(_) => matches!(state, State::Waiting { .. } | State::Failing { .. }),
                    Next::Find(_) => matches!(state, State::Attempted { .. } | State::Doubtful { .. }),
                };
                prop_assert!(fits, "{next:?} of {state:?}");
            }
            // Nothing that can go on is forgotten; an account that lets nobody in waits for a person.
            let later = all_next(&outbox, now + Span::from_secs(100_000));
            let waits = |act: &&Act| !act.state.needs_person();
            let locked = outbox.locked_out("local").is_some();
            prop_assert_eq!(later.len(), if locked { 0 } else { heads.iter().filter(waits).count() });
        }
    }

    #[test]
    fn a_kept_outbox_is_the_same(happenings in happenings()) {
        let mut outbox = asked();
        for (event, gap) in happenings {
            tell(&mut outbox, event, secs(gap));
        }
        let kept = serde_json::to_string(&outbox).unwrap();
        prop_assert_eq!(serde_json::from_str::<Outbox>(&kept).unwrap(), outbox);
    }

    #[test]
    fn a_passing_failure_waits_as_long_as_it_must(attempt in 1..u32::MAX, asked_to in option::of(0..5000_i64)) {
        let mut outbox = asked();
        tell(&mut outbox, attempted(0, attempt), secs(1));
        tell(&mut outbox, failed(0, FailureClass::Transient, asked_to), secs(2));
        let State::Failing { from, .. } = state(&outbox, 0) else { panic!("it waits") };
        let wait = from.since(secs(2));
        // Full jitter: anything up to a bound that doubles, and the same for the same log.
        let bound = if attempt > 8 { 300 } else { 2 << (attempt - 1) };
        prop_assert!((Span::ZERO..=Span::from_secs(asked_to.unwrap_or(bound))).contains(&wait), "{wait:?}");
        prop_assert!(asked_to.is_none_or(|asked| wait == Span::from_secs(asked)), "what the remote asks for is obeyed");
        let before = from - Span::from_ms(1);
        prop_assert!(wait == Span::ZERO || !all_next(&outbox, before).contains(&Next::Attempt(request(0))));
        prop_assert!(all_next(&outbox, from).contains(&Next::Attempt(request(0))));
        prop_assert!(wait == Span::ZERO || outbox.wakes_at(host(), secs(2)) == Some(from));
        // A service that asked to be left alone is left alone in every lane.
        let other = all_next(&outbox, before).contains(&Next::Attempt(request(1)));
        prop_assert!(wait == Span::ZERO || other == asked_to.is_none());
    }

    #[test]
    fn only_a_passing_failure_is_tried_again_by_itself(class in class()) {
        let mut outbox = asked();
        tell(&mut outbox, attempted(0, 1), secs(1));
        tell(&mut outbox, failed(0, class, None), secs(2));
        let later = all_next(&outbox, secs(100_000));
        prop_assert_eq!(later.contains(&Next::Attempt(request(0))), class == FailureClass::Transient);
        prop_assert_eq!(later.contains(&Next::Find(request(0))), class == FailureClass::Unknown);
        prop_assert_eq!(later.contains(&Next::Attempt(request(1))), class != FailureClass::Auth, "the other lane goes on");
        // The lane keeps its order: what comes after waits for the first, unless that is settled.
        prop_assert_eq!(later.contains(&Next::Attempt(request(2))), class == FailureClass::AlreadyDone);
    }
}

#[test]
fn lanes_keep_their_order() {
    let mut outbox = asked();
    assert_eq!(all_next(&outbox, secs(0)), [Next::Attempt(request(0)), Next::Attempt(request(1))]);
    tell(&mut outbox, attempted(0, 1), secs(1));
    let confirmed = DeliveryEvent::Confirmed { request: request(0), remote: "7".into(), link: None };
    tell(&mut outbox, confirmed, secs(2));
    assert_eq!(all_next(&outbox, secs(2)), [Next::Attempt(request(1)), Next::Attempt(request(2))]);
}

#[test]
fn what_was_attempted_before_a_crash_is_looked_for() {
    let mut outbox = asked();
    tell(&mut outbox, attempted(0, 1), secs(1));
    assert!(all_next(&outbox, secs(1)).contains(&Next::Find(request(0))));
}

#[test]
fn what_nobody_knows_is_looked_for_again_and_ever_more_rarely() {
    let mut outbox = asked();
    tell(&mut outbox, attempted(0, 1), secs(1));
    let mut at = secs(2);
    let mut waits = Vec::new();
    for _ in 0..12 {
        tell(&mut outbox, failed(0, FailureClass::Unknown, None), at);
        assert!(!all_next(&outbox, at).contains(&Next::Find(request(0))), "not at once");
        let next = outbox.wakes_at(host(), at).unwrap();
        assert!(all_next(&outbox, next).contains(&Next::Find(request(0))));
        waits.push(next.since(at).secs());
        at = next;
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!((waits[0], waits[11]), (1, 300));
}

#[test]
fn another_hosts_acts_are_left_alone() {
    let mut outbox = asked();
    for n in 0..ACTS - 1 {
        tell(&mut outbox, DeliveryEvent::Dropped { request: request(n), reason: String::new() }, secs(1));
    }
    assert_eq!(all_next(&outbox, secs(9)), []);
    assert_eq!(outbox.open().count(), 1);
}

#[test]
fn a_request_that_comes_twice_is_not_undone() {
    let mut outbox = asked();
    tell(&mut outbox, DeliveryEvent::Dropped { request: request(0), reason: String::new() }, secs(1));
    outbox.apply(&entry(requested("even"), request(0), host(), secs(2)));
    assert!(state(&outbox, 0).is_settled());
    assert!(outbox.open().all(|act| act.request != request(0)));
}

#[test]
fn another_hosts_acts_are_carried_out_once_they_are_taken_over_and_what_it_tried_is_looked_for() {
    let mut outbox = asked();
    let other = HostId::new(0xbb);
    let theirs = request(ACTS - 1);
    let tell_as = |outbox: &mut Outbox, host, event, at| outbox.apply(&entry(event, request(2000), host, at));
    tell_as(&mut outbox, other, attempted(ACTS - 1, 1), secs(1));
    assert!(!all_next(&outbox, secs(9)).iter().any(|next| next.request() == theirs));
    tell_as(&mut outbox, host(), DeliveryEvent::TakenOver { from: other }, secs(10));
    // In its lane it comes after ours.
    for n in [1, 3] {
        tell(&mut outbox, DeliveryEvent::Dropped { request: request(n), reason: String::new() }, secs(11));
    }
    assert!(all_next(&outbox, secs(12)).contains(&Next::Find(theirs)), "it may have arrived");
    let mut busy = BTreeSet::new();
    busy.insert(request(0));
    assert_eq!(outbox.next(other, secs(12), &busy), None, "and the other leaves it alone");
}

#[test]
fn what_may_have_arrived_keeps_its_words() {
    let mut outbox = asked();
    let reworded =
        |n| DeliveryEvent::Reworded { request: request(n), title: "other".into(), body: "words".into() };
    tell(&mut outbox, attempted(0, 1), secs(1));
    tell(&mut outbox, reworded(0), secs(2));
    assert_eq!(outbox.get(request(0)).unwrap().body, "b");
    tell(&mut outbox, failed(0, FailureClass::Permanent, None), secs(3));
    tell(&mut outbox, reworded(0), secs(4));
    assert_eq!(outbox.get(request(0)).unwrap().body, "words");
    assert!(all_next(&outbox, secs(4)).contains(&Next::Attempt(request(0))), "and goes out with them");
}

#[test]
fn an_account_that_lets_nobody_in_waits_as_a_whole_until_it_is_mended() {
    let mut outbox = asked();
    tell(&mut outbox, attempted(0, 1), secs(1));
    tell(&mut outbox, failed(0, FailureClass::Auth, None), secs(2));
    assert_eq!(all_next(&outbox, secs(9_999)), [], "no other lane runs into the same wall");
    assert_eq!(outbox.wakes_at(host(), secs(3)), None);
    tell(&mut outbox, DeliveryEvent::Retried { request: request(0) }, secs(10));
    assert_eq!(all_next(&outbox, secs(10)).len(), 2, "all lanes go on");
}
