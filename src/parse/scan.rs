//! One pass over the events of a body, for all that other entries or the search
//! ask of it.
//!
//! Comes in from [`super::body`]: one event after the other, with its place in
//! the file. Goes out: [`Scan`]: mentions and the sentences they stand in,
//! headings, words, and what looks like a reference and is none.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::address;
use super::body::{Mention, MentionTarget};
use super::headings::RawHeading;
use super::markdown::{self, Link};
use super::plain::{PLACEHOLDER, Plain, Sentence};
use super::reference;
use super::sentences;
use crate::diagnostic::{At, Diagnostic, catalog};
use crate::path::SourcePath;
use crate::span::Span;

/// One pass over the events of a body.
pub(super) struct Scan<'a> {
    text: &'a str,
    path: &'a SourcePath,
    pub(super) mentions: Vec<Mention>,
    pub(super) sentences: Vec<Sentence>,
    pub(super) headings: Vec<RawHeading>,
    pub(super) plain_words: Vec<Span>,
    /// Inside of what holds no terms of the glossary.
    apart: usize,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The words of the present block, and where mentions stand in them.
    words: String,
    in_words: Vec<(usize, usize)>,
    labels: Vec<u32>,
    /// What the words are put together from: where each part ends in them, and
    /// in the file if it stands there.
    parts: Vec<(usize, Option<usize>)>,
    /// Where the words of the present block begin.
    begin: usize,
    pub(super) plain: Plain,
    containers: usize,
    heading: Option<RawHeading>,
    /// Inside a link whose own words are not part of the sentence.
    silent: usize,
    /// Inside a code block, which holds no references.
    in_code: bool,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str, path: &'a SourcePath) -> Scan<'a> {
        Scan {
            text,
            path,
            mentions: Vec::new(),
            sentences: Vec::new(),
            headings: Vec::new(),
            plain_words: Vec::new(),
            apart: 0,
            diagnostics: Vec::new(),
            words: String::new(),
            in_words: Vec::new(),
            labels: Vec::new(),
            parts: Vec::new(),
            begin: 0,
            plain: Plain::default(),
            containers: 0,
            heading: None,
            silent: 0,
            in_code: false,
        }
    }

    pub(super) fn take(&mut self, event: &Event<'_>, at: Span) {
        if self.words.is_empty() {
            self.begin = at.start();
        }
        match event {
            Event::Start(tag) => self.start(tag, at),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => {
                self.look_for_broken(at);
                // What differs from its source, as an entity does, has no exact place.
                let exact = self.text[at.range()] == **text;
                self.push_words(text, exact.then_some(at.end()));
                if self.apart == 0 && exact {
                    self.plain_words.push(at);
                }
            }
            Event::Code(text) => self.push_words(text, None),
            Event::SoftBreak | Event::HardBreak => self.push_words(" ", None),
            Event::Html(_) => self.look_in_html(at),
            Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Rule
            | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: Span) {
        self.apart += usize::from(is_apart(&tag.to_end()));
        match tag {
            Tag::Link { .. } | Tag::Image { .. } => self.link(tag, at),
            Tag::Heading { level, id, classes, attrs } => {
                self.flush();
                let owned = |text: &pulldown_cmark::CowStr<'_>| text.to_string();
                self.heading = Some(RawHeading {
                    span: at,
                    level: *level as u8,
                    text: String::new(),
                    id: id.as_ref().map(owned),
                    classes: classes.iter().map(owned).collect(),
                    attributes: attrs
                        .iter()
                        .map(|(name, value)| (owned(name), value.as_ref().map(owned)))
                        .collect(),
                    top: self.containers == 0,
                });
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.in_code = true;
            }
            Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_) => {
                self.flush();
                self.containers += 1;
            }
            tag if !markdown::is_inline(tag) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        self.apart = self.apart.saturating_sub(usize::from(is_apart(&tag)));
        match tag {
            TagEnd::Link | TagEnd::Image => self.silent = self.silent.saturating_sub(1),
            TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript => {}
            TagEnd::CodeBlock => {
                self.flush();
                self.in_code = false;
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.headings.extend(self.heading.take());
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition => {
                self.flush();
                self.containers = self.containers.saturating_sub(1);
            }
            _ => self.flush(),
        }
    }

    /// Reports text that was meant as a reference: what begins with `[[` or
    /// `[@`, without a backslash before it, and was not read as one.
    fn look_for_broken(&mut self, at: Span) {
        let rest = &self.text[at.start()..];
        if !rest.starts_with('[') {
            return;
        }
        let escaped = self.text[..at.start()].ends_with('\\');
        let begins = ["[[", "[@"].iter().any(|mark| rest.starts_with(mark)) || is_footnote(rest);
        if self.silent > 0 || self.in_code || escaped || !begins {
            return;
        }
        let line = rest.lines().next().unwrap_or("");
        // Another reference that begins in the line is not part of this one.
        let line = line[2..].find("[[").map_or(line, |next| line[..next + 2].trim_end());
        let end = line.find(']').map_or(line.len(), |at| at + 1);
        let end = end + line[end..].bytes().take_while(|byte| *byte == b']').count();
        let span = Span::new(at.start(), at.start() + end);
        self.diagnostics.push(catalog::broken_reference(At::new(self.path, span), &line[..end]));
    }

    /// Reports references in a block of HTML, where Markdown does not look.
    fn look_in_html(&mut self, at: Span) {
        let html = &self.text[at.range()];
        let starts = html.match_indices("[[").chain(html.match_indices("[@"));
        let starts: Vec<usize> = starts.map(|(start, _)| at.start() + start).collect();
        for start in starts {
            self.look_for_broken(Span::new(start, at.end()));
        }
    }

    /// Adds words, which end at `file_end` in the file if they stand there.
    fn push_words(&mut self, text: &str, file_end: Option<usize>) {
        if self.silent > 0 {
            return;
        }
        let mut rest = text;
        // An author's own character of this sort would be taken for a label.
        while let Some((before, after)) = rest.split_once(PLACEHOLDER) {
            let end = file_end.map(|end| end - (rest.len() - before.len()));
            self.push_part(before, end);
            self.push_part(" ", None);
            rest = after;
        }
        self.push_part(rest, file_end);
        if let Some(heading) = &mut self.heading {
            heading.text.push_str(text);
        }
    }

    fn push_part(&mut self, words: &str, file_end: Option<usize>) {
        self.words.push_str(words);
        self.parts.push((self.words.len(), file_end));
    }

    fn link(&mut self, tag: &Tag<'_>, at: Span) {
        // A link inside a silent link is silent too, and so is its end.
        let silent = self.silent > 0;
        let source = &self.text[at.range()];
        let (target, own_text) = match markdown::classify(tag, source) {
            Some(Link::Wiki { target, own_text }) => {
                let Ok(reference) = target.parse();
                (Some(MentionTarget::Entry(reference)), own_text)
            }
            Some(Link::Citation(inner)) => {
                let citations = reference::citations(inner, at.start() + 1);
                (Some(MentionTarget::Citations(citations)), false)
            }
            Some(Link::Plain(address)) => (self.address(address, at), true),
            Some(Link::Mail(_)) => (None, true),
            Some(Link::Image(address)) => (self.address(address, at), true),
            Some(Link::WikiImage) => {
                self.diagnostics.push(catalog::wiki_image(At::new(self.path, at)));
                (None, true)
            }
            None => (None, true),
        };
        if silent || !own_text {
            self.silent += 1;
        }
        let Some(target) = target else { return };
        let mention = self.mentions.len();
        self.in_words.push((mention, self.words.len()));
        if !own_text && !silent {
            self.push_part(PLACEHOLDER.encode_utf8(&mut [0; 4]), None);
            self.labels.push(mention as u32);
        }
        self.mentions.push(Mention { span: at, target, sentence: None });
    }

    /// An ordinary link: to another file, or outside.
    fn address(&mut self, address: &str, at: Span) -> Option<MentionTarget> {
        let target = address::target(address, At::new(self.path, at));
        target.map_err(|problem| self.diagnostics.push(*problem)).ok()?
    }

    /// Ends a block: cuts its words into sentences and keeps those that hold
    /// mentions (UAX #29).
    fn flush(&mut self) {
        let (first_word, first_label) = (self.plain.end(), self.plain.labels.len() as u32);
        if !self.words.trim().is_empty() {
            self.plain.push_block(self.begin, &self.words, &self.parts);
            self.plain.labels.extend(&self.labels);
        }
        if !self.in_words.is_empty() {
            self.keep_sentences(first_word, first_label);
        }
        // Their room serves for the next block.
        self.words.clear();
        self.in_words.clear();
        self.labels.clear();
        self.parts.clear();
    }

    /// Keeps the sentences of the block's words that hold mentions, given where
    /// the block's words and labels begin.
    fn keep_sentences(&mut self, first_word: u32, first_label: u32) {
        let (words, in_words, labels) = (&self.words, &self.in_words, &self.labels);
        let places: Vec<usize> = in_words.iter().map(|(_, at)| *at).collect();
        for (start, sentence) in sentences::holding(words, &places) {
            let end = start + sentence.len();
            // All lists are in the order of the text.
            let first = places.partition_point(|at| *at < start);
            let last = end == words.len();
            let next = places.partition_point(|at| *at < end || (last && *at == end));
            let inside = &in_words[first..next];
            for (mention, _) in inside {
                self.mentions[*mention].sentence = Some(self.sentences.len() as u32);
            }
            let trimmed = sentence.trim();
            let begin = start + sentence.len() - sentence.trim_start().len();
            // Words that are all blank are not kept.
            let words = match trimmed.is_empty() {
                true => first_word..first_word,
                false => first_word + begin as u32..first_word + (begin + trimmed.len()) as u32,
            };
            let place = |mention: usize| {
                first_label + labels.partition_point(|label| (*label as usize) < mention) as u32
            };
            let labels = match inside {
                [(one, _), .., (last, _)] => place(*one)..place(*last + 1),
                [(one, _)] => place(*one)..place(*one + 1),
                [] => first_label..first_label,
            };
            self.sentences.push(Sentence { words, labels });
        }
    }
}

/// Whether no term of the glossary is linked inside of this.
fn is_apart(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Heading(_)
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::DefinitionListTitle
    )
}

/// Whether a text begins with the sign of a footnote, `[^name]`.
fn is_footnote(text: &str) -> bool {
    let name = text.strip_prefix("[^").and_then(|rest| rest.split(']').next());
    name.is_some_and(|name| {
        let closed = text[2..].len() > name.len();
        closed && !name.is_empty() && !name.contains(char::is_whitespace)
    })
}
