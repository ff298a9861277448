//! Replay: every moment equals a fresh fold, playing keeps time, and the ruler adds up.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ulid::Ulid;

use warroom::incident::entry::{Draft, Entry, Stamp};
use warroom::incident::event::*;
use warroom::incident::rows::{MemoryStore, Placed};
use warroom::incident::scribe::NoteKind;
use warroom::incident::words::{Phase, Status, Word};
use warroom::incident::{EntryId, HostId, PersonId, Span, Time, When, Zone};
use warroom::replay::{Player, Recording, SPEEDS, parse_goto};
use warroom::room::Folded;

/// 2017-01-31T17:20:00Z
const START: Time = Time::from_ms(1_485_883_200_000);
/// Real time when a test begins: nowhere near what is replayed.
const REAL: Time = Time::from_ms(1_795_000_000_000);

fn secs(n: i64) -> Span {
    Span::from_secs(n)
}

fn id(seq: usize) -> EntryId {
    Ulid::from_parts(START.ms() as u64, seq as u128 + 1)
}

fn entry(seq: usize, known: Time, at: Option<Time>, event: Event) -> Entry {
    let stamp = Stamp { time: START + secs(seq as i64), tick: 0, host: HostId::new(7) };
    let mut draft = Draft::new(event, PersonId::new("alice")).at(at.map(When::exact));
    draft.known = Some(known);
    draft.into_entry(id(seq), seq as u64 + 1, stamp)
}

fn declared() -> Event {
    let what = Declared { title: "orders are gone".into(), ..Declared::default() };
    Event::Incident(IncidentEvent::Declared(what))
}

fn note(kind: NoteKind) -> Event {
    Event::Note(NoteEvent::Written { kind, text: "looked at the replica".into() })
}

fn moved(from: Status, to: Status) -> Event {
    Event::Status(StatusEvent::Moved { from, to, reason: String::new() })
}

fn update() -> Event {
    let body = "we are looking".to_owned();
    let sent = SentUpdate {
        audience: "internal".into(),
        word: Word::Investigating,
        body,
        next: None,
        approved_by: None,
        proposal: None,
        overrides: Vec::new(),
    };
    Event::Update(UpdateEvent::Sent(sent))
}

fn placed(entries: Vec<Entry>) -> (Vec<Placed>, MemoryStore) {
    let mut store = MemoryStore::default();
    let place = |entry: Entry| {
        let entry = Arc::new(entry);
        Placed { locator: store.push(entry.clone()), entry }
    };
    (entries.into_iter().map(place).collect(), store)
}

fn player(entries: Vec<Entry>) -> (Player, Vec<Placed>) {
    let (placed, store) = placed(entries);
    let mut recording = Recording::default();
    placed.iter().for_each(|placed| recording.take(placed));
    (Player::new(recording, Box::new(store)), placed)
}

/// A small incident: entries at 0, 10, 20, 20, 600, 3600 seconds.
fn story() -> Player {
    let at = |n| START + secs(n);
    let entries = vec![
        entry(0, at(0), None, declared()),
        entry(1, at(10), None, note(NoteKind::Note)),
        entry(2, at(20), None, moved(Status::Alerted, Status::Triage)),
        entry(3, at(20), None, note(NoteKind::Decision)),
        entry(4, at(600), None, update()),
        entry(5, at(3600), None, moved(Status::Triage, Status::Resolved)),
    ];
    player(entries).0
}

fn without_rows(folded: &Folded) -> (&warroom::incident::Incident, &warroom::outbox::Outbox) {
    (&folded.incident, &folded.outbox)
}

/// The first `count` entries to become known, folded in their order.
fn naive(all: &[Placed], count: usize) -> Folded {
    let mut by_known: Vec<usize> = (0..all.len()).collect();
    by_known.sort_by_key(|seq| all[*seq].entry.known_at());
    by_known.truncate(count);
    by_known.sort_unstable();
    Folded::of(&by_known.into_iter().map(|seq| all[seq].clone()).collect::<Vec<_>>())
}

