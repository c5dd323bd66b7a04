//! Messages about what readers have: published addresses that would be lost,
//! links of rendered pages, links to other hosts.

use super::super::{At, Diagnostic, Severity};
use super::error;
use crate::path::SourcePath;
use crate::span::Span;

/// A line of the ledger that cannot be read.
pub fn ledger_line(at: At<'_>) -> Diagnostic {
    error("ledger-line", at, "this line is no published address".to_owned())
        .hint("after a merge keep the lines of both sides, without the marks between them")
        .hint("the file is written by `normbook lock`; lines of your own begin with `#`")
}

/// A line of `[gone]` whose name is no place of a site.
pub fn gone_no_place(at: At<'_>, place: &str) -> Diagnostic {
    error("gone-place", at, format!("`{place}` cannot be a published address"))
        .hint("write it as in `normbook.lock`: `norms/old-name/` or `norms/name/#anchor`")
}

/// An anchor in `[gone]` of a page that is not there, or is no entry's.
pub fn gone_without_page(at: At<'_>, place: &str) -> Diagnostic {
    error("gone-place", at, format!("no entry's page could say that `{place}` is gone"))
        .hint("for a whole page that is gone, name its address without the anchor")
}

/// An anchor in `[gone]` that its page has.
pub fn gone_but_there(at: At<'_>, place: &str) -> Diagnostic {
    error("gone-place", at, format!("`{place}` is not gone")).hint("remove this line")
}

/// A published address that nothing would stand at. `moved` is the page that
/// has its title now.
pub fn lost_address(at: At<'_>, place: &str, moved: Option<&str>) -> Diagnostic {
    let alias = match moved {
        Some(moved) => {
            format!("add `aliases: [\"{place}\"]` to the entry that is at `{moved}` now")
        }
        None => format!("add `aliases: [\"{place}\"]` to the entry that takes its place"),
    };
    error("lost-address", at, format!("the published address `{place}` would be lost"))
        .hint(alias)
        .hint(tombstone(place))
        .hint(agreed(place))
}

/// A published anchor that its page would not have. `moved` is the anchor
/// that has its words now.
pub fn lost_anchor(at: At<'_>, page: &str, anchor: &str, moved: Option<&str>) -> Diagnostic {
    let place = format!("{page}#{anchor}");
    let keep = match moved {
        Some(moved) => format!("its words are at `#{moved}` now; to a heading add `{{#{anchor}}}`"),
        None => format!("a heading keeps it when its words change: `## New words {{#{anchor}}}`"),
    };
    error("lost-address", at, format!("the published address `{place}` would be lost"))
        .hint(keep)
        .hint(tombstone(&place))
        .hint(agreed(&place))
}

/// A published address at which something else would stand, while what stood
/// there is elsewhere.
pub fn reused_address(at: At<'_>, place: &str, moved: &str) -> Diagnostic {
    error(
        "reused-address",
        at,
        format!("the published address `{place}` would mean something else"),
    )
    .hint(format!("what stood there is at `{moved}` now; give the new text another place"))
    .hint(agreed(place))
}

/// How an editor says that a promise is given up.
fn agreed(place: &str) -> String {
    format!("or give it up: `normbook lock --accept \"{place}\"`")
}

/// How an editor leaves word of what is no more.
fn tombstone(place: &str) -> String {
    format!("or leave a note there, in normbook.toml:\n[gone]\n\"{place}\" = \"Withdrawn.\"")
}

/// What keeps a link of the rendered site from working wherever the site
/// stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotPortable {
    /// It leads to nothing in one of the places.
    Dead {
        /// The address as its page has it.
        target: String,
        /// The first place in which it does; empty when there is no other.
        place: &'static str,
    },
    /// The page that it leads to has no such anchor.
    Anchor {
        /// The address as its page has it.
        target: String,
        /// The file that it leads to.
        file: String,
    },
    /// It works in one place only.
    Absolute {
        /// The address as its page has it.
        target: String,
    },
    /// The browser would ask another host for it.
    Foreign {
        /// The address as its page has it.
        target: String,
    },
}

/// A link of the rendered file `file`, which `template` has made, that does
/// not work wherever the site stands. `at` is where it is written, when that
/// is known.
pub fn not_portable(
    at: Option<At<'_>>,
    problem: &NotPortable,
    file: &str,
    template: Option<&str>,
) -> Diagnostic {
    let nowhere = SourcePath::new("");
    let place = at.unwrap_or(At::new(&nowhere, Span::default()));
    let found = match problem {
        NotPortable::Dead { target, place: "" } => {
            error("page-dead-link", place, format!("the link `{target}` leads nowhere"))
        }
        NotPortable::Dead { target, place: stands } => {
            error("page-dead-link", place, format!("the link `{target}` leads nowhere, {stands}"))
                .hint("name the file, as in `../norms/index.html`, relative to the page")
        }
        NotPortable::Anchor { target, file } => {
            let message =
                format!("the link `{target}` names an anchor that `{file}` does not have");
            error("page-dead-anchor", place, message)
        }
        NotPortable::Absolute { target } => {
            let message = format!("the address `{target}` ties the site to one place");
            error("page-absolute-link", place, message)
                .hint("make it relative to the page; in a template begin it with `{{ site.root }}`")
        }
        NotPortable::Foreign { target } => {
            let message = format!("readers' browsers would ask another host for `{target}`");
            error("page-foreign-request", place, message)
                .hint("put the file into `theme` or beside the entry, or make it a link to follow")
        }
    };
    let made = template.map(|name| format!(", which the template `{name}` makes"));
    let found = found.hint(format!("on the page `{file}`{}", made.unwrap_or_default()));
    match at {
        Some(_) => found,
        None => Diagnostic { path: None, span: None, ..found },
    }
}

/// A link of an entry that leads to nothing on the web: `why` says what was
/// answered, `archived` is the copy that the entry names.
pub fn dead_external_link(
    at: At<'_>,
    address: &str,
    why: &str,
    archived: Option<&str>,
) -> Diagnostic {
    let archived = archived.map(|copy| format!("the entry names an archived copy: `{copy}`"));
    error("dead-external-link", at, format!("the link `{address}` is dead: {why}"))
        .hint(archived.unwrap_or_default())
        .hint("find where the page is now, or link to an archived copy of it")
}

/// A link of an entry that leads elsewhere for good.
pub fn moved_external_link(at: At<'_>, address: &str, to: &str) -> Diagnostic {
    let message = format!("the page at `{address}` has moved for good");
    let found = error("moved-external-link", at, message).hint(format!("write `{to}`"));
    Diagnostic { severity: Severity::Warning, ..found }
}

/// A link of an entry of which it could not be told whether it leads anywhere.
pub fn unsure_external_link(at: At<'_>, address: &str, why: &str) -> Diagnostic {
    let message = format!("the link `{address}` could not be checked: {why}");
    let found = error("unsure-external-link", at, message)
        .hint("look at it in a browser, or check again later");
    Diagnostic { severity: Severity::Warning, ..found }
}
