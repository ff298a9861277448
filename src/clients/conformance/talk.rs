//! A conversation with a program, line by line, watched for secrets.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::time::{Instant, timeout};

use crate::clients::process::keeper::{END, STEP};
use crate::clients::process::lines::{LastWords, Lines, NoLine, drain};
use crate::clients::process::program::{Group, Program};
use crate::clients::process::wire::{
    Ask, Configure, Events, Heard, Hello, PROTOCOL, Reply, Request, Word, read,
};
use crate::incident::Time;

/// What every conversation of one check has in common.
pub struct Bench {
    pub program: Program,
    pub options: Value,
    /// Names of secrets; each has [`Bench::canary`] in it.
    pub secrets: Vec<String>,
    /// A secret that must be seen nowhere.
    pub canary: String,
    /// Time for the answer to a call.
    pub within: Duration,
    pub now: Time,
    pub first: u128,
    /// Where the canary was seen.
    pub leaks: Leaks,
}

#[derive(Clone, Debug, Default)]
pub struct Leaks(Arc<Mutex<Vec<String>>>);

impl Leaks {
    pub fn note(&self, place: &str) {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !places.iter().any(|known| known == place) {
            places.push(place.to_owned());
        }
    }

    pub fn places(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// One running program; it ends when this is dropped.
pub struct Talk {
    child: Child,
    pub group: Group,
    stdin: Option<ChildStdin>,
    lines: Lines<ChildStdout>,
    words: Arc<Mutex<LastWords>>,
    leaks: Leaks,
    canary: String,
    within: Duration,
    next: u64,
    /// Events that came while something else was waited for.
    pub events: Vec<Events>,
}

impl Talk {
    pub fn start(bench: &Bench) -> Result<Self, String> {
        let started = bench.program.start();
        let (child, group) = started.map_err(|error| format!("{}: {error}", bench.program.path.display()))?;
        Self::with(bench, child, group)
    }

    pub fn start_by_hand(bench: &Bench) -> Result<Self, String> {
        let (child, group) = bench.program.start_by_hand().map_err(|error| error.to_string())?;
        Self::with(bench, child, group)
    }

    fn with(bench: &Bench, mut child: Child, group: Group) -> Result<Self, String> {
        let gone = || "a stream of it is missing".to_owned();
        let stdin = Some(child.stdin.take().ok_or_else(gone)?);
        let lines = Lines::new(child.stdout.take().ok_or_else(gone)?);
        let stderr = child.stderr.take().ok_or_else(gone)?;
        let (words, leaks, canary) =
            (Arc::new(Mutex::new(LastWords::default())), bench.leaks.clone(), bench.canary.clone());
        tokio::spawn(keep_words(stderr, words.clone(), leaks.clone(), canary.clone()));
        let within = bench.within;
        Ok(Self { child, group, stdin, lines, words, leaks, canary, within, next: 1, events: Vec::new() })
    }

    /// A program that has said hello.
    pub async fn greeted(bench: &Bench) -> Result<(Self, Hello), String> {
        let mut talk = Self::start(bench)?;
        talk.say(&Word::Hello { protocol: PROTOCOL, host: env!("CARGO_PKG_VERSION"), features: &[] }).await;
        match talk.hear(STEP, "hello").await? {
            Heard::Hello(hello) => Ok((talk, hello)),
            _ => Err("it answers something else than hello".to_owned()),
        }
    }

    /// A program that is ready for calls.
    pub async fn ready(bench: &Bench) -> Result<(Self, Hello), String> {
        let (mut talk, hello) = Self::greeted(bench).await?;
        talk.configure(bench).await?;
        Ok((talk, hello))
    }

    pub async fn configure(&mut self, bench: &Bench) -> Result<(), String> {
        let secrets = bench.secrets.iter().map(|name| (name.as_str(), bench.canary.as_str())).collect();
        let (account, drill, ca) = ("check", Some("dry-drills"), None);
        self.say(&Word::Configure(Configure { account, options: &bench.options, secrets, drill, ca })).await;
        match self.hear(STEP, "configure").await? {
            Heard::Ready => Ok(()),
            Heard::Refused(fault) => Err(format!("it refuses its settings: {}", fault.message)),
            _ => Err("it answers something else than ready or err".to_owned()),
        }
    }

    pub async fn say(&mut self, word: &Word<'_>) {
        if let Ok(line) = serde_json::to_string(word) {
            self.line(&line).await;
        }
    }

    /// Whether anybody reads it shows in the answer.
    pub async fn line(&mut self, line: &str) {
        let Some(stdin) = &mut self.stdin else { return };
        let write = async {
            stdin.write_all(line.as_bytes()).await?;
            stdin.write_all(b"\n").await
        };
        let _ = timeout(STEP, write).await;
    }

    pub async fn ask(&mut self, ask: Ask) -> Result<Reply, String> {
        let request = Request { id: 0, ask, deadline_ms: self.within.as_millis() as u64 };
        let value = serde_json::to_value(&request).map_err(|error| error.to_string())?;
        self.ask_as(value).await
    }

    /// Sends a call as it is written here, with a number of its own.
    pub async fn ask_as(&mut self, mut call: Value) -> Result<Reply, String> {
        let id = self.send(&mut call).await;
        let name = call["call"].as_str().unwrap_or("it").to_owned();
        self.answer(id, &name).await
    }

    /// Sends a call and does not wait.
    pub async fn send(&mut self, call: &mut Value) -> u64 {
        let id = self.next;
        self.next += 1;
        call["id"] = id.into();
        self.line(&call.to_string()).await;
        id
    }

    async fn answer(&mut self, id: u64, call: &str) -> Result<Reply, String> {
        let until = Instant::now() + self.within;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.hear_once(left, call).await? {
                Heard::Reply(reply) if reply.id == id => return Ok(reply),
                Heard::Reply(reply) => {
                    return Err(format!("it answers number {}, and {id} was asked", reply.id));
                }
                Heard::Events(events) => self.events.push(events),
                _ => {}
            }
        }
    }

    /// The next thing that it says and that is no log line.
    pub async fn hear(&mut self, within: Duration, after: &str) -> Result<Heard, String> {
        loop {
            match self.hear_once(within, after).await? {
                Heard::Log(_) | Heard::Other => {}
                heard => return Ok(heard),
            }
        }
    }

    async fn hear_once(&mut self, within: Duration, after: &str) -> Result<Heard, String> {
        let line = match timeout(within, self.lines.next()).await {
            Ok(Ok(line)) => line,
            Ok(Err(NoLine::End)) => return Err(self.with_words(&format!("it ended over {after}")).await),
            Ok(Err(NoLine::Garbage(what))) => return Err(format!("{what} on its output")),
            Err(_) => {
                return Err(format!(
                    "no answer to {after} within {:.1} s",
                    self.within_of(within).as_secs_f32()
                ));
            }
        };
        if line.contains(&self.canary) {
            self.leaks.note("its output");
        }
        read(&line, str::to_owned).map_err(|why| format!("a line on its output that is none ({why})"))
    }

    /// What is left of a time says nothing to a reader.
    fn within_of(&self, left: Duration) -> Duration {
        if left < self.within { self.within } else { left }
    }

    async fn with_words(&self, why: &str) -> String {
        // Its last words come by another way than the end of its output.
        tokio::time::sleep(crate::clients::process::lines::LAST_WORDS_WITHIN).await;
        match self.words.lock().unwrap_or_else(PoisonError::into_inner).last() {
            Some(last) => format!("{why}; it said last: {last}"),
            None => why.to_owned(),
        }
    }

    pub fn hang_up(&mut self) {
        self.stdin = None;
    }

    /// Waits until it has ended by itself.
    pub async fn ends(&mut self) -> Result<String, String> {
        let (child, lines) = (&mut self.child, &mut self.lines);
        let all = async {
            while lines.next().await.is_ok() {}
            child.wait().await
        };
        match timeout(END, all).await {
            Ok(Ok(status)) if status.success() => Ok("it ended".to_owned()),
            Ok(Ok(status)) => Err(format!("it ended with {status}")),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("it was still there after {} s", END.as_secs())),
        }
    }

