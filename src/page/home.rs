//! The home page: what the handbook is, its sets, and the doors into it.

use serde::Serialize;

use super::concordance;
use super::matrix::{self, Matrix};
use super::positions;
use super::timeline;
use super::view::{self, Frame, Link};
use super::{Own, Page, PageKind, Shelf, Subject, describe};
use crate::html::{self, place::Place};
use crate::id::{Id, Key, Kind};
use crate::link::{Linked, routes};
use crate::model::EntryIx;

pub(super) const KIND: PageKind = PageKind { name: "home", template: "home.html", pages, view };

fn pages(linked: &Linked) -> Vec<(super::Address, Subject)> {
    let mut pages = vec![(routes::home(), Subject::Handbook)];
    if let Some(introduction) = introduction(linked) {
        let key = &linked.handbook.entry(introduction).key;
        for translation in linked.handbook.translations(key) {
            let address = linked.routes.entry(translation).clone();
            pages.push((address, Subject::Entry(translation)));
        }
    }
    pages
}

fn introduction(linked: &Linked) -> Option<EntryIx> {
    let id: Id = "index".parse().ok()?;
    linked.handbook.find(&Key { kind: Kind::Page, id })
}

#[derive(Serialize)]
struct HomeView<'a> {
    page: Frame<'a>,
    /// The introduction that the author wrote.
    introduction: Option<String>,
    footnotes: String,
    sets: Vec<SetCard<'a>>,
    /// How many entries of each kind there are.
    counts: Vec<Count>,
    matrix: Matrix,
    matrix_page: Link,
    /// The matrix of stances, when there are any.
    positions_page: Option<Link>,
    numbers_page: Link,
    /// The list of sets side by side, when there are any.
    concordance: Option<Link>,
    timeline_page: Option<Link>,
    themes: Vec<Counted>,
    forums: Vec<Counted>,
    /// The handbook as data.
    data: Vec<Link>,
}

#[derive(Serialize)]
struct SetCard<'a> {
    link: Option<Link>,
    label: &'a str,
    note: Option<&'a str>,
    count: usize,
}

#[derive(Serialize)]
struct Count {
    link: Link,
    kind: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Counted {
    link: Link,
    count: usize,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let handbook = &shelf.handbook;
    let here = &page.address;
    let introduction = match page.subject {
        Subject::Entry(ix) => Some(ix),
        _ => introduction(shelf),
    };
    let prose =
        introduction.map(|ix| html::prose(shelf, ix, Place::alone(here))).unwrap_or_default();
    let mut frame = match introduction {
        Some(ix) => view::entry_frame(shelf, page, ix),
        None => view::frame(shelf, page, handbook.config.title.as_str()),
    };
    frame.json_ld = Some(describe::site(&handbook.config, &frame));
    frame.citation = None;
    let sets = handbook.sets.iter().map(|set| SetCard {
        link: (!set.id.is_empty())
            .then(|| view::plain_link(here, &routes::set(&set.id), &set.label)),
        label: &set.label,
        note: set.note.as_deref(),
        count: set.norms.len(),
    });
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page);
    let counts = kinds.map(|kind| Count {
        link: view::plain_link(here, &routes::index(kind), kind.plural()),
        kind: kind.name(),
        count: handbook.of(kind).len(),
    });
    let counted = |kind: Kind| {
        let entries = handbook.of(kind).iter();
        let counted = entries.map(|ix| Counted {
            link: view::link(shelf, here, *ix),
            count: shelf.facets().norms(*ix).len(),
        });
        counted.collect()
    };
    Own::of(&HomeView {
        page: frame,
        introduction: introduction.map(|_| prose.commentary),
        footnotes: prose.footnotes,
        sets: sets.collect(),
        counts: counts.filter(|count| count.count > 0).collect(),
        matrix: matrix::matrix(shelf, here),
        matrix_page: view::plain_link(here, &routes::matrix(), "Themes by forums"),
        positions_page: positions::door(shelf, here),
        numbers_page: view::plain_link(here, &routes::numbers(), "All norms by number"),
        concordance: concordance::link(shelf, here),
        timeline_page: timeline::page_link(shelf, here),
        themes: counted(Kind::Theme),
        forums: counted(Kind::Forum),
        data: view::data(here, &routes::DATA.map(|(file, _)| file)),
    })
}
