//! Annotations: the level-3 headings below `## Annotations` of a norm.
//!
//! Comes in: a heading's text, classes and attributes. Goes out: what it
//! annotates and how. Whether the phrase stands in the norm's text is asked
//! by the link stage.

use crate::date::PartialDate;
use crate::span::{Span, Spanned};

/// The part of a body that holds annotations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnotationSection {
    /// From its heading to the next heading of the same or a higher level.
    pub span: Span,
    /// The annotations in the order written.
    pub annotations: Vec<Annotation>,
}

/// One annotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// Where its heading stands.
    pub heading: Span,
    /// Where its Markdown stands.
    pub body: Span,
    /// Its anchor.
    pub anchor: String,
    /// What it is about.
    pub subject: Subject,
    /// Its kind, a word of `annotation-kinds`; editorial without one.
    pub kind: Option<String>,
    /// The date that its heading gives.
    pub date: Option<PartialDate>,
}

/// What an annotation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The norm as a whole, under this title.
    Whole(String),
    /// A phrase of the norm's text.
    Phrase {
        /// The passage that was quoted, without the brackets.
        passage: String,
        /// The phrase in the passage; the whole passage without brackets.
        phrase: Span,
    },
}

impl Subject {
    /// The words that the annotation is headed with.
    pub fn text(&self) -> &str {
        match self {
            Subject::Whole(title) => title,
            Subject::Phrase { passage, phrase } => &passage[phrase.range()],
        }
    }
}

const QUOTES: [(char, char); 5] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」')];

/// Tells what an annotation is about from its heading's text: a quotation is
/// about the phrase, with square brackets about the bracketed part of it.
pub fn subject(heading: &str) -> Subject {
    let heading = heading.trim();
    let inner = QUOTES.iter().find_map(|(open, close)| {
        let inner = heading.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.trim().is_empty()).then_some(inner.trim())
    });
    let Some(passage) = inner else { return Subject::Whole(heading.to_owned()) };
    let brackets = passage.find('[').and_then(|open| {
        let close = passage[open..].find(']')? + open;
        (!passage[open + 1..close].trim().is_empty()).then_some((open, close))
    });
    match brackets {
        Some((open, close)) => {
            let phrase = Span::new(open, close - 1);
            let bare = [&passage[..open], &passage[open + 1..close], &passage[close + 1..]];
            Subject::Phrase { passage: bare.concat(), phrase }
        }
        None => {
            Subject::Phrase { passage: passage.to_owned(), phrase: Span::new(0, passage.len()) }
        }
    }
}

/// The date attribute of a heading, when it is a date.
pub fn date(attributes: &[(String, Option<String>)]) -> Option<Spanned<String>> {
    let (_, value) = attributes.iter().find(|(name, _)| name == "date")?;
    let value = value.as_deref().unwrap_or("").trim_matches(['"', '\'']);
    Some(Spanned::new(value.to_owned(), Span::default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(heading: &str, phrase: Option<&str>) {
        let subject = subject(heading);
        let found = match &subject {
            Subject::Phrase { .. } => Some(subject.text()),
            Subject::Whole(_) => None,
        };
        assert_eq!(found, phrase, "{heading}");
    }

    #[test]
    fn a_quotation_is_about_its_phrase() {
        check("\"step up cooperation\"", Some("step up cooperation"));
        check("“step up”", Some("step up"));
        check("Reception", None);
        check("\"\"", None);
    }

    #[test]
    fn brackets_pick_a_part() {
        check("\"States should [cooperate] in\"", Some("cooperate"));
        let Subject::Phrase { passage, .. } = subject("\"a [b] c\"") else { panic!() };
        assert_eq!(passage, "a b c");
    }
}
