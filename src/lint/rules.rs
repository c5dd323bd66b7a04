//! The checks behind [`LINTS`](super::LINTS).

use super::Found;
use crate::diagnostic::At;
use crate::id::Kind;
use crate::link::Linked;
use crate::link::target::Field;
use crate::model::{Entry, EntryIx};
use crate::parse::front_matter::Meta;

fn originals(linked: &Linked, kind: Kind) -> impl Iterator<Item = (EntryIx, &Entry)> {
    let handbook = &linked.handbook;
    let entries = handbook.of(kind).iter().map(|ix| (*ix, handbook.entry(*ix)));
    // A field that could not be read looks as if it were not there.
    entries.filter(|(_, entry)| entry.doc.sound)
}

/// The title's place, where the whole entry is meant.
fn at(entry: &Entry) -> At<'_> {
    entry.doc.at(entry.doc.meta.common().title.span)
}

pub(super) fn norm_without_theme(linked: &Linked, found: &mut Found<'_>) {
    for (_, entry) in originals(linked, Kind::Norm) {
        if entry.norm().is_some_and(|norm| norm.themes.is_empty()) {
            found.push(at(entry), "this norm belongs to no theme", "add `themes: [...]`");
        }
    }
}

pub(super) fn norm_without_source(linked: &Linked, found: &mut Found<'_>) {
    for (_, entry) in originals(linked, Kind::Norm) {
        if entry.norm().is_some_and(|norm| norm.source.is_none() && norm.sources.is_empty()) {
            let hint = "add `source: {ref: ..., locator: ...}`";
            found.push(at(entry), "this norm names no source", hint);
        }
    }
}

pub(super) fn norm_without_summary(linked: &Linked, found: &mut Found<'_>) {
    for (_, entry) in originals(linked, Kind::Norm) {
        if entry.doc.meta.common().summary.is_none() {
            found.push(at(entry), "this norm has no summary", "add `summary: ...`, one sentence");
        }
    }
}

pub(super) fn index_without_introduction(linked: &Linked, found: &mut Found<'_>) {
    for kind in [Kind::Theme, Kind::Forum] {
        for (_, entry) in originals(linked, kind) {
            if entry.doc.text[entry.doc.body.span.range()].trim().is_empty() {
                let message = format!("this {kind} has no introduction");
                found.push(at(entry), &message, "write it below the front matter");
            }
        }
    }
}

pub(super) fn index_without_norms(linked: &Linked, found: &mut Found<'_>) {
    for (kind, field) in [(Kind::Theme, Field::Themes), (Kind::Forum, Field::Forums)] {
        for (ix, entry) in originals(linked, kind) {
            if linked.by_field(ix, Kind::Norm, &[field]).is_empty() {
                let message = format!("no norm belongs to this {kind}");
                let hint = format!("name it under `{}` of a norm, or remove it", field.name());
                found.push(at(entry), &message, &hint);
            }
        }
    }
}

pub(super) fn source_never_cited(linked: &Linked, found: &mut Found<'_>) {
    for (ix, entry) in originals(linked, Kind::Source) {
        if linked.incoming(ix).is_empty() {
            found.push(at(entry), "nothing refers to this source", "cite it, or remove it");
        }
    }
}

pub(super) fn statement_without_pinpoint(linked: &Linked, found: &mut Found<'_>) {
    for (_, entry) in originals(linked, Kind::Statement) {
        let Meta::Statement(statement) = &entry.doc.meta else { continue };
        for position in statement.positions.iter().filter(|p| p.locator.is_none()) {
            let at = entry.doc.at(position.on.span);
            found.push(at, "this position has no pinpoint", "add `locator: ...` to the position");
        }
    }
}

pub(super) fn annotation_without_body(linked: &Linked, found: &mut Found<'_>) {
    for (_, entry) in originals(linked, Kind::Norm) {
        for note in entry.doc.body.annotations.iter().flat_map(|section| &section.annotations) {
            if entry.doc.text[note.body.range()].trim().is_empty() {
                let at = entry.doc.at(note.heading);
                found.push(at, "this annotation says nothing", "write it below its heading");
            }
        }
    }
}

/// The months after which a review is old, unless the settings say otherwise.
const REVIEW_MONTHS: i64 = 24;

pub(super) fn review_too_old(linked: &Linked, found: &mut Found<'_>) {
    let months = found.months.unwrap_or(REVIEW_MONTHS);
    for (_, entry) in originals(linked, Kind::Norm) {
        let reviewed = entry.norm().and_then(|norm| norm.reviewed);
        let hint = "review it and write the day: `reviewed: 2026-11-23`";
        match reviewed.map(|date| (date, date.months_until(linked.handbook.today))) {
            Some((_, age)) if age <= months => {}
            Some((date, age)) => {
                let message = format!("the last review, {}, is {age} months ago", date.long());
                found.push(at(entry), &message, hint);
            }
            None => found.push(at(entry), "this norm was never reviewed", hint),
        }
    }
}

pub(super) fn relation_without_note(linked: &Linked, found: &mut Found<'_>) {
    for (_, entry) in originals(linked, Kind::Norm) {
        for relation in entry.norm().iter().flat_map(|norm| &norm.relations) {
            if relation.note.is_none() {
                let at = entry.doc.at(relation.to.span);
                found.push(at, "this relation does not say why it holds", "add `note: ...`");
            }
        }
    }
}
