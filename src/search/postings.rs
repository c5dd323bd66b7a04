//! Which documents have a term, and how much it weighs in each.
//!
//! Comes in: the texts of all documents. Goes out: the sorted terms in as many
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
use std::ops::Range;

use hashbrown::HashTable;

use super::cores::on_all_cores;
use super::count::{Counted, Counter, MIXER, Terms, place_in_table};
use crate::tokens::fold::{Class, class};

/// How many neighbouring documents are counted together: few enough for all
/// cores to have some and for their terms to stay near the core, enough for
/// most terms to be met again.
const PART: usize = 512;

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
pub(super) struct Postings {
    parts: Vec<Part>,
    /// Where each term is met, sorted as a script sorts terms, then by part.
    places: Vec<Place>,
    /// For each term, in the same order, where its places begin.
    starts: Vec<usize>,
}

/// A term of a part.
#[derive(Clone, Copy)]
struct Place {
    part: u32,
    term: u32,
}

/// The terms of neighbouring documents, with their postings.
struct Part {
    terms: Terms,
    written: Written,
}

/// The postings of a part's terms as they are written, but for the distance of
/// each term's first document: it depends on the part before.
struct Written {
    text: String,
    terms: Vec<WrittenTerm>,
}

/// Where a term's postings end, and the first and the last of its documents.
struct WrittenTerm {
    end: u32,
    first: u32,
    last: u32,
}

/// A stretch of the sorted terms.
#[derive(Clone, Debug, Default)]
pub(super) struct Shard {
    /// The first of its terms; empty when it has none.
    pub(super) first: String,
    /// The terms with spaces between them.
    pub(super) terms: String,
    /// Their postings with spaces between them.
    pub(super) postings: String,
}

/// The first term of a shard, and its digest.
pub(super) struct Head {
    pub(super) first: String,
    pub(super) digest: u64,
}

impl Shard {
    fn push(&mut self, term: &str) {
        if self.terms.is_empty() {
            self.first.push_str(term);
        } else {
            self.terms.push(' ');
            self.postings.push(' ');
        }
        self.terms.push_str(term);
    }

    /// What readers' scripts know of it before they load it.
    pub(super) fn head(&self) -> Head {
        Head { first: self.first.clone(), digest: self.digest() }
    }

    pub(super) fn digest(&self) -> u64 {
        hash(&self.terms) ^ hash(&self.postings).rotate_left(1)
    }
}

/// Gathers the terms of all documents; `texts` hands out the texts of one, each
/// with the weight of its field.
pub(super) fn gather(
    documents: usize,
    texts: impl Fn(usize, &mut dyn FnMut(u32, &str)) + Sync,
) -> Postings {
    let part = |number: usize| {
        let range = number * PART..documents.min((number + 1) * PART);
        let mut counter = Counter::default();
        for document in range.clone() {
            texts(document, &mut |weight, text| counter.count(weight, text));
            counter.end_document();
        }
        counter.counted(range.start)
    };
    let counted = on_all_cores(documents.div_ceil(PART), part);
    let damping = damping(&counted, documents);
    let written = on_all_cores(counted.len(), |number| counted[number].written(&damping));
    let parts = counted.into_iter().zip(written);
    let parts: Vec<Part> =
        parts.map(|(counted, written)| Part { terms: counted.terms, written }).collect();
    let (places, starts) = merge(&parts);
    Postings { parts, places, starts }
}

impl Counted {
    /// Writes the postings; `damping` is the weight that damps a term by half,
    /// for each document.
    fn written(&self, damping: &[f32]) -> Written {
        let mut text = String::with_capacity(self.postings.len());
        let mut terms = Vec::with_capacity(self.ends.len());
        for documents in self.documents() {
            let (mut first, mut last) = (None, self.first);
            for (document, weight) in documents {
                match first {
                    None => first = Some(document),
                    Some(_) => number(document - last - 1, &mut text),
                }
                let weight = weight as f32;
                let damped = weight / (weight + damping[document as usize]);
                text.push(digit((damped * STEPS as f32).ceil() as usize));
                last = document;
            }
            terms.push(WrittenTerm { end: text.len() as u32, first: first.unwrap_or(last), last });
        }
        Written { text, terms }
    }
}

impl Written {
    /// The postings of a term, and its first and last document.
    fn get(&self, at: u32) -> (&str, &WrittenTerm) {
        let start = at.checked_sub(1).map_or(0, |before| self.terms[before as usize].end);
        let term = &self.terms[at as usize];
        (&self.text[start as usize..term.end as usize], term)
    }
}

/// For each document, the weight that damps a term in it by half.
fn damping(parts: &[Counted], documents: usize) -> Vec<f32> {
    let lengths = || parts.iter().flat_map(|part| &part.lengths).copied();
    let sum: u64 = lengths().map(u64::from).sum();
    let average = (sum as f32 / documents.max(1) as f32).max(1.0);
    lengths().map(|length| DAMPING * (1.0 - LENGTH + LENGTH * length as f32 / average)).collect()
}

