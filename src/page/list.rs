//! Lists that may be too long for one page.
//!
//! An entry's page shows the beginning of such a list and leads to pages of
//! its own, on which all of it stands, so many rows a page: whatever the size
//! of the handbook, a page stays one that can be loaded and read. Lists that
//! are pages already, such as the norms of a set, go on in further parts.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;

use super::entry::{self, StatementRow, Use};
use super::positions::{self, Standing};
use super::view::{self, Backlink, Frame, Link, NormRow};
use super::{Own, Page, PageKind, Shelf, Subject, facet, timeline};
use crate::id::Kind;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind { name: "list", template: "list.html", pages, view };

/// How many rows a page has.
pub(super) const PER_PAGE: usize = 100;

/// How many rows of a list that has pages of its own an entry's page shows.
const SHOWN: usize = 20;

/// A list that may be too long for one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// All norms by number.
    Numbers,
    /// The norms of a set, by its place in the handbook.
    Set(usize),
    /// The entries of a kind.
    Index(Kind),
    /// What is dated in a year.
    Year(i16),
    /// The matrix of stances, norm by norm.
    Positions,
    /// Something that an entry's page lists.
    Of(EntryIx, Listed),
}

/// What the page of an entry lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// The norms of a theme or forum, or those whose text a source carries.
    Norms,
    /// The norms of a theme or forum that belong to one of the other kind too.
    Crossing(EntryIx),
    /// What is dated and concerns a norm, a theme or a forum.
    History,
    /// The statements made in a forum or heard from an actor.
    Statements,
    /// The stances of an actor by norm, or on a norm by actor.
    Standings,
    /// What names a source in its front matter.
    Uses,
    /// The entries whose text has a term.
    UsedIn,
    /// The entries whose text names an entry.
    CitedBy,
}

/// A part of a list, and the way to the others.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Part {
    /// How many rows the list has.
    pub count: usize,
    /// The first row that the part shows, counted from 1, and the last.
    pub first: usize,
    pub last: usize,
    /// Parts by the rows that they show: all of a few, of many those from which
    /// any other is a few steps away.
    pub parts: Vec<PartLink>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// A link to a part.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PartLink {
    pub href: String,
    pub label: String,
    pub current: bool,
    /// Whether parts are left out before it.
    pub gap: bool,
}

/// How many parts a list has at most that are all shown.
const ALL_PARTS: usize = 20;

/// How many parts a list of some length has.
pub(super) fn parts(count: usize) -> usize {
    count.div_ceil(PER_PAGE).max(1)
}

/// The rows that a part, counted from 1, shows.
pub(super) fn rows_of(part: usize, count: usize) -> Range<usize> {
    let start = ((part - 1) * PER_PAGE).min(count);
    start..(start + PER_PAGE).min(count)
}

/// A part of a list that stands on its own page, and the way to the others.
pub(super) fn part(here: &Address, list: &Address, part: usize, count: usize) -> Part {
    let href = |other: usize| routes::part(list, other).href_from(here);
    let rows = rows_of(part, count);
    let mut before = 0;
    let link = |other: usize| {
        let rows = rows_of(other, count);
        let label = format!("{}–{}", rows.start + 1, rows.end);
        let gap = std::mem::replace(&mut before, other) + 1 < other;
        PartLink { href: href(other), label, current: other == part, gap }
    };
    Part {
        count,
        first: rows.start + 1,
        last: rows.end,
        parts: led_to(part, parts(count)).into_iter().map(link).collect(),
        previous: (part > 1).then(|| href(part - 1)),
        next: (part < parts(count)).then(|| href(part + 1)),
    }
}

/// The parts, of as many as there are, that a part leads to.
fn led_to(part: usize, all: usize) -> BTreeSet<usize> {
    if all <= ALL_PARTS {
        return (1..=all).collect();
    }
    let steps = (0..).flat_map(|power| [1, 2, 5].map(|step| step * 10_usize.pow(power)));
    let steps = steps.take_while(|step| *step < all);
    let there = |at: &usize| (1..=all).contains(at);
    let around = steps.flat_map(|step| [part.saturating_sub(step), part + step]).filter(there);
    around.chain([1, part, all]).collect()
}

/// The later parts of a list whose first part is a page of another kind.
pub(super) fn later_parts(list: List, at: &Address, count: usize) -> Vec<(Address, Subject)> {
    let later = 2..=parts(count);
    later.map(|part| (routes::part(at, part), Subject::Part(list, part))).collect()
}

/// The link to all that an entry lists, where it is too long for its page.
pub(super) fn all(
    shelf: &Shelf,
    here: &Address,
    (ix, listed): (EntryIx, Listed),
    count: usize,
) -> Option<Link> {
    let whole = || view::plain_link(here, &address(shelf, ix, listed), title(listed));
    (count > longest(listed)).then(whole)
}

/// How many rows of a list an entry's page shows.
pub(super) fn shown(listed: Listed, count: usize) -> usize {
    if count > longest(listed) { SHOWN } else { count }
}

