//! Markdown to a flat outline: sections, and in each the items, prose and code in reading order.
//!
//! For: everything the rules about steps need, and nothing of Markdown beyond that.
//! Never: nests. A document of a million nested lists must not overflow a stack, so an entry
//! carries the number of items around it instead of owning its children.
//! Start: [`read`]; `Reader::event` is the whole of the translation.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::text::{clean, clean_code};
use super::{FrontMatter, front};

pub(super) const UNTITLED: &str = "Untitled playbook";

pub(super) struct Document {
    pub title: String,
    pub front: FrontMatter,
    pub unclosed_front: bool,
    /// The first is what stands before any heading, at level 0.
    pub sections: Vec<Section>,
    /// The section whose heading is the title.
    pub title_section: Option<usize>,
}

pub(super) struct Section {
    pub level: u8,
    pub title: String,
    pub line: u32,
    pub parent: Option<usize>,
    pub entries: Vec<Entry>,
}

pub(super) struct Entry {
    pub line: u32,
    /// Number of list items around it.
    pub depth: usize,
    pub text: String,
    pub links: Vec<String>,
    pub kind: EntryKind,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) enum EntryKind {
    /// A list item, with its list's number in the section.
    Item(Mark, usize),
    Prose,
    Fence(String),
    Indented,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Box,
    Number,
    Bullet,
}

pub(super) fn read(source: &str) -> Document {
    let split = front::split(source);
    let mut reader = Reader::new(LineIndex::new(split.body, split.lines_before));
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(split.body, options).into_offset_iter() {
        reader.event(event, range.start);
    }
    reader.flush();
    let mut sections = reader.sections;
    let title_section = title_section(&sections);
    let title = title(&split.front, title_section.and_then(|index| sections.get(index)));
    if let Some(first) = sections.first_mut() {
        first.title.clone_from(&title);
    }
    Document { title, front: split.front, unclosed_front: split.unclosed, sections, title_section }
}

/// The first `#` heading, or the first heading of all when nothing stands before it.
fn title_section(sections: &[Section]) -> Option<usize> {
    let first_level_1 = sections.iter().position(|section| section.level == 1);
    let opens = sections.len() > 1 && sections.first().is_some_and(|top| top.entries.is_empty());
    first_level_1.or(opens.then_some(1))
}

fn title(front: &FrontMatter, heading: Option<&Section>) -> String {
    let named = front.extra.get("title").filter(|title| !title.is_empty());
    let headed = heading.map(|section| &section.title).filter(|title| !title.is_empty());
    named.or(headed).cloned().unwrap_or_else(|| UNTITLED.to_string())
}

impl Document {
    /// The section and those around it, nearest first, without the title's unless it is the start.
    pub fn chain(&self, start: usize) -> impl Iterator<Item = (usize, &Section)> {
        std::iter::successors(Some(start), |index| self.sections.get(*index)?.parent)
            .filter(move |index| *index == start || Some(*index) != self.title_section)
            .filter_map(|index| Some((index, self.sections.get(index)?)))
    }

    /// The line of the nearest heading at or above a line.
    pub fn heading_line(&self, line: u32) -> u32 {
        let above = self.sections.partition_point(|section| section.line <= line);
        above.checked_sub(1).and_then(|at| self.sections.get(at)).map_or(1, |section| section.line)
    }
}

/// From a byte offset to a line number.
struct LineIndex {
    starts: Vec<usize>,
    lines_before: u32,
}

impl LineIndex {
    fn new(body: &str, lines_before: u32) -> Self {
        let breaks = body.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { starts, lines_before }
    }

    fn line(&self, offset: usize) -> u32 {
        let within = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(within).unwrap_or(u32::MAX).saturating_add(self.lines_before)
    }
}

#[derive(Default)]
struct Inline {
    text: String,
    links: Vec<String>,
    line: u32,
}

struct Reader {
    lines: LineIndex,
    sections: Vec<Section>,
    /// Number of the list and whether it is ordered, for each open list.
    lists: Vec<(usize, bool)>,
    lists_seen: usize,
    /// For each open item its entry, until its text is known or something else came first.
    items: Vec<Option<usize>>,
    inline: Inline,
    heading: Option<HeadingLevel>,
    code: Option<(EntryKind, u32, String)>,
    quotes: usize,
    /// Inside a table: nothing there is a step.
    table: bool,
}

impl Reader {
    fn new(lines: LineIndex) -> Self {
        let top = Section { level: 0, title: String::new(), line: 1, parent: None, entries: Vec::new() };
        Self {
            lines,
            sections: vec![top],
            lists: Vec::new(),
            lists_seen: 0,
            items: Vec::new(),
            inline: Inline::default(),
            heading: None,
            code: None,
            quotes: 0,
            table: false,
        }
    }

