//! Faults: evidence that could not be read, kept as data.

use std::fmt;

/// Bytes that could not be read, or had to be repaired to be read.
///
/// A fault is a property of the evidence, not a failure of Clarté.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// First byte, in the innermost decompressed stream.
    pub offset: u64,
    /// Number of bytes concerned.
    pub length: u64,
    /// Whether the bytes are lost (counted as `faulted`) or belong to a record
    /// that was still read (a repair: counted in `faults` alone).
    pub lost: bool,
    /// What kind of damage.
    pub kind: FaultKind,
    /// What was found, in English, without a final dot.
    pub detail: String,
}

macro_rules! fault_kinds {
    ($($variant:ident $name:literal $meaning:literal,)*) => {
        /// The kinds of damage that Clarté tells apart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FaultKind {
            $(#[doc = $meaning] $variant,)*
        }

        impl FaultKind {
            /// Every kind, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The kind's stable name, as in the log and the catalogue.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the kind means, in one sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

fault_kinds! {
    Unreadable "unreadable" "The operating system would not let the bytes be read.",
    Truncated "truncated" "The stream ends before its format says it may.",
    Decompression "decompression" "The compressed stream is damaged.",
    TooLarge "too-large" "A line, message or stream exceeds our cap.",
    TooDeep "too-deep" "Parts are nested deeper than our cap.",
    Malformed "malformed" "The bytes break the format's own rules.",
    FieldCount "field-count" "A row has another number of fields than its header announces.",
    BadValue "bad-value" "A field holds what its type does not allow.",
    BadTime "bad-time" "A time cannot be read.",
    AmbiguousTime "ambiguous-time" "A date can be read in two ways.",
    ImplausibleTime "implausible-time" "A time lies where no clock that works can be.",
    Encoding "encoding" "Text is not in the encoding it claims.",
    Charset "charset" "A character set is unknown.",
    TransferEncoding "transfer-encoding" "Base64 or quoted-printable content is damaged.",
    Boundary "boundary" "A multipart boundary is missing or never closed.",
    Header "header" "A header is damaged.",
    Encrypted "encrypted" "The bytes are encrypted, and there is no key.",
    Unsupported "unsupported" "The bytes are packed in a way that Clarté does not know.",
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
