//! The parts that views share. Every `href` is relative to the page that
//! shows it; every `html` is ready to be printed; all else is plain text.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::cite::{self, Citation};
use super::gone::{self, GonePlace};
use super::{Listed, Page, Shelf, describe, list};
use crate::config::Config;
use crate::date::PartialDate;
use crate::id::Kind;
use crate::link::{Incoming, Linked, Target, Via, routes};
use crate::model::{Entry, EntryIx};
use crate::parse::body::MentionTarget;
use crate::parse::front_matter::{self as meta, Meta};
use crate::path::{Address, encode};
use crate::vocabulary::{Vocabulary, Word};

/// The site that a page is part of, and the way to everywhere else in it.
#[derive(Serialize)]
struct Site<'a> {
    /// The handbook's title.
    title: &'a str,
    /// What the handbook is.
    description: &'a str,
    /// The address of the site, when it is known.
    base_url: Option<&'a str>,
    /// The way to the site's root, empty or with a final slash.
    root: &'a str,
    /// The home page.
    home: &'a str,
    /// The stylesheet.
    stylesheet: String,
    /// The feed.
    feed: String,
    /// The search page.
    search: String,
    /// The main navigation.
    menu: Vec<MenuItem<'a>>,
}

/// What every page has beside its own matter.
#[derive(Clone, Debug, Serialize)]
pub struct Frame<'a> {
    /// The page's own title.
    pub title: Cow<'a, str>,
    /// One sentence for search engines.
    pub description: Cow<'a, str>,
    /// The kind of page.
    pub kind: &'static str,
    /// The language of the page (BCP 47).
    pub language: &'a str,
    /// The direction of its script: `ltr` or `rtl`.
    pub dir: &'static str,
    /// The pages above this one, outermost first.
    pub breadcrumb: Vec<Link>,
    /// The page's address below the site's base, when that is known.
    pub canonical: Option<String>,
    /// The same entry in other languages.
    pub translations: Vec<Translation<'a>>,
    /// Where a change can be proposed.
    pub edit_url: Option<String>,
    /// How the page is cited, or the document that it is about.
    pub citation: Option<Citation<'a>>,
    /// What the page says of itself to machines (JSON-LD).
    pub json_ld: Option<String>,
    /// Published anchors of the page that are no more.
    pub gone: Vec<GonePlace>,
}

/// A line of the main navigation.
#[derive(Serialize)]
struct MenuItem<'a> {
    /// Where it leads.
    href: String,
    /// What it is called.
    label: &'a str,
    /// Whether the page belongs to it.
    current: bool,
}

/// The same entry in another language.
#[derive(Clone, Debug, Serialize)]
pub struct Translation<'a> {
    /// The language (BCP 47).
    pub language: &'a str,
    /// Where it stands.
    pub href: String,
    /// Its title.
    pub title: &'a str,
}

/// A link, as templates see it: the parts of [`LinkParts`]. Whole entries' links
/// that climb to the site's root are made once (see [`Shelf`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Link(tera::Value);

/// A link, for those who read or change its parts.
#[derive(Clone, Debug, Serialize)]
pub struct LinkParts<'a> {
    /// Where it leads.
    pub href: String,
    /// A short name: the number of a norm, the symbol of a source, the title.
    pub label: Cow<'a, str>,
    /// The full title.
    pub title: &'a str,
    /// The kind of entry.
    pub kind: &'static str,
}

/// A link to a source, with the place in it.
#[derive(Clone, Debug, Serialize)]
pub struct SourceLink<'a> {
    /// The source.
    pub link: Link,
    /// The place in it.
    pub locator: Option<&'a str>,
}

/// A norm as a line of a list.
#[derive(Clone, Debug, Serialize)]
pub struct NormRow<'a> {
    /// The norm.
    pub link: Link,
    /// Its number.
    pub number: Option<&'a str>,
    /// One sentence.
    pub summary: Option<&'a str>,
    /// Its status.
    pub status: WordView,
    /// Its set.
    pub set: Option<&'a str>,
    /// When it was adopted or put forward.
    pub date: Option<PartialDate>,
}