/// Brings equal terms of all parts together: their places, and where those of
/// each term begin.
fn merge(parts: &[Part]) -> (Vec<Place>, Vec<usize>) {
    let term = |place: Place| parts[place.part as usize].terms.get(place.term);
    let hash = |place: Place| place_in_table(term(place));
    let mut table: HashTable<u32> = HashTable::with_capacity(1 << 14);
    // Where each term is met first, and every place with its term.
    let mut firsts: Vec<Place> = Vec::new();
    let mut all: Vec<(u32, Place)> =
        Vec::with_capacity(parts.iter().map(|part| part.terms.ends.len()).sum());
    for (number, part) in parts.iter().enumerate() {
        for at in 0..part.terms.ends.len() {
            let place = Place { part: number as u32, term: at as u32 };
            let own = hash(place);
            let same = |known: &u32| {
                let first = firsts[*known as usize];
                hash(first) == own && term(first) == term(place)
            };
            let known = table.find(own, same).copied().unwrap_or_else(|| {
                let next = firsts.len() as u32;
                table.insert_unique(own, next, |known| hash(firsts[*known as usize]));
                firsts.push(place);
                next
            });
            all.push((known, place));
        }
    }
    let mut sorted: Vec<u32> = (0..firsts.len() as u32).collect();
    sorted.sort_unstable_by(|a, b| {
        as_scripts_do(term(firsts[*a as usize]), term(firsts[*b as usize]))
    });
    let mut ranks = vec![0; sorted.len()];
    for (rank, known) in sorted.into_iter().enumerate() {
        ranks[known as usize] = rank;
    }
    all.sort_unstable_by_key(|(known, place)| (ranks[*known as usize], place.part));
    let mut starts = Vec::with_capacity(firsts.len() + 1);
    for (at, (known, _)) in all.iter().enumerate() {
        if at == 0 || all[at - 1].0 != *known {
            starts.push(at);
        }
    }
    starts.push(all.len());
    (all.into_iter().map(|(_, place)| place).collect(), starts)
}

/// A digest that is the same in every run: FNV-1a, with the upper half mixed
/// down and up.
pub(super) fn hash(text: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    (hash ^ (hash >> 32)).wrapping_mul(MIXER)
}

impl Postings {
    /// Where the term of a rank is met.
    fn places(&self, rank: usize) -> &[Place] {
        &self.places[self.starts[rank]..self.starts[rank + 1]]
    }

    fn term(&self, rank: usize) -> &str {
        let first = self.places(rank)[0];
        self.parts[first.part as usize].terms.get(first.term)
    }

    /// The ranks of all terms.
    fn ranks(&self) -> Range<usize> {
        0..self.starts.len() - 1
    }

    /// The ranks of the terms in each of `count` shards.
    pub(super) fn cut(&self, count: usize) -> Vec<Range<usize>> {
        let mut postings = String::new();
        let lengths = self.ranks().map(|rank| {
            postings.clear();
            self.write(rank, &mut postings);
            self.term(rank).len() + 2 + postings.len()
        });
        cut(&lengths.collect::<Vec<_>>(), count)
    }

    /// The sorted terms of some ranks, with their postings: all of them
    /// together would be long.
    pub(super) fn shard(&self, ranks: Range<usize>) -> Shard {
        let mut shard = Shard::default();
        for rank in ranks {
            shard.push(self.term(rank));
            self.write(rank, &mut shard.postings);
        }
        shard
    }

    /// The terms in which a mistake is forgiven, each from its last letter on,
    /// sorted, in `count` shards without postings.
    pub(super) fn endings(&self, count: usize) -> Vec<Shard> {
        let forgiven = self.ranks().map(|rank| self.term(rank)).filter(|term| {
            term.chars().nth(SHORTEST_FORGIVEN - 1).is_some()
                && !term.chars().any(|c| c.is_numeric() || class(c) == Class::Gram)
        });
        let mut reversed: Vec<String> = forgiven.map(|term| term.chars().rev().collect()).collect();
        reversed.sort_unstable_by(|a, b| as_scripts_do(a, b));
        let sizes: Vec<usize> = reversed.iter().map(|term| term.len() + 1).collect();
        let shard = |range: Range<usize>| {
            let mut shard = Shard::default();
            reversed[range].iter().for_each(|term| shard.push(term));
            shard.postings.clear();
            shard
        };
        cut(&sizes, count).into_iter().map(shard).collect()
    }

    /// Writes a term's postings at the end of a text.
    fn write(&self, rank: usize, into: &mut String) {
        let mut next = 0;
        for place in self.places(rank) {
            let (postings, term) = self.parts[place.part as usize].written.get(place.term);
            number(term.first - next, into);
            into.push_str(postings);
            next = term.last + 1;
        }
    }
}

/// Cuts a sorted list of items of these sizes into `count` ranges that are about
/// equally large.
fn cut(sizes: &[usize], count: usize) -> Vec<Range<usize>> {
    let all: usize = sizes.iter().sum();
    let mut ranges: Vec<Range<usize>> = vec![];
    let (mut from, mut done) = (0, 0);
    for (at, own) in sizes.iter().enumerate() {
        // An item belongs to the range in which its middle lies.
        if at > from && done + own / 2 >= (ranges.len() + 1) * all / count {
            ranges.push(from..at);
            from = at;
        }
        done += own;
    }
    ranges.push(from..sizes.len());
    // A huge item may leave less than one for each of the ranges after it.
    ranges.resize(count, sizes.len()..sizes.len());
    ranges
}

/// Writes a number in digits of five bits.
fn number(mut number: u32, into: &mut String) {
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
        let of = |at: usize, take: &mut dyn FnMut(u32, &str)| {
            take(1, texts[at]);
            take(1, "see");
        };
        let postings = gather(texts.len(), of);
        postings.cut(count).into_iter().map(|ranks| postings.shard(ranks)).collect()
    }

    #[test]
    fn documents_of_many_parts_come_in_their_order() {
        let count = 2 * PART + 1;
        let texts: Vec<String> = (0..count).map(|at| format!("law n{}", at % 700)).collect();
        let of = |at: usize, take: &mut dyn FnMut(u32, &str)| take(300, &texts[at]);
        let postings = gather(count, of);
        assert_eq!(postings.ranks().len(), 701);
        let shard = postings.shard(0..2);
        assert_eq!(shard.terms, "law n0");
        assert_eq!(shard.postings, format!("{} Af7Vf", "Af".repeat(count)));
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
