//! The timeline: everything dated, by year; and the rows of it that concern
//! one forum or theme, for their pages.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;

use super::list::{self, Part};
use super::view::{self, Frame, Link};
use super::{List, Own, Page, PageKind, Shelf, Subject};
use crate::date::PartialDate;
use crate::id::Kind;
use crate::link::timeline::{Event, Fact, What, document_date};
use crate::link::{Linked, routes};
use crate::model::{EntryIx, Set};
use crate::parse::front_matter::Meta;
use crate::path::Address;

pub(super) const KIND: PageKind = PageKind {
    name: "timeline",
    template: "timeline.html",
    pages: |linked| {
        let told = !linked.timeline().events.is_empty();
        told.then(|| (routes::timeline(), Subject::Handbook)).into_iter().collect()
    },
    view,
};

pub(super) const YEAR: PageKind = PageKind {
    name: "year",
    template: "timeline.html",
    pages: |linked| {
        let years = if is_long(linked) { years(linked) } else { Vec::new() };
        let parts = |(year, events): (i16, &[Event])| {
            let first = routes::year(year);
            let later = list::later_parts(List::Year(year), &first, events.len());
            let first = (first, Subject::Part(List::Year(year), 1));
            [first].into_iter().chain(later).collect::<Vec<_>>()
        };
        years.into_iter().flat_map(parts).collect()
    },
    view: year_view,
};

/// A longer timeline has a page a year.
const YEARS_FROM: usize = 2 * list::PER_PAGE;

fn is_long(linked: &Linked) -> bool {
    linked.timeline().events.len() > YEARS_FROM
}

/// The events by year, oldest first.
fn years(linked: &Linked) -> Vec<(i16, &[Event])> {
    let years = linked.timeline().events.chunk_by(|a, b| a.date.year() == b.date.year());
    years.map(|events| (events[0].date.year(), events)).collect()
}

/// A set is named as a whole from this size; a list of all is as short below.
const SET_FROM: usize = 3;

/// Longer lists of norms hide what happened.
const NORMS_SHOWN: usize = 24;

#[derive(Serialize)]
struct TimelineView<'a> {
    page: Frame<'a>,
    /// All years; of a long timeline each leads to its own page.
    contents: Vec<YearLink>,
    /// The years that the page shows.
    years: Vec<Year<'a>>,
    /// The part of a year, when it is too long for one page.
    part: Option<Part>,
    /// The forums and themes that have a history of their own.
    forums: Vec<Link>,
    themes: Vec<Link>,
}

#[derive(Serialize)]
struct YearLink {
    year: i16,
    href: String,
    count: usize,
    current: bool,
}

#[derive(Serialize)]
struct Year<'a> {
    year: i16,
    rows: Vec<Row<'a>>,
}

/// Something that happened at a date.
#[derive(Debug, Serialize)]
pub(super) struct Row<'a> {
    date: PartialDate,
    /// What happened, where an author put it in words; several when authors
    /// put it differently.
    titles: Vec<&'a str>,
    /// The entry that tells of it, where no words do.
    entry: Option<Link>,
    /// Who speaks, where the entry is a statement.
    actors: Vec<&'a str>,
    /// The kinds of event.
    kinds: Vec<&'a str>,
    /// What happened to norms. Without words and entry this is all there is.
    deeds: Vec<Deed<'a>>,
    statements: Vec<StatementLine<'a>>,
    forums: Vec<Link>,
    source: Option<Link>,
    /// The source's own date, where the row has another.
    source_date: Option<PartialDate>,
}

/// What happened to some norms.
#[derive(Debug, Serialize)]
struct Deed<'a> {
    word: &'a str,
    /// Sets whose norms all had it happen, with their number.
    sets: Vec<WholeSet>,
    norms: Vec<Link>,
    /// How many further norms there are.
    more: usize,
    /// The note that all histories share.
    note: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WholeSet {
    link: Link,
    count: usize,
}

#[derive(Debug, Serialize)]
struct StatementLine<'a> {
    actors: Vec<&'a str>,
    link: Link,
}

