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

/// For how many depths of pages links are shared: from 0 to 5 folders below the
/// site's root. Fewer pages stand deeper.
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
    use crate::path::SourcePath;
    use crate::pipeline::{Options, Pipeline};
    use crate::read::Snapshot;

    /// A handbook with entries at the site's root, in folders that begin alike, in
    /// two languages and in letters that addresses encode.
    fn shelf() -> Shelf {
        let files = [
            ("normbook.toml", "title = 'H'\nlanguages = ['en', 'zh']\n"),
            ("content/index.md", "---\ntitle: Home\n---\n"),
            ("content/norms/s/é.md", "---\ntitle: N\n---\n"),
            ("content/norms/s/é.zh.md", "---\ntitle: N\n---\n"),
            ("content/themes/t.md", "---\ntitle: T\n---\n"),
            ("content/pages/norm.md", "---\ntitle: P\n---\n"),
            ("content/pages/norms-of-old/1.md", "---\ntitle: Q\n---\n"),
        ];
        let files = files.map(|(path, text)| (SourcePath::new(path), text.as_bytes().into()));
        let today = PartialDate::day(2026, 11, 23).expect("a day");
        let site =
            Pipeline::default().run(&Snapshot::new(files, today), &Options::default(), &mut |_| {});
        assert!(!site.has_errors(), "{:?}", site.diagnostics);
        Shelf::new(site.linked().clone())
    }

    fn link(shelf: &Shelf, from: &Address, ix: EntryIx) -> Value {
        Value::from_serializable(&view::link(shelf, from, ix))
    }

    #[test]
    fn shared_links_are_as_those_made_for_the_page() {
        let shelf = shelf();
        let entries = shelf.handbook.all().map(|(ix, _)| shelf.routes.entry(ix).clone());
        let lists = ["themes/t/norms/~2", "zh/x", "norms", "normsx/y", "1/2/3/4/5/6/7", ""];
        let pages: Vec<Address> = entries.chain(lists.map(Address::page)).collect();
        let mut backwards = pages.clone();
        backwards.reverse();
        for page in pages.iter().chain(&backwards) {
            for (ix, _) in shelf.handbook.all() {
                let own = Value::from_serializable(&view::parts(&shelf, page, ix).link());
                assert_eq!(link(&shelf, page, ix), own, "from {page}");
            }
        }
    }

    #[test]
    fn links_that_climb_to_the_root_are_made_once() {
        let shelf = shelf();
        let theme = |(_, entry): &(EntryIx, &crate::model::Entry)| entry.title() == "T";
        let (theme, _) = shelf.handbook.all().find(theme).expect("the theme");
        let links = ["norms/a", "forums/b", "themes/c"];
        let links = links.map(|from| link(&shelf, &Address::page(from), theme));
        let [first, other, near] = links.each_ref().map(|link| link.as_map().expect("parts"));
        assert!(ptr::eq(first, other));
        assert!(!ptr::eq(first, near));
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
