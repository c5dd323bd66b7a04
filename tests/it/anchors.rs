//! Annotations stand at their phrase if and only if it occurs exactly once,
//! and leave the norm's text as it is.

use normbook::pipeline::{Options, Pipeline};
use proptest::prelude::{Just, Strategy};
use proptest::prop_oneof;
use proptest::test_runner::{Config, TestRunner};
use scraper::{Html, Selector};

use crate::support::{Files, snapshot};

/// A word of a norm's text, and how its Markdown is dressed up.
#[derive(Clone, Debug)]
struct Word {
    letters: &'static str,
    /// What stands before the word in the Markdown; it all counts as a space.
    space: &'static str,
    /// What stands on both sides of the word; it counts as nothing.
    emphasis: &'static str,
    /// Whether a soft hyphen stands inside the word.
    hyphen: bool,
}

fn word() -> impl Strategy<Value = Word> {
    let letters = prop_oneof![Just("a"), Just("ab"), Just("b"), Just("é"), Just("it's")];
    let space = prop_oneof![Just(" "), Just("\n> "), Just("\u{a0}"), Just("  ")];
    let emphasis = prop_oneof![4 => Just(""), 1 => Just("*"), 1 => Just("**")];
    (letters, space, emphasis, proptest::bool::ANY)
        .prop_map(|(letters, space, emphasis, hyphen)| Word { letters, space, emphasis, hyphen })
}

fn markdown(words: &[Word]) -> String {
    let mut text = String::from(">");
    for (place, word) in words.iter().enumerate() {
        text.push_str(if place == 0 { " " } else { word.space });
        let mut letters = word.letters.replace('\'', if word.hyphen { "’" } else { "'" });
        if word.hyphen {
            let second = letters.char_indices().nth(1).map_or(letters.len(), |(at, _)| at);
            letters.insert(second, '\u{ad}');
        }
        text.push_str(&format!("{}{letters}{}", word.emphasis, word.emphasis));
    }
    text
}

fn plain(words: &[Word]) -> String {
    words.iter().map(|word| word.letters).collect::<Vec<_>>().join(" ")
}

/// How often a phrase stands in a text, overlapping places included.
fn occurrences(text: &str, phrase: &str) -> usize {
    text.char_indices().filter(|(at, _)| text[*at..].starts_with(phrase)).count()
}

fn norm(text: &str, annotations: &str) -> Files {
    let norm = format!("---\ntitle: N\nthemes: [t]\nsource: s\n---\n\n{text}\n\n{annotations}");
    let entry = "---\ntitle: T\n---\n\nWords.\n";
    [("norms/n", norm.as_str()), ("themes/t", entry), ("sources/s", entry)]
        .map(|(name, text)| (format!("content/{name}.md"), text.to_owned()))
        .into()
}

/// The codes that a build reports, and the page of the norm.
fn build(files: &Files) -> (Vec<&'static str>, String) {
    let mut pipeline = Pipeline::default();
    let site = pipeline.run(&snapshot(files), &Options::default(), &mut |_| {});
    let codes = site.diagnostics.iter().map(|found| found.code).collect();
    let rendered = pipeline.render(&site).value.bytes;
    let page = rendered.iter().find(|(address, _)| address.as_str() == "norms/n/index.html");
    let (_, page) = page.expect("the norm's page");
    (codes, String::from_utf8(page.to_vec()).expect("text"))
}

/// The words of the norm's text as a reader would copy them.
fn text_content(page: &str) -> String {
    let quote = Selector::parse("#nb-text blockquote").expect("a selector");
    let html = Html::parse_document(page);
    html.select(&quote).flat_map(|quote| quote.text()).collect()
}

fn check(words: &[Word], from: usize, length: usize, other: &[Word]) {
    let markdown = markdown(words);
    let picked = plain(&words[from.min(words.len() - 1)..(from + length).min(words.len())]);
    let phrases = [picked, plain(other)];
    let (_, bare) = build(&norm(&markdown, ""));
    for phrase in phrases.iter().filter(|phrase| !phrase.is_empty()) {
        let (codes, page) =
            build(&norm(&markdown, &format!("## Annotations\n\n### \"{phrase}\"\n\nNote.\n")));
        let expected: &[&str] = match occurrences(&plain(words), phrase) {
            0 => &["annotation-not-found"],
            1 => &[],
            _ => &["annotation-ambiguous"],
        };
        assert_eq!(codes, expected, "`{phrase}` in {markdown:?}");
        assert_eq!(text_content(&page), text_content(&bare), "`{phrase}` in {markdown:?}");
    }
}

#[test]
fn a_phrase_anchors_if_and_only_if_it_stands_there_once() {
    let words = || proptest::collection::vec(word(), 1..12);
    let other = proptest::collection::vec(word(), 0..4);
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(64);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let inputs = (words(), 0..12_usize, 1..5_usize, other);
    let result = TestRunner::new(config).run(&inputs, |(words, from, length, other)| {
        check(&words, from, length, &other);
        Ok(())
    });
    result.expect("exactly once or not at all");
}

#[test]
fn overlapping_phrases_are_each_marked_and_numbered_in_reading_order() {
    let notes = "## Annotations\n\n### \"three four five\" {#late}\n\nB.\n\n\
                 ### \"two *three* four\" {#early}\n\nA.\n\n### Whole\n\nC.\n";
    let (codes, page) = build(&norm("> one two **three four** five", notes));
    assert!(codes.is_empty(), "{codes:?}");
    let html = Html::parse_document(&page);
    let select = |css: &str| Selector::parse(css).expect("a selector");
    let marked = |number: usize| -> String {
        let css = format!("#nb-text [data-notes~=\"{number}\"]");
        html.select(&select(&css)).flat_map(|piece| piece.text()).collect()
    };
    assert_eq!(marked(1), "two three four");
    assert_eq!(marked(2), "three four five");
    let notes: Vec<&str> =
        html.select(&select(".note")).filter_map(|note| note.value().id()).collect();
    assert_eq!(notes, ["early", "late", "note-whole"]);
    for note in ["early", "late"] {
        assert!(page.contains(&format!("href=\"#{note}\"")), "a way to {note}");
        assert!(page.contains(&format!("href=\"#nb-from-{note}\"")), "a way back from {note}");
    }
}

#[test]
fn a_changed_word_fails_at_the_heading_with_the_nearest_passage() {
    let notes = "## Annotations\n\n### \"step up cooperation\"\n\nA.\n";
    let files = norm("> States should step up their cooperation.", notes);
    let site = Pipeline::default().run(&snapshot(&files), &Options::default(), &mut |_| {});
    let found = &site.diagnostics[0];
    assert_eq!(found.code, "annotation-not-found");
    let hint = &found.hints[0];
    assert!(hint.contains("line 7") && hint.contains("step up their"), "{hint}");
}
