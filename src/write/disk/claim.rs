//! Takes hold of an output folder: what may not be written into is refused, and
//! two builds are kept apart. Part of the rim: it touches the disk.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it touches the disk")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{STAGING, WriteError, failed, name_below};
use crate::read::disk::FOLDERS;
use crate::write::Manifest;

/// The lock that keeps two builds out of one folder.
pub(super) const LOCK: &str = ".normbook-lock";

/// The lock on an output folder. When it is let go nothing is left behind but
/// the site: neither the lock's file, nor a folder that was made for nothing.
pub(super) struct Lock {
    out: PathBuf,
    /// Whether this build made the folder.
    made: bool,
    _file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // What cannot be removed now does no harm: the next build goes over it.
        fs::remove_file(self.out.join(LOCK)).ok();
        if self.made {
            // A folder that holds the site is not empty and stays.
            fs::remove_dir(&self.out).ok();
        }
    }
}

/// Refuses an output folder that holds the sources or lies inside them.
pub(super) fn refuse_overlap(out: &Path, root: &Path) -> Result<(), WriteError> {
    let real_out = real(out);
    let real_root = real(root);
    let advice = "choose another folder with `--out`";
    if real_root.starts_with(&real_out) {
        return Err(WriteError(format!(
            "the output folder `{}` holds the handbook itself; {advice}",
            out.display()
        )));
    }
    for folder in FOLDERS {
        let sources = real(&root.join(folder));
        if real_out.starts_with(&sources) || sources.starts_with(&real_out) {
            return Err(WriteError(format!(
                "the output folder `{}` and the handbook's folder `{folder}` overlap; {advice}",
                out.display()
            )));
        }
    }
    Ok(())
}

/// The path without links and `..`, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing = Vec::new();
    let mut existing = path.as_path();
    loop {
        if let Ok(real) = existing.canonicalize() {
            return missing.iter().rev().fold(real, |real, part| real.join(part));
        }
        match (existing.parent(), existing.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name.to_owned());
                existing = parent;
            }
            _ => return path,
        }
    }
}

/// Refuses a folder that holds files which this program did not write. Names
/// that begin with `.` are passed over: they are never ours to write.
pub(super) fn refuse_foreign(out: &Path, manifest: &Manifest) -> Result<(), WriteError> {
    if !out.exists() {
        return Ok(());
    }
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
    };
    let mut foreign: BTreeSet<String> = BTreeSet::new();
    for entry in WalkDir::new(out).into_iter().filter_entry(visible) {
        let entry = entry.map_err(|error| {
            WriteError(format!(
                "cannot look into `{}`: {error}; check its permissions",
                out.display()
            ))
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        let name = name_below(out, entry.path());
        if !manifest.0.contains(&name) {
            foreign.insert(name);
        }
    }
    if foreign.is_empty() {
        return Ok(());
    }
    let some: Vec<String> = foreign.iter().take(3).map(|name| format!("`{name}`")).collect();
    let more = if foreign.len() > 3 { " and others" } else { "" };
    Err(WriteError(format!(
        "the output folder `{}` holds files that normbook did not write: {}{more}; \
         move them away (files that belong to the site can stand in `content`), \
         or choose another folder with `--out`",
        out.display(),
        some.join(", ")
    )))
}

/// Takes the lock; `made` says whether this build made the folder.
pub(super) fn lock(out: &Path, made: bool) -> Result<Lock, WriteError> {
    let path = out.join(LOCK);
    let file = File::create(&path).map_err(|error| failed("write", &path, &error))?;
    file.try_lock().map_err(|error| match error {
        fs::TryLockError::WouldBlock => WriteError(format!(
            "another build is writing into `{}`; wait for it to end, or choose another folder \
             with `--out`",
            out.display()
        )),
        fs::TryLockError::Error(error) => failed("lock", &path, &error),
    })?;
    Ok(Lock { out: out.to_owned(), made, _file: file })
}

/// Removes what a killed build put aside; the lock keeps others out.
pub(super) fn sweep(out: &Path) -> Result<(), WriteError> {
    let entries = fs::read_dir(out).map_err(|error| failed("look into", out, &error))?;
    for entry in entries.filter_map(Result::ok) {
        let ours = entry.file_name().to_string_lossy().starts_with(STAGING);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let path = entry.path();
            fs::remove_dir_all(&path).map_err(|error| failed("remove", &path, &error))?;
        }
    }
    Ok(())
}
