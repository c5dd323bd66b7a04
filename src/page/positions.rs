//! The matrix of stances, norms by actors, and what other pages show of a
//! stance: its row in a table, its sign, its evidence.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::list::{List, Part};
use super::view::{self, Frame, Link, LinkParts, WordView};
use super::{Own, Page, PageKind, Shelf, Subject, filter, list};
use crate::date::PartialDate;
use crate::id::Kind;
use crate::link::stances::Stance;
use crate::link::{Linked, Target, routes};
use crate::model::{EntryIx, Set};
use crate::path::Address;
use crate::vocabulary::Vocabulary;

pub(super) const KIND: PageKind =
    PageKind { name: "positions", template: "positions.html", pages, view };

const TITLE: &str = "Norms by actors";

fn pages(linked: &Linked) -> Vec<(Address, Subject)> {
    if linked.stances.is_empty() {
        return Vec::new();
    }
    let rows = linked.handbook.of(Kind::Norm).iter().filter(|norm| is_row(linked, **norm)).count();
    let later = list::later_parts(List::Positions, &routes::positions(), rows);
    [(routes::positions(), Subject::Handbook)].into_iter().chain(later).collect()
}

/// Whether anybody stands anyhow to a norm.
fn is_row(linked: &Linked, norm: EntryIx) -> bool {
    linked.stances.on(norm).next().is_some()
}

/// A stance as a word and as a sign, which says the same without colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Mark {
    /// The word.
    pub word: WordView,
    /// One or a few letters for narrow places.
    pub sign: Cow<'static, str>,
    /// What the stylesheet may colour: `for`, `part`, `reserve`, `against`,
    /// `silent` or `other`.
    pub tone: &'static str,
}

/// The mark of a stance.
pub(super) fn mark(shelf: &Shelf, id: &str) -> Mark {
    let stances = &shelf.handbook.config.vocabularies.stances;
    let (sign, tone) = sign(stances, id);
    Mark { word: view::word(shelf, stances, id), sign, tone }
}

/// The sign and tone of a stance. The built-in words have signs that readers of
/// comparative tables know; others are shown by the letters that they begin
/// with, as many as tell them apart.
fn sign(stances: &Vocabulary, id: &str) -> (Cow<'static, str>, &'static str) {
    match known(id) {
        Some((sign, tone)) => (sign.into(), tone),
        None => (initials(stances, id).into(), "other"),
    }
}

fn known(id: &str) -> Option<(&'static str, &'static str)> {
    match id {
        "supports" => Some(("+", "for")),
        "supports-in-part" => Some(("(+)", "part")),
        "reserves" => Some(("(−)", "reserve")),
        "opposes" => Some(("−", "against")),
        "silent" => Some(("○", "silent")),
        _ => None,
    }
}

fn initials(stances: &Vocabulary, id: &str) -> String {
    let label = stances.label(id);
    let others = stances.words().iter().filter(|w| w.id != id && known(&w.id).is_none());
    let others: Vec<&str> = others.map(|other| other.label.as_str()).collect();
    let ends = label.char_indices().skip(1).map(|(at, _)| at);
    let mut beginnings = ends.map(|end| &label[..end]);
    let alone = beginnings.find(|start| !others.iter().any(|other| other.starts_with(start)));
    alone.unwrap_or(label).trim_end().to_owned()
}

/// The anchor of a statement's position, counted from 0, on the statement's
/// page. No heading can take it: see `parse::body`.
pub(crate) fn anchor(position: usize) -> String {
    format!("nb-position-{}", position + 1)
}

/// The link to the words that a stance rests on.
fn evidence<'a>(linked: &'a Linked, from: &Address, stance: &Stance) -> LinkParts<'a> {
    let mut link = view::parts(linked, from, stance.statement);
    link.href = format!("{}#{}", link.href, anchor(stance.position));
    link
}

