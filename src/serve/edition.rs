//! One good state of the site, and its pages as far as somebody asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use hyper::body::Bytes;

use super::board::lock;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::path::Address;
use crate::pipeline::Site;
use crate::read::Snapshot;

/// The folder of addresses that are the server's own. Names of sources never
/// begin with `_`, so no page stands there.
pub(super) const OWN: &str = "_normbook";

/// One good state of the site.
pub(super) struct Edition {
    /// Editions are counted.
    pub(super) number: u64,
    pub(super) site: Site,
    pub(super) snapshot: Arc<Snapshot>,
    /// The editions in which styles, scripts and all other files last changed.
    pub(super) styles: u64,
    pub(super) scripts: u64,
    pub(super) others: u64,
    files: BTreeMap<Address, usize>,
    shelf: Arc<Mutex<Shelf>>,
    /// What templates do wrong, by page, as far as known.
    failed: Mutex<BTreeMap<Address, Diagnostic>>,
    /// What of that was said.
    said: Mutex<BTreeSet<Diagnostic>>,
    /// Names this run of the program: editions of another are not comparable.
    run: u64,
}

/// Pages as they could last be rendered, whatever the edition; each with its
/// number.
#[derive(Default)]
struct Shelf {
    pages: BTreeMap<Address, (u64, Content)>,
    bytes: usize,
}

/// The shelf holds so many bytes; then it is cleared.
const MOST_KEPT: usize = 64 << 20;

/// The bytes of an address, our own line among them, and their digest: a
/// browser that kept the page with an older line must get the new one.
#[derive(Clone)]
pub(super) struct Content {
    pub(super) bytes: Bytes,
    pub(super) digest: Digest,
}

/// What stands at an address.
pub(super) enum Found {
    Content(Content),
    /// The page cannot be rendered, and never could.
    Broken,
    Nothing,
}

impl Edition {
    /// The edition after `before`, or the first one.
    pub(super) fn new(
        site: Site,
        snapshot: Arc<Snapshot>,
        before: Option<&Arc<Edition>>,
        run: u64,
    ) -> Edition {
        let number = before.map_or(1, |before| before.number + 1);
        let files = site.files.iter().enumerate().map(|(at, (address, _))| (address.clone(), at));
        let mut edition = Edition {
            number,
            files: files.collect(),
            site,
            snapshot,
            styles: number,
            scripts: number,
            others: number,
            shelf: before.map(|before| Arc::clone(&before.shelf)).unwrap_or_default(),
            failed: Mutex::default(),
            said: Mutex::default(),
            run,
        };
        if let Some(before) = before {
            edition.date_files(before);
        }
        edition
    }

    /// Files that are as they were keep the number of the edition in which
    /// they came.
    fn date_files(&mut self, before: &Edition) {
        let changed = |sort: fn(&str) -> bool| {
            let of = |site: &Site| -> Vec<usize> {
                let files = site.files.iter().enumerate();
                files.filter(|(_, (address, _))| sort(address.as_str())).map(|(at, _)| at).collect()
            };
            let (own, old) = (of(&self.site), of(&before.site));
            own.len() != old.len()
                || own.iter().zip(old).any(|(own, old)| {
                    let (own, old) = (&self.site.files[*own], &before.site.files[old]);
                    own.0 != old.0 || (!Arc::ptr_eq(&own.1, &old.1) && own.1 != old.1)
                })
        };
        let (styles, scripts, others) = (
            changed(is_style),
            changed(is_script),
            changed(|name| !is_style(name) && !is_script(name)),
        );
        if !styles {
            self.styles = before.styles;
        }
        if !scripts {
            self.scripts = before.scripts;
        }
        if !others {
            self.others = before.others;
        }
    }

    /// The name of the edition, for browsers.
    pub(super) fn name(&self) -> String {
        self.name_of(self.number)
    }

    fn name_of(&self, number: u64) -> String {
        format!("{:x}.{number}", self.run)
    }

