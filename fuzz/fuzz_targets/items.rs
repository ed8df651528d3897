//! Whatever the bytes, the items in them are read, grouped, weighed and laddered, and the rest told.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::items(bytes));
