//! The handbook: all entries under their names, in their order.
//!
//! Comes in: parsed files and the settings. Goes out: a [`Handbook`] in which
//! every entry has an identity and a place. References between entries are
//! not looked up here; that is [`crate::link`]'s work.

pub mod order;
pub mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Config;
use crate::date::PartialDate;
use crate::diagnostic::{At, Checked, Diagnostic, catalog};
use crate::id::{Id, Key, Kind};
use crate::parse::Doc;
use crate::parse::front_matter::{self as meta, Meta};
use crate::path::SourcePath;
use crate::span::Span;

/// An entry's place in [`Handbook::entries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryIx(u32);

impl EntryIx {
    /// The place `at`, counted from 0.
    ///
    /// # Panics
    /// When there are more than four thousand million entries.
    pub fn new(at: usize) -> EntryIx {
        EntryIx(u32::try_from(at).expect("invariant: no handbook has so many entries"))
    }

    /// The place, counted from 0.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// One entry of the handbook.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its name.
    pub key: Key,
    /// The language of a translation (BCP 47); nothing for an original.
    pub translation: Option<String>,
    /// What its file holds.
    pub doc: Arc<Doc>,
    /// Its title and, where that is another, its short name. Pages have many
    /// links, so both stand at hand.
    title: Box<str>,
    label: Option<Box<str>>,
}

impl Entry {
    /// The entry's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What a reference shows when its author gave no text: the number of a
    /// norm that no other norm of its set has, the symbol of a source, else
    /// the title.
    pub fn label(&self) -> &str {
        self.label.as_deref().unwrap_or(&self.title)
    }

    /// An entry without a short name yet.
    fn new(key: Key, translation: Option<String>, doc: Arc<Doc>) -> Entry {
        let title = doc.meta.common().title.as_str().into();
        Entry { key, translation, doc, title, label: None }
    }

    /// The front matter of a norm.
    pub fn norm(&self) -> Option<&meta::Norm> {
        match &self.doc.meta {
            Meta::Norm(norm) => Some(norm),
            _ => None,
        }
    }
}

/// Norms of one folder.
#[derive(Clone, Debug)]
pub struct Set {
    /// The folder below `content/norms/`; empty for norms without one.
    pub id: String,
    /// What readers see.
    pub label: String,
    /// A short explanation.
    pub note: Option<String>,
    /// Its norms in order.
    pub norms: Vec<EntryIx>,
}

/// All entries under their names and in their order.
#[derive(Clone, Debug)]
pub struct Handbook {
    /// The settings.
    pub config: Config,
    /// The day on which the handbook is built.
    pub today: PartialDate,
    /// All entries and translations, sorted by name.
    pub entries: Vec<Entry>,
    /// The sets of norms in their order.
    pub sets: Vec<Set>,
    /// Files that are copied to the site.
    pub assets: Vec<SourcePath>,
    by_key: BTreeMap<Key, EntryIx>,
    by_path: BTreeMap<SourcePath, EntryIx>,
    by_kind: BTreeMap<Kind, Vec<EntryIx>>,
    /// The drafts that were left out.
    drafts: BTreeMap<SourcePath, Key>,
    /// Each norm's set and its place in it; nothing for other entries.
    placements: Vec<Option<(usize, usize)>>,
    /// Each original's place in the index of its kind.
    ranks: Vec<usize>,
}

impl Handbook {
    /// The entry at a place.
    pub fn entry(&self, ix: EntryIx) -> &Entry {
        &self.entries[ix.at()]
    }

    /// The original entry of a name.
    pub fn find(&self, key: &Key) -> Option<EntryIx> {
        self.by_key.get(key).copied()
    }

    /// The original of an entry, which may be the entry itself; a translation
    /// without one stands for itself.
    pub fn original(&self, ix: EntryIx) -> EntryIx {
        let entry = self.entry(ix);
        match entry.translation {
            None => ix,
            Some(_) => self.find(&entry.key).unwrap_or(ix),
        }
    }

    /// An entry in all its languages, the original first.
    pub fn versions(&self, ix: EntryIx) -> impl Iterator<Item = EntryIx> {
        // Entries are sorted by name.
        let key = &self.entry(ix).key;
        let before = self.entries[..ix.at()].iter().rev().take_while(|entry| entry.key == *key);
        let start = ix.at() - before.count();
        let same = self.entries[start..].iter().take_while(move |entry| entry.key == *key);
        same.enumerate().map(move |(at, _)| EntryIx::new(start + at))
    }

