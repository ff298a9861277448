//! "Did you mean ...?": the known name that differs least from what was typed.

/// The name that differs least from what was typed, if it is near at all.
pub fn nearest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let scored = names.iter().map(|name| (distance(typed, name), *name));
    scored.min().filter(|(distance, name)| *distance <= name.len().max(3) / 2).map(|(_, name)| name)
}

/// Levenshtein distance, in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let cost = corner + usize::from(left != *right);
            corner = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
