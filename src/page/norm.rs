//! The page of a norm, in the order in which a reader needs its parts.

use serde::Serialize;

use super::positions::{self, StanceCount, Standing};
use super::view::{self, CitedBy, Frame, Link, SourceLink, WordView};
use super::{Listed, Own, Page, PageKind, Shelf, list, timeline};
use crate::date::PartialDate;
use crate::html::{self, outline::Section, place::Place};
use crate::id::Kind;
use crate::link::relations::{self, Side};
use crate::link::routes;
use crate::model::EntryIx;
use crate::parse::annotation::Annotation;
use crate::parse::front_matter as meta;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind {
    name: "norm",
    template: "norm.html",
    pages: |linked| super::entry_pages(linked, Kind::Norm),
    view,
};

#[derive(Serialize)]
struct NormView<'a> {
    page: Frame<'a>,
    id: &'a str,
    title: &'a str,
    number: Option<&'a str>,
    summary: Option<&'a str>,
    meta: &'a meta::Norm,
    status: WordView,
    force: Option<WordView>,
    modality: Option<WordView>,
    addressees: Vec<WordView>,
    date: Option<PartialDate>,
    replaced_by: Vec<Link>,
    set: Option<SetPlace>,
    /// The norm's own words with the notes on them, passage by passage;
    /// nothing when they are not reproduced.
    text: Vec<Passage<'a>>,
    text_outline: Vec<Section>,
    annotations_intro: String,
    /// The kinds of the notes, with how many there are of each.
    note_kinds: Vec<NoteKind>,
    /// How many notes there are.
    notes: usize,
    /// The notes on the norm as a whole.
    general_notes: Vec<&'a Note<'a>>,
    commentary: String,
    outline: Vec<Section>,
    footnotes: String,
    source: Option<SourceLink<'a>>,
    sources: Vec<SourceLink<'a>>,
    themes: Vec<Link>,
    forums: Vec<Link>,
    stances: Vec<StanceCount>,
    /// What each actor said, in the order of the index of actors.
    positions: Vec<Standing<'a>>,
    /// How many actors said something, and the list of all when some are not shown.
    actors: usize,
    all_positions: Option<Link>,
    relations: Vec<RelationGroup<'a>>,
    cited_by: Option<CitedBy>,
    history: Vec<HistoryRow<'a>>,
    /// Everything dated that concerns the norm, where its author gave no history.
    timeline: Vec<timeline::Row<'a>>,
    all_history: Option<Link>,
    /// The sources that the text cites beside those.
    cited: Vec<Link>,
}

/// Where a norm stands in its set.
#[derive(Serialize)]
struct SetPlace {
    link: Link,
    position: usize,
    count: usize,
    previous: Option<Link>,
    next: Option<Link>,
}

/// A part of the norm's words, and the notes on phrases in it.
#[derive(Serialize)]
struct Passage<'a> {
    html: String,
    notes: Vec<&'a Note<'a>>,
}

#[derive(Serialize)]
struct NoteKind {
    kind: WordView,
    count: usize,
}

/// An editors' note.
#[derive(Clone, Serialize)]
pub(super) struct Note<'a> {
    pub anchor: String,
    /// The phrase's number; nothing for a note on the norm as a whole.
    number: Option<usize>,
    /// The phrase, or the title of a note on the norm as a whole.
    subject: &'a str,
    kind: WordView,
    #[serde(skip)]
    kind_id: &'a str,
    date: Option<PartialDate>,
    pub html: String,
}

#[derive(Serialize)]
struct RelationGroup<'a> {
    label: &'a str,
    items: Vec<RelationRow<'a>>,
}

