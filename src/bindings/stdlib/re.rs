//! `re`.

use ground::formatting::repr::string_repr;
use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use ground::regex::{self, Captures, MatchKind, Regex, flags};
use python::parameters;
use python::{
    Arguments, Bound, Class, ClassBuilder, Interpreter, Module, NativeObject, Registry, Value,
};

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("re", module);
}

struct Pattern {
    source: Rc<str>,
    regex: Regex,
}

struct Match {
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
    let text = text_of(vm, &text)?;
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
            return match pattern.regex.find(&text, 0, place) {
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
            for captures in pattern.regex.iterate(&text) {
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

const QUESTIONS: [(&str, Question, &str); 8] = [
    ("search", Question::Search, "string, flags=0"),
    ("match", Question::Match, "string, flags=0"),
    ("fullmatch", Question::FullMatch, "string, flags=0"),
    ("findall", Question::FindAll, "string, flags=0"),
    ("finditer", Question::FindIter, "string, flags=0"),
    ("split", Question::Split, "string, maxsplit=0, flags=0"),
    ("sub", Question::Sub, "repl, string, count=0, flags=0"),
    ("subn", Question::SubN, "repl, string, count=0, flags=0"),
];

fn flags_of(value: Option<Value>) -> i64 {
    value.and_then(|flags| flags.as_int()).unwrap_or(0)
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("Exception");
    let error = vm.define_exception("re", "error", base.as_slice());
    let mut module = Module::build("re")
        .value("error", error)
        .function("compile", |vm, arguments| {
            let mut bound = arguments.bind(parameters!("compile", "pattern, flags=0"))?;
            let pattern = bound.value("pattern");
            let flags = flags_of(bound.take("flags"));
            let pattern = compile(vm, &pattern, flags)?;
            Ok(Value::Native(pattern))
        })
        .function("escape", |vm, arguments| {
            let [pattern] = arguments.exactly("escape")?;
            let text = text_of(vm, &pattern)?;
            Ok(Value::str(regex::escape(&text)))
        });
    for (name, question, list) in QUESTIONS {
        let parameters = python::Parameters::new(name, &format!("pattern, {list}"));
        module = module.function(name, move |vm, arguments| {
            let mut bound = arguments.bind(&parameters)?;
            let pattern = bound.value("pattern");
            let flags = flags_of(bound.take("flags"));
            let pattern = compile(vm, &pattern, flags)?;
            ask(vm, &pattern, question, &mut bound)
        });
    }
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
    let (pattern, found) = (pattern_class(vm), match_class(vm));
    Ok(module.class(&pattern).class(&found).build())
}

fn pattern_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("re.Pattern") {
        return class;
    }
    let mut class = ClassBuilder::new("re", "Pattern");
    for (name, question, list) in QUESTIONS {
        let parameters = python::Parameters::new(name, list);
        class = class.method(name, move |vm, this, arguments| {
            let Some(pattern) = this.downcast::<Pattern>() else {
                return Ok(Value::None);
            };
            let mut bound = arguments.bind(&parameters)?;
            ask(vm, &pattern, question, &mut bound)
        });
    }
    class.build(vm)
}

fn match_class(vm: &mut Interpreter) -> Class {
    if let Some(class) = vm.registered_class("re.Match") {
        return class;
    }
    fn edge(
        vm: &mut Interpreter,
        this: &Value,
        arguments: Arguments,
        pick: impl Fn((i64, i64)) -> Value,
    ) -> Result<Value> {
        let [key] = arguments.between("span", 0)?;
        let Some(found) = this.downcast::<Match>() else {
            return Ok(Value::None);
        };
        let index = found.index(vm, &key.unwrap_or(Value::Int(0)))?;
        let count = |end: usize| found.text[..end].chars().count() as i64;
        Ok(pick(match found.groups[index] {
            Some((start, end)) => (count(start), count(end)),
            None => (-1, -1),
        }))
    }
    ClassBuilder::new("re", "Match")
        .method("group", |vm, this, arguments| {
            let Some(found) = this.downcast::<Match>() else {
                return Ok(Value::None);
            };
            let mut groups = Vec::new();
            for key in &arguments.positional {
                let index = found.index(vm, key)?;
                groups.push(found.group(index));
            }
            Ok(match groups.len() {
                0 => found.group(0),
                1 => groups.remove(0),
                _ => Value::tuple(groups),
            })
        })
        .method("groups", |_, this, arguments| {
            let [default] = arguments.between("groups", 0)?;
            let default = default.unwrap_or(Value::None);
            Ok(match this.downcast::<Match>() {
                Some(found) => Value::tuple(
                    (1..found.groups.len())
                        .map(|index| match found.group(index) {
                            Value::None => default.clone(),
                            value => value,
                        })
                        .collect(),
                ),
                None => Value::None,
            })
        })
        .method("groupdict", |_, this, _| {
            Ok(match this.downcast::<Match>() {
                Some(found) => Value::dict(
                    found
                        .pattern
                        .regex
                        .capture_names()
                        .iter()
                        .enumerate()
                        .filter_map(|(index, name)| Some((name.as_deref()?, found.group(index)))),
                ),
                None => Value::None,
            })
        })
        .method("start", |vm, this, arguments| {
            edge(vm, this, arguments, |(start, _)| Value::Int(start))
        })
        .method("end", |vm, this, arguments| {
            edge(vm, this, arguments, |(_, end)| Value::Int(end))
        })
        .method("span", |vm, this, arguments| {
            edge(vm, this, arguments, |(start, end)| {
                Value::tuple(vec![Value::Int(start), Value::Int(end)])
            })
        })
        .method("expand", |vm, this, arguments| {
            let [template] = arguments.exactly("expand")?;
            let template = text_of(vm, &template)?;
            let mut out = String::new();
            if let Some(found) = this.downcast::<Match>() {
                expand(vm, &found, &template, &mut out)?;
            }
            Ok(Value::str(out))
        })
        .build(vm)
}

impl NativeObject for Pattern {
    fn class(&self, vm: &mut Interpreter) -> Class {
        pattern_class(vm)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "pattern" => Some(Value::Str(self.source.clone())),
            "flags" => Some(Value::Int(self.regex.flags())),
            "groups" => Some(Value::from(self.regex.captures_len() - 1)),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("re.compile({})", string_repr(&self.source))))
    }
}

impl NativeObject for Match {
    fn class(&self, vm: &mut Interpreter) -> Class {
        match_class(vm)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "string" => Some(Value::Str(self.text.clone())),
            "re" => Some(Value::Native(self.pattern.clone())),
            "lastindex" => Some(
                (1..self.groups.len())
                    .rev()
                    .find(|index| self.groups[*index].is_some())
                    .map_or(Value::None, Value::from),
            ),
            _ => None,
        })
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
