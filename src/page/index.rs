//! The index pages of all kinds but norms: one mechanism, grouped by what
//! readers of the kind look for first.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::list::{self, Part};
use super::positions;
use super::view::{self, Frame, Link};
use super::{List, Own, Page, PageKind, Shelf, Subject, filter};
use crate::id::Kind;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::parse::front_matter::Meta;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind { name: "index", template: "index.html", pages, view };

fn pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let kinds = Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Norm | Kind::Page));
    let parts = |kind: Kind| {
        let first = routes::index(kind);
        let later = list::later_parts(List::Index(kind), &first, linked.handbook.of(kind).len());
        [(first, Subject::Index(kind))].into_iter().chain(later).collect::<Vec<_>>()
    };
    kinds.flat_map(parts).collect()
}

#[derive(Serialize)]
struct IndexView<'a> {
    page: Frame<'a>,
    title: &'static str,
    kind: &'static str,
    count: usize,
    /// All groups, wherever they begin.
    contents: Vec<Contents>,
    groups: Vec<Group<'a>>,
    /// The part of the index that the page shows, when it is too long for one.
    part: Option<Part>,
    /// The matrix: of themes by forums from their indexes, of norms by actors
    /// from the indexes of actors and statements.
    matrix: Option<Link>,
    /// What the list can be narrowed by.
    filter: Vec<filter::Group<'a>>,
}

/// A line of the table of contents.
#[derive(Serialize)]
struct Contents {
    href: String,
    label: String,
    count: usize,
}

#[derive(Serialize)]
struct Group<'a> {
    anchor: String,
    label: Option<String>,
    /// Whether it began on the page before.
    continued: bool,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    link: Link,
    summary: Option<&'a str>,
    /// Short facts: a symbol, years, an abbreviation.
    facts: Vec<String>,
    /// How many norms belong to it, where that is what it is for.
    norms: Option<usize>,
    /// What it is filtered by.
    tags: Vec<filter::Tag>,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let (kind, number) = match page.subject {
        Subject::Index(kind) => (kind, 1),
        Subject::Part(List::Index(kind), number) => (kind, number),
        _ => unreachable!("invariant: indexes are about kinds"),
    };
    let here = &page.address;
    let groups = grouped(shelf, kind);
    let count = shelf.handbook.of(kind).len();
    let matrix = match kind {
        Kind::Theme | Kind::Forum => {
            Some(view::plain_link(here, &routes::matrix(), "Themes by forums"))
        }
        Kind::Actor | Kind::Statement => positions::door(shelf, here),
        Kind::Norm | Kind::Source | Kind::Term | Kind::Page => None,
    };
    let index = routes::index(kind);
    let rows = list::rows_of(number, count);
    let entries = groups.iter().flat_map(|(_, entries)| entries);
    let lines: Vec<filter::Values<'_>> =
        entries.skip(rows.start).take(rows.len()).map(|ix| values(shelf, *ix)).collect();
    Own::of(&IndexView {
        filter: filter::groups(shelf, here, &lines),
        page: view::frame(shelf, page, kind.plural()),
        title: kind.plural(),
        kind: kind.name(),
        count,
        contents: contents(here, &index, &groups),
        groups: shown(shelf, here, &groups, rows),
        part: (list::parts(count) > 1).then(|| list::part(here, &index, number, count)),
        matrix,
    })
}

/// The entries of one group.
type Grouped = (Option<String>, Vec<EntryIx>);

/// The entries of a kind by group, in the order of the groups.
fn grouped(linked: &Linked, kind: Kind) -> Vec<Grouped> {
    let mut groups: Vec<(usize, Grouped)> = Vec::new();
    let mut places: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for ix in linked.handbook.of(kind) {
        let (rank, label) = group_of(linked, *ix);
        let place = *places.entry(label.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, (_, entries))) => entries.push(*ix),
            None => groups.push((rank, (label, vec![*ix]))),
        }
    }
    groups.sort_by_key(|(rank, _)| *rank);
    groups.into_iter().map(|(_, group)| group).collect()
}

fn anchor(place: usize) -> String {
    format!("group-{}", place + 1)
}

/// Where every group begins, which may be on another part of the index.
fn contents(here: &Address, index: &Address, groups: &[Grouped]) -> Vec<Contents> {
    let mut before = 0;
    let mut lines = Vec::new();
    for (place, (label, entries)) in groups.iter().enumerate() {
        let part = routes::part(index, before / list::PER_PAGE + 1);
        let page = if part == *here { String::new() } else { part.href_from(here) };
        lines.extend(label.clone().map(|label| Contents {
            href: format!("{page}#{}", anchor(place)),
            label,
            count: entries.len(),
        }));
        before += entries.len();
    }
    lines
}

