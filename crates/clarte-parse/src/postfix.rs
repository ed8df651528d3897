//! STUB
use clarte_model::Sink;
use crate::{Context, Format, Input};

pub(crate) struct Postfix;

impl Format for Postfix {
    fn recognises(&self, _head: &[u8]) -> bool {
        false
    }
    fn read(&self, _input: &mut Input<'_>, _context: &Context, _sink: &mut dyn Sink) -> &'static str {
        "postfix"
    }
}
