//! `json`: `dumps` and `loads` with CPython's formatting and parsing.

use ground::order::InOrder;
use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Dict, FreeFunction, Interpreter, Module, Registry, Value, function,
};

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("json", module);
    registry.add("json.decoder", module);
    registry.add("json.encoder", module);
    registry.add_source(MORE, resource!("stdlib/library/json_more.py"));
}

/// What is written in Python.
const MORE: &str = "_json_more";

static FUNCTIONS: &[FreeFunction] = &[
    function(
        "dumps",
        "obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, \
         indent=None, separators=None, default=None, sort_keys=False, **kw",
        |vm, bound| Ok(dumps(vm, bound)?.into()),
    ),
    function(
        "dump",
        "obj, fp, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, \
         cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw",
        |vm, bound| {
            let text = dumps(vm, bound)?;
            let file = bound.value("fp");
            vm.call_method(&file, "write", Arguments::positional(vec![text.into()]))
        },
    ),
    function(
        "loads",
        "s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, \
         object_pairs_hook=None, **kw",
        |vm, bound| {
            let source = bound.value("s");
            hooked(vm, bound, source)
        },
    ),
    function(
        "load",
        "fp, *, cls=None, object_hook=None, parse_float=None, parse_int=None, \
         parse_constant=None, object_pairs_hook=None, **kw",
        |vm, bound| {
            let source = vm.call_method(&bound.value("fp"), "read", Arguments::none())?;
            hooked(vm, bound, source)
        },
    ),
];

/// Other keywords are passed to the constructor of the encoder or decoder.
fn no_others(vm: &Interpreter, bound: &Bound<'_>, class: &str) -> Result<()> {
    match bound.extra.first() {
        Some((name, _)) => Err(vm.type_error(format!(
            "{class}.__init__() got an unexpected keyword argument '{name}'"
        ))),
        None => Ok(()),
    }
}

/// Reads with the decoder and the hooks that were given.
fn hooked(vm: &mut Interpreter, bound: &mut Bound<'_>, source: Value) -> Result<Value> {
    let class = bound.take_some("cls");
    let mut options = bound.take_keywords();
    options.retain(|(name, value)| !value.is_none() && !matches!(&**name, "s" | "fp"));
    if class.is_none() && options.is_empty() {
        return loads(vm, &source);
    }
    let more = vm.import(MORE)?;
    let given = vec![class.unwrap_or(Value::None), source, Value::dict(options)];
    vm.call_method(&more, "decode", Arguments::positional(given))
}

