//! The matrix of norms by actors and the pages that it leads to, as readers
//! get them.

use normbook::path::Address;
use normbook::pipeline::{Options, Pipeline, Rendered};
use scraper::{ElementRef, Html, Selector};

use crate::support::{Files, snapshot};

fn entry(title: &str, rest: &str) -> String {
    format!("---\ntitle: {title}\n{rest}---\n\nAbout it.\n\n## Position 1\n\nA heading.\n")
}

fn handbook() -> Files {
    let norm = |title: &str| entry(title, "themes: [t]\nsource: s\n");
    let files = [
        ("content/themes/t.md", entry("Theme", "")),
        ("content/sources/s.md", entry("Source", "")),
        ("content/norms/set/a.md", norm("Norm A")),
        ("content/norms/set/b.md", norm("Norm B")),
        ("content/norms/set/c.md", norm("Norm C")),
        ("content/actors/one.md", entry("One", "kind: state\n")),
        ("content/actors/three.md", entry("Three", "kind: state\n")),
        ("content/actors/two.md", entry("Two", "kind: state\n")),
        (
            "content/actors/us.md",
            entry(
                "Us",
                "kind: group\nmembers: [{actor: two, from: 2010}, {actor: three, to: 2010}]\n",
            ),
        ),
        (
            "content/statements/own.md",
            entry(
                "Own",
                "actors: [one]\ndate: 2020\npositions:\n- {on: set/b, stance: silent}\n\
                 - {on: set/a, stance: opposes, quote: no & never}\n",
            ),
        ),
        (
            "content/statements/ours.md",
            entry("Ours", "actors: [us]\ndate: 2015\npositions: [{on: set/a, stance: supports}]\n"),
        ),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

fn site(files: &Files) -> Rendered {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot(files), &Options::default(), &mut |_| {});
    assert_eq!(site.diagnostics, []);
    let rendered = pipeline.render(&site);
    assert_eq!(rendered.diagnostics, []);
    rendered.value
}

#[track_caller]
fn page(site: &Rendered, address: &str) -> Html {
    let bytes = site.bytes.get(&Address::file(address)).expect(address);
    Html::parse_document(&String::from_utf8_lossy(bytes))
}

fn all<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect(selector)).collect()
}

