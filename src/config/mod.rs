//! Settings, places and what is shipped with the program. Reads files; knows no incident.

pub mod accounts;
pub mod paths;
pub mod people;
pub mod secrets;
pub mod settings;
pub mod shipped;
pub mod templates;
pub mod usable;

pub use paths::Paths;
pub use settings::Settings;
