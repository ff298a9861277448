//! An update before it goes out: who gets it and by which way, what is doubtful, and every word of it (MISSION row B7).
//!
//! The last look before something reaches other people. It changes nothing of the text. What the checks find is explained,
//! mended with `b` or set aside with a reason that is kept; what goes outside needs the commander's approval, which is kept
//! too. Start at [`Preview::key`](Layer::key); the lines that are shown are in `sheet`.

mod sheet;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use sheet::findings;

use crate::incident::event::{Override, SentUpdate};
use crate::incident::{Command, PersonId};
use crate::report::check::Finding;
use crate::tui::actions::{Action, UpdateAction};
use crate::tui::layer::Layer;
use crate::tui::layers::ask::Ask;
use crate::tui::layers::page::Page;
use crate::tui::layers::question::order;
use crate::tui::msg::{Msg, Tone};
use crate::tui::panes::update::Edit;
use crate::tui::scene::{Ctx, Scene};

/// The check that finds places to fill in.
const PLACES: &str = "placeholders";

pub struct Preview {
    sent: SentUpdate,
    /// What to look at first.
    findings: Vec<Finding>,
    page: Page,
}

/// Whether the commander has to approve, and who that is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Approval {
    /// Nobody outside reads it.
    NotNeeded,
    /// I command: sending it approves it.
    Mine,
    Of(PersonId),
    /// Nobody commands who could.
    Nobody,
}

/// How it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Now; by me.
    Send,
    /// Put before the commander.
    Propose,
    /// Now; the commander has said so.
    ByVoice(PersonId),
}

impl Preview {
    pub fn new(sent: SentUpdate, findings: Vec<Finding>) -> Self {
        Self { sent, findings, page: Page::wide() }
    }

    fn approval(&self, ctx: &Ctx) -> Approval {
        let Some(scene) = ctx.scene else { return Approval::NotNeeded };
        let audience = scene.policy(ctx).audience(&self.sent.audience);
        if !audience.is_some_and(|audience| audience.external) {
            return Approval::NotNeeded;
        }
        match scene.incident.commander() {
            Some(commander) if commander == ctx.me => Approval::Mine,
            Some(commander) => Approval::Of(commander.clone()),
            None => Approval::Nobody,
        }
    }

    /// Enter: sends where I may, else says what is missing.
    fn enter(&self, ctx: &Ctx) -> Vec<Msg> {
        match self.approval(ctx) {
            Approval::NotNeeded | Approval::Mine => self.go(&Way::Send, ctx),
            Approval::Of(who) => {
                say(format!("it goes outside: p asks {who} to approve, v says that {who} has"))
            }
            Approval::Nobody => say("it goes outside and nobody commands: r assigns the commander".into()),
        }
    }

    fn approved_by_voice(&self, ctx: &Ctx) -> Vec<Msg> {
        match self.approval(ctx) {
            Approval::Of(who) => self.go(&Way::ByVoice(who), ctx),
            _ => self.enter(ctx),
        }
    }

    fn propose(&self, ctx: &Ctx) -> Vec<Msg> {
        match self.approval(ctx) {
            Approval::NotNeeded => say(format!("{} is not outside: Enter sends", self.sent.audience)),
            _ => self.go(&Way::Propose, ctx),
        }
    }

    /// What is doubtful goes out with a reason only.
    fn go(&self, way: &Way, ctx: &Ctx) -> Vec<Msg> {
        if !self.findings.is_empty() {
            return vec![Msg::Push(Box::new(self.reason(way)))];
        }
        orders(&self.sent, way, ctx).unwrap_or_else(|why| vec![Msg::Say(Tone::Warning, why)])
    }

    /// One reason, kept for every check that is set aside.
    fn reason(&self, way: &Way) -> Ask {
        let mut checks: Vec<&'static str> = self.findings.iter().map(|finding| finding.check).collect();
        checks.dedup();
        let about = format!(
            "Set aside: {}. Why does it go out like this? It is kept with the update.",
            checks.join(", ")
        );
        let (sent, way) = (self.sent.clone(), way.clone());
        let answer = move |reason: &str, ctx: &Ctx| {
            if reason.is_empty() {
                return Err("a few words are enough; Esc, then b mends it".to_owned());
            }
            let aside = |check: &&str| Override { check: (*check).to_owned(), reason: reason.to_owned() };
            let sent = SentUpdate { overrides: checks.iter().map(aside).collect(), ..sent.clone() };
            orders(&sent, &way, ctx)
        };
        Ask::new("Why?", about, Box::new(answer))
    }

