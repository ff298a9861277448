//! Writing an update: filled in from the log, kept true to what was chosen, looked over before the preview.

use super::{Edit, UpdatePane, ask};
use crate::config::templates;
use crate::incident::event::SentUpdate;
use crate::incident::words::Word;
use crate::incident::{EntryId, Time};
use crate::report::check::{Finding, check};
use crate::report::update::{self, Draft, Kind, Message, NEXT_LINE, Named, NextUpdate, STATUS_LINE};
use crate::tui::layers::preview::Preview;
use crate::tui::layers::question::read_only;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

impl UpdatePane {
    /// The word that goes with it. One that was told stands: nobody goes back from identified to investigating unasked.
    pub(super) fn word(&self, ctx: &Ctx, scene: &Scene) -> Word {
        let derived = update::usual_word(scene.incident);
        let told = scene.incident.last_update(self.audience(ctx, scene)).map(|record| record.sent.word);
        let still = told.filter(|told| *told == Word::Identified && derived == Word::Investigating);
        self.word.or(still).unwrap_or(derived)
    }

    /// When the next one is promised: as the text says it, as long as that is still to come.
    pub(super) fn next(&self, ctx: &Ctx, scene: &Scene) -> Option<Time> {
        if self.next == NextUpdate::Usual && self.word(ctx, scene) == Word::Resolved {
            return None;
        }
        let said = self.promised.filter(|promised| *promised > scene.now);
        let severity = scene.incident.severity.as_deref();
        let usual = scene.policy(ctx).next_update(self.audience(ctx, scene), severity);
        said.or_else(|| self.next.due(usual, scene.now))
    }

