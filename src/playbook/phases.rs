//! Sections that hold steps become phases, with titles, ids and time boxes.
//!
//! For: what a heading is called when it stands alone in a narrow pane.
//! Never: keeps a heading without steps; `lint` says where one looks as if it lost them.
//! Start: [`read`].

use std::collections::HashSet;

use super::document::{Document, Section};
use super::steps::{self, Context, Names};
use super::text::{STEP_SLUG_CHARS, slug};
use super::time_box;
use super::vocabulary::{Verdict, verdict};
use super::{Phase, Playbook, Step};

/// The part of a phase's id that tells which parent it stands below.
const PARENT_SLUG_CHARS: usize = 24;

pub(super) fn read(document: &Document) -> Vec<Phase> {
    let headings = document.sections.iter().skip(1).map(|s| Playbook::slug(&s.title));
    let headings: HashSet<String> = headings.filter(|slug| !slug.is_empty()).collect();
    let strict = pass(document, &headings, false);
    if strict.is_empty() { pass(document, &headings, true) } else { strict }
}

fn pass(document: &Document, headings: &HashSet<String>, lenient: bool) -> Vec<Phase> {
    let mut names = Names::default();
    let mut phases = Vec::new();
    for (at, section) in document.sections.iter().enumerate() {
        let context =
            Context { heading: &section.title, verdict: inherited_verdict(document, at), lenient, headings };
        let steps = steps::read(&section.entries, &context);
        if !steps.is_empty() {
            phases.push(phase(document, at, steps, &mut names));
        }
    }
    phases
}

/// The nearest heading that says anything about its items.
pub(super) fn inherited_verdict(document: &Document, at: usize) -> Verdict {
    let verdicts = document.chain(at).map(|(_, section)| verdict(&section.title));
    verdicts.into_iter().find(|verdict| *verdict != Verdict::Neutral).unwrap_or(Verdict::Neutral)
}

fn phase(document: &Document, at: usize, mut steps: Vec<Step>, names: &mut Names) -> Phase {
    let own = document.sections.get(at).map_or("", |section| section.title.as_str());
    let (own, _) = time_box::split_title(own);
    let parent = qualifier(document, at).map(|section| time_box::split_title(&section.title).0);
    let id = names.claim(phase_slug(parent.as_deref(), &own), "phase");
    steps::name(&mut steps, &id);
    let title = match parent {
        Some(parent) if own.is_empty() => parent,
        Some(parent) => format!("{}: {own}", parent.trim_end_matches([':', '：', ' '])),
        None if own.is_empty() => document.title.clone(),
        None => own,
    };
    let time_box = document.chain(at).find_map(|(_, s)| time_box::find(&s.title));
    Phase { id, title, time_box, steps }
}

/// The heading around this one, when it adds something: not the title, nor another document part.
fn qualifier(document: &Document, at: usize) -> Option<&Section> {
    let (_, parent) = document.chain(at).nth(1)?;
    (parent.level > 1 && !parent.title.is_empty()).then_some(parent)
}

fn phase_slug(parent: Option<&str>, own: &str) -> String {
    let parent = parent.map(|title| slug(title, PARENT_SLUG_CHARS)).unwrap_or_default();
    let own = slug(own, STEP_SLUG_CHARS);
    let parts = [parent, own].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
