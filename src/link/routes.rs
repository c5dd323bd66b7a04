//! The address of every page.
//!
//! Comes in: the handbook. Goes out: one address for each entry, index, alias
//! and copied file, all different.

use std::collections::BTreeMap;

use crate::diagnostic::{At, Checked, Diagnostic, catalog};
use crate::id::Kind;
use crate::model::{Entry, EntryIx, Handbook};
use crate::path::{Address, SourcePath};

/// An old address that leads to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The old address.
    pub address: Address,
    /// The entry it leads to.
    pub entry: EntryIx,
}

/// All addresses.
#[derive(Clone, Debug)]
pub struct Routes {
    entries: Vec<Address>,
    /// The old addresses.
    pub aliases: Vec<Alias>,
    files: BTreeMap<SourcePath, Address>,
}

impl Routes {
    /// An entry's page.
    pub fn entry(&self, ix: EntryIx) -> &Address {
        &self.entries[ix.0]
    }

    /// A copied file.
    pub fn file(&self, path: &SourcePath) -> &Address {
        self.files.get(path).expect("invariant: every copied file has an address")
    }

    /// All copied files.
    pub fn files(&self) -> impl Iterator<Item = (&SourcePath, &Address)> {
        self.files.iter()
    }
}

/// The home page.
pub fn home() -> Address {
    Address::page("")
}

/// The index of a kind.
pub fn index(kind: Kind) -> Address {
    Address::page(kind.folder())
}

/// The page of a set of norms.
pub fn set(id: &str) -> Address {
    Address::page(&format!("sets/{id}"))
}

/// The list of all norms by number.
pub fn numbers() -> Address {
    Address::page("numbers")
}

/// The matrix of themes by forums.
pub fn matrix() -> Address {
    Address::page("matrix")
}

/// The matrix of norms by actors.
pub fn positions() -> Address {
    Address::page("positions")
}

/// The page for addresses that do not exist.
pub fn not_found() -> Address {
    Address::file("404.html")
}

/// The feed (Atom).
pub fn feed() -> Address {
    Address::file("feed.xml")
}

/// The sitemap.
pub fn sitemap() -> Address {
    Address::file("sitemap.xml")
}

/// What robots may read.
pub fn robots() -> Address {
    Address::file("robots.txt")
}

/// A file of the theme, such as `style.css`.
pub fn theme(file: &str) -> Address {
    Address::file(format!("theme/{file}"))
}

/// Who wants an address; messages name the owner.
enum Owner {
    Entry(EntryIx),
    Alias(EntryIx, usize),
    File(SourcePath),
    Generated,
}

/// Gives every page its address, and reports those that are wanted twice.
pub fn routes(handbook: &Handbook) -> Checked<Routes> {
    let mut diagnostics = Vec::new();
    let entries: Vec<Address> = handbook.entries.iter().map(entry_address).collect();
    let aliases = aliases(handbook, &mut diagnostics);
    let files: BTreeMap<SourcePath, Address> =
        handbook.assets.iter().map(|path| (path.clone(), file_address(path))).collect();
    let mut owners: Vec<(&Address, Owner)> = Vec::new();
    let generated = generated(handbook);
    owners.extend(generated.iter().map(|address| (address, Owner::Generated)));
    let own = entries.iter().enumerate().map(|(at, a)| (a, Owner::Entry(EntryIx(at))));
    // The home page's introduction shares its address with the home page.
    owners.extend(own.filter(|(address, _)| **address != home()));
    owners.extend(
        aliases.iter().map(|(alias, item)| (&alias.address, Owner::Alias(alias.entry, *item))),
    );
    owners.extend(files.iter().map(|(path, address)| (address, Owner::File(path.clone()))));
    report_collisions(handbook, &owners, &mut diagnostics);
    let aliases = aliases.into_iter().map(|(alias, _)| alias).collect();
    Checked::new(Routes { entries, aliases, files }, diagnostics)
}

