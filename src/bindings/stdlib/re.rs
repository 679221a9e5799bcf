//! `re`.

use ground::formatting::repr::string_repr;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::regex::{self, Captures, MatchKind, Regex, flags};
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, Module, NativeObject,
    Registry, Value, function, method, property,
};

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("re", module);
}

pub(super) struct Pattern {
    source: Rc<str>,
    regex: Regex,
}

pub(super) struct Match {
    pattern: Rc<Pattern>,
    text: Rc<str>,
    /// Byte ranges of the groups, the whole match first.
    groups: Vec<Option<(usize, usize)>>,
}

impl Match {
    fn of(pattern: &Rc<Pattern>, text: &Rc<str>, captures: &Captures<'_>) -> Match {
        Match {
            pattern: pattern.clone(),
            text: text.clone(),
            groups: captures.groups().to_vec(),
        }
    }

    fn whole(&self) -> (usize, usize) {
        self.groups.first().copied().flatten().unwrap_or((0, 0))
    }

    fn group(&self, index: usize) -> Value {
        match self.groups.get(index) {
            Some(Some((start, end))) => Value::str(&self.text[*start..*end]),
            _ => Value::None,
        }
    }

    fn index(&self, vm: &Interpreter, key: &Value) -> Result<usize> {
        let found = match key.as_text() {
            Some(name) => self
                .pattern
                .regex
                .capture_names()
                .iter()
                .position(|candidate| candidate.as_deref() == Some(&*name)),
            None => key.as_int().and_then(|index| usize::try_from(index).ok()),
        };
        found
            .filter(|index| *index < self.groups.len())
            .ok_or_else(|| vm.index_error("no such group"))
    }
}

fn compile(vm: &mut Interpreter, pattern: &Value, flags: i64) -> Result<Rc<Pattern>> {
    if let Some(compiled) = pattern.downcast::<Pattern>() {
        return Ok(compiled);
    }
    let Some(source) = pattern.as_text() else {
        return Err(vm.type_error("first argument must be string or compiled pattern"));
    };
    match Regex::with_flags(&source, flags) {
        Ok(regex) => Ok(Rc::new(Pattern { source, regex })),
        Err(error) => Err(vm.error("re.error", error.to_string())),
    }
}

/// The error for a match that would backtrack excessively.
fn too_long(vm: &Interpreter, pattern: &Pattern) -> Error {
    vm.unsupported(format!(
        "matching the regular expression {} takes too long here",
        string_repr(&pattern.source)
    ))
}

fn text_of(vm: &mut Interpreter, value: &Value) -> Result<Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => {
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!(
                "expected string or bytes-like object, got '{class}'"
            )))
        }
    }
}

/// The matching modes of a pattern.
#[derive(Clone, Copy)]
enum Question {
    Search,
    Match,
    FullMatch,
    FindAll,
    FindIter,
    Split,
    Sub,
    SubN,
}

