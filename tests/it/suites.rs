//! The handbook format, held to its rules by small handbooks.
//!
//! Each file of `tests/suites` is Markdown that people can read. A case is a
//! level-2 heading that states a fact, a few words, and a fenced block for
//! each file, whose info string is the file's path:
//!
//! ```text
//! ## An unknown field is refused with the nearest name
//!
//! ~~~ content/norms/a.md
//! ---
//! titel: A
//! #~ 1 error[unknown-field]: unknown field `titel`
//! #~ help: did you mean `title`?
//! ---
//! ~~~
//! ```
//!
//! - A line `#~ COLUMN severity[code]: message` expects a diagnostic for the
//!   file's line above it, and is no part of the file. Above the first line
//!   it expects one that speaks of the whole file. Diagnostics without a file
//!   are expected in a block `*`.
//! - Lines `#~ help: ...` below it name hints that the diagnostic must have;
//!   `⏎` stands for a line end in one.
//! - Nothing may be missing and nothing may be found besides.
//! - Words before the path: `shared` adds the file to every case of the suite
//!   that does not give it itself, `latin-1` and `windows` say how its editor
//!   saved it (the latter with a byte-order mark and CRLF).
//! - Pages are rendered as well when a case has files below `templates/`.
//! - The links of the rendered pages are followed in the suite `portable`.
//! - A block `answers` says what came back when outside links were asked for:
//!   an address and a status, behind it where the address leads for good; or
//!   `no-host`, `circle`, `failed` and why.
//! - A case without diagnostics names in a line `Silent:` the codes that it
//!   would have if it were a little different.

#![expect(clippy::disallowed_methods, reason = "the suites are read from the disk")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use normbook::date::PartialDate;
use normbook::diagnostic::{Diagnostic, report};
use normbook::external;
use normbook::external::answer::Answer;
use normbook::lint::LINTS;
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline};
use normbook::portable;
use normbook::read::Snapshot;
use normbook::span::{Position, Text};

/// Makes one test of each suite, so that none is forgotten.
macro_rules! suites {
    ($($test:ident: $name:literal,)*) => {
        const SUITES: &[&str] = &[$($name),*];

        $(#[test]
        fn $test() {
            check($name);
        })*
    };
}

suites! {
    addresses: "addresses",
    anchors: "anchors",
    annotations: "annotations",
    external: "external",
    front_matter: "front-matter",
    ids_and_files: "ids-and-files",
    ledger: "ledger",
    lints: "lints",
    portable: "portable",
    references: "references",
    relations: "relations",
    settings: "settings",
    templates: "templates",
    ten_mistakes: "ten-mistakes",
    translations: "translations",
    vocabulary: "vocabulary",
}

/// What begins an expectation.
const MARK: &str = "#~ ";

/// What begins the list of codes that a case without diagnostics is about.
const SILENT: &str = "Silent: ";

/// Stands for a line end in a message or hint.
const LINE_END: &str = "⏎";

struct Suite {
    shared: Vec<Block>,
    cases: Vec<Case>,
}

struct Case {
    title: String,
    /// The line of its heading in the suite's file.
    line: usize,
    /// The codes of its line `Silent:`.
    silent: Vec<String>,
    /// Whether the links of the rendered pages are followed.
    portable: bool,
    blocks: Vec<Block>,
}

/// One file of a case, or the diagnostics without a file.
struct Block {
    info: String,
    path: Option<String>,
    shared: bool,
    encoding: Encoding,
    lines: Vec<String>,
    expected: Vec<Finding>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Latin1,
    /// UTF-8 with a byte-order mark and CRLF.
    Windows,
}

/// A diagnostic, expected or found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: Option<String>,
    /// From 1; 0 when the file as a whole is meant.
    line: usize,
    column: usize,
    /// As in `error[unknown-field]: unknown field`.
    text: String,
    hints: Vec<String>,
}

impl Finding {
    fn place_and_text(&self) -> (&Option<String>, usize, usize, &str) {
        (&self.path, self.line, self.column, &self.text)
    }

