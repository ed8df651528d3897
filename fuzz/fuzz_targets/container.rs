//! Whatever comes out of containers, and however they end, is accounted for, member
//! by member.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::any_format(bytes));
