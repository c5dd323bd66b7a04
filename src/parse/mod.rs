//! One file's bytes to a [`Doc`].
//!
//! Comes in: a [`Source`]. Goes out: its front matter, typed, and what its
//! body holds. [`parse`] is total: whatever the bytes are, a `Doc` comes
//! back, with diagnostics beside it. It looks at no other file, so its result
//! can be remembered by the file's digest.

mod address;
pub mod annotation;
pub mod body;
pub mod front_matter;
pub mod headings;
pub mod letters;
pub mod markdown;
pub mod norm_text;
pub mod phrases;
pub mod plain;
pub mod reference;
mod scan;
mod sentences;

use std::sync::Arc;

use self::body::Body;
use self::front_matter::Meta;
use crate::data::record::{Reader, is_no_text};
use crate::data::{Node, Value, yaml};
use crate::diagnostic::{At, Checked, Diagnostic, catalog};
use crate::digest::Digest;
use crate::id::Kind;
use crate::path::SourcePath;
use crate::read::Source;
use crate::span::{Span, Spanned};

/// One entry as its file gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Doc {
    /// The file.
    pub path: SourcePath,
    /// The front matter.
    pub meta: Meta,
    /// The whole text of the file.
    pub text: Arc<str>,
    /// What the Markdown holds.
    pub body: Body,
    /// Whether the front matter had no mistake; else some of its fields stand
    /// for what could not be read.
    pub sound: bool,
    /// The digest of the file's path and bytes.
    pub digest: Digest,
}

impl Doc {
    /// The kind of entry.
    pub fn kind(&self) -> Kind {
        self.meta.kind()
    }

    /// A place in the file, for messages.
    pub fn at(&self, span: Span) -> At<'_> {
        At::new(&self.path, span)
    }
}

/// What a file below `content/` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An entry of a kind.
    Entry(Kind),
    /// A Markdown file in a place where no entry can stand.
    Stray,
    /// Any other file, copied to the site.
    Asset,
}

/// Tells what a file is by its path.
pub fn role(path: &SourcePath) -> Role {
    let Some(below) = path.as_str().strip_prefix("content/") else { return Role::Asset };
    if !below.ends_with(".md") {
        return if looks_like_markdown(below) { Role::Stray } else { Role::Asset };
    }
    // The introduction and its translations: `index.md`, `index.ar.md`.
    if below.starts_with("index.") && !below.contains('/') {
        return Role::Entry(Kind::Page);
    }
    let folder = below.split_once('/').map(|(folder, _)| folder);
    match Kind::ALL.into_iter().find(|kind| Some(kind.folder()) == folder) {
        Some(kind) => Role::Entry(kind),
        None => Role::Stray,
    }
}

/// Whether a file has an ending that Markdown has elsewhere.
fn looks_like_markdown(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|e| matches!(e.as_str(), "md" | "markdown" | "mdown" | "mkd"))
}

/// Reads an entry of a kind. It never fails and never panics.
pub fn parse(source: &Source, kind: Kind) -> Checked<Doc> {
    let path = &source.path;
    let mut diagnostics = Vec::new();
    let text = source.shared_text().unwrap_or_else(|error| {
        diagnostics.push(catalog::not_utf8(path, error.valid_up_to()));
        source.text().into()
    });
    diagnostics.extend(control_character(&text, path));
    let parts = split(&text, kind, path);
    diagnostics.extend(parts.problem);
    let (meta, mut problems) = match parts.yaml {
        Some(yaml) => front_matter(&text, yaml, kind, path),
        None => (empty_meta(kind, path), Vec::new()),
    };
    diagnostics.append(&mut problems);
    let sound = diagnostics.is_empty();
    let Checked { value: body, diagnostics: mut problems } =
        body::parse(&text, parts.body, kind, path);
    diagnostics.append(&mut problems);
    let (path, digest) = (path.clone(), source.digest);
    Checked::new(Doc { path, meta, text, body, sound, digest }, diagnostics)
}

/// Where the front matter stands in a file's text, without its two lines
/// `---`; nothing when it has none.
pub fn front_matter_span(text: &str) -> Option<Span> {
    // The kind and the path are for messages, which nobody reads here.
    split(text, Kind::Page, &SourcePath::new("")).yaml
}

/// Reports a character that is no text in HTML and XML (XML 1.0, section
/// 2.2), such as NUL: the file may be no text at all.
fn control_character(text: &str, path: &SourcePath) -> Option<Diagnostic> {
    // Of most files the bytes tell that there is none; these are of one, or
    // begin one. All are looked at, as then the processor takes many at once.
    let may_be = |byte: u8| is_no_text(char::from(byte)) | (byte == 0xef);
    if !text.bytes().fold(false, |found, byte| found | may_be(byte)) {
        return None;
    }
    let (at, found) = text.char_indices().find(|(_, c)| is_no_text(*c))?;
    let span = Span::new(at, at + found.len_utf8());
    Some(catalog::control_character(At::new(path, span), found))
}

struct Parts {
    yaml: Option<Span>,
    body: Span,
    problem: Option<Diagnostic>,
}

/// Finds the front matter between two lines `---` at the very top.
fn split(text: &str, kind: Kind, path: &SourcePath) -> Parts {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or("");
    let whole = Span::new(start, text.len());
    if first.trim_end() != "---" {
        let at = At::new(path, Span::new(start, start + first.trim_end().len()));
        let problem = match first.trim().is_empty() && text[start..].trim_start().starts_with("---")
        {
            true => Some(catalog::late_front_matter(at, kind)),
            false => Some(catalog::no_front_matter(at, kind)),
        };
        return Parts { yaml: None, body: whole, problem };
    }
    let yaml_start = start + first.len();
    let mut end = yaml_start;
    for line in lines {
        if line.trim_end() == "---" {
            let body = Span::new(end + line.len(), text.len());
            return Parts { yaml: Some(Span::new(yaml_start, end)), body, problem: None };
        }
        end += line.len();
    }
    let at = At::new(path, Span::new(start, start + 3));
    let problem = Some(catalog::open_front_matter(at));
    Parts { yaml: None, body: Span::new(text.len(), text.len()), problem }
}

