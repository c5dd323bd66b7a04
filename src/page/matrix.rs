//! The matrix of themes by forums: how many norms stand at each crossing.

use std::collections::BTreeMap;

use serde::Serialize;

use super::facet::anchor;
use super::view::{self, Frame, Link};
use super::{Own, Page, PageKind, Shelf, Subject, filter};
use crate::id::Kind;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::path::{Address, encode};

pub(super) const KIND: PageKind = PageKind { name: "matrix", template: "matrix.html", pages, view };

fn pages(_: &Linked) -> Vec<(Address, Subject)> {
    vec![(routes::matrix(), Subject::Handbook)]
}

/// Themes in rows, forums in columns.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Matrix {
    /// The forums that any norm belongs to.
    pub columns: Vec<Link>,
    /// The themes.
    pub rows: Vec<Row>,
}

/// One theme's row.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    /// The theme.
    pub link: Link,
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// How many norms belong to the theme.
    pub count: usize,
}

/// One crossing.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Cell {
    /// How many norms belong to both.
    pub count: usize,
    /// The list of these norms, when there are any.
    pub href: Option<String>,
}

#[derive(Serialize)]
struct MatrixView<'a> {
    page: Frame<'a>,
    matrix: Matrix,
    /// What the matrix can be narrowed by.
    filter: Vec<filter::Group<'a>>,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let mut frame = view::frame(shelf, page, "Themes by forums");
    frame.breadcrumb.push(view::plain_link(&page.address, &routes::index(Kind::Theme), "Themes"));
    let here = &page.address;
    let themes: Vec<filter::Values<'_>> = shelf
        .handbook
        .of(Kind::Theme)
        .iter()
        .map(|theme| vec![(filter::THEME, vec![filter::Value::Entry(*theme)])])
        .collect();
    let mut groups = filter::groups(shelf, here, &themes);
    groups.push(filter::columns(shelf, here, filter::FORUM, &columns(shelf)));
    Own::of(&MatrixView { page: frame, matrix: matrix(shelf, here), filter: groups })
}

/// The forums that any norm belongs to.
fn columns(linked: &Linked) -> Vec<EntryIx> {
    let forums = linked.handbook.of(Kind::Forum).iter().copied();
    forums.filter(|forum| !linked.facets().norms(*forum).is_empty()).collect()
}

/// Counts the norms at every crossing.
pub(super) fn matrix(shelf: &Shelf, from: &Address) -> Matrix {
    let handbook = &shelf.handbook;
    let mut counts: BTreeMap<(EntryIx, EntryIx), usize> = BTreeMap::new();
    let mut per_theme: BTreeMap<EntryIx, usize> = BTreeMap::new();
    for ix in handbook.of(Kind::Norm) {
        let norm = handbook.norm(*ix);
        let forums: Vec<EntryIx> =
            norm.forums.iter().filter_map(|forum| shelf.refers(*ix, forum)).collect();
        for theme in norm.themes.iter().filter_map(|theme| shelf.refers(*ix, theme)) {
            *per_theme.entry(theme).or_default() += 1;
            for forum in &forums {
                *counts.entry((theme, *forum)).or_default() += 1;
            }
        }
    }
    let forums = columns(shelf);
    let rows = handbook.of(Kind::Theme).iter().map(|theme| {
        let link = view::parts(shelf, from, *theme);
        let cells = forums.iter().map(|forum| {
            let count = counts.get(&(*theme, *forum)).copied().unwrap_or(0);
            let place = encode(&anchor(shelf, *forum));
            Cell { count, href: (count > 0).then(|| format!("{}#{place}", link.href)) }
        });
        let cells = cells.collect();
        Row { cells, count: per_theme.get(theme).copied().unwrap_or(0), link: link.link() }
    });
    Matrix {
        columns: forums.iter().map(|forum| view::short_link(shelf, from, *forum)).collect(),
        rows: rows.collect(),
    }
}
