//! A backtracking matcher with an explicit stack.

use super::program::{Assertion, CharacterClass, Instruction, Single};
use super::{Regex, TooLong};

/// The limit on steps: more than any sensible match takes, and less than a second.
const MOST_STEPS: usize = 20_000_000;
const MOST_OPEN: usize = 2_000_000;
pub(super) const NOWHERE: usize = usize::MAX;

/// An entry of the backtracking stack.
enum Back {
    /// An alternative to try.
    Branch { step: usize, at: usize },
    /// The former value of a slot.
    Slot { slot: usize, value: usize },
    /// A greedy loop over single characters, which may give some back.
    Greedy {
        step: usize,
        least: usize,
        at: usize,
    },
    /// A lazy loop over single characters, which may take more.
    Lazy {
        single: usize,
        step: usize,
        left: usize,
        at: usize,
    },
}

pub(super) struct Machine<'t> {
    regex: &'t Regex,
    text: &'t str,
    whole: bool,
    slots: Vec<usize>,
    stack: Vec<Back>,
    taken: usize,
}

fn is_word(c: char, ascii: bool) -> bool {
    if ascii {
        c.is_ascii_alphanumeric() || c == '_'
    } else {
        c.is_alphanumeric() || c == '_'
    }
}

fn is_space(c: char, ascii: bool) -> bool {
    if ascii {
        matches!(c, ' ' | '\t'..='\r')
    } else {
        c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
    }
}

/// A character without its case.
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() {
        c.to_ascii_lowercase()
    } else {
        let mut lower = c.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(lower), None) => lower,
            _ => c,
        }
    }
}

fn other_case(c: char) -> Option<char> {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) if upper != c => Some(upper),
        _ => None,
    }
}

impl CharacterClass {
    fn has(self, c: char, ascii: bool) -> bool {
        match self {
            CharacterClass::Digit if ascii => c.is_ascii_digit(),
            CharacterClass::Digit => is_decimal(c),
            CharacterClass::Space => is_space(c, ascii),
            CharacterClass::Word => is_word(c, ascii),
        }
    }
}

/// Whether `str.isdecimal`: ten characters in a row for each script, by where they begin.
fn is_decimal(c: char) -> bool {
    const ZEROS: [u32; 37] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
        0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
        0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
        0xff10, 0x104a0,
    ];
    c.is_ascii_digit()
        || !c.is_ascii()
            && (ZEROS
                .iter()
                .any(|zero| (*zero..zero + 10).contains(&u32::from(c)))
                || ('\u{1d7ce}'..='\u{1d7ff}').contains(&c)
                || c > '\u{11000}' && c.is_numeric() && !c.is_alphabetic())
}

impl Single {
    pub(super) fn has(&self, c: char) -> bool {
        match self {
            Single::Char(own) => *own == c,
            Single::Fold(own) => *own == c || *own == fold(c),
            Single::Any => true,
            Single::NoNewline => c != '\n',
            Single::Set(set) => {
                if c.is_ascii() {
                    set.quick & (1 << u32::from(c)) != 0
                } else {
                    set.has(c)
                }
            }
        }
    }
}

impl super::program::CharacterSet {
    fn has_as_is(&self, c: char) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&c))
            || self
                .kinds
                .iter()
                .any(|(kind, negated)| kind.has(c, self.ascii) != *negated)
    }

    pub(super) fn has(&self, c: char) -> bool {
        let found = self.has_as_is(c)
            || self.fold
                && (self.has_as_is(fold(c))
                    || other_case(c).is_some_and(|other| self.has_as_is(other)));
        found != self.negated
    }
}

/// The last place where that text begins, or nothing where it is not there at all.
pub(super) fn last_place(text: &str, start: usize, required: &str, exact: bool) -> Option<usize> {
    let (text, required) = (text.as_bytes(), required.as_bytes());
    let first = *required.first()?;
    (start..(text.len() + 1).checked_sub(required.len())?)
        .rev()
        .find(|at| {
            let found = &text[*at..at + required.len()];
            if exact {
                found[0] == first && found == required
            } else {
                found[0].eq_ignore_ascii_case(&first) && found.eq_ignore_ascii_case(required)
            }
        })
}

