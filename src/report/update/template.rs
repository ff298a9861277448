//! Templates: plain text with `{field}` in it, and nothing else to learn.
//!
//! Strict: a field that does not exist, or a brace that is not closed, is a mistake with its line. What a field is filled
//! with is never read again, so no note can smuggle a field in.

/// The template with its fields filled in. A line is left out when it has fields and all of them are empty.
pub fn fill(template: &str, field: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut out = String::new();
    for (index, line) in template.lines().enumerate() {
        let filled =
            fill_line(line, &field).map_err(|why| format!("line {} of the template: {why}", index + 1))?;
        if let Some(text) = filled {
            out.push_str(&text);
            out.push('\n');
        }
    }
    Ok(collapse(&out))
}

/// `None`: the line is left out.
fn fill_line(line: &str, field: &impl Fn(&str) -> Option<String>) -> Result<Option<String>, String> {
    let (mut out, mut rest) = (String::new(), line);
    let (mut fields, mut said) = (0, 0);
    while let Some((text, tail)) = rest.split_once('{') {
        let (name, after) = tail.split_once('}').ok_or("a { without its }")?;
        let value = field(name).ok_or_else(|| format!("there is no field {{{name}}}"))?;
        fields += 1;
        said += usize::from(!value.is_empty());
        out.push_str(text);
        out.push_str(&value);
        rest = after;
    }
    out.push_str(rest);
    Ok((fields == 0 || said > 0).then_some(out))
}

/// Where a line was left out, one empty line is enough.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines() {
        if !(empty && line.is_empty()) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.trim_end().to_owned()
}
