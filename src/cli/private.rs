//! `warroom private`: keeps the incident's words out of titles and channels, or lets them out again.

use clap::{Args, ValueEnum};

use super::desk::Desk;
use super::fail::Done;
use super::orders::Orders;
use crate::incident::Command;

/// Keep its words out of titles and channels, or let them out; letting them out needs a reason
#[derive(Args)]
pub struct PrivateArgs {
    #[arg(value_enum)]
    to: Switch,
    /// Why, or who allowed it
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl PrivateArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        Orders::to(desk, None)?.only(Command::Private { on: self.to == Switch::On, reason: self.reason })
    }
}