/// The rows of a part of the index, in their groups.
fn shown<'a>(
    shelf: &'a Shelf,
    here: &Address,
    groups: &[Grouped],
    rows: Range<usize>,
) -> Vec<Group<'a>> {
    let mut before = 0;
    let mut shown = Vec::new();
    for (place, (label, entries)) in groups.iter().enumerate() {
        let from = rows.start.clamp(before, before + entries.len()) - before;
        let to = rows.end.clamp(before, before + entries.len()) - before;
        before += entries.len();
        if from < to {
            shown.push(Group {
                anchor: anchor(place),
                label: label.clone(),
                continued: from > 0,
                rows: entries[from..to].iter().map(|ix| row(shelf, here, *ix)).collect(),
            });
        }
    }
    shown
}

/// The group of an entry in its index, with the group's rank.
fn group_of(linked: &Linked, ix: EntryIx) -> (usize, Option<String>) {
    let words = &linked.handbook.config.vocabularies;
    let entry = linked.handbook.entry(ix);
    match &entry.doc.meta {
        Meta::Source(source) => match &source.kind {
            Some(kind) => {
                let label = words.source_kinds.label(kind).to_owned();
                (words.source_kinds.rank(kind), Some(label))
            }
            None => (usize::MAX, Some("Other documents".to_owned())),
        },
        Meta::Actor(actor) => match &actor.kind {
            Some(kind) => {
                (words.actor_kinds.rank(kind), Some(words.actor_kinds.label(kind).to_owned()))
            }
            None => (usize::MAX, Some("Others".to_owned())),
        },
        Meta::Statement(statement) => match statement.date {
            // The newest year first.
            Some(date) => {
                let year = date.year();
                let rank = usize::try_from(i32::from(i16::MAX) - i32::from(year)).unwrap_or(0);
                (rank, Some(year.to_string()))
            }
            None => (usize::MAX, Some("Undated".to_owned())),
        },
        Meta::Term(term) => {
            let initial = term.title.chars().next().map(|c| c.to_uppercase().to_string());
            (0, initial)
        }
        Meta::Norm(_) | Meta::Theme(_) | Meta::Forum(_) | Meta::Page(_) => (0, None),
    }
}

fn row<'a>(shelf: &'a Shelf, here: &Address, ix: EntryIx) -> Row<'a> {
    let entry = shelf.handbook.entry(ix);
    let count = || Some(shelf.facets().norms(ix).len());
    let (facts, norms): (Vec<Option<String>>, Option<usize>) = match &entry.doc.meta {
        Meta::Theme(_) => (Vec::new(), count()),
        Meta::Forum(forum) => {
            let from = forum.established.map(|date| date.year().to_string());
            let to = forum.ended.map(|date| date.year().to_string());
            let years = match (from, to) {
                (Some(from), Some(to)) => Some(format!("{from}–{to}")),
                (Some(from), None) => Some(format!("since {from}")),
                (None, Some(to)) => Some(format!("until {to}")),
                (None, None) => None,
            };
            (vec![forum.abbreviation.clone(), years], count())
        }
        Meta::Source(source) => {
            (vec![source.symbol.clone(), source.date.map(|date| date.long())], None)
        }
        Meta::Actor(actor) => (vec![actor.code.as_ref().map(|code| code.value.clone())], None),
        Meta::Statement(statement) => {
            let actors = statement.actors.iter().filter_map(|actor| shelf.refers(ix, actor));
            let actors = actors.map(|ix| Some(shelf.handbook.entry(ix).title().to_owned()));
            (actors.chain([statement.date.map(|date| date.long())]).collect(), None)
        }
        Meta::Term(term) => (term.also.iter().cloned().map(Some).collect(), None),
        Meta::Norm(_) | Meta::Page(_) => (Vec::new(), None),
    };
    let mut link = view::parts(shelf, here, ix);
    link.label = link.title.into();
    let summary = entry.doc.meta.common().summary;
    let tags = filter::tags(shelf, &values(shelf, ix));
    Row { link: link.link(), summary, facts: facts.into_iter().flatten().collect(), norms, tags }
}

/// What an entry is filtered by in its index.
fn values(linked: &Linked, ix: EntryIx) -> filter::Values<'_> {
    let words = &linked.handbook.config.vocabularies;
    match &linked.handbook.entry(ix).doc.meta {
        Meta::Statement(statement) => {
            let actors = statement.actors.iter().filter_map(|actor| linked.refers(ix, actor));
            let forum = statement.forum.iter().filter_map(|forum| linked.refers(ix, forum));
            vec![
                (filter::ACTOR, actors.map(filter::Value::Entry).collect()),
                (filter::FORUM, forum.map(filter::Value::Entry).collect()),
            ]
        }
        Meta::Source(source) => {
            let kind =
                source.kind.iter().map(|kind| filter::Value::Word(&words.source_kinds, kind));
            vec![(filter::KIND, kind.collect())]
        }
        Meta::Actor(actor) => {
            let kind = actor.kind.iter().map(|kind| filter::Value::Word(&words.actor_kinds, kind));
            vec![(filter::KIND, kind.collect())]
        }
        Meta::Norm(_) | Meta::Theme(_) | Meta::Forum(_) | Meta::Term(_) | Meta::Page(_) => {
            Vec::new()
        }
    }
}
