//! From the tree of a pattern to the steps that match it, and what is known of a match beforehand.

use super::parse::{ENDLESS, Manner, ParsedPattern, PatternNode, parse};
use super::program::{Assertion, First, Instruction, Single};
use super::{PatternError, Regex};

/// A pattern that compiles to more steps is refused. CPython has such a limit in `MAXREPEAT`.
const MOST_STEPS: usize = 100_000;

pub(super) fn compile(text: &str, flags: i64) -> Result<Regex, PatternError> {
    let ParsedPattern {
        node,
        singles,
        names,
        flags,
    } = parse(text, flags)?;
    let first = first(&singles, &node);
    let mut required_text = None;
    required(&singles, &node, &mut required_text);
    let anchored = match &node {
        PatternNode::Sequence(parts) => {
            matches!(
                parts.first(),
                Some(PatternNode::Assert(Assertion::TextStart))
            )
        }
        node => matches!(node, PatternNode::Assert(Assertion::TextStart)),
    };
    let mut compiler = Compiler {
        steps: Vec::new(),
        slots: 2 * names.len(),
        large: false,
        wide: false,
    };
    compiler.node(&node);
    compiler.push(Instruction::Accept);
    if compiler.wide {
        return Err(PatternError {
            message: "look-behind requires fixed-width pattern".to_owned(),
            position: None,
            line: None,
        });
    }
    if compiler.large {
        return Err(PatternError {
            message: "the pattern is too large".to_owned(),
            position: Some(0),
            line: text.contains('\n').then_some((1, 1)),
        });
    }
    Ok(Regex {
        steps: compiler.steps,
        singles,
        names,
        flags,
        slots: compiler.slots,
        first: first.1.then_some(first.0),
        required: required_text,
        anchored,
    })
}

/// What a match of the node may begin with, and whether it must take something.
fn first(singles: &[Single], node: &PatternNode) -> (First, bool) {
    let mut bytes = First {
        ascii: 0,
        other: false,
    };
    let takes = match node {
        PatternNode::Single(index) => {
            let single = &singles[*index];
            for byte in 0..128u8 {
                if single.has(char::from(byte)) {
                    bytes.ascii |= 1 << byte;
                }
            }
            bytes.other = !matches!(single, Single::Char(c) if c.is_ascii());
            true
        }
        PatternNode::Group(inner, _) | PatternNode::Atomic(inner) => return first(singles, inner),
        PatternNode::Sequence(parts) => {
            let mut takes = false;
            for part in parts {
                let (found, some) = first(singles, part);
                bytes.ascii |= found.ascii;
                bytes.other |= found.other;
                if some {
                    takes = true;
                    break;
                }
            }
            takes
        }
        PatternNode::Either(ways) => {
            let mut takes = true;
            for way in ways {
                let (found, some) = first(singles, way);
                bytes.ascii |= found.ascii;
                bytes.other |= found.other;
                takes &= some;
            }
            takes
        }
        PatternNode::Repeat(inner, least, ..) => {
            let (found, some) = first(singles, inner);
            bytes = found;
            some && *least > 0
        }
        PatternNode::IfGroup(..) | PatternNode::Reference(..) => {
            bytes = First {
                ascii: u128::MAX,
                other: true,
            };
            false
        }
        PatternNode::Assert(_) | PatternNode::Look { .. } => false,
    };
    (bytes, takes)
}

/// The longest ASCII text that each match has in it.
fn required(singles: &[Single], node: &PatternNode, best: &mut Option<(String, bool)>) {
    match node {
        PatternNode::Sequence(parts) => {
            let mut run: Option<(String, bool)> = None;
            for part in parts {
                let c = match part {
                    PatternNode::Single(index) => match &singles[*index] {
                        Single::Char(c) if c.is_ascii() => Some((*c, true)),
                        // The Kelvin sign and the long s are no ASCII, but k and s to `(?i)`.
                        Single::Fold(c) if c.is_ascii() && !matches!(c, 'k' | 's') => {
                            Some((*c, false))
                        }
                        _ => None,
                    },
                    _ => None,
                };
                match (c, &mut run) {
                    (Some((c, exact)), Some((text, known))) => {
                        text.push(c);
                        *known &= exact;
                    }
                    (Some((c, exact)), run) => *run = Some((c.to_string(), exact)),
                    (None, run) => {
                        required(singles, part, best);
                        longer(best, run.take());
                    }
                }
            }
            longer(best, run);
        }
        PatternNode::Group(inner, _) | PatternNode::Atomic(inner) => required(singles, inner, best),
        PatternNode::Repeat(inner, least, ..) if *least > 0 => required(singles, inner, best),
        _ => {}
    }
}

fn longer(best: &mut Option<(String, bool)>, found: Option<(String, bool)>) {
    if let Some(found) = found
        && best
            .as_ref()
            .is_none_or(|(text, _)| text.len() < found.0.len())
    {
        *best = Some(found);
    }
}

