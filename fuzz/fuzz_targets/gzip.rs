//! Whatever comes out of a gzip stream, and however it ends, is accounted for.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::any_format(bytes));
