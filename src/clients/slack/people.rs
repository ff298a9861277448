//! Who is who in the workspace: asked once, then known.

use std::collections::BTreeMap;

use super::text::Names;
use super::wire::{Member, OneUser, Page};
use super::{Slack, locked};
use crate::clients::{Directory, Entry, Trouble};
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;
use crate::outbox::news::Author;

/// Most pages of people that are read, and how many a page has.
const MOST_PAGES: usize = 100;
const PAGE: &str = "200";
/// More unknown people than this at once: the whole list is read instead.
const ONE_BY_ONE: usize = 5;

/// Who is known so far.
#[derive(Default)]
pub struct People {
    by_id: BTreeMap<String, Member>,
    /// The whole list has been read.
    pub whole: bool,
}

impl People {
    pub fn get(&self, id: &str) -> Option<&Member> {
        self.by_id.get(id)
    }

    /// Those who go by this name, in whatever way.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Member> {
        self.by_id.values().filter(move |member| !member.deleted && !member.is_bot && member.goes_by(name))
    }
}

impl Member {
    /// What people see of them.
    pub fn shown(&self) -> String {
        let names =
            [&self.profile.display_name, &self.profile.real_name, &self.real_name, &self.name, &self.id];
        let name = names.into_iter().find(|name| !name.trim().is_empty());
        clean_line(name.map_or("", |name| name.trim())).into_owned()
    }

    fn goes_by(&self, name: &str) -> bool {
        let name = name.trim().trim_start_matches('@').to_lowercase();
        let names = [&self.profile.display_name, &self.profile.real_name, &self.real_name, &self.name];
        !name.is_empty() && names.into_iter().any(|known| known.trim().to_lowercase() == name)
    }

    fn entry(&self) -> Entry {
        Entry {
            remote: self.id.clone(),
            name: self.shown(),
            mail: clean_line(&self.profile.email).into_owned(),
            phone: clean_line(&self.profile.phone).into_owned(),
        }
    }
}

impl Slack {
    /// Reads the whole list.
    pub(super) async fn read_everybody(&self) -> Result<(), Trouble> {
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let mut form = vec![("limit", PAGE)];
            if !cursor.is_empty() {
                form.push(("cursor", &cursor));
            }
            let page: Page = self.api.safe("users.list", &form).await?;
            let mut people = locked(&self.people);
            people.by_id.extend(page.members.into_iter().map(|member| (member.id.clone(), member)));
            let next = page.response_metadata.next_cursor;
            if next.is_empty() || next == cursor {
                people.whole = true;
                break;
            }
            cursor = next;
        }
        Ok(())
    }

    pub(super) async fn everybody(&self) -> Result<Directory, Trouble> {
        self.read_everybody().await?;
        let people = locked(&self.people);
        let person = |member: &&Member| !member.deleted && !member.is_bot && member.id != "USLACKBOT";
        let people = people.by_id.values().filter(person).map(Member::entry).collect();
        Ok(Directory { people, ..Directory::default() })
    }

    /// Asks for those of `wanted` who are not known yet. Whoever cannot be asked for goes by their id.
    pub(super) async fn get_to_know(&self, wanted: impl IntoIterator<Item = String>) -> Result<(), Trouble> {
        let mut unknown = self.unknown(wanted);
        if unknown.len() > ONE_BY_ONE && !locked(&self.people).whole {
            match self.read_everybody().await {
                Ok(()) => unknown = self.unknown(unknown),
                Err(trouble) => bearable(trouble)?,
            }
        }
        for id in unknown {
            let asked = self.api.safe::<OneUser>("users.info", &[("user", &id)]).await;
            let member = match asked {
                Ok(one) => Member { id: id.clone(), ..one.user },
                Err(trouble) => {
                    bearable(trouble)?;
                    Member { id: id.clone(), ..Member::default() }
                }
            };
            locked(&self.people).by_id.insert(id, member);
        }
        Ok(())
    }

    fn unknown(&self, wanted: impl IntoIterator<Item = String>) -> Vec<String> {
        let people = locked(&self.people);
        let mut unknown: Vec<String> = wanted.into_iter().filter(|id| people.get(id).is_none()).collect();
        unknown.sort();
        unknown.dedup();
        unknown
    }

    /// The names of everybody who is known.
    pub(super) fn names(&self) -> Names {
        locked(&self.people).by_id.iter().map(|(id, member)| (id.clone(), member.shown())).collect()
    }

    pub(super) fn author(&self, id: &str) -> Author {
        let people = locked(&self.people);
        let entry = people.get(id).map(Member::entry).unwrap_or_default();
        let name = if entry.name == id { String::new() } else { entry.name };
        let bot = people.get(id).is_some_and(|member| member.is_bot);
        Author { remote: id.to_owned(), name, mail: entry.mail, bot }
    }
}

/// A name is worth no news: only what passes is worth another try.
fn bearable(trouble: Trouble) -> Result<(), Trouble> {
    match trouble.class {
        FailureClass::Permanent => Ok(()),
        FailureClass::Auth if trouble.code == "missing_scope" => Ok(()),
        _ => Err(trouble),
    }
}
