//! What comes out of mailboxes of Outlook is accounted for, member by member,
//! whether the file is searched or held in memory.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    clarte_fuzz::any_format_at(bytes);
    clarte_fuzz::any_format(bytes);
});
