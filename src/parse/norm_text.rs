//! The norm's own words: the block quote that opens the body, cut into the
//! units that can be cited.
//!
//! Comes in: the events of that quote. Goes out: a [`NormText`] whose units
//! have anchors. Printed markers such as `(a)`, `(iv)`, `13.` or `1)` at the
//! start of a line become the anchor; a marker that the text repeats is
//! qualified by the marker, paragraph or heading that it stands under.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::headings::{self, Names};
use super::markdown::{is_inline, slug};
use super::plain::Words;
use crate::kept::exact;
use crate::span::Span;

/// The norm's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormText {
    /// Where the quote stands.
    pub span: Span,
    /// Its paragraphs, list items and marked lines, in order.
    pub units: Box<[Unit]>,
    words: Words,
}

impl NormText {
    /// The words of a unit without mark-up and without blanks around them;
    /// `file` is the file's text.
    pub fn words<'a>(&'a self, file: &'a str, unit: &Unit) -> Cow<'a, str> {
        self.words.get(file, unit.words.clone())
    }
}

/// A paragraph, a list item, or a line that begins with a marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// What it is.
    pub kind: UnitKind,
    /// Where its mark-up begins.
    pub start: usize,
    /// Its anchor, unique in the text.
    pub anchor: Box<str>,
    /// The printed marker, and where it stands.
    pub marker: Option<(Box<str>, Span)>,
    /// The part of the text's words that are its own.
    words: Range<u32>,
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
    let Cutter { mut cuts, sections, text, parts, .. } = cutter;
    cuts.retain_mut(|Cut { unit, .. }| {
        unit.words = trimmed(&text, &unit.words);
        !unit.words.is_empty() || unit.marker.is_some()
    });
    name(&mut cuts, &sections);
    let mut words = Words::default();
    words.push_parts(&text, &parts);
    NormText { span, units: exact(cuts.into_iter().map(|cut| cut.unit)), words: words.exact() }
}

/// A part of a text without the blanks around it.
fn trimmed(text: &str, part: &Range<u32>) -> Range<u32> {
    let words = text[part.start as usize..part.end as usize].trim_start();
    let start = part.end - words.len() as u32;
    start..start + words.trim_end().len() as u32
}

/// A unit, and what its anchor depends on besides.
struct Cut {
    unit: Unit,
    /// How many lists stand around that of the unit.
    depth: usize,
    /// How many headings of the text stand before it.
    section: usize,
}

#[derive(Default)]
struct Cutter {
    cuts: Vec<Cut>,
    /// The words of all cuts, and what they are put together from: where each
    /// part ends in them, and in the file if it stands there.
    text: String,
    parts: Vec<(usize, Option<usize>)>,
    /// The names of the headings so far.
    sections: Vec<String>,
    section_names: Names,
    inline_depth: usize,
    lists: usize,
    /// The next text begins a line.
    at_line_start: bool,
    /// An item was opened and has no words yet: its paragraph is the same unit.
    in_fresh_item: bool,
    /// The heading that has begun: its anchor, if it was given one, and words.
    heading: Option<(Option<String>, String)>,
    in_table: bool,
}

