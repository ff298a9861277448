//! Templates of messages by their name: the user's own file in `templates/NAME.md`, else the shipped one.

use std::path::Path;

use super::Paths;
use super::settings::nearest;
use crate::report::update::{SHIPPED, Template};

/// Longest text of a template, in bytes.
const MAX_TEMPLATE: u64 = 64 * 1024;

/// Names of the templates there are: the user's own and the shipped ones.
pub fn template_names(paths: &Paths) -> Vec<String> {
    let own = std::fs::read_dir(paths.config.join("templates")).into_iter().flatten().flatten();
    let mut names: Vec<String> = own.filter_map(|file| stem(&file.path())).collect();
    names.extend(SHIPPED.iter().map(|(name, _)| (*name).to_owned()));
    names.sort();
    names.dedup();
    names
}

fn stem(path: &Path) -> Option<String> {
    let markdown = path.extension().is_some_and(|extension| extension == "md");
    markdown.then(|| path.file_stem()?.to_str().map(str::to_owned)).flatten()
}

/// A template by its name, checked. The error says where the mistake is and what may be meant.
pub fn template(paths: &Paths, name: &str) -> Result<Template, String> {
    let own = paths.config.join("templates").join(format!("{name}.md"));
    let plain = !name.contains(['/', '\\']);
    let template = match Template::shipped(name) {
        _ if plain && own.is_file() => read(&own, name)?,
        Some(shipped) => shipped,
        None => return Err(unknown(paths, name)),
    };
    template.check().map(|()| template)
}

/// The template to use in any case, and what is wrong with the one that was meant: where that has a mistake or is not
/// there, the shipped one of its name takes its place, else the shipped one called `fallback`.
pub fn usable(paths: &Paths, name: &str, fallback: &str) -> (Template, Option<String>) {
    match template(paths, name) {
        Ok(template) => (template, None),
        Err(trouble) => {
            let shipped = Template::shipped(name).or_else(|| Template::shipped(fallback));
            let empty = || Template { name: name.to_owned(), text: String::new(), place: name.to_owned() };
            (shipped.unwrap_or_else(empty), Some(format!("{trouble}; the shipped template is used")))
        }
    }
}

fn read(file: &Path, name: &str) -> Result<Template, String> {
    let place = file.display().to_string();
    let wrong = |error: std::io::Error| format!("{place}: {error}");
    if std::fs::metadata(file).map_err(wrong)?.len() > MAX_TEMPLATE {
        return Err(format!("{place}: longer than {} KiB: no template", MAX_TEMPLATE / 1024));
    }
    let text = std::fs::read_to_string(file).map_err(wrong)?;
    Ok(Template { name: name.to_owned(), text, place })
}

fn unknown(paths: &Paths, name: &str) -> String {
    let names = template_names(paths);
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let near = nearest(name, &known).map(|near| format!("did you mean {near}? ")).unwrap_or_default();
    let place = paths.config.join("templates").join("NAME.md");
    format!(
        "there is no template {name:?}: {near}There is {}; your own go into {}",
        known.join(", "),
        place.display()
    )
}
