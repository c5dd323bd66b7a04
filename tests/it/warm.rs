//! Warm equals cold: after any edits, a pipeline that remembers earlier
//! builds gives the same site and the same diagnostics as a fresh one, byte
//! for byte, and does only the work that the edits ask for.

use std::collections::BTreeSet;

use normbook::diagnostic::Diagnostic;
use normbook::parse::{Role, role};
use normbook::path::{Address, SourcePath};
use normbook::pipeline::{Counters, Options, Pipeline, Rendered};
use proptest::prelude::{Strategy, any};
use proptest::strategy::Union;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{Files, snapshot};

/// What one build gave.
struct Built {
    site: Rendered,
    /// The files that no template makes.
    exports: BTreeSet<Address>,
    diagnostics: Vec<Diagnostic>,
    counters: Counters,
}

fn build(pipeline: &mut Pipeline, files: &Files) -> Built {
    let site = pipeline.run(&snapshot(files), &Options::default(), &mut |_| {});
    let rendered = pipeline.render(&site);
    let mut diagnostics = site.diagnostics.clone();
    diagnostics.extend(rendered.diagnostics);
    let exports = site.exports().iter().map(|file| file.address.clone()).collect();
    Built { site: rendered.value, exports, diagnostics, counters: site.counters }
}

/// A small handbook in which everything refers to something.
pub(crate) fn handbook() -> Files {
    let norm = |name: &str, to: &str| {
        format!(
            "---\ntitle: Norm {name}\nnumber: {name}\nthemes: [t1]\nforums: [f1]\nsource: s1\n\
             relations:\n- {{type: extends, to: {to}}}\n---\n\n> (a) Words of {name}.\n\n\
             See [[{to}#a]] and [@s1, p. 1].\n"
        )
    };
    let plain = |title: &str| format!("---\ntitle: {title}\n---\n\nAbout [[set/a]].\n");
    let files = [
        ("normbook.toml", "title = \"Small\"\n".to_owned()),
        ("content/index.md", plain("Home")),
        ("content/norms/set/a.md", norm("a", "set/b")),
        ("content/norms/set/b.md", norm("b", "set/c")),
        ("content/norms/set/c.md", norm("c", "source:s1").replace("[[source:s1#a]]", "nothing")),
        ("content/norms/lone.md", norm("lone", "set/a")),
        ("content/themes/t1.md", plain("Theme one")),
        ("content/forums/f1.md", plain("Forum one")),
        ("content/sources/s1.md", plain("Source one")),
        ("content/terms/word.md", "---\ntitle: Word\n---\n\nA word.\n".to_owned()),
        ("content/pages/about.md", plain("About")),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

/// Something that an editor does.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    /// Adds a sentence at the end of a file.
    Append(usize, u8),
    /// Changes a title.
    Retitle(usize, u8),
    /// Makes a file that cannot be read.
    Break(usize),
    /// Takes a file away.
    Delete(usize),
    /// Moves a file to another name.
    Rename(usize, u8),
    /// Adds an entry.
    Add(u8),
    /// Changes the settings.
    Configure(u8),
    /// Overrides a template.
    Template(u8),
    /// Overrides the stylesheet.
    Theme(u8),
    /// Brings everything back to the beginning.
    Restore,
}

impl Edit {
    pub(crate) fn apply(&self, files: &mut Files) {
        let path = |at: usize| {
            let entries: Vec<&String> = files.keys().filter(|p| p.ends_with(".md")).collect();
            entries.get(at % entries.len().max(1)).map(|path| (*path).clone())
        };
        match self {
            Edit::Append(at, number) => {
                let Some(path) = path(*at) else { return };
                files.entry(path).or_default().push_str(&format!("\nMore: [[set/a]] {number}.\n"));
            }
            Edit::Retitle(at, number) => {
                let Some(text) = path(*at).and_then(|path| files.get_mut(&path)) else { return };
                *text = text.replacen("title: ", &format!("title: T{number} "), 1);
            }
            Edit::Break(at) => {
                let Some(path) = path(*at) else { return };
                files.insert(path, "---\ntitel: x\nthemes: [nothing]\n".to_owned());
            }
            Edit::Delete(at) => {
                let Some(path) = path(*at) else { return };
                files.remove(&path);
            }
            Edit::Rename(at, number) => {
                let Some(path) = path(*at) else { return };
                let Some(text) = files.remove(&path) else { return };
                files.insert(path.replace(".md", &format!("-{number}.md")), text);
            }
            Edit::Add(number) => {
                let text = "---\ntitle: New\nthemes: [t1]\nsource: s1\n---\n\n> New words.\n";
                files.insert(format!("content/norms/new/{number}.md"), text.to_owned());
            }
            Edit::Configure(number) => {
                let text =
                    format!("title = \"Small {number}\"\nbase_url = \"https://example.org/\"\n");
                files.insert("normbook.toml".to_owned(), text);
            }
            Edit::Template(number) => {
                let text = format!("<!doctype html><title>{number}</title>{{{{ page.title }}}}");
                files.insert("templates/term.html".to_owned(), text);
            }
            Edit::Theme(number) => {
                files.insert("theme/style.css".to_owned(), format!("p {{ order: {number} }}"));
            }
            Edit::Restore => *files = handbook(),
        }
    }
}

pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let one = Union::new([
        (any::<usize>(), any::<u8>()).prop_map(|(at, n)| Edit::Append(at, n)).boxed(),
        (any::<usize>(), any::<u8>()).prop_map(|(at, n)| Edit::Retitle(at, n)).boxed(),
        any::<usize>().prop_map(Edit::Break).boxed(),
        any::<usize>().prop_map(Edit::Delete).boxed(),
        (any::<usize>(), 0..3_u8).prop_map(|(at, n)| Edit::Rename(at, n)).boxed(),
        (0..3_u8).prop_map(Edit::Add).boxed(),
        (0..3_u8).prop_map(Edit::Configure).boxed(),
        (0..3_u8).prop_map(Edit::Template).boxed(),
        (0..3_u8).prop_map(Edit::Theme).boxed(),
        (0..1_u8).prop_map(|_| Edit::Restore).boxed(),
    ]);
    proptest::collection::vec(one, 1..6)
}