/// Norms of one status.
#[derive(Clone, Debug, Serialize)]
pub struct StatusGroup<'a> {
    /// The status.
    pub status: WordView,
    /// How many norms have it.
    pub count: usize,
    /// The norms, or the first of them.
    pub norms: Vec<NormRow<'a>>,
}

/// An entry that refers to the present one in its text.
#[derive(Clone, Debug, Serialize)]
pub struct Backlink {
    /// The entry that refers.
    pub link: Link,
    /// The sentences in which it does so.
    pub sentences: Vec<String>,
}

/// Makes the frame of a page.
pub fn frame<'a>(shelf: &'a Shelf, page: &Page, title: impl Into<Cow<'a, str>>) -> Frame<'a> {
    let config = &shelf.handbook.config;
    let here = &page.address;
    let published = here.published();
    Frame {
        title: title.into(),
        description: config.description.as_str().into(),
        kind: page.kind(),
        language: &config.language,
        dir: direction(&config.language),
        breadcrumb: Vec::new(),
        canonical: config.base_url.as_ref().map(|base| format!("{base}{published}")),
        translations: Vec::new(),
        edit_url: None,
        citation: None,
        json_ld: None,
        gone: gone::of_page(shelf, here),
    }
}

/// Makes the frame of an entry's page.
pub fn entry_frame<'a>(shelf: &'a Shelf, page: &Page, ix: EntryIx) -> Frame<'a> {
    let handbook = &shelf.handbook;
    let entry = handbook.entry(ix);
    let mut frame = frame(shelf, page, entry.title());
    if let Some(summary) = entry.doc.meta.common().summary {
        frame.description = summary.into();
    }
    if let Some(tag) = &entry.translation {
        frame.language = tag;
        frame.dir = direction(tag);
    }
    if entry.key.kind != Kind::Page {
        let index = routes::index(entry.key.kind);
        frame.breadcrumb.push(plain_link(&page.address, &index, entry.key.kind.plural()));
    }
    frame.translations = handbook
        .versions(ix)
        .filter(|other| *other != ix)
        .map(|other| Translation {
            language: language(shelf, other),
            href: shelf.routes.entry(other).href_from(&page.address),
            title: handbook.entry(other).title(),
        })
        .collect();
    let work = cite::work(shelf, ix, frame.canonical.as_deref());
    frame.json_ld = Some(describe::entry(shelf, ix, &frame, &work));
    frame.citation = Some(work.citation());
    let edit_url = handbook.config.edit_url.as_ref();
    frame.edit_url = edit_url.map(|url| url.replace("{path}", &encode(entry.doc.path.as_str())));
    frame
}

fn language(linked: &Linked, ix: EntryIx) -> &str {
    let config: &Config = &linked.handbook.config;
    linked.handbook.entry(ix).translation.as_deref().unwrap_or(&config.language)
}

/// The direction of a language's usual script.
fn direction(tag: &str) -> &'static str {
    const RIGHT_TO_LEFT: [&str; 9] = ["ar", "he", "fa", "ur", "ps", "sd", "yi", "dv", "ug"];
    let primary = tag.split('-').next().unwrap_or("").to_ascii_lowercase();
    if RIGHT_TO_LEFT.contains(&primary.as_str()) { "rtl" } else { "ltr" }
}

/// Makes what pages show of the site. In the menu are the indexes that the
/// handbook has something for, then the free pages that want to stand there.
pub(super) fn sites(linked: &Linked) -> impl FnMut(&Address) -> tera::Value {
    let handbook = &linked.handbook;
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Page);
    let kinds = kinds.filter(|kind| !handbook.of(*kind).is_empty());
    let indexes = kinds.map(|kind| (routes::index(kind), kind.plural()));
    let free = handbook
        .of(Kind::Page)
        .iter()
        .filter(|ix| matches!(&handbook.entry(**ix).doc.meta, Meta::Page(free) if free.menu));
    let free = free.map(|ix| (linked.routes.entry(*ix).clone(), handbook.entry(*ix).title()));
    let items: Vec<(Address, &str)> = indexes.chain(free).collect();
    // Two pages share the way to everything in the menu that stand equally deep
    // and in the same folders, as far as the menu leads.
    let deepest = items.iter().map(|(address, _)| address.depth()).max().unwrap_or(0);
    let folders = move |here: &Address| -> String {
        here.as_str()
            .split_inclusive('/')
            .filter(|part| part.ends_with('/'))
            .take(deepest)
            .collect()
    };
    let mut made: BTreeMap<(String, usize), tera::Value> = BTreeMap::new();
    move |here| {
        let make = || site(&handbook.config, here, &items);
        made.entry((folders(here), here.depth())).or_insert_with(make).clone()
    }
}

