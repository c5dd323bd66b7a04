//! Input that is broken, huge or meant to do harm: each gives a clear message
//! with its place or a good site, soon, and nothing that stood before is lost.
//!
//! What can be told in memory is asked with growing sizes: four times the
//! input may take only a little more than four times the processor time.
//! `world` has what needs a disk. `NORMBOOK_HOSTILE=10000 cargo test
//! --release --test it hostile` tries larger sizes.

use std::collections::BTreeMap;
use std::sync::Arc;

use cpu_time::ThreadTime;
use normbook::date::PartialDate;
use normbook::diagnostic::{Severity, report};
use normbook::path::SourcePath;
use normbook::pipeline::{Options, Pipeline};
use normbook::read::Snapshot;
use normbook::span::Text;

/// The smaller of the two sizes that are compared, unless the environment
/// says otherwise.
const SIZE: usize = 400;

/// How much more time than four times as much the larger size may take: the
/// machine has other things to do, and small inputs have fixed costs.
const SLACK: f64 = 2.5;

/// What became of a handbook.
struct Outcome {
    /// Processor seconds.
    seconds: f64,
    /// The codes of all messages, once each.
    codes: Vec<&'static str>,
    /// The page of the entry; nothing when the handbook has errors.
    page: Option<String>,
}

/// Builds a handbook with one thread, prints all messages, and renders it.
fn build(files: &[(&str, Vec<u8>)]) -> Outcome {
    let files = files
        .iter()
        .map(|(path, bytes)| (SourcePath::new(*path), Arc::<[u8]>::from(bytes.as_slice())));
    let snapshot = Snapshot::new(files, PartialDate::day(2026, 11, 23).expect("a day"));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    pool.install(|| {
        let mut pipeline = Pipeline::default();
        // The templates are read before the clock runs.
        let empty = Snapshot::new([], snapshot.today);
        pipeline.run(&empty, &Options::default(), &mut |_| {});
        let start = ThreadTime::now();
        let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
        let texts: BTreeMap<&SourcePath, Arc<Text>> = snapshot
            .sources
            .iter()
            .map(|(path, source)| (path, Arc::new(Text::new(source.text()))))
            .collect();
        let lookup = |path: &SourcePath| texts.get(path).cloned();
        for found in &site.diagnostics {
            assert!(!report::human(found, &lookup, true).is_empty());
            let place = report::place(found, &lookup);
            assert!(found.severity == Severity::Warning || found.path.is_some() && place.line > 0);
        }
        let mut codes: Vec<&str> = site.diagnostics.iter().map(|found| found.code).collect();
        codes.sort_unstable();
        codes.dedup();
        let rendered = pipeline.render(&site);
        assert_eq!(rendered.diagnostics, [], "a page fails");
        let page = rendered.value.bytes.iter().find(|(a, _)| a.as_str() == "norms/a/index.html");
        let page = page.filter(|_| !site.has_errors());
        let page = page.map(|(_, bytes)| String::from_utf8(bytes.to_vec()).expect("text"));
        Outcome { seconds: start.elapsed().as_secs_f64(), codes, page }
    })
}

/// A handbook around the text of a norm.
fn around(norm: Vec<u8>) -> Outcome {
    let other = |title: &str| format!("---\ntitle: {title}\n---\n\n> Words.\n").into_bytes();
    build(&[
        ("content/norms/a.md", norm),
        ("content/norms/b.md", other("B")),
        ("content/terms/t.md", other("Word")),
        (
            "normbook.toml",
            b"[lints]\nnorm-without-theme = \"allow\"\nnorm-without-source = \"allow\"\n".to_vec(),
        ),
    ])
}

fn body(body: &str) -> String {
    format!("---\ntitle: A\n---\n\n{body}\n")
}

fn fields(fields: &str) -> String {
    format!("---\ntitle: A\n{fields}\n---\n")
}

/// What an input of a size is like.
type Make = fn(usize) -> String;

