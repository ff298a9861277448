//! Our mark in texts at PagerDuty: notes, status updates and messages carry the id of the act that made them.

use serde_json::Value;
use ulid::Ulid;

use crate::clients::op_tag;
use crate::incident::EntryId;

const BEGINS: &str = "wr-op-";
/// Characters of a ULID.
const ULID: usize = 26;

/// The text with its mark on a line of its own at the end.
pub(super) fn marked_with(text: &str, request: EntryId) -> String {
    format!("{}\n({})", text.trim_end(), op_tag(request))
}

/// The request whose mark ends a text, as [`crate::clients::Call::op`] writes it. Whoever quotes one of ours and goes on is not us.
pub(super) fn found_in(text: &str) -> Option<String> {
    split(text).map(|(_, id)| id.to_string())
}

/// The text without its mark.
pub(super) fn without(text: &str) -> &str {
    split(text).map_or(text, |(before, _)| before)
}

/// What stands before the mark, and whose it is. Line breaks may have been lost on the way.
fn split(text: &str) -> Option<(&str, Ulid)> {
    let inside = text.trim_end().strip_suffix(')')?;
    let (before, id) = inside.split_at_checked(inside.len().checked_sub(ULID)?)?;
    let before = before.strip_suffix(BEGINS)?.strip_suffix('(')?;
    Some((before.trim_end(), Ulid::from_string(&id.to_ascii_uppercase()).ok()?))
}

/// The mark at the end of any text of a value.
pub(super) fn within(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => found_in(text),
        Value::Array(items) => items.iter().find_map(within),
        Value::Object(fields) => fields.values().find_map(within),
        _ => None,
    }
}

/// Whether any text of a value carries this request's mark.
pub(super) fn carries(value: &Value, op: &str) -> bool {
    match value {
        Value::String(text) => {
            text.to_ascii_lowercase().contains(&format!("{BEGINS}{}", op.to_ascii_lowercase()))
        }
        Value::Array(items) => items.iter().any(|item| carries(item, op)),
        Value::Object(fields) => fields.values().any(|field| carries(field, op)),
        _ => false,
    }
}
