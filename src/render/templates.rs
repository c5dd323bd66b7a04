//! The templates, read and ready.
//!
//! Templates see a view and nothing else: no function looks into the
//! handbook. So the digest of templates and view is a complete key.

use std::collections::BTreeMap;

use tera::{Context, ErrorKind, Tera};

use super::{Bytes, filters};
use crate::diagnostic::{Checked, Diagnostic, catalog};
use crate::digest::Digest;
use crate::path::{Address, SourcePath};
use crate::span::{Position, Span, offset_of};

/// All templates of a handbook.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    /// The digest of their names and texts.
    pub digest: Digest,
}

/// The digest that [`load`]'s result can be remembered by.
pub fn digest(files: &BTreeMap<String, Bytes>) -> Digest {
    Digest::of_parts(files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_ref()]))
}

/// Reads the templates, by name. Those that cannot be read are reported and
/// left out.
pub fn load(files: &BTreeMap<String, Bytes>) -> Checked<Templates> {
    let mut tera = Tera::default();
    filters::register(&mut tera);
    let mut diagnostics = Vec::new();
    let mut texts: Vec<(&str, String)> = Vec::new();
    for (name, bytes) in files {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                diagnostics.push(catalog::not_utf8(&path(name), error.valid_up_to()));
                continue;
            }
        };
        // Read by itself first: together only the first mistake is reported.
        match syntax_error(name, text) {
            Some(problem) => diagnostics.push(problem),
            None => texts.push((name, text.to_owned())),
        }
    }
    if diagnostics.is_empty()
        && let Err(error) = tera.add_raw_templates(texts.clone())
    {
        diagnostics.extend(explain_all(&error, &texts));
    }
    Checked::new(Templates { tera, digest: digest(files) }, diagnostics)
}

/// The mistake in a template that can be seen without the others.
fn syntax_error(name: &str, text: &str) -> Option<Diagnostic> {
    let mut alone = Tera::default();
    filters::register(&mut alone);
    let error = alone.add_raw_template(name, text).err()?;
    matches!(error.kind(), ErrorKind::SyntaxError(_)).then(|| explain(&error, None))
}

impl Templates {
    /// Renders one template for the page at `page` into `bytes`, in place of
    /// what they were.
    ///
    /// # Errors
    /// One diagnostic when the template is missing or fails; the bytes are
    /// then not to be used.
    pub fn render(
        &self,
        template: &str,
        context: &Context,
        page: &Address,
        bytes: &mut Vec<u8>,
    ) -> Result<(), Box<Diagnostic>> {
        bytes.clear();
        let rendered = self.tera.render_to(template, context, bytes);
        rendered.map_err(|error| Box::new(explain(&error, Some(page))))
    }
}

/// The mistakes that show only when all templates are together: Tera writes
/// them into one text, each as `error: ...` and `--> name:line:column`.
fn explain_all(error: &tera::Error, texts: &[(&str, String)]) -> Vec<Diagnostic> {
    let report = error.to_string();
    let one = |report: &str| {
        let mut lines = report.lines();
        let message = lines.next()?;
        let mut place = lines.next()?.trim_start().strip_prefix("--> ")?.rsplitn(3, ':');
        let (column, line) = (place.next()?.parse().ok()?, place.next()?.parse().ok()?);
        let named = place.next()?;
        let (name, text) = texts.iter().find(|(name, _)| *name == named)?;
        let start = offset_of(text, Position { line, column });
        Some(catalog::template(&path(name), Some(Span::new(start, start)), message, None))
    };
    let all: Option<Vec<Diagnostic>> = report.split("error: ").skip(1).map(one).collect();
    all.filter(|all| !all.is_empty()).unwrap_or_else(|| vec![explain(error, None)])
}

fn explain(error: &tera::Error, page: Option<&Address>) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = Span::from(report.span().range.clone());
            let (message, rest) = match report.message().split_once(" Available variables: ") {
                Some((message, names)) => (message, format!("the page has {names}")),
                None => (report.message(), String::new()),
            };
            catalog::template(&path(report.filename()), Some(span), message, page).hint(rest)
        }
        _ => catalog::template_set(&error.to_string(), page),
    }
}

fn path(name: &str) -> SourcePath {
    SourcePath::new(format!("templates/{name}"))
}
