//! Which entries of a section are steps, and what belongs to each.
//!
//! For: the judgement at the centre of this module. A box is always a step, a number almost
//! always, a bullet under a heading that announces steps, and a fenced command that stands where
//! steps are expected without any list.
//! Never: invents text: a step's words are in the document.
//! Start: [`read`]; `Reader::is_step` is the rule in one place.

use std::collections::{HashMap, HashSet};

use super::document::{Entry, EntryKind, Mark};
use super::lexicon::DESTRUCTIVE_MARK;
use super::text::{STEP_SLUG_CHARS, slug};
use super::vocabulary::{self, Verdict};
use super::{CodeBlock, Step, StepKind};

/// What the section's surroundings say about its entries.
pub(super) struct Context<'a> {
    pub heading: &'a str,
    pub verdict: Verdict,
    /// No rule found a step anywhere: take lists whose items tell someone to do something.
    pub lenient: bool,
    /// Slugs of every heading, to know a table of contents by.
    pub headings: &'a HashSet<String>,
}

pub(super) fn read(entries: &[Entry], context: &Context) -> Vec<Step> {
    let mut reader = Reader {
        entries,
        context,
        lists: Lists::survey(entries, context),
        steps: Vec::new(),
        origins: Vec::new(),
        open: Vec::new(),
        lead: None,
    };
    for at in 0..entries.len() {
        reader.entry(at);
    }
    let mut steps = reader.steps;
    steps.iter_mut().for_each(judge_destruction);
    steps
}

/// Where a step came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Item(Mark),
    Fence,
}

/// An item whose end has not been reached.
struct Open {
    depth: usize,
    /// The step it is, or the nearest step around it.
    step: Option<usize>,
}

struct Reader<'a> {
    entries: &'a [Entry],
    context: &'a Context<'a>,
    lists: Lists,
    steps: Vec<Step>,
    origins: Vec<Origin>,
    open: Vec<Open>,
    /// Prose that may turn out to introduce the next fenced command.
    lead: Option<usize>,
}

/// What is known of the section's lists before its entries are read.
#[derive(Default)]
struct Lists {
    boxed: HashSet<usize>,
    contents: HashSet<usize>,
    telling: HashSet<usize>,
    any_box: bool,
    any_number: bool,
}

impl Lists {
    fn survey(entries: &[Entry], context: &Context) -> Self {
        let mut lists = Self::default();
        // Items, items that name a heading, items that tell someone to do something.
        let mut counts: HashMap<usize, (usize, usize, usize)> = HashMap::new();
        for entry in entries {
            let EntryKind::Item(mark, list) = entry.kind else { continue };
            lists.any_box |= mark == Mark::Box;
            lists.any_number |= mark == Mark::Number;
            if mark == Mark::Box {
                lists.boxed.insert(list);
            }
            let count = counts.entry(list).or_default();
            count.0 += 1;
            count.1 += usize::from(context.headings.contains(&super::Playbook::slug(&entry.text)));
            count.2 += usize::from(vocabulary::is_imperative(&entry.text));
        }
        for (list, (items, named, telling)) in counts {
            if named >= 2 && named * 3 >= items {
                lists.contents.insert(list);
            }
            if telling * 2 >= items {
                lists.telling.insert(list);
            }
        }
        lists
    }
}

