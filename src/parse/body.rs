//! What an entry's Markdown holds besides prose: references and the sentences
//! they stand in, headings and their anchors, the norm's text, annotations.
//!
//! Comes in: a file's text and where its body stands. Goes out: a [`Body`]
//! and what is wrong in it. No HTML is made here, and no name is looked up.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::annotation::AnnotationSection;
use super::headings::{self, Heading};
use super::letters;
use super::markdown;
use super::norm_text::{self, NormText};
use super::phrases::{self, Phrase};
use super::plain::{Plain, Sentence};
use super::reference::{Citation, Reference};
use super::scan::Scan;
use crate::diagnostic::Checked;
use crate::id::Kind;
use crate::kept::exact;
use crate::path::SourcePath;
use crate::span::Span;

/// What a body holds besides prose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Where the body stands in the file.
    pub span: Span,
    /// The norm's own words; only norms have them.
    pub norm_text: Option<NormText>,
    /// The annotations; only norms have them.
    pub annotations: Option<AnnotationSection>,
    /// The phrases of the norm's text that are annotated, in reading order.
    pub phrases: Box<[Phrase]>,
    /// Where words of the editors stand in which terms of the glossary can be
    /// linked: not in headings, links, code or the norm's own words.
    pub plain_words: Box<[Span]>,
    /// References, citations and links to files, in the order of the text.
    pub mentions: Box<[Mention]>,
    /// The sentences that hold mentions.
    pub sentences: Box<[Sentence]>,
    /// All headings but those of annotations.
    pub headings: Box<[Heading]>,
    /// All words without mark-up.
    pub plain: Plain,
}

impl Body {
    /// Every anchor that other entries can name.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        let units = self.norm_text.iter().flat_map(|text| &text.units).map(|unit| &unit.anchor);
        let notes = self.annotations.iter().flat_map(|section| &section.annotations);
        let headings = self.headings.iter().map(|heading| &heading.anchor);
        units.chain(headings).chain(notes.map(|note| &note.anchor)).map(|anchor| &**anchor)
    }
}

/// A place where the body names something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The whole link.
    pub span: Span,
    /// What it names.
    pub target: MentionTarget,
    /// The sentence around it, by its place in [`Body::sentences`].
    pub sentence: Option<u32>,
}

/// What a mention names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MentionTarget {
    /// `[[id]]`: an entry.
    Entry(Reference),
    /// `[text](path)`: a file of the handbook.
    File(Box<FileLink>),
    /// `[@source, locator]`: sources.
    Citations(Box<[Citation]>),
}

/// A link to a file of the handbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLink {
    /// The path as written, without the anchor.
    pub path: Box<str>,
    /// The anchor without its `#`.
    pub anchor: Option<Box<str>>,
}

/// Reads the body that stands at `span` in the file `path`.
pub fn parse(text: &str, span: Span, kind: Kind, path: &SourcePath) -> Checked<Body> {
    let mut scan = Scan::new(text, path);
    let mut quote: Option<Quote<'_>> = None;
    for (place, (event, at)) in markdown::events(text, span).enumerate() {
        scan.take(&event, at);
        match &mut quote {
            Some(quote) => quote.take(event, at),
            None if place == 0 && kind == Kind::Norm => quote = Quote::begun(&event, at),
            None => {}
        }
    }
    let mut body = Body {
        span,
        norm_text: None,
        annotations: None,
        phrases: Box::default(),
        plain_words: Box::default(),
        mentions: exact(scan.mentions),
        sentences: exact(scan.sentences),
        headings: Box::default(),
        plain: scan.plain.exact(),
    };
    let mut diagnostics = scan.diagnostics;
    if kind == Kind::Norm {
        let inside = quote.as_ref().map_or(&[][..], |quote| &quote.inside);
        body.norm_text = quote.as_ref().map(|quote| norm_text::parse(text, quote.span, inside));
        body.annotations = headings::annotations(&scan.headings, span, path, &mut diagnostics);
        if let Some(section) = &body.annotations {
            let file = phrases::File { path, source: text };
            let mut found = phrases::find(file, section, &letters::of_events(text, inside));
            diagnostics.append(&mut found.diagnostics);
            body.phrases = exact(found.value);
        }
        if let Some(quote) = quote {
            scan.plain_words.retain(|words| !quote.span.range().contains(&words.start()));
        }
    }
    body.plain_words = exact(scan.plain_words);
    headings::settle_anchors(&mut body, scan.headings, path, &mut diagnostics);
    Checked::new(body, diagnostics)
}

