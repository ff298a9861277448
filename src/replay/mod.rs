//! Replay: a journal and a clock of its own give the same room as it stood at any moment.
//!
//! "As known at T" is the fold, in its own order, of the entries that were known by then; playing moves T along. A replay
//! decides nothing, writes nothing and tells nobody: no client, no journal and no clock can be named here, so none can be
//! used. Real time is handed in. Start at [`Player`]; fill a [`Recording`] to make one.

mod clock;
mod course;
mod goto;
mod index;
mod player;
mod recording;
mod rows;
mod ruler;

pub use clock::SPEEDS;
pub use goto::parse_goto;
pub use player::Player;
pub use recording::Recording;
pub use ruler::{Bucket, Ruler};
