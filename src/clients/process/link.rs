//! A running client: its streams, the calls it has not answered, and its end.
//!
//! Three tasks serve it: one writes what is queued, one keeps its last words, one reads its lines, sends each answer to whoever
//! waits for it and, when it ends or breaks the protocol, ends it with everything it has started. It is never restarted here.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::lines::{LAST_WORDS_WITHIN, Lines, NoLine, drain};
use super::program::{Group, Program, Reins};
use super::shared::{Greeting, Shared};
use super::wire::{Ask, Events, Heard, Hello, LONGEST_LINE, Reply, Request, Word, read};
use crate::clients::Secret;

/// Most lines that wait until the client reads them.
const QUEUED: usize = 64;
/// How much later than its deadline an answer may be.
const GRACE: Duration = Duration::from_millis(500);
/// Time to end by itself after its output has ended, so that its own exit status is known.
const ENDS_WITHIN: Duration = Duration::from_millis(100);

pub struct Link {
    shared: Arc<Shared>,
    out: mpsc::Sender<String>,
    reins: Reins,
    next: AtomicU64,
    turns: Semaphore,
    pub hello: Hello,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Lost {
    /// The client never got it.
    Unsent(String),
    /// It may have got it, and may have carried it out.
    Sent(String),
    /// It cannot be sent at all.
    TooLong(String),
}

/// A client that was started and has not said hello.
pub struct Fresh {
    shared: Arc<Shared>,
    out: mpsc::Sender<String>,
    reins: Reins,
    greetings: mpsc::Receiver<Greeting>,
}

impl Fresh {
    pub fn start(program: &Program, secrets: Vec<Secret>) -> std::io::Result<Self> {
        let (mut child, group) = program.start()?;
        let gone = || std::io::Error::other("a stream of the client is missing");
        let stdin = child.stdin.take().ok_or_else(gone)?;
        let stdout = child.stdout.take().ok_or_else(gone)?;
        let stderr = child.stderr.take().ok_or_else(gone)?;
        let (shared, greetings) = Shared::new(secrets);
        let (shared, group) = (Arc::new(shared), Arc::new(group));
        let (out, queue) = mpsc::channel(QUEUED);
        tokio::spawn(write(stdin, queue));
        let words = tokio::spawn(listen_beside(stderr, shared.clone()));
        let watch = Watch { shared: shared.clone(), group: group.clone(), child };
        tokio::spawn(watch.run(stdout, words));
        Ok(Self { shared, out, reins: Reins(group), greetings })
    }

    pub async fn say(&self, word: &Word<'_>) {
        say(&self.out, word).await;
    }

    /// What it says of itself next; an error says why there is nothing.
    pub async fn greeting(&mut self, within: Duration) -> Result<Greeting, String> {
        match timeout(within, self.greetings.recv()).await {
            Ok(Some(greeting)) => Ok(greeting),
            Ok(None) => Err(self.shared.why()),
            Err(_) => {
                Err(self.shared.with_last_words(&format!("it said nothing within {} s", within.as_secs())))
            }
        }
    }

    pub fn ready(self, hello: Hello) -> Link {
        let Self { shared, out, reins, .. } = self;
        let turns = Semaphore::new(hello.limits.calls.clamp(1, 16));
        Link { shared, out, reins, next: AtomicU64::new(1), turns, hello }
    }
}

impl Link {
    /// Why it ended and when, if it has.
    pub fn over(&self) -> Option<(String, tokio::time::Instant)> {
        self.shared.over()
    }

    pub fn has_answered(&self) -> bool {
        self.shared.has_answered()
    }

    pub fn last_words(&self) -> Vec<String> {
        self.shared.last_words()
    }

    /// Makes a call. A client that has not answered half a second after its deadline is ended: its later answers would be
    /// taken for those of others, and whatever hangs in it would hang for ever.
    pub async fn ask(&self, ask: Ask, within: Duration) -> Result<Reply, Lost> {
        let busy = || Lost::Unsent(format!("it is busy with other calls for {} s now", within.as_secs()));
        let _turn = timeout(within, self.turns.acquire()).await.map_err(|_| busy())?;
        let (id, name) = (self.next.fetch_add(1, Ordering::Relaxed), ask.name());
        let line = line_of(&Request { id, ask, deadline_ms: within.as_millis() as u64 })?;
        let waiting = self.shared.wait(id).map_err(Lost::Unsent)?;
        let answered = async {
            self.out.send(line).await.ok()?;
            waiting.answer().await
        };
        match timeout(within + GRACE, answered).await {
            Ok(Some(reply)) => Ok(reply),
            Ok(None) => Err(Lost::Sent(self.shared.why())),
            Err(_) => Err(Lost::Sent(self.give_up(name, within))),
        }
    }

