//! What a project wants of its new tickets, and the settings' values in the shapes that Jira takes.
//!
//! Asked by `/issue/createmeta/{project}/issuetypes`, which both editions have; the older `/issue/createmeta` is going away
//! (CHANGE-1304 of Atlassian's changelog).

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::api::{Line, part};
use super::wire::{FieldMeta, Named, Schema, entries};
use super::{adf, assign};
use crate::clients::Trouble;

const PAGE: u64 = 100;
/// Pages that are read at most.
const MOST_PAGES: u64 = 10;

/// All entries of a call that answers by pages.
pub(super) async fn pages<T: DeserializeOwned>(line: &Line<'_>, path: &str) -> Result<Vec<T>, Trouble> {
    let mut all = Vec::new();
    for _ in 0..MOST_PAGES {
        let (start, most) = (all.len().to_string(), PAGE.to_string());
        let page: Value = line.read(path, &[("startAt", &start), ("maxResults", &most)]).await?;
        let (last, total) = (page["isLast"].as_bool(), page["total"].as_u64().unwrap_or_default());
        let found = entries(page);
        let read = found.len();
        all.extend(found);
        if read == 0 || last == Some(true) || all.len() as u64 >= total {
            break;
        }
    }
    Ok(all)
}

fn types_path(project: &str) -> String {
    format!("/issue/createmeta/{}/issuetypes", part(project))
}

/// The types of tickets that the account may open.
pub(super) async fn types(line: &Line<'_>, project: &str) -> Result<Vec<Named>, Trouble> {
    pages(line, &types_path(project)).await
}

/// A type by its name or id.
pub(super) fn type_of<'a>(types: &'a [Named], wanted: &str) -> Option<&'a Named> {
    types.iter().find(|kind| kind.is_called(wanted) || kind.id == wanted)
}

/// The form for new tickets of a type.
pub(super) async fn form(line: &Line<'_>, project: &str, kind: &Named) -> Result<Vec<FieldMeta>, Trouble> {
    pages(line, &format!("{}/{}", types_path(project), part(&kind.id))).await
}

/// The settings' values by the ids of their fields.
pub(super) async fn extra(
    line: &Line<'_>,
    wanted: &BTreeMap<String, toml::Value>,
    project: &str,
    kind: &str,
) -> Result<Map<String, Value>, Trouble> {
    if wanted.is_empty() {
        return Ok(Map::new());
    }
    let types = types(line, project).await?;
    let Some(kind) = type_of(&types, kind) else { return Err(no_type(kind, project, &types)) };
    resolve(wanted, &form(line, project, kind).await?, line.api.is_cloud(), &kind.name)
}

pub(super) fn no_type(wanted: &str, project: &str, types: &[Named]) -> Trouble {
    let names: Vec<&str> = types.iter().map(|kind| kind.name.as_str()).collect();
    Trouble::permanent(format!(
        "{project} has no type {wanted:?}: set [jira].issue_type to one of {}",
        names.join(", ")
    ))
}

fn resolve(
    wanted: &BTreeMap<String, toml::Value>,
    form: &[FieldMeta],
    cloud: bool,
    kind: &str,
) -> Result<Map<String, Value>, Trouble> {
    let mut fields = Map::new();
    for (name, value) in wanted {
        let meta = field_of(form, name).ok_or_else(|| no_field(name, form, kind))?;
        fields.insert(meta.id().to_owned(), shaped(json_of(value), &meta.schema, cloud));
    }
    Ok(fields)
}

/// A field by its id or name.
pub(super) fn field_of<'a>(form: &'a [FieldMeta], name: &str) -> Option<&'a FieldMeta> {
    let same = |field: &&FieldMeta| field.name.trim().to_lowercase() == name.trim().to_lowercase();
    form.iter().find(|field| field.id() == name || field.key == name).or_else(|| form.iter().find(same))
}

fn no_field(name: &str, form: &[FieldMeta], kind: &str) -> Trouble {
    let names: Vec<&str> = form.iter().map(|field| field.name.as_str()).collect();
    Trouble::permanent(format!(
        "[jira].fields names {name:?}, which is no field of a new {kind}; these are: {}",
        names.join(", ")
    ))
}

/// A value of the settings; times become text.
fn json_of(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Float(number) => json!(number),
        toml::Value::Boolean(yes) => json!(yes),
        toml::Value::Datetime(time) => json!(time.to_string()),
        toml::Value::Array(all) => all.iter().map(json_of).collect(),
        toml::Value::Table(all) => {
            Value::Object(all.iter().map(|(key, one)| (key.clone(), json_of(one))).collect())
        }
    }
}

/// A value as its field wants it. A table is sent as it stands.
fn shaped(value: Value, schema: &Schema, cloud: bool) -> Value {
    match (schema.kind.as_str(), value) {
        ("array", Value::Array(all)) => {
            all.into_iter().map(|one| single(one, &schema.items, schema, cloud)).collect()
        }
        ("array", one) => json!([single(one, &schema.items, schema, cloud)]),
        (kind, one) => single(one, kind, schema, cloud),
    }
}

fn single(value: Value, kind: &str, schema: &Schema, cloud: bool) -> Value {
    let text = match &value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        _ => return value,
    };
    match kind {
        "option" => json!({ "value": text }),
        "option-with-child" => cascade(&text),
        "user" => assign::person(cloud, &text),
        "priority" | "version" | "component" | "issuetype" | "resolution" | "securitylevel" | "group" => {
            json!({ "name": text })
        }
        "project" | "issuelink" => json!({ "key": text }),
        "number" => text.parse::<f64>().map_or(value, |number| json!(number)),
        "string" if cloud && is_rich(schema) => adf::document(&text),
        "string" | "date" | "datetime" => json!(text),
        _ => value,
    }
}

/// `Parent > Child`.
fn cascade(text: &str) -> Value {
    match text.split_once(" > ") {
        Some((parent, child)) => json!({ "value": parent.trim(), "child": { "value": child.trim() } }),
        None => json!({ "value": text }),
    }
}

/// Fields of several lines hold documents on Cloud.
fn is_rich(schema: &Schema) -> bool {
    schema.custom.ends_with(":textarea") || matches!(schema.system.as_str(), "description" | "environment")
}
