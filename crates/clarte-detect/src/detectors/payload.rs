//! What it carries or leads to.
