//! Moves files that were put aside to their places, and removes what the site no
//! longer has. Part of the rim: it touches the disk.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it touches the disk")]

use std::fs;
use std::io;
use std::path::Path;

use super::{WriteError, failed};

/// The way of staged files to their places.
pub(super) struct Move<'a> {
    pub(super) aside: &'a Path,
    pub(super) out: &'a Path,
    /// The files of the old site that the new one does not have.
    pub(super) obsolete: &'a [&'a str],
}

impl Move<'_> {
    /// Moves the files `names`, sorted, which stand below the folder `above`
    /// (empty, or with a final slash).
    pub(super) fn all(&self, names: &[&str], above: &str) -> Result<(), WriteError> {
        let head = |name: &str| name[above.len()..].find('/').map(|at| above.len() + at);
        for group in names.chunk_by(|a, b| {
            head(a).is_some() && head(a).map(|at| &a[..at]) == head(b).map(|at| &b[..at])
        }) {
            let name = head(group[0]).map_or(group[0], |at| &group[0][..at]);
            let place = self.out.join(name);
            let there = fs::symlink_metadata(&place).ok();
            let is_folder = there.as_ref().is_some_and(|meta| meta.is_dir());
            match head(group[0]) {
                Some(at) if is_folder => {
                    self.all(group, &group[0][..=at])?;
                    continue;
                }
                Some(_) if there.is_some() => self.clear_file(name)?,
                None if is_folder => self.clear_folder(name)?,
                _ => {}
            }
            let aside = self.aside.join(name);
            fs::rename(aside, &place).map_err(|error| failed("write", &place, &error))?;
        }
        Ok(())
    }

    /// Removes a file of the old site that stands where the new one needs a
    /// folder.
    fn clear_file(&self, name: &str) -> Result<(), WriteError> {
        if self.obsolete.contains(&name) {
            remove(self.out, name)?;
        }
        Ok(())
    }

    /// Removes a folder of the old site that stands where the new one needs a
    /// file.
    fn clear_folder(&self, name: &str) -> Result<(), WriteError> {
        let below = format!("{name}/");
        for path in self.obsolete.iter().filter(|path| path.starts_with(&below)) {
            remove(self.out, path)?;
        }
        Ok(())
    }
}

/// Removes one file of ours and the folders that become empty by that.
pub(super) fn remove(out: &Path, path: &str) -> Result<bool, WriteError> {
    let place = out.join(path);
    // The new site may have a folder where the old one had a file.
    if place.is_dir() {
        return Ok(false);
    }
    match fs::remove_file(&place) {
        Ok(()) => {}
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            return Ok(false);
        }
        Err(error) => return Err(failed("remove", &place, &error)),
    }
    for folder in place.ancestors().skip(1).take_while(|folder| *folder != out) {
        // A folder that is not empty stays, which is what is wanted.
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(true)
}
