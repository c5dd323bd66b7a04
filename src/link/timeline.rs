//! Everything dated in the handbook, in order.
//!
//! Comes in: a [`Linked`] handbook. Goes out: its [`Event`]s, oldest first,
//! each with the entries that it concerns. One happening is told by several
//! entries: a report has a date, the forum lists its adoption, eleven norms
//! have it in their histories. These facts make one event. What belongs
//! together is decided by a `Happening`, a name that all of them share, so
//! that nothing is compared with everything else.
//!
//! No date is made more precise than its author wrote it, and what has no
//! date is not here.

use std::collections::{BTreeMap, BTreeSet};

use super::Linked;
use crate::date::PartialDate;
use crate::id::Kind;
use crate::model::EntryIx;
use crate::parse::front_matter::{self as meta, Meta};

/// All events of a handbook, and which of them concern an entry.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The events, oldest first.
    pub events: Vec<Event>,
    concerning: BTreeMap<EntryIx, Vec<usize>>,
}

/// Something that happened at a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, as precisely as it is known.
    pub date: PartialDate,
    /// The document that says so.
    pub source: Option<EntryIx>,
    /// Where it happened.
    pub forums: Vec<EntryIx>,
    /// What the handbook's entries say of it; never empty.
    pub facts: Vec<Fact>,
}

/// What one entry says of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The entry and what it says.
    pub what: What,
    /// The norms, themes and forums that it concerns, in order.
    pub concerns: Box<[EntryIx]>,
}

/// An entry and which of its dates is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// An event of a forum, by its place in the list.
    ForumEvent(EntryIx, usize),
    /// A forum began.
    Established(EntryIx),
    /// A forum ended.
    Ended(EntryIx),
    /// A source's own date.
    Document(EntryIx),
    /// A statement was made.
    Statement(EntryIx),
    /// An event in the history of a norm, by its place in the list.
    NormEvent(EntryIx, usize),
    /// A norm was adopted or put forward, and its history does not say more.
    NormDate(EntryIx),
}

impl Timeline {
    /// Gathers the events of a handbook.
    pub fn of(linked: &Linked) -> Timeline {
        let events = events(linked);
        let mut concerning: BTreeMap<EntryIx, Vec<usize>> = BTreeMap::new();
        for (place, event) in events.iter().enumerate() {
            let concerned: BTreeSet<EntryIx> =
                event.facts.iter().flat_map(|fact| fact.concerns.iter().copied()).collect();
            for entry in concerned {
                concerning.entry(entry).or_default().push(place);
            }
        }
        Timeline { events, concerning }
    }

    /// The events that concern a norm, a theme or a forum, oldest first.
    pub fn concerning(&self, entry: EntryIx) -> impl Iterator<Item = &Event> {
        let places = self.concerning.get(&entry).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.events[*place])
    }
}

/// What makes facts one event: those with the same name are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happening<'a> {
    /// What a document says of a date.
    Document(EntryIx, PartialDate),
    /// An event of a forum that names no document.
    ForumEvent(EntryIx, usize),
    /// A forum began, and no event of its own says how.
    Established(EntryIx),
    /// A forum ended, and no event of its own says how.
    Ended(EntryIx),
    /// A statement without a document.
    Statement(EntryIx),
    /// The same thing happened to norms of one set, and no document says so.
    Norms(NormsHappening<'a>),
}

/// Norms without a set share nothing, so each stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct NormsHappening<'a> {
    date: PartialDate,
    forum: Option<EntryIx>,
    /// The word for what happened; nothing for a norm's own date.
    event: Option<&'a str>,
    set: Result<&'a str, EntryIx>,
}

/// One fact on the way to its event.
struct Found<'a> {
    happening: Happening<'a>,
    date: PartialDate,
    forum: Option<EntryIx>,
    fact: Fact,
}

