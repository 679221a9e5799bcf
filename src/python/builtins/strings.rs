//! `str`.

use ground::exception;
use std::rc::Rc;

use super::{constructor, methods, property, wrap};
use crate::arguments::Arguments;
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::parameters;
use crate::value::{Descriptor, NativeFunction, Slice, Value};
use ground::diagnostic::Result;
use ground::formatting::characters::{is_printable, is_space};

fn text(this: &Value) -> Rc<str> {
    this.as_text().unwrap_or_default()
}

fn expect(vm: &mut Interpreter, value: &Value, what: &str) -> Result<Rc<str>> {
    match value.as_text() {
        Some(text) => Ok(text),
        None => {
            vm.require_known(value, "its text")?;
            let class = vm.class_of(value).name();
            Err(vm.type_error(format!("{what} must be str, not {class}")))
        }
    }
}

/// Byte offset of a character index.
fn offset(text: &str, index: usize) -> usize {
    if text.is_ascii() {
        return index.min(text.len());
    }
    text.char_indices()
        .nth(index)
        .map_or(text.len(), |(offset, _)| offset)
}

/// The substring between two optional character indices, with its start index.
fn part<'t>(
    vm: &mut Interpreter,
    text: &'t str,
    start: Option<Value>,
    stop: Option<Value>,
) -> Result<Option<(&'t str, usize)>> {
    let length = text.chars().count();
    let first_beyond = match &start {
        Some(start) => vm
            .as_index(start)?
            .is_some_and(|start| start > i64::try_from(length).unwrap_or(i64::MAX)),
        None => false,
    };
    if first_beyond {
        return Ok(None);
    }
    let slice = Slice {
        start: start.unwrap_or(Value::None),
        stop: stop.unwrap_or(Value::None),
        step: Value::None,
    };
    let (start, stop, _) = vm.slice_bounds(&slice, length)?;
    let start = usize::try_from(start).unwrap_or(0);
    let stop = usize::try_from(stop).unwrap_or(0);
    if stop < start {
        return Ok(None);
    }
    Ok(Some((
        &text[offset(text, start)..offset(text, stop)],
        start,
    )))
}

fn search(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    name: &str,
    last: bool,
) -> Result<Option<usize>> {
    let [wanted, start, stop] = arguments.between::<3>(name, 1)?;
    let wanted = expect(vm, &wanted.unwrap_or(Value::None), "argument 1")?;
    let own = text(this);
    let Some((inside, start)) = part(vm, &own, start, stop)? else {
        return Ok(None);
    };
    let found = if last {
        inside.rfind(&*wanted)
    } else {
        inside.find(&*wanted)
    };
    Ok(found.map(|at| start + inside[..at].chars().count()))
}

fn ends(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    name: &str,
    test: fn(&str, &str) -> bool,
) -> Result<Value> {
    let [wanted, start, stop] = arguments.between::<3>(name, 1)?;
    let wanted = wanted.unwrap_or(Value::None);
    let own = text(this);
    let Some((inside, _)) = part(vm, &own, start, stop)? else {
        return Ok(Value::Bool(false));
    };
    let candidates = match wanted.plain() {
        Value::Tuple(items) => items.to_vec(),
        _ => vec![wanted.clone()],
    };
    for candidate in candidates {
        match candidate.as_str() {
            Some(candidate) => {
                if test(inside, candidate) {
                    return Ok(Value::Bool(true));
                }
            }
            None => {
                vm.require_known(&candidate, "its text")?;
                let class = vm.class_of(&candidate).name();
                return Err(vm.type_error(format!(
                    "{name} first arg must be str or a tuple of str, not {class}"
                )));
            }
        }
    }
    Ok(Value::Bool(false))
}

fn strip(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    name: &str,
    left: bool,
    right: bool,
) -> Result<Value> {
    let [chars] = arguments.between::<1>(name, 0)?;
    let own = text(this);
    let set: Option<Vec<char>> = match chars {
        Some(chars) if !chars.is_none() => match chars.as_str() {
            Some(chars) => Some(chars.chars().collect()),
            None => return Err(vm.type_error(format!("{name} arg must be None or str"))),
        },
        _ => None,
    };
    let drop = |c: char| match &set {
        Some(set) => set.contains(&c),
        None => is_space(c),
    };
    let mut result = &*own;
    if left {
        result = result.trim_start_matches(drop);
    }
    if right {
        result = result.trim_end_matches(drop);
    }
    Ok(Value::str(result))
}

