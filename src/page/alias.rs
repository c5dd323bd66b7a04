//! A page at an old address that leads to the new one.

use serde::Serialize;

use super::view::{self, Frame, Link};
use super::{Own, Page, PageKind, Shelf, Subject};
use crate::link::Linked;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind { name: "alias", template: "alias.html", pages, view };

#[derive(Serialize)]
struct AliasView<'a> {
    page: Frame<'a>,
    to: Link,
}

fn pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let aliases = linked.routes.aliases.iter().enumerate();
    aliases.map(|(at, alias)| (alias.address.clone(), Subject::Alias(at))).collect()
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Alias(at) = page.subject else {
        unreachable!("invariant: pages at old addresses are about aliases")
    };
    let entry = shelf.routes.aliases[at].entry;
    let to = view::link(shelf, &page.address, entry);
    let mut frame = view::frame(shelf, page, view::parts(shelf, &page.address, entry).title);
    // The page to be found and cited is the one at the new address.
    let base = &shelf.handbook.config.base_url;
    let published = shelf.routes.entry(entry).published();
    frame.canonical = base.as_ref().map(|base| format!("{base}{published}"));
    Own::of(&AliasView { page: frame, to })
}