    /// The place of an entry in the index of its kind; translations come last.
    pub fn rank(&self, ix: EntryIx) -> usize {
        self.ranks[ix.at()]
    }

    /// The translation of an entry into a language.
    pub fn translation(&self, key: &Key, language: &str) -> Option<EntryIx> {
        self.translations(key).find(|ix| self.entry(*ix).translation.as_deref() == Some(language))
    }

    /// All translations of an entry.
    pub fn translations(&self, key: &Key) -> impl Iterator<Item = EntryIx> {
        let start = self.entries.partition_point(|entry| entry.key < *key);
        let same = self.entries[start..].iter().take_while(move |entry| entry.key == *key);
        let places = same.enumerate().filter(|(_, entry)| entry.translation.is_some());
        places.map(move |(at, _)| EntryIx::new(start + at)).collect::<Vec<_>>().into_iter()
    }

    /// The entry of a file.
    pub fn at_path(&self, path: &SourcePath) -> Option<EntryIx> {
        self.by_path.get(path).copied()
    }

    /// The original entries of a kind, in the order of its index.
    pub fn of(&self, kind: Kind) -> &[EntryIx] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The file of a draft that was left out.
    pub fn draft(&self, key: &Key) -> Option<&SourcePath> {
        let drafts = self.drafts.iter().filter(|(_, draft)| *draft == key).map(|(path, _)| path);
        // An original's name is shorter than those of its translations.
        drafts.min_by_key(|path| path.as_str().len())
    }

    /// The draft that was left out with a file.
    pub fn draft_at(&self, path: &SourcePath) -> Option<&Key> {
        self.drafts.get(path)
    }

    /// Whether all that references are looked up by is as in another handbook:
    /// names in their order, files, anchors, the forms of terms, drafts, and
    /// the settings.
    pub fn same_names(&self, other: &Handbook) -> bool {
        let forms = |doc: &Doc| match &doc.meta {
            Meta::Term(term) => Some((term.title.value.clone(), term.also.clone())),
            _ => None,
        };
        let same_doc = |one: &Arc<Doc>, other: &Arc<Doc>| {
            Arc::ptr_eq(one, other)
                || (one.path == other.path
                    && one.body.anchors().eq(other.body.anchors())
                    && forms(one) == forms(other))
        };
        let same = |(one, other): (&Entry, &Entry)| {
            one.key == other.key
                && one.translation == other.translation
                && same_doc(&one.doc, &other.doc)
        };
        self.entries.len() == other.entries.len()
            && self.config == other.config
            && self.assets == other.assets
            && self.drafts == other.drafts
            && self.of(Kind::Term) == other.of(Kind::Term)
            && self.entries.iter().zip(&other.entries).all(same)
    }

    /// All entries and translations with their places.
    pub fn all(&self) -> impl Iterator<Item = (EntryIx, &Entry)> {
        self.entries.iter().enumerate().map(|(at, entry)| (EntryIx::new(at), entry))
    }

    /// The front matter of a norm by its place.
    ///
    /// # Panics
    /// When the entry is no norm.
    pub fn norm(&self, ix: EntryIx) -> &meta::Norm {
        self.entry(ix).norm().expect("invariant: asked for a norm's place")
    }

    /// The set that a norm belongs to, and its place in it from 0.
    pub fn set_of(&self, norm: EntryIx) -> Option<(&Set, usize)> {
        let (set, place) = self.placement(self.original(norm))?;
        Some((&self.sets[set], place))
    }

    /// The place of a norm's set in [`Handbook::sets`] and its own place in it,
    /// both from 0; nothing for what is no original norm.
    pub fn placement(&self, norm: EntryIx) -> Option<(usize, usize)> {
        self.placements[norm.at()]
    }

    /// A norm's status, or the default.
    pub fn status<'a>(&'a self, norm: &'a meta::Norm) -> &'a str {
        let statuses = &self.config.vocabularies.statuses;
        let default = statuses.words().first().map_or("", |word| word.id.as_str());
        norm.status.as_ref().map_or(default, |status| status.value.as_str())
    }
}

