//! The player: where the replay stands, and how it moves.
//!
//! It stands at a number of entries known and at a time; all entries known before that time are in. Start at
//! [`Player::seek`] for jumps and [`Player::tick`] for playing.

use super::clock::Clock;
use super::course::{Course, Point};
use super::index::Index;
use super::recording::Recording;
use super::ruler::{Bucket, Ruler};
use crate::incident::words::Phase;
use crate::incident::{EntryId, Span, Store, Time};
use crate::room::Folded;

/// With up to this many entries to go, the state is carried on as it is; beyond, a new one is made from what is kept.
const CARRY_ON: usize = 64;

/// Skipped silence is longer than this, of the replay's time.
const SILENCE: Span = Span::from_secs(30);
/// Real time without news before a silence is skipped: long enough to read what came last.
const LINGER: Span = Span::from_ms(1_500);
/// Real time between the jump and the entry after the silence.
const LEAD_IN: Span = Span::from_secs(2);
/// Real time between two looks at a clock whose seconds pass faster than anybody reads.
const GLANCE: Span = Span::from_ms(33);

/// A journal that is played. Nothing can be changed through it, and nobody outside is told anything.
pub struct Player {
    index: Index,
    course: Course,
    store: Box<dyn Store + Send>,
    point: Point,
    clock: Clock,
    skips_silence: bool,
    /// Real time of the last news or jump.
    quiet_since: Time,
    /// The second last shown.
    second: i64,
}

impl Player {
    /// Stands, paused, at the beginning. `store` must be the one whose places the recording has.
    pub fn new(recording: Recording, store: Box<dyn Store + Send>) -> Self {
        let (index, course) = recording.finish();
        let (start, end) = index.bounds();
        let mut player = Self {
            index,
            course,
            store,
            point: Point::default(),
            clock: Clock::new(start, end),
            skips_silence: true,
            quiet_since: start,
            second: 0,
        };
        player.reach(player.index.known_by(start));
        player
    }

    /// The room as it stood at this moment.
    pub fn folded(&self) -> &Folded {
        &self.point.folded
    }

    /// The room as it stood at another moment; the replay stays where it is.
    pub fn as_known_at(&self, at: Time) -> Folded {
        self.course.peek(self.index.known_by(at), &self.index, &*self.store)
    }

    /// Reads the text of the rows.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// What the replay's clock shows at a real moment.
    pub fn now(&self, real: Time) -> Time {
        self.clock.now(real)
    }

    /// When the first and the last entry became known.
    pub fn bounds(&self) -> (Time, Time) {
        self.index.bounds()
    }

    /// Entries known, and entries in all.
    pub fn position(&self) -> (usize, usize) {
        (self.point.count, self.index.len())
    }

    /// The entry that became known last.
    pub fn newest(&self) -> Option<EntryId> {
        let rank = self.point.count.checked_sub(1)?;
        self.index.entries.get(self.index.seq(rank)).map(|row| row.id)
    }

    /// When the next entry becomes known.
    pub fn next_at(&self) -> Option<Time> {
        self.index.known.get(self.point.count).copied()
    }

    pub fn phase(&self) -> Phase {
        self.folded().incident.phase()
    }

    pub fn ruler(&self, buckets: usize) -> Vec<Bucket> {
        if buckets == 0 { Vec::new() } else { self.scale(buckets).buckets(&self.index) }
    }

    /// Which of so many buckets a time falls into, and the way back.
    pub fn scale(&self, buckets: usize) -> Ruler {
        Ruler::new(self.bounds(), buckets)
    }
}

/// Playing.
impl Player {
    pub fn is_playing(&self) -> bool {
        self.clock.is_running()
    }

    /// Times real time, one of [`super::SPEEDS`].
    pub fn speed(&self) -> u32 {
        self.clock.speed()
    }

    pub fn skips_silence(&self) -> bool {
        self.skips_silence
    }

    /// Plays; at the end, from the beginning.
    pub fn play(&mut self, real: Time) {
        if self.is_at_end(real) {
            self.start(real);
        }
        self.quiet_since = real;
        self.clock.run(true, real);
    }

    pub fn pause(&mut self, real: Time) {
        self.clock.run(false, real);
    }

    pub fn toggle(&mut self, real: Time) {
        if self.is_playing() { self.pause(real) } else { self.play(real) }
    }

    /// Whether it could be any faster.
    pub fn faster(&mut self, real: Time) -> bool {
        self.clock.shift(true, real)
    }

    /// Whether it could be any slower.
    pub fn slower(&mut self, real: Time) -> bool {
        self.clock.shift(false, real)
    }

    pub fn toggle_skip_silence(&mut self) {
        self.skips_silence = !self.skips_silence;
    }

