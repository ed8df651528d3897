//! STUB
use clarte_model::Sink;
use crate::{Context, Format, Input};

pub(crate) struct Zeek;

impl Format for Zeek {
    fn recognises(&self, _head: &[u8]) -> bool {
        false
    }
    fn read(&self, _input: &mut Input<'_>, _context: &Context, _sink: &mut dyn Sink) -> &'static str {
        "zeek"
    }
}
