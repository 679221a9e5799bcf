//! `repr()` and `str()`.

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::value::{Descriptor, ExceptionState, Value};
use ground::diagnostic::Result;
use ground::formatting::repr::{bytes_repr, float_repr, string_repr};

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
                if let Some(base @ Value::Native(_)) = &instance.base {
                    return self.str(&base.clone());
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
            Value::Str(text) => return Ok(string_repr(text)),
            Value::Float(number) => return Ok(float_repr(*number)),
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
            Value::Bytes(bytes) => Ok(bytes_repr(bytes)),
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
                        Value::Native(_) => {
                            let text = self.repr(&base)?;
                            // Dates and ids show the class of the instance.
                            let shows_class =
                                text.starts_with("datetime.") || text.starts_with("UUID(");
                            Ok(match text.split_once('(') {
                                Some((_, rest)) if shows_class => {
                                    format!("{}({rest}", class.name())
                                }
                                _ => text,
                            })
                        }
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

    /// Runs a `repr` unless one of the same object is already in progress.
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
