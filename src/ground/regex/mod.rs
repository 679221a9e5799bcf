//! Regular expressions as Python's `re` reads them: look-around, back-references, Python's errors.
//!
//! Our own, because a library adds 85 kB (compressed) to the page, and the fast ones match another
//! language: no look-around, no back-references, another `$`, another order of empty matches.

mod compile;
mod matching;
mod parse;
mod program;

use std::fmt;

use matching::Machine;
use program::{Instruction, Single};

/// How a pattern is read: Python's `re.IGNORECASE` and so on, as their numbers.
pub mod flags {
    /// `re.IGNORECASE`.
    pub const IGNORECASE: i64 = 2;
    /// `re.MULTILINE`.
    pub const MULTILINE: i64 = 8;
    /// `re.DOTALL`.
    pub const DOTALL: i64 = 16;
    /// `re.UNICODE`, which text always has.
    pub const UNICODE: i64 = 32;
    /// `re.VERBOSE`.
    pub const VERBOSE: i64 = 64;
    /// `re.ASCII`.
    pub const ASCII: i64 = 256;
}

/// Why a pattern does not compile, as Python's `re.error`.
#[derive(Debug)]
pub struct PatternError {
    /// Python's `re.error.msg`.
    pub message: String,
    /// Where, in characters, if it is one place.
    pub position: Option<usize>,
    /// The line and the column, for patterns of several lines.
    pub line: Option<(usize, usize)>,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(position) = self.position {
            write!(f, " at position {position}")?;
        }
        match self.line {
            Some((line, column)) => write!(f, " (line {line}, column {column})"),
            None => Ok(()),
        }
    }
}

/// A match was given up after too many steps. CPython has no such limit and would practically never end.
#[derive(Debug)]
pub struct TooLong;

/// Which of the methods of `re.Pattern` asks: where a match may lie.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MatchKind {
    /// `search`: anywhere from the start.
    Search,
    /// `match`: it begins at the start.
    Match,
    /// `fullmatch`: it is the whole rest.
    FullMatch,
}

/// A compiled pattern.
pub struct Regex {
    steps: Vec<Instruction>,
    singles: Vec<Single>,
    names: Vec<Option<Box<str>>>,
    flags: i64,
    /// Groups' ends, two each, then what loops remember.
    slots: usize,
    /// ASCII characters that a match may begin with; `None`: it may be empty.
    first: Option<program::First>,
    /// Text that each match has in it, and whether case matters.
    required: Option<(String, bool)>,
    /// Whether it can only match at the start of the text.
    anchored: bool,
}

/// Byte ranges of the groups of a match, the whole first.
pub struct Captures<'t> {
    text: &'t str,
    groups: Vec<Option<(usize, usize)>>,
    names: &'t [Option<Box<str>>],
}

/// A part of the text.
#[derive(Clone, Copy)]
pub struct Part<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Part<'t> {
    /// The matched text.
    pub fn as_str(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// Byte offset of its start.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Byte offset of its end.
    pub fn end(&self) -> usize {
        self.end
    }
}

