//! A follow-up as a form: a new one, one made of a proposal, one that changes (row S4.14).

use crate::incident::command::FollowUpCommand;
use crate::incident::event::{FollowUp, FollowUpKind, Priority};
use crate::incident::follow_ups::{DAYS, Item, Proposal, Source, day_of, parse_day};
use crate::incident::{Command, PersonId};
use crate::tui::layers::form::{Form, Part, Values};
use crate::tui::layers::question::{order, people};
use crate::tui::scene::{Ctx, Scene};

pub fn new(ctx: &Ctx, scene: &Scene) -> Form {
    let about = "What is to be done when this is over, by whom, until when?";
    open("New follow-up", about.to_owned(), &FollowUp::default(), ctx, scene)
}

/// The proposal is taken up when the form is sent.
pub fn take(proposal: &Proposal, ctx: &Ctx, scene: &Scene) -> Form {
    let about = match &proposal.source {
        Source::Todo(_) => format!("From a TODO of {}.", proposal.of),
        Source::Step { .. } => format!("From the playbook {}. Keep its words in front.", proposal.of),
    };
    open("Follow-up", about, &proposal.follow_up(), ctx, scene).at("owner")
}

fn open(title: &str, about: String, what: &FollowUp, ctx: &Ctx, scene: &Scene) -> Form {
    let from = what.from;
    let submit = move |values: &Values, ctx: &Ctx| {
        let what = FollowUp { from, ..read(values, ctx)? };
        order(Command::FollowUp(FollowUpCommand::Open(what)), ctx)
    };
    Form::new(title, about, parts(what, ctx, scene), Box::new(submit)).verb("open it")
}

pub fn edit(item: &Item, ctx: &Ctx, scene: &Scene) -> Form {
    let follow_up = item.id;
    let submit = move |values: &Values, ctx: &Ctx| {
        order(Command::FollowUp(FollowUpCommand::Change { follow_up, now: read(values, ctx)? }), ctx)
    };
    let about = format!("Opened by {}.", item.by);
    Form::new("Change the follow-up", about, parts(&item.what, ctx, scene), Box::new(submit)).verb("change")
}

fn parts(what: &FollowUp, ctx: &Ctx, scene: &Scene) -> Vec<Part> {
    let owner = what.owner.as_ref().map_or("", PersonId::as_str);
    let due = what.due.map(|due| due.to_string()).unwrap_or_default();
    let priorities = Priority::ALL.map(Priority::name);
    let kinds = FollowUpKind::ALL.map(FollowUpKind::name);
    let priority = Priority::ALL.iter().position(|priority| *priority == what.priority).unwrap_or(0);
    let kind = FollowUpKind::ALL.iter().position(|kind| *kind == what.kind).unwrap_or(0);
    let about = "preventive: not again; detective: noticed sooner; corrective: put right.";
    vec![
        Part::text("text", "what", &what.text),
        Part::text("owner", "owner", owner).placeholder("a name").completing(people(ctx, scene)),
        Part::text("due", "due", &due).placeholder("friday").help(format!("The last day, in UTC: {DAYS}.")),
        Part::one("priority", "priority", &priorities, priority),
        Part::one("kind", "kind", &kinds, kind).help(about),
        Part::text("place", "tracked in", &what.place)
            .placeholder("DATA-123")
            .help("A ticket or an address."),
    ]
}

fn read(values: &Values, ctx: &Ctx) -> Result<FollowUp, String> {
    let due = match values.get("due").as_str() {
        "" => None,
        text => {
            let day = parse_day(text, day_of(ctx.now));
            Some(day.ok_or_else(|| format!("{text:?} is no day: type {DAYS}"))?)
        }
    };
    let (priority, kind) = (values.get("priority"), values.get("kind"));
    Ok(FollowUp {
        text: values.get("text"),
        owner: Some(PersonId::new(&values.get("owner"))).filter(|owner| !owner.is_empty()),
        due,
        priority: Priority::ALL.into_iter().find(|one| one.name() == priority).unwrap_or_default(),
        kind: FollowUpKind::ALL.into_iter().find(|one| one.name() == kind).unwrap_or_default(),
        place: values.get("place"),
        from: None,
    })
}
