//! `warroom policy`: what is agreed on, and whether a policy file can be used before it is needed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::desk::Desk;
use super::fail::{Done, Fail, REFUSED};
use super::out::complain;
use super::print::padded;
use crate::config::shipped;
use crate::policy::triage::{Answer, Mark, Walk};
use crate::policy::{Audience, Axes, Contact, Diagnostic, Level, Policy, Tier, Triage};

/// List policies, show the one in force, or check TOML files
#[derive(Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Names of the policies there are; those in force are marked
    List,
    /// What is agreed on at each severity: the policy in force, or these, the first before the others
    Show { names: Vec<String> },
    /// Say what to repair, line by line; exits with 1 when there is something
    Check {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

impl PolicyArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        match self.act {
            Act::List => list(desk),
            Act::Show { names } => show(desk, &names),
            Act::Check { files } => check(desk, &files),
        }
    }
}

fn list(desk: &mut Desk) -> Done {
    for name in shipped::policy_names(&desk.paths) {
        let in_force = desk.settings.policy.contains(&name);
        let (levels, about) = match shipped::policy(&desk.paths, std::slice::from_ref(&name)) {
            Ok(policy) => (names(&policy.levels), policy.about),
            Err(_) => (Vec::new(), format!("cannot be used: see `warroom policy show {name}`")),
        };
        match desk.json {
            true => desk.out.json(&json!({
                "name": name, "in_force": in_force, "levels": levels, "about": about,
            }))?,
            false => {
                let mark = if in_force { "* " } else { "  " };
                desk.out.line(&format!("{mark}{}  {about}", padded(&name, 12)))?;
            }
        }
    }
    Ok(())
}

fn names(levels: &[Level]) -> Vec<String> {
    levels.iter().map(|level| level.name.clone()).collect()
}

fn show(desk: &mut Desk, names: &[String]) -> Done {
    let names = if names.is_empty() { desk.settings.policy.clone() } else { names.to_vec() };
    let policy = shipped::policy(&desk.paths, &names)
        .map_err(|why| Fail::refused(why, "see `warroom policy list` and `warroom policy check`"))?;
    if desk.json {
        return desk.out.json(&shape(&policy));
    }
    page(&policy).iter().try_for_each(|line| desk.out.line(line))
}

/// The policy as its file would have it, and what it is made of.
fn shape(policy: &Policy) -> Value {
    let mut whole = json!(policy);
    if let Value::Object(whole) = &mut whole {
        whole.insert("parts".to_owned(), json!(policy.parts));
    }
    whole
}

fn page(policy: &Policy) -> Vec<String> {
    let mut page = vec![format!("{}: {}", policy.name, policy.about)];
    page.extend(policy.levels.iter().flat_map(level));
    part(&mut page, "Help me decide", policy.triage.iter().flat_map(questions));
    part(&mut page, "Degradation / impact", policy.axes.iter().flat_map(|axes| grid(axes, policy)));
    part(
        &mut page,
        "Types",
        policy.types.iter().map(|kind| {
            let private = if kind.private { ", private" } else { "" };
            row(&kind.name, &format!("{}{private}: {}", kind.severity.join(" or "), kind.about))
        }),
    );
    part(&mut page, "Audiences", policy.audiences.iter().map(audience));
    part(&mut page, "Escalate when", policy.escalate_when.iter().map(|when| format!("  - {when}")));
    part(&mut page, "Contacts", policy.contacts.iter().map(contact));
    part(&mut page, "Recovery tiers", policy.tiers.iter().map(tier));
    part(
        &mut page,
        "What fails how often",
        policy
            .failures
            .iter()
            .map(|failure| format!("  {}: {}; {}", failure.what, failure.often, failure.impact)),
    );
    part(&mut page, "Rules", rules(policy).into_iter());
    page
}

/// A heading with its rows; nothing when there are none.
fn part(page: &mut Vec<String>, heading: &str, rows: impl Iterator<Item = String>) {
    let rows: Vec<String> = rows.collect();
    if !rows.is_empty() {
        page.push(format!("\n{heading}"));
        page.extend(rows);
    }
}

/// What is asked to find the severity, and where each answer leads.
fn questions(triage: &Triage) -> Vec<String> {
    let words = triage.assess.iter().map(|assess| format!("  - {}", assess.ask));
    let asked = triage.questions.iter().flat_map(|question| {
        let answers = Walk::answers(question).into_iter().map(|answer| format!("      {}", leads(&answer)));
        std::iter::once(format!("  {}", question.ask)).chain(answers)
    });
    let otherwise =
        triage.otherwise.as_ref().map(|outcome| format!("  otherwise {}", outcome.levels.join(" or ")));
    words.chain(asked).chain(otherwise).collect()
}

/// `yes: P0 or P1, page the data team`
fn leads(answer: &Answer) -> String {
    let outcome = &answer.outcome;
    let levels = outcome.levels.join(" or ");
    let next = outcome.next.as_ref().map(|next| format!("go to {next}")).unwrap_or_default();
    let facts = [levels, next, outcome.then.clone()];
    let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
    if facts.is_empty() {
        format!("{}: go on", answer.say)
    } else {
        format!("{}: {}", answer.say, facts.join(", "))
    }
}

