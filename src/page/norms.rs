//! Lists of norms: all by set, all by number, and one set.

use serde::Serialize;

use super::concordance::{self, Beside};
use super::list::{self, Part};
use super::view::{self, Frame, Link, NormRow, WordView};
use super::{Collection, List, Own, Page, PageKind, Shelf, Subject, filter, print};
use crate::date::PartialDate;
use crate::id::Kind;
use crate::link::{Linked, routes};
use crate::model::{EntryIx, Set};
use crate::path::Address;

pub(super) const ALL: PageKind = PageKind {
    name: "norms",
    template: "norms.html",
    pages: |_| vec![(routes::index(Kind::Norm), Subject::Index(Kind::Norm))],
    view: all,
};

pub(super) const NUMBERS: PageKind = PageKind {
    name: "numbers",
    template: "norms.html",
    pages: |linked| {
        let (at, count) = (routes::numbers(), linked.handbook.of(Kind::Norm).len());
        let later = list::later_parts(List::Numbers, &at, count);
        [(at, Subject::Handbook)].into_iter().chain(later).collect()
    },
    view: numbers,
};

pub(super) const SET: PageKind =
    PageKind { name: "set", template: "norms.html", pages: set_pages, view: set };

#[derive(Serialize)]
struct NormsView<'a> {
    page: Frame<'a>,
    title: &'a str,
    note: Option<&'a str>,
    count: usize,
    groups: Vec<Group<'a>>,
    /// The part of the list that the page shows, when it is too long for one.
    part: Option<Part>,
    /// The other list of all norms.
    other: Option<Link>,
    /// The list of sets side by side, but from the list by number.
    concordance: Option<Link>,
    /// The sets that this one can be laid beside.
    beside: Vec<Beside>,
    /// All norms of the list on one page, in full.
    print: Option<Link>,
    /// The norms as data, on lists of all.
    data: Vec<Link>,
    /// What the list can be narrowed by.
    filter: Vec<filter::Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    /// The set's page, or nothing when the list is a page's only one.
    link: Option<Link>,
    label: Option<&'a str>,
    note: Option<&'a str>,
    count: usize,
    /// The norms; none in an overview of sets that hold too many for one page.
    norms: Vec<Line<'a>>,
}

/// Up to this number the list by set shows every norm.
const OVERVIEW_FROM: usize = 2 * list::PER_PAGE;

/// A [`NormRow`] that can be filtered.
#[derive(Serialize)]
struct Line<'a> {
    link: Link,
    number: Option<&'a str>,
    summary: Option<&'a str>,
    status: WordView,
    set: Option<&'a str>,
    date: Option<PartialDate>,
    /// What it is filtered by.
    tags: Vec<filter::Tag>,
}

fn rows<'a>(shelf: &'a Shelf, here: &Address, norms: &[EntryIx]) -> Vec<Line<'a>> {
    let line = |ix: &EntryIx| {
        let tags = filter::tags(shelf, &filter::of_norm(shelf, *ix));
        let NormRow { link, number, summary, status, set, date } = view::norm_row(shelf, here, *ix);
        Line { link, number, summary, status, set, date, tags }
    };
    norms.iter().map(line).collect()
}

fn filter_of<'a>(shelf: &'a Shelf, here: &Address, norms: &[EntryIx]) -> Vec<filter::Group<'a>> {
    let lines: Vec<filter::Values<'_>> =
        norms.iter().map(|ix| filter::of_norm(shelf, *ix)).collect();
    filter::groups(shelf, here, &lines)
}

