//! What is shown of a document that was found.
//!
//! A document is one text of lines: its address from the search page, title,
//! short name, facts with ` · ` between them, language where it is not the
//! handbook's, summary; then its words, a block a line. The script looks among
//! those for the sentence that matches best. A line that begins with a tab says
//! at which anchor those after it stand.

use std::ops::Range;

use super::fields;
use super::postings::hash;
use crate::date::PartialDate;
use crate::link::{Linked, routes};
use crate::model::EntryIx;
use crate::parse::body::Body;
use crate::parse::front_matter::Meta;
use crate::parse::plain::PLACEHOLDER;

/// A digest of what a file of texts is made of, without making it: the files of
/// its entries, where their pages stand, and what they show of other entries
/// and of the settings.
pub(super) fn mark(linked: &Linked, range: Range<usize>) -> u64 {
    let add =
        |sum: u64, part: u64| (sum ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    range.map(EntryIx::new).fold(0, |sum, ix| {
        let doc = &linked.handbook.entry(ix).doc;
        let file = doc.digest.as_bytes().iter().take(8);
        let file = file.fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let labels = doc.body.plain.labels.iter();
        let labels = labels.map(|mention| hash(&linked.mention_label(ix, *mention as usize)));
        let facts = facts(linked, ix).into_iter().map(|fact| hash(&fact));
        let own = [file, hash(linked.routes.entry(ix).as_str())];
        own.into_iter().chain(labels).chain(facts).fold(sum, add)
    })
}

/// The text of a document.
pub(super) fn text(linked: &Linked, ix: EntryIx) -> String {
    let entry = linked.handbook.entry(ix);
    let doc = &entry.doc;
    let mut text = linked.routes.entry(ix).href_from(&routes::search());
    line(&mut text, entry.title());
    line(&mut text, fields::short_name(&doc.meta).unwrap_or_default());
    line(&mut text, &facts(linked, ix).join(" · "));
    line(&mut text, entry.translation.as_deref().unwrap_or_default());
    line(&mut text, doc.meta.common().summary.unwrap_or_default());
    fields::further(&doc.meta).into_iter().for_each(|sentence| line(&mut text, sentence));
    let mut labels = doc.body.plain.labels.iter();
    let mut anchors = anchors(&doc.body).into_iter().peekable();
    for (at, words) in doc.body.plain.blocks(&doc.text) {
        let passed = std::iter::from_fn(|| anchors.next_if(|(from, _)| *from <= at));
        if let Some((_, anchor)) = passed.last() {
            text.push_str("\n\t");
            text.push_str(anchor);
        }
        let mut parts = words.split(PLACEHOLDER);
        line(&mut text, parts.next().unwrap_or_default());
        for part in parts {
            let label = labels.next().map(|mention| linked.mention_label(ix, *mention as usize));
            text.push_str(&label.unwrap_or_default());
            text.push_str(part);
        }
    }
    text
}

/// Where the parts of a body that have an anchor begin; an empty one where the
/// norm's text ends, which readers call by its own anchors.
fn anchors(body: &Body) -> Vec<(usize, &str)> {
    let norm_text = body.norm_text.iter();
    let units = norm_text.clone().flat_map(|text| &text.units);
    let notes = body.annotations.iter().flat_map(|section| &section.annotations);
    let mut anchors: Vec<(usize, &str)> = norm_text.map(|text| (text.span.end(), "")).collect();
    anchors.extend(units.map(|unit| (unit.start, &*unit.anchor)));
    anchors.extend(notes.map(|note| (note.heading.start(), &*note.anchor)));
    // The page has its own heading above the notes.
    let section = body.annotations.as_ref().map(|section| section.span);
    let noted = |at: usize| section.is_some_and(|span| span.start() <= at && at < span.end());
    let headings = body.headings.iter().filter(|heading| !noted(heading.span.start()));
    anchors.extend(headings.map(|heading| (heading.span.start(), &*heading.anchor)));
    anchors.sort_by_key(|(at, _)| *at);
    anchors
}

/// Adds a line; what looks like the end of one becomes a space, and none begins
/// with a tab.
fn line(text: &mut String, words: &str) {
    let words = words.trim_start_matches('\t');
    text.push('\n');
    match words.contains('\n') {
        true => text.extend(words.trim_end().chars().map(|c| if c == '\n' { ' ' } else { c })),
        false => text.push_str(words),
    }
}

/// What is short and says where an entry stands.
fn facts(linked: &Linked, ix: EntryIx) -> Vec<String> {
    let handbook = &linked.handbook;
    let words = &handbook.config.vocabularies;
    // A translation has the facts of its original.
    let original = handbook.original(ix);
    let day = |date: Option<PartialDate>| date.map(PartialDate::long);
    let facts = match &handbook.entry(original).doc.meta {
        Meta::Norm(norm) => {
            let set = handbook.set_of(ix).filter(|(set, _)| !set.id.is_empty());
            let set = set.map(|(set, _)| set.label.clone());
            let status = words.statuses.label(handbook.status(norm)).to_owned();
            vec![Some(status), set, day(norm.date)]
        }
        Meta::Source(source) => {
            let kind = source.kind.as_ref();
            vec![kind.map(|kind| words.source_kinds.label(kind).to_owned()), day(source.date)]
        }
        Meta::Actor(actor) => {
            vec![actor.kind.as_ref().map(|kind| words.actor_kinds.label(kind).to_owned())]
        }
        Meta::Statement(statement) => {
            let actors = statement.actors.iter().filter_map(|a| linked.refers(original, a));
            let actors = actors.map(|actor| Some(handbook.entry(actor).title().to_owned()));
            actors.chain([day(statement.date)]).collect()
        }
        Meta::Forum(forum) => vec![forum.established.map(PartialDate::long)],
        Meta::Theme(_) | Meta::Term(_) | Meta::Page(_) => Vec::new(),
    };
    facts.into_iter().flatten().collect()
}
