//! The order of entries in indexes.
//!
//! Norms: by set, then by the author's `order`, then by number in natural
//! order, then by id. Others: by `order`, then by date (statements), then by
//! title as readers of the handbook's language expect (Unicode Collation
//! Algorithm), then by id.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale::Locale;

use super::{Entry, EntryIx};
use crate::config::Config;
use crate::date::PartialDate;
use crate::id::Kind;
use crate::parse::front_matter::Meta;

/// Compares entries of one kind.
pub struct Sorter<'a> {
    config: &'a Config,
    entries: &'a [Entry],
    collator: CollatorBorrowed<'static>,
}

impl<'a> Sorter<'a> {
    /// A sorter for the entries of a handbook.
    pub fn new(config: &'a Config, entries: &'a [Entry]) -> Sorter<'a> {
        let locale: Locale = config.language.parse().unwrap_or(Locale::UNKNOWN);
        let options = CollatorOptions::default();
        let collator = Collator::try_new(locale.into(), options)
            .or_else(|_| Collator::try_new(Locale::UNKNOWN.into(), options))
            .expect("invariant: the root collation is compiled in");
        Sorter { config, entries, collator }
    }

    /// Which of two entries of the same kind comes first.
    pub fn compare(&self, a: EntryIx, b: EntryIx) -> Ordering {
        let (a, b) = (&self.entries[a.at()], &self.entries[b.at()]);
        let by_order = || given_first(order(a), order(b));
        let rest = match a.key.kind {
            Kind::Norm => self
                .set_rank(a)
                .cmp(&self.set_rank(b))
                .then_with(by_order)
                .then_with(|| by_number(a, b)),
            Kind::Statement => given_first(date(a), date(b))
                .then_with(by_order)
                .then_with(|| self.collator.compare(a.title(), b.title())),
            Kind::Theme | Kind::Forum | Kind::Source | Kind::Actor | Kind::Term | Kind::Page => {
                by_order().then_with(|| self.collator.compare(a.title(), b.title()))
            }
        };
        rest.then_with(|| natural(a.key.id.as_str(), b.key.id.as_str()))
            .then_with(|| a.key.cmp(&b.key))
    }

    fn set_rank<'e>(&self, entry: &'e Entry) -> (usize, &'e str) {
        let folder = entry.key.id.folder();
        (self.config.vocabularies.sets.rank(folder), folder)
    }
}

fn order(entry: &Entry) -> Option<i64> {
    entry.doc.meta.common().order
}

/// Compares norms by number in natural order; those without one come last.
pub fn by_number(a: &Entry, b: &Entry) -> Ordering {
    fn number(entry: &Entry) -> Option<&str> {
        entry.norm().and_then(|norm| norm.number.as_deref())
    }
    match (number(a), number(b)) {
        (Some(a), Some(b)) => natural(a, b),
        (a, b) => given_first(a, b),
    }
}

fn date(entry: &Entry) -> Option<PartialDate> {
    match &entry.doc.meta {
        Meta::Statement(statement) => statement.date,
        _ => None,
    }
}

/// What is given comes before what is not.
fn given_first<T: Ord>(a: Option<T>, b: Option<T>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// Compares texts with their numbers by value: `13(b)` before `13(c)`, `2`
/// before `10`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (a_run, b_run) = (run(a), run(b));
        let by_run = match (number(a_run), number(b_run)) {
            (Some(a_number), Some(b_number)) => {
                (a_number.len(), a_number).cmp(&(b_number.len(), b_number))
            }
            _ => a_run.cmp(b_run),
        };
        if by_run != Ordering::Equal || a_run.is_empty() {
            return by_run;
        }
        (a, b) = (&a[a_run.len()..], &b[b_run.len()..]);
    }
}

/// The longest beginning that is all digits or holds none.
fn run(text: &str) -> &str {
    let digit = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digit).unwrap_or(text.len());
    &text[..end]
}

/// A run of digits without leading zeros, so that length and then text
/// compare as the numbers do, however long.
fn number(run: &str) -> Option<&str> {
    run.starts_with(|c: char| c.is_ascii_digit()).then(|| run.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sorted: &[&str]) {
        let mut shuffled = sorted.to_vec();
        shuffled.reverse();
        shuffled.sort_by(|a, b| natural(a, b));
        assert_eq!(shuffled, sorted);
    }

    #[test]
    fn numbers_sort_by_value() {
        check(&["1", "2", "10", "13(a)", "13(b)", "100"]);
        check(&["II.iv", "II.v", "III", "IV", "V"]);
        check(&["a", "a1", "a2", "a10", "b"]);
        check(&["", "0", "9", "99999999999999999999999", "100000000000000000000000"]);
    }
}
