//! The first mention of each glossary term in each entry.
//!
//! Comes in: all entries. Goes out: for each entry, which words of its text
//! are terms. Only the exact forms that a term's `title` and `also` give
//! count, whole words, with a capital or a small first letter; never in
//! headings, links, code or the norm's own words.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::id::Kind;
use crate::kept::exact;
use crate::model::{Entry, EntryIx, Handbook};
use crate::parse::front_matter::Meta;
use crate::parse::letters::writes_without_spaces;
use crate::span::Span;

/// A word that is a term of the glossary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermMention {
    /// Where the word stands.
    pub span: Span,
    /// The term.
    pub term: EntryIx,
}

/// The forms of all terms, ready to be looked for.
pub struct Glossary {
    forms: AhoCorasick,
    /// The term of each form.
    terms: Vec<EntryIx>,
}

impl Glossary {
    /// The glossary of a handbook; nothing when it has no terms, or its
    /// author does not want them linked.
    pub fn of(handbook: &Handbook) -> Option<Glossary> {
        let mut forms: Vec<String> = Vec::new();
        let mut terms = Vec::new();
        for ix in handbook.of(Kind::Term) {
            let Meta::Term(term) = &handbook.entry(*ix).doc.meta else { continue };
            for form in std::iter::once(&term.title.value).chain(&term.also) {
                for form in with_either_first_letter(form.trim()) {
                    forms.push(form);
                    terms.push(*ix);
                }
            }
        }
        if forms.is_empty() || !handbook.config.link_terms {
            return None;
        }
        let forms = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms);
        Some(Glossary { forms: forms.ok()?, terms })
    }

    /// The first mention of each term in an entry, in the order of the text.
    pub fn mentions(&self, ix: EntryIx, entry: &Entry) -> Box<[TermMention]> {
        let mut seen: BTreeSet<EntryIx> = [ix].into();
        let mut mentions = Vec::new();
        for span in &entry.doc.body.plain_words {
            self.find(&entry.doc.text[span.range()], span.start(), &mut seen, &mut mentions);
        }
        exact(mentions)
    }

    fn find(
        &self,
        words: &str,
        offset: usize,
        seen: &mut BTreeSet<EntryIx>,
        mentions: &mut Vec<TermMention>,
    ) {
        for found in self.forms.find_iter(words) {
            let term = self.terms[found.pattern().as_usize()];
            if is_whole_word(words, found.start(), found.end()) && seen.insert(term) {
                let span = Span::new(found.start(), found.end()).shifted(offset);
                mentions.push(TermMention { span, term });
            }
        }
    }
}

fn with_either_first_letter(form: &str) -> BTreeSet<String> {
    let mut letters = form.chars();
    let Some(first) = letters.next() else { return BTreeSet::new() };
    let rest = letters.as_str();
    // An abbreviation such as `GGE` is no word with a small first letter.
    let abbreviation = rest.starts_with(char::is_uppercase);
    let small: String = first.to_lowercase().chain(rest.chars()).collect();
    let capital: String = first.to_uppercase().chain(rest.chars()).collect();
    let other = if abbreviation { form.to_owned() } else { small };
    [form.to_owned(), other, capital].into()
}

/// Whether no word goes on before or after; a hyphen belongs to its word.
fn is_whole_word(words: &str, start: usize, end: usize) -> bool {
    let in_word = |c: char| (c.is_alphanumeric() || c == '-') && !writes_without_spaces(c);
    let before = words[..start].chars().next_back().is_some_and(in_word);
    let after = words[end..].chars().next().is_some_and(in_word);
    !before && !after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_have_either_first_letter() {
        let forms = |form: &str| with_either_first_letter(form).into_iter().collect::<Vec<_>>();
        assert_eq!(forms("due diligence"), ["Due diligence", "due diligence"]);
        assert_eq!(forms("GGE"), ["GGE"]);
    }

    #[test]
    fn only_whole_words_count() {
        assert!(is_whole_word("a norm.", 2, 6));
        assert!(!is_whole_word("a normal", 2, 6));
        assert!(!is_whole_word("a norm-maker", 2, 6));
        assert!(is_whole_word("国家规范应", 6, 12));
    }
}
