//! Whether the last message says what became of the data, and says it as the ledger does (rows S4.13, B8).

use super::Finding;
use super::sentence::{sentences, tokens};
use crate::incident::event::{DataLoss, Harm};
use crate::incident::ledger::Ledger;

const CHECK: &str = "data-loss";
const NOT: [&str; 6] = ["no", "not", "none", "nothing", "without", "never"];
const LOST: [&str; 5] = ["lost", "loss", "losing", "irrecoverable", "unrecoverable"];
const LATE: [&str; 6] = ["delay", "delays", "delayed", "late", "later", "behind"];
/// A sentence that speaks of the data.
const DATA: [&str; 4] = ["data", "rows", "records", "events"];
/// So many words before "lost" a "no" turns it around: "no data was lost", "none of it has been lost".
const REACH: usize = 5;

/// What is wrong with what the text says of the data; `None`: it fits.
pub(super) fn disagrees(body: &str, ledger: &Ledger) -> Option<Finding> {
    let stated = ledger.stated.as_ref().map(|stated| stated.data);
    let Some(said) = said(body) else {
        let fix = match stated {
            Some(stated) => format!("the ledger says {}: say it with the specifics", stated.name()),
            None => {
                "say that none was lost, or what was delayed or lost; state it in the ledger too".to_owned()
            }
        };
        return Some(Finding::new(CHECK, "The text does not say whether data was lost.", fix));
    };
    let gone = || {
        let mut open = ledger.open();
        open.find(|dataset| dataset.known.kinds.iter().flatten().any(|harm| *harm == Harm::Lost))
    };
    let told = said.name();
    match stated {
        Some(stated) if stated != said => {
            let why = format!("The text says of the data: {told}. The ledger says: {}.", stated.name());
            Some(Finding::new(CHECK, why, "say the same in both; correct the one that is wrong"))
        }
        None if said == DataLoss::None => gone().map(|dataset| {
            let why =
                format!("The text says that no data was lost; in the ledger {:?} is lost.", dataset.name);
            Finding::new(CHECK, why, "mark it recovered in the ledger, or say what is lost")
        }),
        _ => None,
    }
}

/// What a text says of the data, the worst first; `None`: nothing.
fn said(body: &str) -> Option<DataLoss> {
    let all: Vec<DataLoss> = sentences(body)
        .into_iter()
        .flat_map(|sentence| {
            let tokens = tokens(body, &sentence);
            let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
            meanings(&words)
        })
        .collect();
    all.into_iter().max()
}

fn meanings(words: &[&str]) -> Vec<DataLoss> {
    let of_data = words.iter().any(|word| DATA.contains(word));
    let negated =
        |place: usize| words[place.saturating_sub(REACH)..place].iter().any(|word| NOT.contains(word));
    let mut all = Vec::new();
    for (place, word) in words.iter().enumerate() {
        match () {
            () if LOST.contains(word) && negated(place) => all.push(DataLoss::None),
            () if LOST.contains(word) => all.push(DataLoss::Lost),
            () if LATE.contains(word) && of_data && !negated(place) => all.push(DataLoss::Delayed),
            // "Data: none", "Data impact: none"
            () if *word == "none" && of_data && place <= 2 => all.push(DataLoss::None),
            () => {}
        }
    }
    all
}
