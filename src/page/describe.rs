//! What a page says of itself to machines, in the words of schema.org
//! (JSON-LD 1.1). It repeats what the page shows and adds nothing.

use serde_json::{Map, Value, json};

use super::cite::Work;
use super::view::Frame;
use crate::date::PartialDate;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::parse::front_matter::{self as meta, Meta};

/// The description of the handbook's home page.
pub(super) fn site(frame: &Frame<'_>) -> String {
    script(&object([
        ("@context", text(Some("https://schema.org"))),
        ("@type", text(Some("WebSite"))),
        ("name", text(Some(frame.site_title))),
        ("description", text(Some(frame.site_description))),
        ("inLanguage", text(Some(frame.language))),
        ("url", text(frame.canonical.as_deref())),
    ]))
}

/// The description of an entry's page.
pub(super) fn entry(linked: &Linked, ix: EntryIx, frame: &Frame<'_>, work: &Work) -> String {
    let entry = linked.handbook.entry(ix);
    let original = linked.handbook.original(ix);
    let website = object([
        ("@type", text(Some("WebSite"))),
        ("name", text(Some(frame.site_title))),
        ("url", text(frame.base_url)),
    ]);
    let authors = match work.document {
        false => work.authors.clone(),
        true => Vec::new(),
    };
    script(&object([
        ("@context", text(Some("https://schema.org"))),
        ("@type", text(Some("WebPage"))),
        ("name", text(Some(entry.title()))),
        ("description", text(entry.doc.meta.common().summary)),
        ("inLanguage", text(Some(frame.language))),
        ("url", text(frame.canonical.as_deref())),
        ("isPartOf", website),
        ("contributor", list(authors)),
        ("lastReviewed", day(work.reviewed)),
        ("mainEntity", about(linked, original, work)),
    ]))
}

/// What the page is about.
fn about(linked: &Linked, ix: EntryIx, work: &Work) -> Value {
    let handbook = &linked.handbook;
    let entry = handbook.entry(ix);
    let name = ("name", text(Some(entry.title())));
    match &entry.doc.meta {
        Meta::Norm(norm) => about_norm(linked, ix, norm),
        Meta::Source(source) => object([
            ("@type", text(Some("CreativeWork"))),
            name,
            ("identifier", text(source.symbol.as_deref())),
            ("author", list(work.authors.clone())),
            ("datePublished", day(work.date)),
            ("publisher", text(source.publisher.as_deref())),
            ("inLanguage", text(source.language.as_deref())),
            ("url", text(work.url.as_deref())),
        ]),
        Meta::Statement(statement) => {
            let actors = statement.actors.iter().filter_map(|actor| linked.refers(ix, actor));
            let actors = actors.map(|actor| handbook.entry(actor).title().to_owned());
            object([
                ("@type", text(Some("CreativeWork"))),
                name,
                ("creator", list(actors.collect())),
                ("dateCreated", day(statement.date)),
            ])
        }
        Meta::Term(term) => object([
            ("@type", text(Some("DefinedTerm"))),
            name,
            ("alternateName", list(term.also.clone())),
            ("inDefinedTermSet", text(Some(&handbook.config.title))),
        ]),
        Meta::Theme(_) | Meta::Forum(_) | Meta::Actor(_) | Meta::Page(_) => Value::Null,
    }
}

fn about_norm(linked: &Linked, ix: EntryIx, norm: &meta::Norm) -> Value {
    let handbook = &linked.handbook;
    let words = &handbook.config.vocabularies;
    let titles = |references: &[crate::span::Spanned<crate::parse::reference::Reference>]| {
        let entries = references.iter().filter_map(|reference| linked.refers(ix, reference));
        list(entries.map(|entry| handbook.entry(entry).title().to_owned()).collect())
    };
    let source = norm.source.as_ref().and_then(|source| linked.refers(ix, &source.r#ref));
    let source = source.map_or(Value::Null, |source| {
        let source = handbook.entry(source);
        let symbol = Some(source.label()).filter(|label| *label != source.title());
        object([
            ("@type", text(Some("CreativeWork"))),
            ("name", text(Some(source.title()))),
            ("identifier", text(symbol)),
        ])
    });
    object([
        ("@type", text(Some("CreativeWork"))),
        ("name", text(Some(norm.title.as_str()))),
        ("identifier", text(norm.number.as_deref())),
        ("creativeWorkStatus", text(Some(words.statuses.label(handbook.status(norm))))),
        ("dateCreated", day(norm.date)),
        ("about", titles(&norm.themes)),
        ("isPartOf", source),
    ])
}

/// An object of the fields that have a value.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let known = fields.into_iter().filter(|(_, value)| !value.is_null());
    let known: Map<String, Value> = known.map(|(name, value)| (name.to_owned(), value)).collect();
    Value::Object(known)
}

fn text(text: Option<&str>) -> Value {
    text.filter(|text| !text.is_empty()).map_or(Value::Null, Value::from)
}

fn day(day: Option<PartialDate>) -> Value {
    day.map_or(Value::Null, |day| json!(day.to_string()))
}

fn list(items: Vec<String>) -> Value {
    if items.is_empty() { Value::Null } else { Value::from(items) }
}

/// JSON that can stand in an element `script`: nothing in it ends the element.
fn script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_the_element_around_it() {
        let value = object([("name", text(Some("</script><!--"))), ("url", text(None))]);
        assert_eq!(script(&value), r#"{"name":"\u003c/script>\u003c!--"}"#);
    }
}