/// A stance as a line of a table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StanceRow<'a> {
    /// The stance.
    pub mark: Mark,
    /// The groups that spoke for the actor; none when it spoke itself.
    pub groups: Vec<Link>,
    /// Whether several actors made the statement together.
    pub joint: bool,
    /// The part of the norm that the position is on, when it names one.
    pub part: Option<Link>,
    /// A short quotation.
    pub quote: Option<&'a str>,
    /// The place in the statement's source.
    pub locator: Option<&'a str>,
    /// More, in a sentence.
    pub note: Option<&'a str>,
    /// When it was said.
    pub date: Option<PartialDate>,
    /// The position on the statement's page.
    pub statement: Link,
}

/// The stances of one actor on one norm, the one that represents it first;
/// `link` is the one of the two that the page is not about.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Standing<'a> {
    /// The actor or the norm.
    pub link: Link,
    /// The stances.
    pub stances: Vec<StanceRow<'a>>,
}

/// Some of the stances on a norm, actor by actor.
pub(super) fn on<'a>(
    shelf: &'a Shelf,
    here: &Address,
    norm: EntryIx,
    shown: Range<usize>,
) -> Vec<Standing<'a>> {
    let standings = shelf.stances.on(norm).skip(shown.start).take(shown.len());
    standings.map(|of_actor| standing(shelf, here, of_actor, |stance| stance.actor)).collect()
}

/// Some of the stances of an actor, norm by norm.
pub(super) fn of<'a>(
    shelf: &'a Shelf,
    here: &Address,
    actor: EntryIx,
    shown: Range<usize>,
) -> Vec<Standing<'a>> {
    let standings = shelf.stances.of(actor).skip(shown.start).take(shown.len());
    standings.map(|on_norm| standing(shelf, here, on_norm, |stance| stance.norm)).collect()
}

fn standing<'a>(
    shelf: &'a Shelf,
    here: &Address,
    stances: &[Stance],
    shown: fn(&Stance) -> EntryIx,
) -> Standing<'a> {
    Standing {
        link: view::link(shelf, here, shown(&stances[0])),
        stances: stances.iter().map(|stance| stance_row(shelf, here, stance)).collect(),
    }
}

fn stance_row<'a>(shelf: &'a Shelf, here: &Address, stance: &Stance) -> StanceRow<'a> {
    let handbook = &shelf.handbook;
    let (statement, position) = stance.said(handbook);
    let target = shelf.target(stance.statement, position.on.span);
    let part = target.filter(|target| matches!(target, Target::Entry(_, Some(_))));
    StanceRow {
        mark: mark(shelf, &position.stance),
        groups: stance.groups.iter().map(|group| view::link(shelf, here, *group)).collect(),
        joint: stance.is_own() && statement.actors.len() > 1,
        part: part.and_then(|target| view::target_link(shelf, here, target)),
        quote: position.quote.as_deref(),
        locator: position.locator.as_deref(),
        note: position.note.as_deref(),
        date: statement.date,
        statement: evidence(shelf, here, stance).link(),
    }
}

/// How many actors stand how to a norm.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StanceCount {
    /// The stance.
    pub mark: Mark,
    /// The actors that said so themselves.
    pub own: usize,
    /// The actors for which only a group said so.
    pub as_members: usize,
}

/// Counts each actor once, by the stance that represents it.
pub(super) fn counts(shelf: &Shelf, norm: EntryIx) -> Vec<StanceCount> {
    let handbook = &shelf.handbook;
    let vocabulary = &handbook.config.vocabularies.stances;
    let mut counts: BTreeMap<(usize, &str), (usize, usize)> = BTreeMap::new();
    for of_actor in shelf.stances.on(norm) {
        let id = of_actor[0].said(handbook).1.stance.value.as_str();
        let (own, as_members) = counts.entry((vocabulary.rank(id), id)).or_default();
        let count = if of_actor[0].is_own() { own } else { as_members };
        *count += 1;
    }
    let count =
        |((_, id), (own, as_members))| StanceCount { mark: mark(shelf, id), own, as_members };
    counts.into_iter().map(count).collect()
}

