//! The files of the search's index; what stands in them is worked out in
//! [`crate::search`].

use std::sync::{Arc, OnceLock};

use super::{Export, File};
use crate::link::{Linked, routes};
use crate::search::{self, Index, Layout};

pub(super) const EXPORT: Export = Export { name: "search", files };

/// What all files of one listing share: the index is counted when the first of
/// those that need it is asked for.
struct Shared {
    layout: Layout,
    index: OnceLock<Index>,
}

impl Shared {
    fn index(&self, linked: &Linked) -> &Index {
        self.index.get_or_init(|| search::index(linked, &self.layout))
    }
}

fn files(linked: &Linked) -> Vec<File> {
    let layout = search::layout(linked);
    let (terms, endings, texts) = (layout.terms, layout.endings, layout.texts.len());
    let shared = Arc::new(Shared { layout, index: OnceLock::new() });
    let file = |name: String, part: fn(&Shared, &Linked, usize) -> Vec<u8>, number: usize| {
        let shared = Arc::clone(&shared);
        let address = routes::search_file(&format!("{name}.js"));
        File::new(address, move |linked| part(&shared, linked, number))
    };
    let terms = (0..terms).map(|number| {
        file(format!("terms-{number}"), |all, linked, n| all.index(linked).terms(n), number)
    });
    let endings = (0..endings).map(|number| {
        let part = |all: &Shared, linked: &Linked, n: usize| all.index(linked).endings(n);
        file(format!("endings-{number}"), part, number)
    });
    let texts = (0..texts).map(|number| {
        let part = |all: &Shared, linked: &Linked, n: usize| search::texts(linked, &all.layout, n);
        file(format!("texts-{number}"), part, number)
    });
    let index = file("index".to_owned(), |all, linked, _| all.index(linked).index.clone(), 0);
    let letters = file("letters".to_owned(), |_, _, _| search::letters_file(), 0);
    [index, letters].into_iter().chain(terms).chain(endings).chain(texts).collect()
}
