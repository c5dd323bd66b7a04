//! The house rules, as far as a program can see them. A message says what to
//! do; the reasons stand in the crate documentation and in CONTRIBUTING.md.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The rooms of each layer, lowest first. A room may use its own layer and
/// those below it.
const LAYERS: &[&[&str]] = &[
    &["data", "date", "diagnostic", "digest", "id", "kept", "memo", "path", "span", "tokens"],
    &["config", "read", "vocabulary"],
    &["parse"],
    &["model"],
    &["link"],
    &["html", "lint"],
    &["page"],
    &["export", "ledger", "render", "search"],
    &["external", "pipeline", "portable", "serve", "watch", "write"],
    &["author"],
    &["cli"],
];

/// The only rooms that touch the world; nothing below may use them.
const RIM: &[&str] = &["cli", "external::ask", "read::disk", "serve", "watch", "write::disk"];

/// Functions are read on one screen.
const LONGEST_FUNCTION: usize = 70;

struct SourceFile {
    path: PathBuf,
    /// The module path without `crate`: `parse::body`.
    module: String,
    /// The text before the unit tests.
    code: String,
}

fn sources() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = WalkDir::new(&root).sort_by_file_name().into_iter().map(|e| e.expect("readable"));
    let rust = files.filter(|entry| entry.path().extension().is_some_and(|e| e == "rs"));
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("readable");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("").to_owned();
        let below = path.strip_prefix(&root).expect("below src").with_extension("");
        let names: Vec<&str> = below.iter().filter_map(|part| part.to_str()).collect();
        let module = names.join("::").trim_end_matches("::mod").to_owned();
        SourceFile { path, module, code }
    };
    rust.map(|entry| read(entry.into_path())).collect()
}

#[track_caller]
fn report(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}:\n{}", findings.join("\n"));
}

fn layer(module: &str) -> Option<usize> {
    let room = module.split("::").next().unwrap_or("");
    LAYERS.iter().position(|layer| layer.contains(&room))
}

/// The modules that a file names after `crate::`.
fn uses(code: &str) -> Vec<String> {
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let path = |rest: &str| -> String {
        rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect()
    };
    code.split("crate::").skip(1).map(path).collect()
}

#[test]
fn every_room_has_a_layer() {
    let findings = sources()
        .iter()
        .filter(|file| !matches!(file.module.as_str(), "lib" | "main"))
        .filter(|file| layer(&file.module).is_none())
        .map(|file| format!("{}: add its room to LAYERS in tests/it/tidy.rs", file.path.display()))
        .collect();
    report("a room without a layer", findings);
}

#[test]
fn layers_are_used_downwards_only() {
    let mut findings = Vec::new();
    for file in sources() {
        let Some(own) = layer(&file.module) else { continue };
        for used in uses(&file.code) {
            if layer(&used).is_some_and(|other| other > own) {
                findings.push(format!("{} uses crate::{used}", file.path.display()));
            }
        }
    }
    report("a file uses a higher layer; move what both need to a lower one", findings);
}

#[test]
fn only_the_rim_uses_the_rim() {
    let in_rim = |module: &str| {
        RIM.iter().any(|rim| module == *rim || module.starts_with(&format!("{rim}::")))
    };
    let mut findings = Vec::new();
    for file in sources().iter().filter(|file| !in_rim(&file.module) && file.module != "main") {
        for used in uses(&file.code).iter().filter(|used| in_rim(used)) {
            findings.push(format!("{} uses crate::{used}", file.path.display()));
        }
    }
    report("the pure core uses the disk or the terminal; take what it needs as a value", findings);
}

#[test]
fn functions_are_short() {
    let mut findings = Vec::new();
    for file in sources() {
        for (line, name, length) in functions(&file.code) {
            if length > LONGEST_FUNCTION {
                let path = file.path.display();
                findings.push(format!("{path}:{line}: `{name}` has {length} lines"));
            }
        }
    }
    report("a function is too long; the parent branches, the leaves are straight", findings);
}

/// Line, name and length of every function, by rustfmt's indentation.
fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let body = line.trim_start();
        let Some(at) = body.find("fn ").filter(|_| !body.starts_with("//")) else { continue };
        let before = &body[..at];
        if !before
            .split_whitespace()
            .all(|word| word.starts_with("pub") || matches!(word, "const" | "async"))
        {
            continue;
        }
        let indent = &line[..line.len() - body.len()];
        let end = lines[start..].iter().position(|line| *line == format!("{indent}}}"));
        let name: String =
            body[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if let Some(length) = end.filter(|_| !name.is_empty()) {
            found.push((start + 1, name, length + 1));
        }
    }
    found
}

#[test]
fn every_file_says_what_it_is_for() {
    let findings = sources()
        .iter()
        .filter(|file| !file.code.starts_with("//! "))
        .map(|file| format!("{}", file.path.display()))
        .collect();
    report("a file has no `//!` header: what comes in, what goes out, what is not here", findings);
}

#[test]
fn nothing_is_banned() {
    let bans: BTreeMap<&str, &str> = [
        ("#[allow(", "write `#[expect(lint, reason = \"...\")]`"),
        ("todo!(", "finish it"),
        ("unimplemented!(", "finish it"),
        ("dbg!(", "remove it"),
        (".unwrap()", "return an error, or `expect(\"invariant: ...\")`"),
        ("HashMap", "use a sorted map: its order is part of the output"),
        ("HashSet", "use a sorted set: its order is part of the output"),
        ("static mut", "pass the value"),
        ("lazy_static", "pass the value"),
    ]
    .into();
    let mut findings = Vec::new();
    for file in sources() {
        for (number, line) in file.code.lines().enumerate() {
            for (word, advice) in bans.iter().filter(|(word, _)| line.contains(*word)) {
                let path = file.path.display();
                findings.push(format!("{path}:{}: `{word}`: {advice}", number + 1));
            }
        }
    }
    report("something is banned here", findings);
}

#[test]
fn panics_name_an_invariant() {
    let mut findings = Vec::new();
    for file in sources() {
        for (number, line) in file.code.lines().enumerate() {
            let panics = ["expect(\"", "unreachable!(\"", "panic!(\""];
            let broken = panics.iter().any(|panic| {
                line.split(panic).skip(1).any(|rest| !rest.starts_with("invariant: "))
            });
            if broken && !line.trim_start().starts_with("//") {
                findings.push(format!("{}:{}: {}", file.path.display(), number + 1, line.trim()));
            }
        }
    }
    report("panics are for our own broken invariants: `expect(\"invariant: ...\")`", findings);
}

/// The tidy test itself sees what it looks for.
#[test]
fn functions_are_found_with_their_lengths() {
    let code =
        "pub fn a() {\n    1\n}\n\nimpl X {\n    const fn b(\n        x: u8,\n    ) {\n    }\n}\n";
    assert_eq!(functions(code), [(1, "a".to_owned(), 3), (6, "b".to_owned(), 4)]);
}
