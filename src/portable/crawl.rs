//! Follows every link of every file, as a browser would in three places: at
//! the root of a server, below a folder of one, and on a disk.
//!
//! Comes in: the [`Facts`] of all files. Goes out: [`Finding`]s.

use std::collections::BTreeMap;

use url::Url;

use super::facts::{Facts, Link, Usage};
use crate::path::decode;

/// A site, ready to be followed.
pub(super) struct Crawl<'a> {
    /// All files by their path below the site's root.
    pub(super) files: &'a BTreeMap<&'a str, Facts>,
    /// Where the settings say that the site will stand.
    pub(super) base_url: Option<&'a str>,
}

/// Something that would not work.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding<'a> {
    /// The file that holds the link.
    pub(super) file: &'a str,
    /// The address as the file has it.
    pub(super) target: &'a str,
    /// What is wrong with it.
    pub(super) problem: Problem,
}

pub(super) use crate::diagnostic::catalog::NotPortable as Problem;

/// A place where the site may stand.
struct Place {
    root: &'static str,
    /// How people call it.
    name: &'static str,
    /// Whether a folder's address shows the page in it.
    server: bool,
}

const PLACES: [Place; 3] = [
    Place { root: "https://site.invalid/", name: "at the root of a server", server: true },
    Place { root: "https://site.invalid/a/b/", name: "below a folder of a server", server: true },
    Place { root: "file:///a/b/", name: "opened from disk", server: false },
];

impl<'a> Crawl<'a> {
    /// Everything that would not work, in the order of the files.
    pub(super) fn findings(&self) -> Vec<Finding<'a>> {
        let mut findings = Vec::new();
        for (file, facts) in self.files {
            let base = facts.base.as_deref();
            // The page for lost addresses is shown at any of them, so it has
            // to say where the site stands.
            let own = *file == "404.html" && base.is_some() && base == self.base_url;
            if let Some(target) = base.filter(|_| !own) {
                let problem = Problem::Absolute { target: target.to_owned() };
                findings.push(Finding { file, target, problem });
            }
            for link in &facts.links {
                let from = if own { "index.html" } else { file };
                let problem = self.problem(from, link);
                findings.extend(problem.map(|problem| Finding {
                    file,
                    target: &link.target,
                    problem,
                }));
            }
        }
        findings
    }

    /// What is wrong with one link on a page.
    fn problem(&self, page: &str, link: &Link) -> Option<Problem> {
        let target = link.target.clone();
        match Url::parse(&target) {
            Ok(url) => self.elsewhere(&url, link),
            Err(url::ParseError::RelativeUrlWithoutBase) if target.starts_with(['/', '\\']) => {
                let foreign = link.usage == Usage::Loaded && target[1..].starts_with(['/', '\\']);
                Some(if foreign {
                    Problem::Foreign { target }
                } else {
                    Problem::Absolute { target }
                })
            }
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                PLACES.iter().find_map(|place| self.lost(place, page, &target))
            }
            Err(_) => Some(Problem::Dead { target, place: "" }),
        }
    }

    /// What is wrong with an address that has a scheme.
    fn elsewhere(&self, url: &Url, link: &Link) -> Option<Problem> {
        let target = link.target.clone();
        let web = matches!(url.scheme(), "http" | "https" | "ftp" | "ws" | "wss");
        let own = self.base_url.and_then(|base| target.strip_prefix(base));
        match (link.usage, own) {
            (Usage::Stated, Some(path)) => {
                let lost = self.lost(&PLACES[0], "index.html", path);
                lost.map(|_| Problem::Dead { target, place: "" })
            }
            (Usage::Stated, None) => None,
            (Usage::Followed, Some(_)) => Some(Problem::Absolute { target }),
            (Usage::Loaded, _) if web => Some(Problem::Foreign { target }),
            _ if url.scheme() == "file" => Some(Problem::Absolute { target }),
            (Usage::Followed | Usage::Loaded, _) => None,
        }
    }

    /// What is wrong with a relative address on a page of a site in one place.
    fn lost(&self, place: &Place, page: &str, target: &str) -> Option<Problem> {
        let dead = || Problem::Dead { target: target.to_owned(), place: place.name };
        let root = Url::parse(place.root).expect("invariant: the places are addresses");
        let path: String = url_path(page);
        let Some(url) = root.join(&path).ok().and_then(|page| page.join(target).ok()) else {
            return Some(dead());
        };
        let Some(below) = url.path().strip_prefix(root.path()) else { return Some(dead()) };
        let Some(file) = decode(below).and_then(|below| self.file(place, &below)) else {
            return Some(dead());
        };
        let anchor = url.fragment().map(|anchor| anchor.split(":~:").next().unwrap_or(""));
        let anchor = anchor.filter(|anchor| !anchor.is_empty() && *anchor != "top")?;
        let ids = self.files.get(file.as_str())?.ids.as_ref()?;
        let known = ids.contains(anchor) || decode(anchor).is_some_and(|name| ids.contains(&name));
        (!known).then(|| Problem::Anchor { target: target.to_owned(), file })
    }

    /// The file that a path below the root shows.
    fn file(&self, place: &Place, path: &str) -> Option<String> {
        if self.files.contains_key(path) {
            return Some(path.to_owned());
        }
        let folder = path.trim_end_matches('/');
        let index =
            if folder.is_empty() { "index.html".into() } else { format!("{folder}/index.html") };
        (place.server && self.files.contains_key(index.as_str())).then_some(index)
    }
}