/// Builds two sizes of an input and compares what they took. `codes` are the
/// messages that both must give, and no others.
#[track_caller]
fn check(codes: &[&str], inputs: &[(&str, Make)]) {
    let size = std::env::var("NORMBOOK_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(SIZE);
    let mut slow = Vec::new();
    for (name, make) in inputs {
        let [small, large] = [size, 4 * size].map(|size| {
            let outcome = around(make(size).into_bytes());
            assert_eq!(outcome.codes, codes, "{name}");
            assert_eq!(outcome.page.is_some(), codes.is_empty(), "{name}");
            outcome.seconds
        });
        if large > 0.1 && large > small * 4.0 * SLACK {
            slow.push(format!("{name}: {small:.3} s, four times as much: {large:.3} s"));
        }
    }
    assert!(slow.is_empty(), "more than linear:\n{}", slow.join("\n"));
}

/// A line for each number below `size`.
fn each(size: usize, line: impl Fn(usize) -> String) -> String {
    (0..size).map(line).collect()
}

#[test]
fn nesting_without_end_is_read() {
    check(
        &[],
        &[
            ("quotes", |n| body(&format!("{} words", ">".repeat(n)))),
            ("quotes after words", |n| body(&format!("Words\n\n{} words", "> ".repeat(n)))),
            ("lists in one line", |n| body(&"- ".repeat(n))),
            ("emphasis", |n| body(&format!("{}a{}", "*a ".repeat(n), " a*".repeat(n)))),
            ("open emphasis", |n| body(&"*a_ ".repeat(n))),
            ("strong emphasis", |n| body(&format!("{}a{}", "**a ".repeat(n), " a**".repeat(n)))),
            ("open brackets", |n| body(&"[a ".repeat(n))),
            ("open links", |n| body(&"[a](".repeat(n))),
            ("open pointed links", |n| body(&"[a](<b".repeat(n))),
            ("backticks", |n| body(&each(n.isqrt(), |i| format!("{} a ", "`".repeat(i + 1))))),
            ("tags", |n| body(&"<b>".repeat(n))),
            ("open comments", |n| body(&"<!--".repeat(n))),
            ("open tags", |n| body(&"<a ".repeat(n))),
        ],
    );
    check(
        &["broken-reference"],
        &[
            ("brackets", |n| body(&format!("{}a{}", "[".repeat(n), "]".repeat(n)))),
            ("open references", |n| body(&"[[ ".repeat(n))),
            ("open citations", |n| body(&"[@".repeat(n))),
        ],
    );
}

#[test]
fn lists_indented_without_end_are_read() {
    // The text itself grows with the square of the depth.
    for depth in [50, 200] {
        let text = body(&each(depth, |at| format!("{}- a\n", "  ".repeat(at))));
        assert_eq!(around(text.into_bytes()).codes, [""; 0]);
    }
}

#[test]
fn many_references_are_read() {
    check(
        &[],
        &[
            ("in one sentence", |n| body(&"[[b]] ".repeat(n))),
            ("in sentences", |n| body(&"See [[b]]. ".repeat(n))),
            ("in paragraphs", |n| body(&"See [[b#p1]].\n\n".repeat(n))),
            ("in a table", |n| body(&format!("|a|b|\n|-|-|\n{}", "|x|[[b]]|\n".repeat(n)))),
            ("outside", |n| body(&"[a](https://example.org) ".repeat(n))),
            ("terms", |n| body(&"Word a ".repeat(n))),
            ("footnotes", |n| body(&each(n, |i| format!("a[^{i}]\n\n[^{i}]: b\n\n")))),
            ("one footnote", |n| body(&format!("{}\n\n[^1]: b", "a[^1] ".repeat(n)))),
        ],
    );
}

#[test]
fn many_mistakes_are_all_shown() {
    check(
        &["unknown-reference"],
        &[
            ("in paragraphs", |n| body(&"See [[zzz]].\n\n".repeat(n))),
            ("in one line", |n| body(&"See [[zzz]]. ".repeat(n))),
            ("all different", |n| body(&each(n, |i| format!("See [[zzz{i}]].\n")))),
            ("citations", |n| body(&"[@zzz] ".repeat(n))),
        ],
    );
    check(&["duplicate-anchor"], &[("anchors", |n| body(&"## A {#x}\n\n".repeat(n)))]);
    check(&["unknown-field"], &[("fields", |n| fields(&each(n, |i| format!("f{i}: x\n"))))]);
    check(&["repeated-field"], &[("repeated", |n| fields(&"number: x\n".repeat(n)))]);
}

#[test]
fn many_parts_are_read() {
    check(
        &[],
        &[
            ("equal headings", |n| body(&"## A\n\n".repeat(n))),
            ("headings", |n| body(&each(n, |i| format!("## A{i}\n\n")))),
            ("paragraphs", |n| body(&"> Words.\n>\n".repeat(n))),
            ("markers", |n| body(&"> (a) x\n>\n".repeat(n))),
            ("markers below paragraphs", |n| body(&"> x\n>\n> (a) x\n>\n".repeat(n))),
            ("markers below headings", |n| body(&"> ## H\n>\n> (a) x\n>\n".repeat(n))),
            ("items", |n| body(&"> - x\n".repeat(n))),
            ("notes", |n| {
                body(&format!("> x\n\n## Annotations\n\n{}", "### A\n\nb\n\n".repeat(n)))
            }),
            ("definitions", |n| body(&"a\n: b\n\n".repeat(n))),
            ("columns", |n| {
                body(&format!("|{}\n|{}\n|{}", "a|".repeat(n), "-|".repeat(n), "x|".repeat(n)))
            }),
            ("attributes", |n| body(&format!("# a {{{}}}", ".x ".repeat(n)))),
            ("entities", |n| body(&"&amp;&#x0;&bogus;".repeat(n))),
            ("backslashes", |n| body(&"\\".repeat(n))),
            ("a title", |n| format!("---\ntitle: {}\n---\n", "x ".repeat(n))),
            ("old addresses", |n| {
                fields(&format!("aliases: [{}]", each(n, |i| format!("a/{i}, "))))
            }),
        ],
    );
}

#[test]
fn yaml_that_expands_or_nests_is_refused() {
    let bomb = |_: usize| {
        let level = |at: usize| format!("b{}: &b{} [*b{at}, *b{at}, *b{at}]\n", at + 1, at + 1);
        fields(&format!("extra:\n  b0: &b0 [x]\n  {}", each(20, level).replace('\n', "\n  ")))
    };
    check(
        &["yaml-syntax"],
        &[
            ("a bomb", bomb),
            ("lists", |n| fields(&format!("extra: {}", "[".repeat(20 * n)))),
            ("maps", |n| fields(&format!("extra: {}", "{a: ".repeat(20 * n)))),
            ("dashes", |n| fields(&format!("extra:\n {}", "- ".repeat(20 * n)))),
            ("values", |n| fields(&format!("extra: [{}]", "x, ".repeat(100 * n)))),
            ("quotes", |n| fields(&format!("summary: \"{}", "x".repeat(n)))),
        ],
    );
}

#[test]
fn settings_that_nest_are_refused() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a = ".repeat(100_000)),
        format!("{} = 1", vec!["a"; 100_000].join(".")),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        "\u{0}".repeat(1000),
    ] {
        let outcome = build(&[("normbook.toml", text.into_bytes())]);
        assert!(!outcome.codes.is_empty());
    }
}

