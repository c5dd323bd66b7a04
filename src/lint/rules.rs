//! The checks behind [`LINTS`](super::LINTS).

use super::Found;
use crate::diagnostic::At;
use crate::id::Kind;
use crate::link::Linked;
use crate::model::{Entry, EntryIx};

fn originals(linked: &Linked, kind: Kind) -> impl Iterator<Item = (EntryIx, &Entry)> {
    let handbook = &linked.handbook;
    handbook.of(kind).iter().map(|ix| (*ix, handbook.entry(*ix)))
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
    for (kind, field) in [(Kind::Theme, "themes"), (Kind::Forum, "forums")] {
        for (ix, entry) in originals(linked, kind) {
            if linked.by_field(ix, Kind::Norm, &[field]).is_empty() {
                let message = format!("no norm belongs to this {kind}");
                let hint = format!("name it under `{field}` of a norm, or remove it");
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
