//! The page on which readers search. What it looks into are the files of
//! [`crate::search`]; the theme's script does the looking.

use serde::Serialize;

use super::simple;
use super::view::{self, Frame, Link};
use super::{Own, Page, PageKind, Shelf, Subject};
use crate::link::routes;

pub(super) const KIND: PageKind = PageKind {
    name: "search",
    template: "search.html",
    pages: |_| vec![(routes::search(), Subject::Handbook)],
    view,
};

#[derive(Serialize)]
struct SearchView<'a> {
    page: Frame<'a>,
    /// The ways in for readers without scripts.
    indexes: Vec<Link>,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    Own::of(&SearchView {
        page: view::frame(shelf, page, "Search"),
        indexes: simple::indexes(shelf, &page.address),
    })
}
