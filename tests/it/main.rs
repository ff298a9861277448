//! The one test binary. Most tests go through [`door`]; those that need a terminal through [`pty`].

mod checklist_pane;
mod clean;
mod cli;
mod desk;
mod door;
mod drafts;
mod home;
mod journal;
mod layers;
mod layers_of_the_house;
mod live_settings;
mod picture;
mod playbook;
mod promises;
mod pty;
mod readme;
mod replay;
mod roles_pane;
mod samples;
mod scribe;
mod terminal;
mod transcript;
mod update_pane;
