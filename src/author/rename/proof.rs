//! The proof of a rename: the handbook after it is built, and must be the same
//! but for the names.

use std::collections::{BTreeMap, BTreeSet};

use super::references::renamed;
use super::{Change, Moves};
use crate::config;
use crate::diagnostic::Diagnostic;
use crate::id::Key;
use crate::link::{Linked, Target};
use crate::model::EntryIx;
use crate::page::Subject;
use crate::path::{SourcePath, encode};
use crate::pipeline::Site;

/// An entry's name and language.
type Name = (Key, Option<String>);

/// Compares the handbook before and after.
///
/// # Errors
/// What else than names would change.
pub(super) fn check(
    before: &Site,
    after: &Site,
    moves: &Moves,
    changes: &[Change],
) -> Result<(), String> {
    new_mistakes(before, after, changes)?;
    let entries = |site: &Site| -> BTreeMap<Name, EntryIx> {
        site.linked().handbook.all().map(|(ix, _)| (name(site.linked(), ix), ix)).collect()
    };
    let mut after_entries = entries(after);
    for ((key, language), ix) in entries(before) {
        let path = &before.linked().handbook.entry(ix).doc.path;
        let other = after_entries.remove(&(renamed(&key, moves), language));
        let same = other.is_some_and(|other| {
            targets(before, ix, moves) == targets(after, other, &Moves::new())
        });
        if !same {
            return Err(format!(
                "what `{path}` refers to would not be the same; run `normbook check`, mend what it \
                 reports, and try again"
            ));
        }
    }
    if gone(before, moves) != gone(after, &Moves::new()) {
        return Err(format!(
            "what `{}` says of places that are gone would not be the same; write the entries there \
             with their kinds, such as `norm:{}`, and try again",
            config::FILE,
            moves.keys().next().map(|key| key.id.as_str()).unwrap_or_default()
        ));
    }
    match after_entries.keys().next() {
        None => Ok(()),
        Some((key, _)) => Err(format!("an entry `{key}` would appear from nowhere")),
    }
}

/// The diagnostics that were not there before; paths are those after.
fn new_mistakes(before: &Site, after: &Site, changes: &[Change]) -> Result<(), String> {
    let moved: BTreeMap<&SourcePath, &SourcePath> =
        changes.iter().map(|change| (&change.from, &change.to)).collect();
    let mut old: BTreeMap<(Option<&SourcePath>, &str), usize> = BTreeMap::new();
    for found in &before.diagnostics {
        let path = found.path.as_ref().map(|path| moved.get(path).copied().unwrap_or(path));
        *old.entry((path, found.code)).or_default() += 1;
    }
    for found in &after.diagnostics {
        match old.get_mut(&(found.path.as_ref(), found.code)) {
            Some(times) if *times > 0 => *times -= 1,
            _ => return Err(mistake(found)),
        }
    }
    Ok(())
}

fn mistake(found: &Diagnostic) -> String {
    let path = found.path.as_ref().map(|path| format!(" in `{path}`")).unwrap_or_default();
    let hint = found.hints.first().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("after that, {}{path}{hint}", found.message)
}

fn name(linked: &Linked, ix: EntryIx) -> Name {
    let entry = linked.handbook.entry(ix);
    (entry.key.clone(), entry.translation.clone())
}

/// Where the references of an entry lead, by name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Entry(Name, Option<Box<str>>),
    File(SourcePath),
}

/// Where the references of an entry lead, by the names after `moves`.
fn targets(site: &Site, ix: EntryIx, moves: &Moves) -> Vec<Place> {
    let linked = site.linked();
    linked.targets(ix).map(|(_, target)| place(linked, target, moves)).collect()
}

/// Where readers of the places that are gone are sent, in some order.
fn gone(site: &Site, moves: &Moves) -> Vec<Option<Place>> {
    let linked = site.linked();
    let see = linked.routes.gone.iter().map(|gone| gone.see.as_ref());
    let mut places: Vec<_> = see.map(|see| Some(place(linked, see?, moves))).collect();
    places.sort();
    places
}

fn place(linked: &Linked, target: &Target, moves: &Moves) -> Place {
    match target {
        Target::Entry(ix, anchor) => {
            let (key, language) = name(linked, *ix);
            Place::Entry((renamed(&key, moves), language), anchor.clone())
        }
        Target::File(path) => Place::File(path.clone()),
    }
}

/// The old and new addresses of the renamed entries.
pub(super) fn addresses(before: &Site, after: &Site, moves: &Moves) -> Vec<(String, String)> {
    let address = |site: &Site, key: &Key| {
        let linked = site.linked();
        let ix = linked.handbook.find(key)?;
        Some(linked.routes.entry(ix).published())
    };
    let pair = |key: &Key| Some((address(before, key)?, address(after, &renamed(key, moves))?));
    moves.keys().filter_map(pair).collect()
}

/// The pages that are no entry's and have another address after, such as that
/// of a set, with their new addresses as far as they are known.
pub(super) fn pages_elsewhere(before: &Site, after: &Site, moves: &Moves) -> Vec<(String, String)> {
    let own: Vec<(String, String)> = addresses(before, after, moves);
    let pages = |site: &Site| -> BTreeSet<String> {
        let pages = site
            .pages()
            .iter()
            .filter(|page| !matches!(page.subject, Subject::Alias(_) | Subject::Print(_)));
        let folders = pages.filter_map(|page| page.address.as_str().strip_suffix("index.html"));
        folders.map(str::to_owned).collect()
    };
    let (old, new) = (pages(before), pages(after));
    let is_entry = |address: &str| {
        own.iter().any(|(old, new)| [old, new].iter().any(|own| **own == encode(address)))
    };
    let lost = old.difference(&new).filter(|address| !is_entry(address));
    let mut found = new.difference(&old).filter(|address| !is_entry(address));
    let translated =
        |address: &str| {
            before.linked().handbook.config.translations.iter().any(|tag| {
                address.strip_prefix(tag.as_str()).is_some_and(|rest| rest.starts_with('/'))
            })
        };
    let lost = lost.filter(|address| !translated(address));
    lost.map(|address| (address.clone(), found.next().cloned().unwrap_or_default())).collect()
}
