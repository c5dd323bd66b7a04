//! The feed (Atom, RFC 4287): the norms and statements that changed last.
//!
//! Atom asks for permanent ids that need not be addresses, so they are UUIDs
//! made from the entry's name (RFC 9562, version 8), and the feed works
//! without a known base address.

use serde::Serialize;

use super::view::{self, Frame, Link, updated};
use super::{Page, PageKind, Subject, View};
use crate::date::PartialDate;
use crate::digest::Digest;
use crate::link::{Linked, routes};
use crate::model::EntryIx;

pub(super) const KIND: PageKind = PageKind {
    name: "feed",
    template: "feed.xml",
    pages: |_| vec![(routes::feed(), Subject::Handbook)],
    view,
};

/// Readers of feeds look at the newest entries only.
const ENTRIES: usize = 50;

#[derive(Serialize)]
struct FeedView {
    page: Frame,
    id: String,
    updated: String,
    entries: Vec<FeedEntry>,
}

#[derive(Serialize)]
struct FeedEntry {
    id: String,
    link: Link,
    address: String,
    updated: String,
    summary: Option<String>,
}

fn view(linked: &Linked, page: &Page) -> View {
    let handbook = &linked.handbook;
    let base = handbook.config.base_url.as_deref().unwrap_or_default();
    let originals = handbook.all().filter(|(_, entry)| entry.translation.is_none());
    let mut dated: Vec<(PartialDate, EntryIx)> =
        originals.filter_map(|(ix, entry)| Some((updated(entry)?, ix))).collect();
    dated.sort_by_key(|(date, ix)| (std::cmp::Reverse(*date), *ix));
    let newest = dated.first().map_or(handbook.today, |(date, _)| *date);
    let entries = dated.iter().take(ENTRIES).map(|(date, ix)| {
        let entry = handbook.entry(*ix);
        FeedEntry {
            id: urn(&[&handbook.config.title, &entry.key.to_string()]),
            link: view::link(linked, &page.address, *ix),
            address: format!("{base}{}", linked.routes.entry(*ix).published()),
            updated: date.instant(),
            summary: entry.doc.meta.common().summary.map(str::to_owned),
        }
    });
    View::of(&FeedView {
        page: view::frame(linked, page, &handbook.config.title),
        id: urn(&[&handbook.config.title]),
        updated: newest.instant(),
        entries: entries.collect(),
    })
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
