//! The norms, positions and relations as data for researchers: one JSON file
//! with everything, and a table (CSV, RFC 4180) for each of the three.
//!
//! Words of vocabularies and entries stand as their ids, so that data of
//! different builds can be joined; the JSON has the words' labels and the
//! entries' titles beside. Lists in a cell of a table are parted by `; `.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

use super::{Export, File};
use crate::date::PartialDate;
use crate::id::Kind;
use crate::link::stances::Stance;
use crate::link::{Linked, Target, routes};
use crate::model::EntryIx;
use crate::parse::front_matter::{self as meta, Meta};
use crate::vocabulary::Vocabularies;

pub(super) const EXPORT: Export = Export { name: "data", files };

fn files(_: &Linked) -> Vec<File> {
    let file = |name: &str, make: fn(&Linked, &mut dyn Write) -> io::Result<()>| {
        File::written(routes::data(name), make)
    };
    vec![
        file("handbook.json", |linked, into| json(&handbook(linked), into)),
        file("norms.csv", |linked, into| table(&norm_columns(), norms(linked), into)),
        file("positions.csv", |linked, into| table(&position_columns(), positions(linked), into)),
        file("relations.csv", |linked, into| table(&relation_columns(), relations(linked), into)),
    ]
}

#[derive(Serialize)]
struct Handbook<'a> {
    title: &'a str,
    description: &'a str,
    language: &'a str,
    /// The address of the site, when it is known; entries' addresses are
    /// below it.
    address: Option<&'a str>,
    vocabularies: &'a Vocabularies,
    norms: List<'a, Norm<'a>>,
    positions: List<'a, Position<'a>>,
    relations: List<'a, Relation<'a>>,
    themes: List<'a, Named<'a>>,
    forums: List<'a, Named<'a>>,
    sources: List<'a, Named<'a>>,
    actors: List<'a, Named<'a>>,
    statements: List<'a, Named<'a>>,
}

/// A list whose items are made as they are written: all of them together are as
/// large as the handbook.
struct List<'a, T>(Box<dyn Fn() -> Items<'a, T> + 'a>);

type Items<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

impl<'a, T> List<'a, T> {
    fn of<I: Iterator<Item = T> + 'a>(items: impl Fn() -> I + 'a) -> List<'a, T> {
        List(Box::new(move || Box::new(items())))
    }
}

impl<T: Serialize> Serialize for List<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

#[derive(Serialize)]
struct Norm<'a> {
    id: &'a str,
    address: String,
    set: Option<&'a str>,
    number: Option<&'a str>,
    title: &'a str,
    summary: Option<&'a str>,
    status: &'a str,
    force: Option<&'a str>,
    modality: Option<&'a str>,
    addressees: Vec<&'a str>,
    themes: Vec<&'a str>,
    forums: Vec<&'a str>,
    date: Option<PartialDate>,
    source: Option<Source<'a>>,
    sources: Vec<Source<'a>>,
    text: Vec<Paragraph<'a>>,
    history: Vec<Event<'a>>,
    reviewed: Option<PartialDate>,
}

/// A document, and the place in it.
#[derive(Serialize)]
struct Source<'a> {
    id: &'a str,
    locator: Option<&'a str>,
}

/// A paragraph of a norm's own words.
#[derive(Serialize)]
struct Paragraph<'a> {
    anchor: &'a str,
    text: Cow<'a, str>,
}

#[derive(Serialize)]
struct Event<'a> {
    date: Option<PartialDate>,
    event: &'a str,
    forum: Option<&'a str>,
    source: Option<Source<'a>>,
    note: Option<&'a str>,
}

/// A position of a statement on a norm, as one actor's.
#[derive(Serialize)]
struct Position<'a> {
    norm: &'a str,
    /// The part of the norm that it is on, as an anchor.
    part: Option<&'a str>,
    actor: &'a str,
    stance: &'a str,
    /// The groups that spoke for the actor; none when it spoke itself.
    as_member_of: Vec<&'a str>,
    statement: &'a str,
    date: Option<PartialDate>,
    quote: Option<&'a str>,
    source: Option<&'a str>,
    locator: Option<&'a str>,
    note: Option<&'a str>,
}

/// A relation as it was stated.
#[derive(Serialize)]
struct Relation<'a> {
    from: &'a str,
    r#type: &'a str,
    to_kind: &'static str,
    to: &'a str,
    part: Option<&'a str>,
    note: Option<&'a str>,
}

/// An entry that others name by its id.
#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    address: String,
    label: &'a str,
    title: &'a str,
    date: Option<PartialDate>,
}

