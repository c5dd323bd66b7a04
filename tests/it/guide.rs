//! The author's guide tells the truth: each example is built in the handbook
//! that `normbook init` makes, each mistake gives the message that stands
//! below it, commands exist, and the tables are those of the program.
//!
//! An example is the fenced blocks `markdown` and `toml` below a heading; each
//! goes to the file that was named last before it. A block `text` holds the
//! messages that they give, as `--message-format short` prints them, and ends
//! the example, as does the same file a second time; without one there must be
//! none. A block of settings is put
//! before the settings that it does not give.
//!
//! `NORMBOOK_BLESS=1 cargo test --test it guide` writes the tables anew.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use normbook::config::{Level, Settings};
use normbook::data::record::{Field, Names, Shape};
use normbook::diagnostic::report;
use normbook::id::Kind;
use normbook::lint::LINTS;
use normbook::parse::front_matter::Meta;
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline};
use normbook::span::Text;
use normbook::vocabulary::{Vocabularies, WordTable};
use walkdir::WalkDir;

use crate::support::{Files, snapshot};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of the guide that are written by hand.
fn pages() -> Vec<(String, String)> {
    let folder = root().join("content/pages");
    let mut paths = vec![folder.join("guide.md")];
    let inner = fs::read_dir(folder.join("guide")).expect("the guide");
    paths.extend(inner.map(|entry| entry.expect("readable").path()));
    paths.retain(|path| path.file_name().is_some_and(|name| name != "tables.md"));
    paths.sort();
    let read = |path: &Path| (path.display().to_string(), fs::read_to_string(path).expect("text"));
    paths.iter().map(|path| read(path)).collect()
}

/// The handbook that `normbook init` makes, without its strict rules.
fn base() -> Files {
    let folder = root().join("src/author/init");
    let mut files = Files::new();
    for entry in WalkDir::new(folder.join("content")) {
        let entry = entry.expect("readable");
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(&folder).expect("below").display().to_string();
            files.insert(path, fs::read_to_string(entry.path()).expect("text"));
        }
    }
    let settings = fs::read_to_string(folder.join("normbook.toml")).expect("settings");
    let settings = settings.split("[lints]").next().expect("a part").to_owned();
    files.insert("normbook.toml".to_owned(), settings);
    files
}

/// The settings of an example before those tables that it does not give.
fn with_base_settings(example: &str, base: &str) -> String {
    let name = |section: &str| section.split(']').next().unwrap_or("").to_owned();
    let given: Vec<String> = example.split("\n[").skip(1).map(name).collect();
    let first = example.strip_prefix('[').map(name);
    let mut text = example.to_owned();
    for section in base.split("\n[").skip(1) {
        let known = given.contains(&name(section)) || first.as_deref() == Some(&name(section));
        if !known {
            text.push_str(&format!("\n[{section}"));
        }
    }
    text
}

#[derive(Default)]
struct Example {
    files: Files,
    messages: Vec<String>,
}

impl Example {
    /// Builds the example, if there is one, and says what is not as it says.
    fn check(self, place: &str, failures: &mut Vec<String>) -> usize {
        if self.files.is_empty() {
            assert!(self.messages.is_empty(), "{place}: messages without an example");
            return 0;
        }
        let mut files = base();
        for (path, text) in self.files {
            let text = match path.as_str() {
                "normbook.toml" => with_base_settings(&text, &files[&path]),
                _ => text,
            };
            files.insert(path, text);
        }
        let snapshot = snapshot(&files);
        let mut pipeline = Pipeline::default();
        let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
        let lookup = |path: &SourcePath| snapshot.text(path).map(|text| Arc::new(Text::new(text)));
        let mut found: Vec<String> =
            site.diagnostics.iter().map(|found| report::short(found, &lookup)).collect();
        let rendered = pipeline.render(&site).diagnostics;
        found.extend(rendered.iter().map(|found| report::short(found, &lookup)));
        if found != self.messages {
            failures.push(format!("{place}\n{}", found.join("\n")));
        }
        1
    }
}

#[test]
fn every_example_of_the_guide_is_as_it_says() {
    let (mut examples, mut failures) = (0, Vec::new());
    for (name, text) in pages() {
        let (mut example, mut before, mut heading) = (Example::default(), "", "the beginning");
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let place = format!("{name}: {heading}");
            if line.starts_with('#') {
                examples += std::mem::take(&mut example).check(&place, &mut failures);
                heading = line;
            } else if let Some(language) = line.strip_prefix("```") {
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let named = before.split('`').rfind(|w| w.ends_with(".md") || w.ends_with(".toml"));
                match language {
                    "markdown" | "toml" => {
                        let path = named.unwrap_or_else(|| panic!("{place}: no file is named"));
                        // The same file again is another example.
                        if example.files.contains_key(path) {
                            examples += std::mem::take(&mut example).check(&place, &mut failures);
                        }
                        example.files.insert(path.to_owned(), format!("{}\n", block.join("\n")));
                    }
                    "text" => {
                        example.messages = block.iter().map(|line| (*line).to_owned()).collect();
                        examples += std::mem::take(&mut example).check(&place, &mut failures);
                    }
                    _ => {}
                }
            } else if line.contains('`') {
                before = line;
            }
        }
        examples += example.check(&name, &mut failures);
    }
    assert!(failures.is_empty(), "these give other messages:\n\n{}", failures.join("\n\n"));
    assert!(examples >= 25, "{examples} examples");
}

