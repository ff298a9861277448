//! The policy to work with in any case: a typing mistake in a file must not keep anybody from declaring an incident.
//!
//! For: declaring, entering a room, starting the console. Whoever names a policy on purpose gets its mistakes instead, from
//! [`super::shipped::policy`]. Start at [`usable_policy`].

use super::shipped::{pin_policy, policy_text, shipped_policy};
use super::{Paths, Settings};
use crate::incident::command::{Declare, PinnedPolicy};
use crate::policy::{Diagnostic, Policy};

/// What can be used of the policies that were set.
pub struct Usable {
    pub policy: Policy,
    /// Its texts, to be pinned in an incident.
    pub pinned: Vec<PinnedPolicy>,
    pub left_out: Vec<LeftOut>,
}

/// A policy that is set and cannot be used, or not alone.
pub struct LeftOut {
    /// In one line; the first mistake stands for all of them.
    pub what: String,
    /// Every mistake on a line of its own.
    pub all: String,
    pub hint: String,
    /// What is used in its place; empty: nothing.
    pub instead: String,
    /// Its types whose words stay in, as far as it could be read.
    private: Vec<String>,
}

impl LeftOut {
    /// `policy acme is left out: ...`
    pub fn sentence(&self) -> String {
        if self.instead.is_empty() { self.what.clone() } else { format!("{}; {}", self.what, self.instead) }
    }
}

/// The policies of these names laid over each other, without those that cannot be read: of those the shipped one of the
/// same name is used, if there is one. Where nothing is left, or nothing with severities, the usual ones follow.
pub fn usable_policy<S: AsRef<str>>(paths: &Paths, names: &[S]) -> Usable {
    let (mut pinned, mut policies, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for name in names.iter().map(AsRef::as_ref) {
        let part = part(paths, name).or_else(|mut why| {
            let shipped = shipped_part(name);
            if shipped.is_some() {
                why.instead = "the shipped one of that name is used".to_owned();
            }
            left_out.push(why);
            shipped.ok_or(())
        });
        if let Ok((policy, text)) = part {
            pinned.push(pin_policy(name, text));
            policies.push(policy);
        }
    }
    if policies.iter().all(|policy: &Policy| policy.levels.is_empty()) {
        let usual = Settings::default().policy;
        if let Some(last) = left_out.last_mut() {
            last.instead = format!("the usual ones are used: {}", usual.join(", "));
        } else {
            left_out.push(LeftOut::without_levels(names, &usual));
        }
        for name in usual {
            if pinned.iter().any(|pinned| pinned.name == name) {
                continue;
            }
            if let Some((policy, text)) = shipped_part(&name) {
                pinned.push(pin_policy(&name, text));
                policies.push(policy);
            }
        }
    }
    Usable { policy: Policy::compose(policies).unwrap_or_default(), pinned, left_out }
}

fn part(paths: &Paths, name: &str) -> Result<(Policy, String), LeftOut> {
    let (place, text) = policy_text(paths, name).map_err(LeftOut::unknown)?;
    match Policy::read(&text) {
        Ok(policy) => Ok((policy, text)),
        Err(found) => Err(LeftOut::wrong(name, &place, &text, &found)),
    }
}

fn shipped_part(name: &str) -> Option<(Policy, String)> {
    let text = shipped_policy(name)?;
    Some((Policy::read(text).ok()?, text.to_owned()))
}

impl LeftOut {
    fn new(what: String, all: String, hint: &str) -> Self {
        Self { what, all, hint: hint.to_owned(), instead: String::new(), private: Vec::new() }
    }

    fn unknown(why: String) -> Self {
        Self::new(why.clone(), why, "correct `policy` in config.toml")
    }

    fn without_levels<S: AsRef<str>>(names: &[S], usual: &[String]) -> Self {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let what = format!("the policy {} has no severities", names.join("+"));
        let mut made = Self::new(what.clone(), what, "add one that has some to `policy` in config.toml");
        made.instead = format!("the usual ones follow it: {}", usual.join(", "));
        made
    }

    fn wrong(name: &str, place: &str, text: &str, found: &[Diagnostic]) -> Self {
        let first = found.first().map(Diagnostic::to_string).unwrap_or_default();
        let more = match found.len() {
            0 | 1 => String::new(),
            many => format!(", and {} more", many - 1),
        };
        let lines: Vec<String> = found.iter().map(Diagnostic::to_string).collect();
        let what = format!("the policy {name} is left out: {first}{more}");
        let mut made = Self::new(what, lines.join("\n"), &format!("run `warroom policy check {place}`"));
        made.all.insert_str(0, &format!("{place}: "));
        let types = Policy::recall(text).map(|policy| policy.types).unwrap_or_default();
        made.private = types.into_iter().filter(|kind| kind.private).map(|kind| kind.name).collect();
        made
    }
}

impl Usable {
    /// All that was left out, in one line; `None`: nothing was.
    pub fn trouble(&self) -> Option<String> {
        let first = self.left_out.first()?;
        let more = match self.left_out.len() {
            1 => String::new(),
            many => format!(" (and {} more)", many - 1),
        };
        Some(format!("{}{more}: see `warroom doctor`", first.sentence()))
    }

    /// Takes out of a declaration what only the policies know that were left out; answers what that was. The types of
    /// those that could be read in part stay private.
    pub fn fit(&self, declare: &mut Declare) -> Vec<String> {
        let mut unknown = Vec::new();
        if self.left_out.is_empty() {
            return unknown;
        }
        if let Some(kind) = declare.what.kind.take_if(|kind| self.policy.kind(kind).is_none()) {
            declare.what.private |= self.left_out.iter().any(|part| part.private.contains(&kind));
            unknown.push(format!("the type {kind}"));
        }
        if let Some(level) = declare.severity.take_if(|level| self.policy.level(level).is_none()) {
            unknown.push(format!("the severity {level}"));
        }
        unknown
    }
}
