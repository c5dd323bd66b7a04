//! Published text is safe: no mark-up of an author reaches a page but through
//! Markdown, whatever field, id, link or attribute carries it; and what
//! `allow_html` lets through can neither run nor load anything.
//!
//! The pages are read by a real HTML parser: an element or attribute that no
//! template writes is text that was not escaped.

use std::fs;
use std::path::Path;

use normbook::date::PartialDate;
use normbook::pipeline::{Options, Pipeline};
use normbook::read;
use scraper::{Html, Selector};
use walkdir::WalkDir;

use crate::support::{Files, snapshot};

/// What breaks out of text, attributes of every sort, scripts and comments.
const HOSTILE: [&str; 12] = [
    "<x-evil onload=x>",
    "\"><x-evil>",
    "'><x-evil>",
    "\" x-evil=\"",
    "' x-evil='",
    "</script><x-evil>",
    "</title><x-evil>",
    "</textarea></style><x-evil>",
    "--><x-evil>",
    "]]><x-evil>",
    "{{ page.title }}{% raw %}<x-evil>",
    "&lt;x-evil&gt;&#60;x-evil&#62;",
];

/// A handbook that carries a text in every field that takes one.
fn handbook(text: &str) -> Files {
    let quoted = serde_json::to_string(text).expect("a string");
    let q = quoted.as_str();
    let norm = format!(
        "---\ntitle: {q}\nnumber: {q}\nsummary: {q}\nthemes: [t]\nforums: [f]\ndate: 2015\n\
         source: {{ref: s, locator: {q}}}\nrelations:\n- {{type: extends, to: b, note: {q}}}\n\
         history:\n- {{date: 2015, event: adopted, forum: f, source: {{ref: s, locator: {q}}}, \
         note: {q}}}\ncontributors: [{q}]\nextra: {{a: {q}}}\n---\n\n> (a) {text} words\n\n\
         ## {text}\n\nSee [[b|{plain}]], [[b]], [@s, {plain}], `{text}`, [a](https://e.example/?{enc} \
         {q}) and ![{plain}](p.png {q}).\n\n[^1]: {text}\n\nNote[^1].\n\n## Annotations\n\n\
         ### {text}\n\nWords.\n",
        plain = text.replace(['[', ']', '|', '@', ';'], ""),
        enc = text.replace([' ', '<', '>', '(', ')'], ""),
    );
    let entry = |more: &str| format!("---\ntitle: {q}\nsummary: {q}\n{more}---\n\n{text}\n");
    [
        ("normbook.toml", format!(
            "title = {q}\ndescription = {q}\nbase_url = \"https://e.example/\"\nlanguages = [\"ar\"]\n\
             [statuses]\nagreed = {{ label = {q}, note = {q} }}\n[gone]\n\"old/\" = {q}\n\
             \"norms/a/#z\" = {{ note = {q}, see = \"b\" }}\n"
        )),
        ("content/index.md", entry("")),
        ("content/norms/a.md", norm),
        ("content/norms/b.md", entry("number: \"1\"\naliases: [\"x'y\\\"z<x-evil>/\"]\n")),
        ("content/norms/b.ar.md", entry("")),
        ("content/norms/p.png", String::new()),
        ("content/themes/t.md", entry("")),
        ("content/forums/f.md", entry(&format!(
            "abbreviation: {q}\nmembers: {q}\nevents:\n- {{date: 2015, title: {q}, source: s}}\n"
        ))),
        ("content/sources/s.md", entry(&format!(
            "symbol: {q}\npublisher: {q}\npartial: {q}\nauthors: [{q}]\nurl: \"https://e.example/\"\n"
        ))),
        ("content/actors/c.md", entry("kind: state\n")),
        ("content/statements/d.md", entry(&format!(
            "actors: [c]\ndate: 2015\nsource: {{ref: s, locator: {q}}}\npositions:\n- {{on: a, stance: \
             supports, quote: {q}, locator: {q}, note: {q}}}\n"
        ))),
        ("content/terms/w.md", entry(&format!("also: [{q}]\n"))),
        ("content/pages/about.md", entry("menu: true\n")),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into()
}

/// Whether an element can run or load something, or is of nobody's making.
fn harmful(element: &scraper::node::Element) -> Option<String> {
    if element.name().contains("x-evil") {
        return Some(format!("the element <{}>", element.name()));
    }
    let mut attributes = element.attrs();
    attributes.find_map(|(name, value)| {
        let handler = name.starts_with("on");
        let address = matches!(name, "href" | "src" | "action" | "formaction" | "data" | "srcset");
        let value: String = value.chars().filter(|c| !c.is_control() && *c != ' ').collect();
        let scheme = value.to_lowercase();
        let runs = ["javascript:", "vbscript:", "data:"].iter().any(|s| scheme.starts_with(s));
        let bad = name.contains("x-evil") || handler || (address && runs);
        bad.then(|| format!("{name}={value:?} of <{}>", element.name()))
    })
}

/// Builds a handbook and says what in its pages can do harm.
fn findings(files: &Files) -> Vec<String> {
    let snapshot = snapshot(files);
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
    let rendered = pipeline.render(&site);
    assert_eq!(rendered.diagnostics, [], "a page fails");
    let all = Selector::parse("*").expect("a selector");
    let mut findings = Vec::new();
    for (address, bytes) in &rendered.value.bytes {
        let name = address.as_str();
        let text = std::str::from_utf8(bytes).expect("pages are text");
        if name.ends_with(".xml") {
            let open = text.contains("<x-evil");
            findings.extend(open.then(|| format!("{name}: an element in XML")));
        }
        if !name.ends_with(".html") {
            continue;
        }
        let page = Html::parse_document(text);
        let harm = page.select(&all).filter_map(|element| harmful(element.value()));
        findings.extend(harm.map(|harm| format!("{name}: {harm}")));
        // Data for programs stands in scripts, which end where they are ended.
        let scripts = Selector::parse("script").expect("a selector");
        for script in page.select(&scripts) {
            let json = script.attr("type").is_some_and(|kind| kind.ends_with("json"));
            let inner: String = script.text().collect();
            let sound = !json || serde_json::from_str::<serde_json::Value>(&inner).is_ok();
            findings.extend((!sound).then(|| format!("{name}: data that is no JSON: {inner}")));
        }
    }
    findings
}

#[test]
fn text_of_authors_is_text_on_every_page() {
    for text in HOSTILE {
        let findings = findings(&handbook(text));
        assert!(findings.is_empty(), "{text:?}:\n{}", findings.join("\n"));
    }
}

/// Raw HTML that tries to run or load something, in every way known.
const RAW: [&str; 22] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<a href=\" \u{1}javascript:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=\"vbscript:x\">x</a>",
    "<iframe src=\"https://e.example/\"></iframe>",
    "<object data=\"x\"></object><embed src=x>",
    "<form action=\"https://e.example/\"><input name=a><button formaction=\"javascript:x\">b</button></form>",
    "<meta http-equiv=refresh content=\"0;url=https://e.example/\">",
    "<base href=\"https://e.example/\">",
    "<link rel=stylesheet href=\"https://e.example/x.css\">",
    "<style>@import 'https://e.example/x.css'</style>",
    "<p style=\"background:url(https://e.example/x.png)\">x</p>",
    "<x-evil>x</x-evil>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
];

