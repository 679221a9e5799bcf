//! `bytes`, and text encodings.

use super::{Body, class_methods, constructor, methods, wrap};
use crate::arguments::Arguments;
use crate::interpreter::Interpreter;
use crate::parameters;
use crate::value::Value;
use ground::diagnostic::{Error, Result};
use ground::exception;

fn bytes_of(this: &Value) -> std::rc::Rc<[u8]> {
    match this.plain() {
        Value::Bytes(bytes) => bytes.clone(),
        _ => std::rc::Rc::from([]),
    }
}

/// Converts a `bytes`, a `bytearray` or an iterable of integers to bytes.
pub(crate) fn to_bytes(vm: &mut Interpreter, value: &Value) -> Result<Vec<u8>> {
    if let Some(bytes) = value.as_byte_string() {
        return Ok(bytes.to_vec());
    }
    if value.as_str().is_some() {
        return Err(vm.type_error("string argument without an encoding"));
    }
    let mut bytes = Vec::new();
    for item in vm.collect(value)? {
        match item.as_int().map(u8::try_from) {
            Some(Ok(byte)) => bytes.push(byte),
            Some(Err(_)) => return Err(vm.value_error("bytes must be in range(0, 256)")),
            None => {
                let class = vm.class_of(&item).name();
                return Err(vm.type_error(format!(
                    "'{class}' object cannot be interpreted as an integer"
                )));
            }
        }
    }
    Ok(bytes)
}

macro_rules! like_text {
    ($($name:literal),* $(,)?) => {
        [$(($name, |vm, this, arguments| like_text(vm, &bytes_of(this), $name, arguments))),*]
    };
}

/// Methods that do to bytes what those of `str` do to characters.
const LIKE_TEXT: &[(&str, Body)] = &like_text![
    "capitalize",
    "center",
    "count",
    "endswith",
    "expandtabs",
    "find",
    "index",
    "isalnum",
    "isalpha",
    "isdigit",
    "islower",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
    "zfill",
];

/// The first of the characters that stand for bytes that are no ASCII characters: they are for private
/// use, so that none is a letter, a digit or a space.
const PRIVATE: u32 = 0xe000;

/// Bytes as text, a character for each. `apart` are ASCII characters that `str` takes for spaces or
/// ends of lines, and `bytes` does not.
fn as_text(bytes: &[u8], apart: &[u8]) -> String {
    let character = |byte: &u8| match byte.is_ascii() && !apart.contains(byte) {
        true => char::from(*byte),
        false => char::from_u32(PRIVATE + u32::from(*byte)).unwrap_or(char::REPLACEMENT_CHARACTER),
    };
    bytes.iter().map(character).collect()
}

fn from_text(value: Value) -> Value {
    match &value {
        Value::Str(text) => {
            let byte = |character: char| {
                let code = u32::from(character);
                u8::try_from(code.checked_sub(PRIVATE).unwrap_or(code)).unwrap_or(b'?')
            };
            Value::bytes(text.chars().map(byte).collect::<Vec<u8>>())
        }
        Value::Tuple(items) => Value::tuple(items.iter().cloned().map(from_text).collect()),
        Value::List(list) => {
            let items = list.items.borrow().iter().cloned().map(from_text).collect();
            Value::list(items)
        }
        _ => value,
    }
}

