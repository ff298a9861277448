//! Whether the last message says what became of the data, and says it as the ledger does (rows S4.13, B8).

use super::Finding;
use super::sentence::{sentences, tokens};
use crate::incident::event::{DataLoss, Harm};
use crate::incident::ledger::Ledger;

const CHECK: &str = "data-loss";
const NOT: [&str; 8] = ["no", "not", "none", "nothing", "without", "never", "zero", "0"];
/// These say by themselves that nothing of the data is meant.
const NOTHING: [&str; 2] = ["nothing", "none"];
const LOST: [&str; 7] = ["lost", "lose", "loss", "losses", "losing", "irrecoverable", "unrecoverable"];
const LATE: [&str; 6] = ["delay", "delays", "delayed", "late", "later", "behind"];
/// A sentence that speaks of the data.
const DATA: [&str; 8] = ["data", "rows", "records", "events", "row", "record", "dataset", "datasets"];
/// Under these headings stands what is still to be done.
const TO_COME: [&str; 6] = ["next step", "follow-up", "follow up", "followup", "to do", "prevention"];
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
    let body = without_plans(body);
    let mut all = Vec::new();
    // A line that states it counts before the list of what was harmed.
    let stating = body.lines().find_map(stating);
    let body = match stating {
        Some(stated) => {
            all.push(stated);
            let apart = |line: &&str| self::stating(line).is_none() && !line.trim_start().starts_with("- ");
            body.lines().filter(apart).collect::<Vec<_>>().join("\n")
        }
        None => body,
    };
    // A clause after a semicolon speaks of the same data.
    let mut of_data = false;
    for sentence in sentences(&body) {
        let tokens = tokens(&body, &sentence);
        let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
        of_data |= words.iter().any(|word| DATA.contains(word));
        all.extend(meanings(&words, of_data));
        of_data &= body[sentence].ends_with(';');
    }
    all.into_iter().max()
}

/// What a line such as `Data: none` or `Data loss: none` states by its first word.
fn stating(line: &str) -> Option<DataLoss> {
    let (label, rest) = line.trim_start_matches(['-', '*', ' ']).split_once(':')?;
    let label = label.trim().to_ascii_lowercase();
    if !matches!(label.as_str(), "data" | "your data" | "data loss" | "data impact" | "loss of data") {
        return None;
    }
    let first = rest.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty())?;
    match first.to_ascii_lowercase().as_str() {
        "none" | "no" | "zero" | "0" | "nothing" => Some(DataLoss::None),
        "delayed" => Some(DataLoss::Delayed),
        "lost" => Some(DataLoss::Lost),
        _ => None,
    }
}

/// The text without the list lines of what is still to be done: "alert on data loss" tells of no loss.
fn without_plans(body: &str) -> String {
    let mut planned = false;
    let kept = body.lines().filter(|line| {
        let line = line.trim();
        let listed = line.starts_with(['-', '*', '•']) || line.starts_with(|c: char| c.is_ascii_digit());
        if !listed {
            let heading = line.trim_start_matches('#').trim().to_ascii_lowercase();
            let names = TO_COME.iter().any(|name| heading.starts_with(name));
            planned = names || planned && line.is_empty();
        }
        !(planned && listed)
    });
    kept.collect::<Vec<_>>().join("\n")
}

fn meanings(words: &[&str], of_data: bool) -> Vec<DataLoss> {
    let near = |place: usize| &words[place.saturating_sub(REACH)..place];
    let negated = |place: usize| {
        let near = near(place);
        let short = near.windows(2).any(|pair| pair[1] == "t" && pair[0].ends_with('n'));
        short || near.iter().any(|word| NOT.contains(word))
    };
    let mut all = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let lost = LOST.contains(word);
        match () {
            () if lost && of_data && (negated(place) || none_after(words, place)) => all.push(DataLoss::None),
            () if lost && near(place).iter().any(|word| NOTHING.contains(word)) => all.push(DataLoss::None),
            () if lost && of_data => all.push(DataLoss::Lost),
            () if LATE.contains(word) && of_data && !negated(place) => all.push(DataLoss::Delayed),
            // "Data: none", "Data impact: none"
            () if *word == "none" && of_data && place <= 2 => all.push(DataLoss::None),
            () if *word == "impact" && of_data && none_after(words, place) => all.push(DataLoss::None),
            () => {}
        }
    }
    all
}

/// "Data loss: none", "loss of data: 0", "we lost no data".
fn none_after(words: &[&str], place: usize) -> bool {
    let after = words.iter().skip(place + 1);
    let mut after = after.skip_while(|word| matches!(**word, "of" | "is" | "was") || DATA.contains(word));
    after.next().is_some_and(|word| NOT.contains(word) && !matches!(*word, "not" | "without" | "never"))
}
