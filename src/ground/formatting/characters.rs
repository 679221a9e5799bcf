//! What Python's `str` methods ask of one character.

/// What `str.strip()` takes for white space: Unicode's, and the separators that end records in ASCII.
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

/// `str.isprintable()` of one character.
pub fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        _ if character.is_ascii() => false,
        // A program for wasm32 has Rust's own table already: `escape_debug` escapes the categories that Python does,
        // and what combines with the character before it where there is none, hence the `a`.
        _ => {
            let mut pair = [b'a', 0, 0, 0, 0];
            let length = 1 + character.encode_utf8(&mut pair[1..]).len();
            let shown = std::str::from_utf8(&pair[..length])
                .is_ok_and(|pair| pair.escape_debug().nth(1) != Some('\\'));
            shown && !is_younger_than_python(u32::from(character))
        }
    }
}

/// Whether Unicode 14, which CPython 3.11 has, does not assign a code point that Rust's version of Unicode does.
fn is_younger_than_python(code: u32) -> bool {
    YOUNGER_THAN_PYTHON
        .binary_search_by(|&(first, count)| {
            if code < first {
                std::cmp::Ordering::Greater
            } else if code >= first + u32::from(count) {
                std::cmp::Ordering::Less
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

/// Ranges, as the first code point and how many there are. A newer Rust may need more of them: the oracle test goes
/// through all code points.
#[rustfmt::skip]
const YOUNGER_THAN_PYTHON: &[(u32, u16)] = &[
    (0x88f, 1), (0x897, 1), (0xc5c, 1), (0xcdc, 1), (0xcf3, 1), (0xece, 1), (0x1acf, 15), (0x1ae0, 12),
    (0x1b4e, 2), (0x1b7f, 1), (0x1c89, 2), (0x20c1, 1), (0x2427, 3), (0x2b96, 1), (0x2ffc, 4), (0x31e4, 2),
    (0x31ef, 1), (0xa7cb, 5), (0xa7d2, 1), (0xa7d4, 1), (0xa7da, 3), (0xa7f1, 1), (0xfbc3, 16), (0xfd90, 2),
    (0xfdc8, 7), (0x105c0, 52), (0x10940, 26), (0x10d40, 38), (0x10d69, 29), (0x10d8e, 2), (0x10ec2, 6),
    (0x10ed0, 9), (0x10efa, 6), (0x1123f, 3), (0x11380, 10), (0x1138b, 1), (0x1138e, 1), (0x11390, 38),
    (0x113b7, 10), (0x113c2, 1), (0x113c5, 1), (0x113c7, 4), (0x113cc, 10), (0x113d7, 2), (0x113e1, 2),
    (0x116d0, 20), (0x11b00, 10), (0x11b60, 8), (0x11bc0, 34), (0x11bf0, 10), (0x11db0, 44), (0x11de0, 10),
    (0x11f00, 17), (0x11f12, 41), (0x11f3e, 29), (0x1342f, 1), (0x13440, 22), (0x13460, 3995), (0x16100, 58),
    (0x16d40, 58), (0x16ea0, 25), (0x16ebb, 25), (0x16ff2, 5), (0x187f8, 8), (0x18cff, 1), (0x18d09, 22),
    (0x18d80, 115), (0x1b132, 1), (0x1b155, 1), (0x1cc00, 253), (0x1cd00, 436), (0x1ceba, 23), (0x1cee0, 17),
    (0x1d2c0, 20), (0x1df25, 6), (0x1e030, 62), (0x1e08f, 1), (0x1e4d0, 42), (0x1e5d0, 43), (0x1e5ff, 1),
    (0x1e6c0, 31), (0x1e6e0, 22), (0x1e6fe, 2), (0x1f6d8, 1), (0x1f6dc, 1), (0x1f774, 12), (0x1f7d9, 1),
    (0x1f8b2, 10), (0x1f8c0, 2), (0x1f8d0, 9), (0x1fa54, 4), (0x1fa75, 3), (0x1fa87, 4), (0x1fa8e, 2),
    (0x1faad, 3), (0x1fabb, 5), (0x1fac6, 1), (0x1fac8, 1), (0x1facd, 3), (0x1fada, 3), (0x1fadf, 1),
    (0x1fae8, 3), (0x1faef, 1), (0x1faf7, 2), (0x1fbcb, 37), (0x1fbfa, 1), (0x2b739, 7), (0x2cea2, 12),
    (0x2ebf0, 622), (0x31350, 8490),
];
