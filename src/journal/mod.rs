//! The journal of an incident: append-only files of one JSON line per entry, the only truth there is.
//!
//! For whoever writes an incident's entries to disk or reads them back. It never folds, never decides, never asks for the
//! time (`now` is handed in) and never changes a byte that was acknowledged, but to erase a body on purpose.
//! Start at [`Journal`]; the bytes of a line are in [`line`], the chain in [`chain`], a whole check in [`verify()`].
//!
//! # Files
//! In `<incident>/journal/`, folders 0700, files 0600. Each host writes only its own, so two copies of an incident merge as
//! the union of their files.
//!
//! | file | what |
//! |---|---|
//! | `<host>.0001.jsonl` | the entries; `0002` and so on only after a failed sync |
//! | `<host>.lock` | the advisory lock of the host's writers; empty |
//! | `<host>.head` | the last entry known to be safe, `{"seq":…,"h":…}`: shows a clean cut at the end |
//! | `<host>.0001.torn.1` | a last line without its newline, set aside by the next writer, never deleted |
//!
//! # Lines
//! ```text
//! {"h":"<64 hex>","segment":{"warroom":1,"incident":"<ulid>","host":"<12 hex>","segment":1,"prev":"<64 hex or empty>"}}
//! {"h":"<64 hex>","head":{"id":…,"host":…,"seq":…,"rec":…,…,"d":"<64 hex>"},"salt":"<32 hex>","body":{…}}
//! {"h":"<64 hex>","head":{…,"d":"<64 hex>"},"salt":null,"body":null}              (erased: padded with spaces)
//! ```
//! - first line: `h` = SHA-256(the segment's JSON);
//! - `d` = SHA-256(the 32 digits of the salt, then the body as it stands);
//! - `h` = SHA-256(the 64 digits of the line before's `h`, then the header as it stands, `d` included).
//!
//! An erased line keeps its length, so no offset ever shifts, and its header, so the chain still verifies. To check line 3
//! with nothing but a shell:
//! ```sh
//! prev=$(sed -n 2p FILE | jq -r .h)
//! line=$(sed -n 3p FILE)
//! head=${line#*'"head":'}; head=${head%%',"salt":'*}
//! body=${line#*'","body":'}; body=${body%\}}
//! printf %s "$prev$head" | sha256sum                            # = jq -r .h
//! printf %s "$(jq -r .salt <<<"$line")$body" | sha256sum        # = jq -r .head.d
//! ```
//!
//! # Damage
//! A damaged line is reported and not folded; reading goes on. The next line may continue the stored digest of the damaged
//! one, the digest it should have had, or any that stands in its bytes, so a flipped bit costs one line, and a flipped
//! newline the two that it joins.
//!
//! # A failed sync
//! After a failed fdatasync nobody knows what the disk holds (the kernel may have dropped the pages), so that file is never
//! written again by this process: its length is put back, and the same entries go to the next segment, whose `prev` is the
//! last `h` known to be safe. Putting the length back may itself not survive a power cut. Then the old segment still has
//! those lines, with the same ids; readers take the first of two lines with one id and ignore the other. Had the next
//! segment failed as well, the entries were refused and may still turn up after a power cut: a refused entry that appears
//! is better than an accepted one that is dropped, so both are kept, and `verify` reports the two lines with one number.
//!
//! Lines that others left behind the anchor may be in memory only, even marked as written, when their writer died in such a
//! moment. New lines hang on them by the chain, so an append writes them again, byte for byte, before its own.

mod anchor;
mod append;
mod chain;
mod clocks;
mod damage;
mod digest;
mod disk;
mod erase;
mod error;
mod follow;
mod gallop;
mod home;
pub mod line;
mod lines;
mod lookup;
mod merge;
mod open;
mod reference;
mod resume;
mod segment;
mod source;
mod store;
mod table;
mod torn;
mod verify;
mod window;
mod write;

pub use append::Appended;
pub use chain::Chain;
pub use damage::{Damage, Part};
pub use digest::Digest;
pub use disk::{Disk, DiskFile, Meta, Mode, RealDisk};
pub use error::{AppendError, JournalError};
pub use follow::Follower;
pub use home::{Home, HomeError, IncidentDir};
pub use merge::{News, ScanEnd};
pub use open::Journal;
pub use reference::NotFound;
pub use resume::{FileMark, Mark};
pub use segment::{FORMAT, Segment, file_name, parse_file_name, write_segment};
pub use store::JournalStore;
pub use table::place as place_of;
pub use verify::{Cut, Fork, HostVerdict, Torn, Verdict, verify, verify_on};

pub use crate::incident::rows::Placed;
