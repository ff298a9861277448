//! `warroom verify`: is every entry as it was written? (MISSION row S2.7)

use clap::Args;
use serde_json::{Value, json};

use super::desk::{Desk, Found};
use super::fail::{DAMAGED, Done, Fail};
use super::{past, print};
use crate::config::shipped::past_incidents;
use crate::journal::{Verdict, verify};

/// Check the hash chain of journals; exits with 3 when one is damaged
#[derive(Args)]
pub struct VerifyArgs {
    /// One incident, or all (default)
    #[arg(value_name = "REF|all")]
    reference: Option<String>,
    /// The shipped past incidents too
    #[arg(long)]
    shipped: bool,
}

impl VerifyArgs {
    pub fn run(self, desk: &mut Desk) -> Done {
        let mut whole = true;
        for found in self.wanted(desk)? {
            let verdict = verify(&found.path)?;
            whole &= verdict.is_whole();
            match desk.json {
                true => desk.out.json(&shape(&found, &verdict))?,
                false => say(desk, &found, &verdict)?,
            }
        }
        if whole { Ok(()) } else { Err(Fail::Code(DAMAGED)) }
    }

    fn wanted(&self, desk: &Desk) -> Done<Vec<Found>> {
        let named = self.reference.as_deref().or(desk.incident.as_deref());
        let mut wanted = match named {
            Some("all") | None => desk.home().list()?.into_iter().map(Found::from).collect(),
            Some(reference) => vec![desk.which_readable(Some(reference))?],
        };
        if self.shipped {
            for incident in past_incidents() {
                wanted.push(past::unpack(&desk.paths, &incident)?);
            }
        }
        Ok(wanted)
    }
}

fn shape(found: &Found, verdict: &Verdict) -> Value {
    let hosts: Vec<Value> = verdict
        .hosts
        .iter()
        .map(|host| {
            let last_h = host.last_h.map(|digest| digest.to_string());
            json!({ "host": host.host, "entries": host.entries, "last_seq": host.last_seq, "last_h": last_h })
        })
        .collect();
    let damage: Vec<Value> = verdict
        .damage
        .iter()
        .map(|damage| {
            let (file, part) = (&damage.file, damage.part.name());
            json!({ "file": file, "line": damage.line, "byte": damage.byte, "part": part, "why": damage.why })
        })
        .collect();
    let torn: Vec<Value> = verdict
        .torn
        .iter()
        .map(|torn| json!({ "file": torn.file, "byte": torn.byte, "len": torn.len }))
        .collect();
    let cut: Vec<Value> = verdict
        .cut
        .iter()
        .map(|cut| json!({ "host": cut.host, "after": cut.after, "known": cut.known, "why": cut.why }))
        .collect();
    let forks: Vec<Value> = verdict
        .forks
        .iter()
        .map(|fork| json!({ "host": fork.host, "seq": fork.seq, "first": fork.first, "second": fork.second }))
        .collect();
    let mut shape = print::found(found);
    if let Value::Object(shape) = &mut shape {
        let more = json!({
            "whole": verdict.is_whole(), "entries": verdict.entries, "erased": verdict.erased, "hosts": hosts,
            "damage": damage, "torn": torn, "cut": cut, "forks": forks, "set_aside": verdict.set_aside,
        });
        shape.extend(more.as_object().cloned().unwrap_or_default());
    }
    shape
}

fn say(desk: &mut Desk, found: &Found, verdict: &Verdict) -> Done {
    let Verdict { entries, erased, .. } = verdict;
    let word = if verdict.is_whole() { "whole" } else { "DAMAGED" };
    let erased = if *erased > 0 { format!(", {erased} erased on purpose") } else { String::new() };
    desk.out.line(&format!("{word}  {}: {entries} entries{erased}", found.name()))?;
    let damage = verdict.damage.iter().map(ToString::to_string);
    let torn = verdict.torn.iter().map(|torn| {
        format!(
            "{}, byte {}: the last line is torn ({} bytes); it was never acknowledged, the next write sets it aside",
            torn.file, torn.byte, torn.len
        )
    });
    let cut = verdict.cut.iter().map(|cut| {
        format!(
            "host {}: entries after {} are missing, up to {} were safe: {}",
            cut.host, cut.after, cut.known, cut.why
        )
    });
    let forks = verdict.forks.iter().map(|fork| {
        format!(
            "host {}: number {} was given twice, to {} and {}: a home was copied",
            fork.host, fork.seq, fork.first, fork.second
        )
    });
    let set_aside = verdict.set_aside.iter().map(|file| format!("{file}: a torn line that was set aside"));
    let lines: Vec<String> = damage.chain(torn).chain(cut).chain(forks).chain(set_aside).collect();
    lines.iter().try_for_each(|line| desk.out.line(&format!("  {line}")))
}
