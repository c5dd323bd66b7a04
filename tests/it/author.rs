//! What helps an author at work: a new handbook builds, skeletons are valid
//! in every handbook, nothing that stands is overwritten.

#![expect(clippy::disallowed_methods, reason = "the program is watched from outside, on the disk")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use normbook::data::yaml;
use normbook::id::Kind;
use normbook::path::SourcePath;
use tempfile::TempDir;
use walkdir::WalkDir;

/// A folder that programs are run in.
struct Folder(TempDir);

/// How a program ended, and what it printed.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Folder {
    fn new() -> Folder {
        Folder(TempDir::new().expect("a temporary folder"))
    }

    /// A folder with the handbook that `init` makes.
    fn with_handbook() -> Folder {
        let folder = Folder::new();
        let run = folder.run(&["init", "."]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect(path)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_normbook"));
        let output = command.current_dir(self.0.path()).args(arguments).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        let code = output.status.code().expect("it ends");
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// All files by path.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = WalkDir::new(self.0.path()).into_iter().map(|entry| entry.expect("readable"));
        let files = entries.filter(|entry| entry.file_type().is_file());
        files.map(|e| (e.path().to_owned(), fs::read(e.path()).expect("readable"))).collect()
    }
}

#[test]
fn a_new_handbook_builds_without_a_warning() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "deep/handbook"]).code, 0);
    let run = folder.run(&["build", "--root", "deep/handbook", "--deny-warnings"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for page in ["norms/charter/2", "positions", "timeline", "terms/keeper"] {
        assert!(folder.path(&format!("deep/handbook/public/{page}/index.html")).exists(), "{page}");
    }
}

#[test]
fn a_new_handbook_holds_what_an_author_needs() {
    let folder = Folder::with_handbook();
    let count = |kind: &str| {
        let files = WalkDir::new(folder.path(&format!("content/{kind}"))).into_iter();
        files.filter(|entry| entry.as_ref().expect("readable").file_type().is_file()).count()
    };
    let counts = ["norms", "themes", "forums", "sources", "actors", "statements"].map(count);
    assert_eq!(counts, [3, 2, 2, 1, 1, 1]);
    assert!(folder.read(".gitignore").lines().any(|line| line == "/public/"));
    let version = env!("CARGO_PKG_VERSION");
    for workflow in [".github/workflows/pages.yml", ".gitlab-ci.yml"] {
        let text = folder.read(workflow);
        assert!(text.contains(&format!("NORMBOOK: normbook@{version}\n")), "{workflow}");
        let node = yaml::parse(&text, 0, &SourcePath::new(workflow));
        assert!(node.is_ok(), "{workflow}: {node:?}");
    }
}

#[test]
fn a_folder_that_holds_something_is_refused_and_kept() {
    let folder = Folder::new();
    folder.write("notes.txt", "mine");
    let before = folder.files();
    let run = folder.run(&["init", "."]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("is not empty: it holds `notes.txt`"), "{}", run.stderr);
    assert!(folder.files() == before, "files have changed");
    let file = folder.run(&["init", "notes.txt"]);
    assert_eq!(file.code, 2);
    assert!(file.stderr.contains("notes.txt"), "{}", file.stderr);
}

#[test]
fn a_folder_under_version_control_is_as_good_as_empty() {
    let folder = Folder::new();
    folder.write(".git/HEAD", "ref: refs/heads/main\n");
    assert_eq!(folder.run(&["init", "."]).code, 0);
    assert!(folder.path("normbook.toml").exists());
}

/// A skeleton without the marks that make asides of its fields.
fn with_every_field(text: &str) -> String {
    let (front, body) = text[4..].split_once("---\n").expect("a front matter");
    let is_field = |line: &str| {
        let name = line.split(": ").next().unwrap_or("");
        name != line && !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase())
    };
    let line = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if is_field(rest) => rest.to_owned(),
        _ => line.to_owned(),
    };
    let front: Vec<String> = front.lines().map(line).collect();
    let front = front.join("\n").replace("draft: true", "draft: false");
    format!("---\n{front}\n---\n{body}")
}

#[track_caller]
fn check_skeletons(folder: &Folder) {
    for kind in Kind::ALL {
        let (name, id) = (kind.name(), "new/13d-data");
        let run = folder.run(&["new", name, id]);
        let path = format!("content/{}/{id}.md", kind.folder());
        assert_eq!((run.code, run.stdout.trim()), (0, path.as_str()), "{}", run.stderr);
        for drafts in [&[][..], &["--drafts"]] {
            let check = folder.run(&[&["check", "--message-format", "short"], drafts].concat());
            assert_eq!(check.code, 0, "{name}: {}", check.stderr);
        }
        let text = folder.read(&path);
        let widest = text.lines().filter(|l| l.starts_with("# ")).map(str::len).max();
        assert!(widest.is_some_and(|width| width < 200), "{text}");
        folder.write(&path, &with_every_field(&text));
        let check = folder.run(&["check", "--message-format", "short"]);
        assert_eq!(check.code, 0, "{name}: {}{}", check.stderr, folder.read(&path));
        folder.write(&path, &text);
    }
}

