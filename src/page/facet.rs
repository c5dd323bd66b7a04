//! The page of a theme or a forum: its introduction, its norms by status, and
//! the other dimension. Themes and forums share everything here; what tells
//! them apart is a [`Facet`].

use std::collections::BTreeMap;

use serde::Serialize;

use super::timeline::{self, Row};
use super::view::{self, CitedBy, Frame, Link, NormRow, SourceLink, StatusGroup};
use super::{Collection, Listed, Own, Page, PageKind, Shelf, list, print};
use crate::date::PartialDate;
use crate::html::{self, outline::Section, place::Place};
use crate::id::Kind;
use crate::link::target::Field;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::parse::front_matter::{self as meta, Members, Meta};
use crate::path::Address;

pub(super) const THEME: PageKind = PageKind {
    name: "theme",
    template: "facet.html",
    pages: |linked| super::entry_pages(linked, Kind::Theme),
    view: |linked, page| view(linked, page, &BY_THEME),
};

pub(super) const FORUM: PageKind = PageKind {
    name: "forum",
    template: "facet.html",
    pages: |linked| super::entry_pages(linked, Kind::Forum),
    view: |linked, page| view(linked, page, &BY_FORUM),
};

/// The dimension that an entry is a value of.
fn facet_of(linked: &Linked, ix: EntryIx) -> &'static Facet {
    match linked.handbook.entry(ix).key.kind {
        Kind::Forum => &BY_FORUM,
        _ => &BY_THEME,
    }
}

/// The statements made in a forum.
pub(super) fn statements(linked: &Linked, ix: EntryIx) -> Vec<EntryIx> {
    linked.by_field(ix, Kind::Statement, &[Field::Forum])
}

/// A dimension by which norms are indexed.
struct Facet {
    /// The kind of its values.
    kind: Kind,
    /// The dimension that its pages cross it with.
    crossing: Kind,
    crossing_field: &'static str,
}

static BY_THEME: Facet =
    Facet { kind: Kind::Theme, crossing: Kind::Forum, crossing_field: "forums" };

static BY_FORUM: Facet =
    Facet { kind: Kind::Forum, crossing: Kind::Theme, crossing_field: "themes" };

#[derive(Serialize)]
struct FacetView<'a> {
    page: Frame<'a>,
    kind: &'static str,
    id: &'a str,
    title: &'a str,
    summary: Option<&'a str>,
    meta: &'a Meta,
    introduction: String,
    /// The sections of the introduction.
    outline: Vec<Section>,
    footnotes: String,
    count: usize,
    groups: Vec<StatusGroup<'a>>,
    /// The list of all norms, when some are not shown.
    all_norms: Option<Link>,
    crossing: Crossing<'a>,
    broader: Option<Link>,
    narrower: Vec<Link>,
    facts: Option<ForumFacts<'a>>,
    /// What is dated and concerns it, oldest first.
    history: Vec<Row<'a>>,
    all_history: Option<Link>,
    timeline_page: Option<Link>,
    /// The feed of its norms and statements.
    feed: String,
    /// All its norms on one page.
    print: Option<Link>,
    statements: Vec<Link>,
    statement_count: usize,
    all_statements: Option<Link>,
    sources: Vec<Link>,
    /// The sources that the text cites.
    cited: Vec<Link>,
    cited_by: Option<CitedBy>,
}

/// The other dimension, with the norms at each crossing.
#[derive(Serialize)]
struct Crossing<'a> {
    /// What the values are called: `Themes` or `Forums`.
    label: &'static str,
    /// The field that names them, for anchors.
    field: &'static str,
    rows: Vec<CrossingRow<'a>>,
}

#[derive(Serialize)]
struct CrossingRow<'a> {
    anchor: String,
    link: Link,
    count: usize,
    /// The norms, or the first of them.
    norms: Vec<NormRow<'a>>,
    /// The list of all, when some are not shown.
    all: Option<Link>,
}

#[derive(Serialize)]
struct ForumFacts<'a> {
    abbreviation: Option<String>,
    established: Option<PartialDate>,
    ended: Option<PartialDate>,
    mandate: Option<SourceLink<'a>>,
    members: Option<String>,
    member_links: Vec<Link>,
    url: Option<String>,
    /// The events whose date is not known.
    undated: Vec<EventView<'a>>,
}

#[derive(Serialize)]
struct EventView<'a> {
    title: String,
    source: Option<SourceLink<'a>>,
}

/// The anchor of a crossing on a theme's or forum's page.
pub(super) fn anchor(linked: &Linked, ix: EntryIx) -> String {
    let key = &linked.handbook.entry(ix).key;
    format!("nb-in-{}", key.id)
}

