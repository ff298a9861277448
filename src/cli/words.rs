//! Positional arguments of which the first, the incident, may be left out.

use super::fail::{Done, Fail};

/// Splits `[REF] A B …` into the reference, when there is one, and exactly `N` words.
pub fn split<const N: usize>(words: Vec<String>, usage: &str) -> Done<(Option<String>, [String; N])> {
    let given = words.len();
    let mut words = words;
    let reference = (given == N + 1).then(|| words.remove(0));
    let wrong = |_| {
        let hint = format!("usage: warroom {usage}\na text of several words needs quotes");
        Fail::usage(format!("{N} or {} words are needed here, {given} were given", N + 1), hint)
    };
    Ok((reference, words.try_into().map_err(wrong)?))
}

/// Words that are to be written down, and a subcommand: nobody knows which is meant.
pub fn mixed(command: &str) -> Fail {
    let hint = format!("either the text, or one of the commands in `warroom {command} --help`");
    Fail::usage(format!("both a text and a command are given to `warroom {command}`"), hint)
}
