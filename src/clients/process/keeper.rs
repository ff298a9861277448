//! One client for one account: started at its first call, kept, and started again after it has ended, later each time.
//!
//! What comes too early is told how long to wait. Nothing is tried twice here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as Plain, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::link::{Fresh, Link};
use super::program::{Program, Where};
use super::shared::Greeting;
use super::wire::{Configure, Fault, Hello, PROTOCOL, Word};
use crate::clients::{Secret, Trouble};
use crate::config::accounts::{ProcessSettings, ServiceKind};
use crate::incident::Span;
use crate::incident::event::FailureClass;

/// Waits after the first and after any later end.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Longest wait where somebody has to mend something: whoever has mended it wants to see it work.
const MENDED_WAIT: Duration = Duration::from_secs(2);
/// Time for each of the two steps until a client is ready.
pub const STEP: Duration = Duration::from_secs(5);
/// Time to end by itself.
pub const END: Duration = Duration::from_secs(2);

pub struct Keeper {
    name: String,
    place: Where,
    arguments: Vec<String>,
    service: ServiceKind,
    options: Value,
    drill: Option<String>,
    ca: Option<String>,
    secrets: BTreeMap<String, Secret>,
    state: Mutex<State>,
    /// What the client last said of itself.
    hello: Plain<Option<Hello>>,
}

#[derive(Default)]
struct State {
    link: Option<Arc<Link>>,
    /// Ends without an answered call between them.
    failures: u32,
    /// Not before this, and why.
    wait: Option<(Instant, Trouble)>,
}

impl Keeper {
    pub fn new(
        name: &str,
        settings: &ProcessSettings,
        (place, arguments): (Where, Vec<String>),
        secrets: BTreeMap<String, Secret>,
    ) -> Result<Self, Trouble> {
        let options = serde_json::to_value(&settings.options)
            .map_err(|error| Trouble::permanent(format!("client {name}: options: {error}")))?;
        Ok(Self {
            name: name.to_owned(),
            place,
            arguments,
            service: settings.service,
            options,
            drill: settings.drill.clone(),
            ca: settings.common.ca.as_ref().map(|ca| ca.display().to_string()),
            secrets,
            state: Mutex::default(),
            hello: Plain::new(None),
        })
    }

    /// The running client; it is started where it has to be.
    pub async fn link(&self) -> Result<Arc<Link>, Trouble> {
        let mut state = self.state.lock().await;
        if let Some(link) = state.link.clone() {
            let Some((why, at)) = link.over() else { return Ok(link) };
            state.link = None;
            state.failures = if link.has_answered() { 0 } else { state.failures };
            state.put_off(at, Trouble::transient(self.says(&why)));
        }
        state.may_start()?;
        match self.start().await {
            Ok(link) => Ok(state.link.insert(Arc::new(link)).clone()),
            Err(trouble) => Err(state.put_off(Instant::now(), trouble)),
        }
    }

    async fn start(&self) -> Result<Link, Trouble> {
        let path = self.place.look().map_err(|why| self.useless(&why))?;
        let program = Program { path, arguments: self.arguments.clone() };
        let secrets = self.secrets.values().cloned().collect();
        let failed = |error: std::io::Error| {
            self.useless(&format!("{} cannot be started: {error}", program.path.display()))
        };
        let mut fresh = Fresh::start(&program, secrets).map_err(failed)?;
        let hello = self.greet(&mut fresh).await?;
        self.configure(&mut fresh).await?;
        *self.hello.lock().unwrap_or_else(PoisonError::into_inner) = Some(hello.clone());
        Ok(fresh.ready(hello))
    }

    async fn greet(&self, fresh: &mut Fresh) -> Result<Hello, Trouble> {
        let host = env!("CARGO_PKG_VERSION");
        fresh.say(&Word::Hello { protocol: PROTOCOL, host, features: &[] }).await;
        match fresh.greeting(STEP).await {
            Ok(Greeting::Hello(hello)) => self.accept(hello),
            Ok(Greeting::Refused(fault)) => Err(self.refused(&fault)),
            Ok(Greeting::Ready) => Err(self.passing("it was ready before it had said hello")),
            Err(why) => Err(self.passing(&why)),
        }
    }

