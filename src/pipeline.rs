//! The build as one function of a snapshot, with a memory between builds.
//!
//! Comes in: a [`Snapshot`]. Goes out: a [`Site`]: every page and file that
//! the handbook makes, and everything that is wrong with it. Rendering is
//! demanded, not pushed: a page's bytes are made when somebody asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use crate::config;
use crate::diagnostic::{Checked, Diagnostic, Severity, catalog};
use crate::digest::Digest;
use crate::export;
use crate::ledger::record::Recorded;
use crate::ledger::{self, Ledger};
use crate::link::{self, Linked};
use crate::lint;
use crate::memo::Memo;
use crate::model;
use crate::page::{self, Page, Shelf};
use crate::parse::{self, Doc, Role};
use crate::path::{Address, SourcePath};
use crate::read::{Snapshot, Source};
use crate::render::templates::{self, Templates};
use crate::render::{self, Bytes, assets};

/// What was asked for on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether drafts belong to the site.
    pub drafts: bool,
    /// An address of the site that goes before that of the settings.
    pub base_url: Option<String>,
}

/// A stage of the build, for those who measure it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Files to entries.
    Parse,
    /// Entries to a handbook.
    Model,
    /// Names to targets.
    Link,
    /// Editorial rules.
    Lint,
    /// The list of pages, and the templates.
    Page,
}

impl Phase {
    /// The phase's name for people.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Parse => "parse",
            Phase::Model => "model",
            Phase::Link => "link",
            Phase::Lint => "lint",
            Phase::Page => "page",
        }
    }
}

/// What a run had to do; the rest was remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Entries that were parsed.
    pub parsed: usize,
    /// Entries in all.
    pub entries: usize,
}

/// The build with its memory.
#[derive(Default)]
pub struct Pipeline {
    parsed: Memo<Checked<Arc<Doc>>>,
    woven: Option<(Digest, Arc<Woven>)>,
    templates: Memo<Checked<Templates>>,
    rendered: Memo<Result<Bytes, Box<Diagnostic>>>,
}

/// What all entries give together, whatever the templates and the theme.
struct Woven {
    shelf: Shelf,
    /// All pages, sorted by address.
    pages: Vec<Page>,
    /// All files that no template makes, sorted by address.
    exports: Vec<export::File>,
    diagnostics: Vec<Diagnostic>,
}

impl Pipeline {
    /// Builds the site of a snapshot, as far as that goes without rendering.
    /// `observe` is told as each phase begins.
    pub fn run(
        &mut self,
        snapshot: &Snapshot,
        options: &Options,
        observe: &mut dyn FnMut(Phase),
    ) -> Site {
        observe(Phase::Parse);
        let files = Files::sort(snapshot);
        let round = self.parsed.round(
            &files.entries,
            |(source, _)| source.digest,
            |(source, kind)| {
                let doc = parse::parse(source, *kind);
                Checked::new(Arc::new(doc.value), doc.diagnostics)
            },
        );
        let counters = Counters { parsed: round.computed, entries: round.values.len() };
        let key = files.digest(snapshot, options);
        let last = self.woven.take();
        let woven = match last {
            Some((known, woven)) if known == key => woven,
            last => {
                let parts = Parts { snapshot, options, files, docs: &round.values };
                let last = last.as_ref().map(|(_, woven)| &*woven.shelf);
                Arc::new(weave(parts, last, observe))
            }
        };
        self.woven = Some((key, Arc::clone(&woven)));
        let layered = assets::layered(snapshot, "templates");
        let templates =
            self.templates.round(&[layered], templates::digest, templates::load).values.remove(0);
        let mut diagnostics = woven.diagnostics.clone();
        diagnostics.extend(templates.diagnostics.iter().cloned());
        diagnostics.sort();
        diagnostics.dedup();
        let files = copied(snapshot, &woven.shelf);
        Site { woven, files, templates, diagnostics, counters }
    }