/// Up to this number an entry's page shows all rows of a list: as many as a
/// page of the list has, but fewer where the list is one of many or its rows
/// are long.
fn longest(listed: Listed) -> usize {
    match listed {
        Listed::Crossing(_) | Listed::CitedBy => 2 * SHOWN,
        Listed::Norms
        | Listed::History
        | Listed::Statements
        | Listed::Standings
        | Listed::Uses
        | Listed::UsedIn => PER_PAGE,
    }
}

/// The first page of a list.
fn address(linked: &Linked, ix: EntryIx, listed: Listed) -> Address {
    let at = linked.routes.entry(ix);
    let name = match listed {
        Listed::Crossing(other) => {
            return routes::list(at, &format!("in/{}", linked.handbook.entry(other).key.id));
        }
        Listed::Norms => "norms",
        Listed::History => "history",
        Listed::Statements => "statements",
        Listed::Standings => "positions",
        Listed::Uses => "uses",
        Listed::UsedIn => "used-in",
        Listed::CitedBy => "cited-by",
    };
    routes::list(at, name)
}

fn title(listed: Listed) -> &'static str {
    match listed {
        Listed::Norms | Listed::Crossing(_) => "Norms",
        Listed::History => "History",
        Listed::Statements => "Statements",
        Listed::Standings => "Positions",
        Listed::Uses => "Used by",
        Listed::UsedIn => "Used in",
        Listed::CitedBy => "Cited by",
    }
}

/// The pages of all lists that are too long for their entries' pages.
fn pages(linked: &Linked) -> Vec<(Address, Subject)> {
    let mut pages = Vec::new();
    for (ix, entry) in linked.handbook.all().filter(|(_, entry)| entry.translation.is_none()) {
        for (listed, count) in lists(linked, ix, entry.key.kind) {
            if count > longest(listed) {
                let at = address(linked, ix, listed);
                let part =
                    |part| (routes::part(&at, part), Subject::Part(List::Of(ix, listed), part));
                pages.extend((1..=parts(count)).map(part));
            }
        }
    }
    pages
}

/// The lists of an entry that may be long, with their lengths.
fn lists(linked: &Linked, ix: EntryIx, kind: Kind) -> Vec<(Listed, usize)> {
    let mut lists = vec![(Listed::CitedBy, view::citing(linked, ix).len())];
    match kind {
        Kind::Theme | Kind::Forum => {
            let norms = linked.facets().norms(ix);
            lists.push((Listed::Norms, norms.len()));
            lists.push((Listed::History, linked.timeline().concerning(ix).count()));
            lists.push((Listed::Statements, facet::statements(linked, ix).len()));
            if norms.len() > PER_PAGE {
                let crossed = linked.facets().crossed(ix);
                lists.extend(crossed.map(|(other, norms)| (Listed::Crossing(other), norms.len())));
            }
        }
        Kind::Source => {
            lists.push((Listed::Norms, entry::carried(linked, ix).len()));
            lists.push((Listed::Uses, entry::uses(linked, ix).len()));
        }
        Kind::Actor => {
            lists.push((Listed::Statements, linked.stances.heard(ix).len()));
            lists.push((Listed::Standings, linked.stances.of(ix).count()));
        }
        Kind::Norm => {
            lists.push((Listed::Standings, linked.stances.on(ix).count()));
            lists.push((Listed::History, linked.timeline().concerning(ix).count()));
        }
        Kind::Term => lists.push((Listed::UsedIn, linked.used_in(ix).len())),
        Kind::Statement | Kind::Page => {}
    }
    lists
}

#[derive(Serialize)]
struct ListView<'a> {
    page: Frame<'a>,
    /// What kind of list it is.
    title: &'static str,
    /// The entry that the list belongs to.
    of: Link,
    /// The entry that crosses it.
    with: Option<Link>,
    part: Part,
    #[serde(flatten)]
    rows: Rows<'a>,
}

/// The rows of a list, of one kind.
#[derive(Default, Serialize)]
struct Rows<'a> {
    norms: Vec<NormRow<'a>>,
    history: Vec<timeline::Row<'a>>,
    statements: Vec<StatementRow<'a>>,
    standings: Vec<Standing<'a>>,
    uses: Vec<Use<'a>>,
    entries: Vec<Link>,
    cited_by: Vec<Backlink>,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Part(List::Of(ix, listed), number) = page.subject else {
        unreachable!("invariant: pages of lists show what an entry lists")
    };
    let here = &page.address;
    let name = |ix: EntryIx| shelf.handbook.entry(ix).title();
    let of = view::link(shelf, here, ix);
    let with = match listed {
        Listed::Crossing(other) => Some(view::link(shelf, here, other)),
        _ => None,
    };
    let title = match listed {
        Listed::Crossing(other) => {
            format!("{}: {}, {}", title(listed), name(ix), name(other))
        }
        _ => format!("{}: {}", title(listed), name(ix)),
    };
    let kind = shelf.handbook.entry(ix).key.kind;
    let mut frame = view::frame(shelf, page, title);
    if kind != Kind::Page {
        frame.breadcrumb.push(view::plain_link(here, &routes::index(kind), kind.plural()));
    }
    frame.breadcrumb.push(of.clone());
    let (rows, count) = rows(shelf, here, (ix, listed), number);
    let part = part(here, &address(shelf, ix, listed), number, count);
    Own::of(&ListView { page: frame, title: self::title(listed), of, with, part, rows })
}

