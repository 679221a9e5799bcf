//! `re`, over a regular expression library that knows no look-around and no back-references.

use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use crate::diagnostic::Result;
use crate::driver::python_str;
use crate::parameters;
use crate::python::{
    Arguments, Bound, Class, ClassBuilder, Interpreter, Module, NativeObject, Registry, Value,
};

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("re", module);
}

const IGNORECASE: i64 = 2;
const MULTILINE: i64 = 8;
const DOTALL: i64 = 16;
const VERBOSE: i64 = 64;

struct Pattern {
    source: Rc<str>,
    flags: i64,
    regex: Regex,
    /// The same, bound to the whole text, for `fullmatch`.
    whole: Regex,
    /// The same, bound to the start, for `match`.
    start: Regex,
}

struct Match {
    pattern: Rc<Pattern>,
    text: Rc<str>,
    /// Byte ranges of the groups, the whole match first.
    groups: Vec<Option<(usize, usize)>>,
}

impl Match {
    fn of(pattern: &Rc<Pattern>, text: &Rc<str>, captures: &regex::Captures<'_>) -> Match {
        Match {
            pattern: pattern.clone(),
            text: text.clone(),
            groups: captures
                .iter()
                .map(|group| group.map(|group| (group.start(), group.end())))
                .collect(),
        }
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
                .position(|candidate| candidate == Some(&*name)),
            None => key.as_int().and_then(|index| usize::try_from(index).ok()),
        };
        found
            .filter(|index| *index < self.groups.len())
            .ok_or_else(|| vm.index_error("no such group"))
    }
}

/// Python's pattern in the library's words; `None` for what the library has no word for.
fn translated(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut characters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('Z') if !in_class => out.push_str("\\z"),
                Some('A') if !in_class => out.push_str("\\A"),
                Some(digit @ '1'..='9') if !in_class => {
                    let _ = digit;
                    return None;
                }
                Some(escaped)
                    if escaped.is_ascii_punctuation() || escaped.is_ascii_alphanumeric() =>
                {
                    out.push('\\');
                    out.push(escaped);
                }
                Some(escaped) => out.push(escaped),
                None => return None,
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                if characters.peek() == Some(&'^') {
                    characters.next();
                    out.push('^');
                }
                if characters.peek() == Some(&']') {
                    characters.next();
                    out.push_str("\\]");
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '$' if !in_class => out.push_str("(?:$)"),
            c => out.push(c),
        }
    }
    Some(out)
}

fn compile(vm: &mut Interpreter, pattern: &Value, flags: i64) -> Result<Rc<Pattern>> {
    if let Some(compiled) = pattern.downcast::<Pattern>() {
        return Ok(compiled);
    }
    let Some(source) = pattern.as_text() else {
        return Err(vm.type_error("first argument must be string or compiled pattern"));
    };
    let no = |vm: &Interpreter| {
        vm.unsupported(format!(
            "the regular expression {}: look-around and back-references are not supported here",
            python_str(&source)
        ))
    };
    if ["(?=", "(?!", "(?<=", "(?<!", "(?P=", "(?("]
        .iter()
        .any(|part| source.contains(part))
    {
        return Err(no(vm));
    }
    let Some(translated) = translated(&source) else {
        return Err(no(vm));
    };
    let build = |text: &str| {
        RegexBuilder::new(text)
            .case_insensitive(flags & IGNORECASE != 0)
            .multi_line(flags & MULTILINE != 0)
            .dot_matches_new_line(flags & DOTALL != 0)
            .ignore_whitespace(flags & VERBOSE != 0)
            .size_limit(1 << 20)
            .build()
    };
    let newline = if flags & VERBOSE != 0 { "\n" } else { "" };
    match (
        build(&translated),
        build(&format!("\\A(?:{translated}{newline})\\z")),
        build(&format!("\\A(?:{translated}{newline})")),
    ) {
        (Ok(regex), Ok(whole), Ok(start)) => Ok(Rc::new(Pattern {
            source,
            flags,
            regex,
            whole,
            start,
        })),
        (Err(error), ..) | (_, Err(error), _) | (.., Err(error)) => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or("bad pattern").to_owned();
            Err(vm.error("re.error", reason.trim_start_matches("error: ").to_owned()))
        }
    }
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