/// The block quote that opens a norm's body: where it stands, and what is in it.
struct Quote<'a> {
    span: Span,
    /// How many quotes are open; nothing more is inside when none is.
    depth: usize,
    inside: Vec<(Event<'a>, Span)>,
}

impl<'a> Quote<'a> {
    /// The quote that an event begins, if it does.
    fn begun(event: &Event<'_>, span: Span) -> Option<Quote<'a>> {
        matches!(event, Event::Start(Tag::BlockQuote(_))).then(|| Quote {
            span,
            depth: 1,
            inside: Vec::new(),
        })
    }

    /// Keeps a later event if it is inside.
    fn take(&mut self, event: Event<'a>, at: Span) {
        if self.depth == 0 {
            return;
        }
        match event {
            Event::Start(Tag::BlockQuote(_)) => self.depth += 1,
            Event::End(TagEnd::BlockQuote(_)) => self.depth -= 1,
            _ => {}
        }
        if self.depth > 0 {
            self.inside.push((event, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Checked<Body> {
        parse(text, Span::new(0, text.len()), Kind::Norm, &SourcePath::new("content/norms/a.md"))
    }

    /// A sentence with the places of the mentions that have no text of their own.
    fn written(text: &str, body: &Body, sentence: usize) -> String {
        let mut written = String::new();
        let label = |mention: usize, text: &mut String| text.push_str(&format!("{{{mention}}}"));
        body.plain.sentence(text, &body.sentences[sentence], &mut written, label);
        written
    }

    #[track_caller]
    fn check_codes(text: &str, codes: &[&str]) {
        let diagnostics = body(text).diagnostics;
        let found: Vec<&str> = diagnostics.iter().map(|d| d.code).collect();
        assert_eq!(found, codes, "{diagnostics:?}");
    }

    #[test]
    fn a_mention_keeps_its_sentence() {
        let text = "First one. It extends [[a]] (see [@b, para. 13(d)]) much. Last.\n";
        let body = body(text).value;
        assert_eq!(body.mentions.len(), 2);
        let sentence = body.mentions[0].sentence.expect("a sentence") as usize;
        assert_eq!(written(text, &body, sentence), "It extends {0} (see {1}) much.");
    }

    #[test]
    fn all_words_are_kept_block_by_block() {
        let text = "> (a) *One*\n> two &amp; `3`.\n\n## Head\n\nSee [[a]], ![alt](b.png).\n\n| c | d |\n|--|--|\n";
        let plain = body(text).value.plain;
        let blocks = plain.blocks(text).map(|(at, words)| (&text[at..at + 2], words.into_owned()));
        let expected = [
            ("(a", "(a) One two & 3."),
            ("He", "Head"),
            ("Se", "See \u{fffc}, alt."),
            ("c ", "c"),
            ("d ", "d"),
        ];
        let expected = expected.map(|(at, words)| (at, words.to_owned()));
        assert_eq!(blocks.collect::<Vec<_>>(), expected);
        assert_eq!(plain.labels, [0]);
    }

    /// Labels stand where mentions are, whatever an author writes.
    #[test]
    fn an_authors_own_placeholder_takes_no_label() {
        let text = "\u{fffc}In\u{fffc}\u{fffc}it `a\u{fffc}b` &#xfffc;, [[a]]\u{fffc}, [[b]].\n";
        let body = body(text).value;
        assert_eq!(written(text, &body, 0), "In  it a b  , {0} , {1}.");
        let blocks: Vec<_> = body.plain.blocks(text).collect();
        let [(0, words)] = blocks.as_slice() else { panic!("one block: {blocks:?}") };
        assert_eq!(words, " In  it a b  , \u{fffc} , \u{fffc}.");
        assert_eq!(body.plain.labels, [0, 1]);
    }

    #[test]
    fn links_with_their_own_text_keep_it_in_the_sentence() {
        let text = "See [[a|the *first*]].\n";
        let body = body(text).value;
        assert_eq!(written(text, &body, 0), "See the first.");
    }

    #[test]
    fn code_holds_no_references() {
        assert!(body("`[[a]]` and\n\n    [[b]]\n\n\\[[c]]\n").value.mentions.is_empty());
    }

    #[test]
    fn what_looks_like_a_reference_never_passes_silently() {
        check_codes("See [[a here.\n", &["broken-reference"]);
        check_codes("See [[]] here.\n", &["broken-reference"]);
        check_codes("See [text][@k] here.\n", &["broken-reference"]);
        check_codes("See [@a, \"[sic]\"] here.\n", &["broken-reference"]);
        check_codes("See \\[[a]] and \\[@b] and `[[c`.\n\n    [[d\n", &[]);
        check_codes("A note[^1] and [^ x] and \\[^2] and `[^3]`.\n", &["broken-reference"]);
        check_codes("A note[^1].\n\n[^1]: Its text.\n", &[]);
        check_codes("An array [1] and [a [b] c] and a[0][1].\n", &[]);
    }

    #[test]
    fn the_opening_quote_is_the_text() {
        assert!(body("> Words.\n\n> Other.\n").value.norm_text.is_some());
        assert!(body("Intro\n\n> Words.\n").value.norm_text.is_none());
    }

    /// What stands last in the quote may end where the quote does, or later.
    #[test]
    fn the_text_ends_where_its_quote_does() {
        let ends = [
            ("> Words.\n>\n> > Nested.\n", 2),
            ("> Words.\n>\n> ```\n> code\n", 1),
            ("> Words.\n>\n> - Item\n> -\n", 2),
            ("> Words\nlazily.\n", 1),
            ("> > Words\nlazily.\n", 1),
        ];
        for (quote, units) in ends {
            let text = format!("{quote}\n(a) After.\n\n> Other.\n\n- Item\n");
            let body = body(&text).value;
            let found = body.norm_text.expect("a text");
            let words: Vec<_> = found.units.iter().map(|unit| found.words(&text, unit)).collect();
            assert_eq!(words.len(), units, "{quote:?}: {words:?}");
        }
    }

    #[test]
    fn annotations_end_at_the_next_section() {
        let body = body(
            "> step up\n\n## Annotations\n\n### \"step up\" {#x .practice date=2022}\n\nOne.\n\n\
             ### Whole\n\nTwo.\n\n## After\n\n### No note\n",
        );
        let section = body.value.annotations.expect("a section");
        assert_eq!(section.annotations.len(), 2);
        assert_eq!(section.annotations[0].kind.as_deref(), Some("practice"));
        assert_eq!(&*section.annotations[0].anchor, "x");
        assert_eq!(&*section.annotations[1].anchor, "note-whole");
        assert!(body.diagnostics.is_empty());
    }

    #[test]
    fn anchors_are_unique() {
        check_codes("# A {#x}\n\n# B {#x}\n", &["duplicate-anchor"]);
        check_codes("# A {#nb-relations}\n\n# B {#relations}\n", &["reserved-anchor"]);
        check_codes("# A {#fn-1}\n\n# B {#position-1}\n", &["reserved-anchor"]);
        let headings = body("# A\n\n# A\n\n# Text\n").value.headings;
        let anchors: Vec<&str> = headings.iter().map(|h| &*h.anchor).collect();
        assert_eq!(anchors, ["a", "a-2", "text"]);
        let headings = body("# NB: this\n\n# Fn keys\n\n# Position paper\n").value.headings;
        let anchors: Vec<&str> = headings.iter().map(|h| &*h.anchor).collect();
        assert_eq!(anchors, ["section-nb-this", "section-fn-keys", "position-paper"]);
    }

    #[test]
    fn links_that_cannot_work_are_reported() {
        check_codes(
            "[x](javascript:alert(1)) ![x](/a.png)",
            &["forbidden-scheme", "absolute-link"],
        );
        check_codes("![[x]]", &["wiki-image"]);
        check_codes("[x](HTTPS://example.org) <a@b.c> [y](mailto:a@b.c)", &[]);
    }
}