fn view(shelf: &Shelf, page: &Page, facet: &Facet) -> Own {
    let handbook = &shelf.handbook;
    let (shown, here) = (page.entry(), &page.address);
    let entry = handbook.entry(shown);
    // A translation shows the norms of its original.
    let ix = handbook.original(shown);
    let original = handbook.entry(ix);
    let norms = shelf.facets().norms(ix);
    let prose = html::prose(shelf, shown, Place::alone(here));
    let (broader, narrower) = family(shelf, here, ix);
    let facts = match &original.doc.meta {
        Meta::Forum(forum) => Some(facts(shelf, here, ix, forum)),
        _ => None,
    };
    let statements = statements(shelf, ix);
    let events = shelf.timeline().concerning(ix).count();
    let all = |listed: Listed, count: usize| list::all(shelf, here, (ix, listed), count);
    Own::of(&FacetView {
        page: view::entry_frame(shelf, page, shown),
        kind: facet.kind.name(),
        id: entry.key.id.as_str(),
        title: entry.title(),
        summary: entry.doc.meta.common().summary,
        meta: &original.doc.meta,
        introduction: prose.commentary,
        outline: prose.outline,
        footnotes: prose.footnotes,
        count: norms.len(),
        groups: view::by_status(shelf, here, norms, list::shown(Listed::Norms, norms.len())),
        all_norms: all(Listed::Norms, norms.len()),
        crossing: crossing(shelf, here, ix, norms),
        broader,
        narrower,
        facts,
        history: timeline::rows(shelf, here, ix, 0..list::shown(Listed::History, events)),
        all_history: all(Listed::History, events),
        timeline_page: timeline::page_link(shelf, here),
        feed: routes::feed_of(shelf.routes.entry(ix)).href_from(here),
        print: print::door(shelf, here, Collection::Of(ix)),
        statements: statements[..list::shown(Listed::Statements, statements.len())]
            .iter()
            .map(|statement| view::link(shelf, here, *statement))
            .collect(),
        statement_count: statements.len(),
        all_statements: all(Listed::Statements, statements.len()),
        sources: key_sources(shelf, here, norms),
        cited: view::cited(shelf, here, shown, &[]),
        cited_by: view::cited_by(shelf, here, ix),
    })
}

/// The other dimension. Where the norms do not all stand on the page, a
/// crossing with many of them shows the first.
fn crossing<'a>(shelf: &'a Shelf, here: &Address, ix: EntryIx, norms: &[EntryIx]) -> Crossing<'a> {
    let handbook = &shelf.handbook;
    let facet = facet_of(shelf, ix);
    let all_shown = norms.len() <= list::PER_PAGE;
    let order = handbook.of(facet.crossing).iter();
    let rows = order.filter_map(|other| {
        let norms = shelf.facets().crossing(ix, *other);
        if norms.is_empty() {
            return None;
        }
        let listed = Listed::Crossing(*other);
        let shown = if all_shown { norms.len() } else { list::shown(listed, norms.len()) };
        Some(CrossingRow {
            anchor: anchor(shelf, *other),
            link: view::link(shelf, here, *other),
            count: norms.len(),
            norms: norms[..shown].iter().map(|n| view::norm_row(shelf, here, *n)).collect(),
            all: list::all(shelf, here, (ix, listed), norms.len()).filter(|_| !all_shown),
        })
    });
    Crossing { label: facet.crossing.plural(), field: facet.crossing_field, rows: rows.collect() }
}

/// The wider entry and the narrower ones of the same kind.
fn family(shelf: &Shelf, here: &Address, ix: EntryIx) -> (Option<Link>, Vec<Link>) {
    let meta = &shelf.handbook.entry(ix).doc.meta;
    let (kind, field, above) = match meta {
        Meta::Theme(theme) => (Kind::Theme, Field::Broader, theme.broader.as_ref()),
        Meta::Forum(forum) => (Kind::Forum, Field::Parent, forum.parent.as_ref()),
        _ => return (None, Vec::new()),
    };
    let above = above.and_then(|above| shelf.refers(ix, above));
    let below = shelf.by_field(ix, kind, &[field]);
    (
        above.map(|above| view::link(shelf, here, above)),
        below.into_iter().map(|below| view::link(shelf, here, below)).collect(),
    )
}

fn facts<'a>(
    shelf: &'a Shelf,
    here: &Address,
    ix: EntryIx,
    forum: &'a meta::Forum,
) -> ForumFacts<'a> {
    let source = |source| view::source_link(shelf, here, ix, source);
    let (members, member_links) = match &forum.members {
        Some(Members::Text(text)) => (Some(text.clone()), Vec::new()),
        Some(Members::Actors(actors)) => (None, view::field_links(shelf, here, ix, actors)),
        None => (None, Vec::new()),
    };
    let undated = forum.events.iter().filter(|event| event.date.is_none());
    let undated = undated.map(|event| EventView {
        title: event.title.clone(),
        source: event.source.as_ref().and_then(source),
    });
    ForumFacts {
        abbreviation: forum.abbreviation.clone(),
        established: forum.established,
        ended: forum.ended,
        mandate: forum.mandate.as_ref().and_then(source),
        members,
        member_links,
        url: forum.url.as_ref().map(|url| url.value.clone()),
        undated: undated.collect(),
    }
}

/// The documents that carry the norms, those with most norms first.
fn key_sources(shelf: &Shelf, here: &Address, norms: &[EntryIx]) -> Vec<Link> {
    let mut counts: BTreeMap<EntryIx, usize> = BTreeMap::new();
    for ix in norms {
        let norm = shelf.handbook.norm(*ix);
        for source in norm.source.iter().chain(&norm.sources) {
            if let Some(source) = shelf.refers(*ix, &source.r#ref) {
                *counts.entry(source).or_default() += 1;
            }
        }
    }
    let mut sources: Vec<(EntryIx, usize)> = counts.into_iter().collect();
    sources.sort_by_key(|(ix, count)| (std::cmp::Reverse(*count), *ix));
    sources.into_iter().map(|(ix, _)| view::link(shelf, here, ix)).collect()
}
