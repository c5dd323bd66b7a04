//! The pages that servers and robots ask for: 404, sitemap, robots.txt.

use serde::Serialize;

use super::view::{self, Frame, Link, updated};
use super::{Own, Page, PageKind, Shelf, Subject};
use crate::date::PartialDate;
use crate::id::Kind;
use crate::link::routes;
use crate::path::Address;

pub(super) const NOT_FOUND: PageKind = PageKind {
    name: "not-found",
    template: "404.html",
    pages: |_| vec![(routes::not_found(), Subject::Handbook)],
    view: not_found,
};

pub(super) const SITEMAP: PageKind = PageKind {
    name: "sitemap",
    template: "sitemap.xml",
    // A sitemap's addresses must be whole (sitemaps.org), so the base must be known.
    pages: |linked| {
        let base = linked.handbook.config.base_url.as_ref();
        base.map(|_| (routes::sitemap(), Subject::Handbook)).into_iter().collect()
    },
    view: sitemap,
};

pub(super) const ROBOTS: PageKind = PageKind {
    name: "robots",
    template: "robots.txt",
    pages: |_| vec![(routes::robots(), Subject::Handbook)],
    view: robots,
};

#[derive(Serialize)]
struct NotFoundView<'a> {
    page: Frame<'a>,
    indexes: Vec<Link>,
}

fn not_found(shelf: &Shelf, page: &Page) -> Own {
    Own::of(&NotFoundView {
        page: view::frame(shelf, page, "Page not found"),
        indexes: indexes(shelf, &page.address),
    })
}

/// The index pages that have entries.
pub(super) fn indexes(shelf: &Shelf, here: &Address) -> Vec<Link> {
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page);
    let kinds = kinds.filter(|kind| !shelf.handbook.of(*kind).is_empty());
    kinds.map(|kind| view::plain_link(here, &routes::index(kind), kind.plural())).collect()
}

#[derive(Serialize)]
struct SitemapView {
    addresses: Vec<SitemapEntry>,
}

#[derive(Serialize)]
struct SitemapEntry {
    address: String,
    updated: Option<PartialDate>,
}

fn sitemap(shelf: &Shelf, _: &Page) -> Own {
    let base = shelf.handbook.config.base_url.as_deref().unwrap_or_default();
    let pages = super::pages(shelf);
    let wanted = pages.iter().filter(|page| {
        !matches!(
            page.kind(),
            "alias" | "gone" | "not-found" | "feed" | "entry-feed" | "sitemap" | "robots"
        )
    });
    let addresses = wanted.map(|page| SitemapEntry {
        address: format!("{base}{}", page.address.published()),
        updated: match page.subject {
            Subject::Entry(ix) => updated(shelf.handbook.entry(ix)),
            Subject::Handbook
            | Subject::Index(_)
            | Subject::Set(_)
            | Subject::Pair(_)
            | Subject::Part(..)
            | Subject::Print(_)
            | Subject::Feed(_)
            | Subject::Alias(_)
            | Subject::Gone(_) => None,
        },
    });
    Own::of(&SitemapView { addresses: addresses.collect() })
}

#[derive(Serialize)]
struct RobotsView {
    sitemap: Option<String>,
}

fn robots(shelf: &Shelf, _: &Page) -> Own {
    let base = shelf.handbook.config.base_url.as_ref();
    let sitemap = base.map(|base| format!("{base}{}", routes::sitemap()));
    Own::of(&RobotsView { sitemap })
}