/// The happenings that forums list themselves, by forum and date.
type ForumDays<'a> = BTreeMap<(EntryIx, PartialDate), BTreeSet<Happening<'a>>>;

/// Everything dated, oldest first; a vague date stands before the days inside
/// it, and what has the same date stands in the order of the sources.
pub fn events<'a>(linked: &'a Linked) -> Vec<Event> {
    let days = forum_days(linked);
    let mut events: BTreeMap<Happening<'a>, Event> = BTreeMap::new();
    let mut take = |Found { happening, date, forum, fact }: Found<'a>| {
        let source = match happening {
            Happening::Document(source, _) => Some(source),
            Happening::ForumEvent(..)
            | Happening::Established(_)
            | Happening::Ended(_)
            | Happening::Statement(_)
            | Happening::Norms(_) => None,
        };
        let empty = || Event { date, source, forums: Vec::new(), facts: Vec::new() };
        let event = events.entry(happening).or_insert_with(empty);
        event.forums.extend(forum.filter(|forum| !event.forums.contains(forum)));
        event.facts.push(fact);
    };
    in_forums(linked, &days).into_iter().for_each(&mut take);
    documents(linked).chain(statements(linked)).for_each(&mut take);
    of_norms(linked, &days, take);
    join_documents(&mut events);
    let mut events: Vec<Event> = events.into_values().collect();
    events.sort_by_key(|event| event.date);
    events
}

/// A document that nothing else is told of on its date joins an event that
/// names it and whose date is the same but for its precision. The event keeps
/// its date.
fn join_documents(events: &mut BTreeMap<Happening<'_>, Event>) {
    let mut dates: BTreeMap<EntryIx, Vec<PartialDate>> = BTreeMap::new();
    for happening in events.keys() {
        if let Happening::Document(source, date) = happening {
            dates.entry(*source).or_default().push(*date);
        }
    }
    for (source, dates) in dates.into_iter().filter(|(_, dates)| dates.len() > 1) {
        let alone = |date: &PartialDate| {
            let event = &events[&Happening::Document(source, *date)];
            matches!(event.facts.as_slice(), [fact] if fact.what == What::Document(source))
        };
        let Some(own) = dates.iter().copied().find(alone) else { continue };
        let others = || dates.iter().copied().filter(|date| *date != own);
        let wider = others().filter(|date| date.covers(own)).max();
        let inner = others().filter(|date| own.covers(*date)).min();
        let Some(other) = wider.or(inner) else { continue };
        let document = events.remove(&Happening::Document(source, own));
        if let Some(event) = events.get_mut(&Happening::Document(source, other)) {
            event.facts.extend(document.into_iter().flat_map(|document| document.facts));
        }
    }
}

fn forums(linked: &Linked) -> impl Iterator<Item = (EntryIx, &meta::Forum)> {
    linked.handbook.of(Kind::Forum).iter().filter_map(|ix| {
        match &linked.handbook.entry(*ix).doc.meta {
            Meta::Forum(forum) => Some((*ix, &**forum)),
            _ => None,
        }
    })
}

fn forum_days(linked: &Linked) -> ForumDays<'_> {
    let mut days = ForumDays::new();
    for (ix, forum) in forums(linked) {
        for (item, event) in forum.events.iter().enumerate() {
            let Some(date) = event.date else { continue };
            let happening = forum_event(linked, ix, item, event.source.as_ref(), date);
            days.entry((ix, date)).or_default().insert(happening);
        }
    }
    days
}

fn forum_event<'a>(
    linked: &Linked,
    forum: EntryIx,
    item: usize,
    source: Option<&meta::SourceRef>,
    date: PartialDate,
) -> Happening<'a> {
    match document(linked, forum, source) {
        Some(source) => Happening::Document(source, date),
        None => Happening::ForumEvent(forum, item),
    }
}