fn all<'a>(shelf: &'a Shelf, page: &Page) -> Own {
    let here = &page.address;
    let overview = shelf.handbook.of(Kind::Norm).len() > OVERVIEW_FROM;
    let group = |set: &'a Set| Group {
        link: match set.id.as_str() {
            // Norms without a folder have no page of their own as a set.
            "" => overview.then(|| view::plain_link(here, &routes::numbers(), &set.label)),
            id => Some(view::plain_link(here, &routes::set(id), &set.label)),
        },
        label: Some(&set.label),
        note: set.note.as_deref(),
        count: set.norms.len(),
        norms: if overview { Vec::new() } else { rows(shelf, here, &set.norms) },
    };
    Own::of(&NormsView {
        page: view::frame(shelf, page, "Norms"),
        title: "Norms",
        note: None,
        count: shelf.handbook.of(Kind::Norm).len(),
        groups: shelf.handbook.sets.iter().map(group).collect(),
        part: None,
        other: Some(view::plain_link(here, &routes::numbers(), "All norms by number")),
        concordance: concordance::link(shelf, here),
        beside: Vec::new(),
        print: print::door(shelf, here, Collection::Handbook),
        data: view::data(here, &["norms.csv", "relations.csv", "handbook.json"]),
        filter: match overview {
            true => Vec::new(),
            false => filter_of(shelf, here, shelf.handbook.of(Kind::Norm)),
        },
    })
}

fn numbers(shelf: &Shelf, page: &Page) -> Own {
    let here = &page.address;
    let norms = shelf.by_number();
    let title = "All norms by number";
    let mut frame = view::frame(shelf, page, title);
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Norm), "Norms"));
    let number = match page.subject {
        Subject::Part(_, number) => number,
        _ => 1,
    };
    let (group, part, filter) = only_group(shelf, here, &routes::numbers(), number, norms);
    Own::of(&NormsView {
        page: frame,
        title,
        note: None,
        count: norms.len(),
        groups: vec![group],
        part,
        other: Some(view::plain_link(here, &routes::index(Kind::Norm), "Norms by set")),
        concordance: None,
        beside: Vec::new(),
        print: print::door(shelf, here, Collection::Handbook),
        data: view::data(here, &["norms.csv", "relations.csv", "handbook.json"]),
        filter,
    })
}

fn set_pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let sets = linked.handbook.sets.iter().enumerate();
    let named = sets.filter(|(_, set)| !set.id.is_empty());
    let parts = |(at, set): (usize, &Set)| {
        let first = routes::set(&set.id);
        let later = list::later_parts(List::Set(at), &first, set.norms.len());
        [(first, Subject::Set(at))].into_iter().chain(later).collect::<Vec<_>>()
    };
    named.flat_map(parts).collect()
}

/// The part of a list of norms that a page shows, as its only group.
fn only_group<'a>(
    shelf: &'a Shelf,
    here: &Address,
    list: &Address,
    number: usize,
    norms: &[EntryIx],
) -> (Group<'a>, Option<Part>, Vec<filter::Group<'a>>) {
    let count = norms.len();
    let shown = &norms[list::rows_of(number, count)];
    let (norms, filter) = (rows(shelf, here, shown), filter_of(shelf, here, shown));
    let part = (list::parts(count) > 1).then(|| list::part(here, list, number, count));
    (Group { link: None, label: None, note: None, count, norms }, part, filter)
}

fn set(shelf: &Shelf, page: &Page) -> Own {
    let (at, number) = match page.subject {
        Subject::Set(at) => (at, 1),
        Subject::Part(List::Set(at), number) => (at, number),
        _ => unreachable!("invariant: pages of sets are about sets"),
    };
    let set = &shelf.handbook.sets[at];
    let here = &page.address;
    let mut frame = view::frame(shelf, page, set.label.as_str());
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Norm), "Norms"));
    if let Some(note) = &set.note {
        frame.description = note.as_str().into();
    }
    let (group, part, filter) = only_group(shelf, here, &routes::set(&set.id), number, &set.norms);
    Own::of(&NormsView {
        page: frame,
        title: &set.label,
        note: set.note.as_deref(),
        count: set.norms.len(),
        groups: vec![group],
        part,
        other: None,
        concordance: concordance::link(shelf, here),
        beside: concordance::beside(shelf, here, at),
        print: print::door(shelf, here, Collection::Set(at)),
        data: Vec::new(),
        filter,
    })
}