impl<'t> Machine<'t> {
    pub(super) fn new(regex: &'t Regex, text: &'t str, whole: bool) -> Machine<'t> {
        Machine {
            regex,
            text,
            whole,
            slots: vec![NOWHERE; regex.slots],
            stack: Vec::new(),
            taken: 0,
        }
    }

    pub(super) fn groups(
        &self,
        count: usize,
        start: usize,
        end: usize,
    ) -> Vec<Option<(usize, usize)>> {
        let mut groups = vec![Some((start, end))];
        for index in 1..count {
            let (start, end) = (self.slots[2 * index], self.slots[2 * index + 1]);
            groups.push((start != NOWHERE && end != NOWHERE).then_some((start, end)));
        }
        groups
    }

    /// Tries one place: where a match that begins there ends.
    pub(super) fn attempt(&mut self, at: usize, not_empty: bool) -> Result<Option<usize>, TooLong> {
        self.slots.fill(NOWHERE);
        self.stack.clear();
        self.run(0, at, Some(not_empty.then_some(at)))
    }

    fn next(&self, at: usize) -> Option<char> {
        match self.text.as_bytes().get(at) {
            Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
            Some(_) => self.text[at..].chars().next(),
            None => None,
        }
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        let end = self.text.len();
        let boundary = |ascii| {
            let word = |c: Option<char>| c.is_some_and(|c| is_word(c, ascii));
            word(self.before(at)) != word(self.next(at))
        };
        match assertion {
            Assertion::TextStart => at == 0,
            Assertion::LineStart => at == 0 || self.before(at) == Some('\n'),
            Assertion::TextEnd => at == end,
            Assertion::End => at == end || at + 1 == end && self.next(at) == Some('\n'),
            Assertion::LineEnd => at == end || self.next(at) == Some('\n'),
            Assertion::Boundary { ascii } => boundary(ascii),
            // Until 3.14 an empty text has neither a boundary nor none.
            Assertion::NoBoundary { ascii } => end > 0 && !boundary(ascii),
        }
    }

    fn set(&mut self, slot: usize, value: usize) {
        self.stack.push(Back::Slot {
            slot,
            value: self.slots[slot],
        });
        self.slots[slot] = value;
    }

    /// Goes back to the last other way above `floor`.
    fn back(&mut self, floor: usize) -> Option<(usize, usize)> {
        while self.stack.len() > floor {
            match self.stack.pop()? {
                Back::Branch { step, at } => return Some((step, at)),
                Back::Slot { slot, value } => self.slots[slot] = value,
                Back::Greedy { step, least, at } => {
                    let Some(c) = self.before(at).filter(|_| at > least) else {
                        continue;
                    };
                    let at = at - c.len_utf8();
                    if at > least {
                        self.stack.push(Back::Greedy { step, least, at });
                    }
                    return Some((step, at));
                }
                Back::Lazy {
                    single,
                    step,
                    left,
                    at,
                } => {
                    let single_one = &self.regex.singles[single];
                    let Some(c) = self.next(at).filter(|c| left > 0 && single_one.has(*c)) else {
                        continue;
                    };
                    let at = at + c.len_utf8();
                    self.stack.push(Back::Lazy {
                        single,
                        step,
                        left: left - 1,
                        at,
                    });
                    return Some((step, at));
                }
            }
        }
        None
    }

    /// Forgets the other ways above `floor`, but not how to restore the slots.
    fn commit(&mut self, floor: usize) {
        let mut kept = floor;
        for index in floor..self.stack.len() {
            if matches!(self.stack[index], Back::Slot { .. }) {
                self.stack.swap(kept, index);
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }

    /// Forgets everything above `floor`; the slots are as they were.
    fn unwind(&mut self, floor: usize) {
        while self.stack.len() > floor {
            if let Some(Back::Slot { slot, value }) = self.stack.pop() {
                self.slots[slot] = value;
            }
        }
    }

    /// Runs from a step to the end of its part. `top`: the whole pattern, and where it must not end.
    fn run(
        &mut self,
        step: usize,
        at: usize,
        top: Option<Option<usize>>,
    ) -> Result<Option<usize>, TooLong> {
        let floor = self.stack.len();
        let regex = self.regex;
        let (mut step, mut at) = (step, at);
        loop {
            self.taken += 1;
            if self.taken > MOST_STEPS || self.stack.len() > MOST_OPEN {
                return Err(TooLong);
            }
            let goes_on = match &regex.steps[step] {
                Instruction::Single(single) => match self.next(at) {
                    Some(c) if regex.singles[*single].has(c) => {
                        at += c.len_utf8();
                        step += 1;
                        true
                    }
                    _ => false,
                },
                Instruction::Loop {
                    single,
                    least,
                    most,
                    greedy,
                    possessive,
                } => {
                    let matcher = &regex.singles[*single];
                    let wanted = if *greedy { *most } else { *least };
                    let (mut count, mut enough) = (0, at);
                    while count < wanted
                        && let Some(c) = self.next(at).filter(|c| matcher.has(*c))
                    {
                        at += c.len_utf8();
                        count += 1;
                        if count == *least {
                            enough = at;
                        }
                    }
                    self.taken += count / 8;
                    step += 1;
                    if count >= *least && !*possessive {
                        if !*greedy {
                            self.stack.push(Back::Lazy {
                                single: *single,
                                step,
                                left: *most - *least,
                                at,
                            });
                        } else if at > enough {
                            self.stack.push(Back::Greedy {
                                step,
                                least: enough,
                                at,
                            });
                        }
                    }
                    count >= *least
                }
                Instruction::Assert(assertion) => {
                    step += 1;
                    self.holds(*assertion, at)
                }
                Instruction::Save(slot) => {
                    self.set(*slot, at);
                    step += 1;
                    true
                }
                Instruction::Split { first, second } => {
                    self.stack.push(Back::Branch { step: *second, at });
                    step = *first;
                    true
                }
                Instruction::Jump(to) => {
                    step = *to;
                    true
                }
                Instruction::Again { slot, body, out } => {
                    step = if self.slots[*slot] == at { *out } else { *body };
                    true
                }
                Instruction::Reference { group, fold: folds } => {
                    step += 1;
                    let (start, end) = (self.slots[2 * group], self.slots[2 * group + 1]);
                    if start == NOWHERE || end == NOWHERE {
                        false
                    } else {
                        let text = self.text;
                        let mut same = true;
                        for c in text[start..end].chars() {
                            match self.next(at) {
                                Some(d) if d == c || *folds && fold(c) == fold(d) => {
                                    at += d.len_utf8();
                                }
                                _ => {
                                    same = false;
                                    break;
                                }
                            }
                        }
                        same
                    }
                }
                Instruction::Look {
                    behind,
                    negated,
                    out,
                } => {
                    let mut from = Some(at);
                    for _ in 0..*behind {
                        from = from.and_then(|from| Some(from - self.before(from)?.len_utf8()));
                    }
                    let inner = self.stack.len();
                    let found = match from {
                        Some(from) => self.run(step + 1, from, None)?.is_some(),
                        None => false,
                    };
                    if *negated {
                        self.unwind(inner);
                    } else {
                        self.commit(inner);
                    }
                    step = *out;
                    found != *negated
                }
                Instruction::Atomic { out } => {
                    let inner = self.stack.len();
                    let end = self.run(step + 1, at, None)?;
                    self.commit(inner);
                    step = *out;
                    at = end.unwrap_or(at);
                    end.is_some()
                }
                Instruction::IfGroup { group, otherwise } => {
                    step = if self.slots[2 * group + 1] == NOWHERE {
                        *otherwise
                    } else {
                        step + 1
                    };
                    true
                }
                Instruction::Accept => match top {
                    Some(not_at) if not_at == Some(at) || self.whole && at != self.text.len() => {
                        false
                    }
                    _ => return Ok(Some(at)),
                },
            };
            if !goes_on {
                match self.back(floor) {
                    Some((next, place)) => (step, at) = (next, place),
                    None => return Ok(None),
                }
            }
        }
    }
}
