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
use crate::span::Span;

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
        let Ok(text) = std::str::from_utf8(bytes) else {
            diagnostics.push(catalog::not_utf8(&path(name), 0));
            continue;
        };
        // Read by itself first: together only the first mistake is reported.
        match syntax_error(name, text) {
            Some(problem) => diagnostics.push(problem),
            None => texts.push((name, text.to_owned())),
        }
    }
    if diagnostics.is_empty()
        && let Err(error) = tera.add_raw_templates(texts)
    {
        diagnostics.push(explain(&error, None));
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
    /// Renders one template for the page at `page`.
    ///
    /// # Errors
    /// One diagnostic when the template is missing or fails.
    pub fn render(
        &self,
        template: &str,
        context: &Context,
        page: &Address,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        match self.tera.render_to(template, context, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(Box::new(explain(&error, Some(page)))),
        }
    }
}

fn explain(error: &tera::Error, page: Option<&Address>) -> Diagnostic {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = Span::from(report.span().range.clone());
            catalog::template(&path(report.filename()), Some(span), report.message(), page)
        }
        _ => catalog::template_set(&error.to_string(), page),
    }
}

fn path(name: &str) -> SourcePath {
    SourcePath::new(format!("templates/{name}"))
}
