//! The terms of neighbouring documents, counted.
//!
//! Comes in: the texts of one document after the other, each with the weight of
//! its field. Goes out: [`Counted`]: each term once, with the documents that
//! have it and how much it weighs in each, packed.

use std::slice::Iter;

use hashbrown::HashTable;

use crate::tokens;

/// Terms one after the other.
pub(super) struct Terms {
    text: String,
    /// Where each ends.
    pub(super) ends: Vec<u32>,
}

/// The counted terms of neighbouring documents.
pub(super) struct Counted {
    /// The first of the documents.
    pub(super) first: u32,
    pub(super) terms: Terms,
    /// For each term its documents, each as the distance from the one before
    /// and the weight: as numbers of seven bits a byte, because a handbook has
    /// millions of them.
    pub(super) postings: Vec<u8>,
    /// Where those of each term end.
    pub(super) ends: Vec<u32>,
    /// The weights of all tokens of each document together.
    pub(super) lengths: Vec<u32>,
}

/// The documents of a term, each with the term's weight.
struct Documents<'a> {
    packed: Iter<'a, u8>,
    /// The one before, or the first of those that were counted together.
    last: u32,
}

impl Counted {
    /// The documents of each term, in order, with the term's weight in each.
    pub(super) fn documents(&self) -> impl Iterator<Item = impl Iterator<Item = (u32, u32)>> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let own = std::mem::replace(&mut start, *end as usize)..*end as usize;
            Documents { packed: self.postings[own].iter(), last: self.first }
        })
    }
}

impl Iterator for Documents<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        self.last += take(&mut self.packed)?;
        Some((self.last, take(&mut self.packed)?))
    }
}

/// A term while documents are counted.
struct Term {
    hash: u64,
    start: u32,
    end: u32,
    /// How many documents have it.
    count: u32,
    /// The place of its last finding.
    last: u32,
}

/// Counts the terms of one document after the other.
#[derive(Default)]
pub(super) struct Counter {
    text: String,
    terms: Vec<Term>,
    table: HashTable<u32>,
    /// The terms of each document, with their weights.
    found: Vec<(u32, u32)>,
    /// Where the findings of each document end.
    ends: Vec<usize>,
    lengths: Vec<u32>,
    length: u32,
}

impl Counter {
    pub(super) fn count(&mut self, weight: u32, text: &str) {
        tokens::each(text, |token| self.add(token.text, weight));
    }

    fn add(&mut self, term: &str, weight: u32) {
        self.length += weight;
        let at = self.intern(term);
        let begin = self.ends.last().copied().unwrap_or(0);
        let known = &mut self.terms[at as usize];
        if known.count > 0 && known.last as usize >= begin {
            self.found[known.last as usize].1 += weight;
        } else {
            known.last = self.found.len() as u32;
            known.count += 1;
            self.found.push((at, weight));
        }
    }

    fn intern(&mut self, term: &str) -> u32 {
        let hash = place_in_table(term);
        let Counter { text, terms, table, .. } = self;
        let same = |at: &u32| {
            let known = &terms[*at as usize];
            known.hash == hash && &text[known.start as usize..known.end as usize] == term
        };
        if let Some(at) = table.find(hash, same) {
            return *at;
        }
        let at = terms.len() as u32;
        table.insert_unique(hash, at, |at| terms[*at as usize].hash);
        let start = text.len() as u32;
        text.push_str(term);
        terms.push(Term { hash, start, end: text.len() as u32, count: 0, last: 0 });
        at
    }

    pub(super) fn end_document(&mut self) {
        self.ends.push(self.found.len());
        self.lengths.push(std::mem::take(&mut self.length));
    }

    /// Sorts what was found by its terms.
    pub(super) fn counted(self, first: usize) -> Counted {
        let Counter { text, mut terms, found, ends, lengths, .. } = self;
        let mut start = 0;
        for term in &mut terms {
            term.last = start;
            start += term.count;
        }
        let mut sorted: Vec<(u32, u32)> = vec![(0, 0); found.len()];
        let mut from = 0;
        for (document, end) in ends.into_iter().enumerate() {
            for (term, weight) in &found[from..end] {
                let next = &mut terms[*term as usize].last;
                sorted[*next as usize] = (document as u32, *weight);
                *next += 1;
            }
            from = end;
        }
        let mut postings = Vec::with_capacity(found.len() * 2);
        let mut rest = sorted.as_slice();
        let ends = terms.iter().map(|term| {
            let (own, after) = rest.split_at(term.count as usize);
            rest = after;
            let mut before = 0;
            for (document, weight) in own {
                put(document - before, &mut postings);
                put(*weight, &mut postings);
                before = *document;
            }
            postings.len() as u32
        });
        let ends = ends.collect();
        let terms = Terms { text, ends: terms.iter().map(|term| term.end).collect() };
        Counted { first: first as u32, terms, postings, ends, lengths }
    }
}

impl Terms {
    pub(super) fn get(&self, at: u32) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before as usize]);
        &self.text[start as usize..self.ends[at as usize] as usize]
    }
}

/// Adds a number in bytes of seven bits, the lowest first; the eighth is set
/// on all but the last.
fn put(mut number: u32, into: &mut Vec<u8>) {
    while number > 127 {
        into.push(number as u8 | 128);
        number >>= 7;
    }
    into.push(number as u8);
}

/// Reads back a number that [`put`] wrote.
fn take<'a>(bytes: &mut impl Iterator<Item = &'a u8>) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = u32::from(*bytes.next()?);
        number |= (byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
        shift += 7;
    }
}

/// A hash for tables of terms, eight bytes at once: words of a text are hashed
/// so often that a byte at a time takes longer than to look them up. The upper
/// half is mixed down because a table looks at both ends.
pub(super) fn place_in_table(term: &str) -> u64 {
    let (eights, rest) = term.as_bytes().as_chunks::<8>();
    // The ends of what is left may overlap.
    let rest = match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => rest.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    let add = |hash: u64, word: u64| (hash.rotate_left(23) ^ word).wrapping_mul(MIXER);
    let words = eights.iter().map(|eight| u64::from_le_bytes(*eight));
    let hash = add(words.fold(term.len() as u64, add), rest);
    hash ^ (hash >> 32)
}

/// The golden ratio of 64 bits: an odd number without pattern.
pub(super) const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_equal_terms_add_up() {
        let mut counter = Counter::default();
        counter.count(8, "Norm 13(d)");
        counter.count(1, "a norm, the other Norm");
        counter.end_document();
        let counted = counter.counted(0);
        let terms: Vec<&str> = (0..5).map(|at| counted.terms.get(at)).collect();
        assert_eq!(terms, ["norm", "13d", "13", "d", "other"]);
        assert_eq!(counted.postings, [0, 10, 0, 8, 0, 8, 0, 8, 0, 1]);
        assert_eq!(counted.lengths, [35]);
    }
}
