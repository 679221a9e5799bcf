//! `repr()` and `str()`.

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::value::{Descriptor, ExceptionState, Value};
use ground::diagnostic::Result;

/// `repr()` of a `str`.
pub fn repr_str(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut result = String::with_capacity(text.len() + 2);
    result.push(quote);
    for c in text.chars() {
        match c {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            c if c == quote => {
                result.push('\\');
                result.push(c);
            }
            c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                result.push_str(&format!("\\x{:02x}", c as u32));
            }
            c if c.is_ascii() => result.push(c),
            c if is_printable(c) => result.push(c),
            c => result.push_str(&escape(c)),
        }
    }
    result.push(quote);
    result
}

fn escape(c: char) -> String {
    let code = c as u32;
    if code < 0x100 {
        format!("\\x{code:02x}")
    } else if code < 0x1_0000 {
        format!("\\u{code:04x}")
    } else {
        format!("\\U{code:08x}")
    }
}

/// Whether a character beyond ASCII is printed as it is.
fn is_printable(c: char) -> bool {
    let code = c as u32;
    !(c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(code, 0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f
            | 0x2028..=0x202e | 0x2060..=0x206f | 0xd800..=0xf8ff | 0xfeff | 0xfff0..=0xfffb
            | 0xfffe | 0xffff | 0xe0000..=0x10_ffff))
}

/// A text with everything beyond ASCII escaped, as `ascii()` does after `repr()`.
pub fn ascii(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_ascii() {
                c.to_string()
            } else {
                escape(c)
            }
        })
        .collect()
}

/// `repr()` of a `bytes`.
pub fn repr_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut result = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\\' => result.push_str("\\\\"),
            b'\n' => result.push_str("\\n"),
            b'\r' => result.push_str("\\r"),
            b'\t' => result.push_str("\\t"),
            byte if char::from(byte) == quote => {
                result.push('\\');
                result.push(quote);
            }
            0x20..=0x7e => result.push(char::from(byte)),
            byte => result.push_str(&format!("\\x{byte:02x}")),
        }
    }
    result.push(quote);
    result
}

/// `repr()` of a `float`: the shortest text that reads back as the same number.
pub fn repr_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if number == 0.0 {
        return if number.is_sign_negative() {
            "-0.0"
        } else {
            "0.0"
        }
        .to_owned();
    }
    let scientific = format!("{number:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let text = format!("{number}");
        if text.contains('.') {
            text
        } else {
            format!("{text}.0")
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    }
}

impl Interpreter {
    /// `str(object)`.
    pub fn str(&mut self, object: &Value) -> Result<String> {
        match object {
            Value::Str(text) => Ok(text.to_string()),
            Value::Native(native) => {
                let native = native.clone();
                if let Some(text) = native.str(object, self)? {
                    return Ok(text);
                }
                if native.class(self).lookup("__str__").is_some_and(|found| {
                    !matches!(&found, Value::NativeFunction(function) if &*function.name == "__str__" && function.owner.as_deref() == Some("object"))
                }) {
                    return self.text_by_class(object, "__str__");
                }
                self.repr(object)
            }
            Value::Instance(instance) => {
                let class = instance.class();
                if let Some((owner, method)) = class.lookup_with_class("__str__")
                    && owner != self.classes.object
                {
                    let method = self.bind(&method, object, &class)?;
                    let result = self.call(&method, Arguments::none())?;
                    return self.text_result(&result, "__str__");
                }
                if instance.native::<ExceptionState>().is_some() {
                    return self.exception_text(object);
                }
                if let Some(Value::Str(text)) = &instance.base {
                    let own_repr = class.mro().any(|class| {
                        class.user_defined && class.namespace.contains_str("__repr__")
                    });
                    let _ = own_repr;
                    return Ok(text.to_string());
                }
                self.repr(object)
            }
            Value::Module(module) if module.opaque => {
                self.require_known(object, "its text")?;
                Ok(String::new())
            }
            other => self.repr(other),
        }
    }

