//! How a page, or the document that it is about, is cited: BibTeX, RIS
//! (Research Information Systems, 2011) and CSL-JSON (version 1.0.2).
//!
//! Nothing is made up: what the entry and the settings do not say is left
//! out, and the day of access belongs to who cites. The formats stand on the
//! page itself rather than in files beside it, so that they can be copied
//! without scripts and a site has no more files for it.

use serde::Serialize;
use serde_json::{Value, json};

use crate::date::PartialDate;
use crate::digest::Digest;
use crate::link::Linked;
use crate::model::{Entry, EntryIx};
use crate::parse::front_matter::{self as meta, Meta};

/// What is cited, with every format ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// What is cited.
    #[serde(flatten)]
    pub work: Work,
    /// The entry of a BibTeX file.
    pub bibtex: String,
    /// The record of a RIS file.
    pub ris: String,
    /// A CSL-JSON file.
    pub csl: String,
}

/// A page of the handbook, or a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Work {
    /// A name for it in a bibliography's file.
    pub key: String,
    /// Whether it is a document of others and not a page of the handbook.
    pub document: bool,
    /// What a document is: a word of `source-kinds`.
    pub kind: Option<String>,
    /// Who wrote it, by name.
    pub authors: Vec<String>,
    /// The number as printed, or the document's symbol.
    pub number: Option<String>,
    /// Its title.
    pub title: String,
    /// The handbook that the page is part of.
    pub container: Option<String>,
    /// The document's date.
    pub date: Option<PartialDate>,
    /// Who published it.
    pub publisher: Option<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// When the document's address was last seen to work.
    pub accessed: Option<PartialDate>,
    /// Its language (BCP 47).
    pub language: Option<String>,
    /// The last editorial review of the page.
    pub reviewed: Option<PartialDate>,
}

/// How the page of an entry is cited; that of a source as the document.
/// `canonical` is the page's published address, when it is known.
pub(super) fn entry(linked: &Linked, ix: EntryIx, canonical: Option<&str>) -> Citation {
    let entry = linked.handbook.entry(ix);
    let original = linked.handbook.original(ix);
    match &linked.handbook.entry(original).doc.meta {
        Meta::Source(source) => Citation::of(document(linked, original, entry, source)),
        Meta::Norm(norm) => Citation::of(Work {
            number: norm.number.clone(),
            authors: norm.contributors.clone(),
            reviewed: norm.reviewed,
            ..page(linked, entry, canonical)
        }),
        Meta::Theme(_)
        | Meta::Forum(_)
        | Meta::Actor(_)
        | Meta::Statement(_)
        | Meta::Term(_)
        | Meta::Page(_) => Citation::of(page(linked, entry, canonical)),
    }
}

fn page(linked: &Linked, entry: &Entry, canonical: Option<&str>) -> Work {
    let config = &linked.handbook.config;
    let language = entry.translation.as_ref().unwrap_or(&config.language);
    Work {
        key: key(entry),
        title: entry.title().to_owned(),
        container: Some(config.title.clone()),
        url: canonical.map(str::to_owned),
        language: Some(language.clone()),
        ..Work::default()
    }
}

fn document(linked: &Linked, ix: EntryIx, entry: &Entry, source: &meta::SourceDocument) -> Work {
    let author = |name: &crate::span::Spanned<String>| match linked.refers(ix, name) {
        Some(actor) => linked.handbook.entry(actor).title().to_owned(),
        None => name.value.clone(),
    };
    Work {
        key: key(entry),
        document: true,
        kind: source.kind.as_ref().map(|kind| kind.value.clone()),
        authors: source.authors.iter().map(author).collect(),
        number: source.symbol.clone(),
        title: source.title.value.clone(),
        date: source.date.or(source.published),
        publisher: source.publisher.clone(),
        url: source.url.as_ref().map(|url| url.value.clone()),
        accessed: source.accessed,
        language: source.language.clone(),
        ..Work::default()
    }
}