impl Reader<'_> {
    fn entry(&mut self, at: usize) {
        let Some(entry) = self.entries.get(at) else { return };
        while self.open.last().is_some_and(|open| open.depth >= entry.depth) {
            self.open.pop();
        }
        match &entry.kind {
            EntryKind::Item(mark, list) => self.item(at, entry, *mark, *list),
            EntryKind::Prose => self.prose(at, entry),
            EntryKind::Fence(lang) => self.code(entry, lang, true),
            EntryKind::Indented => self.code(entry, "", false),
        }
    }

    fn item(&mut self, at: usize, entry: &Entry, mark: Mark, list: usize) {
        self.settle_lead();
        let parent = self.open.last().and_then(|open| open.step);
        let step = if self.is_step(entry, mark, list, parent) {
            Some(self.push_item(at, entry, mark, parent))
        } else {
            self.note(entry, parent, "• ");
            parent
        };
        self.open.push(Open { depth: entry.depth, step });
    }

    fn is_step(&self, entry: &Entry, mark: Mark, list: usize, parent: Option<usize>) -> bool {
        let within = parent.and_then(|parent| self.steps.get(parent));
        let origin = parent.and_then(|parent| self.origins.get(parent).copied());
        match mark {
            _ if entry.text.is_empty() => false,
            Mark::Box => true,
            _ if within.is_some_and(|step| step.kind == StepKind::Choice) => true,
            _ if self.context.verdict == Verdict::Refers => false,
            Mark::Number => true,
            _ if self.lists.contents.contains(&list) || is_label(&entry.text) => false,
            // Who writes boxes and bullets means the bullets as notes, unless they share a list.
            _ if origin == Some(Origin::Item(Mark::Box)) => false,
            _ if self.lists.any_box && !self.lists.boxed.contains(&list) => false,
            Mark::Bullet if self.context.lenient => {
                let explains = self.context.verdict == Verdict::Explains;
                !explains && entry.depth == 0 && self.lists.telling.contains(&list)
            }
            Mark::Bullet => self.context.verdict == Verdict::Steps,
        }
    }

    fn push_item(&mut self, at: usize, entry: &Entry, mark: Mark, parent: Option<usize>) -> usize {
        let within = parent.and_then(|parent| self.steps.get(parent));
        let mut step = new_step(&entry.text, entry);
        step.depth = within.map_or(0, |parent| parent.depth.saturating_add(1));
        step.parent = parent;
        step.kind = if within.is_some_and(|parent| parent.kind == StepKind::Choice) {
            StepKind::Option
        } else if vocabulary::offers_choice(&entry.text) && self.has_items(at) {
            StepKind::Choice
        } else {
            StepKind::Task
        };
        self.push(step, Origin::Item(mark))
    }

    fn has_items(&self, at: usize) -> bool {
        let depth = self.entries.get(at).map_or(0, |entry| entry.depth);
        let below = self.entries.iter().skip(at + 1).take_while(|entry| entry.depth > depth);
        below.into_iter().any(|entry| matches!(entry.kind, EntryKind::Item(..)))
    }

    fn prose(&mut self, at: usize, entry: &Entry) {
        self.settle_lead();
        match self.open.last() {
            Some(open) => self.note(entry, open.step, ""),
            None => self.lead = Some(at),
        }
    }

    /// Prose that introduced no command belongs to the step before it.
    fn settle_lead(&mut self) {
        if let Some(entry) = self.lead.take().and_then(|at| self.entries.get(at)) {
            self.note(entry, None, "");
        }
    }

    fn note(&mut self, entry: &Entry, step: Option<usize>, mark: &str) {
        let last = self.steps.len().checked_sub(1);
        if let Some(step) = step.or(last).and_then(|at| self.steps.get_mut(at))
            && !entry.text.is_empty()
        {
            step.detail.push(format!("{mark}{}", entry.text));
            step.links.extend(entry.links.iter().cloned());
        }
    }

    fn code(&mut self, entry: &Entry, lang: &str, fenced: bool) {
        let block = CodeBlock { lang: lang.to_string(), text: entry.text.clone() };
        if let Some(open) = self.open.last() {
            return self.attach(open.step, block);
        }
        let lead = self.lead.and_then(|at| self.entries.get(at));
        let words = lead.map(|entry| last_sentence(&entry.text).1).unwrap_or_default();
        if vocabulary::announces_output(words) && !self.steps.is_empty() {
            self.settle_lead();
            return self.show_output(&block);
        }
        if fenced && !is_example(words, &self.steps) && self.fence_is_step(lang) {
            self.push_fence(entry);
        }
        self.settle_lead();
        self.attach(self.steps.len().checked_sub(1), block);
    }

    /// A command outside any list is a step where no list item came before it to own it.
    fn fence_is_step(&self, lang: &str) -> bool {
        let expected = match self.context.verdict {
            Verdict::Steps => true,
            Verdict::Neutral => vocabulary::is_command_language(lang),
            Verdict::Explains | Verdict::Refers => false,
        };
        let owned = matches!(self.origins.last(), Some(Origin::Item(_)));
        expected && !owned && !self.lists.any_box && !self.lists.any_number
    }

    /// Its text is the sentence before it; without one, the heading, or the command itself.
    fn push_fence(&mut self, fence: &Entry) {
        let lead = self.lead.take().and_then(|at| self.entries.get(at));
        let (before, sentence) = lead.map(|entry| last_sentence(&entry.text)).unwrap_or_default();
        let sentence = sentence.trim_end_matches([':', '：', ' ']);
        let first_line = || fence.text.lines().find(|line| !line.trim().is_empty());
        let named = [sentence, self.context.heading].into_iter().find(|text| !text.is_empty());
        let text = named.or_else(first_line).unwrap_or_default();
        let mut step = new_step(text, lead.unwrap_or(fence));
        if !before.is_empty() {
            step.detail.push(before.to_string());
        }
        self.push(step, Origin::Fence);
    }

    fn push(&mut self, step: Step, origin: Origin) -> usize {
        self.steps.push(step);
        self.origins.push(origin);
        self.steps.len() - 1
    }

    fn attach(&mut self, step: Option<usize>, block: CodeBlock) {
        if let Some(step) = step.and_then(|at| self.steps.get_mut(at)) {
            step.commands.push(block);
        }
    }

    fn show_output(&mut self, block: &CodeBlock) {
        if let Some(step) = self.steps.last_mut() {
            step.detail.extend(block.text.lines().map(super::text::clean));
        }
    }
}

