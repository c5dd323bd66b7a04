//! The default templates and theme inside the binary, and the files of the
//! theme as the site gets them.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::{Bytes, compact};
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
    let mut built_in = BTreeMap::new();
    collect(&THEME, &mut built_in);
    let as_written = |(name, bytes): (String, Bytes)| {
        // What the handbook overrides is its author's to arrange.
        let bytes =
            if built_in.get(&name) == Some(&bytes) { compacted(&name, bytes) } else { bytes };
        (crate::link::routes::theme(&name), bytes)
    };
    layered(snapshot, "theme").into_iter().map(as_written).collect()
}

/// A file of the built-in theme as it goes out.
fn compacted(name: &str, bytes: Bytes) -> Bytes {
    let compact: fn(&str) -> String = match name.rsplit_once('.') {
        Some((_, "css")) => compact::css,
        Some((_, "js")) => compact::script,
        _ => return bytes,
    };
    std::str::from_utf8(&bytes).map(|text| compact(text).into_bytes().into()).unwrap_or(bytes)
}

/// The text of a built-in template, for messages about it.
pub fn built_in_text(path: &SourcePath) -> Option<String> {
    let name = path.as_str().strip_prefix("templates/")?;
    TEMPLATES.get_file(name)?.contents_utf8().map(str::to_owned)
}
