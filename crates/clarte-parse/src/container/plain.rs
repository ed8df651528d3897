//! Bytes out of their compression, whole, for files that are read at once.

use std::borrow::Cow;
use std::io::{self, Read};

use super::limits::Budget;
use super::{Container, Limits, recognise};
use crate::Input;

/// What lies in `bytes`: themselves, or what comes out of the compression that
/// they are (gzip, zstd, bzip2 or xz; one, not several), of which at most `cap`
/// bytes are kept. Archives are not opened.
///
/// ```
/// assert_eq!(clarte_parse::unpacked(b"{}", 10)?.as_ref(), b"{}");
/// assert!(clarte_parse::unpacked(b"{} and more", 10).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// Where the compression is damaged, or more than `cap` comes out of it, or far
/// more than honest content gives ([`Limits`]).
pub fn unpacked(bytes: &[u8], cap: usize) -> io::Result<Cow<'_, [u8]>> {
    let too_large = || {
        let what = format!("it holds more than {cap} bytes; such files are not read");
        io::Error::new(io::ErrorKind::FileTooLarge, what)
    };
    let Some((_, Container::Compression(compression))) = recognise(bytes) else {
        return if bytes.len() > cap { Err(too_large()) } else { Ok(Cow::Borrowed(bytes)) };
    };
    // The ratio counts from the first megabyte: what is read whole is small.
    let budget = Budget::new(Limits { free: 1 << 20, ..Limits::default() });
    let mut packed = bytes;
    let mut counted = budget.file(&mut packed);
    let mut input = Input::new(&mut counted);
    let stream = budget.capped(compression.open(&mut input, &budget.limits));
    let mut out = Vec::new();
    stream.take(cap as u64 + 1).read_to_end(&mut out)?;
    if out.len() > cap { Err(too_large()) } else { Ok(Cow::Owned(out)) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        writer.write_all(bytes).expect("memory");
        writer.finish().expect("memory")
    }

    #[test]
    fn opens_one_compression_and_stops_at_the_cap() {
        let packed = gzip(b"{\"type\": \"bundle\"}");
        assert_eq!(unpacked(&packed, 100).expect("whole").as_ref(), b"{\"type\": \"bundle\"}");
        assert!(unpacked(&packed, 10).is_err());
        assert!(unpacked(&packed[..packed.len() - 9], 100).is_err());
        assert_eq!(unpacked(b"", 0).expect("nothing").as_ref(), b"");
    }

    #[test]
    fn a_bomb_is_refused_before_it_grows() {
        let bomb = gzip(&vec![b' '; 64 << 20]);
        let twice = gzip(&bomb);
        // The outer layer alone is opened.
        assert!(unpacked(&twice, 1 << 20).expect("small").len() < 1 << 20);
        assert!(unpacked(&bomb, 32 << 20).is_err());
    }
}
