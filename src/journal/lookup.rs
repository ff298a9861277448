//! Finding an entry's line by its id, without an index: for the rare acts that need it.

use std::io;

use super::lines::Lines;
use super::source::Source;
use crate::incident::ids::EntryId;

/// A line found: where it begins, and its bytes without the newline.
pub(super) struct Found {
    pub offset: u64,
    pub bytes: Vec<u8>,
}

/// The first line of a file whose header names `id`; damaged bodies do not matter.
pub(super) fn find_entry(source: &Source, id: EntryId) -> io::Result<Option<Found>> {
    let wanted = format!("\"id\":\"{id}\"");
    let finder = memchr::memmem::Finder::new(&wanted);
    let mut lines = Lines::new(source.file.clone(), 0, source.meta.len);
    let mut offset = 0;
    while let Some(line) = lines.next()? {
        if finder.find(header_of(line.bytes)).is_some() {
            return Ok(Some(Found { offset, bytes: line.bytes.to_vec() }));
        }
        offset += line.taken;
    }
    Ok(None)
}

/// Whether a file that has been read has a sound line for `id`.
pub(super) fn holds_entry(source: &Source, id: EntryId) -> io::Result<bool> {
    let found = find_entry(source, id)?;
    Ok(found.is_some_and(|found| !source.damaged.contains(&found.offset)))
}

/// What stands before the salt; a body may quote anything.
pub(super) fn header_of(line: &[u8]) -> &[u8] {
    let end = memchr::memmem::find(line, b",\"salt\":").unwrap_or(line.len());
    &line[..end]
}