#[derive(Serialize)]
struct RelationRow<'a> {
    link: Link,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct HistoryRow<'a> {
    date: Option<PartialDate>,
    event: WordView,
    forum: Option<Link>,
    source: Option<SourceLink<'a>>,
    note: Option<&'a str>,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let handbook = &shelf.handbook;
    let (shown, here) = (page.entry(), &page.address);
    let entry = handbook.entry(shown);
    // A translation has the facts of its original.
    let ix = handbook.original(shown);
    let (norm, own) = (handbook.norm(ix), handbook.norm(shown));
    let words = &handbook.config.vocabularies;
    let prose = html::prose(shelf, shown, Place::alone(here));
    let notes = notes(shelf, shown, prose.annotations);
    let set = set_place(shelf, here, ix);
    let mut frame = view::entry_frame(shelf, page, shown);
    frame.breadcrumb.extend(set.as_ref().map(|set| set.link.clone()));
    let all_relations = relations::of(shelf, ix);
    let actors = shelf.stances.on(ix).count();
    let events = shelf.timeline().concerning(ix).count();
    let source = |source| view::source_link(shelf, here, ix, source);
    let named = view::whole(shelf, here, ix, norm.source.iter().chain(&norm.sources));
    Own::of(&NormView {
        page: frame,
        id: entry.key.id.as_str(),
        title: entry.title(),
        number: norm.number.as_deref(),
        summary: own.summary.as_deref(),
        meta: norm,
        status: view::word(shelf, &words.statuses, handbook.status(norm)),
        force: norm.force.as_ref().map(|force| view::word(shelf, &words.forces, force)),
        modality: norm.modality.as_ref().map(|word| view::word(shelf, &words.modalities, word)),
        addressees: norm
            .addressees
            .iter()
            .map(|w| view::word(shelf, &words.addressees, w))
            .collect(),
        date: norm.date,
        replaced_by: replaced_by(shelf, here, &all_relations),
        set,
        text: passages(prose.norm_text, &notes),
        text_outline: prose.text_outline,
        annotations_intro: prose.annotations_intro,
        note_kinds: note_kinds(shelf, &notes),
        notes: notes.len(),
        general_notes: notes.iter().filter(|note| note.number.is_none()).collect(),
        commentary: prose.commentary,
        outline: prose.outline,
        footnotes: prose.footnotes,
        source: norm.source.as_ref().and_then(source),
        sources: norm.sources.iter().filter_map(source).collect(),
        themes: view::field_links(shelf, here, ix, &norm.themes),
        forums: view::field_links(shelf, here, ix, &norm.forums),
        stances: positions::counts(shelf, ix),
        positions: positions::on(shelf, here, ix, 0..list::shown(Listed::Standings, actors)),
        actors,
        all_positions: list::all(shelf, here, (ix, Listed::Standings), actors),
        relations: relation_groups(shelf, here, &all_relations),
        cited_by: view::cited_by(shelf, here, ix),
        history: history(shelf, here, ix, norm),
        timeline: match norm.history.as_slice() {
            [] => timeline::rows(shelf, here, ix, 0..list::shown(Listed::History, events)),
            _ => Vec::new(),
        },
        all_history: list::all(shelf, here, (ix, Listed::History), events)
            .filter(|_| norm.history.is_empty()),
        cited: view::cited(shelf, here, shown, &named),
    })
}

fn set_place(shelf: &Shelf, here: &Address, ix: EntryIx) -> Option<SetPlace> {
    let (set, place) = shelf.handbook.set_of(ix)?;
    let neighbour = |at: Option<usize>| {
        at.and_then(|at| set.norms.get(at)).map(|ix| view::link(shelf, here, *ix))
    };
    let address = if set.id.is_empty() { routes::index(Kind::Norm) } else { routes::set(&set.id) };
    Some(SetPlace {
        link: view::plain_link(here, &address, &set.label),
        position: place + 1,
        count: set.norms.len(),
        previous: neighbour(place.checked_sub(1)),
        next: neighbour(Some(place + 1)),
    })
}

