//! Relations between norms, and from norms to sources: stated on one side,
//! known on both.

use std::collections::{BTreeMap, BTreeSet};

use super::target::Field;
use super::{Linked, Target, Via};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::model::{Entry, EntryIx};
use crate::span::Span;
use crate::vocabulary::Word;

/// A relation as seen from one of its two sides.
#[derive(Clone, Debug, PartialEq)]
pub struct Side<'a> {
    /// The kind of relation.
    pub word: &'a Word,
    /// Whether this is the side on which it was stated.
    pub stated: bool,
    /// What stands on the other side.
    pub other: Target,
    /// Why, in a sentence.
    pub note: Option<&'a str>,
}

impl<'a> Side<'a> {
    /// What readers of this side see: the label, or the inverse label.
    pub fn label(&self) -> &'a str {
        match &self.word.inverse {
            Some(inverse) if !self.stated => inverse,
            _ => &self.word.label,
        }
    }
}

/// All relations of an entry, in the order of the vocabulary, those that it
/// states itself first.
pub fn of(linked: &Linked, entry: EntryIx) -> Vec<Side<'_>> {
    let mut sides = stated(linked, entry);
    for incoming in linked.incoming(entry) {
        let Via::Field(Field::Relations, item) = incoming.via else { continue };
        let Some(norm) = linked.handbook.entry(incoming.from).norm() else { continue };
        let relation = &norm.relations[item as usize];
        let vocabulary = &linked.handbook.config.vocabularies.relations;
        let Some(word) = vocabulary.find(&relation.r#type) else { continue };
        let other = Target::Entry(incoming.from, None);
        sides.push(Side { word, stated: false, other, note: relation.note.as_deref() });
    }
    let vocabulary = &linked.handbook.config.vocabularies.relations;
    sides.sort_by_key(|side| (vocabulary.rank(&side.word.id), !side.stated));
    sides
}

fn stated(linked: &Linked, entry: EntryIx) -> Vec<Side<'_>> {
    let Some(norm) = linked.handbook.entry(entry).norm() else { return Vec::new() };
    let vocabulary = &linked.handbook.config.vocabularies.relations;
    let side = |relation: &'_ crate::parse::front_matter::Relation| {
        let word = vocabulary.find(&relation.r#type)?;
        let other = linked.target(entry, relation.to.span)?.clone();
        Some((word, other))
    };
    norm.relations
        .iter()
        .filter_map(|relation| {
            let (word, other) = side(relation)?;
            Some(Side { word, stated: true, other, note: relation.note.as_deref() })
        })
        .collect()
}

/// A relation as its author stated it, between entries that exist.
struct Stated<'a> {
    from: EntryIx,
    from_entry: &'a Entry,
    to: EntryIx,
    anchor: Option<&'a str>,
    word: &'a Word,
    /// Where the other side is named.
    span: Span,
}

impl Stated<'_> {
    fn at(&self) -> At<'_> {
        self.from_entry.doc.at(self.span)
    }

    /// Whether two relations of the same two entries, stated from different
    /// sides, cannot both hold.
    fn contradicts(&self, other: &Stated<'_>) -> bool {
        self.from != other.from && self.word.id != FACT && other.word.id != FACT
    }

    /// Whether two relations of the same two entries say the same.
    fn repeats(&self, other: &Stated<'_>) -> bool {
        let same_way = self.from == other.from && self.anchor == other.anchor;
        let other_way = self.from == other.to && self.word.inverse.is_none();
        self.word.id == other.word.id && (same_way || other_way)
    }
}

/// That one text cites another is a fact which leaves room for any relation.
const FACT: &str = "cites";

