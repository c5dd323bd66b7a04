//! The index that readers' searches look into.
//!
//! Comes in: the linked handbook. Goes out: the files of the index, as plain
//! scripts, because pages opened from disk may load nothing else. The theme's
//! `search.js` loads them when a reader first searches, and of each sort only
//! the few that the question needs:
//!
//! - `letters.js`: how texts are cut into words ([`crate::tokens`]);
//! - `index.js`: what files there are, and for each document the values to
//!   narrow a search by (`facets`);
//! - `terms-N.js`: a stretch of the sorted terms, each with the documents that
//!   have it and how much it weighs there (`postings`);
//! - `endings-N.js`: terms from their last letter on, to find those with a
//!   mistake in their first half;
//! - `texts-N.js`: what is shown of some documents, with their words, to find
//!   the sentence that matches (`texts`).
//!
//! How many files there are follows from the sizes of the sources alone, so
//! that they can be listed before anything is counted.

mod cores;
mod count;
mod facets;
mod fields;
mod postings;
mod texts;

use std::ops::Range;
use std::sync::OnceLock;

use serde::Serialize;

use self::facets::Facet;
use self::postings::{Head, Postings, Shard};
use crate::link::Linked;
use crate::model::EntryIx;
use crate::tokens::letters::LETTERS;

/// How much of the sources the texts of a file stand for, in bytes: each of
/// the dozen results that are shown may stand in a file of its own, and all
/// that is loaded for a question shall stay below 300 kB compressed.
const SOURCE_IN_A_TEXTS_FILE: usize = 32 * 1024;

/// The same for a file of terms, of which each word of a question needs one.
const SOURCE_IN_A_TERMS_FILE: usize = 128 * 1024;

/// The most files of terms, and of endings.
const MOST_TERMS_FILES: usize = 160;
const MOST_ENDINGS_FILES: usize = 32;

/// Which files the index has.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The documents of each file of texts, by their places in the handbook.
    pub texts: Vec<Range<usize>>,
    /// How many files of terms there are.
    pub terms: usize,
    /// How many files of endings there are.
    pub endings: usize,
    /// The mark of each file of texts, once one asked for it.
    text_marks: Vec<OnceLock<u64>>,
}

impl Layout {
    /// The mark of a file of texts, by which the script knows that it belongs to
    /// an index.
    fn text_mark(&self, linked: &Linked, number: usize) -> u64 {
        *self.text_marks[number].get_or_init(|| texts::mark(linked, self.texts[number].clone()))
    }
}

/// Lays out the files for a handbook. Its entries are the documents.
pub fn layout(linked: &Linked) -> Layout {
    let mut texts: Vec<Range<usize>> = Vec::new();
    let (mut all, mut size) = (0, 0);
    for (ix, entry) in linked.handbook.all() {
        let own = entry.doc.text.len();
        match texts.last_mut() {
            Some(last) if size + own <= SOURCE_IN_A_TEXTS_FILE => last.end += 1,
            _ => {
                texts.push(ix.at()..ix.at() + 1);
                size = 0;
            }
        }
        size += own;
        all += own;
    }
    let terms = (all / SOURCE_IN_A_TERMS_FILE).clamp(1, MOST_TERMS_FILES);
    let endings = (terms / 4).clamp(1, MOST_ENDINGS_FILES);
    let text_marks = vec![OnceLock::new(); texts.len()];
    Layout { texts, terms, endings, text_marks }
}

/// The files that need the whole handbook.
pub struct Index {
    /// `index.js`.
    pub index: Vec<u8>,
    postings: Postings,
    /// The terms of each of their files, by their ranks.
    terms: Vec<Range<usize>>,
    endings: Vec<Shard>,
}

impl Index {
    /// `terms-N.js`.
    pub fn terms(&self, number: usize) -> Vec<u8> {
        shard("terms", number, &self.postings.shard(self.terms[number].clone()))
    }

    /// `endings-N.js`.
    pub fn endings(&self, number: usize) -> Vec<u8> {
        shard("endings", number, &self.endings[number])
    }
}

/// What `index.js` says.
#[derive(Serialize)]
struct Contents {
    documents: usize,
    /// The highest weight in postings.
    steps: usize,
    facets: Vec<Facet>,
    terms: Shards,
    endings: Shards,
    /// How many documents each file of texts has.
    texts: Vec<usize>,
    text_marks: String,
}

/// The files of sorted terms: the first of each, and a mark by which the
/// script knows that a file belongs to this index.
#[derive(Serialize)]
struct Shards {
    first: Vec<String>,
    marks: String,
}

/// Counts the words of all documents.
pub fn index(linked: &Linked, layout: &Layout) -> Index {
    let documents = linked.handbook.entries.len();
    let postings =
        postings::gather(documents, |at, take| fields::each(linked, EntryIx::new(at), take));
    let terms = postings.cut(layout.terms);
    let endings = postings.endings(layout.endings);
    let text_mark = |number: usize| layout.text_mark(linked, number);
    let text_marks: Vec<u64> = cores::on_all_cores(layout.texts.len(), text_mark);
    let contents = Contents {
        documents,
        steps: postings::STEPS,
        facets: facets::facets(linked),
        terms: Shards::of(cores::on_all_cores(terms.len(), |number| {
            postings.shard(terms[number].clone()).head()
        })),
        endings: Shards::of(endings.iter().map(Shard::head).collect()),
        texts: layout.texts.iter().map(Range::len).collect(),
        text_marks: marks(text_marks.into_iter()),
    };
    let index = script("index", "", &contents);
    Index { index, postings, terms, endings }
}

/// The file of some documents' texts; `number` is its place in the layout.
pub fn texts(linked: &Linked, layout: &Layout, number: usize) -> Vec<u8> {
    let mark = mark(layout.text_mark(linked, number));
    let range = layout.texts[number].clone();
    let texts: Vec<String> = range.map(|at| texts::text(linked, EntryIx::new(at))).collect();
    script(&format!("texts-{number}"), &mark, &texts)
}

/// The file that says how texts are cut into words.
pub fn letters_file() -> Vec<u8> {
    format!("normbook.search(\"letters\",\"\",{LETTERS});\n").into_bytes()
}

impl Shards {
    fn of(heads: Vec<Head>) -> Shards {
        let digests = heads.iter().map(|head| head.digest);
        Shards { marks: marks(digests), first: heads.into_iter().map(|head| head.first).collect() }
    }
}

fn shard(name: &str, number: usize, shard: &Shard) -> Vec<u8> {
    script(&format!("{name}-{number}"), &mark(shard.digest()), &[&shard.terms, &shard.postings])
}

/// Thirty bits of a digest as five characters: enough to tell a file from the
/// one that stood there before.
fn mark(digest: u64) -> String {
    (0..5).map(|at| postings::digit((digest >> (6 * at)) as usize & 63)).collect()
}

fn marks(digests: impl Iterator<Item = u64>) -> String {
    digests.map(mark).collect()
}

/// A file: a call that hands the data to the theme's script.
fn script(name: &str, mark: &str, data: &impl Serialize) -> Vec<u8> {
    let mut file = format!("normbook.search(\"{name}\",\"{mark}\",").into_bytes();
    serde_json::to_writer(&mut file, data).expect("invariant: the index is plain data");
    file.extend_from_slice(b");\n");
    file
}