fn handbook(linked: &Linked) -> Handbook<'_> {
    let config = &linked.handbook.config;
    let named = |kind| List::of(move || named(linked, kind));
    Handbook {
        title: &config.title,
        description: &config.description,
        language: &config.language,
        address: config.base_url.as_deref(),
        vocabularies: &config.vocabularies,
        norms: List::of(|| norms(linked)),
        positions: List::of(|| positions(linked)),
        relations: List::of(|| relations(linked)),
        themes: named(Kind::Theme),
        forums: named(Kind::Forum),
        sources: named(Kind::Source),
        actors: named(Kind::Actor),
        statements: named(Kind::Statement),
    }
}

fn norms(linked: &Linked) -> impl Iterator<Item = Norm<'_>> {
    linked.handbook.of(Kind::Norm).iter().map(|ix| norm(linked, *ix))
}

fn norm(linked: &Linked, ix: EntryIx) -> Norm<'_> {
    let handbook = &linked.handbook;
    let (entry, norm) = (handbook.entry(ix), handbook.norm(ix));
    let set = handbook.set_of(ix).map(|(set, _)| set.id.as_str());
    let id = |reference: &_| linked.refers(ix, reference).map(|to| id_of(linked, to));
    let paragraphs = entry.doc.body.norm_text.iter().flat_map(|text| {
        let words = |unit| text.words(&entry.doc.text, unit);
        text.units.iter().map(move |unit| Paragraph { anchor: &unit.anchor, text: words(unit) })
    });
    Norm {
        id: entry.key.id.as_str(),
        address: linked.routes.entry(ix).published(),
        set: set.filter(|set| !set.is_empty()),
        number: norm.number.as_deref(),
        title: entry.title(),
        summary: norm.summary.as_deref(),
        status: handbook.status(norm),
        force: norm.force.as_ref().map(|word| word.as_str()),
        modality: norm.modality.as_ref().map(|word| word.as_str()),
        addressees: norm.addressees.iter().map(|word| word.as_str()).collect(),
        themes: norm.themes.iter().filter_map(id).collect(),
        forums: norm.forums.iter().filter_map(id).collect(),
        date: norm.date,
        source: norm.source.as_ref().and_then(|source| place(linked, ix, source)),
        sources: norm.sources.iter().filter_map(|source| place(linked, ix, source)).collect(),
        text: paragraphs.collect(),
        history: norm.history.iter().map(|event| happened(linked, ix, event)).collect(),
        reviewed: norm.reviewed,
    }
}

fn happened<'a>(linked: &'a Linked, ix: EntryIx, event: &'a meta::HistoryEvent) -> Event<'a> {
    let forum = event.forum.as_ref().and_then(|forum| linked.refers(ix, forum));
    Event {
        date: event.date,
        event: &event.event,
        forum: forum.map(|forum| id_of(linked, forum)),
        source: event.source.as_ref().and_then(|source| place(linked, ix, source)),
        note: event.note.as_deref(),
    }
}

fn place<'a>(linked: &'a Linked, ix: EntryIx, source: &'a meta::SourceRef) -> Option<Source<'a>> {
    let id = id_of(linked, linked.refers(ix, &source.r#ref)?);
    Some(Source { id, locator: source.locator.as_deref() })
}

fn id_of(linked: &Linked, ix: EntryIx) -> &str {
    linked.handbook.entry(ix).key.id.as_str()
}

/// All positions, norm by norm, each once for every actor that it counts for.
fn positions(linked: &Linked) -> impl Iterator<Item = Position<'_>> {
    let norms = linked.handbook.of(Kind::Norm).iter();
    let stances = norms.flat_map(|norm| linked.stances.on(*norm).flatten());
    stances.map(|stance| position(linked, stance))
}

fn position<'a>(linked: &'a Linked, stance: &'a Stance) -> Position<'a> {
    let (statement, said) = stance.said(&linked.handbook);
    let part = match linked.target(stance.statement, said.on.span) {
        Some(Target::Entry(_, part)) => part.as_deref(),
        _ => None,
    };
    let source = statement.source.as_ref();
    Position {
        norm: id_of(linked, stance.norm),
        part,
        actor: id_of(linked, stance.actor),
        stance: &said.stance,
        as_member_of: stance.groups.iter().map(|group| id_of(linked, *group)).collect(),
        statement: id_of(linked, stance.statement),
        date: statement.date,
        quote: said.quote.as_deref(),
        source: source.and_then(|source| Some(place(linked, stance.statement, source)?.id)),
        locator: said.locator.as_deref(),
        note: said.note.as_deref(),
    }
}

fn relations(linked: &Linked) -> impl Iterator<Item = Relation<'_>> {
    let stated = move |from: &EntryIx| {
        let (from, norm) = (*from, linked.handbook.norm(*from));
        norm.relations.iter().filter_map(move |relation| {
            let Target::Entry(to, part) = linked.target(from, relation.to.span)? else {
                return None;
            };
            Some(Relation {
                from: id_of(linked, from),
                r#type: &relation.r#type,
                to_kind: linked.handbook.entry(*to).key.kind.name(),
                to: id_of(linked, *to),
                part: part.as_deref(),
                note: relation.note.as_deref(),
            })
        })
    };
    linked.handbook.of(Kind::Norm).iter().flat_map(stated)
}