/// The rows of a part of a list, and how many the list has.
fn rows<'a>(
    shelf: &'a Shelf,
    here: &Address,
    (ix, listed): (EntryIx, Listed),
    number: usize,
) -> (Rows<'a>, usize) {
    let mut rows = Rows::default();
    let links = |entries: &[EntryIx]| -> Vec<Link> {
        entries.iter().map(|ix| view::link(shelf, here, *ix)).collect()
    };
    let count = match listed {
        Listed::Norms | Listed::Crossing(_) => {
            let norms = norms(shelf, ix, listed);
            let shown = norms[rows_of(number, norms.len())].iter();
            rows.norms = shown.map(|norm| view::norm_row(shelf, here, *norm)).collect();
            norms.len()
        }
        Listed::History => {
            let count = shelf.timeline().concerning(ix).count();
            rows.history = timeline::rows(shelf, here, ix, rows_of(number, count));
            count
        }
        Listed::Statements if shelf.handbook.entry(ix).key.kind == Kind::Actor => {
            let heard = shelf.stances.heard(ix);
            let shown = heard[rows_of(number, heard.len())].iter();
            rows.statements = shown.map(|v| entry::statement_row(shelf, here, v)).collect();
            heard.len()
        }
        Listed::Statements => {
            let statements = facet::statements(shelf, ix);
            rows.entries = links(&statements[rows_of(number, statements.len())]);
            statements.len()
        }
        Listed::Standings => {
            let (standings, count) = standings(shelf, here, ix, number);
            rows.standings = standings;
            count
        }
        Listed::Uses => {
            let uses = entry::uses(shelf, ix);
            rows.uses = entry::use_rows(shelf, here, &uses[rows_of(number, uses.len())]);
            uses.len()
        }
        Listed::UsedIn => {
            let used_in = shelf.used_in(ix);
            rows.entries = links(&used_in[rows_of(number, used_in.len())]);
            used_in.len()
        }
        Listed::CitedBy => {
            let citing = view::citing(shelf, ix);
            let shown = &citing[rows_of(number, citing.len())];
            rows.cited_by = view::backlinks(shelf, here, shown);
            citing.len()
        }
    };
    (rows, count)
}

/// The norms that an entry lists, in order.
fn norms(linked: &Linked, ix: EntryIx, listed: Listed) -> Cow<'_, [EntryIx]> {
    match (linked.handbook.entry(ix).key.kind, listed) {
        (Kind::Theme | Kind::Forum, Listed::Crossing(other)) => {
            linked.facets().crossing(ix, other).into()
        }
        (Kind::Theme | Kind::Forum, _) => linked.facets().norms(ix).into(),
        _ => entry::carried(linked, ix).into(),
    }
}

fn standings<'a>(
    shelf: &'a Shelf,
    here: &Address,
    ix: EntryIx,
    number: usize,
) -> (Vec<Standing<'a>>, usize) {
    let is_actor = shelf.handbook.entry(ix).key.kind == Kind::Actor;
    let count = match is_actor {
        true => shelf.stances.of(ix).count(),
        false => shelf.stances.on(ix).count(),
    };
    let shown = rows_of(number, count);
    let standings = match is_actor {
        true => positions::of(shelf, here, ix, shown),
        false => positions::on(shelf, here, ix, shown),
    };
    (standings, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_a_list_without_gaps() {
        for count in [0, 1, 99, 100, 101, 250] {
            let all: Vec<usize> = (1..=parts(count)).flat_map(|p| rows_of(p, count)).collect();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_part_leads_to_its_neighbours() {
        let list = routes::numbers();
        let second = part(&routes::part(&list, 2), &list, 2, 250);
        assert_eq!((second.first, second.last), (101, 200));
        assert_eq!(second.previous.as_deref(), Some("../index.html"));
        assert_eq!(second.next.as_deref(), Some("../~3/index.html"));
        let labels: Vec<&str> = second.parts.iter().map(|part| part.label.as_str()).collect();
        assert_eq!(labels, ["1–100", "101–200", "201–250"]);
    }

    #[test]
    fn a_part_of_very_many_leads_to_some() {
        let list = routes::numbers();
        let middle = part(&routes::part(&list, 40), &list, 40, 6_001);
        let shown = middle.parts.iter().map(|part| match part.gap {
            true => format!("… {}", part.label),
            false => part.label.clone(),
        });
        let expected = "1–100 | … 1901–2000 | … 2901–3000 | … 3401–3500 | … 3701–3800 | \
                        3801–3900 | 3901–4000 | 4001–4100 | 4101–4200 | … 4401–4500 | \
                        … 4901–5000 | … 5901–6000 | 6001–6001";
        assert_eq!(shown.collect::<Vec<_>>().join(" | "), expected);
    }
}
