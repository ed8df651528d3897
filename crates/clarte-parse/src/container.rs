//! Containers: streams in which other streams lie, opened in passing and in
//! any nesting.
//!
//! A compression (gzip, zstd, bzip2, xz) holds one stream and is transparent:
//! offsets count what comes out of it. An archive (zip, tar) holds members,
//! each a stream of its own with a path. All but PST and MSG are read strictly front
//! to back, because evidence is hashed on the way and what lies in another
//! container cannot be searched; nothing is written anywhere, and memory is
//! bounded by [`Limits`]. How to add one: a file here that implements [`Compression`] or
//! [`Archive`], and a line in [`CONTAINERS`].
//!
//! Left out: archives behind something else (self-extracting ones), several
//! volumes, passwords, 7z, rar, cab and `.Z`.

mod bzip2;
mod exactly;
mod gzip;
mod joined;
mod limits;
mod msg;
mod names;
mod opener;
mod plain;
mod pst;
mod tar;
mod xz;
mod zip;
mod zstd;

use std::io::{BufRead, Read};

use crate::Input;

use exactly::Exactly;
pub use limits::Limits;
pub(crate) use opener::{Members, Opener};
pub use plain::unpacked;

/// Every container with its name as in `intake` and its reader's version,
/// which is raised when the same bytes are opened differently.
pub(crate) const CONTAINERS: &[(&str, u32, Container)] = &[
    ("gzip", 1, Container::Compression(&gzip::Gzip)),
    ("zstd", 1, Container::Compression(&zstd::Zstd)),
    ("bzip2", 1, Container::Compression(&bzip2::Bzip2)),
    ("xz", 1, Container::Compression(&xz::Xz)),
    ("zip", 2, Container::Archive(&zip::Zip)),
    ("tar", 1, Container::Archive(&tar::Tar)),
    ("pst", 1, Container::Archive(&pst::Pst)),
    ("msg", 1, Container::Archive(&msg::Msg)),
];

/// What kind of container it is.
#[derive(Clone, Copy)]
pub(crate) enum Container {
    Compression(&'static dyn Compression),
    Archive(&'static dyn Archive),
}

/// A container of one stream.
pub(crate) trait Compression: Sync {
    /// Whether a stream that begins with `head` is of this kind.
    fn recognises(&self, head: &[u8]) -> bool;

    /// What comes out. It fails where the stream is damaged or cut, after what
    /// came out before; zeros behind the end, as tapes leave them, are nothing.
    fn open<'r>(&self, packed: Packed<'r>, limits: &Limits) -> Box<dyn Read + 'r>;
}

/// A container of any number of streams.
pub(crate) trait Archive: Sync {
    /// Whether a stream that begins with `head` is of this kind.
    fn recognises(&self, head: &[u8]) -> bool;

    /// Hands every member to `members`, and says of which bytes none came that
    /// should have. May leave what follows the last member.
    fn read(&self, input: &mut Input<'_>, members: &mut Members<'_, '_>);
}

/// Where packed bytes come from.
pub(crate) type Packed<'r> = &'r mut (dyn BufRead + 'r);

/// The container that begins with `head`.
fn recognise(head: &[u8]) -> Option<(&'static str, Container)> {
    let is_it = |container: &Container| match container {
        Container::Compression(compression) => compression.recognises(head),
        Container::Archive(archive) => archive.recognises(head),
    };
    let found = CONTAINERS.iter().find(|(_, _, container)| is_it(container));
    found.map(|(name, _, container)| (*name, *container))
}
