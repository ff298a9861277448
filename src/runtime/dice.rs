//! Random numbers: the one place that throws dice for ids.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A number that no other process has: the standard library seeds its hash maps from the system's randomness.
pub fn seed() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    hasher.finish()
}
