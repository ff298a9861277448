//! What can be wrong with a journal, as data: one [`Damage`] for each line that is not believed.

use std::fmt;

/// A line that is not folded, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Name of the file in the journal's folder.
    pub file: String,
    /// Number of the line, from 1.
    pub line: u64,
    /// Where the line begins, in bytes from the start of the file.
    pub byte: u64,
    pub part: Part,
    pub why: String,
}

/// Which part of a line is damaged.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first line of a file, which names incident, host and the file before.
    Segment,
    /// The line's digest, which ties it to the line before.
    Link,
    /// What says when, where and by whom; or its tie to the line before, which cannot be told apart at the end of a file.
    Header,
    /// What happened, or the salt of its digest. Header and chain still stand.
    Body,
    /// The fixed bytes between the parts, or the line's end.
    Frame,
    /// The file as a whole.
    File,
}

impl Part {
    pub const fn name(self) -> &'static str {
        match self {
            Part::Segment => "segment line",
            Part::Link => "link",
            Part::Header => "header",
            Part::Body => "body",
            Part::Frame => "frame",
            Part::File => "file",
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, byte, part, why } = self;
        write!(f, "{file}, line {line} (byte {byte}): {} damaged: {why}", part.name())
    }
}
