//! The lines of Home: headings, one line for each incident, and what a newcomer needs to know.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Home, Past, Summary};
use crate::incident::PersonId;
use crate::tui::actions::{Action, AppAction, HomeAction};
use crate::tui::scene::Ctx;
use crate::tui::screens::room::severity_meaning;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;
use crate::tui::widgets::{put, width, wrap};

/// Lines that say more about the selected one.
pub const DETAIL_LINES: u16 = 3;

/// Where each column begins, and where the title ends; 0: the column is left out.
struct Columns {
    name: u16,
    title: u16,
    status: u16,
    commander: u16,
    age: u16,
}

impl Columns {
    /// Commander and status go when there is no room, in this order the last.
    fn of(width: u16) -> Columns {
        let age = width.saturating_sub(8);
        let commander = if width >= 44 { age - 11 } else { 0 };
        let status = if width >= 64 { commander - 13 } else { 0 };
        Columns { name: 6, title: 16, status, commander, age }
    }

    fn title_end(&self) -> u16 {
        [self.status, self.commander, self.age].into_iter().find(|x| *x > 0).unwrap_or(self.age)
    }
}

impl Home {
    /// The list, made anew for one frame or one click; its things are in the order of [`Home::places`].
    pub(super) fn sheet(&self, ctx: &Ctx, width: u16) -> Sheet {
        let mut sheet = Sheet::new(width);
        let open = self.incidents.iter().take_while(|summary| !summary.status.is_over()).count();
        if self.incidents.is_empty() {
            teach(&mut sheet, ctx);
        } else {
            heading(&mut sheet, &format!("Open incidents ({open})"));
            if open == 0 {
                sheet.line(2, Meaning::Muted, "none");
            }
        }
        for (index, summary) in self.incidents.iter().enumerate() {
            if index == open {
                heading(&mut sheet, &format!("Ended ({})", self.incidents.len() - open));
            }
            sheet.item(index);
            incident(&mut sheet, ctx, summary);
        }
        self.past_incidents(&mut sheet);
        sheet
    }

    fn past_incidents(&self, sheet: &mut Sheet) {
        if self.past.is_empty() {
            return;
        }
        let row = heading(sheet, "Past incidents to replay");
        sheet.right(row, Meaning::Muted, "real ones, from their published reports ");
        let names = self.past.iter().map(|past| width(&past.slug)).max().unwrap_or(0);
        for (index, past) in self.past.iter().enumerate() {
            sheet.item(self.incidents.len() + index);
            past_incident(sheet, past, names);
        }
    }

    /// A few lines on the selected one.
    pub(super) fn draw_detail(&self, ctx: &Ctx, area: Rect, buf: &mut Buffer) {
        let (incidents, selected) = (self.incidents.len(), self.pick.selected);
        let text = match (self.incidents.get(selected), self.past.get(selected.wrapping_sub(incidents))) {
            (Some(summary), _) => about(ctx, summary),
            (None, Some(past)) => format!("{}\n{}", past.title, past.about),
            (None, None) => return,
        };
        let lines = wrap::wrap(&text, area.width.saturating_sub(4));
        for (line, y) in lines.iter().zip(area.top()..area.bottom()) {
            put(buf, area.x + 2, y, area.right(), line, ctx.style(Meaning::Muted));
        }
    }
}

/// Answers the line it stands on.
fn heading(sheet: &mut Sheet, text: &str) -> usize {
    sheet.item(None).gap().line(1, Meaning::Title, text);
    sheet.len() - 1
}

fn incident(sheet: &mut Sheet, ctx: &Ctx, summary: &Summary) {
    let columns = Columns::of(sheet.width());
    let row = sheet.len();
    let severity = summary.severity.as_deref().unwrap_or("-");
    let meaning =
        summary.severity.as_deref().map_or(Meaning::Muted, |severity| severity_meaning(ctx, severity));
    sheet.line(2, meaning, &fit(severity, columns.name - 3));
    sheet.beside(row, columns.name, Meaning::Text, &summary.name());
    let mut x = columns.title;
    let over = summary.waits.over(ctx.now);
    let marks = [
        (over > 0, format!("OVER {over}"), Meaning::Alert),
        (!for_me(ctx, summary).is_empty(), "FOR YOU".to_owned(), Meaning::Alert),
        (summary.drill, "DRILL".to_owned(), Meaning::Drill),
        (summary.private, "PRIVATE".to_owned(), Meaning::Warning),
    ];
    for (_, word, meaning) in marks.into_iter().filter(|(on, ..)| *on) {
        sheet.beside(row, x, meaning, &word);
        x += width(&word) + 1;
    }
    let title = fit(&summary.title, columns.title_end().saturating_sub(x + 2));
    sheet.beside(row, x, Meaning::Text, &title);
    if columns.status > 0 {
        sheet.beside(row, columns.status, Meaning::Status, summary.status.name());
    }
    if columns.commander > 0 {
        let (text, meaning) = commander(summary);
        sheet.beside(row, columns.commander, meaning, &fit(text, 10));
    }
    // How long it runs, or has been over.
    let since = if summary.status.is_over() { summary.last } else { summary.declared };
    let age = ctx.now.since(since).short();
    sheet.beside(row, columns.age, Meaning::Time, &format!("{age:>7}"));
    if let Some(problem) = &summary.problem {
        sheet.say(columns.name, Meaning::Alert, problem);
    }
}