fn site(config: &Config, here: &Address, menu: &[(Address, &str)]) -> tera::Value {
    let section = here.as_str().split('/').next();
    let home = routes::home().href_from(here);
    let menu = menu.iter().map(|(address, label)| MenuItem {
        href: address.href_from(here),
        label,
        current: address.as_str().split('/').next() == section,
    });
    tera::Value::from_serializable(&Site {
        title: &config.title,
        description: &config.description,
        base_url: config.base_url.as_deref(),
        root: home.trim_end_matches("index.html"),
        home: &home,
        stylesheet: routes::theme("style.css").href_from(here),
        feed: routes::feed().href_from(here),
        search: routes::search().href_from(here),
        menu: menu.collect(),
    })
}

impl LinkParts<'_> {
    /// The link for templates.
    pub fn link(&self) -> Link {
        Link(tera::Value::from_serializable(self))
    }
}

/// A link to a page that is no entry.
pub fn plain_link(from: &Address, to: &Address, label: &str) -> Link {
    plain_parts(from, to, label).link()
}

/// The parts of a link to a page that is no entry.
pub fn plain_parts<'a>(from: &Address, to: &Address, label: &'a str) -> LinkParts<'a> {
    LinkParts { href: to.href_from(from), label: label.into(), title: label, kind: "index" }
}

/// Links to files of the handbook as data, of the given names.
pub fn data(from: &Address, names: &[&str]) -> Vec<Link> {
    let wanted = routes::DATA.iter().filter(|(file, _)| names.contains(file));
    wanted.map(|(file, label)| plain_link(from, &routes::data(file), label)).collect()
}

/// A link to an entry; from a translation to the same language where it can.
pub fn link(shelf: &Shelf, from: &Address, ix: EntryIx) -> Link {
    let ix = in_language_of(shelf, from, ix);
    Link(shelf.link(ix, from, || entry_parts(shelf, from, ix).link().0))
}

/// The parts of a link to an entry, as by [`link`].
pub fn parts<'a>(linked: &'a Linked, from: &Address, ix: EntryIx) -> LinkParts<'a> {
    entry_parts(linked, from, in_language_of(linked, from, ix))
}

fn entry_parts<'a>(linked: &'a Linked, from: &Address, ix: EntryIx) -> LinkParts<'a> {
    let entry = linked.handbook.entry(ix);
    LinkParts {
        href: linked.routes.entry(ix).href_from(from),
        label: entry.label().into(),
        title: entry.title(),
        kind: entry.key.kind.name(),
    }
}

/// The translation of an entry into the language of a page, whose address
/// begins with it; else the entry itself.
fn in_language_of(linked: &Linked, page: &Address, ix: EntryIx) -> EntryIx {
    let handbook = &linked.handbook;
    let begins = |tag: &&String| {
        let rest = page.as_str().strip_prefix(tag.as_str());
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let language = handbook.config.translations.iter().find(begins);
    language.and_then(|tag| handbook.translation(&handbook.entry(ix).key, tag)).unwrap_or(ix)
}

/// A link that shows the short name of a forum where it has one.
pub fn short_link(shelf: &Shelf, from: &Address, ix: EntryIx) -> Link {
    match &shelf.handbook.entry(ix).doc.meta {
        Meta::Forum(forum) if forum.abbreviation.is_some() => short_parts(shelf, from, ix).link(),
        _ => link(shelf, from, ix),
    }
}

/// The parts of a link as by [`short_link`].
pub fn short_parts<'a>(linked: &'a Linked, from: &Address, ix: EntryIx) -> LinkParts<'a> {
    let mut link = parts(linked, from, ix);
    if let Meta::Forum(forum) = &linked.handbook.entry(ix).doc.meta
        && let Some(abbreviation) = &forum.abbreviation
    {
        link.label = abbreviation.into();
    }
    link
}

