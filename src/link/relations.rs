//! Relations between norms, and from norms to sources: stated on one side,
//! known on both.

use std::collections::BTreeMap;

use super::{Linked, Target, Via};
use crate::diagnostic::{Diagnostic, catalog};
use crate::model::EntryIx;
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

impl Side<'_> {
    /// What readers of this side see: the label, or the inverse label.
    pub fn label(&self) -> &str {
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
        let Via::Field("relations", item) = incoming.via else { continue };
        let Some(norm) = linked.handbook.entry(incoming.from).norm() else { continue };
        let relation = &norm.relations[item];
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

/// A relation by its kind and its two ends: an entry and an anchor in it.
type Name<'a> = (&'a str, (EntryIx, String), (EntryIx, String));

/// Reports relations that are stated twice, be it on the same side or, for a
/// symmetric kind, on both.
pub fn check(linked: &Linked) -> Vec<Diagnostic> {
    let handbook = &linked.handbook;
    let vocabulary = &handbook.config.vocabularies.relations;
    let mut first: BTreeMap<Name<'_>, (EntryIx, usize)> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (ix, entry) in handbook.all().filter(|(_, entry)| entry.translation.is_none()) {
        for (item, relation) in entry.norm().iter().flat_map(|n| &n.relations).enumerate() {
            let (Some(word), Some(Target::Entry(to, anchor))) =
                (vocabulary.find(&relation.r#type), linked.target(ix, relation.to.span))
            else {
                continue;
            };
            let anchor = anchor.clone().unwrap_or_default();
            let mut ends = [(ix, String::new()), (*to, anchor)];
            if word.inverse.is_none() {
                ends.sort();
            }
            let [a, b] = ends;
            let name = (word.id.as_str(), a, b);
            if let Some((other, other_item)) = first.get(&name) {
                let other = handbook.entry(*other);
                let Some(there) = other.norm().and_then(|norm| norm.relations.get(*other_item))
                else {
                    continue;
                };
                let at = entry.doc.at(relation.to.span);
                let there = other.doc.at(there.to.span);
                diagnostics.push(catalog::relation_stated_twice(at, there, &word.label));
            } else {
                first.insert(name, (ix, item));
            }
        }
    }
    diagnostics
}