/// The source that a field of an entry names.
fn document(linked: &Linked, entry: EntryIx, source: Option<&meta::SourceRef>) -> Option<EntryIx> {
    linked.refers(entry, &source?.r#ref)
}

/// The one thing that a forum says of a date; nothing when it says several.
fn only<'a>(days: &ForumDays<'a>, forum: EntryIx, date: PartialDate) -> Option<Happening<'a>> {
    let day = days.get(&(forum, date)).filter(|day| day.len() == 1)?;
    day.first().copied()
}

fn in_forums<'a>(linked: &'a Linked, days: &ForumDays<'a>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for (ix, forum) in forums(linked) {
        let mut push = |happening, date, what| {
            let fact = Fact { what, concerns: Box::from([ix]) };
            found.push(Found { happening, date, forum: Some(ix), fact });
        };
        for (item, event) in forum.events.iter().enumerate() {
            let Some(date) = event.date else { continue };
            let happening = forum_event(linked, ix, item, event.source.as_ref(), date);
            push(happening, date, What::ForumEvent(ix, item));
        }
        if let Some(date) = forum.established {
            let mandate = document(linked, ix, forum.mandate.as_ref())
                .filter(|mandate| document_date(linked, *mandate) == Some(date))
                .map(|mandate| Happening::Document(mandate, date));
            let told = only(days, ix, date).or(mandate);
            push(told.unwrap_or(Happening::Established(ix)), date, What::Established(ix));
        }
        if let Some(date) = forum.ended {
            let told = only(days, ix, date);
            push(told.unwrap_or(Happening::Ended(ix)), date, What::Ended(ix));
        }
    }
    found
}

/// The date of a document, or of its publication where it bears none.
pub fn document_date(linked: &Linked, source: EntryIx) -> Option<PartialDate> {
    match &linked.handbook.entry(source).doc.meta {
        Meta::Source(document) => document.date.or(document.published),
        _ => None,
    }
}

fn documents(linked: &Linked) -> impl Iterator<Item = Found<'_>> {
    linked.handbook.of(Kind::Source).iter().filter_map(|ix| {
        let date = document_date(linked, *ix)?;
        let fact = Fact { what: What::Document(*ix), concerns: Box::default() };
        Some(Found { happening: Happening::Document(*ix, date), date, forum: None, fact })
    })
}

fn statements(linked: &Linked) -> impl Iterator<Item = Found<'_>> {
    linked.handbook.of(Kind::Statement).iter().filter_map(|ix| {
        let Meta::Statement(statement) = &linked.handbook.entry(*ix).doc.meta else { return None };
        let date = statement.date?;
        let happening = match document(linked, *ix, statement.source.as_ref()) {
            Some(source) => Happening::Document(source, date),
            None => Happening::Statement(*ix),
        };
        let forum = statement.forum.as_ref().and_then(|forum| linked.refers(*ix, forum));
        let norms = statement.positions.iter().filter_map(|p| linked.refers(*ix, &p.on));
        let norms = norms.flat_map(|norm| [norm].into_iter().chain(themes(linked, norm)));
        let concerns = in_order(norms.chain(forum));
        let fact = Fact { what: What::Statement(*ix), concerns };
        Some(Found { happening, date, forum, fact })
    })
}

fn themes(linked: &Linked, norm: EntryIx) -> impl Iterator<Item = EntryIx> {
    let themes = linked.handbook.norm(norm).themes.iter();
    themes.filter_map(move |theme| linked.refers(norm, theme))
}

/// Entries in order, once each.
fn in_order(entries: impl Iterator<Item = EntryIx>) -> Box<[EntryIx]> {
    let mut entries: Vec<EntryIx> = entries.collect();
    entries.sort_unstable();
    entries.dedup();
    entries.into()
}

