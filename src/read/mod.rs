//! The snapshot: all sources of a handbook as they were at one moment.
//!
//! Comes in from the rim: paths and bytes. Goes out: a sorted map that the
//! pure stages work on. Nothing here reads the disk; [`disk`] does.

pub mod disk;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config;
use crate::date::PartialDate;
use crate::digest::Digest;
use crate::path::SourcePath;

/// The name of the file at the root that holds the published addresses.
pub const LEDGER: &str = "normbook.lock";

/// One file of the handbook.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it stands.
    pub path: SourcePath,
    /// What it holds.
    pub bytes: Arc<[u8]>,
    /// The digest of its path and bytes.
    pub digest: Digest,
    /// The same bytes as text, where it is known that they are.
    words: Option<Arc<str>>,
}

impl Source {
    /// A file with its digest.
    pub fn new(path: SourcePath, bytes: impl Into<Arc<[u8]>>) -> Source {
        let bytes = bytes.into();
        let digest = Digest::of_parts([path.as_str().as_bytes(), &bytes]);
        Source { path, bytes, digest, words: None }
    }

    /// A file that has just been read; its text can be shared with whatever is
    /// made of it.
    pub fn read(path: SourcePath, bytes: &[u8]) -> Source {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let words: Arc<str> = text.into();
                let source = Source::new(path, Arc::<[u8]>::from(Arc::clone(&words)));
                Source { words: Some(words), ..source }
            }
            Err(_) => Source::new(path, bytes),
        }
    }

    /// The bytes as text that is shared where it can be.
    ///
    /// # Errors
    /// Where the bytes stop being UTF-8.
    pub fn shared_text(&self) -> Result<Arc<str>, std::str::Utf8Error> {
        match &self.words {
            Some(words) => Ok(Arc::clone(words)),
            None => std::str::from_utf8(&self.bytes).map(Arc::from),
        }
    }

    /// The bytes as text; wrong bytes become replacement characters.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Whether files and folders of this name are not read: names that begin with
/// `.` or `_`, and what editors leave beside a file while they work on it.
pub fn is_passed_over(name: &str) -> bool {
    const ENDINGS: [&str; 7] =
        ["~", ".swp", ".swx", ".tmp", ".bak", "___jb_tmp___", "___jb_old___"];
    name.starts_with(['.', '_'])
        || ENDINGS.iter().any(|ending| name.ends_with(ending))
        || (name.starts_with('#') && name.ends_with('#'))
        // Vim tries with this name whether it can write in a folder.
        || name == "4913"
}

/// All files of a handbook at one moment, and the day.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The files below `content/`, `templates/` and `theme/`, and
    /// `normbook.toml` and `normbook.lock`, by path.
    pub sources: BTreeMap<SourcePath, Source>,
    /// The day on which the handbook is built.
    pub today: PartialDate,
}

impl Snapshot {
    /// A snapshot of files that are already in memory.
    pub fn new(
        files: impl IntoIterator<Item = (SourcePath, Arc<[u8]>)>,
        today: PartialDate,
    ) -> Snapshot {
        let source = |(path, bytes)| Source::new(path, bytes);
        let sources = files.into_iter().map(source);
        Snapshot { sources: sources.map(|source| (source.path.clone(), source)).collect(), today }
    }

    /// Whether another snapshot has the same files with the same bytes, and the
    /// same day.
    pub fn same_as(&self, other: &Snapshot) -> bool {
        let digests = |snapshot: &Snapshot| {
            snapshot.sources.values().map(|source| source.digest).collect::<Vec<_>>()
        };
        self.today == other.today && digests(self) == digests(other)
    }

    /// The files that another snapshot lacks or has with other bytes, and those
    /// that only the other has.
    pub fn changed_since<'a>(&'a self, other: &'a Snapshot) -> Vec<&'a SourcePath> {
        let digest = |snapshot: &Snapshot, path| snapshot.sources.get(path).map(|s| s.digest);
        let own = self.sources.iter().filter(|(path, source)| {
            digest(other, path).is_none_or(|before| before != source.digest)
        });
        let gone = other.sources.keys().filter(|path| !self.sources.contains_key(path));
        own.map(|(path, _)| path).chain(gone).collect()
    }

    /// Whether a file is empty that had bytes in another snapshot: many
    /// programs save by emptying a file before they fill it.
    pub fn emptied_since(&self, other: &Snapshot) -> bool {
        let had = |path| other.sources.get(path).is_some_and(|source| !source.bytes.is_empty());
        self.sources.iter().any(|(path, source)| source.bytes.is_empty() && had(path))
    }

    /// The settings file, when there is one.
    pub fn settings(&self) -> Option<&Source> {
        self.sources.get(&SourcePath::new(config::FILE))
    }

    /// The file of published addresses, when there is one.
    pub fn ledger(&self) -> Option<&Source> {
        self.sources.get(&SourcePath::new(LEDGER))
    }

    /// The files below a folder of the root, such as `content`.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> {
        self.sources
            .values()
            .filter(move |source| source.path.as_str().split('/').next() == Some(folder))
    }

    /// The text of a source, for messages.
    pub fn text(&self, path: &SourcePath) -> Option<String> {
        self.sources.get(path).map(Source::text)
    }
}
