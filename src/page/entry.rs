//! The pages of sources, actors, statements, terms and free pages: their
//! record, their own text, and all that refers to them.

use std::borrow::Cow;

use serde::Serialize;

use super::positions::{self, Mark, Standing};
use super::view::{self, CitedBy, Frame, Link, NormRow, SourceLink, WordView};
use super::{Listed, Own, Page, PageKind, Shelf, list};
use crate::date::PartialDate;
use crate::html::{self, outline::Section, place::Place};
use crate::id::Kind;
use crate::link::relations::{self, Side};
use crate::link::stances::Voice;
use crate::link::target::Field;
use crate::link::{Linked, Via};
use crate::model::{Entry, EntryIx};
use crate::parse::front_matter::{self as meta, Meta};
use crate::path::Address;

pub(super) const SOURCE: PageKind = PageKind {
    name: "source",
    template: "source.html",
    pages: |linked| super::entry_pages(linked, Kind::Source),
    view: source,
};

pub(super) const ACTOR: PageKind = PageKind {
    name: "actor",
    template: "actor.html",
    pages: |linked| super::entry_pages(linked, Kind::Actor),
    view: actor,
};

pub(super) const STATEMENT: PageKind = PageKind {
    name: "statement",
    template: "statement.html",
    pages: |linked| super::entry_pages(linked, Kind::Statement),
    view: statement,
};

pub(super) const TERM: PageKind = PageKind {
    name: "term",
    template: "term.html",
    pages: |linked| super::entry_pages(linked, Kind::Term),
    view: term,
};

pub(super) const FREE: PageKind =
    PageKind { name: "page", template: "page.html", pages: free_pages, view: free };

/// What all these pages have.
#[derive(Serialize)]
struct EntryView<'a, F> {
    page: Frame<'a>,
    id: &'a str,
    title: &'a str,
    summary: Option<&'a str>,
    meta: &'a Meta,
    html: String,
    /// The sections of the text.
    outline: Vec<Section>,
    footnotes: String,
    /// The sources that the text cites.
    cited: Vec<Link>,
    cited_by: Option<CitedBy>,
    /// What only this kind has.
    #[serde(flatten)]
    facts: F,
}

/// The entry that a page shows, and the original that has its facts.
struct Shown<'a> {
    entry: &'a Entry,
    /// The original's place.
    ix: EntryIx,
    here: &'a Address,
}

fn shown<'a>(shelf: &'a Shelf, page: &'a Page) -> Shown<'a> {
    let entry = shelf.handbook.entry(page.entry());
    let ix = shelf.handbook.original(page.entry());
    Shown { entry, ix, here: &page.address }
}

fn render<F: Serialize>(shelf: &Shelf, page: &Page, shown: &Shown<'_>, facts: F) -> Own {
    let prose = html::prose(shelf, page.entry(), Place::alone(shown.here));
    Own::of(&EntryView {
        page: view::entry_frame(shelf, page, page.entry()),
        id: shown.entry.key.id.as_str(),
        title: shown.entry.title(),
        summary: shown.entry.doc.meta.common().summary,
        meta: &shelf.handbook.entry(shown.ix).doc.meta,
        html: prose.commentary,
        outline: prose.outline,
        footnotes: prose.footnotes,
        cited: view::cited(shelf, shown.here, page.entry(), &[]),
        cited_by: view::cited_by(shelf, shown.here, shown.ix),
        facts,
    })
}

#[derive(Serialize)]
struct SourceFacts<'a> {
    kind: Option<WordView>,
    authors: Vec<Author<'a>>,
    supersedes: Option<Link>,
    superseded_by: Vec<Link>,
    /// The norms whose text the document carries.
    norms: Vec<NormRow<'a>>,
    norm_count: usize,
    all_norms: Option<Link>,
    /// Everything else that names it in its front matter.
    uses: Vec<Use<'a>>,
    use_count: usize,
    all_uses: Option<Link>,
}

#[derive(Serialize)]
struct Author<'a> {
    name: &'a str,
    link: Option<Link>,
}

/// The norms whose text a source carries.
pub(super) fn carried(linked: &Linked, source: EntryIx) -> Vec<EntryIx> {
    linked.by_field(source, Kind::Norm, &[Field::Source])
}

/// How an entry uses a source.
#[derive(Serialize)]
pub(super) struct Use<'a> {
    link: Link,
    how: Cow<'a, str>,
    locator: Option<&'a str>,
    note: Option<&'a str>,
}

