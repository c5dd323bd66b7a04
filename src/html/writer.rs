//! Writes the events of a body as HTML: references become links, headings get
//! their level and anchor, the units of the norm's text get theirs, footnotes
//! are gathered. All else is written as pulldown-cmark's own writer does.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd, html};

use super::levels::Levels;
use super::outline::{self, Section};
use super::place::Place;
use super::plain::{plain, text};
use super::table::Columns;
use super::{Region, escape_into, sanitise};
use crate::link::{Linked, Target};
use crate::model::EntryIx;
use crate::parse::Doc;
use crate::parse::body::MentionTarget;
use crate::parse::markdown::{self, Link};
use crate::parse::norm_text::{Unit, UnitKind};
use crate::parse::phrases::Phrase;
use crate::path::encode_into;
use crate::span::Span;

pub(super) struct Writer<'a> {
    linked: &'a Linked,
    ix: EntryIx,
    doc: &'a Doc,
    place: Place<'a>,
    /// What stands before every anchor.
    prefix: String,
    region: Region,
    /// Headings of the commentary, which may be in several pieces.
    commentary: Levels,
    /// Headings of the present region, when it is another.
    levels: Levels,
    /// The headings that are open, and those that are done with their regions.
    headings: Vec<Heading<'a>>,
    outline: Vec<(Region, Heading<'a>)>,
    /// The ends of open links; a link inside a link is only its text.
    links: Vec<&'static str>,
    /// Inside a link whose text is written here; its own events are skipped.
    skipping: usize,
    paragraphs: usize,
    /// An image that has begun, with the events of its text.
    image: Vec<Event<'a>>,
    /// The marker of an item whose words have not begun.
    item_marker: Option<&'a str>,
    /// Each table has a name of its own for screen readers.
    tables: usize,
    columns: Columns,
    footnotes: Vec<Footnote>,
    /// The places of footnotes by their labels.
    labels: BTreeMap<String, usize>,
    /// The markers of the norm's text by where they stand.
    markers: Vec<(usize, &'a str)>,
    /// The footnote whose definition is being read.
    defining: Option<usize>,
}

/// A heading as it is written.
struct Heading<'a> {
    level: u8,
    anchor: &'a str,
    title: String,
}