/// Hands out what the norms say; there may be very much of it.
fn of_norms<'a>(linked: &'a Linked, days: &ForumDays<'a>, mut take: impl FnMut(Found<'a>)) {
    for ix in linked.handbook.of(Kind::Norm) {
        let norm = linked.handbook.norm(*ix);
        let set = linked.handbook.set_of(*ix);
        let set = set.map(|(set, _)| set.id.as_str()).filter(|id| !id.is_empty()).ok_or(*ix);
        let itself = || [*ix].into_iter().chain(themes(linked, *ix));
        let discussed = || norm.forums.iter().filter_map(|forum| linked.refers(*ix, forum));
        let adoption = norm.date.and_then(|date| adoption(linked, *ix, date));
        for (item, event) in norm.history.iter().enumerate() {
            let Some(date) = event.date else { continue };
            let forum = event.forum.as_ref().and_then(|forum| linked.refers(*ix, forum));
            let whole = forum.is_none() || adoption == Some(item);
            let further = whole.then(discussed).into_iter().flatten();
            let concerns = in_order(itself().chain(forum).chain(further));
            let name = NormsHappening { date, forum, event: Some(&event.event), set };
            let happening = match document(linked, *ix, event.source.as_ref()) {
                Some(source) => Happening::Document(source, date),
                None => forum
                    .and_then(|forum| only(days, forum, date))
                    .unwrap_or(Happening::Norms(name)),
            };
            let fact = Fact { what: What::NormEvent(*ix, item), concerns };
            take(Found { happening, date, forum, fact });
        }
        if let (Some(date), None) = (norm.date, adoption) {
            let name = NormsHappening { date, forum: None, event: None, set };
            let happening = match document(linked, *ix, norm.source.as_ref()) {
                Some(source) => Happening::Document(source, date),
                None => Happening::Norms(name),
            };
            let concerns = in_order(itself().chain(discussed()));
            let fact = Fact { what: What::NormDate(*ix), concerns };
            take(Found { happening, date, forum: None, fact });
        }
    }
}

