//! `warroom triage`: the questions that lead to a severity, answered on the command line (MISSION rows S1.5, S3.3, S4.4).
//!
//! Without answers it lists the questions with their ids. It records nothing unless `--apply` is given.

use clap::Args;
use serde_json::{Value, json};

use super::desk::{Desk, folded};
use super::fail::{Done, Fail};
use super::print;
use crate::incident::Command;
use crate::incident::event::Assessment;
use crate::policy::triage::{Mark, Proposal, Question, Walk};
use crate::policy::{Axes, Policy, Triage};

/// Help me decide: answer the questions of the policy, see the severity they lead to, --apply it
#[derive(Args)]
pub struct TriageArgs {
    /// The incident: its number, slug or id
    #[arg(value_name = "REF")]
    reference: Option<String>,
    /// An answer, such as breach=n; - where nobody knows. The id may be shortened
    #[arg(long = "answer", short = 'a', value_name = "ID=KEY")]
    answers: Vec<String>,
    /// An answer in words, the first for the first assessment question, and so on
    #[arg(long, value_name = "TEXT")]
    assess: Vec<String>,
    /// How bad it is, where the policy has two axes: its value, or - where nobody knows
    #[arg(long, value_name = "VALUE", requires = "impact", allow_hyphen_values = true)]
    degradation: Option<String>,
    /// Who feels it, where the policy has two axes
    #[arg(long, value_name = "VALUE", requires = "degradation", allow_hyphen_values = true)]
    impact: Option<String>,
    /// The severity to take where several are proposed (else the graver)
    #[arg(long, value_name = "LEVEL")]
    take: Option<String>,
    /// Why, instead of the answers in one line
    #[arg(long)]
    reason: Option<String>,
    /// Keep the answers, and set the severity they lead to
    #[arg(long)]
    apply: bool,
}

/// What was answered, and what it led to.
struct Outcome<'a> {
    path: Vec<(String, String)>,
    /// What is to be answered next.
    next: Option<&'a Question>,
    proposal: Option<Proposal>,
}

