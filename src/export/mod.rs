//! The files of the site that no template makes: data for the theme's scripts
//! and for other programs.
//!
//! Comes in: the linked handbook. Goes out: a list of [`File`]s, cheap to
//! make, each of which makes its bytes when somebody asks. A format is one
//! file here and one line in [`EXPORTS`]; its addresses stand in
//! [`crate::link::routes`].

mod addresses;
mod data;
mod previews;
mod search;

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use crate::link::Linked;
use crate::path::Address;

/// A format in which a part of the handbook goes out.
#[derive(Debug)]
pub struct Export {
    /// Its name.
    pub name: &'static str,
    files: fn(&Linked) -> Vec<File>,
}

/// Every format.
pub static EXPORTS: &[Export] =
    &[addresses::EXPORT, data::EXPORT, previews::EXPORT, search::EXPORT];

/// A file, as a place and a way to make it.
#[derive(Clone)]
pub struct File {
    /// Where it stands.
    pub address: Address,
    make: Arc<Make>,
}

/// Writes a file from the handbook and from what the listing found out; files
/// of one export may share that, and the first that is asked for may work it
/// out for all.
type Make = dyn Fn(&Linked, &mut dyn Write) -> io::Result<()> + Send + Sync;

impl File {
    fn new(address: Address, make: impl Fn(&Linked) -> Vec<u8> + Send + Sync + 'static) -> File {
        File::written(address, move |linked, into| into.write_all(&make(linked)))
    }

    /// A file that is too long to be in memory as a whole.
    fn written(
        address: Address,
        make: impl Fn(&Linked, &mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> File {
        File { address, make: Arc::new(make) }
    }

    /// Writes the file, made from the handbook that listed it; the same bytes
    /// each time.
    ///
    /// # Errors
    /// Those of `into`.
    pub fn write(&self, linked: &Linked, into: &mut dyn Write) -> io::Result<()> {
        (self.make)(linked, into)
    }

    /// The file's bytes.
    pub fn bytes(&self, linked: &Linked) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(linked, &mut bytes).expect("invariant: a vector takes everything");
        bytes
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("File").field(&self.address).finish()
    }
}

/// All files of all formats, sorted by address.
pub fn files(linked: &Linked) -> Vec<File> {
    let mut files: Vec<File> = EXPORTS.iter().flat_map(|export| (export.files)(linked)).collect();
    files.sort_by(|a, b| a.address.cmp(&b.address));
    files
}
