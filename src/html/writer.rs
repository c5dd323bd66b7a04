//! Turns the events of a body into events that pulldown-cmark's own HTML
//! writer prints: references become links, headings get their level and
//! anchor, the units of the norm's text get theirs, footnotes are gathered.

use std::collections::BTreeMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::levels::Levels;
use super::outline::{self, Section};
use super::table::Columns;
use super::{Region, escape};
use crate::link::{Linked, Target};
use crate::model::EntryIx;
use crate::parse::Doc;
use crate::parse::body::MentionTarget;
use crate::parse::markdown::{self, Link};
use crate::parse::norm_text::{Unit, UnitKind};
use crate::parse::phrases::Phrase;
use crate::path::{Address, encode};
use crate::span::Span;

pub(super) struct Writer<'a> {
    linked: &'a Linked,
    ix: EntryIx,
    doc: &'a Doc,
    page: &'a Address,
    region: Region,
    /// Headings of the commentary, which may be in several pieces.
    commentary: Levels,
    /// Headings of the present region, when it is another.
    levels: Levels,
    /// The headings that are open, and those that are done with their regions.
    headings: Vec<Heading>,
    outline: Vec<(Region, Heading)>,
    /// The ends of open links; a link inside a link is only its text.
    links: Vec<&'static str>,
    /// Inside a link whose text is written here; its own events are skipped.
    skipping: usize,
    paragraphs: usize,
    /// The marker of an item whose words have not begun.
    item_marker: Option<String>,
    /// Each table has a name of its own for screen readers.
    tables: usize,
    columns: Columns,
    footnotes: Vec<Footnote<'a>>,
    /// The places of footnotes by their labels.
    labels: BTreeMap<String, usize>,
    /// The places of the units of the norm's text by where their markers stand.
    markers: BTreeMap<usize, usize>,
    /// The footnote whose definition is being read.
    defining: Option<usize>,
    /// What the present event becomes; empty between events.
    out: Vec<Event<'a>>,
}

/// A heading as it is written.
struct Heading {
    level: u8,
    anchor: String,
    title: String,
}

