//! What writing a site changes.
//!
//! Comes in: the manifest of what stands in the output folder, and the
//! addresses of the new site. Goes out: which files go. Nothing here touches
//! the disk; [`disk`] does.

pub mod disk;

use std::collections::BTreeSet;

use crate::path::Address;

/// The files of an output folder that this program wrote. Only these are
/// ever removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest(pub BTreeSet<String>);

/// The name of the manifest in the output folder.
pub const MANIFEST: &str = ".normbook-manifest";

const HEADER: &str = "# The files that normbook wrote here, and may remove. Do not edit.";

impl Manifest {
    /// Reads a manifest; lines that are no path below the folder are left
    /// out, so that a damaged manifest never makes anything else removable.
    pub fn parse(text: &str) -> Manifest {
        let inside = |path: &String| {
            let bad = |segment: &str| matches!(segment, "" | "." | "..");
            !path.split('/').any(bad)
        };
        let lines = text.lines().filter(|line| *line != HEADER);
        let paths = lines.filter_map(|line| serde_json::from_str::<String>(line).ok());
        Manifest(paths.filter(inside).collect())
    }

    /// The manifest as text, one path a line as a JSON string, sorted.
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for path in &self.0 {
            text.push_str(&serde_json::Value::from(path.as_str()).to_string());
            text.push('\n');
        }
        text
    }

    /// The manifest of a site.
    pub fn of<'a>(addresses: impl IntoIterator<Item = &'a Address>) -> Manifest {
        Manifest(addresses.into_iter().map(|address| address.as_str().to_owned()).collect())
    }

    /// The files that stand there and are not part of the new site.
    pub fn obsolete<'a>(&'a self, new: &'a Manifest) -> impl Iterator<Item = &'a str> {
        self.0.difference(&new.0).map(String::as_str)
    }

    /// Everything that stands there or is about to: while files are being
    /// written, nothing of ours may look foreign.
    pub fn union(&self, new: &Manifest) -> Manifest {
        Manifest(self.0.union(&new.0).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_never_names_anything_outside() {
        let text = "# x\n\"a/b.html\"\n\"../c\"\n\"/etc/passwd\"\n\"./d\"\nplain\n\n\"a//b\"\n";
        assert_eq!(Manifest::parse(text).0.into_iter().collect::<Vec<_>>(), ["a/b.html"]);
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        let names =
            ["a/index.html", "#n.txt", "a\\b", "\"q\" 'x'", "two\nlines", "日本 é.png", HEADER];
        let manifest = Manifest::of(&names.map(Address::file));
        assert_eq!(Manifest::parse(&manifest.to_text()), manifest);
    }

    #[test]
    fn obsolete_files_are_those_of_the_old_site_only() {
        let old = Manifest::of(&[Address::page("a"), Address::page("b")]);
        let new = Manifest::of(&[Address::page("b"), Address::page("c")]);
        assert_eq!(old.obsolete(&new).collect::<Vec<_>>(), ["a/index.html"]);
    }
}
