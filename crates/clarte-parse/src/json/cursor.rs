//! A place in JSON text, and the steps over what stands there: checked, but not
//! built. Spec: RFC 8259.

/// Reads on in the text from some place in it.
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Cursor<'a> {
    /// At the beginning of `text`.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Steps over a string; whether it is without escapes.
    pub(crate) fn string(&mut self) -> Option<bool> {
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        let mut escaped = false;
        loop {
            self.at += ordinary(&self.text.as_bytes()[self.at..]);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.escape()?;
                }
                // A control character.
                _ => return None,
            }
        }
        self.at += 1;
        Some(!escaped)
    }

    fn escape(&mut self) -> Option<()> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        self.at += match rest.first()? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
            b'u' if rest.get(1..5)?.iter().all(u8::is_ascii_hexdigit) => 6,
            _ => return None,
        };
        Some(())
    }

    pub(crate) fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.peek()? == b'-');
        let zero = self.peek()? == b'0';
        let whole = self.digits()?;
        if zero && whole > 1 {
            return None;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek()?, b'+' | b'-'));
            self.digits()?;
        }
        Some(())
    }

    /// Steps over digits, at least one.
    fn digits(&mut self) -> Option<usize> {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(count)
    }

    pub(crate) fn literal(&mut self, word: &str) -> Option<()> {
        let fits = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += word.len();
        fits.then_some(())
    }

    /// Steps over white space and `byte`, if that comes next.
    #[inline]
    pub(crate) fn passes(&mut self, byte: u8) -> bool {
        if self.peek() != Some(byte) {
            self.skip_space();
        }
        let passes = self.peek() == Some(byte);
        self.at += usize::from(passes);
        passes
    }

    #[inline]
    pub(crate) fn required(&mut self, byte: u8) -> Option<()> {
        self.passes(byte).then_some(())
    }

    #[inline]
    pub(crate) fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// How many bytes precede the first quote, backslash or control character.
pub(crate) fn ordinary(bytes: &[u8]) -> usize {
    const fn all(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let mut count = 0;
    for word in bytes.chunks_exact(8) {
        let word = u64::from_le_bytes(word.try_into().unwrap_or_default());
        // The top bit of each byte less than `n`; wrong at most behind a byte
        // where it is right, and only the first counts.
        let less = |word: u64, n: u8| word.wrapping_sub(all(n)) & !word & all(0x80);
        let hits = less(word, 0x20) | less(word ^ all(b'"'), 1) | less(word ^ all(b'\\'), 1);
        if hits != 0 {
            return count + hits.trailing_zeros() as usize / 8;
        }
        count += 8;
    }
    let is_ordinary = |byte: &&u8| **byte >= 0x20 && !matches!(**byte, b'"' | b'\\');
    count + bytes[count..].iter().take_while(is_ordinary).count()
}