/// Reports relations that cannot stand: stated twice, stated differently from
/// both sides, of a norm with itself, in a circle, or against the norm's own
/// status.
pub fn check(linked: &Linked) -> Vec<Diagnostic> {
    let all = all_stated(linked);
    let mut diagnostics = Vec::new();
    let mut pairs: BTreeMap<(EntryIx, EntryIx), Vec<&Stated<'_>>> = BTreeMap::new();
    for one in &all {
        if one.from == one.to {
            diagnostics.push(catalog::relation_with_itself(one.at(), &one.word.label));
            continue;
        }
        let pair = (one.from.min(one.to), one.from.max(one.to));
        let earlier = pairs.entry(pair).or_default();
        if let Some(first) = earlier.iter().find(|first| one.repeats(first)) {
            let found = catalog::relation_stated_twice(one.at(), first.at(), &one.word.label);
            diagnostics.push(found);
        } else if let Some(first) = earlier.iter().find(|first| one.contradicts(first)) {
            let (label, other) = (&one.word.label, &first.word.label);
            let found = catalog::relation_contradicted(one.at(), first.at(), label, other);
            diagnostics.push(found);
        }
        earlier.push(one);
    }
    for kind in ["supersedes", "amends"] {
        diagnostics.extend(circles(linked, &all, kind));
    }
    diagnostics.extend(all.iter().filter_map(|one| superseded_in_force(linked, one)));
    diagnostics
}

fn all_stated(linked: &Linked) -> Vec<Stated<'_>> {
    let handbook = &linked.handbook;
    let vocabulary = &handbook.config.vocabularies.relations;
    let originals = handbook.all().filter(|(_, entry)| entry.translation.is_none());
    let mut all = Vec::new();
    for (from, from_entry) in originals {
        for relation in from_entry.norm().iter().flat_map(|norm| &norm.relations) {
            let span = relation.to.span;
            if let (Some(word), Some(Target::Entry(to, anchor))) =
                (vocabulary.find(&relation.r#type), linked.target(from, span))
            {
                let anchor = anchor.as_deref();
                all.push(Stated { from, from_entry, to: *to, anchor, word, span });
            }
        }
    }
    all
}

/// Norms that, following relations of one kind, lead back to themselves. Each
/// circle is reported once, at the relation that closes it.
fn circles(linked: &Linked, all: &[Stated<'_>], kind: &str) -> Vec<Diagnostic> {
    let mut next: BTreeMap<EntryIx, Vec<&Stated<'_>>> = BTreeMap::new();
    for one in all.iter().filter(|one| one.word.id == kind && one.from != one.to) {
        next.entry(one.from).or_default().push(one);
    }
    let mut diagnostics = Vec::new();
    let mut done: BTreeSet<EntryIx> = BTreeSet::new();
    for &start in next.keys() {
        // The path from `start`: each norm with the relations not yet followed.
        let mut path: Vec<(EntryIx, usize)> = vec![(start, 0)];
        while let Some((norm, followed)) = path.last_mut() {
            let (norm, at) = (*norm, *followed);
            *followed += 1;
            let step = next.get(&norm).and_then(|steps| steps.get(at));
            let Some(step) = step.filter(|_| !done.contains(&norm)) else {
                done.insert(norm);
                path.pop();
                continue;
            };
            match path.iter().position(|(other, _)| *other == step.to) {
                Some(first) => {
                    let names = path[first..].iter().map(|(ix, _)| *ix).chain([step.to]);
                    let names = names.map(|ix| linked.handbook.entry(ix).key.to_string());
                    let names: Vec<String> = names.collect();
                    diagnostics.push(catalog::relation_circle(step.at(), kind, &names));
                }
                None => path.push((step.to, 0)),
            }
        }
    }
    diagnostics
}

/// A norm that another one supersedes, though its status says it is in force.
fn superseded_in_force(linked: &Linked, one: &Stated<'_>) -> Option<Diagnostic> {
    let handbook = &linked.handbook;
    let old = handbook.entry(one.to);
    let norm = old.norm().filter(|_| one.word.id == "supersedes" && one.anchor.is_none())?;
    let status = handbook.config.vocabularies.statuses.find(handbook.status(norm))?;
    let span = norm.status.as_ref().map_or(norm.title.span, |status| status.span);
    let newer = one.from_entry.key.to_string();
    let found = || catalog::superseded_in_force(old.doc.at(span), &status.label, &newer, one.at());
    status.in_force.then(found)
}