    /// What stands at an address, rendered if need be. A page that cannot be
    /// rendered is answered as it last could.
    pub(super) fn find(&self, address: &Address) -> Found {
        let last = lock(&self.shelf).pages.get(address).cloned();
        if let Some((number, content)) = &last
            && *number == self.number
        {
            return Found::Content(content.clone());
        }
        if let Some(at) = self.files.get(address) {
            let bytes = &self.site.files[*at].1;
            let digest = Digest::of(bytes);
            let bytes = Bytes::from_owner(Arc::clone(bytes));
            return Found::Content(self.keep(address, Content { bytes, digest }));
        }
        if let Some(file) = self.site.exported(address) {
            let bytes = self.site.export(file);
            let digest = Digest::of(&bytes);
            return Found::Content(self.keep(address, Content { bytes: bytes.into(), digest }));
        }
        let Some(page) = self.site.page(address) else { return Found::Nothing };
        match (self.site.render(page), last) {
            (Ok(bytes), _) => {
                let bytes = self.with_script(address, bytes);
                let digest = Digest::of(&bytes);
                Found::Content(self.keep(address, Content { bytes: bytes.into(), digest }))
            }
            (Err(problem), last) => {
                self.note(address, *problem);
                last.map_or(Found::Broken, |(number, content)| {
                    Found::Content(self.adopt(number, &content))
                })
            }
        }
    }

    fn keep(&self, address: &Address, content: Content) -> Content {
        let mut shelf = lock(&self.shelf);
        if shelf.bytes > MOST_KEPT {
            *shelf = Shelf::default();
        }
        // A slow request may still hold an older edition.
        if shelf.pages.get(address).is_none_or(|(number, _)| *number < self.number) {
            shelf.bytes += content.bytes.len();
            let old = shelf.pages.insert(address.clone(), (self.number, content.clone()));
            shelf.bytes -= old.map_or(0, |(_, content)| content.bytes.len());
        }
        content
    }

    /// Adds the script that follows changes, on a line of its own.
    fn with_script(&self, address: &Address, mut bytes: Vec<u8>) -> Vec<u8> {
        if address.as_str().ends_with(".html") {
            let text = std::str::from_utf8(&bytes).unwrap_or_default();
            let end = text.rfind("</body>").unwrap_or(bytes.len());
            bytes.splice(end..end, script(&self.name()).into_bytes());
        }
        bytes
    }

    /// A page of an older edition as one of this: its script must not wait for
    /// what it cannot get.
    fn adopt(&self, number: u64, content: &Content) -> Content {
        let text = String::from_utf8_lossy(&content.bytes);
        let (old, new) = (script(&self.name_of(number)), script(&self.name()));
        let bytes = text.replacen(&old, &new, 1).into_bytes();
        Content { digest: Digest::of(&bytes), bytes: bytes.into() }
    }

    /// Notes what a template does wrong on a page.
    pub(super) fn note(&self, address: &Address, problem: Diagnostic) {
        lock(&self.failed).insert(address.clone(), problem);
    }

    /// What templates do wrong, as far as known, each once.
    fn failures(&self) -> Vec<Diagnostic> {
        crate::render::merge(lock(&self.failed).values().cloned().collect())
    }

    /// Everything that is wrong, as far as known, sorted by path and place.
    pub(super) fn problems(&self) -> Vec<Diagnostic> {
        let mut problems = self.site.diagnostics.clone();
        problems.extend(self.failures());
        problems.sort();
        problems
    }

    /// What templates do wrong and was not asked for before.
    pub(super) fn take_unsaid(&self) -> Vec<Diagnostic> {
        let mut said = lock(&self.said);
        self.failures().into_iter().filter(|failure| said.insert(failure.clone())).collect()
    }
}

fn is_style(name: &str) -> bool {
    name.ends_with(".css")
}

fn is_script(name: &str) -> bool {
    name.ends_with(".js") || name.ends_with(".mjs")
}

/// The line that is added to pages. It runs before the page's deferred scripts
/// do, and so sees the page as it was served.
pub(super) fn script(edition: &str) -> String {
    format!("<script src=\"/{OWN}/live.js\" data-edition=\"{edition}\"></script>\n")
}
