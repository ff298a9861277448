//! The shipped webhook client, against a receiver that checks what arrives.

use std::collections::BTreeMap;
use std::time::Duration;

use hmac_by_hand::hex_hmac;
use serde_json::{Value, json};
use warroom::clients::process::Process;
use warroom::clients::{Client, Secret};
use warroom::config::accounts::{Common, ProcessSettings};
use warroom::incident::Span;
use warroom::incident::event::{ChatDeed, Deed, FailureClass};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{call, confirmed, failed, here, post, python};

const KEY: &str = "key-of-sixteen-or-more";

fn client(url: &str, timeout_ms: i64) -> Process {
    let options = toml::Table::from_iter([("url".to_owned(), toml::Value::String(url.to_owned()))]);
    let settings = ProcessSettings {
        common: Common { timeout: Span::from_ms(timeout_ms), ..Common::default() },
        command: vec![here("sample-data/clients/webhook.py")],
        options,
        drill: Some(format!("{url}/drills")),
        ..ProcessSettings::default()
    };
    let secrets = BTreeMap::from([("key".to_owned(), Secret::new(KEY))]);
    Process::new("hook", &settings, secrets).expect("sound settings")
}

async fn receiver(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(answer).mount(&server).await;
    server
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).unwrap_or_else(|| panic!("no header {name}")).to_str().expect("text")
}

async fn received(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.expect("they are recorded")
}

#[tokio::test]
async fn a_post_is_one_signed_request_with_its_op_id_however_often_it_is_sent() {
    if !python() {
        return;
    }
    let server = receiver(
        ResponseTemplate::new(200).set_body_json(json!({"id": "M7", "link": "https://x.example/7"})),
    )
    .await;
    let client = client(&server.uri(), 10_000);
    let call = post(1, "größer @here <!channel>");
    for _ in 0..2 {
        assert_eq!(confirmed(client.deliver(&call).await), "M7");
    }
    let requests = received(&server).await;
    assert_eq!(requests.len(), 2);
    for request in &requests {
        assert_eq!(header(request, "idempotency-key"), call.op());
        let signed = [header(request, "x-warroom-timestamp").as_bytes(), b".", &request.body].concat();
        assert_eq!(
            header(request, "x-warroom-signature"),
            format!("sha256={}", hex_hmac(KEY.as_bytes(), &signed))
        );
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        assert_eq!(body["deed"], "chat.post");
        assert_eq!(body["body"], "größer @here <!channel>");
        assert_eq!(body["place"], "!dry-channel");
    }
}

#[tokio::test]
async fn each_status_means_what_it_means_to_the_outbox() {
    if !python() {
        return;
    }
    use FailureClass::{Auth, Permanent, Transient};
    let html = |status: u16| ResponseTemplate::new(status).set_body_string("<html>no</html>");
    let wait = |status: u16| html(status).insert_header("Retry-After", "7");
    let cases = [
        (html(400), Permanent, None),
        (html(404), Permanent, None),
        (ResponseTemplate::new(302).insert_header("Location", "https://elsewhere.example/"), Permanent, None),
        (html(401), Auth, None),
        (html(403), Auth, None),
        (wait(429), Transient, Some(Span::from_secs(7))),
        (html(429), Transient, None),
        (wait(503), Transient, Some(Span::from_secs(7))),
        // Unknown; but the op id goes with it, so that it is sent again.
        (html(503), Transient, None),
        (html(500), Transient, None),
    ];
    for (answer, class, after) in cases {
        let server = receiver(answer.clone()).await;
        let (message, wait) = failed(client(&server.uri(), 10_000).deliver(&post(1, "b")).await, class);
        assert!(message.contains("the webhook answered"), "{message}");
        assert_eq!(wait, after, "{message}");
        assert_eq!(received(&server).await.len(), 1, "nothing is repeated, no redirect is followed");
    }
}