    /// The code between the brackets.
    fn code(&self) -> &str {
        let rest = self.text.split_once('[').map_or("", |(_, rest)| rest);
        rest.split_once(']').map_or("", |(code, _)| code)
    }

    /// The diagnostic as a suite would expect it.
    fn expectation(&self) -> Vec<String> {
        let hints = self.hints.iter().map(|hint| format!("{MARK}help: {hint}"));
        let first = format!("{MARK}{} {}", self.column, self.text);
        std::iter::once(first).chain(hints).collect()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.as_deref().unwrap_or("*");
        write!(f, "{path}:{}:{}: {}", self.line, self.column, self.text)?;
        self.hints.iter().try_for_each(|hint| write!(f, "\n      help: {hint}"))
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suites")
}

fn read(name: &str) -> Suite {
    let path = folder().join(name).with_extension("md");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}.md: {error}"));
    let mut suite = parse(&text);
    suite.cases.iter_mut().for_each(|case| case.portable = name == "portable");
    suite
}

/// The files of every case of every suite, by path.
pub(crate) fn handbooks() -> Vec<BTreeMap<String, Vec<u8>>> {
    let mut handbooks = Vec::new();
    for suite in SUITES.iter().map(|name| read(name)) {
        for case in &suite.cases {
            let files = case.snapshot(&suite.shared).sources.into_values();
            let files = files.map(|source| (source.path.to_string(), source.bytes.to_vec()));
            handbooks.push(files.collect());
        }
    }
    handbooks
}

fn parse(text: &str) -> Suite {
    let mut suite = Suite { shared: Vec::new(), cases: Vec::new() };
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            let (title, line) = (title.to_owned(), at + 1);
            let (silent, blocks) = (Vec::new(), Vec::new());
            suite.cases.push(Case { title, line, silent, portable: false, blocks });
        } else if let Some(codes) = line.strip_prefix(SILENT) {
            let case = suite.cases.last_mut().expect("`Silent:` stands in a case");
            case.silent.extend(codes.split('`').skip(1).step_by(2).map(str::to_owned));
        } else if let Some((fence, info)) = opening_fence(line) {
            let inside = lines.by_ref().map(|(_, line)| line);
            let inside = inside.take_while(|line| *line != fence);
            let block = block(info, inside);
            match suite.cases.last_mut() {
                _ if block.shared => suite.shared.push(block),
                Some(case) => case.blocks.push(block),
                None => panic!("line {}: a file before the first case is `shared`", at + 1),
            }
        }
    }
    suite
}

/// The fence and the info string of a line that opens a fenced block.
fn opening_fence(line: &str) -> Option<(&str, &str)> {
    let fence = line.chars().next().filter(|c| matches!(c, '~' | '`'))?;
    let length = line.chars().take_while(|c| *c == fence).count();
    (length >= 3).then(|| (&line[..length], line[length..].trim()))
}

fn block<'a>(info: &str, lines: impl Iterator<Item = &'a str>) -> Block {
    let mut path = info;
    let mut word = |word: &str| {
        let rest = path.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
        path = rest.unwrap_or(path);
        rest.is_some()
    };
    let shared = word("shared");
    let encoding = match (word("latin-1"), word("windows")) {
        (true, _) => Encoding::Latin1,
        (_, true) => Encoding::Windows,
        (false, false) => Encoding::Utf8,
    };
    let path = (path != "*").then(|| path.to_owned());
    let (mut kept, mut expected) = (Vec::new(), Vec::<Finding>::new());
    for line in lines {
        match line.strip_prefix(MARK) {
            None => kept.push(line.to_owned()),
            Some(text) => match text.strip_prefix("help: ") {
                Some(hint) => {
                    let finding = expected.last_mut().expect("`help:` follows a diagnostic");
                    finding.hints.push(hint.to_owned());
                }
                None => expected.push(expectation(text, path.clone(), kept.len())),
            },
        }
    }
    Block { info: info.to_owned(), path, shared, encoding, lines: kept, expected }
}

