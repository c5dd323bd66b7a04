//! The default templates and theme inside the binary, and the files of the
//! theme as the site gets them.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::Bytes;
use crate::path::{Address, SourcePath};
use crate::read::Snapshot;

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");
static THEME: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/theme");

/// The files of a folder that the binary has defaults for: `templates` or
/// `theme`. The handbook's own files go before the built-in ones, file by
/// file.
pub fn layered(snapshot: &Snapshot, folder: &'static str) -> BTreeMap<String, Bytes> {
    let built_in = match folder {
        "templates" => &TEMPLATES,
        _ => &THEME,
    };
    let mut files = BTreeMap::new();
    collect(built_in, &mut files);
    for source in snapshot.below(folder) {
        let name = source.path.as_str().strip_prefix(folder).unwrap_or_default();
        files.insert(name.trim_start_matches('/').to_owned(), source.bytes.clone());
    }
    files
}

fn collect(folder: &Dir<'_>, files: &mut BTreeMap<String, Bytes>) {
    for file in folder.files() {
        let name = file.path().to_string_lossy().replace('\\', "/");
        files.insert(name, Bytes::from(file.contents()));
    }
    for inner in folder.dirs() {
        collect(inner, files);
    }
}

/// The theme's files at the addresses where pages look for them.
pub fn theme(snapshot: &Snapshot) -> Vec<(Address, Bytes)> {
    let files = layered(snapshot, "theme").into_iter();
    files.map(|(name, bytes)| (crate::link::routes::theme(&name), bytes)).collect()
}

/// The text of a built-in template, for messages about it.
pub fn built_in_text(path: &SourcePath) -> Option<String> {
    let name = path.as_str().strip_prefix("templates/")?;
    TEMPLATES.get_file(name)?.contents_utf8().map(str::to_owned)
}