fn check_same(folded: &Folded, expected: &Folded) {
    assert!(without_rows(folded) == without_rows(expected), "the incident or its outbox differs");
    let (rows, expected) = (folded.rows.as_slice(), expected.rows.as_slice());
    assert_eq!(rows.len(), expected.len(), "rows");
    assert_eq!(
        rows.iter().zip(expected).position(|(row, other)| row != other),
        None,
        "the first row that differs"
    );
}

/// What may be asked of a player, in any order.
#[derive(Clone, Debug)]
enum Ask {
    Seek(i64),
    Step(bool),
    Phase(bool),
    Mark(bool),
    Play(i64),
}

fn asks() -> impl Strategy<Value = Ask> {
    prop_oneof![
        (-100..3_000_i64).prop_map(Ask::Seek),
        any::<bool>().prop_map(Ask::Step),
        any::<bool>().prop_map(Ask::Phase),
        any::<bool>().prop_map(Ask::Mark),
        (0..20_000_i64).prop_map(Ask::Play),
    ]
}

fn carry_out(player: &mut Player, ask: &Ask, real: Time) {
    match ask {
        Ask::Seek(to) => player.seek(START + secs(*to), real),
        Ask::Step(forward) => _ = player.step(*forward, real),
        Ask::Phase(true) => _ = player.next_phase(real),
        Ask::Phase(false) => _ = player.previous_phase(real),
        Ask::Mark(true) => _ = player.next_mark(real),
        Ask::Mark(false) => _ = player.previous_mark(real),
        Ask::Play(ms) => {
            player.play(real);
            player.tick(real + Span::from_ms(*ms));
            player.pause(real + Span::from_ms(*ms));
        }
    }
}

/// One entry: its kind, how late it was recorded, when it is said to have happened, and whom it is about.
fn events() -> impl Strategy<Value = (u8, i64, i64, usize)> {
    let late = prop_oneof![8 => Just(0_i64), 1 => 0..400_i64, 1 => Just(300)];
    let ago = prop_oneof![3 => Just(0_i64), 1 => 0..90_i64];
    (0..14_u8, late, ago, any::<usize>())
}

fn event(seq: usize, kind: u8, at: Time, pick: usize) -> Event {
    let target = id(pick % (seq + 3));
    match kind {
        _ if seq == 0 => declared(),
        0 => note(NoteKind::Decision),
        1 => {
            let at = pick.is_multiple_of(2).then_some(at);
            Event::Note(NoteEvent::Corrected { target, text: "no".into(), at, about: false })
        }
        2 => Event::Note(NoteEvent::Corrected { target, text: "yes".into(), at: Some(at), about: true }),
        3 => moved(Status::ALL[pick % 7], Status::ALL[pick % 9 + 1]),
        4 => update(),
        5 => Event::Note(NoteEvent::Marked { target, on: pick.is_multiple_of(2) }),
        6 => Event::Note(NoteEvent::Retracted { target, reason: String::new() }),
        7 => Event::Role(RoleEvent::Assigned {
            role: "commander".into(),
            who: PersonId::new(["bob", "carol"][pick % 2]),
            from: None,
            brief: None,
            offer: None,
            readback: String::new(),
        }),
        8 => Event::Delivery(DeliveryEvent::Requested(Box::new(Requested {
            client: "local".into(),
            lane: "internal".into(),
            subject: target,
            title: String::new(),
            body: String::new(),
            deed: Deed::Record,
        }))),
        9 => Event::Delivery(DeliveryEvent::Attempted { request: target, attempt: 1 }),
        _ => note(NoteKind::Note),
    }
}

