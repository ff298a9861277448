//! Ids and addresses: what people paste, and what may stand in a path.

use crate::clients::Trouble;
use crate::incident::clean::clean_line;

/// Most characters of an id.
const MOST_ID: usize = 64;
/// How the place of an incident begins that was opened through Events v2: its key follows.
const EVENTS: &str = "events:";

/// An id that may stand in a path: letters and digits, nothing that could lead elsewhere.
pub(super) fn checked(id: &str) -> Result<&str, Trouble> {
    let id = id.trim();
    let plain = !id.is_empty() && id.len() <= MOST_ID && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain {
        return Ok(id);
    }
    Err(Trouble::permanent(format!(
        "{:?} is no id of PagerDuty: it looks like PT4KHLK, and stands at the end of the page's address",
        clean_line(id)
    )))
}

/// The id of an incident, alone or in its address.
pub(super) fn incident(text: &str) -> Result<&str, Trouble> {
    let text = text.trim();
    if !text.contains('/') {
        return checked(text.trim_start_matches('#'));
    }
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.split('/').skip_while(|part| *part != "incidents");
    checked(parts.nth(1).unwrap_or_default()).map_err(|_| {
        Trouble::permanent(format!(
            "{:?} is no address of an incident: it looks like https://example.pagerduty.com/incidents/PT4KHLK",
            clean_line(text)
        ))
    })
}

/// The place of an incident that was opened through Events v2.
pub(super) fn event_place(dedup_key: &str) -> String {
    format!("{EVENTS}{dedup_key}")
}

/// The key of such a place.
pub(super) fn event_key(place: &str) -> Option<&str> {
    place.strip_prefix(EVENTS)
}

/// An address as it may be shown and opened; anything but https is left out.
pub(super) fn link(url: Option<&str>) -> Option<String> {
    url.filter(|url| url.starts_with("https://")).map(|url| clean_line(url).into_owned())
}