    /// Renders every page of a site, from memory where nothing changed.
    pub fn render(&mut self, site: &Site) -> Checked<Rendered> {
        let views: Vec<(&Page, page::View)> =
            site.pages().par_iter().map(|page| (page, site.view(page))).collect();
        let templates = &site.templates.value;
        let round = self.rendered.round(
            &views,
            |(page, view)| render::digest(page, view, templates),
            |(page, view)| {
                let mut bytes = Vec::new();
                render::page(page, view.clone(), templates, &mut bytes)?;
                Ok(Bytes::from(bytes))
            },
        );
        let mut diagnostics = Vec::new();
        let mut bytes: BTreeMap<Address, Bytes> = site.files.iter().cloned().collect();
        for ((page, _), rendered) in views.iter().zip(round.values) {
            match &*rendered {
                Ok(page_bytes) => {
                    bytes.insert(page.address.clone(), Arc::clone(page_bytes));
                }
                Err(problem) => diagnostics.push((**problem).clone()),
            }
        }
        let exports = site.exports().par_iter();
        let exports = exports.map(|file| (file.address.clone(), site.export(file).into()));
        bytes.extend(exports.collect::<Vec<(Address, Bytes)>>());
        let diagnostics = render::merge(diagnostics);
        Checked::new(Rendered { bytes, rendered: round.computed, pages: views.len() }, diagnostics)
    }
}

/// A whole site in memory.
#[derive(Clone, Debug, Default)]
pub struct Rendered {
    /// All files of the site.
    pub bytes: BTreeMap<Address, Bytes>,
    /// How many pages had to be rendered.
    pub rendered: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// What [`weave`] works on.
struct Parts<'a> {
    snapshot: &'a Snapshot,
    options: &'a Options,
    files: Files<'a>,
    docs: &'a [Arc<Checked<Arc<Doc>>>],
}

/// Puts the entries together: names, order, references, rules, pages.
fn weave(parts: Parts<'_>, last: Option<&Linked>, observe: &mut dyn FnMut(Phase)) -> Woven {
    let Parts { snapshot, options, files, docs } = parts;
    observe(Phase::Model);
    let settings = snapshot.settings().map(Source::text);
    let Checked { value: config, mut diagnostics } =
        config::read(settings.as_deref(), options.base_url.as_deref());
    diagnostics.extend(snapshot.settings().and_then(not_text));
    diagnostics.extend(files.strays.into_iter().map(catalog::stray_entry));
    diagnostics.extend(docs.iter().flat_map(|doc| doc.diagnostics.iter().cloned()));
    let lints = config.lints.clone();
    let handbook = model::assemble(model::Parts {
        docs: docs.iter().map(|doc| Arc::clone(&doc.value)).collect(),
        assets: files.assets.into_iter().cloned().collect(),
        config,
        today: snapshot.today,
        drafts: options.drafts,
    });
    diagnostics.extend(handbook.diagnostics);
    // What is left out may be unfinished.
    diagnostics.retain(|found| {
        let path = found.path.as_ref();
        path.is_none_or(|path| handbook.value.draft_at(path).is_none())
    });
    observe(Phase::Link);
    let linked = link::resolve(Arc::new(handbook.value), last);
    diagnostics.extend(linked.diagnostics);
    observe(Phase::Lint);
    diagnostics.extend(lint::run(&linked.value, &lints));
    observe(Phase::Page);
    let pages = page::pages(&linked.value);
    diagnostics.extend(broken_promises(snapshot, &linked.value, &pages));
    let exports = export::files(&linked.value);
    Woven { shelf: Shelf::new(linked.value), pages, exports, diagnostics }
}

/// The sources below `content/` by what they are.
#[derive(Default)]
struct Files<'a> {
    entries: Vec<(&'a Source, crate::id::Kind)>,
    assets: Vec<&'a SourcePath>,
    strays: Vec<&'a SourcePath>,
}