/// What [`assemble`] works on.
#[derive(Debug)]
pub struct Parts {
    /// The parsed entries.
    pub docs: Vec<Arc<Doc>>,
    /// Files that are copied to the site.
    pub assets: Vec<SourcePath>,
    /// The settings.
    pub config: Config,
    /// The day on which the handbook is built.
    pub today: PartialDate,
    /// Whether drafts belong to the site.
    pub drafts: bool,
}

/// Gives every entry its name and its place.
pub fn assemble(parts: Parts) -> Checked<Handbook> {
    let Parts { docs, assets, config, today, drafts: with_drafts } = parts;
    let mut diagnostics = Vec::new();
    let identified = docs.into_iter().filter_map(|doc| identify(doc, &config, &mut diagnostics));
    let mut entries: Vec<Entry> = identified.collect();
    follow_originals(&mut entries);
    let drafts = if with_drafts { BTreeMap::new() } else { drop_drafts(&mut entries) };
    entries.sort_by(|a, b| {
        (&a.key, &a.translation, &a.doc.path).cmp(&(&b.key, &b.translation, &b.doc.path))
    });
    drop_repeated(&mut entries, &mut diagnostics);
    give_short_names(&mut entries);
    for entry in &entries {
        words::check(&entry.doc, &config.vocabularies, &mut diagnostics);
    }
    let all = || entries.iter().enumerate().map(|(at, entry)| (EntryIx::new(at), entry));
    let originals = || all().filter(|(_, entry)| entry.translation.is_none());
    let by_key: BTreeMap<Key, EntryIx> =
        originals().map(|(ix, entry)| (entry.key.clone(), ix)).collect();
    let by_path = all().map(|(ix, entry)| (entry.doc.path.clone(), ix)).collect();
    let orphans = all().filter(|(_, e)| e.translation.is_some() && !by_key.contains_key(&e.key));
    for (_, orphan) in orphans {
        let original = original_path(orphan).unwrap_or_default();
        diagnostics.push(catalog::translation_without_original(&orphan.doc.path, &original));
    }
    let mut by_kind: BTreeMap<Kind, Vec<EntryIx>> = BTreeMap::new();
    for (ix, entry) in originals() {
        by_kind.entry(entry.key.kind).or_default().push(ix);
    }
    let sorter = order::Sorter::new(&config, &entries);
    for list in by_kind.values_mut() {
        list.sort_by(|a, b| sorter.compare(*a, *b));
    }
    let norms = by_kind.get(&Kind::Norm).map_or(&[][..], Vec::as_slice);
    let sets = sets(norms, &entries, &config);
    let placements = placements(&sets, entries.len());
    let mut ranks = vec![usize::MAX; entries.len()];
    for list in by_kind.values() {
        list.iter().enumerate().for_each(|(rank, ix)| ranks[ix.at()] = rank);
    }
    let handbook = Handbook {
        config,
        today,
        entries,
        sets,
        assets,
        by_key,
        by_path,
        by_kind,
        drafts,
        placements,
        ranks,
    };
    Checked::new(handbook, diagnostics)
}

