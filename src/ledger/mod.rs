//! The permalink ledger: every address and anchor that has been published,
//! so that none is dropped or comes to mean something else by accident.
//!
//! Comes in: the lines of `normbook.lock`, and the site as it would be now.
//! Goes out: a [`Diagnostic`] for each promise that the site would break, and
//! the new lines. Nothing here reads or writes the disk. [`Ledger`] is what a
//! site promises, [`record`] the file.

pub mod record;

use std::collections::BTreeMap;
use std::fmt;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use self::record::{Line, Recorded};
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::digest::Digest;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::page::{Page, Subject};
use crate::path::{Address, SourcePath, decode, encode};

/// What stands at an address or an anchor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// Something that may change as it likes: a list, a copied file.
    Place,
    /// The words that a reader cites: the digest of a title, a paragraph, a
    /// heading.
    Words(Fingerprint),
    /// An old address that leads to this one.
    Leads(String),
}

/// The beginning of the digest of some words; equal words have equal ones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint(String);

impl Fingerprint {
    fn of(words: &str) -> Fingerprint {
        let alike = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let digest = Digest::of(alike.as_bytes());
        Fingerprint(digest.as_bytes()[..4].iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// A fingerprint as it is written: eight hexadecimal digits.
    fn parse(text: &str) -> Option<Fingerprint> {
        let good = text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        good.then(|| Fingerprint(text.to_owned()))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything that a site promises to keep: places, as they are published,
/// with what stands there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(pub BTreeMap<String, Promise>);

impl Ledger {
    /// What a site promises: all its pages but those that only robots and
    /// servers ask for, the files beside them, and the anchors of every
    /// entry's own words. What the theme and its scripts load is not cited.
    pub fn of(linked: &Linked, pages: &[Page]) -> Ledger {
        let kept = |page: &&Page| !matches!(page.kind(), "not-found" | "sitemap" | "robots");
        let kept: Vec<&Page> = pages.iter().filter(kept).collect();
        let promises: Vec<Vec<(String, Promise)>> =
            kept.par_iter().map(|page| promises(linked, page)).collect();
        let files = linked.routes.files();
        let files = files.map(|(_, address)| (place(address), Promise::Place));
        Ledger(promises.into_iter().flatten().chain(files).collect())
    }

    /// Where an address leads in the end.
    fn end_of<'a>(&'a self, address: &'a str) -> Option<&'a str> {
        match self.0.get(address)? {
            Promise::Leads(to) => Some(to),
            Promise::Place | Promise::Words(_) => Some(address),
        }
    }

    /// The places of one page or file, its own address among them.
    fn below<'a>(&'a self, address: &'a str) -> impl Iterator<Item = (&'a String, &'a Promise)> {
        self.0.range(address.to_owned()..).take_while(move |(place, _)| {
            place.strip_prefix(address).is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
        })
    }
}

/// An address as the ledger has it; that of the site's root would be empty.
fn place(address: &Address) -> String {
    match address.published() {
        root if root.is_empty() => "./".to_owned(),
        published => published,
    }
}

/// What one page promises.
fn promises(linked: &Linked, page: &Page) -> Vec<(String, Promise)> {
    let address = place(&page.address);
    match page.subject {
        Subject::Entry(ix) => entry_promises(linked, ix, address),
        Subject::Alias(at) => {
            let to = linked.routes.entry(linked.routes.aliases[at].entry);
            vec![(address, Promise::Leads(place(to)))]
        }
        // How many parts a list has changes with every entry, and a printable
        // page goes where its collection goes.
        Subject::Part(..) | Subject::Print(_) => Vec::new(),
        Subject::Handbook
        | Subject::Index(_)
        | Subject::Set(_)
        | Subject::Pair(_)
        | Subject::Feed(_)
        | Subject::Gone(_) => vec![(address, Promise::Place)],
    }
}

fn entry_promises(linked: &Linked, ix: EntryIx, address: String) -> Vec<(String, Promise)> {
    let entry = linked.handbook.entry(ix);
    let body = &entry.doc.body;
    let units = body.norm_text.iter().flat_map(|text| {
        text.units.iter().map(|unit| (&unit.anchor, text.words(&entry.doc.text, unit)))
    });
    let notes = body.annotations.iter().flat_map(|section| &section.annotations);
    let notes = notes.map(|note| (&note.anchor, note.subject.text().into()));
    let headings = body.headings.iter().map(|heading| (&heading.anchor, (&*heading.text).into()));
    let words = |words: &str| match words.trim() {
        "" => Promise::Place,
        words => Promise::Words(Fingerprint::of(words)),
    };
    let anchors = units.chain(notes).chain(headings);
    let mut promises: Vec<(String, Promise)> = anchors
        .map(|(anchor, text)| (format!("{address}#{}", encode(anchor)), words(&text)))
        .collect();
    let gone = linked.routes.gone.iter().filter(|gone| gone.address == *linked.routes.entry(ix));
    let gone = gone.filter_map(|gone| gone.anchor.as_ref());
    promises.extend(gone.map(|anchor| (format!("{address}#{}", encode(anchor)), Promise::Place)));
    promises.push((address, words(entry.title())));
    promises
}

/// Compares what was published with the site as it would be now.
pub fn verify(recorded: &Recorded, now: &Ledger, path: &SourcePath) -> Vec<Diagnostic> {
    let check = Check { recorded, now, path, titles: titles(recorded, now) };
    let findings = recorded.lines.iter().filter_map(|line| check.line(line));
    recorded.diagnostics.iter().cloned().chain(findings).collect()
}

/// The pages that have not been recorded under their title, by title: one of
/// them may be what stood elsewhere before.
fn titles<'a>(recorded: &Recorded, now: &'a Ledger) -> BTreeMap<&'a Fingerprint, &'a str> {
    let pages = now.0.iter().filter(|(place, _)| !place.contains('#'));
    let new = pages.filter(|(place, promise)| !recorded.holds(place, promise));
    let titled = new.filter_map(|(place, promise)| match promise {
        Promise::Words(title) => Some((title, place.as_str())),
        Promise::Place | Promise::Leads(_) => None,
    });
    titled.collect()
}

/// One comparison.
struct Check<'a> {
    recorded: &'a Recorded,
    now: &'a Ledger,
    path: &'a SourcePath,
    titles: BTreeMap<&'a Fingerprint, &'a str>,
}

impl Check<'_> {
    /// What is wrong with one promise; nothing when it is kept.
    fn line(&self, line: &Line) -> Option<Diagnostic> {
        let at = At::new(self.path, line.span);
        let (address, anchor) = match line.place.split_once('#') {
            Some((address, anchor)) => (address, Some(anchor)),
            None => (line.place.as_str(), None),
        };
        let moved = self.moved(address, anchor, line);
        if let Some(now) = self.now.0.get(&line.place) {
            let same = self.recorded.holds(&line.place, now);
            let moved = moved.filter(|_| !same)?;
            return Some(catalog::reused_address(at, &shown(&line.place), &shown(&moved)));
        }
        // A page that leads elsewhere, or says that it is gone, takes the
        // readers of its anchors along; a page that is lost is reported once.
        match (anchor, self.now.0.get(address)) {
            (None, _) => {
                let moved = moved.as_deref().map(shown);
                Some(catalog::lost_address(at, &shown(&line.place), moved.as_deref()))
            }
            (Some(anchor), Some(Promise::Words(_))) => {
                let moved = moved.as_deref().and_then(|moved| moved.split_once('#'));
                let moved = moved.map(|(_, anchor)| shown(anchor));
                Some(catalog::lost_anchor(at, &shown(address), &shown(anchor), moved.as_deref()))
            }
            (Some(_), _) => None,
        }
    }