/// A name of letters that every program takes.
fn key(entry: &Entry) -> String {
    let id = entry.key.id.as_str();
    let ascii = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let mut key: String = id.chars().map(ascii).collect();
    if !id.is_ascii() {
        key = format!("{key}-{}", &Digest::of(id.as_bytes()).to_string()[..8]);
    }
    match &entry.translation {
        Some(tag) => format!("{key}-{tag}"),
        None => key,
    }
}

impl Citation {
    /// Writes a work in every format.
    pub fn of(work: Work) -> Citation {
        Citation { bibtex: bibtex(&work), ris: ris(&work), csl: csl(&work), work }
    }
}

impl Work {
    /// The number of a norm is part of its title; a symbol stands by itself.
    fn full_title(&self) -> String {
        match &self.number {
            Some(number) if !self.document => format!("{number} {}", self.title),
            _ => self.title.clone(),
        }
    }

    fn symbol(&self) -> Option<&str> {
        self.number.as_deref().filter(|_| self.document)
    }

    fn note(&self) -> Option<String> {
        self.reviewed.map(|day| format!("Last review {}", day.long()))
    }
}

fn bibtex(work: &Work) -> String {
    let authors: Vec<String> =
        work.authors.iter().map(|author| format!("{{{}}}", tex(author))).collect();
    let day = |day: Option<PartialDate>| day.map(|day| day.to_string());
    let text = |text: Option<&str>| text.map(tex);
    let fields: [(&str, Option<String>); 11] = [
        ("author", Some(authors.join(" and ")).filter(|authors| !authors.is_empty())),
        ("title", Some(format!("{{{}}}", tex(&work.full_title())))),
        ("howpublished", text(work.container.as_deref()).map(|title| format!("In: {{{title}}}"))),
        ("number", text(work.symbol())),
        ("publisher", text(work.publisher.as_deref())),
        ("year", work.date.map(|date| date.year().to_string())),
        ("date", day(work.date)),
        ("url", work.url.as_ref().map(|url| url.replace('{', "%7B").replace('}', "%7D"))),
        ("urldate", day(work.accessed)),
        ("language", text(work.language.as_deref())),
        ("note", work.note().as_deref().map(tex)),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let fields: Vec<String> =
        fields.map(|(name, value)| format!("  {name} = {{{value}}}")).collect();
    format!("@misc{{{},\n{}\n}}\n", work.key, fields.join(",\n"))
}

/// Text in a field of BibTeX, on one line.
fn tex(text: &str) -> String {
    let mut escaped = String::new();
    for word in text.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        for c in word.chars() {
            match c {
                '\\' => escaped.push_str("\\textbackslash{}"),
                '~' => escaped.push_str("\\textasciitilde{}"),
                '^' => escaped.push_str("\\textasciicircum{}"),
                '{' | '}' | '$' | '&' | '#' | '_' | '%' => escaped.extend(['\\', c]),
                c => escaped.push(c),
            }
        }
    }
    escaped
}

fn ris(work: &Work) -> String {
    let kind = match (work.document, work.kind.as_deref()) {
        (false, _) => "ELEC",
        (true, Some("report")) => "RPRT",
        (true, Some("article")) => "JOUR",
        (true, _) => "GEN",
    };
    // A year, month and day with two strokes at least: `2015/07/`.
    let day = |date: PartialDate| {
        let parts = date.to_string();
        let parts: Vec<&str> = parts.split('-').collect();
        format!("{}{}", parts.join("/"), "/".repeat(3 - parts.len()))
    };
    let mut lines = vec![("TY", kind.to_owned())];
    lines.extend(work.authors.iter().map(|author| ("AU", author.clone())));
    let rest = [
        ("TI", Some(work.full_title())),
        ("T2", work.container.clone()),
        ("M1", work.symbol().map(str::to_owned)),
        ("PB", work.publisher.clone()),
        ("PY", work.date.map(|date| date.year().to_string())),
        ("DA", work.date.map(day)),
        ("UR", work.url.clone()),
        ("Y2", work.accessed.map(day)),
        ("LA", work.language.clone()),
        ("N1", work.note()),
        ("ER", Some(String::new())),
    ];
    lines.extend(rest.into_iter().filter_map(|(tag, value)| Some((tag, value?))));
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.iter().map(|(tag, value)| format!("{tag}  - {}\n", one_line(value))).collect()
}

