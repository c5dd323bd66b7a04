//! Where pages went: an entry that was renamed leads on, one that was deleted
//! is known to be gone.
//!
//! Comes in: the pages of two editions. Goes out: new addresses by old ones.
//! A rename may arrive as a deletion and, later, a new file, so what is gone
//! is remembered for a while.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::page::{Page, Subject};
use crate::parse::Doc;
use crate::path::Address;
use crate::pipeline::Site;

/// Where pages went.
#[derive(Clone, Default)]
pub(super) struct Moves {
    to: BTreeMap<Address, Address>,
    gone: Vec<(Address, Arc<Doc>)>,
}

/// So many pages that are gone are remembered.
const MOST_REMEMBERED: usize = 500;

impl Moves {
    /// The address to which a page moved, perhaps by several steps.
    pub(super) fn follow(&self, address: &Address) -> Option<&Address> {
        let mut last = self.to.get(address)?;
        // A page that moved to and fro would lead round for ever.
        for _ in 0..self.to.len() {
            match self.to.get(last) {
                Some(next) => last = next,
                None => break,
            }
        }
        Some(last)
    }

    /// What is known after the site changed.
    pub(super) fn after(&self, old: &Site, new: &Site) -> Moves {
        let removed = missing(old, new);
        let added = missing(new, old);
        let mut moves = self.clone();
        if removed.is_empty() && added.is_empty() {
            return moves;
        }
        let doc = |site: &Site, page: &Page| match page.subject {
            Subject::Entry(ix) => Some(Arc::clone(&site.linked().handbook.entry(ix).doc)),
            Subject::Handbook
            | Subject::Index(_)
            | Subject::Set(_)
            | Subject::Pair(_)
            | Subject::Part(..)
            | Subject::Print(_)
            | Subject::Feed(_)
            | Subject::Alias(_)
            | Subject::Gone(_) => None,
        };
        let with_doc = |site: &Site, page: &Page| Some((page.address.clone(), doc(site, page)?));
        moves.gone.extend(removed.into_iter().filter_map(|page| with_doc(old, page)));
        let mut added: Vec<(Address, Arc<Doc>)> =
            added.into_iter().filter_map(|page| with_doc(new, page)).collect();
        // The surest sign goes first.
        let signs: [fn(&Doc, &Doc) -> bool; 3] = [
            |old, new| old.path == new.path,
            |old, new| old.text == new.text,
            |old, new| {
                let title = |doc: &Doc| doc.meta.common().title.to_owned();
                old.kind() == new.kind() && title(old) == title(new)
            },
        ];
        for sign in signs {
            moves.gone.retain(|(address, old)| {
                let at = added.iter().position(|(_, new)| sign(old, new));
                if let Some(at) = at {
                    moves.to.insert(address.clone(), added.remove(at).0);
                }
                at.is_none()
            });
        }
        moves.to.retain(|address, _| new.page(address).is_none());
        moves.gone.retain(|(address, _)| new.page(address).is_none());
        let surplus = moves.gone.len().saturating_sub(MOST_REMEMBERED);
        moves.gone.drain(..surplus);
        moves
    }
}

/// The pages of a site whose addresses another lacks.
fn missing<'a>(of: &'a Site, from: &Site) -> Vec<&'a Page> {
    let mut others = from.pages().iter().map(|page| &page.address).peekable();
    let is_missing = |page: &&Page| {
        while others.next_if(|other| **other < page.address).is_some() {}
        others.peek().is_none_or(|other| **other != page.address)
    };
    of.pages().iter().filter(is_missing).collect()
}
