//! `warroom cause`: what may be the cause: open, tested, ruled out by evidence, confirmed (MISSION row B9).

use clap::{Args, Subcommand};
use serde_json::json;

use super::desk::Desk;
use super::fail::Done;
use super::named::{self, Thing};
use super::orders::Orders;
use super::print::{self, padded, short_id};
use super::words;
use crate::incident::decisions::Hypothesis;
use crate::incident::event::Verdict;
use crate::incident::scribe::NoteKind;
use crate::incident::{Command, EntryId, Incident};

/// Write down what may be the cause, or say what is thought of it now; without words: list them
#[derive(Args)]
#[command(override_usage = "warroom cause TEXT\n       \
                            warroom cause [list | add TEXT | test ID | rule-out ID | confirm ID | open ID]")]
pub struct CauseArgs {
    /// What may be the cause
    #[arg(value_name = "TEXT")]
    words: Vec<String>,
    #[command(subcommand)]
    act: Option<Act>,
}

#[derive(Subcommand)]
enum Act {
    /// The ledger (default)
    List,
    /// Something that may be the cause, as `note ?TEXT` writes it
    Add {
        #[arg(required = true, value_name = "TEXT")]
        words: Vec<String>,
    },
    /// Somebody tests it
    Test(Judge),
    /// It is not the cause; needs the evidence
    RuleOut(Judge),
    /// It is the cause
    Confirm(Judge),
    /// Nobody knows after all
    Open(Judge),
}

#[derive(Args)]
struct Judge {
    #[arg(help = named::ID)]
    id: String,
    /// Who tests it; `me` is who acts
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// What speaks for or against it
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    evidence: String,
}

impl CauseArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        if self.act.is_some() && !self.words.is_empty() {
            return Err(words::mixed("cause"));
        }
        match self.act {
            None if !self.words.is_empty() => add(desk, &self.words),
            None | Some(Act::List) => list(desk),
            Some(Act::Add { words }) => add(desk, &words),
            Some(Act::Test(judge)) => judge.give(desk, Verdict::Testing),
            Some(Act::RuleOut(judge)) => judge.give(desk, Verdict::RuledOut),
            Some(Act::Confirm(judge)) => judge.give(desk, Verdict::Confirmed),
            Some(Act::Open(judge)) => judge.give(desk, Verdict::Open),
        }
    }
}

fn add(desk: &mut Desk, words: &[String]) -> Done {
    let text = words.join(" ");
    let note = Command::Note { kind: NoteKind::Hypothesis, text: text.clone() };
    let given = Orders::to(desk, None).and_then(|orders| orders.only(note));
    given.map_err(|fail| fail.keeping(&text))
}

impl Judge {
    fn give(self, desk: &mut Desk, verdict: Verdict) -> Done {
        let orders = Orders::to(desk, None)?;
        let hypothesis = find(orders.incident(), &self.id, verdict)?;
        let who = self.who.as_deref().map(|who| orders.desk.person(who));
        let judge = Command::Judge { hypothesis, verdict, who, evidence: self.evidence.clone() };
        let given = orders.only(judge);
        if self.evidence.is_empty() { given } else { given.map_err(|fail| fail.keeping(&self.evidence)) }
    }
}

fn find(incident: &Incident, reference: &str, verdict: Verdict) -> Done<EntryId> {
    let standing = incident.hypotheses.all().iter().filter(|hypothesis| !retracted(incident, hypothesis.id));
    let things = standing.map(|hypothesis| Thing {
        id: hypothesis.id,
        says: hypothesis.text.clone(),
        fits: hypothesis.verdict != verdict,
    });
    named::pick("hypothesis", reference, things)
}

fn retracted(incident: &Incident, id: EntryId) -> bool {
    incident.notes.retracted.contains_key(&id)
}

/// Confirmed and tested ones first, then the open ones, then those that are ruled out.
fn list(desk: &mut Desk) -> Done {
    let found = desk.which_readable(None)?;
    let session = desk.reader(&found)?;
    let incident = session.incident();
    let mut all: Vec<&Hypothesis> =
        incident.hypotheses.all().iter().filter(|hypothesis| !retracted(incident, hypothesis.id)).collect();
    all.sort_by_key(|hypothesis| match hypothesis.verdict {
        Verdict::Confirmed => 0,
        Verdict::Testing => 1,
        Verdict::Open => 2,
        Verdict::RuledOut => 3,
    });
    if desk.json {
        return desk.out.json(&json!({ "incident": print::found(&found), "hypotheses": all }));
    }
    if all.is_empty() {
        return desk.out.line("nobody has said what it may be; `warroom cause add \"the 13:55 deploy\"`");
    }
    all.iter().try_for_each(|hypothesis| desk.out.line(&line(hypothesis)))
}

fn line(hypothesis: &Hypothesis) -> String {
    let who = hypothesis.who.as_ref().map_or("-", |who| who.as_str());
    let evidence = hypothesis.history.last().map(|last| print::because(&last.evidence)).unwrap_or_default();
    let (id, verdict) = (short_id(hypothesis.id), padded(hypothesis.verdict.name(), 9));
    format!("{id}  {verdict}  {}  {}{evidence}", padded(who, 8), hypothesis.text)
}
