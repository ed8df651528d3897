//! SHA-256 of evidence in the one pass that reads it.

use std::io::{self, Read};

use clarte_model::EvidenceId;
use sha2::{Digest, Sha256};

/// How much is read at once when the rest of a file is drained.
const CHUNK: usize = 64 * 1024;

/// Hashes what passes through it.
///
/// ```
/// use std::io::Read;
/// let mut reader = clarte_custody::HashingReader::new(&b"abc"[..]);
/// let mut first = [0];
/// reader.read_exact(&mut first)?;
/// let (id, bytes) = reader.finish()?; // the rest is read here
/// assert_eq!(bytes, 3);
/// assert!(id.to_string().starts_with("sha256:ba7816bf8f01cfea"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct HashingReader<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> HashingReader<R> {
    /// Starts at the reader's present position, which ought to be its start.
    pub fn new(inner: R) -> Self {
        Self { inner, hash: Sha256::new(), bytes: 0 }
    }

    /// Bytes read so far.
    pub fn read_so_far(&self) -> u64 {
        self.bytes
    }

    /// Reads to the end, so that the hash covers the whole file however early
    /// its parser gave up; returns the name of the evidence and its length.
    pub fn finish(mut self) -> io::Result<(EvidenceId, u64)> {
        let mut buffer = vec![0; CHUNK];
        loop {
            match self.read(&mut buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok((EvidenceId(self.hash.finalize().into()), self.bytes))
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hash.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_NOTHING: &str =
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn nothing_has_the_hash_of_nothing() {
        let (id, bytes) = HashingReader::new(io::empty()).finish().expect("memory");
        assert_eq!((id.to_string().as_str(), bytes), (OF_NOTHING, 0));
    }

    #[test]
    fn the_hash_does_not_depend_on_how_much_was_read_before() {
        let content: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
        let whole = HashingReader::new(&content[..]).finish().expect("memory");
        for taken in [0, 1, 65_536, 199_999, 200_000] {
            let mut reader = HashingReader::new(&content[..]);
            reader.read_exact(&mut vec![0; taken]).expect("within");
            assert_eq!(reader.read_so_far(), taken as u64);
            assert_eq!(reader.finish().expect("memory"), whole);
        }
    }
}
