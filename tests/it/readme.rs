//! What the README tells people to do works: its tour builds, its mistake is
//! found, its commands exist; and the handbook of this repository builds
//! without a warning.

use std::fs;
use std::path::Path;

use normbook::date::PartialDate;
use normbook::diagnostic::Diagnostic;
use normbook::pipeline::{Options, Pipeline};
use normbook::read::{self, Snapshot};

use crate::support::{Files, snapshot};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("a README")
}

/// The files of the tour: each fenced block of Markdown goes to the path that
/// was named last before it.
fn tour() -> Files {
    let readme = readme();
    let mut files = Files::new();
    let mut before = "";
    for (number, part) in readme.split("```").enumerate() {
        match part.strip_prefix("markdown\n") {
            Some(text) if number % 2 == 1 => {
                let path = before.split('`').rfind(|word| word.ends_with(".md"));
                files.insert(path.expect("a path before the block").to_owned(), text.to_owned());
            }
            _ => before = part,
        }
    }
    files
}

fn build(snapshot: &Snapshot) -> (Vec<Diagnostic>, usize) {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(snapshot, &Options::default(), &mut |_| {});
    let rendered = pipeline.render(&site);
    let mut diagnostics = site.diagnostics.clone();
    diagnostics.extend(rendered.diagnostics);
    (diagnostics, rendered.value.pages)
}

#[test]
fn the_tour_builds_without_a_warning() {
    let files = tour();
    assert_eq!(files.len(), 3, "{:?}", files.keys());
    let (diagnostics, _) = build(&snapshot(&files));
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
}

#[test]
fn the_mistake_of_the_tour_is_found_and_mended() {
    let mut files = tour();
    let norm = files.get_mut("content/norms/my-set/1.md").expect("the norm of the tour");
    assert!(readme().contains("`themes: [opennes]`"));
    *norm = norm.replace("[openness]", "[opennes]");
    let (diagnostics, _) = build(&snapshot(&files));
    let found: Vec<&str> = diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(found, ["unknown-reference"]);
    assert_eq!(diagnostics[0].hints, ["did you mean `openness`?"]);
}

#[test]
fn the_commands_of_the_readme_are_there() {
    let readme = readme();
    for (command, file) in
        [("tests/run", "tests/run"), ("cargo run --release -- build", "Cargo.toml")]
    {
        assert!(readme.contains(&format!("$ {command}\n")), "{command}");
        assert!(root().join(file).exists(), "{file}");
    }
    let ci = fs::read_to_string(root().join(".ci/run")).expect("a script");
    assert!(ci.contains("tests/run"), "continuous integration runs the README's test command");
}

#[test]
fn files_that_the_documents_link_to_are_there() {
    for document in ["README.md", "CONTRIBUTING.md"] {
        let text = fs::read_to_string(root().join(document)).expect(document);
        // Links in code are examples.
        let text: String = text.split('`').step_by(2).collect();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let outside = link.starts_with("https://");
            assert!(outside || root().join(link).exists(), "{document}: {link}");
        }
    }
}

#[test]
fn our_own_handbook_builds_without_a_warning() {
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    let snapshot = read::disk::snapshot(root(), today).expect("the handbook of this repository");
    let (diagnostics, pages) = build(&snapshot);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    assert!(pages > 200, "{pages} pages");
}
