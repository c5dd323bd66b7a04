//! What the theme's script shows of an entry before its link is followed.
//!
//! Plain scripts, because pages opened from disk may load nothing else. Every
//! record stands under its page's address, with the anchor where it is about
//! a part, in a file chosen by the address's digest; so a preview costs one or
//! two small files, whatever the size of the handbook, and an edit changes
//! only the files of its entry.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Export, File};
use crate::date::PartialDate;
use crate::html::{self, place::Place};
use crate::id::Kind;
use crate::link::target::Field;
use crate::link::{Linked, Target, routes};
use crate::model::{Entry, EntryIx};
use crate::page::positions;
use crate::parse::front_matter::Meta;
use crate::path::Address;

pub(super) const EXPORT: Export = Export { name: "previews", files };

/// How many records a file has on average: of at most about a kilobyte each,
/// and half of that as a rule, so that a file stays below 50 kB.
const RECORDS_IN_A_FILE: usize = 48;

/// How much of a text is shown, in characters.
const LONGEST_TEXT: usize = 420;
const LONGEST_SUMMARY: usize = 320;

/// An entry, or the part of it that an anchor names.
type Key = (EntryIx, Option<Box<str>>);

fn files(linked: &Linked) -> Vec<File> {
    let keys = keys(linked);
    let count = keys.len().div_ceil(RECORDS_IN_A_FILE).max(1);
    let mut files: Vec<BTreeMap<String, Key>> = vec![BTreeMap::new(); count];
    for key in keys {
        let name = name(linked.routes.entry(key.0), key.1.as_deref());
        files[fnv_1a(&name) as usize % count].insert(name, key);
    }
    let index = File::new(routes::previews("index.js"), move |_| {
        format!("normbook.previews({{}}, {count});\n").into_bytes()
    });
    let files = files.into_iter().enumerate().map(|(number, keys)| {
        let address = routes::previews(&format!("{number}.js"));
        File::new(address, move |linked| file(linked, &keys))
    });
    files.chain([index]).collect()
}

/// All entries, and all of their parts that anything leads to.
fn keys(linked: &Linked) -> BTreeSet<Key> {
    let handbook = &linked.handbook;
    let mut keys = BTreeSet::new();
    for (ix, entry) in handbook.all().filter(|(ix, _)| *linked.routes.entry(*ix) != routes::home())
    {
        keys.insert((ix, None));
        if let Meta::Statement(statement) = &entry.doc.meta {
            let positions = 0..statement.positions.len();
            keys.extend(positions.map(|at| (ix, Some(positions::anchor(at).into()))));
        }
    }
    for (ix, _) in handbook.all() {
        for (_, target) in linked.targets(ix) {
            let Target::Entry(to, Some(anchor)) = target else { continue };
            // Links from a translation lead to the translation of their target.
            let same = handbook.translations(&handbook.entry(*to).key);
            keys.extend([*to].into_iter().chain(same).map(|to| (to, Some(anchor.clone()))));
        }
    }
    keys
}

/// The name under which the script looks for a record.
fn name(address: &Address, anchor: Option<&str>) -> String {
    let page = address.as_str();
    let page = page.strip_suffix("index.html").unwrap_or(page);
    match anchor {
        Some(anchor) => format!("{page}#{anchor}"),
        None => page.to_owned(),
    }
}

/// A digest that a script can compute in a line: FNV-1a of 32 bits (Fowler,
/// Noll and Vo, RFC 9923), over UTF-8.
fn fnv_1a(text: &str) -> u32 {
    let step = |digest: u32, byte: u8| (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, step)
}

/// One record a line, so that a difference of two builds can be read.
fn file(linked: &Linked, keys: &BTreeMap<String, Key>) -> Vec<u8> {
    let records = keys.iter().filter_map(|(name, (ix, anchor))| {
        let record = match anchor {
            Some(anchor) => part(linked, *ix, anchor)?,
            None => whole(linked, *ix),
        };
        let record = serde_json::to_string(&record).expect("invariant: records are plain data");
        Some(format!("{}:{record}", serde_json::Value::from(name.as_str())))
    });
    let records: Vec<String> = records.collect();
    format!("normbook.previews({{\n{}\n}});\n", records.join(",\n")).into_bytes()
}

/// What is shown of an entry or of a part of it.
#[derive(Debug, Default, Serialize)]
struct Record {
    /// The number, symbol or other short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    title: String,
    /// The kind, and what else is short and says where it stands.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// The language, where it is not the handbook's.
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
}

fn whole(linked: &Linked, ix: EntryIx) -> Record {
    let entry = linked.handbook.entry(ix);
    let own = entry.doc.meta.common().summary.map(str::to_owned);
    let text = own.or_else(|| first_words(linked, ix)).map(|text| shorten(&text, LONGEST_SUMMARY));
    Record {
        label: (entry.label() != entry.title()).then(|| entry.label().to_owned()),
        title: entry.title().to_owned(),
        facts: facts(linked, ix),
        text,
        lang: entry.translation.clone(),
    }
}

/// The beginning of an entry's text, where it has no summary.
fn first_words(linked: &Linked, ix: EntryIx) -> Option<String> {
    let entry = linked.handbook.entry(ix);
    if let Some(text) = &entry.doc.body.norm_text
        && let Some(unit) = text.units.first()
    {
        return Some(format!("“{}”", text.words(&entry.doc.text, unit)));
    }
    if entry.key.kind == Kind::Norm {
        return None;
    }
    let html = html::prose(linked, ix, Place::alone(linked.routes.entry(ix))).commentary;
    let start = html.find("<p>")?;
    let length = html[start..].find("</p>")?;
    Some(html::text(&html[start..start + length])).filter(|text| !text.is_empty())
}