fn journal(drafts: &[(u8, i64, i64, usize)]) -> Vec<Entry> {
    let make = |(seq, &(kind, late, ago, pick)): (usize, &(u8, i64, i64, usize))| {
        // Every third entry becomes known together with the one before.
        let known = START + secs((seq - seq % 3) as i64) - secs(late);
        let at = known - secs(ago);
        entry(seq, known, Some(at), event(seq, kind, at, pick))
    };
    drafts.iter().enumerate().map(make).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_moment_is_a_fresh_fold(
        drafts in prop::collection::vec(events(), 1..900),
        asks in prop::collection::vec(asks(), 1..12),
        tidy in any::<bool>(),
    ) {
        let drafts: Vec<_> =
            drafts.into_iter().map(|(kind, late, ago, pick)| (kind, if tidy { 0 } else { late }, ago, pick)).collect();
        let (mut player, all) = player(journal(&drafts));
        let mut real = REAL;
        for ask in &asks {
            carry_out(&mut player, ask, real);
            real = real + secs(60);
            let (count, total) = player.position();
            prop_assert_eq!(total, all.len());
            check_same(player.folded(), &naive(&all, count));
        }
    }

    #[test]
    fn as_known_at_goes_by_knowledge(drafts in prop::collection::vec(events(), 1..400), to in -400..500_i64) {
        let (player, all) = player(journal(&drafts));
        let at = START + secs(to);
        let known: Vec<Placed> = all.iter().filter(|placed| placed.entry.known_at() <= at).cloned().collect();
        check_same(&player.as_known_at(at), &Folded::of(&known));
    }

    #[test]
    fn the_ruler_adds_up(drafts in prop::collection::vec(events(), 1..300), width in 1..200_usize) {
        let (mut player, all) = player(journal(&drafts));
        let (ruler, scale) = (player.ruler(width), player.scale(width));
        prop_assert_eq!(ruler.len(), width);
        prop_assert_eq!(ruler.iter().map(|bucket| bucket.count as usize).sum::<usize>(), all.len());
        for piece in 0..width {
            if scale.begin(piece) < scale.begin(piece + 1) {
                prop_assert_eq!(scale.piece(scale.begin(piece)), piece);
            }
        }
        player.end(REAL);
        prop_assert_eq!(ruler[width - 1].phase, player.phase());
    }
}

#[test]
fn a_replay_opens_paused_at_the_beginning() {
    let player = story();
    assert_eq!(player.bounds(), (START, START + secs(3600)));
    assert_eq!((player.position(), player.now(REAL)), ((1, 6), START));
    assert!(!player.is_playing() && player.wakes_at(REAL).is_none());
    assert_eq!(player.folded().incident.title(), "orders are gone");
}

#[test]
fn seeking_takes_in_what_was_known_by_then() {
    let mut player = story();
    for (to, known) in [(20, 4), (19, 2), (5000, 6), (-5, 1), (599, 4)] {
        player.seek(START + secs(to), REAL);
        assert_eq!(player.position().0, known, "at {to} s");
    }
    assert_eq!(player.now(REAL), START + secs(599));
}

#[test]
fn steps_go_one_by_one_even_at_one_moment() {
    let mut player = story();
    let mut seen = Vec::new();
    while player.step(true, REAL) {
        seen.push((player.position().0, player.now(REAL).since(START).secs()));
    }
    assert_eq!(seen, [(2, 10), (3, 20), (4, 20), (5, 600), (6, 3600)]);
    assert_eq!(player.newest(), Some(id(5)));
    while player.step(false, REAL) {}
    assert_eq!(player.position().0, 1);
}

#[test]
fn jumps_find_phases_decisions_and_updates() {
    let mut player = story();
    assert!(player.next_phase(REAL) && player.phase() == Phase::Mobilize);
    assert!(player.next_phase(REAL) && player.phase() == Phase::Close);
    assert!(!player.next_phase(REAL));
    assert!(player.previous_mark(REAL) && player.newest() == Some(id(4)));
    assert!(player.previous_mark(REAL) && player.newest() == Some(id(3)));
    assert!(!player.previous_mark(REAL) && player.position().0 == 4);
    assert!(player.previous_phase(REAL) && player.newest() == Some(id(2)));
    assert!(player.previous_phase(REAL) && player.newest() == Some(id(0)));
    assert!(player.next_mark(REAL) && player.newest() == Some(id(3)));
}

