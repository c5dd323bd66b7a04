//! How a page, or the document that it is about, is cited: BibTeX, RIS
//! (Research Information Systems, 2011) and CSL-JSON (version 1.0.2).
//!
//! Nothing is made up: what the entry and the settings do not say is left
//! out, and the day of access belongs to who cites. The formats stand on the
//! page itself rather than in files beside it, so that they can be copied
//! without scripts and a site has no more files for it.

use std::borrow::Cow;

use serde::Serialize;

use crate::date::PartialDate;
use crate::digest::Digest;
use crate::link::Linked;
use crate::model::{Entry, EntryIx};
use crate::parse::front_matter::{self as meta, Meta};
use crate::span::Spanned;

/// Room for a work in one format, in bytes; most take less.
const ROOM: usize = 512;

/// The characters that mean something to TeX.
const TEX: [char; 10] = ['\\', '~', '^', '{', '}', '$', '&', '#', '_', '%'];

/// How a page of the handbook is cited, or a document, with every format ready.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation<'a> {
    /// A name for it in a bibliography's file.
    pub key: String,
    /// Who wrote it, by name.
    pub authors: Vec<&'a str>,
    /// Its title; that of a norm's page begins with the norm's number.
    pub title: Cow<'a, str>,
    /// A document's symbol.
    pub number: Option<&'a str>,
    /// The handbook that the page is part of.
    pub container: Option<&'a str>,
    /// The document's date.
    pub date: Option<PartialDate>,
    /// Who published it.
    pub publisher: Option<&'a str>,
    /// Where it can be read.
    pub url: Option<Cow<'a, str>>,
    /// Its language (BCP 47).
    pub language: Option<&'a str>,
    /// The entry of a BibTeX file.
    pub bibtex: String,
    /// The record of a RIS file.
    pub ris: String,
    /// A CSL-JSON file.
    pub csl: String,
}

/// What is cited: a page of the handbook, or a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Work<'a> {
    pub key: String,
    /// Whether it is a document of others and not a page of the handbook.
    pub document: bool,
    /// What a document is: a word of `source-kinds`.
    pub kind: Option<&'a str>,
    pub authors: Vec<&'a str>,
    /// The number as printed, or the document's symbol.
    pub number: Option<&'a str>,
    pub title: &'a str,
    pub container: Option<&'a str>,
    pub date: Option<PartialDate>,
    pub publisher: Option<&'a str>,
    pub url: Option<Cow<'a, str>>,
    /// When the document's address was last seen to work.
    pub accessed: Option<PartialDate>,
    pub language: Option<&'a str>,
    /// The last editorial review of the page.
    pub reviewed: Option<PartialDate>,
}

/// What is cited of an entry: its page; of a source the document. `canonical` is
/// the page's published address, when it is known.
pub(super) fn work<'a>(linked: &'a Linked, ix: EntryIx, canonical: Option<&str>) -> Work<'a> {
    let entry = linked.handbook.entry(ix);
    let original = linked.handbook.original(ix);
    match &linked.handbook.entry(original).doc.meta {
        Meta::Source(source) => document(linked, original, entry, source),
        Meta::Norm(norm) => Work {
            number: norm.number.as_deref(),
            authors: norm.contributors.iter().map(String::as_str).collect(),
            reviewed: norm.reviewed,
            ..page(linked, entry, canonical)
        },
        Meta::Theme(_)
        | Meta::Forum(_)
        | Meta::Actor(_)
        | Meta::Statement(_)
        | Meta::Term(_)
        | Meta::Page(_) => page(linked, entry, canonical),
    }
}

fn page<'a>(linked: &'a Linked, entry: &'a Entry, canonical: Option<&str>) -> Work<'a> {
    let config = &linked.handbook.config;
    let language = entry.translation.as_ref().unwrap_or(&config.language);
    Work {
        key: key(entry),
        title: entry.title(),
        container: Some(&config.title),
        url: canonical.map(|url| url.to_owned().into()),
        language: Some(language),
        ..Work::default()
    }
}

fn document<'a>(
    linked: &'a Linked,
    ix: EntryIx,
    entry: &Entry,
    source: &'a meta::SourceDocument,
) -> Work<'a> {
    let author = |name: &'a Spanned<String>| match linked.refers(ix, name) {
        Some(actor) => linked.handbook.entry(actor).title(),
        None => name.value.as_str(),
    };
    Work {
        key: key(entry),
        document: true,
        kind: source.kind.as_ref().map(|kind| kind.value.as_str()),
        authors: source.authors.iter().map(author).collect(),
        number: source.symbol.as_deref(),
        title: &source.title.value,
        date: source.date.or(source.published),
        publisher: source.publisher.as_deref(),
        url: source.url.as_ref().map(|url| url.value.as_str().into()),
        accessed: source.accessed,
        language: source.language.as_deref(),
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

impl<'a> Work<'a> {
    /// Writes the citation in every format.
    pub(super) fn citation(self) -> Citation<'a> {
        Citation {
            bibtex: bibtex(&self),
            ris: ris(&self),
            csl: csl(&self),
            title: self.full_title(),
            number: self.symbol(),
            key: self.key,
            authors: self.authors,
            container: self.container,
            date: self.date,
            publisher: self.publisher,
            url: self.url,
            language: self.language,
        }
    }

    /// The number of a norm is part of its title; a symbol stands by itself.
    fn full_title(&self) -> Cow<'a, str> {
        match self.number {
            Some(number) if !self.document => [number, " ", self.title].concat().into(),
            _ => self.title.into(),
        }
    }

    fn symbol(&self) -> Option<&'a str> {
        self.number.filter(|_| self.document)
    }

    fn note(&self) -> Option<String> {
        self.reviewed.map(|day| format!("Last review {}", day.long()))
    }
}