impl<'a> Files<'a> {
    fn sort(snapshot: &'a Snapshot) -> Files<'a> {
        let mut files = Files::default();
        for source in snapshot.below("content") {
            match parse::role(&source.path) {
                Role::Entry(kind) => files.entries.push((source, kind)),
                Role::Asset => files.assets.push(&source.path),
                Role::Stray => files.strays.push(&source.path),
            }
        }
        files
    }

    /// The digest of everything that [`weave`] depends on. Of copied files it
    /// sees the names alone.
    fn digest(&self, snapshot: &Snapshot, options: &Options) -> Digest {
        let Options { drafts, base_url } = options;
        let single = [snapshot.settings(), snapshot.ledger()];
        let single = single.map(|source| source.map(|source| source.digest));
        let said = format!("{:?} {drafts} {base_url:?} {single:?}", snapshot.today);
        let entries = self.entries.iter().map(|(source, _)| source.digest.as_bytes().as_slice());
        let names = self.assets.iter().chain(&self.strays).map(|path| path.as_str().as_bytes());
        let divided = entries.chain([b"".as_slice()]).chain(names);
        Digest::of_parts(divided.chain([said.as_bytes()]))
    }
}

/// Says where a file stops being text.
fn not_text(source: &Source) -> Option<Diagnostic> {
    let error = std::str::from_utf8(&source.bytes).err()?;
    Some(catalog::not_utf8(&source.path, error.valid_up_to()))
}

/// Published addresses that the site would lose or give another meaning.
fn broken_promises(snapshot: &Snapshot, linked: &Linked, pages: &[Page]) -> Vec<Diagnostic> {
    let Some(source) = snapshot.ledger() else { return Vec::new() };
    let recorded = Recorded::parse(&source.text(), &source.path);
    let mut broken = ledger::verify(&recorded, &Ledger::of(linked, pages), &source.path);
    broken.extend(not_text(source));
    broken
}

/// The files that go to the site as they are.
fn copied(snapshot: &Snapshot, linked: &Linked) -> Vec<(Address, Bytes)> {
    let own = linked.routes.files().filter_map(|(path, address)| {
        Some((address.clone(), Arc::clone(&snapshot.sources.get(path)?.bytes)))
    });
    own.chain(assets::theme(snapshot)).collect()
}

/// Everything that a handbook makes, ready to be rendered.
pub struct Site {
    woven: Arc<Woven>,
    /// All files that are copied.
    pub files: Vec<(Address, Bytes)>,
    templates: Arc<Checked<Templates>>,
    /// Everything that is wrong, sorted by path and place.
    pub diagnostics: Vec<Diagnostic>,
    /// What this run had to do.
    pub counters: Counters,
}

impl Site {
    /// Whether anything forbids to publish the site.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|found| found.severity == Severity::Error)
    }

    /// The resolved handbook.
    pub fn linked(&self) -> &Linked {
        &self.woven.shelf
    }

    /// All pages, sorted by address.
    pub fn pages(&self) -> &[Page] {
        &self.woven.pages
    }

    /// All files that no template makes, sorted by address.
    pub fn exports(&self) -> &[export::File] {
        &self.woven.exports
    }

    /// The file at an address that no template makes.
    pub fn exported(&self, address: &Address) -> Option<&export::File> {
        let at = self.exports().binary_search_by(|file| file.address.cmp(address)).ok()?;
        Some(&self.exports()[at])
    }

    /// The page at an address.
    pub fn page(&self, address: &Address) -> Option<&Page> {
        let at = self.pages().binary_search_by(|page| page.address.cmp(address)).ok()?;
        Some(&self.pages()[at])
    }

    /// The addresses and anchors that the site promises to keep.
    pub fn ledger(&self) -> Ledger {
        Ledger::of(self.linked(), self.pages())
    }

    /// What the template of a page sees.
    pub fn view(&self, page: &Page) -> page::View {
        page.view(&self.woven.shelf)
    }

    /// Renders one page.
    ///
    /// # Errors
    /// One diagnostic when the template fails on this page.
    pub fn render(&self, page: &Page) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        self.render_into(page, &mut bytes)?;
        Ok(bytes)
    }

    /// Renders one page into `bytes`, in place of what they were.
    ///
    /// # Errors
    /// One diagnostic when the template fails on this page; the bytes are
    /// then not to be used.
    pub fn render_into(&self, page: &Page, bytes: &mut Vec<u8>) -> Result<(), Box<Diagnostic>> {
        render::page(page, self.view(page), &self.templates.value, bytes)
    }

    /// Makes a file that no template makes.
    pub fn export(&self, file: &export::File) -> Vec<u8> {
        file.bytes(self.linked())
    }

    /// All addresses of the site, sorted.
    pub fn addresses(&self) -> Vec<&Address> {
        let pages = self.pages().iter().map(|page| &page.address);
        let exports = self.exports().iter().map(|file| &file.address);
        let files = self.files.iter().map(|(address, _)| address);
        let mut all: Vec<&Address> = pages.chain(exports).chain(files).collect();
        all.sort();
        all
    }
}
