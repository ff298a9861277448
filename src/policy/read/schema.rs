//! What may be written in a policy file: every table, its keys, and what each takes. The types in `policy` say the same;
//! a test keeps the two together.

/// One key of a table.
pub struct Field {
    pub key: &'static str,
    pub shape: Shape,
    /// The table is incomplete without it.
    pub must: bool,
}

/// What a key takes.
pub enum Shape {
    Text,
    Texts,
    Flag,
    /// A whole number, from and to.
    Whole(i64, i64),
    /// A length of time; no time at all is one.
    Length,
    /// A length of time that something is repeated after.
    Period,
    /// One character.
    Key,
    /// One of these words.
    Word(&'static [&'static str]),
    One(&'static [Field]),
    Many(&'static [Field]),
}

use Shape::{Flag, Key, Length, Many, One, Period, Text, Texts, Whole, Word};

const fn must(key: &'static str, shape: Shape) -> Field {
    Field { key, shape, must: true }
}

const fn may(key: &'static str, shape: Shape) -> Field {
    Field { key, shape, must: false }
}

pub const POLICY: &[Field] = &[
    must("name", Text),
    may("about", Text),
    // `sense` says more about a policy without levels.
    may("level", Many(LEVEL)),
    may("type", Many(TYPE)),
    may("audience", Many(AUDIENCE)),
    may("contact", Many(CONTACT)),
    may("escalate_when", Texts),
    may("tier", Many(TIER)),
    may("failure", Many(FAILURE)),
    may("triage", One(TRIAGE)),
    may("axes", One(AXES)),
    may("rules", One(RULES)),
];

const LEVEL: &[Field] = &[
    must("name", Text),
    must("rank", Whole(1, 5)),
    may("also", Texts),
    must("word", Text),
    must("definition", Text),
    may("examples", Texts),
    may("response", Length),
    may("notify", Many(NOTIFY)),
    may("update", Many(CADENCE)),
    may("escalation", Many(RUNG)),
    may("postmortem", One(POSTMORTEM)),
    may("commander", Text),
];

const NOTIFY: &[Field] = &[must("who", Text), may("within", Length), may("how", Text), may("note", Text)];

const CADENCE: &[Field] =
    &[must("audience", Text), must("every", Period), may("channel", Text), may("milestones", Flag)];

const RUNG: &[Field] = &[must("after", Length), must("who", Text), may("auto", Flag)];

const POSTMORTEM: &[Field] = &[must("need", Word(&["required", "optional", "none"])), may("due", Length)];

const TYPE: &[Field] = &[
    must("name", Text),
    must("title", Text),
    must("about", Text),
    must("severity", Texts),
    may("playbook", Text),
    may("roles", Texts),
    may("private", Flag),
];

const AUDIENCE: &[Field] = &[
    must("name", Text),
    must("about", Text),
    may("next", Period),
    may("template", Text),
    may("external", Flag),
    may("longest", Whole(1, 1_000_000)),
];

const CONTACT: &[Field] = &[
    may("level", Text),
    must("role", Text),
    may("name", Text),
    may("reach", Text),
    may("phone", Text),
    may("available", Text),
];

const TIER: &[Field] = &[
    must("name", Text),
    must("about", Text),
    must("rpo", Length),
    must("rto", Length),
    may("availability", Text),
    may("how", Text),
];

const FAILURE: &[Field] = &[must("what", Text), must("often", Text), must("impact", Text)];

const TRIAGE: &[Field] = &[
    may("mode", Word(&["first", "gravest"])),
    may("assess", Many(ASSESS)),
    must("question", Many(QUESTION)),
    may("otherwise", One(OUTCOME)),
];

const ASSESS: &[Field] = &[must("ask", Text), may("help", Text)];

const QUESTION: &[Field] = &[
    must("id", Text),
    must("ask", Text),
    may("help", Text),
    may("yes", One(OUTCOME)),
    may("no", One(OUTCOME)),
    may("answer", Many(ANSWER)),
];

const OUTCOME: &[Field] = &[may("levels", Texts), may("next", Text), may("then", Text)];

const ANSWER: &[Field] =
    &[must("key", Key), must("say", Text), may("levels", Texts), may("next", Text), may("then", Text)];

const AXES: &[Field] = &[must("degradation", Many(MARK)), must("impact", Many(MARK))];

const MARK: &[Field] = &[must("value", Whole(1, 5)), must("say", Text)];

const RULES: &[Field] = &[
    may("triage", Length),
    may("mark", Period),
    may("accept", Length),
    may("watch", Length),
    may("regulatory", Length),
    may("span_of_control", Whole(1, 1_000)),
    may("roll_call", Texts),
];
