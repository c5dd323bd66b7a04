//! Takes a [`Snapshot`] of a folder. Part of the rim: it reads the disk.
//!
//! Comes in: the handbook's folder. Goes out: all its sources. A [`Folder`]
//! that looks again reads only the files that may have changed since.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it reads the disk")]

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use walkdir::{DirEntry, WalkDir};

use super::{LEDGER, Snapshot, Source, is_passed_over};
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

/// Reads all sources below `root`. Names that [`super::is_passed_over`] are not
/// looked at; symbolic links are followed as far as they stay below `root`.
///
/// # Errors
/// When the root has no folder `content`, when something
/// cannot be read, when links form a loop, or when a path is not UTF-8.
pub fn snapshot(root: &Path, today: PartialDate) -> Result<Snapshot, ReadError> {
    Folder::new(root).look(today)
}

/// A handbook's folder that is looked at again and again.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    seen: BTreeMap<SourcePath, Seen>,
}

/// A file as it was when it was read.
#[derive(Clone, Debug)]
struct Seen {
    source: Source,
    stamp: Stamp,
    /// When the reading began.
    read: SystemTime,
}

/// What tells without reading that a file is still the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    /// The file's number on its disk, and when its bytes or its name were last
    /// touched, which no program can set back.
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

/// The coarsest clock of the file systems in use (FAT). A file that was
/// changed so shortly before it was read may have changed once more without a
/// trace in its stamp.
const TICK: Duration = Duration::from_secs(2);

/// The longest file that is read as text, in bytes: a [`Span`](crate::span::Span)
/// keeps places in it as 32 bits.
const LONGEST_TEXT: u64 = u32::MAX as u64;

/// How often a folder is listed before an error is believed.
const ATTEMPTS: usize = 3;

impl Stamp {
    pub(crate) fn of(meta: &Metadata) -> Stamp {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Stamp {
            length: meta.len(),
            modified: meta.modified().ok(),
            #[cfg(unix)]
            inode: (meta.dev(), meta.ino(), meta.ctime(), meta.ctime_nsec()),
        }
    }

    /// Whether the file was left alone for long enough before `read` that any
    /// later change shows in its stamp.
    fn settled(&self, read: SystemTime) -> bool {
        let last = self.touched();
        last.is_some_and(|last| last.checked_add(TICK).is_some_and(|settled| settled < read))
    }

    /// When the file was last changed in any way.
    pub(crate) fn touched(&self) -> Option<SystemTime> {
        #[cfg(unix)]
        return self.modified.max(self.changed());
        #[cfg(not(unix))]
        self.modified
    }

    /// The stamp as bytes; two stamps that differ have different ones.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let since = self.modified.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
        let mut bytes = self.length.to_le_bytes().to_vec();
        bytes.extend(since.map_or(u128::MAX, |since| since.as_nanos()).to_le_bytes());
        #[cfg(unix)]
        {
            let (device, number, seconds, nanoseconds) = self.inode;
            let parts = [device.to_le_bytes(), number.to_le_bytes()];
            let times = [seconds.to_le_bytes(), nanoseconds.to_le_bytes()];
            bytes.extend(parts.into_iter().chain(times).flatten());
        }
        bytes
    }

    #[cfg(unix)]
    fn changed(&self) -> Option<SystemTime> {
        let (_, _, seconds, nanoseconds) = self.inode;
        let since = Duration::new(seconds.try_into().ok()?, nanoseconds.try_into().ok()?);
        SystemTime::UNIX_EPOCH.checked_add(since)
    }
}

impl Folder {
    /// A folder that nobody has looked at yet.
    pub fn new(root: &Path) -> Folder {
        Folder { root: root.to_owned(), seen: BTreeMap::new() }
    }

    /// Reads all sources, as [`snapshot`] does; those whose size, times and
    /// number on the disk are as they were are taken from memory.
    ///
    /// # Errors
    /// The same as those of [`snapshot`].
    pub fn look(&mut self, today: PartialDate) -> Result<Snapshot, ReadError> {
        // A file that vanishes while the folder is listed is no lasting error.
        let again = (1..ATTEMPTS).find_map(|_| self.look_once(today).ok());
        again.map_or_else(|| self.look_once(today), Ok)
    }

