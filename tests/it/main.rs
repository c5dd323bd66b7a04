//! All integration tests in one program, which links once.
//!
//! `anchors` proves annotations against the text, `suites` holds the handbook format to its rules, `golden` compares whole
//! small sites, `warm` proves that a warm build equals a cold one, `links`
//! that every link of every page leads somewhere, `tidy` keeps the house
//! rules, `cli` and `readme` run what users type.

mod anchors;
mod cli;
mod concordance;
mod golden;
mod links;
mod readme;
mod suites;
mod support;
mod tidy;
mod warm;