struct Footnote<'a> {
    references: usize,
    events: Vec<Event<'a>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(linked: &'a Linked, ix: EntryIx, page: &'a Address) -> Writer<'a> {
        Writer {
            linked,
            ix,
            doc: &linked.handbook.entry(ix).doc,
            page,
            region: Region::Commentary,
            commentary: Levels::new(2),
            levels: Levels::new(3),
            headings: Vec::new(),
            outline: Vec::new(),
            links: Vec::new(),
            skipping: 0,
            paragraphs: 0,
            item_marker: None,
            tables: 0,
            columns: Columns::default(),
            footnotes: Vec::new(),
            labels: BTreeMap::new(),
            markers: markers(&linked.handbook.entry(ix).doc),
            defining: None,
            out: Vec::new(),
        }
    }

    /// Begins a region; its headings stand below those of the templates.
    pub(super) fn begin(&mut self, region: Region) {
        self.region = region;
        match region {
            Region::NormText => self.levels = Levels::new(3),
            Region::AnnotationsIntro | Region::Annotation(_) => self.levels = Levels::new(4),
            Region::Commentary | Region::Nothing => {}
        }
    }

    /// Writes one event.
    pub(super) fn write(&mut self, event: Event<'a>, at: Span, into: &mut Vec<Event<'a>>) {
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
        let mut out = std::mem::take(&mut self.out);
        self.translate(event, at, &mut out);
        match self.defining {
            Some(footnote) => self.footnotes[footnote].events.append(&mut out),
            None => into.append(&mut out),
        }
        self.out = out;
    }

    fn translate(&mut self, event: Event<'a>, at: Span, out: &mut Vec<Event<'a>>) {
        if self.region == Region::NormText && self.unit(&event, at, out) {
            return;
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as u8, at, out),
            Event::End(TagEnd::Heading(_)) => self.end_heading(out),
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. })) => self.link(tag, at, out),
            Event::End(TagEnd::Link) => out.push(html(self.links.pop().unwrap_or(""))),
            Event::Start(Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell)
            | Event::End(TagEnd::Table | TagEnd::TableHead | TagEnd::TableCell) => {
                self.table(event, out);
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                self.defining = Some(self.footnote(&label));
            }
            Event::End(TagEnd::FootnoteDefinition) => self.defining = None,
            Event::FootnoteReference(label) => self.footnote_reference(&label, out),
            Event::Start(Tag::HtmlBlock) if !self.linked.handbook.config.allow_html => {
                out.push(Event::Start(Tag::Paragraph));
            }
            Event::End(TagEnd::HtmlBlock) if !self.linked.handbook.config.allow_html => {
                out.push(Event::End(TagEnd::Paragraph));
            }
            Event::Html(raw) | Event::InlineHtml(raw)
                if !self.linked.handbook.config.allow_html =>
            {
                out.push(Event::Text(raw));
            }
            Event::Text(words) => self.words(words, at, out),
            other => out.push(other),
        }
    }

    fn table(&mut self, event: Event<'a>, out: &mut Vec<Event<'a>>) {
        match event {
            Event::Start(Tag::Table(alignments)) => {
                self.tables += 1;
                self.columns = Columns::new(alignments);
                out.push(html(format!(
                    "<div class=\"table\" role=\"region\" aria-label=\"Table {}\" tabindex=\"0\">",
                    self.tables
                )));
                out.push(Event::Start(Tag::Table(Vec::new())));
            }
            Event::Start(Tag::TableCell) => out.push(html(self.columns.open_cell())),
            Event::End(TagEnd::TableCell) => out.push(html(self.columns.close_cell())),
            Event::Start(_) => {
                self.columns.begin_row();
                out.push(event);
            }
            Event::End(TagEnd::Table) => {
                out.push(event);
                out.push(html("</div>\n"));
            }
            _ => {
                self.columns.end_head();
                out.push(event);
            }
        }
    }

    /// Writes words of the editors, with links from terms of the glossary.
    fn words(&self, words: CowStr<'a>, at: Span, out: &mut Vec<Event<'a>>) {
        let inside = |span: Span| at.start <= span.start && span.end <= at.end;
        let mut done = 0;
        for mention in self.linked.terms(self.ix).iter().filter(|m| inside(m.span)) {
            let (start, end) = (mention.span.start - at.start, mention.span.end - at.start);
            let href = escape(&self.href(&Target::Entry(mention.term, None)));
            let word = escape(&words[start..end]);
            out.push(Event::Text(words[done..start].to_owned().into()));
            out.push(html(format!("<a class=\"term\" href=\"{href}\">{word}</a>")));
            done = end;
        }
        match done {
            0 => out.push(Event::Text(words)),
            _ => out.push(Event::Text(words[done..].to_owned().into())),
        }
    }

    fn heading(&mut self, written: u8, at: Span, out: &mut Vec<Event<'a>>) {
        let levels = match self.region {
            Region::Commentary => &mut self.commentary,
            _ => &mut self.levels,
        };
        let level = levels.settle(written);
        let headings = &self.doc.body.headings;
        let anchor = headings.binary_search_by_key(&at, |heading| heading.span);
        let anchor = anchor.map_or("", |at| headings[at].anchor.as_str()).to_owned();
        out.push(html(format!("<h{level} id=\"{}\">", escape(&anchor))));
        self.headings.push(Heading { level, anchor, title: String::new() });
    }

    fn end_heading(&mut self, out: &mut Vec<Event<'a>>) {
        let Some(heading) = self.headings.pop() else { return };
        out.push(html(permalink(&heading.anchor, "this section")));
        out.push(html(format!("</h{}>\n", heading.level)));
        self.outline.push((self.region, heading));
    }

    /// The sections that the headings of a region began.
    pub(super) fn outline(&self, region: Region) -> Vec<Section> {
        let own = self.outline.iter().filter(|(of, _)| *of == region);
        outline::nest(own.map(|(_, heading)| {
            let (href, title) = (format!("#{}", encode(&heading.anchor)), heading.title.clone());
            (heading.level, Section { href, title, sections: Vec::new() })
        }))
    }

    /// Writes the start of a link or an image.
    fn link(&mut self, tag: Tag<'a>, at: Span, out: &mut Vec<Event<'a>>) {
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
                None => self.open_outside(address, out),
            },
            Some(Link::Mail(address)) => self.open_outside(&format!("mailto:{address}"), out),
            Some(Link::Image(_)) => out.push(self.image(tag, at)),
            Some(Link::WikiImage) | None => self.skipping = 1,
        }
    }

    fn open_link(&mut self, target: Option<&Target>, out: &mut Vec<Event<'a>>) {
        let href = target.filter(|_| self.links.is_empty()).map(|target| self.href(target));
        match href {
            Some(href) => {
                out.push(html(format!("<a href=\"{}\">", escape(&href))));
                self.links.push("</a>");
            }
            None => self.links.push(""),
        }
    }

    fn open_outside(&mut self, address: &str, out: &mut Vec<Event<'a>>) {
        if !self.links.is_empty() {
            self.links.push("");
            return;
        }
        out.push(html(format!("<a class=\"outside\" href=\"{}\">", escape(address))));
        self.links.push("</a>");
    }

    fn whole_link(&mut self, target: Option<&Target>, label: &str, out: &mut Vec<Event<'a>>) {
        if let Some(open) = self.headings.last_mut() {
            open.title.push_str(label);
        }
        let label = escape(label);
        match target.filter(|_| self.links.is_empty()) {
            Some(target) => {
                let href = escape(&self.href(target));
                out.push(html(format!("<a href=\"{href}\">{label}</a>")));
            }
            None => out.push(html(label)),
        }
    }

    /// Writes `[@a, p. 3; @b]` as links in square brackets.
    fn citations(&mut self, at: Span, out: &mut Vec<Event<'a>>) {
        let mention = self.doc.body.mentions.iter().find(|mention| mention.span == at);
        let Some(MentionTarget::Citations(citations)) = mention.map(|m| &m.target) else { return };
        out.push(html("<span class=\"citation\">["));
        for (place, citation) in citations.iter().enumerate() {
            if place > 0 {
                out.push(html("; "));
            }
            let target = self.linked.target(self.ix, citation.source.span);
            let label = self.linked.citation_label(target, citation.locator.as_deref());
            self.whole_link(target, &label, out);
        }
        out.push(html("]</span>"));
    }

    fn image(&self, tag: Tag<'a>, at: Span) -> Event<'a> {
        let Tag::Image { link_type, dest_url, title, id } = tag else { return Event::Start(tag) };
        let target = self.linked.target(self.ix, at);
        let dest_url = target.map_or(dest_url, |target| CowStr::from(self.href(target)));
        Event::Start(Tag::Image { link_type, dest_url, title, id })
    }

    fn href(&self, target: &Target) -> String {
        let routes = &self.linked.routes;
        match target {
            Target::File(path) => routes.file(path).href_from(self.page),
            Target::Entry(ix, anchor) => {
                let href = routes.entry(*ix).href_from(self.page);
                match anchor {
                    Some(anchor) if *ix == self.ix => format!("#{}", encode(anchor)),
                    Some(anchor) => format!("{href}#{}", encode(anchor)),
                    None => href,
                }
            }
        }
    }

    /// Writes what begins or ends a unit of the norm's text; answers whether
    /// the event is dealt with.
    fn unit(&mut self, event: &Event<'a>, at: Span, out: &mut Vec<Event<'a>>) -> bool {
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
                    Some(unit) => out.push(html(open_unit("p", unit))),
                    None => out.push(html("<p>")),
                }
                self.item_marker(out);
                true
            }
            Event::End(TagEnd::Paragraph) => {
                self.paragraphs -= 1;
                out.push(html("</p>\n"));
                true
            }
            Event::Start(Tag::List(Some(_))) => {
                out.push(html("<ol class=\"printed\">\n"));
                true
            }
            Event::Start(Tag::Item) => {
                let Some(unit) = unit(UnitKind::Item) else { return false };
                out.push(html(open_unit("li", unit)));
                // In a loose list the words stand in a paragraph, and so does the marker.
                let own = unit.marker.iter().find(|(_, span)| span.start == at.start);
                self.item_marker = own.map(|(marker, _)| printed(marker));
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
                let marker = self.markers.get(&at.start).and_then(|at| units[*at].marker.as_ref());
                let marked = marker
                    .and_then(|(marker, _)| Some((marker, text.strip_prefix(marker.as_str())?)));
                match marked {
                    Some((marker, rest)) => {
                        let border = at.start + marker.len();
                        out.push(html("<span class=\"marker\">"));
                        self.annotated(marker, Span::new(at.start, border), out);
                        out.push(html("</span>"));
                        self.annotated(rest, Span::new(border, at.end), out);
                    }
                    None => self.annotated(text, at, out),
                }
                true
            }
            Event::Code(code) => {
                let html = format!("<code>{}</code>", escape(code));
                self.annotated_whole(html, at, out);
                true
            }
            _ => false,
        }
    }

    /// Writes the marker of the item that has just begun.
    fn item_marker(&mut self, out: &mut Vec<Event<'a>>) {
        if let Some(marker) = self.item_marker.take() {
            out.push(html(marker));
            out.push(Event::Text(" ".into()));
        }
    }

    /// Writes words of the norm's text, cut where annotated phrases begin and
    /// end, so that phrases may overlap each other and mark-up. Words that
    /// differ from their source, as an entity does, are not cut.
    fn annotated(&self, words: &str, at: Span, out: &mut Vec<Event<'a>>) {
        let phrases = self.linked.phrases(self.ix);
        if phrases.is_empty() || self.doc.text.get(at.range()) != Some(words) {
            return self.annotated_whole(escape(words), at, out);
        }
        let borders = phrases.iter().flat_map(|phrase| [phrase.span.start, phrase.span.end]);
        let inside = |border: &usize| at.start < *border && *border < at.end;
        let mut cuts: Vec<usize> = borders.filter(inside).chain([at.start, at.end]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for piece in cuts.windows(2) {
            let piece = Span::new(piece[0], piece[1]);
            let text = &words[piece.start - at.start..piece.end - at.start];
            self.annotated_whole(escape(text), piece, out);
        }
    }

    /// Writes a piece of the norm's text that no phrase begins or ends in,
    /// marked with the numbers of the phrases it belongs to, and after it the
    /// links to the notes of the phrases that end with it.
    fn annotated_whole(&self, piece: String, at: Span, out: &mut Vec<Event<'a>>) {
        let phrases = self.linked.phrases(self.ix);
        let here = phrases.iter().filter(|p| p.span.start < at.end && at.start < p.span.end);
        let numbers: Vec<String> = here.map(|phrase| phrase.number.to_string()).collect();
        if numbers.is_empty() {
            out.push(html(piece));
        } else {
            let notes = numbers.join(" ");
            out.push(html(format!(
                "<span class=\"annotated\" data-notes=\"{notes}\">{piece}</span>"
            )));
        }
        for phrase in phrases.iter().filter(|p| at.start < p.span.end && p.span.end <= at.end) {
            out.push(html(self.note_reference(phrase)));
        }
    }

    /// A link from a phrase to its note. It has no words: the theme draws the
    /// number, so that the norm's text stays as it is.
    fn note_reference(&self, phrase: &Phrase) -> String {
        let notes = self.doc.body.annotations.iter().flat_map(|section| &section.annotations);
        let anchor = notes.map(|note| note.anchor.as_str()).nth(phrase.annotation).unwrap_or("");
        let (id, href, number) = (escape(anchor), escape(&encode(anchor)), phrase.number);
        format!(
            "<a class=\"note-reference\" id=\"nb-from-{id}\" href=\"#{href}\" \
             data-number=\"{number}\" aria-label=\"Note {number}\"></a>"
        )
    }

    /// A line that begins with a marker is a paragraph of its own.
    fn line(&self, unit: &Unit, out: &mut Vec<Event<'a>>) {
        if self.paragraphs > 0 {
            out.push(html("</p>\n"));
            out.push(html(open_unit("p", unit)));
        } else {
            out.push(html("<br>"));
            out.push(html(open_unit("span", unit)));
            out.push(html("</span>"));
        }
    }

    fn footnote(&mut self, label: &str) -> usize {
        let next = self.footnotes.len();
        let at = *self.labels.entry(label.to_owned()).or_insert(next);
        if at == next {
            self.footnotes.push(Footnote { references: 0, events: Vec::new() });
        }
        at
    }

    fn footnote_reference(&mut self, label: &str, out: &mut Vec<Event<'a>>) {
        let footnote = self.footnote(label);
        let number = footnote + 1;
        self.footnotes[footnote].references += 1;
        let again = match self.footnotes[footnote].references {
            1 => String::new(),
            times => format!("-{times}"),
        };
        out.push(html(format!(
            "<sup class=\"footnote-reference\" id=\"fn-{number}-from{again}\">\
             <a href=\"#fn-{number}\" aria-label=\"Footnote {number}\">{number}</a></sup>"
        )));
    }

    /// The footnotes as a list, with links back to where they were called.
    pub(super) fn footnotes(self, to_html: impl Fn(Vec<Event<'a>>) -> String) -> String {
        if self.footnotes.is_empty() {
            return String::new();
        }
        let mut list = String::from("<ol>\n");
        for (place, footnote) in self.footnotes.into_iter().enumerate() {
            let number = place + 1;
            let mut text = to_html(footnote.events);
            if footnote.references > 0 {
                let back = format!(
                    " <a class=\"back\" href=\"#fn-{number}-from\" aria-label=\"Back to the text\">↩</a>"
                );
                let end = text.rfind("</p>").unwrap_or(text.len());
                text.insert_str(end, &back);
            }
            list.push_str(&format!("<li id=\"fn-{number}\">{text}</li>\n"));
        }
        list.push_str("</ol>\n");
        list
    }
}

/// The units of the norm's text by where their markers stand.
fn markers(doc: &Doc) -> BTreeMap<usize, usize> {
    let units = doc.body.norm_text.iter().flat_map(|text| &text.units).enumerate();
    units.filter_map(|(at, unit)| Some((unit.marker.as_ref()?.1.start, at))).collect()
}

fn open_unit(tag: &str, unit: &Unit) -> String {
    let name = unit.marker.as_ref().map_or(unit.anchor.as_str(), |(marker, _)| marker);
    let anchor = escape(&unit.anchor);
    format!("<{tag} class=\"unit\" id=\"{anchor}\">{}", permalink(&unit.anchor, name))
}

/// A link to a place on the page itself. It has no words: the theme draws a
/// sign, so that copied text stays clean.
fn permalink(anchor: &str, name: &str) -> String {
    let (href, name) = (escape(&encode(anchor)), escape(name));
    format!("<a class=\"permalink\" href=\"#{href}\" aria-label=\"Link to {name}\"></a>")
}

fn printed(marker: &str) -> String {
    format!("<span class=\"marker\">{}</span>", escape(marker))
}

fn html<'a>(text: impl Into<String>) -> Event<'a> {
    Event::InlineHtml(CowStr::from(text.into()))
}
