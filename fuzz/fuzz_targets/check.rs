//! Whatever a message is made of, it is opened and judged, and what is said of it
//! is the same the second time.
#![no_main]

use std::sync::LazyLock;

use clarte_detect::{Surroundings, judge};

static AROUND: LazyLock<Surroundings> = LazyLock::new(Surroundings::default);

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let open = || clarte_parse::open_mail(bytes, &jiff::tz::TimeZone::UTC);
    let judged = judge(&open(), &AROUND);
    assert_eq!(judged, judge(&open(), &AROUND));
});