fn front_matter(text: &str, span: Span, kind: Kind, path: &SourcePath) -> (Meta, Vec<Diagnostic>) {
    let node = match yaml::parse(&text[span.range()], span.start(), path) {
        Ok(node) => node,
        Err(problem) => {
            let problem = with_end_further_down(*problem, text, span);
            return (empty_meta(kind, path), vec![problem]);
        }
    };
    // An empty front matter is a map without entries.
    let node = match node.value {
        Value::Null => empty_map(span.start()),
        _ => node,
    };
    let mut reader = Reader::new(path);
    let meta = Meta::read(kind, &node, &mut reader).unwrap_or_else(|| empty_meta(kind, path));
    let mut diagnostics = reader.diagnostics;
    let title = meta.common().title;
    if diagnostics.is_empty() && title.is_empty() {
        diagnostics.push(catalog::missing_field(At::new(path, title.span), "title"));
    }
    (meta, diagnostics)
}

/// Adds that the end of the front matter may be missing: what cannot be read
/// stands below an empty line, and the `---` that was taken for the end may be
/// a rule of the text.
fn with_end_further_down(problem: Diagnostic, text: &str, yaml: Span) -> Diagnostic {
    let wrong = problem.span.map_or(yaml.start(), |span| span.start());
    let before = text.get(yaml.start()..wrong).unwrap_or("").replace('\r', "");
    let line = text[..yaml.end()].lines().count() + 1;
    match before.contains("\n\n") {
        true => problem.hint(catalog::end_further_down(line)),
        false => problem,
    }
}

/// Stands for a front matter that cannot be read, beside an error.
fn empty_meta(kind: Kind, path: &SourcePath) -> Meta {
    let mut node = empty_map(0);
    if let Value::Map(entries) = &mut node.value {
        let scalar = crate::data::Scalar { text: String::new(), typed: None };
        let empty = Node { value: Value::Scalar(scalar), span: Span::default() };
        entries.push((Spanned::new("title".to_owned(), Span::default()), empty));
    }
    let meta = Meta::read(kind, &node, &mut Reader::new(path));
    meta.expect("invariant: a title is all that a front matter needs")
}

fn empty_map(at: usize) -> Node {
    Node { value: Value::Map(Vec::new()), span: Span::new(at, at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, codes: &[&str]) -> Doc {
        let source = Source::new(SourcePath::new("content/norms/a.md"), text.as_bytes());
        let checked = parse(&source, Kind::Norm);
        let found: Vec<&str> = checked.diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(found, codes, "{:?}", checked.diagnostics);
        checked.value
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_are_fine() {
        let doc = check("\u{feff}---\r\ntitle: A\r\n---\r\nText\r\n", &[]);
        assert_eq!(doc.meta.common().title.value, "A");
        assert_eq!(&doc.text[doc.body.span.range()], "Text\r\n");
    }

    #[test]
    fn front_matter_must_be_there_and_closed() {
        check("Text\n", &["no-front-matter"]);
        check("", &["no-front-matter"]);
        check("---\ntitle: A\n", &["open-front-matter"]);
        check("---\n---\n", &["missing-field"]);
        check("---\ntitle:\n---\n", &["missing-field"]);
        check("---\ntitle: ''\n---\n", &["missing-field"]);
        check("---\n- a\n---\n", &["wrong-value"]);
    }

    #[test]
    fn every_mistake_in_the_front_matter_is_reported() {
        check(
            "---\ntitel: A\ndate: soon\nthemes: x\ndraft: maybe\n---\n",
            &["unknown-field", "wrong-value", "wrong-value", "wrong-value"],
        );
    }

    #[test]
    fn plain_scalars_are_read_as_written() {
        let doc = check("---\ntitle: no\nnumber: 012\ndate: 2015-07\n---\n", &[]);
        let Meta::Norm(norm) = &doc.meta else { panic!("not a norm") };
        assert_eq!(norm.title.value, "no");
        assert_eq!(norm.number.as_deref(), Some("012"));
        assert_eq!(norm.date.map(|date| date.to_string()).as_deref(), Some("2015-07"));
    }

    #[test]
    fn bytes_that_are_not_text_are_reported() {
        let source = Source::new(
            SourcePath::new("content/norms/a.md"),
            b"---\ntitle: \xff\n---\n".as_slice(),
        );
        let codes: Vec<&str> =
            parse(&source, Kind::Norm).diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(codes, ["not-utf8"]);
    }

    #[test]
    fn a_file_is_an_entry_by_its_folder() {
        let role = |path: &str| role(&SourcePath::new(path));
        assert_eq!(role("content/norms/a/b.md"), Role::Entry(Kind::Norm));
        assert_eq!(role("content/index.md"), Role::Entry(Kind::Page));
        assert_eq!(role("content/index.ar.md"), Role::Entry(Kind::Page));
        assert_eq!(role("content/other/a.md"), Role::Stray);
        assert_eq!(role("content/a.md"), Role::Stray);
        assert_eq!(role("content/norms/a.png"), Role::Asset);
        assert_eq!(role("content/norms/a.MD"), Role::Stray);
        assert_eq!(role("content/norms/a.markdown"), Role::Stray);
    }
}
