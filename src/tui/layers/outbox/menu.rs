//! What can be asked of the outside: one keystroke for the three that begin an incident (MISSION row S4.3), a list for the rest.
//!
//! Whatever reaches people is shown before it goes out, with the names of those it reaches.

use crate::incident::{Command, EntryId};
use crate::outbox::routes::Service;
use crate::outbox::wishes::{FORMS, Form, Wishes, World, parse};
use crate::report::export;
use crate::tui::layer::Layer;
use crate::tui::layers::choose::{Choose, Item};
use crate::tui::layers::command_line::CommandLine;
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

/// Everything that can be asked for, with the reason where it cannot.
pub fn ask_for(_ctx: &Ctx, scene: &Scene) -> Box<dyn Layer> {
    let items: Vec<Item> = FORMS.iter().map(|form| item(form, scene)).collect();
    let chosen = |index: usize, ctx: &Ctx| FORMS.get(index).map(|form| chosen(form, ctx)).unwrap_or_default();
    Box::new(Choose::new("Tell the outside", "", items, Box::new(chosen)))
}

fn item(form: &Form, scene: &Scene) -> Item {
    let mut item = Item::new(form.words, form.about);
    let kind = match form.service {
        Service::Chat => "chat",
        Service::Paging => "paging service",
        Service::Tickets => "tracker",
    };
    let any = form.words == "join" && !scene.routes.is_empty();
    if !any && scene.routes.of(form.service).is_none() {
        item.blocked = format!("no {kind} is connected: warroom connect");
    }
    item
}

/// Words that need nothing more are said at once; for the others the line is there to be gone on with.
fn chosen(form: &Form, ctx: &Ctx) -> Vec<Msg> {
    let fixed: Vec<&str> = form
        .words
        .split(' ')
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        .collect();
    let fixed = fixed.join(" ");
    let complete = fixed == form.words || form.words[fixed.len()..].trim_start().starts_with('[');
    match complete {
        true => line(&fixed, ctx).unwrap_or_else(|why| vec![Msg::Say(Tone::Warning, why)]),
        false => vec![Msg::Push(Box::new(CommandLine::new(Vec::new()).typed(&format!("{fixed} "))))],
    }
}

/// Acknowledge, channel, ticket: what will be done, to be confirmed.
pub fn join(ctx: &Ctx) -> Vec<Msg> {
    let Some(scene) = ctx.scene else { return Vec::new() };
    match wishes("join", &scene) {
        Ok(wishes) => vec![Msg::Push(confirm("join", &wishes, &scene))],
        Err(why) => vec![Msg::Say(Tone::Warning, why)],
    }
}

/// A line of the `:` line: what reaches people is confirmed first.
pub fn line(line: &str, ctx: &Ctx) -> Result<Vec<Msg>, String> {
    let scene = ctx.scene.ok_or("no incident is open: open or declare one first")?;
    if !scene.live {
        return Err("a replay cannot be changed".to_owned());
    }
    let wishes = wishes(line, &scene)?;
    if wishes.pages() {
        return Ok(vec![Msg::Push(confirm(line, &wishes, &scene))]);
    }
    let says = wishes.says(scene.routes);
    let more = if says.len() > 1 { format!(" (and {} more)", says.len() - 1) } else { String::new() };
    let told = format!("in the outbox: {}{more}", says.first().map(String::as_str).unwrap_or_default());
    Ok(vec![Msg::OrderSaying(command(line, ctx), told)])
}

fn wishes(line: &str, scene: &Scene) -> Result<Wishes, String> {
    let export = String::new;
    let world =
        World { routes: scene.routes, incident: scene.incident, outbox: scene.outbox, export: &export };
    // Only what it does is looked at: the ids are made when it is ordered.
    let mut count = 0;
    let mut ids = || {
        count += 1;
        EntryId::from(count)
    };
    parse(line, world, &mut ids).map_err(|refusal| refusal.to_string())
}

fn confirm(line: &str, wishes: &Wishes, scene: &Scene) -> Box<dyn Layer> {
    let drill = if scene.incident.is_drill() { "THIS IS A DRILL. " } else { "" };
    let about = format!("{drill}{}", wishes.says(scene.routes).join("\n"));
    let items = vec![Item::new("no", "leave it").key('n'), Item::new("yes", "do it").key('y')];
    let line = line.to_owned();
    let chosen = move |index: usize, ctx: &Ctx| match index {
        1 => vec![Msg::OrderSaying(command(&line, ctx), "it is in the outbox".to_owned())],
        _ => vec![Msg::Say(Tone::Info, "nothing was sent".to_owned())],
    };
    Box::new(Choose::new("Tell the outside?", about, items, Box::new(chosen)).fitting())
}

/// The order; a file that is attached is made now.
fn command(line: &str, ctx: &Ctx) -> Command {
    let attaches = line.trim_start().starts_with("ticket attach");
    let file = ctx.scene.filter(|_| attaches).map(|scene| markdown(&scene, ctx)).unwrap_or_default();
    Command::Outside { line: line.to_owned(), file }
}

fn markdown(scene: &Scene, ctx: &Ctx) -> String {
    let entries: Vec<_> = scene.rows.as_slice().iter().filter_map(|row| scene.entry(*row)).collect();
    export::markdown(scene.incident, entries.iter().map(|entry| &**entry), ctx.look.zone)
}
