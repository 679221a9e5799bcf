//! Maps and sets with a quick hash: keys are the short names of a person's own project, which need
//! no protection against those who would choose them badly.

use std::hash::BuildHasherDefault;

/// `HashMap` with the quick hash.
pub type HashMap<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Hasher>>;
/// `HashSet` with the quick hash.
pub type HashSet<T> = std::collections::HashSet<T, BuildHasherDefault<Hasher>>;
/// `IndexMap` with the quick hash.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, BuildHasherDefault<Hasher>>;
/// `IndexSet` with the quick hash.
pub type IndexSet<T> = indexmap::IndexSet<T, BuildHasherDefault<Hasher>>;

/// The quick hash: a rotation and a multiplication for eight bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hasher(u64);

impl Hasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl std::hash::Hasher for Hasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, _) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        // The rest, together with bytes before it where there are any: the length tells them apart.
        let rest = match bytes {
            [.., a, b, c, d, e, f, g, h] => u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]),
            [a, b, c, d, ..] => {
                let last = &bytes[bytes.len() - 4..];
                u64::from_le_bytes([*a, *b, *c, *d, last[0], last[1], last[2], last[3]])
            }
            [first, .., last] => {
                let middle = bytes[bytes.len() / 2];
                u64::from_le_bytes([*first, middle, *last, 0, 0, 0, 0, 0])
            }
            [only] => u64::from(*only),
            [] => 0,
        };
        self.mix(rest ^ (bytes.len() as u64).rotate_right(8));
    }

    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.mix(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

/// The hash of a text.
pub fn of_text(text: &str) -> u64 {
    let mut hasher = Hasher::default();
    std::hash::Hasher::write(&mut hasher, text.as_bytes());
    std::hash::Hasher::finish(&hasher)
}