/// What can be asked of a pattern.
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
    Ok(match question {
        Question::Search | Question::Match | Question::FullMatch => {
            let regex = match question {
                Question::Search => &pattern.regex,
                Question::Match => &pattern.start,
                _ => &pattern.whole,
            };
            match regex.captures(&text) {
                Some(captures) => Value::native(Match::of(pattern, &text, &captures)),
                None => Value::None,
            }
        }
        Question::FindAll => {
            let mut found = Vec::new();
            for captures in pattern.regex.captures_iter(&text) {
                let group = |index: usize| {
                    Value::str(captures.get(index).map_or("", |group| group.as_str()))
                };
                found.push(match captures.len() {
                    1 => group(0),
                    2 => group(1),
                    count => Value::tuple((1..count).map(group).collect()),
                });
            }
            Value::list(found)
        }
        Question::FindIter => Value::list(
            pattern
                .regex
                .captures_iter(&text)
                .map(|captures| Value::native(Match::of(pattern, &text, &captures)))
                .collect(),
        ),
        Question::Split => {
            let most = limit(bound, "maxsplit");
            let mut parts = Vec::new();
            let mut last = 0;
            for (at, captures) in pattern.regex.captures_iter(&text).enumerate() {
                if most > 0 && at >= most {
                    break;
                }
                let Some(whole) = captures.get(0) else { break };
                parts.push(Value::str(&text[last..whole.start()]));
                for group in captures.iter().skip(1) {
                    parts.push(group.map_or(Value::None, |group| Value::str(group.as_str())));
                }
                last = whole.end();
            }
            parts.push(Value::str(&text[last..]));
            Value::list(parts)
        }
        Question::Sub | Question::SubN => {
            let replacement = bound.value("repl");
            let most = limit(bound, "count");
            let mut out = String::new();
            let (mut last, mut count) = (0, 0);
            for captures in pattern.regex.captures_iter(&text) {
                if most > 0 && count >= most {
                    break;
                }
                let found = Match::of(pattern, &text, &captures);
                let Some((start, end)) = found.groups.first().copied().flatten() else {
                    break;
                };
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
                count += 1;
            }
            out.push_str(&text[last..]);
            match question {
                Question::Sub => Value::str(out),
                _ => Value::tuple(vec![Value::str(out), Value::from(count)]),
            }
        }
    })
}

/// A replacement with `\1`, `\g<name>` and escapes.
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
            let mut out = String::new();
            for c in text.chars() {
                if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(Value::str(out))
        });
    for (name, question, list) in QUESTIONS {
        let parameters = crate::python::Parameters::new(name, &format!("pattern, {list}"));
        module = module.function(name, move |vm, arguments| {
            let mut bound = arguments.bind(&parameters)?;
            let pattern = bound.value("pattern");
            let flags = flags_of(bound.take("flags"));
            let pattern = compile(vm, &pattern, flags)?;
            ask(vm, &pattern, question, &mut bound)
        });
    }
    for (names, flag) in [
        (["I", "IGNORECASE"], IGNORECASE),
        (["M", "MULTILINE"], MULTILINE),
        (["S", "DOTALL"], DOTALL),
        (["X", "VERBOSE"], VERBOSE),
        (["A", "ASCII"], 256),
        (["U", "UNICODE"], 32),
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
        let parameters = crate::python::Parameters::new(name, list);
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
                        .enumerate()
                        .filter_map(|(index, name)| Some((name?, found.group(index)))),
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
            "flags" => Some(Value::Int(self.flags | 32)),
            "groups" => Some(Value::from(self.regex.captures_len() - 1)),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("re.compile({})", python_str(&self.source))))
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
        let (start, end) = self.groups.first().copied().flatten().unwrap_or((0, 0));
        let count = |end: usize| self.text[..end].chars().count();
        Ok(Some(format!(
            "<re.Match object; span=({}, {}), match={}>",
            count(start),
            count(end),
            python_str(&self.text[start..end])
        )))
    }
}
