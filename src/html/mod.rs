//! An entry's Markdown as HTML, with its references resolved.
//!
//! Comes in: a linked entry and the place on a page where it will stand.
//! Goes out: [`Prose`]: the norm's text, the annotations, the commentary and
//! the footnotes, each as pieces of HTML for the templates, and their
//! outlines. What surrounds them is the templates' work.

mod levels;
pub mod outline;
pub mod place;
mod plain;
mod table;
mod writer;

use pulldown_cmark::{Event, Tag, TagEnd};
use pulldown_cmark_escape::escape_html;

use self::outline::Section;
use self::place::Place;
use self::writer::Writer;
use crate::link::Linked;
use crate::model::EntryIx;
use crate::parse::body::Body;
use crate::parse::markdown;
use crate::parse::phrases::Phrase;
use crate::span::Span;

/// An entry's body as pieces of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// The norm's own words, in paragraphs with anchors; nothing when they are
    /// not reproduced.
    pub norm_text: Vec<Passage>,
    /// The sections of the norm's own words.
    pub text_outline: Vec<Section>,
    /// What stands before the first annotation in the annotations' section.
    pub annotations_intro: String,
    /// The annotations in the order written.
    pub annotations: Vec<String>,
    /// Everything else.
    pub commentary: String,
    /// The sections of everything else.
    pub outline: Vec<Section>,
    /// The footnotes as a list; empty when there are none.
    pub footnotes: String,
}

/// A part of the norm's text that its notes can stand beside: the paragraphs,
/// lists or tables up to the end of one that has annotated phrases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// The words.
    pub html: String,
    /// The numbers of the annotated phrases that begin in it.
    pub notes: Vec<usize>,
}

/// A part of a body that becomes a piece of HTML of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Region {
    NormText,
    AnnotationsIntro,
    Annotation(usize),
    Commentary,
    /// Headings that the templates write.
    Nothing,
}

/// Renders the body of an entry for a place.
pub fn prose(linked: &Linked, ix: EntryIx, place: Place<'_>) -> Prose {
    let doc = &linked.handbook.entry(ix).doc;
    let body = &doc.body;
    let notes = body.annotations.as_ref().map_or(0, |section| section.annotations.len());
    let mut prose = Prose { annotations: vec![String::new(); notes], ..Prose::default() };
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut writer = Writer::new(linked, ix, place);
    for (region, start, html) in pieces(linked, ix, &mut writer) {
        let html = writer.finish(html);
        match region {
            Region::NormText => blocks.push((start, html)),
            Region::AnnotationsIntro => append(&mut prose.annotations_intro, html),
            Region::Annotation(at) => append(&mut prose.annotations[at], html),
            Region::Commentary => append(&mut prose.commentary, html),
            Region::Nothing => {}
        }
    }
    prose.norm_text = passages(blocks, linked.phrases(ix));
    prose.text_outline = writer.outline(Region::NormText);
    prose.outline = writer.outline(Region::Commentary);
    prose.footnotes = writer.footnotes();
    prose
}

/// A region or a part of one, where it starts, and its HTML.
type Piece = (Region, usize, String);

/// Cuts a body into its regions, and the norm's text into its blocks.
fn pieces<'a>(linked: &'a Linked, ix: EntryIx, writer: &mut Writer<'a>) -> Vec<Piece> {
    let doc = &linked.handbook.entry(ix).doc;
    let mut depth = 0_usize;
    let mut region = Region::Commentary;
    let mut pieces: Vec<Piece> = Vec::new();
    for (event, at) in markdown::events(&doc.text, doc.body.span) {
        if depth == 0 {
            region = region_of(&doc.body, &event, at);
        }
        let block = region == Region::NormText && depth == 1;
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        let frame = matches!(region, Region::NormText) && is_frame(&event, depth);
        if region == Region::Nothing || frame {
            continue;
        }
        if pieces.last().is_none_or(|(last, ..)| *last != region) {
            writer.begin(region);
            pieces.push((region, at.start(), with_room(at)));
        } else if block {
            pieces.push((region, at.start(), with_room(at)));
        }
        if let Some((_, _, html)) = pieces.last_mut() {
            writer.write(event, at, html);
        }
    }
    pieces
}

