//! The fuzz targets of normbook; `fuzz/run` builds and runs them.

#![forbid(unsafe_code)]

pub mod targets;
