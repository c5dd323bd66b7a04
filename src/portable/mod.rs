//! The rendered site as its readers get it: files that work at the root of a
//! server, below any folder of one, and opened from disk.
//!
//! Comes in: a [`Site`] whose pages can be rendered. Goes out: a
//! [`Diagnostic`] for every link or anchor that leads nowhere, every address
//! that ties the site to one place, and everything that a browser would load
//! from another host, whoever wrote it: a template, a stylesheet, raw HTML.
//! What scripts do is not looked at.

mod crawl;
mod css;
mod facts;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use self::crawl::{Crawl, Finding};
use self::facts::Facts;
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::html::escape;
use crate::page::{Page, Subject};
use crate::path::{Address, SourcePath};
use crate::pipeline::Site;
use crate::read::Snapshot;
use crate::render::merge;
use crate::span::Span;

/// Renders every page of a site and follows all its links.
pub fn check(site: &Site, snapshot: &Snapshot) -> Vec<Diagnostic> {
    let pages: Vec<Result<(&Address, Facts), Box<Diagnostic>>> = site
        .pages()
        .par_iter()
        .map(|page| Ok((&page.address, facts::read(&page.address, &site.render(page)?))))
        .collect();
    let (mut files, mut problems) = (BTreeMap::new(), Vec::new());
    for page in pages {
        match page {
            Ok((address, facts)) => drop(files.insert(address.as_str(), facts)),
            Err(problem) => problems.push(*problem),
        }
    }
    if !problems.is_empty() {
        return merge(problems);
    }
    for (address, bytes) in &site.files {
        files.insert(address.as_str(), facts::read(address, bytes));
    }
    files.extend(site.exports().iter().map(|file| (file.address.as_str(), Facts::default())));
    let base_url = site.linked().handbook.config.base_url.as_deref();
    let crawl = Crawl { files: &files, base_url };
    let origins = Origins::new(site, snapshot);
    let findings: Vec<(Diagnostic, bool)> = crawl
        .findings()
        .iter()
        .map(|finding| (origins.diagnostic(finding), origins.is_copy(finding.file)))
        .collect();
    let said: BTreeSet<String> =
        findings.iter().filter(|(_, copy)| !copy).map(|(found, _)| found.message.clone()).collect();
    let news = findings.into_iter().filter(|(found, copy)| !copy || !said.contains(&found.message));
    merge(news.map(|(found, _)| found).collect())
}

/// Who made what: pages by address, and the texts that links are written in.
struct Origins<'a> {
    site: &'a Site,
    pages: BTreeMap<&'a str, &'a Page>,
    /// The handbook's own templates.
    templates: Vec<(&'a SourcePath, String)>,
    snapshot: &'a Snapshot,
}

impl<'a> Origins<'a> {
    fn new(site: &'a Site, snapshot: &'a Snapshot) -> Origins<'a> {
        let pages = site.pages().iter().map(|page| (page.address.as_str(), page)).collect();
        let templates = snapshot.below("templates").map(|source| (&source.path, source.text()));
        Origins { site, pages, templates: templates.collect(), snapshot }
    }

    fn diagnostic(&self, finding: &Finding<'_>) -> Diagnostic {
        let page = self.pages.get(finding.file).copied();
        let found = self.written(finding.file, page, finding.target);
        let at = found.as_ref().map(|(path, span)| At::new(path, *span));
        let template = page.map(Page::template);
        catalog::not_portable(at, &finding.problem, finding.file, template)
    }

    /// Whether a page shows over again what stands on pages of its own, where
    /// the entry is known.
    fn is_copy(&self, file: &str) -> bool {
        self.pages.get(file).is_some_and(|page| matches!(page.subject, Subject::Print(_)))
    }

    /// Where a link is written: in the entry that its page shows, in one of
    /// the handbook's own templates, or in the very file. Built-in templates
    /// and what is put together from parts have no such place.
    fn written(&self, file: &str, page: Option<&Page>, target: &str) -> Option<(SourcePath, Span)> {
        let mut entry = None;
        if let Some(Subject::Entry(ix)) = page.map(|page| page.subject) {
            let doc = &self.site.linked().handbook.entry(ix).doc;
            entry = Some((&doc.path, &*doc.text));
        }
        let templates = self.templates.iter().map(|(path, text)| (*path, text.as_str()));
        let mut texts = entry.into_iter().chain(templates);
        let place =
            |(path, text): (&SourcePath, &str)| find(text, target).map(|at| (path.clone(), at));
        texts.find_map(place).or_else(|| self.own(file, target))
    }

    /// The place in a copied file.
    fn own(&self, file: &str, target: &str) -> Option<(SourcePath, Span)> {
        let mut copied = self.site.linked().routes.files();
        let copied = copied.find(|(_, address)| address.as_str() == file);
        let path = copied.map_or_else(|| SourcePath::new(file), |(path, _)| path.clone());
        let text = self.snapshot.text(&path)?;
        find(&text, target).map(|at| (path, at))
    }
}

/// Where an address is written in a text, as it is or as HTML has it.
fn find(text: &str, target: &str) -> Option<Span> {
    if target.is_empty() {
        return None;
    }
    let escaped = escape(target);
    let written = [target, escaped.as_str()];
    let found = written.into_iter().find_map(|written| Some((text.find(written)?, written.len())));
    found.map(|(at, length)| Span::new(at, at + length))
}
