//! Stands in for the crate of this name, of which NFKC alone is asked: by the parser, for identifiers that
//! are not ASCII, and for passwords that are not. A browser has the tables already: in the page it
//! answers, and the worker is 40 kB smaller.

use std::str::Chars;

/// The normal forms of a text, as far as they are asked for.
pub trait UnicodeNormalization<I: Iterator<Item = char>> {
    /// The text in normal form KC.
    fn nfkc(self) -> impl Iterator<Item = char>;
}

impl<'a> UnicodeNormalization<Chars<'a>> for &'a str {
    fn nfkc(self) -> impl Iterator<Item = char> {
        self.chars().nfkc()
    }
}

impl<I: Iterator<Item = char>> UnicodeNormalization<I> for I {
    #[cfg(target_family = "wasm")]
    fn nfkc(self) -> impl Iterator<Item = char> {
        let text: String = self.collect();
        let normal = String::from(js_sys::JsString::from(text).normalize("NFKC"));
        normal.chars().collect::<Vec<char>>().into_iter()
    }

    #[cfg(not(target_family = "wasm"))]
    fn nfkc(self) -> impl Iterator<Item = char> {
        icu_normalizer::ComposingNormalizerBorrowed::new_nfkc().normalize_iter(self)
    }
}