#[test]
fn it_plays_at_its_speed_and_pauses_at_the_end() {
    let mut player = story();
    player.toggle_skip_silence();
    player.play(REAL);
    assert_eq!(player.now(REAL + secs(1)), START + secs(60));
    assert!(player.tick(REAL + secs(1)));
    assert_eq!(player.position().0, 4);
    assert!(player.tick(REAL + secs(61)));
    assert_eq!((player.position(), player.is_playing()), ((6, 6), false));
    assert_eq!(player.now(REAL + secs(100)), START + secs(3600));
    assert!(!player.tick(REAL + secs(100)));
    player.play(REAL + secs(100));
    assert_eq!((player.position(), player.is_playing()), ((1, 6), true));
}

#[test]
fn a_clock_that_is_set_back_does_no_harm() {
    let mut player = story();
    player.play(REAL);
    player.tick(REAL - secs(100));
    assert_eq!((player.position().0, player.now(REAL - secs(100))), (1, START));
}

#[test]
fn every_speed_can_be_reached_and_time_does_not_jump() {
    let mut player = story();
    assert_eq!(player.speed(), 60);
    while player.slower(REAL) {}
    player.play(REAL);
    let mut real = REAL;
    for speed in SPEEDS {
        assert_eq!(player.speed(), speed);
        real = real + Span::from_ms(10);
        let before = player.now(real);
        player.faster(real);
        assert_eq!(player.now(real), before);
    }
    assert_eq!(player.speed(), 1000);
}

#[test]
fn silence_is_skipped_after_a_moment_and_with_a_lead_in() {
    let mut player = story();
    while player.slower(REAL) {}
    player.seek(START + secs(20), REAL);
    player.play(REAL);
    player.tick(REAL + Span::from_ms(1_400));
    assert_eq!(player.now(REAL + Span::from_ms(1_400)), START + Span::from_ms(21_400));
    let jump = REAL + Span::from_ms(1_500);
    assert_eq!(player.wakes_at(REAL + Span::from_ms(1_400)), Some(jump));
    assert!(player.tick(jump));
    assert_eq!(player.now(jump), START + secs(598));
    assert!(player.tick(jump + secs(2)));
    assert_eq!(player.position().0, 5);
}

/// Woken only when it asks for it, it shows every entry on time and ends.
#[test]
fn it_asks_to_be_woken_for_everything_that_changes() {
    for speed in SPEEDS {
        let mut player = story();
        while player.slower(REAL) {}
        while player.speed() < speed && player.faster(REAL) {}
        player.play(REAL);
        let (mut real, mut wakes) = (REAL, 0);
        while let Some(at) = player.wakes_at(real) {
            let next = player.next_at();
            assert!(at > real, "it asks for a moment that has passed");
            real = at;
            player.tick(real);
            assert!(
                next.is_none_or(|next| player.now(real) <= next + Span::from_ms(1_000)),
                "it slept over an entry"
            );
            wakes += 1;
            assert!(wakes < 5_000);
        }
        assert_eq!(player.position(), (6, 6));
    }
}

#[test]
fn goto_reads_what_people_type() {
    let mut player = story();
    player.seek(START + secs(900), REAL);
    let shown = |text: &str| match parse_goto(text, &player, REAL, Zone::Utc) {
        Ok(at) => Zone::Utc.hms(at),
        Err(why) => why,
    };
    let expected = [
        ("start", "17:20:00"),
        ("end", "18:20:00"),
        ("50%", "17:50:00"),
        ("250%", "18:20:00"),
        ("+30m", "18:05:00"),
        ("+ 90s", "17:36:30"),
        ("-10m", "17:25:00"),
        ("-5h", "17:20:00"),
        ("18:05", "18:05:00"),
        ("17:25", "17:25:00"),
        ("17:20:30", "17:20:30"),
        ("2017-01-31 17:21", "17:21:00"),
        ("2017-01-31T17:21:05Z", "17:21:05"),
        ("2017-01-31", "17:20:00"),
    ];
    for (text, time) in expected {
        assert_eq!(shown(text), time, "{text}");
    }
    for text in ["14:05", "2016-01-31 17:21", "2017-02-01"] {
        assert!(shown(text).contains("it runs from 2017-01-31 17:20:00 to"), "{text}: {}", shown(text));
    }
    for text in ["", "%", "+", "99:99", "soon", "nan%", "é", "2017-01-3é", "+99999999999999999d"] {
        assert!(shown(text).contains("is not a time"), "{text}: {}", shown(text));
    }
}

