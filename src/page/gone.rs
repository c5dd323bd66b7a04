//! What stands at an address whose page is no more, and on a page whose
//! anchor is no more.

use serde::Serialize;

use super::view::{self, Frame, Link};
use super::{Own, Page, PageKind, Shelf, Subject};
use crate::date::PartialDate;
use crate::link::Linked;
use crate::link::gone::Gone;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind { name: "gone", template: "gone.html", pages, view };

#[derive(Serialize)]
struct GoneView<'a> {
    page: Frame<'a>,
    gone: GonePlace,
}

/// A place that is no more.
#[derive(Clone, Debug, Serialize)]
pub struct GonePlace {
    /// The anchor, when it was a part of a page.
    pub anchor: Option<String>,
    /// Why, in the editors' words.
    pub note: String,
    /// Since when.
    pub date: Option<PartialDate>,
    /// Where to go on.
    pub see: Option<Link>,
}

fn pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let gone = linked.routes.gone.iter().enumerate().filter(|(_, gone)| gone.anchor.is_none());
    gone.map(|(at, gone)| (gone.address.clone(), Subject::Gone(at))).collect()
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Gone(at) = page.subject else {
        unreachable!("invariant: pages of what is gone are about that")
    };
    let gone = place(shelf, &page.address, &shelf.routes.gone[at]);
    Own::of(&GoneView { page: view::frame(shelf, page, "No longer here"), gone })
}

fn place(shelf: &Shelf, here: &Address, gone: &Gone) -> GonePlace {
    let see = gone.see.as_ref().and_then(|target| view::target_link(shelf, here, target));
    GonePlace { anchor: gone.anchor.clone(), note: gone.note.clone(), date: gone.date, see }
}

/// The places of a page that are no more.
pub(super) fn of_page(shelf: &Shelf, here: &Address) -> Vec<GonePlace> {
    let gone = &shelf.routes.gone;
    let first = gone.partition_point(|gone| gone.address < *here);
    let own = gone[first..].iter().take_while(|gone| gone.address == *here);
    own.filter(|gone| gone.anchor.is_some()).map(|gone| place(shelf, here, gone)).collect()
}
