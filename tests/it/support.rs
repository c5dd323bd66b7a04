//! Handbooks in memory, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use normbook::date::PartialDate;
use normbook::path::SourcePath;
use normbook::read::Snapshot;

/// The files of a handbook by path.
pub(crate) type Files = BTreeMap<String, String>;

/// The snapshot of a handbook's files on a fixed day.
pub(crate) fn snapshot(files: &Files) -> Snapshot {
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    let bytes = |text: &String| -> Arc<[u8]> { text.clone().into_bytes().into() };
    let files = files.iter().map(|(path, text)| (SourcePath::new(path.as_str()), bytes(text)));
    Snapshot::new(files, today)
}
