//! Which documents have a term, and how much it weighs in each.
//!
//! Comes in: the bags of all documents. Goes out: the sorted terms in as many
//! shards as wanted, all about equally large.
//!
//! Ranking follows BM25F (Robertson and Zaragoza 2009, section 3.6): the
//! weights of a term's fields are added up before they are damped. The damped
//! weight needs the average length, so it is worked out here, in a few steps; how
//! rare a term is the script sees by itself.
//!
//! A term's postings are a text: for each document, in order, the distance
//! from the one before less one, in digits of five bits, the lowest first and
//! a sixth bit set on all but the last; then a digit for the weight. Digits
//! are those of base64url. Every value begins at a character, so that the
//! file compresses well.

use std::cmp::Ordering;

use hashbrown::HashTable;

use crate::tokens::bag::{Bag, Term, hash};
use crate::tokens::fold::{Class, class};

/// What a document holds: the words of its own file, and those that come from
/// elsewhere.
pub(super) struct Document<'a> {
    pub(super) own: &'a Bag,
    pub(super) labels: Bag,
}

/// How much weight brings a term half way to the most that it can count.
const DAMPING: f32 = 4.0;

/// How much longer documents count less, from 0 to 1. Entries are long when
/// much is said of them, not because they ramble, so it is little.
const LENGTH: f32 = 0.25;

/// The highest digit for a weight. More steps would rank no better, but weigh
/// more.
pub(super) const STEPS: usize = 31;

/// The shortest term, in letters, in which a mistake is forgiven.
const SHORTEST_FORGIVEN: usize = 4;

/// All terms with their documents.
#[derive(Default)]
pub(super) struct Postings {
    /// The terms one after the other, and where each stands.
    text: String,
    terms: Vec<Entry>,
    /// The terms' places, sorted as a script sorts them.
    sorted: Vec<u32>,
    /// For each term where its postings begin.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// For each document, the weight that damps a term in it by half.
    damping: Vec<f32>,
}

struct Entry {
    hash: u64,
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Default)]
struct Posting {
    document: u32,
    weight: u32,
}

/// A stretch of the sorted terms.
pub(super) struct Shard {
    /// The first of its terms; empty when it has none.
    pub(super) first: String,
    /// The terms with spaces between them.
    pub(super) terms: String,
    /// Their postings with spaces between them.
    pub(super) postings: String,
}

impl Shard {
    fn new() -> Shard {
        Shard { first: String::new(), terms: String::new(), postings: String::new() }
    }

    fn push(&mut self, term: &str) {
        if self.terms.is_empty() {
            self.first.push_str(term);
        } else {
            self.terms.push(' ');
            self.postings.push(' ');
        }
        self.terms.push_str(term);
    }

    fn len(&self) -> usize {
        self.terms.len() + self.postings.len()
    }

    pub(super) fn digest(&self) -> u64 {
        hash(&self.terms) ^ hash(&self.postings).rotate_left(1)
    }
}

