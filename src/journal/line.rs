//! One entry as one line, and back: pure, byte-strict functions.
//!
//! `{"h":"<64>","head":{…,"d":"<64>"},"salt":"<32>","body":{…}}` and a newline. Every byte is either compared with what must
//! stand there or covered by a digest, so no flipped bit passes. This file knows nothing of files, neighbours or order:
//! whether `h` continues the line before is [`super::chain`]'s question. Start at [`encode`] and [`split`].

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde::de::IgnoredAny;

use super::damage::Part;
use super::digest::{Digest, hex_into, is_hex};
use crate::incident::entry::{Entry, Header};
use crate::incident::event::Event;

pub(super) const OPEN: &[u8] = b"{\"h\":\"";
const HEAD: &[u8] = b"\",\"head\":";
const DIGEST: &[u8] = b",\"d\":\"";
const DIGEST_END: &[u8] = b"\"}";
const SALT: &[u8] = b",\"salt\":";
const BODY: &[u8] = b"\",\"body\":";
const ERASED: &[u8] = b"null,\"body\":null}";

/// Random bytes before a body's digest, so that an erased body cannot be guessed from it.
pub type Salt = [u8; 16];
/// Hexadecimal digits of a salt.
const SALT_LEN: usize = 32;

/// Longest line, in bytes; a longer run of bytes without a newline is damage.
pub const MAX_LINE: usize = 16 << 20;

/// The parts of one line, as they stand.
#[derive(Copy, Clone, Debug)]
pub struct Split<'a> {
    pub h: Digest,
    pub head: &'a [u8],
    pub body: Body<'a>,
}

#[derive(Copy, Clone, Debug)]
pub enum Body<'a> {
    Kept { salt: &'a [u8], body: &'a [u8] },
    Erased,
}

/// Appends the line of `entry`, newline included, and answers its `h`.
pub fn encode(prev: &Digest, entry: &Entry, salt: Salt, out: &mut Vec<u8>) -> Digest {
    let mut salt_text = [0; SALT_LEN];
    hex_into(&salt, &mut salt_text);
    let body = body_text(&entry.event);
    let d = Digest::of(&[&salt_text, body.as_bytes()]);
    let head = head_text(&entry.header, &d);
    let h = Digest::of(&[prev.as_bytes(), &head]);
    for piece in [OPEN, h.as_bytes(), HEAD, &head, SALT, b"\"", &salt_text, BODY, body.as_bytes(), b"}\n"] {
        out.extend_from_slice(piece);
    }
    h
}

fn head_text(header: &Header, d: &Digest) -> Vec<u8> {
    // A struct of strings and numbers: serialising it cannot fail.
    let mut head = serde_json::to_vec(header).unwrap_or_default();
    head.pop();
    for piece in [DIGEST, d.as_bytes(), DIGEST_END] {
        head.extend_from_slice(piece);
    }
    head
}

/// The body as one line. What is no JSON, or holds a line break, is kept as a JSON string: a line must stay one line.
fn body_text(event: &Event) -> String {
    let body = event.to_json();
    let one_line = !body.bytes().any(|b| b == b'\n' || b == b'\r');
    if !matches!(event, Event::Unknown(_)) || one_line && serde_json::from_str::<IgnoredAny>(&body).is_ok() {
        return body;
    }
    serde_json::Value::String(body).to_string()
}

/// Takes a line (without its newline) apart and compares every byte between the parts; checks no digest.
pub fn split(line: &[u8]) -> Result<Split<'_>, &'static str> {
    static SALT_FINDER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(SALT));
    let rest = line.strip_prefix(OPEN).ok_or("the line does not begin as a journal line does")?;
    let (h, rest) = rest.split_at_checked(Digest::LEN).ok_or("the line is too short")?;
    let h = Digest::from_bytes(h).ok_or("the line is too short")?;
    let rest = rest.strip_prefix(HEAD).ok_or("no header follows the line's digest")?;
    // Inside a JSON string every quote is escaped, so these bytes can only be the member itself.
    let end = SALT_FINDER.find(rest).ok_or("no salt follows the header")?;
    let (head, rest) = rest.split_at(end);
    let body = split_body(&rest[SALT.len()..])?;
    Ok(Split { h, head, body })
}