/// Nobody in command is loud while the incident runs.
fn commander(summary: &Summary) -> (&str, Meaning) {
    match &summary.commander {
        Some(who) => (who, Meaning::Actor),
        None if summary.status.is_over() => ("-", Meaning::Muted),
        None => ("NOBODY", Meaning::Alert),
    }
}

fn past_incident(sheet: &mut Sheet, past: &Past, names: u16) {
    let row = sheet.len();
    sheet.line(2, Meaning::Text, &past.slug);
    let facts = format!("{} entries  {:>7} ", past.entries, past.span.short());
    let title = 2 + names + 2;
    let room = sheet.width().saturating_sub(title + width(&facts) + 2);
    if room >= 12 {
        sheet.beside(row, title, Meaning::Muted, &fit(&past.title, room));
    }
    sheet.right(row, Meaning::Time, &facts);
}

fn about(ctx: &Ctx, summary: &Summary) -> String {
    let zone = ctx.look.zone;
    let at = |time| format!("{} {} {}", zone.date(time), zone.hm(time), zone.label(time));
    let (status, entries) = (summary.status, summary.entries);
    let stands = format!("{}: {}; phase {}", status.name(), status.about(), status.phase().name());
    let times = format!("declared {}, last entry {}", at(summary.declared), at(summary.last));
    let waits = waits(ctx, summary);
    let times = if waits.is_empty() { times } else { waits };
    format!("{}  {}\n{stands}; {entries} entries\n{times}", summary.name(), summary.title)
}

/// What waits for me there.
fn for_me(ctx: &Ctx, summary: &Summary) -> Vec<String> {
    let waits = &summary.waits;
    let mine = |who: &PersonId| who == ctx.me;
    let offers = waits.offers.iter().filter(|(who, _)| mine(who));
    let mut all: Vec<String> = offers.map(|(_, role)| format!("you are offered {role}")).collect();
    let asked = waits.asked.iter().filter(|who| mine(who)).count();
    match asked {
        0 => {}
        1 => all.push("you were asked something".to_owned()),
        many => all.push(format!("{many} asks are for you")),
    }
    let commands = summary.commander.as_deref() == Some(ctx.me.as_str());
    if commands && waits.approvals > 0 {
        all.push(format!("{} to approve", counted(waits.approvals, "update")));
    }
    all
}

/// What is over and what waits for me, in a line; empty: nothing.
fn waits(ctx: &Ctx, summary: &Summary) -> String {
    let over = summary.waits.over(ctx.now);
    let over = (over > 0).then(|| format!("{} OVER and not heard", counted(over, "clock")));
    let all: Vec<String> = over.into_iter().chain(for_me(ctx, summary)).collect();
    all.join("; ")
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// What a newcomer can do here, a line each.
fn teach(sheet: &mut Sheet, ctx: &Ctx) {
    sheet.line(1, Meaning::Title, "No incidents yet. To begin:").gap();
    let lines = [
        (
            Action::Home(HomeAction::Declare),
            "declares an incident: a title is enough, two seconds to a running clock",
        ),
        (
            Action::Home(HomeAction::Replay),
            "replays one that really happened, second by second, from the list below",
        ),
        (Action::App(AppAction::Help), "shows the keys of wherever you are; type to search, Enter runs"),
    ];
    for (action, text) in lines {
        let key = ctx.keymap.key(action).map_or("-".to_owned(), |key| key.to_string());
        let row = sheet.len();
        sheet.say(3 + width(&key).max(1) + 2, Meaning::Text, text).beside(row, 3, Meaning::Key, &key);
    }
    sheet.gap();
    sheet.say(
        3,
        Meaning::Text,
        &format!("Incidents are kept on this machine, in {}", ctx.paths.data.display()),
    );
    let text = "Slack, PagerDuty, Jira: run `warroom connect slack` once, outside the console. Nothing here needs them.";
    sheet.say(3, Meaning::Muted, text);
}

/// The text at most this wide, its end replaced by two dots where it is cut.
fn fit(text: &str, columns: u16) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while width(&kept) + 2 > columns.max(2) && kept.pop().is_some() {}
    kept.push_str("..");
    kept
}
