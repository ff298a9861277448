//! Which incident a person means by a few characters.

use super::home::{HomeError, IncidentDir};

/// Shortest piece of an ULID that is taken for one.
const ULID_START: usize = 4;
/// Names offered when nothing fits.
const OFFERED: usize = 5;

/// No incident, or more than one, goes by that name.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    #[error("no incident is called {reference:?}")]
    Nothing {
        reference: String,
        /// The likeliest names, the best first.
        near: Vec<String>,
    },
    #[error("{reference:?} may mean {} incidents", .fitting.len())]
    Ambiguous { reference: String, fitting: Vec<String> },
    #[error(transparent)]
    Home(#[from] HomeError),
}

impl NotFound {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Nothing { near, .. } if near.is_empty() => {
                "there is no incident in this home yet".to_owned()
            }
            Self::Nothing { near, .. } => format!("did you mean {}?", near.join(", ")),
            Self::Ambiguous { fitting, .. } => format!("say which: {}", fitting.join(", ")),
            Self::Home(error) => error.hint(),
        }
    }
}

/// Picks by the first rule that fits anything: number, whole ULID or slug, start of one.
pub(super) fn find(dirs: Vec<IncidentDir>, reference: &str) -> Result<IncidentDir, NotFound> {
    let wanted = reference.trim().trim_end_matches('/').to_lowercase();
    let number = wanted.strip_prefix("inc-").unwrap_or(&wanted).parse::<u32>().ok();
    let rules: [&dyn Fn(&IncidentDir) -> bool; 3] = [
        &|dir| dir.number > 0 && Some(dir.number) == number,
        &|dir| dir.slug == wanted || name_of(dir) == wanted || ulid_of(dir) == wanted,
        &|dir| !wanted.is_empty() && (dir.slug.starts_with(&wanted) || ulid_starts(dir, &wanted)),
    ];
    for rule in rules {
        let mut fitting: Vec<_> = dirs.iter().filter(|dir| rule(dir)).cloned().collect();
        match fitting.len() {
            0 => {}
            1 => return Ok(fitting.remove(0)),
            _ => {
                let fitting = fitting.iter().map(label).collect();
                return Err(NotFound::Ambiguous { reference: reference.to_owned(), fitting });
            }
        }
    }
    Err(NotFound::Nothing { reference: reference.to_owned(), near: near(dirs, &wanted) })
}

fn ulid_starts(dir: &IncidentDir, wanted: &str) -> bool {
    wanted.len() >= ULID_START && name_of(dir).starts_with(wanted)
}

fn ulid_of(dir: &IncidentDir) -> String {
    dir.id.to_string().to_lowercase()
}

/// The folder's name: `<ulid>-<slug>`.
fn name_of(dir: &IncidentDir) -> String {
    format!("{}-{}", ulid_of(dir), dir.slug)
}

fn label(dir: &IncidentDir) -> String {
    format!("{} ({})", dir.label(), dir.slug)
}

fn near(mut dirs: Vec<IncidentDir>, wanted: &str) -> Vec<String> {
    dirs.sort_by_cached_key(|dir| distance(&dir.slug, wanted));
    dirs.iter().take(OFFERED).map(label).collect()
}

/// How many characters must change; a name that contains the other is near.
fn distance(name: &str, wanted: &str) -> usize {
    if name.contains(wanted) {
        return 0;
    }
    let wanted: Vec<char> = wanted.chars().collect();
    let mut row: Vec<usize> = (0..=wanted.len()).collect();
    for (i, a) in name.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in wanted.iter().enumerate() {
            let change = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
