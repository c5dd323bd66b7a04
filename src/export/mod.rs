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

/// Makes a file from the handbook and from what the listing found out; files
/// of one export may share that, and the first that is asked for may work it
/// out for all.
type Make = dyn Fn(&Linked) -> Vec<u8> + Send + Sync;

impl File {
    fn new(address: Address, make: impl Fn(&Linked) -> Vec<u8> + Send + Sync + 'static) -> File {
        File { address, make: Arc::new(make) }
    }

    /// The file's bytes, made from the handbook that listed it.
    pub fn bytes(&self, linked: &Linked) -> Vec<u8> {
        (self.make)(linked)
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
