//! STUB
use clarte_model::Sink;
use crate::{Context, Format, Input};

pub(crate) struct Squid;

impl Format for Squid {
    fn recognises(&self, _head: &[u8]) -> bool {
        false
    }
    fn read(&self, _input: &mut Input<'_>, _context: &Context, _sink: &mut dyn Sink) -> &'static str {
        "squid"
    }
}