    fn give_up(&self, call: &str, within: Duration) -> String {
        let why = format!("it did not answer {call} within {} s and was ended", within.as_secs_f32());
        let why = self.shared.with_last_words(&why);
        self.shared.end(&why);
        self.reins.0.kill();
        why
    }

    /// From here on events go here.
    pub fn hear(&self) -> mpsc::Receiver<Events> {
        self.shared.hear()
    }

    /// It broke the protocol with what it said in an answer.
    pub fn condemn(&self, why: &str) {
        self.shared.end(&self.shared.with_last_words(why));
        self.reins.0.kill();
    }

    pub fn why(&self) -> String {
        self.shared.why()
    }

    pub async fn say(&self, word: &Word<'_>) {
        say(&self.out, word).await;
    }

    /// Asks it to end; what is left of it after this time is ended.
    pub async fn shut_down(&self, within: Duration) {
        self.say(&Word::Shutdown {}).await;
        let _ = timeout(within, self.shared.ended()).await;
        self.reins.0.kill();
    }
}

fn line_of(request: &Request) -> Result<String, Lost> {
    let mut line = serde_json::to_string(request).map_err(|error| Lost::TooLong(error.to_string()))?;
    if line.len() > LONGEST_LINE {
        return Err(Lost::TooLong(format!(
            "it takes {} bytes, and {LONGEST_LINE} can be sent: shorten it",
            line.len()
        )));
    }
    line.push('\n');
    Ok(line)
}

async fn say(out: &mpsc::Sender<String>, word: &Word<'_>) {
    if let Ok(line) = serde_json::to_string(word) {
        // Nobody takes it any more where the client has ended, and that is known otherwise. One that reads nothing is found
        // out by the deadline of its next call.
        let _ = timeout(GRACE, out.send(line + "\n")).await;
    }
}

async fn write(mut stdin: ChildStdin, mut queue: mpsc::Receiver<String>) {
    use tokio::io::AsyncWriteExt;
    while let Some(line) = queue.recv().await {
        if stdin.write_all(line.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn listen_beside(stderr: ChildStderr, shared: Arc<Shared>) {
    drain(stderr, |line| shared.note(line)).await;
}

/// Reads a child to its end, and sees to it that the end is known.
struct Watch {
    shared: Arc<Shared>,
    group: Arc<Group>,
    child: Child,
}

impl Watch {
    async fn run(mut self, stdout: ChildStdout, words: JoinHandle<()>) {
        let garbage = self.read(Lines::new(stdout)).await;
        if garbage.is_none() {
            tokio::time::sleep(ENDS_WITHIN).await;
        }
        self.group.end();
        let _ = self.child.start_kill();
        let status = self.child.wait().await;
        let _ = timeout(LAST_WORDS_WITHIN, words).await;
        let why = match (garbage, status) {
            (Some(garbage), _) => format!("it broke the protocol with {garbage} and was ended"),
            (None, Ok(status)) => format!("it ended ({status})"),
            (None, Err(error)) => format!("it ended ({error})"),
        };
        self.shared.end(&self.shared.with_last_words(&why));
    }

    /// Until its output ends; what was wrong with it.
    async fn read(&self, mut lines: Lines<ChildStdout>) -> Option<String> {
        loop {
            let line = match lines.next().await {
                Ok(line) => line,
                Err(NoLine::End) => return None,
                Err(NoLine::Garbage(what)) => return Some(what),
            };
            let heard = match read(&line, |text| self.shared.masked(text)) {
                Ok(heard) => heard,
                Err(why) => return Some(format!("a line that is none ({why})")),
            };
            if let Err(why) = self.take(heard) {
                return Some(why);
            }
        }
    }

    fn take(&self, heard: Heard) -> Result<(), String> {
        match heard {
            Heard::Hello(hello) => self.shared.greet(Greeting::Hello(hello)),
            Heard::Ready => self.shared.greet(Greeting::Ready),
            Heard::Refused(fault) => self.shared.greet(Greeting::Refused(fault)),
            Heard::Reply(reply) => self.shared.answer(reply),
            Heard::Events(events) => return self.shared.tell(events),
            Heard::Log(text) => self.shared.note(&text),
            Heard::Other => {}
        }
        Ok(())
    }
}

impl Drop for Watch {
    /// With the runtime's end, too, while somebody still holds the [`Link`].
    fn drop(&mut self) {
        self.group.end();
        self.shared.end("warroom has stopped it");
    }
}
