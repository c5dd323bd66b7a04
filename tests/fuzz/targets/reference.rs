//! Fuzzes `reference` of the [targets](normbook_fuzz::targets).

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| normbook_fuzz::targets::reference(data));
