//! Annotations to the phrases of the norm's text: exactly once, or an error.
//!
//! Comes in: the annotations of a norm, and its text. Goes out: where each
//! annotated phrase stands, numbered in reading order. A phrase is never anchored approximately; what
//! is nearly right is only named in the message.

use std::collections::BTreeMap;

use super::annotation::{self, Annotation, AnnotationSection, Subject};
use super::letters::{self, Letter};
use crate::diagnostic::{At, Checked, catalog};
use crate::path::SourcePath;
use crate::span::{Span, position};

/// How many places of an ambiguous phrase a message names.
const AMBIGUOUS_SHOWN: usize = 4;

/// How many letters of a phrase are compared with other passages, and with how
/// many of them: what a message costs does not depend on the text.
const COMPARED: usize = 400;
const CANDIDATES: usize = 100;

/// An annotation's phrase, found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The annotation, by its place in the entry.
    pub annotation: usize,
    /// Its number in reading order, from 1.
    pub number: usize,
    /// From the first to the last letter, mark-up between them included.
    pub span: Span,
}

/// The file that annotations stand in.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) path: &'a SourcePath,
    pub(super) source: &'a str,
}

/// Finds the phrases of all annotations in the norm's text.
pub(super) fn find(
    file: File<'_>,
    section: &AnnotationSection,
    text: &[Letter],
) -> Checked<Vec<Phrase>> {
    let mut found = Checked::new(Vec::new(), Vec::new());
    for (place, annotation) in section.annotations.iter().enumerate() {
        match locate(file, annotation, text) {
            Ok(Some(span)) => found.value.push(Phrase { annotation: place, number: 0, span }),
            Ok(None) => {}
            Err(problem) => found.diagnostics.push(*problem),
        }
    }
    found.value.sort_by_key(|phrase| (phrase.span.start(), std::cmp::Reverse(phrase.span.end())));
    for (place, phrase) in found.value.iter_mut().enumerate() {
        phrase.number = place + 1;
    }
    found
}

type Located = Result<Option<Span>, Box<crate::diagnostic::Diagnostic>>;

/// Where an annotation's phrase stands; nothing for one on the whole norm.
fn locate(file: File<'_>, annotation: &Annotation, text: &[Letter]) -> Located {
    let at = At::new(file.path, annotation.heading);
    let (passage, phrase) = match &annotation.subject {
        Subject::Phrase { passage, phrase } => (passage, phrase),
        Subject::Whole(title) if is_broken_quotation(title, text) => {
            return Err(Box::new(catalog::annotation_quotation(at)));
        }
        Subject::Whole(_) => return Ok(None),
    };
    if text.is_empty() {
        return Err(Box::new(catalog::annotation_without_text(at)));
    }
    let wanted = letters::of_phrase(passage);
    let starts = letters::find(text, &wanted);
    match starts.as_slice() {
        [start] => {
            let found = &text[*start..start + wanted.len()];
            let inside = |letter: &&Letter| {
                phrase.start() <= letter.at.start() && letter.at.end() <= phrase.end()
            };
            let first = wanted.iter().position(|letter| inside(&letter));
            let last = wanted.iter().rposition(|letter| inside(&letter));
            let (Some(first), Some(last)) = (first, last) else {
                return Err(Box::new(catalog::annotation_without_text(at)));
            };
            Ok(Some(Span::new(found[first].at.start(), found[last].at.end())))
        }
        [] => {
            let near = nearest_passages(file, text, &wanted);
            Err(Box::new(catalog::annotation_not_found(at, passage, &near)))
        }
        several => {
            let shown = several.iter().take(AMBIGUOUS_SHOWN);
            let shown: Vec<String> = shown
                .map(|start| Passage::at(text, *start, wanted.len()).in_file(file, text))
                .collect();
            let times = several.len();
            Err(Box::new(catalog::annotation_ambiguous(at, passage, times, &shown)))
        }
    }
}

/// Whether a title was meant to quote. What may be an apostrophe is one unless
/// the norm's text has the words after it.
fn is_broken_quotation(title: &str, text: &[Letter]) -> bool {
    let Some(unclosed) = annotation::unclosed(title) else { return false };
    let stands_there = |words: &str| {
        let words = letters::of_phrase(&words.replace(['[', ']'], ""));
        !letters::find(text, &words).is_empty()
    };
    !unclosed.apostrophe || unclosed.candidates.iter().any(|words| stands_there(words))
}