fn source(shelf: &Shelf, page: &Page) -> Own {
    let shown = shown(shelf, page);
    let Meta::Source(document) = &shelf.handbook.entry(shown.ix).doc.meta else {
        unreachable!("invariant: pages of sources show sources")
    };
    let kinds = &shelf.handbook.config.vocabularies.source_kinds;
    let authors = document.authors.iter().map(|author| Author {
        name: &author.value,
        link: shelf.refers(shown.ix, author).map(|ix| view::link(shelf, shown.here, ix)),
    });
    let (norms, uses) = (carried(shelf, shown.ix), uses(shelf, shown.ix));
    let all = |listed, count| list::all(shelf, shown.here, (shown.ix, listed), count);
    let superseded_by = shelf.by_field(shown.ix, Kind::Source, &[Field::Supersedes]);
    let facts = SourceFacts {
        kind: document.kind.as_ref().map(|kind| view::word(shelf, kinds, kind)),
        authors: authors.collect(),
        supersedes: view::field_links(shelf, shown.here, shown.ix, &document.supersedes).pop(),
        superseded_by: superseded_by.iter().map(|ix| view::link(shelf, shown.here, *ix)).collect(),
        norms: norms[..list::shown(Listed::Norms, norms.len())]
            .iter()
            .map(|ix| view::norm_row(shelf, shown.here, *ix))
            .collect(),
        norm_count: norms.len(),
        all_norms: all(Listed::Norms, norms.len()),
        uses: use_rows(shelf, shown.here, &uses[..list::shown(Listed::Uses, uses.len())]),
        use_count: uses.len(),
        all_uses: all(Listed::Uses, uses.len()),
    };
    render(shelf, page, &shown, facts)
}

/// A place in which a source is named.
pub(super) enum Naming<'a> {
    /// A field of an entry, and the item in it.
    Field(EntryIx, Field, usize),
    /// A relation that another entry states.
    Relation(Side<'a>),
}

/// The places, apart from texts and the sources of norms, that name a source.
pub(super) fn uses(linked: &Linked, ix: EntryIx) -> Vec<Naming<'_>> {
    let fields = linked.incoming(ix).iter().filter_map(|incoming| {
        let Via::Field(field, item) = incoming.via else { return None };
        let wanted = matches!(
            (&linked.handbook.entry(incoming.from).doc.meta, field),
            (Meta::Norm(_), Field::Sources | Field::History)
                | (Meta::Forum(_), Field::Mandate | Field::Events)
                | (Meta::Statement(_) | Meta::Term(_), Field::Source)
        );
        wanted.then_some(Naming::Field(incoming.from, field, item as usize))
    });
    let relations = relations::of(linked, ix).into_iter().filter(|side| !side.stated);
    fields.chain(relations.map(Naming::Relation)).collect()
}

/// Places that name a source as rows of a list.
pub(super) fn use_rows<'a>(
    shelf: &'a Shelf,
    here: &Address,
    namings: &[Naming<'a>],
) -> Vec<Use<'a>> {
    let row = |naming: &Naming<'a>| match naming {
        Naming::Field(from, field, item) => Some(field_use(shelf, here, *from, *field, *item)),
        Naming::Relation(side) => {
            let link = view::target_link(shelf, here, &side.other)?;
            let how = side.word.label.to_lowercase().into();
            Some(Use { link, how, locator: None, note: side.note })
        }
    };
    namings.iter().filter_map(row).collect()
}

fn field_use<'a>(
    shelf: &'a Shelf,
    here: &Address,
    from: EntryIx,
    field: Field,
    item: usize,
) -> Use<'a> {
    let handbook = &shelf.handbook;
    let plain = |how: &'a str, source: Option<&'a meta::SourceRef>| Use {
        link: view::link(shelf, here, from),
        how: how.into(),
        locator: source.and_then(|source| source.locator.as_deref()),
        note: None,
    };
    match (&handbook.entry(from).doc.meta, field) {
        (Meta::Norm(norm), Field::History) => {
            let event = &norm.history[item];
            let label = handbook.config.vocabularies.events.label(&event.event);
            let mut one = plain(label, event.source.as_ref());
            one.note = event.note.as_deref();
            one
        }
        (Meta::Norm(norm), _) => plain("further source", norm.sources.get(item)),
        (Meta::Forum(forum), Field::Events) => {
            let event = &forum.events[item];
            let mut one = plain("event", event.source.as_ref());
            one.note = Some(&event.title);
            one
        }
        (Meta::Forum(forum), _) => plain("mandate", forum.mandate.as_ref()),
        (Meta::Statement(statement), _) => {
            plain("carries the statement", statement.source.as_ref())
        }
        (Meta::Term(term), _) => plain("definition", term.source.as_ref()),
        (Meta::Theme(_) | Meta::Source(_) | Meta::Actor(_) | Meta::Page(_), _) => {
            unreachable!("invariant: these kinds have no field that uses a source")
        }
    }
}

