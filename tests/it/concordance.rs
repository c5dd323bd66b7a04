//! The pages that lay two sets of norms side by side.

use normbook::path::Address;
use normbook::pipeline::{Options, Pipeline};

use crate::support::{Files, snapshot};

fn norm(number: &str, relations: &str) -> String {
    format!(
        "---\ntitle: Norm {number}\nnumber: {number}\nstatus: agreed\n\
         relations: [{relations}]\n---\n\n> (a) Words of {number}.\n"
    )
}

fn handbook() -> Files {
    let files = [
        ("normbook.toml", "[sets]\n\"un/one\" = \"Set one\"\ntwo = \"Set two\"\n".to_owned()),
        ("content/norms/un/one/a.md", norm("A1", "{type: implements, to: two/c#a, note: x < y}")),
        ("content/norms/un/one/b.md", norm("B2", "{type: parallels, to: un/one/a}")),
        ("content/norms/two/c.md", norm("C3", "")),
        ("content/norms/two/d.md", norm("D4", "")),
        ("content/norms/three/e.md", norm("E5", "")),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

/// The pages of the concordance, by address.
fn concordance(files: &Files) -> Vec<(Address, String)> {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot(files), &Options::default(), &mut |_| {});
    assert!(!site.has_errors(), "{:?}", site.diagnostics);
    let rendered = pipeline.render(&site);
    assert_eq!(rendered.diagnostics, []);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let pages = rendered.value.bytes.iter().map(|(address, bytes)| (address.clone(), text(bytes)));
    pages.filter(|(address, _)| address.as_str().starts_with("concordance/")).collect()
}

#[track_caller]
fn page(files: &Files, address: &str) -> String {
    let pages = concordance(files);
    let found = pages.into_iter().find(|(own, _)| own.as_str() == address);
    found.unwrap_or_else(|| panic!("no page at {address}")).1
}

#[test]
fn related_sets_have_a_page_from_either_side_and_others_none() {
    let pages = concordance(&handbook());
    let addresses: Vec<&str> = pages.iter().map(|(address, _)| address.as_str()).collect();
    let expected = [
        "concordance/index.html",
        "concordance/two/un~one/index.html",
        "concordance/un~one/two/index.html",
    ];
    assert_eq!(addresses, expected);
}

#[test]
fn counterparts_link_to_the_paragraph_that_the_relation_names() {
    let page = page(&handbook(), "concordance/un~one/two/index.html");
    for part in [
        "<td class=\"relation\">Implements</td>",
        "<a href=\"../../../norms/two/c/index.html#a\"><span class=\"number\">C3</span> Norm C3</a>",
        "<span>(a)</span><span>Agreed</span>",
        "<p class=\"reason\">x &lt; y</p>",
        "<a href=\"../../two/un~one/index.html\">Read from the other side</a>",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let alone = page.split("id=\"alone\"").nth(1).unwrap_or("");
    assert!(alone.contains("Norm B2") && alone.contains("Norm D4"));
    assert!(!alone.contains("Norm A1") && !alone.contains("Norm C3"));
}

#[test]
fn the_other_side_reads_the_inverse() {
    let page = page(&handbook(), "concordance/two/un~one/index.html");
    for part in [
        "<a class=\"part\" href=\"../../../norms/two/c/index.html#a\">(a)</a> Implemented by</td>",
        "<a href=\"../../../norms/un/one/a/index.html\"><span class=\"number\">A1</span> Norm A1</a>",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[test]
fn without_related_sets_there_is_no_concordance() {
    let mut files = handbook();
    files.insert("content/norms/un/one/a.md".to_owned(), norm("A1", ""));
    assert_eq!(concordance(&files), []);
}

#[test]
fn an_alias_at_an_address_of_a_pair_is_reported() {
    let mut files = handbook();
    let text = "---\ntitle: Own\naliases: [concordance/two/un~one/]\n---\n\nOwn.\n".to_owned();
    files.insert("content/pages/concordance.md".to_owned(), text);
    let site = Pipeline::default().run(&snapshot(&files), &Options::default(), &mut |_| {});
    let taken = site.diagnostics.iter().filter(|found| found.code == "address-taken");
    assert_eq!(taken.count(), 1);
    let own = site.pages().iter().filter(|page| page.address.as_str() == "concordance/index.html");
    let kinds: Vec<&str> = own.map(|page| page.kind()).collect();
    assert_eq!(kinds, ["page"], "an author's own page goes before a list");
}
