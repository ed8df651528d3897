//! What it carries or leads to.

pub(super) mod bare_address;
pub(super) mod cloud_archive;
pub(super) mod consent;
pub(super) mod credential_form;
pub(super) mod device_code;
pub(super) mod direction;
pub(super) mod disk_image;
pub(super) mod double_extension;
pub(super) mod invitation;
pub(super) mod link_mismatch;
pub(super) mod locked_archive;
pub(super) mod macros;
pub(super) mod program;
pub(super) mod qr;
pub(super) mod shortcut;
pub(super) mod shortener;
pub(super) mod smuggling;
pub(super) mod svg;

use crate::file::{File, shown};
use crate::observation::Observation;
use crate::reading::Reading;

/// What `detector` says of the first file that is as `wanted`.
fn of_file(
    reading: &Reading<'_>,
    detector: &'static str,
    wanted: impl Fn(&File) -> bool,
) -> Option<Observation> {
    let file = reading.files.iter().find(|file| wanted(file))?;
    Some(Observation::new(detector).with("name", shown(&file.name)))
}
