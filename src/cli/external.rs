//! `normbook check --external`: asks for the addresses on the web, and keeps
//! in a file which were good.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it keeps the cache")]

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::messages::note;
use super::progress::Progress;
use crate::date::PartialDate;
use crate::diagnostic::Diagnostic;
use crate::external;
use crate::external::ask::{self, Manners};
use crate::external::cache::{Cache, FILE};
use crate::link::Linked;

/// Asks for the outside links of the handbook in `root` that were not good
/// within the last days; answers what is wrong with them.
pub(super) fn check(
    linked: &Linked,
    root: &Path,
    today: PartialDate,
    manners: Manners,
) -> Vec<Diagnostic> {
    let file = root.join(FILE);
    let text = fs::read_to_string(&file).unwrap_or_default();
    let mut cache = Cache::parse(&text, today);
    let links = external::links(linked);
    let mut addresses = external::addresses(&links);
    let all = addresses.len();
    addresses.retain(|address| !cache.holds(address));
    let progress = Progress::start("asking", addresses.len());
    let answers = ask::ask(&addresses, manners, &|| progress.step());
    progress.stop();
    let addresses = match all {
        1 => "1 outside address".to_owned(),
        all => format!("{all} outside addresses"),
    };
    note(&format!("asked for {} of {addresses}; the rest was good lately", answers.len()));
    cache.learn(&answers, today);
    let kept = cache.text();
    // Without the file the next check asks again, which is no failure.
    if kept != text
        && let Err(error) = keep(&file, &kept)
    {
        note(&format!("cannot write `{}`: {error}; the next check asks again", file.display()));
    }
    external::judge(&links, &answers)
}

/// Writes the file whole or not at all.
fn keep(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().expect("invariant: the cache stands in a folder");
    fs::create_dir_all(folder)?;
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.persist(file)?;
    Ok(())
}