fn view(shelf: &Shelf, page: &Page) -> Own {
    let here = &page.address;
    let shown = match is_long(shelf) {
        true => Vec::new(),
        false => {
            let rows =
                |events: &[Event]| events.iter().map(|e| row(shelf, here, e, None)).collect();
            let year = |(year, events): (i16, &[Event])| Year { year, rows: rows(events) };
            years(shelf).into_iter().map(year).collect()
        }
    };
    let histories = |kind: Kind| {
        let entries = shelf.handbook.of(kind).iter();
        let told = entries.filter(|ix| shelf.timeline().concerning(**ix).next().is_some());
        let link = told.map(|ix| {
            let mut link = view::short_parts(shelf, here, *ix);
            link.href.push_str("#nb-history");
            link.link()
        });
        link.collect()
    };
    Own::of(&TimelineView {
        page: view::frame(shelf, page, "Timeline"),
        contents: contents(shelf, here, None),
        years: shown,
        part: None,
        forums: histories(Kind::Forum),
        themes: histories(Kind::Theme),
    })
}

fn contents(linked: &Linked, here: &Address, current: Option<i16>) -> Vec<YearLink> {
    let long = is_long(linked);
    let link = |(year, events): (i16, &[Event])| YearLink {
        year,
        href: if long { routes::year(year).href_from(here) } else { format!("#{year}") },
        count: events.len(),
        current: Some(year) == current,
    };
    years(linked).into_iter().map(link).collect()
}

/// One year of a long timeline.
fn year_view(shelf: &Shelf, page: &Page) -> Own {
    let Subject::Part(List::Year(year), number) = page.subject else {
        unreachable!("invariant: pages of years are about a year")
    };
    let here = &page.address;
    let found = years(shelf).into_iter().find(|(other, _)| *other == year);
    let events = found.map_or(&[][..], |(_, events)| events);
    let shown = events[list::rows_of(number, events.len())].iter();
    let mut frame = view::frame(shelf, page, format!("Timeline: {year}"));
    frame.breadcrumb.push(view::plain_link(here, &routes::timeline(), "Timeline"));
    let is_long = list::parts(events.len()) > 1;
    Own::of(&TimelineView {
        page: frame,
        contents: contents(shelf, here, Some(year)),
        years: vec![Year { year, rows: shown.map(|e| row(shelf, here, e, None)).collect() }],
        part: is_long.then(|| list::part(here, &routes::year(year), number, events.len())),
        forums: Vec::new(),
        themes: Vec::new(),
    })
}

/// A link to the timeline, where there is anything on it.
pub(super) fn page_link(shelf: &Shelf, here: &Address) -> Option<Link> {
    let told = !shelf.timeline().events.is_empty();
    told.then(|| view::plain_link(here, &routes::timeline(), "Timeline"))
}

/// Some of the rows that concern a forum or theme, oldest first; of the norms and
/// statements in them only those that concern it too.
pub(super) fn rows<'a>(
    shelf: &'a Shelf,
    here: &Address,
    of: EntryIx,
    shown: Range<usize>,
) -> Vec<Row<'a>> {
    let events = shelf.timeline().concerning(of).skip(shown.start).take(shown.len());
    events.map(|event| row(shelf, here, event, Some(of))).collect()
}

fn row<'a>(shelf: &'a Shelf, here: &Address, event: &Event, of: Option<EntryIx>) -> Row<'a> {
    let facts: Vec<&Fact> = event
        .facts
        .iter()
        .filter(|fact| match fact.what {
            What::Statement(_) | What::NormEvent(..) | What::NormDate(_) => {
                of.is_none_or(|of| fact.concerns.contains(&of))
            }
            What::ForumEvent(..) | What::Established(_) | What::Ended(_) | What::Document(_) => {
                true
            }
        })
        .collect();
    let mut titles = titles(shelf, &facts, of);
    let told = titles.is_empty().then(|| teller(&facts)).flatten();
    let is_told = |ix: EntryIx| told.is_some_and(|what| entry_of(what) == ix);
    let statements = facts.iter().filter_map(|fact| match fact.what {
        What::Statement(ix) if !is_told(ix) => Some(statement_line(shelf, here, ix)),
        _ => None,
    });
    let forums = event.forums.iter().filter(|forum| Some(**forum) != of && !is_told(**forum));
    let source = event.source.filter(|source| !is_told(*source));
    let documented = facts.iter().any(|fact| matches!(fact.what, What::Document(_)));
    let source_date = event.source.and_then(|source| document_date(shelf, source));
    let deeds = deeds(shelf, here, &facts, titles.is_empty() && told.is_none());
    let mut kinds = kinds(shelf, &facts, told);
    // On its own page a forum need not be named: that it began is the news.
    let entry = told.map(entry_of).filter(|ix| Some(*ix) != of);
    if told.is_some() && entry.is_none() && !kinds.is_empty() {
        titles.push(kinds.remove(0));
    }
    Row {
        date: event.date,
        entry: entry.map(|ix| view::link(shelf, here, ix)),
        actors: entry.map(|ix| actors(shelf, ix)).unwrap_or_default(),
        kinds,
        deeds,
        statements: statements.collect(),
        forums: forums.map(|forum| view::short_link(shelf, here, *forum)).collect(),
        source: source.map(|source| view::link(shelf, here, source)),
        source_date: source_date.filter(|date| documented && *date != event.date),
        titles,
    }
}

