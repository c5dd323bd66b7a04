//! `normbook rename`: a new id for an entry, everywhere.
//!
//! New files come before old ones go, and each comes whole, by a temporary
//! file and a rename: whatever interrupts the work, nothing is lost. When a
//! file cannot be written, those before it get back what they held.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it writes the renamed files")]

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::messages::{note, output};
use crate::author::rename::{self, Change, Plan};
use crate::diagnostic::count;
use crate::read;

/// What is to be renamed.
pub(super) struct Rename<'a> {
    pub(super) old: &'a str,
    pub(super) new: &'a str,
    pub(super) root: &'a Path,
    /// Whether the changes are only shown.
    pub(super) dry_run: bool,
}

/// Renames an entry, or shows what would change.
pub(super) fn rename(asked: &Rename<'_>) -> Result<bool, Box<dyn Error>> {
    let snapshot = read::disk::snapshot(asked.root, super::today())?;
    let plan = rename::plan(&snapshot, asked.old, asked.new)?;
    if asked.dry_run {
        for change in &plan.changes {
            output(change.diff().trim_end_matches('\n'))?;
        }
        note(&format!("{} would change; nothing was written", files(&plan)));
        return Ok(true);
    }
    apply(&plan.changes, asked.root)?;
    note(&format!("{} changed", files(&plan)));
    for (old, new) in &plan.addresses {
        note(&format!("`{old}` leads to `{new}`"));
    }
    Ok(true)
}

fn files(plan: &Plan) -> String {
    count(plan.changes.len(), "file")
}

fn apply(changes: &[Change], root: &Path) -> Result<(), String> {
    let staged = changes.iter().map(|change| stage(change, root)).collect::<Result<Vec<_>, _>>()?;
    let mut done = Vec::new();
    for (change, (file, target)) in changes.iter().zip(staged) {
        let moves = change.from != change.to;
        let put = if moves { file.persist_noclobber(&target) } else { file.persist(&target) };
        match put {
            Ok(_) => done.push((change, target)),
            Err(error) => {
                undo(&done);
                return Err(failure("write", &target, &error.error));
            }
        }
    }
    for change in changes.iter().filter(|change| change.from != change.to) {
        let old = root.join(change.from.as_str());
        fs::remove_file(&old).map_err(|error| failure("remove", &old, &error))?;
        // A folder that holds nothing any more goes too; one that holds
        // something stays.
        old.parent().map(fs::remove_dir);
    }
    Ok(())
}

/// Writes a file's new bytes beside its place, with the rights of the old one.
fn stage(change: &Change, root: &Path) -> Result<(NamedTempFile, PathBuf), String> {
    let old = root.join(change.from.as_str());
    let now = fs::read(&old).map_err(|error| failure("read", &old, &error))?;
    if *now != *change.before {
        return Err(format!("`{}` changed in this moment; try again", old.display()));
    }
    let target = match change.from == change.to {
        // A link stays a link; what it leads to changes.
        true => fs::canonicalize(&old).map_err(|error| failure("read", &old, &error))?,
        false => root.join(change.to.as_str()),
    };
    if change.from != change.to && target.symlink_metadata().is_ok() {
        return Err(format!("`{}` is there already; nothing was changed", target.display()));
    }
    let folder = target.parent().expect("invariant: a file stands in a folder");
    let write = || -> io::Result<NamedTempFile> {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".normbook-").tempfile_in(folder)?;
        file.write_all(&change.after)?;
        file.as_file().set_permissions(fs::metadata(&old)?.permissions())?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map(|file| (file, target.clone())).map_err(|error| failure("write", &target, &error))
}

/// Gives changed files back what they held, and takes new ones away.
fn undo(done: &[(&Change, PathBuf)]) {
    for (change, target) in done {
        match change.from == change.to {
            true => fs::write(target, &change.before).ok(),
            false => fs::remove_file(target).ok(),
        };
    }
}

fn failure(what: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {what} `{}`: {error}; check that you may write there", path.display())
}