    pub async fn any_line(&mut self, within: Duration) -> Option<String> {
        timeout(within, self.lines.next()).await.ok()?.ok()
    }

    pub async fn has_words(&self) -> bool {
        tokio::time::sleep(crate::clients::process::lines::LAST_WORDS_WITHIN).await;
        self.words.lock().unwrap_or_else(PoisonError::into_inner).last().is_some()
    }

    /// Looks for the canary in the arguments and the environment of the program and of whatever it has started.
    pub fn look_at_processes(&self) {
        let Some(group) = self.group.id() else { return };
        for process in processes_of(group) {
            for (file, place) in
                [("cmdline", "the arguments of a process"), ("environ", "the environment of a process")]
            {
                let bytes = std::fs::read(process.join(file)).unwrap_or_default();
                if memchr::memmem::find(&bytes, self.canary.as_bytes()).is_some() {
                    self.leaks.note(place);
                }
            }
        }
    }
}

async fn keep_words(
    stderr: tokio::process::ChildStderr,
    words: Arc<Mutex<LastWords>>,
    leaks: Leaks,
    canary: String,
) {
    let keep = |line: &str| {
        if line.contains(&canary) {
            leaks.note("its errors");
        }
        words.lock().unwrap_or_else(PoisonError::into_inner).push(&line.replace(&canary, "[secret]"));
    };
    drain(stderr, keep).await;
}

/// The processes of a group, where the system shows them as files.
fn processes_of(group: u32) -> Vec<std::path::PathBuf> {
    let Ok(all) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ours = |path: &std::path::PathBuf| {
        let stat = std::fs::read_to_string(path.join("stat")).unwrap_or_default();
        // After the name in brackets: state, parent, group.
        let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
        after.split_whitespace().nth(2).and_then(|word| word.parse::<u32>().ok()) == Some(group)
    };
    all.flatten().map(|entry| entry.path()).filter(ours).collect()
}
