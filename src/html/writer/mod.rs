//! Writes the events of a body as HTML: references become links, headings get
//! their level and anchor, the units of the norm's text get theirs, footnotes
//! are gathered. All else is written as pulldown-cmark's own writer does.

mod ahead;
mod footnotes;
mod units;

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd, html};

use self::ahead::Ahead;
use self::footnotes::Footnote;
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
use crate::path::encode_into;
use crate::span::Span;

pub(super) struct Writer<'a> {
    linked: &'a Linked,
    ix: EntryIx,
    doc: &'a Doc,
    place: Place<'a>,
    ahead: Ahead<'a>,
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

impl<'a> Writer<'a> {
    pub(super) fn new(linked: &'a Linked, ix: EntryIx, place: Place<'a>) -> Writer<'a> {
        Writer {
            linked,
            ix,
            doc: &linked.handbook.entry(ix).doc,
            place,
            ahead: Ahead::of(linked, ix),
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
            markers: units::markers(&linked.handbook.entry(ix).doc),
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
    fn words(&mut self, words: &str, at: Span, out: &mut String) {
        let mut done = 0;
        for mention in self.ahead.terms(at) {
            let (start, end) = (mention.span.start() - at.start(), mention.span.end() - at.start());
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
        let anchor = self.ahead.heading(at).map_or("", |heading| &*heading.anchor);
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
                let target = self.ahead.target(at);
                self.open_link(target, out);
            }
            Some(Link::Wiki { own_text: false, .. }) => {
                let target = self.ahead.target(at);
                let label = target.map(|target| self.linked.label(target));
                self.whole_link(target, &label.unwrap_or_default(), out);
                self.skipping = 1;
            }
            Some(Link::Citation(_)) => {
                self.citations(at, out);
                self.skipping = 1;
            }
            Some(Link::Plain(address)) => match self.ahead.target(at) {
                Some(target) => self.open_link(Some(target), out),
                None => self.open_outside("", address, out),
            },
            Some(Link::Mail(address)) => self.open_outside("mailto:", address, out),
            Some(Link::Image(_)) => {
                let image = self.image(tag, at);
                self.image.push(image);
            }
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
        let Some(mention) = self.ahead.mention(at) else { return };
        let MentionTarget::Citations(citations) = &mention.target else { return };
        out.push_str("<span class=\"citation\">[");
        for (place, citation) in citations.iter().enumerate() {
            if place > 0 {
                out.push_str("; ");
            }
            let target = self.ahead.target(citation.source.span);
            let label = self.linked.citation_label(target, citation.locator.as_deref());
            self.whole_link(target, &label, out);
        }
        out.push_str("]</span>");
    }

    fn image(&mut self, tag: Tag<'a>, at: Span) -> Event<'a> {
        let Tag::Image { link_type, dest_url, title, id } = tag else { return Event::Start(tag) };
        let href = self.ahead.target(at).map(|target| {
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

    /// Writes a link to a place on the page itself. It has no words: the theme
    /// draws a sign, so that copied text stays clean.
    fn permalink(&self, anchor: &str, name: &str, out: &mut String) {
        out.push_str("<a class=\"permalink\" href=\"");
        self.here(anchor, out);
        out.push_str("\" aria-label=\"Link to ");
        escape_into(name, out);
        out.push_str("\"></a>");
    }

    /// Ends a piece of HTML: what authors wrote as HTML is cleaned.
    pub(super) fn finish(&self, html: String) -> String {
        match self.linked.handbook.config.allow_html {
            true => sanitise(&html, &self.prefix),
            false => html,
        }
    }
}

/// A level of headings, at most 6.
fn digit(level: u8) -> char {
    char::from(b'0' + level)
}