#[tokio::test]
async fn no_answer_and_no_connection_are_tried_again() {
    if !python() {
        return;
    }
    let slow = receiver(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let (message, _) =
        failed(client(&slow.uri(), 1000).deliver(&post(1, "b")).await, FailureClass::Transient);
    assert!(message.contains("timed out"), "the client's own words, before its deadline: {message}");
    let gone = MockServer::start().await.uri();
    let (message, _) =
        failed(client("http://127.0.0.1:9", 5000).deliver(&post(1, "b")).await, FailureClass::Transient);
    assert!(message.contains("refused"), "{message} ({gone})");
}

#[tokio::test]
async fn an_answer_that_is_no_json_is_done_under_the_op_id() {
    if !python() {
        return;
    }
    let server = receiver(ResponseTemplate::new(202).set_body_string("ok")).await;
    let client = client(&server.uri(), 10_000);
    let call = post(1, "b");
    assert_eq!(confirmed(client.deliver(&call).await), call.op());
    let adopt = super::call(2, Deed::Chat(ChatDeed::Adopt { channel: "#war".into() }), "");
    assert_eq!(confirmed(client.deliver(&adopt).await), "#war");
}

#[tokio::test]
async fn a_drill_goes_to_the_address_of_drills() {
    if !python() {
        return;
    }
    let server = MockServer::start().await;
    Mock::given(path("/drills")).respond_with(ResponseTemplate::new(200)).expect(1).mount(&server).await;
    let mut drill = call(1, Deed::Chat(ChatDeed::Open { name: "inc-1".into(), private: false }), "b");
    drill.drill = true;
    confirmed(client(&server.uri(), 10_000).deliver(&drill).await);
    let body: Value = serde_json::from_slice(&received(&server).await[0].body).expect("JSON");
    assert_eq!((&body["drill"], &body["title"]), (&json!(true), &json!("[DRILL] Orders are late")));
}

#[tokio::test]
async fn http_is_spoken_to_this_machine_alone_and_a_key_is_needed() {
    if !python() {
        return;
    }
    let (message, _) =
        failed(client("http://hooks.example.com", 5000).deliver(&post(1, "b")).await, FailureClass::Auth);
    assert!(message.contains("use https"), "{message}");
    let settings = ProcessSettings {
        command: vec![here("sample-data/clients/webhook.py")],
        options: toml::Table::from_iter([(
            "url".to_owned(),
            toml::Value::String("https://x.example".into()),
        )]),
        ..ProcessSettings::default()
    };
    let keyless = Process::new("hook", &settings, BTreeMap::new()).expect("sound settings");
    let (message, _) = failed(keyless.deliver(&post(1, "b")).await, FailureClass::Auth);
    assert!(message.contains("set secrets.key"), "{message}");
}

#[tokio::test]
async fn its_probe_really_asks() {
    if !python() {
        return;
    }
    let server = receiver(ResponseTemplate::new(200)).await;
    let probes = client(&server.uri(), 10_000).probe().await;
    assert!(probes.iter().all(|probe| probe.works), "{probes:?}");
    assert_eq!(received(&server).await.len(), 1);
    let refusing = receiver(ResponseTemplate::new(401)).await;
    let probes = client(&refusing.uri(), 10_000).probe().await;
    assert!(probes.iter().any(|probe| !probe.works && probe.hint.contains("key")), "{probes:?}");
}

/// RFC 2104 in its own words, so that the client's library is not its own judge.
mod hmac_by_hand {
    use sha2::{Digest, Sha256};

    pub fn hex_hmac(key: &[u8], text: &[u8]) -> String {
        assert!(key.len() <= 64);
        let pad =
            |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect() };
        let inner = Sha256::digest([pad(0x36), text.to_vec()].concat());
        let outer = Sha256::digest([pad(0x5c), inner.to_vec()].concat());
        outer.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn it_knows_the_test_case_of_rfc_4231() {
        let mac = hex_hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
