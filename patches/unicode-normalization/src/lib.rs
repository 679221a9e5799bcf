//! Stands in for the crate of this name, of which the parser asks NFKC alone, for identifiers that are
//! not ASCII. A browser has the tables already: in the page it answers, and the worker is 40 kB smaller.

/// The normal forms of a text, as far as they are asked for.
pub trait UnicodeNormalization {
    /// The text in normal form KC.
    fn nfkc(self) -> impl Iterator<Item = char>;
}

impl UnicodeNormalization for &str {
    #[cfg(target_family = "wasm")]
    fn nfkc(self) -> impl Iterator<Item = char> {
        let normal = String::from(js_sys::JsString::from(self).normalize("NFKC"));
        normal.chars().collect::<Vec<char>>().into_iter()
    }

    #[cfg(not(target_family = "wasm"))]
    fn nfkc(self) -> impl Iterator<Item = char> {
        icu_normalizer::ComposingNormalizerBorrowed::new_nfkc().normalize_iter(self.chars())
    }
}