impl<'t> Captures<'t> {
    /// A group; the whole match is 0.
    pub fn get(&self, index: usize) -> Option<Part<'t>> {
        let (start, end) = self.groups.get(index).copied().flatten()?;
        Some(Part {
            text: self.text,
            start,
            end,
        })
    }

    /// A group by its name.
    pub fn name(&self, name: &str) -> Option<Part<'t>> {
        let index = self
            .names
            .iter()
            .position(|known| known.as_deref() == Some(name))?;
        self.get(index)
    }

    /// The byte ranges of all groups.
    pub fn groups(&self) -> &[Option<(usize, usize)>] {
        &self.groups
    }
}

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Python's `re.error`.
    pub fn new(pattern: &str) -> Result<Regex, PatternError> {
        Regex::with_flags(pattern, 0)
    }

    /// Compiles a pattern with flags.
    ///
    /// # Errors
    /// Python's `re.error`.
    pub fn with_flags(pattern: &str, flags: i64) -> Result<Regex, PatternError> {
        compile::compile(pattern, flags)
    }

    /// A constant pattern whose case does not matter.
    #[expect(
        clippy::expect_used,
        reason = "constant patterns, all compiled by the tests"
    )]
    pub fn constant(pattern: &str, flags: i64) -> Regex {
        Regex::with_flags(pattern, flags).expect("a constant pattern")
    }

    /// The flags, with those that the pattern itself sets.
    pub fn flags(&self) -> i64 {
        self.flags
    }

    /// How many groups, the whole match counted.
    pub fn captures_len(&self) -> usize {
        self.names.len()
    }

    /// The names of the groups.
    pub fn capture_names(&self) -> &[Option<Box<str>>] {
        &self.names
    }

    /// A match from a byte of the text on.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn find<'t>(
        &'t self,
        text: &'t str,
        start: usize,
        kind: MatchKind,
    ) -> Result<Option<Captures<'t>>, TooLong> {
        self.find_after(text, start, kind, false)
    }

    /// As [`find`](Self::find); `not_empty`: no empty match at the very start.
    fn find_after<'t>(
        &'t self,
        text: &'t str,
        start: usize,
        kind: MatchKind,
        not_empty: bool,
    ) -> Result<Option<Captures<'t>>, TooLong> {
        let mut machine = Machine::new(self, text, kind == MatchKind::FullMatch);
        let last = match (kind, &self.required) {
            (MatchKind::Search, Some((required, exact))) => {
                match matching::last_place(text, start, required, *exact) {
                    Some(last) => last,
                    None => return Ok(None),
                }
            }
            (MatchKind::Search, None) => text.len(),
            _ => start,
        };
        let last = if self.anchored { last.min(start) } else { last };
        let mut at = start;
        loop {
            if kind == MatchKind::Search
                && let Some(first) = &self.first
            {
                match text.as_bytes()[at..]
                    .iter()
                    .position(|byte| first.has(*byte))
                {
                    Some(more) => at += more,
                    None => return Ok(None),
                }
            }
            if at > last {
                return Ok(None);
            }
            if let Some(end) = machine.attempt(at, not_empty && at == start)? {
                return Ok(Some(Captures {
                    text,
                    groups: machine.groups(self.names.len(), at, end),
                    names: &self.names,
                }));
            }
            match text[at..].chars().next() {
                Some(c) => at += c.len_utf8(),
                None => return Ok(None),
            }
        }
    }

    /// All matches from a byte on that do not overlap, as `finditer` walks them; one that takes too long ends it
    /// with an error.
    pub fn iterate<'t>(
        &'t self,
        text: &'t str,
        start: usize,
    ) -> impl Iterator<Item = Result<Captures<'t>, TooLong>> + 't {
        let (mut at, mut empty, mut done) = (start, false, false);
        std::iter::from_fn(move || {
            if done {
                return None;
            }
            match self.find_after(text, at, MatchKind::Search, empty) {
                Ok(Some(found)) => {
                    if let Some(whole) = found.get(0) {
                        at = whole.end;
                        empty = whole.start == whole.end;
                    }
                    Some(Ok(found))
                }
                Ok(None) => {
                    done = true;
                    None
                }
                Err(error) => {
                    done = true;
                    Some(Err(error))
                }
            }
        })
    }

    /// The first match; none where it takes too long.
    pub fn captures<'t>(&'t self, text: &'t str) -> Option<Captures<'t>> {
        self.captures_at(text, 0)
    }

    /// The first match from a byte on.
    pub fn captures_at<'t>(&'t self, text: &'t str, start: usize) -> Option<Captures<'t>> {
        self.find(text, start, MatchKind::Search).ok().flatten()
    }

    /// All matches, as long as none takes too long.
    pub fn captures_iter<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Captures<'t>> + 't {
        self.iterate(text, 0).map_while(Result::ok)
    }

    /// Whether there is a match.
    pub fn is_match(&self, text: &str) -> bool {
        self.captures(text).is_some()
    }
}