    /// To the composer, at the place that a finding is about.
    fn mend(&self, index: usize) -> Vec<Msg> {
        let Some(finding) = self.findings.get(index) else { return Vec::new() };
        let edit = Edit::mend(finding.range.as_ref());
        vec![Msg::Pop, Msg::Act(Action::Update(UpdateAction::Compose)), Msg::Composer(edit)]
    }

    fn has_places(&self) -> bool {
        self.findings.iter().any(|finding| finding.check == PLACES)
    }

    fn hint(&self, ctx: &Ctx) -> String {
        let mend = if self.findings.is_empty() { "" } else { "   b mends" };
        let reason = if self.findings.is_empty() { "" } else { ", with a reason" };
        match self.approval(ctx) {
            Approval::NotNeeded => format!("Enter sends{reason}{mend}   e back to writing   Esc"),
            Approval::Mine => format!("Enter approves, sends{reason}{mend}   e writes on   Esc"),
            Approval::Of(who) => format!("p asks {who}   v {who} has approved{mend}   e writes on   Esc"),
            Approval::Nobody => format!("p keeps it for approval{mend}   e writes on   Esc"),
        }
    }
}

fn say(text: String) -> Vec<Msg> {
    vec![Msg::Say(Tone::Warning, text)]
}

/// The layer goes and the orders are given; refused now, the layer and the text stay.
fn orders(sent: &SentUpdate, way: &Way, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    let (command, said) = match way {
        Way::Send => (Command::Update(sent.clone()), None),
        Way::ByVoice(who) => {
            (Command::Update(SentUpdate { approved_by: Some(who.clone()), ..sent.clone() }), None)
        }
        Way::Propose => {
            let said = format!("the update to {} waits for the commander's approval", sent.audience);
            (Command::Propose(sent.clone()), Some(said))
        }
    };
    let orders = order(command, ctx)?;
    let mut all = vec![Msg::Pop, Msg::Composer(Edit::Ordered(sent.body.clone()))];
    all.extend(replaced(sent, way, ctx));
    all.extend(orders);
    all.extend(said.map(|said| Msg::Say(Tone::Info, said)));
    Ok(all)
}

/// A text that was taken from a proposal and is proposed anew takes its place.
fn replaced(sent: &SentUpdate, way: &Way, ctx: &Ctx) -> Option<Msg> {
    let proposal = sent.proposal.filter(|_| *way == Way::Propose)?;
    let waits = |scene: &Scene| scene.incident.awaiting_approval().any(|waiting| waiting.id == proposal);
    let reason = "replaced by another text".to_owned();
    ctx.scene.filter(waits).map(|_| Msg::Order(Command::Reject { proposal, reason }))
}

impl Layer for Preview {
    fn name(&self) -> &'static str {
        "preview"
    }

    fn draw(&self, ctx: &Ctx, screen: Rect, buf: &mut Buffer) -> Option<Position> {
        let sheet =
            sheet::sheet(ctx, &self.sent, &self.findings, &self.approval(ctx), self.page.width(screen));
        self.page.draw("Send this update?", &self.hint(ctx), &sheet, ctx, screen, buf);
        None
    }

    fn key(&mut self, key: KeyEvent, ctx: &Ctx) -> Vec<Msg> {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc => vec![Msg::Pop],
            KeyCode::Enter => self.enter(ctx),
            KeyCode::Char('s') if control => self.enter(ctx),
            KeyCode::Char('q') if !control => vec![Msg::Pop],
            KeyCode::Char('p') if !control => self.propose(ctx),
            KeyCode::Char('v') if !control => self.approved_by_voice(ctx),
            KeyCode::Char('e') if !control => {
                vec![Msg::Pop, Msg::Act(Action::Update(UpdateAction::Compose))]
            }
            KeyCode::Char('b') if !control => self.mend(0),
            KeyCode::Char('d') if !control && self.has_places() => {
                let again = Msg::Act(Action::Update(UpdateAction::Send));
                vec![Msg::Pop, Msg::Composer(Edit::DropPlaces), again]
            }
            KeyCode::Char(digit @ '1'..='9') => self.mend(digit as usize - '1' as usize),
            _ => {
                self.page.key(key, ctx);
                Vec::new()
            }
        }
    }

    fn mouse(&mut self, mouse: MouseEvent, _ctx: &Ctx, _screen: Rect) -> Vec<Msg> {
        self.page.mouse(mouse);
        Vec::new()
    }
}