/// Builds after each edit with a pipeline that remembers, and with a new one.
fn check_equal(edits: &[Edit]) {
    let mut files = handbook();
    let mut warm = Pipeline::default();
    let mut before = files.clone();
    build(&mut warm, &files);
    for edit in edits {
        edit.apply(&mut files);
        let after = build(&mut warm, &files);
        let cold = build(&mut Pipeline::default(), &files);
        assert_eq!(after.diagnostics, cold.diagnostics, "after {edit:?}");
        assert_eq!(after.site.bytes, cold.site.bytes, "after {edit:?}");
        let changed = |(path, text): &(&String, &String)| before.get(*path) != Some(*text);
        let is_entry = |path: &str| matches!(role(&SourcePath::new(path)), Role::Entry(_));
        let entries = files.iter().filter(changed).filter(|(path, _)| is_entry(path));
        assert_eq!(after.counters.parsed, entries.count(), "after {edit:?}");
        before = files.clone();
    }
}

#[test]
fn a_warm_build_equals_a_cold_one() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&edits(), |edits| {
        check_equal(&edits);
        Ok(())
    });
    result.expect("warm equals cold");
}

/// The pages that show the norm `lone` in full, besides its own.
const IN_FULL: &[&str] =
    &["forums/f1/~print/index.html", "norms/~print/index.html", "themes/t1/~print/index.html"];

/// Edits the handbook once and compares what the second build had to do.
#[track_caller]
fn check_work(edit: impl Fn(&mut Files), parsed: usize, rendered: &[&str]) {
    let mut files = handbook();
    let mut pipeline = Pipeline::default();
    let first = build(&mut pipeline, &files);
    assert!(first.diagnostics.is_empty(), "{:?}", first.diagnostics);
    edit(&mut files);
    let second = build(&mut pipeline, &files);
    assert_eq!(second.counters.parsed, parsed);
    let changed: BTreeSet<&str> = second
        .site
        .bytes
        .iter()
        .filter(|(address, bytes)| first.site.bytes.get(*address) != Some(*bytes))
        .filter(|(address, _)| !second.exports.contains(address))
        .map(|(address, _)| address.as_str())
        .collect();
    assert_eq!(changed, rendered.iter().copied().collect());
    assert_eq!(second.site.rendered, rendered.len(), "of {}", second.site.pages);
}

fn edit(files: &mut Files, path: &str, from: &str, to: &str) {
    let text = files.get_mut(path).expect("a file of the handbook");
    assert!(text.contains(from), "`{from}` stands in {path}");
    *text = text.replace(from, to);
}

#[test]
fn nothing_changed_means_nothing_to_do() {
    check_work(|_| {}, 0, &[]);
}

#[test]
fn a_changed_body_renders_its_own_page_only() {
    let change = |files: &mut Files| edit(files, "content/terms/word.md", "A word.", "Any word.");
    check_work(change, 1, &["terms/word/index.html"]);
}

#[test]
fn a_changed_text_renders_its_page() {
    let change =
        |files: &mut Files| edit(files, "content/norms/lone.md", "Words of lone", "Other words");
    check_work(change, 1, &[&["norms/lone/index.html"], IN_FULL].concat());
}

#[test]
fn a_changed_sentence_renders_the_pages_that_quote_it() {
    let change = |files: &mut Files| {
        edit(files, "content/norms/lone.md", "See [[set/a#a]] and", "Compare [[set/a#a]] and");
    };
    let pages = ["norms/lone/index.html", "norms/set/a/index.html", "sources/s1/index.html"];
    check_work(change, 1, &[&pages, IN_FULL].concat());
}

#[test]
fn a_template_of_one_kind_renders_pages_again() {
    let mut files = handbook();
    let mut pipeline = Pipeline::default();
    let first = build(&mut pipeline, &files);
    files.insert("templates/term.html".to_owned(), "x".to_owned());
    let second = build(&mut pipeline, &files);
    assert_eq!(second.counters.parsed, 0);
    assert_eq!(second.site.rendered, second.site.pages);
    let key = second.site.bytes.keys().find(|key| key.as_str() == "terms/word/index.html");
    assert_ne!(first.site.bytes[key.expect("a page")], second.site.bytes[key.expect("a page")]);
}
