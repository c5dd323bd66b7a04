//! What of an entry is searched, and how much each part of it weighs.

use std::borrow::Cow;

use crate::link::Linked;
use crate::model::EntryIx;
use crate::parse::Doc;
use crate::parse::front_matter::{Members, Meta};

/// Numbers, symbols and other short names.
const NAME: u32 = 14;
const TITLE: u32 = 8;
const SUMMARY: u32 = 4;
/// The norm's own words.
const NORM_TEXT: u32 = 3;
const HEADING: u32 = 3;
const ANNOTATION: u32 = 2;
const COMMENTARY: u32 = 1;

/// Hands out the texts of an entry, each with its weight: those of its file,
/// and those that its references show.
pub(super) fn each(linked: &Linked, ix: EntryIx, take: &mut dyn FnMut(u32, &str)) {
    let doc = &linked.handbook.entry(ix).doc;
    fields(doc).for_each(|(weight, text)| take(weight, text));
    blocks(doc).for_each(|(weight, words)| take(weight, &words));
    for mention in &doc.body.plain.labels {
        take(COMMENTARY, &linked.mention_label(ix, *mention as usize));
    }
}

/// The texts of the front matter.
fn fields(doc: &Doc) -> impl Iterator<Item = (u32, &str)> {
    let common = doc.meta.common();
    let mut fields = vec![(TITLE, common.title.as_str())];
    fields.extend(common.summary.map(|summary| (SUMMARY, summary)));
    fields.extend(short_name(&doc.meta).map(|name| (NAME, name)));
    fields.extend(also(&doc.meta).map(|name| (TITLE, name)));
    fields.extend(further(&doc.meta).into_iter().map(|text| (COMMENTARY, text)));
    fields.into_iter()
}

/// The words of the body.
fn blocks(doc: &Doc) -> impl Iterator<Item = (u32, Cow<'_, str>)> {
    let body = &doc.body;
    let norm_text = body.norm_text.as_ref().map(|text| text.span);
    let notes = body.annotations.as_ref().map(|section| section.span);
    let mut headings = body.headings.iter().map(|heading| heading.span).peekable();
    body.plain.blocks(&doc.text).map(move |(at, words)| {
        while headings.next_if(|heading| heading.end() <= at).is_some() {}
        let inside = |span: crate::span::Span| span.start() <= at && at < span.end();
        let weight = match () {
            () if norm_text.is_some_and(inside) => NORM_TEXT,
            () if notes.is_some_and(inside) => ANNOTATION,
            () if headings.peek().is_some_and(|heading| inside(*heading)) => HEADING,
            () => COMMENTARY,
        };
        (weight, words)
    })
}

/// The number, symbol, abbreviation or code of an entry.
pub(super) fn short_name(meta: &Meta) -> Option<&str> {
    match meta {
        Meta::Norm(norm) => norm.number.as_deref(),
        Meta::Source(source) => source.symbol.as_deref(),
        Meta::Forum(forum) => forum.abbreviation.as_deref(),
        Meta::Actor(actor) => actor.code.as_ref().map(|code| code.value.as_str()),
        Meta::Theme(_) | Meta::Statement(_) | Meta::Term(_) | Meta::Page(_) => None,
    }
}

/// Other names of an entry.
fn also(meta: &Meta) -> impl Iterator<Item = &str> {
    let also = match meta {
        Meta::Term(term) => term.also.as_slice(),
        Meta::Norm(_)
        | Meta::Theme(_)
        | Meta::Forum(_)
        | Meta::Source(_)
        | Meta::Actor(_)
        | Meta::Statement(_)
        | Meta::Page(_) => &[],
    };
    also.iter().map(String::as_str)
}

/// Sentences of the front matter that the page shows.
pub(super) fn further(meta: &Meta) -> Vec<&str> {
    let sentences: Vec<Option<&str>> = match meta {
        Meta::Norm(norm) => {
            let relations = norm.relations.iter().map(|relation| relation.note.as_deref());
            relations.chain(norm.history.iter().map(|event| event.note.as_deref())).collect()
        }
        Meta::Forum(forum) => {
            let members = match &forum.members {
                Some(Members::Text(text)) => Some(text.as_str()),
                Some(Members::Actors(_)) | None => None,
            };
            let events = forum.events.iter().map(|event| Some(event.title.as_str()));
            [members].into_iter().chain(events).collect()
        }
        Meta::Source(source) => {
            let authors = source.authors.iter().map(|author| Some(author.value.as_str()));
            let rest = [source.publisher.as_deref(), source.partial.as_deref()];
            authors.chain(rest).collect()
        }
        Meta::Statement(statement) => {
            let positions = statement.positions.iter();
            positions.flat_map(|said| [said.quote.as_deref(), said.note.as_deref()]).collect()
        }
        Meta::Theme(_) | Meta::Actor(_) | Meta::Term(_) | Meta::Page(_) => Vec::new(),
    };
    sentences.into_iter().flatten().collect()
}
