//! What every parser is held to, whatever the bytes: it ends, it does not
//! panic, and what it gives is sound.
//!
//! Comes in: arbitrary bytes. Goes out: nothing, or a panic that says which
//! promise is broken. libFuzzer drives these functions for hours, the test
//! `fuzz` of `tests/it` for seconds, from the same seeds.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use normbook::date::PartialDate;
use normbook::diagnostic::{Diagnostic, report};
use normbook::id::Kind;
use normbook::parse::reference::{self, Reference};
use normbook::parse::{self, Role, annotation};
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline};
use normbook::read::{Snapshot, Source};
use normbook::span::{Span, Text};

/// A target's name and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 5] = [
    ("front_matter", front_matter),
    ("reference", reference),
    ("norm_text", norm_text),
    ("annotation", annotation),
    ("handbook", handbook),
];

/// An element that no template writes: where it stands in a page, content has
/// reached it unescaped.
const FOREIGN: &str = "<x-evil";

/// The front matter of an entry; the first byte tells its kind.
pub fn front_matter(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let kind = Kind::ALL[usize::from(*first) % Kind::ALL.len()];
    let text = [b"---\n", rest].concat();
    entry(&format!("content/{}/a.md", kind.folder()), &text, kind);
}

/// References, citations and what else is read from a single string.
pub fn reference(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(reference) = text.parse::<Reference>();
    let Ok(again) = reference.to_string().parse::<Reference>();
    // A name may hold what looks like a kind once it is trimmed.
    if reference.kind.is_some() {
        assert_eq!(again.kind, reference.kind, "a kind is lost in printing");
    }
    for citation in reference::citations(&text, 0) {
        inside(citation.source.span, &text);
    }
    if let Ok(date) = text.parse::<PartialDate>() {
        assert_eq!(date.to_string().parse(), Ok(date), "a date changes in printing");
    }
    drop(annotation::subject(&text));
    drop(annotation::unclosed(&text));
}

/// A norm's text: the input stands in the opening quote.
pub fn norm_text(data: &[u8]) {
    let quoted: String =
        String::from_utf8_lossy(data).lines().map(|l| format!("> {l}\n")).collect();
    let text = format!("---\ntitle: A\n---\n\n{quoted}");
    entry("content/norms/a.md", text.as_bytes(), Kind::Norm);
}

/// A norm with annotations: the first line is the norm's text, the rest
/// stands below `## Annotations`.
pub fn annotation(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (quote, notes) = text.split_once('\n').unwrap_or((&text, ""));
    let norm = format!("---\ntitle: A\n---\n\n> {quote}\n\n## Annotations\n\n{notes}\n");
    entry("content/norms/a.md", norm.as_bytes(), Kind::Norm);
    build(&[("content/norms/a.md".to_owned(), norm.into_bytes())]);
}

/// A whole handbook: a line `~~~ PATH` begins each file.
pub fn handbook(data: &[u8]) {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in data.split_inclusive(|byte| *byte == b'\n') {
        match (line.strip_prefix(b"~~~ "), files.last_mut()) {
            (Some(path), _) => {
                let path = String::from_utf8_lossy(path).trim().to_owned();
                files.push((path, Vec::new()));
            }
            (None, Some((_, bytes))) => bytes.extend_from_slice(line),
            (None, None) => {}
        }
    }
    // Templates are programs, which may run as long as they like.
    files.retain(|(path, _)| !path.starts_with("templates/"));
    build(&files);
}

/// Reads one entry and looks at everything that the parser says about it.
fn entry(path: &str, bytes: &[u8], kind: Kind) {
    let source = Source::new(SourcePath::new(path), bytes);
    let checked = parse::parse(&source, kind);
    let (doc, text) = (&checked.value, &*checked.value.text);
    inside(doc.body.span, text);
    doc.body.mentions.iter().for_each(|mention| inside(mention.span, text));
    doc.body.headings.iter().for_each(|heading| inside(heading.span, text));
    let units = doc.body.norm_text.iter().flat_map(|text| &text.units);
    units.clone().filter_map(|unit| unit.marker.as_ref()).for_each(|(_, at)| inside(*at, text));
    for note in doc.body.annotations.iter().flat_map(|section| &section.annotations) {
        inside(note.heading, text);
        inside(note.body, text);
    }
    let given_twice = ["duplicate-anchor", "reserved-anchor"];
    if !checked.diagnostics.iter().any(|found| given_twice.contains(&found.code)) {
        let mut anchors = BTreeSet::new();
        for anchor in doc.body.anchors() {
            assert!(!anchor.is_empty(), "an empty anchor");
            assert!(anchors.insert(anchor), "the anchor `{anchor}` stands twice");
        }
    }
    let text = Arc::new(Text::new(text));
    print(&checked.diagnostics, &|_| Some(Arc::clone(&text)));
}

thread_local! {
    /// Templates are read once; entries are remembered from input to input,
    /// as `serve` does.
    static PIPELINE: RefCell<Pipeline> = RefCell::default();
}

/// Builds a handbook in memory and looks at every page.
fn build(files: &[(String, Vec<u8>)]) {
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    let sources = files.iter().filter(|(path, _)| {
        let path = SourcePath::new(path.as_str());
        path.as_str() == "normbook.toml" || parse::role(&path) != Role::Asset
    });
    let sources = sources
        .map(|(path, bytes)| (SourcePath::new(path.as_str()), Arc::<[u8]>::from(bytes.as_slice())));
    let snapshot = Snapshot::new(sources, today);
    PIPELINE.with_borrow_mut(|pipeline| {
        let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
        let rendered = pipeline.render(&site);
        assert_eq!(rendered.diagnostics, [], "a built-in template fails");
        let mark_up = |name: &str| name.ends_with(".html") || name.ends_with(".xml");
        let pages = rendered.value.bytes.iter().filter(|(address, _)| mark_up(address.as_str()));
        for (address, bytes) in pages {
            let page = String::from_utf8_lossy(bytes).to_ascii_lowercase();
            assert!(!page.contains(FOREIGN), "content reaches {address} unescaped");
        }
        let lookup = |path: &SourcePath| snapshot.text(path).map(|text| Arc::new(Text::new(text)));
        print(&site.diagnostics, &lookup);
    });
}

/// Prints diagnostics in every format: each has a place that can be shown.
fn print(diagnostics: &[Diagnostic], lookup: report::Lookup<'_>) {
    for found in diagnostics.iter().take(20) {
        drop(report::human(found, lookup, true));
        drop(report::json(found, lookup));
        assert!(report::short(found, lookup).contains(found.code));
    }
}

/// A span names whole characters of its text.
fn inside(span: Span, text: &str) {
    assert!(text.get(span.range()).is_some(), "{span:?} is no part of the text");
}
