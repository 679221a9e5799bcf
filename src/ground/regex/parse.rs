//! From the text of a pattern to its tree.

use super::PatternError;
use super::flags::{ASCII, DOTALL, IGNORECASE, MULTILINE, UNICODE, VERBOSE};
use super::matching::fold;
use super::program::{Assertion, CharacterClass, CharacterSet, Single};

/// How a repetition takes characters.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Manner {
    Greedy,
    Lazy,
    Possessive,
}

/// A part of a pattern.
pub(super) enum PatternNode {
    Single(usize),
    Assert(Assertion),
    Group(Box<PatternNode>, usize),
    Sequence(Vec<PatternNode>),
    Either(Vec<PatternNode>),
    Repeat(Box<PatternNode>, usize, usize, Manner),
    Reference(usize, bool),
    Look {
        inner: Box<PatternNode>,
        behind: bool,
        negated: bool,
    },
    Atomic(Box<PatternNode>),
    IfGroup(usize, Box<PatternNode>, Box<PatternNode>),
}

/// What a pattern is, before it is made into steps.
pub(super) struct ParsedPattern {
    pub node: PatternNode,
    /// The characters and sets that nodes name by their index.
    pub singles: Vec<Single>,
    /// The names of the groups; the first one is the whole match.
    pub names: Vec<Option<Box<str>>>,
    /// The flags, with those that the pattern itself sets.
    pub flags: i64,
}

/// No upper bound of a repetition.
pub(super) const ENDLESS: usize = usize::MAX;
const MOST_DEPTH: usize = 150;

struct PatternParser {
    text: Vec<char>,
    at: usize,
    flags: i64,
    singles: Vec<Single>,
    names: Vec<Option<Box<str>>>,
    open: Vec<usize>,
    /// The groups that conditions name by number, which may come later, and where they do.
    conditions: Vec<(usize, usize)>,
    depth: usize,
}

type PatternResult<T> = Result<T, PatternError>;

pub(super) fn parse(pattern: &str, flags: i64) -> PatternResult<ParsedPattern> {
    let mut parser = PatternParser {
        text: pattern.chars().collect(),
        at: 0,
        flags: flags | if flags & ASCII == 0 { UNICODE } else { 0 },
        singles: Vec::new(),
        names: vec![None],
        open: Vec::new(),
        conditions: Vec::new(),
        depth: 0,
    };
    let node = parser.alternatives()?;
    if parser.at < parser.text.len() {
        return Err(parser.error("unbalanced parenthesis", parser.at));
    }
    if let Some(&(group, position)) = parser
        .conditions
        .iter()
        .find(|(group, _)| *group >= parser.names.len())
    {
        return Err(parser.error(format!("invalid group reference {group}"), position));
    }
    Ok(ParsedPattern {
        node,
        singles: parser.singles,
        names: parser.names,
        flags: parser.flags,
    })
}

impl PatternParser {
    #[cold]
    fn error(&self, message: impl Into<String>, position: usize) -> PatternError {
        let before = &self.text[..position.min(self.text.len())];
        let lines = before.iter().filter(|c| **c == '\n').count();
        let column = before.iter().rev().take_while(|c| **c != '\n').count();
        PatternError {
            message: message.into(),
            position: Some(position),
            line: self.text.contains(&'\n').then_some((lines + 1, column + 1)),
        }
    }

