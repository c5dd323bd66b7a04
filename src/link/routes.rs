//! The address of every page.
//!
//! Comes in: the handbook. Goes out: one address for each entry, index, alias
//! and copied file, all different.

use std::collections::BTreeMap;

use super::concordance::Concordance;
use super::gone::{self, Gone};
use crate::config;
use crate::diagnostic::{At, Checked, Diagnostic, catalog};
use crate::id::{Key, Kind, is_device};
use crate::model::{Entry, EntryIx, Handbook, Set};
use crate::path::{Address, SourcePath};
use crate::span::Span;

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
    /// The published places that are no more, sorted by address.
    pub gone: Vec<Gone>,
    files: BTreeMap<SourcePath, Address>,
}

impl Routes {
    /// An entry's page.
    pub fn entry(&self, ix: EntryIx) -> &Address {
        &self.entries[ix.at()]
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

/// The list of all pairs of related sets.
pub fn concordance() -> Address {
    Address::page("concordance")
}

/// The page that lays a set beside another. Folders stand in one segment each,
/// with `~`, which no id holds, for `/`: `a/b` beside `c` is not `a` beside
/// `b/c`.
pub fn beside(set: &Set, other: &Set) -> Address {
    let segment = |set: &Set| match set.id.as_str() {
        "" => "~other".to_owned(),
        id => id.replace('/', "~"),
    };
    Address::page(&format!("concordance/{}/{}", segment(set), segment(other)))
}

/// The first page of a list that is too long for the page it belongs to, or all
/// of it to be printed. No id holds `~`, so no entry can want the address.
pub fn list(of: &Address, name: &str) -> Address {
    let folder = of.as_str().trim_end_matches("index.html");
    Address::page(&format!("{folder}~{name}"))
}

/// A part of a list, counted from 1; the first stands at the list's own address.
pub fn part(list: &Address, part: usize) -> Address {
    match part {
        0 | 1 => list.clone(),
        later => self::list(list, &later.to_string()),
    }
}

/// What is dated in a year.
pub fn year(year: i16) -> Address {
    list(&timeline(), &year.to_string())
}

/// Everything dated, by year.
pub fn timeline() -> Address {
    Address::page("timeline")
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

/// The feed of one entry, beside its page.
pub fn feed_of(entry: &Address) -> Address {
    Address::file(format!("{}feed.xml", entry.as_str().trim_end_matches("index.html")))
}

/// The list of all addresses, by which a page that is not found suggests others.
pub fn addresses() -> Address {
    Address::file("addresses.js")
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

/// A file of what the theme shows of entries before a link is followed.
pub fn previews(file: &str) -> Address {
    Address::file(format!("previews/{file}"))
}

/// A file of the handbook as data, one of [`DATA`].
pub fn data(file: &str) -> Address {
    Address::file(format!("data/{file}"))
}

/// The files of the handbook as data, with what readers call them.
pub const DATA: [(&str, &str); 4] = [
    ("handbook.json", "Everything (JSON)"),
    ("norms.csv", "Norms (CSV)"),
    ("positions.csv", "Positions (CSV)"),
    ("relations.csv", "Relations (CSV)"),
];

/// The search.
pub fn search() -> Address {
    Address::page("search")
}

/// A file of the index that the search looks into.
pub fn search_file(file: &str) -> Address {
    Address::file(format!("search/{file}"))
}

/// The folders whose files are the program's own, with a name for messages.
const RESERVED: [(&str, &str); 3] =
    [("theme/", "the theme"), ("previews/", "the previews"), ("search/", "the search")];

/// Who wants an address; messages name the owner.
enum Owner {
    Entry(EntryIx),
    Alias(EntryIx, usize),
    File(SourcePath),
    Gone(Span),
    Generated,
}

/// Gives every page its address, and reports those that are wanted twice.
pub fn routes(handbook: &Handbook, concordance: &Concordance) -> Checked<Routes> {
    let mut diagnostics = Vec::new();
    let entries: Vec<Address> = handbook.entries.iter().map(address_of).collect();
    let aliases = aliases(handbook, &mut diagnostics);
    let files: BTreeMap<SourcePath, Address> =
        handbook.assets.iter().map(|path| (path.clone(), file_address(path))).collect();
    let Checked { value: gone, diagnostics: mut problems } = gone::read(handbook, &entries);
    diagnostics.append(&mut problems);
    let mut owners: Vec<(&Address, Owner)> = Vec::new();
    let generated = generated(handbook, concordance, &entries);
    owners.extend(generated.iter().map(|address| (address, Owner::Generated)));
    let own = entries.iter().enumerate().map(|(at, a)| (a, Owner::Entry(EntryIx::new(at))));
    // The home page's introduction shares its address with the home page.
    owners.extend(own.filter(|(address, _)| **address != home()));
    owners.extend(
        aliases.iter().map(|(alias, item)| (&alias.address, Owner::Alias(alias.entry, *item))),
    );
    owners.extend(files.iter().map(|(path, address)| (address, Owner::File(path.clone()))));
    let whole = gone.iter().filter(|gone| gone.anchor.is_none());
    owners.extend(whole.map(|gone| (&gone.address, Owner::Gone(gone.span))));
    report_collisions(handbook, &owners, &mut diagnostics);
    let aliases = aliases.into_iter().map(|(alias, _)| alias).collect();
    Checked::new(Routes { entries, aliases, gone, files }, diagnostics)
}

fn address_of(entry: &Entry) -> Address {
    entry_address(&entry.key, entry.translation.as_deref())
}

/// The page of an entry, or of its translation into the language `tag`.
pub fn entry_address(key: &Key, tag: Option<&str>) -> Address {
    let id = &key.id;
    let folder = match key.kind {
        Kind::Page if id.as_str() == "index" => String::new(),
        Kind::Page => id.to_string(),
        kind => format!("{}/{id}", kind.folder()),
    };
    match tag {
        Some(tag) => Address::page(&format!("{tag}/{folder}")),
        None => Address::page(&folder),
    }
}

/// A file stands beside the pages of its folder.
fn file_address(path: &SourcePath) -> Address {
    let below = path.as_str().strip_prefix("content/").unwrap_or(path.as_str());
    Address::file(below.strip_prefix("pages/").unwrap_or(below))
}

/// The pages and files that every handbook has. Lists that an author may want to
/// write herself, such as the timeline, are among them only where she did not:
/// her page goes before.
fn generated(handbook: &Handbook, related: &Concordance, entries: &[Address]) -> Vec<Address> {
    let lists = [numbers(), matrix(), concordance(), timeline(), positions()];
    let lists = lists.into_iter().filter(|list| !entries.contains(list));
    let followed = handbook.all().filter(|(_, entry)| {
        matches!(entry.key.kind, Kind::Theme | Kind::Forum) && entry.translation.is_none()
    });
    let feeds = followed.map(|(_, entry)| feed_of(&address_of(entry)));
    let indexes = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page).map(index);
    let sets = handbook.sets.iter().filter(|s| !s.id.is_empty()).map(|s| set(&s.id));
    let single = [home(), search(), not_found(), addresses(), feed(), sitemap(), robots()];
    let pairs =
        related.pairs().map(|(one, other)| beside(&handbook.sets[one], &handbook.sets[other]));
    let data = DATA.iter().map(|(file, _)| data(file));
    indexes.chain(sets).chain(data).chain(single).chain(pairs).chain(lists).chain(feeds).collect()
}

/// The old addresses of all entries, with their place in `aliases`.
fn aliases(handbook: &Handbook, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Alias, usize)> {
    let mut aliases = Vec::new();
    for (ix, entry) in handbook.all() {
        for (item, alias) in entry.doc.meta.common().aliases.iter().enumerate() {
            match old_address(alias) {
                Some(address) => aliases.push((Alias { address, entry: ix }, item)),
                None => diagnostics.push(catalog::bad_alias(entry.doc.at(alias.span), alias)),
            }
        }
    }
    aliases
}

/// An old address as its author wrote it: a folder, or a file with an ending.
pub(super) fn old_address(alias: &str) -> Option<Address> {
    let path = alias.trim_start_matches('/');
    let bad = |segment: &str| {
        segment == "."
            || segment == ".."
            || segment.starts_with('.')
            || segment.ends_with('.')
            || is_device(segment)
    };
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
    let settings = SourcePath::new(config::FILE);
    let mut first: BTreeMap<String, (&Address, &Owner)> = BTreeMap::new();
    for (address, owner) in owners {
        let reserved = RESERVED.iter().find(|(folder, _)| address.as_str().starts_with(folder));
        if let (Owner::File(path), Some((_, owner))) = (owner, reserved) {
            diagnostics.push(catalog::address_taken(path, None, address, owner));
        }
        let Some((other_address, other)) = claim(&mut first, address, owner) else { continue };
        let span = |ix: EntryIx, item: usize| {
            handbook.entry(ix).doc.meta.common().aliases.get(item).map(|alias| alias.span)
        };
        let wanted = match other {
            Owner::Entry(ix) | Owner::Alias(ix, _) => format!("`{}`", handbook.entry(*ix).doc.path),
            Owner::File(path) => format!("`{path}`"),
            Owner::Gone(_) => format!("`{settings}`"),
            Owner::Generated => "a page that every handbook has".to_owned(),
        };
        let (path, span) = match owner {
            Owner::Entry(ix) => (&handbook.entry(*ix).doc.path, None),
            Owner::Alias(ix, item) => (&handbook.entry(*ix).doc.path, span(*ix, *item)),
            Owner::File(path) => (path, None),
            Owner::Gone(span) => (&settings, Some(*span)),
            Owner::Generated => continue,
        };
        let at = span.map(|span| At::new(path, span));
        let taken = catalog::address_taken(path, at, address, &wanted);
        diagnostics.push(match *other_address == **address {
            true => taken,
            false => taken.hint(catalog::address_alike(other_address)),
        });
    }
}

/// Notes who wants an address, or answers who has it already. Many disks take
/// capital and small letters for the same, and none gives one name to a file
/// and a folder.
fn claim<'a>(
    first: &mut BTreeMap<String, (&'a Address, &'a Owner)>,
    address: &'a Address,
    owner: &'a Owner,
) -> Option<(&'a Address, &'a Owner)> {
    let name = address.as_str().to_lowercase();
    let folders: Vec<&str> = name.match_indices('/').map(|(end, _)| &name[..end]).collect();
    let below = format!("{name}/");
    let inside = first.range(below.clone()..).next().filter(|(other, _)| other.starts_with(&below));
    let taken = folders.iter().chain([&name.as_str()]).find_map(|name| first.get(*name));
    let taken = taken.or(inside.map(|(_, taken)| taken)).copied();
    if taken.is_none() {
        first.insert(name, (address, owner));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_folders_or_files() {
        let address = |alias: &str| old_address(alias).map(|address| address.to_string());
        assert_eq!(address("old/norm/").as_deref(), Some("old/norm/index.html"));
        assert_eq!(address("/old/13.d").as_deref(), Some("old/13.d/index.html"));
        assert_eq!(address("old/norm.html").as_deref(), Some("old/norm.html"));
        for bad in ["", "/", "../x", "a//b", "a/../b", "https://x", "a?b", ".git", "a./b", "aux/b"]
        {
            assert_eq!(address(bad), None, "{bad}");
        }
    }

    #[test]
    fn pairs_of_nested_sets_have_addresses_of_their_own() {
        let address = |set: &str, other: &str| {
            let of = |id: &str| Set {
                id: id.to_owned(),
                label: String::new(),
                note: None,
                norms: Vec::new(),
            };
            beside(&of(set), &of(other)).to_string()
        };
        assert_eq!(address("un", "cn"), "concordance/un/cn/index.html");
        assert_eq!(address("a/b", "c"), "concordance/a~b/c/index.html");
        assert_eq!(address("a", "b/c"), "concordance/a/b~c/index.html");
        assert_eq!(address("", "other"), "concordance/~other/other/index.html");
    }
}
