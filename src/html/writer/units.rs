//! The norm's own words: their units with anchors and printed markers, and the
//! annotated phrases with the links to their notes.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Writer;
use crate::html::escape_into;
use crate::parse::Doc;
use crate::parse::markdown;
use crate::parse::norm_text::{Unit, UnitKind};
use crate::parse::phrases::Phrase;
use crate::span::Span;

impl<'a> Writer<'a> {
    /// Writes what begins or ends a unit of the norm's text; answers whether
    /// the event is dealt with.
    pub(super) fn unit(&mut self, event: &Event<'a>, at: Span, out: &mut String) -> bool {
        if !matches!(event, Event::Start(Tag::Paragraph | Tag::Item)) {
            self.item_marker(out);
        }
        let units = self.doc.body.norm_text.as_ref().map_or(&[][..], |text| &text.units);
        let first = units.partition_point(|unit| unit.start < at.start());
        let here = units[first..].iter().take_while(|unit| unit.start == at.start());
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
                let own = unit.marker.iter().find(|(_, span)| span.start() == at.start());
                self.item_marker = own.map(|(marker, _)| &**marker);
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
                let marker = self.markers.binary_search_by_key(&at.start(), |(start, _)| *start);
                let marker = marker.ok().map(|at| self.markers[at].1);
                let marked = marker.and_then(|marker| Some((marker, text.strip_prefix(marker)?)));
                match marked {
                    Some((marker, rest)) => {
                        let border = at.start() + marker.len();
                        out.push_str("<span class=\"marker\">");
                        self.annotated(marker, Span::new(at.start(), border), out);
                        out.push_str("</span>");
                        self.annotated(rest, Span::new(border, at.end()), out);
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
        let borders = phrases.iter().flat_map(|phrase| [phrase.span.start(), phrase.span.end()]);
        let inside = borders.filter(|border| at.start() < *border && *border < at.end());
        let mut cuts: Vec<usize> = inside.chain([at.start(), at.end()]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        for piece in cuts.windows(2) {
            let piece = Span::new(piece[0], piece[1]);
            let text = &words[piece.start() - at.start()..piece.end() - at.start()];
            self.annotated_whole(["", text, ""], piece, out);
        }
    }

    /// Writes a piece of the norm's text that no phrase begins or ends in,
    /// marked with the numbers of the phrases it belongs to, and after it the
    /// links to the notes of the phrases that end with it. The piece is words
    /// between two tags.
    fn annotated_whole(&self, [open, words, close]: [&str; 3], at: Span, out: &mut String) {
        let phrases = self.linked.phrases(self.ix);
        let here =
            phrases.iter().filter(|p| p.span.start() < at.end() && at.start() < p.span.end());
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
        for phrase in
            phrases.iter().filter(|p| at.start() < p.span.end() && p.span.end() <= at.end())
        {
            self.note_reference(phrase, out);
        }
    }

    /// Writes a link from a phrase to its note. It has no words: the theme draws
    /// the number, so that the norm's text stays as it is.
    fn note_reference(&self, phrase: &Phrase, out: &mut String) {
        let notes = self.doc.body.annotations.iter().flat_map(|section| &section.annotations);
        let anchor = notes.map(|note| &*note.anchor).nth(phrase.annotation).unwrap_or("");
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
        let name = unit.marker.as_ref().map_or(&*unit.anchor, |(marker, _)| marker);
        out.extend(["<", tag, " class=\"unit\""]);
        self.id(&unit.anchor, out);
        out.push('>');
        self.permalink(&unit.anchor, name, out);
    }
}

/// The markers of the norm's text by where they stand.
pub(super) fn markers(doc: &Doc) -> Vec<(usize, &str)> {
    let units = doc.body.norm_text.iter().flat_map(|text| &text.units);
    let markers = units.filter_map(|unit| unit.marker.as_ref());
    let mut markers: Vec<(usize, &str)> =
        markers.map(|(marker, span)| (span.start(), &**marker)).collect();
    markers.sort_unstable_by_key(|(start, _)| *start);
    markers
}
