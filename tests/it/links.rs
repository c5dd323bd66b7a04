//! Every link of every page leads somewhere: to a file of the site, and
//! where it names a fragment, to an id in it; and a reader who follows links
//! from the home page comes to every page.
//!
//! The pages are read by a real HTML parser, as a browser sees them, with the
//! default templates: on the shipped handbook and on the golden sites.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use normbook::date::PartialDate;
use normbook::id::Kind;
use normbook::path::{self, Address};
use normbook::pipeline::{Options, Pipeline};
use normbook::read::{self, Snapshot};
use normbook::render::Bytes;
use scraper::{ElementRef, Html, Selector};

use crate::golden;

/// Says what is wrong with the links of a site; nothing when all is well.
pub(crate) fn check_site(files: &BTreeMap<Address, Bytes>) -> Vec<String> {
    let site = Site::read(files);
    let mut findings = Vec::new();
    for (address, page) in &site.pages {
        let mut say = |finding: String| findings.push(format!("{address}: {finding}"));
        page.repeated_ids.iter().for_each(|id| say(format!("the id `{id}` stands twice")));
        for link in &page.links {
            if let Err(reason) = site.follow(address, link) {
                say(format!("`{}` {reason}", link.target));
            }
        }
    }
    let unreached = site.unreached();
    findings.extend(unreached.map(|page| format!("{page}: no link leads here from the home page")));
    findings
}

/// A site as its readers see it.
struct Site<'a> {
    files: BTreeSet<&'a str>,
    pages: BTreeMap<&'a str, Page>,
}

/// What matters of a page.
struct Page {
    ids: BTreeSet<String>,
    repeated_ids: Vec<String>,
    links: Vec<Link>,
    /// Whether it only leads on to another page, or says that it is gone.
    moved: bool,
}

struct Link {
    target: String,
    /// Whether a reader can follow it, or the browser uses it by itself.
    for_readers: bool,
    /// Whether it may lead to another host: an author wrote it, or it states
    /// the page's own published address.
    may_leave: bool,
}

fn is_feed(name: &str) -> bool {
    name.ends_with("feed.xml")
}

impl<'a> Site<'a> {
    fn read(files: &'a BTreeMap<Address, Bytes>) -> Site<'a> {
        // A feed is not HTML, but its links can be read as such.
        let is_page = |name: &&str| name.ends_with(".html") || is_feed(name);
        let names: BTreeSet<&str> = files.keys().map(Address::as_str).collect();
        let pages = files.iter().map(|(address, bytes)| (address.as_str(), bytes));
        let pages = pages.filter(|(name, _)| is_page(name));
        let read = |bytes: &Bytes| Page::read(std::str::from_utf8(bytes).expect("pages are text"));
        let pages = pages.map(|(name, bytes)| (name, read(bytes))).collect();
        Site { files: names, pages }
    }

    /// The file that a link on a page leads to; nothing for another host.
    fn follow(&self, page: &str, link: &Link) -> Result<Option<String>, &'static str> {
        let target = link.target.as_str();
        let outside = ["https://", "http://", "mailto:"];
        if outside.iter().any(|scheme| target.starts_with(scheme)) {
            let good = link.may_leave || is_feed(page);
            return if good { Ok(None) } else { Err("leads to another host") };
        }
        if target.is_empty() || target.starts_with('/') || target.contains([':', '\\', ' ']) {
            return Err("is not a relative address");
        }
        let (path, fragment) = match target.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (target, None),
        };
        let file = match path {
            "" => page.to_owned(),
            path => {
                // A question to the page, such as what its search looks for.
                let path = path.split_once('?').map_or(path, |(path, _)| path);
                let path = path::decode(path).ok_or("is not UTF-8")?;
                let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
                path::join(folder, &path).ok_or("leaves the site")?
            }
        };
        if !self.files.contains(file.as_str()) {
            return Err("leads to no file of the site");
        }
        if let Some(fragment) = fragment {
            let id = path::decode(fragment).ok_or("is not UTF-8")?;
            let found = self.pages.get(file.as_str()).is_some_and(|page| page.ids.contains(&id));
            found.then_some(()).ok_or("names an id that the page does not have")?;
        }
        Ok(Some(file))
    }

    /// The pages that no way by links leads to from the home page.
    fn unreached(&self) -> impl Iterator<Item = &str> {
        let mut reached: BTreeSet<String> = BTreeSet::new();
        let mut next = vec!["index.html".to_owned()];
        while let Some(address) = next.pop() {
            let Some(page) = self.pages.get(address.as_str()) else { continue };
            if reached.insert(address.clone()) {
                let links = page.links.iter().filter(|link| link.for_readers);
                next.extend(links.filter_map(|link| self.follow(&address, link).ok().flatten()));
            }
        }
        let pages = self.pages.iter().filter(|(address, page)| {
            let asked_for = **address == "404.html" || is_feed(address);
            !page.moved && !asked_for && !self.is_empty(address)
        });
        pages.map(|(address, _)| *address).filter(move |address| !reached.contains(*address))
    }

    /// Whether a page is the index of a kind that has no entries.
    fn is_empty(&self, address: &str) -> bool {
        let Some(folder) = address.strip_suffix("index.html") else { return false };
        let index = Kind::ALL.into_iter().any(|kind| format!("{}/", kind.folder()) == folder);
        index && !self.pages.keys().any(|page| page.starts_with(folder) && *page != address)
    }
}

