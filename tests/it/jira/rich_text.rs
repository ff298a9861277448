//! Rich text for both editions: it says what was typed, and nothing that was typed can act.

use proptest::prelude::*;
use serde_json::{Value, json};
use warroom::clients::jira::{adf, wiki};

/// Atlassian's own schema of its documents; `None`, loudly, where it is not at hand.
fn judge() -> Option<impl Fn(&Value) -> Result<(), String>> {
    let Ok(shared) = std::env::var("WARROOM_SHARED") else {
        eprintln!("SKIPPED: WARROOM_SHARED does not say where the schema of documents is");
        return None;
    };
    let text =
        std::fs::read_to_string(format!("{shared}/specs/adf.schema.json")).expect("the schema of documents");
    let mut compiler = boon::Compiler::new();
    compiler.set_default_draft(boon::Draft::V4);
    compiler.add_resource("adf.json", serde_json::from_str(&text).unwrap()).unwrap();
    let mut schemas = boon::Schemas::new();
    let schema = compiler.compile("adf.json", &mut schemas).unwrap();
    Some(move |document: &Value| schemas.validate(document, schema).map_err(|wrong| format!("{wrong:#}")))
}

const EVERYTHING: &str = "# Heading\nfirst line\nsecond https://x.example/a_b?c=1.\n\n- one\n* two [here](https://y.example)\n\n\
    1. first\n2. second\n\n```sql\nselect '{code}'\n```\n```\n```\nlast";

#[test]
fn markup_becomes_nodes_of_the_document_format() {
    let document = adf::document(EVERYTHING);
    let kinds: Vec<&str> =
        document["content"].as_array().unwrap().iter().filter_map(|node| node["type"].as_str()).collect();
    assert_eq!(
        kinds,
        ["heading", "paragraph", "bulletList", "orderedList", "codeBlock", "codeBlock", "paragraph"]
    );
    let link = json!({ "type": "text", "text": "https://x.example/a_b?c=1",
        "marks": [{ "type": "link", "attrs": { "href": "https://x.example/a_b?c=1" } }] });
    assert_eq!(document["content"][1]["content"][3], link);
    assert_eq!(document["content"][4]["attrs"]["language"], "sql");
}

