//! Names to targets, in both directions, and the address of every page.
//!
//! Comes in: a [`Handbook`]. Goes out: a [`Linked`] handbook in which every
//! reference, found by its place in its file, leads somewhere, and every
//! entry knows what refers to it. Nothing is rendered here.

pub mod concordance;
pub mod glossary;
pub mod gone;
pub mod lists;
pub mod relations;
pub mod routes;
pub mod stances;
pub mod target;
pub mod timeline;

use std::borrow::Cow;
use std::slice;
use std::sync::{Arc, OnceLock};

use rayon::prelude::{IntoParallelIterator, ParallelIterator};

use self::concordance::Concordance;
use self::glossary::{Glossary, TermMention};
use self::lists::Facets;
use self::routes::Routes;
use self::stances::Stances;
use self::target::Field;
use self::timeline::Timeline;
use crate::diagnostic::{Checked, Diagnostic};
use crate::id::Kind;
use crate::kept::exact;
use crate::model::{EntryIx, Handbook};
use crate::parse::body::MentionTarget;
use crate::parse::phrases::Phrase;
use crate::parse::plain::Sentence;
use crate::path::SourcePath;
use crate::span::{Span, Spanned};

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To an entry, perhaps to one of its anchors.
    Entry(EntryIx, Option<Box<str>>),
    /// To a file that is copied to the site.
    File(SourcePath),
}

/// What refers to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The entry that refers.
    pub from: EntryIx,
    /// Where it does so.
    pub via: Via,
}

/// How an entry refers to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// By a field of its front matter, and which of the field's values.
    Field(Field, u32),
    /// In its body: the mention.
    Mention(u32),
}

/// The links of one entry.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// What the entry's own file says.
    own: Arc<Own>,
    /// What refers to the entry, in the order of the referring entries.
    pub incoming: Vec<Incoming>,
    /// The entries whose text has this term.
    pub used_in: Vec<EntryIx>,
}

/// About how long the label of an entry is, in bytes.
const LABEL: usize = 16;

/// A handbook whose references are resolved.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The handbook.
    pub handbook: Arc<Handbook>,
    /// Every page's address.
    pub routes: Routes,
    /// Which sets of norms are related.
    pub concordance: Concordance,
    /// How every actor stands to every norm.
    pub stances: Stances,
    links: Vec<Links>,
    /// What follows is gathered when it is first asked for.
    timeline: OnceLock<Timeline>,
    facets: OnceLock<Facets>,
    by_number: OnceLock<Vec<EntryIx>>,
}

impl Linked {
    /// Where the reference at `span` in an entry's file leads; nothing when
    /// that was an error.
    pub fn target(&self, entry: EntryIx, span: Span) -> Option<&Target> {
        let Own { found, by_place, .. } = &*self.links[entry.at()].own;
        let first = by_place.partition_point(|(place, _)| *place < span);
        let (place, at) = by_place.get(first)?;
        (*place == span).then(|| &found[*at as usize].1)
    }

