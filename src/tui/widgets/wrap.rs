//! Breaking text into lines of a given width, by words, counting columns as the terminal does.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The lines of `text` at `width` columns. Words that are longer than a line are broken; a newline
/// always breaks. Never empty: an empty text is one empty line.
pub fn wrap(text: &str, width: u16) -> Vec<&str> {
    let width = usize::from(width.max(1));
    let mut lines = Vec::new();
    for line in text.split('\n') {
        wrap_line(line, width, &mut lines);
    }
    lines
}

/// How many lines `text` takes, at most `most`.
pub fn height(text: &str, width: u16, most: usize) -> usize {
    if text.len() <= usize::from(width) && !text.contains('\n') {
        return 1;
    }
    wrap(text, width).len().min(most)
}

fn wrap_line<'a>(mut line: &'a str, width: usize, lines: &mut Vec<&'a str>) {
    loop {
        let cut = fitting(line, width);
        if cut == line.len() {
            lines.push(line);
            return;
        }
        let (head, tail) = split_at_word(line, cut);
        lines.push(head);
        line = tail;
    }
}

/// The longest beginning that fits, in bytes; at least one grapheme.
fn fitting(line: &str, width: usize) -> usize {
    if line.len() <= width {
        return line.len();
    }
    let mut used = 0;
    for (start, grapheme) in line.grapheme_indices(true) {
        used += grapheme.width();
        if used > width {
            return if start == 0 { grapheme.len() } else { start };
        }
    }
    line.len()
}

fn split_at_word(line: &str, cut: usize) -> (&str, &str) {
    let (head, tail) = line.split_at(cut);
    if tail.starts_with(' ') {
        return (head, tail.trim_start_matches(' '));
    }
    match head.rfind(' ').filter(|space| *space > 0) {
        Some(space) => (head[..space].trim_end_matches(' '), line[space..].trim_start_matches(' ')),
        None => (head, tail),
    }
}
