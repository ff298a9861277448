//! From settings to what the console is made with, at the start and whenever `config.toml` changes.

use std::path::Path;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::{Arrival, Options, Shell};
use crate::config::settings::GlyphSetting;
use crate::config::usable::usable_policy;
use crate::config::{Paths, Settings};
use crate::runtime::accounts;
use crate::tui::app::Setup;
use crate::tui::keymap::Keymap;
use crate::tui::msg::Tone;
use crate::tui::terminal;
use crate::tui::theme::{Depth, Glyphs, Theme};

pub(super) fn setup(
    options: &Options,
    paths: &Paths,
    settings: &Settings,
    trouble: &mut Option<String>,
) -> anyhow::Result<Setup> {
    let usable = usable_policy(paths, &settings.policy);
    if let Some(why) = usable.trouble() {
        trouble.get_or_insert(why);
    }
    let keymap = Keymap::new(&settings.keys).or_else(|why| {
        trouble.get_or_insert(format!("{why} (the default keys are used)"));
        Keymap::new(&Default::default())
    });
    let unicode = match settings.glyphs {
        GlyphSetting::Auto => None,
        GlyphSetting::Unicode => Some(true),
        GlyphSetting::Ascii => Some(false),
    };
    Ok(Setup {
        policy: usable.policy,
        me: settings.me(options.as_.as_deref()),
        zone: settings.zone(),
        theme: theme(paths, settings, trouble),
        glyphs: Glyphs::choose(unicode),
        keymap: keymap.map_err(anyhow::Error::msg)?,
        paths: paths.clone(),
        routes: accounts::routes(settings, &paths.config),
    })
}

fn theme(paths: &Paths, settings: &Settings, trouble: &mut Option<String>) -> Theme {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let auto = settings.theme == "auto";
    // Asked for after the terminal was taken and before its input is read: see `terminal::query_background`.
    let background =
        if auto && !no_color { terminal::query_background(Duration::from_millis(50)) } else { None };
    let name = Theme::choose(Some(settings.theme.as_str()).filter(|_| !auto), no_color, background);
    let folder = paths.config.join("themes");
    let read = |name: &str| std::fs::read_to_string(folder.join(format!("{name}.toml"))).ok();
    let named = Theme::named(&name, Some(&read)).unwrap_or_else(|error| {
        trouble.get_or_insert(error.to_string());
        Theme::ansi()
    });
    let var = |name| std::env::var(name).ok();
    named.limited_to(Depth::detect(var("COLORTERM").as_deref(), var("TERM").as_deref()))
}

/// Watches the configuration folder while it lives.
pub(super) struct Watch {
    _watcher: RecommendedWatcher,
}

/// `None` where there is no folder yet, or the system cannot watch one: then settings hold until the next start.
pub(super) fn watch(folder: &Path, arrivals: SyncSender<Arrival>) -> Option<Watch> {
    let tell = move |event: notify::Result<Event>| {
        let changed = event.is_ok_and(|event| !event.kind.is_access());
        if changed {
            // A full channel holds a change that was told before, or the loop is far behind: both read the file later.
            let _ = arrivals.try_send(Arrival::Settings);
        }
    };
    let mut watcher = notify::recommended_watcher(tell).ok()?;
    watcher.watch(folder, RecursiveMode::NonRecursive).ok()?;
    Some(Watch { _watcher: watcher })
}

impl Shell {
    /// Takes the edited settings over; a broken edit keeps the old ones and says so.
    pub(super) fn settings_changed(&mut self) {
        let settings = match Settings::load(&self.paths.config_file()) {
            Ok(settings) if settings == self.settings => return,
            Ok(settings) => settings,
            Err(why) => return self.say(Tone::Warning, format!("{why} (the old settings stay)")),
        };
        let mut trouble = None;
        // A background cannot be asked for while keys are read: `auto` keeps the theme that it chose.
        let auto = settings.theme == "auto";
        let asked = if auto {
            Settings { theme: self.app.theme_name().to_owned(), ..settings.clone() }
        } else {
            settings.clone()
        };
        match setup(&self.options, &self.paths, &asked, &mut trouble) {
            Ok(setup) if trouble.is_none() => {
                self.app.set_up(setup);
                let reconnect = settings.accounts() != self.settings.accounts();
                self.settings = settings;
                if reconnect {
                    self.reconnect();
                }
                self.say(Tone::Good, "the new settings hold");
            }
            Ok(_) => {
                self.say(Tone::Warning, format!("{} (the old settings stay)", trouble.unwrap_or_default()))
            }
            Err(error) => self.say(Tone::Warning, format!("{error} (the old settings stay)")),
        }
    }
}
