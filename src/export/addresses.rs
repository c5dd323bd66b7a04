//! The addresses of all entries and sets with their names, for the page that a
//! server shows when it finds nothing: its script suggests the nearest ones. The
//! list is a script too, since the pages' policy lets nothing else be loaded.

use super::{Export, File};
use crate::link::{Linked, routes};
use crate::path::Address;

pub(super) const EXPORT: Export =
    Export { name: "addresses", files: |_| vec![File::new(routes::addresses(), list)] };

/// A list of pairs, one a line: the address below the site's root, the name.
fn list(linked: &Linked) -> Vec<u8> {
    let handbook = &linked.handbook;
    let line =
        |address: &Address, name: &str| serde_json::json!([address.published(), name]).to_string();
    let entries = handbook.all().map(|(ix, entry)| line(linked.routes.entry(ix), entry.title()));
    let sets = handbook.sets.iter().filter(|set| !set.id.is_empty());
    let sets = sets.map(|set| line(&routes::set(&set.id), &set.label));
    let lines: Vec<String> = entries.chain(sets).collect();
    format!("globalThis.normbookAddresses = [\n{}\n];\n", lines.join(",\n")).into_bytes()
}