/// The event of a norm's history that is the norm's own date told again: one
/// on that date, or the first of all when it names the same document and a
/// day inside the norm's vague date.
fn adoption(linked: &Linked, ix: EntryIx, date: PartialDate) -> Option<usize> {
    let norm = linked.handbook.norm(ix);
    let same = norm.history.iter().position(|event| event.date == Some(date));
    let dated = norm.history.iter().enumerate().filter_map(|(item, e)| Some((e.date?, item)));
    same.or_else(|| {
        let (first, item) = dated.min()?;
        let source = |source: Option<&meta::SourceRef>| document(linked, ix, source);
        let own = source(norm.source.as_ref())?;
        let told = source(norm.history[item].source.as_ref());
        (date.covers(first) && told == Some(own)).then_some(item)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;
    use crate::model::{self, Parts};
    use crate::parse;
    use crate::path::SourcePath;
    use crate::read::Source;

    /// A handbook of front matters, by path below `content/`.
    fn linked(files: &[(&str, &str)]) -> Linked {
        let docs = files.iter().map(|(path, front)| {
            let text = format!("---\ntitle: X\n{front}\n---\n");
            let path = SourcePath::new(format!("content/{path}.md"));
            let parse::Role::Entry(kind) = parse::role(&path) else { panic!("no entry: {path}") };
            let doc = parse::parse(&Source::new(path, text.into_bytes()), kind);
            assert!(doc.diagnostics.is_empty(), "{:?}", doc.diagnostics);
            Arc::new(doc.value)
        });
        let handbook = model::assemble(Parts {
            docs: docs.collect(),
            assets: Vec::new(),
            config: Config::default(),
            today: PartialDate::day(2026, 11, 23).expect("a day"),
            drafts: false,
        });
        let linked = super::super::resolve(Arc::new(handbook.value), None);
        assert!(linked.diagnostics.is_empty(), "{:?}", linked.diagnostics);
        linked.value
    }

    fn name(linked: &Linked, ix: EntryIx) -> String {
        linked.handbook.entry(ix).key.to_string()
    }

    fn told(linked: &Linked, what: What) -> String {
        match what {
            What::ForumEvent(ix, item) => format!("{} event {item}", name(linked, ix)),
            What::Established(ix) => format!("{} established", name(linked, ix)),
            What::Ended(ix) => format!("{} ended", name(linked, ix)),
            What::Document(ix) => format!("{} dated", name(linked, ix)),
            What::Statement(ix) => name(linked, ix),
            What::NormEvent(ix, item) => format!("{} history {item}", name(linked, ix)),
            What::NormDate(ix) => format!("{} date", name(linked, ix)),
        }
    }

    /// Each event as `date: fact, fact`.
    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let linked = linked(files);
        let events = events(&linked);
        let line = |event: &Event| {
            let facts = event.facts.iter().map(|fact| told(&linked, fact.what));
            format!("{}: {}", event.date, facts.collect::<Vec<_>>().join(", "))
        };
        assert_eq!(events.iter().map(line).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn vague_dates_stand_before_the_days_inside_them() {
        let sources = [
            ("sources/a", "date: 2016"),
            ("sources/b", "date: 2015-07-22"),
            ("sources/c", "date: 2015"),
            ("sources/d", "published: 2015-07"),
            ("sources/e", "symbol: E"),
        ];
        check(
            &sources,
            &[
                "2015: source:c dated",
                "2015-07: source:d dated",
                "2015-07-22: source:b dated",
                "2016: source:a dated",
            ],
        );
    }

    const REPORT: (&str, &str) = ("sources/report", "date: 2015-07-22");
    const FORUM: (&str, &str) =
        ("forums/f", "events: [{date: 2015-07-22, title: Issued, source: report}]");
    const A: (&str, &str) = (
        "norms/s/a",
        "forums: [f]\ndate: 2015-07-22\nsource: report\n\
         history: [{date: 2015-07-22, event: adopted, forum: f, source: report}]",
    );

    #[test]
    fn what_a_document_says_of_a_day_is_one_event() {
        let b = ("norms/s/b", "date: 2015-07-22\nsource: {ref: report, locator: p. 3}");
        let all = "2015-07-22: forum:f event 0, source:report dated, s/a history 0, s/b date";
        check(&[REPORT, FORUM, A, b], &[all]);
    }

    #[test]
    fn another_day_or_document_is_another_event() {
        let other = ("sources/other", "date: 2015-07-22");
        let later = (
            "norms/s/b",
            "history: [{date: 2015-07-23, event: welcomed, source: report},\n\
             {date: 2015-07-22, event: welcomed, source: other}]",
        );
        check(
            &[REPORT, other, later],
            &[
                "2015-07-22: source:other dated, s/b history 1",
                "2015-07-22: source:report dated",
                "2015-07-23: s/b history 0",
            ],
        );
    }

    #[test]
    fn a_document_alone_joins_what_names_it_in_its_period() {
        let vague = ("sources/vague", "date: 2023");
        let exact = ("sources/exact", "date: 2023-07");
        let far = ("sources/far", "date: 2022");
        let forum = (
            "forums/f",
            "events: [{date: 2023-03-07, title: A, source: vague},\n\
             {date: 2023, title: B, source: exact}, {date: 2023, title: C, source: far}]",
        );
        check(
            &[vague, exact, far, forum],
            &[
                "2022: source:far dated",
                "2023: forum:f event 1, source:exact dated",
                "2023: forum:f event 2",
                "2023-03-07: forum:f event 0, source:vague dated",
            ],
        );
    }

    #[test]
    fn a_welcome_in_the_year_of_a_report_is_not_its_adoption() {
        let b = ("norms/s/b", "history: [{date: 2015, event: welcomed, source: report}]");
        check(
            &[REPORT, FORUM, b],
            &["2015: s/b history 0", "2015-07-22: forum:f event 0, source:report dated"],
        );
    }

    #[test]
    fn a_forum_begins_with_its_event_or_its_mandate() {
        let by_event =
            ("forums/a", "established: 2001-06-15\nevents: [{date: 2001-06-15, title: Founded}]");
        let by_mandate = ("forums/b", "established: 2015-07-22\nended: 2016\nmandate: report");
        let several = (
            "forums/c",
            "established: 2003\nevents: [{date: 2003, title: A}, {date: 2003, title: B}]",
        );
        check(
            &[REPORT, by_event, by_mandate, several],
            &[
                "2001-06-15: forum:a event 0, forum:a established",
                "2003: forum:c event 0",
                "2003: forum:c event 1",
                "2003: forum:c established",
                "2015-07-22: forum:b established, source:report dated",
                "2016: forum:b ended",
            ],
        );
    }

    #[test]
    fn norms_of_a_set_share_what_no_document_tells() {
        let endorsed = "history: [{date: 2018, event: endorsed, forum: g}]";
        let norms = [("norms/s/a", endorsed), ("norms/s/b", endorsed), ("norms/t/c", endorsed)];
        let quiet = ("forums/g", "abbreviation: G");
        let [a, b, c] = norms;
        check(&[quiet, a, b, c], &["2018: s/a history 0, s/b history 0", "2018: t/c history 0"]);
        let telling = ("forums/g", "events: [{date: 2018, title: Takes up the norms}]");
        check(
            &[telling, a, b, c],
            &["2018: forum:g event 0, s/a history 0, s/b history 0, t/c history 0"],
        );
        let lone = [("norms/d", "date: 2018"), ("norms/e", "date: 2018")];
        check(&lone, &["2018: d date", "2018: e date"]);
    }

    #[test]
    fn a_vague_date_of_a_norm_is_its_first_event() {
        let first = "history: [{date: 2015-07-22, event: adopted, source: report}]";
        let norm = format!("date: 2015\nsource: report\n{first}");
        let told = "2015-07-22: source:report dated, s/a history 0";
        check(&[REPORT, ("norms/s/a", &norm)], &[told]);
        let unsure = format!("date: 2015\n{first}");
        check(&[REPORT, ("norms/s/a", &unsure)], &["2015: s/a date", told]);
    }

    /// The dates of the events that concern an entry.
    #[track_caller]
    fn check_concerning(linked: &Linked, key: &str, expected: &[&str]) {
        let (ix, _) = linked
            .handbook
            .all()
            .find(|(_, entry)| entry.key.to_string() == key)
            .expect("an entry of the handbook");
        let dates = linked.timeline().concerning(ix).map(|event| event.date.to_string());
        assert_eq!(dates.collect::<Vec<_>>(), expected, "{key}");
    }

    #[test]
    fn events_concern_norms_themes_and_forums() {
        let linked = linked(&[
            REPORT,
            ("themes/t", ""),
            ("themes/unused", ""),
            ("actors/x", ""),
            ("forums/home", "established: 2004"),
            ("forums/other", "abbreviation: O"),
            (
                "norms/s/a",
                "themes: [t]\nforums: [home]\ndate: 2015-07-22\nsource: report\nhistory:\n\
                 - {date: 2015-07-22, event: adopted, forum: other}\n\
                 - {date: 2016, event: endorsed}\n\
                 - {date: 2017, event: reaffirmed, forum: other}",
            ),
            (
                "statements/y",
                "actors: [x]\ndate: 2018\nforum: other\n\
                 positions: [{on: s/a, stance: supports}]",
            ),
        ]);
        check_concerning(&linked, "s/a", &["2015-07-22", "2016", "2017", "2018"]);
        check_concerning(&linked, "theme:t", &["2015-07-22", "2016", "2017", "2018"]);
        check_concerning(&linked, "theme:unused", &[]);
        check_concerning(&linked, "forum:home", &["2004", "2015-07-22", "2016"]);
        check_concerning(&linked, "forum:other", &["2015-07-22", "2017", "2018"]);
        check_concerning(&linked, "source:report", &[]);
    }
}
