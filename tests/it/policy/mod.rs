//! Policies: each figure of the documents they follow, how they compose, the questions, and what is said of mistakes.

mod binary;
mod compose;
mod data;
mod mistakes;
mod pipeline;
mod runbook;
mod service;
mod walk;

use warroom::policy::{Level, Policy};

const DATA: &str = include_str!("../../../sample-data/policies/data.toml");
const SERVICE: &str = include_str!("../../../sample-data/policies/service.toml");
const PIPELINE: &str = include_str!("../../../sample-data/policies/pipeline.toml");
const RUNBOOK: &str = include_str!("../../../sample-data/policies/runbook.toml");
const SHIPPED: [&str; 4] = [DATA, SERVICE, PIPELINE, RUNBOOK];

#[track_caller]
fn read(text: &str) -> Policy {
    Policy::read(text).unwrap_or_else(|found| panic!("{found:#?}"))
}

/// One line for each level.
fn each(policy: &Policy, line: impl Fn(&Level) -> String) -> Vec<String> {
    policy.levels.iter().map(|level| format!("{}: {}", level.name, line(level))).collect()
}
