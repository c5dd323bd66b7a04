//! Tells at a look whether a site stands as the last build left it, so that a
//! build with nothing to do need not make every page to find that out. Part
//! of the rim: it touches the disk.
//!
//! Comes in: the output folder, and a digest of everything that the site is
//! made from. A build without any message leaves a seal: that digest, and one
//! of the size, times and number on the disk of every file. It is broken when
//! either differs, when a file is gone, or when there is one more; then the
//! build is done in full, as if there had been no seal.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it touches the disk")]

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime};

use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use walkdir::WalkDir;

use super::claim::LOCK;
use super::{STAGING, name_below};
use crate::digest::Digest;
use crate::read::Snapshot;
use crate::read::disk::Stamp;
use crate::write::{MANIFEST, Manifest};

/// The name of the seal in the output folder.
const SEAL: &str = ".normbook-seal";

const HEADER: &str = "normbook-seal 1";

/// How often, and how long each time, the clock of the disk is waited for.
const WAITS: usize = 20;
const WAIT: Duration = Duration::from_millis(2);

/// What a sealed site was made of, for those who report it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The entries of the handbook.
    pub entries: usize,
    /// The pages of the site.
    pub pages: usize,
    /// All its files.
    pub files: usize,
}

/// The digest of everything that a site is made from: this very program, the
/// sources, the day, and `options`, the rest of what was asked for. Nothing
/// when the program cannot tell which one it is.
pub fn key(snapshot: &Snapshot, options: &str) -> Option<Digest> {
    let program = Stamp::of(&fs::metadata(std::env::current_exe().ok()?).ok()?).to_bytes();
    let said = format!("{} {:?} {options}", env!("CARGO_PKG_VERSION"), snapshot.today);
    let sources = snapshot.sources.values().map(|source| source.digest.as_bytes().as_slice());
    Some(Digest::of_parts([program.as_slice(), said.as_bytes()].into_iter().chain(sources)))
}

/// Whether the site in `out` was made from what `key` stands for and is as it
/// was then; answers what it was made of.
pub fn unbroken(out: &Path, key: Digest) -> Option<Made> {
    let text = fs::read_to_string(out.join(SEAL)).ok()?;
    let mut lines = text.lines();
    let known = lines.next()? == HEADER && lines.next()? == key.to_string();
    let stand = lines.next()?.to_owned();
    let mut counts = lines.next()?.split(' ').map(|count| count.parse().ok());
    let made = Made { entries: counts.next()??, pages: counts.next()??, files: counts.next()?? };
    (known && digest(&survey(out)?).to_string() == stand).then_some(made)
}

/// Breaks the seal of a site that is about to change.
pub(super) fn remove(out: &Path) {
    // One that stays does no harm: what changes does not fit it.
    fs::remove_file(out.join(SEAL)).ok();
}

/// Seals a site that has just been put in its place. Whether that succeeds
/// changes nothing but how long the next build takes.
pub(super) fn set(
    out: &Path,
    staging: &Path,
    site: &Manifest,
    key: Digest,
    made: Made,
) -> Option<()> {
    let names: Vec<&str> = site.0.iter().map(String::as_str).chain([MANIFEST]).collect();
    let stamp = |name: &str| Some(Stamp::of(&fs::symlink_metadata(out.join(name)).ok()?));
    let files = names.into_par_iter().map(|name| Some((name.to_owned(), stamp(name)?)));
    let mut files: Vec<(String, Stamp)> = files.collect::<Option<_>>()?;
    files.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let newest = files.iter().filter_map(|(_, stamp)| stamp.touched()).max()?;
    let Made { entries, pages, files: count } = made;
    let stand = digest(&files);
    let text = format!("{HEADER}\n{key}\n{stand}\n{entries} {pages} {count}\n");
    let aside = staging.join("seal");
    // A change in the same tick of the clock would leave no trace; so the seal
    // holds only once the clock by which the disk dates files has moved on.
    let later = |time: SystemTime| time > newest;
    for _ in 0..WAITS {
        fs::write(&aside, &text).ok()?;
        if Stamp::of(&fs::metadata(&aside).ok()?).touched().is_some_and(later) {
            return fs::rename(&aside, out.join(SEAL)).ok();
        }
        thread::sleep(WAIT);
    }
    None
}

/// All files of ours and of others, by name; nothing when the folder holds
/// what a build has to look at, as what a killed one left behind.
fn survey(out: &Path) -> Option<Vec<(String, Stamp)>> {
    let mut files = Vec::new();
    let mut walk = WalkDir::new(out).min_depth(1).into_iter();
    while let Some(entry) = walk.next() {
        let entry = entry.ok()?;
        let name = entry.file_name().to_string_lossy();
        if name.starts_with('.') {
            if name == LOCK || name.starts_with(STAGING) {
                return None;
            }
            let folder = entry.file_type().is_dir();
            if folder {
                walk.skip_current_dir();
            }
            if entry.depth() > 1 || folder || name != MANIFEST {
                continue;
            }
        }
        if !entry.file_type().is_dir() {
            let stamp = Stamp::of(&entry.metadata().ok()?);
            files.push((name_below(out, entry.path()), stamp));
        }
    }
    files.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Some(files)
}

fn digest(files: &[(String, Stamp)]) -> Digest {
    let stamps: Vec<Vec<u8>> = files.iter().map(|(_, stamp)| stamp.to_bytes()).collect();
    let names = files.iter().map(|(name, _)| name.as_bytes());
    Digest::of_parts(names.zip(&stamps).flat_map(|(name, stamp)| [name, stamp.as_slice()]))
}