    /// Where all references of an entry stand and lead, in the order of its file.
    pub fn targets(&self, entry: EntryIx) -> Targets<'_> {
        let Own { found, by_place, .. } = &*self.links[entry.at()].own;
        Targets { found, by_place: by_place.iter() }
    }

    /// The entry that a field of the front matter refers to.
    pub fn refers<T>(&self, entry: EntryIx, reference: &Spanned<T>) -> Option<EntryIx> {
        match self.target(entry, reference.span)? {
            Target::Entry(ix, _) => Some(*ix),
            Target::File(_) => None,
        }
    }

    /// What refers to an entry.
    pub fn incoming(&self, entry: EntryIx) -> &[Incoming] {
        &self.links[entry.at()].incoming
    }

    /// The annotated phrases of an entry's norm text, in reading order.
    pub fn phrases(&self, entry: EntryIx) -> &[Phrase] {
        &self.handbook.entry(entry).doc.body.phrases
    }

    /// The words of an entry's text that are terms of the glossary.
    pub fn terms(&self, entry: EntryIx) -> &[TermMention] {
        &self.links[entry.at()].own.terms
    }

    /// The entries whose text has a term, in the order of kinds and ids.
    pub fn used_in(&self, term: EntryIx) -> &[EntryIx] {
        &self.links[term.at()].used_in
    }

    /// Everything dated, in order; gathered once.
    pub fn timeline(&self) -> &Timeline {
        self.timeline.get_or_init(|| Timeline::of(self))
    }

    /// The norms of themes and forums; gathered once.
    pub fn facets(&self) -> &Facets {
        self.facets.get_or_init(|| Facets::of(self))
    }

    /// All norms by number, sorted once.
    pub fn by_number(&self) -> &[EntryIx] {
        self.by_number.get_or_init(|| lists::by_number(&self.handbook))
    }

    /// The original entries of a kind that refer to an entry by a field, in
    /// the order of the kind's index.
    pub fn by_field(&self, entry: EntryIx, kind: Kind, fields: &[Field]) -> Vec<EntryIx> {
        let wanted = |incoming: &&Incoming| match incoming.via {
            Via::Field(field, _) => {
                fields.contains(&field) && self.handbook.entry(incoming.from).key.kind == kind
            }
            Via::Mention(_) => false,
        };
        let from = self.incoming(entry).iter().filter(wanted).map(|incoming| incoming.from);
        let mut from: Vec<EntryIx> = from.collect();
        from.sort_by_key(|ix| self.handbook.rank(*ix));
        from.dedup();
        from
    }

    /// A sentence of an entry's body with the labels of what it names.
    pub fn sentence(&self, entry: EntryIx, sentence: &Sentence) -> String {
        let doc = &self.handbook.entry(entry).doc;
        let mut text = String::with_capacity(sentence.room(LABEL));
        doc.body.plain.sentence(&doc.text, sentence, &mut text, |mention, text| {
            text.push_str(&self.mention_label(entry, mention));
        });
        text
    }

    /// What stands for a mention without a text of its own, by its place in the
    /// body of an entry.
    pub fn mention_label(&self, entry: EntryIx, mention: usize) -> Cow<'_, str> {
        let mention = &self.handbook.entry(entry).doc.body.mentions[mention];
        match &mention.target {
            MentionTarget::Citations(citations) => {
                let mut text = String::with_capacity(2 * LABEL * citations.len());
                for citation in citations {
                    text.push_str(if text.is_empty() { "[" } else { "; " });
                    let target = self.target(entry, citation.source.span);
                    text.push_str(&self.citation_label(target, citation.locator.as_deref()));
                }
                text.push(']');
                text.into()
            }
            MentionTarget::Entry(_) | MentionTarget::File(_) => {
                let target = self.target(entry, mention.span);
                target.map(|target| self.label(target)).unwrap_or_default()
            }
        }
    }

    /// What a reference without a text of its own shows.
    pub fn label<'a>(&'a self, target: &'a Target) -> Cow<'a, str> {
        match target {
            Target::File(path) => path.file_name().into(),
            Target::Entry(ix, anchor) => {
                let label = self.handbook.entry(*ix).label();
                let part = anchor.as_ref().and_then(|anchor| self.anchor_label(*ix, anchor));
                part.map_or(label.into(), |part| format!("{label}, {part}").into())
            }
        }
    }

    /// What a citation shows: the source's label and the locator.
    pub fn citation_label<'a>(
        &'a self,
        target: Option<&'a Target>,
        locator: Option<&str>,
    ) -> Cow<'a, str> {
        let label = target.map(|target| self.label(target)).unwrap_or_default();
        match locator {
            Some(locator) => [&label, ", ", locator].concat().into(),
            None => label,
        }
    }

    /// The part of an entry that an anchor names, in a reader's words.
    pub fn anchor_label(&self, ix: EntryIx, anchor: &str) -> Option<String> {
        let body = &self.handbook.entry(ix).doc.body;
        let mut units = body.norm_text.iter().flat_map(|text| &text.units);
        if let Some(unit) = units.find(|unit| *unit.anchor == *anchor) {
            return Some(match &unit.marker {
                Some((marker, _)) => marker.to_string(),
                None => format!("para. {}", anchor.trim_start_matches('p')),
            });
        }
        let mut notes = body.annotations.iter().flat_map(|section| &section.annotations);
        if let Some(note) = notes.find(|note| *note.anchor == *anchor) {
            return Some(format!("note on “{}”", note.subject.text()));
        }
        let heading = body.headings.iter().find(|heading| *heading.anchor == *anchor)?;
        Some(format!("“{}”", heading.text))
    }
}

