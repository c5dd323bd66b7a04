//! Many norms on one page, in full, to be printed or read at a stretch: those
//! of a set, of a theme, of a forum, and all.
//!
//! Anchors are qualified by the norm, and links between norms of the page stay
//! on it. A page holds [`LIMIT`] norms at most: a larger collection leads to
//! the printable pages of its sets instead.

use std::collections::BTreeSet;

use serde::Serialize;

use super::norm::{self, Note};
use super::view::{self, Frame, Link, SourceLink, WordView};
use super::{Own, Page, PageKind, Shelf, Subject};
use crate::date::PartialDate;
use crate::html::{
    self,
    place::{self, Place},
};
use crate::id::Kind;
use crate::link::target::Field;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::path::{Address, encode};

pub(super) const KIND: PageKind = PageKind { name: "print", template: "print.html", pages, view };

/// How many norms one page holds: about as many sheets as can be bound.
const LIMIT: usize = 200;

/// Whose norms a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collection {
    /// The whole handbook.
    Handbook,
    /// A set, by its place in the handbook.
    Set(usize),
    /// A theme or a forum.
    Of(EntryIx),
}

#[derive(Serialize)]
struct PrintView<'a> {
    page: Frame<'a>,
    title: &'a str,
    note: Option<&'a str>,
    count: usize,
    /// The norms in full; none when there are too many for one page.
    norms: Vec<Printed<'a>>,
    /// The pages to be printed instead.
    instead: Vec<Link>,
    /// The collection's own page.
    whole: Link,
}

#[derive(Serialize)]
struct Printed<'a> {
    anchor: String,
    /// The link to it on the page.
    here: String,
    link: Link,
    number: Option<&'a str>,
    summary: Option<&'a str>,
    status: WordView,
    force: Option<WordView>,
    date: Option<PartialDate>,
    /// The norm's own words as HTML; empty when they are not reproduced.
    text: String,
    notes: Vec<Note<'a>>,
    commentary: String,
    footnotes: String,
    source: Option<SourceLink<'a>>,
    sources: Vec<SourceLink<'a>>,
    /// What the text cites beside `sources`.
    cited: Vec<Link>,
}

fn pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let handbook = &linked.handbook;
    let sets = handbook.sets.iter().enumerate().filter(|(_, set)| !set.id.is_empty());
    let sets = sets.map(|(at, _)| Collection::Set(at));
    let facets = [Kind::Theme, Kind::Forum].into_iter().flat_map(|kind| handbook.of(kind));
    let facets = facets.map(|ix| Collection::Of(*ix));
    let all = [Collection::Handbook].into_iter().chain(sets).chain(facets);
    let filled = all.filter(|collection| is_filled(linked, *collection));
    filled.map(|collection| (address(linked, collection), Subject::Print(collection))).collect()
}

/// Where the collection's own page stands.
fn own_address(linked: &Linked, collection: Collection) -> Address {
    match collection {
        Collection::Handbook => routes::index(Kind::Norm),
        Collection::Set(at) => routes::set(&linked.handbook.sets[at].id),
        Collection::Of(ix) => linked.routes.entry(ix).clone(),
    }
}

fn address(linked: &Linked, collection: Collection) -> Address {
    routes::list(&own_address(linked, collection), "print")
}

fn norms(linked: &Linked, collection: Collection) -> Vec<EntryIx> {
    let handbook = &linked.handbook;
    match collection {
        Collection::Handbook => handbook.of(Kind::Norm).to_vec(),
        Collection::Set(at) => handbook.sets[at].norms.clone(),
        Collection::Of(ix) => linked.by_field(ix, Kind::Norm, &[Field::Themes, Field::Forums]),
    }
}

fn is_filled(linked: &Linked, collection: Collection) -> bool {
    let handbook = &linked.handbook;
    let norms = match collection {
        Collection::Handbook => handbook.of(Kind::Norm),
        Collection::Set(at) => &handbook.sets[at].norms,
        Collection::Of(ix) => linked.facets().norms(ix),
    };
    !norms.is_empty()
}

