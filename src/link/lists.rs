//! Lists of norms that are long, and of which many pages show a part: each is
//! put in order once, when it is first asked for.

use std::collections::BTreeMap;

use super::Linked;
use crate::id::Kind;
use crate::model::{EntryIx, Handbook, order};
use crate::parse::front_matter::Norm;

/// The norms of themes and forums.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    norms: BTreeMap<EntryIx, Vec<EntryIx>>,
    crossed: BTreeMap<EntryIx, BTreeMap<EntryIx, Vec<EntryIx>>>,
}

impl Facets {
    /// Gathers the norms of every theme and forum of a handbook.
    pub fn of(linked: &Linked) -> Facets {
        let handbook = &linked.handbook;
        let mut facets = Facets::default();
        for ix in in_order_of_status(handbook) {
            let Norm { themes, forums, .. } = handbook.norm(ix);
            let [themes, forums] = [themes, forums].map(|references| {
                let entries = references.iter().filter_map(|to| linked.refers(ix, to));
                let mut entries: Vec<EntryIx> = entries.collect();
                entries.sort();
                entries.dedup();
                entries
            });
            for (own, others) in [(&themes, &forums), (&forums, &themes)] {
                for entry in own {
                    facets.norms.entry(*entry).or_default().push(ix);
                    let crossed = facets.crossed.entry(*entry).or_default();
                    others.iter().for_each(|other| crossed.entry(*other).or_default().push(ix));
                }
            }
        }
        facets
    }

    /// The norms of a theme or forum, in the order of their statuses.
    pub fn norms(&self, entry: EntryIx) -> &[EntryIx] {
        self.norms.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// The same norms by the entries of the other kind that they belong to.
    pub fn crossed(&self, entry: EntryIx) -> impl Iterator<Item = (EntryIx, &[EntryIx])> {
        let crossed = self.crossed.get(&entry).into_iter().flatten();
        crossed.map(|(other, norms)| (*other, norms.as_slice()))
    }

    /// The norms that belong to both a theme and a forum, named in any order.
    pub fn crossing(&self, entry: EntryIx, other: EntryIx) -> &[EntryIx] {
        let crossed = self.crossed.get(&entry).and_then(|crossed| crossed.get(&other));
        crossed.map_or(&[], Vec::as_slice)
    }
}

/// All norms by their statuses, in the order of the vocabulary.
fn in_order_of_status(handbook: &Handbook) -> Vec<EntryIx> {
    let statuses = &handbook.config.vocabularies.statuses;
    let mut norms = handbook.of(Kind::Norm).to_vec();
    norms.sort_by_cached_key(|ix| {
        let status = handbook.status(handbook.norm(*ix));
        (statuses.rank(status), status)
    });
    norms
}

/// All norms by number.
pub(super) fn by_number(handbook: &Handbook) -> Vec<EntryIx> {
    let mut norms = handbook.of(Kind::Norm).to_vec();
    norms.sort_by(|a, b| order::by_number(handbook.entry(*a), handbook.entry(*b)));
    norms
}
