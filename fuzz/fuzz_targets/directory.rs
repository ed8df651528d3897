//! Whatever the bytes, read as this format each is accounted for once.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::one_format("directory", bytes));