/// The notes in reading order: those on phrases where the phrases stand, then
/// those on the norm as a whole.
pub(super) fn notes<'a>(shelf: &'a Shelf, ix: EntryIx, html: Vec<String>) -> Vec<Note<'a>> {
    let handbook = &shelf.handbook;
    let kinds = &handbook.config.vocabularies.annotation_kinds;
    let section = handbook.entry(ix).doc.body.annotations.iter();
    let notes = section.flat_map(|section| &section.annotations).zip(html).enumerate();
    let phrases = shelf.phrases(ix);
    let kind = |note: &'a Annotation| note.kind.as_deref().unwrap_or("editorial");
    let mut notes: Vec<Note> = notes
        .map(|(place, (note, html))| Note {
            anchor: note.anchor.to_string(),
            number: phrases.iter().find(|p| p.annotation == place).map(|phrase| phrase.number),
            subject: note.subject.text(),
            kind: view::word(shelf, kinds, kind(note)),
            kind_id: kind(note),
            date: note.date,
            html,
        })
        .collect();
    notes.sort_by_key(|note| note.number.unwrap_or(usize::MAX));
    notes
}

/// Puts the notes on phrases with the passages that the phrases begin in.
fn passages<'a>(text: Vec<html::Passage>, notes: &'a [Note<'a>]) -> Vec<Passage<'a>> {
    let passage = |html::Passage { html, notes: numbers }| {
        let here = notes.iter().filter(|n| n.number.is_some_and(|n| numbers.contains(&n)));
        Passage { html, notes: here.collect() }
    };
    text.into_iter().map(passage).collect()
}

/// The kinds of the notes in the order of the vocabulary.
fn note_kinds(shelf: &Shelf, notes: &[Note<'_>]) -> Vec<NoteKind> {
    let vocabulary = &shelf.handbook.config.vocabularies.annotation_kinds;
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for note in notes {
        match counts.iter_mut().find(|(known, _)| *known == note.kind_id) {
            Some((_, count)) => *count += 1,
            None => counts.push((note.kind_id, 1)),
        }
    }
    counts.sort_by_key(|(kind, _)| vocabulary.rank(kind));
    let row = |(id, count)| NoteKind { kind: view::word(shelf, vocabulary, id), count };
    counts.into_iter().map(row).collect()
}

fn relation_groups<'a>(
    shelf: &'a Shelf,
    here: &Address,
    sides: &[Side<'a>],
) -> Vec<RelationGroup<'a>> {
    let mut groups: Vec<RelationGroup> = Vec::new();
    for side in sides {
        let Some(link) = view::target_link(shelf, here, &side.other) else { continue };
        let row = RelationRow { link, note: side.note };
        match groups.iter_mut().find(|group| group.label == side.label()) {
            Some(group) => group.items.push(row),
            None => groups.push(RelationGroup { label: side.label(), items: vec![row] }),
        }
    }
    groups
}

/// The norms that supersede this one.
fn replaced_by(shelf: &Shelf, here: &Address, sides: &[Side<'_>]) -> Vec<Link> {
    let newer = sides.iter().filter(|side| !side.stated && side.word.id == "supersedes");
    newer.filter_map(|side| view::target_link(shelf, here, &side.other)).collect()
}

fn history<'a>(
    shelf: &'a Shelf,
    here: &Address,
    ix: EntryIx,
    norm: &'a meta::Norm,
) -> Vec<HistoryRow<'a>> {
    let events = &shelf.handbook.config.vocabularies.events;
    let rows = norm.history.iter().map(|event| HistoryRow {
        date: event.date,
        event: view::word(shelf, events, &event.event),
        forum: view::field_links(shelf, here, ix, &event.forum).pop(),
        source: event.source.as_ref().and_then(|s| view::source_link(shelf, here, ix, s)),
        note: event.note.as_deref(),
    });
    let mut rows: Vec<HistoryRow> = rows.collect();
    rows.sort_by_key(|row| row.date);
    rows
}
