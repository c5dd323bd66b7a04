//! The index pages of all kinds but norms: one mechanism, grouped by what
//! readers of the kind look for first.

use serde::Serialize;

use super::positions;
use super::view::{self, Frame, Link};
use super::{Page, PageKind, Subject, View};
use crate::id::Kind;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::parse::front_matter::Meta;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind { name: "index", template: "index.html", pages, view };

fn pages(_: &Linked) -> Vec<(Address, Subject)> {
    let kinds = Kind::ALL.into_iter().filter(|kind| !matches!(kind, Kind::Norm | Kind::Page));
    kinds.map(|kind| (routes::index(kind), Subject::Index(kind))).collect()
}

#[derive(Serialize)]
struct IndexView {
    page: Frame,
    title: &'static str,
    kind: &'static str,
    count: usize,
    groups: Vec<Group>,
    /// The matrix: of themes by forums from their indexes, of norms by actors
    /// from the indexes of actors and statements.
    matrix: Option<Link>,
}

#[derive(Serialize)]
struct Group {
    label: Option<String>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    link: Link,
    summary: Option<String>,
    /// Short facts: a symbol, years, an abbreviation.
    facts: Vec<String>,
    /// How many norms belong to it, where that is what it is for.
    norms: Option<usize>,
}

fn view(linked: &Linked, page: &Page) -> View {
    let Subject::Index(kind) = page.subject else {
        unreachable!("invariant: indexes are about kinds")
    };
    let here = &page.address;
    let entries = linked.handbook.of(kind);
    let mut groups: Vec<(usize, Group)> = Vec::new();
    for ix in entries {
        let (rank, label) = group_of(linked, *ix);
        let row = row(linked, here, *ix);
        match groups.iter_mut().find(|(_, group)| group.label == label) {
            Some((_, group)) => group.rows.push(row),
            None => groups.push((rank, Group { label, rows: vec![row] })),
        }
    }
    groups.sort_by_key(|(rank, _)| *rank);
    let matrix = match kind {
        Kind::Theme | Kind::Forum => {
            Some(view::plain_link(here, &routes::matrix(), "Themes by forums"))
        }
        Kind::Actor | Kind::Statement => positions::door(linked, here),
        Kind::Norm | Kind::Source | Kind::Term | Kind::Page => None,
    };
    View::of(&IndexView {
        page: view::frame(linked, page, kind.plural()),
        title: kind.plural(),
        kind: kind.name(),
        count: entries.len(),
        groups: groups.into_iter().map(|(_, group)| group).collect(),
        matrix,
    })
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

fn row(linked: &Linked, here: &Address, ix: EntryIx) -> Row {
    let entry = linked.handbook.entry(ix);
    let count = |field: &str| Some(linked.by_field(ix, Kind::Norm, &[field]).len());
    let (facts, norms): (Vec<Option<String>>, Option<usize>) = match &entry.doc.meta {
        Meta::Theme(_) => (Vec::new(), count("themes")),
        Meta::Forum(forum) => {
            let from = forum.established.map(|date| date.year().to_string());
            let to = forum.ended.map(|date| date.year().to_string());
            let years = match (from, to) {
                (Some(from), Some(to)) => Some(format!("{from}–{to}")),
                (Some(from), None) => Some(format!("since {from}")),
                (None, Some(to)) => Some(format!("until {to}")),
                (None, None) => None,
            };
            (vec![forum.abbreviation.clone(), years], count("forums"))
        }
        Meta::Source(source) => {
            (vec![source.symbol.clone(), source.date.map(|date| date.long())], None)
        }
        Meta::Actor(actor) => (vec![actor.code.as_ref().map(|code| code.value.clone())], None),
        Meta::Statement(statement) => {
            let actors = view::field_links(linked, here, ix, &statement.actors);
            let actors = actors.into_iter().map(|link| Some(link.title));
            (actors.chain([statement.date.map(|date| date.long())]).collect(), None)
        }
        Meta::Term(term) => (term.also.iter().cloned().map(Some).collect(), None),
        Meta::Norm(_) | Meta::Page(_) => (Vec::new(), None),
    };
    let mut link = view::link(linked, here, ix);
    link.label = link.title.clone();
    let summary = entry.doc.meta.common().summary.map(str::to_owned);
    Row { link, summary, facts: facts.into_iter().flatten().collect(), norms }
}