/// The words of an element, signs that only eyes see left out.
fn words(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants().filter_map(|node| node.value().as_text().zip(node.parent())) {
        let (words, parent) = node;
        let hidden = parent.ancestors().chain([parent]).any(|above| {
            above.value().as_element().is_some_and(|e| e.attr("aria-hidden") == Some("true"))
        });
        if !hidden {
            text.push_str(words);
            text.push(' ');
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_matrix_tells_silence_group_and_gap_apart() {
    let matrix = page(&site(&handbook()), "positions/index.html");
    let heads: Vec<String> = all(&matrix, ".stances thead th").into_iter().map(words).collect();
    assert_eq!(heads, ["Norm", "One", "Two", "Us"]);
    let rows: Vec<Vec<String>> = all(&matrix, ".stances tbody tr")
        .into_iter()
        .map(|row| row.child_elements().map(words).collect())
        .collect();
    assert_eq!(
        rows,
        [
            vec!["set"],
            vec!["Norm A", "Opposes", "Supports, as member of Us", "Supports"],
            vec!["Norm B", "Silent", "", ""],
            vec!["No position researched Norm C"],
        ]
    );
    let others = all(&matrix, ".after-table").into_iter().map(words);
    assert_eq!(others.collect::<Vec<_>>(), ["Actors without a researched position Three"]);
}

#[test]
fn every_filled_cell_leads_to_its_evidence() {
    let site = site(&handbook());
    let matrix = page(&site, "positions/index.html");
    let links = all(&matrix, ".stances td[class] a");
    let hrefs: Vec<&str> = links.iter().filter_map(|link| link.attr("href")).collect();
    let (own, ours) = ("../statements/own/index.html", "../statements/ours/index.html");
    let expected = [
        format!("{own}#nb-position-2"),
        format!("{ours}#nb-position-1"),
        format!("{ours}#nb-position-1"),
        format!("{own}#nb-position-1"),
    ];
    assert_eq!(hrefs, expected);
    let statement = page(&site, "statements/own/index.html");
    let row = all(&statement, "#nb-position-2");
    assert_eq!(row.len(), 1);
    assert_eq!(words(row[0]), "Norm A Opposes no & never");
    assert_eq!(all(&statement, "#nb-position-1").len(), 1, "no heading has this anchor");
}

#[test]
fn a_norm_counts_actors_and_names_the_group_that_spoke() {
    let norm = page(&site(&handbook()), "norms/set/a/index.html");
    let counts: Vec<String> = all(&norm, ".counts li").into_iter().map(words).collect();
    assert_eq!(counts, ["1 Supports and 1 as member of a group", "1 Opposes"]);
    let actors: Vec<String> = all(&norm, ".by-actor tbody th").into_iter().map(words).collect();
    assert_eq!(actors, ["One", "Two", "Us"]);
    let stances: Vec<String> = all(&norm, ".by-actor .stance").into_iter().map(words).collect();
    assert_eq!(stances, ["Opposes", "Supports as member of Us", "Supports"]);
}

#[test]
fn an_actor_has_its_stances_by_norm_and_its_groups_statements() {
    let site = site(&handbook());
    let actor = page(&site, "actors/two/index.html");
    let norms: Vec<String> = all(&actor, ".by-norm tbody tr").into_iter().map(words).collect();
    assert_eq!(norms, ["Norm A Supports as member of Us 2015 , Ours"]);
    let statements: Vec<String> = all(&actor, "#nb-statements h3").into_iter().map(words).collect();
    assert_eq!(statements, ["Ours"]);
    let home = page(&site, "index.html");
    assert_eq!(all(&home, ".doors a[href='positions/index.html']").len(), 1);
    for index in ["actors/index.html", "statements/index.html"] {
        assert_eq!(all(&page(&site, index), "a[href='../positions/index.html']").len(), 1);
    }
}

#[test]
fn a_handbook_without_statements_has_no_matrix_and_no_door_to_it() {
    let mut files = handbook();
    files.retain(|path, _| !path.starts_with("content/statements/"));
    let site = site(&files);
    assert!(!site.bytes.keys().any(|address| address.as_str() == "positions/index.html"));
    assert!(all(&page(&site, "index.html"), "a[href='positions/index.html']").is_empty());
}

#[test]
fn the_matrix_goes_on_in_parts_and_tells_what_nobody_speaks_about() {
    let mut files = Files::new();
    let mut positions = String::new();
    for number in 0..260 {
        let norm = entry("Norm", "themes: [t]\nsource: s\n");
        files.insert(format!("content/norms/first/n{number}.md"), norm.clone());
        files.insert(format!("content/norms/second/n{number}.md"), norm);
        if number < 110 {
            positions.push_str(&format!("- {{on: first/n{number}, stance: supports}}\n"));
        }
    }
    positions.push_str("- {on: second/n7, stance: opposes}\n");
    files.insert("content/themes/t.md".to_owned(), entry("Theme", ""));
    files.insert("content/sources/s.md".to_owned(), entry("Source", ""));
    files.insert("content/actors/one.md".to_owned(), entry("One", "kind: state\n"));
    let said = format!("actors: [one]\ndate: 2020\npositions:\n{positions}");
    files.insert("content/statements/own.md".to_owned(), entry("Own", &said));
    let site = site(&files);
    let rows = |address: &str| all(&page(&site, address), "tbody td[class^=tone]").len();
    assert_eq!((rows("positions/index.html"), rows("positions/~2/index.html")), (100, 11));
    let silent = |address: &str| {
        let page = page(&site, address);
        let cells = all(&page, ".unresearched");
        cells.into_iter().map(words).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(silent("positions/index.html"), "");
    assert_eq!(
        silent("positions/~2/index.html"),
        "No position researched 150 norms of this set; No position researched 259 norms of this \
         set"
    );
}
