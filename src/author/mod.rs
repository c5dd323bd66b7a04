//! What helps an author at work: skeletons of new entries, schemas of front
//! matters, snippets for an editor, and new names for entries.
//!
//! Comes in: a handbook, or the names of one. Goes out: texts for its author.
//! Nothing here touches the disk; the command line writes what it is given.

pub mod rename;
pub mod schema;
pub mod skeleton;
pub mod snippets;
