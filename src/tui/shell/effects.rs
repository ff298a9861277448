//! Effects on the terminal, on children and on files.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Shell;
use crate::files;
use crate::incident::event::FailureClass;
use crate::outbox::{Call, LOCAL, Outcome};
use crate::runtime::crew::Kind;
use crate::tui::app::{Input, delivered};
use crate::tui::msg::Tone;
use crate::tui::terminal::stop_job;

impl Shell {
    pub(super) fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.input(Input::Say(tone, text.into()));
    }

    /// Makes a call for the room, on the clients' threads.
    pub(super) fn call(&mut self, kind: Kind, call: Box<Call>) {
        let (request, client) = (call.act.request, call.act.client.clone());
        let report = self.reporter_now();
        if self.live.as_ref().is_some_and(|runtime| runtime.call(kind, call, report)) {
            return;
        }
        let configured =
            client == LOCAL || self.app.live().is_some_and(|live| live.room.routes.get(&client).is_some());
        let outcome = match configured {
            true => Outcome::failed(FailureClass::Transient, "the call could not be made"),
            false => Outcome::failed(
                FailureClass::Auth,
                format!("the account {client} is not configured here: see `warroom connect`"),
            ),
        };
        self.input(delivered(request, outcome));
    }

    /// Says what is wanted of each account: nothing, where this process does not deliver.
    pub(super) fn want_news(&mut self) {
        let (Some(runtime), Some(live)) = (&self.live, self.app.live()) else { return };
        for (account, pull) in live.room.pulls(crate::runtime::clock::now()) {
            runtime.want(&account, pull);
        }
    }

    /// To the shell; comes back with `fg`.
    pub(super) fn suspend(&mut self) {
        self.stop_reading();
        let stopped = self.guard.suspend(stop_job);
        self.start_reading();
        if !stopped {
            self.say(Tone::Info, "there is no shell to go back to");
        }
    }

    /// Hands the text to `$VISUAL` or `$EDITOR` and takes it back.
    pub(super) fn editor(&mut self, text: &str) {
        match self.edit(text) {
            Ok(text) => self.input(Input::Edited(text)),
            Err(why) => self.say(Tone::Warning, why),
        }
    }

    fn edit(&mut self, text: &str) -> Result<String, String> {
        let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR"));
        let editor = editor.map_err(|_| "no editor is known: set EDITOR, such as EDITOR=vim")?;
        let path = self.paths.state.join(format!("edit-{}.md", std::process::id()));
        let wrong = |error: std::io::Error| format!("the text could not be handed to {editor}: {error}");
        files::make_private_dir(&self.paths.state).map_err(wrong)?;
        files::write_synced(&path, text.as_bytes()).map_err(wrong)?;
        self.stop_reading();
        // The variable may hold arguments, as in `code --wait`.
        let run = || {
            let script = format!("{editor} \"$1\"");
            Command::new("sh").arg("-c").arg(script).arg("sh").arg(&path).status()
        };
        let status = self.guard.lend(run);
        self.start_reading();
        let edited = std::fs::read(&path).map_err(wrong)?;
        let status = status.map_err(wrong)?;
        if !status.success() {
            return Err(format!("{editor} ended with an error; its text is in {}", path.display()));
        }
        // A file that stays behind is the user's own text: it does no harm.
        let _ = std::fs::remove_file(&path);
        Ok(crate::incident::clean::from_bytes(&edited).trim_end().to_owned())
    }

    /// Opens an address with the system's opener.
    pub(super) fn open_url(&mut self, url: &str) {
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return self.say(Tone::Warning, format!("only http and https addresses are opened, not {url}"));
        }
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        let child = Command::new(opener)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match child {
            Ok(mut child) => {
                // Reaps the opener when it ends.
                let _ = std::thread::Builder::new().name("opener".into()).spawn(move || child.wait());
                self.say(Tone::Info, format!("opened {url}"));
            }
            Err(_) => self.say(Tone::Warning, format!("{opener} is not here; the address is {url}")),
        }
    }

    /// Writes an export; a file that is there stays as it is.
    pub(super) fn export(&mut self, path: Option<String>, text: &str) {
        let asked = PathBuf::from(path.unwrap_or_else(|| "incident.md".into()));
        let asked = std::path::absolute(&asked).unwrap_or(asked);
        let stem = asked.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        let numbered = (2..).map(|n| asked.with_file_name(format!("{stem}-{n}.md")));
        let free = std::iter::once(asked.clone()).chain(numbered).find(|path| !path.exists());
        let path = free.unwrap_or(asked);
        match files::write_synced(&path, text.as_bytes()) {
            Ok(()) => self.say(Tone::Good, format!("written to {}", path.display())),
            Err(error) => self.say(Tone::Warning, format!("{}: {error}: name another file", path.display())),
        }
    }
}
