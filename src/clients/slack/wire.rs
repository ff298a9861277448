//! What Slack says and hears, as far as warroom reads it. Nothing outside this folder knows these types.
//!
//! Every field may be absent or `null`: what is not there is empty, and an odd field never costs a whole page.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `null` is nothing.
fn soft<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

/// Who we are: `auth.test`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Me {
    /// `https://TEAM.slack.com/`, with a slash at its end.
    pub url: String,
    pub team: String,
    pub user: String,
    pub user_id: String,
    /// Absent where the token is a person's.
    pub bot_id: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Channel {
    pub id: String,
    #[serde(deserialize_with = "soft")]
    pub name: String,
    #[serde(deserialize_with = "soft")]
    pub creator: String,
    /// Seconds since 1970.
    #[serde(deserialize_with = "soft")]
    pub created: i64,
    #[serde(deserialize_with = "soft")]
    pub is_archived: bool,
    #[serde(deserialize_with = "soft")]
    pub is_member: bool,
    #[serde(deserialize_with = "soft")]
    pub is_private: bool,
    #[serde(deserialize_with = "soft")]
    pub purpose: Purpose,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Purpose {
    #[serde(deserialize_with = "soft")]
    pub value: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OneChannel {
    pub channel: Channel,
}

/// One page of whatever is listed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Page {
    #[serde(deserialize_with = "soft")]
    pub channels: Vec<Channel>,
    #[serde(deserialize_with = "soft")]
    pub members: Vec<Member>,
    #[serde(deserialize_with = "soft")]
    pub messages: Vec<Value>,
    #[serde(deserialize_with = "soft")]
    pub response_metadata: Next,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    #[serde(deserialize_with = "soft")]
    pub next_cursor: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Member {
    pub id: String,
    #[serde(deserialize_with = "soft")]
    pub name: String,
    #[serde(deserialize_with = "soft")]
    pub real_name: String,
    #[serde(deserialize_with = "soft")]
    pub deleted: bool,
    #[serde(deserialize_with = "soft")]
    pub is_bot: bool,
    #[serde(deserialize_with = "soft")]
    pub profile: Profile,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Profile {
    #[serde(deserialize_with = "soft")]
    pub display_name: String,
    #[serde(deserialize_with = "soft")]
    pub real_name: String,
    #[serde(deserialize_with = "soft")]
    pub email: String,
    #[serde(deserialize_with = "soft")]
    pub phone: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OneUser {
    pub user: Member,
}

/// A message, and the event that tells of one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message {
    #[serde(deserialize_with = "soft")]
    pub subtype: String,
    #[serde(deserialize_with = "soft")]
    pub ts: String,
    pub thread_ts: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub user: String,
    pub bot_id: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub username: String,
    #[serde(deserialize_with = "soft")]
    pub bot_profile: BotProfile,
    #[serde(deserialize_with = "soft")]
    pub text: String,
    pub edited: Option<Edited>,
    #[serde(deserialize_with = "soft")]
    pub reactions: Vec<Reaction>,
    pub metadata: Option<Metadata>,
    pub client_msg_id: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub reply_count: u64,
    pub latest_reply: Option<String>,
    #[serde(deserialize_with = "soft")]
    pub files: Vec<File>,
    #[serde(deserialize_with = "soft")]
    pub attachments: Vec<Attachment>,
    /// Of events alone.
    #[serde(deserialize_with = "soft")]
    pub channel: String,
    pub deleted_ts: Option<String>,
    pub message: Option<Box<Message>>,
    pub previous_message: Option<Box<Message>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BotProfile {
    #[serde(deserialize_with = "soft")]
    pub name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Edited {
    #[serde(deserialize_with = "soft")]
    pub ts: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reaction {
    #[serde(deserialize_with = "soft")]
    pub name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Metadata {
    #[serde(deserialize_with = "soft")]
    pub event_type: String,
    #[serde(deserialize_with = "soft")]
    pub event_payload: Value,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct File {
    #[serde(deserialize_with = "soft")]
    pub name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Attachment {
    #[serde(deserialize_with = "soft")]
    pub fallback: String,
    #[serde(deserialize_with = "soft")]
    pub text: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pins {
    #[serde(deserialize_with = "soft")]
    pub items: Vec<Pin>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Pin {
    /// Seconds since 1970.
    pub created: Option<i64>,
    pub message: Option<Message>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bookmarks {
    #[serde(deserialize_with = "soft")]
    pub bookmarks: Vec<Bookmark>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bookmark {
    pub id: String,
    #[serde(deserialize_with = "soft")]
    pub title: String,
    #[serde(deserialize_with = "soft")]
    pub link: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct OneBookmark {
    pub bookmark: Bookmark,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Posted {
    pub channel: String,
    pub ts: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Permalink {
    pub permalink: String,
}

/// What went wrong for one of those who were invited.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NotInvited {
    pub user: String,
    pub error: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Opened {
    pub url: String,
}

impl Message {
    /// The messages of a page that can be read at all.
    pub fn all(values: Vec<Value>) -> Vec<Message> {
        let read = |value| serde_json::from_value::<Message>(value).ok();
        values.into_iter().filter_map(read).filter(|message| !message.ts.is_empty()).collect()
    }

    /// The op id that a message of ours carries.
    pub fn op(&self) -> Option<&str> {
        let metadata = self.metadata.as_ref()?;
        let op = metadata.event_payload.get("op_id")?.as_str()?;
        (metadata.event_type == super::EVENT_TYPE && !op.is_empty()).then_some(op)
    }

    /// The parent of a reply.
    pub fn parent(&self) -> Option<&str> {
        self.thread_ts.as_deref().filter(|parent| *parent != self.ts)
    }

    /// The words, as Slack writes them; those of its attachments where it has none of its own.
    pub fn words(&self) -> String {
        if !self.text.trim().is_empty() {
            return self.text.clone();
        }
        let said = |of: &Attachment| if of.text.is_empty() { of.fallback.clone() } else { of.text.clone() };
        let said: Vec<String> = self.attachments.iter().map(said).filter(|text| !text.is_empty()).collect();
        said.join("\n")
    }
}
