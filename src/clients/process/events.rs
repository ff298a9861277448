//! News as a client tells them, made fit to be kept.

use serde_json::Value;

use super::answers::{id, link, text};
use super::wire::{Events, Happened, Happening, Known, Since, Whoever};
use crate::incident::clean::clean_line;
use crate::outbox::news::{Author, Batch, News, Pull, What};

pub fn since(pull: &Pull) -> Since {
    let known = |(slot, remote): &(_, String)| Known { slot: *slot, remote: remote.clone() };
    Since {
        places: pull.places.iter().map(known).collect(),
        cursor: pull.cursor.clone(),
        since: pull.since,
        listen: pull.listen,
    }
}

/// An error says which piece is none of the protocol's; kinds of a newer version are passed over.
pub fn batch(events: Events) -> Result<Batch, String> {
    let mut news = Vec::new();
    for happened in events.events {
        news.extend(piece(happened)?);
    }
    Ok(Batch { news, cursor: events.cursor.filter(|cursor| !cursor.is_empty()), more: events.more })
}

fn piece(happened: Happened) -> Result<Option<News>, String> {
    let remote = id(&happened.remote);
    if remote.is_empty() {
        return Err("a piece of news without an id".to_owned());
    }
    let Some(what) = what(happened.what)? else { return Ok(None) };
    Ok(Some(News {
        remote,
        at: happened.at,
        author: author(happened.author),
        link: link(happened.link.as_deref()),
        what,
        echo_of: happened.echo_of,
    }))
}

fn what(given: std::collections::BTreeMap<String, Value>) -> Result<Option<What>, String> {
    let Some((kind, body)) = given.into_iter().find(|(kind, _)| Happening::NAMES.contains(&kind.as_str()))
    else {
        return Ok(None);
    };
    let wrong = |error| format!("a piece of news that cannot be read ({kind}: {error})");
    let one = serde_json::json!({ kind.clone(): body });
    let happening: Happening = serde_json::from_value(one).map_err(wrong)?;
    Ok(Some(cleaned(happening)))
}

fn cleaned(happening: Happening) -> What {
    let line = |text: &str| clean_line(text).into_owned();
    match happening {
        Happening::Said { text: said } => What::Said { text: text(&said) },
        Happening::Edited { of, text: said } => What::Edited { of: id(&of), text: text(&said) },
        Happening::Deleted { of } => What::Deleted { of: id(&of) },
        Happening::Word { line: word } => What::Word { line: line(&word) },
        Happening::Fact { text: fact } => What::Fact { text: line(&fact) },
        Happening::Moved { slot, status, done } => What::Moved { slot, status: line(&status), done },
        Happening::Assigned { slot, who } => What::Assigned { slot, who: line(&who) },
    }
}

fn author(who: Whoever) -> Author {
    let line = |text: &str| clean_line(text).into_owned();
    Author { remote: id(&who.remote), name: line(&who.name), mail: line(&who.mail), bot: who.bot }
}