    /// Where that which stood at a place stands now, if it is not there and
    /// was not there before.
    fn moved(&self, address: &str, anchor: Option<&str>, line: &Line) -> Option<String> {
        match (&line.promise, anchor) {
            (Promise::Place, _) => None,
            (Promise::Leads(to), _) => {
                let (now, then) = (self.now.end_of(address), self.now.end_of(to)?);
                (now != Some(then)).then(|| then.to_owned())
            }
            (Promise::Words(title), None) => {
                let led = matches!(self.now.0.get(address), Some(Promise::Leads(_)));
                let place = self.titles.get(title).filter(|_| !led)?;
                Some((*place).to_owned())
            }
            (Promise::Words(_), Some(_)) => {
                let new = |place: &str| !self.recorded.holds(place, &line.promise);
                let mut below = self.now.below(address);
                below
                    .find(|(place, promise)| {
                        **promise == line.promise && place.contains('#') && new(place)
                    })
                    .map(|(place, _)| place.clone())
            }
        }
    }
}

/// A place as people write it.
fn shown(place: &str) -> String {
    decode(place).unwrap_or_else(|| place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Promise {
        Promise::Words(Fingerprint::of(text))
    }

    fn ledger(places: &[(&str, Promise)]) -> Ledger {
        Ledger(
            places.iter().map(|(place, promise)| ((*place).to_owned(), promise.clone())).collect(),
        )
    }

    /// Records one site and compares another with it.
    #[track_caller]
    fn check(before: &[(&str, Promise)], after: &[(&str, Promise)], messages: &[&str]) {
        let text = Recorded::default().renewed(&ledger(before));
        let path = SourcePath::new(crate::read::LEDGER);
        let recorded = Recorded::parse(&text, &path);
        let found = verify(&recorded, &ledger(after), &path);
        let found: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(found, messages);
    }

    #[test]
    fn additions_and_edits_are_no_errors() {
        let before = [("a/", words("A")), ("a/#p1", words("one")), ("n/", Promise::Place)];
        let after = [
            ("a/", words("A, better")),
            ("a/#p1", words("one, better")),
            ("b/", words("B")),
            ("n/", Promise::Place),
        ];
        check(&before, &before, &[]);
        check(&before, &after, &[]);
    }

    #[test]
    fn what_is_dropped_is_reported_once() {
        let before = [("a/", words("A")), ("a/#p1", words("one")), ("b/", Promise::Place)];
        check(&before, &[("b/", Promise::Place)], &["the published address `a/` would be lost"]);
        check(
            &before,
            &[("a/", words("A")), ("b/", Promise::Place)],
            &["the published address `a/#p1` would be lost"],
        );
    }

    #[test]
    fn an_alias_keeps_an_address_and_its_anchors() {
        let before = [("a/", words("A")), ("a/#p1", words("one"))];
        let after = [("a/", Promise::Leads("b/".to_owned())), ("b/", words("A"))];
        check(&before, &after, &[]);
    }

    #[test]
    fn an_address_never_comes_to_mean_something_else() {
        let before = [("a/", words("A")), ("x/", words("X"))];
        let after = [("a/", words("new")), ("b/", words("A")), ("x/", words("X"))];
        check(&before, &after, &["the published address `a/` would mean something else"]);
        let before = [("a/", Promise::Leads("b/".to_owned())), ("b/", words("A"))];
        let after = [("a/", words("new")), ("b/", words("A"))];
        check(&before, &after, &["the published address `a/` would mean something else"]);
        let other =
            [("a/", Promise::Leads("c/".to_owned())), ("b/", words("A")), ("c/", words("C"))];
        check(&before, &other, &["the published address `a/` would mean something else"]);
        let moved_on =
            [("a/", Promise::Leads("c/".to_owned())), ("b/", Promise::Leads("c/".to_owned()))];
        check(&before, &moved_on, &[]);
    }

    #[test]
    fn paragraphs_that_change_their_numbers_are_reported() {
        let before = [("a/", words("A")), ("a/#p1", words("one")), ("a/#p2", words("two"))];
        let after = [
            ("a/", words("A")),
            ("a/#p1", words("new")),
            ("a/#p2", words("one")),
            ("a/#p3", words("two")),
        ];
        check(
            &before,
            &after,
            &[
                "the published address `a/#p1` would mean something else",
                "the published address `a/#p2` would mean something else",
            ],
        );
    }

    #[test]
    fn equal_words_in_several_places_are_no_move() {
        let before = [("a/", words("A")), ("a/#p1", words("x")), ("a/#p2", words("x"))];
        let after = [("a/", words("A")), ("a/#p1", words("better")), ("a/#p2", words("x"))];
        check(&before, &after, &[]);
    }
}
