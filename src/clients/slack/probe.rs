//! Whether the account works, scope by scope.
//!
//! Slack names a token's scopes in a header; where it does not, each is tried by a call that changes nothing: it reads, or it
//! asks for something that cannot be (a message of 1970, a channel without a name). Of those only "the scope is missing" counts.

use serde_json::Value;

use super::Slack;
use super::api::{Repeat, Reply, read};
use super::errors;
use super::wire::{Me, Page};
use crate::clients::{Probe, Secret, Trouble};
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;

/// A message that is nowhere.
const NO_TS: &str = "1.000000";
/// Where no channel is known.
const NO_CHANNEL: &str = "C00000000";

/// One scope, what is lost without it, and a harmless call that needs it; `CHANNEL` stands for a channel.
struct Scope {
    /// Any one of these will do.
    names: &'static [&'static str],
    without: &'static str,
    method: &'static str,
    form: &'static [(&'static str, &'static str)],
}

const SCOPES: &[Scope] = &[
    Scope {
        names: &["channels:manage", "channels:write"],
        without: "without it warroom can adopt channels, but neither open public ones nor set topics and invite",
        method: "conversations.create",
        form: &[("name", "")],
    },
    Scope {
        names: &["groups:write"],
        without: "without it private incidents get no channel",
        method: "conversations.create",
        form: &[("name", ""), ("is_private", "true")],
    },
    Scope {
        names: &["chat:write"],
        without: "nothing can be posted until then",
        method: "chat.update",
        form: &[("channel", "CHANNEL"), ("ts", NO_TS), ("text", "-")],
    },
    Scope {
        names: &["channels:read"],
        without: "without it channels cannot be found by name",
        method: "conversations.list",
        form: &[("types", "public_channel"), ("limit", "1")],
    },
    Scope {
        names: &["groups:read"],
        without: "without it private channels cannot be found by name",
        method: "conversations.list",
        form: &[("types", "private_channel"), ("limit", "1")],
    },
    Scope {
        names: &["channels:history"],
        without: "without it a doubtful post cannot be looked for, and nothing is heard of public channels",
        method: "conversations.history",
        form: &[("channel", "CHANNEL"), ("limit", "1")],
    },
    Scope {
        names: &["groups:history"],
        without: "without it nothing is heard of private channels",
        method: "",
        form: &[],
    },
    Scope {
        names: &["channels:join"],
        without: "without it the app has to be invited into a channel before it is adopted",
        method: "conversations.join",
        form: &[("channel", NO_CHANNEL)],
    },
    Scope {
        names: &["pins:read"],
        without: "without it pinned messages are not heard: set listen to emoji or all",
        method: "pins.list",
        form: &[("channel", "CHANNEL")],
    },
    Scope {
        names: &["pins:write"],
        without: "without it the first notice is not pinned",
        method: "pins.add",
        form: &[("channel", "CHANNEL"), ("timestamp", NO_TS)],
    },
    Scope {
        names: &["bookmarks:read"],
        without: "without it no bookmarks are kept",
        method: "bookmarks.list",
        form: &[("channel_id", "CHANNEL")],
    },
    Scope {
        names: &["bookmarks:write"],
        without: "without it no bookmarks are kept",
        method: "bookmarks.edit",
        form: &[("channel_id", "CHANNEL"), ("bookmark_id", "Bk0")],
    },
    Scope {
        names: &["users:read"],
        without: "without it people go by their ids, and cannot be invited by name",
        method: "users.list",
        form: &[("limit", "1")],
    },
    Scope {
        names: &["users:read.email"],
        without: "without it people are not known by their mail",
        method: "users.lookupByEmail",
        form: &[("email", "nobody@example.invalid")],
    },
    Scope {
        names: &["reactions:read"],
        without: "without it messages marked with an emoji are heard only by asking",
        method: "reactions.get",
        form: &[("channel", "CHANNEL"), ("timestamp", NO_TS)],
    },
];

impl Slack {
    pub(super) async fn probe_all(&self) -> Vec<Probe> {
        let reply = match self.api.ask("auth.test", &[], Repeat::Safe).await {
            Ok(reply) if reply.ok() => reply,
            Ok(reply) => return vec![fails("token", &errors::trouble("auth.test", &reply.value, true), "")],
            Err(trouble) => return vec![fails("token", &trouble, "")],
        };
        let named = reply.scopes.clone();
        let mut probes = vec![token_works(reply)];
        match named {
            Some(named) => probes.extend(SCOPES.iter().map(|scope| by_header(scope, &named))),
            None => probes.extend(self.by_calls().await),
        }
        probes.push(match &self.app_token {
            Some(token) => self.try_app_token(token).await,
            None => Probe {
                hint: "news come by asking; with an app token (xapp-…, connections:write) they come at once"
                    .to_owned(),
                ..Probe::ok("app token", "none is set")
            },
        });
        probes
    }

    async fn by_calls(&self) -> Vec<Probe> {
        let page = self.api.safe::<Page>("conversations.list", &[("limit", "1")]).await.unwrap_or_default();
        let channel = page.channels.first().map_or(NO_CHANNEL, |channel| channel.id.as_str());
        let mut probes = Vec::new();
        for scope in SCOPES {
            probes.push(self.try_scope(scope, channel).await);
        }
        probes
    }

    async fn try_scope(&self, scope: &Scope, channel: &str) -> Probe {
        let what = scope.names[0];
        if scope.method.is_empty() {
            return Probe { hint: scope.without.to_owned(), ..Probe::ok(what, "it shows when it is needed") };
        }
        let put = |(name, value): &(&'static str, &'static str)| {
            (*name, if *value == "CHANNEL" { channel.to_owned() } else { (*value).to_owned() })
        };
        let form: Vec<(&str, String)> = scope.form.iter().map(put).collect();
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let asked = self.api.ask(scope.method, &form, Repeat::Safe).await;
        match asked.and_then(|reply| read::<Value>(scope.method, reply, Repeat::Safe)) {
            Ok(_) => Probe::ok(what, format!("{} answers", scope.method)),
            Err(trouble) if trouble.class == FailureClass::Permanent => {
                Probe::ok(what, format!("{} answers {}", scope.method, trouble.code))
            }
            Err(trouble) => fails(what, &trouble, scope.without),
        }
    }

    /// Asks for an address to listen at, and does not go there.
    async fn try_app_token(&self, token: &Secret) -> Probe {
        match self.open_address(token).await {
            Ok(_) => Probe::ok("app token", "news come at once (Socket Mode)"),
            Err(trouble) => fails("app token", &trouble, "without it news come by asking"),
        }
    }
}

fn token_works(reply: Reply) -> Probe {
    let me: Me = serde_json::from_value(reply.value).unwrap_or_default();
    let kind = if me.bot_id.is_some() { "the app" } else { "a person's token, not a bot's:" };
    Probe::ok("token", format!("{kind} {} in {}", clean_line(&me.user), clean_line(&me.team)))
}

fn by_header(scope: &Scope, named: &str) -> Probe {
    let has = named.split(',').any(|has| scope.names.contains(&has.trim()));
    if has {
        return Probe::ok(scope.names[0], "the token has it");
    }
    let hint = format!("add it under OAuth & Permissions of the app and reinstall it; {}", scope.without);
    Probe::fails(scope.names[0], "the token lacks it", hint)
}

fn fails(what: &str, trouble: &Trouble, without: &str) -> Probe {
    Probe::fails(what, trouble.message.clone(), without)
}