impl TriageArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let policy = self.policy(desk)?;
        if policy.triage.is_none() && policy.axes.is_none() {
            return Err(Fail::refused(
                format!("the policy {} has no questions that lead to a severity", policy.name),
                "set it with `warroom severity LEVEL --reason TEXT`",
            ));
        }
        let asked = !self.answers.is_empty() || !self.assess.is_empty() || self.degradation.is_some();
        if !asked && !self.apply {
            return list(desk, &policy);
        }
        let outcome = self.outcome(&policy)?;
        if self.apply { self.record(desk, &policy, outcome) } else { self.show(desk, &policy, &outcome) }
    }

    /// The policy of the incident that is meant; where none is meant, the configured one.
    fn policy(&self, desk: &Desk) -> Done<Policy> {
        let named = self.reference.is_some() || desk.incident.is_some() || self.apply;
        let pinned = match desk.which(self.reference.as_deref()) {
            Ok(found) => folded(&found)?.policy().cloned(),
            Err(fail) if named => return Err(fail),
            Err(_) => None,
        };
        pinned.map_or_else(|| desk.policy(), Ok)
    }

    fn outcome<'a>(&self, policy: &'a Policy) -> Done<Outcome<'a>> {
        if let (Some(degradation), Some(impact)) = (&self.degradation, &self.impact) {
            let axes = policy.axes.as_ref().ok_or_else(|| {
                Fail::usage(
                    format!("the policy {} has no axes", policy.name),
                    "answer its questions with --answer",
                )
            })?;
            return cell(axes, policy, degradation, impact);
        }
        let Some(triage) = &policy.triage else {
            let hint = "say --degradation VALUE --impact VALUE; `warroom triage` lists the values";
            return Err(Fail::usage(format!("the policy {} has two axes", policy.name), hint));
        };
        let walk = walked(&self.answers, triage, policy)?;
        let (path, next) = (walk.path(triage), walk.question(triage));
        Ok(Outcome { path, next, proposal: walk.proposal(triage, policy) })
    }

    /// The severity to take.
    fn taken(&self, policy: &Policy, proposal: Option<&Proposal>) -> Done<Option<String>> {
        let Some(proposal) = proposal else { return Ok(None) };
        let Some(take) = &self.take else { return Ok(proposal.levels.first().cloned()) };
        let level = policy.level(take).map(|level| level.name.clone());
        level.filter(|level| proposal.levels.contains(level)).map(Some).ok_or_else(|| {
            let hint = format!("take {}, or set it with `warroom severity`", proposal.levels.join(" or "));
            Fail::refused(format!("the answers do not lead to {take}"), hint)
        })
    }

    fn in_words(&self, policy: &Policy) -> Done<Vec<Assessment>> {
        let asked = policy.triage.as_ref().map_or(&[][..], |triage| &triage.assess);
        if self.assess.len() > asked.len() {
            let what = format!("{} answers in words for {} questions", self.assess.len(), asked.len());
            return Err(Fail::usage(what, "`warroom triage` lists the questions"));
        }
        let said = asked.iter().zip(&self.assess).filter(|(_, answer)| !answer.trim().is_empty());
        Ok(said
            .map(|(assess, answer)| Assessment { question: assess.ask.clone(), answer: answer.clone() })
            .collect())
    }

    fn record(&self, desk: &mut Desk, policy: &Policy, outcome: Outcome) -> Done {
        if let Some(next) = outcome.next.filter(|_| !self.answers.is_empty()) {
            let hint = format!("answer it with --answer {}={}", next.id, keys(next));
            return Err(Fail::refused(format!("one question is open: {}", next.ask), hint));
        }
        let to = self.taken(policy, outcome.proposal.as_ref())?;
        let why = outcome.proposal.map(|proposal| proposal.why).unwrap_or_default();
        let reason = self.reason.clone().unwrap_or(why);
        let path = outcome.path.into_iter().map(|(question, answer)| Assessment { question, answer });
        let answers = path.chain(self.in_words(policy)?).collect();
        let found = desk.which(self.reference.as_deref())?;
        let mut session = desk.session(&found)?;
        let saved = session.carry_out(desk.order(Command::Assess { answers, to, reason }))?;
        print::saved(desk, &session, &found, &saved)
    }

    fn show(&self, desk: &mut Desk, policy: &Policy, outcome: &Outcome) -> Done {
        let taken = self.taken(policy, outcome.proposal.as_ref())?;
        let words = self.in_words(policy)?;
        if desk.json {
            let path = outcome
                .path
                .iter()
                .map(|(question, answer)| json!({ "question": question, "answer": answer }));
            return desk.out.json(&json!({
                "policy": policy.name,
                "path": path.collect::<Vec<_>>(),
                "assessment": words,
                "next": outcome.next.map(|next| question(policy, next)),
                "proposal": outcome.proposal,
                "take": taken,
            }));
        }
        for (question, answer) in &outcome.path {
            desk.out.line(&format!("{question}  {answer}"))?;
        }
        if let Some(next) = outcome.next {
            return desk.out.line(&format!("next: {} (--answer {}={})", next.ask, next.id, keys(next)));
        }
        let (Some(proposal), Some(taken)) = (&outcome.proposal, taken) else {
            return desk.out.line("the answers lead to no severity");
        };
        desk.out.line(&format!("proposed: {}, because: {}", proposal.levels.join(" or "), proposal.why))?;
        if !proposal.then.is_empty() {
            desk.out.line(&format!("at once: {}", proposal.then))?;
        }
        if let Some(level) = policy.level(&taken) {
            desk.out.line(&format!("{} {}: {}", level.name, level.word, level.definition))?;
            for consequence in level.consequences() {
                desk.out.line(&format!("  {consequence}"))?;
            }
        }
        desk.out.line("nothing is changed: --apply keeps the answers and sets the severity")
    }
}

/// The walk through the questions with these answers, in the order in which they are asked.
fn walked(given: &[String], triage: &Triage, policy: &Policy) -> Done<Walk> {
    let mut left = given.iter().map(|text| pair(text, triage)).collect::<Done<Vec<_>>>()?;
    let mut walk = Walk::default();
    while let Some(question) = walk.question(triage) {
        let Some(place) = left.iter().position(|(id, _)| *id == question.id) else { break };
        let (id, key) = left.remove(place);
        let answered = if key == '-' { walk.unsure(triage, policy) } else { walk.answer(triage, key) };
        if !answered {
            return Err(Fail::usage(format!("{id} has no answer {key}"), format!("use {}", keys(question))));
        }
    }
    match (left.first(), walk.question(triage)) {
        (None, _) => Ok(walk),
        (Some((id, _)), Some(next)) => {
            let hint = format!("answer it with --answer {}={}", next.id, keys(next));
            Err(Fail::usage(format!("{} is asked before {id}: {}", next.id, next.ask), hint))
        }
        (Some((id, _)), None) => {
            Err(Fail::usage(format!("{id} is not asked after these answers"), "leave it out"))
        }
    }
}