/// How many characters a match of the node takes, if always as many.
fn width(node: &PatternNode) -> Option<usize> {
    Some(match node {
        PatternNode::Single(_) => 1,
        PatternNode::Assert(_) | PatternNode::Look { .. } => 0,
        PatternNode::Group(inner, _) | PatternNode::Atomic(inner) => width(inner)?,
        PatternNode::Sequence(parts) => {
            let mut sum = 0;
            for part in parts {
                sum += width(part)?;
            }
            sum
        }
        PatternNode::Either(ways) => {
            let mut widths = ways.iter().map(width);
            let first = widths.next().flatten()?;
            if widths.any(|width| width != Some(first)) {
                return None;
            }
            first
        }
        PatternNode::Repeat(inner, least, most, _) if least == most => width(inner)? * least,
        PatternNode::IfGroup(_, yes, no) if width(yes) == width(no) => width(yes)?,
        PatternNode::Repeat(..) | PatternNode::IfGroup(..) | PatternNode::Reference(..) => {
            return None;
        }
    })
}

struct Compiler {
    steps: Vec<Instruction>,
    slots: usize,
    large: bool,
    wide: bool,
}

impl Compiler {
    fn push(&mut self, step: Instruction) -> usize {
        if self.steps.len() >= MOST_STEPS {
            self.large = true;
        } else {
            self.steps.push(step);
        }
        self.steps.len() - 1
    }

    /// A part that ends by itself; the step before it is made once its end is known.
    fn part(&mut self, node: &PatternNode, before: impl FnOnce(usize) -> Instruction) {
        let at = self.push(Instruction::Accept);
        self.node(node);
        self.push(Instruction::Accept);
        let out = self.steps.len();
        if !self.large {
            self.steps[at] = before(out);
        }
    }

    fn split(&mut self, at: usize, other: usize, lazy: bool) {
        let (first, second) = if lazy {
            (other, at + 1)
        } else {
            (at + 1, other)
        };
        self.steps[at] = Instruction::Split { first, second };
    }

    fn node(&mut self, node: &PatternNode) {
        if self.large {
            return;
        }
        match node {
            PatternNode::Single(index) => {
                self.push(Instruction::Single(*index));
            }
            PatternNode::Assert(assertion) => {
                self.push(Instruction::Assert(*assertion));
            }
            PatternNode::Group(inner, index) => {
                self.push(Instruction::Save(2 * index));
                self.node(inner);
                self.push(Instruction::Save(2 * index + 1));
            }
            PatternNode::Sequence(parts) => {
                for part in parts {
                    self.node(part);
                }
            }
            PatternNode::Either(ways) => {
                let mut ends = Vec::new();
                for (index, way) in ways.iter().enumerate() {
                    if index + 1 == ways.len() {
                        self.node(way);
                        break;
                    }
                    let at = self.push(Instruction::Accept);
                    self.node(way);
                    ends.push(self.push(Instruction::Accept));
                    let next = self.steps.len();
                    self.split(at, next, false);
                }
                let out = self.steps.len();
                for end in ends {
                    self.steps[end] = Instruction::Jump(out);
                }
            }
            PatternNode::Repeat(inner, least, most, Manner::Possessive)
                if !matches!(**inner, PatternNode::Single(_)) =>
            {
                let at = self.push(Instruction::Accept);
                self.repeat(inner, *least, *most, false);
                self.push(Instruction::Accept);
                let out = self.steps.len();
                self.steps[at] = Instruction::Atomic { out };
            }
            PatternNode::Repeat(inner, least, most, manner) => match **inner {
                PatternNode::Single(single) => {
                    self.push(Instruction::Loop {
                        single,
                        least: *least,
                        most: *most,
                        greedy: *manner != Manner::Lazy,
                        possessive: *manner == Manner::Possessive,
                    });
                }
                _ => self.repeat(inner, *least, *most, *manner == Manner::Lazy),
            },
            PatternNode::Reference(group, folds) => {
                self.push(Instruction::Reference {
                    group: *group,
                    fold: *folds,
                });
            }
            PatternNode::Look {
                inner,
                behind,
                negated,
            } => {
                let behind = if *behind {
                    width(inner).unwrap_or_else(|| {
                        self.wide = true;
                        0
                    })
                } else {
                    0
                };
                self.part(inner, |out| Instruction::Look {
                    behind,
                    negated: *negated,
                    out,
                });
            }
            PatternNode::Atomic(inner) => self.part(inner, |out| Instruction::Atomic { out }),
            PatternNode::IfGroup(group, yes, no) => {
                let at = self.push(Instruction::Accept);
                self.node(yes);
                let jump = self.push(Instruction::Accept);
                let otherwise = self.steps.len();
                self.node(no);
                let out = self.steps.len();
                self.steps[at] = Instruction::IfGroup {
                    group: *group,
                    otherwise,
                };
                self.steps[jump] = Instruction::Jump(out);
            }
        }
    }

    fn repeat(&mut self, inner: &PatternNode, least: usize, most: usize, lazy: bool) {
        for _ in 0..least {
            self.node(inner);
            if self.large {
                return;
            }
        }
        if most == ENDLESS {
            let slot = self.slots;
            self.slots += 1;
            let at = self.push(Instruction::Accept);
            let body = self.push(Instruction::Save(slot));
            self.node(inner);
            let again = self.push(Instruction::Accept);
            let out = self.steps.len();
            self.split(at, out, lazy);
            debug_assert_eq!(body, at + 1);
            self.steps[again] = Instruction::Again {
                slot,
                body: at,
                out,
            };
        } else {
            let mut splits = Vec::new();
            for _ in least..most {
                splits.push(self.push(Instruction::Accept));
                self.node(inner);
                if self.large {
                    return;
                }
            }
            let out = self.steps.len();
            for at in splits {
                self.split(at, out, lazy);
            }
        }
    }
}
