//! `people.toml`: who is who, and what they are called elsewhere.
//!
//! ```toml
//! [alice]
//! name = "Alice Adams"
//! mail = "alice@example.com"
//! phone = "+44 20 7946 0000"
//! slack = "U024BE7LH"      # any account: the service's own id
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::incident::PersonId;
use crate::incident::event::Person;
use crate::outbox::routes::People;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Line {
    name: String,
    mail: String,
    phone: String,
    #[serde(flatten)]
    ids: BTreeMap<String, String>,
}

/// Reads the text of a `people.toml`.
pub fn parse(text: &str) -> Result<People, String> {
    let lines: BTreeMap<String, Line> = toml::from_str(text).map_err(|error| error.to_string())?;
    let person = |(id, line): (String, Line)| {
        let id = PersonId::new(&id);
        (id.clone(), Person { id, name: line.name, mail: line.mail, phone: line.phone, ids: line.ids })
    };
    Ok(lines.into_iter().map(person).collect())
}

/// Reads the file beside `config.toml`; a file that is not there names nobody.
pub fn load(config: &Path) -> Result<People, String> {
    let path = config.join("people.toml");
    match std::fs::read_to_string(&path) {
        Ok(text) => parse(&text).map_err(|why| format!("{}: {why}", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(People::new()),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}
