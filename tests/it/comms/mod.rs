//! Command passed on and the world told: hand-over, warnings of the role board, drafts, checks, approval, history.

mod approval;
mod composer;
mod console;
mod hand_over;
mod two_consoles;
mod warnings;