#[test]
fn the_commands_of_the_guide_exist() {
    let help = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_normbook"));
        let output = command.args(arguments).arg("--help").output().expect("it runs");
        (output.status.success(), String::from_utf8(output.stdout).expect("text"))
    };
    let mut commands = 0;
    for (name, text) in pages() {
        for line in text.lines().filter_map(|line| line.strip_prefix("$ normbook ")) {
            let mut words = line.split_whitespace();
            let command = words.next().unwrap_or("");
            let (known, help) = help(&[command]);
            assert!(known && !help.contains("<COMMAND>"), "{name}: {line}");
            for option in words.filter(|word| word.starts_with("--")) {
                assert!(
                    help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")),
                    "{name}: {line}"
                );
            }
            commands += 1;
        }
    }
    assert!(commands >= 15, "{commands} commands");
}

#[test]
fn the_policy_of_the_guide_is_the_one_that_pages_are_tested_with() {
    let read = |path: &str| fs::read_to_string(root().join(path)).expect("text");
    let readme = read("README.md");
    let policy = readme.lines().find_map(|line| line.strip_prefix("Content-Security-Policy: "));
    let policy = policy.expect("the readme states a policy");
    let guide = read("content/pages/guide/publishing.md");
    let lines = guide.lines().filter(|line| line.contains(&format!("\"{policy}\"")));
    assert_eq!(lines.count(), 2, "{policy}");
    let tested = read("tests/browser/site.mjs");
    for part in policy.split("; ") {
        assert!(tested.contains(&format!("\"{part}\"")), "{part}");
    }
}

/// What may stand in a field, for people.
fn value(shape: &Shape) -> String {
    match shape {
        Shape::Text(Names::Nothing) => "text".to_owned(),
        Shape::Text(Names::Web) => "an address on the web".to_owned(),
        Shape::Text(Names::Id) => "an id".to_owned(),
        Shape::Text(Names::State) => "two capital letters".to_owned(),
        Shape::Text(Names::Word(vocabulary)) => format!("[a word](#{vocabulary})"),
        Shape::Text(Names::Entry(kinds)) => {
            let kinds: Vec<String> =
                kinds.iter().map(|kind| format!("[{kind}](#{})", kind.folder())).collect();
            format!("the id of a {}", kinds.join(" or ")).replace("a [actor]", "an [actor]")
        }
        Shape::Text(Names::EntryOrText(kind)) => {
            format!("the id of a {kind}, or text").replace("a actor", "an actor")
        }
        Shape::Flag => "`true` or `false`".to_owned(),
        Shape::Number => "a whole number".to_owned(),
        Shape::Date => "a date".to_owned(),
        Shape::List { item, .. } => format!("a list, each {}", value(item)),
        Shape::Fields(fields) => {
            let part = |field: &Field| format!("`{}` ({})", field.name, value(&(field.shape)()));
            format!("a group: {}", fields.iter().map(part).collect::<Vec<_>>().join(", "))
        }
        Shape::Either(one, other) => format!("{}; or {}", value(one), value(other)),
        Shape::Free => "a group of your own".to_owned(),
    }
}

fn field_rows(fields: &[Field]) -> String {
    let row = |field: &Field| {
        let must = if (field.required)() { " (required)" } else { "" };
        format!("| `{}`{must} | {} | {} |\n", field.name, value(&(field.shape)()), field.purpose())
    };
    format!(
        "| field | value | what it is for |\n|---|---|---|\n{}",
        fields.iter().map(row).collect::<String>()
    )
}

/// The page of tables, made from the program's own.
fn tables() -> String {
    let mut text = String::from(
        "---\ntitle: \"Guide: all fields, words and rules\"\norder: 15\nsummary: The tables to look \
         things up in.\n---\n\nThese tables are made from the program itself, so they are complete. \
         The [guide](../guide.md) says how to use what they list.\n\n## Fields of entries {#fields}\n",
    );
    for kind in Kind::ALL {
        let folder = kind.folder();
        text.push_str(&format!("\n### {}: `content/{folder}/` {{#{folder}}}\n\n", kind.plural()));
        text.push_str(&field_rows(Meta::fields(kind)));
    }
    text.push_str("\n## Settings\n\nIn `normbook.toml`; lists of words are tables of their own, see below.\n\n");
    text.push_str("| setting | what it is for |\n|---|---|\n");
    for field in Settings::FIELDS {
        text.push_str(&format!("| `{}` | {} |\n", field.name, field.purpose()));
    }
    text.push_str("\n## Built-in words {#words}\n\nA table of the same name in `normbook.toml` takes the place of one of these. A word is a text for readers, `agreed = \"Agreed\"`, or a group of these:\n\n");
    text.push_str(&field_rows(WordTable::FIELDS));
    for (name, vocabulary) in Vocabularies::default().all() {
        if vocabulary.words().is_empty() {
            continue;
        }
        text.push_str(&format!("\n### `{name}` {{#{name}}}\n\n| word | what readers see | from the other side |\n|---|---|---|\n"));
        for word in vocabulary.words() {
            let inverse = word.inverse.as_deref().unwrap_or("");
            text.push_str(&format!("| `{}` | {} | {inverse} |\n", word.id, word.label));
        }
    }
    text.push_str("\n## Editorial rules {#rules}\n\nSet under `[lints]` in `normbook.toml`.\n\n| rule | unless you set it | what it finds |\n|---|---|---|\n");
    for lint in LINTS {
        let level = match lint.level {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        };
        text.push_str(&format!("| `{}` | {level} | {} |\n", lint.code, lint.docs));
    }
    text
}

#[test]
fn the_tables_of_the_guide_are_those_of_the_program() {
    let path = root().join("content/pages/guide/tables.md");
    let expected = tables();
    if std::env::var_os("NORMBOOK_BLESS").is_some() {
        fs::write(&path, &expected).expect("written");
    }
    let found = fs::read_to_string(&path).expect("the tables");
    assert!(
        found == expected,
        "run `NORMBOOK_BLESS=1 cargo test --test it guide`, read the difference"
    );
}