#[test]
fn raw_html_that_is_let_through_can_do_nothing() {
    let refused = Selector::parse(
        "#nb-content :is(script:not([type$=json]):not([src]), iframe, object, embed, form[action^=http], \
         style, [style], base, meta, link)",
    )
    .expect("a selector");
    for raw in RAW {
        let norm =
            format!("---\ntitle: A\n---\n\n> Words {raw} words.\n\n{raw}\n\nIn words {raw}.\n");
        let files: Files = [
            ("normbook.toml".to_owned(), "allow_html = true\n".to_owned()),
            ("content/norms/a.md".to_owned(), norm),
        ]
        .into();
        let findings = findings(&files);
        assert!(findings.is_empty(), "{raw}: {}", findings.join("\n"));
        let snapshot = snapshot(&files);
        let mut pipeline = Pipeline::default();
        let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
        let bytes = pipeline.render(&site).value.bytes;
        let page = bytes.iter().find(|(address, _)| address.as_str() == "norms/a/index.html");
        let page =
            Html::parse_document(std::str::from_utf8(page.expect("a page").1).expect("text"));
        let found: Vec<String> = page.select(&refused).map(|element| element.html()).collect();
        assert!(found.is_empty(), "{raw}: {found:?}");
    }
}

#[test]
fn only_addresses_that_lead_somewhere_are_links() {
    for scheme in [
        "javascript:x",
        "JaVaScRiPt:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///x",
        "ftp://x",
        "//e.example",
    ] {
        for link in [
            format!("[x]({scheme})"),
            format!("[x][r]\n\n[r]: {scheme}"),
            format!("![x]({scheme})"),
            format!("<{scheme}>"),
        ] {
            let text = format!("---\ntitle: A\n---\n\n{link}\n");
            let files: Files = [("content/norms/a.md".to_owned(), text)].into();
            let mut pipeline = Pipeline::default();
            let site = pipeline.run(&snapshot(&files), &Options::default(), &mut |_| {});
            let refused = site.diagnostics.iter().any(|found| found.code == "forbidden-scheme");
            // What is no link in Markdown is shown as text.
            let text = link.starts_with("<//") && findings(&files).is_empty();
            assert!(refused || text, "{link}: {:?}", site.diagnostics);
        }
    }
}

