//! `normbook lock`: writes down the addresses and anchors that are being
//! published. `build` and `check` then hold the handbook to them.

use std::error::Error;

use super::LockArgs;
use super::messages::{self, Messages};
use crate::diagnostic::count;
use crate::ledger::Ledger;
use crate::ledger::record::{self, Recorded};
use crate::path::SourcePath;
use crate::pipeline::{Options, Pipeline};
use crate::read::{self, LEDGER, Source};
use crate::write::disk::replace;

/// Records what the site promises, or says what is not recorded; answers
/// whether all is well.
pub(super) fn lock(args: &LockArgs) -> Result<bool, Box<dyn Error>> {
    let mut snapshot = read::disk::snapshot(&args.root, super::today())?;
    let path = SourcePath::new(LEDGER);
    let written = snapshot.ledger().map(Source::text).unwrap_or_default();
    let (text, unknown) = record::without(&written, &args.accept);
    if let Some(unknown) = unknown.first() {
        let advice = "write it as the message shows it";
        return Err(format!("`{unknown}` is not in `{LEDGER}`; {advice}").into());
    }
    if !args.accept.is_empty() {
        snapshot.sources.insert(path.clone(), Source::new(path.clone(), text.as_bytes()));
    }
    let site = Pipeline::default().run(&snapshot, &Options::default(), &mut |_| {});
    if site.has_errors() {
        let messages = Messages { format: args.message_format, snapshot: &snapshot };
        messages.print(&site.diagnostics)?;
        messages.verdict(&site.diagnostics, false);
        return Ok(false);
    }
    let (recorded, now) = (Recorded::parse(&text, &path), site.ledger());
    if args.check {
        return Ok(check(&recorded, &now));
    }
    let renewed = recorded.renewed(&now);
    if renewed != written {
        replace(&args.root.join(LEDGER), &renewed)?;
    }
    let new = count_new(recorded.missing(&now).len());
    messages::note(&format!("{LEDGER} holds {}, {new}", count(now.0.len(), "published place")));
    Ok(true)
}

/// Says which places of the site are not recorded; answers whether all are.
fn check(recorded: &Recorded, now: &Ledger) -> bool {
    let missing = recorded.missing(now);
    match missing.as_slice() {
        [] => messages::note(&format!("all {} are recorded", count(now.0.len(), "place"))),
        [first, rest @ ..] => {
            let more = if rest.is_empty() { "" } else { " and others" };
            messages::note(&format!(
                "{} not in `{LEDGER}`: `{first}`{more}; run `normbook lock` and commit the file",
                match rest {
                    [] => "1 place is".to_owned(),
                    _ => format!("{} places are", missing.len()),
                }
            ));
        }
    }
    missing.is_empty()
}

fn count_new(new: usize) -> String {
    if new == 0 { "none of them new".to_owned() } else { format!("{new} of them new") }
}
