//! What Slack's words for a failure mean to the outbox, and what somebody can do about it. Pure.
//!
//! Slack answers most failures with status 200 and `{"ok": false, "error": …}`. Of `fatal_error` and `internal_error` it says
//! that part of the operation may have happened.

use serde_json::Value;

use crate::clients::Trouble;
use crate::incident::clean::clean_line;
use crate::incident::event::FailureClass;

/// What an answer that says "not ok" means. `safe`: the call may be repeated.
pub fn trouble(method: &str, answer: &Value, safe: bool) -> Trouble {
    let word =
        |name: &str| clean_line(answer.get(name).and_then(Value::as_str).unwrap_or_default()).into_owned();
    let error = word("error");
    let code = if error.is_empty() { "no error named".to_owned() } else { error };
    let message = match code.as_str() {
        "missing_scope" => format!(
            "the app lacks the scope {}: add it under OAuth & Permissions of the app, reinstall it, and check the token ({method}; it has {})",
            word("needed"),
            word("provided")
        ),
        _ => format!("{} ({method}: {code})", advice(&code)),
    };
    let trouble = Trouble::new(class(&code), message).code(code);
    if safe { trouble.repeatable() } else { trouble }
}

fn class(code: &str) -> FailureClass {
    match code {
        "not_authed"
        | "invalid_auth"
        | "account_inactive"
        | "token_revoked"
        | "token_expired"
        | "missing_scope"
        | "not_allowed_token_type"
        | "org_login_required"
        | "team_access_not_granted"
        | "two_factor_setup_required" => FailureClass::Auth,
        "ratelimited"
        | "rate_limited"
        | "accesslimited"
        | "message_limit_exceeded"
        | "service_unavailable"
        | "team_added_to_org"
        | "external_channel_migrating"
        | "request_timeout" => FailureClass::Transient,
        "fatal_error" | "internal_error" | "no error named" => FailureClass::Unknown,
        _ => FailureClass::Permanent,
    }
}

fn advice(code: &str) -> &'static str {
    match code {
        "not_authed" | "invalid_auth" | "token_expired" => {
            "Slack does not accept the token: copy the Bot User OAuth Token (xoxb-…) of the app again"
        }
        "account_inactive" | "token_revoked" => {
            "the token was revoked, or the app was taken out of the workspace: install it again and use its new token"
        }
        "not_allowed_token_type" => {
            "this is another kind of token than is needed: token is a bot token (xoxb-…), app_token an app token (xapp-…)"
        }
        "org_login_required" | "team_access_not_granted" | "two_factor_setup_required" => {
            "the workspace does not let the app in: ask an admin of the workspace"
        }
        "ratelimited" | "rate_limited" | "accesslimited" | "message_limit_exceeded" => "too many calls",
        "service_unavailable" | "team_added_to_org" | "external_channel_migrating" | "request_timeout" => {
            "Slack cannot do it at the moment"
        }
        "fatal_error" | "internal_error" => "Slack failed, and part of it may have happened",
        "no error named" => "Slack said no without saying why",
        "not_in_channel" | "not_in_the_channel" => {
            "the app is not in the channel: invite it there with /invite @APP, then retry"
        }
        "is_archived" => "the channel is archived: unarchive it in Slack, or open another one",
        "channel_not_found" => {
            "there is no such channel, or it is private and the app is not in it: check the name, or /invite the app there"
        }
        "message_not_found" => "the message is gone: somebody has deleted it; drop this, or post anew",
        "cant_update_message" => "the message was not posted by this app: it cannot be edited",
        "edit_window_closed" => "the workspace does not allow edits so late: post anew",
        "msg_too_long" | "msg_blocks_too_long" => "the text is too long for Slack: shorten it",
        "invalid_blocks" | "invalid_blocks_format" => {
            "Slack does not take the text in this form: put it in simpler words"
        }
        "metadata_too_large" | "invalid_metadata_format" => "Slack does not take the mark of the message",
        "no_text" => "there is nothing to post: write a text",
        "invalid_name"
        | "invalid_name_required"
        | "invalid_name_punctuation"
        | "invalid_name_maxlength"
        | "invalid_name_specials" => {
            "Slack does not take this name: use up to 80 lower case letters, digits, - and _"
        }
        "restricted_action"
        | "restricted_action_read_only_channel"
        | "restricted_action_thread_only_channel"
        | "restricted_action_non_threadable_channel"
        | "restricted_action_thread_locked"
        | "no_permission"
        | "user_is_restricted"
        | "not_authorized"
        | "access_denied"
        | "ekm_access_denied" => "the workspace does not allow it: ask an admin, or choose another channel",
        "too_many_pins" => "the channel has 100 pins: take one away first",
        "too_many_bookmarks" | "bookmarks_limit" => {
            "the channel has as many bookmarks as it may: take one away first"
        }
        "invalid_link" => "Slack does not take this address: use a whole one, with https://",
        "thread_not_found" | "cannot_reply_to_message" => "the message that it answers is gone",
        _ => "Slack refused it",
    }
}