    fn accept(&self, hello: Hello) -> Result<Hello, Trouble> {
        if hello.protocol != PROTOCOL {
            let theirs = hello.protocol;
            return Err(self.useless(&format!(
                "it speaks version {theirs} of the protocol, and warroom speaks {PROTOCOL}: install one that does"
            )));
        }
        let wanted = service_name(self.service);
        if hello.service != wanted {
            let theirs = crate::incident::clean::clean_line(&hello.service).into_owned();
            return Err(
                self.useless(&format!("it is for {theirs:?}, and the settings say service = \"{wanted}\""))
            );
        }
        Ok(hello)
    }

    async fn configure(&self, fresh: &mut Fresh) -> Result<(), Trouble> {
        let secrets = self.secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect();
        let configure = Configure {
            account: &self.name,
            options: &self.options,
            secrets,
            drill: self.drill.as_deref(),
            ca: self.ca.clone(),
        };
        fresh.say(&Word::Configure(configure)).await;
        match fresh.greeting(STEP).await {
            Ok(Greeting::Ready) => Ok(()),
            Ok(Greeting::Refused(fault)) => Err(self.refused(&fault)),
            Ok(Greeting::Hello(_)) => Err(self.passing("it said hello twice")),
            Err(why) => Err(self.passing(&why)),
        }
    }

    /// What it was given is of no use: whoever mends the settings lets the account in again.
    fn refused(&self, fault: &Fault) -> Trouble {
        let why = super::answers::words(&fault.message);
        match fault.class {
            FailureClass::Transient | FailureClass::Unknown => {
                self.passing(&why).after(super::answers::wait(fault))
            }
            _ => self.useless(&format!("it refused its settings: {why}")),
        }
    }

    fn passing(&self, why: &str) -> Trouble {
        Trouble::transient(self.says(why))
    }

    /// Nothing of the account can work until somebody mends it.
    fn useless(&self, why: &str) -> Trouble {
        Trouble::auth(self.says(why))
    }

    pub fn says(&self, why: &str) -> String {
        format!("client {}: {why}", self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the client said of itself when it was last started.
    pub fn known(&self) -> Option<Hello> {
        self.hello.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The running client, if there is one; none is started.
    pub async fn running(&self) -> Option<Arc<Link>> {
        self.state.lock().await.link.clone()
    }

    pub async fn shut_down(&self) {
        let link = self.state.lock().await.link.take();
        if let Some(link) = link {
            link.shut_down(END).await;
        }
    }
}

impl State {
    fn put_off(&mut self, from: Instant, trouble: Trouble) -> Trouble {
        let longest = if trouble.class == FailureClass::Auth { MENDED_WAIT } else { LONGEST_WAIT };
        let wait = longest.min(FIRST_WAIT.saturating_mul(1 << self.failures.min(10)));
        self.failures += 1;
        let asked =
            trouble.retry_after.map_or(Duration::ZERO, |span| Duration::from_millis(span.ms().max(0) as u64));
        let wait = wait.max(asked);
        let trouble = trouble.after(Some(Span::from_ms(wait.as_millis() as i64)));
        self.wait = Some((from + wait, trouble.clone()));
        trouble
    }

    fn may_start(&self) -> Result<(), Trouble> {
        let Some((until, trouble)) = &self.wait else { return Ok(()) };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        // Rounded up: who comes back then must not come too early.
        let left = Span::from_ms(left.as_millis() as i64 + 1);
        Err(trouble.clone().after(Some(left)))
    }
}

pub const fn service_name(service: ServiceKind) -> &'static str {
    match service {
        ServiceKind::Chat => "chat",
        ServiceKind::Paging => "paging",
        ServiceKind::Tickets => "tickets",
    }
}
