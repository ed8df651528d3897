//! Whatever the text, it is a mapping or told what is wrong; and what is one reads.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::mapping(bytes));
