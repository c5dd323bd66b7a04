//! Whole small sites: each folder of `tests/golden` has a handbook in `input`
//! and in `expected` the site that it makes; a file that is missing, extra or
//! different fails the test.
//!
//! The templates of `tests/golden/templates` print the views plainly, so that
//! a change of the design changes no expectation. After a change of what the
//! views hold, `NORMBOOK_BLESS=1 cargo test --test it golden::` writes the
//! expectations anew: read the difference before it is committed.

#![expect(clippy::disallowed_methods, reason = "the sites stand on the disk")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use normbook::date::PartialDate;
use normbook::page::KINDS;
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline};
use normbook::read::{self, Snapshot};
use normbook::render::Bytes;
use walkdir::WalkDir;

/// The files of a site by address.
type Files = BTreeMap<String, Bytes>;

/// Every golden site.
pub(crate) const SITES: [&str; 4] = ["one-of-each", "prose", "languages", "addresses"];

/// The handbook of a golden site, with the default templates.
pub(crate) fn handbook(name: &str) -> Snapshot {
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    read::disk::snapshot(&folder(name).join("input"), today).expect("a handbook")
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// The handbook of a golden site, with templates that print views plainly.
fn plain_handbook(name: &str) -> Snapshot {
    let templates = read_below(&folder("templates"));
    let templates = templates
        .into_iter()
        .map(|(name, bytes)| (SourcePath::new(format!("templates/{name}")), bytes));
    let snapshot = handbook(name);
    let own = snapshot.sources.values().map(|source| (source.path.clone(), source.bytes.clone()));
    Snapshot::new(own.chain(templates), snapshot.today)
}

/// Builds the site. The built-in theme is left out: it is all design. So are
/// the files of the search's index, which follow from what the pages show and
/// have tests of their own.
fn site(name: &str) -> Files {
    let snapshot = plain_handbook(name);
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
    assert_eq!(site.diagnostics, [], "a golden handbook has no mistakes");
    let rendered = pipeline.render(&site);
    assert_eq!(rendered.diagnostics, [], "the plain templates fit the views");
    let all = rendered.value.bytes.into_iter();
    let all = all.map(|(address, bytes)| (address.as_str().to_owned(), bytes));
    let index = |address: &str| address.starts_with("search/") && address.ends_with(".js");
    let left_out = |address: &str| address.starts_with("theme/") || index(address);
    all.filter(|(address, _)| !left_out(address)).collect()
}

fn read_below(folder: &Path) -> Files {
    let entries = WalkDir::new(folder).into_iter().map(|entry| entry.expect("readable"));
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = |path: &Path| {
        let name = path.strip_prefix(folder).expect("below the folder");
        let name = name.to_str().expect("a name in UTF-8").replace('\\', "/");
        (name, Bytes::from(fs::read(path).expect("readable")))
    };
    files.map(|entry| read(entry.path())).collect()
}

#[track_caller]
fn check(name: &str) {
    let expected_folder = folder(name).join("expected");
    let actual = site(name);
    if std::env::var_os("NORMBOOK_BLESS").is_some() {
        return bless(&expected_folder, &actual);
    }
    let differences = differences(&read_below(&expected_folder), &actual);
    assert!(
        differences.is_empty(),
        "the site `{name}` is not as expected; when it is right as it is, run the test again \
         with NORMBOOK_BLESS=1\n{}",
        differences.join("\n")
    );
}

fn bless(folder: &Path, actual: &Files) {
    fs::create_dir_all(folder).expect("a folder for the expectations");
    let expected = read_below(folder);
    for name in expected.keys().filter(|name| !actual.contains_key(*name)) {
        fs::remove_file(folder.join(name)).expect("removed");
    }
    for (name, bytes) in actual.iter().filter(|(name, bytes)| expected.get(*name) != Some(*bytes)) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }
}

fn differences(expected: &Files, actual: &Files) -> Vec<String> {
    let names: BTreeSet<&String> = expected.keys().chain(actual.keys()).collect();
    let difference = |name: &String| match (expected.get(name), actual.get(name)) {
        (Some(expected), Some(actual)) if expected == actual => None,
        (Some(expected), Some(actual)) => {
            let (expected, actual) =
                (String::from_utf8_lossy(expected), String::from_utf8_lossy(actual));
            Some(format!("different: {name}\n{}", line_difference(&expected, &actual)))
        }
        (Some(_), None) => Some(format!("missing: {name}")),
        (None, _) => Some(format!("extra: {name}")),
    };
    names.into_iter().filter_map(difference).collect()
}

/// The lines between the first and the last that differ, expected ones with
/// `-`, actual ones with `+`.
fn line_difference(expected: &str, actual: &str) -> String {
    let expected: Vec<&str> = expected.split('\n').collect();
    let actual: Vec<&str> = actual.split('\n').collect();
    let shorter = expected.len().min(actual.len());
    let pairs = expected.iter().zip(&actual);
    let before = pairs.take_while(|(expected, actual)| expected == actual).count();
    let pairs = expected.iter().rev().zip(actual.iter().rev());
    let after = pairs.take_while(|(expected, actual)| expected == actual).count();
    let after = after.min(shorter - before);
    let mark = |sign: char, lines: &[&str]| {
        let lines = &lines[before..lines.len() - after];
        lines.iter().map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    format!("from line {}\n{}{}", before + 1, mark('-', &expected), mark('+', &actual))
}

#[test]
fn one_of_each_kind_with_every_field() {
    check("one-of-each");
}

#[test]
fn prose_of_every_sort() {
    check("prose");
}

#[test]
fn translations_in_both_directions_of_writing() {
    check("languages");
}

#[test]
fn addresses_of_every_sort() {
    check("addresses");
}

#[test]
fn every_kind_of_page_has_a_plain_template() {
    let plain = read_below(&folder("templates"));
    let pages = KINDS.iter().map(|kind| kind.template).filter(|name| name.ends_with(".html"));
    let designed: Vec<&str> = pages.filter(|name| !plain.contains_key(*name)).collect();
    assert!(designed.is_empty(), "write into tests/golden/templates: {designed:?}");
}

#[test]
fn missing_extra_and_different_files_are_named() {
    let files = |files: &[(&str, &str)]| -> Files {
        let file = |(name, text): &(&str, &str)| ((*name).to_owned(), Bytes::from(text.as_bytes()));
        files.iter().map(file).collect()
    };
    let expected = files(&[("a", "1\n2\n3\n"), ("b", ""), ("same", "x")]);
    let actual = files(&[("a", "1\n3\n"), ("c", ""), ("same", "x")]);
    let found = differences(&expected, &actual);
    assert_eq!(found, ["different: a\nfrom line 2\n- 2\n", "missing: b", "extra: c"]);
}
