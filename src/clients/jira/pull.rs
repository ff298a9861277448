//! What happened to the tickets: comments, other statuses, other assignees.
//!
//! A look is one call for a ticket where nothing has changed. News are taken with an overlap, because a ticket's changes may become
//! visible in another order than that of their times; each has Jira's own id, so that it counts once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::api::{Line, part};
use super::wire::{Change, Comment, Fields, History, Issue, User, when};
use super::{Jira, adf, comment, wiki};
use crate::clients::Trouble;
use crate::incident::clean::{clean_line, clean_text};
use crate::incident::event::Slot;
use crate::incident::{Span, Time};
use crate::outbox::news::{Author, Batch, News, Pull, What};

/// How far behind its newest piece of news a ticket is read again.
const OVERLAP: Span = Span::from_secs(30);

/// How far each ticket has been read, by its key.
type Cursor = BTreeMap<String, Mark>;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Mark {
    /// What Jira said last about when the ticket was changed.
    updated: String,
    /// When the newest piece of news happened, in milliseconds since 1970.
    newest: i64,
    status: String,
}

pub(super) async fn pull(jira: &Jira, pull: &Pull) -> Result<Batch, Trouble> {
    let line = jira.api.at(Some(pull.now));
    let tickets = pull.places.iter().filter(|(slot, _)| matches!(slot, Slot::Ticket | Slot::FollowUp(_)));
    let known: Cursor =
        pull.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let (mut cursor, mut news, mut lost) = (known.clone(), Vec::new(), None);
    let mut read = 0;
    for (slot, key) in tickets {
        let mark = known.get(key).cloned();
        let start = mark.unwrap_or_else(|| Mark { newest: pull.since.ms(), ..Mark::default() });
        match (Look { jira, line, slot: *slot, key, from: &start, since: pull.since }).all().await {
            Ok((found, mark)) => {
                read += 1;
                news.extend(found);
                cursor.insert(key.clone(), mark);
            }
            // One ticket that was deleted must not silence the others.
            Err(trouble) if trouble.code.starts_with("404") => lost = Some(trouble),
            Err(trouble) => return Err(trouble),
        }
    }
    if let Some(lost) = lost.filter(|_| read == 0) {
        return Err(lost);
    }
    news.sort_by_key(|one: &News| one.at);
    let text = serde_json::to_string(&cursor).ok().filter(|_| cursor != known);
    Ok(Batch { news, cursor: text, more: false })
}

/// One look at one ticket.
struct Look<'a> {
    jira: &'a Jira,
    line: Line<'a>,
    slot: Slot,
    key: &'a str,
    from: &'a Mark,
    since: Time,
}

impl Look<'_> {
    async fn all(&self) -> Result<(Vec<News>, Mark), Trouble> {
        let path = format!("/issue/{}", part(self.key));
        let asked = [("fields", "status,assignee,updated"), ("expand", "changelog")];
        let issue: Issue = self.line.read(&path, &asked).await?;
        if !issue.fields.updated.is_empty() && issue.fields.updated == self.from.updated {
            return Ok((Vec::new(), self.from.clone()));
        }
        let me = self.jira.me(&self.line).await?;
        let mut news = self.changes(&issue, me);
        for comment in comment::all(&self.line, self.key).await?.comments {
            news.extend(self.comment(&comment));
        }
        let newest = news.iter().map(|one| one.at.ms()).max().unwrap_or_default().max(self.from.newest);
        let Fields { updated, status, .. } = issue.fields;
        Ok((news, Mark { updated, newest, status: status.id }))
    }

    fn is_recent(&self, at: Time) -> bool {
        at >= Time::from_ms(self.from.newest).saturating_sub(OVERLAP).max(self.since)
    }

    fn changes(&self, issue: &Issue, me: &str) -> Vec<News> {
        match &issue.changelog {
            Some(log) => log.histories.iter().flat_map(|one| self.history(one, &issue.fields, me)).collect(),
            None => self.other_status(&issue.fields).into_iter().collect(),
        }
    }

    fn history(&self, history: &History, now: &Fields, me: &str) -> Vec<News> {
        let Some(at) = when(&history.created).filter(|at| self.is_recent(*at)) else { return Vec::new() };
        let ours = !me.is_empty() && history.author.remote(self.cloud()) == me;
        let mut news = Vec::new();
        for change in &history.items {
            let Some((word, what)) = self.change(change, now) else { continue };
            let remote = format!("{}/{word}/{}", self.key, history.id);
            let echo_of = ours.then(|| remote.clone());
            news.push(News {
                remote,
                at,
                author: author(&history.author, self.cloud()),
                link: self.page(),
                what,
                echo_of,
            });
        }
        news
    }

    fn change(&self, change: &Change, now: &Fields) -> Option<(&'static str, What)> {
        let name = clean_line(&change.to_name).into_owned();
        match change.field.as_str() {
            "status" => {
                // Jira tells the category of the present status alone.
                let done = now.status.id == change.to && now.status.is_done();
                Some(("status", What::Moved { slot: self.slot, status: name, done }))
            }
            "assignee" => Some(("assignee", What::Assigned { slot: self.slot, who: name })),
            _ => None,
        }
    }

    /// Without a history all that is known is that the status is another one.
    fn other_status(&self, now: &Fields) -> Option<News> {
        let changed = !self.from.status.is_empty() && now.status.id != self.from.status;
        let at = when(&now.updated).filter(|_| changed)?;
        let what = What::Moved {
            slot: self.slot,
            status: clean_line(&now.status.name).into_owned(),
            done: now.status.is_done(),
        };
        let remote = format!("{}/status/{}@{}", self.key, now.status.id, at.ms());
        Some(News { remote, at, author: Author::default(), link: self.page(), what, echo_of: None })
    }

    /// A comment is said once; other words later are an edit.
    fn comment(&self, comment: &Comment) -> Vec<News> {
        let Some(created) = when(&comment.created) else { return Vec::new() };
        let updated = when(&comment.updated).unwrap_or(created);
        let newest = Time::from_ms(self.from.newest);
        let of = comment::remote(self.key, &comment.id);
        let text = text_of(comment);
        let piece = |remote: String, at: Time, what: What| News {
            remote,
            at,
            author: author(&comment.author, self.cloud()),
            link: comment::link(&self.line, self.key, &comment.id),
            what,
            echo_of: comment::op_of(comment),
        };
        let mut news = Vec::new();
        if self.is_recent(created) {
            news.push(piece(of.clone(), created, What::Said { text: text.clone() }));
        }
        if updated > created && updated > newest && created <= newest {
            news.push(piece(format!("{of}@{}", updated.ms()), updated, What::Edited { of, text }));
        }
        news
    }

    fn cloud(&self) -> bool {
        self.jira.api.is_cloud()
    }

    fn page(&self) -> Option<String> {
        self.jira.api.browse(self.key)
    }
}

/// What a comment says, without the line that marks it as ours.
fn text_of(comment: &Comment) -> String {
    let text = match &comment.body {
        Value::String(markup) => {
            wiki::plain(comment::tag_line(markup).map_or(markup.as_str(), |(_, before)| before))
        }
        document => adf::plain(document),
    };
    clean_text(&text).trim().to_owned()
}

fn author(user: &User, cloud: bool) -> Author {
    let clean = |text: &str| clean_line(text).trim().to_owned();
    Author {
        remote: clean(user.remote(cloud)),
        name: clean(&user.display_name),
        mail: clean(&user.email_address),
        bot: user.account_type == "app",
    }
}
