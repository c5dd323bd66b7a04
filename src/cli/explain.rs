//! `normbook explain`: what a message means, at length.

use std::error::Error;

use super::messages::output;
use crate::diagnostic::{alternatives, explain, nearest};
use crate::lint::LINTS;

/// Prints the explanation of a code to standard output, or all codes.
pub(super) fn explain(code: Option<&str>) -> Result<bool, Box<dyn Error>> {
    let rules = || LINTS.iter().map(|lint| lint.code);
    let Some(code) = code else {
        let mut codes: Vec<&str> = explain::codes().chain(rules()).collect();
        codes.sort_unstable();
        for code in codes {
            output(code)?;
        }
        return Ok(true);
    };
    let rule = LINTS.iter().find(|lint| lint.code == code).map(|lint| lint.docs);
    match explain::explain(code).or(rule) {
        Some(text) => {
            output(&format!("{code}\n\n{}", wrapped(text)))?;
            Ok(true)
        }
        None => {
            let near = nearest(code, explain::codes().chain(rules()));
            let hint = match near.as_slice() {
                [] => "`normbook explain` lists them all".to_owned(),
                near => format!("did you mean {}?", alternatives(near)),
            };
            Err(format!("there is no message `{code}`; {hint}").into())
        }
    }
}

/// Breaks a paragraph into lines that are easy to read.
fn wrapped(text: &str) -> String {
    const WIDTH: usize = 76;
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
