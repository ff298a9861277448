//! Rich text of Jira Cloud: the Atlassian Document Format, written and read.
//!
//! What is written holds text, line breaks, links, lists, headings and code, and nothing else: a mention or a macro is a node of its
//! own, which no text can become. What is read may be anything; it becomes plain text.

use serde_json::{Value, json};

use super::rich::{self, Block, Inline};
use crate::incident::Time;

/// A text as a document.
pub fn document(text: &str) -> Value {
    let content: Vec<Value> = rich::blocks(text).iter().map(block).collect();
    json!({ "type": "doc", "version": 1, "content": content })
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading { level, text } => {
            json!({ "type": "heading", "attrs": { "level": level }, "content": line(text) })
        }
        Block::Paragraph(lines) => paragraph(lines),
        Block::Bullets(items) => json!({ "type": "bulletList", "content": list(items) }),
        Block::Numbers(items) => {
            json!({ "type": "orderedList", "attrs": { "order": 1 }, "content": list(items) })
        }
        Block::Code { language, text } => code(language, text),
    }
}

fn paragraph(lines: &[String]) -> Value {
    let mut content = Vec::new();
    for (n, text) in lines.iter().enumerate() {
        content.extend((n > 0).then(|| json!({ "type": "hardBreak" })));
        content.extend(line(text));
    }
    json!({ "type": "paragraph", "content": content })
}

fn list(items: &[String]) -> Vec<Value> {
    items
        .iter()
        .map(|item| json!({ "type": "listItem", "content": [paragraph(std::slice::from_ref(item))] }))
        .collect()
}

fn code(language: &str, text: &str) -> Value {
    let mut node = json!({ "type": "codeBlock" });
    if !language.is_empty() {
        node["attrs"] = json!({ "language": language });
    }
    // A node of no text is not allowed.
    if !text.is_empty() {
        node["content"] = json!([{ "type": "text", "text": text }]);
    }
    node
}

fn line(text: &str) -> Vec<Value> {
    let piece = |inline: Inline| match inline {
        Inline::Text(text) => json!({ "type": "text", "text": text }),
        Inline::Link { text, url } => {
            json!({ "type": "text", "text": text, "marks": [{ "type": "link", "attrs": { "href": url } }] })
        }
    };
    rich::inlines(text).into_iter().map(piece).collect()
}

/// A document as plain text: one line for each line, `- ` and `1. ` for lists. A text that is no document is given back.
pub fn plain(document: &Value) -> String {
    let mut out = String::new();
    match document {
        Value::String(text) => out.push_str(text),
        node => read(node, "", &mut out),
    }
    out.trim().to_owned()
}

fn read(node: &Value, indent: &str, out: &mut String) {
    match kind(node) {
        "text" => read_text(node, out),
        "hardBreak" => out.push_str(&format!("\n{indent}")),
        "bulletList" | "taskList" | "decisionList" => read_list(node, indent, None, out),
        "orderedList" => read_list(node, indent, node["attrs"]["order"].as_u64().or(Some(1)), out),
        "heading" => {
            let level = node["attrs"]["level"].as_u64().unwrap_or(1).clamp(1, 6) as usize;
            open_line(out);
            out.push_str(&format!("{} ", "#".repeat(level)));
            children(node, indent, out);
        }
        "codeBlock" => {
            open_line(out);
            out.push_str("```\n");
            children(node, "", out);
            out.push_str("\n```");
        }
        "rule" => line_of("----", out),
        "tableRow" => read_row(node, out),
        "paragraph" | "blockquote" | "panel" | "taskItem" | "decisionItem" => {
            open_line(out);
            children(node, indent, out);
        }
        "media" => line_of(&format!("[{}]", attr(node, &["alt"]).unwrap_or("file")), out),
        "date" => out.push_str(&date(node)),
        _ => match attr(node, &["text", "shortName", "url"]) {
            Some(text) => out.push_str(text),
            None => children(node, indent, out),
        },
    }
}

fn kind(node: &Value) -> &str {
    node["type"].as_str().unwrap_or_default()
}

fn content(node: &Value) -> &[Value] {
    node["content"].as_array().map_or(&[], Vec::as_slice)
}

fn children(node: &Value, indent: &str, out: &mut String) {
    content(node).iter().for_each(|child| read(child, indent, out));
}

/// Mentions, emoji, states and cards say what they show in an attribute.
fn attr<'a>(node: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| node["attrs"][*name].as_str()).filter(|text| !text.is_empty())
}

fn read_text(node: &Value, out: &mut String) {
    let text = node["text"].as_str().unwrap_or_default();
    out.push_str(text);
    let marks = node["marks"].as_array().map_or(&[][..], Vec::as_slice);
    let link =
        marks.iter().find(|mark| mark["type"] == "link").and_then(|mark| mark["attrs"]["href"].as_str());
    if let Some(url) = link.filter(|url| *url != text) {
        out.push_str(&format!(" ({url})"));
    }
}

fn read_list(node: &Value, indent: &str, first: Option<u64>, out: &mut String) {
    for (n, item) in content(node).iter().enumerate() {
        let mark = first.map_or("- ".to_owned(), |first| format!("{}. ", first.saturating_add(n as u64)));
        let mut text = String::new();
        let deeper = format!("{indent}  ");
        children(item, &deeper, &mut text);
        line_of(&format!("{indent}{mark}{}", text.trim_start()), out);
    }
}

fn read_row(node: &Value, out: &mut String) {
    let cell = |cell: &Value| {
        let mut text = String::new();
        children(cell, "", &mut text);
        text.trim().replace('\n', " ")
    };
    let cells: Vec<String> = content(node).iter().map(cell).collect();
    line_of(&cells.join(" | "), out);
}

/// Milliseconds since 1970, as a string.
fn date(node: &Value) -> String {
    let ms = node["attrs"]["timestamp"].as_str().and_then(|ms| ms.parse().ok());
    ms.map(|ms| Time::from_ms(ms).to_string().chars().take(10).collect()).unwrap_or_default()
}

fn open_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

fn line_of(text: &str, out: &mut String) {
    open_line(out);
    out.push_str(text);
}
