//! Views to bytes.
//!
//! Comes in: a page's view and the templates. Goes out: the page's bytes, or
//! a diagnostic that names the template, the line and the page. A page that
//! could be rendered only in part does not go out at all.

pub mod assets;
mod compact;
mod filters;
pub mod templates;

use std::sync::Arc;

use self::templates::Templates;
use crate::diagnostic::{Diagnostic, count};
use crate::digest::Digest;
use crate::page::{Page, View};

/// Renders a view of a page into `bytes`, in place of what they were: whoever
/// renders many pages uses the same memory for all.
///
/// # Errors
/// One diagnostic when the template fails on this page; the bytes are then
/// not to be used.
pub fn page(
    page: &Page,
    view: View,
    templates: &Templates,
    bytes: &mut Vec<u8>,
) -> Result<(), Box<Diagnostic>> {
    let View { own, site } = view;
    let mut context = tera::Context::new();
    for (key, value) in own.into_value().into_map().unwrap_or_default() {
        match key {
            tera::value::Key::Str(name) => context.insert_value(name, value),
            other => {
                if let Some(name) = other.as_str() {
                    context.insert_value(name.to_owned(), value);
                }
            }
        }
    }
    context.insert_value("site", site);
    templates.render(page.template(), &context, &page.address, bytes)
}

/// The digest of all that a page's bytes depend on.
pub fn digest(page: &Page, view: &View, templates: &Templates) -> Digest {
    let view = Digest::of_value(view);
    Digest::of_parts([
        templates.digest.as_bytes().as_slice(),
        page.template().as_bytes(),
        page.address.as_str().as_bytes(),
        view.as_bytes(),
    ])
}

/// Bytes that several owners share.
pub type Bytes = Arc<[u8]>;

/// Says once what a template does wrong on many pages, with the first page.
pub fn merge(mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    problems.sort();
    let mut merged: Vec<(Diagnostic, usize)> = Vec::new();
    for problem in problems {
        match merged.last_mut() {
            Some((first, times)) if Ord::cmp(&*first, &problem).is_eq() => *times += 1,
            _ => merged.push((problem, 1)),
        }
    }
    let say = |(problem, times): (Diagnostic, usize)| match times {
        1 => problem,
        times => problem.hint(format!("and on {}", count(times - 1, "other page"))),
    };
    merged.into_iter().map(say).collect()
}
