//! The distinct tokens of a document with their weights.
//!
//! Comes in: texts, each with the weight of its field. Goes out: a [`Bag`] in
//! one allocation for all its terms, because a handbook has millions.

use hashbrown::HashTable;

use super::each;

/// Distinct terms with their weights.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bag {
    text: String,
    terms: Vec<Entry>,
    /// The weights of all tokens together.
    pub length: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    hash: u64,
    start: u32,
    end: u32,
    weight: u32,
}

/// A term of a bag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term<'a> {
    /// The term.
    pub text: &'a str,
    /// The hash of the term, as [`hash`] gives it.
    pub hash: u64,
    /// The weights of its tokens together.
    pub weight: u32,
}

impl Bag {
    /// Counts texts, each with its weight.
    pub fn of<'a>(texts: impl IntoIterator<Item = (u32, &'a str)>) -> Bag {
        let mut bag = Bag::default();
        let mut table: HashTable<u32> = HashTable::with_capacity(256);
        for (weight, text) in texts {
            each(text, |token| bag.add(token.text, weight, &mut table));
        }
        bag.text.shrink_to_fit();
        bag.terms.shrink_to_fit();
        bag
    }

    fn add(&mut self, term: &str, weight: u32, table: &mut HashTable<u32>) {
        self.length += weight;
        let hash = hash(term);
        let Bag { text, terms, .. } = self;
        let same = |at: &u32| {
            let entry = &terms[*at as usize];
            entry.hash == hash && &text[entry.start as usize..entry.end as usize] == term
        };
        if let Some(at) = table.find(hash, same) {
            terms[*at as usize].weight += weight;
            return;
        }
        let start = text.len() as u32;
        text.push_str(term);
        let end = text.len() as u32;
        table.insert_unique(hash, terms.len() as u32, |at| terms[*at as usize].hash);
        terms.push(Entry { hash, start, end, weight });
    }

    /// The terms in the order in which they first stood in the texts.
    pub fn terms(&self) -> impl Iterator<Item = Term<'_>> {
        self.terms.iter().map(|entry| Term {
            text: &self.text[entry.start as usize..entry.end as usize],
            hash: entry.hash,
            weight: entry.weight,
        })
    }
}

/// A hash that is the same in every run: FNV-1a, with the upper half mixed
/// down and up because the table looks at both ends.
pub fn hash(term: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in term.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_equal_terms_add_up() {
        let bag = Bag::of([(8, "Norm 13(d)"), (1, "a norm, the other Norm")]);
        let terms: Vec<(&str, u32)> = bag.terms().map(|term| (term.text, term.weight)).collect();
        assert_eq!(terms, [("norm", 10), ("13d", 8), ("13", 8), ("d", 8), ("other", 1)]);
        assert_eq!(bag.length, 35);
    }
}
