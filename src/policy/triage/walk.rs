//! One person's way through the questions: which is next, what was answered, what it proposes.
//!
//! For: the console and the command line, question by question. Never: writes, asks what time it is, or walks for ever:
//! a question is asked at most once. The state is the answers alone; everything else is derived from them.

use serde::{Deserialize, Serialize};

use super::{Answer, Outcome, Question, Triage, reach};
use crate::policy::Policy;

/// The answers so far, the first one first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    given: Vec<Given>,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Given {
    /// The id of the question.
    question: String,
    key: char,
    /// Nobody knew: the graver way was taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unsure: bool,
}

/// Where a walk ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Levels of the policy, the graver first; several: a person chooses. Never empty.
    pub levels: Vec<String>,
    /// The answers in one line: `breach? no; decisions affected? yes`.
    pub why: String,
    /// What to do at once; may be empty.
    pub then: String,
}

impl Walk {
    /// The question that is to be answered now. `None`: the walk is finished.
    pub fn question<'a>(&self, triage: &'a Triage) -> Option<&'a Question> {
        let steps = self.steps(triage);
        let next = match steps.last() {
            None => 0,
            Some(step) => triage.after(step.at, &step.answer.outcome)?,
        };
        let question = triage.questions.get(next)?;
        let asked = steps.iter().any(|step| step.question.id == question.id);
        (!asked).then_some(question)
    }

    /// What can be answered; yes and no have the keys `y` and `n`.
    pub fn answers(question: &Question) -> Vec<Answer> {
        let short = question.yes.is_some() || question.no.is_some() || question.answers.is_empty();
        let say = |key, say: &str, outcome: &Option<Outcome>| Answer {
            key,
            say: say.to_owned(),
            outcome: outcome.clone().unwrap_or_default(),
        };
        let yes_no = [say('y', "yes", &question.yes), say('n', "no", &question.no)];
        yes_no.into_iter().filter(|_| short).chain(question.answers.iter().cloned()).collect()
    }

    /// Answers the question that is asked now; `false`: it has no such key, or nothing is asked.
    pub fn answer(&mut self, triage: &Triage, key: char) -> bool {
        let Some(question) = self.question(triage) else { return false };
        if !Self::answers(question).iter().any(|answer| answer.key == key) {
            return false;
        }
        self.given.push(Given { question: question.id.clone(), key, unsure: false });
        true
    }

    /// Takes the way that can still lead to the graver severity; where both can, the first one. `false`: nothing is asked.
    pub fn unsure(&mut self, triage: &Triage, policy: &Policy) -> bool {
        let Some(question) = self.question(triage) else { return false };
        let at = triage.questions.iter().position(|other| other.id == question.id).unwrap_or(0);
        let answers = Self::answers(question);
        let own = |answer: &Answer| reach::own(&answer.outcome, policy);
        let gravest = answers
            .iter()
            .min_by_key(|answer| (reach::gravest(triage, policy, at, &answer.outcome), own(answer)));
        let Some(key) = gravest.map(|answer| answer.key) else { return false };
        self.given.push(Given { question: question.id.clone(), key, unsure: true });
        true
    }

    /// Takes the last answer back; `false`: none was given.
    pub fn back(&mut self) -> bool {
        self.given.pop().is_some()
    }

    /// Whether nothing was answered yet.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    /// Questions and answers in words, for the journal.
    pub fn path(&self, triage: &Triage) -> Vec<(String, String)> {
        self.steps(triage).iter().map(|step| (step.question.ask.clone(), step.said())).collect()
    }

    /// The severity that the answers lead to. `None`: the walk is not finished, or names no level of the policy.
    pub fn proposal(&self, triage: &Triage, policy: &Policy) -> Option<Proposal> {
        if self.question(triage).is_some() {
            return None;
        }
        self.proposed(triage, policy, triage.otherwise.as_ref())
    }

    /// What the answers lead to already, before the walk is finished. `None`: to no level yet.
    pub fn so_far(&self, triage: &Triage, policy: &Policy) -> Option<Proposal> {
        self.proposed(triage, policy, None)
    }

    fn proposed(&self, triage: &Triage, policy: &Policy, otherwise: Option<&Outcome>) -> Option<Proposal> {
        let steps = self.steps(triage);
        let asked: Vec<String> = steps.iter().map(Step::short).collect();
        let reached =
            steps.iter().map(|step| &step.answer.outcome).filter(|outcome| !outcome.levels.is_empty());
        // Of several that are equally grave the first was answered first.
        let decisive = reached.min_by_key(|outcome| reach::own(outcome, policy));
        let outcome = decisive.or(otherwise)?;
        let levels = reach::levels(outcome, policy);
        let proposal = Proposal { levels, why: asked.join("; "), then: outcome.then.clone() };
        (!proposal.levels.is_empty()).then_some(proposal)
    }

    /// The answers that still fit the questions, in the order they were asked.
    fn steps<'a>(&self, triage: &'a Triage) -> Vec<Step<'a>> {
        let steps = self.given.iter().map_while(|given| {
            let at = triage.questions.iter().position(|question| question.id == given.question)?;
            let question = triage.questions.get(at)?;
            let answer = Self::answers(question).into_iter().find(|answer| answer.key == given.key)?;
            Some(Step { at, question, answer, unsure: given.unsure })
        });
        steps.collect()
    }
}

/// An answer with the question it was given to.
struct Step<'a> {
    /// The place of the question.
    at: usize,
    question: &'a Question,
    answer: Answer,
    unsure: bool,
}

impl Step<'_> {
    /// `yes`; `unsure, taken as yes`.
    fn said(&self) -> String {
        if self.unsure { format!("unsure, taken as {}", self.answer.say) } else { self.answer.say.clone() }
    }

    /// `decisions affected? yes`
    fn short(&self) -> String {
        format!("{}? {}", self.question.id.replace('-', " "), self.said())
    }
}
