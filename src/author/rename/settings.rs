//! What the settings say of entries that get a new id: the names of sets, and
//! the places that are no more.

use std::sync::Arc;

use super::references::{names, renamed};
use super::{Change, Edit, Moves, apply};
use crate::config;
use crate::data::{Node, Value, toml};
use crate::id::{Key, Kind};
use crate::link::{Linked, Target, routes};
use crate::model::Handbook;
use crate::parse::reference::Reference;
use crate::path::SourcePath;
use crate::read::Snapshot;
use crate::span::{Span, Spanned};

/// The change of the settings file, if there is any.
///
/// # Errors
/// When a name is written in a way that cannot be changed.
pub(super) fn change(
    snapshot: &Snapshot,
    linked: &Linked,
    moves: &Moves,
) -> Result<Option<Change>, String> {
    let Some(source) = snapshot.settings() else { return Ok(None) };
    let Ok(text) = std::str::from_utf8(&source.bytes) else { return Ok(None) };
    let mut edits = sets(&toml::parse(text, &source.path).value, &linked.handbook, moves);
    edits.extend(gone_anchors(linked, moves));
    edits.extend(gone_for(text, linked, moves)?);
    let after: Arc<[u8]> = apply(text, edits).into_bytes().into();
    let path = SourcePath::new(config::FILE);
    let before = Arc::clone(&source.bytes);
    Ok((before != after).then(|| Change { from: path.clone(), to: path, before, after }))
}

/// A set that moves as a whole keeps its name for readers and its place in the
/// order.
fn sets(settings: &Node, handbook: &Handbook, moves: &Moves) -> Vec<Edit> {
    let Value::Map(settings) = &settings.value else { return Vec::new() };
    let sets = settings.iter().find(|(key, _)| key.value == "sets");
    let Some((_, Node { value: Value::Map(sets), .. })) = sets else { return Vec::new() };
    let mut edits = Vec::new();
    for (key, _) in sets {
        let norms: Vec<&Key> =
            handbook.of(Kind::Norm).iter().map(|ix| &handbook.entry(*ix).key).collect();
        let own = norms.iter().filter(|norm| norm.id.folder() == key.value);
        let folders: Option<Vec<&str>> = own.map(|norm| Some(moves.get(norm)?.folder())).collect();
        let Some(folders) = folders else { continue };
        let Some(folder) = folders.first().filter(|first| folders.iter().all(|f| f == *first))
        else {
            continue;
        };
        let known = sets.iter().any(|(other, _)| other.value == *folder);
        if !known && !folder.is_empty() {
            edits.push((key.span, toml_key(folder)));
        }
    }
    edits
}

/// An anchor that is gone from a page which gets a new address.
fn gone_anchors(linked: &Linked, moves: &Moves) -> Vec<Edit> {
    let lines = &linked.handbook.config.gone.0;
    let mut edits = Vec::new();
    for (ix, entry) in linked.handbook.all() {
        let (old, new) = (&entry.key, renamed(&entry.key, moves));
        if *old == new {
            continue;
        }
        let new = routes::entry_address(&new, entry.translation.as_deref()).published();
        let here = linked.routes.entry(ix);
        for gone in linked.routes.gone.iter().filter(|gone| gone.address == *here) {
            let line = lines.iter().find(|line| line.place.span == gone.span);
            let anchor = line.and_then(|line| Some(line.place.split_once('#')?.1));
            edits.extend(anchor.map(|anchor| (gone.span, toml_key(&format!("{new}#{anchor}")))));
        }
    }
    edits
}

/// The entries that readers of a place that is gone are sent to.
fn gone_for(text: &str, linked: &Linked, moves: &Moves) -> Result<Vec<Edit>, String> {
    let names = names(linked, moves);
    let mut edits = Vec::new();
    for line in &linked.handbook.config.gone.0 {
        let place = linked.routes.gone.iter().find(|gone| gone.span == line.place.span);
        let (Some(see), Some(Target::Entry(ix, _))) =
            (&line.see, place.and_then(|gone| gone.see.as_ref()))
        else {
            continue;
        };
        let old = &linked.handbook.entry(*ix).key;
        let new = renamed(old, moves);
        let Ok(reference) = see.parse::<Reference>();
        let named = |kind: &Kind| names.contains(&Key { kind: *kind, id: new.id.clone() });
        let plain =
            reference.kind.is_some() || Kind::ALL.iter().find(|k| named(k)) == Some(&new.kind);
        if new == *old && plain {
            continue;
        }
        let kind = if plain { String::new() } else { format!("{}:", new.kind) };
        let name = name_in(text, see, &reference).ok_or_else(|| {
            let line = text[..see.span.start()].lines().count().max(1);
            format!(
                "the name at `{}`, line {line}, is written in a way that cannot be changed; write \
                 it plainly first",
                config::FILE
            )
        })?;
        edits.push((name, format!("{kind}{}", new.id)));
    }
    Ok(edits)
}

/// Where the id stands in a reference as it is written; its anchor comes after.
fn name_in(text: &str, written: &Spanned<String>, reference: &Reference) -> Option<Span> {
    let raw = &text[written.span.range()];
    let name = raw.split('#').next().unwrap_or(raw);
    let start = written.span.start() + name.rfind(reference.id())?;
    Some(Span::new(start, start + reference.id().len()))
}

/// A key as TOML takes it: bare where that is allowed.
fn toml_key(key: &str) -> String {
    let bare = key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if bare { key.to_owned() } else { format!("\"{key}\"") }
}
