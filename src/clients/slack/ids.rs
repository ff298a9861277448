//! Names of things: timestamps, message ids, channel ids. Pure.
//!
//! A `ts` is a string that names a message within its channel (it is no float); `<channel>/<ts>` names it within the account.

use sha2::{Digest, Sha256};

use crate::incident::Time;

/// A `ts`, ready to be compared: seconds, then what follows the point.
pub type Key = (u64, u64);

pub fn key(ts: &str) -> Key {
    let (secs, rest) = ts.split_once('.').unwrap_or((ts, "0"));
    (secs.parse().unwrap_or(0), rest.parse().unwrap_or(0))
}

/// When a message was posted.
pub fn time(ts: &str) -> Time {
    let (secs, micros) = key(ts);
    let ms = secs.saturating_mul(1000).saturating_add(micros / 1000);
    Time::from_ms(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// The `ts` of a moment.
pub fn ts(at: Time) -> String {
    let ms = at.ms().max(0);
    format!("{}.{:03}000", ms / 1000, ms % 1000)
}

pub fn remote(channel: &str, ts: &str) -> String {
    format!("{channel}/{ts}")
}

/// Channel and `ts` of `<channel>/<ts>`.
pub fn parted(remote: &str) -> Option<(&str, &str)> {
    let (channel, ts) = remote.split_once('/')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (secs, rest) = ts.split_once('.')?;
    (is_channel(channel) && digits(secs) && digits(rest)).then_some((channel, ts))
}

/// Whether it is an id of a channel, not a name: names are lower case.
pub fn is_channel(text: &str) -> bool {
    text.len() >= 8
        && text.starts_with(['C', 'G', 'D'])
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

pub fn is_user(text: &str) -> bool {
    text.len() >= 6
        && text.starts_with(['U', 'W'])
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// What a person writes for a channel: `#name`, `name`, an id or its address.
pub fn channel_as_typed(text: &str) -> String {
    let text = text.trim().trim_start_matches('#');
    let last = text.split("/archives/").nth(1).map(|rest| rest.split(['/', '?']).next().unwrap_or(rest));
    let text = last.unwrap_or(text);
    if is_channel(text) { text.to_owned() } else { text.to_lowercase() }
}

/// The op of one message of several; a message that is alone carries the op itself.
pub fn part_op(op: &str, number: usize, of: usize) -> String {
    if of == 1 { op.to_owned() } else { format!("{op}/{number}") }
}

/// The request behind the op of a part.
pub fn request_of(op: &str) -> &str {
    op.split('/').next().unwrap_or(op)
}

/// The `client_msg_id` of an op: the same for every attempt. It has the shape of a UUID made from a name (RFC 9562, version 5),
/// but is made by SHA-256.
pub fn client_msg_id(op: &str) -> String {
    let digest = Sha256::digest(format!("warroom/slack/{op}").as_bytes());
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x50;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// Where a message can be read: `https://TEAM.slack.com/archives/C…/p…`.
pub fn permalink(team_url: &str, channel: &str, ts: &str, parent: Option<&str>) -> Option<String> {
    let place = archive(team_url, channel)?;
    let at = format!("{place}/p{}", ts.replace('.', ""));
    Some(match parent {
        Some(parent) => format!("{at}?thread_ts={parent}&cid={channel}"),
        None => at,
    })
}

/// Where a channel can be read.
pub fn archive(team_url: &str, channel: &str) -> Option<String> {
    let known = team_url.starts_with("https://") && is_channel(channel);
    known.then(|| format!("{}/archives/{channel}", team_url.trim_end_matches('/')))
}
