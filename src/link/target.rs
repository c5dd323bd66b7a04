//! Looks up names: which entry, anchor or file a reference means, and what to
//! say when it means none or several.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::{Target, Via};
use crate::diagnostic::{Diagnostic, catalog, nearest};
use crate::id::{Id, Key, Kind};
use crate::model::{Entry, EntryIx, Handbook};
use crate::parse::body::MentionTarget;
use crate::parse::front_matter::{Members, Meta, SourceRef};
use crate::parse::reference::Reference;
use crate::path::{SourcePath, join, relative};
use crate::span::{Span, Spanned};

/// The fields of front matters that refer to other entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the fields")]
pub enum Field {
    Actors,
    Authors,
    Broader,
    Events,
    Forum,
    Forums,
    History,
    Mandate,
    Members,
    Parent,
    Positions,
    Relations,
    Source,
    Sources,
    Supersedes,
    Themes,
}

impl Field {
    /// The name that the field has in front matters.
    pub fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// One of the references that a front matter makes.
pub struct FieldReference<'a> {
    /// The field.
    pub field: Field,
    /// Which of the field's values this is.
    pub item: usize,
    /// The kinds that may stand there, in the order in which they are tried.
    pub kinds: &'static [Kind],
    /// What stands there.
    pub reference: &'a Spanned<Reference>,
}