fn named(linked: &Linked, kind: Kind) -> impl Iterator<Item = Named<'_>> {
    let name = move |ix: &EntryIx| {
        let entry = linked.handbook.entry(*ix);
        let date = match &entry.doc.meta {
            Meta::Source(source) => source.date,
            Meta::Statement(statement) => statement.date,
            _ => None,
        };
        let (id, label, title) = (entry.key.id.as_str(), entry.label(), entry.title());
        Named { id, address: linked.routes.entry(*ix).published(), label, title, date }
    };
    linked.handbook.of(kind).iter().map(name)
}

fn json(value: &impl Serialize, into: &mut dyn Write) -> io::Result<()> {
    let mut into = BufWriter::with_capacity(64 * 1024, into);
    serde_json::to_writer_pretty(&mut into, value)?;
    into.write_all(b"\n")?;
    into.flush()
}

/// A column of a table of `T`: its name, and what stands in it.
type Column<T> = (&'static str, fn(&T) -> String);

fn norm_columns<'a>() -> Vec<Column<Norm<'a>>> {
    vec![
        ("id", |norm| norm.id.to_owned()),
        ("address", |norm| norm.address.clone()),
        ("set", |norm| text(norm.set)),
        ("number", |norm| text(norm.number)),
        ("title", |norm| norm.title.to_owned()),
        ("summary", |norm| text(norm.summary)),
        ("status", |norm| norm.status.to_owned()),
        ("force", |norm| text(norm.force)),
        ("modality", |norm| text(norm.modality)),
        ("addressees", |norm| norm.addressees.join("; ")),
        ("themes", |norm| norm.themes.join("; ")),
        ("forums", |norm| norm.forums.join("; ")),
        ("date", |norm| day(norm.date)),
        ("source", |norm| text(norm.source.as_ref().map(|source| source.id))),
        ("locator", |norm| text(norm.source.as_ref().and_then(|source| source.locator))),
        ("text", |norm| {
            let paragraphs: Vec<&str> =
                norm.text.iter().map(|paragraph| &*paragraph.text).collect();
            paragraphs.join("\n")
        }),
        ("reviewed", |norm| day(norm.reviewed)),
    ]
}

fn position_columns<'a>() -> Vec<Column<Position<'a>>> {
    vec![
        ("norm", |position| position.norm.to_owned()),
        ("part", |position| text(position.part)),
        ("actor", |position| position.actor.to_owned()),
        ("stance", |position| position.stance.to_owned()),
        ("as_member_of", |position| position.as_member_of.join("; ")),
        ("statement", |position| position.statement.to_owned()),
        ("date", |position| day(position.date)),
        ("quote", |position| text(position.quote)),
        ("source", |position| text(position.source)),
        ("locator", |position| text(position.locator)),
        ("note", |position| text(position.note)),
    ]
}

fn relation_columns<'a>() -> Vec<Column<Relation<'a>>> {
    vec![
        ("from", |relation| relation.from.to_owned()),
        ("type", |relation| relation.r#type.to_owned()),
        ("to_kind", |relation| relation.to_kind.to_owned()),
        ("to", |relation| relation.to.to_owned()),
        ("part", |relation| text(relation.part)),
        ("note", |relation| text(relation.note)),
    ]
}

fn text(text: Option<&str>) -> String {
    text.unwrap_or_default().to_owned()
}

fn day(date: Option<PartialDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

fn table<T>(
    columns: &[Column<T>],
    mut rows: impl Iterator<Item = T>,
    into: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .buffer_capacity(64 * 1024)
        .from_writer(into);
    writer.write_record(columns.iter().map(|(name, _)| *name))?;
    rows.try_for_each(|row| writer.write_record(columns.iter().map(|(_, cell)| cell(&row))))?;
    writer.flush()
}
