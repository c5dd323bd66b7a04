//! Writes a site into a folder so that nothing is ever lost. Part of the rim:
//! it touches the disk.
//!
//! Files go into a staging folder first, laid out as the site is, and only
//! those whose bytes changed. When all are there, each is renamed to its
//! place, whole, and folders that are new to the site are renamed with all
//! that is in them; then what the new site no longer has is removed. A failure
//! before that changes nothing.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it touches the disk")]

mod claim;
mod compare;
mod moves;
pub mod seal;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use self::claim::Lock;
use self::moves::{Move, remove};
use self::seal::Made;
use super::{MANIFEST, Manifest};
use crate::digest::Digest;
use crate::path::Address;

/// How the folders begin in which files are put aside.
const STAGING: &str = ".normbook-staging-";

/// Why a site could not be written; the message names the path, what was
/// tried and what to do.
#[derive(Debug)]
pub struct WriteError(String);

impl std::fmt::Display for WriteError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WriteError {}

/// An output folder that is being written.
pub struct Output {
    out: PathBuf,
    old: Manifest,
    staging: TempDir,
    staged: Mutex<Vec<Address>>,
    unchanged: AtomicUsize,
    /// What the site is sealed with when it stands.
    seal: Option<(Digest, Made)>,
    /// Held until the end, and let go after the staging folder is removed.
    _lock: Lock,
}

/// What writing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were new or different.
    pub written: usize,
    /// Files that stood there already with the same bytes.
    pub unchanged: usize,
    /// Files that the site no longer has.
    pub removed: usize,
}

impl Output {
    /// Opens the output folder `out` of the handbook at `root`.
    ///
    /// # Errors
    /// When the folder holds anything that is not ours, holds the sources or
    /// lies inside them, is in use by another build, or cannot be written.
    pub fn open(out: &Path, root: &Path) -> Result<Output, WriteError> {
        claim::refuse_overlap(out, root)?;
        if out.exists() && !out.is_dir() {
            return Err(WriteError(format!(
                "`{}` is a file, not a folder; move it away or choose another folder with `--out`",
                out.display()
            )));
        }
        let old = read_manifest(out)?;
        claim::refuse_foreign(out, &old)?;
        let made = !out.exists();
        fs::create_dir_all(out).map_err(|error| failed("create the folder", out, &error))?;
        let lock = claim::lock(out, made)?;
        claim::sweep(out)?;
        let staging = tempfile::Builder::new()
            .prefix(STAGING)
            .tempdir_in(out)
            .map_err(|error| failed("write in", out, &error))?;
        Ok(Output {
            out: out.to_owned(),
            old,
            staging,
            staged: Mutex::default(),
            unchanged: AtomicUsize::new(0),
            seal: None,
            _lock: lock,
        })
    }

    /// Has the site sealed when it stands, so that [`seal::unbroken`] knows it.
    pub fn sealed(self, key: Digest, made: Made) -> Output {
        Output { seal: Some((key, made)), ..self }
    }

    /// Puts one file of the site aside, unless it stands there already with
    /// the same bytes.
    ///
    /// # Errors
    /// When the disk is full or the folder cannot be written.
    pub fn stage(&self, address: &Address, bytes: &[u8]) -> Result<(), WriteError> {
        self.stage_written(address, &|into| into.write_all(bytes))
    }

