//! What somebody is told who takes a role: who usually does, and what a commander has to do (MISSION row S4.7).

use crate::incident::roles::{COMMANDER, Seat};
use crate::tui::scene::{Ctx, Scene};

/// The six duties of whoever commands.
pub const SIX_DUTIES: &str = "Six duties: lead the response, keep stakeholders told, decide on the fix, hand out tasks, \
     see that everything is written down, call the post-mortem.";

/// What follows the duty in the question who takes the role, each on a line of its own.
pub fn instructions(ctx: &Ctx, scene: &Scene, seat: &Seat) -> String {
    let level = scene.incident.severity.as_deref().and_then(|severity| scene.policy(ctx).level(severity));
    let at_level = level.filter(|level| seat.role == COMMANDER && !level.commander.is_empty());
    let typically = match at_level {
        Some(level) => format!("\nAt {}: {}.", level.name, level.commander),
        None if !seat.typically.is_empty() => format!("\nTypically: {}.", seat.typically),
        None => String::new(),
    };
    let duties = if seat.role == COMMANDER { format!("\n{SIX_DUTIES}") } else { String::new() };
    typically + &duties
}
