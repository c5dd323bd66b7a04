//! Takes a [`Snapshot`] of a folder. Part of the rim: it reads the disk.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it reads the disk")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use walkdir::{DirEntry, WalkDir};

use super::{LEDGER, Snapshot};
use crate::config;
use crate::date::PartialDate;
use crate::path::SourcePath;

/// The folders below the root that hold sources.
pub const FOLDERS: [&str; 3] = ["content", "templates", "theme"];

/// Why a handbook could not be read; the message names the path, what was
/// tried and what to do.
#[derive(Debug)]
pub struct ReadError(String);

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ReadError {}

/// Reads all sources below `root`. Names that begin with `.` or `_` are
/// passed over; symbolic links are followed.
///
/// # Errors
/// When the root has no folder `content`, when something
/// cannot be read, when links form a loop, or when a path is not UTF-8.
pub fn snapshot(root: &Path, today: PartialDate) -> Result<Snapshot, ReadError> {
    if !root.join("content").is_dir() {
        return Err(ReadError(format!(
            "`{}` is not a handbook: it has no folder `content`; \
             go to the handbook's folder or name it with `--root`",
            root.display()
        )));
    }
    let mut paths: Vec<PathBuf> = Vec::new();
    for folder in FOLDERS {
        paths.append(&mut files_below(&root.join(folder))?);
    }
    let single = [config::FILE, LEDGER].map(|file| root.join(file));
    paths.extend(single.into_iter().filter(|path| path.exists()));
    let files: Vec<(SourcePath, Arc<[u8]>)> = paths
        .into_par_iter()
        .map(|path| {
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
            Ok((source_path(root, &path)?, Arc::from(bytes)))
        })
        .collect::<Result<_, ReadError>>()?;
    Ok(Snapshot::new(files, today))
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>, ReadError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let visible = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !name.starts_with(['.', '_'])
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(visible) {
        let entry = entry.map_err(|error| explain(folder, &error))?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn source_path(root: &Path, path: &Path) -> Result<SourcePath, ReadError> {
    let relative = path.strip_prefix(root).expect("invariant: files are found below the root");
    let segments: Option<Vec<&str>> =
        relative.components().map(|part| part.as_os_str().to_str()).collect();
    let segments = segments.ok_or_else(|| {
        ReadError(format!("the name of `{}` is not UTF-8; rename the file", path.display()))
    })?;
    Ok(SourcePath::new(segments.join("/")))
}

fn unreadable(path: &Path, error: &io::Error) -> ReadError {
    ReadError(format!(
        "cannot read `{}`: {error}; check that the file exists and that you may read it",
        path.display()
    ))
}

fn explain(folder: &Path, error: &walkdir::Error) -> ReadError {
    let path = error.path().unwrap_or(folder).display();
    if let Some(ancestor) = error.loop_ancestor() {
        let ancestor = ancestor.display();
        return ReadError(format!(
            "the symbolic link `{path}` leads back to `{ancestor}`; remove the link"
        ));
    }
    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    ReadError(format!("cannot read `{path}`: {reason}; check that you may read it"))
}