fn entry_of(what: What) -> EntryIx {
    match what {
        What::ForumEvent(ix, _)
        | What::Established(ix)
        | What::Ended(ix)
        | What::Document(ix)
        | What::Statement(ix)
        | What::NormEvent(ix, _)
        | What::NormDate(ix) => ix,
    }
}

/// What the authors of forums say in words, once each; on the page of a forum
/// that says something, its own words only.
fn titles<'a>(shelf: &'a Shelf, facts: &[&Fact], of: Option<EntryIx>) -> Vec<&'a str> {
    let mut titles: Vec<(EntryIx, &str)> = Vec::new();
    for fact in facts {
        let What::ForumEvent(ix, item) = fact.what else { continue };
        let Meta::Forum(forum) = &shelf.handbook.entry(ix).doc.meta else { continue };
        let title = &forum.events[item].title;
        if Some(ix) == of || titles.iter().all(|(_, other)| other != title) {
            titles.push((ix, title));
        }
    }
    if titles.iter().any(|(forum, _)| Some(*forum) == of) {
        titles.retain(|(forum, _)| Some(*forum) == of);
    }
    titles.into_iter().map(|(_, title)| title).collect()
}

/// The entry that stands for an event without words: a forum, a document or a
/// statement. Norms are listed instead.
fn teller(facts: &[&Fact]) -> Option<What> {
    let best = facts.iter().map(|fact| fact.what).min()?;
    match best {
        What::ForumEvent(..)
        | What::Established(_)
        | What::Ended(_)
        | What::Document(_)
        | What::Statement(_) => Some(best),
        What::NormEvent(..) | What::NormDate(_) => None,
    }
}

/// The kinds of event in words. Norms and statements that are listed carry
/// their word themselves.
fn kinds<'a>(shelf: &'a Shelf, facts: &[&Fact], told: Option<What>) -> Vec<&'a str> {
    let sources = &shelf.handbook.config.vocabularies.source_kinds;
    let whats: BTreeSet<What> = facts.iter().map(|fact| fact.what).collect();
    let bounds = whats.iter().any(|w| matches!(w, What::Established(_) | What::Ended(_)));
    let mut kinds: Vec<&str> = Vec::new();
    for what in whats {
        let kind = match what {
            What::ForumEvent(..) if bounds => continue,
            What::ForumEvent(..) => "Forum event",
            What::Established(_) => "Forum established",
            What::Ended(_) => "Forum ended",
            What::Document(ix) => match &shelf.handbook.entry(ix).doc.meta {
                Meta::Source(document) => {
                    document.kind.as_ref().map_or("Document", |kind| sources.label(kind))
                }
                _ => continue,
            },
            What::Statement(_) if told == Some(what) => "Statement",
            What::Statement(_) | What::NormEvent(..) | What::NormDate(_) => continue,
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

fn statement_line<'a>(shelf: &'a Shelf, here: &Address, ix: EntryIx) -> StatementLine<'a> {
    StatementLine { actors: actors(shelf, ix), link: view::link(shelf, here, ix) }
}

/// Who made a statement; nobody when the entry is something else.
fn actors(linked: &Linked, ix: EntryIx) -> Vec<&str> {
    let Meta::Statement(statement) = &linked.handbook.entry(ix).doc.meta else {
        return Vec::new();
    };
    let actors = statement.actors.iter().filter_map(|actor| linked.refers(ix, actor));
    actors.map(|actor| linked.handbook.entry(actor).title()).collect()
}

