//! `normbook schema`: the schemas of front matters, printed or where an editor
//! looks for them.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it writes the editor's files")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;

use super::messages::{note, output};
use crate::author::{schema, snippets};
use crate::id::Kind;
use crate::model::Handbook;
use crate::pipeline::{Options, Pipeline};
use crate::read;

/// Prints the schema of one kind, or of all in one document.
pub(super) fn print(kind: Option<Kind>, root: &Path) -> Result<bool, Box<dyn Error>> {
    let handbook = handbook(root)?;
    let schema = kind.map_or_else(|| schema::all(&handbook), |k| schema::schema(k, &handbook));
    output(&format!("{schema:#}"))?;
    Ok(true)
}

/// Writes the schemas and snippets where VS Code looks for them.
pub(super) fn write(root: &Path) -> Result<bool, Box<dyn Error>> {
    let folder = for_vscode(root)?;
    note(&format!("the words and ids of the handbook stand in `{}`", folder.display()));
    Ok(true)
}

/// Writes the schemas and snippets below the folder `.vscode`, and names it.
pub(super) fn for_vscode(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let handbook = handbook(root)?;
    let schema = |kind: Kind| (format!("schemas/{kind}.json"), schema::schema(kind, &handbook));
    let mut files: Vec<(String, Json)> = Kind::ALL.map(schema).into();
    files.push(("normbook.code-snippets".to_owned(), snippets::snippets(&handbook)));
    let folder = root.join(".vscode");
    for (name, json) in &files {
        let path = folder.join(name);
        write_file(&path, &format!("{json:#}\n")).map_err(|error| {
            let path = path.display();
            format!("cannot write `{path}`: {error}; check that you may write there")
        })?;
    }
    Ok(folder)
}

fn write_file(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// The handbook as far as it can be read; drafts are part of it, because they
/// are what is being written.
fn handbook(root: &Path) -> Result<Arc<Handbook>, Box<dyn Error>> {
    let snapshot = read::disk::snapshot(root, super::today())?;
    let options = Options { drafts: true, base_url: None };
    let site = Pipeline::default().run(&snapshot, &options, &mut |_| {});
    Ok(Arc::clone(&site.linked().handbook))
}
