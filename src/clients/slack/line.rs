//! One websocket of Socket Mode.
//!
//! It says "received" to every envelope before anybody looks into it (Slack waits three seconds), notices a line that is dead,
//! and ends at the first error: what comes next is the caller's business. Proxies, certificates and TLS are those of every
//! other call, for the websocket begins as one.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::{StatusCode, Upgraded};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::sockets::Signals;
use crate::clients::Trouble;
use crate::clients::http::{Http, chain, check_address};
use crate::incident::Span;
use crate::incident::clean::clean_line;

/// Longest message that is taken, in bytes.
const MOST_BYTES: usize = 4 << 20;
/// How long to stay away when the app has as many sockets as it may (ten).
const CROWDED: Span = Span::from_secs(60);

/// How long a line may take, and be silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// To connect, to say hello, to take what we send.
    pub open: Duration,
    /// Silent for so long: it is asked whether it is there.
    pub ping: Duration,
    /// No answer for so long: it is dead.
    pub dead: Duration,
    /// Between two looks at the channel itself, for what no event has told.
    pub look: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        let secs = Duration::from_secs;
        Self { open: secs(10), ping: secs(15), dead: secs(30), look: secs(300) }
    }
}

pub struct Line {
    socket: WebSocketStream<Upgraded>,
    rhythm: Rhythm,
}

/// Why a line is left.
pub enum Ended {
    /// Slack will close it soon: another one is to be opened first.
    Replace,
    Over(Trouble),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Frame {
    #[serde(rename = "type")]
    kind: String,
    envelope_id: Option<String>,
    payload: Value,
    reason: Option<String>,
}

impl Line {
    /// Opens the line at an address that is good for one time, and waits until it says hello.
    pub async fn open(http: &Http, address: &str, rhythm: Rhythm) -> Result<Self, Trouble> {
        let opened = timeout(rhythm.open, Self::connect(http, address, rhythm)).await;
        let mut line = opened.map_err(|_| late("connected"))??;
        timeout(rhythm.open, line.hello()).await.map_err(|_| late("said hello"))??;
        Ok(line)
    }

    async fn connect(http: &Http, address: &str, rhythm: Rhythm) -> Result<Self, Trouble> {
        let address = as_http(address)?;
        let key = generate_key();
        let request = http
            .get(&address)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", &key);
        // The address is as good as a password: it is never quoted.
        let answer = request.send().await.map_err(|error| broken(http, &error.without_url()))?;
        let accepted = answer.headers().get("sec-websocket-accept").map(|accept| accept.as_bytes().to_vec());
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(Trouble::transient(format!(
                "the socket was refused with status {}",
                answer.status()
            )));
        }
        if accepted.as_deref() != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
            return Err(Trouble::transient("what answers at the socket's address is no websocket"));
        }
        let upgraded = answer.upgrade().await.map_err(|error| broken(http, &error.without_url()))?;
        let config =
            WebSocketConfig::default().max_message_size(Some(MOST_BYTES)).max_frame_size(Some(MOST_BYTES));
        let socket = WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await;
        Ok(Self { socket, rhythm })
    }

    async fn hello(&mut self) -> Result<(), Trouble> {
        loop {
            let Some(frame) = read(self.socket.next().await)? else { continue };
            match frame.kind.as_str() {
                "hello" => return Ok(()),
                "disconnect" => match disconnected(frame.reason.as_deref()) {
                    Ended::Over(trouble) => return Err(trouble),
                    Ended::Replace => {
                        return Err(Trouble::transient("the socket was closed before it said hello"));
                    }
                },
                _ => {}
            }
        }
    }

    /// Takes in what comes, until the line is to be left.
    pub async fn serve(&mut self, signals: &Signals) -> Ended {
        let mut asked = false;
        loop {
            let patience = if asked { self.rhythm.dead } else { self.rhythm.ping };
            let heard = match timeout(patience, self.socket.next()).await {
                Ok(heard) => heard,
                Err(_) if asked => {
                    return Ended::Over(Trouble::transient("the socket is dead: no answer to a ping"));
                }
                Err(_) => {
                    asked = true;
                    if let Err(trouble) = self.send(Message::Ping(Default::default())).await {
                        return Ended::Over(trouble);
                    }
                    continue;
                }
            };
            asked = false;
            match self.take(heard, signals).await {
                Ok(None) => {}
                Ok(Some(ended)) => return ended,
                Err(trouble) => return Ended::Over(trouble),
            }
        }
    }

    async fn take(
        &mut self,
        heard: Option<Result<Message, Error>>,
        signals: &Signals,
    ) -> Result<Option<Ended>, Trouble> {
        let Some(frame) = read(heard)? else { return Ok(None) };
        if let Some(id) = &frame.envelope_id {
            self.send(Message::text(json!({"envelope_id": id}).to_string())).await?;
        }
        match frame.kind.as_str() {
            "events_api" => signals.event(frame.payload),
            "disconnect" => return Ok(Some(disconnected(frame.reason.as_deref()))),
            _ => {}
        }
        Ok(None)
    }

    async fn send(&mut self, message: Message) -> Result<(), Trouble> {
        match timeout(self.rhythm.open, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Trouble::transient(format!("the socket broke: {}", chain(&error)))),
            Err(_) => Err(Trouble::transient("the socket takes nothing any more")),
        }
    }

    /// Goes, saying so where that is still possible.
    pub async fn close(mut self) {
        let _ = timeout(Duration::from_secs(1), self.socket.close(None)).await;
    }
}

/// `None`: nothing to be looked at. What is no JSON is passed over: Slack says so little in other words that it does not matter.
fn read(heard: Option<Result<Message, Error>>) -> Result<Option<Frame>, Trouble> {
    match heard {
        None | Some(Ok(Message::Close(_))) => Err(Trouble::transient("Slack closed the socket")),
        Some(Err(error)) => Err(Trouble::transient(format!("the socket broke: {}", chain(&error)))),
        Some(Ok(Message::Text(text))) => Ok(serde_json::from_str(&text).ok()),
        Some(Ok(_)) => Ok(None),
    }
}

fn disconnected(reason: Option<&str>) -> Ended {
    match reason.unwrap_or_default() {
        "warning" | "refresh_requested" => Ended::Replace,
        "link_disabled" => Ended::Over(
            Trouble::auth("Socket Mode is switched off for the app: switch it on in the app's settings, or take app_token out of config.toml")
                .code("link_disabled"),
        ),
        "too_many_websockets" => Ended::Over(
            Trouble::transient("the app has as many sockets open as it may: news are asked for meanwhile")
                .code("too_many_websockets")
                .after(Some(CROWDED)),
        ),
        other => Ended::Over(Trouble::transient(format!("Slack ends the socket ({})", clean_line(other)))),
    }
}

/// The address under which a websocket is asked for: TLS, but to this machine.
fn as_http(address: &str) -> Result<String, Trouble> {
    let rest = address.strip_prefix("wss://").map(|rest| format!("https://{rest}"));
    let rest = rest.or_else(|| address.strip_prefix("ws://").map(|rest| format!("http://{rest}")));
    let address =
        rest.ok_or_else(|| Trouble::permanent("Slack gave an address for the socket that is none"))?;
    check_address(&address).map_err(|_| {
        Trouble::permanent("Slack gave an address for the socket that is not encrypted: it is not used")
    })?;
    Ok(address)
}

fn broken(http: &Http, error: &reqwest::Error) -> Trouble {
    Trouble::transient(format!("no socket: {}", http.masked(&chain(error))))
}

fn late(what: &str) -> Trouble {
    Trouble::transient(format!("the socket has not {what} in time"))
}
