//! Two sets of norms side by side, one page for each direction, and the list
//! of all such pairs.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;

use super::view::{self, Frame, Link, LinkParts, NormRow};
use super::{Own, Page, PageKind, Shelf, Subject, list};
use crate::id::Kind;
use crate::link::concordance::{self, Tie};
use crate::link::{Linked, routes};
use crate::model::{EntryIx, Set};
use crate::path::{Address, encode};

pub(super) const PAIR: PageKind = PageKind {
    name: "concordance",
    template: "concordance.html",
    pages: |linked| {
        let sets = &linked.handbook.sets;
        let address = |(set, other): (usize, usize)| routes::beside(&sets[set], &sets[other]);
        linked.concordance.pairs().map(|pair| (address(pair), Subject::Pair(pair))).collect()
    },
    view: pair,
};

pub(super) const INDEX: PageKind = PageKind {
    name: "concordances",
    template: "concordances.html",
    pages: |linked| {
        let wanted = !linked.concordance.is_empty();
        wanted.then(|| (routes::concordance(), Subject::Handbook)).into_iter().collect()
    },
    view: index,
};

/// What the list of all pairs is called.
const TITLE: &str = "Concordance of the sets";

#[derive(Serialize)]
struct PairView<'a> {
    page: Frame<'a>,
    set: Side<'a>,
    other: Side<'a>,
    /// How many relations there are.
    count: usize,
    /// The norms of the set that have counterparts, in their order.
    rows: Vec<Row<'a>>,
    /// The same pair, read from the other set.
    reverse: Link,
}

/// One of the two sets.
#[derive(Serialize)]
struct Side<'a> {
    link: Link,
    /// How many norms it has.
    count: usize,
    /// How many of them have a counterpart in the other set.
    related: usize,
    /// Those that have none.
    alone: Vec<NormRow<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    norm: NormRow<'a>,
    counterparts: Vec<Counterpart<'a>>,
}

#[derive(Serialize)]
struct Counterpart<'a> {
    /// The kind of relation as read from the set's side.
    relation: &'a str,
    /// The part of the set's norm that the relation names.
    part: Option<Link>,
    /// The other norm; its link leads to the part that the relation names.
    norm: NormRow<'a>,
    other_part: Option<Cow<'a, str>>,
    note: Option<&'a str>,
}

fn pair(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Pair((at, other_at)) = page.subject else {
        unreachable!("invariant: pages of the concordance are about pairs of sets")
    };
    let here = &page.address;
    let (set, other) = (&shelf.handbook.sets[at], &shelf.handbook.sets[other_at]);
    let ties = shelf.concordance.ties(at, other_at);
    let title = format!("{} – {}", set.label, other.label);
    let reverse = format!("{} – {}", other.label, set.label);
    let mut frame = view::frame(shelf, page, title);
    frame.description = format!(
        "The norms of “{}” side by side with those of “{}” to which they are related.",
        set.label, other.label
    )
    .into();
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Norm), "Norms"));
    frame.breadcrumb.push(view::plain_link(here, &routes::concordance(), TITLE));
    let rows = ties.chunk_by(|a, b| a.norm == b.norm).map(|ties| Row {
        norm: view::norm_row(shelf, here, ties[0].norm),
        counterparts: ties.iter().map(|tie| counterpart(shelf, here, tie)).collect(),
    });
    Own::of(&PairView {
        page: frame,
        set: side(shelf, here, set, ties.iter().map(|tie| tie.norm)),
        other: side(shelf, here, other, ties.iter().map(|tie| tie.other)),
        count: ties.len(),
        rows: rows.collect(),
        reverse: view::plain_link(here, &routes::beside(other, set), &reverse),
    })
}

fn side<'a>(
    shelf: &'a Shelf,
    here: &Address,
    set: &'a Set,
    related: impl Iterator<Item = EntryIx>,
) -> Side<'a> {
    let related: BTreeSet<EntryIx> = related.collect();
    let alone = set.norms.iter().filter(|ix| !related.contains(ix));
    Side {
        link: set_link(here, set).link(),
        count: set.norms.len(),
        related: related.len(),
        alone: alone.map(|ix| view::norm_row(shelf, here, *ix)).collect(),
    }
}