/// Every field of a front matter that refers to other entries.
pub fn references(meta: &Meta) -> Vec<FieldReference<'_>> {
    let mut list = List::default();
    match meta {
        Meta::Norm(norm) => {
            list.all(Field::Themes, &[Kind::Theme], &norm.themes);
            list.all(Field::Forums, &[Kind::Forum], &norm.forums);
            list.all(Field::Source, &[Kind::Source], norm.source.iter().map(|s| &s.r#ref));
            list.all(Field::Sources, &[Kind::Source], norm.sources.iter().map(|s| &s.r#ref));
            let relations = norm.relations.iter().map(|relation| &relation.to);
            list.all(Field::Relations, &[Kind::Norm, Kind::Source], relations);
            for (item, event) in norm.history.iter().enumerate() {
                list.one(Field::History, item, &[Kind::Forum], event.forum.as_ref());
                list.one(Field::History, item, &[Kind::Source], source(&event.source));
            }
        }
        Meta::Theme(theme) => list.one(Field::Broader, 0, &[Kind::Theme], theme.broader.as_ref()),
        Meta::Forum(forum) => {
            list.one(Field::Mandate, 0, &[Kind::Source], source(&forum.mandate));
            list.one(Field::Parent, 0, &[Kind::Forum], forum.parent.as_ref());
            if let Some(Members::Actors(actors)) = &forum.members {
                list.all(Field::Members, &[Kind::Actor], actors);
            }
            for (item, event) in forum.events.iter().enumerate() {
                list.one(Field::Events, item, &[Kind::Source], source(&event.source));
            }
        }
        Meta::Source(document) => {
            list.one(Field::Supersedes, 0, &[Kind::Source], document.supersedes.as_ref());
        }
        Meta::Actor(actor) => {
            list.all(Field::Members, &[Kind::Actor], actor.members.iter().map(|m| &m.actor));
        }
        Meta::Statement(statement) => {
            list.all(Field::Actors, &[Kind::Actor], &statement.actors);
            list.one(Field::Forum, 0, &[Kind::Forum], statement.forum.as_ref());
            list.one(Field::Source, 0, &[Kind::Source], source(&statement.source));
            list.all(Field::Positions, &[Kind::Norm], statement.positions.iter().map(|p| &p.on));
        }
        Meta::Term(term) => list.one(Field::Source, 0, &[Kind::Source], source(&term.source)),
        Meta::Page(_) => {}
    }
    list.0
}

fn source(source: &Option<SourceRef>) -> Option<&Spanned<Reference>> {
    source.as_ref().map(|source| &source.r#ref)
}

#[derive(Default)]
struct List<'a>(Vec<FieldReference<'a>>);

impl<'a> List<'a> {
    fn one(
        &mut self,
        field: Field,
        item: usize,
        kinds: &'static [Kind],
        reference: Option<&'a Spanned<Reference>>,
    ) {
        self.0.extend(reference.map(|reference| FieldReference { field, item, kinds, reference }));
    }

    fn all(
        &mut self,
        field: Field,
        kinds: &'static [Kind],
        references: impl IntoIterator<Item = &'a Spanned<Reference>>,
    ) {
        for (item, reference) in references.into_iter().enumerate() {
            self.one(field, item, kinds, Some(reference));
        }
    }
}

/// What one entry refers to.
#[derive(Debug, Default)]
pub struct Resolved {
    /// How, where in the file, and to what.
    pub found: Vec<(Via, Span, Target)>,
    /// What could not be found.
    pub diagnostics: Vec<Diagnostic>,
}

/// All names of a handbook.
pub struct Names<'a> {
    handbook: &'a Handbook,
    assets: BTreeSet<&'a SourcePath>,
    /// The nearest names of mistaken ones; a name that went away is asked for
    /// many times.
    near: Mutex<BTreeMap<Mistaken, Vec<String>>>,
}

/// A name that nothing has, and the kinds it was looked for among.
type Mistaken = (Vec<Kind>, String);

/// Where a reference stands and what may stand there.
struct Asked<'a> {
    from: &'a Entry,
    ix: EntryIx,
    span: Span,
    /// The kinds that may stand there; empty when all may.
    kinds: &'static [Kind],
}

impl<'a> Names<'a> {
    /// The names of all entries and files.
    pub fn new(handbook: &'a Handbook) -> Names<'a> {
        Names { handbook, assets: handbook.assets.iter().collect(), near: Mutex::default() }
    }

    /// Looks up every reference of one entry.
    pub fn resolve(&self, ix: EntryIx) -> Resolved {
        let from = self.handbook.entry(ix);
        let mut resolved = Resolved::default();
        for FieldReference { field, item, kinds, reference } in references(&from.doc.meta) {
            let asked = Asked { from, ix, span: reference.span, kinds };
            let target = self.entry(&asked, reference);
            resolved.take(Via::Field(field, item as u32), reference.span, target);
        }
        self.authors(from, &mut resolved);
        for (place, mention) in from.doc.body.mentions.iter().enumerate() {
            let via = Via::Mention(place as u32);
            let asked = Asked { from, ix, span: mention.span, kinds: &[] };
            match &mention.target {
                MentionTarget::Entry(reference) => {
                    resolved.take(via, mention.span, self.entry(&asked, reference));
                }
                MentionTarget::File(link) => {
                    let target = self.file(&asked, &link.path, link.anchor.as_deref());
                    resolved.take(via, mention.span, target);
                }
                MentionTarget::Citations(citations) => {
                    for citation in citations {
                        let span = citation.source.span;
                        let asked = Asked { from, ix, span, kinds: &[Kind::Source] };
                        resolved.take(via, span, self.entry(&asked, &citation.source));
                    }
                }
            }
        }
        resolved
    }

    /// Authors of a source are actors where they name one, else plain names.
    fn authors(&self, from: &Entry, resolved: &mut Resolved) {
        let Meta::Source(document) = &from.doc.meta else { return };
        for (item, author) in document.authors.iter().enumerate() {
            if let Some(ix) = self.find(Kind::Actor, author, from) {
                let target = Target::Entry(ix, None);
                resolved.found.push((Via::Field(Field::Authors, item as u32), author.span, target));
            }
        }
    }

    fn find(&self, kind: Kind, id: &str, from: &Entry) -> Option<EntryIx> {
        let key = Key { kind, id: id.parse::<Id>().ok()? };
        let original = self.handbook.find(&key)?;
        let language = from.translation.as_deref();
        let translation = language.and_then(|tag| self.handbook.translation(&key, tag));
        Some(translation.unwrap_or(original))
    }

    fn entry(&self, asked: &Asked<'_>, reference: &Reference) -> Result<Target, Box<Diagnostic>> {
        if reference.id().is_empty() && reference.kind.is_none() && reference.anchor().is_some() {
            return self.anchored(asked, asked.ix, reference.anchor());
        }
        let ix = match (reference.kind, asked.kinds) {
            (Some(kind), []) => self.among(&[kind], asked, reference)?,
            (Some(kind), kinds) if kinds.contains(&kind) => {
                self.among(&[kind], asked, reference)?
            }
            (Some(kind), kinds) => {
                let at = asked.from.doc.at(asked.span);
                return Err(Box::new(catalog::wrong_kind(at, kind, kinds)));
            }
            (None, []) => self.anywhere(asked, reference)?,
            (None, kinds) => self.among(kinds, asked, reference)?,
        };
        self.anchored(asked, ix, reference.anchor())
    }

    /// The first of some kinds that has an entry of the name.
    fn among(
        &self,
        kinds: &[Kind],
        asked: &Asked<'_>,
        reference: &Reference,
    ) -> Result<EntryIx, Box<Diagnostic>> {
        kinds
            .iter()
            .find_map(|kind| self.find(*kind, reference.id(), asked.from))
            .ok_or_else(|| Box::new(self.unknown(kinds, asked, reference)))
    }

    /// A norm of the name, else the one entry of another kind.
    fn anywhere(
        &self,
        asked: &Asked<'_>,
        reference: &Reference,
    ) -> Result<EntryIx, Box<Diagnostic>> {
        if let Some(ix) = self.find(Kind::Norm, reference.id(), asked.from) {
            return Ok(ix);
        }
        let others = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Norm);
        let hits: Vec<(Kind, EntryIx)> = others
            .filter_map(|kind| Some((kind, self.find(kind, reference.id(), asked.from)?)))
            .collect();
        match hits.as_slice() {
            [(_, ix)] => Ok(*ix),
            [] => Err(Box::new(self.unknown(&Kind::ALL, asked, reference))),
            _ => {
                let kinds: Vec<Kind> = hits.iter().map(|(kind, _)| *kind).collect();
                let at = asked.from.doc.at(asked.span);
                Err(Box::new(catalog::ambiguous_reference(at, reference.id(), &kinds)))
            }
        }
    }

    fn unknown(&self, kinds: &[Kind], asked: &Asked<'_>, reference: &Reference) -> Diagnostic {
        let at = asked.from.doc.at(asked.span);
        let id = reference.id().parse::<Id>().ok();
        let key = |kind: &Kind| Some(Key { kind: *kind, id: id.clone()? });
        if let Some(draft) = kinds.iter().filter_map(key).find_map(|k| self.handbook.draft(&k)) {
            return catalog::reference_to_draft(at, reference.id(), draft);
        }
        let elsewhere: Vec<Kind> = Kind::ALL
            .into_iter()
            .filter(|kind| !kinds.contains(kind))
            .filter(|kind| key(kind).is_some_and(|key| self.handbook.find(&key).is_some()))
            .collect();
        let near = self.nearest(kinds, reference.id());
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        let mut unknown = catalog::unknown_reference(at, kinds, reference.id(), &near);
        // The name of a citation goes up to its first comma.
        if let ([Kind::Source], Some((first, rest))) =
            (kinds, reference.id().split_once(char::is_whitespace))
            && self.find(Kind::Source, first, asked.from).is_some()
        {
            unknown = unknown.hint(catalog::citation_comma(first, rest.trim()));
        }
        if !elsewhere.is_empty() {
            unknown = unknown.hint(catalog::exists_elsewhere(reference.id(), &elsewhere, kinds));
        }
        unknown
    }

    /// The names nearest to a mistaken one, as an author would write them.
    fn nearest(&self, kinds: &[Kind], id: &str) -> Vec<String> {
        let asked = (kinds.to_vec(), id.to_owned());
        let known = || self.near.lock().expect("invariant: looking up does not panic");
        if let Some(near) = known().get(&asked) {
            return near.clone();
        }
        let all = || kinds.iter().flat_map(|kind| self.handbook.of(*kind));
        let keys = || all().map(|ix| &self.handbook.entry(*ix).key);
        let shown = |key: &Key| match kinds {
            [_] => key.id.to_string(),
            _ => key.to_string(),
        };
        let near: Vec<String> = nearest(id, keys().map(|key| key.id.as_str()))
            .iter()
            .flat_map(|id| keys().filter(move |key| key.id.as_str() == id))
            .map(shown)
            .collect();
        known().insert(asked, near.clone());
        near
    }

    fn anchored(
        &self,
        asked: &Asked<'_>,
        ix: EntryIx,
        anchor: Option<&str>,
    ) -> Result<Target, Box<Diagnostic>> {
        let Some(anchor) = anchor else { return Ok(Target::Entry(ix, None)) };
        let entry = self.handbook.entry(ix);
        if !entry.doc.body.anchors().any(|known| known == anchor) {
            let known: Vec<&str> = entry.doc.body.anchors().collect();
            let at = asked.from.doc.at(asked.span);
            return Err(Box::new(catalog::unknown_anchor(at, &entry.key, anchor, &known)));
        }
        Ok(Target::Entry(ix, Some(anchor.into())))
    }

    /// A relative link: to an entry's file, to a copied file, or to an anchor
    /// of the entry itself.
    fn file(
        &self,
        asked: &Asked<'_>,
        path: &str,
        anchor: Option<&str>,
    ) -> Result<Target, Box<Diagnostic>> {
        if path.is_empty() {
            return self.anchored(asked, asked.ix, anchor);
        }
        let joined = join(asked.from.doc.path.folder(), path).map(SourcePath::new);
        let found = joined.as_ref().and_then(|joined| {
            if let Some(ix) = self.handbook.at_path(joined) {
                return Some(self.anchored(asked, ix, anchor));
            }
            if let Some(key) = self.handbook.draft_at(joined) {
                let (at, draft) = (asked.from.doc.at(asked.span), self.handbook.draft(key));
                let draft = draft.unwrap_or(joined);
                return Some(Err(Box::new(catalog::reference_to_draft(
                    at,
                    key.id.as_str(),
                    draft,
                ))));
            }
            self.assets.contains(joined).then(|| Ok(Target::File(joined.clone())))
        });
        found.unwrap_or_else(|| {
            let entries = self.handbook.entries.iter().map(|entry| entry.doc.path.as_str());
            let files = self.handbook.assets.iter().map(SourcePath::as_str);
            let joined = joined.as_ref().map_or(path, |joined| joined.as_str());
            let near = nearest(joined, entries.chain(files));
            let folder = asked.from.doc.path.folder();
            let near: Vec<String> = near.iter().map(|near| relative(folder, near)).collect();
            Err(Box::new(catalog::dead_link(asked.from.doc.at(asked.span), path, &near)))
        })
    }
}

impl Resolved {
    fn take(&mut self, via: Via, span: Span, target: Result<Target, Box<Diagnostic>>) {
        match target {
            Ok(target) => self.found.push((via, span, target)),
            Err(problem) => self.diagnostics.push(*problem),
        }
    }
}