#[derive(Serialize)]
struct ActorFacts<'a> {
    kind: Option<WordView>,
    members: Vec<MemberRow>,
    groups: Vec<MemberRow>,
    forums: Vec<Link>,
    /// How it stands to each norm, its own statements before its groups'.
    standings: Vec<Standing<'a>>,
    standing_count: usize,
    all_standings: Option<Link>,
    /// Its own statements and its groups', newest first.
    statements: Vec<StatementRow<'a>>,
    statement_count: usize,
    all_statements: Option<Link>,
    sources: Vec<Link>,
}

#[derive(Serialize)]
struct MemberRow {
    link: Link,
    from: Option<PartialDate>,
    to: Option<PartialDate>,
}

#[derive(Serialize)]
pub(super) struct StatementRow<'a> {
    link: Link,
    date: Option<PartialDate>,
    forum: Option<Link>,
    /// The groups that spoke for the actor; none when it spoke itself.
    groups: Vec<Link>,
    /// What it says about norms; left out where a group spoke, since the
    /// group's page has it.
    positions: Vec<PositionRow<'a>>,
}

#[derive(Serialize)]
struct PositionRow<'a> {
    /// Its place on the statement's page.
    anchor: String,
    norm: Link,
    mark: Mark,
    quote: Option<&'a str>,
    locator: Option<&'a str>,
    note: Option<&'a str>,
}

fn actor(shelf: &Shelf, page: &Page) -> Own {
    let shown = shown(shelf, page);
    let handbook = &shelf.handbook;
    let Meta::Actor(actor) = &handbook.entry(shown.ix).doc.meta else {
        unreachable!("invariant: pages of actors show actors")
    };
    let kinds = &handbook.config.vocabularies.actor_kinds;
    let member = |ix: EntryIx, membership: &meta::Membership| MemberRow {
        link: view::link(shelf, shown.here, ix),
        from: membership.from,
        to: membership.to,
    };
    let members = actor.members.iter().filter_map(|membership| {
        Some(member(shelf.refers(shown.ix, &membership.actor)?, membership))
    });
    let groups = shelf.incoming(shown.ix).iter().filter_map(|incoming| {
        let Via::Field(Field::Members, item) = incoming.via else { return None };
        match &handbook.entry(incoming.from).doc.meta {
            Meta::Actor(group) => Some(member(incoming.from, &group.members[item as usize])),
            _ => None,
        }
    });
    let link = |ix: &EntryIx| view::link(shelf, shown.here, *ix);
    let statements = shelf.stances.heard(shown.ix);
    let standings = shelf.stances.of(shown.ix).count();
    let all = |listed, count| list::all(shelf, shown.here, (shown.ix, listed), count);
    let facts = ActorFacts {
        kind: actor.kind.as_ref().map(|kind| view::word(shelf, kinds, kind)),
        members: members.collect(),
        groups: groups.collect(),
        forums: shelf.by_field(shown.ix, Kind::Forum, &[Field::Members]).iter().map(link).collect(),
        standings: positions::of(
            shelf,
            shown.here,
            shown.ix,
            0..list::shown(Listed::Standings, standings),
        ),
        standing_count: standings,
        all_standings: all(Listed::Standings, standings),
        statements: statements[..list::shown(Listed::Statements, statements.len())]
            .iter()
            .map(|voice| statement_row(shelf, shown.here, voice))
            .collect(),
        statement_count: statements.len(),
        all_statements: all(Listed::Statements, statements.len()),
        sources: shelf
            .by_field(shown.ix, Kind::Source, &[Field::Authors])
            .iter()
            .map(link)
            .collect(),
    };
    render(shelf, page, &shown, facts)
}

pub(super) fn statement_row<'a>(
    shelf: &'a Shelf,
    here: &Address,
    voice: &Voice,
) -> StatementRow<'a> {
    let ix = voice.statement;
    let Meta::Statement(statement) = &shelf.handbook.entry(ix).doc.meta else {
        unreachable!("invariant: asked for a statement's place")
    };
    StatementRow {
        link: view::link(shelf, here, ix),
        date: statement.date,
        forum: view::field_links(shelf, here, ix, &statement.forum).pop(),
        groups: voice.groups.iter().map(|group| view::link(shelf, here, *group)).collect(),
        positions: match voice.groups.as_slice() {
            [] => position_rows(shelf, here, ix, statement),
            _ => Vec::new(),
        },
    }
}

