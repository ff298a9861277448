//! The shipped past incidents, unpacked into the cache so that they are read like any other.

use super::desk::Found;
use super::fail::{Done, Fail};
use crate::config::shipped::{PastIncident, past_incidents};
use crate::config::{Paths, settings::nearest};
use crate::incident::HostId;
use crate::journal::Journal;
use crate::runtime::past;

/// A past incident by its name, or an unambiguous beginning of it.
pub fn find(paths: &Paths, name: &str) -> Done<Option<Found>> {
    let past = past_incidents();
    let exact = past.iter().find(|past| past.slug == name);
    let mut begun = past.iter().filter(|past| past.slug.starts_with(name));
    let only = begun.next().filter(|_| begun.next().is_none());
    exact.or(only).map(|past| unpack(paths, past)).transpose()
}

/// The past incident whose name is nearest to what was typed.
pub fn suggestion(name: &str) -> Option<String> {
    let past = past_incidents();
    let names: Vec<&str> = past.iter().map(|past| past.slug.as_str()).collect();
    nearest(name, &names).map(str::to_owned)
}

/// Where a past incident can be read, once it is unpacked.
pub fn unpack(paths: &Paths, past: &PastIncident) -> Done<Found> {
    let path = past::unpack(paths, past).map_err(|error| {
        let what = format!("{} cannot be unpacked below {}: {error}", past.slug, paths.cache().display());
        Fail::refused(what, "set WARROOM_STATE to a folder that can be written")
    })?;
    let mut reader = Journal::open(&path, HostId::default())?;
    reader.take_in()?;
    let id = reader.incident().unwrap_or_default();
    Ok(Found { id, slug: past.slug.clone(), number: None, path })
}