/// A link to what a reference leads to, with its anchor.
pub fn target_link(shelf: &Shelf, from: &Address, target: &Target) -> Option<Link> {
    let Target::Entry(ix, anchor) = target else { return None };
    let Some(anchor) = anchor else { return Some(link(shelf, from, *ix)) };
    let mut link = parts(shelf, from, *ix);
    link.href = format!("{}#{}", link.href, encode(anchor));
    link.label = shelf.label(target);
    Some(link.link())
}

/// A link to the source that a field of an entry names.
pub fn source_link<'a>(
    shelf: &'a Shelf,
    from: &Address,
    ix: EntryIx,
    source: &'a meta::SourceRef,
) -> Option<SourceLink<'a>> {
    let link = target_link(shelf, from, shelf.target(ix, source.r#ref.span)?)?;
    Some(SourceLink { link, locator: source.locator.as_deref() })
}

/// Links to the entries that fields of an entry name.
pub fn field_links<'a, T: 'a>(
    shelf: &'a Shelf,
    from: &Address,
    ix: EntryIx,
    references: impl IntoIterator<Item = &'a crate::span::Spanned<T>>,
) -> Vec<Link> {
    let targets = references.into_iter().filter_map(|r| shelf.refers(ix, r));
    targets.map(|target| link(shelf, from, target)).collect()
}

/// A word of a vocabulary, as templates see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WordView(tera::Value);

/// A word for readers; one that its vocabulary lacks stands for itself.
pub fn word(shelf: &Shelf, vocabulary: &Vocabulary, id: &str) -> WordView {
    WordView(match vocabulary.find(id) {
        Some(word) => shelf.word(word),
        None => tera::Value::from_serializable(&Word::plain(id, id)),
    })
}

/// A norm as a line of a list.
pub fn norm_row<'a>(shelf: &'a Shelf, from: &Address, ix: EntryIx) -> NormRow<'a> {
    let handbook = &shelf.handbook;
    let norm = handbook.norm(ix);
    let set = handbook.set_of(ix);
    NormRow {
        link: link(shelf, from, ix),
        number: norm.number.as_deref(),
        summary: norm.summary.as_deref(),
        status: word(shelf, &handbook.config.vocabularies.statuses, handbook.status(norm)),
        set: set.filter(|(set, _)| !set.id.is_empty()).map(|(set, _)| set.label.as_str()),
        date: norm.date,
    }
}

/// Norms that are in the order of their statuses, grouped; of each group at
/// most `shown` norms are there.
pub fn by_status<'a>(
    shelf: &'a Shelf,
    from: &Address,
    norms: &[EntryIx],
    shown: usize,
) -> Vec<StatusGroup<'a>> {
    let handbook = &shelf.handbook;
    let statuses = &handbook.config.vocabularies.statuses;
    let status = |ix: &EntryIx| handbook.status(handbook.norm(*ix));
    let group = |norms: &[EntryIx]| StatusGroup {
        status: word(shelf, statuses, status(&norms[0])),
        count: norms.len(),
        norms: norms.iter().take(shown).map(|ix| norm_row(shelf, from, *ix)).collect(),
    };
    norms.chunk_by(|a, b| status(a) == status(b)).map(group).collect()
}

/// How other entries name an entry, entry by entry in the order of kinds and ids;
/// only those that do so in their text.
pub fn citing(linked: &Linked, ix: EntryIx) -> Vec<&[Incoming]> {
    let by_entry = linked.incoming(ix).chunk_by(|a, b| a.from == b.from);
    let is_mention = |incoming: &Incoming| matches!(incoming.via, Via::Mention(_));
    by_entry.filter(|one| one[0].from != ix && one.iter().any(is_mention)).collect()
}

