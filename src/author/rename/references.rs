//! The references of one entry to what gets a new name, and its links to
//! files when it moves itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Edit, Moves, new_path};
use crate::id::{Id, Key, Kind};
use crate::link::target::references;
use crate::link::{Linked, Target};
use crate::model::EntryIx;
use crate::parse::body::MentionTarget;
use crate::parse::front_matter::Meta;
use crate::parse::markdown;
use crate::parse::reference::Reference;
use crate::path::{SourcePath, decode, encode, join, relative};
use crate::span::Span;

/// What changes in an entry's file, which will stand at `to`.
pub(super) fn edits(
    linked: &Linked,
    ix: EntryIx,
    to: &SourcePath,
    moves: &Moves,
) -> Result<Vec<Edit>, String> {
    let entry = linked.handbook.entry(ix);
    let mut own = Own { linked, ix, to, moves, names: names(linked, moves), edits: Vec::new() };
    for field in references(&entry.doc.meta) {
        own.name(field.reference.span, field.reference, field.kinds)?;
    }
    if let Meta::Source(document) = &entry.doc.meta {
        for author in &document.authors {
            let Ok(reference) = author.value.parse::<Reference>();
            own.name(author.span, &reference, &[Kind::Actor])?;
        }
    }
    let mut files = Vec::new();
    for mention in &entry.doc.body.mentions {
        match &mention.target {
            MentionTarget::Entry(reference) => own.name(mention.span, reference, &[])?,
            MentionTarget::Citations(citations) => {
                for citation in citations {
                    own.name(citation.source.span, &citation.source, &[Kind::Source])?;
                }
            }
            MentionTarget::File(link) if link.path.is_empty() => {}
            MentionTarget::File(link) => files.push((mention.span, &link.path)),
        }
    }
    let moved = entry.doc.path != *to;
    if moved || files.iter().any(|(span, _)| own.leads_to_moved(*span)) {
        let places = markdown::addresses(&entry.doc.text, entry.doc.body.span);
        for (span, path) in files {
            own.file(span, path, &places)?;
        }
    }
    Ok(own.edits)
}

/// The names that entries will have.
pub(super) fn names(linked: &Linked, moves: &Moves) -> BTreeSet<Key> {
    let keys = linked.handbook.all().map(|(_, entry)| &entry.key);
    keys.map(|key| renamed(key, moves)).collect()
}

pub(super) fn renamed(key: &Key, moves: &Moves) -> Key {
    let id = moves.get(key).unwrap_or(&key.id).clone();
    Key { kind: key.kind, id }
}

struct Own<'a> {
    linked: &'a Linked,
    ix: EntryIx,
    to: &'a SourcePath,
    moves: &'a Moves,
    names: BTreeSet<Key>,
    edits: Vec<Edit>,
}

impl Own<'_> {
    /// A reference by name, in a field or in double brackets.
    fn name(&mut self, span: Span, reference: &Reference, kinds: &[Kind]) -> Result<(), String> {
        let target = match self.linked.target(self.ix, span) {
            Some(Target::Entry(target, _)) if !reference.id().is_empty() => *target,
            _ => return Ok(()),
        };
        let old = &self.linked.handbook.entry(target).key;
        let new = renamed(old, self.moves);
        let plain = reference.kind.is_some() || self.found(&new.id, kinds) == Some(new.kind);
        if new == *old && plain {
            return Ok(());
        }
        let source = &self.linked.handbook.entry(self.ix).doc.text[span.range()];
        // The words that a reference shows, and its anchor, come after the name.
        let is_link = source.starts_with("[[");
        let name = if is_link { source.split(['|', ']']).next().unwrap_or("") } else { source };
        let name = name.split('#').next().unwrap_or(name);
        let Some(at) = name.rfind(reference.id()) else {
            return Err(self.unchangeable(span, "name"));
        };
        let kind = if plain { String::new() } else { format!("{}:", new.kind) };
        let start = span.start() + at;
        let place = Span::new(start, start + reference.id().len());
        self.edits.push((place, format!("{kind}{}", new.id)));
        Ok(())
    }

    /// What a name without a kind will mean where some kinds may stand.
    fn found(&self, id: &Id, kinds: &[Kind]) -> Option<Kind> {
        let has = |kind: Kind| self.names.contains(&Key { kind, id: id.clone() });
        if !kinds.is_empty() {
            return kinds.iter().copied().find(|kind| has(*kind));
        }
        let hits: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| has(*kind)).collect();
        match hits.as_slice() {
            [kind] => Some(*kind),
            [Kind::Norm, ..] => Some(Kind::Norm),
            _ => None,
        }
    }

    fn leads_to_moved(&self, span: Span) -> bool {
        matches!(
            self.linked.target(self.ix, span),
            Some(Target::Entry(target, _))
                if self.moves.contains_key(&self.linked.handbook.entry(*target).key)
        )
    }

    /// A link to a file, relative to the entry's own.
    fn file(
        &mut self,
        span: Span,
        path: &str,
        places: &BTreeMap<Span, Span>,
    ) -> Result<(), String> {
        let handbook = &self.linked.handbook;
        let entry = handbook.entry(self.ix);
        let target = match self.linked.target(self.ix, span) {
            Some(Target::Entry(_, _)) => {
                // A translation is reached by a link to its original too; the
                // link leads to the file that it names.
                let named = join(entry.doc.path.folder(), path).map(SourcePath::new);
                let Some(named) = named.and_then(|named| handbook.at_path(&named)) else {
                    return Err(self.unchangeable(span, "link"));
                };
                new_path(handbook, handbook.entry(named), self.moves)
            }
            Some(Target::File(file)) => file.clone(),
            None => return Ok(()),
        };
        if join(self.to.folder(), path).as_deref() == Some(target.as_str()) {
            return Ok(());
        }
        let Some(place) = places.get(&span) else {
            return Err(self.unchangeable(span, "link"));
        };
        let written = &entry.doc.text[place.range()];
        let written = written.split('#').next().unwrap_or(written);
        if decode(written).as_deref() != Some(path) {
            return Err(self.unchangeable(span, "link"));
        }
        let mut link = relative(self.to.folder(), target.as_str());
        if written.starts_with("./") && !link.starts_with("../") {
            link.insert_str(0, "./");
        }
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
        if written.contains('%') || !link.chars().all(plain) {
            link = encode(&link);
        }
        let place = Span::new(place.start(), place.start() + written.len());
        self.edits.push((place, link));
        Ok(())
    }

    fn unchangeable(&self, span: Span, what: &str) -> String {
        let doc = &self.linked.handbook.entry(self.ix).doc;
        let line = doc.text[..span.start()].lines().count().max(1);
        format!(
            "the {what} at `{}`, line {line}, is written in a way that cannot be changed; write it \
             plainly first",
            doc.path
        )
    }
}