/// Calls the method of `str` with that name on the characters that stand for bytes.
fn like_text(
    vm: &mut Interpreter,
    own: &[u8],
    name: &str,
    mut arguments: Arguments,
) -> Result<Value> {
    let apart: &[u8] = match name {
        "splitlines" => b"\x0b\x0c\x1c\x1d\x1e",
        _ => b"\x1c\x1d\x1e\x1f",
    };
    let wanted = |vm: &mut Interpreter, value: &Value| {
        let class = vm.class_of(value).name();
        vm.type_error(match name {
            "startswith" | "endswith" => {
                format!("{name} first arg must be bytes or a tuple of bytes, not {class}")
            }
            "count" | "find" | "index" | "rfind" | "rindex" => {
                format!("argument should be integer or bytes-like object, not '{class}'")
            }
            _ => format!("a bytes-like object is required, not '{class}'"),
        })
    };
    if name == "join" {
        let [items] = arguments.exactly("bytes.join")?;
        let mut texts = Vec::new();
        for (place, item) in vm.collect(&items)?.iter().enumerate() {
            let Some(bytes) = item.as_byte_string() else {
                let class = vm.class_of(item).name();
                return Err(vm.type_error(format!(
                    "sequence item {place}: expected a bytes-like object, {class} found"
                )));
            };
            texts.push(as_text(&bytes, apart).into());
        }
        arguments = Arguments::positional(vec![Value::list(texts)]);
    } else {
        let searches = matches!(name, "count" | "find" | "index" | "rfind" | "rindex");
        for (place, value) in arguments.positional.iter_mut().enumerate() {
            if let Some(bytes) = value.as_byte_string() {
                *value = as_text(&bytes, apart).into();
            } else if let Value::Tuple(items) = value {
                let mut texts = Vec::new();
                for item in items.iter() {
                    match item.as_byte_string() {
                        Some(bytes) => texts.push(as_text(&bytes, apart).into()),
                        None => return Err(wanted(vm, item)),
                    }
                }
                *value = Value::tuple(texts);
            } else if value.as_str().is_some() {
                return Err(wanted(vm, value));
            } else if let (0, true, Value::Int(byte)) = (place, searches, &*value) {
                let Ok(byte) = u8::try_from(*byte) else {
                    return Err(vm.value_error("byte must be in range(0, 256)"));
                };
                *value = as_text(&[byte], apart).into();
            }
        }
        for (_, value) in &mut arguments.keyword {
            if let Some(bytes) = value.as_byte_string() {
                *value = as_text(&bytes, apart).into();
            }
        }
    }
    let text: Value = as_text(own, apart).into();
    match vm.call_method(&text, name, arguments) {
        Ok(made) => Ok(from_text(made)),
        Err(mut error) => {
            if error.message == "substring not found" {
                error.message = "subsection not found".into();
            }
            Err(error)
        }
    }
}

fn encoding_name(vm: &mut Interpreter, name: Option<&str>) -> Result<&'static str> {
    let name = name.unwrap_or("utf-8");
    match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" | "u8" => Ok("utf-8"),
        "utf-8-sig" => Ok("utf-8-sig"),
        "ascii" | "us-ascii" => Ok("ascii"),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" => Ok("latin-1"),
        _ => {
            let _ = vm;
            Err(Error::new(
                exception::LOOKUP_ERROR,
                format!("unknown encoding: {name}"),
            ))
        }
    }
}

