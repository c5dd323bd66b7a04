//! The fuzz targets of normbook; `tests/fuzz/run` builds and runs them.

#![forbid(unsafe_code)]

pub mod targets;