    fn look_once(&mut self, today: PartialDate) -> Result<Snapshot, ReadError> {
        let root = &self.root;
        if !root.join("content").is_dir() {
            return Err(ReadError(format!(
                "`{}` is not a handbook: it has no folder `content`; \
                 go to the handbook's folder or name it with `--root`",
                root.display()
            )));
        }
        let mut paths: Vec<PathBuf> = Vec::new();
        for place in FOLDERS.into_iter().chain([config::FILE, LEDGER]) {
            paths.append(&mut files_below(&root.join(place), root)?);
        }
        let known = &self.seen;
        let files: Vec<Seen> = paths
            .into_par_iter()
            .map_init(Vec::new, |bytes, path| file(known, source_path(root, &path)?, &path, bytes))
            .collect::<Result<_, ReadError>>()?;
        let sources = files.iter().map(|seen| (seen.source.path.clone(), seen.source.clone()));
        let snapshot = Snapshot { sources: sources.collect(), today };
        self.seen = files.into_iter().map(|seen| (seen.source.path.clone(), seen)).collect();
        Ok(snapshot)
    }
}

/// A file from memory, or read anew, with room for bytes that is used again for
/// many files.
fn file(
    known: &BTreeMap<SourcePath, Seen>,
    name: SourcePath,
    path: &Path,
    bytes: &mut Vec<u8>,
) -> Result<Seen, ReadError> {
    let failed = |error: io::Error| unreadable(path, &error);
    let read = SystemTime::now();
    // Asked before reading: what is written meanwhile shows at the next look.
    let stamp = Stamp::of(&fs::metadata(path).map_err(failed)?);
    if stamp.length > LONGEST_TEXT && is_text(&name) {
        // Settings and templates cannot be cut.
        let hint =
            if name.as_str().ends_with(".md") { "; cut it into several entries" } else { "" };
        return Err(ReadError(format!("`{}` is longer than 4 GiB{hint}", path.display())));
    }
    match known.get(&name) {
        Some(seen) if seen.stamp == stamp && stamp.settled(seen.read) => Ok(seen.clone()),
        Some(seen) => {
            read_into(bytes, path).map_err(failed)?;
            let same = *seen.source.bytes == **bytes;
            let source = if same { seen.source.clone() } else { Source::read(name, bytes) };
            Ok(Seen { source, stamp, read })
        }
        None => {
            read_into(bytes, path).map_err(failed)?;
            Ok(Seen { source: Source::read(name, bytes), stamp, read })
        }
    }
}

/// Whether a file is read for what it says, and not only copied.
fn is_text(name: &SourcePath) -> bool {
    let name = name.as_str();
    name.ends_with(".md")
        || name.starts_with("templates/")
        || [config::FILE, LEDGER].contains(&name)
}

/// Reads a file into room that may have held another one.
fn read_into(bytes: &mut Vec<u8>, path: &Path) -> io::Result<()> {
    bytes.clear();
    File::open(path)?.read_to_end(bytes).map(drop)
}

fn files_below(folder: &Path, root: &Path) -> Result<Vec<PathBuf>, ReadError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let visible = |entry: &DirEntry| {
        entry.depth() == 0 || !is_passed_over(&entry.file_name().to_string_lossy())
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).follow_links(true).into_iter().filter_entry(visible) {
        let entry = entry.map_err(|error| explain(folder, &error))?;
        if entry.path_is_symlink() {
            refuse_outside(entry.path(), root)?;
        }
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        } else if !entry.file_type().is_dir() {
            return Err(ReadError(format!(
                "`{}` is no file but a pipe, socket or device; move it out of the handbook",
                entry.path().display()
            )));
        }
    }
    Ok(files)
}

