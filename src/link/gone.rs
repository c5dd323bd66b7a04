//! Published places that are no more, and what readers find there instead.
//!
//! Comes in: the table `[gone]` of the settings. Goes out: for each line the
//! address or the anchor of an entry, the editors' words, and where to go on.

use super::Target;
use super::routes::old_address;
use crate::config;
use crate::date::PartialDate;
use crate::diagnostic::{At, Checked, Diagnostic, catalog, nearest};
use crate::id::{Id, Key, Kind};
use crate::model::{EntryIx, Handbook};
use crate::parse::reference::Reference;
use crate::path::{Address, SourcePath, decode};
use crate::span::{Span, Spanned};

/// A place that is no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// The page; one of its own stands there when no anchor is given.
    pub address: Address,
    /// The anchor that the page of an entry had.
    pub anchor: Option<String>,
    /// Why, in the editors' words.
    pub note: String,
    /// Since when.
    pub date: Option<PartialDate>,
    /// Where to go on.
    pub see: Option<Target>,
    /// Where the settings say so.
    pub span: Span,
}

/// Reads the places that the settings call gone, sorted by address. `entries`
/// are the addresses of the handbook's entries.
pub fn read(handbook: &Handbook, entries: &[Address]) -> Checked<Vec<Gone>> {
    let path = SourcePath::new(config::FILE);
    let mut diagnostics = Vec::new();
    let mut gone: Vec<Gone> = Vec::new();
    for line in &handbook.config.gone.0 {
        let at = At::new(&path, line.place.span);
        let Some((address, anchor)) = place(&line.place) else {
            diagnostics.push(catalog::gone_no_place(at, &line.place));
            continue;
        };
        let see = line.see.as_ref().and_then(|see| {
            let found = look_up(handbook, see, &path);
            found.map_err(|problem| diagnostics.push(*problem)).ok()
        });
        let (note, date, span) = (line.note.clone(), line.date, line.place.span);
        let one = Gone { address, anchor, note, date, see, span };
        diagnostics.extend(mistaken_anchor(handbook, entries, &one, &gone, at));
        gone.push(one);
    }
    gone.sort_by(|a, b| (&a.address, &a.anchor).cmp(&(&b.address, &b.anchor)));
    Checked::new(gone, diagnostics)
}

/// An address, and perhaps an anchor, as the ledger or a browser shows it.
fn place(written: &str) -> Option<(Address, Option<String>)> {
    let (address, anchor) = match written.split_once('#') {
        Some((address, anchor)) => (address, Some(decode(anchor)?)),
        None => (written, None),
    };
    let taken = |anchor: &str| anchor.is_empty() || anchor.starts_with("nb-");
    let good = !anchor.as_deref().is_some_and(|a| taken(a) || a.contains(char::is_whitespace));
    let address = match (decode(address)?.as_str(), &anchor) {
        ("" | "." | "./", Some(_)) => Address::page(""),
        (address, _) => old_address(address)?,
    };
    good.then_some((address, anchor))
}

/// Says that an anchor is not gone, or that its page cannot say so.
fn mistaken_anchor(
    handbook: &Handbook,
    entries: &[Address],
    one: &Gone,
    others: &[Gone],
    at: At<'_>,
) -> Option<Diagnostic> {
    let anchor = one.anchor.as_deref()?;
    let place = format!("{}#{anchor}", one.address.published());
    let Some(entry) = entries.iter().position(|address| *address == one.address) else {
        return Some(catalog::gone_without_page(at, &place));
    };
    let mut anchors = handbook.entries[entry].doc.body.anchors();
    let twice = others.iter().any(|o| o.address == one.address && o.anchor == one.anchor);
    let stands = twice || anchors.any(|known| known == anchor);
    stands.then(|| catalog::gone_but_there(at, &place))
}

/// The entry that the settings name, and its anchor.
fn look_up(
    handbook: &Handbook,
    see: &Spanned<String>,
    path: &SourcePath,
) -> Result<Target, Box<Diagnostic>> {
    let at = At::new(path, see.span);
    let Ok(reference) = see.parse::<Reference>();
    let kinds: Vec<Kind> = reference.kind.map_or(Kind::ALL.to_vec(), |kind| vec![kind]);
    let id = reference.id().parse::<Id>().ok();
    let of_kind = |kind: &Kind| handbook.find(&Key { kind: *kind, id: id.clone()? });
    let Some(ix) = kinds.iter().find_map(of_kind) else {
        let keys = kinds.iter().flat_map(|kind| handbook.of(*kind));
        let keys: Vec<String> = keys.map(|ix| handbook.entry(*ix).key.to_string()).collect();
        let near = nearest(reference.id(), keys.iter().map(String::as_str));
        let near: Vec<&str> = near.iter().map(String::as_str).collect();
        return Err(Box::new(catalog::unknown_reference(at, &kinds, reference.id(), &near)));
    };
    anchored(handbook, ix, reference.anchor().map(Box::from), at)
}

fn anchored(
    handbook: &Handbook,
    ix: EntryIx,
    anchor: Option<Box<str>>,
    at: At<'_>,
) -> Result<Target, Box<Diagnostic>> {
    let entry = handbook.entry(ix);
    let known: Vec<&str> = entry.doc.body.anchors().collect();
    match anchor {
        Some(anchor) if !known.contains(&&*anchor) => {
            Err(Box::new(catalog::unknown_anchor(at, &entry.key, &anchor, &known)))
        }
        anchor => Ok(Target::Entry(ix, anchor)),
    }
}
