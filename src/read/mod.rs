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
}

impl Source {
    /// A file with its digest.
    pub fn new(path: SourcePath, bytes: impl Into<Arc<[u8]>>) -> Source {
        let bytes = bytes.into();
        let digest = Digest::of_parts([path.as_str().as_bytes(), &bytes]);
        Source { path, bytes, digest }
    }

    /// The bytes as text; wrong bytes become replacement characters.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
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
