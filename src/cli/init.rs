//! `normbook init`: a small handbook that builds, in a new folder.

#![expect(clippy::disallowed_methods, reason = "part of the rim: it writes the new handbook")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use include_dir::{Dir, include_dir};

use super::messages::note;

/// The files of a new handbook, as they stand in this repository.
static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/author/init");

/// Stands in the files for this program's version.
const VERSION: &str = "NORMBOOK_VERSION";

/// Writes the files of a new handbook into a folder that is empty or not
/// there, and says what is next.
pub(super) fn init(folder: &Path) -> Result<bool, Box<dyn Error>> {
    if let Some(found) = in_the_way(folder)? {
        let folder = folder.display();
        return Err(format!(
            "`{folder}` is not empty: it holds `{found}`; name a new folder, such as \
             `{folder}/handbook`"
        )
        .into());
    }
    write(&FILES, folder)?;
    super::schema::for_vscode(folder)?;
    note(&format!(
        "a new handbook stands in `{}`; it is made up, and its comments say how to go on\n\
         next: `cd {0}`, then `normbook build`, and open `public/index.html`",
        folder.display()
    ));
    Ok(true)
}

/// A name in the folder that forbids to begin there. A folder that is only
/// under version control is as good as empty.
fn in_the_way(folder: &Path) -> Result<Option<String>, String> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failure("read", folder, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failure("read", folder, &error))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names.into_iter().find(|name| name != ".git"))
}

fn write(from: &Dir<'_>, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| failure("make", to, &error))?;
    for file in from.files() {
        let name = file.path().file_name().expect("invariant: an embedded file has a name");
        let path = to.join(name);
        let text = file.contents_utf8().expect("invariant: the embedded files are text");
        let text = text.replace(VERSION, env!("CARGO_PKG_VERSION"));
        let written = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| failure("write", &path, &error))?;
    }
    for inner in from.dirs() {
        let name = inner.path().file_name().expect("invariant: an embedded folder has a name");
        write(inner, &to.join(name))?;
    }
    Ok(())
}

fn failure(what: &str, path: &Path, error: &io::Error) -> String {
    format!("cannot {what} `{}`: {error}; check that you may write there", path.display())
}