    fn event(&mut self, event: Event, offset: usize) {
        match event {
            Event::Start(tag) => self.start(tag, offset),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text, offset),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text, offset);
            }
            Event::SoftBreak | Event::HardBreak => self.text(" ", offset),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.text(" ", offset),
            Event::TaskListMarker(_) => self.mark_box(),
            Event::Rule => self.flush(),
            Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => {}
        }
    }

    fn start(&mut self, tag: Tag, offset: usize) {
        match tag {
            Tag::Link { dest_url, .. } if !self.table => self.inline.links.push(clean(&dest_url)),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } => {}
            Tag::Image { .. } => {}
            tag => {
                self.flush();
                self.start_block(tag, offset);
            }
        }
    }

    fn start_block(&mut self, tag: Tag, offset: usize) {
        match tag {
            Tag::Heading { level, .. } if self.items.is_empty() && self.quotes == 0 => {
                self.heading = Some(level);
                self.inline.line = self.lines.line(offset);
            }
            Tag::List(first) => {
                self.lists_seen += 1;
                self.lists.push((self.lists_seen, first.is_some()));
            }
            Tag::Item => self.start_item(offset),
            Tag::CodeBlock(kind) => {
                self.code = Some((code_kind(&kind), self.lines.line(offset), String::new()));
            }
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::Table(_) => self.table = true,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => return,
            TagEnd::Link | TagEnd::Image => return,
            TagEnd::Heading(_) if self.heading.is_some() => return self.end_heading(),
            _ => self.flush(),
        }
        match tag {
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::Item => drop(self.items.pop()),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::BlockQuote(_) => self.quotes = self.quotes.saturating_sub(1),
            TagEnd::Table => self.table = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str, offset: usize) {
        if let Some((_, _, code)) = &mut self.code {
            code.push_str(text);
        } else if !self.table {
            if self.inline.text.is_empty() {
                self.inline.line = self.lines.line(offset);
            }
            self.inline.text.push_str(text);
        }
    }

    fn start_item(&mut self, offset: usize) {
        let (list, ordered) = self.lists.last().copied().unwrap_or_default();
        let mark = if ordered { Mark::Number } else { Mark::Bullet };
        let line = self.lines.line(offset);
        let entry = self.push(EntryKind::Item(mark, list), line, Inline::default());
        self.items.push(Some(entry));
    }

    fn mark_box(&mut self) {
        let entries = self.sections.last_mut().map(|section| &mut section.entries);
        let item = self.items.last().copied().flatten();
        if let (Some(entries), Some(item)) = (entries, item)
            && let Some(Entry { kind: EntryKind::Item(mark, _), .. }) = entries.get_mut(item)
        {
            *mark = Mark::Box;
        }
    }

    /// Ends a run of text: the first of an item is the item's own, any other is prose.
    fn flush(&mut self) {
        let mut inline = std::mem::take(&mut self.inline);
        inline.text = clean(&strip_templates(&inline.text));
        if inline.text.is_empty() {
            return;
        }
        let waiting = self.items.last_mut().and_then(Option::take);
        let entries = self.sections.last_mut().map(|section| &mut section.entries);
        if let Some(item) = waiting.zip(entries).and_then(|(item, entries)| entries.get_mut(item)) {
            item.text = inline.text;
            item.links = inline.links;
        } else {
            let line = inline.line;
            self.push(EntryKind::Prose, line, inline);
        }
    }

    fn end_heading(&mut self) {
        let inline = std::mem::take(&mut self.inline);
        let level = self.heading.take().map_or(1, |level| level as u8);
        // Up the headings around this place, not back through all of them.
        let last = self.sections.len().checked_sub(1);
        let parent_of = |at: &usize| self.sections.get(*at).and_then(|section| section.parent);
        let is_above = |at: &usize| self.sections.get(*at).is_some_and(|s| s.level < level);
        let above = std::iter::successors(last, parent_of).find(is_above);
        self.sections.push(Section {
            level,
            title: clean(inline.text.trim_end_matches(|c: char| c == '#' || c.is_whitespace())),
            line: inline.line,
            parent: above.filter(|index| *index > 0),
            entries: Vec::new(),
        });
    }

    fn end_code(&mut self) {
        if let Some((kind, line, code)) = self.code.take() {
            if let Some(waiting) = self.items.last_mut() {
                *waiting = None;
            }
            let text = clean_code(&code);
            if !text.trim().is_empty() {
                self.push(kind, line, Inline { text, ..Inline::default() });
            }
        }
    }

    fn push(&mut self, kind: EntryKind, line: u32, inline: Inline) -> usize {
        let depth = self.items.len();
        let Some(section) = self.sections.last_mut() else { return 0 };
        section.entries.push(Entry { line, depth, text: inline.text, links: inline.links, kind });
        section.entries.len() - 1
    }
}

fn code_kind(kind: &CodeBlockKind) -> EntryKind {
    match kind {
        CodeBlockKind::Indented => EntryKind::Indented,
        CodeBlockKind::Fenced(info) => {
            let lang = info.split([' ', ',', '{']).next().unwrap_or_default();
            EntryKind::Fence(clean(lang).to_lowercase())
        }
    }
}

/// `<%= .. %>` of a site generator says nothing to a responder.
fn strip_templates(text: &str) -> String {
    let mut parts = text.split("<%");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push_str(part.split_once("%>").map_or(part, |(_, after)| after));
    }
    out
}
