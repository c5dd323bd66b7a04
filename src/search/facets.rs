//! The values by which a search is narrowed down: kind, theme, forum, status,
//! actor.
//!
//! Many documents have the same values, so those of a document are one number:
//! its place in the list of all combinations that occur.

use std::collections::BTreeMap;

use serde::Serialize;

use super::postings::digit;
use crate::id::Kind;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::parse::front_matter::Meta;

/// A dimension to narrow a search by.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Facet {
    /// Its name in addresses.
    name: &'static str,
    label: &'static str,
    /// The name in addresses and the label of every value, in order.
    values: Vec<(String, String)>,
    /// The combinations of values that occur, by their places.
    sets: Vec<Vec<usize>>,
    /// For every document the place of its combination, in `width` digits of
    /// six bits, the highest first: each can be read where it stands.
    documents: String,
    width: u32,
}

/// All facets that have a value.
pub(super) fn facets(linked: &Linked) -> Vec<Facet> {
    let related: Vec<Vec<EntryIx>> =
        linked.handbook.all().map(|(ix, _)| related(linked, ix)).collect();
    let entries = |kind: Kind, label: &'static str| entries(linked, &related, kind, label);
    let all = [kinds(linked), entries(Kind::Theme, "Theme"), entries(Kind::Forum, "Forum")];
    let rest = [statuses(linked), entries(Kind::Actor, "Actor")];
    all.into_iter().chain(rest).filter(|facet| !facet.values.is_empty()).collect()
}

fn kinds(linked: &Linked) -> Facet {
    let present: Vec<Kind> =
        Kind::ALL.into_iter().filter(|kind| !linked.handbook.of(*kind).is_empty()).collect();
    let values = present.iter().map(|kind| (kind.name().to_owned(), kind.plural().to_owned()));
    let values = values.collect();
    facet(linked, ("kind", "Kind"), values, |ix| {
        let kind = linked.handbook.entry(ix).key.kind;
        present.iter().position(|present| *present == kind).into_iter().collect()
    })
}

fn statuses(linked: &Linked) -> Facet {
    let handbook = &linked.handbook;
    let words = handbook.config.vocabularies.statuses.words();
    let values = words.iter().map(|word| (word.id.clone(), word.label.clone())).collect();
    facet(linked, ("status", "Status"), values, |ix| {
        let norm = handbook.entry(ix).norm();
        let status = norm.map(|norm| handbook.status(norm));
        words.iter().position(|word| Some(word.id.as_str()) == status).into_iter().collect()
    })
}

/// A facet whose values are the entries of a kind; `related` are those that each
/// entry belongs to.
fn entries(linked: &Linked, related: &[Vec<EntryIx>], kind: Kind, label: &'static str) -> Facet {
    let handbook = &linked.handbook;
    let values = handbook.of(kind).iter().map(|ix| {
        let entry = handbook.entry(*ix);
        let label = match &entry.doc.meta {
            Meta::Forum(forum) => forum.abbreviation.as_deref(),
            _ => None,
        };
        (entry.key.id.to_string(), label.unwrap_or(entry.title()).to_owned())
    });
    let of_kind = |ix: &&EntryIx| {
        let entry = handbook.entry(**ix);
        entry.key.kind == kind && entry.translation.is_none()
    };
    facet(linked, (kind.name(), label), values.collect(), |ix| {
        related[ix.at()].iter().filter(of_kind).map(|other| handbook.rank(*other)).collect()
    })
}

/// The themes, forums and actors that an entry belongs to: itself, those that
/// its front matter names, and for a norm those who took a stance on it.
fn related(linked: &Linked, ix: EntryIx) -> Vec<EntryIx> {
    let refers = |reference| linked.refers(ix, reference);
    let mut related: Vec<EntryIx> = vec![ix];
    match &linked.handbook.entry(ix).doc.meta {
        Meta::Norm(norm) => {
            related.extend(norm.themes.iter().chain(&norm.forums).filter_map(refers));
            related.extend(linked.stances.on(ix).map(|stances| stances[0].actor));
        }
        Meta::Statement(statement) => {
            related.extend(statement.actors.iter().chain(&statement.forum).filter_map(refers));
        }
        Meta::Source(source) => {
            let authors = source.authors.iter();
            related.extend(authors.filter_map(|author| linked.refers(ix, author)));
        }
        Meta::Theme(theme) => related.extend(theme.broader.iter().filter_map(refers)),
        Meta::Forum(forum) => related.extend(forum.parent.iter().filter_map(refers)),
        Meta::Actor(_) | Meta::Term(_) | Meta::Page(_) => {}
    }
    related
}

/// Makes a facet; `of` answers the places of an original entry's values.
fn facet(
    linked: &Linked,
    (name, label): (&'static str, &'static str),
    values: Vec<(String, String)>,
    of: impl Fn(EntryIx) -> Vec<usize>,
) -> Facet {
    let handbook = &linked.handbook;
    let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    let mut places: Vec<usize> = Vec::with_capacity(handbook.entries.len());
    for (ix, entry) in handbook.all() {
        // A translation has the facts of its original.
        let original = entry.translation.as_ref().and_then(|_| handbook.find(&entry.key));
        let mut set = of(original.unwrap_or(ix));
        set.sort_unstable();
        set.dedup();
        let place = known.get(&set).copied().unwrap_or_else(|| {
            sets.push(set.clone());
            known.insert(set, sets.len() - 1);
            sets.len() - 1
        });
        places.push(place);
    }
    let width = sets.len().saturating_sub(1).checked_ilog2().map_or(1, |bits| bits / 6 + 1);
    let digits = |place: usize| (0..width).rev().map(move |at| digit(place >> (6 * at) & 63));
    let documents = places.into_iter().flat_map(digits).collect();
    Facet { name, label, values, sets, documents, width }
}
