//! Where something stands in a source file: byte offsets, and the line and
//! column that a person reads.

use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A half-open range of byte offsets in one source file.
///
/// A handbook has very many, so offsets are kept as 32 bits: no longer file is
/// read as text. What is further on all the same, as in a copied file, counts
/// as standing at 4 GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The span from `start` up to but not including `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Span {
        let short = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Span { start: short(start), end: short(end) }
    }

    /// Offset of the first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Offset after the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The same span in a text that begins `offset` bytes later.
    pub fn shifted(self, offset: usize) -> Span {
        Span::new(self.start() + offset, self.end() + offset)
    }

    /// The span as a range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}

/// A value together with the place where its author wrote it.
///
/// It serialises as the bare value, so that templates see no positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Puts a value and its place together.
    pub fn new(value: T, span: Span) -> Spanned<T> {
        Spanned { value, span }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// A line and a column as people count them: both from 1, columns in
/// characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line number, from 1.
    pub line: usize,
    /// Column number in characters, from 1.
    pub column: usize,
}

/// Finds the line and column of a byte offset. An offset past the end, or
/// inside a character, counts as the nearest character before it.
pub fn position(text: &str, offset: usize) -> Position {
    let offset = floor_char_boundary(text, offset);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1,
    }
}

/// A text in which many places are asked for: its lines are counted once.
#[derive(Clone, Debug)]
pub struct Text {
    text: Arc<str>,
    /// The position of every line's beginning and, in long lines, of a place
    /// every so often, by offset.
    marks: Vec<(usize, Position)>,
}

/// After so many bytes of a line its columns are noted down.
const MARK_EVERY: usize = 1024;

impl Text {
    /// Takes a text and counts its lines.
    pub fn new(text: impl Into<Arc<str>>) -> Text {
        let text: Arc<str> = text.into();
        let mut marks = Vec::new();
        let mut start = 0;
        for (line, content) in text.split_inclusive('\n').enumerate() {
            let mut at = Position { line: line + 1, column: 1 };
            let mut done = 0;
            marks.push((start, at));
            while content.len() - done > MARK_EVERY {
                let next = floor_char_boundary(content, done + MARK_EVERY);
                at.column += columns(&content[done..next]);
                done = next;
                marks.push((start + done, at));
            }
            start += content.len();
        }
        if text.is_empty() || text.ends_with('\n') {
            let line = text.matches('\n').count() + 1;
            marks.push((start, Position { line, column: 1 }));
        }
        Text { text, marks }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The line and column of a byte offset, as [`position`] has them.
    pub fn position(&self, offset: usize) -> Position {
        let offset = floor_char_boundary(&self.text, offset);
        let after = self.marks.partition_point(|(start, _)| *start <= offset);
        let (start, Position { line, column }) = self.marks[after.saturating_sub(1)];
        Position { line, column: column + columns(&self.text[start..offset]) }
    }
}

impl<T: Into<Arc<str>>> From<T> for Text {
    fn from(text: T) -> Text {
        Text::new(text)
    }
}

/// How many columns a part of a line takes; a byte-order mark takes none.
fn columns(part: &str) -> usize {
    part.trim_start_matches('\u{feff}').chars().count()
}

/// Finds the byte offset of a line and column (both from 1, columns in
/// characters); places past the end become the end of the line or text.
pub fn offset_of(text: &str, position: Position) -> usize {
    let mut line_start = 0;
    for _ in 1..position.line {
        match text[line_start..].find('\n') {
            Some(newline) => line_start += newline + 1,
            None => return text.len(),
        }
    }
    let line = text[line_start..].split('\n').next().unwrap_or("");
    let column = line.char_indices().nth(position.column.saturating_sub(1));
    line_start + column.map_or(line.len(), |(at, _)| at)
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, offset: usize, line: usize, column: usize) {
        let expected = Position { line, column };
        assert_eq!(position(text, offset), expected);
        assert_eq!(Text::new(text).position(offset), expected);
        assert_eq!(position(text, offset_of(text, expected)), expected);
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        check("abc", 0, 1, 1);
        check("a\nbc", 3, 2, 2);
        check("é\né日x", 8, 2, 3);
        check("a\n", 2, 2, 1);
    }

    #[test]
    fn long_lines_are_counted_alike() {
        let text = format!("a\n{}\r\n\n{}", "é日x".repeat(2000), "y".repeat(3000));
        let counted = Text::new(text.as_str());
        for offset in (0..=text.len() + 1).step_by(7) {
            assert_eq!(counted.position(offset), position(&text, offset), "{offset}");
        }
        for text in ["", "\n", "a", "\u{feff}"] {
            let end = text.len();
            assert_eq!(Text::new(text).position(end), position(text, end), "{text:?}");
        }
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        assert_eq!(position("\u{feff}ab", 4), Position { line: 1, column: 2 });
    }
}