#[derive(Serialize)]
struct PositionsView<'a> {
    page: Frame<'a>,
    legend: Vec<Mark>,
    /// Whether a group speaks for anybody, and whether anybody spoke twice.
    grouped: bool,
    repeated: bool,
    /// The actors that stand anyhow to any norm, and the others.
    actors: Vec<Link>,
    unresearched: Vec<Link>,
    sets: Vec<SetRows<'a>>,
    /// The part of the matrix that the page shows, when it is one of several.
    part: Option<Part>,
    /// The positions as data.
    data: Vec<Link>,
    /// What the matrix can be narrowed by.
    filter: Vec<filter::Group<'a>>,
}

#[derive(Serialize)]
struct SetRows<'a> {
    label: &'a str,
    link: Option<Link>,
    rows: Vec<Row>,
    /// The norms that no statement speaks about, after the set's last row;
    /// only their number when they are too many to list.
    unresearched: Vec<Link>,
    unresearched_count: usize,
}

#[derive(Serialize)]
struct Row {
    norm: Link,
    /// What it is filtered by.
    tags: Vec<filter::Tag>,
    /// One cell a column.
    cells: Vec<Option<Cell>>,
}

#[derive(Serialize)]
struct Cell {
    href: String,
    mark: Mark,
    /// The groups that spoke for the actor.
    groups: Vec<String>,
    date: Option<PartialDate>,
    /// How many positions the actor has on the norm, this one included.
    positions: usize,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let handbook = &shelf.handbook;
    let here = &page.address;
    let (columns, silent): (Vec<EntryIx>, Vec<EntryIx>) = handbook
        .of(Kind::Actor)
        .iter()
        .partition(|actor| shelf.stances.of(**actor).next().is_some());
    let number = match page.subject {
        Subject::Part(_, number) => number,
        _ => 1,
    };
    let rows: Vec<EntryIx> = ordered(shelf).filter(|norm| is_row(shelf, *norm)).collect();
    let shown = &rows[list::rows_of(number, rows.len())];
    let sets = Shown { shelf, here, columns: &columns, number }.sets();
    let part = (list::parts(rows.len()) > 1)
        .then(|| list::part(here, &routes::positions(), number, rows.len()));
    let cells = || sets.iter().flat_map(|set| &set.rows).flat_map(|row| row.cells.iter().flatten());
    let vocabulary = &handbook.config.vocabularies.stances;
    let links = |actors: &[EntryIx]| -> Vec<Link> {
        actors.iter().map(|actor| view::link(shelf, here, *actor)).collect()
    };
    let mut frame = view::frame(shelf, page, TITLE);
    frame.breadcrumb.push(view::plain_link(here, &routes::index(Kind::Statement), "Statements"));
    Own::of(&PositionsView {
        page: frame,
        legend: vocabulary.words().iter().map(|word| mark(shelf, &word.id)).collect(),
        grouped: cells().any(|cell| !cell.groups.is_empty()),
        repeated: cells().any(|cell| cell.positions > 1),
        filter: filter_of(shelf, here, &columns, shown),
        actors: links(&columns),
        unresearched: links(&silent),
        data: view::data(here, &["positions.csv", "handbook.json"]),
        sets,
        part,
    })
}

/// All norms in the order of their sets.
fn ordered(linked: &Linked) -> impl Iterator<Item = EntryIx> {
    linked.handbook.sets.iter().flat_map(|set| &set.norms).copied()
}

/// The way to the matrix, from pages that lead to it; nothing while it would
/// be empty.
pub(super) fn door(shelf: &Shelf, from: &Address) -> Option<Link> {
    (!shelf.stances.is_empty()).then(|| view::plain_link(from, &routes::positions(), TITLE))
}

/// What a page shows of the matrix.
struct Shown<'a> {
    shelf: &'a Shelf,
    here: &'a Address,
    columns: &'a [EntryIx],
    /// The part, counted from 1.
    number: usize,
}

