//! Footnotes: numbered by their first call, gathered while the body is written,
//! and printed as a list at its end.

use super::Writer;

#[derive(Default)]
pub(super) struct Footnote {
    references: usize,
    pub(super) html: String,
}

impl Writer<'_> {
    /// The place of a footnote, given its label.
    pub(super) fn footnote(&mut self, label: &str) -> usize {
        let next = self.footnotes.len();
        let at = *self.labels.entry(label.to_owned()).or_insert(next);
        if at == next {
            self.footnotes.push(Footnote::default());
        }
        at
    }

    pub(super) fn footnote_reference(&mut self, label: &str, out: &mut String) {
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
    pub(in crate::html) fn footnotes(&mut self) -> String {
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
}
