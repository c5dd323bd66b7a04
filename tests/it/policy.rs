//! A strict policy of a web server (Content-Security-Policy, level 3) fits
//! every page: nothing is inline, and nothing is waited for but the one
//! stylesheet. The browser tests serve all pages with such a policy.

use std::collections::BTreeMap;
use std::path::Path;

use normbook::date::PartialDate;
use normbook::path::Address;
use normbook::pipeline::{Options, Pipeline};
use normbook::read::{self, Snapshot};
use normbook::render::Bytes;
use scraper::{ElementRef, Html, Selector};

use crate::golden;

/// Says what a strict policy would forbid on the pages of a site.
fn forbidden(files: &BTreeMap<Address, Bytes>) -> Vec<String> {
    let pages = files.iter().filter(|(address, _)| address.as_str().ends_with(".html"));
    let all = Selector::parse("*").expect("a selector");
    let mut findings = Vec::new();
    for (address, bytes) in pages {
        let html = Html::parse_document(std::str::from_utf8(bytes).expect("pages are text"));
        for element in html.select(&all) {
            let reasons = reasons(element);
            findings.extend(reasons.into_iter().map(|reason| format!("{address}: {reason}")));
        }
    }
    findings
}

fn reasons(element: ElementRef<'_>) -> Vec<String> {
    let name = element.value().name();
    let inline = element.value().attrs().map(|(attribute, _)| attribute);
    let inline = inline.filter(|attribute| *attribute == "style" || attribute.starts_with("on"));
    let mut reasons: Vec<String> =
        inline.map(|attribute| format!("`{name}` has the attribute `{attribute}`")).collect();
    match name {
        "style" => reasons.push("an inline style".to_owned()),
        // A block of data is no script: browsers neither run nor forbid it.
        "script" if element.attr("type") == Some("application/ld+json") => {}
        "script" if element.attr("src").is_none() => reasons.push("an inline script".to_owned()),
        "script" if element.attr("defer").is_none() => {
            reasons.push("the page waits for a script".to_owned());
        }
        _ => {}
    }
    let stylesheet = element.attr("rel") == Some("stylesheet");
    if stylesheet && element.attr("href").is_none_or(|href| !href.ends_with("theme/style.css")) {
        reasons.push("the page waits for a second stylesheet".to_owned());
    }
    reasons
}

#[track_caller]
fn check(snapshot: &Snapshot) {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(snapshot, &Options::default(), &mut |_| {});
    let findings = forbidden(&pipeline.render(&site).value.bytes);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_strict_policy_fits_the_shipped_handbook() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let today = PartialDate::day(2026, 11, 23).expect("a day");
    check(&read::disk::snapshot(root, today).expect("our own handbook"));
}

#[test]
fn a_strict_policy_fits_the_golden_sites() {
    for name in golden::SITES {
        check(&golden::handbook(name));
    }
}

#[test]
fn everything_that_a_strict_policy_forbids_is_found() {
    let page = "<p style='color: red' onclick='x()'></p><style></style><script>x()</script>\
                <script src=a.js></script><script defer src=a.js></script>\
                <script type='application/ld+json'>{}</script>\
                <link rel=stylesheet href='other.css'>";
    let files = [(Address::file("index.html"), Bytes::from(page.as_bytes()))].into();
    let mut found = forbidden(&files);
    found.sort();
    let expected = [
        "index.html: `p` has the attribute `onclick`",
        "index.html: `p` has the attribute `style`",
        "index.html: an inline script",
        "index.html: an inline style",
        "index.html: the page waits for a script",
        "index.html: the page waits for a second stylesheet",
    ];
    assert_eq!(found, expected);
}