impl<'a> Shown<'a> {
    /// The sets of which something is shown. What nobody speaks about stands
    /// where the rows of its set end.
    fn sets(&self) -> Vec<SetRows<'a>> {
        let part_of = |row: usize| row / list::PER_PAGE + 1;
        let mut before = 0;
        let mut sets = Vec::new();
        for set in &self.shelf.handbook.sets {
            let (rows, silent): (Vec<EntryIx>, Vec<EntryIx>) =
                set.norms.iter().partition(|norm| is_row(self.shelf, **norm));
            let here = rows.iter().enumerate();
            let here = here.filter(|(row, _)| part_of(before + row) == self.number);
            let rows_here: Vec<Row> = here.map(|(_, norm)| self.row(*norm)).collect();
            before += rows.len();
            let ends = part_of(before.max(1) - 1) == self.number;
            if !rows_here.is_empty() || ends {
                sets.push(self.set(set, rows_here, if ends { &silent } else { &[] }));
            }
        }
        sets
    }

    fn set(&self, set: &'a Set, rows: Vec<Row>, silent: &[EntryIx]) -> SetRows<'a> {
        let named = !set.id.is_empty();
        let listed = if silent.len() > list::PER_PAGE { &[] } else { silent };
        let link = |norm: &EntryIx| view::link(self.shelf, self.here, *norm);
        SetRows {
            label: &set.label,
            link: named.then(|| view::plain_link(self.here, &routes::set(&set.id), &set.label)),
            rows,
            unresearched: listed.iter().map(link).collect(),
            unresearched_count: silent.len(),
        }
    }

    fn row(&self, norm: EntryIx) -> Row {
        let by_actor: BTreeMap<EntryIx, &[Stance]> =
            self.shelf.stances.on(norm).map(|of_actor| (of_actor[0].actor, of_actor)).collect();
        let cell = |actor| by_actor.get(actor).map(|stances| cell(self.shelf, self.here, stances));
        Row {
            norm: view::link(self.shelf, self.here, norm),
            tags: filter::tags(self.shelf, &filter_values(self.shelf, norm)),
            cells: self.columns.iter().map(cell).collect(),
        }
    }
}

/// What a row is filtered by; actors are columns.
fn filter_values(linked: &Linked, norm: EntryIx) -> filter::Values<'_> {
    let values = filter::of_norm(linked, norm).into_iter();
    values.filter(|(dimension, _)| *dimension != filter::ACTOR).collect()
}

fn filter_of<'a>(
    shelf: &'a Shelf,
    here: &Address,
    columns: &[EntryIx],
    shown: &[EntryIx],
) -> Vec<filter::Group<'a>> {
    let lines: Vec<filter::Values<'_>> =
        shown.iter().map(|norm| filter_values(shelf, *norm)).collect();
    let mut groups = filter::groups(shelf, here, &lines);
    groups.push(filter::columns(shelf, here, filter::ACTOR, columns));
    groups
}

fn cell(shelf: &Shelf, here: &Address, stances: &[Stance]) -> Cell {
    let handbook = &shelf.handbook;
    let shown = &stances[0];
    let (statement, position) = shown.said(handbook);
    let name = |group: &EntryIx| handbook.entry(*group).title().to_owned();
    Cell {
        href: evidence(shelf, here, shown).href,
        mark: mark(shelf, &position.stance),
        groups: shown.groups.iter().map(name).collect(),
        date: statement.date,
        positions: stances.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn signs(settings: &str) -> Vec<String> {
        let stances = config::read(Some(settings), None).value.vocabularies.stances;
        stances.ids().into_iter().map(|id| sign(&stances, id).0.into_owned()).collect()
    }

    #[test]
    fn every_stance_has_a_sign_of_its_own() {
        assert_eq!(signs(""), ["+", "(+)", "(−)", "−", "○"]);
        let own = "[stances]\nsupports = 'For'\nabstains = 'Abstains'\nabsent = 'Absent'\n\
                   other = 'Éloigné'\nshort = 'Ab'\n";
        assert_eq!(signs(own), ["+", "Abst", "Abse", "É", "Ab"]);
    }

    #[test]
    fn positions_are_counted_from_one_for_readers() {
        assert_eq!(anchor(0), "nb-position-1");
    }
}