/// A passage with its surroundings, for messages.
struct Passage {
    start: usize,
    end: usize,
    words: String,
}

impl Passage {
    fn at(text: &[Letter], start: usize, length: usize) -> Passage {
        const AROUND: usize = 20;
        let line = |letter: &Letter| letter.letter == '\n';
        let end = (start + length).min(text.len());
        let before = start.saturating_sub(AROUND);
        let from = text[before..start].iter().rposition(line).map_or(before, |at| before + at + 1);
        let after = (end + AROUND).min(text.len());
        let to = text[end..after].iter().position(line).map_or(after, |at| end + at);
        let words: String = text[from..to].iter().map(|letter| letter.letter).collect();
        Passage { start, end, words: words.trim().to_owned() }
    }

    /// The passage and its place.
    fn in_file(&self, file: File<'_>, text: &[Letter]) -> String {
        let place = position(file.source, text[self.start].at.start());
        format!("line {}, column {}: “{}”", place.line, place.column, self.words)
    }

    /// Whether two passages tell a reader different things.
    fn differs(&self, other: &Passage) -> bool {
        (self.end <= other.start || other.end <= self.start) && self.words != other.words
    }
}

/// The passages most like a phrase that is not there, best first, at most
/// two: windows of as many letters that are at least half alike.
fn nearest_passages(file: File<'_>, text: &[Letter], wanted: &[Letter]) -> Vec<String> {
    let compared = &wanted[..wanted.len().min(COMPARED)];
    let phrase: String = compared.iter().map(|letter| letter.letter).collect();
    let mut scored: Vec<(usize, usize)> = Vec::new();
    for start in candidates(text, compared) {
        let end = (start + compared.len()).min(text.len());
        let window: String = text[start..end].iter().map(|letter| letter.letter).collect();
        let likeness = strsim::normalized_levenshtein(&phrase, &window);
        if likeness >= 0.5 {
            scored.push(((likeness * 1000.0) as usize, start));
        }
    }
    scored.sort_by_key(|(likeness, start)| (std::cmp::Reverse(*likeness), *start));
    let mut passages = scored.iter().map(|(_, start)| Passage::at(text, *start, wanted.len()));
    let Some(best) = passages.next() else { return Vec::new() };
    let second = passages.find(|second| second.differs(&best));
    std::iter::once(best).chain(second).map(|passage| passage.in_file(file, text)).collect()
}

/// The beginnings of words where a window shares the most pairs of letters
/// with a phrase, best first. One pass over the text: the pairs of the window
/// are counted as it moves.
fn candidates(text: &[Letter], wanted: &[Letter]) -> Vec<usize> {
    let pair = |two: &[Letter]| (two[0].letter, two[1].letter);
    let mut pairs: BTreeMap<(char, char), (usize, usize)> = BTreeMap::new();
    for two in wanted.windows(2) {
        let next = pairs.len();
        pairs.entry(pair(two)).or_insert((next, 0)).1 += 1;
    }
    let known: Vec<Option<(usize, usize)>> =
        text.windows(2).map(|two| pairs.get(&pair(two)).copied()).collect();
    let mut seen = vec![0_usize; pairs.len()];
    let mut shared = 0;
    let mut entered = 0;
    let mut scored: Vec<(usize, usize)> = Vec::new();
    for start in 0..text.len() {
        let end = (start + wanted.len()).saturating_sub(1).min(known.len());
        for (pair, times) in known[entered.min(end)..end].iter().flatten() {
            seen[*pair] += 1;
            shared += usize::from(seen[*pair] <= *times);
        }
        entered = entered.max(end);
        if begins_word(text, start) {
            scored.push((shared, start));
        }
        if let Some(Some((pair, times))) = known.get(start).filter(|_| start < entered) {
            shared -= usize::from(seen[*pair] <= *times);
            seen[*pair] -= 1;
        }
    }
    scored.sort_by_key(|(shared, start)| (std::cmp::Reverse(*shared), *start));
    scored.into_iter().take(CANDIDATES).map(|(_, start)| start).collect()
}

/// Whether a passage may begin here; in scripts without spaces, anywhere.
fn begins_word(text: &[Letter], at: usize) -> bool {
    let before = at.checked_sub(1).map_or('\n', |before| text[before].letter);
    let letter = text[at].letter;
    letters::writes_without_spaces(letter) || (before.is_whitespace() && !letter.is_whitespace())
}