    /// The error of a group that begins at `start` with `opening` and `c`, which was just read. A backslash is one with
    /// what follows it.
    fn unknown_extension(&self, opening: &str, c: char, start: usize) -> PatternError {
        match (c, self.peek()) {
            ('\\', None) => self.error("bad escape (end of pattern)", self.at - 1),
            ('\\', Some(escaped)) => {
                self.error(format!("unknown extension {opening}\\{escaped}"), start + 1)
            }
            _ => self.error(format!("unknown extension {opening}{c}"), start + 1),
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn has(&self, flag: i64) -> bool {
        self.flags & flag != 0
    }

    fn single(&mut self, single: Single) -> PatternNode {
        self.singles.push(single);
        PatternNode::Single(self.singles.len() - 1)
    }

    fn character(&mut self, c: char) -> PatternNode {
        let folded = fold(c);
        let plain = !self.has(IGNORECASE) || !c.is_alphabetic();
        self.single(if plain {
            Single::Char(c)
        } else {
            Single::Fold(folded)
        })
    }

    fn set(
        &mut self,
        ranges: Vec<(char, char)>,
        kinds: Vec<(CharacterClass, bool)>,
        negated: bool,
    ) -> PatternNode {
        let mut set = CharacterSet {
            ranges,
            kinds,
            negated,
            fold: self.has(IGNORECASE),
            ascii: self.has(ASCII),
            quick: 0,
        };
        for byte in 0..128u8 {
            if set.has(char::from(byte)) {
                set.quick |= 1 << byte;
            }
        }
        self.single(Single::Set(Box::new(set)))
    }

    fn alternatives(&mut self) -> PatternResult<PatternNode> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(self.error("the pattern is nested too deeply", self.at));
        }
        let mut ways = vec![self.sequence()?];
        while self.take('|') {
            ways.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(match ways.pop() {
            Some(only) if ways.is_empty() => only,
            last => {
                ways.extend(last);
                PatternNode::Either(ways)
            }
        })
    }

    fn sequence(&mut self) -> PatternResult<PatternNode> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let start = self.at;
            self.at += 1;
            if self.has(VERBOSE) {
                if c.is_ascii_whitespace() || c == '\u{b}' {
                    continue;
                }
                if c == '#' {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                    continue;
                }
            }
            let part = match c {
                '.' => {
                    let any = self.has(DOTALL);
                    self.single(if any { Single::Any } else { Single::NoNewline })
                }
                '^' if self.has(MULTILINE) => PatternNode::Assert(Assertion::LineStart),
                '^' => PatternNode::Assert(Assertion::TextStart),
                '$' if self.has(MULTILINE) => PatternNode::Assert(Assertion::LineEnd),
                '$' => PatternNode::Assert(Assertion::End),
                '[' => self.class(start)?,
                '\\' => self.escape(start)?,
                '(' => match self.group(start)? {
                    Some(node) => node,
                    None => continue,
                },
                '*' | '+' | '?' | '{' => {
                    self.at = start;
                    match self.repetition()? {
                        Some((least, most)) => {
                            let Some(last) = parts.pop() else {
                                return Err(self.error("nothing to repeat", start));
                            };
                            match last {
                                PatternNode::Repeat(..) => {
                                    return Err(self.error("multiple repeat", start));
                                }
                                PatternNode::Assert(_) => {
                                    return Err(self.error("nothing to repeat", start));
                                }
                                last => {
                                    let manner = if self.take('?') {
                                        Manner::Lazy
                                    } else if self.take('+') {
                                        Manner::Possessive
                                    } else {
                                        Manner::Greedy
                                    };
                                    PatternNode::Repeat(Box::new(last), least, most, manner)
                                }
                            }
                        }
                        None => {
                            self.at = start + 1;
                            self.character('{')
                        }
                    }
                }
                c => self.character(c),
            };
            parts.push(part);
        }
        Ok(match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => {
                parts.extend(last);
                PatternNode::Sequence(parts)
            }
        })
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.text[start..self.at].iter().collect();
        if digits.is_empty() {
            None
        } else {
            Some(digits.parse().unwrap_or(ENDLESS))
        }
    }

    fn repetition(&mut self) -> PatternResult<Option<(usize, usize)>> {
        let start = self.at;
        let c = self.peek();
        self.at += 1;
        Ok(Some(match c {
            Some('*') => (0, ENDLESS),
            Some('+') => (1, ENDLESS),
            Some('?') => (0, 1),
            _ => {
                let least = self.number();
                let most = if self.take(',') {
                    self.number().map_or(Some(ENDLESS), Some)
                } else {
                    least
                };
                let (Some(most), true) = (most, self.take('}')) else {
                    return Ok(None);
                };
                if least.is_none() && self.at == start + 2 {
                    return Ok(None);
                }
                let least = least.unwrap_or(0);
                if most < least {
                    return Err(self.error("min repeat greater than max repeat", start + 1));
                }
                (least, most)
            }
        }))
    }

    fn hexadecimal(&mut self, start: usize, count: usize) -> PatternResult<char> {
        let digits: String = self.text[self.at..]
            .iter()
            .take(count)
            .take_while(|c| c.is_ascii_hexdigit())
            .collect();
        self.at += digits.len();
        let shown: String = self.text[start..self.at].iter().collect();
        if digits.len() < count {
            return Err(self.error(format!("incomplete escape {shown}"), start));
        }
        u32::from_str_radix(&digits, 16)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| self.error(format!("bad escape {shown}"), start))
    }

    /// An escape that is one character, in a class and outside.
    fn escaped_character(&mut self, c: char, start: usize) -> PatternResult<char> {
        Ok(match c {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'f' => '\u{c}',
            'v' => '\u{b}',
            'a' => '\u{7}',
            'x' => self.hexadecimal(start, 2)?,
            'u' => self.hexadecimal(start, 4)?,
            'U' => self.hexadecimal(start, 8)?,
            c if c.is_ascii_alphanumeric() => {
                return Err(self.error(format!("bad escape \\{c}"), start));
            }
            c => c,
        })
    }

    /// Up to so many octal digits.
    fn octal(&mut self, start: usize, most: usize) -> PatternResult<char> {
        let mut value = 0;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else {
                break;
            };
            value = value * 8 + digit;
            self.at += 1;
        }
        if value > 0o377 {
            let shown: String = self.text[start..self.at].iter().collect();
            return Err(self.error(
                format!("octal escape value {shown} outside of range 0-0o377"),
                start,
            ));
        }
        Ok(char::from_u32(value).unwrap_or_default())
    }

    fn kind(c: char) -> Option<(CharacterClass, bool)> {
        Some(match c {
            'd' => (CharacterClass::Digit, false),
            'D' => (CharacterClass::Digit, true),
            's' => (CharacterClass::Space, false),
            'S' => (CharacterClass::Space, true),
            'w' => (CharacterClass::Word, false),
            'W' => (CharacterClass::Word, true),
            _ => return None,
        })
    }

    fn escape(&mut self, start: usize) -> PatternResult<PatternNode> {
        let Some(c) = self.peek() else {
            return Err(self.error("bad escape (end of pattern)", start));
        };
        self.at += 1;
        if let Some(kind) = PatternParser::kind(c) {
            return Ok(self.set(Vec::new(), vec![kind], false));
        }
        let ascii = self.has(ASCII);
        Ok(match c {
            'A' => PatternNode::Assert(Assertion::TextStart),
            'Z' => PatternNode::Assert(Assertion::TextEnd),
            'b' => PatternNode::Assert(Assertion::Boundary { ascii }),
            'B' => PatternNode::Assert(Assertion::NoBoundary { ascii }),
            '0' => {
                let c = self.octal(start, 2)?;
                self.character(c)
            }
            '1'..='9' => {
                self.at -= 1;
                let octal = |c: Option<&char>| c.is_some_and(|c| ('0'..='7').contains(c));
                if octal(self.text.get(self.at))
                    && octal(self.text.get(self.at + 1))
                    && octal(self.text.get(self.at + 2))
                {
                    let c = self.octal(start, 3)?;
                    return Ok(self.character(c));
                }
                let mut group = 0;
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) else {
                        break;
                    };
                    group = group * 10 + digit as usize;
                    self.at += 1;
                }
                if group >= self.names.len() {
                    let message = format!("invalid group reference {group}");
                    return Err(self.error(message, start + 1));
                }
                self.reference(group, start)?
            }
            c => {
                let c = self.escaped_character(c, start)?;
                self.character(c)
            }
        })
    }

    fn reference(&mut self, group: usize, position: usize) -> PatternResult<PatternNode> {
        if self.open.contains(&group) {
            return Err(self.error("cannot refer to an open group", position));
        }
        Ok(PatternNode::Reference(group, self.has(IGNORECASE)))
    }

    fn class(&mut self, start: usize) -> PatternResult<PatternNode> {
        let negated = self.take('^');
        let (mut ranges, mut kinds) = (Vec::new(), Vec::new());
        let begin = self.at;
        loop {
            let from = self.at;
            let one = match self.class_item(start)? {
                Some(Err(']')) if from > begin => break,
                Some(Err(c) | Ok(Ok(c))) => c,
                Some(Ok(Err(kind))) => {
                    kinds.push(kind);
                    // A range needs a character at its start.
                    if self.peek() == Some('-')
                        && self.text.get(self.at + 1).is_some_and(|c| *c != ']')
                    {
                        self.at += 1;
                        self.class_item(start)?;
                        let shown: String = self.text[from..self.at].iter().collect();
                        return Err(self.error(format!("bad character range {shown}"), from));
                    }
                    continue;
                }
                None => return Err(self.error("unterminated character set", start)),
            };
            if self.peek() == Some('-') && self.text.get(self.at + 1) != Some(&']') {
                self.at += 1;
                let last = match self.class_item(start)? {
                    Some(Err(c) | Ok(Ok(c))) if c >= one => c,
                    Some(_) => {
                        let shown: String = self.text[from..self.at].iter().collect();
                        return Err(self.error(format!("bad character range {shown}"), from));
                    }
                    None => return Err(self.error("unterminated character set", start)),
                };
                ranges.push((one, last));
            } else {
                ranges.push((one, one));
            }
        }
        Ok(self.set(ranges, kinds, negated))
    }

    /// The next of a class: a character as it stands, or what an escape gives.
    #[expect(clippy::type_complexity, reason = "used in one place, above")]
    fn class_item(
        &mut self,
        start: usize,
    ) -> PatternResult<Option<Result<Result<char, (CharacterClass, bool)>, char>>> {
        let from = self.at;
        let Some(c) = self.peek() else {
            return Ok(None);
        };
        self.at += 1;
        if c != '\\' {
            return Ok(Some(Err(c)));
        }
        let Some(c) = self.peek() else {
            return Err(self.error("unterminated character set", start));
        };
        self.at += 1;
        if let Some(kind) = PatternParser::kind(c) {
            return Ok(Some(Ok(Err(kind))));
        }
        Ok(Some(Ok(Ok(match c {
            'b' => '\u{8}',
            '0'..='7' => {
                self.at -= 1;
                self.octal(from, 3)?
            }
            c => self.escaped_character(c, from)?,
        }))))
    }

    /// The name up to that character.
    fn name(&mut self, end: char) -> PatternResult<(String, usize)> {
        let from = self.at;
        while self.peek().is_some_and(|c| c != end) {
            self.at += 1;
        }
        let name: String = self.text[from..self.at].iter().collect();
        if !self.take(end) {
            return Err(if name.is_empty() {
                self.error("missing group name", from)
            } else {
                self.error(format!("missing {end}, unterminated name"), from)
            });
        }
        if name.is_empty() {
            return Err(self.error("missing group name", from));
        }
        Ok((name, from))
    }

    fn check_name(&self, name: &str, position: usize) -> PatternResult<()> {
        let mut characters = name.chars();
        let fits = characters
            .next()
            .is_some_and(|c| c.is_alphabetic() || c == '_')
            && characters.all(|c| c.is_alphanumeric() || c == '_');
        if fits {
            Ok(())
        } else {
            let message = format!("bad character in group name {}", quoted(name));
            Err(self.error(message, position))
        }
    }

    fn named(&self, name: &str) -> Option<usize> {
        self.names
            .iter()
            .position(|known| known.as_deref() == Some(name))
    }

    fn known_name(&self, name: &str, position: usize) -> PatternResult<usize> {
        self.named(name).ok_or_else(|| {
            let message = format!("unknown group name {}", quoted(name));
            self.error(message, position)
        })
    }

    fn close(&mut self, start: usize) -> PatternResult<()> {
        if self.take(')') {
            Ok(())
        } else {
            Err(self.error("missing ), unterminated subpattern", start))
        }
    }

    fn captured(&mut self, name: Option<Box<str>>, start: usize) -> PatternResult<PatternNode> {
        let index = self.names.len();
        self.names.push(name);
        self.open.push(index);
        let flags = self.flags;
        let inner = self.alternatives()?;
        self.flags = flags;
        self.open.pop();
        self.close(start)?;
        Ok(PatternNode::Group(Box::new(inner), index))
    }

    /// What follows `(`; nothing for a comment and for flags of the whole pattern.
    fn group(&mut self, start: usize) -> PatternResult<Option<PatternNode>> {
        if !self.take('?') {
            return self.captured(None, start).map(Some);
        }
        let Some(c) = self.peek() else {
            return Err(self.error("unexpected end of pattern", self.at));
        };
        self.at += 1;
        let flags = self.flags;
        let node = match c {
            ':' => self.alternatives()?,
            '>' => PatternNode::Atomic(Box::new(self.alternatives()?)),
            '=' | '!' => PatternNode::Look {
                inner: Box::new(self.alternatives()?),
                behind: false,
                negated: c == '!',
            },
            '<' => {
                let sign = self.peek();
                self.at += 1;
                match sign {
                    Some('=' | '!') => PatternNode::Look {
                        inner: Box::new(self.alternatives()?),
                        behind: true,
                        negated: sign == Some('!'),
                    },
                    Some(sign) => return Err(self.unknown_extension("?<", sign, start)),
                    None => return Err(self.error("unexpected end of pattern", self.at - 1)),
                }
            }
            '#' => {
                while self.peek().is_some_and(|c| c != ')') {
                    self.at += 1;
                }
                if !self.take(')') {
                    return Err(self.error("missing ), unterminated comment", start));
                }
                return Ok(None);
            }
            'P' => {
                if self.take('<') {
                    let (name, position) = self.name('>')?;
                    self.check_name(&name, position)?;
                    if let Some(known) = self.named(&name) {
                        let message = format!(
                            "redefinition of group name {} as group {}; was group {known}",
                            quoted(&name),
                            self.names.len(),
                        );
                        return Err(self.error(message, position));
                    }
                    return self.captured(Some(Box::from(name)), start).map(Some);
                }
                if self.take('=') {
                    let (name, position) = self.name(')')?;
                    self.check_name(&name, position)?;
                    let group = self.known_name(&name, position)?;
                    return self.reference(group, position).map(Some);
                }
                let Some(other) = self.peek() else {
                    return Err(self.error("unexpected end of pattern", self.at));
                };
                self.at += 1;
                return Err(self.unknown_extension("?P", other, start));
            }
            '(' => {
                let (name, position) = self.name(')')?;
                let group = match name.parse::<usize>() {
                    Ok(0) => return Err(self.error("bad group number", position)),
                    Ok(number) => number,
                    Err(_) => {
                        self.check_name(&name, position)?;
                        self.known_name(&name, position)?
                    }
                };
                if !self.conditions.iter().any(|(known, _)| *known == group) {
                    self.conditions.push((group, position));
                }
                let yes = self.sequence()?;
                let no = if self.take('|') {
                    self.sequence()?
                } else {
                    PatternNode::Sequence(Vec::new())
                };
                if self.peek() == Some('|') {
                    return Err(
                        self.error("conditional backref with more than two branches", self.at)
                    );
                }
                PatternNode::IfGroup(group, Box::new(yes), Box::new(no))
            }
            'a' | 'i' | 'L' | 'm' | 's' | 'u' | 'x' | '-' => {
                self.at -= 1;
                let (mut on, mut off, mut minus) = (0, 0, false);
                loop {
                    let flag = match self.peek() {
                        Some('a') => ASCII,
                        Some('i') => IGNORECASE,
                        Some('m') => MULTILINE,
                        Some('s') => DOTALL,
                        Some('u') => UNICODE,
                        Some('x') => VERBOSE,
                        Some('L') => {
                            return Err(self.error(
                                "bad inline flags: cannot use 'L' flag with a str pattern",
                                self.at + 1,
                            ));
                        }
                        Some('-') if !minus => {
                            minus = true;
                            self.at += 1;
                            continue;
                        }
                        Some(':' | ')') => break,
                        Some(c) if c.is_alphabetic() => {
                            return Err(self.error("unknown flag", self.at));
                        }
                        _ => return Err(self.error("missing -, : or )", self.at)),
                    };
                    *(if minus { &mut off } else { &mut on }) |= flag;
                    self.at += 1;
                }
                if self.take(')') {
                    if start > 0 {
                        return Err(
                            self.error("global flags not at the start of the expression", start)
                        );
                    }
                    self.flags |= on;
                    return Ok(None);
                }
                self.at += 1;
                self.flags = (self.flags | on) & !off;
                self.alternatives()?
            }
            c => return Err(self.unknown_extension("?", c, start)),
        };
        self.flags = flags;
        self.close(start)?;
        // A sequence of its own, so that what follows repeats it whole.
        Ok(Some(PatternNode::Sequence(vec![node])))
    }
}

/// A group's name as Python's messages show it.
fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\\', "\\\\").replace('\'', "\\'"))
}
