//! Headings: their anchors, and the section of annotations.
//!
//! Comes in: the headings of a body as they were found. Goes out: an anchor
//! for each, unique on the page, and which of them are annotations.

use std::collections::{BTreeMap, BTreeSet};

use super::annotation::{self, Annotation, AnnotationSection};
use super::body::Body;
use super::markdown::slug;
use crate::date::PartialDate;
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::kept::exact;
use crate::path::SourcePath;
use crate::span::Span;

/// A heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Where it stands.
    pub span: Span,
    /// Its level as written, 1 to 6.
    pub level: u8,
    /// Its words without mark-up.
    pub text: Box<str>,
    /// Its anchor, unique in the entry.
    pub anchor: Box<str>,
}

/// A heading as it was found, before anchors are settled.
pub(super) struct RawHeading {
    pub(super) span: Span,
    pub(super) level: u8,
    pub(super) text: String,
    pub(super) id: Option<String>,
    pub(super) classes: Vec<String>,
    pub(super) attributes: Vec<(String, Option<String>)>,
    /// Whether it stands by itself and not in a quote or list.
    pub(super) top: bool,
}

/// Whether an anchor may belong to a part of the page itself: the templates
/// and the writer of HTML give theirs these beginnings.
fn reserved(anchor: &str) -> bool {
    anchor.starts_with("nb-") || anchor.starts_with("fn-")
}

/// The anchor as it is, unless it is empty or it, or what is made by adding to
/// it, belongs to the page itself.
pub(super) fn unreserved(anchor: String) -> String {
    match anchor.as_str() {
        "" => "section".to_owned(),
        name if reserved(name) || name == "nb" || name == "fn" => format!("section-{name}"),
        _ => anchor,
    }
}

/// Finds the annotation section and its annotations. A second section is an
/// error, so that what is commentary and what is not stays plain.
pub(super) fn annotations(
    headings: &[RawHeading],
    body: Span,
    path: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<AnnotationSection> {
    let is_section = |heading: &&RawHeading| {
        heading.top
            && heading.level == 2
            && (heading.text.trim().eq_ignore_ascii_case("annotations")
                || heading.classes.iter().any(|class| class == "annotations"))
    };
    let mut sections = headings.iter().filter(is_section);
    let Some(section) = sections.next() else {
        report_misspelt(headings, path, diagnostics);
        return None;
    };
    for another in sections {
        diagnostics.push(catalog::annotations_twice(At::new(path, another.span)));
    }
    let after =
        |span: Span| headings.iter().filter(move |h| h.top && h.span.start() > span.start());
    let end = after(section.span).find(|h| h.level <= 2).map_or(body.end(), |h| h.span.start());
    let own: Vec<&RawHeading> =
        after(section.span).filter(|h| h.level == 3 && h.span.start() < end).collect();
    let ends = own.iter().skip(1).map(|heading| heading.span.start()).chain([end]);
    let annotations = own
        .iter()
        .zip(ends)
        .map(|(heading, end)| annotation_at(heading, end, path, diagnostics))
        .collect();
    Some(AnnotationSection { span: Span::new(section.span.start(), end), annotations })
}

/// Reports headings that were probably meant for the annotations.
fn report_misspelt(headings: &[RawHeading], path: &SourcePath, diagnostics: &mut Vec<Diagnostic>) {
    const MEANT: &str = "annotations";
    const MISTAKES: usize = 2;
    for heading in headings.iter().filter(|heading| heading.top && heading.level <= 3) {
        let text = heading.text.trim().to_lowercase();
        // Most differ so much in length that they need not be compared.
        let near = text.chars().count().abs_diff(MEANT.len()) <= MISTAKES;
        if near && strsim::damerau_levenshtein(&text, MEANT) <= MISTAKES {
            let at = At::new(path, heading.span);
            diagnostics.push(catalog::annotations_heading(at, heading.text.trim()));
        }
    }
}

fn annotation_at(
    heading: &RawHeading,
    end: usize,
    path: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) -> Annotation {
    let date = annotation::date(&heading.attributes).and_then(|written| {
        let date: Option<PartialDate> = written.parse().ok();
        if date.is_none() {
            let at = At::new(path, heading.span);
            diagnostics.push(catalog::annotation_date(at, &written));
        }
        date
    });
    Annotation {
        heading: heading.span,
        body: Span::new(heading.span.end().min(end), end),
        anchor: Box::default(),
        subject: annotation::subject(&heading.text),
        kind: heading.classes.first().cloned(),
        date,
    }
}

/// Gives every heading and annotation an anchor that nothing else on the page
/// has; reports anchors that the author gave twice.
pub(super) fn settle_anchors(
    body: &mut Body,
    headings: Vec<RawHeading>,
    path: &SourcePath,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let units = body.norm_text.iter().flat_map(|text| &text.units);
    let mut names = Names::of(units.map(|unit| unit.anchor.to_string()));
    for heading in &headings {
        let Some(id) = &heading.id else { continue };
        let at = At::new(path, heading.span);
        if reserved(id) {
            diagnostics.push(catalog::reserved_anchor(at, id));
        } else if !names.take(id.clone()) {
            diagnostics.push(catalog::duplicate_anchor(at, id));
        }
    }
    let mut others = Vec::new();
    for heading in headings {
        let note = body.annotations.as_mut().and_then(|section| {
            let notes = &mut section.annotations;
            let at = notes.binary_search_by_key(&heading.span, |note| note.heading).ok()?;
            Some(&mut notes[at])
        });
        let prefix = if note.is_some() { "note-" } else { "" };
        let default = || {
            let name = format!("{prefix}{}", slug(&heading.text));
            name.trim_end_matches('-').to_owned()
        };
        let anchor = heading.id.unwrap_or_else(|| names.free(unreserved(default())));
        match note {
            Some(note) => note.anchor = anchor.into(),
            None => others.push(Heading {
                span: heading.span,
                level: heading.level,
                text: heading.text.into(),
                anchor: anchor.into(),
            }),
        }
    }
    body.headings = exact(others);
}

/// The anchors that are given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// The last number that was put behind an anchor.
    numbers: BTreeMap<String, usize>,
}

