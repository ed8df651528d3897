//! Whatever the bytes, read by a mapping each is accounted for once.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::mapped(bytes));