/// `str.encode`.
pub(crate) fn encode(
    vm: &mut Interpreter,
    text: &str,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> Result<Value> {
    let encoding = encoding_name(vm, encoding)?;
    let limit = match encoding {
        "utf-8" => return Ok(Value::bytes(text.as_bytes())),
        "utf-8-sig" => {
            return Ok(Value::bytes(
                [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
            ));
        }
        "ascii" => 128,
        _ => 256,
    };
    let mut bytes = Vec::new();
    for (index, c) in text.chars().enumerate() {
        let code = u32::from(c);
        if code < limit {
            bytes.push(u8::try_from(code).unwrap_or(b'?'));
            continue;
        }
        match errors.unwrap_or("strict") {
            "ignore" => {}
            "replace" => bytes.push(b'?'),
            "backslashreplace" => {
                bytes.extend_from_slice(ground::formatting::repr::ascii(&c.to_string()).as_bytes());
            }
            "xmlcharrefreplace" => bytes.extend_from_slice(format!("&#{code};").as_bytes()),
            _ => {
                return Err(Error::new(
                    exception::UNICODE_ENCODE_ERROR,
                    format!(
                        "'{encoding}' codec can't encode character '{}' in position {index}: \
                         ordinal not in range({limit})",
                        ground::formatting::repr::ascii(&c.to_string())
                    ),
                ));
            }
        }
    }
    Ok(Value::bytes(bytes))
}

/// `bytes.decode`.
pub(crate) fn decode(
    vm: &mut Interpreter,
    bytes: &[u8],
    encoding: Option<&str>,
    errors: Option<&str>,
) -> Result<Value> {
    let encoding = encoding_name(vm, encoding)?;
    let errors = errors.unwrap_or("strict");
    match encoding {
        "latin-1" => Ok(Value::from(
            bytes
                .iter()
                .map(|byte| char::from(*byte))
                .collect::<String>(),
        )),
        "ascii" => {
            let mut text = String::new();
            for (index, byte) in bytes.iter().enumerate() {
                match (byte.is_ascii(), errors) {
                    (true, _) => text.push(char::from(*byte)),
                    (false, "ignore") => {}
                    (false, "replace") => text.push('\u{fffd}'),
                    _ => {
                        return Err(Error::new(
                            exception::UNICODE_DECODE_ERROR,
                            format!(
                                "'ascii' codec can't decode byte 0x{byte:02x} in position \
                                 {index}: ordinal not in range(128)"
                            ),
                        ));
                    }
                }
            }
            Ok(Value::from(text))
        }
        _ => {
            let bytes = match (encoding, bytes.strip_prefix(b"\xef\xbb\xbf")) {
                ("utf-8-sig", Some(rest)) => rest,
                _ => bytes,
            };
            match (std::str::from_utf8(bytes), errors) {
                (Ok(text), _) => Ok(Value::str(text)),
                (Err(_), "ignore") => Ok(Value::from(
                    String::from_utf8_lossy(bytes).replace('\u{fffd}', ""),
                )),
                (Err(_), "replace") => Ok(Value::str(String::from_utf8_lossy(bytes))),
                (Err(error), _) => {
                    let at = error.valid_up_to();
                    let byte = bytes.get(at).copied().unwrap_or(0);
                    let reason = match error.error_len() {
                        None => "unexpected end of data",
                        Some(_) if byte & 0xc0 == 0x80 || byte >= 0xf8 => "invalid start byte",
                        Some(_) => "invalid continuation byte",
                    };
                    Err(Error::new(
                        exception::UNICODE_DECODE_ERROR,
                        format!(
                            "'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: \
                             {reason}"
                        ),
                    ))
                }
            }
        }
    }
}

pub(super) fn install(vm: &mut Interpreter) {
    let class = vm.classes.bytes.clone();
    constructor(&class, |vm, class, arguments| {
        let mut bound = arguments.bind(parameters!(
            "bytes",
            "source=b'', encoding=None, errors=None"
        ))?;
        let encoding = bound.take_some("encoding").and_then(|name| name.as_text());
        let errors = bound.take_some("errors").and_then(|name| name.as_text());
        let value = match bound.take("source") {
            None => Value::bytes([]),
            Some(source) => match (source.as_text(), &encoding) {
                (Some(text), Some(encoding)) => {
                    encode(vm, &text, Some(encoding), errors.as_deref())?
                }
                _ => match source.as_int() {
                    Some(count) => {
                        let Ok(count) = usize::try_from(count) else {
                            return Err(vm.value_error("negative count"));
                        };
                        vm.allocate(count)?;
                        Value::bytes(vec![0; count])
                    }
                    None => {
                        let of = vm.class_of(&source);
                        if let Some(method) = of.lookup("__bytes__") {
                            let method = vm.bind(&method, &source, &of)?;
                            vm.call(&method, Arguments::none())?
                        } else {
                            Value::bytes(to_bytes(vm, &source)?)
                        }
                    }
                },
            },
        };
        Ok(wrap(vm, class, value))
    });
    methods(
        &class,
        &[
            ("decode", |vm, this, arguments| {
                let mut bound =
                    arguments.bind(parameters!("decode", "encoding='utf-8', errors='strict'"))?;
                let encoding = bound.take("encoding").and_then(|name| name.as_text());
                let errors = bound.take("errors").and_then(|name| name.as_text());
                decode(vm, &bytes_of(this), encoding.as_deref(), errors.as_deref())
            }),
            ("hex", |_, this, arguments| {
                let [separator] = arguments.between::<1>("hex", 0)?;
                let parts: Vec<String> = bytes_of(this)
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                let separator = separator
                    .and_then(|text| text.as_text())
                    .unwrap_or_default();
                Ok(Value::from(parts.join(&separator)))
            }),
            ("__len__", |_, this, _| {
                Ok(Value::from(bytes_of(this).len()))
            }),
            ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
            ("isascii", |_, this, _| Ok(bytes_of(this).is_ascii().into())),
        ],
    );
    methods(&class, LIKE_TEXT);
    class_methods(
        &class,
        &[("fromhex", |vm, class, arguments| {
            let [text] = arguments.exactly("bytes.fromhex")?;
            let text = text.as_text().unwrap_or_default();
            let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            let mut bytes = Vec::new();
            for pair in digits.chunks(2) {
                match pair {
                    [high, low] => match (high.to_digit(16), low.to_digit(16)) {
                        (Some(high), Some(low)) => {
                            bytes.push(u8::try_from(high * 16 + low).unwrap_or(0));
                        }
                        _ => {
                            return Err(vm.value_error(
                                "non-hexadecimal number found in fromhex() arg at position 0",
                            ));
                        }
                    },
                    _ => {
                        return Err(vm.value_error(format!(
                            "non-hexadecimal number found in fromhex() arg at position {}",
                            digits.len()
                        )));
                    }
                }
            }
            Ok(wrap(vm, class, Value::bytes(bytes)))
        })],
    );
}