/// Refuses a symbolic link out of the handbook: what it leads to would be
/// published, and is not there on another machine.
fn refuse_outside(link: &Path, root: &Path) -> Result<(), ReadError> {
    let real = |path: &Path| path.canonicalize().map_err(|error| unreadable(path, &error));
    let (target, root) = (real(link)?, real(root)?);
    if target.starts_with(&root) {
        return Ok(());
    }
    Err(ReadError(format!(
        "the symbolic link `{}` leads out of the handbook, to `{}`; put a copy in its place",
        link.display(),
        target.display()
    )))
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Handbook {
        root: tempfile::TempDir,
        folder: Folder,
    }

    impl Handbook {
        fn new() -> Handbook {
            let root = tempfile::tempdir().expect("a temporary folder");
            fs::create_dir(root.path().join("content")).expect("content");
            let folder = Folder::new(root.path());
            Handbook { root, folder }
        }

        fn write(&self, path: &str, text: &str) {
            fs::write(self.root.path().join(path), text).expect("written");
        }

        /// Puts a file's time of change into the past, as if it were old.
        fn age(&self, path: &str) -> SystemTime {
            let file = fs::File::open(self.root.path().join(path)).expect("a file");
            let past = SystemTime::now() - Duration::from_secs(60);
            file.set_modified(past).expect("a time");
            past
        }

        fn look(&mut self) -> Snapshot {
            let today = PartialDate::day(2026, 11, 23).expect("a day");
            self.folder.look(today).expect("a snapshot")
        }
    }

    fn text(snapshot: &Snapshot, path: &str) -> Option<String> {
        snapshot.text(&SourcePath::new(path))
    }

    #[test]
    fn a_second_look_sees_what_was_changed_added_and_removed() {
        let mut handbook = Handbook::new();
        handbook.write("content/a.md", "one");
        handbook.write("content/b.md", "two");
        let first = handbook.look();
        handbook.write("content/a.md", "ONE");
        handbook.write("content/c.md", "three");
        fs::remove_file(handbook.root.path().join("content/b.md")).expect("removed");
        let second = handbook.look();
        assert_eq!(text(&second, "content/a.md").as_deref(), Some("ONE"));
        assert_eq!(text(&second, "content/b.md"), None);
        assert_eq!(text(&second, "content/c.md").as_deref(), Some("three"));
        assert!(!first.same_as(&second));
        assert!(second.same_as(&handbook.look()));
    }

    /// A file system's clock has ticks: two changes in one leave one time.
    #[test]
    fn a_change_that_leaves_size_and_time_alone_is_seen() {
        let mut handbook = Handbook::new();
        handbook.write("content/a.md", "one");
        let past = handbook.age("content/a.md");
        handbook.look();
        handbook.write("content/a.md", "two");
        let file = fs::File::open(handbook.root.path().join("content/a.md")).expect("a file");
        file.set_modified(past).expect("a time");
        assert_eq!(text(&handbook.look(), "content/a.md").as_deref(), Some("two"));
    }

    #[test]
    fn text_that_is_too_long_is_refused_unread() {
        for (name, hint) in [("content/a.md", "; cut it into several entries"), (config::FILE, "")]
        {
            let mut handbook = Handbook::new();
            let long = File::create(handbook.root.path().join(name)).expect("a file");
            long.set_len(LONGEST_TEXT + 1).expect("a file with a hole");
            let today = PartialDate::day(2026, 11, 23).expect("a day");
            let error = handbook.folder.look(today).expect_err("refused").to_string();
            let expected = format!("{name}` is longer than 4 GiB{hint}");
            assert!(error.ends_with(&expected), "{error}");
        }
    }

    #[test]
    fn leftovers_of_editors_are_passed_over() {
        let mut handbook = Handbook::new();
        let names = ["a.md", ".a.md.swp", "a.md~", "#a.md#", "_a.md", "a.md.tmp", "4913"];
        names.iter().for_each(|name| handbook.write(&format!("content/{name}"), "x"));
        let snapshot = handbook.look();
        let paths: Vec<&str> = snapshot.sources.keys().map(SourcePath::as_str).collect();
        assert_eq!(paths, ["content/a.md"]);
    }
}
