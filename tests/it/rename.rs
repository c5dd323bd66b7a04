//! A new id changes names and nothing else: every other byte of the files
//! stays, every reference leads where it led, the old address works, and what
//! is interrupted loses nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use normbook::author::rename::{self, Plan};
use normbook::path::Address;
use normbook::pipeline::{Options, Pipeline, Rendered};
use normbook::read::Snapshot;
use proptest::prelude::{Strategy, any};
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;

use crate::support::{Files, snapshot};

fn files(parts: &[(&str, &str)]) -> Files {
    parts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn after(files: &Files, plan: &Plan) -> Files {
    let snapshot = rename::changed(&snapshot(files), &plan.changes);
    snapshot.sources.into_iter().map(|(path, source)| (path.to_string(), source.text())).collect()
}

/// Renames, and compares the files that change with what they should be.
#[track_caller]
fn check(parts: &[(&str, &str)], old: &str, new: &str, expected: &[(&str, &str)]) {
    let before = files(parts);
    let plan = rename::plan(&snapshot(&before), old, new).expect("a plan");
    let after = after(&before, &plan);
    let changed = after.iter().filter(|(path, text)| before.get(*path) != Some(*text));
    let changed: Vec<(&str, &str)> = changed.map(|(p, t)| (p.as_str(), t.as_str())).collect();
    assert_eq!(changed, expected);
}

const THEME: (&str, &str) = ("content/themes/t.md", "---\ntitle: T\n---\n\nAbout.\n");
const SOURCE: (&str, &str) = ("content/sources/s.md", "---\ntitle: S\n---\n");

#[test]
fn every_other_byte_stays() {
    let norm = "\u{feff}---\r\n# A remark on [[t]].\r\ntitle:   \"T  and t\"\r\nthemes: [ t,\r\n  \
                'theme:t' ] # t\r\nsource:  {ref: \"s\" , locator: 't, s'}\r\n---\r\n\r\n> t `[[t]]` \
                \\[[t]]\r\n\r\nSee [[ theme : t ]], [[theme:t|the t]], [[t]] and [@s, t;  @s].\r\n";
    let renamed = norm
        .replace("[ t,", "[ open/ness,")
        .replace("'theme:t'", "'theme:open/ness'")
        .replace("theme : t ", "theme : open/ness ")
        .replace("theme:t|", "theme:open/ness|")
        .replace(", [[t]] and", ", [[open/ness]] and");
    check(
        &[("content/norms/a.md", norm), THEME, SOURCE],
        "theme:t",
        "open/ness",
        &[
            ("content/norms/a.md", &renamed),
            ("content/themes/open/ness.md", "---\ntitle: T\naliases: [themes/t/]\n---\n\nAbout.\n"),
        ],
    );
}

#[test]
fn links_to_files_follow_and_those_of_a_moved_file_too() {
    let a = "---\ntitle: A\n---\n\n![x](i%20j.png) [b](../y/b.md#p1 '../y/b.md') [c][c] [self](a.md)\n\n\
             [c]: <../y/c.md>\n";
    let b = "---\ntitle: B\n---\n\n> Text.\n\n[a](../x/a.md) [a again](./../x/a.md) `../x/a.md`\n";
    check(
        &[
            ("content/norms/x/a.md", a),
            ("content/norms/x/i j.png", "image"),
            ("content/norms/y/b.md", b),
            ("content/norms/y/c.md", "---\ntitle: C\n---\n"),
        ],
        "x/a",
        "z/deep/a2",
        &[
            (
                "content/norms/y/b.md",
                &b.replace("(../x/a.md", "(../z/deep/a2.md")
                    .replace("(./../x/a.md", "(../z/deep/a2.md"),
            ),
            (
                "content/norms/z/deep/a2.md",
                "---\ntitle: A\naliases: [norms/x/a/, sets/x/]\n---\n\n![x](../../x/i%20j.png) \
                 [b](../../y/b.md#p1 '../y/b.md') [c][c] [self](a2.md)\n\n[c]: <../../y/c.md>\n",
            ),
        ],
    );
}

#[test]
fn translations_move_along() {
    check(
        &[
            ("normbook.toml", "languages = [\"zh\"]\n"),
            ("content/terms/a.md", "---\ntitle: A\n---\n\nOne.\n"),
            ("content/terms/a.zh.md", "---\ntitle: Zh\n---\n\n[[term:a]]\n"),
        ],
        "term:a",
        "b",
        &[
            ("content/terms/b.md", "---\ntitle: A\naliases: [terms/a/]\n---\n\nOne.\n"),
            (
                "content/terms/b.zh.md",
                "---\ntitle: Zh\naliases: [zh/terms/a/]\n---\n\n[[term:b]]\n",
            ),
        ],
    );
}

#[test]
fn an_id_in_the_front_matter_changes_there() {
    check(
        &[
            ("normbook.toml", "languages = [\"zh\"]\n"),
            ("content/terms/file.md", "---\ntitle: A\nid: 'a'\n---\n\nOne.\n"),
            ("content/terms/file.zh.md", "---\ntitle: Zh\n---\n\n[[term:a]]\n"),
        ],
        "term:a",
        "b",
        &[
            ("content/terms/file.md", "---\ntitle: A\nid: 'b'\naliases: [terms/a/]\n---\n\nOne.\n"),
            (
                "content/terms/file.zh.md",
                "---\ntitle: Zh\naliases: [zh/terms/a/]\n---\n\n[[term:b]]\n",
            ),
        ],
    );
}

#[test]
fn a_set_moves_with_its_name_in_the_settings() {
    check(
        &[
            ("normbook.toml", "[sets] # t\nold = \"The old set\"\nother = \"O\"\n"),
            ("content/norms/old/a.md", "---\ntitle: A\n---\n\n[[old/b]]\n"),
            ("content/norms/old/b.md", "---\ntitle: B\n---\n\n[a](a.md)\n"),
        ],
        "old/",
        "new/2015",
        &[
            (
                "content/norms/new/2015/a.md",
                "---\ntitle: A\naliases: [norms/old/a/, sets/old/]\n---\n\n[[new/2015/b]]\n",
            ),
            (
                "content/norms/new/2015/b.md",
                "---\ntitle: B\naliases: [norms/old/b/]\n---\n\n[a](a.md)\n",
            ),
            ("normbook.toml", "[sets] # t\n\"new/2015\" = \"The old set\"\nother = \"O\"\n"),
        ],
    );
}

#[test]
fn what_the_settings_say_of_places_that_are_gone_follows() {
    let settings = "[gone]\n\
                    \"norms/far/\" = { note = \"Merged.\", see = \"set/old#b\" } # why\n\
                    \"norms/set/old/#lost\" = { see = 'norm:set/old', note = \"Cut.\" }\n\
                    \"norms/set/other/#lost\" = \"Cut too.\"\n";
    let expected = "[gone]\n\
                    \"norms/far/\" = { note = \"Merged.\", see = \"new/7#b\" } # why\n\
                    \"norms/new/7/#lost\" = { see = 'norm:new/7', note = \"Cut.\" }\n\
                    \"norms/set/other/#lost\" = \"Cut too.\"\n";
    check(
        &[
            ("normbook.toml", settings),
            ("content/norms/set/old.md", "---\ntitle: A\n---\n\n> (b) Words.\n"),
            ("content/norms/set/other.md", "---\ntitle: B\n---\n"),
        ],
        "set/old",
        "new/7",
        &[
            (
                "content/norms/new/7.md",
                "---\ntitle: A\naliases: [norms/set/old/]\n---\n\n> (b) Words.\n",
            ),
            ("normbook.toml", expected),
        ],
    );
}

#[test]
fn a_place_that_is_gone_never_leads_elsewhere() {
    // A plain name is a norm's before all others.
    check(
        &[
            ("normbook.toml", "[gone]\n\"norms/far/\" = { note = \"N.\", see = \"t\" }\n"),
            THEME,
            ("content/norms/a.md", "---\ntitle: A\n---\n"),
        ],
        "norm:a",
        "t",
        &[
            ("content/norms/t.md", "---\ntitle: A\naliases: [norms/a/]\n---\n"),
            ("normbook.toml", "[gone]\n\"norms/far/\" = { note = \"N.\", see = \"theme:t\" }\n"),
        ],
    );
}

#[test]
fn a_name_that_would_mean_another_entry_gets_its_kind() {
    // A plain name is a norm's before all others.
    let page = "---\ntitle: P\n---\n\n[[t]] [[a]]\n";
    check(
        &[THEME, ("content/pages/p.md", page), ("content/norms/a.md", "---\ntitle: A\n---\n")],
        "a",
        "t",
        &[
            ("content/norms/t.md", "---\ntitle: A\naliases: [norms/a/]\n---\n"),
            ("content/pages/p.md", "---\ntitle: P\n---\n\n[[theme:t]] [[t]]\n"),
        ],
    );
    let norm = "---\ntitle: A\nrelations: [{type: cites, to: s}]\n---\n\n[[s]]\n";
    check(
        &[SOURCE, ("content/norms/a.md", norm), ("content/norms/b.md", "---\ntitle: B\n---\n")],
        "source:s",
        "b",
        &[
            (
                "content/norms/a.md",
                "---\ntitle: A\nrelations: [{type: cites, to: source:b}]\n---\n\n[[source:b]]\n",
            ),
            ("content/sources/b.md", "---\ntitle: S\naliases: [sources/s/]\n---\n"),
        ],
    );
}

#[track_caller]
fn check_refused(parts: &[(&str, &str)], old: &str, new: &str, message: &str) {
    let error = rename::plan(&snapshot(&files(parts)), old, new).expect_err("a reason");
    assert!(error.contains(message), "{error}");
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    let norm = |id: &str| format!("---\ntitle: {id}\n---\n\nSee [[theme:t]].\n");
    let (one, two) = (norm("one"), norm("two"));
    let parts: &[(&str, &str)] = &[
        ("normbook.toml", "languages = [\"zh\"]\n"),
        ("content/norms/set/one.md", &one),
        ("content/norms/set/two.md", &two),
        ("content/index.md", "---\ntitle: Home\n---\n"),
        ("content/pages/p.md", "---\ntitle: P\naliases: [norms/free/]\n---\n"),
        ("content/themes/u.md", "{}"),
        THEME,
    ];
    check_refused(parts, "set/on", "x", "there is no entry `set/on`; did you mean `set/one`?");
    check_refused(parts, "theme:set/one", "x", "there is no theme `set/one`");
    check_refused(parts, "se/", "x", "did you mean `set`?");
    check_refused(parts, "set/one", "set/two", "`content/norms/set/two.md`");
    check_refused(parts, "set/one", "Set/One", "has the capital letter `S`");
    check_refused(parts, "set/one", "theme:x", "a norm stays a norm");
    check_refused(parts, "set/one", "set/one", "has that name already");
    check_refused(parts, "set/one#p1", "x", "an anchor belongs to its heading");
    check_refused(parts, "set/one", ".x/y", "such names are not read");
    check_refused(parts, "set/one", "x.zh", "would be a translation");
    check_refused(parts, "page:index", "start", "by its name");
    check_refused(parts, "page:p", "index", "by its name");
    check_refused(parts, "set/one", "free", "the address `norms/free/` already belongs to");
    check_refused(parts, "page:p", "norms/set/one", "already belongs to");
    let braces = [("content/norms/a.md", "---\n{title: A}\n---\n")];
    check_refused(&braces, "a", "b", "write it line by line");
    let dead = [("content/norms/a.md", "---\ntitle: A\n---\n\n[[b]]\n")];
    check_refused(&dead, "a", "b", "run `normbook check`");
}

/// A handbook in which everything refers to everything, in every way.
fn random_handbook() -> impl Strategy<Value = (Files, String, String)> {
    const IDS: [&str; 4] = ["x/1", "x/2", "y/3", "4"];
    let way = (select(&IDS[..]), 0..9_usize, any::<bool>());
    let bodies = proptest::collection::vec(proptest::collection::vec(way, 0..6), 6);
    let renames = select(
        &[
            ("x/1", "x/9"),
            ("y/3", "y/a.b"),
            ("4", "t"),
            ("theme:t", "4"),
            ("source:s", "new/s"),
            ("theme:t", "wide"),
            ("x/", "z/w"),
            ("actor:a", "x/1"),
        ][..],
    );
    (bodies, any::<[bool; 6]>(), renames).prop_map(move |(bodies, windows, (old, new))| {
        let mut files = Files::new();
        let sets = "[sets]\nx = \"Set X\"\ny = \"Set Y\"\n";
        files.insert("normbook.toml".to_owned(), sets.to_owned());
        let mut entries: Vec<(String, String)> = IDS
            .iter()
            .enumerate()
            .map(|(at, id)| {
                let front = format!(
                    "title: Norm number {at}\norder: {at}\nthemes: [t]\nsource: {{ref: 's', locator: p. 1}}"
                );
                (format!("content/norms/{id}.md"), front)
            })
            .collect();
        let theme = "title: Theme\norder: 1".to_owned();
        entries.push(("content/themes/t.md".to_owned(), theme));
        let source = "title: Source\nauthors:\n- a\n- Somebody\naliases: [old]".to_owned();
        entries.push(("content/sources/s.md".to_owned(), source));
        for (((path, front), ways), windows) in entries.into_iter().zip(bodies).zip(windows) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
            let mentions: Vec<String> =
                ways.iter().map(|(id, way, title)| mention(&folder, id, *way, *title)).collect();
            let text = format!("---\n{front}\n---\n\n> (a) Words.\n\n{}\n", mentions.join("\n\n"));
            let text = if windows { format!("\u{feff}{}", text.replace('\n', "\r\n")) } else { text };
            files.insert(path, text);
        }
        files.insert("content/actors/a.md".to_owned(), "---\ntitle: Actor\n---\n".to_owned());
        (files, old.to_owned(), new.to_owned())
    })
}

