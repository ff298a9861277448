//! The chain from line to line: is this line the one that was written after the one before?
//!
//! Pure. It never gives up: after a damaged line every digest that the next line may rightly continue is remembered, so one
//! flipped bit costs one line. Start at [`Chain::follow`].

use super::damage::Part;
use super::digest::Digest;
use super::line::{self, Split};
use super::segment::Segment;

/// Where a file's chain stands after some lines.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// What the next line may continue: one digest after a sound line, several after damage. A writer continues the last.
    tips: Vec<Digest>,
    /// What the damaged line just read would have had for `h`, had only that been damaged.
    recomputed: Option<Digest>,
}

/// A line whose place in the chain is sound. Its body is not checked yet.
pub struct Linked<'a> {
    pub split: Split<'a>,
    /// It continues the line before by that line's content and not by its stored digest: only the digest was damaged.
    pub clears_link: bool,
}

impl Chain {
    /// Digests remembered through damage; the newest are kept.
    const MAX_TIPS: usize = 256;
    /// Digests tried as the one before, when a damaged line's own is worked out.
    const MAX_TRIED: usize = 8;

    /// What the next line is to continue; `None` before the segment line.
    pub fn tip(&self) -> Option<Digest> {
        self.tips.last().copied()
    }

    /// What the next line must continue, when only one digest will do.
    pub(super) fn only_tip(&self) -> Option<Digest> {
        match (&self.tips[..], self.recomputed) {
            ([tip], None) => Some(*tip),
            _ => None,
        }
    }

    /// The chain after a line that this process has just written.
    pub fn advance(&mut self, h: Digest) {
        self.tips.clear();
        self.tips.push(h);
        self.recomputed = None;
    }

    /// Checks the first line of a file.
    pub fn begin(&mut self, bytes: &[u8]) -> Result<Segment, (Part, String)> {
        let damaged = |why: String| (Part::Segment, why);
        let (h, json) = match Segment::split(bytes) {
            Ok(parts) => parts,
            Err(why) => {
                self.tips.extend(line::digests_in(bytes));
                return Err(damaged(why.to_owned()));
            }
        };
        let computed = Digest::of(&[json]);
        if computed != h {
            self.tips.push(computed);
            self.tips.extend(line::digests_in(bytes));
            return Err(damaged("the digest of the segment line does not match it".to_owned()));
        }
        self.advance(h);
        Segment::parse(json).map_err(damaged)
    }

    /// The digest at its usual place in a line, sound or not.
    pub(super) fn stored(bytes: &[u8]) -> Option<Digest> {
        line::digests_in(bytes).into_iter().next()
    }

    /// To be told when the line just followed turns out to have a damaged body: another line may have run into it.
    pub fn body_damaged(&mut self, bytes: &[u8]) {
        self.tips.extend(line::digests_in(bytes));
    }

    /// Checks that a line continues the one before; afterwards the chain stands behind it, damaged or not.
    pub fn follow<'a>(&mut self, bytes: &'a [u8]) -> Result<Linked<'a>, (Part, String)> {
        let split = match line::split(bytes) {
            Ok(split) => split,
            Err(why) => {
                self.remember(bytes, None);
                return Err((Part::Frame, why.to_owned()));
            }
        };
        match self.tips.iter().rev().find(|tip| split.link(tip) == split.h).copied() {
            Some(tip) => {
                let clears_link = self.recomputed == Some(tip);
                self.advance(split.h);
                Ok(Linked { split, clears_link })
            }
            None => {
                self.remember(bytes, Some(split));
                Err((
                    Part::Header,
                    "it does not continue the line before: header, link or a line is damaged".to_owned(),
                ))
            }
        }
    }

    /// The digests that the line should have had come first, those that stand in it last: a writer continues the last.
    fn remember(&mut self, bytes: &[u8], split: Option<Split<'_>>) {
        let recent = self.tips.len().saturating_sub(Self::MAX_TRIED);
        let worked_out: Vec<Digest> =
            split.iter().flat_map(|split| self.tips[recent..].iter().map(|tip| split.link(tip))).collect();
        self.recomputed = worked_out.last().copied();
        self.tips.extend(worked_out);
        self.tips.extend(line::digests_in(bytes));
        let surplus = self.tips.len().saturating_sub(Self::MAX_TIPS);
        self.tips.drain(..surplus);
    }
}
