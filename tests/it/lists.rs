//! Lists that are too long for one page: pages stay small, and nothing on them
//! is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use normbook::pipeline::{Options, Pipeline};
use scraper::{Html, Selector};

use crate::support::{Files, snapshot};

const NORMS: usize = 230;

/// Norms of one set, theme, forum and source, which all cite the first one,
/// use a term, and were adopted on days of one year; an actor supports all.
fn handbook() -> Files {
    let mut files = Files::new();
    let mut add = |path: &str, front: String, body: &str| {
        files.insert(format!("content/{path}.md"), format!("---\n{front}\n---\n\n{body}\n"));
    };
    let mut positions = String::new();
    for number in 0..NORMS {
        let (month, day) = (number / 28 + 1, number % 28 + 1);
        let front = format!(
            "title: Norm {number}\nnumber: N.{number}\nthemes: [t]\nforums: [f]\n\
             date: 2015-{month:02}-{day:02}\nsource: s\nsources: [further]"
        );
        add(&format!("norms/set/n{number}"), front, "> Words.\n\nSee [[set/n0]] and a widget.");
        let front = format!("title: Speech {number}\nactors: [a]\nforum: f");
        add(&format!("statements/st{number}"), front, "");
        positions.push_str(&format!("\n- {{on: set/n{number}, stance: supports}}"));
    }
    add("themes/t", "title: Theme".to_owned(), "");
    add("forums/f", "title: Forum".to_owned(), "");
    add("sources/s", "title: Source".to_owned(), "");
    add("sources/further", "title: Further source".to_owned(), "");
    add("terms/widget", "title: widget".to_owned(), "");
    add("actors/a", "title: Actor".to_owned(), "");
    add("statements/all", format!("title: All\nactors: [a]\npositions:{positions}"), "");
    files
}

/// The pages of the site by address; made once.
static PAGES: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot(&handbook()), &Options::default(), &mut |_| {});
    assert!(!site.has_errors(), "{:?}", site.diagnostics);
    let rendered = pipeline.render(&site);
    assert_eq!(rendered.diagnostics, []);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let pages = rendered.value.bytes.iter();
    pages.map(|(address, bytes)| (address.to_string(), text(bytes))).collect()
});

/// What the links of the parts of a list lead to.
fn led_to(list: &str, rows: &str, begin: &str) -> usize {
    let selector = Selector::parse(&format!("{rows} a")).expect("a selector");
    let parts = PAGES.iter().filter(|(address, _)| {
        let rest = address.strip_prefix(list);
        rest.is_some_and(|rest| rest == "index.html" || rest.starts_with('~'))
    });
    let mut met = BTreeSet::new();
    for (_, html) in parts {
        let document = Html::parse_document(html);
        let links = document.select(&selector).filter_map(|link| link.attr("href"));
        let places = links.map(|href| href.trim_start_matches("../").to_owned());
        met.extend(places.filter(|place| place.starts_with(begin)));
    }
    met.len()
}

#[test]
fn every_row_of_a_long_list_stands_on_one_of_its_parts() {
    let rows = [
        ("sets/set/", ".norms", "norms/set/"),
        ("numbers/", ".norms", "norms/set/"),
        ("themes/t/~norms/", ".norms", "norms/set/"),
        ("themes/t/~in/f/", ".norms", "norms/set/"),
        ("forums/f/~norms/", ".norms", "norms/set/"),
        ("forums/f/~statements/", ".links", "statements/st"),
        ("positions/", ".stances tbody", "norms/set/"),
        ("sources/s/~norms/", ".norms", "norms/set/"),
        ("sources/further/~uses/", ".relations", "norms/set/"),
        ("terms/widget/~used-in/", ".links", "norms/set/"),
        ("actors/a/~positions/", ".by-norm th", "norms/set/"),
        ("actors/a/~statements/", ".statement", "statements/st"),
        ("statements/", ".index", "st"),
    ];
    for (list, rows, begin) in rows {
        assert_eq!(led_to(list, rows, begin), NORMS, "{list}");
    }
    // An entry does not stand among those that cite it.
    assert_eq!(led_to("norms/set/n0/~cited-by/", ".backlinks", "n"), NORMS - 1);
    assert_eq!(led_to("timeline/~2015/", ".timeline", "norms/set/"), NORMS);
}

#[test]
fn pages_stay_small_whatever_the_size_of_the_handbook() {
    let html = PAGES.iter().filter(|(address, _)| address.ends_with(".html"));
    // A statement's page shows the whole of one file, which its author can split.
    let own = html.filter(|(address, _)| *address != "statements/all/index.html");
    let large: Vec<(&String, usize)> = own
        .map(|(address, html)| (address, html.len()))
        .filter(|(_, length)| *length > 100_000)
        .collect();
    assert_eq!(large, []);
}

#[test]
fn an_entrys_page_leads_to_all_that_it_does_not_show() {
    for (page, link) in [
        ("themes/t/index.html", "~norms/index.html"),
        ("themes/t/index.html", "~in/f/index.html"),
        ("forums/f/index.html", "~statements/index.html"),
        ("sources/s/index.html", "~norms/index.html"),
        ("sources/further/index.html", "~uses/index.html"),
        ("terms/widget/index.html", "~used-in/index.html"),
        ("actors/a/index.html", "~positions/index.html"),
        ("norms/set/n0/index.html", "~cited-by/index.html"),
        ("norms/index.html", "../sets/set/index.html"),
        ("timeline/index.html", "~2015/index.html"),
    ] {
        let link = format!("href=\"{link}\"");
        assert!(PAGES[page].contains(&link), "{page} has no {link}");
    }
}
