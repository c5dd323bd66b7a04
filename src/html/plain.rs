//! Events that mean nothing of our own, written as by pulldown-cmark's own
//! writer, one at a time. Tables' cells, images and footnotes are not among
//! them: for these the library's writer remembers what came before.

use pulldown_cmark::{Event, Tag, html};
use pulldown_cmark_escape::escape_html_body_text;

/// Writes words at the end of a piece of HTML.
pub(super) fn text(words: &str, out: &mut String) {
    escape_html_body_text(out, words).expect("invariant: writing to a string does not fail");
}

/// Writes an event at the end of a piece of HTML. The library's writer begins
/// most blocks on a line of their own and believes that it begins with a new
/// line.
pub(super) fn plain(event: Event<'_>, out: &mut String) {
    let on_own_line = matches!(
        &event,
        Event::Rule
            | Event::Start(
                Tag::Paragraph
                    | Tag::BlockQuote(_)
                    | Tag::CodeBlock(_)
                    | Tag::List(_)
                    | Tag::Item
                    | Tag::DefinitionList
                    | Tag::DefinitionListTitle
                    | Tag::DefinitionListDefinition
            )
    );
    if on_own_line && !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    html::push_html(out, std::iter::once(event));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown;
    use crate::span::Span;

    #[test]
    fn plain_events_are_written_as_by_the_library() {
        let markdown = "Words *of* **a** ~~text~~ & `<code>`\\\nnext\nline\n\n\
                        - tight\n  > quoted\n  > - in it\n- ```rust x\n  let a = \"<\";\n  ```\n\n  \
                        ---\n\n- loose\n\n      indented\n\n3. three\n   1. one\n   2. two\n\n\
                        ***\n\n> quote\n\nTerm\n: what *it* is\n: or\n\n  - a list\n";
        let body = Span::new(0, markdown.len());
        let mut written = String::new();
        for (event, _) in markdown::events(markdown, body) {
            match event {
                Event::Text(words) => text(&words, &mut written),
                other => plain(other, &mut written),
            }
        }
        let mut expected = String::new();
        html::push_html(&mut expected, markdown::events(markdown, body).map(|(event, _)| event));
        assert_eq!(written, expected);
    }
}
