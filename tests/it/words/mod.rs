//! Words: templates, drafts, checks, briefs and who was told what.

mod any;
mod briefs;
mod checks;
mod mended;
mod templates;
mod told;
mod world;
