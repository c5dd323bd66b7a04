//! Annotations to the phrases of the norm's text: exactly once, or an error.
//!
//! Comes in: a norm's entry. Goes out: where each annotated phrase stands,
//! numbered in reading order. A phrase is never anchored approximately; what
//! is nearly right is only named in the message.

use crate::diagnostic::{Checked, catalog};
use crate::model::Entry;
use crate::parse::annotation::{Annotation, Subject};
use crate::parse::letters::{self, Letter};
use crate::span::{Span, position};

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

/// Finds the phrases of all annotations of an entry.
pub fn of(entry: &Entry) -> Checked<Vec<Phrase>> {
    let body = &entry.doc.body;
    let Some(section) = &body.annotations else { return Checked::default() };
    let text = body.norm_text.as_ref().map(|text| letters::of_markdown(&entry.doc.text, text.span));
    let text = text.unwrap_or_default();
    let mut found = Checked::new(Vec::new(), Vec::new());
    for (place, annotation) in section.annotations.iter().enumerate() {
        match locate(entry, annotation, &text) {
            Ok(Some(span)) => found.value.push(Phrase { annotation: place, number: 0, span }),
            Ok(None) => {}
            Err(problem) => found.diagnostics.push(*problem),
        }
    }
    found.value.sort_by_key(|phrase| (phrase.span.start, std::cmp::Reverse(phrase.span.end)));
    for (place, phrase) in found.value.iter_mut().enumerate() {
        phrase.number = place + 1;
    }
    found
}

type Located = Result<Option<Span>, Box<crate::diagnostic::Diagnostic>>;

/// Where an annotation's phrase stands; nothing for one on the whole norm.
fn locate(entry: &Entry, annotation: &Annotation, text: &[Letter]) -> Located {
    let Subject::Phrase { passage, phrase } = &annotation.subject else { return Ok(None) };
    let at = entry.doc.at(annotation.heading);
    if text.is_empty() {
        return Err(Box::new(catalog::annotation_without_text(at)));
    }
    let wanted = letters::of_phrase(passage);
    let starts = letters::find(text, &wanted);
    match starts.as_slice() {
        [start] => {
            let found = &text[*start..start + wanted.len()];
            let inside =
                |letter: &&Letter| phrase.start <= letter.at.start && letter.at.end <= phrase.end;
            let first = wanted.iter().position(|letter| inside(&letter));
            let last = wanted.iter().rposition(|letter| inside(&letter));
            let (Some(first), Some(last)) = (first, last) else {
                return Err(Box::new(catalog::annotation_without_text(at)));
            };
            Ok(Some(Span::new(found[first].at.start, found[last].at.end)))
        }
        [] => {
            let near = nearest_passages(entry, text, &wanted);
            Err(Box::new(catalog::annotation_not_found(at, passage, &near)))
        }
        several => {
            let found = several.iter().map(|start| passage_at(entry, text, *start, wanted.len()));
            Err(Box::new(catalog::annotation_ambiguous(at, passage, &found.collect::<Vec<_>>())))
        }
    }
}

/// A passage with its surroundings and its place, for messages.
fn passage_at(entry: &Entry, text: &[Letter], start: usize, length: usize) -> String {
    const AROUND: usize = 20;
    let line = |letter: &Letter| letter.letter == '\n';
    let end = (start + length).min(text.len());
    let from = text[start.saturating_sub(AROUND)..start].iter().rposition(line);
    let from =
        from.map_or(start.saturating_sub(AROUND), |at| start.saturating_sub(AROUND) + at + 1);
    let to = text[end..]
        .iter()
        .take(AROUND)
        .position(line)
        .map_or((end + AROUND).min(text.len()), |at| end + at);
    let words: String = text[from..to].iter().map(|letter| letter.letter).collect();
    let place = position(&entry.doc.text, text[start].at.start);
    format!("line {}, column {}: “{}”", place.line, place.column, words.trim())
}

/// The passages most like a phrase that is not there, best first, at most
/// two: windows of as many words that are at least half alike.
fn nearest_passages(entry: &Entry, text: &[Letter], wanted: &[Letter]) -> Vec<String> {
    let words: Vec<usize> = (0..text.len())
        .filter(|at| {
            let before = at.checked_sub(1).map_or('\n', |before| text[before].letter);
            before.is_whitespace() && !text[*at].letter.is_whitespace()
        })
        .collect();
    let phrase: String = wanted.iter().map(|letter| letter.letter).collect();
    let mut scored: Vec<(usize, usize)> = Vec::new();
    for start in words {
        let end = (start + wanted.len()).min(text.len());
        let window: String = text[start..end].iter().map(|letter| letter.letter).collect();
        let likeness = strsim::normalized_levenshtein(&phrase, &window);
        if likeness >= 0.5 {
            scored.push(((likeness * 1000.0) as usize, start));
        }
    }
    scored.sort_by_key(|(likeness, start)| (std::cmp::Reverse(*likeness), *start));
    let best = scored.iter().take(2);
    best.map(|(_, start)| passage_at(entry, text, *start, wanted.len())).collect()
}
