//! A new id for an entry, or for a folder of them, everywhere it is referred
//! to.
//!
//! Comes in: a snapshot, the old name and the new one. Goes out: the files
//! that change, before and after, or why it cannot be. Only the bytes of names
//! change. What was planned is built before it is handed out: every reference
//! must lead where it led, and nothing new may be wrong.

mod aliases;
mod names;
mod proof;
mod references;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::id::{Id, Key};
use crate::link::routes;
use crate::model::{Entry, Handbook};
use crate::path::SourcePath;
use crate::pipeline::{Options, Pipeline, Site};
use crate::read::{Snapshot, Source};
use crate::span::Span;

/// What a rename does.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The files that change, sorted by their old path.
    pub changes: Vec<Change>,
    /// The old and new addresses of the entries, as published.
    pub addresses: Vec<(String, String)>,
}

/// One file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub from: SourcePath,
    /// Where it will stand.
    pub to: SourcePath,
    /// What it holds.
    pub before: Arc<[u8]>,
    /// What it will hold.
    pub after: Arc<[u8]>,
}

impl Change {
    /// The change as `git diff` shows it.
    pub fn diff(&self) -> String {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (before, after) = (text(&self.before), text(&self.after));
        let (from, to) = (format!("a/{}", self.from), format!("b/{}", self.to));
        let mut diff = format!("diff --git {from} {to}\n");
        if self.from != self.to {
            diff.push_str(&format!("rename from {}\nrename to {}\n", self.from, self.to));
        }
        if before != after {
            let lines = similar::TextDiff::from_lines(&before, &after);
            diff.push_str(&lines.unified_diff().context_radius(3).header(&from, &to).to_string());
        }
        diff
    }
}

/// A piece of a file and what takes its place.
type Edit = (Span, String);

/// The entries that get a new id.
type Moves = BTreeMap<Key, Id>;

/// Plans the rename of the entry `old`, or of the folder when `old` ends with
/// `/`, to `new`. Both are written as in references: `theme:openness`.
///
/// # Errors
/// Why it cannot be, and what to do: a sentence for the author.
pub fn plan(snapshot: &Snapshot, old: &str, new: &str) -> Result<Plan, String> {
    let site = build(snapshot);
    let moves = names::moves(&site.linked().handbook, old, new)?;
    names::check_free(site.linked(), &moves)?;
    let mut changes = changes(snapshot, &site, &moves, &[])?;
    let mut after = build(&changed(snapshot, &changes));
    // A set's page has the folder in its address, and leads on to its first
    // norm.
    let pages = proof::pages_elsewhere(&site, &after, &moves);
    if !pages.is_empty() {
        changes = self::changes(snapshot, &site, &moves, &pages)?;
        after = build(&changed(snapshot, &changes));
    }
    proof::check(&site, &after, &moves, &changes)?;
    let addresses = proof::addresses(&site, &after, &moves);
    Ok(Plan { changes, addresses })
}

/// The files that change; `pages` are old and new addresses of pages that are
/// no entry's.
fn changes(
    snapshot: &Snapshot,
    site: &Site,
    moves: &Moves,
    pages: &[(String, String)],
) -> Result<Vec<Change>, String> {
    let handbook = &site.linked().handbook;
    let first = handbook
        .all()
        .find(|(_, entry)| moves.contains_key(&entry.key) && entry.translation.is_none());
    let mut changes = Vec::new();
    for (ix, entry) in handbook.all() {
        let to = new_path(handbook, entry, moves);
        let mut edits = references::edits(site.linked(), ix, &to, moves)?;
        let pages = if first.is_some_and(|(first, _)| first == ix) { pages } else { &[] };
        edits.extend(own_name(entry, moves, pages)?);
        if edits.is_empty() && to == entry.doc.path {
            continue;
        }
        let source = snapshot.sources.get(&entry.doc.path).expect("invariant: entries have files");
        if std::str::from_utf8(&source.bytes).is_err() {
            return Err(format!("`{}` is not UTF-8 text; save it so first", entry.doc.path));
        }
        changes.push(Change {
            from: entry.doc.path.clone(),
            to,
            before: Arc::clone(&source.bytes),
            after: apply(&entry.doc.text, edits).into_bytes().into(),
        });
    }
    changes.extend(settings::change(snapshot, site.linked(), moves)?);
    changes.sort_by(|a, b| a.from.cmp(&b.from));
    Ok(changes)
}

fn build(snapshot: &Snapshot) -> Site {
    let options = Options { drafts: true, base_url: None };
    Pipeline::default().run(snapshot, &options, &mut |_| {})
}

/// The snapshot after some changes.
pub fn changed(snapshot: &Snapshot, changes: &[Change]) -> Snapshot {
    let mut after = snapshot.clone();
    for change in changes {
        after.sources.remove(&change.from);
    }
    for change in changes {
        let source = Source::new(change.to.clone(), Arc::clone(&change.after));
        after.sources.insert(change.to.clone(), source);
    }
    after
}

fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    edits.sort();
    // Two links may share the address that stands in one definition.
    edits.dedup();
    let mut after = String::with_capacity(text.len());
    let mut done = 0;
    for (span, new) in edits {
        after.push_str(&text[done..span.start()]);
        after.push_str(&new);
        done = span.end();
    }
    after.push_str(&text[done..]);
    after
}

/// Whether the id of an entry stands in its file's name, and not in a front
/// matter.
fn named_by_path(handbook: &Handbook, entry: &Entry) -> bool {
    let given = |entry: &Entry| entry.doc.meta.common().id.is_some_and(|id| !id.is_empty());
    let original = handbook.find(&entry.key).map(|ix| handbook.entry(ix));
    !given(entry) && !original.is_some_and(given)
}

/// Where an entry's file will stand.
fn new_path(handbook: &Handbook, entry: &Entry, moves: &Moves) -> SourcePath {
    let Some(id) = moves.get(&entry.key).filter(|_| named_by_path(handbook, entry)) else {
        return entry.doc.path.clone();
    };
    let tag = entry.translation.as_ref().map(|tag| format!(".{tag}")).unwrap_or_default();
    SourcePath::new(format!("content/{}/{id}{tag}.md", entry.key.kind.folder()))
}

/// What changes in a renamed entry's front matter: its `id`, if it has one, and
/// its old addresses.
fn own_name(entry: &Entry, moves: &Moves, pages: &[(String, String)]) -> Result<Vec<Edit>, String> {
    let Some(id) = moves.get(&entry.key) else { return Ok(Vec::new()) };
    let mut edits = Vec::new();
    if let Some(given) = entry.doc.meta.common().id.filter(|given| !given.is_empty()) {
        let text = &entry.doc.text[given.span.range()];
        let at = text.find(given.value.as_str()).ok_or_else(|| {
            format!("the `id` in `{}` is written in a way that cannot be changed", entry.doc.path)
        })?;
        let start = given.span.start() + at;
        edits.push((Span::new(start, start + given.value.len()), id.to_string()));
    }
    let address = |id: &Id| {
        let key = Key { kind: entry.key.kind, id: id.clone() };
        let address = routes::entry_address(&key, entry.translation.as_deref());
        address.as_str().trim_end_matches("index.html").to_owned()
    };
    let own = (address(&entry.key.id), address(id));
    let addresses: Vec<_> = std::iter::once(own).chain(pages.iter().cloned()).collect();
    edits.extend(aliases::edits(&entry.doc, &addresses)?);
    Ok(edits)
}