impl Page {
    fn read(text: &str) -> Page {
        let html = Html::parse_document(text);
        let all = Selector::parse("*").expect("a selector");
        let mut page = Page {
            ids: BTreeSet::new(),
            repeated_ids: Vec::new(),
            links: Vec::new(),
            moved: false,
        };
        for element in html.select(&all) {
            if let Some(id) = element.attr("id").filter(|id| !page.ids.insert((*id).to_owned())) {
                page.repeated_ids.push(id.to_owned());
            }
            page.moved |= element.attr("content") == Some("noindex");
            page.links.extend(links(element));
        }
        page
    }
}

/// The links of one element.
fn links(element: ElementRef<'_>) -> Vec<Link> {
    let name = element.value().name();
    let class = |class: &str| element.value().classes().any(|own| own == class);
    let rel = element.attr("rel").unwrap_or_default();
    let published = name == "base" || (name == "link" && matches!(rel, "canonical" | "alternate"));
    let may_leave = published || (name == "a" && (class("outside") || class("edit")));
    let mut targets: Vec<&str> =
        ["href", "src", "poster", "data"].iter().filter_map(|name| element.attr(name)).collect();
    let images = element.attr("srcset").into_iter().flat_map(|set| set.split(','));
    targets.extend(images.filter_map(|image| image.split_whitespace().next()));
    let refresh = element.attr("content").filter(|_| element.attr("http-equiv").is_some());
    targets.extend(refresh.and_then(|content| content.split_once("url=")).map(|(_, url)| url));
    let link =
        |target: &str| Link { target: target.to_owned(), for_readers: name == "a", may_leave };
    targets.into_iter().map(link).collect()
}

#[track_caller]
fn check(snapshot: &Snapshot) {
    let mut pipeline = Pipeline::default();
    let options = Options { drafts: true, ..Options::default() };
    let site = pipeline.run(snapshot, &options, &mut |_| {});
    assert!(!site.has_errors(), "{:?}", site.diagnostics);
    let rendered = pipeline.render(&site);
    assert_eq!(rendered.diagnostics, []);
    let findings = check_site(&rendered.value.bytes);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_link_of_the_shipped_handbook_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    check(&read::disk::snapshot(root, today).expect("our own handbook"));
}

#[test]
fn every_link_of_the_golden_sites_leads_somewhere() {
    for name in golden::SITES {
        check(&golden::handbook(name));
    }
}

#[test]
fn every_sort_of_bad_link_is_found() {
    let page = |html: &str| Bytes::from(html.as_bytes());
    let home = "<a href='a/index.html#x'></a><a href='a/index.html#y'></a><a href='b.html'></a>\
                <a href='/a/'></a><a href='../c'></a><a href=''></a><p id=p></p><p id=p></p>\
                <a href='https://example.org/'></a><img src='i.png' srcset='j.png 2x'>\
                <a class=outside href='https://example.org/'></a><a href='#p'></a>";
    let moved = "<meta http-equiv=refresh content='0; url=nowhere/'>\
                 <meta name=robots content=noindex>";
    let files = [
        ("index.html", page(home)),
        ("a/index.html", page("<p id=x>")),
        ("lost/index.html", page("")),
        ("terms/index.html", page("")),
        ("old.html", page(moved)),
        ("i.png", page("")),
    ];
    let files = files.into_iter().map(|(address, bytes)| (Address::file(address), bytes)).collect();
    let expected = [
        "index.html: the id `p` stands twice",
        "index.html: `a/index.html#y` names an id that the page does not have",
        "index.html: `b.html` leads to no file of the site",
        "index.html: `/a/` is not a relative address",
        "index.html: `../c` leaves the site",
        "index.html: `` is not a relative address",
        "index.html: `https://example.org/` leads to another host",
        "index.html: `j.png` leads to no file of the site",
        "old.html: `nowhere/` leads to no file of the site",
        "lost/index.html: no link leads here from the home page",
    ];
    assert_eq!(check_site(&files), expected);
}