fn counterpart<'a>(shelf: &'a Shelf, here: &Address, tie: &Tie) -> Counterpart<'a> {
    let side = concordance::side(shelf, tie);
    let other_part = part(shelf, here, tie.other, tie.other_part.as_deref());
    let norm = view::norm_row(shelf, here, tie.other);
    Counterpart {
        relation: side.label(),
        part: part(shelf, here, tie.norm, tie.part.as_deref()).map(|part| part.link()),
        norm: match &other_part {
            // The norm's own names lead to its part.
            Some(LinkParts { href, .. }) => {
                let href = href.clone();
                let link = LinkParts { href, ..view::parts(shelf, here, tie.other) }.link();
                NormRow { link, ..norm }
            }
            None => norm,
        },
        other_part: other_part.map(|part| part.label),
        note: side.note,
    }
}

/// A link to a part of a norm, shown as readers call the part.
fn part<'a>(
    linked: &'a Linked,
    here: &Address,
    ix: EntryIx,
    anchor: Option<&str>,
) -> Option<LinkParts<'a>> {
    let anchor = anchor?;
    let link = view::parts(linked, here, ix);
    let href = format!("{}#{}", link.href, encode(anchor));
    let label = linked.anchor_label(ix, anchor).unwrap_or_else(|| anchor.to_owned()).into();
    Some(LinkParts { href, label, ..link })
}

/// A set's own page; norms without a folder have the index of norms.
fn set_link<'a>(here: &Address, set: &'a Set) -> LinkParts<'a> {
    let address = if set.id.is_empty() { routes::index(Kind::Norm) } else { routes::set(&set.id) };
    view::plain_parts(here, &address, &set.label)
}

#[derive(Serialize)]
struct IndexView<'a> {
    page: Frame<'a>,
    /// How many pairs there are, each counted once.
    count: usize,
    sets: Vec<Related>,
}

/// A set with those that it can be laid beside.
#[derive(Serialize)]
struct Related {
    link: Link,
    count: usize,
    /// How many sets it can be laid beside.
    beside: usize,
    /// These sets; none where the list of all pairs would be too long, since
    /// the set's page has them.
    pairs: Vec<Beside>,
}

/// A set that another can be laid beside.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Beside {
    /// The page that lays it there; its label is the set's.
    pub link: Link,
    /// How many relations there are.
    pub count: usize,
    /// How many norms of the one set have a counterpart in the other.
    pub related: usize,
}

fn index(shelf: &Shelf, page: &Page) -> Own {
    let here = &page.address;
    let mut frame = view::frame(shelf, page, TITLE);
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Norm), "Norms"));
    let count = shelf.concordance.pairs().count() / 2;
    let is_long = count > list::PER_PAGE;
    let sets = shelf.handbook.sets.iter().enumerate().map(|(at, set)| {
        let mut link = set_link(here, set);
        let elsewhere = is_long && !set.id.is_empty();
        if elsewhere {
            link.href.push_str("#beside");
        }
        Related {
            link: link.link(),
            count: set.norms.len(),
            beside: shelf.concordance.beside(at).count(),
            pairs: if elsewhere { Vec::new() } else { beside(shelf, here, at) },
        }
    });
    let sets = sets.filter(|set| set.beside > 0).collect();
    Own::of(&IndexView { page: frame, count, sets })
}

/// The sets that a set, named by its place, can be laid beside.
pub(super) fn beside(shelf: &Shelf, here: &Address, at: usize) -> Vec<Beside> {
    let sets = &shelf.handbook.sets;
    let beside = shelf.concordance.beside(at).map(|other| {
        let ties = shelf.concordance.ties(at, other);
        let address = routes::beside(&sets[at], &sets[other]);
        Beside {
            link: view::plain_link(here, &address, &sets[other].label),
            count: ties.len(),
            related: ties.chunk_by(|a, b| a.norm == b.norm).count(),
        }
    });
    beside.collect()
}

/// The way to the list of all pairs, when there are any.
pub(super) fn link(shelf: &Shelf, here: &Address) -> Option<Link> {
    let any = !shelf.concordance.is_empty();
    any.then(|| view::plain_link(here, &routes::concordance(), TITLE))
}
