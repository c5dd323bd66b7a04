//! The neighbours, where they are installed: the same texts as each takes
//! them, with the least that a site needs: a page an entry with its links, a
//! list a theme, a feed and a sitemap where the program has them. No search, no
//! backlinks, no annotations, no matrices, no data, nothing to print: what they
//! take is the least that they can take.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::handbook::Plan;

/// A program that makes sites.
pub(crate) struct Peer {
    /// Its name for people.
    pub(crate) name: &'static str,
    /// Its command, and what that answers its version to.
    command: &'static str,
    version: &'static str,
    /// Where its folder holds the texts.
    texts: &'static str,
    /// Its settings and templates.
    files: &'static [(&'static str, &'static str)],
    /// What makes it build.
    arguments: fn(root: &str, out: &str) -> Vec<String>,
}

/// Those that are known.
pub(crate) const PEERS: [Peer; 3] = [
    Peer {
        name: "Hugo",
        command: "hugo",
        version: "version",
        texts: "content",
        files: &[
            ("config.toml", "baseURL = \"https://example.org/\"\ntitle = \"Peer\"\n"),
            ("layouts/_default/baseof.html", HUGO_BASE),
            ("layouts/_default/single.html", "{{ define \"main\" }}{{ .Content }}{{ end }}"),
            ("layouts/_default/list.html", HUGO_LIST),
        ],
        arguments: |root, out| ["--source", root, "--destination", out].map(str::to_owned).to_vec(),
    },
    Peer {
        name: "eleventy",
        command: "eleventy",
        version: "--version",
        texts: "content",
        files: &[
            ("content/content.json", "{\"layout\": \"page.njk\"}"),
            ("content/_includes/page.njk", ELEVENTY_PAGE),
            ("content/tags.njk", ELEVENTY_TAGS),
        ],
        arguments: |root, out| {
            let input = format!("--input={root}/content");
            vec!["--quiet".to_owned(), input, format!("--output={out}")]
        },
    },
    Peer {
        name: "mdBook",
        command: "mdbook",
        version: "--version",
        texts: "src",
        files: &[("book.toml", "[book]\ntitle = \"Peer\"\n[output.html.search]\nenable = false\n")],
        arguments: |root, out| ["build", root, "--dest-dir", out].map(str::to_owned).to_vec(),
    },
];

const HUGO_BASE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>{{ .Title }}</title></head>\
                         <body><h1>{{ .Title }}</h1>{{ block \"main\" . }}{{ end }}\
                         {{ range .GetTerms \"tags\" }}<a href=\"{{ .RelPermalink }}\">\
                         {{ .Title }}</a>{{ end }}</body></html>\n";

const HUGO_LIST: &str = "{{ define \"main\" }}<ul>{{ range .Pages }}<li>\
                         <a href=\"{{ .RelPermalink }}\">{{ .Title }}</a></li>{{ end }}</ul>\
                         {{ end }}\n";

const ELEVENTY_PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>{{ title }}</title>\
                             </head><body><h1>{{ title }}</h1>{{ content | safe }}\
                             {% for tag in tags %}<a href=\"/tags/{{ tag }}/\">{{ tag }}</a>\
                             {% endfor %}</body></html>\n";

const ELEVENTY_TAGS: &str = "---\npagination: {data: collections, size: 1, alias: tag}\n\
                             permalink: \"/tags/{{ tag }}/\"\n---\n<ul>\
                             {% for entry in collections[tag] %}<li>\
                             <a href=\"{{ entry.url }}\">{{ entry.data.title }}</a></li>\
                             {% endfor %}</ul>\n";

impl Peer {
    /// Its name and version, when it is installed.
    pub(crate) fn installed(&self) -> Option<String> {
        let answer = Command::new(self.command).arg(self.version).stderr(Stdio::null()).output();
        let answer = answer.ok().filter(|answer| answer.status.success())?;
        let said = String::from_utf8_lossy(&answer.stdout).into_owned();
        let version = said.split_whitespace().find(|word| word.contains('.'))?;
        let version = version.trim_start_matches('v').split(['+', '-']).next()?;
        Some(format!("{} {version}", self.name))
    }

    /// Writes the same texts as the handbook of `plan` has, as this program
    /// takes them.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub(crate) fn write(&self, plan: &Plan, root: &Path) -> Result<(), Box<dyn Error>> {
        let write = |path: String, text: &str| -> io::Result<()> {
            let path = root.join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(path, text)
        };
        let mut summary = String::new();
        plan.files(&mut |path, text| {
            let Some(path) = path.strip_prefix("content/") else { return Ok(()) };
            let entry = Entry::of(text);
            writeln!(summary, "- [{}]({path})", entry.title).map_err(io::Error::other)?;
            let front = if self.texts == "src" { String::new() } else { entry.front_matter() };
            write(format!("{}/{path}", self.texts), &format!("{front}{}", entry.body))
        })?;
        if self.texts == "src" {
            write("src/SUMMARY.md".to_owned(), &summary)?;
        }
        for (path, text) in self.files {
            write((*path).to_owned(), text)?;
        }
        Ok(())
    }

    /// The command that builds the site.
    pub(crate) fn build(&self, root: &Path, out: &Path) -> Command {
        let mut command = Command::new(self.command);
        command.args((self.arguments)(&root.to_string_lossy(), &out.to_string_lossy()));
        command
    }
}

/// What other programs see of an entry.
struct Entry<'a> {
    title: &'a str,
    themes: &'a str,
    body: String,
}

impl<'a> Entry<'a> {
    fn of(text: &'a str) -> Entry<'a> {
        let mut parts = text.splitn(3, "---\n").skip(1);
        let (front, body) = (parts.next().unwrap_or(""), parts.next().unwrap_or(text));
        let field = |name: &str| front.lines().find_map(|line| line.strip_prefix(name));
        Entry {
            title: field("title: ").unwrap_or("Untitled"),
            themes: field("themes: ").unwrap_or("[]"),
            body: plain_links(body),
        }
    }

    fn front_matter(&self) -> String {
        format!("---\ntitle: \"{}\"\ntags: {}\n---\n", self.title, self.themes)
    }
}

/// Our references as links of Markdown.
fn plain_links(body: &str) -> String {
    let mut plain = String::with_capacity(body.len() + 256);
    let mut rest = body;
    while let Some(at) = rest.find("[[").into_iter().chain(rest.find("[@")).min() {
        let reference = rest[at..].starts_with("[[");
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        let Some(end) = after.find(']') else { break };
        let inner = &after[..end];
        let (id, label) = inner.split_once(['|', ',']).unwrap_or((inner, inner));
        let (folder, id) = match reference {
            true => ("norms", id.trim_end_matches('\\')),
            false => ("sources", id),
        };
        plain.push_str(before);
        plain.push_str(&format!("[{}](/{folder}/{id}/)", label.trim()));
        rest = &after[end + if reference { 2 } else { 1 }..];
    }
    plain.push_str(rest);
    plain
}