    /// Takes in what has become known by now; pauses at the end. Whether there is anything new to show.
    pub fn tick(&mut self, real: Time) -> bool {
        if !self.is_playing() {
            return false;
        }
        if let Some(to) = self.silence_ends(real).filter(|_| real >= self.quiet_since + LINGER) {
            self.clock.set(to, real);
            self.quiet_since = real;
        }
        let now = self.now(real);
        let news = self.reach(self.index.known_by(now));
        if news {
            self.quiet_since = real;
        }
        let ended = self.is_at_end(real);
        if ended {
            self.pause(real);
        }
        let second = std::mem::replace(&mut self.second, now.ms().div_euclid(1_000));
        news || ended || second != self.second
    }

    /// The next real moment at which [`Player::tick`] has something to do; `None` while paused.
    pub fn wakes_at(&self, real: Time) -> Option<Time> {
        if !self.is_playing() {
            return None;
        }
        let entry = self.next_at().map(|at| self.clock.real_of(at));
        let linger = real.max(self.quiet_since + LINGER);
        let jump = self.silence_ends(linger).map(|_| linger);
        [Some(self.next_second(real)), entry, jump].into_iter().flatten().min()
    }

    /// When the clock shows another second, or as often as that can be seen.
    fn next_second(&self, real: Time) -> Time {
        let step = self.clock.scaled(GLANCE).ms().max(1_000);
        let now = self.now(real).ms();
        let next = now.div_euclid(step).saturating_add(1).saturating_mul(step);
        self.clock.real_of(Time::from_ms(next).min(self.bounds().1))
    }

    /// Where to go on, when nothing happens for long from a real moment on.
    fn silence_ends(&self, real: Time) -> Option<Time> {
        let next = self.next_at().filter(|_| self.skips_silence)?;
        let lead = self.clock.scaled(LEAD_IN);
        (next.since(self.now(real)) > SILENCE.max(lead)).then(|| next - lead)
    }

    fn is_at_end(&self, real: Time) -> bool {
        self.point.count == self.index.len() && self.now(real) >= self.bounds().1
    }
}

/// Jumping.
impl Player {
    /// To a time; before the beginning and after the end there is nothing.
    pub fn seek(&mut self, to: Time, real: Time) {
        let (start, end) = self.bounds();
        let to = to.clamp(start, end);
        self.stand(self.index.known_by(to), to, real);
    }

    pub fn start(&mut self, real: Time) {
        self.seek(self.bounds().0, real);
    }

    pub fn end(&mut self, real: Time) {
        self.seek(self.bounds().1, real);
    }

    /// One entry on or back, one by one even where several became known at once. Pauses. Whether there was one.
    pub fn step(&mut self, forward: bool, real: Time) -> bool {
        self.pause(real);
        let count = self.point.count;
        self.go_to(if forward { count + 1 } else { count.saturating_sub(1) }, real)
    }

    /// To the next declaration or move of the status. Whether there was one.
    pub fn next_phase(&mut self, real: Time) -> bool {
        let turns = &self.index.turns;
        let next = turns.get(turns.partition_point(|turn| (turn.rank as usize) < self.point.count));
        next.map(|turn| turn.rank).is_some_and(|rank| self.go_to(rank as usize + 1, real))
    }

    pub fn previous_phase(&mut self, real: Time) -> bool {
        let turns = &self.index.turns;
        let before = turns.partition_point(|turn| turn.rank as usize + 1 < self.point.count);
        let last = before.checked_sub(1).map(|last| turns[last].rank);
        last.is_some_and(|rank| self.go_to(rank as usize + 1, real))
    }

    /// To the next decision or update. Whether there was one.
    pub fn next_mark(&mut self, real: Time) -> bool {
        let marks = &self.index.marks;
        let next = marks.get(marks.partition_point(|rank| (*rank as usize) < self.point.count)).copied();
        next.is_some_and(|rank| self.go_to(rank as usize + 1, real))
    }

    pub fn previous_mark(&mut self, real: Time) -> bool {
        let marks = &self.index.marks;
        let before = marks.partition_point(|rank| *rank as usize + 1 < self.point.count);
        let last = before.checked_sub(1).map(|last| marks[last]);
        last.is_some_and(|rank| self.go_to(rank as usize + 1, real))
    }

    /// To the moment at which the `count`th entry became known.
    fn go_to(&mut self, count: usize, real: Time) -> bool {
        let at = count.checked_sub(1).and_then(|rank| self.index.known.get(rank)).copied();
        if let Some(at) = at {
            self.stand(count, at, real);
        }
        at.is_some()
    }

    fn stand(&mut self, count: usize, at: Time, real: Time) {
        self.clock.set(at, real);
        self.quiet_since = real;
        self.reach(count);
    }

    /// Whether that changed anything.
    fn reach(&mut self, count: usize) -> bool {
        let had = self.point.count;
        if had == count {
            return false;
        }
        if self.point.begins(count) && count.saturating_sub(had) <= CARRY_ON {
            self.course.advance(&mut self.point, count, &self.index, &*self.store);
        } else {
            let from = std::mem::take(&mut self.point);
            self.point = self.course.reach(count, from, &self.index, &*self.store);
        }
        true
    }
}