/// An empty text with room for the HTML of a block, which is about twice as long
/// as its Markdown.
fn with_room(block: Span) -> String {
    String::with_capacity(2 * block.range().len())
}

/// Appends HTML; what is the first is not copied.
fn append(to: &mut String, html: String) {
    match to.is_empty() {
        true => *to = html,
        false => to.push_str(&html),
    }
}

/// Joins blocks of the norm's text, each with its start, to passages. A
/// passage ends with a block that annotated phrases begin in.
fn passages(blocks: Vec<(usize, String)>, phrases: &[Phrase]) -> Vec<Passage> {
    let ends: Vec<usize> = blocks.iter().skip(1).map(|(start, _)| *start).collect();
    let mut passages: Vec<Passage> = Vec::new();
    for (place, (start, html)) in blocks.into_iter().enumerate() {
        let within = start..ends.get(place).copied().unwrap_or(usize::MAX);
        let here = phrases.iter().filter(|phrase| within.contains(&phrase.span.start()));
        let notes = here.map(|phrase| phrase.number).collect();
        match passages.last_mut().filter(|last| last.notes.is_empty()) {
            Some(last) => {
                last.html.push_str(&html);
                last.notes = notes;
            }
            None => passages.push(Passage { html, notes }),
        }
    }
    passages
}

/// The start and end of the quote around the norm's text.
fn is_frame(event: &Event<'_>, depth: usize) -> bool {
    match event {
        Event::Start(Tag::BlockQuote(_)) => depth == 1,
        Event::End(TagEnd::BlockQuote(_)) => depth == 0,
        _ => false,
    }
}

fn region_of(body: &Body, event: &Event<'_>, at: Span) -> Region {
    if body.norm_text.as_ref().is_some_and(|text| text.span == at) {
        return Region::NormText;
    }
    let Some(section) = &body.annotations else { return Region::Commentary };
    if at.start() < section.span.start() || at.start() >= section.span.end() {
        return Region::Commentary;
    }
    let heading = matches!(event, Event::Start(Tag::Heading { .. }));
    let own = section.annotations.binary_search_by_key(&at, |note| note.heading).is_ok();
    if heading && (own || at.start() == section.span.start()) {
        return Region::Nothing;
    }
    let begun = section.annotations.partition_point(|note| note.body.start() <= at.start());
    begun.checked_sub(1).map_or(Region::AnnotationsIntro, Region::Annotation)
}

/// Removes from raw HTML whatever can run or load something, and puts a prefix
/// before anchors and links to them that have none. What this crate writes
/// itself passes unchanged but for the order of attributes.
fn sanitise(html: &str, prefix: &str) -> String {
    let own = format!("#{prefix}");
    ammonia::Builder::default()
        .add_generic_attributes(["id", "class", "role", "tabindex", "aria-label", "lang", "dir"])
        .add_generic_attributes(["data-notes", "data-number"])
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(None)
        .id_prefix(Some(prefix))
        .attribute_filter(move |_, name, value| {
            let anchor = value.strip_prefix('#').filter(|_| name == "href");
            // With a slash it is the name of a body of the page.
            let unqualified = anchor.filter(|anchor| !anchor.contains('/'));
            Some(unqualified.map_or(value.into(), |anchor| format!("{own}{anchor}").into()))
        })
        .clean(html)
        .to_string()
}

/// The words of a piece of HTML that this module wrote, without mark-up.
/// Blocks are parted by a space.
pub fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((words, tag)) = rest.split_once('<') {
        text.push_str(words);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let block = ["/p", "/li", "/td", "/th", "/dt", "/dd", "br"];
        if block.contains(&tag) || tag.starts_with("/h") {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&").trim().to_owned()
}

/// Text with `&`, `<`, `>`, `"` escaped, for content and attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    escape_into(text, &mut escaped);
    escaped
}

/// Writes text, escaped as by [`escape`], at the end of another.
fn escape_into(text: &str, escaped: &mut String) {
    escape_html(escaped, text).expect("invariant: writing to a string does not fail");
}
