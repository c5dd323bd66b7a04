//! Which sets of norms are related, and by which relations of their norms.
//!
//! Comes in: the handbook and what refers to each of its entries. Goes out: a
//! [`Concordance`], found in one walk over all relations, so that its cost
//! grows with the relations and not with the pairs of norms. Relations within
//! a set and relations to sources are deliberately not here.

use std::collections::BTreeMap;

use super::relations::Side;
use super::target::Field;
use super::{Linked, Links, Target, Via};
use crate::model::{EntryIx, Handbook};

/// A relation between norms of two sets, as seen from one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The norm on this side.
    pub norm: EntryIx,
    /// The anchor of the part of it that the relation names.
    pub part: Option<Box<str>>,
    /// The norm on the other side.
    pub other: EntryIx,
    /// The anchor of the part of the other norm that the relation names.
    pub other_part: Option<Box<str>>,
    /// Whether the norm on this side states the relation.
    stated: bool,
    /// Which of the relations of the norm that states it this is.
    item: usize,
    /// The kind of relation, by its rank in the vocabulary.
    rank: usize,
}

impl Tie {
    fn turned(&self) -> Tie {
        Tie {
            norm: self.other,
            part: self.other_part.clone(),
            other: self.norm,
            other_part: self.part.clone(),
            stated: !self.stated,
            item: self.item,
            rank: self.rank,
        }
    }
}

/// The pairs of sets whose norms are related. Sets are named by their place in
/// [`Handbook::sets`].
#[derive(Clone, Debug, Default)]
pub struct Concordance {
    /// Every pair in both directions. The ties of each come in the order of
    /// the norms in the first set, then of those in the second.
    pairs: BTreeMap<(usize, usize), Vec<Tie>>,
}

impl Concordance {
    /// Whether no two sets are related.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Every pair of related sets in both directions, in the order of sets.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.pairs.keys().copied()
    }

    /// The sets that a set is related to, in their order.
    pub fn beside(&self, set: usize) -> impl Iterator<Item = usize> {
        self.pairs.range((set, 0)..=(set, usize::MAX)).map(|((_, other), _)| *other)
    }

    /// The relations between two sets as seen from the first, in the order of
    /// its norms.
    pub fn ties(&self, set: usize, other: usize) -> &[Tie] {
        self.pairs.get(&(set, other)).map_or(&[], Vec::as_slice)
    }
}

/// What a reader of the norm on this side sees of a relation.
pub fn side<'a>(linked: &'a Linked, tie: &Tie) -> Side<'a> {
    let handbook = &linked.handbook;
    let stating = handbook.norm(if tie.stated { tie.norm } else { tie.other });
    Side {
        word: &handbook.config.vocabularies.relations.words()[tie.rank],
        stated: tie.stated,
        other: Target::Entry(tie.other, tie.other_part.clone()),
        note: stating.relations[tie.item].note.as_deref(),
    }
}

/// Gathers the relations between norms of different sets. `links` are those of
/// the handbook's entries, in the same order.
pub(super) fn gather(handbook: &Handbook, links: &[Links]) -> Concordance {
    let mut concordance = Concordance::default();
    for (norm, links) in links.iter().enumerate() {
        // A translation has the relations of its original.
        if handbook.entries[norm].translation.is_some() {
            continue;
        }
        for (via, target) in &links.own.found {
            let (Via::Field(Field::Relations, item), Target::Entry(to, part)) = (*via, target)
            else {
                continue;
            };
            let to = (*to, part.as_deref());
            if let Some((pair, tie)) = tie(handbook, EntryIx::new(norm), item as usize, to) {
                concordance.pairs.entry((pair.1, pair.0)).or_default().push(tie.turned());
                concordance.pairs.entry(pair).or_default().push(tie);
            }
        }
    }
    for ties in concordance.pairs.values_mut() {
        ties.sort_by_key(|tie| {
            let places = (handbook.placement(tie.norm), handbook.placement(tie.other));
            (places, tie.rank, !tie.stated, tie.item)
        });
    }
    concordance
}

