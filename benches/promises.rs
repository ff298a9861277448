//! Homes to measure the console in, from outside.
//!
//! `cargo bench --bench promises -- home 5000 DIR` writes a home whose incident 1 has 5,000 entries; then
//! `WARROOM_HOME=DIR warroom open 1` is what the measuring tool drives. `many 2000 DIR` writes a home of 2,000 small ones.

mod made;

use std::path::Path;
use std::process::ExitCode;

use warroom::incident::IncidentId;
use warroom::journal::Home;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let written = match words[..] {
        ["home", count, folder] => number(count).and_then(|count| made::home(Path::new(folder), count)),
        ["many", count, folder] => number(count).and_then(|count| many(Path::new(folder), count)),
        // As part of a plain `cargo bench` there is nothing to do.
        _ => Ok(()),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn number(text: &str) -> std::io::Result<usize> {
    text.parse().map_err(std::io::Error::other)
}

/// Half of all incidents stay under 150 entries.
fn many(folder: &Path, count: usize) -> std::io::Result<()> {
    let home = Home::new(folder.join("data"));
    let host = home.host_id().map_err(std::io::Error::other)?;
    for n in 1..=count {
        let id = IncidentId::from_parts(1_700_000_000_000 + n as u64 * 80_000_000, n as u128);
        let dir = home.create_incident(id, &format!("incident {n}")).map_err(std::io::Error::other)?;
        made::journal(&dir.path, id, host, 40 + n * 37 % 220)?;
    }
    Ok(())
}