    fn text_by_class(&mut self, object: &Value, name: &str) -> Result<String> {
        let class = self.class_of(object);
        if let Some(method) = class.lookup(name) {
            let method = self.bind(&method, object, &class)?;
            let result = self.call(&method, Arguments::none())?;
            return self.text_result(&result, name);
        }
        Ok(self.default_repr(object))
    }

    fn text_result(&mut self, result: &Value, method: &str) -> Result<String> {
        match result.as_str() {
            Some(text) => Ok(text.to_owned()),
            None => {
                self.require_known(result, "its text")?;
                let class = self.class_of(result).name();
                Err(self.type_error(format!("{method} returned non-string (type {class})")))
            }
        }
    }

    /// `<module.Class object at 0x...>`.
    pub(crate) fn default_repr(&mut self, object: &Value) -> String {
        let class = self.class_of(object);
        let module = class.module.borrow().clone();
        let name = class.qualified_name.borrow().clone();
        let address = object.address().unwrap_or(0);
        if &*module == "builtins" {
            format!("<{name} object at 0x{address:012x}>")
        } else {
            format!("<{module}.{name} object at 0x{address:012x}>")
        }
    }

    /// `repr(object)`.
    pub fn repr(&mut self, object: &Value) -> Result<String> {
        match object {
            Value::None => return Ok("None".to_owned()),
            Value::Bool(true) => return Ok("True".to_owned()),
            Value::Bool(false) => return Ok("False".to_owned()),
            Value::Int(number) => return Ok(number.to_string()),
            Value::Str(text) => return Ok(repr_str(text)),
            Value::Float(number) => return Ok(repr_float(*number)),
            _ => {}
        }
        self.check_stack()?;
        match object {
            Value::NotImplemented => Ok("NotImplemented".to_owned()),
            Value::Ellipsis => Ok("Ellipsis".to_owned()),
            Value::BigInt(number) => {
                if number.bits() > 14_300 && number.to_string().len() > 4300 {
                    return Err(self.value_error(
                        "Exceeds the limit (4300 digits) for integer string conversion; use \
                         sys.set_int_max_str_digits() to increase the limit",
                    ));
                }
                Ok(number.to_string())
            }
            Value::Bytes(bytes) => Ok(repr_bytes(bytes)),
            Value::List(list) => {
                let items = list.items.borrow().clone();
                self.guarded_repr(object, "[...]", |vm| {
                    Ok(format!("[{}]", vm.repr_items(&items)?))
                })
            }
            Value::Tuple(items) => {
                let items = items.clone();
                self.guarded_repr(object, "(...)", |vm| {
                    Ok(if items.len() == 1 {
                        format!("({},)", vm.repr(&items[0])?)
                    } else {
                        format!("({})", vm.repr_items(&items)?)
                    })
                })
            }
            Value::Dict(dict) => {
                let entries = dict.entries();
                self.guarded_repr(object, "{...}", |vm| {
                    let mut parts = Vec::with_capacity(entries.len());
                    for (key, value) in &entries {
                        let key = vm.repr(key)?;
                        let value = vm.repr(value)?;
                        parts.push(format!("{key}: {value}"));
                    }
                    Ok(format!("{{{}}}", parts.join(", ")))
                })
            }
            Value::Set(set) => {
                let items = set.items.keys();
                let frozen = set.frozen;
                self.guarded_repr(object, "{...}", |vm| {
                    Ok(match (frozen, items.is_empty()) {
                        (false, true) => "set()".to_owned(),
                        (true, true) => "frozenset()".to_owned(),
                        (false, false) => format!("{{{}}}", vm.repr_items(&items)?),
                        (true, false) => format!("frozenset({{{}}})", vm.repr_items(&items)?),
                    })
                })
            }
            Value::Range(range) => Ok(if range.step == 1 {
                format!("range({}, {})", range.start, range.stop)
            } else {
                format!("range({}, {}, {})", range.start, range.stop, range.step)
            }),
            Value::Slice(slice) => {
                let start = self.repr(&slice.start)?;
                let stop = self.repr(&slice.stop)?;
                let step = self.repr(&slice.step)?;
                Ok(format!("slice({start}, {stop}, {step})"))
            }
            Value::Function(function) => Ok(format!(
                "<function {} at 0x{:012x}>",
                function.qualified_name.borrow(),
                object.address().unwrap_or(0)
            )),
            Value::NativeFunction(function) => Ok(if function.module.is_empty() {
                format!("<built-in function {}>", function.name)
            } else {
                format!(
                    "<function {} at 0x{:012x}>",
                    function.qualified_name(),
                    object.address().unwrap_or(0)
                )
            }),
            Value::Method(method) => {
                let this = self.repr(&method.this)?;
                let name = match self.find_attribute(&method.function, "__qualname__")? {
                    Some(name) => self.str(&name)?,
                    None => "?".to_owned(),
                };
                Ok(format!("<bound method {name} of {this}>"))
            }
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(text) = hooks.class_repr(self, class)?
                {
                    return Ok(text);
                }
                Ok(format!("<class '{}'>", class.dotted_name()))
            }
            Value::Module(module) => Ok(match &module.file {
                Some(file) => format!("<module '{}' from '{file}'>", module.name),
                None => format!("<module '{}'>", module.name),
            }),
            Value::Iterator(iterator) => Ok(format!(
                "<{} object at 0x{:012x}>",
                iterator.kind,
                object.address().unwrap_or(0)
            )),
            Value::Generator(generator) => Ok(format!(
                "<{} object {} at 0x{:012x}>",
                if generator.coroutine {
                    "coroutine"
                } else {
                    "generator"
                },
                generator.scope.code.qualified_name,
                object.address().unwrap_or(0)
            )),
            Value::Descriptor(descriptor) => Ok(match &**descriptor {
                Descriptor::ClassMethod(inner) => {
                    let inner = inner.clone();
                    format!("<classmethod({})>", self.repr(&inner)?)
                }
                Descriptor::StaticMethod(inner) => {
                    let inner = inner.clone();
                    format!("<staticmethod({})>", self.repr(&inner)?)
                }
                _ => self.default_repr(object),
            }),
            Value::Native(native) => {
                let native = native.clone();
                if let Some(text) = native.repr(object, self)? {
                    return Ok(text);
                }
                let class = native.class(self);
                if let Some((owner, _)) = class.lookup_with_class("__repr__")
                    && owner != self.classes.object
                {
                    return self.text_by_class(object, "__repr__");
                }
                Ok(self.default_repr(object))
            }
            Value::Instance(instance) => {
                let class = instance.class();
                if let Some((owner, method)) = class.lookup_with_class("__repr__")
                    && owner != self.classes.object
                {
                    let method = self.bind(&method, object, &class)?;
                    let result = self.call(&method, Arguments::none())?;
                    return self.text_result(&result, "__repr__");
                }
                if let Some(state) = instance.native::<ExceptionState>() {
                    let arguments = state.arguments.borrow().clone();
                    let name = class.name();
                    return Ok(match &arguments[..] {
                        [one] => format!("{name}({})", self.repr(one)?),
                        items => format!("{name}({})", self.repr_items(items)?),
                    });
                }
                if let Some(base) = &instance.base {
                    let base = base.clone();
                    return match &base {
                        Value::Set(set) => {
                            let items = set.items.keys();
                            let name = class.name();
                            Ok(if items.is_empty() {
                                format!("{name}()")
                            } else {
                                format!("{name}({{{}}})", self.repr_items(&items)?)
                            })
                        }
                        base => self.repr(base),
                    };
                }
                Ok(self.default_repr(object))
            }
            _ => Ok(String::new()),
        }
    }

    pub(crate) fn repr_items(&mut self, items: &[Value]) -> Result<String> {
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            text.push_str(&self.repr(item)?);
            if text.len() > self.limits.object {
                self.allocate(text.len())?;
            }
        }
        Ok(text)
    }

    /// Runs a `repr` unless one of the same object is running already.
    pub(crate) fn guarded_repr(
        &mut self,
        object: &Value,
        again: &str,
        body: impl FnOnce(&mut Interpreter) -> Result<String>,
    ) -> Result<String> {
        let address = object.address().unwrap_or(0);
        if self.repr_stack.contains(&address) {
            return Ok(again.to_owned());
        }
        self.repr_stack.push(address);
        let result = body(self);
        self.repr_stack.pop();
        result
    }
}
