//! `bytes`, and text encodings.

use super::{class_methods, constructor, methods, wrap};
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

/// Converts a `bytes` or an iterable of integers to bytes.
pub(crate) fn to_bytes(vm: &mut Interpreter, value: &Value) -> Result<Vec<u8>> {
    if let Value::Bytes(bytes) = value.plain() {
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
                            vm.call(&method, crate::arguments::Arguments::none())?
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
            ("startswith", |vm, this, arguments| {
                let [prefix] = arguments.exactly("bytes.startswith")?;
                let prefix = to_bytes(vm, &prefix)?;
                Ok(Value::Bool(bytes_of(this).starts_with(&prefix)))
            }),
            ("endswith", |vm, this, arguments| {
                let [suffix] = arguments.exactly("bytes.endswith")?;
                let suffix = to_bytes(vm, &suffix)?;
                Ok(Value::Bool(bytes_of(this).ends_with(&suffix)))
            }),
            ("strip", |_, this, _| {
                Ok(Value::bytes(bytes_of(this).trim_ascii()))
            }),
            ("rstrip", |vm, this, arguments| {
                let [chars] = arguments.between::<1>("rstrip", 0)?;
                let own = bytes_of(this);
                let mut end = own.len();
                let set = match chars {
                    Some(chars) if !chars.is_none() => to_bytes(vm, &chars)?,
                    _ => b" \t\n\r\x0b\x0c".to_vec(),
                };
                while end > 0 && set.contains(&own[end - 1]) {
                    end -= 1;
                }
                Ok(Value::bytes(&own[..end]))
            }),
            ("lower", |_, this, _| {
                Ok(Value::bytes(bytes_of(this).to_ascii_lowercase()))
            }),
            ("upper", |_, this, _| {
                Ok(Value::bytes(bytes_of(this).to_ascii_uppercase()))
            }),
            ("join", |vm, this, arguments| {
                let [iterable] = arguments.exactly("bytes.join")?;
                let own = bytes_of(this);
                let mut result = Vec::new();
                for (index, item) in vm.collect(&iterable)?.iter().enumerate() {
                    if index > 0 {
                        result.extend_from_slice(&own);
                    }
                    result.extend(to_bytes(vm, item)?);
                }
                Ok(Value::bytes(result))
            }),
            ("find", |vm, this, arguments| {
                let [wanted] = arguments.exactly("bytes.find")?;
                let wanted = to_bytes(vm, &wanted)?;
                let own = bytes_of(this);
                let found = if wanted.is_empty() {
                    Some(0)
                } else {
                    own.windows(wanted.len())
                        .position(|window| window == wanted)
                };
                Ok(found.map_or(Value::Int(-1), Value::from))
            }),
            ("replace", |vm, this, arguments| {
                let [old, new] = arguments.exactly("bytes.replace")?;
                let (old, new) = (to_bytes(vm, &old)?, to_bytes(vm, &new)?);
                let own = bytes_of(this);
                if old.is_empty() {
                    return Ok(Value::Bytes(own));
                }
                let mut result = Vec::new();
                let mut at = 0;
                while at < own.len() {
                    if own[at..].starts_with(&old) {
                        result.extend_from_slice(&new);
                        at += old.len();
                    } else {
                        result.push(own[at]);
                        at += 1;
                    }
                }
                vm.allocate(result.len())?;
                Ok(Value::bytes(result))
            }),
            ("split", |vm, this, arguments| {
                let [separator] = arguments.between::<1>("split", 0)?;
                let own = bytes_of(this);
                let parts: Vec<Value> = match separator {
                    Some(separator) if !separator.is_none() => {
                        let separator = to_bytes(vm, &separator)?;
                        if separator.is_empty() {
                            return Err(vm.value_error("empty separator"));
                        }
                        let mut parts = Vec::new();
                        let mut start = 0;
                        let mut at = 0;
                        while at < own.len() {
                            if own[at..].starts_with(&separator) {
                                parts.push(Value::bytes(&own[start..at]));
                                at += separator.len();
                                start = at;
                            } else {
                                at += 1;
                            }
                        }
                        parts.push(Value::bytes(&own[start..]));
                        parts
                    }
                    _ => own
                        .split(u8::is_ascii_whitespace)
                        .filter(|part| !part.is_empty())
                        .map(Value::bytes)
                        .collect(),
                };
                Ok(Value::list(parts))
            }),
            ("__len__", |_, this, _| {
                Ok(Value::from(bytes_of(this).len()))
            }),
            ("__iter__", |vm, this, _| vm.iterate(&this.plain().clone())),
        ],
    );
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
