//! Looking a text over before it goes out: what the checks find, and what somebody sets aside with a reason.

use crate::cli::fail::{Done, Fail};
use crate::cli::out::complain;
use crate::incident::event::Override;
use crate::incident::{Time, Zone};
use crate::policy::nearest;
use crate::report::check::{CHECKS, Finding, check};
use crate::report::update::{Message, NEXT_LINE, NextUpdate, promise, stated};

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
    let named =
        next.is_none_or(|next| [Zone::Utc, Zone::Local].iter().any(|zone| body.contains(&zone.hm(next))));
    match named || body.trim().is_empty() || stated(body, NEXT_LINE).is_some() {
        true => body.to_owned(),
        false => format!("{}\n\n{NEXT_LINE}{}", body.trim_end(), promise(next, now, zone)),
    }
}

/// What a text promises on its line of the next update: `15:02 UTC`, `2026-11-22 15:02 UTC`, `none planned`.
pub fn promised(said: &str, now: Time, zone: Zone) -> Option<NextUpdate> {
    if said.starts_with("none") {
        return Some(NextUpdate::Never);
    }
    let (text, zone) = match said.strip_suffix("UTC") {
        Some(text) => (text.trim(), Zone::Utc),
        None => (said.rsplit_once(' ').map_or(said, |(text, _)| text), zone),
    };
    match text.split_once(' ') {
        Some((day, time)) => {
            let wanted = format!("{day} {time}");
            // Looked for among the next minutes of that wall clock: right in every zone.
            let first = NextUpdate::parse(time, now, zone).ok()?;
            let NextUpdate::At(first) = first else { return None };
            let days = (0..31).map(|days| first + crate::incident::Span::from_days(days));
            let mut fits = days.filter(|at| format!("{} {}", zone.date(*at), zone.hm(*at)) == wanted);
            fits.next().map(NextUpdate::At)
        }
        None => NextUpdate::parse(text, now, zone).ok(),
    }
}
