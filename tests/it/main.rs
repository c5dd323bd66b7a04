//! All integration tests in one program, which links once.
//!
//! `suites` holds the handbook format to its rules, `anchors` proves
//! annotations against the text, `golden` compares whole small sites, `warm`
//! proves that a warm build equals a cold one, `links` that every link of
//! every page leads somewhere, `lists` that long lists lose nothing, `policy`
//! that nothing on them is inline, `print` that norms on one page keep apart,
//! `concordance` and `positions` that relations and stances reach their readers, `fuzz` that no bytes bring a parser down,
//! `external` asks a server of its own for outside links,
//! `search` that readers' words are cut as the index is,
//! `serve` edits a folder under the server's eyes,
//! `hostile` that no input and `world` that no failing disk does harm,
//! `tidy` keeps the house rules, `cli` and `readme` run what users type,
//! `author`, `schema` and `rename` hold what helps authors at work to what it
//! promises, `guide` tries every example of the author's guide, `seal` proves
//! that a build which finds nothing to do is right about that.

#![expect(clippy::disallowed_methods, reason = "tests read and write files")]

mod anchors;
mod author;
mod cli;
mod concordance;
mod external;
mod fuzz;
mod golden;
mod guide;
mod hostile;
mod links;
mod lists;
mod policy;
mod positions;
mod print;
mod readme;
mod rename;
mod safe;
mod schema;
mod seal;
mod search;
mod serve;
mod suites;
mod support;
mod tidy;
mod warm;
mod world;