fn title(linked: &Linked, collection: Collection) -> &str {
    match collection {
        Collection::Handbook => &linked.handbook.config.title,
        Collection::Set(at) => &linked.handbook.sets[at].label,
        Collection::Of(ix) => linked.handbook.entry(ix).title(),
    }
}

/// The way to the printable page of a collection; nothing when it has none.
pub(super) fn door(shelf: &Shelf, from: &Address, collection: Collection) -> Option<Link> {
    is_filled(shelf, collection)
        .then(|| view::plain_link(from, &address(shelf, collection), "All in full, to print"))
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Print(collection) = page.subject else {
        unreachable!("invariant: printable pages are about collections")
    };
    let here = &page.address;
    let norms = norms(shelf, collection);
    let title = title(shelf, collection);
    let whole = view::plain_link(here, &own_address(shelf, collection), title);
    let mut frame = view::frame(shelf, page, title);
    frame.breadcrumb.push(whole.clone());
    let note = match collection {
        Collection::Set(at) => shelf.handbook.sets[at].note.as_deref(),
        Collection::Of(ix) => shelf.handbook.entry(ix).doc.meta.common().summary,
        Collection::Handbook => None,
    };
    let fits = norms.len() <= LIMIT;
    Own::of(&PrintView {
        page: frame,
        title,
        note,
        count: norms.len(),
        instead: if fits { Vec::new() } else { sets_of(shelf, here, &norms) },
        norms: if fits { printed(shelf, here, &norms) } else { Vec::new() },
        whole,
    })
}

/// The printable pages of the sets that norms belong to.
fn sets_of(shelf: &Shelf, here: &Address, norms: &[EntryIx]) -> Vec<Link> {
    let places = norms.iter().filter_map(|ix| shelf.handbook.placement(*ix));
    let sets: BTreeSet<usize> = places.map(|(set, _)| set).collect();
    let named = sets.into_iter().filter(|at| !shelf.handbook.sets[*at].id.is_empty());
    let link = |at: usize| {
        let to = address(shelf, Collection::Set(at));
        (to != *here).then(|| view::plain_link(here, &to, &shelf.handbook.sets[at].label))
    };
    named.filter_map(link).collect()
}

fn printed<'a>(shelf: &'a Shelf, here: &Address, norms: &[EntryIx]) -> Vec<Printed<'a>> {
    let among: BTreeSet<EntryIx> = norms.iter().copied().collect();
    let place = Place { page: here, among: Some(&among) };
    norms.iter().map(|ix| one(shelf, place, *ix)).collect()
}

fn one<'a>(shelf: &'a Shelf, place: Place<'_>, ix: EntryIx) -> Printed<'a> {
    let (handbook, here) = (&shelf.handbook, place.page);
    let norm = handbook.norm(ix);
    let words = &handbook.config.vocabularies;
    let anchor = place::name(shelf, ix);
    let prose = html::prose(shelf, ix, place);
    let source = |source| view::source_link(shelf, here, ix, source);
    let mut notes = norm::notes(shelf, ix, prose.annotations);
    for note in &mut notes {
        note.anchor = place::anchor(&anchor, &note.anchor);
    }
    Printed {
        here: format!("#{}", encode(&anchor)),
        link: view::link(shelf, here, ix),
        number: norm.number.as_deref(),
        summary: norm.summary.as_deref(),
        status: view::word(shelf, &words.statuses, handbook.status(norm)),
        force: norm.force.as_ref().map(|force| view::word(shelf, &words.forces, force)),
        date: norm.date,
        text: prose.norm_text.into_iter().map(|passage| passage.html).collect(),
        notes,
        commentary: prose.commentary,
        footnotes: prose.footnotes,
        source: norm.source.as_ref().and_then(source),
        sources: norm.sources.iter().filter_map(source).collect(),
        cited: view::cited(shelf, here, ix, &view::whole(shelf, here, ix, &norm.sources)),
        anchor,
    }
}
