//! A linked handbook as its pages are made from it: what very many pages show
//! alike is made once, as templates see it.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::ptr;
use std::sync::OnceLock;

use tera::Value;

use crate::link::Linked;
use crate::model::EntryIx;
use crate::path::Address;
use crate::vocabulary::Word;

/// As many folders as pages stand below the site's root, and links climb from
/// there; the few from deeper pages are not shared.
const CLIMBS: usize = 6;

/// A linked handbook, with links to its entries and the words of its
/// vocabularies as values that views share.
#[derive(Debug)]
pub struct Shelf {
    linked: Linked,
    /// The links to each entry that climb to the site's root first, by the
    /// folders that they climb. Others are shared by few pages.
    links: Vec<[OnceLock<Value>; CLIMBS]>,
    /// The section of the site that each entry stands in, by its place in
    /// `sections`. So many links are asked for that it matters how near this is.
    section_of: Vec<u32>,
    sections: Vec<String>,
    /// The words of the vocabularies, by where they lie in memory: they stay
    /// there as long as the handbook.
    words: Vec<(usize, Value)>,
}

impl Shelf {
    /// Takes a linked handbook.
    pub fn new(linked: Linked) -> Shelf {
        let links = linked.handbook.all().map(|_| Default::default()).collect();
        let section = |(ix, _)| linked.routes.entry(ix).section();
        let sections: BTreeSet<&str> = linked.handbook.all().map(section).collect();
        let sections: Vec<String> = sections.into_iter().map(str::to_owned).collect();
        let place_of = |name: &str| sections.partition_point(|known| known.as_str() < name) as u32;
        let section_of = linked.handbook.all().map(|entry| place_of(section(entry))).collect();
        let vocabularies = linked.handbook.config.vocabularies.all();
        let words = vocabularies.iter().flat_map(|(_, vocabulary)| vocabulary.words());
        let words = words.map(|word| (place(word), Value::from_serializable(word)));
        let mut words: Vec<(usize, Value)> = words.collect();
        words.sort_by_key(|(place, _)| *place);
        Shelf { linked, links, section_of, sections, words }
    }

    /// The link to an entry from a page, as `make` makes it.
    pub(super) fn link(&self, ix: EntryIx, from: &Address, make: impl FnOnce() -> Value) -> Value {
        let section = &self.sections[self.section_of[ix.at()] as usize];
        let climbs = section.is_empty() || !from.as_str().starts_with(section.as_str());
        match self.links[ix.at()].get(from.depth()).filter(|_| climbs) {
            Some(shared) => shared.get_or_init(make).clone(),
            None => make(),
        }
    }

    /// A word of the handbook's vocabularies.
    pub(super) fn word(&self, word: &Word) -> Value {
        let found = self.words.binary_search_by_key(&place(word), |(place, _)| *place);
        found.map_or_else(|_| Value::from_serializable(word), |at| self.words[at].1.clone())
    }
}

impl Deref for Shelf {
    type Target = Linked;

    fn deref(&self) -> &Linked {
        &self.linked
    }
}

fn place(word: &Word) -> usize {
    ptr::from_ref(word).addr()
}

#[cfg(test)]
mod tests {
    use super::super::view;
    use super::*;
    use crate::date::PartialDate;
    use crate::path::{Address, SourcePath};
    use crate::pipeline::{Options, Pipeline};
    use crate::read::Snapshot;

    fn shelf() -> Shelf {
        let theme = (SourcePath::new("content/themes/t.md"), b"---\ntitle: T\n---\n".as_slice());
        let today = PartialDate::day(2026, 11, 23).expect("a day");
        let snapshot = Snapshot::new([(theme.0, theme.1.into())], today);
        let site = Pipeline::default().run(&snapshot, &Options::default(), &mut |_| {});
        Shelf::new(site.linked().clone())
    }

    /// The parts of the link to the only entry, by where they lie.
    fn link(shelf: &Shelf, from: &str) -> (usize, Option<String>) {
        let link = view::link(shelf, &Address::page(from), EntryIx::new(0));
        let link = Value::from_serializable(&link);
        let parts = link.as_map().expect("a link has parts");
        let href = parts.get(&tera::value::Key::from("href")).and_then(Value::as_str);
        (ptr::from_ref(parts).addr(), href.map(str::to_owned))
    }

    #[test]
    fn links_that_climb_to_the_root_are_made_once() {
        let shelf = shelf();
        let (first, href) = link(&shelf, "norms/a");
        assert_eq!(href.as_deref(), Some("../../themes/t/index.html"));
        assert_eq!(link(&shelf, "forums/b"), (first, href));
    }

    #[test]
    fn other_links_keep_their_own_way() {
        let shelf = shelf();
        let href = |from| link(&shelf, from).1.expect("a link leads somewhere");
        assert_eq!(href("themes/t/norms/~2"), "../../index.html");
        assert_eq!(href("a/b"), "../../themes/t/index.html");
        assert_eq!(href("1/2/3/4/5/6/7"), "../../../../../../../themes/t/index.html");
    }

    #[test]
    fn words_are_known_by_their_place() {
        let shelf = shelf();
        let statuses = &shelf.handbook.config.vocabularies.statuses;
        for word in statuses.words() {
            assert_eq!(shelf.word(word), Value::from_serializable(word));
        }
        let other = Word::plain("other", "Other");
        assert_eq!(shelf.word(&other), Value::from_serializable(&other));
    }
}
