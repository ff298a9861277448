//! TLS is on, private certificates and proxies are honoured: the real binary, through a proxy, to a service that only a
//! certificate of our own vouches for.

use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::cli::{Answer, Home};

const HOST: &str = "slack.invalid";
const TOKEN: &str = "WARROOM_TEST_TLS";

/// A proxy that leads every tunnel to one TLS server of its own.
struct Proxy {
    address: String,
    certificate: String,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn proxy() -> Proxy {
    warroom::clients::http::install_crypto();
    let made = rcgen::generate_simple_self_signed(vec![HOST.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = asked.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, heard) = (acceptor.clone(), heard.clone());
            tokio::spawn(async move {
                let _ = tunnel(stream, acceptor, heard).await;
            });
        }
    });
    Proxy { address, certificate: made.cert.pem(), asked }
}

async fn tunnel(
    mut stream: TcpStream,
    acceptor: TlsAcceptor,
    heard: Arc<Mutex<Vec<String>>>,
) -> std::io::Result<()> {
    let first = head(&mut stream).await?;
    heard.lock().unwrap().push(first.lines().next().unwrap_or_default().to_owned());
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    let mut inside = acceptor.accept(stream).await?;
    let asked = head(&mut inside).await?;
    heard.lock().unwrap().push(asked.lines().next().unwrap_or_default().to_owned());
    let body = r#"{"ok":true,"url":"https://acme.slack.com/","team":"Acme","user":"bot","team_id":"T1","user_id":"U1","bot_id":"B1","channels":[],"members":[]}"#;
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    inside.write_all(format!("{head}{body}").as_bytes()).await?;
    inside.shutdown().await
}

async fn head(stream: &mut (impl AsyncReadExt + Unpin)) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    while !bytes.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece).await? {
            0 => break,
            read => bytes.extend_from_slice(&piece[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn home(ca: Option<&str>) -> Home {
    let home = Home::new();
    let config = home.path().join("config");
    std::fs::create_dir_all(&config).unwrap();
    let line = ca.map(|pem| {
        let path = config.join("ca.pem");
        std::fs::write(&path, pem).unwrap();
        format!("ca = \"{}\"\n", path.display())
    });
    let text = format!(
        "[slack]\nbase = \"https://{HOST}/api\"\ntoken = {{ env = \"{TOKEN}\" }}\n{}",
        line.unwrap_or_default()
    );
    std::fs::write(config.join("config.toml"), text).unwrap();
    home
}

async fn connect(home: Home, proxy: &str) -> Answer {
    let proxy = proxy.to_owned();
    let run = move || {
        let mut command = home.command(&["connect", "slack", "--no-input"]);
        command.env(TOKEN, "xoxb-1").env("HTTPS_PROXY", proxy).env_remove("NO_PROXY").env_remove("no_proxy");
        Answer::of(command.output().unwrap())
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_and_a_private_certificate_are_honoured() {
    let proxy = proxy().await;
    let answer = connect(home(Some(&proxy.certificate)), &proxy.address).await;
    assert!(answer.out.contains("Acme"), "{}{}", answer.out, answer.err);
    let asked = proxy.asked.lock().unwrap().clone();
    assert_eq!(asked[0], format!("CONNECT {HOST}:443 HTTP/1.1"));
    assert!(asked[1].contains("/api/auth.test"), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let proxy = proxy().await;
    let answer = connect(home(None), &proxy.address).await;
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.out.to_lowercase().contains("certificate"), "{}", answer.out);
    assert_eq!(proxy.asked.lock().unwrap().len(), 1, "nothing was said inside");
}

#[test]
fn plain_http_is_spoken_to_this_machine_alone() {
    let home = Home::new();
    std::fs::create_dir_all(home.path().join("config")).unwrap();
    let text = format!("[slack]\nbase = \"http://slack.example/api\"\ntoken = {{ env = \"{TOKEN}\" }}\n");
    std::fs::write(home.path().join("config/config.toml"), text).unwrap();
    let output = home.command(&["connect", "slack", "--no-input"]).env(TOKEN, "xoxb-1").output().unwrap();
    let answer = Answer::of(output);
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains("http is spoken to this machine alone: use https"), "{}", answer.out);
}