/// The name of an entry: from its front matter, else from its path.
fn identify(doc: Arc<Doc>, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Option<Entry> {
    let kind = doc.kind();
    let path = doc.path.as_str();
    let prefix = format!("content/{}/", kind.folder());
    let below = path.strip_prefix(&prefix).or_else(|| path.strip_prefix("content/"))?;
    let stem = below.strip_suffix(".md").unwrap_or(below);
    let language = config.translations.iter().find_map(|tag| {
        let original = stem.strip_suffix(tag.as_str())?.strip_suffix('.')?;
        (!original.is_empty() && !original.ends_with('/')).then_some((original, tag.clone()))
    });
    let (stem, translation) = match language {
        Some((stem, tag)) => (stem, Some(tag)),
        None => (stem, None),
    };
    let given = doc.meta.common().id.filter(|id| !id.is_empty());
    let text = given.map_or(stem, |id| id.value.as_str());
    match text.parse::<Id>() {
        Ok(id) => Some(Entry::new(Key { kind, id }, translation, doc)),
        Err(error) => {
            let place = given.map(|id| At::new(&doc.path, id.span));
            diagnostics.push(catalog::bad_id(&doc.path, place, text, &error));
            // With small letters it may still be the name of another entry.
            let id = text.to_lowercase().parse::<Id>().ok()?;
            Some(Entry::new(Key { kind, id }, translation, doc))
        }
    }
}

/// The file that a translation stands beside.
fn original_path(entry: &Entry) -> Option<String> {
    let ending = format!(".{}.md", entry.translation.as_deref()?);
    Some(format!("{}.md", entry.doc.path.as_str().strip_suffix(&ending)?))
}

/// Gives translations the id that their original has by its front matter.
fn follow_originals(entries: &mut [Entry]) {
    let named = entries.iter().filter(|entry| entry.doc.meta.common().id.is_some());
    let ids: BTreeMap<String, Key> =
        named.map(|entry| (entry.doc.path.to_string(), entry.key.clone())).collect();
    for entry in entries.iter_mut().filter(|entry| entry.doc.meta.common().id.is_none()) {
        if let Some(key) = original_path(entry).and_then(|path| ids.get(&path)) {
            entry.key = key.clone();
        }
    }
}

/// Takes out drafts, and with an original its translations.
fn drop_drafts(entries: &mut Vec<Entry>) -> BTreeMap<SourcePath, Key> {
    let is_draft = |entry: &Entry| entry.doc.meta.common().draft;
    let originals = entries.iter().filter(|entry| is_draft(entry) && entry.translation.is_none());
    let originals: BTreeSet<Key> = originals.map(|entry| entry.key.clone()).collect();
    let is_out = |entry: &mut Entry| {
        is_draft(entry) || (entry.translation.is_some() && originals.contains(&entry.key))
    };
    let out = entries.extract_if(.., is_out);
    out.map(|entry| (entry.doc.path.clone(), entry.key)).collect()
}

/// Reports entries whose names are equal when case is folded, and keeps the
/// first of each. Ids hold no capital letters, but `ß` folds to `ss`.
fn drop_repeated(entries: &mut Vec<Entry>, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(Kind, String, Option<String>), SourcePath> = BTreeMap::new();
    entries.retain(|entry| {
        let folded = entry.key.id.as_str().to_uppercase();
        let name = (entry.key.kind, folded, entry.translation.clone());
        if let Some(first) = seen.get(&name) {
            let span = entry.doc.meta.common().id.map_or(Span::default(), |id| id.span);
            let at = At::new(&entry.doc.path, span);
            diagnostics.push(catalog::repeated_id(at, first, &entry.key));
            return false;
        }
        seen.insert(name, entry.doc.path.clone());
        true
    });
}

/// Gives norms their number and sources their symbol as a short name. A
/// number that another norm of the set has too, as when a document numbers
/// only its sections, is none.
fn give_short_names(entries: &mut [Entry]) {
    let name = |entry: &Entry| {
        let number = entry.norm()?.number.clone()?;
        Some((entry.key.id.folder().to_owned(), number))
    };
    let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.translation.is_none()) {
        if let Some(name) = name(entry) {
            *times.entry(name).or_default() += 1;
        }
    }
    for entry in entries {
        let shared =
            name(entry).is_some_and(|name| times.get(&name).is_some_and(|times| *times > 1));
        let short = match &entry.doc.meta {
            Meta::Norm(norm) => norm.number.as_deref().filter(|_| !shared),
            Meta::Source(source) => source.symbol.as_deref(),
            Meta::Forum(_)
            | Meta::Theme(_)
            | Meta::Actor(_)
            | Meta::Statement(_)
            | Meta::Term(_)
            | Meta::Page(_) => None,
        };
        entry.label = short.map(Into::into);
    }
}

/// Gathers norms by folder; `norms` come in their order.
fn sets(norms: &[EntryIx], entries: &[Entry], config: &Config) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    for ix in norms {
        let folder = entries[ix.at()].key.id.folder();
        match sets.last_mut() {
            Some(set) if set.id == folder => set.norms.push(*ix),
            _ => {
                let word = config.vocabularies.sets.find(folder);
                let fallback = if folder.is_empty() { "Other norms" } else { folder };
                sets.push(Set {
                    id: folder.to_owned(),
                    label: word.map_or(fallback, |word| &word.label).to_owned(),
                    note: word.and_then(|word| word.note.clone()),
                    norms: vec![*ix],
                });
            }
        }
    }
    sets
}

fn placements(sets: &[Set], entries: usize) -> Vec<Option<(usize, usize)>> {
    let mut placements = vec![None; entries];
    for (at, set) in sets.iter().enumerate() {
        for (place, ix) in set.norms.iter().enumerate() {
            placements[ix.at()] = Some((at, place));
        }
    }
    placements
}