/// `breach=n`; an id may be shortened while it is clear.
fn pair(text: &str, triage: &Triage) -> Done<(String, char)> {
    let ids: Vec<&str> = triage.questions.iter().map(|question| question.id.as_str()).collect();
    let wrong = |what: String| Fail::usage(what, format!("the questions are {}", ids.join(", ")));
    let Some((id, key)) = text.split_once('=') else {
        return Err(wrong(format!(
            "{text:?} is no answer: write ID=KEY, such as {}=y",
            ids.first().unwrap_or(&"id")
        )));
    };
    let (id, key) = (id.trim(), key.trim());
    let mut letters = key.chars();
    let key = match (letters.next(), letters.as_str()) {
        (Some(key), "") => key,
        // Whole words for the two that have them.
        _ if key.eq_ignore_ascii_case("yes") => 'y',
        _ if key.eq_ignore_ascii_case("no") => 'n',
        _ => return Err(wrong(format!("{text:?}: an answer is one key, such as y, n or -"))),
    };
    let begin: Vec<&&str> = ids.iter().filter(|known| !id.is_empty() && known.starts_with(id)).collect();
    let found = ids.iter().find(|known| **known == id).or(match begin.as_slice() {
        [one] => Some(*one),
        _ => None,
    });
    found.map(|found| ((*found).to_owned(), key)).ok_or_else(|| wrong(format!("there is no question {id:?}")))
}

/// `y, n or -`
fn keys(question: &Question) -> String {
    let keys: Vec<String> = Walk::answers(question).iter().map(|answer| answer.key.to_string()).collect();
    format!("{} or -", keys.join(", "))
}

/// One cell of the two axes; unsure takes the gravest of that axis.
fn cell<'a>(axes: &Axes, policy: &Policy, degradation: &str, impact: &str) -> Done<Outcome<'a>> {
    let (bad, bad_said) = mark(&axes.degradation, degradation)?;
    let (felt, felt_said) = mark(&axes.impact, impact)?;
    let level = policy.at_rank_or_graver(Axes::rank(bad, felt)).map(|level| level.name.clone());
    let why = format!("{bad_said} x {felt_said}");
    let path = vec![(Axes::DEGRADATION.to_owned(), bad_said), (Axes::IMPACT.to_owned(), felt_said)];
    let proposal = level.map(|level| Proposal { levels: vec![level], why, then: String::new() });
    Ok(Outcome { path, next: None, proposal })
}

/// A mark by its value, and how it is said.
fn mark(marks: &[Mark], text: &str) -> Done<(u8, String)> {
    if text.trim() == "-" {
        let gravest = marks.iter().min_by_key(|mark| mark.value);
        let gravest = gravest.map(|mark| (mark.value, format!("unsure, taken as {}", mark.say)));
        return gravest.ok_or_else(|| Fail::refused("the axis has no marks", ""));
    }
    let found = marks
        .iter()
        .find(|mark| mark.value.to_string() == text.trim() || mark.say.eq_ignore_ascii_case(text.trim()));
    found.map(|mark| (mark.value, mark.say.clone())).ok_or_else(|| {
        let known: Vec<String> = marks.iter().map(|mark| format!("{} ({})", mark.value, mark.say)).collect();
        Fail::usage(format!("{text:?} is not on this axis"), format!("use {} or -", known.join(", ")))
    })
}

/// The questions with their ids and answers.
fn list(desk: &mut Desk, policy: &Policy) -> Done {
    let questions = policy.triage.as_ref().map_or(&[][..], |triage| &triage.questions);
    let assess = policy.triage.as_ref().map_or(&[][..], |triage| &triage.assess);
    if desk.json {
        let questions: Vec<Value> = questions.iter().map(|asked| question(policy, asked)).collect();
        return desk.out.json(&json!({
            "policy": policy.name, "questions": questions, "assess": assess, "axes": policy.axes,
        }));
    }
    for asked in questions {
        desk.out.line(&format!("{}: {}", asked.id, asked.ask))?;
        for answer in Walk::answers(asked) {
            let levels = answer.outcome.levels.join(" or ");
            let leads = if levels.is_empty() { String::new() } else { format!(": {levels}") };
            desk.out.line(&format!("  {}  {}{leads}", answer.key, answer.say))?;
        }
    }
    for (place, assess) in assess.iter().enumerate() {
        desk.out.line(&format!("in words {}: {} ({})", place + 1, assess.ask, assess.help))?;
    }
    let axes =
        policy.axes.as_ref().map(|axes| [("--degradation", &axes.degradation), ("--impact", &axes.impact)]);
    for (option, marks) in axes.into_iter().flatten() {
        let values: Vec<String> = marks.iter().map(|mark| format!("{} {}", mark.value, mark.say)).collect();
        desk.out.line(&format!("{option}: {}", values.join(", ")))?;
    }
    Ok(())
}

fn question(policy: &Policy, question: &Question) -> Value {
    let names = |levels: &[String]| -> Vec<String> {
        levels.iter().filter_map(|level| policy.level(level)).map(|level| level.name.clone()).collect()
    };
    let answers = Walk::answers(question).into_iter().map(|answer| {
        json!({ "key": answer.key, "say": answer.say, "levels": names(&answer.outcome.levels), "then": answer.outcome.then })
    });
    json!({ "id": question.id, "ask": question.ask, "help": question.help, "answers": answers.collect::<Vec<_>>() })
}