fn dumps(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<String> {
    if let Some(class) = bound.take_some("cls") {
        let value = bound.value("obj");
        let mut options = bound.take_keywords();
        options.retain(|(name, _)| &**name != "fp");
        let more = vm.import(MORE)?;
        let given = vec![class, value, Value::dict(options)];
        let text = vm.call_method(&more, "encode", Arguments::positional(given))?;
        return vm.str(&text);
    }
    no_others(vm, bound, "JSONEncoder")?;
    let value = bound.value("obj");
    let format = format_of(vm, bound)?;
    let mut text = String::new();
    write(vm, &mut text, &value, &format, 0)?;
    Ok(text)
}

fn module(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let base = vm.registered_class("ValueError");
    let error = match vm.registered_class("json.decoder.JSONDecodeError") {
        Some(class) => class,
        None => vm.define_exception("json.decoder", "JSONDecodeError", base.as_slice()),
    };
    Ok(Module::build("json")
        .value("JSONDecodeError", error)
        .functions(FUNCTIONS)
        .attribute_hook(|vm, name| {
            if name.starts_with("__") || name == "decoder" {
                return Ok(None);
            }
            let more = vm.import(MORE)?;
            vm.find_attribute(&more, name)
        })
        .build())
}

struct Format {
    ascii: bool,
    indent: Option<String>,
    item: String,
    key: String,
    sort: bool,
    default: Option<Value>,
}

fn format_of(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Format> {
    bound.refuse(&["skipkeys"])?;
    let indent = bound
        .take_some("indent")
        .map(|indent| match indent.as_int() {
            Some(count) => " ".repeat(usize::try_from(count).unwrap_or(0).min(64)),
            None => indent
                .as_text()
                .map_or_else(String::new, |text| text.to_string()),
        });
    let mut item = if indent.is_some() { "," } else { ", " }.to_owned();
    let mut key = ": ".to_owned();
    if let Some(separators) = bound.take_some("separators") {
        let parts = vm.collect(&separators)?;
        if let [first, second] = parts.as_slice() {
            item = vm.str(first)?;
            key = vm.str(second)?;
        }
    }
    let ascii = match bound.take("ensure_ascii") {
        Some(value) => vm.truth(&value)?,
        None => true,
    };
    let sort = match bound.take("sort_keys") {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let default = bound.take_some("default");
    Ok(Format {
        ascii,
        indent,
        item,
        key,
        sort,
        default,
    })
}

fn quoted(text: &str, ascii: bool) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || (ascii && !c.is_ascii()) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn number_text(vm: &mut Interpreter, value: &Value) -> Result<String> {
    Ok(match value {
        Value::Float(number) if number.is_nan() => "NaN".to_owned(),
        Value::Float(number) if number.is_infinite() && *number > 0.0 => "Infinity".to_owned(),
        Value::Float(number) if number.is_infinite() => "-Infinity".to_owned(),
        value => vm.repr(value)?,
    })
}

fn write(
    vm: &mut Interpreter,
    out: &mut String,
    value: &Value,
    format: &Format,
    depth: usize,
) -> Result<()> {
    vm.check_stack()?;
    let line = |out: &mut String, depth: usize| {
        if let Some(indent) = &format.indent {
            out.push('\n');
            for _ in 0..depth {
                out.push_str(indent);
            }
        }
    };
    match value.plain() {
        Value::None => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Str(text) => out.push_str(&quoted(text, format.ascii)),
        number @ (Value::Int(_) | Value::BigInt(_) | Value::Float(_)) => {
            let text = number_text(vm, number)?;
            out.push_str(&text);
        }
        plain @ (Value::List(_) | Value::Tuple(_)) => {
            let items = plain.as_items().unwrap_or_default();
            if items.is_empty() {
                out.push_str("[]");
                return Ok(());
            }
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(&format.item);
                }
                line(out, depth + 1);
                write(vm, out, item, format, depth + 1)?;
            }
            line(out, depth);
            out.push(']');
        }
        Value::Dict(dict) => {
            let mut entries = Vec::new();
            for (key, item) in dict.entries() {
                let key = match key.plain() {
                    Value::Str(text) => text.to_string(),
                    Value::None => "null".to_owned(),
                    Value::Bool(truth) => truth.to_string(),
                    number @ (Value::Int(_) | Value::BigInt(_) | Value::Float(_)) => {
                        number_text(vm, number)?
                    }
                    _ => {
                        let class = vm.class_of(&key).name();
                        return Err(vm.type_error(format!(
                            "keys must be str, int, float, bool or None, not {class}"
                        )));
                    }
                };
                entries.push((key, item));
            }
            if format.sort {
                entries.in_order_by(|a, b| a.0.cmp(&b.0));
            }
            if entries.is_empty() {
                out.push_str("{}");
                return Ok(());
            }
            out.push('{');
            for (at, (key, item)) in entries.iter().enumerate() {
                if at > 0 {
                    out.push_str(&format.item);
                }
                line(out, depth + 1);
                out.push_str(&quoted(key, format.ascii));
                out.push_str(&format.key);
                write(vm, out, item, format, depth + 1)?;
            }
            line(out, depth);
            out.push('}');
        }
        _ => match &format.default {
            Some(default) => {
                let value = vm.call(default, Arguments::positional(vec![value.clone()]))?;
                write(vm, out, &value, format, depth)?;
            }
            None => {
                let class = vm.class_of(value).name();
                return Err(
                    vm.type_error(format!("Object of type {class} is not JSON serializable"))
                );
            }
        },
    }
    Ok(())
}

fn loads(vm: &mut Interpreter, source: &Value) -> Result<Value> {
    let text = match (source.plain(), source.as_byte_string()) {
        (Value::Str(text), _) => text.to_string(),
        (_, Some(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        (value, None) => {
            let class = vm.class_of(value).name();
            return Err(vm.type_error(format!(
                "the JSON object must be str, bytes or bytearray, not {class}"
            )));
        }
    };
    let mut reader = Reader { text: &text, at: 0 };
    reader.space();
    match reader.value(vm, 0) {
        Ok(value) => {
            reader.space();
            if reader.at < text.len() {
                return Err(failure(vm, &text, "Extra data", reader.at));
            }
            Ok(value)
        }
        Err(Failure::Said(message, at)) => Err(failure(vm, &text, message, at)),
        Err(Failure::Raised(error)) => Err(error),
    }
}

fn failure(
    vm: &mut Interpreter,
    text: &str,
    message: &str,
    at: usize,
) -> ground::diagnostic::Error {
    let before = &text[..at.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before[start..].chars().count() + 1;
    let position = before.chars().count();
    vm.error(
        "json.decoder.JSONDecodeError",
        format!("{message}: line {line} column {column} (char {position})"),
    )
}

enum Failure {
    Said(&'static str, usize),
    Raised(ground::diagnostic::Error),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.text[self.at..].starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    fn value(&mut self, vm: &mut Interpreter, depth: usize) -> Result<Value, Failure> {
        if depth > 900 {
            return Err(Failure::Raised(vm.error(
                "RecursionError",
                "maximum recursion depth exceeded while decoding a JSON value",
            )));
        }
        match self.peek() {
            Some(b'"') => Ok(Value::str(self.string()?)),
            Some(b'[') => {
                self.at += 1;
                let mut items = Vec::new();
                self.space();
                if self.peek() == Some(b']') {
                    self.at += 1;
                    return Ok(Value::list(items));
                }
                loop {
                    self.space();
                    items.push(self.value(vm, depth + 1)?);
                    self.space();
                    match self.peek() {
                        Some(b',') => self.at += 1,
                        Some(b']') => {
                            self.at += 1;
                            return Ok(Value::list(items));
                        }
                        _ => return Err(Failure::Said("Expecting ',' delimiter", self.at)),
                    }
                }
            }
            Some(b'{') => {
                self.at += 1;
                let dict = Dict::new();
                self.space();
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    return Ok(Value::Dict(Rc::new(dict)));
                }
                loop {
                    self.space();
                    if self.peek() != Some(b'"') {
                        return Err(Failure::Said(
                            "Expecting property name enclosed in double quotes",
                            self.at,
                        ));
                    }
                    let key = self.string()?;
                    self.space();
                    if self.peek() != Some(b':') {
                        return Err(Failure::Said("Expecting ':' delimiter", self.at));
                    }
                    self.at += 1;
                    self.space();
                    let value = self.value(vm, depth + 1)?;
                    dict.set_str(&key, value);
                    self.space();
                    match self.peek() {
                        Some(b',') => self.at += 1,
                        Some(b'}') => {
                            self.at += 1;
                            return Ok(Value::Dict(Rc::new(dict)));
                        }
                        _ => return Err(Failure::Said("Expecting ',' delimiter", self.at)),
                    }
                }
            }
            Some(b'-' | b'0'..=b'9') => {
                if self.word("-Infinity") {
                    return Ok(Value::Float(f64::NEG_INFINITY));
                }
                self.number()
            }
            _ if self.word("null") => Ok(Value::None),
            _ if self.word("true") => Ok(Value::Bool(true)),
            _ if self.word("false") => Ok(Value::Bool(false)),
            _ if self.word("NaN") => Ok(Value::Float(f64::NAN)),
            _ if self.word("Infinity") => Ok(Value::Float(f64::INFINITY)),
            _ => Err(Failure::Said("Expecting value", self.at)),
        }
    }

    fn number(&mut self) -> Result<Value, Failure> {
        let start = self.at;
        let digits = |reader: &mut Self| {
            let start = reader.at;
            while matches!(reader.peek(), Some(b'0'..=b'9')) {
                reader.at += 1;
            }
            reader.at > start
        };
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else if !digits(self) {
            return Err(Failure::Said("Expecting value", start));
        }
        let mut float = false;
        let whole = self.at;
        if self.peek() == Some(b'.') {
            self.at += 1;
            if digits(self) {
                float = true;
            } else {
                self.at = whole;
            }
        }
        let mantissa = self.at;
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if digits(self) {
                float = true;
            } else {
                self.at = mantissa;
            }
        }
        let text = &self.text[start..self.at];
        if float {
            return Ok(Value::Float(text.parse().unwrap_or(f64::INFINITY)));
        }
        match text.parse::<num_bigint::BigInt>() {
            Ok(number) => Ok(Value::int(number)),
            Err(_) => Err(Failure::Said("Expecting value", start)),
        }
    }

    fn string(&mut self) -> Result<String, Failure> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(c) = self.text[self.at..].chars().next() else {
                return Err(Failure::Said("Unterminated string starting at", start));
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(out),
                '\\' => {
                    let Some(escape) = self.peek() else {
                        return Err(Failure::Said("Unterminated string starting at", start));
                    };
                    self.at += 1;
                    match escape {
                        b'"' => out.push('"'),
                        b'\\' => out.push('\\'),
                        b'/' => out.push('/'),
                        b'b' => out.push('\u{8}'),
                        b'f' => out.push('\u{c}'),
                        b'n' => out.push('\n'),
                        b'r' => out.push('\r'),
                        b't' => out.push('\t'),
                        b'u' => {
                            let unit = self.unit()?;
                            if (0xD800..0xDC00).contains(&unit)
                                && self.text[self.at..].starts_with("\\u")
                            {
                                let before = self.at;
                                self.at += 2;
                                let low = self.unit()?;
                                match char::decode_utf16([unit, low]).next() {
                                    Some(Ok(c)) => out.push(c),
                                    _ => {
                                        self.at = before;
                                        out.push('\u{FFFD}');
                                    }
                                }
                            } else {
                                out.push(char::from_u32(u32::from(unit)).unwrap_or('\u{FFFD}'));
                            }
                        }
                        _ => return Err(Failure::Said("Invalid \\escape", self.at - 2)),
                    }
                }
                c if (c as u32) < 0x20 => {
                    return Err(Failure::Said("Invalid control character at", self.at - 1));
                }
                c => out.push(c),
            }
        }
    }

    fn unit(&mut self) -> Result<u16, Failure> {
        let digits = self.text.get(self.at..self.at + 4);
        match digits.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => Err(Failure::Said("Invalid \\uXXXX escape", self.at - 1)),
        }
    }
}
