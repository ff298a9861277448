//! Small questions about the room as a whole: its title, its links.

use std::sync::Arc;

use super::ask::Ask;
use super::choose::{Choose, Item};
use super::question::ask;
use crate::incident::describe;
use crate::incident::scribe::{Token, tokens};
use crate::incident::{Command, Entry};
use crate::tui::msg::{Msg, Tone};
use crate::tui::scene::{Ctx, Scene};

pub fn retitle(title: &str) -> Ask {
    let answer = |title: &str, _: &Ctx| Ok(vec![Msg::Order(Command::Retitle { title: title.to_owned() })]);
    Ask::new("Title", "What is wrong, in a few words.", Box::new(answer)).with(title)
}

/// Keeps the incident's words in, or lets them out with a reason.
pub fn private(scene: &Scene) -> Ask {
    let on = !scene.incident.is_private();
    let (title, about) = match on {
        true => (
            "Make it private",
            "Its title and words stay out of channels, file names and messages, and the regulator's clock runs. Why?",
        ),
        false => ("No longer private", "Its words may stand in channels and messages again. Who allowed it?"),
    };
    ask(title, about, move |reason| Command::Private { on, reason: reason.to_owned() })
}

/// Asks for `name address`.
pub fn link() -> Ask {
    let about = "A name and an address, such as: bridge https://meet.example/123. The name alone removes it.";
    let answer = |text: &str, _: &Ctx| {
        let (what, url) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        Ok(vec![Msg::Order(Command::Link { what: what.to_owned(), url: url.trim().to_owned() })])
    };
    let names = vec!["bridge ".to_owned(), "channel ".to_owned(), "ticket ".to_owned()];
    Ask::new("Link", about, Box::new(answer)).completing(names)
}

/// Opens the link of the selected entry, or one of the incident's.
pub fn open_link(scene: &Scene, selected: Option<Arc<Entry>>) -> Vec<Msg> {
    let mut urls: Vec<(String, String)> = Vec::new();
    if let Some(entry) = selected {
        let text = describe::sentence(scene.incident, &entry);
        let links = tokens(&text).into_iter().filter(|(_, token)| *token == Token::Link);
        urls.extend(links.map(|(range, _)| ("this entry".to_owned(), text[range].to_owned())));
    }
    urls.extend(scene.incident.links.iter().map(|(what, url)| (what.clone(), url.clone())));
    match urls.len() {
        0 => vec![Msg::Say(Tone::Info, "no links here: L sets one".into())],
        1 => vec![Msg::OpenUrl(urls.remove(0).1)],
        _ => {
            let items = urls.iter().map(|(what, url)| Item::new(what.clone(), url.clone())).collect();
            let chosen = move |index: usize, _: &Ctx| {
                urls.get(index).map(|(_, url)| Msg::OpenUrl(url.clone())).into_iter().collect()
            };
            vec![Msg::Push(Box::new(Choose::new("Open", "", items, Box::new(chosen))))]
        }
    }
}
