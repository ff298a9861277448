//! Several processes on one incident: nothing is lost, nothing comes twice, and the chain stays whole.

use super::Promise;
use super::world::{House, number_of, said};

const WRITERS: u64 = 4;

/// Four writers with `each` appends. Two are one process that reads lines, two a process for every append.
pub fn run(each: u64) -> Promise {
    let house = House::new()?;
    let before = house.verify()?.entries;
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (house, name) = (&house, format!("w{writer}"));
                scope.spawn(move || {
                    if writer < 2 { stream(house, &name, each) } else { one_by_one(house, &name, each) }
                })
            })
            .collect();
        writers
            .into_iter()
            .try_for_each(|writer| writer.join().map_err(|_| "a writer panicked".to_owned())?)
    })?;
    let (verdict, notes) = (house.verify()?, house.notes()?);
    if !verdict.is_whole() || verdict.entries != before + WRITERS * each {
        return Err(format!("{verdict:?}"));
    }
    for writer in 0..WRITERS {
        let numbers = notes.iter().filter_map(|text| number_of(text, &format!("w{writer}")));
        if !numbers.eq(0..each) {
            return Err(format!("w{writer}: not every note once and in its order"));
        }
    }
    Ok(format!(
        "{WRITERS} x {each} appends by {} processes, chain whole, all there once and in order",
        2 + 2 * each
    ))
}

fn stream(house: &House, name: &str, each: u64) -> Result<(), String> {
    let lines: String = (0..each).map(|number| format!("{name}/{number}\n")).collect();
    well(house, &["note", "-"], lines.as_bytes())
}

fn one_by_one(house: &House, name: &str, each: u64) -> Result<(), String> {
    (0..each).try_for_each(|number| well(house, &["note", &format!("{name}/{number}")], b""))
}

fn well(house: &House, args: &[&str], input: &[u8]) -> Result<(), String> {
    let output = house.run(args, input)?;
    if output.status.success() { Ok(()) } else { Err(said(&output)) }
}