#[test]
fn goto_takes_the_next_day_that_has_the_time() {
    let day = Span::from_days(1);
    let entries =
        (0..4).map(|n| entry(n, START + Span::from_days(n as i64), None, note(NoteKind::Note))).collect();
    let mut player = player(entries).0;
    player.seek(START + day, REAL);
    let goto =
        |player: &Player, text| parse_goto(text, player, REAL, Zone::Utc).map(|at| at.since(START).mins());
    assert_eq!(goto(&player, "18:20"), Ok(24 * 60 + 60));
    assert_eq!(goto(&player, "16:20"), Ok(48 * 60 - 60));
    player.seek(START + Span::from_days(3), REAL);
    assert_eq!(goto(&player, "18:20"), Ok(48 * 60 + 60));
}

#[test]
fn nothing_to_replay_is_no_reason_to_fail() {
    let mut player = player(Vec::new()).0;
    for ask in
        [Ask::Seek(5), Ask::Step(true), Ask::Step(false), Ask::Phase(true), Ask::Mark(false), Ask::Play(9)]
    {
        carry_out(&mut player, &ask, REAL);
    }
    assert_eq!((player.position(), player.newest()), ((0, 0), None));
    assert_eq!(player.ruler(10).iter().map(|bucket| bucket.count).sum::<u32>(), 0);
}

/// The shipped past incidents play from the beginning to the end, and end as a fold of the whole.
#[test]
fn shipped_past_incidents_play_to_their_end() {
    let past = warroom::config::shipped::past_incidents();
    assert!(past.len() >= 4, "at least four past incidents are shipped");
    for incident in past {
        let mut entries = BTreeMap::new();
        for (name, bytes) in &incident.segments {
            for line in bytes.split(|byte| *byte == b'\n').skip(1).filter(|line| !line.is_empty()) {
                let entry = warroom::journal::line::decode(line);
                let entry = entry.unwrap_or_else(|why| panic!("{}, {name}: {why:?}", incident.slug));
                entries.insert((entry.stamp(), entry.id()), entry);
            }
        }
        let (mut player, all) = player(entries.into_values().collect());
        player.play(REAL);
        let mut real = REAL;
        while let Some(at) = player.wakes_at(real) {
            real = at;
            player.tick(real);
        }
        assert_eq!(player.position(), (all.len(), all.len()), "{}", incident.slug);
        check_same(player.folded(), &Folded::of(&all));
        assert!(real.since(REAL) < Span::from_mins(15), "{} takes {}", incident.slug, real.since(REAL));
    }
}

mod bar {
    //! What the bar looks like, and that no size of it fails.

    use super::*;
    use warroom::config::{Paths, shipped};
    use warroom::policy::Policy;
    use warroom::tui::actions::ReplayAction;
    use warroom::tui::keymap::Keymap;
    use warroom::tui::scene::{Ctx, Look};
    use warroom::tui::screens::room::replay_bar;
    use warroom::tui::theme::glyphs::{ASCII, UNICODE};
    use warroom::tui::theme::{Glyphs, Theme};

    fn with_ctx<T>(glyphs: &Glyphs, run: impl FnOnce(&Ctx) -> T) -> T {
        let paths = Paths { config: "/none".into(), data: "/none".into(), state: "/none".into() };
        let policy: Policy = shipped::policy(&paths, &["data"]).expect("a shipped policy");
        let look = Look { theme: &Theme::ansi(), glyphs, zone: Zone::Utc };
        let (keymap, me) = (Keymap::default(), PersonId::new("alice"));
        run(&Ctx { look, keymap: &keymap, paths: &paths, policy: &policy, me: &me, now: REAL, scene: None })
    }