#[test]
fn skeletons_are_valid_with_and_without_their_asides() {
    check_skeletons(&Folder::with_handbook());
}

#[test]
fn skeletons_show_the_words_of_their_handbook() {
    let folder = Folder::with_handbook();
    folder.run(&["new", "norm", "charter/4"]);
    let text = folder.read("content/norms/charter/4.md");
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "#").collect();
    let words = words.join(" ");
    for choice in ["proposed, agreed, withdrawn.", "borrowers, library.", "repair, fair-access."] {
        assert!(words.contains(&format!("Choose from: {choice}")), "{choice}: {text}");
    }
    assert!(text.contains("\ntitle: \"4\"\n") && text.contains("\nstatus: proposed\n"), "{text}");
}

#[test]
fn a_skeleton_never_overwrites() {
    let folder = Folder::with_handbook();
    folder.write("content/themes/mine.md", "---\ntitle: Mine\nid: other\n---\n\nText.\n");
    folder.write("content/norms/_note.md", "mine");
    let before = folder.files();
    for (kind, id, message) in [
        ("norm", "charter/1", "`content/norms/charter/1.md`"),
        ("theme", "mine", "is there already"),
        ("theme", "other", "`content/themes/mine.md`"),
        ("page", "index", "`content/index.md`"),
        ("norm", "My Norm", "write it like `my-norm`"),
        ("norm", "../../x", "part that is `.` or `..`"),
        ("norm", ".x", "not read"),
        ("norm", "", "empty part"),
    ] {
        let run = folder.run(&["new", kind, id]);
        assert_eq!(run.code, 2, "{kind} {id}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{kind} {id}: {}", run.stderr);
        assert!(folder.files() == before, "{kind} {id}: files have changed");
    }
}

#[test]
fn a_skeleton_whose_address_is_taken_is_not_written() {
    let folder = Folder::with_handbook();
    let page = "---\ntitle: P\naliases: [norms/charter/9/]\n---\n\nText.\n";
    folder.write("content/pages/p.md", page);
    let run = folder.run(&["new", "norm", "charter/9"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = folder.run(&["new", "page", "norms/charter/1"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("address-taken"), "{}", run.stderr);
    assert!(!folder.path("content/pages/norms/charter/1.md").exists());
}

#[test]
fn a_statement_needs_an_actor_and_says_so() {
    let folder = Folder::new();
    folder.write("content/index.md", "---\ntitle: Home\n---\n");
    let run = folder.run(&["new", "statement", "a"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("`normbook new actor ID`"), "{}", run.stderr);
    for kind in ["norm", "theme", "forum", "source", "actor", "statement", "term", "page"] {
        let run = folder.run(&["new", kind, "a"]);
        assert_eq!(run.code, 0, "{kind}: {}", run.stderr);
        assert_eq!(folder.run(&["check", "--drafts"]).code, 0, "{kind}");
    }
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]).stdout;
    let commands = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let commands = commands.expect("a list of commands").lines().filter_map(|line| {
        let name = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?;
        name.split_whitespace().next().filter(|name| *name != "help")
    });
    let commands: Vec<&str> = commands.collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = folder.run(&["completions", shell]).stdout;
        let missing: Vec<_> = commands.iter().filter(|name| !script.contains(**name)).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
    let page = folder.run(&["man"]).stdout;
    for command in commands {
        assert!(page.contains(&format!("normbook\\-{command}(1)")), "{command}: {page}");
        let page = folder.run(&["man", command]).stdout;
        assert!(page.contains(&format!(".TH normbook-{command} 1")), "{command}: {page}");
    }
    assert_eq!(folder.run(&["man", "nothing"]).code, 2);
}

/// The regular expression by which the editor reads messages, tried on what
/// the program prints.
#[test]
fn the_editor_reads_the_messages() {
    let folder = Folder::with_handbook();
    let tasks = folder.read(".vscode/tasks.json");
    assert!(tasks.contains("(error|warning)\\\\[([a-z-]+)\\\\]: (.*)$"), "{tasks}");
    folder.write("content/norms/charter/4.md", "---\ntitel: x\n---\n");
    let run = folder.run(&["check", "--drafts", "--message-format", "short"]);
    let line = run.stderr.lines().next().expect("a message");
    let (place, text) = line.split_once(": error[").expect("an error");
    let place: Vec<&str> = place.split(':').collect();
    assert!(matches!(place.as_slice(), ["content/norms/charter/4.md", "2", "1"]), "{line}");
    assert!(text.starts_with("unknown-field]: "), "{line}");
    assert!(Path::new(place[0]).extension().is_some());
}