impl Names {
    /// Anchors that are given already.
    fn of(taken: impl Iterator<Item = String>) -> Names {
        Names { taken: taken.collect(), numbers: BTreeMap::new() }
    }

    /// Gives an anchor as it is; answers whether it was free.
    pub(super) fn take(&mut self, anchor: String) -> bool {
        self.taken.insert(anchor)
    }

    /// The anchor itself, or with the first number that makes it free.
    pub(super) fn free(&mut self, anchor: String) -> String {
        if self.taken.insert(anchor.clone()) {
            return anchor;
        }
        let number = self.numbers.entry(anchor.clone()).or_insert(1);
        loop {
            *number += 1;
            let candidate = format!("{anchor}-{number}");
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Kind;
    use crate::parse::body;

    #[track_caller]
    fn check(text: &str, anchors: &[&str], codes: &[&str]) {
        let path = SourcePath::new("content/norms/a.md");
        let body = body::parse(text, Span::new(0, text.len()), Kind::Norm, &path);
        assert_eq!(body.value.anchors().collect::<Vec<_>>(), anchors);
        let found: Vec<&str> = body.diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(found, codes);
    }

    #[test]
    fn a_note_never_has_the_anchor_of_something_else() {
        check(
            "> ## Note x\n>\n> (a) y\n>\n> ## Note {#note-p}\n>\n> (a) z\n\n\
             ## Note a\n\n## Annotations\n\n### X\n\n### A\n\n### P\n\n### —\n",
            &[
                "note-x-a",
                "note-p-a",
                "note-x",
                "note-p",
                "note-a",
                "annotations",
                "note-x-2",
                "note-a-2",
                "note-p-2",
                "note",
            ],
            &[],
        );
        check("> Text.\n\n## P1\n\n## NB\n\n## —\n", &["p1", "p1-2", "section-nb", "section"], &[]);
    }

    #[test]
    fn a_second_section_of_annotations_is_reported() {
        check(
            "> Text.\n\n## Annotations\n\n### A\n\n## Notes {.annotations}\n\n### B\n",
            &["p1", "annotations", "notes", "b", "note-a"],
            &["annotations-twice"],
        );
    }
}