fn csl(work: &Work) -> String {
    let kind = match (work.document, work.kind.as_deref()) {
        (false, _) => "webpage",
        (true, Some("report")) => "report",
        (true, Some("treaty")) => "treaty",
        (true, Some("article")) => "article",
        (true, _) => "document",
    };
    let date = |date: PartialDate| {
        let parts = date.to_string();
        let parts: Vec<u32> = parts.split('-').filter_map(|part| part.parse().ok()).collect();
        json!({ "date-parts": [parts] })
    };
    let authors: Vec<Value> = work.authors.iter().map(|name| json!({ "literal": name })).collect();
    let text = |text: Option<&str>| text.map(Value::from);
    let fields: [(&str, Option<Value>); 12] = [
        ("id", Some(Value::from(work.key.as_str()))),
        ("type", Some(Value::from(kind))),
        ("author", Some(Value::from(authors)).filter(|_| !work.authors.is_empty())),
        ("title", Some(Value::from(work.full_title()))),
        ("container-title", text(work.container.as_deref())),
        ("number", text(work.symbol())),
        ("publisher", text(work.publisher.as_deref())),
        ("issued", work.date.map(date)),
        ("URL", text(work.url.as_deref())),
        ("accessed", work.accessed.map(date)),
        ("language", text(work.language.as_deref())),
        ("note", work.note().map(Value::from)),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let lines: Vec<String> =
        fields.map(|(name, value)| format!("    \"{name}\": {value}")).collect();
    format!("[\n  {{\n{}\n  }}\n]\n", lines.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn norm() -> Work {
        Work {
            key: "set-a".to_owned(),
            authors: vec!["Ada & Co.".to_owned(), "B".to_owned()],
            number: Some("13(d)".to_owned()),
            title: "50 % of {all}".to_owned(),
            container: Some("Norms_1".to_owned()),
            url: Some("https://example.org/a%20b/".to_owned()),
            language: Some("en".to_owned()),
            reviewed: "2026-11".parse().ok(),
            ..Work::default()
        }
    }

    #[test]
    fn bibtex_escapes_what_tex_would_read() {
        let expected = "@misc{set-a,\n  author = {{Ada \\& Co.} and {B}},\n  \
                        title = {{13(d) 50 \\% of \\{all\\}}},\n  \
                        howpublished = {In: {Norms\\_1}},\n  \
                        url = {https://example.org/a%20b/},\n  language = {en},\n  \
                        note = {Last review November 2026}\n}\n";
        assert_eq!(bibtex(&norm()), expected);
    }

    #[test]
    fn ris_has_one_line_a_field_and_ends_its_record() {
        let work = Work {
            document: true,
            kind: Some("report".to_owned()),
            title: "Two\nlines".to_owned(),
            number: Some("A/1".to_owned()),
            date: "2015-07".parse().ok(),
            ..Work::default()
        };
        let expected = "TY  - RPRT\nTI  - Two lines\nM1  - A/1\nPY  - 2015\nDA  - 2015/07/\n\
                        ER  - \n";
        assert_eq!(ris(&work), expected);
    }

    #[test]
    fn csl_is_json_and_leaves_out_what_is_not_known() {
        let parsed: Value = serde_json::from_str(&csl(&norm())).expect("JSON");
        assert_eq!(parsed[0]["title"], "13(d) 50 % of {all}");
        assert_eq!(parsed[0]["author"][0]["literal"], "Ada & Co.");
        assert_eq!(parsed[0].get("issued"), None);
        let document = Work { document: true, date: "2015-07-22".parse().ok(), ..norm() };
        let parsed: Value = serde_json::from_str(&csl(&document)).expect("JSON");
        assert_eq!(parsed[0]["issued"]["date-parts"][0], json!([2015, 7, 22]));
        assert_eq!(parsed[0]["number"], "13(d)");
    }
}
