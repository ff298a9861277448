//! Jira's own shapes, as far as they are read. What is missing or of another kind than expected is left empty: tickets differ
//! from project to project, and a field that nobody needs must not keep the others from being read.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::incident::Time;
use crate::incident::clean::clean_line;

/// The key of the property that carries our op id, on tickets and comments.
pub(super) const OP_PROPERTY: &str = "warroom.op";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Issue {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub key: String,
    #[serde(deserialize_with = "lenient")]
    pub fields: Fields,
    /// `None`: it was not sent along.
    #[serde(deserialize_with = "lenient")]
    pub changelog: Option<Changelog>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Fields {
    #[serde(deserialize_with = "lenient")]
    pub status: Named,
    #[serde(deserialize_with = "lenient")]
    pub assignee: Option<User>,
    #[serde(deserialize_with = "text")]
    pub updated: String,
    #[serde(deserialize_with = "list")]
    pub labels: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub issuelinks: Vec<IssueLink>,
    #[serde(deserialize_with = "list")]
    pub attachment: Vec<Attachment>,
}

/// A status, a type, a priority, a transition: whatever has an id and a name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Named {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub key: String,
    #[serde(deserialize_with = "text")]
    pub name: String,
    #[serde(deserialize_with = "lenient")]
    pub status_category: Option<Box<Named>>,
    /// Of a type of tickets: what they can be.
    #[serde(deserialize_with = "list")]
    pub statuses: Vec<Named>,
}

impl Named {
    /// People write names as they remember them.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }

    pub fn is_done(&self) -> bool {
        self.status_category.as_ref().is_some_and(|category| category.key == "done")
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct User {
    #[serde(deserialize_with = "text")]
    pub account_id: String,
    #[serde(deserialize_with = "text")]
    pub account_type: String,
    #[serde(deserialize_with = "text")]
    pub name: String,
    #[serde(deserialize_with = "text")]
    pub display_name: String,
    #[serde(deserialize_with = "text")]
    pub email_address: String,
    #[serde(deserialize_with = "lenient")]
    pub active: Option<bool>,
}

impl User {
    /// What names them there: Cloud has account ids, a Data Center has names.
    pub fn remote(&self, cloud: bool) -> &str {
        if cloud { &self.account_id } else { &self.name }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct IssueLink {
    #[serde(rename = "type", deserialize_with = "lenient")]
    pub kind: Named,
    #[serde(deserialize_with = "lenient")]
    pub inward_issue: Option<Named>,
    #[serde(deserialize_with = "lenient")]
    pub outward_issue: Option<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachment {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub filename: String,
    #[serde(deserialize_with = "lenient")]
    pub size: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changelog {
    #[serde(deserialize_with = "list")]
    pub histories: Vec<History>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct History {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "lenient")]
    pub author: User,
    #[serde(deserialize_with = "text")]
    pub created: String,
    #[serde(deserialize_with = "list")]
    pub items: Vec<Change>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Change {
    #[serde(deserialize_with = "text")]
    pub field: String,
    #[serde(deserialize_with = "text")]
    pub to: String,
    #[serde(rename = "toString", deserialize_with = "text")]
    pub to_name: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Comments {
    #[serde(deserialize_with = "list")]
    pub comments: Vec<Comment>,
    #[serde(deserialize_with = "lenient")]
    pub total: Option<u64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Comment {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "lenient")]
    pub author: User,
    /// A document of Atlassian's on Cloud, wiki markup on a Data Center.
    pub body: Value,
    #[serde(deserialize_with = "text")]
    pub created: String,
    #[serde(deserialize_with = "text")]
    pub updated: String,
    #[serde(deserialize_with = "list")]
    pub properties: Vec<Property>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Property {
    #[serde(deserialize_with = "text")]
    pub key: String,
    pub value: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Transitions {
    #[serde(deserialize_with = "list")]
    pub transitions: Vec<Transition>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Transition {
    #[serde(deserialize_with = "text")]
    pub id: String,
    #[serde(deserialize_with = "text")]
    pub name: String,
    #[serde(deserialize_with = "lenient")]
    pub to: Named,
    #[serde(deserialize_with = "lenient")]
    pub is_available: Option<bool>,
}

/// What a field of the form for new tickets takes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct FieldMeta {
    #[serde(deserialize_with = "text")]
    pub field_id: String,
    #[serde(deserialize_with = "text")]
    pub key: String,
    #[serde(deserialize_with = "text")]
    pub name: String,
    #[serde(deserialize_with = "lenient")]
    pub required: bool,
    #[serde(deserialize_with = "lenient")]
    pub has_default_value: bool,
    #[serde(deserialize_with = "lenient")]
    pub schema: Schema,
    #[serde(deserialize_with = "lenient")]
    pub allowed_values: Vec<Value>,
}

impl FieldMeta {
    pub fn id(&self) -> &str {
        if self.field_id.is_empty() { &self.key } else { &self.field_id }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Schema {
    #[serde(rename = "type", deserialize_with = "text")]
    pub kind: String,
    #[serde(deserialize_with = "text")]
    pub items: String,
    #[serde(deserialize_with = "text")]
    pub custom: String,
    #[serde(deserialize_with = "text")]
    pub system: String,
}

/// A page of something. Its name differs by edition and call.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Found {
    #[serde(deserialize_with = "list")]
    pub issues: Vec<Issue>,
}

/// The entries of a page, under whichever name they stand; a list may also stand alone.
pub(super) fn entries<T: DeserializeOwned>(page: Value) -> Vec<T> {
    let names = ["values", "issueTypes", "fields", "issueLinkTypes"];
    match page {
        Value::Object(mut page) => {
            match names.iter().find_map(|name| page.remove(*name).filter(Value::is_array)) {
                Some(entries) => items(entries),
                None => items(Value::Object(page)),
            }
        }
        other => items(other),
    }
}

fn items<T: DeserializeOwned>(value: Value) -> Vec<T> {
    let read = |value: Value| serde_json::from_value(value).ok();
    match value {
        Value::Array(values) => values.into_iter().filter_map(read).collect(),
        Value::Object(object) if !object.is_empty() => read(Value::Object(object)).into_iter().collect(),
        _ => Vec::new(),
    }
}

pub(super) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(items(Value::deserialize(from)?))
}

pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    from: D,
) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

/// One line, fit to be shown and kept. Ids are numbers in some answers.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => clean_line(&text).into_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

/// A time as Jira writes it: `2021-01-17T12:34:00.000+0000`, or without seconds in its headers.
pub(super) fn when(text: &str) -> Option<Time> {
    let text = text.trim();
    let own = || chrono::DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok();
    let short =
        || chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%MZ").ok().map(|time| time.and_utc());
    own().map(|time| time.to_utc()).or_else(short).map(Time::from_utc).or_else(|| Time::parse(text))
}
