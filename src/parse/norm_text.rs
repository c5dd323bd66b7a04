//! The norm's own words: the block quote that opens the body, cut into the
//! units that can be cited.
//!
//! Comes in: the events of that quote. Goes out: a [`NormText`] whose units
//! have anchors. Printed markers such as `(a)`, `(iv)`, `13.` or `1)` at the
//! start of a line become the anchor; a marker that the text repeats is
//! qualified by the paragraph above it.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown::is_inline;
use crate::span::Span;

/// The norm's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormText {
    /// Where the quote stands.
    pub span: Span,
    /// Its paragraphs, list items and marked lines, in order.
    pub units: Vec<Unit>,
}

/// A paragraph, a list item, or a line that begins with a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// Where its mark-up begins.
    pub start: usize,
    /// Its anchor, unique in the text.
    pub anchor: String,
    /// The printed marker, and where it stands.
    pub marker: Option<(String, Span)>,
    /// Its words without mark-up.
    pub text: String,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitKind {
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    Item,
    /// A line inside a paragraph that begins with a marker.
    Line,
}

/// Cuts the quote into units. `events` are those inside the quote at `span`.
pub fn parse(source: &str, span: Span, events: &[(Event<'_>, Span)]) -> NormText {
    let mut cutter = Cutter::default();
    for (event, at) in events {
        cutter.take(source, event, *at);
    }
    let mut units = cutter.units;
    units.retain(|unit| !unit.text.trim().is_empty() || unit.marker.is_some());
    name(&mut units);
    NormText { span, units }
}

#[derive(Default)]
struct Cutter {
    units: Vec<Unit>,
    inline_depth: usize,
    /// The next text begins a line.
    at_line_start: bool,
    /// An item was opened and has no words yet: its paragraph is the same unit.
    in_fresh_item: bool,
    in_heading: bool,
}

impl Cutter {
    fn take(&mut self, source: &str, event: &Event<'_>, at: Span) {
        match event {
            Event::Start(Tag::Paragraph) if self.in_fresh_item => self.at_line_start = true,
            Event::Start(Tag::Paragraph) => {
                self.open(UnitKind::Paragraph, at.start, None);
                self.at_line_start = true;
            }
            Event::Start(Tag::Item) => {
                let marker = item_marker(&source[at.range()], at.start);
                self.at_line_start = marker.is_none();
                self.open(UnitKind::Item, at.start, marker);
                self.in_fresh_item = true;
            }
            Event::Start(Tag::Heading { .. } | Tag::Table(_)) => self.in_heading = true,
            Event::End(TagEnd::Heading(_) | TagEnd::Table) => self.in_heading = false,
            Event::Start(tag) if is_inline(tag) => {
                self.begin_line(source, at);
                self.inline_depth += 1;
            }
            Event::End(tag) if is_inline_end(*tag) => {
                self.inline_depth = self.inline_depth.saturating_sub(1);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.push_text(" ");
                self.at_line_start = self.inline_depth == 0;
            }
            Event::Text(text) | Event::Code(text) => {
                self.begin_line(source, at);
                self.push_text(text);
            }
            _ => {}
        }
    }

    /// Sees to the marker at the start of a line.
    fn begin_line(&mut self, source: &str, at: Span) {
        if !std::mem::take(&mut self.at_line_start) || self.in_heading {
            return;
        }
        let Some(marker) = text_marker(&source[at.start..], at.start) else { return };
        let empty = self.units.last().is_some_and(|unit| unit.text.trim().is_empty());
        match self.units.last_mut() {
            Some(unit) if empty && unit.marker.is_none() => unit.marker = Some(marker),
            _ => self.open(UnitKind::Line, at.start, Some(marker)),
        }
    }

    fn push_text(&mut self, text: &str) {
        if self.in_heading {
            return;
        }
        self.in_fresh_item = false;
        if let Some(unit) = self.units.last_mut() {
            unit.text.push_str(text);
        }
    }

    fn open(&mut self, kind: UnitKind, start: usize, marker: Option<(String, Span)>) {
        self.in_fresh_item = false;
        self.units.push(Unit { kind, start, anchor: String::new(), marker, text: String::new() });
    }
}

fn is_inline_end(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

/// The marker of an ordered item as the author wrote it.
fn item_marker(item: &str, offset: usize) -> Option<(String, Span)> {
    let digits = item.bytes().take_while(u8::is_ascii_digit).count();
    let delimiter = item.as_bytes().get(digits).filter(|byte| matches!(byte, b'.' | b')'));
    let marker = (digits > 0 && delimiter.is_some()).then(|| &item[..=digits])?;
    Some((marker.to_owned(), Span::new(offset, offset + marker.len())))
}

/// The marker at the start of a line: `(a)`, `(iv)`, `a)`, `13.`, `1.2`.
fn text_marker(line: &str, offset: usize) -> Option<(String, Span)> {
    let emphasis = line.len() - line.trim_start_matches(['*', '_']).len();
    let line = &line[emphasis..];
    let open = usize::from(line.starts_with('('));
    let label_length = line[open..]
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
        .count();
    let label = line[open..open + label_length].trim_end_matches('.');
    // `13\.` is how an author keeps Markdown from making a list of it.
    let backslash = usize::from(line[open + label.len()..].starts_with('\\'));
    let end = open + label.len() + backslash;
    let closed = match line.as_bytes().get(end) {
        Some(b')') => true,
        Some(b'.') => open == 0,
        _ => false,
    };
    let rest = line.get(end + 1..)?;
    let alone =
        rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '*' || c == '_');
    let spaced = alone || open == 1;
    if !closed || !spaced || !is_label(label) {
        return None;
    }
    let start = offset + emphasis;
    Some((line[..=end].replace('\\', ""), Span::new(start, start + end + 1)))
}

/// Whether a label can be printed before a paragraph: a number of at most
/// three digits perhaps with further numbers, one or two equal letters, or a
/// Roman numeral.
fn is_label(label: &str) -> bool {
    let number = label.split('.').all(|part| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    let first = label.bytes().next().unwrap_or(0);
    let letters = (1..=2).contains(&label.len())
        && first.is_ascii_lowercase()
        && label.bytes().all(|byte| byte == first);
    let roman = |of: &[u8]| label.len() <= 6 && label.bytes().all(|byte| of.contains(&byte));
    !label.is_empty() && (number || letters || roman(b"ivxl") || roman(b"IVXL"))
}

/// Gives every unit its anchor.
fn name(units: &mut [Unit]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for unit in units.iter() {
        *times.entry(label(unit)).or_default() += 1;
    }
    let mut paragraphs = 0;
    // The markers above the present one, outermost first: style and anchor.
    let mut above: Vec<(Style, String)> = Vec::new();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for unit in units {
        let label = label(unit);
        let style = style(&label, above.iter().map(|(style, _)| *style));
        match style {
            Style::Unmarked => above.clear(),
            _ => {
                if let Some(same) = above.iter().position(|(other, _)| *other == style) {
                    above.truncate(same);
                }
            }
        }
        let mut anchor = if label.is_empty() {
            paragraphs += 1;
            format!("p{paragraphs}")
        } else if times[&label] > 1 {
            let parent = above.last().map_or("", |(_, anchor)| anchor.as_str());
            format!("{parent}-{label}").trim_start_matches('-').to_owned()
        } else {
            label
        };
        let uses = taken.entry(anchor.clone()).or_default();
        *uses += 1;
        if *uses > 1 {
            anchor = format!("{anchor}-{uses}");
        }
        above.push((style, anchor.clone()));
        unit.anchor = anchor;
    }
}

fn label(unit: &Unit) -> String {
    let marker = unit.marker.as_ref().map_or("", |(marker, _)| marker);
    marker.trim_matches(['(', ')', '.']).to_lowercase()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Unmarked,
    Number,
    Letter,
    Roman,
}

/// `i` is a Roman numeral unless letters are being counted and none of their
/// sub-items has begun; `(h)`, `(i)`, `(j)` are letters.
fn style(label: &str, above: impl Iterator<Item = Style>) -> Style {
    let last = above.last();
    let roman = !label.is_empty() && label.bytes().all(|byte| b"ivxl".contains(&byte));
    match label.bytes().next() {
        None => Style::Unmarked,
        Some(byte) if byte.is_ascii_digit() => Style::Number,
        Some(_) if !roman => Style::Letter,
        Some(_) if last == Some(Style::Roman) || label.len() > 1 || label == "i" => Style::Roman,
        Some(_) => Style::Letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown;

    fn units(markdown_text: &str) -> Vec<Unit> {
        let span = Span::new(0, markdown_text.len());
        let events: Vec<_> = markdown::events(markdown_text, span).collect();
        parse(markdown_text, span, &events).units
    }

    #[track_caller]
    fn check(text: &str, anchors: &[&str]) {
        let units = units(text);
        let found: Vec<&str> = units.iter().map(|unit| unit.anchor.as_str()).collect();
        assert_eq!(found, anchors, "{units:#?}");
    }

    #[test]
    fn unmarked_paragraphs_are_counted() {
        check("> One.\n>\n> Two.", &["p1", "p2"]);
    }

    #[test]
    fn printed_markers_become_anchors() {
        check("> Intro:\n>\n> (a) first;\n>\n> (iv) second", &["p1", "a", "iv"]);
        check("> 13. first\n> 14. second", &["13", "14"]);
        check("> 1) first\n> 2) second", &["1", "2"]);
        check("> *(a)* first", &["a"]);
        check("> 13\\. first\n> 14\\. second", &["13", "14"]);
        check("> - (a) first\n> - second", &["a", "p1"]);
    }

    #[test]
    fn a_marker_at_the_start_of_a_line_begins_a_unit() {
        check("> Intro:\n> (a) first;\n> (b) second.", &["p1", "a", "b"]);
    }

    #[test]
    fn words_in_brackets_are_no_markers() {
        check("> (see below) text", &["p1"]);
        check("> 2015. A year", &["2015"]);
        check("> A. Smith said", &["p1"]);
    }

    #[test]
    fn a_repeated_marker_is_qualified_by_the_paragraph_above() {
        check(
            "> One:\n>\n> (a) x\n>\n> Two:\n>\n> (a) y\n>\n> (b) z",
            &["p1", "p1-a", "p2", "p2-a", "b"],
        );
        check("> (1) x\n>\n> (a) y\n>\n> (2) x\n>\n> (a) y", &["1", "1-a", "2", "2-a"]);
    }

    #[test]
    fn equal_anchors_are_counted_apart() {
        check("> (a) x\n>\n> (a) y", &["a", "a-2"]);
    }

    #[test]
    fn an_item_and_its_paragraph_are_one_unit() {
        check("> 1. one\n>\n>    more\n>\n> 2. two", &["1", "p1", "2"]);
    }
}