fn split(vm: &mut Interpreter, this: &Value, arguments: Arguments, right: bool) -> Result<Value> {
    let parameters = if right {
        parameters!("rsplit", "sep=None, maxsplit=-1")
    } else {
        parameters!("split", "sep=None, maxsplit=-1")
    };
    let mut bound = arguments.bind(parameters)?;
    let limit = match bound.take("maxsplit") {
        Some(limit) => vm.as_index(&limit)?.unwrap_or(-1),
        None => -1,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let own = text(this);
    let mut parts: Vec<Value> = Vec::new();
    match bound.take_some("sep") {
        None => {
            if right {
                let mut rest = own.trim_end_matches(is_space);
                while !rest.is_empty() && parts.len() < limit {
                    match rest.rfind(is_space) {
                        Some(at) => {
                            let after = at + rest[at..].chars().next().map_or(1, char::len_utf8);
                            parts.push(Value::str(&rest[after..]));
                            rest = rest[..at].trim_end_matches(is_space);
                        }
                        None => break,
                    }
                }
                let rest = if parts.len() < limit {
                    rest.trim_start_matches(is_space)
                } else {
                    rest
                };
                if !rest.is_empty() {
                    parts.push(Value::str(rest));
                }
                parts.reverse();
            } else {
                let mut rest = own.trim_start_matches(is_space);
                while !rest.is_empty() && parts.len() < limit {
                    match rest.find(is_space) {
                        Some(at) => {
                            parts.push(Value::str(&rest[..at]));
                            rest = rest[at..].trim_start_matches(is_space);
                        }
                        None => break,
                    }
                }
                let rest = if parts.len() < limit {
                    rest.trim_end_matches(is_space)
                } else {
                    rest
                };
                if !rest.is_empty() {
                    parts.push(Value::str(rest));
                }
            }
        }
        Some(separator) => {
            let separator = expect(vm, &separator, "sep")?;
            if separator.is_empty() {
                return Err(vm.value_error("empty separator"));
            }
            let limit = limit.saturating_add(1);
            if right {
                parts = own.rsplitn(limit, &*separator).map(Value::str).collect();
                parts.reverse();
            } else {
                parts = own.splitn(limit, &*separator).map(Value::str).collect();
            }
        }
    }
    vm.allocate(parts.len() * 24)?;
    Ok(Value::list(parts))
}

fn justify(vm: &mut Interpreter, this: &Value, arguments: Arguments, name: &str) -> Result<Value> {
    let [width, fill] = arguments.between::<2>(name, 1)?;
    let own = text(this);
    let width = match width {
        Some(width) => vm.as_index(&width)?.unwrap_or(0),
        None => 0,
    };
    let width = usize::try_from(width).unwrap_or(0);
    let fill = match fill {
        Some(fill) => {
            let mut chars = text(&fill).chars().collect::<Vec<_>>();
            match (chars.pop(), chars.is_empty()) {
                (Some(c), true) => c,
                _ => {
                    return Err(
                        vm.type_error("The fill character must be exactly one character long")
                    );
                }
            }
        }
        None => ' ',
    };
    let length = own.chars().count();
    if width <= length {
        return Ok(Value::Str(own));
    }
    vm.allocate(width)?;
    let missing = width - length;
    let (left, right) = match name {
        "ljust" => (0, missing),
        "rjust" => (missing, 0),
        _ => {
            let left = missing / 2 + (missing & width & 1);
            (left, missing - left)
        }
    };
    let mut result = String::new();
    result.extend(std::iter::repeat_n(fill, left));
    result.push_str(&own);
    result.extend(std::iter::repeat_n(fill, right));
    Ok(Value::from(result))
}

fn all_chars(this: &Value, test: fn(char) -> bool) -> Result<Value> {
    let own = text(this);
    Ok(Value::Bool(!own.is_empty() && own.chars().all(test)))
}

fn title(own: &str) -> String {
    let mut result = String::new();
    let mut inside = false;
    for c in own.chars() {
        if c.is_alphabetic() {
            if inside {
                result.extend(c.to_lowercase());
            } else {
                result.extend(c.to_uppercase());
            }
            inside = true;
        } else {
            result.push(c);
            inside = false;
        }
    }
    result
}

fn split_lines(own: &str, keep: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut chars = own.chars().peekable();
    while let Some(c) = chars.next() {
        if matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            let mut end = c.to_string();
            if c == '\r' && chars.peek() == Some(&'\n') {
                chars.next();
                end.push('\n');
            }
            if keep {
                current.push_str(&end);
            }
            lines.push(std::mem::take(&mut current));
        } else {
            current.push(c);
        }
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

fn partition(
    vm: &mut Interpreter,
    this: &Value,
    arguments: Arguments,
    last: bool,
) -> Result<Value> {
    let [separator] = arguments.exactly(if last {
        "str.rpartition"
    } else {
        "str.partition"
    })?;
    let separator = expect(vm, &separator, "argument")?;
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let own = text(this);
    let found = if last {
        own.rfind(&*separator)
    } else {
        own.find(&*separator)
    };
    Ok(Value::tuple(match (found, last) {
        (Some(at), _) => vec![
            Value::str(&own[..at]),
            Value::Str(separator.clone()),
            Value::str(&own[at + separator.len()..]),
        ],
        (None, true) => vec![Value::str(""), Value::str(""), Value::Str(own)],
        (None, false) => vec![Value::Str(own), Value::str(""), Value::str("")],
    }))
}

pub(super) fn install(vm: &mut Interpreter) {
    let class = vm.classes.str.clone();
    constructor(&class, |vm, class, arguments| {
        let mut bound = arguments.bind(parameters!(
            "str",
            "object='', encoding='utf-8', errors='strict'"
        ))?;
        let encoding = bound.take("encoding");
        if let Some(encoding) = &encoding
            && encoding.as_str().is_none()
        {
            let name = vm.class_of(encoding).name();
            return Err(vm.type_error(format!("str() argument 'encoding' must be str, not {name}")));
        }
        let errors = bound.take("errors");
        let object = bound.take("object");
        let value = match object {
            None => Value::str(""),
            Some(object) => match (&object, encoding.is_some() || errors.is_some()) {
                (Value::Bytes(bytes), true) => {
                    let encoding = encoding.map(|encoding| text(&encoding));
                    let errors = errors.map(|errors| text(&errors));
                    super::bytes::decode(vm, bytes, encoding.as_deref(), errors.as_deref())?
                }
                (_, true) => {
                    let name = vm.class_of(&object).name();
                    return Err(vm.type_error(format!(
                        "decoding to str: need a bytes-like object, {name} found"
                    )));
                }
                (Value::Str(_), false) => object,
                _ => Value::from(vm.str(&object)?),
            },
        };
        Ok(wrap(vm, class, value))
    });
    methods(
        &class,
        &[
            ("join", |vm, this, arguments| {
                let [iterable] = arguments.exactly("str.join")?;
                if !vm.is_iterable(&iterable) {
                    return Err(vm.type_error("can only join an iterable"));
                }
                let own = text(this);
                let items = vm.collect(&iterable)?;
                let mut result = String::new();
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        result.push_str(&own);
                    }
                    match item.as_str() {
                        Some(text) => result.push_str(text),
                        None => {
                            vm.require_known(item, "its text")?;
                            let class = vm.class_of(item).name();
                            return Err(vm.type_error(format!(
                                "sequence item {index}: expected str instance, {class} found"
                            )));
                        }
                    }
                }
                vm.allocate(result.len())?;
                Ok(Value::from(result))
            }),
            ("split", |vm, this, arguments| {
                split(vm, this, arguments, false)
            }),
            ("rsplit", |vm, this, arguments| {
                split(vm, this, arguments, true)
            }),
            ("splitlines", |vm, this, arguments| {
                let mut bound = arguments.bind(parameters!("splitlines", "keepends=False"))?;
                let keep = match bound.take("keepends") {
                    Some(keep) => vm.truth(&keep)?,
                    None => false,
                };
                Ok(Value::from(split_lines(&text(this), keep)))
            }),
            ("strip", |vm, this, arguments| {
                strip(vm, this, arguments, "strip", true, true)
            }),
            ("lstrip", |vm, this, arguments| {
                strip(vm, this, arguments, "lstrip", true, false)
            }),
            ("rstrip", |vm, this, arguments| {
                strip(vm, this, arguments, "rstrip", false, true)
            }),
            ("replace", |vm, this, arguments| {
                let mut arguments = arguments;
                if let Some(count) = arguments.take_keyword("count") {
                    arguments.positional.push(count);
                }
                let [old, new, count] = arguments.between::<3>("replace", 2)?;
                let old = expect(vm, &old.unwrap_or(Value::None), "replace() argument 1")?;
                let new = expect(vm, &new.unwrap_or(Value::None), "replace() argument 2")?;
                let own = text(this);
                let count = match count {
                    Some(count) => vm.as_index(&count)?.unwrap_or(-1),
                    None => -1,
                };
                let growth = own.len().saturating_add(1).saturating_mul(new.len() + 1);
                if growth > 1 << 20 {
                    let times = if old.is_empty() {
                        own.len() + 1
                    } else {
                        own.matches(&*old).count()
                    };
                    vm.allocate(own.len().saturating_add(times.saturating_mul(new.len())))?;
                }
                Ok(Value::from(match usize::try_from(count) {
                    Ok(count) => own.replacen(&*old, &new, count),
                    Err(_) => own.replace(&*old, &new),
                }))
            }),
            ("lower", |_, this, _| {
                Ok(Value::from(text(this).to_lowercase()))
            }),
            ("upper", |_, this, _| {
                Ok(Value::from(text(this).to_uppercase()))
            }),
            ("casefold", |_, this, _| {
                Ok(Value::from(text(this).to_lowercase().replace('ß', "ss")))
            }),
            ("title", |_, this, _| Ok(Value::from(title(&text(this))))),
            ("capitalize", |_, this, _| {
                let own = text(this);
                let mut chars = own.chars();
                let mut result = String::new();
                if let Some(first) = chars.next() {
                    result.extend(first.to_uppercase());
                }
                result.push_str(&chars.as_str().to_lowercase());
                Ok(Value::from(result))
            }),
            ("swapcase", |_, this, _| {
                let mut result = String::new();
                for c in text(this).chars() {
                    if c.is_uppercase() {
                        result.extend(c.to_lowercase());
                    } else {
                        result.extend(c.to_uppercase());
                    }
                }
                Ok(Value::from(result))
            }),
            ("startswith", |vm, this, arguments| {
                ends(vm, this, arguments, "startswith", |own, wanted| {
                    own.starts_with(wanted)
                })
            }),
            ("endswith", |vm, this, arguments| {
                ends(vm, this, arguments, "endswith", |own, wanted| {
                    own.ends_with(wanted)
                })
            }),
            ("removeprefix", |vm, this, arguments| {
                let [prefix] = arguments.exactly("str.removeprefix")?;
                let prefix = expect(vm, &prefix, "removeprefix() argument")?;
                let own = text(this);
                Ok(Value::str(own.strip_prefix(&*prefix).unwrap_or(&own)))
            }),
            ("removesuffix", |vm, this, arguments| {
                let [suffix] = arguments.exactly("str.removesuffix")?;
                let suffix = expect(vm, &suffix, "removesuffix() argument")?;
                let own = text(this);
                Ok(Value::str(own.strip_suffix(&*suffix).unwrap_or(&own)))
            }),
            ("find", |vm, this, arguments| {
                let found = search(vm, this, arguments, "find", false)?;
                Ok(found.map_or(Value::Int(-1), Value::from))
            }),
            ("rfind", |vm, this, arguments| {
                let found = search(vm, this, arguments, "rfind", true)?;
                Ok(found.map_or(Value::Int(-1), Value::from))
            }),
            ("index", |vm, this, arguments| {
                match search(vm, this, arguments, "index", false)? {
                    Some(at) => Ok(Value::from(at)),
                    None => Err(vm.value_error("substring not found")),
                }
            }),
            ("rindex", |vm, this, arguments| {
                match search(vm, this, arguments, "rindex", true)? {
                    Some(at) => Ok(Value::from(at)),
                    None => Err(vm.value_error("substring not found")),
                }
            }),
            ("count", |vm, this, arguments| {
                let [wanted, start, stop] = arguments.between::<3>("count", 1)?;
                let wanted = expect(vm, &wanted.unwrap_or(Value::None), "argument 1")?;
                let own = text(this);
                let count = match part(vm, &own, start, stop)? {
                    Some((inside, _)) if wanted.is_empty() => inside.chars().count() + 1,
                    Some((inside, _)) => inside.matches(&*wanted).count(),
                    None => 0,
                };
                Ok(Value::from(count))
            }),
            ("partition", |vm, this, arguments| {
                partition(vm, this, arguments, false)
            }),
            ("rpartition", |vm, this, arguments| {
                partition(vm, this, arguments, true)
            }),
            ("ljust", |vm, this, arguments| {
                justify(vm, this, arguments, "ljust")
            }),
            ("rjust", |vm, this, arguments| {
                justify(vm, this, arguments, "rjust")
            }),
            ("center", |vm, this, arguments| {
                justify(vm, this, arguments, "center")
            }),
            ("zfill", |vm, this, arguments| {
                let [width] = arguments.exactly("str.zfill")?;
                let width = vm.as_index(&width)?.unwrap_or(0);
                let width = usize::try_from(width).unwrap_or(0);
                vm.allocate(width)?;
                let own = text(this);
                let length = own.chars().count();
                if width <= length {
                    return Ok(Value::Str(own));
                }
                let (sign, digits) = match own.strip_prefix(['+', '-']) {
                    Some(rest) => own.split_at(own.len() - rest.len()),
                    None => ("", &*own),
                };
                Ok(Value::from(format!(
                    "{sign}{}{digits}",
                    "0".repeat(width - length)
                )))
            }),
            ("expandtabs", |vm, this, arguments| {
                let mut bound = arguments.bind(parameters!("expandtabs", "tabsize=8"))?;
                let size = bound
                    .take("tabsize")
                    .and_then(|size| size.as_int())
                    .unwrap_or(8);
                let size = usize::try_from(size).unwrap_or(0);
                let own = text(this);
                vm.allocate(own.len().saturating_mul(size.max(1)))?;
                let mut result = String::new();
                let mut column = 0;
                for c in own.chars() {
                    match c {
                        '\t' if size > 0 => {
                            let spaces = size - column % size;
                            result.extend(std::iter::repeat_n(' ', spaces));
                            column += spaces;
                        }
                        '\t' => {}
                        '\n' | '\r' => {
                            result.push(c);
                            column = 0;
                        }
                        c => {
                            result.push(c);
                            column += 1;
                        }
                    }
                }
                Ok(Value::from(result))
            }),
            ("isdigit", |_, this, _| {
                all_chars(this, |c| {
                    c.is_numeric() && c.is_ascii_digit() || matches!(c, '²' | '³' | '¹')
                })
            }),
            ("isdecimal", |_, this, _| {
                all_chars(this, |c| c.is_ascii_digit())
            }),
            ("isnumeric", |_, this, _| all_chars(this, char::is_numeric)),
            ("isalpha", |_, this, _| all_chars(this, char::is_alphabetic)),
            ("isalnum", |_, this, _| {
                all_chars(this, char::is_alphanumeric)
            }),
            ("isspace", |_, this, _| all_chars(this, is_space)),
            ("isascii", |_, this, _| {
                Ok(Value::Bool(text(this).is_ascii()))
            }),
            ("isprintable", |_, this, _| {
                Ok(Value::Bool(text(this).chars().all(is_printable)))
            }),
            ("isupper", |_, this, _| {
                let own = text(this);
                Ok(Value::Bool(
                    own.chars().any(char::is_uppercase) && !own.chars().any(char::is_lowercase),
                ))
            }),
            ("islower", |_, this, _| {
                let own = text(this);
                Ok(Value::Bool(
                    own.chars().any(char::is_lowercase) && !own.chars().any(char::is_uppercase),
                ))
            }),
            ("istitle", |_, this, _| {
                let own = text(this);
                Ok(Value::Bool(
                    own.chars().any(char::is_alphabetic) && title(&own) == *own,
                ))
            }),
            ("isidentifier", |_, this, _| {
                let own = text(this);
                let mut chars = own.chars();
                Ok(Value::Bool(
                    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
                        && chars.all(|c| c.is_alphanumeric() || c == '_'),
                ))
            }),
            ("encode", |vm, this, arguments| {
                let mut bound =
                    arguments.bind(parameters!("encode", "encoding='utf-8', errors='strict'"))?;
                let encoding = bound.take("encoding").map(|encoding| text(&encoding));
                let errors = bound.take("errors").map(|errors| text(&errors));
                super::bytes::encode(vm, &text(this), encoding.as_deref(), errors.as_deref())
            }),
            ("format", |vm, this, arguments| {
                vm.str_format(&text(this), &arguments).map(Value::from)
            }),
            ("format_map", |vm, this, arguments| {
                let [mapping] = arguments.exactly("str.format_map")?;
                let keyword = vm
                    .mapping_entries(&mapping, |class| {
                        format!("'{class}' object is not a mapping")
                    })?
                    .into_iter()
                    .filter_map(|(key, value)| Some((key.as_text()?, value)))
                    .collect();
                vm.str_format(
                    &text(this),
                    &Arguments {
                        positional: Vec::new(),
                        keyword,
                    },
                )
                .map(Value::from)
            }),
            ("translate", |vm, this, arguments| {
                let [table] = arguments.exactly("str.translate")?;
                let mut result = String::new();
                for c in text(this).chars() {
                    let key = Value::Int(i64::from(u32::from(c)));
                    match vm.get_item(&table, &key) {
                        Ok(Value::None) => {}
                        Ok(value) => match (value.as_str(), value.as_int()) {
                            (Some(text), _) => result.push_str(text),
                            (_, Some(code)) => {
                                result.extend(u32::try_from(code).ok().and_then(char::from_u32));
                            }
                            _ => {
                                return Err(vm.type_error(
                                    "character mapping must return integer, None or str",
                                ));
                            }
                        },
                        Err(error)
                            if matches!(
                                &*error.class,
                                exception::KEY_ERROR
                                    | exception::INDEX_ERROR
                                    | exception::LOOKUP_ERROR
                            ) =>
                        {
                            result.push(c);
                        }
                        Err(error) => return Err(error),
                    }
                }
                Ok(Value::from(result))
            }),
            ("__len__", |vm, this, _| {
                vm.length(this.plain()).map(Value::from)
            }),
            ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
            ("__getitem__", |vm, this, arguments| {
                let [key] = arguments.exactly("__getitem__")?;
                vm.get_item(&this.plain().clone(), &key)
            }),
            ("__contains__", |vm, this, arguments| {
                let [item] = arguments.exactly("__contains__")?;
                vm.contains(&this.plain().clone(), &item).map(Value::Bool)
            }),
            ("__str__", |_, this, _| Ok(Value::Str(text(this)))),
        ],
    );
    let make_table = NativeFunction::new("str.maketrans", "", false, |vm, arguments| {
        let [from, to, delete] = arguments.between::<3>("maketrans", 1)?;
        let dict = Dict::new();
        let from = from.unwrap_or(Value::None);
        if let (Some(mapping), None) = (from.as_dict(), &to) {
            for (key, value) in mapping.clone().entries() {
                let key = match key.as_str() {
                    Some(one) => Value::Int(i64::from(one.chars().next().map_or(0, u32::from))),
                    None => key,
                };
                dict.set(vm, key, value)?;
            }
            return Ok(Value::Dict(Rc::new(dict)));
        }
        let from = expect(vm, &from, "maketrans() argument 1")?;
        let to = expect(vm, &to.unwrap_or(Value::None), "maketrans() argument 2")?;
        if from.chars().count() != to.chars().count() {
            return Err(vm.value_error("the first two maketrans arguments must have equal length"));
        }
        for (from, to) in from.chars().zip(to.chars()) {
            dict.set(
                vm,
                Value::Int(i64::from(u32::from(from))),
                Value::Int(i64::from(u32::from(to))),
            )?;
        }
        if let Some(delete) = delete {
            for c in text(&delete).chars() {
                dict.set(vm, Value::Int(i64::from(u32::from(c))), Value::None)?;
            }
        }
        Ok(Value::Dict(Rc::new(dict)))
    });
    class.set(
        "maketrans",
        Value::Descriptor(Rc::new(Descriptor::StaticMethod(Value::NativeFunction(
            Rc::new(make_table),
        )))),
    );
    let _ = property;
}
