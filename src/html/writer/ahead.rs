//! What the events of a body come past: its headings, references and terms of
//! the glossary. Each list is in the order of the text, as the events are, so
//! that a step ahead takes the place of a search through memory that is seldom
//! at hand.

use std::iter::Peekable;

use crate::link::glossary::TermMention;
use crate::link::{Linked, Target, Targets};
use crate::model::EntryIx;
use crate::parse::body::Mention;
use crate::parse::headings::Heading;
use crate::span::Span;

/// What is still ahead.
pub(super) struct Ahead<'a> {
    headings: &'a [Heading],
    mentions: &'a [Mention],
    terms: &'a [TermMention],
    targets: Peekable<Targets<'a>>,
}

impl<'a> Ahead<'a> {
    /// All that an entry's body has.
    pub(super) fn of(linked: &'a Linked, ix: EntryIx) -> Ahead<'a> {
        let body = &linked.handbook.entry(ix).doc.body;
        Ahead {
            headings: &body.headings,
            mentions: &body.mentions,
            terms: linked.terms(ix),
            targets: linked.targets(ix).peekable(),
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
        while self.targets.next_if(|(place, _)| *place < at).is_some() {}
        self.targets.peek().filter(|(place, _)| *place == at).map(|(_, target)| *target)
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::config;
    use crate::date::PartialDate;
    use crate::html::{Place, prose};
    use crate::link::{Linked, resolve};
    use crate::model::{EntryIx, Parts, assemble};
    use crate::parse::{Role, parse, role};
    use crate::path::SourcePath;
    use crate::read::Source;

    /// A page of a handbook that holds a norm, two sources, two terms and an image.
    fn page(body: &str) -> (Linked, EntryIx) {
        let files = [
            ("norms/a", "title: Alpha", ""),
            ("pages/p", "title: Page", body),
            ("sources/s", "title: Sigma", ""),
            ("sources/t", "title: Tau", ""),
            ("terms/due-care", "title: due care", ""),
            ("terms/duty", "title: duty", ""),
        ];
        let docs = files.map(|(path, front, body)| {
            let path = SourcePath::new(format!("content/{path}.md"));
            let Role::Entry(kind) = role(&path) else { panic!("no entry: {path}") };
            let text = format!("---\n{front}\n---\n\n{body}\n");
            Arc::new(parse(&Source::new(path, text.into_bytes()), kind).value)
        });
        let parts = Parts {
            docs: docs.into(),
            assets: vec![SourcePath::new("content/pages/b.png")],
            config: config::read(None, None).value,
            today: PartialDate::day(2026, 11, 23).expect("a day"),
            drafts: false,
        };
        let linked = resolve(Arc::new(assemble(parts).value), None);
        assert!(linked.diagnostics.is_empty(), "{:?}", linked.diagnostics);
        let ix = linked.value.handbook.at_path(&SourcePath::new("content/pages/p.md"));
        (linked.value, ix.expect("the page"))
    }

    /// Compares where the links and images of a body lead, and the words that
    /// follow.
    #[track_caller]
    fn check(body: &str, expected: &[&str]) {
        let (linked, ix) = page(body);
        let html = prose(&linked, ix, Place::alone(linked.routes.entry(ix))).commentary;
        let shown = |tag: &str| {
            let (address, rest) = tag.split_once("=\"../")?.1.split_once('"')?;
            let (_, words) = rest.split_once('>')?;
            Some([address.trim_end_matches("/index.html"), words.trim()].join(" "))
        };
        let found: Vec<String> = html.split('<').filter_map(shown).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn each_citation_in_brackets_leads_to_its_source() {
        let expected = ["sources/t Tau, p. 3", "sources/s Sigma", "norms/a Alpha"];
        check("See [@t, p. 3; @s] and [[a]].", &expected);
    }

    #[test]
    fn an_image_in_a_link_has_its_own_target() {
        let expected = ["norms/a ", "b.png ", "sources/s see", "b.png ", "sources/t Tau"];
        check("[![x](b.png)](../norms/a.md) and [[s|see ![y](b.png) *it*]], [[t]].", &expected);
    }

    #[test]
    fn terms_are_linked_before_and_after_a_link() {
        let expected =
            ["terms/due-care Due care", "norms/a Alpha", "norms/a duty", "terms/duty duty"];
        check("Due care of [[a]] and [[a|duty]] or duty.", &expected);
    }

    #[test]
    fn a_reference_in_a_heading_is_linked() {
        let expected = ["norms/a Alpha", "sources/s Sigma", "sources/t Tau", "norms/a Alpha"];
        check("# Of [[a]] {#x}\n\nSee [[s]].\n\n## On [@t]\n\nAnd [[a]].", &expected);
    }
}
