//! Looking a text over before it goes out: what the checks find, and what somebody sets aside with a reason.

use crate::cli::fail::{Done, Fail};
use crate::cli::out::complain;
use crate::incident::event::Override;
use crate::incident::{Time, Zone};
use crate::policy::nearest;
use crate::report::check::{CHECKS, Finding, check};
use crate::report::update::{Message, NEXT_LINE, Named, NextUpdate, named, promise, stated};

/// The checks that are set aside, where they found something. Refused when one found something and is not.
pub fn over(body: &str, message: &Message, given: &[String]) -> Done<Vec<Override>> {
    let given = given.iter().map(|text| aside(text)).collect::<Done<Vec<Override>>>()?;
    // What says nothing is refused with better words than those of a check.
    let findings = if body.trim().is_empty() { Vec::new() } else { check(body, &message.about()) };
    let (aside, open): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| given.iter().any(|aside| aside.check == finding.check));
    if !open.is_empty() {
        return Err(refused(&open, message.audience));
    }
    for unneeded in given.iter().filter(|given| !aside.iter().any(|finding| finding.check == given.check)) {
        complain(&format!("warning: {} finds nothing to set aside", unneeded.check));
    }
    Ok(given.into_iter().filter(|given| aside.iter().any(|finding| finding.check == given.check)).collect())
}

fn refused(open: &[&Finding], audience: &str) -> Fail {
    let found: Vec<String> = open
        .iter()
        .map(|finding| format!("  {}: {}\n    {}", finding.check, finding.why, finding.fix))
        .collect();
    let first = open.first().map_or("CHECK", |finding| finding.check);
    let what = format!("not sent to {audience}:\n{}", found.join("\n"));
    Fail::refused(
        what,
        format!("put it right, or say why it goes out like this: --override {first}=\"REASON\""),
    )
}

/// `CHECK=REASON`
fn aside(text: &str) -> Done<Override> {
    let (check, reason) = text.split_once('=').unwrap_or((text, ""));
    let (check, reason) = (check.trim(), reason.trim());
    let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    if !names.contains(&check) {
        let near = nearest(check, &names).map(|near| format!("did you mean {near}? ")).unwrap_or_default();
        let hint = format!("{near}there is {}", names.join(", "));
        return Err(Fail::usage(format!("there is no check {check:?}"), hint));
    }
    if reason.is_empty() {
        let hint = format!("write --override {check}=\"why it goes out like this\"");
        return Err(Fail::usage(format!("setting {check} aside needs a reason"), hint));
    }
    Ok(Override { check: check.to_owned(), reason: reason.to_owned() })
}

/// The text, with the next update as its last line where it does not say it.
pub fn naming_next(body: &str, next: Option<Time>, now: Time, zone: Zone) -> String {
    let named = match next {
        None => true,
        Some(next) => {
            let written = [Zone::Utc, Zone::Local].iter().any(|zone| body.contains(&zone.hm(next)));
            written || named(body, now, zone) != Named::Nothing
        }
    };
    match named || body.trim().is_empty() || stated(body, NEXT_LINE).is_some() {
        true => body.to_owned(),
        false => format!("{}\n\n{NEXT_LINE}{}", body.trim_end(), promise(next, now, zone)),
    }
}

/// The next update as the text promises it; `None`: it promises none. What has passed, or cannot be read, is refused.
pub fn promised(body: &str, now: Time, zone: Zone) -> Done<Option<NextUpdate>> {
    match named(body, now, zone) {
        Named::Nothing => Ok(None),
        Named::Never => Ok(Some(NextUpdate::Never)),
        Named::At(at) => Ok(Some(NextUpdate::At(at))),
        Named::Passed(time) => Err(Fail::refused(
            format!("the next update that the text names has passed: {time}"),
            "name one that is to come; for another day with its date: Next update: 2026-11-22 09:00 UTC",
        )),
        Named::Foreign(time) => Err(Fail::refused(
            format!("the next update that the text names is in a zone that is not read here: {time}"),
            format!("write it in UTC or {}, such as 15:02 UTC", zone.label(now)),
        )),
    }
}