/// One thing that happened to norms, before it is put for readers.
struct Told<'a> {
    rank: usize,
    word: &'a str,
    norms: Vec<EntryIx>,
    notes: BTreeSet<Option<&'a str>>,
}

/// What happened to norms, word by word in the order of the vocabulary.
fn deeds<'a>(shelf: &'a Shelf, here: &Address, facts: &[&Fact], with_notes: bool) -> Vec<Deed<'a>> {
    let words = &shelf.handbook.config.vocabularies.events;
    let mut all: Vec<Told<'_>> = Vec::new();
    for fact in facts {
        let (rank, word, ix, note) = match fact.what {
            What::NormDate(ix) => (0, "Adopted or put forward", ix, None),
            What::NormEvent(ix, item) => {
                let event = &shelf.handbook.norm(ix).history[item];
                let label = words.label(&event.event);
                (words.rank(&event.event), label, ix, event.note.as_deref())
            }
            What::ForumEvent(..)
            | What::Established(_)
            | What::Ended(_)
            | What::Document(_)
            | What::Statement(_) => continue,
        };
        let place = all.iter().position(|told| told.word == word).unwrap_or(all.len());
        if place == all.len() {
            all.push(Told { rank, word, norms: Vec::new(), notes: BTreeSet::new() });
        }
        let told = &mut all[place];
        told.notes.insert(note);
        if told.norms.last() != Some(&ix) {
            told.norms.push(ix);
        }
    }
    all.sort_by_key(|told| told.rank);
    all.into_iter().map(|told| deed(shelf, here, told, with_notes)).collect()
}

fn deed<'a>(shelf: &'a Shelf, here: &Address, told: Told<'a>, with_note: bool) -> Deed<'a> {
    let Told { rank: _, word, norms, notes } = told;
    let (sets, single) = gather(shelf, here, &norms);
    let shown = single.iter().take(NORMS_SHOWN);
    let links = shown.map(|ix| view::link(shelf, here, *ix)).collect();
    let more = single.len().saturating_sub(NORMS_SHOWN);
    let shared = notes.first().copied().flatten().filter(|_| with_note && notes.len() == 1);
    Deed { word, sets, norms: links, more, note: shared }
}

