//! Which channel a name or an id means.

use super::api::Repeat;
use super::wire::{Channel, OneChannel, Page};
use super::{Slack, api, ids, locked};
use crate::clients::Trouble;

/// Most pages of channels that are read: a thousand channels each.
const MOST_PAGES: usize = 60;

/// What looking for a name came to.
pub struct Search {
    pub found: Option<Channel>,
    /// Whether every channel was looked at that the app may see.
    pub complete: bool,
}

impl Slack {
    /// The channel of this name, among the public ones and the private ones that the app is in.
    pub(super) async fn channel_named(&self, name: &str) -> Result<Search, Trouble> {
        match self.search(name, "public_channel,private_channel").await {
            // Without groups:read the public ones can still be asked for.
            Err(trouble) if trouble.code == "missing_scope" => {
                let search = self.search(name, "public_channel").await?;
                Ok(Search { complete: false, ..search })
            }
            searched => searched,
        }
    }

    async fn search(&self, name: &str, types: &str) -> Result<Search, Trouble> {
        let mut cursor = String::new();
        for _ in 0..MOST_PAGES {
            let mut form = vec![("types", types), ("limit", "1000")];
            if !cursor.is_empty() {
                form.push(("cursor", &cursor));
            }
            let page: Page = self.api.safe("conversations.list", &form).await?;
            if let Some(found) = page.channels.into_iter().find(|channel| channel.name == name) {
                locked(&self.channels).insert(found.name.clone(), found.id.clone());
                return Ok(Search { found: Some(found), complete: true });
            }
            let next = page.response_metadata.next_cursor;
            if next.is_empty() || next == cursor {
                return Ok(Search { found: None, complete: true });
            }
            cursor = next;
        }
        Ok(Search { found: None, complete: false })
    }

    /// `None`: there is none, or the app may not see it.
    pub(super) async fn channel_info(&self, id: &str) -> Result<Option<Channel>, Trouble> {
        let reply = self.api.ask("conversations.info", &[("channel", id)], Repeat::Safe).await?;
        match api::read::<OneChannel>("conversations.info", reply, Repeat::Safe) {
            Ok(one) => Ok(Some(one.channel)),
            Err(trouble) if trouble.code == "channel_not_found" => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// The id behind what a person or the settings wrote.
    pub(super) async fn channel_id(&self, typed: &str) -> Result<String, Trouble> {
        let wanted = ids::channel_as_typed(typed);
        if ids::is_channel(&wanted) {
            return Ok(wanted);
        }
        if let Some(known) = locked(&self.channels).get(&wanted) {
            return Ok(known.clone());
        }
        let found = self.channel_named(&wanted).await?.found;
        found.map(|channel| channel.id).ok_or_else(|| unknown(&wanted))
    }
}

/// Nobody has such a channel, or the app cannot see it.
pub fn unknown(name: &str) -> Trouble {
    let name = crate::incident::clean::clean_line(name);
    Trouble::permanent(format!(
        "there is no channel {name} that the app can see: check the name, or /invite the app there if it is private"
    ))
    .code("channel_not_found")
}