fn entry_address(entry: &Entry) -> Address {
    let id = &entry.key.id;
    let folder = match entry.key.kind {
        Kind::Page if id.as_str() == "index" => String::new(),
        Kind::Page => id.to_string(),
        kind => format!("{}/{id}", kind.folder()),
    };
    match &entry.translation {
        Some(tag) => Address::page(&format!("{tag}/{folder}")),
        None => Address::page(&folder),
    }
}

/// A file stands beside the pages of its folder.
fn file_address(path: &SourcePath) -> Address {
    let below = path.as_str().strip_prefix("content/").unwrap_or(path.as_str());
    Address::file(below.strip_prefix("pages/").unwrap_or(below))
}

fn generated(handbook: &Handbook) -> Vec<Address> {
    let indexes = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page).map(index);
    let sets = handbook.sets.iter().filter(|s| !s.id.is_empty()).map(|s| set(&s.id));
    let single =
        [home(), numbers(), matrix(), positions(), not_found(), feed(), sitemap(), robots()];
    indexes.chain(sets).chain(single).collect()
}

/// The old addresses of all entries, with their place in `aliases`.
fn aliases(handbook: &Handbook, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Alias, usize)> {
    let mut aliases = Vec::new();
    for (ix, entry) in handbook.all() {
        for (item, alias) in entry.doc.meta.common().aliases.iter().enumerate() {
            match alias_address(alias) {
                Some(address) => aliases.push((Alias { address, entry: ix }, item)),
                None => diagnostics.push(catalog::bad_alias(entry.doc.at(alias.span), alias)),
            }
        }
    }
    aliases
}

/// An old address as its author wrote it: a folder, or a file with an ending.
fn alias_address(alias: &str) -> Option<Address> {
    let path = alias.trim_start_matches('/');
    let bad = |segment: &str| segment == "." || segment == ".." || segment.starts_with('.');
    let inner = path.trim_end_matches('/');
    if inner.is_empty() || inner.contains(['\\', '?', '#', ':']) || inner.contains(char::is_control)
    {
        return None;
    }
    if inner.split('/').any(|segment| segment.is_empty() || bad(segment)) {
        return None;
    }
    let file = inner.ends_with(".html") || inner.ends_with(".htm");
    Some(if file && !path.ends_with('/') { Address::file(inner) } else { Address::page(inner) })
}

fn report_collisions(
    handbook: &Handbook,
    owners: &[(&Address, Owner)],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut first: BTreeMap<&Address, &Owner> = BTreeMap::new();
    for (address, owner) in owners {
        if let Owner::File(path) = owner
            && address.as_str().starts_with("theme/")
        {
            diagnostics.push(catalog::address_taken(path, None, address, "the theme"));
        }
        let Some(other) = first.get(address) else {
            first.insert(address, owner);
            continue;
        };
        let span = |ix: EntryIx, item: usize| {
            handbook.entry(ix).doc.meta.common().aliases.get(item).map(|alias| alias.span)
        };
        let wanted = match other {
            Owner::Entry(ix) | Owner::Alias(ix, _) => handbook.entry(*ix).doc.path.to_string(),
            Owner::File(path) => path.to_string(),
            Owner::Generated => "a page that every handbook has".to_owned(),
        };
        let (path, span) = match owner {
            Owner::Entry(ix) => (&handbook.entry(*ix).doc.path, None),
            Owner::Alias(ix, item) => (&handbook.entry(*ix).doc.path, span(*ix, *item)),
            Owner::File(path) => (path, None),
            Owner::Generated => continue,
        };
        let at = span.map(|span| At::new(path, span));
        diagnostics.push(catalog::address_taken(path, at, address, &wanted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_folders_or_files() {
        let address = |alias: &str| alias_address(alias).map(|address| address.to_string());
        assert_eq!(address("old/norm/").as_deref(), Some("old/norm/index.html"));
        assert_eq!(address("/old/13.d").as_deref(), Some("old/13.d/index.html"));
        assert_eq!(address("old/norm.html").as_deref(), Some("old/norm.html"));
        for bad in ["", "/", "../x", "a//b", "a/../b", "https://x", "a?b", ".git"] {
            assert_eq!(address(bad), None, "{bad}");
        }
    }
}
