//! A build with nothing to do says so at a look, and is never wrong about it.

use std::fs;
use std::time::Duration;

use super::cli::{Handbook, output};

/// Builds; answers whether the whole work was done, and what was printed.
#[track_caller]
fn build(handbook: &Handbook, arguments: &[&str]) -> (bool, String) {
    let all = [&["build", "--timings"], arguments].concat();
    let (_, stderr) = output(&handbook.run(&all).code(0));
    (stderr.contains(" ms  render and write\n"), stderr)
}

/// A handbook that has been built and sealed.
fn sealed() -> Handbook {
    let handbook = Handbook::new();
    assert!(build(&handbook, &[]).0, "the first build does the work");
    let seal = handbook.root().join("public/.normbook-seal");
    assert!(seal.exists(), "the clock of this disk stands still");
    handbook
}

/// After something was done to the sealed site, a build does the whole work,
/// and the next one finds nothing to do.
#[track_caller]
fn check_noticed(handbook: &Handbook, written: &str) {
    let (worked, stderr) = build(handbook, &[]);
    assert!(worked && stderr.contains(written), "{stderr}");
    assert!(!build(handbook, &[]).0, "mended and sealed again");
}

#[test]
fn nothing_changed_is_seen_at_a_look() {
    let handbook = sealed();
    let (worked, stderr) = build(&handbook, &[]);
    assert!(!worked, "{stderr}");
    assert!(stderr.contains("built ") && stderr.contains(" from 4 entries in "), "{stderr}");
    assert!(stderr.contains(": 0 written, "), "{stderr}");
    let first = build(&Handbook::new(), &[]).1;
    let pages = |text: &str| text.split("built ").nth(1).map(|rest| rest[..4].to_owned());
    assert_eq!(pages(&first), pages(&stderr), "both say how many pages there are");
}

#[test]
fn a_file_of_the_site_that_was_touched_is_mended() {
    let handbook = sealed();
    let page = handbook.root().join("public/norms/a/index.html");
    let text = fs::read_to_string(&page).expect("a page");
    let time = fs::metadata(&page).and_then(|meta| meta.modified()).expect("a time");
    // As long as before, and, where a time can be set, as old.
    fs::write(&page, text.replace("Words", "WORDS")).expect("written");
    let file = fs::File::options().write(true).open(&page).expect("a page");
    let forged = if cfg!(unix) { time } else { time + Duration::from_secs(1) };
    file.set_modified(forged).expect("a time");
    drop(file);
    check_noticed(&handbook, ": 1 written, ");
    assert_eq!(fs::read_to_string(&page).expect("a page"), text);
}

#[test]
fn a_file_of_the_site_that_is_gone_is_written_again() {
    let handbook = sealed();
    fs::remove_file(handbook.root().join("public/feed.xml")).expect("removed");
    check_noticed(&handbook, ": 1 written, ");
}

#[test]
fn a_file_of_somebody_else_is_refused() {
    let handbook = sealed();
    handbook.write("public/norms/mine.txt", "mine");
    let (_, stderr) = output(&handbook.run(&["build"]).code(2));
    assert!(stderr.contains("`norms/mine.txt`"), "{stderr}");
}

#[test]
fn what_a_killed_build_put_aside_is_swept_away() {
    let handbook = sealed();
    handbook.write("public/.normbook-staging-x/0", "half");
    check_noticed(&handbook, ": 0 written, ");
    assert!(!handbook.root().join("public/.normbook-staging-x").exists());
}

#[test]
fn whatever_the_site_is_made_from_counts() {
    let handbook = sealed();
    handbook.write("content/norms/c.md", "---\ntitle: C\nthemes: [trust]\nsource: charter\n---\n");
    check_noticed(&handbook, " written, ");
    handbook.write("theme/more.css", "p {}");
    check_noticed(&handbook, ": 1 written, ");
    assert!(build(&handbook, &["--drafts"]).0, "drafts");
    assert!(build(&handbook, &["--base-url", "https://example.org/"]).0, "an address");
    let day = |epoch: &str| {
        let mut command = handbook.command(&["build", "--timings"]);
        let (_, stderr) = output(&command.env("SOURCE_DATE_EPOCH", epoch).assert().code(0));
        stderr.contains(" ms  render and write\n")
    };
    assert!(day("86400") && !day("86401") && day("172800"), "another day");
}

#[test]
fn warnings_are_seen_at_every_build() {
    let handbook = sealed();
    handbook.write("content/norms/a.md", "---\ntitle: A\nsource: charter\n---\n\n> Words.\n");
    for _ in 0..3 {
        let (worked, stderr) = build(&handbook, &[]);
        assert!(worked && stderr.contains("warning[norm-without-theme]"), "{stderr}");
    }
}