/// Norms, in the order of their index, as whole sets where all of a set are
/// there, else one by one.
fn gather(shelf: &Shelf, here: &Address, norms: &[EntryIx]) -> (Vec<WholeSet>, Vec<EntryIx>) {
    let handbook = &shelf.handbook;
    let set = |ix: EntryIx| handbook.set_of(ix).map(|(set, _)| set);
    let (mut sets, mut single) = (Vec::new(), Vec::new());
    for group in norms.chunk_by(|a, b| set(*a).map(|set| &set.id) == set(*b).map(|set| &set.id)) {
        let whole = |set: &&Set| {
            !set.id.is_empty() && set.norms.len() == group.len() && group.len() >= SET_FROM
        };
        match set(group[0]).filter(whole) {
            Some(set) => sets.push(WholeSet {
                link: view::plain_link(here, &routes::set(&set.id), &set.label),
                count: group.len(),
            }),
            None => single.extend(group),
        }
    }
    (sets, single)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::path::SourcePath;
    use crate::pipeline::{Options, Pipeline};
    use crate::read::Snapshot;

    /// Four norms, three of them a set of which two belong to the theme; they
    /// were adopted by a report that two forums speak of.
    fn shelf() -> Shelf {
        let norm = |theme: &str| {
            format!(
                "title: N\nthemes: [{theme}]\nhistory:\n\
                 - {{date: 2015-07-22, event: adopted, forum: f, source: r}}\n\
                 - {{date: 2016, event: endorsed, note: By all.}}"
            )
        };
        let event = |title: &str| {
            format!(
                "title: F {title}\nestablished: 2004\n\
                 events: [{{date: 2015-07-22, title: {title}, source: r}}]"
            )
        };
        let files = [
            ("norms/s/a", norm("t")),
            ("norms/s/b", norm("t")),
            ("norms/s/c", norm("u")),
            ("norms/d", norm("t")),
            ("themes/t", "title: T".to_owned()),
            ("themes/u", "title: U".to_owned()),
            ("forums/f", event("Issued")),
            ("forums/g", event("Received")),
            ("sources/r", "title: R\nkind: report\ndate: 2015-07-22".to_owned()),
            ("actors/x", "title: Country".to_owned()),
            ("statements/y", "title: Speech\nactors: [x]\ndate: 2017\nforum: f".to_owned()),
        ];
        let files = files.map(|(path, front)| {
            let bytes: Arc<[u8]> = format!("---\n{front}\n---\n").into_bytes().into();
            (SourcePath::new(format!("content/{path}.md")), bytes)
        });
        let snapshot = Snapshot::new(files, PartialDate::day(2026, 11, 23).expect("a day"));
        let site = Pipeline::default().run(&snapshot, &Options::default(), &mut |_| {});
        assert!(!site.has_errors(), "{:?}", site.diagnostics);
        Shelf::new(site.linked().clone())
    }

    fn entry(linked: &Linked, key: &str) -> EntryIx {
        let found = linked.handbook.all().find(|(_, entry)| entry.key.to_string() == key);
        found.expect("an entry of the handbook").0
    }

    /// A part of a link.
    fn part(link: &Link, name: &'static str) -> String {
        let link = tera::Value::from_serializable(link);
        let map = link.as_map().expect("a link has parts");
        let part = map.get(&tera::value::Key::from(name)).and_then(tera::Value::as_str);
        part.expect("a text").to_owned()
    }

    /// A row's parts as a line each would read.
    fn words(row: &Row) -> Vec<String> {
        let own = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
        let mut words = own(&row.titles);
        words.extend(row.entry.iter().map(|link| part(link, "title")));
        words.extend(own(&row.actors));
        for deed in &row.deeds {
            let sets =
                deed.sets.iter().map(|set| format!("{} {}", part(&set.link, "label"), set.count));
            let norms: Vec<String> = deed.norms.iter().map(|link| part(link, "href")).collect();
            words.push(format!(
                "{}: {}",
                deed.word,
                sets.chain(norms).collect::<Vec<_>>().join(" ")
            ));
            words.extend(deed.note.map(str::to_owned));
        }
        words.extend(own(&row.kinds));
        words.extend(row.forums.iter().map(|link| part(link, "title")));
        words.extend(row.source.iter().map(|link| part(link, "title")));
        words
    }

    #[test]
    fn the_timeline_names_whole_sets() {
        let shelf = shelf();
        let here = routes::timeline();
        let rows: Vec<Vec<String>> = shelf
            .timeline()
            .events
            .iter()
            .map(|event| words(&row(&shelf, &here, event, None)))
            .collect();
        let adopted = "Adopted: s 3 ../norms/d/index.html";
        assert_eq!(
            rows,
            [
                vec!["F Issued", "Forum established"],
                vec!["F Received", "Forum established"],
                vec![
                    "Issued",
                    "Received",
                    adopted,
                    "Forum event",
                    "Report",
                    "F Issued",
                    "F Received",
                    "R",
                ],
                vec!["Endorsed: s 3", "By all."],
                vec!["Endorsed: ../norms/d/index.html", "By all."],
                vec!["Speech", "Country", "Statement", "F Issued"],
            ]
        );
    }

    #[test]
    fn a_theme_shows_its_own_norms_only() {
        let shelf = shelf();
        let theme = entry(&shelf, "theme:u");
        let rows = rows(&shelf, &routes::home(), theme, 0..9);
        let rows: Vec<Vec<String>> = rows.iter().map(words).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows[0].contains(&"Adopted: norms/s/c/index.html".to_owned()), "{rows:?}");
        assert_eq!(rows[1], ["Endorsed: norms/s/c/index.html", "By all."]);
    }

    #[test]
    fn a_forum_shows_its_own_words_and_not_itself() {
        let shelf = shelf();
        let forum = entry(&shelf, "forum:g");
        let rows = rows(&shelf, &routes::home(), forum, 0..9);
        let rows: Vec<Vec<String>> = rows.iter().map(words).collect();
        assert_eq!(
            rows,
            [vec!["Forum established"], vec!["Received", "Forum event", "Report", "F Issued", "R"],]
        );
    }
}