fn expectation(text: &str, path: Option<String>, line: usize) -> Finding {
    let (column, text) = text.split_once(' ').expect("a column and a message");
    let column = column.parse().unwrap_or_else(|_| panic!("`{column}` is no column: {text}"));
    Finding { path, line, column, text: text.to_owned(), hints: Vec::new() }
}

impl Block {
    fn bytes(&self) -> Arc<[u8]> {
        let text: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
        match self.encoding {
            Encoding::Utf8 => text.into_bytes().into(),
            Encoding::Latin1 => {
                text.chars().map(|c| u8::try_from(c).expect("a letter of Latin-1")).collect()
            }
            Encoding::Windows => {
                format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes().into()
            }
        }
    }
}

impl Case {
    fn expected(&self) -> Vec<Finding> {
        self.blocks.iter().flat_map(|block| block.expected.iter().cloned()).collect()
    }

    /// The handbook: the case's own files, and the shared ones beside them.
    fn snapshot(&self, shared: &[Block]) -> Snapshot {
        let own = |path: &str| self.blocks.iter().any(|b| b.path.as_deref() == Some(path));
        let shared = shared.iter().filter(|block| !block.path.as_deref().is_some_and(own));
        let files = self
            .blocks
            .iter()
            .chain(shared)
            .filter_map(|block| Some((SourcePath::new(block.path.as_deref()?), block.bytes())));
        let today = PartialDate::day(2026, 11, 23).expect("a day");
        Snapshot::new(files, today)
    }

    fn has_templates(&self) -> bool {
        let paths = self.blocks.iter().filter_map(|block| block.path.as_deref());
        paths.into_iter().any(|path| path.starts_with("templates/"))
    }

    /// Builds the handbook and says what is wrong with it, in the order in
    /// which it is reported.
    fn found(&self, shared: &[Block]) -> Vec<Finding> {
        let snapshot = self.snapshot(shared);
        let mut pipeline = Pipeline::default();
        let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
        let mut diagnostics = site.diagnostics.clone();
        if self.portable && !site.has_errors() {
            diagnostics.extend(portable::check(&site, &snapshot));
        } else if self.has_templates() && !site.has_errors() {
            diagnostics.extend(pipeline.render(&site).diagnostics);
        }
        if let Some(answers) = self.answers() {
            diagnostics.extend(external::judge(&external::links(site.linked()), &answers));
            diagnostics.sort();
        }
        diagnostics.iter().map(|found| finding(found, &snapshot)).collect()
    }

    /// What came back when outside links were asked for, by address.
    fn answers(&self) -> Option<BTreeMap<String, Answer>> {
        let block = self.blocks.iter().find(|block| block.path.as_deref() == Some("answers"))?;
        let answer = |line: &String| {
            let mut words = line.splitn(3, ' ').map(str::to_owned);
            let (address, word) = (words.next()?, words.next()?);
            let rest = words.next();
            let answer = match word.as_str() {
                "no-host" => Answer::NoHost,
                "circle" => Answer::Circle,
                "failed" => Answer::Failed(rest.unwrap_or_default()),
                status => Answer::Status { status: status.parse().ok()?, moved: rest },
            };
            Some((address, answer))
        };
        let line = |line| answer(line).unwrap_or_else(|| panic!("no answer: {line}"));
        Some(block.lines.iter().map(line).collect())
    }