/// A relation as its stating norm sees it, with the two sets; nothing for a
/// relation within one set, to a source, or of an unknown kind.
fn tie(
    handbook: &Handbook,
    norm: EntryIx,
    item: usize,
    (other, other_part): (EntryIx, Option<&str>),
) -> Option<((usize, usize), Tie)> {
    let (set, _) = handbook.placement(norm)?;
    let (other_set, _) = handbook.placement(other)?;
    let kind = &handbook.entry(norm).norm()?.relations.get(item)?.r#type;
    let vocabulary = &handbook.config.vocabularies.relations;
    let rank = vocabulary.words().iter().position(|word| word.id == kind.value)?;
    let other_part = other_part.map(Box::from);
    let tie = Tie { norm, part: None, other, other_part, stated: true, item, rank };
    (set != other_set).then_some(((set, other_set), tie))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config;
    use crate::date::PartialDate;
    use crate::id::Kind;
    use crate::model::{Parts, assemble};
    use crate::parse::parse;
    use crate::path::SourcePath;
    use crate::read::Source;

    fn linked(norms: &[(&str, &str)]) -> Linked {
        let norm = |(id, relations): &(&str, &str)| {
            let text =
                format!("---\ntitle: T\nnumber: {id}\nrelations: [{relations}]\n---\n\n> (a) A.\n");
            let path = SourcePath::new(format!("content/norms/{id}.md"));
            Arc::new(parse(&Source::new(path, text.into_bytes()), Kind::Norm).value)
        };
        let parts = Parts {
            docs: norms.iter().map(norm).collect(),
            assets: Vec::new(),
            config: config::read(None, None).value,
            today: PartialDate::day(2026, 11, 23).expect("a day"),
            drafts: false,
        };
        super::super::resolve(Arc::new(assemble(parts).value), None).value
    }

    /// The ties between two sets by their folders, a line each.
    #[track_caller]
    fn check(linked: &Linked, [set, other]: [&str; 2], expected: &[&str]) {
        let place = |id: &str| linked.handbook.sets.iter().position(|set| set.id == id);
        let (set, other) = (place(set).expect("a set"), place(other).expect("a set"));
        let number = |ix| linked.handbook.entry(ix).label();
        let part =
            |part: &Option<Box<str>>| part.iter().map(|p| format!("#{p}")).collect::<String>();
        let shown = linked.concordance.ties(set, other).iter().map(|tie| {
            let side = side(linked, tie);
            let (here, there) = (part(&tie.part), part(&tie.other_part));
            let note = side.note.map(|note| format!(": {note}")).unwrap_or_default();
            let (norm, other) = (number(tie.norm), number(tie.other));
            format!("{norm}{here} {} {other}{there}{note}", side.label())
        });
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn relations_read_from_either_side() {
        let linked = linked(&[
            ("x/1", "{type: implements, to: 'y/10#a', note: Why}, {type: parallels, to: y/2}"),
            ("y/2", ""),
            ("y/10", "{type: implements, to: x/1}"),
        ]);
        check(
            &linked,
            ["x", "y"],
            &["x/1 Parallels y/2", "x/1 Implements y/10#a: Why", "x/1 Implemented by y/10"],
        );
        check(
            &linked,
            ["y", "x"],
            &["y/2 Parallels x/1", "y/10 Implements x/1", "y/10#a Implemented by x/1: Why"],
        );
    }

    #[test]
    fn relations_within_a_set_make_no_pair() {
        let linked = linked(&[("x/1", "{type: parallels, to: x/2}"), ("x/2", ""), ("y/1", "")]);
        assert!(linked.concordance.is_empty());
    }

    #[test]
    fn nested_folders_and_none_are_sets_of_their_own() {
        let linked = linked(&[
            ("lone", "{type: parallels, to: x/1}"),
            ("x/1", "{type: parallels, to: x/deep/1}"),
            ("x/deep/1", ""),
        ]);
        let ids = |set: usize| linked.handbook.sets[set].id.as_str();
        let pairs: Vec<_> =
            linked.concordance.pairs().map(|(set, other)| (ids(set), ids(other))).collect();
        assert_eq!(pairs, [("", "x"), ("x", ""), ("x", "x/deep"), ("x/deep", "x")]);
        let beside: Vec<_> = linked.concordance.beside(1).map(ids).collect();
        assert_eq!(beside, ["", "x/deep"]);
    }

    #[test]
    fn relations_of_an_unknown_kind_make_no_pair() {
        let linked = linked(&[("x/1", "{type: likes, to: y/1}"), ("y/1", "")]);
        assert!(linked.concordance.is_empty());
    }
}