#[test]
fn an_entry_of_twenty_megabytes_is_built() {
    let text =
        body(&"Twenty million letters, in words, in sentences. See [[b]].\n\n".repeat(350_000));
    assert!(text.len() > 20_000_000);
    let outcome = around(text.into_bytes());
    assert_eq!(outcome.codes, [""; 0]);
    assert!(outcome.page.expect("a page").len() > 20_000_000);
}

#[test]
fn a_hundred_thousand_references_are_built() {
    let outcome = around(body(&"See [[b#p1]]. ".repeat(100_000)).into_bytes());
    assert_eq!(outcome.codes, [""; 0]);
}

/// Bytes that no page may have.
#[test]
fn marks_that_are_no_text_never_reach_a_page() {
    let outcome = around(body("> a\0b\u{1}\n\n## x\0y\n\n`\0`").into_bytes());
    assert_eq!(outcome.codes, ["control-character"]);
    assert_eq!(around(body("> a\u{feff}b\tc\u{c}d\u{85}\u{2028}e").into_bytes()).codes, [""; 0]);
    let refused = [
        "---\ntitle: \"a\\0b\"\n---\n".as_bytes(),
        b"---\ntitle: a\0b\n---\n",
        b"---\ntitle: \xff\n---\n",
        b"---\ntitle: A\n---\n\n> \xff\xfe\n",
        b"\xff\xfe-\0-\0-\0",
        b"\0",
        b"",
    ];
    for text in refused {
        let outcome = around(text.to_vec());
        let page = outcome.page.filter(|page| page.contains(['\0', '\u{fffd}']));
        assert_eq!(page, None, "{:?}", String::from_utf8_lossy(text));
    }
}

/// A page of templates that are wrong; none may go out.
#[test]
fn templates_that_fail_publish_nothing() {
    let templates = [
        ("a syntax error", "{% if %}"),
        ("no end", "{% for x in y %}"),
        ("half a page", "<!doctype html><p>half {{ page.no.such.thing }}"),
        ("itself", "{% include \"norm.html\" %}"),
        ("a child of itself", "{% extends \"norm.html\" %}"),
        ("a circle", "{% component c(x) %}{{ <c x={x} /> }}{% endcomponent c %}{{ <c x={1} /> }}"),
        ("no such filter", "{{ page.title | no_such }}"),
        ("no such template", "{% include \"no-such.html\" %}"),
        ("arithmetic", "{{ 1 / 0 }}"),
        ("a huge range", "{% for x in range(end=1000000000) %}x{% endfor %}"),
        ("deep brackets", "{{ ((((((((((((((((((((((((((((((((((((((((1)))))))))))))))))))) }}"),
    ];
    let norm = || body("> Words.").into_bytes();
    for (name, template) in templates {
        let snapshot = Snapshot::new(
            [("content/norms/a.md", norm()), ("templates/norm.html", template.as_bytes().to_vec())]
                .map(|(path, bytes)| (SourcePath::new(path), Arc::<[u8]>::from(bytes))),
            PartialDate::day(2026, 11, 23).expect("a day"),
        );
        let mut pipeline = Pipeline::default();
        let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
        let mut diagnostics = site.diagnostics.clone();
        if !site.has_errors() {
            let rendered = pipeline.render(&site);
            diagnostics.extend(rendered.diagnostics);
            let page = rendered.value.bytes.keys().any(|a| a.as_str() == "norms/a/index.html");
            assert!(!page, "{name}: the page goes out");
        }
        let found = diagnostics.iter().find(|found| found.code == "template");
        let path = found.and_then(|found| found.path.as_ref()).map(SourcePath::as_str);
        let message = found.map_or("", |found| found.message.as_str());
        // Some limits have no place in a template; then the page is named.
        let hints = found.map(|found| found.hints.concat()).unwrap_or_default();
        let named = path == Some("templates/norm.html")
            || message.contains("norm.html")
            || hints.contains("`norms/a/index.html`");
        assert!(named, "{name}: {diagnostics:?}");
    }
}
