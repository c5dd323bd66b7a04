//! The compiled program as its users meet it: what it prints, how it ends,
//! what it does to folders.
//!
//! `tests/cli` holds transcripts; `TRYCMD=overwrite cargo test --test it
//! cli::` writes what the program prints now into them. What a transcript
//! cannot show stands here.

#![expect(clippy::disallowed_methods, reason = "the program is watched from outside, on the disk")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;
use walkdir::WalkDir;

/// A handbook in a temporary folder.
pub(super) struct Handbook {
    folder: TempDir,
}

impl Handbook {
    /// Two norms, the second of which refers to the first.
    pub(super) fn new() -> Handbook {
        let handbook = Handbook { folder: TempDir::new().expect("a temporary folder") };
        handbook.write("normbook.toml", "title = \"Small\"\n");
        let norm = |name: &str, body: &str| {
            format!(
                "---\ntitle: Norm {name}\nthemes: [trust]\nsource: charter\n---\n\n\
                 > Words of {name}.\n\n{body}\n"
            )
        };
        handbook.write("content/norms/a.md", &norm("a", "No more."));
        handbook.write("content/norms/b.md", &norm("b", "See [[theme:trust]]."));
        handbook.write("content/themes/trust.md", "---\ntitle: Trust\n---\n\nAbout trust.\n");
        handbook.write("content/sources/charter.md", "---\ntitle: Charter\n---\n");
        handbook
    }