fn split_body(rest: &[u8]) -> Result<Body<'_>, &'static str> {
    if let Some(padding) = rest.strip_prefix(ERASED) {
        let blank = padding.iter().all(|b| *b == b' ');
        return blank.then_some(Body::Erased).ok_or("an erasure was interrupted: erase the entry again");
    }
    let rest = rest.strip_prefix(b"\"").ok_or("the salt is neither text nor null")?;
    let (salt, rest) = rest.split_at_checked(SALT_LEN).ok_or("the salt is cut short")?;
    let rest = rest.strip_prefix(BODY).ok_or("no body follows the salt")?;
    let body = rest.strip_suffix(b"}").ok_or("the line does not end as a journal line does")?;
    Ok(Body::Kept { salt, body })
}

impl Split<'_> {
    /// What `h` must be after a line with the digest `prev`.
    pub fn link(&self, prev: &Digest) -> Digest {
        Digest::of(&[prev.as_bytes(), self.head])
    }

    /// The digest of the body, as the header has it.
    fn stored_d(&self) -> Option<&[u8]> {
        let rest = self.head.strip_suffix(DIGEST_END)?;
        let (rest, d) = rest.split_at_checked(rest.len().checked_sub(Digest::LEN)?)?;
        rest.ends_with(DIGEST).then_some(d)
    }

    /// Reads the entry; `h` must have been checked before. An erased body is not damage.
    pub fn entry(&self) -> Result<Entry, (Part, String)> {
        let d = self.stored_d().ok_or_else(|| (Part::Header, "the header has no body digest".to_owned()))?;
        let header = self.header()?;
        let Body::Kept { salt, body } = self.body else {
            return Ok(Entry { header, event: Event::Erased });
        };
        if Digest::of(&[salt, body]).as_bytes() != d {
            return Err((Part::Body, format!("the body of entry {} does not match its digest", header.id)));
        }
        let text = str::from_utf8(body).map_err(|_| (Part::Body, "the body is not UTF-8".to_owned()))?;
        let event = if text == "null" { Event::Erased } else { Event::parse(text) };
        Ok(Entry { header, event })
    }

    pub fn header(&self) -> Result<Header, (Part, String)> {
        serde_json::from_slice(self.head)
            .map_err(|error| (Part::Header, format!("the header cannot be read: {error}")))
    }
}

/// Reads a line by itself: everything but its link to the line before is checked.
pub fn decode(line: &[u8]) -> Result<Entry, (Part, String)> {
    split(line).map_err(|why| (Part::Frame, why.to_owned()))?.entry()
}

/// What replaces everything from the salt to the newline when an entry of this line is erased: where it begins in the line,
/// and the bytes, exactly as many as stood there. Works on a line whose body is damaged too.
pub fn erasure(line: &[u8]) -> Option<(usize, Vec<u8>)> {
    let salt = memchr::memmem::find(line, SALT)?;
    let start = salt + SALT.len();
    let mut bytes = ERASED.to_vec();
    let room = line.len().checked_sub(start).filter(|room| *room >= bytes.len())?;
    bytes.resize(room, b' ');
    Some((start, bytes))
}

/// Every digest that stands in damaged bytes behind `"h":"`: at its usual place, or where lines ran together.
pub fn digests_in(bytes: &[u8]) -> Vec<Digest> {
    let usual = bytes.get(OPEN.len()..OPEN.len() + Digest::LEN).and_then(Digest::from_bytes);
    let found = memchr::memmem::find_iter(bytes, &OPEN[1..])
        .filter_map(|at| Digest::from_bytes(bytes.get(at + OPEN.len() - 1..)?.get(..Digest::LEN)?));
    usual.into_iter().chain(found).filter(|digest| is_hex(digest.as_bytes())).collect()
}