/// Some of the entries whose text names an entry, with their sentences.
pub fn backlinks(shelf: &Shelf, here: &Address, citing: &[&[Incoming]]) -> Vec<Backlink> {
    let backlink = |one: &&[Incoming]| Backlink {
        link: link(shelf, here, one[0].from),
        sentences: sentences(shelf, one),
    };
    citing.iter().map(backlink).collect()
}

/// The sentences in which one entry names another, once each.
fn sentences(linked: &Linked, one: &[Incoming]) -> Vec<String> {
    let from = one[0].from;
    let body = &linked.handbook.entry(from).doc.body;
    // A sentence may name the entry many times, and be long for it.
    let mut seen: Vec<u32> = Vec::new();
    let mut sentences = Vec::new();
    for incoming in one {
        let Via::Mention(mention) = incoming.via else { continue };
        let Some(sentence) = body.mentions[mention as usize].sentence else { continue };
        if !seen.contains(&sentence) {
            seen.push(sentence);
            let sentence = linked.sentence(from, &body.sentences[sentence as usize]);
            if !sentences.contains(&sentence) {
                sentences.push(sentence);
            }
        }
    }
    sentences
}

/// What an entry's page shows of the entries whose text names it.
#[derive(Clone, Debug, Serialize)]
pub struct CitedBy {
    /// How many there are.
    pub count: usize,
    /// The first of them.
    pub rows: Vec<Backlink>,
    /// The list of all, when the page does not show them.
    pub all: Option<Link>,
}

/// The entries whose text names an entry, for its page; none when there are none.
pub fn cited_by(shelf: &Shelf, from: &Address, ix: EntryIx) -> Option<CitedBy> {
    let citing = citing(shelf, ix);
    let count = citing.len();
    (count > 0).then(|| CitedBy {
        count,
        rows: backlinks(shelf, from, &citing[..list::shown(Listed::CitedBy, count)]),
        all: list::all(shelf, from, (ix, Listed::CitedBy), count),
    })
}

/// The day that an entry last changed in a way that readers care about.
pub fn updated(entry: &Entry) -> Option<PartialDate> {
    match &entry.doc.meta {
        Meta::Norm(norm) => {
            let history = norm.history.iter().filter_map(|event| event.date);
            history.chain(norm.date).chain(norm.reviewed).max()
        }
        Meta::Statement(statement) => statement.date,
        Meta::Theme(_)
        | Meta::Forum(_)
        | Meta::Source(_)
        | Meta::Actor(_)
        | Meta::Term(_)
        | Meta::Page(_) => None,
    }
}

/// The sources that the text cites, once each, in the order of the text; without
/// those that are `named` above them.
pub fn cited(shelf: &Shelf, here: &Address, ix: EntryIx, named: &[EntryIx]) -> Vec<Link> {
    let mut seen: Vec<EntryIx> = named.to_vec();
    let mut links = Vec::new();
    for mention in &shelf.handbook.entry(ix).doc.body.mentions {
        let MentionTarget::Citations(citations) = &mention.target else { continue };
        for citation in citations {
            let target = shelf.target(ix, citation.source.span);
            if let Some(Target::Entry(source, _)) = target
                && !seen.contains(source)
            {
                seen.push(*source);
                links.push(link(shelf, here, *source));
            }
        }
    }
    links
}

/// The sources that fields of an entry name as a whole, in the language of the
/// page `here` where they can be: as its text names them.
pub fn whole<'a>(
    linked: &Linked,
    here: &Address,
    ix: EntryIx,
    sources: impl IntoIterator<Item = &'a meta::SourceRef>,
) -> Vec<EntryIx> {
    let targets = sources.into_iter().filter_map(|source| linked.target(ix, source.r#ref.span));
    let whole = targets.filter_map(|target| match target {
        Target::Entry(source, None) => Some(in_language_of(linked, here, *source)),
        Target::Entry(_, Some(_)) | Target::File(_) => None,
    });
    whole.collect()
}