/// Its id is given when the phase is known.
fn new_step(text: &str, entry: &Entry) -> Step {
    let unmarked = super::text::clean(&text.replace(DESTRUCTIVE_MARK, ""));
    Step {
        id: String::new(),
        destructive: text.contains(DESTRUCTIVE_MARK),
        text: if unmarked.is_empty() { super::text::clean(text) } else { unmarked },
        depth: 0,
        kind: StepKind::Task,
        parent: None,
        commands: Vec::new(),
        detail: Vec::new(),
        links: entry.links.clone(),
        line: entry.line,
    }
}

fn judge_destruction(step: &mut Step) {
    step.destructive |= vocabulary::destroys_as_text(&step.text)
        || step.commands.iter().any(|command| vocabulary::destroys_as_command(&command.text));
}

/// "cassandra", "rds-logging-enabled": one bare word names something, it tells nobody to act.
fn is_label(text: &str) -> bool {
    text.is_ascii() && !text.contains(char::is_whitespace)
}

/// "Example:" before a command shows the command before it filled in; it is not the next step.
fn is_example(words: &str, steps: &[Step]) -> bool {
    !steps.is_empty() && words.len() < 24 && words.to_lowercase().contains("example")
}

/// A paragraph as (what comes before, its last sentence).
fn last_sentence(text: &str) -> (&str, &str) {
    let end = text.trim_end_matches(['.', '。', ':', '：', ' ']).len();
    let body = text.get(..end).unwrap_or(text);
    let after_dot = body.rfind(". ").map(|at| at + 2);
    let after_stop = body.rfind('。').map(|at| at + '。'.len_utf8());
    let cut = after_dot.max(after_stop).unwrap_or(0);
    (text.get(..cut).unwrap_or("").trim(), text.get(cut..).unwrap_or(text).trim())
}

/// Ids from the words of each step; a repeat gets `-2`, `-3` in document order.
pub(super) fn name(steps: &mut [Step], phase_id: &str) {
    let mut names = Names::default();
    for step in steps {
        let name = names.claim(slug(&step.text, STEP_SLUG_CHARS), "step");
        step.id = format!("{phase_id}/{name}");
    }
}

/// Names already given, so that the next one is different.
#[derive(Default)]
pub(super) struct Names {
    taken: HashSet<String>,
    repeats: HashMap<String, usize>,
}

impl Names {
    pub fn claim(&mut self, wanted: String, fallback: &str) -> String {
        let base = if wanted.is_empty() { fallback.to_string() } else { wanted };
        let count = self.repeats.entry(base.clone()).or_insert(0);
        loop {
            *count += 1;
            let name = if *count == 1 { base.clone() } else { format!("{base}-{count}") };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}
