//! The feeds (Atom, RFC 4287): the norms and statements that changed last, of
//! the whole handbook and of each theme and forum.
//!
//! Atom asks for permanent ids that need not be addresses, so they are UUIDs
//! made from the entry's name (RFC 9562, version 8), and the feed works
//! without a known base address.

use serde::Serialize;

use super::view::{self, Frame, Link, updated};
use super::{Own, Page, PageKind, Shelf, Subject, facet};
use crate::date::PartialDate;
use crate::digest::Digest;
use crate::id::Kind;
use crate::link::routes;
use crate::model::EntryIx;

pub(super) const KIND: PageKind = PageKind {
    name: "feed",
    template: "feed.xml",
    pages: |_| vec![(routes::feed(), Subject::Handbook)],
    view,
};

/// The feed of each theme and forum.
pub(super) const OF_ENTRY: PageKind = PageKind {
    name: "entry-feed",
    template: "feed.xml",
    pages: |linked| {
        let kinds = [Kind::Theme, Kind::Forum].into_iter();
        let entries = kinds.flat_map(|kind| linked.handbook.of(kind));
        entries.map(|ix| (routes::feed_of(linked.routes.entry(*ix)), Subject::Feed(*ix))).collect()
    },
    view: view_of_entry,
};

/// Readers of feeds look at the newest entries only.
const ENTRIES: usize = 50;

#[derive(Serialize)]
struct FeedView<'a> {
    page: Frame<'a>,
    id: String,
    title: String,
    subtitle: String,
    /// The page that the feed is about: a whole address when the base is known.
    about: String,
    updated: String,
    entries: Vec<FeedEntry<'a>>,
}

#[derive(Serialize)]
struct FeedEntry<'a> {
    id: String,
    link: Link,
    address: String,
    updated: String,
    summary: Option<&'a str>,
}

/// The norms and statements of the whole handbook.
fn view(shelf: &Shelf, page: &Page) -> Own {
    let config = &shelf.handbook.config;
    let entries = shelf.handbook.all().filter(|(_, entry)| entry.translation.is_none());
    let (updated, entries) = newest(shelf, page, entries.map(|(ix, _)| ix));
    Own::of(&FeedView {
        id: urn(&[&config.title]),
        title: config.title.clone(),
        subtitle: config.description.clone(),
        about: match &config.base_url {
            Some(base) => base.clone(),
            None => routes::home().href_from(&page.address),
        },
        page: view::frame(shelf, page, config.title.as_str()),
        updated,
        entries,
    })
}

/// The norms of a theme or forum, and the statements made there.
fn view_of_entry(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Feed(ix) = page.subject else {
        unreachable!("invariant: feeds of entries are about entries")
    };
    let config = &shelf.handbook.config;
    let entry = shelf.handbook.entry(ix);
    let entries = shelf.facets().norms(ix).iter().copied().chain(facet::statements(shelf, ix));
    let (updated, entries) = newest(shelf, page, entries);
    let at = shelf.routes.entry(ix);
    Own::of(&FeedView {
        page: view::frame(shelf, page, entry.title()),
        id: urn(&[&config.title, &entry.key.to_string(), "feed"]),
        title: format!("{}: {}", config.title, entry.title()),
        subtitle: entry.doc.meta.common().summary.unwrap_or_default().to_owned(),
        about: match &config.base_url {
            Some(base) => format!("{base}{}", at.published()),
            None => at.href_from(&page.address),
        },
        updated,
        entries,
    })
}

/// The entries that changed last, the newest first, and when the first did.
fn newest<'a>(
    shelf: &'a Shelf,
    page: &Page,
    entries: impl Iterator<Item = EntryIx>,
) -> (String, Vec<FeedEntry<'a>>) {
    let handbook = &shelf.handbook;
    let base = handbook.config.base_url.as_deref().unwrap_or_default();
    let dated = entries.filter_map(|ix| Some((updated(handbook.entry(ix))?, ix)));
    let mut dated: Vec<(PartialDate, EntryIx)> = dated.collect();
    dated.sort_by_key(|(date, ix)| (std::cmp::Reverse(*date), *ix));
    let newest = dated.first().map_or(handbook.today, |(date, _)| *date);
    let entries = dated.iter().take(ENTRIES).map(|(date, ix)| {
        let entry = handbook.entry(*ix);
        FeedEntry {
            id: urn(&[&handbook.config.title, &entry.key.to_string()]),
            link: view::link(shelf, &page.address, *ix),
            address: format!("{base}{}", shelf.routes.entry(*ix).published()),
            updated: date.instant(),
            summary: entry.doc.meta.common().summary,
        }
    });
    (newest.instant(), entries.collect())
}

/// A UUID made from a name, as an address that names and leads nowhere.
fn urn(name: &[&str]) -> String {
    let digest = Digest::of_parts(name.iter().map(|part| part.as_bytes()));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_8() {
        let id = urn(&["a", "b"]);
        assert_eq!(id.len(), "urn:uuid:".len() + 36);
        assert_eq!(id.as_bytes()["urn:uuid:".len() + 14], b'8');
        assert_ne!(id, urn(&["ab", ""]));
    }
}