/// Gathers the terms of all documents.
pub(super) fn gather(documents: &[Document<'_>]) -> Postings {
    let mut all = Postings::default();
    let mut table: HashTable<u32> = HashTable::with_capacity(1 << 14);
    let mut found: Vec<(u32, u32)> = Vec::new();
    let mut ends: Vec<usize> = Vec::with_capacity(documents.len());
    for document in documents {
        let terms = document.own.terms().chain(document.labels.terms());
        found.extend(terms.map(|term| (all.intern(term, &mut table), term.weight)));
        ends.push(found.len());
    }
    all.starts = vec![0; all.terms.len() + 1];
    for (term, _) in &found {
        all.starts[*term as usize + 1] += 1;
    }
    for term in 0..all.terms.len() {
        all.starts[term + 1] += all.starts[term];
    }
    let mut next = all.starts.clone();
    all.postings = vec![Posting::default(); found.len()];
    let mut from = 0;
    for (document, end) in ends.iter().enumerate() {
        for (term, weight) in &found[from..*end] {
            let at = &mut next[*term as usize];
            all.postings[*at as usize] = Posting { document: document as u32, weight: *weight };
            *at += 1;
        }
        from = *end;
    }
    all.damping = damping(documents);
    all.sort();
    all
}

fn damping(documents: &[Document<'_>]) -> Vec<f32> {
    let length = |document: &Document<'_>| document.own.length + document.labels.length;
    let sum: u64 = documents.iter().map(|document| u64::from(length(document))).sum();
    let average = (sum as f32 / documents.len().max(1) as f32).max(1.0);
    let damping = |document| DAMPING * (1.0 - LENGTH + LENGTH * length(document) as f32 / average);
    documents.iter().map(damping).collect()
}

impl Postings {
    fn intern(&mut self, term: Term<'_>, table: &mut HashTable<u32>) -> u32 {
        let Postings { text, terms, .. } = self;
        let same = |at: &u32| {
            let entry = &terms[*at as usize];
            entry.hash == term.hash && &text[entry.start as usize..entry.end as usize] == term.text
        };
        if let Some(at) = table.find(term.hash, same) {
            return *at;
        }
        let at = terms.len() as u32;
        table.insert_unique(term.hash, at, |at| terms[*at as usize].hash);
        let start = text.len() as u32;
        text.push_str(term.text);
        terms.push(Entry { hash: term.hash, start, end: text.len() as u32 });
        at
    }

    fn term(&self, at: u32) -> &str {
        let entry = &self.terms[at as usize];
        &self.text[entry.start as usize..entry.end as usize]
    }

    fn sort(&mut self) {
        let mut sorted: Vec<u32> = (0..self.terms.len() as u32).collect();
        sorted.sort_unstable_by(|a, b| as_scripts_do(self.term(*a), self.term(*b)));
        self.sorted = sorted;
    }

    /// The sorted terms with their postings in `count` shards.
    pub(super) fn shards(&self, count: usize) -> Vec<Shard> {
        let mut postings: Vec<String> = Vec::with_capacity(self.sorted.len());
        postings.extend(self.sorted.iter().map(|term| self.encode(*term)));
        let size = |at: usize| self.term(self.sorted[at]).len() + postings[at].len() + 2;
        cut(self.sorted.len(), count, size, |shard, at| {
            shard.push(self.term(self.sorted[at]));
            shard.postings.push_str(&postings[at]);
        })
    }

    /// The terms in which a mistake is forgiven, each from its last letter on,
    /// sorted, in `count` shards without postings.
    pub(super) fn endings(&self, count: usize) -> Vec<Shard> {
        let forgiven = self.sorted.iter().map(|at| self.term(*at)).filter(|term| {
            term.chars().nth(SHORTEST_FORGIVEN - 1).is_some()
                && !term.chars().any(|c| c.is_numeric() || class(c) == Class::Gram)
        });
        let mut reversed: Vec<String> = forgiven.map(|term| term.chars().rev().collect()).collect();
        reversed.sort_unstable_by(|a, b| as_scripts_do(a, b));
        let size = |at: usize| reversed[at].len() + 1;
        let mut shards = cut(reversed.len(), count, size, |shard, at| shard.push(&reversed[at]));
        shards.iter_mut().for_each(|shard| shard.postings.clear());
        shards
    }

    fn encode(&self, term: u32) -> String {
        let (from, to) = (self.starts[term as usize], self.starts[term as usize + 1]);
        let postings = &self.postings[from as usize..to as usize];
        let mut text = String::with_capacity(postings.len() * 2);
        let mut next = 0;
        // A term may come from a document's own words and from its labels.
        for same in postings.chunk_by(|a, b| a.document == b.document) {
            let document = same[0].document;
            number(document - next, &mut text);
            next = document + 1;
            let weight = same.iter().map(|posting| posting.weight).sum::<u32>() as f32;
            let damped = weight / (weight + self.damping[document as usize]);
            text.push(digit((damped * STEPS as f32).ceil() as usize));
        }
        text
    }
}

/// Cuts a sorted list into `count` shards of about the same size.
fn cut(
    items: usize,
    count: usize,
    size: impl Fn(usize) -> usize,
    push: impl Fn(&mut Shard, usize),
) -> Vec<Shard> {
    let all: usize = (0..items).map(&size).sum();
    let mut shards = vec![];
    let mut shard = Shard::new();
    let mut done = 0;
    for at in 0..items {
        let own = size(at);
        // An item belongs to the shard in which its middle lies.
        if shard.len() > 0 && done + own / 2 >= (shards.len() + 1) * all / count {
            shards.push(std::mem::replace(&mut shard, Shard::new()));
        }
        push(&mut shard, at);
        done += own;
    }
    shards.push(shard);
    // A huge item may leave less than one for each of the shards after it.
    shards.resize_with(count, Shard::new);
    shards
}

/// Adds a number in digits of five bits.
pub(super) fn number(mut number: u32, into: &mut String) {
    while number > 31 {
        into.push(digit(number as usize & 31 | 32));
        number >>= 5;
    }
    into.push(digit(number as usize));
}

/// A digit of base64url (RFC 4648, section 5).
pub(super) fn digit(value: usize) -> char {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char::from(DIGITS[value.min(63)])
}

/// The order of UTF-16, in which scripts compare texts: characters beyond the
/// first plane come before the last ones of that plane.
fn as_scripts_do(a: &str, b: &str) -> Ordering {
    let rank = |byte: u8| if matches!(byte, 0xee | 0xef) { byte + 0x10 } else { byte };
    a.bytes().map(rank).cmp(b.bytes().map(rank))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(texts: &[&str], count: usize) -> Vec<Shard> {
        let bags: Vec<Bag> = texts.iter().map(|text| Bag::of([(1, *text)])).collect();
        let documents: Vec<Document<'_>> =
            bags.iter().map(|own| Document { own, labels: Bag::of([(1, "see")]) }).collect();
        gather(&documents).shards(count)
    }

    #[test]
    fn postings_are_distances_and_weights() {
        let shards = shards(&["norm", "law norm norm norm", "law see see"], 1);
        assert_eq!(shards[0].terms, "law norm see");
        assert_eq!(shards[0].postings, "BGAH AHAN AHAGAO");
    }

    #[test]
    fn numbers_of_any_size_are_written() {
        let write = |value: u32| {
            let mut text = String::new();
            number(value, &mut text);
            text
        };
        assert_eq!([0, 31, 32, 1055].map(write), ["A", "f", "gB", "_gB"]);
    }

    #[test]
    fn terms_are_sorted_as_scripts_sort_them() {
        let mut terms = ["\u{fb50}", "\u{20000}", "z", "網"];
        terms.sort_by(|a, b| as_scripts_do(a, b));
        assert_eq!(terms, ["z", "網", "\u{20000}", "\u{fb50}"]);
    }

    #[test]
    fn there_are_as_many_shards_as_wanted() {
        let long = "a".repeat(30);
        let found = shards(&["b c d e f g", &long], 3);
        let terms: Vec<&str> = found.iter().map(|shard| shard.terms.as_str()).collect();
        assert_eq!(terms.len(), 3);
        assert_eq!(terms.join(" ").trim(), format!("{long} b c d e f g see"));
        assert_eq!(shards(&[""], 2).len(), 2);
    }
}
