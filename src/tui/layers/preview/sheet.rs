//! The lines of a preview: to whom, what is doubtful and what to do about it, then the text.

use super::{Approval, PLACES};
use crate::incident::event::SentUpdate;
use crate::report::check::Finding;
use crate::report::update::promise;
use crate::tui::scene::Ctx;
use crate::tui::theme::Meaning;
use crate::tui::widgets::sheet::Sheet;

const WAY: &str = "goes to the local record (no client is configured)";
/// Columns before what a finding says.
const INDENT: u16 = 2;

pub(super) fn sheet(
    ctx: &Ctx,
    sent: &SentUpdate,
    findings: &[Finding],
    approval: &Approval,
    columns: u16,
) -> Sheet {
    let mut sheet = Sheet::new(columns);
    let outside = if *approval == Approval::NotNeeded { "" } else { ", OUTSIDE" };
    sheet.say(0, Meaning::Title, &format!("To: {}{outside}", sent.audience));
    sheet.say(0, Meaning::Title, WAY);
    if let Some((meaning, text)) = approves(approval) {
        sheet.say(0, meaning, &text);
    }
    self::findings(&mut sheet, findings);
    if findings.iter().any(|finding| finding.check == PLACES) {
        sheet.say(INDENT, Meaning::Muted, "d takes them out, and what says nothing without them");
    }
    sheet.say(0, Meaning::Text, &format!("Status: {}   Next update: {}", sent.word, next(ctx, sent)));
    sheet.gap().say(0, Meaning::Text, &sent.body);
    sheet
}

fn next(ctx: &Ctx, sent: &SentUpdate) -> String {
    let said = promise(sent.next, ctx.now, ctx.look.zone);
    match sent.next {
        Some(next) => format!("{said}, in {}", next.since(ctx.now).short()),
        None => said,
    }
}

fn approves(approval: &Approval) -> Option<(Meaning, String)> {
    match approval {
        Approval::NotNeeded => None,
        Approval::Mine => Some((Meaning::Info, "You approve this as commander.".to_owned())),
        Approval::Of(who) => Some((Meaning::Warning, format!("{who} must approve it: {who} commands."))),
        Approval::Nobody => Some((
            Meaning::Warning,
            "Nobody commands who could approve it: assign the commander first.".to_owned(),
        )),
    }
}

/// Each with its number, why, and what to do.
pub fn findings(sheet: &mut Sheet, findings: &[Finding]) {
    for (index, finding) in findings.iter().enumerate() {
        let head = format!("{} {}: {}", index + 1, finding.check, finding.why);
        sheet.say(0, Meaning::Warning, &head);
        if !finding.fix.is_empty() {
            sheet.say(INDENT, Meaning::Muted, &finding.fix);
        }
    }
}