    /// What is about to be written.
    pub(super) fn message<'a>(&'a self, ctx: &'a Ctx, scene: &Scene<'a>) -> Message<'a> {
        let (audience, word, next) =
            (self.audience(ctx, scene), self.word(ctx, scene), self.next(ctx, scene));
        let policy = scene.policy(ctx);
        let message = Message::new(scene.incident, policy, audience, word, scene.now, ctx.look.zone, next);
        Message { kind: self.kind.unwrap_or(message.kind), ..message }
    }

    /// Fills the template in; says what is wrong with a template of the user's own.
    pub(super) fn prefill(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        (self.meant_for, self.proposal, self.promised) = (None, None, None);
        self.promised = self.next(ctx, scene);
        let Draft { body, trouble } = self.draft(ctx, scene);
        self.body.set(&body);
        self.filled = self.body.value();
        self.filled_at = Some((scene.incident.ledger.clone(), scene.incident.severity.clone()));
        self.body.to_top();
        trouble.map(|trouble| Msg::Say(Tone::Warning, trouble)).into_iter().collect()
    }

    /// Whether the ledger or the severity has changed since the text was filled in.
    pub(super) fn is_stale(&self, scene: &Scene) -> bool {
        let (ledger, severity) = (&scene.incident.ledger, &scene.incident.severity);
        !self.is_blank() && self.filled_at.as_ref().is_some_and(|was| was.0 != *ledger || was.1 != *severity)
    }

    /// A draft that nobody has typed in follows the ledger and the severity.
    pub(super) fn keep_fresh(&mut self, ctx: &Ctx, scene: &Scene) {
        let untouched = self.body.value() == self.filled && self.ordered.is_none();
        if scene.live && untouched && self.is_stale(scene) {
            self.prefill(ctx, scene);
        }
    }

    fn draft(&self, ctx: &Ctx, scene: &Scene) -> Draft {
        let message = self.message(ctx, scene);
        let (template, wrong) = templates::usable(ctx.paths, message.template(), message.fallback());
        let rows = scene.rows.as_slice().iter().filter(|row| update::can_speak(row.class()));
        let draft = message.draft(&template, rows.filter_map(|row| scene.entry(*row)));
        Draft { trouble: wrong.or(draft.trouble), ..draft }
    }

    /// Another kind of message: filled in at once, unless that would take somebody's words away.
    pub(super) fn choose_kind(&mut self, kind: Kind, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let theirs = self.is_unsent();
        self.kind = Some(kind);
        if kind == Kind::Resolution {
            self.word = Some(Word::Resolved);
        }
        if theirs {
            return vec![Msg::Push(Box::new(ask::replace(&self.body.value())))];
        }
        self.typing = true;
        self.prefill(ctx, scene)
    }

    /// Writes on what was proposed; a text that stood here goes to the clipboard.
    pub(super) fn take(&mut self, proposal: EntryId, sent: SentUpdate) -> Vec<Msg> {
        let before = self.is_unsent().then(|| Msg::Copy(self.body.value()));
        let SentUpdate { audience, word, body, next, .. } = sent;
        let next_kind = if next.is_none() { NextUpdate::Never } else { NextUpdate::Usual };
        *self = Self {
            audience: Some(audience),
            word: Some(word),
            next: next_kind,
            promised: next,
            proposal: Some(proposal),
            typing: true,
            ..Self::default()
        };
        self.set_body(&body);
        before.into_iter().collect()
    }

    /// Selects a part of the text, so that typing replaces it; a part of several lines as far as its line goes.
    pub(super) fn select(&mut self, range: std::ops::Range<usize>) {
        let body = self.body.value();
        let Some(before) = body.get(..range.start) else { return };
        let row = before.matches('\n').count();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let (from, to) = (range.start - start, range.end.saturating_sub(start));
        self.body.to_top();
        let place = std::cell::Cell::new(0);
        self.body.select_next(|line| {
            let here = place.replace(place.get() + 1) == row;
            let span = from..to.min(line.len());
            if here && line.get(span.clone()).is_some() { vec![span] } else { Vec::new() }
        });
    }

    /// Makes a text that somebody has worked on say what was chosen; all else in it stays.
    pub(super) fn restate(&mut self, ctx: &Ctx, scene: &Scene) {
        if self.is_blank() {
            self.promised = None;
            return;
        }
        let (word, next) = (self.word(ctx, scene), self.next(ctx, scene));
        self.promised = next;
        let body = self.body.value();
        let said = update::restate(&body, STATUS_LINE, word.name());
        let said = update::restate(&said, NEXT_LINE, &update::promise(next, scene.now, ctx.look.zone));
        if said != body {
            self.set_body(&said);
        }
    }

    /// A promise that ran out while the text lay here is made anew, in the text too.
    fn renew_promise(&mut self, ctx: &Ctx, scene: &Scene) {
        let zone = ctx.look.zone;
        // What was typed by hand is what is promised, unless the time was chosen apart.
        if let (NextUpdate::Usual, Named::At(said)) =
            (self.next, update::named(&self.body.value(), scene.now, zone))
        {
            self.promised = Some(said);
        }
        let stale = self.promised.filter(|promised| *promised <= scene.now);
        self.promised = self.next(ctx, scene);
        if let Some(stale) = stale {
            let body = self.body.value();
            let old = update::stated(&body, NEXT_LINE);
            if old.is_some_and(|old| old.contains(&zone.hm(stale))) {
                let new = update::promise(self.promised, scene.now, zone);
                self.set_body(&update::restate(&body, NEXT_LINE, &new));
            }
        }
    }

    pub(super) fn preview(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        if !scene.live {
            return read_only();
        }
        if self.is_blank() {
            return vec![Msg::Say(
                Tone::Warning,
                "nothing is written yet: press Enter in the update pane".into(),
            )];
        }
        self.renew_promise(ctx, scene);
        let body = self.body.value();
        let message = self.message(ctx, scene);
        let doubts = self.for_others(ctx, scene).or_else(|| self.twice(&body, ctx, scene));
        let findings = doubts.into_iter().chain(check(&body, &message.about())).collect();
        let mut sent = SentUpdate::new(message.audience, message.word, body, message.next);
        sent.proposal = self.proposal;
        vec![Msg::Push(Box::new(Preview::new(sent, findings)))]
    }

    /// A text that was written for one audience does not go to another unnoticed.
    fn for_others(&self, ctx: &Ctx, scene: &Scene) -> Option<Finding> {
        let audience = self.audience(ctx, scene);
        let meant = self.meant_for.as_deref().filter(|meant| *meant != audience)?;
        let why = format!("This text was written for {meant}: is it fit for {audience}?");
        let fix = format!("read it as {audience} would, or fill in anew (f)");
        Some(Finding { check: "audience", why, fix, range: None })
    }

    /// The same words a second time are rarely meant, least of all after a crash.
    fn twice(&self, body: &str, ctx: &Ctx, scene: &Scene) -> Option<Finding> {
        let finding = |why: String| Finding {
            check: "twice",
            why,
            fix: "leave it, or say what is new".into(),
            range: None,
        };
        if self.ordered.as_deref() == Some(body) {
            let why = "This very text is being saved already: sending it again makes two of it.";
            return Some(finding(why.to_owned()));
        }
        let last = scene.incident.last_update(self.audience(ctx, scene));
        let last = last.filter(|last| last.sent.body.trim() == body.trim())?;
        Some(finding(format!("This very text was sent at {} already.", ctx.look.zone.hm(last.at))))
    }

    /// Fills in, but asks first when that would take somebody's words away.
    pub(super) fn ask_prefill(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let text = self.body.value();
        if !self.is_blank() && text != self.filled && text != self.draft(ctx, scene).body {
            return vec![Msg::Push(Box::new(ask::replace(&text)))];
        }
        self.prefill(ctx, scene)
    }

    pub(super) fn editor(&mut self, ctx: &Ctx, scene: &Scene) -> Vec<Msg> {
        let mut messages = if self.is_blank() { self.prefill(ctx, scene) } else { Vec::new() };
        messages.push(Msg::Editor(self.body.value()));
        messages
    }
}

/// A line without its places to fill in; `None`: nothing but a label is left.
fn without_place(line: &str) -> Option<String> {
    let places = update::places(line);
    if places.is_empty() {
        return Some(line.to_owned());
    }
    let mut left = line.to_owned();
    for place in places.into_iter().rev() {
        left.replace_range(place, "");
    }
    let (bullet, words) = left.strip_prefix("- ").map_or(("", left.as_str()), |words| ("- ", words));
    let words = words.trim_start_matches([':', ',', ';', ' ']).trim_end();
    let says = !words.is_empty() && !words.ends_with(':');
    says.then(|| format!("{bullet}{words}"))
}

/// The text without the places that are still to be filled in, without lines that say nothing then, and without headings
/// that stand over nothing.
pub(super) fn without_places(body: &str) -> String {
    let filled: Vec<String> = body.lines().filter_map(without_place).collect();
    let is_blank = |line: Option<&String>| line.is_none_or(|line| line.trim().is_empty());
    let mut kept: Vec<String> = Vec::new();
    for (index, line) in filled.iter().enumerate() {
        let bare = line.trim_end().ends_with(':') && is_blank(filled.get(index + 1));
        let second_gap = line.trim().is_empty() && is_blank(kept.last());
        if !bare && !second_gap {
            kept.push(line.clone());
        }
    }
    kept.join("\n")
}

impl Edit {
    /// What the composer does when something of the text is to be mended.
    pub fn mend(range: Option<&std::ops::Range<usize>>) -> Edit {
        Edit::Mend(range.cloned().unwrap_or(0..0))
    }
}