    /// The same for a file that is never in memory as a whole: `write` writes
    /// it, once to be compared with what stands there, and once more if that
    /// differs.
    ///
    /// # Errors
    /// When the disk is full or the folder cannot be written.
    pub fn stage_written(
        &self,
        address: &Address,
        write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), WriteError> {
        let place = self.out.join(address.as_str());
        // What the last build did not write cannot stand there.
        if self.old.0.contains(address.as_str()) && compare::stands_there(&place, write) {
            self.unchanged.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        let aside = self.aside().join(address.as_str());
        let written = create_new(&aside).and_then(|mut file| write(&mut file));
        written.map_err(|error| failed("write", &place, &error))?;
        let mut staged = self.staged.lock().expect("invariant: staging does not panic");
        staged.push(address.clone());
        Ok(())
    }

    /// Where files are put aside, below the staging folder so that nothing of
    /// ours can have a name that a page has.
    fn aside(&self) -> PathBuf {
        self.staging.path().join("site")
    }

    /// Puts everything in its place: `site` is the manifest of the new site.
    ///
    /// # Errors
    /// When a file cannot be put in its place; those that were stand whole,
    /// and the next build mends the rest.
    pub fn commit(self, site: &Manifest) -> Result<Summary, WriteError> {
        let aside = self.aside();
        let mut staged = self.staged.into_inner().expect("invariant: staging does not panic");
        staged.sort_unstable();
        let obsolete: Vec<&str> = self.old.obsolete(site).collect();
        let unchanged = self.unchanged.into_inner();
        let changes = !staged.is_empty() || !obsolete.is_empty() || self.old != *site;
        if changes {
            seal::remove(&self.out);
            write_manifest(&self.out, &self.staging, &self.old.union(site))?;
        }
        let names: Vec<&str> = staged.iter().map(Address::as_str).collect();
        Move { aside: &aside, out: &self.out, obsolete: &obsolete }.all(&names, "")?;
        let mut removed = 0;
        for path in &obsolete {
            removed += usize::from(remove(&self.out, path)?);
        }
        if changes {
            write_manifest(&self.out, &self.staging, site)?;
        }
        if let Some((key, made)) = self.seal {
            seal::set(&self.out, self.staging.path(), site, key, made);
        }
        Ok(Summary { written: staged.len(), unchanged, removed })
    }
}

/// Puts a new text in the place of a file of the handbook, whole or not at
/// all.
///
/// # Errors
/// When the folder cannot be written.
pub fn replace(place: &Path, text: &str) -> Result<(), WriteError> {
    let folder = place.parent().unwrap_or(Path::new(""));
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let write = || {
        let mut aside = tempfile::NamedTempFile::new_in(folder)?;
        aside.write_all(text.as_bytes())?;
        let readable = fs::metadata(place).map(|meta| meta.permissions());
        if let Ok(permissions) = readable {
            aside.as_file().set_permissions(permissions)?;
        }
        aside.persist(place).map_err(|error| error.error)
    };
    write().map(|_| ()).map_err(|error| {
        let advice = "check that you may write there and that the disk is not full";
        WriteError(format!("cannot write `{}`: {error}; {advice}", place.display()))
    })
}

fn failed(tried: &str, path: &Path, error: &io::Error) -> WriteError {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull => "make room on the disk",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "check that you may write there, or choose another folder with `--out`"
        }
        _ => "check the folder, or choose another one with `--out`",
    };
    WriteError(format!("cannot {tried} `{}`: {error}; {advice}", path.display()))
}