    fn drawn(player: &Player, glyphs: &Glyphs, width: u16, height: u16) -> String {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        with_ctx(glyphs, |ctx| replay_bar::draw(player, ctx, REAL, area, &mut buf));
        let line = |y| (0..width).map(|x| buf[(x, y)].symbol()).collect::<String>();
        (0..height).map(|y| line(y).trim_end().to_owned() + "\n").collect()
    }

    #[test]
    fn it_says_how_it_plays_and_where_it_stands() {
        let mut player = story();
        player.seek(START + secs(1200), REAL);
        let expected = "\
= paused  60x  skips silence  Tue 2017-01-31  17:40:00  UTC  5/6 entries  next in 40:00
17:20 !           !                                                                _ 18:20
      Mobilize                 ^                                                   C\n";
        assert_eq!(drawn(&player, &ASCII, 90, 3), expected);
        player.end(REAL);
        assert!(
            drawn(&player, &UNICODE, 90, 3)
                .starts_with("‖ at the end  60x  skips silence  Tue 2017-01-31  18:20:00")
        );
    }

    #[test]
    fn what_matters_least_goes_first() {
        let player = story();
        let first = |width| drawn(&player, &ASCII, width, 1).trim_end().to_owned();
        assert_eq!(first(70), "= paused  60x  Tue 2017-01-31  17:20:00  UTC  1/6 entries");
        assert_eq!(first(40), "= paused  60x  17:20:00  1/6 entries");
        assert_eq!(first(20), "= paused  17:20:00");
        assert_eq!(first(5), "= pau");
    }

    #[test]
    fn no_size_and_no_place_is_too_small() {
        let (story, empty) = (story(), player(Vec::new()).0);
        with_ctx(&UNICODE, |ctx| {
            for (width, height) in (0..64).flat_map(|width| (0..5).map(move |height| (width, height))) {
                for player in [&story, &empty] {
                    let mut buf = Buffer::empty(Rect::new(0, 0, 40, 3));
                    replay_bar::draw(player, ctx, REAL, Rect::new(0, 0, width, height), &mut buf);
                    replay_bar::draw(player, ctx, REAL, Rect::new(38, 2, width, height), &mut buf);
                    replay_bar::draw(
                        player,
                        ctx,
                        REAL,
                        Rect::new(u16::MAX, u16::MAX, width, height),
                        &mut buf,
                    );
                }
            }
        });
    }

    #[test]
    fn a_click_on_the_ruler_is_a_time() {
        let player = story();
        let area = Rect::new(3, 0, 90, 3);
        assert_eq!(replay_bar::time_at(&player, area, 3), None);
        assert_eq!(replay_bar::time_at(&player, area, 9), Some(START));
        assert_eq!(replay_bar::time_at(&player, area, 93), None);
        let last = replay_bar::time_at(&player, area, 86).expect("the last column");
        assert!(last < START + secs(3600) && last > START + secs(3500));
        for column in 9..87 {
            let at = replay_bar::time_at(&player, area, column).expect("a column of the ruler");
            assert_eq!(player.scale(78).piece(at), usize::from(column - 9));
        }
        assert!((0..90).all(|column| replay_bar::time_at(&player, Rect::new(0, 0, 0, 0), column).is_none()));
    }

    #[test]
    fn actions_move_it_or_say_why_not() {
        let mut player = story();
        let mut act = |action| replay_bar::act(&mut player, action, REAL);
        assert_eq!(act(ReplayAction::StepBack).as_deref(), Some("this is the first entry"));
        assert_eq!(act(ReplayAction::PlayPause), None);
        assert_eq!(act(ReplayAction::End), None);
        assert_eq!(act(ReplayAction::NextMark).as_deref(), Some("no decision or update follows"));
        assert_eq!(act(ReplayAction::Start), None);
        assert_eq!(act(ReplayAction::NextPhase), None);
        assert_eq!((player.position().0, player.is_playing()), (3, true));
    }
}