    /// The case with the diagnostics that were found.
    fn rewritten(&self, shared: &[Block], found: &[Finding]) -> String {
        let mut text = String::new();
        let blocks = self.blocks.iter().chain(shared);
        let mut left: Vec<&Finding> = found.iter().collect();
        for block in blocks {
            let own: Vec<&Finding> =
                left.iter().copied().filter(|f| f.path == block.path).collect();
            left.retain(|finding| finding.path != block.path);
            if own.is_empty() && block.expected.is_empty() {
                continue;
            }
            text.push_str(&format!("~~~ {}\n", block.info));
            for (at, line) in
                std::iter::once("").chain(block.lines.iter().map(|l| &**l)).enumerate()
            {
                let after = own.iter().filter(|finding| finding.line == at);
                let file_line = (at > 0).then(|| line.to_owned());
                let lines = file_line.into_iter().chain(after.flat_map(|f| f.expectation()));
                lines.for_each(|line| text.push_str(&format!("{line}\n")));
            }
            text.push_str("~~~\n\n");
        }
        for finding in left {
            let path = finding.path.as_deref().unwrap_or("*");
            text.push_str(&format!("~~~ {path}\n{}\n~~~\n\n", finding.expectation().join("\n")));
        }
        text
    }
}

fn finding(diagnostic: &Diagnostic, snapshot: &Snapshot) -> Finding {
    let lookup = |path: &SourcePath| snapshot.text(path).map(|text| Arc::new(Text::new(text)));
    let Position { line, column } = report::place(diagnostic, &lookup);
    // The end of the file belongs to its last line; an empty file has none.
    let lines = diagnostic
        .path
        .as_ref()
        .and_then(lookup)
        .map_or(line, |text| text.as_str().lines().count());
    let Diagnostic { code, severity, message, .. } = diagnostic;
    let one_line = |text: &String| text.replace('\n', LINE_END);
    Finding {
        path: diagnostic.path.as_ref().map(ToString::to_string),
        line: if diagnostic.span.is_some() { line.min(lines) } else { 0 },
        column,
        text: format!("{}[{code}]: {}", severity.name(), one_line(message)),
        hints: diagnostic.hints.iter().map(one_line).collect(),
    }
}

/// What one expectation or finding lacks on the other side.
fn differences(expected: &[Finding], found: &[Finding]) -> Vec<String> {
    let mut left: Vec<&Finding> = found.iter().collect();
    let mut differences = Vec::new();
    for finding in expected {
        let same = |other: &&Finding| other.place_and_text() == finding.place_and_text();
        let Some(at) = left.iter().position(same) else {
            differences.push(format!("  - {finding}"));
            continue;
        };
        let hints = &left.remove(at).hints;
        let missing = finding.hints.iter().filter(|hint| !hints.contains(hint));
        differences.extend(missing.map(|hint| format!("  - the hint `{hint}` of {finding}")));
    }
    differences.extend(left.iter().map(|finding| format!("  + {finding}")));
    differences
}

/// Says why a case fails; nothing when it passes.
fn failure(case: &Case, shared: &[Block]) -> Option<String> {
    let found = case.found(shared);
    let differences = differences(&case.expected(), &found);
    let sorted = found.is_sorted_by_key(|finding| (&finding.path, finding.line, finding.column));
    if differences.is_empty() && sorted {
        return None;
    }
    let order = if sorted { "" } else { "  the diagnostics are not sorted by path and place\n" };
    Some(format!(
        "\n## {} (line {})\n\nexpected (-) and found (+):\n{}\n{order}\nas it is, it would be \
         written:\n\n{}",
        case.title,
        case.line,
        differences.join("\n"),
        case.rewritten(shared, &found),
    ))
}

#[track_caller]
fn check(name: &str) {
    let suite = read(name);
    assert!(!suite.cases.is_empty(), "{name}.md has no case");
    let failures: Vec<String> =
        suite.cases.iter().filter_map(|case| failure(case, &suite.shared)).collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases of tests/suites/{name}.md fail\n{}",
        failures.len(),
        suite.cases.len(),
        failures.concat()
    );
}

/// The codes of the catalog and of the editorial rules.
fn known_codes() -> BTreeSet<String> {
    let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/catalog");
    let rooms = fs::read_dir(catalog).expect("the catalog");
    let text: String = rooms
        .map(|room| fs::read_to_string(room.expect("readable").path()).expect("a room"))
        .collect();
    let quoted =
        |rest: &str| rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned);
    let catalog = text.split("error(").skip(1).filter_map(quoted);
    catalog.chain(LINTS.iter().map(|lint| lint.code.to_owned())).collect()
}

