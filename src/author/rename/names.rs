//! The names of a rename: which entries are meant, and whether the new names
//! are free.

use super::Moves;
use crate::diagnostic::{alternatives, nearest};
use crate::id::{Id, Key, Kind};
use crate::link::Linked;
use crate::model::Handbook;
use crate::parse::reference::Reference;

/// Which entries get which id.
pub(super) fn moves(handbook: &Handbook, old: &str, new: &str) -> Result<Moves, String> {
    let folder = old.trim().ends_with('/');
    let (Ok(from), Ok(to)) = (old.parse::<Reference>(), new.parse::<Reference>());
    if from.anchor().is_some() || to.anchor().is_some() {
        return Err("only entries are renamed; an anchor belongs to its heading".to_owned());
    }
    let moves = match folder {
        true => folder_moves(handbook, &from, &new_id(&to, from.kind.unwrap_or(Kind::Norm))?)?,
        false => {
            let key = entry(handbook, &from)?;
            let id = new_id(&to, key.kind)?;
            Moves::from([(key, id)])
        }
    };
    if moves.iter().all(|(key, id)| key.id == *id) {
        return Err(format!("`{old}` has that name already"));
    }
    Ok(moves)
}

fn new_id(to: &Reference, kind: Kind) -> Result<Id, String> {
    if to.kind.is_some_and(|other| other != kind) {
        return Err(format!("a {kind} stays a {kind}; write the new id without another kind"));
    }
    to.id().parse().map_err(|error| {
        let id = to.id();
        format!("the id `{id}` {error}; ids are lower-case letters, digits, `-` and `.`, with `/` between parts")
    })
}

/// The entry that a name means, as references find it.
fn entry(handbook: &Handbook, from: &Reference) -> Result<Key, String> {
    let id = from.id().parse::<Id>().ok();
    let found = |kind: &Kind| {
        let key = Key { kind: *kind, id: id.clone()? };
        handbook.find(&key).map(|_| key)
    };
    let kinds = from.kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let hits: Vec<Key> = kinds.iter().filter_map(found).collect();
    match hits.as_slice() {
        [key] => Ok(key.clone()),
        [norm, ..] if norm.kind == Kind::Norm => Ok(norm.clone()),
        [] => Err(unknown(handbook, from, &kinds)),
        several => {
            let ways: Vec<String> = several.iter().map(Key::to_string).collect();
            Err(format!("`{from}` is the name of several entries; write {}", alternatives(&ways)))
        }
    }
}

fn unknown(handbook: &Handbook, from: &Reference, kinds: &[Kind]) -> String {
    let keys = || kinds.iter().flat_map(|kind| handbook.of(*kind));
    let keys = || keys().map(|ix| &handbook.entry(*ix).key);
    let near = nearest(from.id(), keys().map(|key| key.id.as_str()));
    let near: Vec<String> = keys()
        .filter(|key| near.iter().any(|n| n == key.id.as_str()))
        .map(Key::to_string)
        .collect();
    let what = from.kind.map_or("entry", Kind::name);
    match near.as_slice() {
        [] => format!("there is no {what} `{}`; `normbook check` shows what exists", from.id()),
        near => format!("there is no {what} `{}`; did you mean {}?", from.id(), alternatives(near)),
    }
}

/// All entries of a kind below a folder.
fn folder_moves(handbook: &Handbook, from: &Reference, to: &Id) -> Result<Moves, String> {
    let kind = from.kind.unwrap_or(Kind::Norm);
    let below = format!("{}/", from.id());
    let keys = handbook.of(kind).iter().map(|ix| &handbook.entry(*ix).key);
    let moved = keys.clone().filter_map(|key| {
        let rest = key.id.as_str().strip_prefix(&below)?;
        let id = format!("{to}/{rest}").parse().expect("invariant: ids joined by `/` are an id");
        Some((key.clone(), id))
    });
    let moves: Moves = moved.collect();
    if moves.is_empty() {
        let near = nearest(from.id(), keys.map(|key| key.id.folder()).filter(|f| !f.is_empty()));
        let hint = match near.as_slice() {
            [] => "a name that ends with `/` is a folder".to_owned(),
            near => format!("did you mean {}?", alternatives(near)),
        };
        return Err(format!("there is no folder `{}` of {kind}s; {hint}", from.id()));
    }
    Ok(moves)
}

/// Says why new names cannot be taken.
pub(super) fn check_free(linked: &Linked, moves: &Moves) -> Result<(), String> {
    let handbook = &linked.handbook;
    for (key, id) in moves {
        if key.kind == Kind::Page && [key.id.as_str(), id.as_str()].contains(&"index") {
            return Err("the page `index` is the introduction of the home page, by its name".into());
        }
        let new = Key { kind: key.kind, id: id.clone() };
        if let Some(ix) = handbook.find(&new).filter(|_| !moves.contains_key(&new)) {
            let path = &handbook.entry(ix).doc.path;
            return Err(format!("there is a {} `{id}` already: `{path}`", key.kind));
        }
        if let Some(part) = id.as_str().split('/').find(|part| part.starts_with('.')) {
            return Err(format!("`{part}` begins with a full stop, and such names are not read"));
        }
        let mut tags = handbook.config.translations.iter();
        if let Some(tag) = tags.find(|tag| id.as_str().ends_with(&format!(".{tag}"))) {
            return Err(format!("`{id}` would be a translation, because it ends with `.{tag}`"));
        }
    }
    Ok(())
}
