//! The built-in theme without what only its authors read: comments and
//! indentation. A quarter of its bytes; what a handbook overrides goes out as
//! it is.
//!
//! This is no parser. It relies on how the theme is written, and a test holds
//! the theme to that: comments of scripts stand on lines of their own, and no
//! string runs over a line.

/// A stylesheet on as few bytes as need no understanding of it.
pub(super) fn css(text: &str) -> String {
    let mut compact = String::with_capacity(text.len());
    for (place, part) in without_comments(text).split('"').enumerate() {
        // Every second part stands in quotation marks.
        if place % 2 == 1 {
            compact.push_str(&format!("\"{part}\""));
            continue;
        }
        for word in part.split_inclusive(char::is_whitespace) {
            let (word, space) = match word.strip_suffix(char::is_whitespace) {
                Some(word) => (word, true),
                None => (word, false),
            };
            if word.starts_with(['{', '}']) && compact.ends_with(' ') {
                compact.pop();
            }
            if word.starts_with('}') && compact.ends_with(';') {
                compact.pop();
            }
            compact.push_str(word);
            if space && !compact.is_empty() && !compact.ends_with([' ', '{', '}', ';', ',', ':']) {
                compact.push(' ');
            }
        }
    }
    compact.trim_end().to_owned() + "\n"
}

fn without_comments(text: &str) -> String {
    let mut parts = text.split("/*");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once("*/").map_or("", |(_, after)| after));
    }
    kept
}

/// A script without indentation and lines of comment.
pub(super) fn script(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let kept = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    kept.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use include_dir::{Dir, include_dir};

    use super::*;

    static THEME: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/theme");

    #[test]
    fn stylesheets_keep_their_meaning() {
        let text = "@layer a, b;\n/* why */\n@media (width > 1px) {\n  a :hover, a::after {\n    \
                    content: \" { ; \" / \"\";\n    margin: 0 auto;\n  }\n}\n";
        let expected = "@layer a,b;@media (width > 1px){a :hover,a::after\
                        {content:\" { ; \" / \"\";margin:0 auto}}\n";
        assert_eq!(css(text), expected);
    }

    #[test]
    fn scripts_lose_comments_and_indentation() {
        let text = "// Why.\n'use strict';\n\n{\n  // a reason\n  go('//x'); // here\n}\n";
        assert_eq!(script(text), "'use strict';\n{\ngo('//x'); // here\n}\n");
    }

    #[test]
    fn the_theme_is_written_as_this_expects() {
        for file in THEME.files() {
            let text = file.contents_utf8().expect("the theme is text");
            let name = file.path().display();
            for line in text.lines() {
                let whole = |quote| line.matches(quote).count().is_multiple_of(2);
                assert!(whole('`') && whole('"'), "{name}: a string runs over a line: {line}");
            }
            let script = file.path().extension().is_some_and(|ending| ending == "js");
            assert!(!script || !text.contains("/*"), "{name}: write comments with //");
        }
    }
}