fn bibtex(work: &Work<'_>) -> String {
    let mut entry = String::with_capacity(ROOM);
    entry.extend(["@misc{", &work.key]);
    let mut field = |name: &str, before: &str, value: Option<&str>, after: &str| {
        if let Some(value) = value {
            entry.extend([",\n  ", name, " = {", before, value, after, "}"]);
        }
    };
    let text = |text: Option<&str>| text.map(tex);
    let day = |day: Option<PartialDate>| day.map(|day| day.to_string());
    let authors = work.authors.iter().map(|author| tex(author)).collect::<Vec<_>>();
    let authors = Some(authors.join("} and {")).filter(|authors| !authors.is_empty());
    field("author", "{", authors.as_deref(), "}");
    field("title", "{", Some(&tex(&work.full_title())), "}");
    field("howpublished", "In: {", text(work.container).as_deref(), "}");
    field("number", "", text(work.symbol()).as_deref(), "");
    field("publisher", "", text(work.publisher).as_deref(), "");
    field("year", "", work.date.map(|date| date.year().to_string()).as_deref(), "");
    field("date", "", day(work.date).as_deref(), "");
    let url = work.url.as_ref().map(|url| url.replace('{', "%7B").replace('}', "%7D"));
    field("url", "", url.as_deref(), "");
    field("urldate", "", day(work.accessed).as_deref(), "");
    field("language", "", text(work.language).as_deref(), "");
    field("note", "", text(work.note().as_deref()).as_deref(), "");
    entry.push_str("\n}\n");
    entry
}

/// Text in a field of BibTeX, on one line.
fn tex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !escaped.is_empty() {
            escaped.push(' ');
        }
        if !word.contains(TEX) {
            escaped.push_str(word);
            continue;
        }
        for c in word.chars() {
            match c {
                '\\' => escaped.push_str("\\textbackslash{}"),
                '~' => escaped.push_str("\\textasciitilde{}"),
                '^' => escaped.push_str("\\textasciicircum{}"),
                c if TEX.contains(&c) => escaped.extend(['\\', c]),
                c => escaped.push(c),
            }
        }
    }
    escaped
}

fn ris(work: &Work<'_>) -> String {
    let kind = match (work.document, work.kind) {
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
    let mut record = String::with_capacity(ROOM);
    let mut line = |tag: &str, value: Option<&str>| {
        if let Some(value) = value {
            record.extend([tag, "  - "]);
            for (at, word) in value.split_whitespace().enumerate() {
                record.extend([if at > 0 { " " } else { "" }, word]);
            }
            record.push('\n');
        }
    };
    line("TY", Some(kind));
    work.authors.iter().for_each(|author| line("AU", Some(author)));
    line("TI", Some(&work.full_title()));
    line("T2", work.container);
    line("M1", work.symbol());
    line("PB", work.publisher);
    line("PY", work.date.map(|date| date.year().to_string()).as_deref());
    line("DA", work.date.map(day).as_deref());
    line("UR", work.url.as_deref());
    line("Y2", work.accessed.map(day).as_deref());
    line("LA", work.language);
    line("N1", work.note().as_deref());
    line("ER", Some(""));
    record
}

fn csl(work: &Work<'_>) -> String {
    let kind = match (work.document, work.kind) {
        (false, _) => "webpage",
        (true, Some("report")) => "report",
        (true, Some("treaty")) => "treaty",
        (true, Some("article")) => "article",
        (true, _) => "document",
    };
    let mut file = Vec::with_capacity(ROOM);
    file.extend(b"[\n  {");
    line(&mut file, "id", Some(&work.key));
    line(&mut file, "type", Some(kind));
    let authors: Vec<Author<'_>> = work.authors.iter().map(|literal| Author { literal }).collect();
    line(&mut file, "author", Some(authors).filter(|authors| !authors.is_empty()));
    line(&mut file, "title", Some(work.full_title()));
    line(&mut file, "container-title", work.container);
    line(&mut file, "number", work.symbol());
    line(&mut file, "publisher", work.publisher);
    line(&mut file, "issued", work.date.map(Day::of));
    line(&mut file, "URL", work.url.as_ref());
    line(&mut file, "accessed", work.accessed.map(Day::of));
    line(&mut file, "language", work.language);
    line(&mut file, "note", work.note());
    file.extend(b"\n  }\n]\n");
    String::from_utf8(file).expect("invariant: JSON is text")
}

/// Writes a line of a CSL-JSON file, if there is something to say.
fn line(file: &mut Vec<u8>, name: &str, value: Option<impl Serialize>) {
    if let Some(value) = value {
        file.extend(if file.ends_with(b"{") { "\n    \"" } else { ",\n    \"" }.bytes());
        file.extend(name.bytes().chain(*b"\": "));
        serde_json::to_writer(file, &value).expect("invariant: plain data can be written");
    }
}

#[derive(Serialize)]
struct Author<'a> {
    literal: &'a str,
}

/// A date in CSL-JSON.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Day {
    date_parts: [Vec<u32>; 1],
}

impl Day {
    fn of(date: PartialDate) -> Day {
        let parts = date.to_string();
        Day { date_parts: [parts.split('-').filter_map(|part| part.parse().ok()).collect()] }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn norm() -> Work<'static> {
        Work {
            key: "set-a".to_owned(),
            authors: vec!["Ada & Co.", "B"],
            number: Some("13(d)"),
            title: "50 % of {all}",
            container: Some("Norms_1"),
            url: Some("https://example.org/a%20b/".into()),
            language: Some("en"),
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
            kind: Some("report"),
            title: "Two\nlines",
            number: Some("A/1"),
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
