//! What comes out of messages that Outlook saved is accounted for.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| clarte_fuzz::any_format(bytes));
