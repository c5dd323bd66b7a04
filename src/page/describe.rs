//! What a page says of itself to machines, in the words of schema.org
//! (JSON-LD 1.1). It repeats what the page shows and adds nothing.
//!
//! The fields of an object stand in the order of their names.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::cite::Work;
use super::view::Frame;
use crate::config::Config;
use crate::date::PartialDate;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::parse::front_matter::{self as meta, Meta};
use crate::parse::reference::Reference;
use crate::span::Spanned;

/// The description of the handbook's home page.
pub(super) fn site(config: &Config, frame: &Frame<'_>) -> String {
    script(&Value::Object(vec![
        ("@context", text("https://schema.org")),
        ("@type", text("WebSite")),
        ("description", text(&config.description)),
        ("inLanguage", text(frame.language)),
        ("name", text(&config.title)),
        ("url", some(frame.canonical.as_deref())),
    ]))
}

/// The description of an entry's page.
pub(super) fn entry(linked: &Linked, ix: EntryIx, frame: &Frame<'_>, work: &Work<'_>) -> String {
    let entry = linked.handbook.entry(ix);
    let original = linked.handbook.original(ix);
    let config = &linked.handbook.config;
    let website = Value::Object(vec![
        ("@type", text("WebSite")),
        ("name", text(&config.title)),
        ("url", some(config.base_url.as_deref())),
    ]);
    script(&Value::Object(vec![
        ("@context", text("https://schema.org")),
        ("@type", text("WebPage")),
        ("contributor", if work.document { Value::None } else { list(&work.authors) }),
        ("description", some(entry.doc.meta.common().summary)),
        ("inLanguage", text(frame.language)),
        ("isPartOf", website),
        ("lastReviewed", day(work.reviewed)),
        ("mainEntity", about(linked, original, work)),
        ("name", text(entry.title())),
        ("url", some(frame.canonical.as_deref())),
    ]))
}

/// What the page is about.
fn about<'a>(linked: &'a Linked, ix: EntryIx, work: &'a Work<'_>) -> Value<'a> {
    let handbook = &linked.handbook;
    let entry = handbook.entry(ix);
    let name = ("name", text(entry.title()));
    match &entry.doc.meta {
        Meta::Norm(norm) => about_norm(linked, ix, norm),
        Meta::Source(source) => Value::Object(vec![
            ("@type", text("CreativeWork")),
            ("author", list(&work.authors)),
            ("datePublished", day(work.date)),
            ("identifier", some(source.symbol.as_deref())),
            ("inLanguage", some(source.language.as_deref())),
            name,
            ("publisher", some(source.publisher.as_deref())),
            ("url", some(work.url.as_deref())),
        ]),
        Meta::Statement(statement) => Value::Object(vec![
            ("@type", text("CreativeWork")),
            ("creator", titles(linked, ix, &statement.actors)),
            ("dateCreated", day(statement.date)),
            name,
        ]),
        Meta::Term(term) => Value::Object(vec![
            ("@type", text("DefinedTerm")),
            ("alternateName", list(&term.also)),
            ("inDefinedTermSet", text(&handbook.config.title)),
            name,
        ]),
        Meta::Theme(_) | Meta::Forum(_) | Meta::Actor(_) | Meta::Page(_) => Value::None,
    }
}

fn about_norm<'a>(linked: &'a Linked, ix: EntryIx, norm: &'a meta::Norm) -> Value<'a> {
    let handbook = &linked.handbook;
    let words = &handbook.config.vocabularies;
    let source = norm.source.as_ref().and_then(|source| linked.refers(ix, &source.r#ref));
    let source = source.map_or(Value::None, |source| {
        let source = handbook.entry(source);
        let symbol = Some(source.label()).filter(|label| *label != source.title());
        Value::Object(vec![
            ("@type", text("CreativeWork")),
            ("identifier", some(symbol)),
            ("name", text(source.title())),
        ])
    });
    Value::Object(vec![
        ("@type", text("CreativeWork")),
        ("about", titles(linked, ix, &norm.themes)),
        ("creativeWorkStatus", text(words.statuses.label(handbook.status(norm)))),
        ("dateCreated", day(norm.date)),
        ("identifier", some(norm.number.as_deref())),
        ("isPartOf", source),
        ("name", text(&norm.title)),
    ])
}

/// The titles of the entries that a field of an entry names.
fn titles<'a>(linked: &'a Linked, ix: EntryIx, field: &[Spanned<Reference>]) -> Value<'a> {
    let entries = field.iter().filter_map(|reference| linked.refers(ix, reference));
    Value::List(entries.map(|entry| linked.handbook.entry(entry).title()).collect())
}

/// A part of a description; what is empty does not stand in it.
enum Value<'a> {
    None,
    Text(Cow<'a, str>),
    List(Vec<&'a str>),
    Object(Vec<(&'static str, Value<'a>)>),
}

impl Value<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Value::None => true,
            Value::Text(text) => text.is_empty(),
            Value::List(texts) => texts.is_empty(),
            Value::Object(_) => false,
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::None => serializer.serialize_none(),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(texts) => serializer.collect_seq(texts),
            Value::Object(fields) => {
                let known = fields.iter().filter(|(_, value)| !value.is_empty());
                serializer.collect_map(known.map(|(name, value)| (name, value)))
            }
        }
    }
}

fn text(text: &str) -> Value<'_> {
    Value::Text(text.into())
}

fn some(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::None, |text| Value::Text(text.into()))
}

fn day(day: Option<PartialDate>) -> Value<'static> {
    day.map_or(Value::None, |day| Value::Text(day.to_string().into()))
}

fn list<T: AsRef<str>>(items: &[T]) -> Value<'_> {
    Value::List(items.iter().map(AsRef::as_ref).collect())
}

/// JSON that can stand in an element `script`: nothing in it ends the element.
fn script(value: &Value<'_>) -> String {
    let json = serde_json::to_string(value).expect("invariant: texts can be written as JSON");
    if json.contains('<') { json.replace('<', "\\u003c") } else { json }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_around_it() {
        let value = Value::Object(vec![("name", text("</script><!--")), ("url", some(None))]);
        assert_eq!(script(&value), r#"{"name":"\u003c/script>\u003c!--"}"#);
    }
}
