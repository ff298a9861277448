//! A last line without its newline: set aside, never deleted, never guessed.
//!
//! Only a writer does this, under the lock; a reader lets the unfinished line be. A crash in between repeats it.

use std::io;

use super::disk::{DiskFile, Mode};
use super::error::AppendError;
use super::open::Journal;

impl Journal {
    /// Moves what stands behind the last complete line of this host's last file to a file of its own.
    pub(super) fn set_aside_tail(&mut self) -> Result<(), AppendError> {
        let Some(own) = self.own().filter(|own| own.tail_len() > 0) else { return Ok(()) };
        let (offset, name, place) = (own.offset, own.name.clone(), self.place_of_own());
        let mut tail = vec![0; usize::try_from(own.tail_len()).unwrap_or(usize::MAX)];
        let file = self.file_of(place)?;
        let rescued = file.read_full_at(&mut tail, offset).and_then(|_| self.quarantine(&name, &tail));
        let aside = rescued.map_err(|error| AppendError::refused(&error))?;
        let cut = file.set_len(offset).and_then(|()| file.sync_data());
        cut.map_err(|error| AppendError::refused(&error))?;
        self.sources[place].meta.len = offset;
        self.writer.banner =
            Some(format!("the last line of {name} was unfinished; it was set aside in {aside}"));
        Ok(())
    }

    /// Keeps torn bytes, once; answers the file's name.
    fn quarantine(&self, name: &str, tail: &[u8]) -> io::Result<String> {
        let stem = name.trim_end_matches(".jsonl");
        for n in 1.. {
            let aside = format!("{stem}.torn.{n}");
            let path = self.dir.join(&aside);
            let file = match self.disk.open(&path, Mode::New) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    if holds(&*self.disk.open(&path, Mode::Read)?, tail)? {
                        return Ok(aside);
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            file.write_all_at(tail, 0)?;
            file.sync_data()?;
            self.disk.sync_dir(&self.dir)?;
            return Ok(aside);
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }
}

fn holds(file: &dyn DiskFile, bytes: &[u8]) -> io::Result<bool> {
    let mut there = vec![0; bytes.len() + 1];
    let n = file.read_full_at(&mut there, 0)?;
    Ok(there[..n] == *bytes)
}
