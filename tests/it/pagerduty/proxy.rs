//! A thin proxy on loopback: hands every call on to a server that checks it, and keeps what that server objected to.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A call as it went by.
#[derive(Clone, Debug)]
pub struct Passed {
    pub verb: String,
    /// Without the query.
    pub path: String,
    /// Where the call breaks the description.
    pub violations: Vec<Value>,
}

/// Asks the server for another answer to calls of this verb and path, by its `Prefer` header.
pub struct Prefer(pub &'static str, pub &'static str, pub &'static str);

/// Words of an answer that are changed on their way back.
pub type Reworded = (&'static str, &'static str);

pub struct Proxy {
    pub base: String,
    passed: Arc<Mutex<Vec<Passed>>>,
}

impl Proxy {
    pub async fn before(target: &str, prefers: Vec<Prefer>, reworded: Vec<Reworded>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let passed = Arc::new(Mutex::new(Vec::new()));
        let (kept, target) = (passed.clone(), target.to_owned());
        tokio::spawn(async move {
            let world = Arc::new((target, prefers, reworded, kept));
            while let Ok((stream, _)) = listener.accept().await {
                let world = world.clone();
                tokio::spawn(async move { hand_on(stream, &world).await });
            }
        });
        Self { base, passed }
    }

    pub fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap().clone()
    }
}

type World = (String, Vec<Prefer>, Vec<Reworded>, Arc<Mutex<Vec<Passed>>>);

async fn hand_on(mut stream: TcpStream, (target, prefers, reworded, kept): &World) {
    let Some((head, body)) = read(&mut stream).await else { return };
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let (verb, whole) = (first.next().unwrap().to_owned(), first.next().unwrap().to_owned());
    let path = whole.split('?').next().unwrap().to_owned();
    warroom::clients::http::install_crypto();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = client.request(verb.parse().unwrap(), format!("{target}{whole}")).body(body);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if !["host", "content-length", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
            request = request.header(name, value);
        }
    }
    for Prefer(_, _, wish) in prefers.iter().filter(|prefer| prefer.0 == verb && prefer.1 == path) {
        request = request.header("Prefer", *wish);
    }
    let answer = request.send().await.expect("the stand-in answers");
    let violations = answer.headers().get("sl-violations").map(|value| objections(value.as_bytes()));
    kept.lock().unwrap().push(Passed { verb, path, violations: violations.unwrap_or_default() });
    let status = answer.status().as_u16();
    let mut text = answer.text().await.unwrap();
    for (from, to) in reworded {
        text = text.replace(from, to);
    }
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", text.len());
    let _ = stream.write_all(format!("{head}{text}").as_bytes()).await;
}

/// What is wrong with the call; what is wrong with the example in the answer is the description's own fault.
fn objections(header: &[u8]) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_slice(header).expect("a list of violations");
    all.into_iter().filter(|violation| violation["location"][0] == "request").collect()
}

async fn read(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 8192]);
    loop {
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
        });
        if bytes.len() >= end + 4 + length.unwrap_or(0) {
            return Some((head, bytes[end + 4..].to_vec()));
        }
    }
}
