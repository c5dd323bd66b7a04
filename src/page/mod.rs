//! Which pages there are, and what each shows.
//!
//! Comes in: the linked handbook, to be shown from a [`Shelf`]. Goes out: a list
//! of [`Page`]s, cheap to make, and for each its [`View`]: plain data, all that
//! its template sees.
//! A page kind is one file here, one line in [`KINDS`] and one template.

mod alias;
mod cite;
mod concordance;
mod describe;
mod entry;
mod facet;
mod feed;
mod filter;
mod gone;
mod home;
mod index;
mod list;
mod matrix;
mod norm;
mod norms;
pub(crate) mod positions;
mod print;
mod search;
mod shelf;
mod simple;
mod timeline;
pub mod view;

use serde::Serialize;

pub use self::list::{List, Listed};
pub use self::print::Collection;
pub use self::shelf::Shelf;
use crate::id::Kind;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::path::Address;

/// A page of the site.
#[derive(Clone, Debug)]
pub struct Page {
    /// Where it stands.
    pub address: Address,
    /// What it is about.
    pub subject: Subject,
    kind: &'static PageKind,
    /// The site as the page shows it.
    site: tera::Value,
}

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The handbook as a whole.
    Handbook,
    /// An entry.
    Entry(EntryIx),
    /// All entries of a kind.
    Index(Kind),
    /// A set of norms, by its place in the handbook.
    Set(usize),
    /// Two sets of norms, by their places in the handbook, the first in its order.
    Pair((usize, usize)),
    /// A part of a long list, counted from 1.
    Part(List, usize),
    /// Many norms in full.
    Print(Collection),
    /// The feed of an entry.
    Feed(EntryIx),
    /// An old address, by its place in the routes.
    Alias(usize),
    /// An address whose page is no more, by its place in the routes.
    Gone(usize),
}

/// A kind of page.
#[derive(Debug)]
pub struct PageKind {
    /// Its name.
    pub name: &'static str,
    /// The template that renders it.
    pub template: &'static str,
    pages: fn(&Linked) -> Vec<(Address, Subject)>,
    view: fn(&Shelf, &Page) -> Own,
}

/// Every kind of page.
pub static KINDS: &[PageKind] = &[
    home::KIND,
    norm::KIND,
    norms::ALL,
    norms::NUMBERS,
    norms::SET,
    concordance::INDEX,
    concordance::PAIR,
    facet::THEME,
    facet::FORUM,
    matrix::KIND,
    timeline::KIND,
    timeline::YEAR,
    positions::KIND,
    print::KIND,
    index::KIND,
    list::KIND,
    entry::SOURCE,
    entry::ACTOR,
    entry::STATEMENT,
    entry::TERM,
    entry::FREE,
    alias::KIND,
    gone::KIND,
    search::KIND,
    simple::NOT_FOUND,
    feed::KIND,
    feed::OF_ENTRY,
    simple::SITEMAP,
    simple::ROBOTS,
];

/// What a template sees.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    /// The page's own matter, by the names that its template uses.
    pub own: Own,
    /// The site that the page is part of.
    pub site: tera::Value,
}

/// What is a page's own of what its template sees, a map.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Own(tera::Value);

impl Own {
    /// Makes it from a plain struct.
    ///
    /// # Panics
    /// When the struct cannot be serialised, which a plain one always can.
    fn of(matter: &impl Serialize) -> Own {
        Own(tera::Value::from_serializable(matter))
    }

    /// The data itself, for the renderer.
    pub fn into_value(self) -> tera::Value {
        self.0
    }
}

impl Page {
    /// The template that renders the page.
    pub fn template(&self) -> &'static str {
        self.kind.template
    }

    /// The name of the page's kind.
    pub fn kind(&self) -> &'static str {
        self.kind.name
    }

    /// What the page shows.
    pub fn view(&self, shelf: &Shelf) -> View {
        View { own: (self.kind.view)(shelf, self), site: self.site.clone() }
    }
}

/// All pages of the site, sorted by address. An author's own page goes before
/// a list that this program would put at its address.
pub fn pages(linked: &Linked) -> Vec<Page> {
    let mut pages: Vec<Page> = Vec::new();
    let mut site = view::sites(linked);
    for kind in KINDS {
        let of_kind = (kind.pages)(linked);
        pages.extend(of_kind.into_iter().map(|(address, subject)| {
            let site = site(&address);
            Page { address, subject, kind, site }
        }));
    }
    let is_own = |page: &Page| matches!(page.subject, Subject::Entry(_));
    pages.sort_by(|a, b| (&a.address, !is_own(a)).cmp(&(&b.address, !is_own(b))));
    pages.dedup_by(|later, earlier| later.address == earlier.address && is_own(earlier));
    pages
}

/// The pages of all entries of a kind, translations included.
fn entry_pages(linked: &Linked, kind: Kind) -> Vec<(Address, Subject)> {
    let entries = linked.handbook.all().filter(|(_, entry)| entry.key.kind == kind);
    entries.map(|(ix, _)| (linked.routes.entry(ix).clone(), Subject::Entry(ix))).collect()
}

impl Page {
    /// The entry that the page is about.
    fn entry(&self) -> EntryIx {
        match self.subject {
            Subject::Entry(ix) => ix,
            Subject::Handbook
            | Subject::Index(_)
            | Subject::Set(_)
            | Subject::Pair(_)
            | Subject::Part(..)
            | Subject::Print(_)
            | Subject::Feed(_)
            | Subject::Alias(_)
            | Subject::Gone(_) => {
                unreachable!("invariant: pages of entries are about entries")
            }
        }
    }
}
