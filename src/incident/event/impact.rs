//! The data-impact ledger: what happened to which dataset (rows B8, S1.5).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::incident::ids::EntryId;
use crate::incident::time::Time;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpactEvent {
    /// What is now known of a dataset; what it does not say stays as it was. Boxed: it is large.
    Recorded(Box<ImpactChange>),
    /// The line was a mistake.
    Withdrawn {
        dataset: String,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// What became of the data in the end, in one word and in words: said before the incident is closed.
    Stated { data: DataLoss, text: String },
}

/// The change of one line. Texts are trimmed; `None` leaves a field as it is, an empty text clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImpactChange {
    /// Names the line, as in `orders` or `warehouse.orders`.
    pub dataset: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<BTreeSet<Harm>>,
    /// The first and last moment whose data is affected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    /// Who uses it: reports, models, customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumers: Option<Vec<String>>,
    /// Teams that must be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// The newest moment whose data is known to be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_good: Option<Time>,
    /// Nothing more is damaged from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contained: Option<Time>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered: Option<Time>,
    /// How it was recovered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// A recovery tier of the policy, such as `M2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The entry that this takes back: its fields go back to what they were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<EntryId>,
}

/// How data was harmed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Harm {
    Lost,
    Delayed,
    Corrupt,
    Exposed,
}

impl Harm {
    pub const ALL: [Harm; 4] = [Harm::Lost, Harm::Delayed, Harm::Corrupt, Harm::Exposed];

    pub const fn name(self) -> &'static str {
        match self {
            Harm::Lost => "lost",
            Harm::Delayed => "delayed",
            Harm::Corrupt => "corrupt",
            Harm::Exposed => "exposed",
        }
    }
}

/// A number of rows.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    pub count: u64,
    /// Counted, not estimated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
}

/// What became of the data, as the closing message states it (MISSION row S4.13).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataLoss {
    None,
    Delayed,
    /// Some of it is gone for good.
    Lost,
}

impl DataLoss {
    pub const ALL: [DataLoss; 3] = [DataLoss::None, DataLoss::Delayed, DataLoss::Lost];

    pub const fn name(self) -> &'static str {
        match self {
            DataLoss::None => "none",
            DataLoss::Delayed => "delayed",
            DataLoss::Lost => "lost",
        }
    }
}