/// Every piece of text that templates print as it is, and why that is safe.
/// Add a line only for what the program itself has made into HTML.
const SAFE: &[(&str, &str)] = &[
    ("annotations_intro", "prose of the room `html`"),
    ("commentary", "prose of the room `html`"),
    ("html", "prose of the room `html`"),
    ("introduction", "prose of the room `html`"),
    ("norm.commentary", "prose of the room `html`"),
    ("norm.footnotes", "prose of the room `html`"),
    ("norm.text", "prose of the room `html`"),
    ("note.html", "prose of the room `html`"),
    ("text", "prose of the room `html`"),
    ("passage.html", "prose of the room `html`"),
    ("page.json_ld", "data of `page::describe`, whose `<` are written as escapes"),
];

#[test]
fn whatever_templates_print_unescaped_has_a_reason() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut unknown = Vec::new();
    for entry in WalkDir::new(&folder).into_iter().map(|entry| entry.expect("readable")) {
        let Ok(text) = fs::read_to_string(entry.path()) else { continue };
        for (at, line) in text.lines().enumerate() {
            let parts: Vec<&str> = line.split("| safe").collect();
            for before in &parts[..parts.len() - 1] {
                let name = before.rsplit(['{', '(', '=']).next().unwrap_or("").trim();
                let name = name.split('|').next().unwrap_or("").trim();
                if !SAFE.iter().any(|(known, _)| *known == name) {
                    unknown.push(format!("{}:{}: `{name}`", entry.path().display(), at + 1));
                }
            }
            if line.contains("autoescape")
                || (line.contains("safe") && parts.len() == 1 && line.contains("{{"))
            {
                unknown.push(format!("{}:{}: {line}", entry.path().display(), at + 1));
            }
        }
    }
    assert!(unknown.is_empty(), "say in SAFE why this is safe:\n{}", unknown.join("\n"));
}

/// The handbook of this repository itself.
#[test]
fn our_own_pages_run_and_load_nothing_of_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    let snapshot = read::disk::snapshot(root, today).expect("our own handbook");
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot, &Options::default(), &mut |_| {});
    assert_eq!(normbook::portable::check(&site, &snapshot), []);
}
