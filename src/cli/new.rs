//! `normbook new`: a new entry from a skeleton, in its place.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it writes the new entry")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use super::MessageFormat;
use super::messages::{Messages, note, output};
use crate::author::skeleton;
use crate::diagnostic::Severity;
use crate::id::{Id, Key, Kind};
use crate::model::Handbook;
use crate::path::SourcePath;
use crate::pipeline::{Options, Pipeline, Site};
use crate::read::{self, Snapshot, Source};

/// Writes the skeleton of an entry to its place, unless something stands
/// there, and says what is next.
pub(super) fn new(kind: Kind, id: &str, root: &Path) -> Result<bool, Box<dyn Error>> {
    let id: Id = id.parse().map_err(|error| format!("the id `{id}` {error}; {}", better(id)))?;
    let key = Key { kind, id };
    let snapshot = read::disk::snapshot(root, super::today())?;
    let site = build(&snapshot);
    let path = place(&key, &site.linked().handbook)?;
    let text = skeleton::skeleton(&key, &site.linked().handbook);
    // The address may belong to another entry, or the name may mean a language.
    let with = with_file(&snapshot, &path, &text);
    let after = build(&with).diagnostics;
    let mistakes: Vec<_> = after
        .into_iter()
        .filter(|found| found.severity == Severity::Error && found.path.as_ref() == Some(&path))
        .collect();
    if !mistakes.is_empty() {
        let messages = Messages { format: MessageFormat::Human, snapshot: &with };
        messages.print(&mistakes)?;
        messages.verdict(&mistakes, false);
        return Ok(false);
    }
    let file = root.join(path.as_str());
    write(&file, &text).map_err(|error| {
        let file = file.display();
        match error.kind() {
            io::ErrorKind::AlreadyExists => {
                format!("`{file}` is there already; nothing was written")
            }
            _ => format!("cannot write `{file}`: {error}; check that you may write there"),
        }
    })?;
    let here = root == Path::new(".");
    output(&if here { path.to_string() } else { file.display().to_string() })?;
    note(&format!("a new {kind}, as `{key}` in references; {}", next(kind)));
    Ok(true)
}

fn build(snapshot: &Snapshot) -> Site {
    let options = Options { drafts: true, base_url: None };
    Pipeline::default().run(snapshot, &options, &mut |_| {})
}

fn with_file(snapshot: &Snapshot, path: &SourcePath, text: &str) -> Snapshot {
    let mut with = snapshot.clone();
    let bytes: Arc<[u8]> = text.as_bytes().into();
    with.sources.insert(path.clone(), Source::new(path.clone(), bytes));
    with
}

/// Where the entry will stand.
fn place(key: &Key, handbook: &Handbook) -> Result<SourcePath, String> {
    let Key { kind, id } = key;
    if let Some(ix) = handbook.find(key) {
        let path = &handbook.entry(ix).doc.path;
        return Err(format!("there is a {kind} `{id}` already: `{path}`; choose another id"));
    }
    if let Some(part) = id.as_str().split('/').find(|part| part.starts_with('.')) {
        return Err(format!("`{part}` begins with a full stop, and such names are not read"));
    }
    let last = id.last();
    let tags = &handbook.config.translations;
    if let Some(tag) = tags.iter().find(|tag| last.ends_with(&format!(".{tag}"))) {
        return Err(format!("`{last}` would be a translation, because it ends with `.{tag}`"));
    }
    if *kind == Kind::Statement && handbook.of(Kind::Actor).is_empty() {
        return Err("a statement needs an actor; begin with `normbook new actor ID`".to_owned());
    }
    if *kind == Kind::Page && id.as_str() == "index" {
        return Ok(SourcePath::new("content/index.md"));
    }
    Ok(SourcePath::new(format!("content/{}/{id}.md", kind.folder())))
}

/// Writes a file that must not be there yet.
fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(file)?.write_all(text.as_bytes())
}

/// The hint for a text that is no id: the nearest one that is.
fn better(text: &str) -> String {
    let lower = text.trim().trim_end_matches(".md").to_lowercase();
    let letter = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '/') { c } else { '-' };
    let id: String = lower.chars().map(letter).collect();
    let parts = id.split('/').map(|part| part.trim_matches(['-', '.'])).filter(|p| !p.is_empty());
    let id = parts.collect::<Vec<_>>().join("/");
    match id.parse::<Id>() {
        Ok(id) => format!("write it like `{id}`"),
        Err(_) => "ids are lower-case letters, digits, `-` and `.`, with `/` between parts".into(),
    }
}

fn next(kind: Kind) -> &'static str {
    match kind {
        Kind::Norm | Kind::Statement | Kind::Term | Kind::Page => {
            "write what it says, then remove the line `draft: true` and run `normbook check`"
        }
        Kind::Theme | Kind::Forum => {
            "write its introduction below the front matter, then run `normbook check`"
        }
        Kind::Source | Kind::Actor => "fill in what is known, then run `normbook check`",
    }
}
