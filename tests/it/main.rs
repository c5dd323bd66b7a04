//! All integration tests in one program, which links once.
//!
//! `suites` holds the handbook format to its rules, `golden` compares whole
//! small sites, `warm` proves that a warm build equals a cold one, `links`
//! that every link of every page leads somewhere, `positions` that stances
//! reach their readers, `tidy` keeps the house rules, `cli` and `readme` run
//! what users type.

mod cli;
mod golden;
mod links;
mod positions;
mod readme;
mod suites;
mod support;
mod tidy;
mod warm;
