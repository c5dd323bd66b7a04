//! Checks that stand on the settings alone: words of vocabularies, outside
//! addresses, codes of States.

use crate::config::is_base_url;
use crate::diagnostic::{Diagnostic, catalog};
use crate::parse::Doc;
use crate::parse::front_matter::Meta;
use crate::span::{Span, Spanned};
use crate::vocabulary::{Vocabularies, Vocabulary};

/// Reports the words of one entry that its vocabularies do not hold, and
/// fields that are no address or no code.
pub fn check(doc: &Doc, vocabularies: &Vocabularies, diagnostics: &mut Vec<Diagnostic>) {
    for (name, vocabulary, word) in words(&doc.meta, vocabularies) {
        // A word without a place stands for one that was reported already.
        if vocabulary.find(word).is_none() && word.span != Span::default() {
            diagnostics.push(catalog::unknown_word(
                doc.at(word.span),
                name,
                word,
                &vocabulary.ids(),
            ));
        }
    }
    let kinds = &vocabularies.annotation_kinds;
    for note in doc.body.annotations.iter().flat_map(|section| &section.annotations) {
        if let Some(kind) = note.kind.as_deref().filter(|kind| kinds.find(kind).is_none()) {
            let at = doc.at(note.heading);
            diagnostics.push(catalog::unknown_word(at, "annotation-kinds", kind, &kinds.ids()));
        }
    }
    for url in addresses(&doc.meta).into_iter().flatten() {
        if !is_web_address(url) {
            diagnostics.push(catalog::bad_url(doc.at(url.span), url));
        }
    }
    if let Meta::Actor(actor) = &doc.meta
        && let Some(code) = &actor.code
        && !(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
    {
        diagnostics.push(catalog::bad_code(doc.at(code.span), code));
    }
}

/// A word, with the name and the words of its vocabulary.
type Use<'a> = (&'static str, &'a Vocabulary, &'a Spanned<String>);

/// Every word that a front matter takes from a vocabulary.
fn words<'a>(meta: &'a Meta, vocabularies: &'a Vocabularies) -> Vec<Use<'a>> {
    let v = vocabularies;
    let mut uses: Vec<Use<'a>> = Vec::new();
    match meta {
        Meta::Norm(norm) => {
            uses.extend(norm.status.iter().map(|word| ("statuses", &v.statuses, word)));
            uses.extend(norm.force.iter().map(|word| ("forces", &v.forces, word)));
            uses.extend(norm.modality.iter().map(|word| ("modalities", &v.modalities, word)));
            uses.extend(norm.addressees.iter().map(|word| ("addressees", &v.addressees, word)));
            uses.extend(norm.relations.iter().map(|r| ("relations", &v.relations, &r.r#type)));
            uses.extend(norm.history.iter().map(|e| ("events", &v.events, &e.event)));
        }
        Meta::Source(source) => {
            uses.extend(source.kind.iter().map(|word| ("source-kinds", &v.source_kinds, word)));
        }
        Meta::Actor(actor) => {
            uses.extend(actor.kind.iter().map(|word| ("actor-kinds", &v.actor_kinds, word)));
        }
        Meta::Statement(statement) => {
            uses.extend(statement.positions.iter().map(|p| ("stances", &v.stances, &p.stance)));
        }
        Meta::Theme(_) | Meta::Forum(_) | Meta::Term(_) | Meta::Page(_) => {}
    }
    uses
}

/// The fields that hold outside addresses: the address itself, and that of an
/// archived copy.
pub fn addresses(meta: &Meta) -> [Option<&Spanned<String>>; 2] {
    match meta {
        Meta::Forum(forum) => [forum.url.as_ref(), None],
        Meta::Source(source) => [source.url.as_ref(), source.archived.as_ref()],
        Meta::Actor(actor) => [actor.url.as_ref(), None],
        Meta::Norm(_) | Meta::Theme(_) | Meta::Statement(_) | Meta::Term(_) | Meta::Page(_) => {
            [None, None]
        }
    }
}

/// Whether a text is an address on the web; queries and fragments are fine.
fn is_web_address(url: &str) -> bool {
    let base = url.split(['?', '#']).next().unwrap_or("");
    is_base_url(base) && !url.contains([' ', '"', '<', '>'])
}