fn position_rows<'a>(
    shelf: &'a Shelf,
    here: &Address,
    ix: EntryIx,
    statement: &'a meta::Statement,
) -> Vec<PositionRow<'a>> {
    let rows = statement.positions.iter().enumerate().filter_map(|(place, position)| {
        let target = shelf.target(ix, position.on.span)?;
        Some(PositionRow {
            anchor: positions::anchor(place),
            norm: view::target_link(shelf, here, target)?,
            mark: positions::mark(shelf, &position.stance),
            quote: position.quote.as_deref(),
            locator: position.locator.as_deref(),
            note: position.note.as_deref(),
        })
    });
    rows.collect()
}

#[derive(Serialize)]
struct StatementFacts<'a> {
    actors: Vec<Link>,
    date: Option<PartialDate>,
    forum: Option<Link>,
    source: Option<SourceLink<'a>>,
    positions: Vec<PositionRow<'a>>,
    /// The members that it counts for, because their groups made it.
    members: Vec<MemberVoice>,
}

#[derive(Serialize)]
struct MemberVoice {
    link: Link,
    groups: Vec<Link>,
}

fn members(shelf: &Shelf, here: &Address, ix: EntryIx) -> Vec<MemberVoice> {
    let link = |ix: &EntryIx| view::link(shelf, here, *ix);
    let voices = shelf.stances.voices(ix).iter().filter(|voice| !voice.groups.is_empty());
    let member = |voice: &Voice| MemberVoice {
        link: link(&voice.actor),
        groups: voice.groups.iter().map(link).collect(),
    };
    voices.map(member).collect()
}

fn statement(shelf: &Shelf, page: &Page) -> Own {
    let shown = shown(shelf, page);
    let Meta::Statement(statement) = &shelf.handbook.entry(shown.ix).doc.meta else {
        unreachable!("invariant: pages of statements show statements")
    };
    let source = statement.source.as_ref();
    let facts = StatementFacts {
        actors: view::field_links(shelf, shown.here, shown.ix, &statement.actors),
        date: statement.date,
        forum: view::field_links(shelf, shown.here, shown.ix, &statement.forum).pop(),
        source: source.and_then(|s| view::source_link(shelf, shown.here, shown.ix, s)),
        positions: position_rows(shelf, shown.here, shown.ix, statement),
        members: members(shelf, shown.here, shown.ix),
    };
    render(shelf, page, &shown, facts)
}

#[derive(Serialize)]
struct TermFacts<'a> {
    source: Option<SourceLink<'a>>,
    /// The entries whose text has the term.
    used_in: Vec<Link>,
    used_count: usize,
    all_used_in: Option<Link>,
}

fn term(shelf: &Shelf, page: &Page) -> Own {
    let shown = shown(shelf, page);
    let Meta::Term(term) = &shelf.handbook.entry(shown.ix).doc.meta else {
        unreachable!("invariant: pages of terms show terms")
    };
    let source = term.source.as_ref();
    let source = source.and_then(|s| view::source_link(shelf, shown.here, shown.ix, s));
    let used_in = shelf.used_in(shown.ix);
    let beginning = used_in[..list::shown(Listed::UsedIn, used_in.len())].iter();
    let facts = TermFacts {
        source,
        used_in: beginning.map(|ix| view::link(shelf, shown.here, *ix)).collect(),
        used_count: used_in.len(),
        all_used_in: list::all(shelf, shown.here, (shown.ix, Listed::UsedIn), used_in.len()),
    };
    render(shelf, page, &shown, facts)
}

#[derive(Serialize)]
struct NoFacts {}

/// The free pages but the introduction, which stands on the home page.
fn free_pages(linked: &Linked) -> Vec<(Address, super::Subject)> {
    let introduction = |subject: super::Subject| match subject {
        super::Subject::Entry(ix) => linked.handbook.entry(ix).key.id.as_str() == "index",
        _ => false,
    };
    let pages = super::entry_pages(linked, Kind::Page).into_iter();
    pages.filter(|(_, subject)| !introduction(*subject)).collect()
}

fn free(shelf: &Shelf, page: &Page) -> Own {
    let shown = shown(shelf, page);
    render(shelf, page, &shown, NoFacts {})
}
