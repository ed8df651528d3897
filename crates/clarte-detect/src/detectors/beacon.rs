//! What reports that the mail was opened.

pub(super) mod hidden;
pub(super) mod individual;
pub(super) mod proxied;
pub(super) mod recipient;
pub(super) mod self_hosted;