fn ask(
    vm: &mut Interpreter,
    pattern: &Rc<Pattern>,
    question: Question,
    bound: &mut Bound<'_>,
) -> Result<Value> {
    let text = bound.value("string");
    let mut text = text_of(vm, &text)?;
    // Places count characters.
    let mut byte = |name: &str| {
        let place = bound.take(name)?.as_int()?;
        let place = usize::try_from(place).unwrap_or(0);
        let found = text.char_indices().nth(place);
        Some(found.map_or(text.len(), |(byte, _)| byte))
    };
    let start = byte("pos").unwrap_or(0);
    if let Some(end) = byte("endpos")
        && end < text.len()
    {
        text = Rc::from(&text[..end]);
    }
    let start = start.min(text.len());
    let limit = |bound: &mut Bound<'_>, name: &str| {
        bound
            .take(name)
            .and_then(|value| value.as_int())
            .and_then(|value| usize::try_from(value).ok())
            .unwrap_or(0)
    };
    let mut found = Vec::new();
    match question {
        Question::Search | Question::Match | Question::FullMatch => {
            let place = match question {
                Question::Search => MatchKind::Search,
                Question::Match => MatchKind::Match,
                _ => MatchKind::FullMatch,
            };
            return match pattern.regex.find(&text, start, place) {
                Ok(Some(captures)) => Ok(Value::native(Match::of(pattern, &text, &captures))),
                Ok(None) => Ok(Value::None),
                Err(_) => Err(too_long(vm, pattern)),
            };
        }
        _ => {
            let most = match question {
                Question::Split => limit(bound, "maxsplit"),
                Question::Sub | Question::SubN => limit(bound, "count"),
                _ => 0,
            };
            for captures in pattern.regex.iterate(&text, start) {
                if most > 0 && found.len() >= most {
                    break;
                }
                let captures = captures.map_err(|_| too_long(vm, pattern))?;
                found.push(Match::of(pattern, &text, &captures));
            }
        }
    }
    Ok(match question {
        Question::FindAll => Value::list(
            found
                .iter()
                .map(|found| {
                    let group = |index: usize| match found.group(index) {
                        Value::None => Value::str(""),
                        text => text,
                    };
                    match found.groups.len() {
                        1 => group(0),
                        2 => group(1),
                        count => Value::tuple((1..count).map(group).collect()),
                    }
                })
                .collect(),
        ),
        Question::Split => {
            let mut parts = Vec::new();
            let mut last = 0;
            for found in &found {
                let (start, end) = found.whole();
                parts.push(Value::str(&text[last..start]));
                parts.extend((1..found.groups.len()).map(|index| found.group(index)));
                last = end;
            }
            parts.push(Value::str(&text[last..]));
            Value::list(parts)
        }
        Question::Sub | Question::SubN => {
            let replacement = bound.value("repl");
            let mut out = String::new();
            let (mut last, count) = (0, found.len());
            for found in found {
                let (start, end) = found.whole();
                out.push_str(&text[last..start]);
                match replacement.as_text() {
                    Some(template) => expand(vm, &found, &template, &mut out)?,
                    None => {
                        let value = vm.call(
                            &replacement,
                            Arguments::positional(vec![Value::native(found)]),
                        )?;
                        out.push_str(&vm.str(&value)?);
                    }
                }
                last = end;
            }
            out.push_str(&text[last..]);
            match question {
                Question::Sub => Value::str(out),
                _ => Value::tuple(vec![Value::str(out), Value::from(count)]),
            }
        }
        _ => Value::list(found.into_iter().map(Value::native).collect()),
    })
}

