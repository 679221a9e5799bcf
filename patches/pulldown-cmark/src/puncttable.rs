//! What counts as punctuation beside emphasis: that of the scripts that lessons are written in. Upstream has a
//! table of all of Unicode.

pub(crate) fn is_ascii_punctuation(c: u8) -> bool {
    c.is_ascii_punctuation()
}

pub(crate) fn is_punctuation(c: char) -> bool {
    match c {
        '\u{0}'..='\u{7f}' => c.is_ascii_punctuation(),
        // Latin, then general punctuation and symbols, then the Far East.
        '\u{a1}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}'..='\u{b8}' => true,
        '\u{bb}' | '\u{bf}' | '\u{d7}' | '\u{f7}' => true,
        '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' => true,
        '\u{2190}'..='\u{2bff}' => true,
        '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3020}' => true,
        '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' => true,
        _ => false,
    }
}