/// `re.escape`.
pub fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pattern: &str, text: &str) -> Vec<Vec<Option<String>>> {
        Regex::new(pattern)
            .unwrap()
            .captures_iter(text)
            .map(|found| {
                (0..found.groups().len())
                    .map(|index| found.get(index).map(|part| part.as_str().to_owned()))
                    .collect()
            })
            .collect()
    }

    fn whole(pattern: &str, text: &str) -> Vec<String> {
        all(pattern, text)
            .into_iter()
            .map(|groups| groups[0].clone().unwrap())
            .collect()
    }

    // The answers are CPython 3.11's.
    #[test]
    fn finds_what_python_finds() {
        assert_eq!(whole("x*", "abxd"), ["", "", "x", "", ""]);
        assert_eq!(whole(r"\b|:+", "a::bc"), ["", "", "::", "", ""]);
        assert_eq!(whole(r"(?<=-)\w+", "spam-egg"), ["egg"]);
        assert_eq!(whole(r"(?<!\w)\d+(?!\.)", "12.5 77 x9"), ["1", "5", "77"]);
        assert_eq!(whole(r"(\w)\1", "hello book"), ["ll", "oo"]);
        assert_eq!(whole(r"(?i:ä)B?", "ÄB äb"), ["ÄB", "ä"]);
        assert_eq!(whole(r"a.c", "a\nc abc"), ["abc"]);
        assert_eq!(whole(r"(?s)a.c", "a\nc abc"), ["a\nc", "abc"]);
        assert_eq!(whole(r"(?m)^\w+$", "ab\ncd\n"), ["ab", "cd"]);
        assert_eq!(whole(r"\w+$", "ab\ncd\n"), ["cd"]);
        assert_eq!(whole(r"(?:a|ab)(?:c|bcd)(?:d*)", "abcd"), ["abcd"]);
        assert_eq!(
            whole(r"<.+?>|\d{2,3}?", "<a><b>1234"),
            ["<a>", "<b>", "12", "34"]
        );
        assert_eq!(whole(r"(?>a+)b|a++c", "aab aac"), ["aab", "aac"]);
        assert_eq!(whole(r"(<)?\w+(?(1)>|!)", "<a> b! <c d>"), ["<a>", "b!"]);
        assert_eq!(whole(r"[^]a-c\]\d-]+", "xyz]-a5q"), ["xyz", "q"]);
        assert_eq!(whole("(?x) a b # c\n c", "abc"), ["abc"]);
        assert_eq!(
            all(r"(a)|(b)", "ab"),
            [
                vec![Some("a".to_owned()), Some("a".to_owned()), None],
                vec![Some("b".to_owned()), None, Some("b".to_owned())],
            ]
        );
        assert_eq!(
            all(r"(?:(a)|b)*", "ab")[0],
            [Some("ab".to_owned()), Some("a".to_owned())]
        );
        assert_eq!(
            all(r"(a*)*", "b")[0],
            [Some(String::new()), Some(String::new())]
        );
    }

    #[test]
    fn refuses_as_python_does() {
        for (pattern, message) in [
            ("(", "missing ), unterminated subpattern at position 0"),
            ("a)", "unbalanced parenthesis at position 1"),
            ("*a", "nothing to repeat at position 0"),
            ("a**", "multiple repeat at position 2"),
            ("[a", "unterminated character set at position 0"),
            ("[b-a]", "bad character range b-a at position 1"),
            (r"\q", r"bad escape \q at position 0"),
            ("a\\", "bad escape (end of pattern) at position 1"),
            (r"\1", "invalid group reference 1 at position 1"),
            ("(?P<1>a)", "bad character in group name '1' at position 4"),
            ("(?P=x)", "unknown group name 'x' at position 4"),
            ("(?z)", "unknown extension ?z at position 1"),
            (r"a(?\w)", r"unknown extension ?\w at position 2"),
            (r"(?P\w)", r"unknown extension ?P\w at position 1"),
            (r"(?\", "bad escape (end of pattern) at position 2"),
            ("(?<=a*)b", "look-behind requires fixed-width pattern"),
            ("a{3,2}", "min repeat greater than max repeat at position 2"),
            (
                "x(?i)",
                "global flags not at the start of the expression at position 1",
            ),
            (
                "a\n(",
                "missing ), unterminated subpattern at position 2 (line 2, column 1)",
            ),
        ] {
            let error = Regex::new(pattern).err().unwrap().to_string();
            assert_eq!(error, message, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_never_ends_is_stopped() {
        let text = "a".repeat(60);
        let find = |pattern: &str, text: &str| {
            let pattern = Regex::new(pattern).unwrap();
            let found = pattern.find(text, 0, MatchKind::Search);
            found.map(|found| found.is_some()).map_err(|TooLong| ())
        };
        assert_eq!(find("(?:a|aa)+b|c", &text), Err(()));
        assert_eq!(find("(a|aa)+$b", &(text.clone() + "b")), Err(()));
        // Short enough to be tried to the end; and without the letter that must be there.
        assert_eq!(find("(?:a|aa)+b|c", &text[..8]), Ok(false));
        assert_eq!(find("(a|aa)+$b", &text), Ok(false));
    }
}
