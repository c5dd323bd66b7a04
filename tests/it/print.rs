//! Many norms on one printable page: no anchor is there twice, and what leads
//! to a norm of the page stays on it.

use normbook::pipeline::{Options, Pipeline};

use crate::support::{Files, snapshot};

/// The printable page of all norms: two of them, which have the same body but
/// for what it leads to.
fn printable(settings: &str, a: &str, b: &str) -> String {
    let norm = |body: &str| {
        format!("---\ntitle: T\nthemes: [t]\nsource: s\nsources: [s]\n---\n\n{body}\n")
    };
    let files: Files = [
        ("normbook.toml", settings.to_owned()),
        ("content/norms/a.md", norm(a)),
        ("content/norms/b.md", norm(b)),
        ("content/sources/s.md", "---\ntitle: S\n---\n".to_owned()),
        ("content/themes/t.md", "---\ntitle: Theme\n---\n\nWords.\n".to_owned()),
    ]
    .map(|(path, text)| (path.to_owned(), text))
    .into();
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot(&files), &Options::default(), &mut |_| {});
    assert!(site.diagnostics.is_empty(), "{:?}", site.diagnostics);
    let bytes = pipeline.render(&site).value.bytes;
    let page = bytes.iter().find(|(address, _)| address.as_str() == "norms/~print/index.html");
    String::from_utf8(page.expect("a printable page").1.to_vec()).expect("text")
}

#[track_caller]
fn check(settings: &str, body: &str, expected: &[&str]) {
    let page = printable(settings, body, "> Words.");
    for expected in expected {
        assert!(page.contains(expected), "{expected} is not in\n{page}");
    }
}

#[test]
fn anchors_and_links_to_them_have_the_name_of_their_norm() {
    check(
        "",
        "> Words of a norm.\n\n## A part\n\nSee [[#a-part]], [[a]].[^1]\n\n[^1]: A note.",
        &[
            "<p class=\"unit\" id=\"norm/a~p1\"><a class=\"permalink\" href=\"#norm/a~p1\"",
            "<h3 id=\"norm/a~a-part\">A part<a class=\"permalink\" href=\"#norm/a~a-part\"",
            "See <a href=\"#norm/a~a-part\">T, “A part”</a>, <a href=\"#norm/a\">T</a>.",
            "id=\"norm/a~fn-1-from\"><a href=\"#norm/a~fn-1\"",
            "<li id=\"norm/a~fn-1\"><p>A note. <a class=\"back\" href=\"#norm/a~fn-1-from\"",
        ],
    );
}

#[test]
fn notes_lead_to_their_phrases_in_their_norm() {
    check(
        "",
        "> Words of a norm.\n\n## Annotations\n\n### \"a norm\"\n\nA note.",
        &[
            "<span class=\"annotated\" data-notes=\"1\">a norm</span>\
             <a class=\"note-reference\" id=\"norm/a~nb-from-",
            "<li class=\"note\" id=\"norm/a~",
        ],
    );
}

#[test]
fn links_between_norms_stay_on_the_page() {
    check(
        "",
        "> Words.\n\nSee [[b]], [[b#p1]] and [[source:s]].",
        &["See <a href=\"#norm/b\">T</a>, <a href=\"#norm/b~p1\">T, para. 1</a> \
             and <a href=\"../../sources/s/index.html\">S</a>."],
    );
}

#[test]
fn a_source_that_the_text_cites_too_is_listed_once() {
    let page = printable("", "> Words.\n\nSee [@s].", "> Words.");
    let listed = page.matches("<li><a href=\"../../sources/s/index.html\">S</a></li>").count();
    assert_eq!(listed, 2, "once for each norm of\n{page}");
}

#[test]
fn tables_are_told_apart() {
    check(
        "",
        "> Words.\n\n| a |\n|---|\n| b |",
        &["<div class=\"table\" role=\"region\" aria-label=\"Table 1, T\" tabindex=\"0\">"],
    );
}

#[test]
fn anchors_in_raw_html_have_the_name_of_their_norm() {
    check(
        "allow_html = true",
        "> Words.\n\n<p id='x'>A</p>\n\n<a href='#x'>x</a> <a href=\"#p1\">1</a> [[b]] [[b#p1]]",
        &[
            "<p id=\"norm/a~x\">A</p>",
            "<a href=\"#norm/a~x\">x</a> <a href=\"#norm/a~p1\">1</a> \
             <a href=\"#norm/b\">T</a> <a href=\"#norm/b~p1\">T, para. 1</a>",
            "id=\"norm/a~p1\"",
        ],
    );
}