#[derive(Default)]
struct Footnote {
    references: usize,
    html: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(linked: &'a Linked, ix: EntryIx, place: Place<'a>) -> Writer<'a> {
        Writer {
            linked,
            ix,
            doc: &linked.handbook.entry(ix).doc,
            place,
            prefix: place.prefix(linked, ix),
            region: Region::Commentary,
            commentary: Levels::new(2 + place.lowered()),
            levels: Levels::default(),
            headings: Vec::new(),
            outline: Vec::new(),
            links: Vec::new(),
            skipping: 0,
            image: Vec::new(),
            paragraphs: 0,
            item_marker: None,
            tables: 0,
            columns: Columns::default(),
            footnotes: Vec::new(),
            labels: BTreeMap::new(),
            markers: markers(&linked.handbook.entry(ix).doc),
            defining: None,
        }
    }

    /// Begins a region; its headings stand below those of the templates.
    pub(super) fn begin(&mut self, region: Region) {
        self.region = region;
        match region {
            Region::NormText => self.levels = Levels::new(3 + self.place.lowered()),
            Region::AnnotationsIntro | Region::Annotation(_) => {
                self.levels = Levels::new(4 + self.place.lowered());
            }
            Region::Commentary | Region::Nothing => {}
        }
    }

    /// Writes one event at the end of a piece of HTML.
    pub(super) fn write(&mut self, event: Event<'a>, at: Span, into: &mut String) {
        if self.skipping > 0 {
            match event {
                Event::Start(_) => self.skipping += 1,
                Event::End(_) => self.skipping -= 1,
                _ => {}
            }
            return;
        }
        if let (Some(open), Event::Text(words) | Event::Code(words)) =
            (self.headings.last_mut(), &event)
        {
            open.title.push_str(words);
        }
        match (&event, self.defining) {
            (Event::Start(Tag::FootnoteDefinition(label)), _) => {
                self.defining = Some(self.footnote(label));
            }
            (Event::End(TagEnd::FootnoteDefinition), _) => self.defining = None,
            (_, Some(footnote)) => {
                let mut html = std::mem::take(&mut self.footnotes[footnote].html);
                self.translate(event, at, &mut html);
                self.footnotes[footnote].html = html;
            }
            (_, None) => self.translate(event, at, into),
        }
    }

    fn translate(&mut self, event: Event<'a>, at: Span, out: &mut String) {
        if !self.image.is_empty() {
            return self.image_text(event, out);
        }
        if self.region == Region::NormText && self.unit(&event, at, out) {
            return;
        }
        let raw_html = self.linked.handbook.config.allow_html;
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as u8, at, out),
            Event::End(TagEnd::Heading(_)) => self.end_heading(out),
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => self.link(tag, at, out),
            Event::End(TagEnd::Link) => out.push_str(self.links.pop().unwrap_or("")),
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
            | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableCell) => {
                self.table(event, out);
            }
            Event::FootnoteReference(label) => self.footnote_reference(&label, out),
            Event::Start(Tag::HtmlBlock) if !raw_html => plain(Event::Start(Tag::Paragraph), out),
            Event::End(TagEnd::HtmlBlock) if !raw_html => plain(Event::End(TagEnd::Paragraph), out),
            Event::Html(raw) | Event::InlineHtml(raw) if !raw_html => text(&raw, out),
            Event::Text(words) => self.words(&words, at, out),
            other => plain(other, out),
        }
    }

    fn table(&mut self, event: Event<'a>, out: &mut String) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                self.tables += 1;
                self.columns = Columns::new(alignments);
                out.push_str("<div class=\"table\" role=\"region\" aria-label=\"Table ");
                out.push_str(&self.tables.to_string());
                if self.place.among.is_some() {
                    out.push_str(", ");
                    escape_into(self.linked.handbook.entry(self.ix).label(), out);
                }
                out.push_str("\" tabindex=\"0\">");
                plain(Event::Start(Tag::Table(Vec::new())), out);
            }
            Event::Start(Tag::TableCell) => self.columns.open_cell(out),
            Event::End(TagEnd::TableCell) => out.push_str(self.columns.close_cell()),
            Event::Start(_) => {
                self.columns.begin_row();
                plain(event, out);
            }
            Event::End(TagEnd::Table) => {
                plain(event, out);
                out.push_str("</div>\n");
            }
            _ => {
                self.columns.end_head();
                plain(event, out);
            }
        }
    }

    /// Writes words of the editors, with links from terms of the glossary.
    fn words(&self, words: &str, at: Span, out: &mut String) {
        let terms = self.linked.terms(self.ix);
        let first = terms.partition_point(|mention| mention.span.start < at.start);
        let mut done = 0;
        for mention in terms[first..].iter().take_while(|mention| mention.span.end <= at.end) {
            let (start, end) = (mention.span.start - at.start, mention.span.end - at.start);
            text(&words[done..start], out);
            out.push_str("<a class=\"term\" href=\"");
            self.place.href(self.linked, mention.term, None, out);
            out.push_str("\">");
            escape_into(&words[start..end], out);
            out.push_str("</a>");
            done = end;
        }
        text(&words[done..], out);
    }

    fn heading(&mut self, written: u8, at: Span, out: &mut String) {
        let levels = match self.region {
            Region::Commentary => &mut self.commentary,
            _ => &mut self.levels,
        };
        let level = levels.settle(written);
        let headings = &self.doc.body.headings;
        let anchor = headings.binary_search_by_key(&at, |heading| heading.span);
        let anchor = anchor.map_or("", |at| headings[at].anchor.as_str());
        out.push_str("<h");
        out.push(digit(level));
        self.id(anchor, out);
        out.push('>');
        self.headings.push(Heading { level, anchor, title: String::new() });
    }

    fn end_heading(&mut self, out: &mut String) {
        let Some(heading) = self.headings.pop() else { return };
        self.permalink(heading.anchor, "this section", out);
        out.push_str("</h");
        out.push(digit(heading.level));
        out.push_str(">\n");
        self.outline.push((self.region, heading));
    }

    /// The sections that the headings of a region began.
    pub(super) fn outline(&mut self, region: Region) -> Vec<Section> {
        let own = self.outline.iter_mut().filter(|(of, _)| *of == region);
        outline::nest(own.map(|(_, heading)| {
            let mut href = String::from("#");
            href.push_str(&self.prefix);
            encode_into(heading.anchor, &mut href);
            let title = std::mem::take(&mut heading.title);
            (heading.level, Section { href, title, sections: Vec::new() })
        }))
    }

    /// Writes the start of a link or an image.
    fn link(&mut self, tag: Tag<'a>, at: Span, out: &mut String) {
        let source = &self.doc.text[at.range()];
        match markdown::classify(&tag, source) {
            Some(Link::Wiki { own_text: true, .. }) => {
                self.open_link(self.linked.target(self.ix, at), out);
            }
            Some(Link::Wiki { own_text: false, .. }) => {
                let target = self.linked.target(self.ix, at);
                let label = target.map(|target| self.linked.label(target));
                self.whole_link(target, &label.unwrap_or_default(), out);
                self.skipping = 1;
            }
            Some(Link::Citation(_)) => {
                self.citations(at, out);
                self.skipping = 1;
            }
            Some(Link::Plain(address)) => match self.linked.target(self.ix, at) {
                Some(target) => self.open_link(Some(target), out),
                None => self.open_outside("", address, out),
            },
            Some(Link::Mail(address)) => self.open_outside("mailto:", address, out),
            Some(Link::Image(_)) => self.image.push(self.image(tag, at)),
            Some(Link::WikiImage) | None => self.skipping = 1,
        }
    }

    fn open_link(&mut self, target: Option<&Target>, out: &mut String) {
        let Some(target) = target.filter(|_| self.links.is_empty()) else {
            return self.links.push("");
        };
        self.start_tag(target, out);
        self.links.push("</a>");
    }

    fn open_outside(&mut self, scheme: &str, address: &str, out: &mut String) {
        if !self.links.is_empty() {
            return self.links.push("");
        }
        out.extend(["<a class=\"outside\" href=\"", scheme]);
        escape_into(address, out);
        out.push_str("\">");
        self.links.push("</a>");
    }

    fn whole_link(&mut self, target: Option<&Target>, label: &str, out: &mut String) {
        if let Some(open) = self.headings.last_mut() {
            open.title.push_str(label);
        }
        let Some(target) = target.filter(|_| self.links.is_empty()) else {
            return escape_into(label, out);
        };
        self.start_tag(target, out);
        escape_into(label, out);
        out.push_str("</a>");
    }

    fn start_tag(&self, target: &Target, out: &mut String) {
        out.push_str("<a href=\"");
        self.href(target, out);
        out.push_str("\">");
    }

    /// Writes `[@a, p. 3; @b]` as links in square brackets.
    fn citations(&mut self, at: Span, out: &mut String) {
        let mentions = &self.doc.body.mentions;
        let Ok(mention) = mentions.binary_search_by_key(&at, |mention| mention.span) else {
            return;
        };
        let MentionTarget::Citations(citations) = &mentions[mention].target else { return };
        out.push_str("<span class=\"citation\">[");
        for (place, citation) in citations.iter().enumerate() {
            if place > 0 {
                out.push_str("; ");
            }
            let target = self.linked.target(self.ix, citation.source.span);
            let label = self.linked.citation_label(target, citation.locator.as_deref());
            self.whole_link(target, &label, out);
        }
        out.push_str("]</span>");
    }

    fn image(&self, tag: Tag<'a>, at: Span) -> Event<'a> {
        let Tag::Image { link_type, dest_url, title, id } = tag else { return Event::Start(tag) };
        let href = self.linked.target(self.ix, at).map(|target| {
            let mut href = String::new();
            self.href(target, &mut href);
            CowStr::from(href)
        });
        Event::Start(Tag::Image { link_type, dest_url: href.unwrap_or(dest_url), title, id })
    }

    /// Gathers the text that stands for an image, and writes the image at its
    /// end. The text is words alone.
    fn image_text(&mut self, event: Event<'a>, out: &mut String) {
        match event {
            Event::End(TagEnd::Image) => {
                self.image.push(event);
                html::push_html(out, self.image.drain(..));
            }
            Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak => {
                self.image.push(event);
            }
            _ => {}
        }
    }

    /// Writes the address of a target. It is percent-encoded, which leaves
    /// nothing to escape.
    fn href(&self, target: &Target, out: &mut String) {
        match target {
            Target::File(path) => {
                self.linked.routes.file(path).href_into(self.place.page, out);
            }
            Target::Entry(ix, Some(anchor)) if *ix == self.ix => self.here(anchor, out),
            Target::Entry(ix, anchor) => {
                self.place.href(self.linked, *ix, anchor.as_deref(), out);
            }
        }
    }

    /// Writes the address of an anchor of this body.
    fn here(&self, anchor: &str, out: &mut String) {
        out.extend(["#", &self.prefix]);
        encode_into(anchor, out);
    }

    /// Writes the attribute that makes an anchor.
    fn id(&self, anchor: &str, out: &mut String) {
        out.extend([" id=\"", &self.prefix]);
        escape_into(anchor, out);
        out.push('"');
    }

    /// Writes what begins or ends a unit of the norm's text; answers whether
    /// the event is dealt with.
    fn unit(&mut self, event: &Event<'a>, at: Span, out: &mut String) -> bool {
        if !matches!(event, Event::Start(Tag::Paragraph | Tag::Item)) {
            self.item_marker(out);
        }
        let units = self.doc.body.norm_text.as_ref().map_or(&[][..], |text| &text.units);
        let first = units.partition_point(|unit| unit.start < at.start);
        let here = units[first..].iter().take_while(|unit| unit.start == at.start);
        let unit = |kind: UnitKind| here.clone().find(|unit| unit.kind == kind);
        match event {
            Event::Start(Tag::Paragraph) => {
                self.paragraphs += 1;
                match unit(UnitKind::Paragraph) {
                    Some(unit) => self.open_unit("p", unit, out),
                    None => out.push_str("<p>"),
                }
                self.item_marker(out);
                true
            }
            Event::End(TagEnd::Paragraph) => {
                self.paragraphs -= 1;
                out.push_str("</p>\n");
                true
            }
            Event::Start(Tag::List(Some(_))) => {
                out.push_str("<ol class=\"printed\">\n");
                true
            }
            Event::Start(Tag::Item) => {
                let Some(unit) = unit(UnitKind::Item) else { return false };
                self.open_unit("li", unit, out);
                // In a loose list the words stand in a paragraph, and so does the marker.
                let own = unit.marker.iter().find(|(_, span)| span.start == at.start);
                self.item_marker = own.map(|(marker, _)| marker.as_str());
                true
            }
            Event::Start(tag) if markdown::is_inline(tag) => {
                if let Some(unit) = unit(UnitKind::Line) {
                    self.line(unit, out);
                }
                false
            }
            Event::Text(text) => {
                if let Some(unit) = unit(UnitKind::Line) {
                    self.line(unit, out);
                }
                let marker = self.markers.binary_search_by_key(&at.start, |(start, _)| *start);
                let marker = marker.ok().map(|at| self.markers[at].1);
                let marked = marker.and_then(|marker| Some((marker, text.strip_prefix(marker)?)));
                match marked {
                    Some((marker, rest)) => {
                        let border = at.start + marker.len();
                        out.push_str("<span class=\"marker\">");
                        self.annotated(marker, Span::new(at.start, border), out);
                        out.push_str("</span>");
                        self.annotated(rest, Span::new(border, at.end), out);
                    }
                    None => self.annotated(text, at, out),
                }
                true
            }
            Event::Code(code) => {
                self.annotated_whole(["<code>", code, "</code>"], at, out);
                true
            }
            _ => false,
        }
    }

    /// Writes the marker of the item that has just begun.
    fn item_marker(&mut self, out: &mut String) {
        if let Some(marker) = self.item_marker.take() {
            out.push_str("<span class=\"marker\">");
            escape_into(marker, out);
            out.push_str("</span> ");
        }
    }

    /// Writes words of the norm's text, cut where annotated phrases begin and
    /// end, so that phrases may overlap each other and mark-up. Words that
    /// differ from their source, as an entity does, are not cut.
    fn annotated(&self, words: &str, at: Span, out: &mut String) {
        let phrases = self.linked.phrases(self.ix);
        if phrases.is_empty() || self.doc.text.get(at.range()) != Some(words) {
            return self.annotated_whole(["", words, ""], at, out);
        }
        let borders = phrases.iter().flat_map(|phrase| [phrase.span.start, phrase.span.end]);
        let inside = borders.filter(|border| at.start < *border && *border < at.end);
        let mut cuts: Vec<usize> = inside.chain([at.start, at.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for piece in cuts.windows(2) {
            let piece = Span::new(piece[0], piece[1]);
            let text = &words[piece.start - at.start..piece.end - at.start];
            self.annotated_whole(["", text, ""], piece, out);
        }
    }

    /// Writes a piece of the norm's text that no phrase begins or ends in,
    /// marked with the numbers of the phrases it belongs to, and after it the
    /// links to the notes of the phrases that end with it. The piece is words
    /// between two tags.
    fn annotated_whole(&self, [open, words, close]: [&str; 3], at: Span, out: &mut String) {
        let phrases = self.linked.phrases(self.ix);
        let here = phrases.iter().filter(|p| p.span.start < at.end && at.start < p.span.end);
        let numbers: Vec<String> = here.map(|phrase| phrase.number.to_string()).collect();
        if !numbers.is_empty() {
            let notes = numbers.join(" ");
            out.extend(["<span class=\"annotated\" data-notes=\"", &notes, "\">"]);
        }
        out.push_str(open);
        escape_into(words, out);
        out.push_str(close);
        if !numbers.is_empty() {
            out.push_str("</span>");
        }
        for phrase in phrases.iter().filter(|p| at.start < p.span.end && p.span.end <= at.end) {
            self.note_reference(phrase, out);
        }
    }

    /// Writes a link from a phrase to its note. It has no words: the theme draws
    /// the number, so that the norm's text stays as it is.
    fn note_reference(&self, phrase: &Phrase, out: &mut String) {
        let notes = self.doc.body.annotations.iter().flat_map(|section| &section.annotations);
        let anchor = notes.map(|note| note.anchor.as_str()).nth(phrase.annotation).unwrap_or("");
        let number = phrase.number.to_string();
        out.extend(["<a class=\"note-reference\" id=\"", &self.prefix, "nb-from-"]);
        escape_into(anchor, out);
        out.push_str("\" href=\"");
        self.here(anchor, out);
        out.extend(["\" data-number=\"", &number, "\" aria-label=\"Note ", &number, "\"></a>"]);
    }

    /// A line that begins with a marker is a paragraph of its own.
    fn line(&self, unit: &Unit, out: &mut String) {
        if self.paragraphs > 0 {
            out.push_str("</p>\n");
            self.open_unit("p", unit, out);
        } else {
            out.push_str("<br>");
            self.open_unit("span", unit, out);
            out.push_str("</span>");
        }
    }

    fn open_unit(&self, tag: &str, unit: &Unit, out: &mut String) {
        let name = unit.marker.as_ref().map_or(unit.anchor.as_str(), |(marker, _)| marker);
        out.extend(["<", tag, " class=\"unit\""]);
        self.id(&unit.anchor, out);
        out.push('>');
        self.permalink(&unit.anchor, name, out);
    }

    /// Writes a link to a place on the page itself. It has no words: the theme
    /// draws a sign, so that copied text stays clean.
    fn permalink(&self, anchor: &str, name: &str, out: &mut String) {
        out.push_str("<a class=\"permalink\" href=\"");
        self.here(anchor, out);
        out.push_str("\" aria-label=\"Link to ");
        escape_into(name, out);
        out.push_str("\"></a>");
    }

    fn footnote(&mut self, label: &str) -> usize {
        let next = self.footnotes.len();
        let at = *self.labels.entry(label.to_owned()).or_insert(next);
        if at == next {
            self.footnotes.push(Footnote::default());
        }
        at
    }

    fn footnote_reference(&mut self, label: &str, out: &mut String) {
        let footnote = self.footnote(label);
        let number = footnote + 1;
        self.footnotes[footnote].references += 1;
        let again = match self.footnotes[footnote].references {
            1 => String::new(),
            times => format!("-{times}"),
        };
        let prefix = &self.prefix;
        out.push_str(&format!(
            "<sup class=\"footnote-reference\" id=\"{prefix}fn-{number}-from{again}\">\
             <a href=\"#{prefix}fn-{number}\" aria-label=\"Footnote {number}\">{number}</a></sup>"
        ));
    }

    /// The footnotes as a list, with links back to where they were called.
    pub(super) fn footnotes(&mut self) -> String {
        let footnotes = std::mem::take(&mut self.footnotes);
        if footnotes.is_empty() {
            return String::new();
        }
        let prefix = &self.prefix;
        let mut list = String::from("<ol>\n");
        for (place, footnote) in footnotes.into_iter().enumerate() {
            let number = place + 1;
            let mut text = self.finish(footnote.html);
            if footnote.references > 0 {
                let back = format!(
                    " <a class=\"back\" href=\"#{prefix}fn-{number}-from\" \
                     aria-label=\"Back to the text\">↩</a>"
                );
                let end = text.rfind("</p>").unwrap_or(text.len());
                text.insert_str(end, &back);
            }
            list.push_str(&format!("<li id=\"{prefix}fn-{number}\">{text}</li>\n"));
        }
        list.push_str("</ol>\n");
        list
    }

    /// Ends a piece of HTML: what authors wrote as HTML is cleaned.
    pub(super) fn finish(&self, html: String) -> String {
        match self.linked.handbook.config.allow_html {
            true => sanitise(&html, &self.prefix),
            false => html,
        }
    }
}

/// The markers of the norm's text by where they stand.
fn markers(doc: &Doc) -> Vec<(usize, &str)> {
    let units = doc.body.norm_text.iter().flat_map(|text| &text.units);
    let markers = units.filter_map(|unit| unit.marker.as_ref());
    let mut markers: Vec<(usize, &str)> =
        markers.map(|(marker, span)| (span.start, marker.as_str())).collect();
    markers.sort_unstable_by_key(|(start, _)| *start);
    markers
}

/// A level of headings, at most 6.
fn digit(level: u8) -> char {
    char::from(b'0' + level)
}
