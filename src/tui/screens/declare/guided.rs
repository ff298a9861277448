//! Help me decide, from within the form: the questions lie over it, and their answers come back into it.

use super::{Choice, DeclareForm};
use crate::policy::Policy;
use crate::tui::layers::triage::{self, Found, Guide, Step};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::Ctx;

/// How the reason of a severity begins that somebody chose after the questions.
const BY_HAND: &str = "chosen by hand";

impl DeclareForm {
    /// Asks the questions of the policy, where they were left off.
    pub(super) fn ask(&mut self, policy: &Policy) -> Vec<Msg> {
        if !Guide::can_ask(policy) {
            let text = format!("the policy {} has no questions that lead to a severity", policy.name);
            return vec![Msg::Say(Tone::Info, text)];
        }
        let mut guide = Guide::new(policy);
        if let Some(text) = &self.draft.triage {
            guide.put_back(text);
        }
        self.guide = Some(guide);
        Vec::new()
    }

    pub(super) fn guided(&mut self, step: Step, ctx: &Ctx) -> Vec<Msg> {
        match step {
            Step::Stay => return Vec::new(),
            Step::Failures => return vec![triage::failures(ctx.policy)],
            Step::Keys => return triage::help(),
            Step::Back => {}
            Step::Found(found) => self.bring_back(found),
        }
        self.close_guide();
        Vec::new()
    }

    /// What was answered goes on being kept.
    fn close_guide(&mut self) {
        if let Some(guide) = self.guide.take() {
            self.draft.triage = guide.kept();
        }
    }

    /// By hand. The answers stay, but this is no longer what they led to, and the journal says so.
    pub(super) fn choose_severity(&mut self, severity: Option<String>, policy: &Policy) {
        let reason = &self.draft.severity_reason;
        let asked = !reason.is_empty() && !reason.starts_with(BY_HAND);
        let led_to = self.severity(policy).filter(|_| asked);
        if let Some(led_to) = led_to {
            self.draft.severity_reason = format!("{BY_HAND}: the questions led to {led_to}");
        }
        self.draft.severity = Choice::Chosen(severity);
    }

    /// The answers of the questions, and the severity they led to.
    fn bring_back(&mut self, found: Found) {
        self.draft.answers = found.answers;
        if let Some(to) = found.to {
            self.draft.severity = Choice::Chosen(Some(to));
            self.draft.severity_reason = found.reason;
        }
        // The keys stay with the field that had them: whoever was typing a title goes on with it.
        self.problem.clear();
    }
}