fn facts(linked: &Linked, ix: EntryIx) -> Vec<String> {
    let handbook = &linked.handbook;
    let words = &handbook.config.vocabularies;
    let entry = handbook.entry(ix);
    // A translation has the facts of its original.
    let original = handbook.original(ix);
    let day = |date: Option<PartialDate>| date.map(PartialDate::long);
    let norms = |field: Field| match linked.by_field(original, Kind::Norm, &[field]).len() {
        1 => Some("1 norm".to_owned()),
        norms => Some(format!("{norms} norms")),
    };
    let kind = Some(kind_of(entry).to_owned());
    let facts = match &handbook.entry(original).doc.meta {
        Meta::Norm(norm) => {
            let status = words.statuses.label(handbook.status(norm)).to_owned();
            vec![kind, Some(status), day(norm.date)]
        }
        Meta::Source(source) => {
            let word = source.kind.as_ref().map(|kind| words.source_kinds.label(kind).to_owned());
            vec![word.or(kind), day(source.date)]
        }
        Meta::Actor(actor) => {
            let word = actor.kind.as_ref().map(|kind| words.actor_kinds.label(kind).to_owned());
            vec![word.or(kind)]
        }
        Meta::Statement(statement) => {
            let actors = statement.actors.iter().filter_map(|a| linked.refers(original, a));
            let actors = actors.map(|actor| Some(handbook.entry(actor).title().to_owned()));
            [kind].into_iter().chain(actors).chain([day(statement.date)]).collect()
        }
        Meta::Theme(_) => vec![kind, norms(Field::Themes)],
        Meta::Forum(forum) => vec![kind, forum.abbreviation.clone(), norms(Field::Forums)],
        Meta::Term(_) | Meta::Page(_) => vec![kind],
    };
    facts.into_iter().flatten().collect()
}

fn kind_of(entry: &Entry) -> &'static str {
    match entry.key.kind {
        Kind::Norm => "Norm",
        Kind::Theme => "Theme",
        Kind::Forum => "Forum",
        Kind::Source => "Source",
        Kind::Actor => "Actor",
        Kind::Statement => "Statement",
        Kind::Term => "Term",
        Kind::Page => "Page",
    }
}

/// The part of an entry that an anchor names; nothing where the entry, such
/// as a translation, does not have it.
fn part(linked: &Linked, ix: EntryIx, anchor: &str) -> Option<Record> {
    let record = |title: String, facts: Vec<String>, text: &str| Record {
        title,
        facts,
        text: Some(shorten(text, LONGEST_TEXT)).filter(|text| !text.is_empty()),
        ..Record::default()
    };
    let entry = linked.handbook.entry(ix);
    if let Meta::Statement(statement) = &entry.doc.meta {
        let mut all = statement.positions.iter().enumerate();
        if let Some((_, said)) = all.find(|(at, _)| positions::anchor(*at) == anchor) {
            let stance = linked.handbook.config.vocabularies.stances.label(&said.stance);
            let on = linked.target(ix, said.on.span).map(|target| linked.label(target))?;
            let quote = said.quote.as_ref().map(|quote| format!("“{quote}”"));
            let words = quote.or_else(|| said.note.clone()).unwrap_or_default();
            let facts = said.locator.iter().cloned().collect();
            return Some(record(format!("{stance}: {on}"), facts, &words));
        }
    }
    let title = linked.anchor_label(ix, anchor)?;
    let body = &entry.doc.body;
    if let Some(text) = &body.norm_text
        && let Some(unit) = text.units.iter().find(|unit| *unit.anchor == *anchor)
    {
        return Some(record(title, Vec::new(), &text.words(&entry.doc.text, unit)));
    }
    let prose = html::prose(linked, ix, Place::alone(linked.routes.entry(ix)));
    let mut notes = body.annotations.iter().flat_map(|section| &section.annotations);
    if let Some(note) = notes.position(|note| *note.anchor == *anchor) {
        return Some(record(title, Vec::new(), &html::text(&prose.annotations[note])));
    }
    let place = format!(" id=\"{}\"", html::escape(anchor));
    let (_, after) = prose.commentary.split_once(&place)?;
    let (_, after) = after.split_once("</h")?;
    let section = after.split_once('>').map_or("", |(_, section)| section);
    let section = section.split("<h").next().unwrap_or_default();
    Some(record(title, Vec::new(), &html::text(section)))
}

/// The beginning of a text, cut between words.
fn shorten(text: &str, limit: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(limit) else { return text };
    let cut = text[..end].rfind(' ').filter(|cut| *cut > end / 2).unwrap_or(end);
    format!("{} …", text[..cut].trim_end_matches([',', ';', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_one_of_the_standard() {
        assert_eq!(fnv_1a(""), 0x811c_9dc5);
        assert_eq!(fnv_1a("a"), 0xe40c_292c);
        assert_eq!(fnv_1a("foobar"), 0xbf9c_f968);
    }

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(shorten("one  two\nthree", 99), "one two three");
        assert_eq!(shorten("one two, three", 11), "one two …");
        assert_eq!(shorten("一二三四五六", 4), "一二三四 …");
    }
}
