//! The steps that a pattern is compiled to, and what one character of the text may be.

/// `\d`, `\s`, `\w`.
#[derive(Clone, Copy)]
pub(super) enum CharacterClass {
    Digit,
    Space,
    Word,
}

/// What one character may be.
pub(super) enum Single {
    Char(char),
    /// Whatever its case, which is the lower one here.
    Fold(char),
    Any,
    NoNewline,
    Set(Box<CharacterSet>),
}

/// `[...]`.
pub(super) struct CharacterSet {
    pub ranges: Vec<(char, char)>,
    pub kinds: Vec<(CharacterClass, bool)>,
    pub negated: bool,
    pub fold: bool,
    pub ascii: bool,
    /// The answer for each ASCII character.
    pub quick: u128,
}

#[derive(Clone, Copy)]
pub(super) enum Assertion {
    TextStart,
    LineStart,
    TextEnd,
    End,
    LineEnd,
    Boundary { ascii: bool },
    NoBoundary { ascii: bool },
}

pub(super) enum Instruction {
    Single(usize),
    /// A single character, several times.
    Loop {
        single: usize,
        least: usize,
        most: usize,
        greedy: bool,
        possessive: bool,
    },
    Assert(Assertion),
    Save(usize),
    Split {
        first: usize,
        second: usize,
    },
    Jump(usize),
    /// The end of a loop's body: `out` if it took nothing, so that it can't go on for ever.
    Again {
        slot: usize,
        body: usize,
        out: usize,
    },
    Reference {
        group: usize,
        fold: bool,
    },
    /// The part up to `out`, looked at without moving.
    Look {
        behind: usize,
        negated: bool,
        out: usize,
    },
    /// The part up to `out`, which then gives nothing back.
    Atomic {
        out: usize,
    },
    IfGroup {
        group: usize,
        otherwise: usize,
    },
    Accept,
}

/// The bytes that a match may begin with.
pub(super) struct First {
    /// A bit for each ASCII character.
    pub ascii: u128,
    /// Whether a character beyond ASCII may come first.
    pub other: bool,
}

impl First {
    pub(super) fn has(&self, byte: u8) -> bool {
        if byte.is_ascii() {
            self.ascii & (1 << byte) != 0
        } else {
            self.other
        }
    }
}
