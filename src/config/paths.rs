//! Where things live: configuration, data and state.
//!
//! `WARROOM_HOME` moves all three under one folder (tests, demos, portable use). Otherwise
//! `WARROOM_CONFIG`, `WARROOM_DATA` and `WARROOM_STATE`, then the `XDG_*` variables on every system,
//! then the system's own places.

use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// `config.toml`, themes, playbooks of the user.
    pub config: PathBuf,
    /// Incidents.
    pub data: PathBuf,
    /// Drafts, caches, logs: deletable but for the drafts.
    pub state: PathBuf,
}

impl Paths {
    /// From the process environment. The error says which variable to set.
    pub fn from_env() -> Result<Paths, String> {
        Self::resolve(|name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from))
    }

    /// From any environment.
    pub fn resolve(var: impl Fn(&str) -> Option<PathBuf>) -> Result<Paths, String> {
        if let Some(home) = var("WARROOM_HOME") {
            return Ok(Self {
                config: home.join("config"),
                data: home.join("data"),
                state: home.join("state"),
            });
        }
        let system = directories::ProjectDirs::from("", "", "warroom");
        let place = |own: &str, xdg: &str, fallback: Option<PathBuf>| {
            let found = var(own).or_else(|| var(xdg).map(|base| base.join("warroom"))).or(fallback);
            found.ok_or_else(|| format!("no home directory is known: set {own} or WARROOM_HOME to a folder"))
        };
        let state = system.as_ref().map(|dirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned());
        Ok(Self {
            config: place(
                "WARROOM_CONFIG",
                "XDG_CONFIG_HOME",
                system.as_ref().map(|d| d.config_dir().to_owned()),
            )?,
            data: place("WARROOM_DATA", "XDG_DATA_HOME", system.as_ref().map(|d| d.data_dir().to_owned()))?,
            state: place("WARROOM_STATE", "XDG_STATE_HOME", state)?,
        })
    }

    pub fn incidents(&self) -> PathBuf {
        self.data.join("incidents")
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    pub fn drafts(&self) -> PathBuf {
        self.state.join("drafts")
    }

    pub fn cache(&self) -> PathBuf {
        self.state.join("cache")
    }
}