fn mention(folder: &str, id: &str, way: usize, titled: bool) -> String {
    let file = normbook::path::relative(folder, &format!("content/norms/{id}.md"));
    let title = if titled { format!(" '{file}'") } else { String::new() };
    match way {
        0 => format!("See [[{id}#a]] here."),
        1 => format!("See [[norm:{id}|the norm {id}]] here."),
        2 => format!("See [it]({file}{title}) here."),
        3 => format!("See [*it* `]` too](<{file}#a>{title}) here."),
        4 => "See [@s, p. 3; @s] and [[theme:t]].".to_owned(),
        5 => "See [[source:s]] by [[actor:a]].".to_owned(),
        6 => format!("| a | b |\n|---|---|\n| [[{id}\\|x]] | [[{id}]] |"),
        7 => format!("`[[{id}]]` and \\[[{id}]]"),
        _ => format!("See [this][r{id}] here.\n\n[r{id}]: {file}{title}"),
    }
}

fn render(snapshot: &Snapshot) -> (Rendered, Vec<(Option<String>, &'static str)>) {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(snapshot, &Options::default(), &mut |_| {});
    let found = site.diagnostics.iter().map(|d| (d.path.as_ref().map(|p| p.to_string()), d.code));
    (pipeline.render(&site).value, found.collect())
}

/// What a reader reads on a page, without addresses and in any order.
fn words(page: &[u8]) -> Vec<String> {
    let html = scraper::Html::parse_document(&String::from_utf8_lossy(page));
    let nodes = html.root_element().descendants();
    let texts: String = nodes.filter_map(|node| node.value().as_text().map(|t| &**t)).collect();
    // Names for programs, made of the id, stand in braces or quotation marks.
    let for_people = |word: &&str| !word.contains(['{', '"']);
    let words = texts.split_whitespace().filter(for_people).map(str::to_owned);
    let mut words: Vec<String> = words.collect();
    words.sort();
    words
}

/// Renames, and compares the sites before and after.
fn check_same_site(before: &Files, old: &str, new: &str) {
    let plan = rename::plan(&snapshot(before), old, new).expect("a plan");
    let (site, diagnostics) = render(&snapshot(before));
    let renamed = after(before, &plan);
    let (new_site, new_diagnostics) = render(&snapshot(&renamed));
    let codes = |found: &[(Option<String>, &'static str)]| -> Vec<&'static str> {
        found.iter().map(|(_, code)| *code).collect()
    };
    assert_eq!(codes(&diagnostics), codes(&new_diagnostics));
    let moved: BTreeMap<&str, &str> =
        plan.addresses.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    assert!(!moved.is_empty());
    // A printable page goes where its collection goes.
    let kept =
        |a: &Address| a.as_str().ends_with(".html") && !a.as_str().ends_with("~print/index.html");
    for (address, bytes) in site.bytes.iter().filter(|(address, _)| kept(address)) {
        let published = address.published();
        let Some(new) = moved.get(published.as_str()) else {
            let now = new_site.bytes.get(address).unwrap_or_else(|| panic!("{address} is gone"));
            // A set's page moves with its folder and leads on.
            let set = published.starts_with("sets/") && old.ends_with('/');
            assert!(set || words(bytes) == words(now), "{address}");
            continue;
        };
        let now = &new_site.bytes[&Address::page(new)];
        assert_eq!(words(bytes), words(now), "{address}");
        let redirect = String::from_utf8_lossy(&new_site.bytes[address]);
        let target = Address::page(new).href_from(address);
        assert!(redirect.contains(&format!("href=\"{target}\"")), "{address}: {redirect}");
    }
    check_back(before, &renamed, &plan, old, new);
}

/// Back again, everything is as it was but for the alias.
fn check_back(before: &Files, renamed: &Files, plan: &Plan, old: &str, new: &str) {
    let (kind, name) = old.split_once(':').map_or(("", old), |(kind, name)| (kind, name));
    let kind = if kind.is_empty() { String::new() } else { format!("{kind}:") };
    let slash = if old.ends_with('/') { "/" } else { "" };
    let back = rename::plan(&snapshot(renamed), &format!("{kind}{new}{slash}"), name);
    let restored = after(renamed, &back.expect("a plan back"));
    assert_eq!(before.keys().collect::<BTreeSet<_>>(), restored.keys().collect());
    let moved: BTreeSet<&str> =
        plan.changes.iter().filter(|c| c.from != c.to).map(|c| c.from.as_str()).collect();
    for (path, text) in before.iter().filter(|(path, _)| !moved.contains(path.as_str())) {
        // A kind that was added to keep a name apart stays.
        let bare = |text: &str| {
            ["theme:", "norm:", "source:", "actor:", "\""]
                .iter()
                .fold(text.to_owned(), |t, kind| t.replace(kind, ""))
        };
        assert_eq!(bare(&restored[path]), bare(text), "{path}");
    }
}

#[test]
fn a_random_handbook_is_the_same_under_another_name() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(16);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&random_handbook(), |(files, old, new)| {
        check_same_site(&files, &old, &new);
        Ok(())
    });
    result.expect("the same site");
}

/// A handbook on the disk.
fn on_disk(parts: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (path, text) in parts {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_normbook"));
    let output = command.current_dir(folder.path()).args(arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn all_files(folder: &TempDir) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(folder.path().join("content")).into_iter();
    let files = entries.map(|entry| entry.expect("readable")).filter(|e| e.file_type().is_file());
    files.map(|e| (e.path().display().to_string(), fs::read(e.path()).expect("read"))).collect()
}

const LINKED: &[(&str, &str)] = &[
    ("content/norms/x/a.md", "---\r\ntitle: A\r\nthemes: [t]\r\n---\r\n\r\n> Words.\r\n"),
    ("content/norms/b.md", "---\ntitle: B\nthemes: [t]\n---\n\n[[x/a]]\n"),
    THEME,
];

#[test]
fn a_dry_run_shows_what_a_run_does() {
    let folder = on_disk(LINKED);
    let before = all_files(&folder);
    let (code, diff, stderr) = run(&folder, &["rename", "x/a", "y/c", "--dry-run"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(stderr, "2 files would change; nothing was written\n");
    assert!(all_files(&folder) == before, "files have changed");
    let expected = "diff --git a/content/norms/b.md b/content/norms/b.md\n\
                    --- a/content/norms/b.md\n+++ b/content/norms/b.md\n\
                    @@ -3,4 +3,4 @@\n themes: [t]\n ---\n \n-[[x/a]]\n+[[y/c]]\n\
                    diff --git a/content/norms/x/a.md b/content/norms/y/c.md\n\
                    rename from content/norms/x/a.md\nrename to content/norms/y/c.md\n\
                    --- a/content/norms/x/a.md\n+++ b/content/norms/y/c.md\n\
                    @@ -1,6 +1,7 @@\n ---\r\n title: A\r\n themes: [t]\r\n\
                    +aliases: [norms/x/a/, sets/x/]\r\n ---\r\n \r\n > Words.\r\n";
    assert_eq!(diff, expected);
    let (code, stdout, stderr) = run(&folder, &["rename", "x/a", "y/c"]);
    assert_eq!((code, stdout.as_str()), (Some(0), ""), "{stderr}");
    assert_eq!(stderr, "2 files changed\n`norms/x/a/` leads to `norms/y/c/`\n");
    assert!(!folder.path().join("content/norms/x").exists(), "an empty folder stays behind");
    let (code, _, stderr) = run(&folder, &["check"]);
    assert_eq!(code, Some(0), "{stderr}");
    let left = all_files(&folder).into_keys().filter(|name| name.contains(".normbook-"));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_stands_in_the_way_is_kept() {
    let folder = on_disk(LINKED);
    // A file that is not read, and so unknown to the handbook.
    fs::create_dir_all(folder.path().join("content/norms/y/c.md")).expect("a folder");
    let before = all_files(&folder);
    let (code, _, stderr) = run(&folder, &["rename", "x/a", "y/c"]);
    assert_eq!(code, Some(2), "{stderr}");
    assert!(stderr.contains("is there already; nothing was changed"), "{stderr}");
    assert!(all_files(&folder) == before, "files have changed");
}

#[cfg(unix)]
#[test]
fn rights_stay_and_links_stay_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = on_disk(LINKED);
    let path = |name: &str| folder.path().join(name);
    let rights = |name: &str| fs::metadata(path(name)).expect("there").permissions().mode() & 0o777;
    fs::set_permissions(path("content/norms/x/a.md"), PermissionsExt::from_mode(0o640))
        .expect("set");
    fs::rename(path("content/norms/b.md"), path("elsewhere.md")).expect("moved");
    symlink(path("elsewhere.md"), path("content/norms/b.md")).expect("a link");
    let (code, _, stderr) = run(&folder, &["rename", "x/a", "c"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(rights("content/norms/c.md"), 0o640);
    assert!(path("content/norms/b.md").symlink_metadata().expect("there").is_symlink());
    assert!(fs::read_to_string(path("elsewhere.md")).expect("text").contains("[[c]]"));
}