impl Cutter {
    fn take(&mut self, source: &str, event: &Event<'_>, at: Span) {
        match event {
            Event::Start(Tag::Paragraph) if self.in_fresh_item => self.at_line_start = true,
            Event::Start(Tag::Paragraph) => {
                self.open(UnitKind::Paragraph, at.start(), None);
                self.at_line_start = true;
            }
            Event::Start(Tag::Item) => {
                let marker = item_marker(&source[at.range()], at.start());
                self.at_line_start = marker.is_none();
                self.open(UnitKind::Item, at.start(), marker);
                self.in_fresh_item = true;
            }
            Event::Start(Tag::List(_)) => self.lists += 1,
            Event::End(TagEnd::List(_)) => self.lists = self.lists.saturating_sub(1),
            Event::Start(Tag::Heading { id, .. }) => {
                self.heading = Some((id.as_ref().map(|id| id.to_string()), String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let (id, words) = self.heading.take().unwrap_or_default();
                let name = self.section_name(id, &words);
                self.sections.push(name);
            }
            Event::Start(Tag::Table(_)) => self.in_table = true,
            Event::End(TagEnd::Table) => self.in_table = false,
            Event::Start(tag) if is_inline(tag) => {
                self.begin_line(source, at);
                self.inline_depth += 1;
            }
            Event::End(tag) if is_inline_end(*tag) => {
                self.inline_depth = self.inline_depth.saturating_sub(1);
            }
            Event::SoftBreak | Event::HardBreak => {
                self.push_text(" ", None);
                self.at_line_start = self.inline_depth == 0;
            }
            Event::Text(text) => {
                self.begin_line(source, at);
                let exact = source[at.range()] == **text;
                self.push_text(text, exact.then_some(at.end()));
            }
            Event::Code(text) => {
                self.begin_line(source, at);
                self.push_text(text, None);
            }
            _ => {}
        }
    }

    /// What qualifies the markers below a heading that no paragraph stands
    /// between: the heading's anchor, or its words, told apart from others'.
    fn section_name(&mut self, id: Option<String>, words: &str) -> String {
        match id {
            Some(id) => {
                self.section_names.take(id.clone());
                id
            }
            None => self.section_names.free(headings::unreserved(slug(words))),
        }
    }

    /// Sees to the marker at the start of a line.
    fn begin_line(&mut self, source: &str, at: Span) {
        let begins = std::mem::take(&mut self.at_line_start);
        if !begins || self.in_table || self.heading.is_some() {
            return;
        }
        let Some(marker) = text_marker(&source[at.start()..], at.start()) else { return };
        match self.cuts.last_mut().map(|cut| &mut cut.unit) {
            Some(unit) if trimmed(&self.text, &unit.words).is_empty() && unit.marker.is_none() => {
                unit.marker = Some(marker);
            }
            _ => self.open(UnitKind::Line, at.start(), Some(marker)),
        }
    }

    /// Adds words, which end at `file_end` in the file if they stand there.
    fn push_text(&mut self, text: &str, file_end: Option<usize>) {
        if let Some((_, words)) = &mut self.heading {
            words.push_str(text);
        } else if !self.in_table {
            self.in_fresh_item = false;
            if let Some(cut) = self.cuts.last_mut() {
                self.text.push_str(text);
                self.parts.push((self.text.len(), file_end));
                cut.unit.words.end = self.text.len() as u32;
            }
        }
    }

    fn open(&mut self, kind: UnitKind, start: usize, marker: Option<(Box<str>, Span)>) {
        self.in_fresh_item = false;
        let begin = self.text.len() as u32;
        let unit = Unit { kind, start, anchor: Box::default(), marker, words: begin..begin };
        let (depth, section) = (self.lists.saturating_sub(1), self.sections.len());
        self.cuts.push(Cut { unit, depth, section });
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
fn item_marker(item: &str, offset: usize) -> Option<(Box<str>, Span)> {
    let digits = item.bytes().take_while(u8::is_ascii_digit).count();
    let delimiter = item.as_bytes().get(digits).filter(|byte| matches!(byte, b'.' | b')'));
    let marker = (digits > 0 && delimiter.is_some()).then(|| &item[..=digits])?;
    Some((marker.into(), Span::new(offset, offset + marker.len())))
}

/// The marker at the start of a line: `(a)`, `(iv)`, `a)`, `13.`, `1.2`.
fn text_marker(line: &str, offset: usize) -> Option<(Box<str>, Span)> {
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
    Some((line[..=end].replace('\\', "").into(), Span::new(start, start + end + 1)))
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
fn name(cuts: &mut [Cut], sections: &[String]) {
    let markers: Vec<Option<Marker>> = cuts.iter().map(Marker::of).collect();
    let followers = followers(&markers);
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for marker in markers.iter().flatten() {
        *times.entry(&marker.label).or_default() += 1;
    }
    let (mut paragraphs, mut section) = (0, 0);
    // What the present unit may stand under, outermost first.
    let mut above: Vec<Above<'_>> = Vec::new();
    let mut names = Names::default();
    for ((cut, marker), follower) in cuts.iter_mut().zip(&markers).zip(followers) {
        if cut.section != section {
            section = cut.section;
            above = vec![Above { marker: None, anchor: sections[section - 1].clone() }];
        }
        let marker = marker.as_ref().map(|marker| (marker, class(marker, follower, &above)));
        let anchor = match marker {
            None => {
                above.clear();
                paragraphs += 1;
                names.free(format!("p{paragraphs}"))
            }
            Some((marker, class)) => {
                let same = above.iter().position(|above| above.continues_with(marker, class));
                above.truncate(same.unwrap_or(above.len()));
                match above.last() {
                    Some(above) if times[marker.label.as_str()] > 1 => {
                        names.free(format!("{}-{}", above.anchor, marker.label))
                    }
                    _ => names.free(marker.label.clone()),
                }
            }
        };
        above.push(Above { marker, anchor: anchor.clone() });
        cut.unit.anchor = anchor.into();
    }
}

/// A printed marker: `(a)` is a label and a print.
struct Marker {
    /// In lower case.
    label: String,
    print: Print,
}

/// How a marker is printed besides its label. Markers of one list are printed
/// alike; `1.`, `(1)` and a `1.` in a list inside the list are not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Print {
    opened: bool,
    close: char,
    upper_case: bool,
    depth: usize,
}

impl Marker {
    fn of(cut: &Cut) -> Option<Marker> {
        let (printed, _) = cut.unit.marker.as_ref()?;
        let label = printed.trim_matches(['(', ')', '.']);
        let print = Print {
            opened: printed.starts_with('('),
            close: printed.chars().next_back()?,
            upper_case: label.starts_with(|c: char| c.is_ascii_uppercase()),
            depth: cut.depth,
        };
        Some(Marker { label: label.to_lowercase(), print })
    }
}

/// The next label that is printed alike, for every marker.
fn followers(markers: &[Option<Marker>]) -> Vec<Option<&str>> {
    let mut next: BTreeMap<Print, &str> = BTreeMap::new();
    let backwards = markers.iter().rev().map(|marker| {
        let marker = marker.as_ref()?;
        next.insert(marker.print, &marker.label)
    });
    let mut followers: Vec<Option<&str>> = backwards.collect();
    followers.reverse();
    followers
}

/// What a label counts in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Number,
    Letter,
    Roman,
}

/// A marker, paragraph or heading that later units may stand under.
struct Above<'a> {
    marker: Option<(&'a Marker, Class)>,
    anchor: String,
}

impl Above<'_> {
    /// Whether a marker belongs to the same list.
    fn continues_with(&self, marker: &Marker, class: Class) -> bool {
        self.marker.is_some_and(|(own, of)| own.print == marker.print && of == class)
    }
}

/// Tells numbers, letters and Roman numerals apart. `i`, `v`, `x` and `l` may
/// be either of the last two: the label that follows decides, then the one
/// before. So `(i)` is a letter between `(h)` and `(j)`, and else begins a
/// list of Roman numerals.
fn class(marker: &Marker, follower: Option<&str>, above: &[Above<'_>]) -> Class {
    let label = marker.label.as_str();
    if label.starts_with(|c: char| c.is_ascii_digit()) {
        return Class::Number;
    }
    let (letter, roman) = match (letter_rank(label), roman_rank(label)) {
        (Some(_), None) => return Class::Letter,
        (Some(letter), Some(roman)) if !marker.print.upper_case => (letter, roman),
        _ => return Class::Roman,
    };
    if follower.and_then(roman_rank) == Some(roman + 1) {
        return Class::Roman;
    }
    if follower.and_then(letter_rank) == Some(letter + 1) {
        return Class::Letter;
    }
    let alike = above.iter().rev().filter_map(|above| above.marker);
    let mut alike = alike.filter(|(above, _)| above.print == marker.print).peekable();
    let innermost = alike.peek().map(|(_, class)| *class);
    let before = alike.find(|(above, class)| match class {
        Class::Number => false,
        Class::Letter => letter_rank(&above.label) == Some(letter - 1),
        Class::Roman => roman_rank(&above.label) == Some(roman - 1),
    });
    match (before, innermost) {
        (Some((_, class)), _) => class,
        _ if roman == 1 || label.len() > 1 => Class::Roman,
        (None, Some(Class::Roman)) => Class::Roman,
        (None, _) => Class::Letter,
    }
}

/// The place of `a`, `b` ... `z`, `aa`, `bb` ... among letters, from 1.
fn letter_rank(label: &str) -> Option<usize> {
    let first = label.bytes().next().filter(u8::is_ascii_lowercase)?;
    let good = label.len() <= 2 && label.bytes().all(|byte| byte == first);
    good.then(|| usize::from(first - b'a') + 1 + 26 * (label.len() - 1))
}

/// The value of a Roman numeral below 90 in lower case.
fn roman_rank(label: &str) -> Option<usize> {
    const TENS: [&str; 9] = ["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx"];
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let ones = |rest: &str| ONES.iter().position(|ones| *ones == rest);
    let mut tens = TENS.iter().enumerate();
    let rank = tens.find_map(|(ten, tens)| Some(10 * ten + ones(label.strip_prefix(tens)?)?));
    rank.filter(|rank| *rank > 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::parse::markdown;

    fn units(markdown_text: &str) -> Box<[Unit]> {
        let span = Span::new(0, markdown_text.len());
        let events: Vec<_> = markdown::events(markdown_text, span).collect();
        parse(markdown_text, span, &events).units
    }

    #[track_caller]
    fn check(text: &str, anchors: &[&str]) {
        let units = units(text);
        let found: Vec<&str> = units.iter().map(|unit| &*unit.anchor).collect();
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
    fn a_letter_i_is_told_from_a_roman_one() {
        let list = |labels: &str| {
            let lines = labels.split(' ').map(|label| format!("> {label} x\n>\n"));
            lines.collect::<String>()
        };
        check(&list("1. (h) (i) 2. (h) (i) (j)"), &["1", "1-h", "1-i", "2", "2-h", "2-i", "j"]);
        check(
            &list("(g) (h) (i) (i) (ii) (j) (i) (ii)"),
            &["g", "h", "i", "i-i", "i-ii", "j", "j-i", "j-ii"],
        );
        check(
            &list("(h) (i) (ii) (i) (j) (i) (ii)"),
            &["h", "h-i", "h-ii", "i", "j", "j-i", "j-ii"],
        );
        check(&list("(a) (i) (b) (i) (v)"), &["a", "a-i", "b", "b-i", "v"]);
        check(
            &list("(iv) (v) (a) (vi) (a) (u) (v) (w)"),
            &["iv", "v", "v-a", "vi", "vi-a", "u", "vi-v", "w"],
        );
    }

    #[test]
    fn markers_printed_otherwise_are_of_another_list() {
        let list = |labels: &str| {
            let lines = labels.split(' ').map(|label| format!("> {label} x\n>\n"));
            lines.collect::<String>()
        };
        check(&list("I. (i) (ii) II. (i)"), &["i", "i-i", "i-ii", "ii", "ii-i"]);
        check(&list("1. (1) 2. (1)"), &["1", "1-1", "2", "2-1"]);
        check(&list("1. 1) (1) 2. 1) (1)"), &["1", "1-1", "1-1-1", "2", "2-1", "2-1-1"]);
        check(&list("(a) a) (b) a)"), &["a", "a-a", "b", "b-a"]);
        check("> 1. x\n>    1. y\n> 2. x\n>    1. y", &["1", "1-1", "2", "2-1"]);
    }

    #[test]
    fn a_heading_qualifies_where_no_paragraph_does() {
        check(
            "> ## Article 7\n>\n> 1. x\n>\n> ## Article 8\n>\n> 1. y\n>\n> ## Rest {#end}\n>\n> 1. z",
            &["article-7-1", "article-8-1", "end-1"],
        );
        check("> ## A\n>\n> (a) x\n>\n> ## A\n>\n> (a) y", &["a-a", "a-2-a"]);
        check("> ## NB\n>\n> (a) x\n>\n> ## —\n>\n> (a) y", &["section-nb-a", "section-a"]);
        check("> ## A\n>\n> One:\n>\n> (a) x\n>\n> (a) y", &["p1", "p1-a", "p1-a-2"]);
    }

    #[test]
    fn all_anchors_of_a_text_differ() {
        const PIECES: [&str; 18] = [
            "Words",
            "1. x",
            "(1) x",
            "2. x",
            "(a) x",
            "(b) x",
            "(i) x",
            "(ii) x",
            "I. x",
            "II. x",
            "a. x",
            "- x",
            "  1. x",
            "   (a) x",
            "## P1",
            "## A",
            "## A {#p1-a}",
            "(a) x\n> (a) y",
        ];
        let texts = proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24);
        let config = proptest::test_runner::Config {
            failure_persistence: None,
            ..proptest::test_runner::Config::default()
        };
        let result = proptest::test_runner::TestRunner::new(config).run(&texts, |pieces| {
            let units = units(&format!("> {}", pieces.join("\n>\n> ")));
            let anchors: BTreeSet<&str> = units.iter().map(|unit| &*unit.anchor).collect();
            assert_eq!(anchors.len(), units.len(), "{units:#?}");
            Ok(())
        });
        result.expect("no anchor twice");
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