#[test]
fn every_suite_has_a_test() {
    let entries = fs::read_dir(folder()).expect("the suites");
    let names = entries.map(|entry| entry.expect("readable").path());
    let names =
        names.map(|path| path.file_stem().and_then(|s| s.to_str()).unwrap_or("").to_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    assert_eq!(names, SUITES, "list every file of tests/suites in `suites!`, in order");
}

#[test]
fn every_code_is_fired_by_a_case() {
    let suites: Vec<Suite> = SUITES.iter().map(|name| read(name)).collect();
    let cases = suites.iter().flat_map(|suite| &suite.cases);
    let fired: BTreeSet<String> =
        cases.flat_map(Case::expected).map(|finding| finding.code().to_owned()).collect();
    let missing: Vec<String> = known_codes().difference(&fired).cloned().collect();
    assert!(missing.is_empty(), "no case of tests/suites expects {missing:?}");
}

#[test]
fn every_code_is_silent_in_a_similar_case() {
    let suites: Vec<Suite> = SUITES.iter().map(|name| read(name)).collect();
    let mut silent = BTreeSet::new();
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        let good = case.expected().is_empty() != case.silent.is_empty();
        assert!(good, "`{}`: only a case without diagnostics has `{SILENT}`", case.title);
        silent.extend(case.silent.iter().cloned());
    }
    let known = known_codes();
    let missing: Vec<&String> = known.difference(&silent).collect();
    assert!(missing.is_empty(), "no valid case of tests/suites names {missing:?}");
    let unknown: Vec<&String> = silent.difference(&known).collect();
    assert!(unknown.is_empty(), "there are no codes {unknown:?}");
}

#[test]
fn ten_mistakes_in_ten_files_are_reported_in_one_run() {
    let suite = read("ten-mistakes");
    let found = suite.cases[0].found(&suite.shared);
    let paths: BTreeSet<&str> = found.iter().filter_map(|f| f.path.as_deref()).collect();
    let codes: BTreeSet<&str> = found.iter().map(Finding::code).collect();
    assert_eq!((found.len(), paths.len(), codes.len()), (10, 10, 10), "{found:#?}");
}

/// The runner itself sees what it looks for.
#[test]
fn what_is_missing_or_found_besides_fails_a_case() {
    let text = "## A fact\n\n~~~ content/norms/a.md\n---\ntitel: A\n\
                #~ 1 error[unknown-field]: unknown field `titel`\n#~ help: no such hint\n\
                draft: x\n---\n#~ 2 error[made-up]: x\n~~~\n";
    let suite = parse(text);
    let case = &suite.cases[0];
    let differences = differences(&case.expected(), &case.found(&suite.shared));
    let heads: Vec<&str> = differences.iter().filter_map(|d| d.lines().next()).collect();
    assert_eq!(heads.len(), 3, "{differences:#?}");
    assert!(heads[0].starts_with("  - the hint `no such hint` of content/norms/a.md:2:1: error"));
    assert_eq!(heads[1], "  - content/norms/a.md:4:2: error[made-up]: x");
    assert!(heads[2].starts_with("  + content/norms/a.md:3:8: error[wrong-value]: "));
    let failure = failure(case, &suite.shared).expect("a failure");
    assert!(failure.contains("draft: x\n#~ 8 error[wrong-value]: "), "{failure}");
}

#[test]
fn files_are_saved_as_their_editor_does() {
    let bytes = |info: &str| block(info, ["é"].into_iter()).bytes().to_vec();
    assert_eq!(bytes("a.md"), b"\xc3\xa9\n");
    assert_eq!(bytes("latin-1 a.md"), b"\xe9\n");
    assert_eq!(bytes("shared windows a.md"), b"\xef\xbb\xbf\xc3\xa9\r\n");
}