/// One line for each pair of marks.
fn grid(axes: &Axes, policy: &Policy) -> Vec<String> {
    let cell = |down: &Mark, side: &Mark| {
        let level = policy.at_rank_or_graver(Axes::rank(down.value, side.value));
        format!("  {} / {}: {}", down.say, side.say, level.map_or("", |level| level.name.as_str()))
    };
    axes.degradation.iter().flat_map(|down| axes.impact.iter().map(move |side| cell(down, side))).collect()
}

fn level(level: &Level) -> Vec<String> {
    let also = if level.also.is_empty() { String::new() } else { format!(" = {}", level.also.join(" = ")) };
    let head = format!("\n{} ({}){also}", level.name, level.word);
    let definition = format!("  {}", level.definition);
    let examples = level.examples.iter().map(|example| format!("  e.g. {example}"));
    let consequences = level.consequences().into_iter().map(|sentence| format!("  {sentence}"));
    [head, definition].into_iter().chain(examples).chain(consequences).collect()
}

fn audience(audience: &Audience) -> String {
    let outside = if audience.external { "outside: " } else { "" };
    let next = audience.next.as_ref().map(|next| format!(", next update in {next}")).unwrap_or_default();
    row(&audience.name, &format!("{outside}{}{next}", audience.about))
}

fn contact(contact: &Contact) -> String {
    let level = if contact.level.is_empty() { "outside" } else { &contact.level };
    let reach = if contact.reach.is_empty() && contact.phone.is_empty() {
        "(nobody has filled in how to reach them)"
    } else {
        &contact.reach
    };
    let facts = [contact.role.as_str(), &contact.name, reach, &contact.phone, &contact.available];
    let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    row(level, &facts.join(" · "))
}

fn tier(tier: &Tier) -> String {
    let availability =
        if tier.availability.is_empty() { String::new() } else { format!(", {}", tier.availability) };
    let how = if tier.how.is_empty() { String::new() } else { format!(": {}", tier.how) };
    row(
        &tier.name,
        &format!("{}, may lose {}, back in {}{availability}{how}", tier.about, tier.rpo, tier.rto),
    )
}

fn rules(policy: &Policy) -> Vec<String> {
    let rules = &policy.rules;
    let clocks = [
        ("triage and a commander within", &rules.triage),
        ("look up and ask what has changed every", &rules.mark),
        ("a role that was offered is accepted within", &rules.accept),
        ("a resolved incident is watched for", &rules.watch),
        ("the regulator is told of a private incident within", &rules.regulatory),
    ];
    let clocks = clocks.into_iter().filter_map(|(what, limit)| Some(format!("  {what} {}", limit.as_ref()?)));
    let span = rules.span_of_control.map(|most| format!("  one person leads {most} at most"));
    let teams = (!rules.roll_call.is_empty())
        .then(|| format!("  a roll call expects {}", rules.roll_call.join(", ")));
    clocks.chain(span).chain(teams).collect()
}

fn row(name: &str, text: &str) -> String {
    format!("  {}  {text}", padded(name, 21))
}

fn check(desk: &mut Desk, files: &[PathBuf]) -> Done {
    let mut wrong = false;
    for file in files {
        let name = file.display().to_string();
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                wrong = true;
                complain(&format!("error: {name}: {error}\nhint: give the path of a TOML file"));
                continue;
            }
        };
        let read = Policy::read(&String::from_utf8_lossy(&bytes));
        wrong |= read.is_err();
        match desk.json {
            true => desk.out.json(&checked(&name, &read))?,
            false => say(desk, &name, &read)?,
        }
    }
    if wrong { Err(Fail::Code(REFUSED)) } else { Ok(()) }
}

fn checked(file: &str, read: &Result<Policy, Vec<Diagnostic>>) -> Value {
    match read {
        Ok(policy) => {
            json!({ "file": file, "name": policy.name, "levels": names(&policy.levels), "diagnostics": [] })
        }
        Err(found) => json!({ "file": file, "diagnostics": found }),
    }
}

fn say(desk: &mut Desk, name: &str, read: &Result<Policy, Vec<Diagnostic>>) -> Done {
    let found = match read {
        Ok(policy) => {
            let (levels, types) = (policy.levels.len(), policy.types.len());
            return desk.out.line(&format!("{name}: {levels} levels, {types} types, nothing to repair"));
        }
        Err(found) => found,
    };
    for Diagnostic { line, what, hint } in found {
        let hint = if hint.is_empty() { String::new() } else { format!(" ({hint})") };
        desk.out.line(&format!("{name}:{line}: {what}{hint}"))?;
    }
    let plural = if found.len() == 1 { "" } else { "s" };
    desk.out.line(&format!("{name}: {} finding{plural}", found.len()))
}
