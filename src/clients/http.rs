//! What the clients that speak HTTP share: one connection pool for each account, and what a failed call means.
//!
//! TLS is on: plain http is spoken to this machine alone. Proxies come from the environment, private certificates from the
//! settings. No call is ever repeated here, and no redirect is followed: the token would go along.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, StatusCode, Url};

use super::{Secret, Trouble};
use crate::incident::Span;
use crate::incident::clean::clean_line;

/// Longest answer that is read, in bytes.
const MOST_BYTES: usize = 16 << 20;
/// Most characters of an answer that are quoted.
const QUOTED: usize = 200;

/// Where and how an account is reached.
#[derive(Clone, Debug)]
pub struct Reach {
    /// Without a slash at its end.
    pub base: String,
    /// A file of PEM certificates that are trusted besides the system's.
    pub ca: Option<PathBuf>,
    /// How long one call may take.
    pub timeout: Duration,
}

impl Reach {
    pub fn new(base: impl Into<String>) -> Self {
        let base: String = base.into();
        Self { base: base.trim_end_matches('/').to_owned(), ca: None, timeout: Duration::from_secs(10) }
    }
}

#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    reach: Reach,
    /// Taken out of whatever is quoted.
    secrets: Vec<Secret>,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as JSON; a body that is none is no surprise: proxies and login pages answer HTML.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.text).ok()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// `Retry-After`, in seconds.
    pub fn retry_after(&self) -> Option<Span> {
        self.header("retry-after")?.trim().parse::<f64>().ok().filter(|secs| secs.is_finite()).map(seconds)
    }

    /// The beginning of the body, fit to be shown.
    pub fn quoted(&self) -> String {
        clean_line(&self.text).chars().take(QUOTED).collect()
    }
}

/// A length of time as services give it: rounded up, never negative.
pub fn seconds(secs: f64) -> Span {
    Span::from_ms((secs.max(0.0) * 1000.0).ceil().min(86_400_000.0) as i64)
}

impl Http {
    /// An address that cannot be used, or certificates that cannot be read, are said at once.
    pub fn new(reach: Reach, secrets: Vec<Secret>) -> Result<Self, Trouble> {
        check_address(&reach.base)?;
        let client = builder(&reach)?.build().map_err(|error| Trouble::permanent(chain(&error)))?;
        Ok(Self { client, reach, secrets })
    }

    pub fn base(&self) -> &str {
        &self.reach.base
    }

    pub fn timeout(&self) -> Duration {
        self.reach.timeout
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    pub fn put(&self, path: &str) -> RequestBuilder {
        self.client.put(self.url(path))
    }

    /// A path of this account, or a whole address that the service has given.
    fn url(&self, path: &str) -> String {
        if path.starts_with("https://") || path.starts_with("http://") {
            return path.to_owned();
        }
        format!("{}/{}", self.reach.base, path.trim_start_matches('/'))
    }

    /// Makes the call. An answer of any status is an answer; what it means is the client's business. Without an answer:
    /// transient where nothing can have arrived, unknown where something may have.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, Trouble> {
        let request = request.build().map_err(|error| Trouble::permanent(self.masked(&chain(&error))))?;
        // An address that a service names is held to the same as ours.
        check_address(request.url().as_str())?;
        let mut response = self.client.execute(request).await.map_err(|error| self.no_answer(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.no_answer(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MOST_BYTES {
                return Err(Trouble::unknown("the answer was too long to be read"));
            }
        }
        Ok(Answer { status, headers, text: self.masked(&String::from_utf8_lossy(&bytes)) })
    }

    fn no_answer(&self, error: &reqwest::Error) -> Trouble {
        let why = self.masked(&chain(error));
        if error.is_connect() {
            return Trouble::transient(format!("no connection: {why}"));
        }
        if error.is_timeout() {
            return Trouble::unknown(format!("no answer within {} s", self.reach.timeout.as_secs()));
        }
        Trouble::unknown(format!("the connection broke: {why}"))
    }

    /// The text without any secret of this account.
    pub fn masked(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| secret.masked(&text))
    }
}

/// What an answer means that the service has no words for: by its status alone. `safe`: the call may be repeated.
pub fn by_status(answer: &Answer, safe: bool) -> Option<Trouble> {
    let (status, wait) = (answer.status, answer.retry_after());
    let said = || format!("answered {status}: {}", answer.quoted());
    let trouble = match status.as_u16() {
        200..=299 => return None,
        401 => Trouble::auth(said()),
        429 => Trouble::transient(format!("answered {status}: too many calls")),
        // It has said that it did nothing.
        503 if wait.is_some() => Trouble::transient(said()),
        // Something between may have passed it on before it said so.
        408 | 425 | 500..=599 => Trouble::unknown(said()),
        _ => Trouble::permanent(said()),
    };
    let trouble = trouble.after(wait).code(status.as_str());
    Some(if safe { trouble.repeatable() } else { trouble })
}

fn builder(reach: &Reach) -> Result<reqwest::ClientBuilder, Trouble> {
    install_crypto();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("warroom/", env!("CARGO_PKG_VERSION")))
        .timeout(reach.timeout)
        .connect_timeout(reach.timeout.min(Duration::from_secs(5)))
        .redirect(reqwest::redirect::Policy::none())
        // A call over a connection that had died unnoticed would look as if it might have arrived.
        .pool_idle_timeout(Duration::from_secs(20));
    // A loopback address is never reached through a proxy.
    if Url::parse(&reach.base).ok().as_ref().is_some_and(is_loopback) {
        builder = builder.no_proxy();
    }
    if let Some(ca) = &reach.ca {
        for certificate in certificates(ca)? {
            builder = builder.add_root_certificate(certificate);
        }
    }
    Ok(builder)
}

/// Once in a process: the TLS library asks who does its arithmetic.
pub fn install_crypto() {
    // An error says that it was installed before.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn certificates(path: &Path) -> Result<Vec<reqwest::Certificate>, Trouble> {
    let wrong = |why: String| Trouble::permanent(format!("ca {}: {why}", path.display()));
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let found = reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| wrong(chain(&error)))?;
    if found.is_empty() { Err(wrong("no certificate is in it".to_owned())) } else { Ok(found) }
}

/// `https`, or `http` to this machine.
pub fn check_address(address: &str) -> Result<(), Trouble> {
    let wrong = |why: &str| Trouble::permanent(format!("{}: {why}", clean_line(address)));
    let url = Url::parse(address).map_err(|_| wrong("this is no address: write https://…"))?;
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err(wrong("http is spoken to this machine alone: use https")),
        _ => Err(wrong("use https")),
    }
}

/// Whether an address is on this machine.
pub fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// An error with its causes; reqwest's own words leave out the one that matters.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    clean_line(&text).into_owned()
}