fn read_manifest(out: &Path) -> Result<Manifest, WriteError> {
    let path = out.join(MANIFEST);
    match fs::read(&path) {
        Ok(bytes) => Ok(Manifest::parse(&String::from_utf8_lossy(&bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
        Err(error) => Err(failed("read", &path, &error)),
    }
}

/// The path of something below the output folder, with `/` between names.
fn name_below(out: &Path, path: &Path) -> String {
    let below = path.strip_prefix(out).unwrap_or(path);
    let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/")
}

fn write_manifest(out: &Path, staging: &TempDir, manifest: &Manifest) -> Result<(), WriteError> {
    let place = out.join(MANIFEST);
    let aside = staging.path().join("manifest");
    fs::write(&aside, manifest.to_text())
        .and_then(|()| fs::rename(&aside, &place))
        .map_err(|error| failed("write", &place, &error))
}

/// Makes a file that is not there yet, and the folders above it.
fn create_new(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        // Most pages stand in a folder of their own, so it is made first.
        match fs::create_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(folder)?,
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    File::create(path)
}

#[cfg(test)]
mod tests {
    use walkdir::WalkDir;

    use super::*;

    struct Folder {
        root: TempDir,
    }

    impl Folder {
        fn new() -> Folder {
            let root = tempfile::tempdir().expect("a temporary folder");
            fs::create_dir(root.path().join("content")).expect("content");
            Folder { root }
        }

        fn out(&self) -> PathBuf {
            self.root.path().join("public")
        }

        fn build(&self, files: &[(&str, &str)]) -> Result<Summary, WriteError> {
            let output = Output::open(&self.out(), self.root.path())?;
            let addresses: Vec<Address> =
                files.iter().map(|(path, _)| Address::file(*path)).collect();
            for (address, (_, text)) in addresses.iter().zip(files) {
                output.stage(address, text.as_bytes())?;
            }
            output.commit(&Manifest::of(&addresses))
        }

        fn files(&self) -> Vec<String> {
            let all = WalkDir::new(self.out()).sort_by_file_name().into_iter();
            let files = all.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
            let names = files.map(|entry| {
                let path = entry.path().strip_prefix(self.out()).expect("below").to_owned();
                path.to_string_lossy().into_owned()
            });
            names.filter(|name| !name.starts_with('.')).collect()
        }
    }

    #[track_caller]
    fn check(
        summary: Result<Summary, WriteError>,
        written: usize,
        unchanged: usize,
        removed: usize,
    ) {
        let summary = summary.expect("a build");
        assert_eq!(summary, Summary { written, unchanged, removed });
    }

    #[test]
    fn only_what_changed_is_written_and_only_ours_is_removed() {
        let folder = Folder::new();
        check(folder.build(&[("a/index.html", "A"), ("b.txt", "B")]), 2, 0, 0);
        check(folder.build(&[("a/index.html", "A"), ("b.txt", "B")]), 0, 2, 0);
        check(folder.build(&[("b.txt", "C"), ("c/d/e.html", "E")]), 2, 0, 1);
        assert_eq!(folder.files(), ["b.txt", "c/d/e.html"]);
        assert!(!folder.out().join("a").exists());
    }

    #[test]
    fn files_written_in_pieces_are_compared_in_pieces() {
        let folder = Folder::new();
        let build = |pieces: &[&str]| {
            let output = Output::open(&folder.out(), folder.root.path())?;
            let address = Address::file("a.json");
            let write = |into: &mut dyn Write| {
                pieces.iter().try_for_each(|piece| into.write_all(piece.as_bytes()))
            };
            output.stage_written(&address, &write)?;
            output.commit(&Manifest::of(&[address]))
        };
        check(build(&["one", "two"]), 1, 0, 0);
        check(build(&["o", "netw", "o"]), 0, 1, 0);
        for other in ["onetw", "onetwo!", "onetwO", ""] {
            check(build(&[other]), 1, 0, 0);
            let there = fs::read_to_string(folder.out().join("a.json")).expect("there");
            assert_eq!(there, other);
        }
        check(build(&[]), 0, 1, 0);
    }

    #[test]
    fn a_file_may_become_a_folder_and_back() {
        let folder = Folder::new();
        check(folder.build(&[("a", "A")]), 1, 0, 0);
        check(folder.build(&[("a/b/c", "C")]), 1, 0, 0);
        check(folder.build(&[("a", "A")]), 1, 0, 0);
        assert_eq!(folder.files(), ["a"]);
    }

    #[test]
    fn foreign_files_are_refused_and_kept() {
        let folder = Folder::new();
        check(folder.build(&[("a.html", "A")]), 1, 0, 0);
        fs::write(folder.out().join("mine.txt"), "mine").expect("written");
        let error = folder.build(&[("a.html", "B")]).expect_err("refused").to_string();
        assert!(error.contains("`mine.txt`"), "{error}");
        assert_eq!(fs::read_to_string(folder.out().join("a.html")).expect("there"), "A");
        assert_eq!(fs::read_to_string(folder.out().join("mine.txt")).expect("there"), "mine");
    }

    #[test]
    fn names_that_begin_with_a_dot_are_left_alone() {
        let folder = Folder::new();
        fs::create_dir_all(folder.out().join(".git")).expect("made");
        fs::write(folder.out().join(".git/config"), "x").expect("written");
        check(folder.build(&[("a.html", "A")]), 1, 0, 0);
        assert!(folder.out().join(".git/config").exists());
    }

    #[test]
    fn an_output_folder_over_the_sources_is_refused() {
        let folder = Folder::new();
        let root = folder.root.path();
        for out in ["", "content", "content/public", "content/../content/x", "templates/x"] {
            assert!(Output::open(&root.join(out), root).is_err(), "{out}");
        }
        assert!(Output::open(root.parent().expect("a parent"), root).is_err());
        fs::write(root.join("file"), "").expect("written");
        assert!(Output::open(&root.join("file"), root).is_err());
    }

    #[test]
    fn two_builds_at_once_are_kept_apart() {
        let folder = Folder::new();
        let first = Output::open(&folder.out(), folder.root.path()).expect("opened");
        let error = Output::open(&folder.out(), folder.root.path()).err().expect("refused");
        assert!(error.to_string().contains("another build"), "{error}");
        drop(first);
        Output::open(&folder.out(), folder.root.path()).expect("free again");
    }

    #[test]
    fn a_build_that_stops_before_the_end_changes_nothing() {
        let folder = Folder::new();
        check(folder.build(&[("a.html", "A")]), 1, 0, 0);
        let output = Output::open(&folder.out(), folder.root.path()).expect("opened");
        output.stage(&Address::file("a.html"), b"B").expect("staged");
        drop(output);
        let names = fs::read_dir(folder.out()).expect("a folder").filter_map(Result::ok);
        let mut names: Vec<_> = names.map(|entry| entry.file_name()).collect();
        names.sort();
        assert_eq!(names, [MANIFEST, "a.html"]);
        assert_eq!(fs::read_to_string(folder.out().join("a.html")).expect("there"), "A");
        assert_eq!(folder.files(), ["a.html"]);
    }

    #[test]
    fn a_folder_made_for_nothing_is_removed_again() {
        let folder = Folder::new();
        drop(Output::open(&folder.out(), folder.root.path()).expect("opened"));
        assert!(!folder.out().exists());
    }

    #[test]
    fn what_a_killed_build_put_aside_is_swept_away() {
        let folder = Folder::new();
        let aside = folder.out().join(format!("{STAGING}x"));
        fs::create_dir_all(&aside).expect("made");
        fs::write(aside.join("0"), "half").expect("written");
        check(folder.build(&[("#n.txt", "A"), ("a\\b", "B")]), 2, 0, 0);
        assert!(!aside.exists());
        check(folder.build(&[("#n.txt", "A"), ("a\\b", "B")]), 0, 2, 0);
    }
}