#[test]
fn documents_are_valid_by_atlassians_schema_and_the_judge_can_say_no() {
    let Some(judge) = judge() else { return };
    for text in [EVERYTHING, "", "\n\n", "- \n1. \n# \n```", "a\n\n\n```\nno end"] {
        judge(&adf::document(text)).unwrap_or_else(|wrong| panic!("{text:?}: {wrong}"));
    }
    assert!(judge(&json!({ "nope": 1 })).is_err());
    let empty = json!({ "type": "doc", "version": 1, "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "" }] }] });
    assert!(judge(&empty).is_err(), "a text of no length");
}

#[test]
fn text_without_markup_comes_back_as_it_was() {
    for text in
        ["one\ntwo\n\nthree", "2026-11-30: 3 > 2 & \\ [x] {y} *z* _w_ h1. no", "- a\n- b", "```\nx = 1\n```"]
    {
        assert_eq!(adf::plain(&adf::document(text)).replace("\n\n", "\n"), text.replace("\n\n", "\n"));
        assert_eq!(wiki::plain(&wiki::markup(text)), text);
    }
}

#[test]
fn wiki_signs_that_somebody_typed_are_only_signs() {
    for (typed, markup) in [
        ("{code}x{code}", r"\{code\}x\{code\}"),
        ("[~bob] !pic.png! |a|", r"\[\~bob\] \!pic.png\! \|a\|"),
        ("*b* _i_ -s- +u+ ^x^ ~y~ ??c??", r"\*b\* \_i\_ \-s\- \+u\+ \^x\^ \~y\~ \?\?c\?\?"),
        ("h1. big", "h1&#46; big"),
        ("bq. quote", "bq&#46; quote"),
        ("a\\\\b &lt; &#123;", "a&#92;&#92;b &amp;lt; &amp;#123;"),
        ("2026-11-30 at a-b", "2026-11-30 at a-b"),
        (":D (y)", r"&#58;D \(y\)"),
        ("#1 why? ada@example.com 50%", "&#35;1 why? ada@example.com 50%"),
        ("https://x.example/{a}|b", r"[https://x.example/%7Ba]\}\|b"),
    ] {
        assert_eq!(wiki::markup(typed), markup);
        assert_eq!(wiki::plain(&wiki::markup(typed)).replace("%7B", "{"), typed);
    }
}

#[test]
fn code_that_would_end_its_own_block_becomes_text() {
    assert_eq!(wiki::markup("```\na {noformat} {macro}\n```"), r"a \{noformat\} \{macro\}");
}

#[test]
fn documents_of_others_become_plain_lines() {
    let cell = |text: &str| json!({ "type": "tableCell", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": text }] }] });
    let document = json!({ "type": "doc", "content": [
        { "type": "panel", "content": [{ "type": "paragraph", "content": [{ "type": "emoji", "attrs": { "shortName": ":x:" } }, { "type": "status", "attrs": { "text": "RED" } }] }] },
        { "type": "table", "content": [{ "type": "tableRow", "content": [cell("a"), cell("b")] }] },
        { "type": "mediaSingle", "content": [{ "type": "media", "attrs": { "alt": "graph.png" } }] },
        { "type": "paragraph", "content": [{ "type": "date", "attrs": { "timestamp": "1796040000000" } }, { "type": "newKind", "content": [{ "type": "text", "text": "!" }] }] },
        { "type": "orderedList", "attrs": { "order": 3 }, "content": [{ "type": "listItem", "content": [
            { "type": "paragraph", "content": [{ "type": "text", "text": "three" }] },
            { "type": "bulletList", "content": [{ "type": "listItem", "content": [{ "type": "paragraph", "content": [{ "type": "text", "text": "deep" }] }] }] },
        ] }] },
    ] });
    assert_eq!(adf::plain(&document), ":x:RED\na | b\n[graph.png]\n2026-11-30!\n3. three\n  - deep");
    for odd in [json!(null), json!([]), json!({ "type": 1 }), json!({ "content": "x" })] {
        assert_eq!(adf::plain(&odd), "");
    }
}

#[test]
fn any_text_is_a_valid_document() {
    let Some(judge) = judge() else { return };
    proptest!(|(text in "(\\PC|[\n#*`\\-1. \\[\\]()]|https://){0,80}")| {
        let wrong = judge(&adf::document(&text)).err();
        prop_assert!(wrong.is_none(), "{wrong:?}");
    });
}

#[test]
fn what_others_wrote_becomes_plain_text_without_steering_signs() {
    let Ok(shared) = std::env::var("WARROOM_SHARED") else {
        eprintln!("SKIPPED: WARROOM_SHARED does not say where the sample payloads are");
        return;
    };
    let read = |path: &std::path::Path| -> Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let samples = std::path::Path::new(&shared).join("samples");
    let document = adf::plain(&read(&samples.join("jira-cli_MIT/md.json")));
    assert!(document.starts_with("# H1\n## H2"), "{document}");
    let mut comments = Vec::new();
    for entry in std::fs::read_dir(samples.join("jira-webhooks_Apache-2.0")).unwrap() {
        let payload = read(&entry.unwrap().path());
        comments.extend(payload["comment"]["body"].as_str().map(wiki::plain));
    }
    assert!(comments.len() >= 4 && comments.iter().any(|text| text.contains("@user")), "{comments:?}");
    assert!(!comments.iter().any(|text| text.contains("[~")), "{comments:?}");
}

/// A sign that begins markup and stands alone, outside of what we write ourselves.
fn bare(markup: &str) -> Option<char> {
    let mut before = ' ';
    for c in markup.chars() {
        if matches!(c, '{' | '}' | '|' | '!' | '*' | '_' | '~' | '^') && before != '\\' {
            return Some(c);
        }
        before = c;
    }
    None
}

proptest! {
    #[test]
    fn no_words_are_lost_in_a_document(words in "[a-zA-Zäöü]{1,8}( [a-z{}|*_!\\[\\]]{1,8}){0,9}") {
        prop_assert_eq!(adf::plain(&adf::document(&words)), words.trim());
    }

    #[test]
    fn nothing_in_a_line_of_wiki_markup_is_bare(text in "[a-z:/.]{1,4}[\\PC]{0,60}") {
        prop_assert_eq!(bare(&wiki::escaped(&text)), None, "{}", wiki::escaped(&text));
    }

    #[test]
    fn wiki_markup_reads_back(line in "[a-z][ -~]{0,60}") {
        prop_assume!(!line.contains("://") && !line.contains("```"));
        prop_assert_eq!(wiki::plain(&wiki::markup(&line)), line.trim_end());
    }
}
