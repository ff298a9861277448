//! SHA-256 as the journal writes it: 64 lower-case hexadecimal digits.
//!
//! Never keys, never secrets: these digests find damage, they do not keep anybody out.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256 as text, the only form in which the journal stores, compares and hashes one.
#[derive(Copy, Clone, PartialEq, Eq, Hash)]
pub struct Digest([u8; Digest::LEN]);

impl Digest {
    /// Hexadecimal digits of one digest.
    pub const LEN: usize = 64;

    /// The digest of some pieces of bytes, one after the other.
    pub fn of(pieces: &[&[u8]]) -> Self {
        let mut sha = Sha256::new();
        for piece in pieces {
            sha.update(piece);
        }
        let mut text = [0; Self::LEN];
        hex_into(&sha.finalize(), &mut text);
        Self(text)
    }

    /// Takes 64 bytes for a digest without asking whether they are hexadecimal; `None` for another length.
    pub fn from_bytes(text: &[u8]) -> Option<Self> {
        Some(Self(text.try_into().ok()?))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// False for bytes that no writer can have put there.
    pub fn is_hex(&self) -> bool {
        is_hex(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Lower-case hexadecimal digits only.
pub fn is_hex(text: &[u8]) -> bool {
    text.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Writes two digits for each byte; `text` is twice as long as `bytes`.
pub fn hex_into(bytes: &[u8], text: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, pair) in bytes.iter().zip(text.chunks_exact_mut(2)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
}