/// Expands a replacement template with `\1`, `\g<name>` and escapes.
fn expand(vm: &mut Interpreter, found: &Match, template: &str, out: &mut String) -> Result<()> {
    let mut characters = template.chars().peekable();
    while let Some(c) = characters.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match characters.next() {
            Some('g') if characters.peek() == Some(&'<') => {
                characters.next();
                let name: String = characters.by_ref().take_while(|c| *c != '>').collect();
                let key = match name.parse::<i64>() {
                    Ok(number) => Value::Int(number),
                    Err(_) => Value::str(name),
                };
                let index = found.index(vm, &key)?;
                if let Some(text) = found.group(index).as_str() {
                    out.push_str(text);
                }
            }
            Some(digit @ '0'..='9') => {
                let mut number = i64::from(digit as u8 - b'0');
                if let Some(next) = characters.peek().and_then(|c| c.to_digit(10)) {
                    characters.next();
                    number = number * 10 + i64::from(next);
                }
                let index = found.index(vm, &Value::Int(number))?;
                if let Some(text) = found.group(index).as_str() {
                    out.push_str(text);
                }
            }
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('\\') => out.push('\\'),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    Ok(())
}

fn flags_of(value: Option<Value>) -> i64 {
    value.and_then(|flags| flags.as_int()).unwrap_or(0)
}

/// A function of the module, which compiles its pattern first.
fn ask_module(vm: &mut Interpreter, bound: &mut Bound<'_>, question: Question) -> Result<Value> {
    let pattern = bound.value("pattern");
    let flags = flags_of(bound.take("flags"));
    let pattern = compile(vm, &pattern, flags)?;
    ask(vm, &pattern, question, bound)
}

/// A method of a pattern.
fn ask_pattern(vm: &mut Interpreter, bound: &mut Bound<'_>, question: Question) -> Result<Value> {
    let this = bound.value("self");
    match this.downcast::<Pattern>() {
        Some(pattern) => ask(vm, &pattern, question, bound),
        None => Err(vm.type_error("a pattern is required")),
    }
}

static FUNCTIONS: &[FreeFunction] = &[
    function("compile", "pattern, flags=0", |vm, bound| {
        let pattern = bound.value("pattern");
        let flags = flags_of(bound.take("flags"));
        let pattern = compile(vm, &pattern, flags)?;
        Ok(Value::Native(pattern))
    }),
    function("escape", "pattern", |vm, bound| {
        let pattern = bound.value("pattern");
        let text = text_of(vm, &pattern)?;
        Ok(Value::str(regex::escape(&text)))
    }),
    function("search", "pattern, string, flags=0", |vm, bound| {
        ask_module(vm, bound, Question::Search)
    }),
    function("match", "pattern, string, flags=0", |vm, bound| {
        ask_module(vm, bound, Question::Match)
    }),
    function("fullmatch", "pattern, string, flags=0", |vm, bound| {
        ask_module(vm, bound, Question::FullMatch)
    }),
    function("findall", "pattern, string, flags=0", |vm, bound| {
        ask_module(vm, bound, Question::FindAll)
    }),
    function("finditer", "pattern, string, flags=0", |vm, bound| {
        ask_module(vm, bound, Question::FindIter)
    }),
    function(
        "split",
        "pattern, string, maxsplit=0, flags=0",
        |vm, bound| ask_module(vm, bound, Question::Split),
    ),
    function(
        "sub",
        "pattern, repl, string, count=0, flags=0",
        |vm, bound| ask_module(vm, bound, Question::Sub),
    ),
    function(
        "subn",
        "pattern, repl, string, count=0, flags=0",
        |vm, bound| ask_module(vm, bound, Question::SubN),
    ),
];

/// What the methods of a pattern take that look for it.
const WITHIN: &str = "self, /, string, pos=0, endpos=9223372036854775807";

pub(super) static PATTERN: Declaration<Pattern> = Declaration {
    properties: &[
        property("pattern", |_, pattern| {
            Ok(Value::Str(pattern.source.clone()))
        }),
        property("flags", |_, pattern| Ok(pattern.regex.flags().into())),
        property("groups", |_, pattern| {
            Ok((pattern.regex.captures_len() - 1).into())
        }),
    ],
    methods: &[
        method("search", WITHIN, |vm, _, bound| {
            ask_pattern(vm, bound, Question::Search)
        }),
        method("match", WITHIN, |vm, _, bound| {
            ask_pattern(vm, bound, Question::Match)
        }),
        method("fullmatch", WITHIN, |vm, _, bound| {
            ask_pattern(vm, bound, Question::FullMatch)
        }),
        method("findall", WITHIN, |vm, _, bound| {
            ask_pattern(vm, bound, Question::FindAll)
        }),
        method("finditer", WITHIN, |vm, _, bound| {
            ask_pattern(vm, bound, Question::FindIter)
        }),
        method("split", "self, /, string, maxsplit=0", |vm, _, bound| {
            ask_pattern(vm, bound, Question::Split)
        }),
        method("sub", "self, /, repl, string, count=0", |vm, _, bound| {
            ask_pattern(vm, bound, Question::Sub)
        }),
        method("subn", "self, /, repl, string, count=0", |vm, _, bound| {
            ask_pattern(vm, bound, Question::SubN)
        }),
    ],
    sealed: true,
    ..Declaration::new("re.Pattern")
};

/// Where a group begins and ends, in characters; -1 for one that took no part.
fn span(vm: &Interpreter, found: &Match, bound: &mut Bound<'_>) -> Result<(i64, i64)> {
    let index = found.index(vm, &bound.take("group").unwrap_or(Value::Int(0)))?;
    let count = |end: usize| found.text[..end].chars().count() as i64;
    Ok(match found.groups[index] {
        Some((start, end)) => (count(start), count(end)),
        None => (-1, -1),
    })
}

fn group(vm: &mut Interpreter, found: &Match, bound: &mut Bound<'_>) -> Result<Value> {
    let mut groups = Vec::new();
    for key in &bound.rest {
        let index = found.index(vm, key)?;
        groups.push(found.group(index));
    }
    Ok(match groups.len() {
        0 => found.group(0),
        1 => groups.remove(0),
        _ => Value::tuple(groups),
    })
}

/// A group, or what `default=` says for one that took no part.
fn group_or(found: &Match, index: usize, default: &Value) -> Value {
    match found.group(index) {
        Value::None => default.clone(),
        value => value,
    }
}

pub(super) static MATCH: Declaration<Match> = Declaration {
    properties: &[
        property("string", |_, found| Ok(Value::Str(found.text.clone()))),
        property("re", |_, found| Ok(Value::Native(found.pattern.clone()))),
        property("lastindex", |_, found| {
            let mut indices = (1..found.groups.len()).rev();
            Ok(indices.find(|index| found.groups[*index].is_some()).into())
        }),
    ],
    methods: &[
        method("group", "self, /, *args", group),
        method("groups", "self, /, default=None", |_, found, bound| {
            let default = bound.value("default");
            let groups = (1..found.groups.len()).map(|index| group_or(found, index, &default));
            Ok(Value::tuple(groups.collect()))
        }),
        method("groupdict", "self, /, default=None", |_, found, bound| {
            let default = bound.value("default");
            let names = found.pattern.regex.capture_names().iter().enumerate();
            Ok(Value::dict(names.filter_map(|(index, name)| {
                Some((name.as_deref()?, group_or(found, index, &default)))
            })))
        }),
        method("start", "self, group=0, /", |vm, found, bound| {
            Ok(span(vm, found, bound)?.0.into())
        }),
        method("end", "self, group=0, /", |vm, found, bound| {
            Ok(span(vm, found, bound)?.1.into())
        }),
        method("span", "self, group=0, /", |vm, found, bound| {
            let (start, end) = span(vm, found, bound)?;
            Ok(Value::tuple(vec![start.into(), end.into()]))
        }),
        method("expand", "self, /, template", |vm, found, bound| {
            let template = bound.value("template");
            let template = text_of(vm, &template)?;
            let mut out = String::new();
            expand(vm, found, &template, &mut out)?;
            Ok(Value::str(out))
        }),
    ],
    sealed: true,
    ..Declaration::new("re.Match")
};

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("Exception");
    let error = vm.define_exception("re", "error", base.as_slice());
    let mut module = Module::build("re")
        .value("error", error)
        .functions(FUNCTIONS);
    for (names, flag) in [
        (["I", "IGNORECASE"], flags::IGNORECASE),
        (["M", "MULTILINE"], flags::MULTILINE),
        (["S", "DOTALL"], flags::DOTALL),
        (["X", "VERBOSE"], flags::VERBOSE),
        (["A", "ASCII"], flags::ASCII),
        (["U", "UNICODE"], flags::UNICODE),
    ] {
        for name in names {
            module = module.value(name, Value::Int(flag));
        }
    }
    let (pattern, found) = (vm.class(&PATTERN), vm.class(&MATCH));
    Ok(module.class(&pattern).class(&found).build())
}

impl NativeObject for Pattern {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&PATTERN)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("re.compile({})", string_repr(&self.source))))
    }
}

impl NativeObject for Match {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&MATCH)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let index = self.index(vm, key)?;
        Ok(Some(self.group(index)))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let (start, end) = self.whole();
        let count = |end: usize| self.text[..end].chars().count();
        Ok(Some(format!(
            "<re.Match object; span=({}, {}), match={}>",
            count(start),
            count(end),
            string_repr(&self.text[start..end])
        )))
    }
}
