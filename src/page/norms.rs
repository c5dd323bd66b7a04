//! Lists of norms: all by set, all by number, and one set.

use serde::Serialize;

use super::concordance::{self, Beside};
use super::view::{self, Frame, Link, NormRow};
use super::{Page, PageKind, Subject, View};
use crate::id::Kind;
use crate::link::{Linked, routes};
use crate::model::{EntryIx, Set, order};
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
    pages: |_| vec![(routes::numbers(), Subject::Handbook)],
    view: numbers,
};

pub(super) const SET: PageKind =
    PageKind { name: "set", template: "norms.html", pages: set_pages, view: set };

#[derive(Serialize)]
struct NormsView {
    page: Frame,
    title: String,
    note: Option<String>,
    count: usize,
    groups: Vec<Group>,
    /// The other list of all norms.
    other: Option<Link>,
    /// The list of sets side by side, but from the list by number.
    concordance: Option<Link>,
    /// The sets that this one can be laid beside.
    beside: Vec<Beside>,
    /// The norms as data, on lists of all.
    data: Vec<Link>,
}

#[derive(Serialize)]
struct Group {
    /// The set's page, or nothing when the list is a page's only one.
    link: Option<Link>,
    label: Option<String>,
    note: Option<String>,
    norms: Vec<NormRow>,
}

fn rows(linked: &Linked, here: &Address, norms: &[EntryIx]) -> Vec<NormRow> {
    norms.iter().map(|ix| view::norm_row(linked, here, *ix)).collect()
}

fn all(linked: &Linked, page: &Page) -> View {
    let here = &page.address;
    let group = |set: &Set| Group {
        link: (!set.id.is_empty())
            .then(|| view::plain_link(here, &routes::set(&set.id), &set.label)),
        label: Some(set.label.clone()),
        note: set.note.clone(),
        norms: rows(linked, here, &set.norms),
    };
    View::of(&NormsView {
        page: view::frame(linked, page, "Norms"),
        title: "Norms".to_owned(),
        note: None,
        count: linked.handbook.of(Kind::Norm).len(),
        groups: linked.handbook.sets.iter().map(group).collect(),
        other: Some(view::plain_link(here, &routes::numbers(), "All norms by number")),
        concordance: concordance::link(linked, here),
        beside: Vec::new(),
        data: view::data(here, &["norms.csv", "relations.csv", "handbook.json"]),
    })
}

fn numbers(linked: &Linked, page: &Page) -> View {
    let handbook = &linked.handbook;
    let here = &page.address;
    let mut norms = handbook.of(Kind::Norm).to_vec();
    norms.sort_by(|a, b| order::by_number(handbook.entry(*a), handbook.entry(*b)));
    let title = "All norms by number";
    let mut frame = view::frame(linked, page, title);
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Norm), "Norms"));
    let norms = rows(linked, here, &norms);
    View::of(&NormsView {
        page: frame,
        title: title.to_owned(),
        note: None,
        count: norms.len(),
        groups: vec![Group { link: None, label: None, note: None, norms }],
        other: Some(view::plain_link(here, &routes::index(Kind::Norm), "Norms by set")),
        concordance: None,
        beside: Vec::new(),
        data: view::data(here, &["norms.csv", "relations.csv", "handbook.json"]),
    })
}

fn set_pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let sets = linked.handbook.sets.iter().enumerate();
    let named = sets.filter(|(_, set)| !set.id.is_empty());
    named.map(|(at, set)| (routes::set(&set.id), Subject::Set(at))).collect()
}

fn set(linked: &Linked, page: &Page) -> View {
    let Subject::Set(at) = page.subject else {
        unreachable!("invariant: pages of sets are about sets")
    };
    let set = &linked.handbook.sets[at];
    let here = &page.address;
    let mut frame = view::frame(linked, page, &set.label);
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Norm), "Norms"));
    if let Some(note) = &set.note {
        frame.description = note.clone();
    }
    let norms = rows(linked, here, &set.norms);
    View::of(&NormsView {
        page: frame,
        title: set.label.clone(),
        note: set.note.clone(),
        count: norms.len(),
        groups: vec![Group { link: None, label: None, note: None, norms }],
        other: None,
        concordance: concordance::link(linked, here),
        beside: concordance::beside(linked, here, at),
        data: Vec::new(),
    })
}