/// The references of an entry: where each stands, and where it leads.
#[derive(Clone, Debug)]
pub struct Targets<'a> {
    found: &'a [(Via, Target)],
    by_place: slice::Iter<'a, (Span, u32)>,
}

impl<'a> Iterator for Targets<'a> {
    type Item = (Span, &'a Target);

    fn next(&mut self) -> Option<(Span, &'a Target)> {
        let (place, at) = self.by_place.next()?;
        Some((*place, &self.found[*at as usize].1))
    }
}

/// What one entry's own file says, looked up.
#[derive(Debug, Default)]
struct Own {
    /// How and to what it refers.
    found: Box<[(Via, Target)]>,
    /// The same in the order of the file: where each stands there, and its place
    /// in `found`.
    by_place: Box<[(Span, u32)]>,
    /// The words of the text that are terms of the glossary.
    terms: Box<[TermMention]>,
    diagnostics: Vec<Diagnostic>,
}

/// Resolves every reference of the handbook. What the last run found out
/// serves again for entries whose files did not change, as long as all names
/// are as they were.
pub fn resolve(handbook: Arc<Handbook>, last: Option<&Linked>) -> Checked<Linked> {
    let last = last.filter(|last| last.handbook.same_names(&handbook));
    let names = target::Names::new(&handbook);
    let glossary = Glossary::of(&handbook);
    let one = |at: usize| {
        let (ix, entry) = (EntryIx::new(at), &handbook.entries[at]);
        if let Some(last) = last
            && Arc::ptr_eq(&last.handbook.entries[at].doc, &entry.doc)
            // What a message proposes may depend on the order of an index.
            && last.links[at].own.diagnostics.is_empty()
        {
            return Arc::clone(&last.links[at].own);
        }
        let glossary = glossary.as_ref().filter(|_| entry.translation.is_none());
        let target::Resolved { found, diagnostics } = names.resolve(ix);
        let places = found.iter().enumerate();
        let mut by_place = exact(places.map(|(at, (_, span, _))| (*span, at as u32)));
        by_place.sort_unstable();
        Arc::new(Own {
            found: exact(found.into_iter().map(|(via, _, target)| (via, target))),
            by_place,
            terms: glossary.map(|glossary| glossary.mentions(ix, entry)).unwrap_or_default(),
            diagnostics,
        })
    };
    let all: Vec<Arc<Own>> = (0..handbook.entries.len()).into_par_iter().map(one).collect();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut links = with_room(&all);
    for (at, own) in all.iter().enumerate() {
        diagnostics.extend(own.diagnostics.iter().cloned());
        for mention in &own.terms {
            links[mention.term.at()].used_in.push(EntryIx::new(at));
        }
        let original = handbook.entries[at].translation.is_none();
        for (via, target) in &own.found {
            if let (Target::Entry(to, _), true) = (target, original) {
                links[to.at()].incoming.push(Incoming { from: EntryIx::new(at), via: *via });
            }
        }
    }
    let concordance = concordance::gather(&handbook, &links);
    let Checked { value: routes, diagnostics: mut problems } =
        routes::routes(&handbook, &concordance);
    diagnostics.append(&mut problems);
    let stances = Stances::default();
    let linked = Linked {
        handbook,
        routes,
        stances,
        concordance,
        links,
        timeline: OnceLock::new(),
        facets: OnceLock::new(),
        by_number: OnceLock::new(),
    };
    let linked = Linked { stances: stances::of(&linked), ..linked };
    diagnostics.append(&mut relations::check(&linked));
    Checked::new(linked, diagnostics)
}

/// The links of all entries as far as their own files say them, with room for
/// what others say. There are so many that room to grow would show.
fn with_room(all: &[Arc<Own>]) -> Vec<Links> {
    let mut room = vec![(0, 0); all.len()];
    for own in all {
        for (_, target) in &own.found {
            if let Target::Entry(to, _) = target {
                room[to.at()].0 += 1;
            }
        }
        own.terms.iter().for_each(|mention| room[mention.term.at()].1 += 1);
    }
    let links = all.iter().zip(room).map(|(own, (incoming, used_in))| Links {
        own: Arc::clone(own),
        incoming: Vec::with_capacity(incoming),
        used_in: Vec::with_capacity(used_in),
    });
    links.collect()
}