    pub(super) fn root(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    /// Takes the second norm's reference to a place that does not exist.
    fn break_reference(&self) {
        self.write("content/norms/b.md", "---\ntitle: B\n---\n\nSee [[nowhere]].\n");
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_normbook"));
        command.current_dir(self.root()).args(arguments);
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Assert {
        self.command(arguments).assert()
    }

    /// All files below a folder, those of the program itself included but for
    /// the seal, which tells of times on the disk.
    fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let folder = self.root().join(folder);
        let entries = WalkDir::new(&folder).into_iter().map(|entry| entry.expect("readable"));
        let files = entries.filter(|entry| entry.file_type().is_file());
        let file = |path: &Path| {
            let name = path.strip_prefix(&folder).expect("below the folder");
            (name.display().to_string(), fs::read(path).expect("readable"))
        };
        let files = files.filter(|entry| entry.file_name() != ".normbook-seal");
        files.map(|entry| file(entry.path())).collect()
    }
}

pub(super) fn output(assert: &Assert) -> (String, String) {
    let output = assert.get_output();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn transcripts_show_what_is_typed_and_printed() {
    trycmd::TestCases::new().case("tests/cli/*.trycmd");
}

#[test]
fn a_build_prints_to_standard_error_only() {
    let handbook = Handbook::new();
    let (stdout, stderr) = output(&handbook.run(&["build"]).code(0));
    assert_eq!(stdout, "");
    assert!(stderr.starts_with("built "), "{stderr}");
    for page in ["index.html", "norms/a/index.html", "theme/style.css", "feed.xml", "robots.txt"] {
        assert!(handbook.files("public").contains_key(page), "{page}");
    }
}

#[test]
fn two_builds_give_the_same_bytes() {
    let handbook = Handbook::new();
    handbook.command(&["build", "--out", "one"]).env("RAYON_NUM_THREADS", "1").assert().code(0);
    handbook.command(&["build", "--out", "two"]).env("RAYON_NUM_THREADS", "8").assert().code(0);
    let (one, two) = (handbook.files("one"), handbook.files("two"));
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    let different: Vec<_> = one.keys().filter(|name| one[*name] != two[*name]).collect();
    assert!(different.is_empty(), "{different:?}");
}

#[test]
fn mistakes_leave_the_output_folder_as_it_is() {
    let handbook = Handbook::new();
    handbook.run(&["build"]).code(0);
    let before = handbook.files("public");
    handbook.break_reference();
    let (stdout, stderr) = output(&handbook.run(&["build"]).code(1));
    assert_eq!(stdout, "");
    assert!(stderr.contains("content/norms/b.md:5:5"), "{stderr}");
    assert!(handbook.files("public") == before, "files have changed");
}

#[test]
fn a_template_that_fails_leaves_the_output_folder_as_it_is() {
    let handbook = Handbook::new();
    handbook.run(&["build"]).code(0);
    let before = handbook.files("public");
    handbook.write("templates/source.html", "one\n{{ page.title }} {{ page.no.such }}\n");
    let (_, stderr) = output(&handbook.run(&["build", "--message-format", "short"]).code(1));
    assert!(stderr.contains("templates/source.html:2:"), "{stderr}");
    assert!(handbook.files("public") == before, "files have changed");
}

#[test]
fn a_build_with_mistakes_makes_no_folder() {
    let handbook = Handbook::new();
    handbook.break_reference();
    handbook.run(&["build"]).code(1);
    handbook.run(&["check"]).code(1);
    assert!(!handbook.root().join("public").exists());
}

#[test]
fn a_deleted_entry_loses_its_page_and_nothing_else() {
    let handbook = Handbook::new();
    handbook.run(&["build"]).code(0);
    let before: BTreeSet<String> = handbook.files("public").into_keys().collect();
    fs::remove_file(handbook.root().join("content/norms/a.md")).expect("removed");
    handbook.run(&["build"]).code(0);
    let after: BTreeSet<String> = handbook.files("public").into_keys().collect();
    assert_eq!(before.difference(&after).collect::<Vec<_>>(), ["norms/a/index.html"]);
    assert_eq!(after.difference(&before).count(), 0);
    assert!(!handbook.root().join("public/norms/a").exists());
}

#[test]
fn foreign_files_in_the_output_folder_are_refused_and_kept() {
    let handbook = Handbook::new();
    handbook.write("public/mine.txt", "mine");
    let (_, stderr) = output(&handbook.run(&["build"]).code(2));
    assert!(stderr.contains("`mine.txt`") && stderr.contains("`--out`"), "{stderr}");
    let files = handbook.files("public");
    assert_eq!(files.into_iter().collect::<Vec<_>>(), [("mine.txt".to_owned(), b"mine".to_vec())]);
}

#[test]
fn output_folders_over_the_handbook_are_refused() {
    let handbook = Handbook::new();
    handbook.write("a-file", "");
    let before = handbook.files(".");
    let root = handbook.root().display().to_string();
    for out in [".", "..", "content", "content/site", "theme", "a-file", "a-file/site", &root] {
        let (_, stderr) = output(&handbook.run(&["build", "--out", out]).code(2));
        assert!(stderr.starts_with("error: ") && stderr.contains(out), "{out}: {stderr}");
    }
    assert!(handbook.files(".") == before, "files have changed");
}

#[test]
fn drafts_are_built_only_on_demand() {
    let handbook = Handbook::new();
    handbook.write("content/norms/c.md", "---\ntitle: C\ndraft: true\n---\n");
    let page = "norms/c/index.html";
    handbook.run(&["build"]).code(0);
    assert!(!handbook.files("public").contains_key(page));
    handbook.run(&["build", "--drafts"]).code(0);
    assert!(handbook.files("public").contains_key(page));
}

#[test]
fn a_base_url_goes_before_that_of_the_settings() {
    let handbook = Handbook::new();
    handbook.write("normbook.toml", "base_url = \"https://settings.example/\"\n");
    handbook.run(&["build", "--base-url", "https://example.org/handbook"]).code(0);
    let files = handbook.files("public");
    let sitemap = String::from_utf8_lossy(&files["sitemap.xml"]);
    assert!(sitemap.contains("<loc>https://example.org/handbook/norms/a/</loc>"), "{sitemap}");
    let settings = files
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("settings.example"));
    assert_eq!(settings.map(|(name, _)| name).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn json_messages_are_objects_on_standard_output() {
    let handbook = Handbook::new();
    handbook.break_reference();
    let (stdout, stderr) = output(&handbook.run(&["check", "--message-format", "json"]).code(1));
    let messages: Vec<serde_json::Value> =
        stdout.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    let error = messages.iter().find(|message| message["severity"] == "error").expect("an error");
    assert_eq!(error["code"], "unknown-reference");
    assert_eq!(error["path"], "content/norms/b.md");
    assert_eq!((&error["line"], &error["column"]), (&5.into(), &5.into()));
    assert!(error["hints"].is_array() && error["message"].is_string());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn messages_name_paths_below_the_root_from_wherever_they_are_asked_for() {
    let handbook = Handbook::new();
    handbook.break_reference();
    let root = handbook.root().display().to_string();
    let mut command = handbook.command(&["check", "--root", &root, "--message-format", "short"]);
    let (_, stderr) = output(&command.current_dir("/").assert().code(1));
    assert!(stderr.starts_with("content/norms/b.md:"), "{stderr}");
}

#[test]
fn colour_follows_the_environment() {
    let handbook = Handbook::new();
    handbook.break_reference();
    let coloured = |variables: &[(&str, &str)]| {
        let mut command = handbook.command(&["check"]);
        let (_, stderr) = output(&command.envs(variables.iter().copied()).assert().code(1));
        stderr.contains('\u{1b}')
    };
    assert!(!coloured(&[]), "a pipe is no terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn timings_name_every_phase() {
    let handbook = Handbook::new();
    let (_, stderr) = output(&handbook.run(&["build", "--timings"]).code(0));
    for phase in ["read", "parse", "model", "link", "lint", "page", "render and write"] {
        assert!(stderr.contains(&format!(" ms  {phase}\n")), "{phase}: {stderr}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_is_named() {
    let handbook = Handbook::new();
    let link = handbook.root().join("content/norms/loop");
    std::os::unix::fs::symlink(handbook.root().join("content"), &link).expect("a link");
    let (_, stderr) = output(&handbook.run(&["build"]).code(2));
    assert!(stderr.contains("content/norms/loop") && stderr.contains("remove"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_named() {
    let handbook = Handbook::new();
    let link = handbook.root().join("content/norms/gone.md");
    std::os::unix::fs::symlink("nothing.md", &link).expect("a link");
    let (_, stderr) = output(&handbook.run(&["build"]).code(2));
    assert!(stderr.contains("content/norms/gone.md"), "{stderr}");
    assert!(!handbook.root().join("public").exists());
}

/// Linux has a device on which every write fails as on a full disk.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_no_panic() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a device");
    for arguments in [&["explain"][..], &["explain", "unknown-field"]] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_normbook"))
            .args(arguments)
            .stdout(full())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("cannot write to standard output"), "{said}");
    }
}

#[test]
fn published_addresses_are_recorded_and_kept() {
    let handbook = Handbook::new();
    handbook.run(&["lock", "--check"]).code(1);
    assert!(!handbook.root().join("normbook.lock").exists());
    let (stdout, stderr) = output(&handbook.run(&["lock"]).code(0));
    assert!(stdout.is_empty() && stderr.contains("of them new"), "{stderr}");
    let ledger = || fs::read_to_string(handbook.root().join("normbook.lock")).expect("a ledger");
    let first = ledger();
    for place in ["\n./\n", "\nfeed.xml\n", "\nnorms/a/ ", "\nnorms/a/#p1 ", "\nthemes/trust/ "] {
        assert!(first.contains(place), "{place}: {first}");
    }
    assert!(!first.contains("404") && !first.contains("robots") && !first.contains("theme/"));
    handbook.run(&["lock", "--check"]).code(0);
    handbook.run(&["lock"]).code(0);
    assert_eq!(ledger(), first, "twice is once");
    handbook.run(&["build"]).code(0);
    let before = handbook.files("public");
    assert!(!before.contains_key("normbook.lock"));
    fs::rename(
        handbook.root().join("content/norms/a.md"),
        handbook.root().join("content/norms/c.md"),
    )
    .expect("renamed");
    for command in ["build", "check", "lock"] {
        let (_, stderr) = output(&handbook.run(&[command, "--message-format", "short"]).code(1));
        let line = "normbook.lock:9:1: error[lost-address]: the published address `norms/a/`";
        assert!(stderr.contains(line), "{stderr}");
    }
    assert!(handbook.files("public") == before && ledger() == first, "something has changed");
}

#[test]
fn an_address_is_given_up_only_by_name() {
    let handbook = Handbook::new();
    handbook.run(&["lock"]).code(0);
    fs::remove_file(handbook.root().join("content/norms/a.md")).expect("removed");
    let (_, stderr) = output(&handbook.run(&["lock", "--accept", "norms/x/"]).code(2));
    assert!(stderr.contains("`norms/x/` is not in `normbook.lock`"), "{stderr}");
    handbook.run(&["lock", "--accept", "norms/a/"]).code(0);
    let ledger = fs::read_to_string(handbook.root().join("normbook.lock")).expect("a ledger");
    assert!(!ledger.contains("norms/a/") && ledger.contains("norms/b/"), "{ledger}");
    handbook.run(&["check"]).code(0);
}

#[test]
fn a_draft_is_no_promise() {
    let handbook = Handbook::new();
    handbook.write("content/norms/c.md", "---\ntitle: C\ndraft: true\n---\n");
    handbook.run(&["lock"]).code(0);
    let ledger = fs::read_to_string(handbook.root().join("normbook.lock")).expect("a ledger");
    assert!(!ledger.contains("norms/c/"), "{ledger}");
    handbook.run(&["check", "--drafts"]).code(0);
    handbook.write("content/norms/a.md", "---\ntitle: A\ndraft: true\n---\n");
    handbook.run(&["check"]).code(1);
}

#[test]
fn the_links_of_rendered_pages_are_followed_on_demand() {
    let handbook = Handbook::new();
    handbook.run(&["check", "--portable"]).code(0);
    let template = "<!doctype html><a href=\"/norms/\">{{ page.title }}</a>\n";
    handbook.write("templates/source.html", template);
    handbook.run(&["check"]).code(0);
    let arguments = ["check", "--portable", "--message-format", "short"];
    let (_, stderr) = output(&handbook.run(&arguments).code(1));
    assert!(stderr.contains("templates/source.html:1:25: error[page-absolute-link]: "), "{stderr}");
    assert!(!handbook.root().join("public").exists());
}
