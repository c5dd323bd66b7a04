//! Where a body stands: alone on its page, or among others. Among others its
//! anchors are qualified by its name, links between bodies of the page stay on
//! it, and headings stand one level lower.

use std::collections::BTreeSet;

use crate::link::Linked;
use crate::model::EntryIx;
use crate::path::{Address, encode_into};

/// What stands between the name of a body and an anchor in it; no id of an
/// entry holds it.
const BORDER: &str = "~";

/// Where a body stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The page.
    pub page: &'a Address,
    /// The entries whose bodies stand on the page, when it is a page of many.
    pub among: Option<&'a BTreeSet<EntryIx>>,
}

impl<'a> Place<'a> {
    /// The only body of a page.
    pub fn alone(page: &'a Address) -> Place<'a> {
        Place { page, among: None }
    }

    /// How many levels lower than alone headings stand.
    pub(super) fn lowered(self) -> u8 {
        u8::from(self.among.is_some())
    }

    /// What stands before every anchor of a body.
    pub(super) fn prefix(self, linked: &Linked, ix: EntryIx) -> String {
        match self.among {
            Some(_) => name(linked, ix) + BORDER,
            None => String::new(),
        }
    }

    /// Writes the address of an entry, or of a place in it.
    pub(super) fn href(self, linked: &Linked, ix: EntryIx, anchor: Option<&str>, out: &mut String) {
        let on_page = self.among.is_some_and(|bodies| bodies.contains(&ix));
        match on_page {
            true => {
                let key = &linked.handbook.entry(ix).key;
                out.extend(["#", key.kind.name(), "/"]);
                encode_into(key.id.as_str(), out);
            }
            false => linked.routes.entry(ix).href_into(self.page, out),
        }
        if let Some(anchor) = anchor {
            out.push_str(if on_page { BORDER } else { "#" });
            encode_into(anchor, out);
        }
    }
}

/// The name of a body on a page of many, which no anchor of the page's frame
/// has: it holds a slash.
pub fn name(linked: &Linked, ix: EntryIx) -> String {
    let key = &linked.handbook.entry(ix).key;
    format!("{}/{}", key.kind.name(), key.id)
}

/// An anchor of a body on a page of many, given the body's name there.
pub fn anchor(name: &str, anchor: &str) -> String {
    [name, BORDER, anchor].concat()
}