/// A file's path as an address, so that `?` and `#` in it are letters.
fn url_path(path: &str) -> String {
    crate::path::encode(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Address;
    use crate::portable::facts;

    /// Follows the links of a home page beside a page `a/`, a picture and a
    /// folder with a difficult name.
    #[track_caller]
    fn check(home: &str, problems: &[&str]) {
        let files = [
            ("index.html", home),
            ("a/index.html", "<p id='x'><p id='é'><a href='../index.html'>"),
            ("a/p.png", ""),
            ("d ?#/e.html", "<a href='../a/p.png'>"),
            ("404.html", "<base href='https://example.org/h/'><a href='a/index.html'>"),
        ];
        let files =
            files.map(|(name, text)| (name, facts::read(&Address::file(name), text.as_bytes())));
        let files: BTreeMap<&str, Facts> = files.into();
        let crawl = Crawl { files: &files, base_url: Some("https://example.org/h/") };
        let found = crawl.findings();
        let found: Vec<String> = found
            .iter()
            .map(|found| {
                assert_eq!(found.file, "index.html");
                match &found.problem {
                    Problem::Dead { place, .. } => format!("dead {place}"),
                    Problem::Anchor { file, .. } => format!("anchor {file}"),
                    Problem::Absolute { .. } => "absolute".to_owned(),
                    Problem::Foreign { .. } => "foreign".to_owned(),
                }
            })
            .collect();
        assert_eq!(found, problems, "{home}");
    }

    #[test]
    fn what_works_everywhere_is_fine() {
        check("<a href='a/index.html#x'><a href='a/index.html#%C3%A9'><img src=a/p.png>", &[]);
        check("<a href='#'><a href='#top'><a href='?q=1'><a href='a/./index.html?q#x'>", &[]);
        check("<a href='d%20%3F%23/e.html'><a href='https://other.example/'>", &[]);
        check("<a href='mailto:a@b.example'><img src='data:image/png;base64,x'>", &[]);
        check("<link rel=canonical href='https://example.org/h/a/'>", &[]);
        check("<a href='a/index.html#:~:text=x'>", &[]);
    }

    #[test]
    fn what_leads_nowhere_is_found() {
        check("<a href='b.html'>", &["dead at the root of a server"]);
        check("<a href='A/index.html'>", &["dead at the root of a server"]);
        check("<a href='../a/index.html'>", &["dead below a folder of a server"]);
        check("<a href='a/'><a href='a'>", &["dead opened from disk", "dead opened from disk"]);
        check(
            "<a href='a/index.html#z'><a href='#z'>",
            &["anchor a/index.html", "anchor index.html"],
        );
        check("<link rel=canonical href='https://example.org/h/b/'>", &["dead "]);
        check("<a href='https://['>", &["dead "]);
    }

    #[test]
    fn what_ties_the_site_to_a_place_is_found() {
        check("<a href='/a/index.html'><img src='/a/p.png'>", &["absolute", "absolute"]);
        check("<a href='//other.example/'>", &["absolute"]);
        check("<a href='https://example.org/h/a/'><a href='file:///a'>", &["absolute", "absolute"]);
        check("<base href='/'>", &["absolute"]);
    }

    #[test]
    fn what_is_loaded_from_others_is_found() {
        check("<img src='https://other.example/x.png'>", &["foreign"]);
        check("<script src='//other.example/x.js'></script>", &["foreign"]);
        check("<style>@import 'https://other.example/x.css'</style>", &["foreign"]);
        check("<link rel=preconnect href='https://other.example/'>", &["foreign"]);
        check("<meta http-equiv=refresh content='1;url=https://other.example/'>", &["foreign"]);
    }
}
