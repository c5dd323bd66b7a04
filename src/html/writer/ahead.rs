//! What the events of a body come past: its headings, references and terms of
//! the glossary. Each list is in the order of the text, as the events are, so
//! that a step ahead takes the place of a search through memory that is seldom
//! at hand.

use crate::link::glossary::TermMention;
use crate::link::{Linked, Target};
use crate::model::EntryIx;
use crate::parse::body::Mention;
use crate::parse::headings::Heading;
use crate::span::Span;

/// What is still ahead.
pub(super) struct Ahead<'a> {
    headings: &'a [Heading],
    mentions: &'a [Mention],
    terms: &'a [TermMention],
    targets: &'a [(Span, u32)],
    linked: &'a Linked,
    ix: EntryIx,
}

impl<'a> Ahead<'a> {
    /// All that an entry's body has.
    pub(super) fn of(linked: &'a Linked, ix: EntryIx) -> Ahead<'a> {
        let body = &linked.handbook.entry(ix).doc.body;
        Ahead {
            headings: &body.headings,
            mentions: &body.mentions,
            terms: linked.terms(ix),
            targets: linked.places(ix),
            linked,
            ix,
        }
    }

    /// The heading that stands at a place.
    pub(super) fn heading(&mut self, at: Span) -> Option<&'a Heading> {
        pass(&mut self.headings, |heading| heading.span < at);
        self.headings.first().filter(|heading| heading.span == at)
    }

    /// The mention that stands at a place.
    pub(super) fn mention(&mut self, at: Span) -> Option<&'a Mention> {
        pass(&mut self.mentions, |mention| mention.span < at);
        self.mentions.first().filter(|mention| mention.span == at)
    }

    /// Where the reference at a place leads.
    pub(super) fn target(&mut self, at: Span) -> Option<&'a Target> {
        pass(&mut self.targets, |(place, _)| *place < at);
        let (_, found) = self.targets.first().filter(|(place, _)| *place == at)?;
        Some(self.linked.found(self.ix, *found))
    }

    /// The terms in the words at a place.
    pub(super) fn terms(&mut self, at: Span) -> &'a [TermMention] {
        pass(&mut self.terms, |term| term.span.start() < at.start());
        let inside = self.terms.iter().take_while(|term| term.span.end() <= at.end()).count();
        &self.terms[..inside]
    }
}

/// Leaves behind what stands before a place.
fn pass<T>(ahead: &mut &[T], before: impl Fn(&T) -> bool) {
    while let [first, rest @ ..] = *ahead
        && before(first)
    {
        *ahead = rest;
    }
}
