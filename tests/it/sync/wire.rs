//! A bad network between the program and a service, on this machine: it delays what passes and swallows answers.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Delays each request and each answer by up to `most_ms`, and swallows every `swallows`th answer (0: none). What was sent on
/// arrives, whatever becomes of whoever sent it.
pub struct Wire {
    pub address: String,
    pub swallowed: Arc<AtomicU64>,
}

impl Wire {
    /// `to` is `http://127.0.0.1:PORT`.
    pub fn to(to: &str, most_ms: u64, swallows: u64) -> Wire {
        let to = to.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (count, swallowed) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicU64::new(0)));
        let counted = swallowed.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (to, count, swallowed) = (to.clone(), count.clone(), counted.clone());
                thread::spawn(move || {
                    let Ok(server) = TcpStream::connect(&to) else { return };
                    let pause =
                        move |n: u64| Duration::from_millis(n.wrapping_mul(2_654_435_761) % (most_ms + 1));
                    let (from, into) = (stream.try_clone().unwrap(), server.try_clone().unwrap());
                    let sent = count.clone();
                    thread::spawn(move || {
                        pass(from, &into, |_| {
                            thread::sleep(pause(sent.fetch_add(1, Ordering::Relaxed)));
                            true
                        });
                        let _ = into.shutdown(Shutdown::Write);
                    });
                    pass(server, &stream, |_| {
                        let n = count.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(pause(n));
                        let swallow = swallows > 0 && n % swallows == 0;
                        swallowed.fetch_add(u64::from(swallow), Ordering::Relaxed);
                        !swallow
                    });
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        Wire { address, swallowed }
    }
}

/// Passes on what comes, piece by piece, until `then` says no.
fn pass(mut from: TcpStream, mut into: &TcpStream, then: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 64 << 10];
    while let Ok(read) = from.read(&mut buffer) {
        if read == 0 || !then(&buffer[..read]) || into.write_all(&buffer[..read]).is_err() {
            return;
        }
    }
}
