//! Opaque values: placeholders for unavailable modules and everything derived from them. They can
//! be imported, called and passed around; using one to make a decision raises an error that names
//! it.

use std::rc::Rc;

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::native::NativeObject;
use super::tree::{BinaryOperator, CompareOperator, UnaryOperator};
use super::value::{Class, Value};
use ground::diagnostic::{Error, Result};

struct Opaque {
    name: Rc<str>,
}

impl Opaque {
    fn refuse<T>(&self, what: &str) -> Result<T> {
        Err(opaque_error(&self.name, what))
    }
}

fn opaque_error(name: &str, what: &str) -> Error {
    Error::unsupported(format!(
        "{name} comes from a module that is not in this workspace, so {what} is unknown"
    ))
    .with_hint("add the module's file to the workspace, or write the value itself here")
}

impl NativeObject for Opaque {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.object_class()
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        if name.starts_with("__") && name.ends_with("__") {
            return Ok(match name {
                "__name__" | "__qualname__" => Some(Value::str(
                    self.name.rsplit('.').next().unwrap_or(&self.name),
                )),
                _ => None,
            });
        }
        Ok(Some(vm.opaque(&format!("{}.{name}", self.name))))
    }

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _name: &str,
        _value: &Value,
    ) -> Result<bool> {
        Ok(true)
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if self.name.len() > 400 {
            return self.refuse("its result");
        }
        Ok(Some(vm.opaque(&format!("{}()", self.name))))
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        _other: &Value,
        _reflected: bool,
    ) -> Result<Option<Value>> {
        if operator == BinaryOperator::Or {
            return Ok(Some(vm.opaque(&self.name)));
        }
        self.refuse("the result of this operation")
    }

    fn unary(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        self.refuse("the result of this operation")
    }

    fn compare(
        &self,
        this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        if this.is(other) {
            return Ok(match operator {
                CompareOperator::Equal => Some(Value::Bool(true)),
                CompareOperator::NotEqual => Some(Value::Bool(false)),
                _ => None,
            });
        }
        self.refuse("the result of this comparison")
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, _key: &Value) -> Result<Option<Value>> {
        Ok(Some(vm.opaque(&format!("{}[...]", self.name))))
    }

    fn set_item(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _key: &Value,
        _value: &Value,
    ) -> Result<bool> {
        Ok(true)
    }

    fn contains(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _item: &Value,
    ) -> Result<Option<bool>> {
        self.refuse("what it contains")
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        self.refuse("its length")
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        self.refuse("what it contains")
    }

    fn truth(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<bool>> {
        self.refuse("whether it is true")
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("<opaque {}>", self.name)))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        self.refuse("its text")
    }

    fn format(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _specification: &str,
    ) -> Result<Option<String>> {
        self.refuse("its text")
    }

    fn enter(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        _exception: Option<&Value>,
    ) -> Result<Option<bool>> {
        Ok(Some(false))
    }

    fn instance_check(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        value: &Value,
    ) -> Result<Option<bool>> {
        if vm.opaque_name(value).is_some() {
            return self.refuse("whether this is an instance of it");
        }
        // Only opaque values can be instances of an opaque class.
        Ok(Some(false))
    }

    fn opaque(&self) -> Option<Rc<str>> {
        Some(self.name.clone())
    }
}

impl Interpreter {
    /// Creates an opaque value; `name` identifies it in diagnostics.
    pub fn opaque(&mut self, name: &str) -> Value {
        Value::native(Opaque {
            name: Rc::from(name),
        })
    }

    /// The name of an opaque value; `None` for any other value.
    pub fn opaque_name(&mut self, value: &Value) -> Option<Rc<str>> {
        match value {
            Value::Native(object) => object.opaque(),
            Value::Module(module) if module.opaque => Some(module.name.clone()),
            Value::Instance(instance) => {
                let class = instance.class();
                class.mro().find_map(|class| class.opaque_base.clone())
            }
            Value::Class(class) => class.mro().find_map(|class| class.opaque_base.clone()),
            _ => None,
        }
    }

    /// Fails with a diagnostic naming the value if it is opaque: for code that branches on it.
    /// `what` completes "so ... is unknown".
    pub fn require_known(&mut self, value: &Value, what: &str) -> Result<()> {
        match self.opaque_name(value) {
            Some(name) => Err(opaque_error(&name, what)),
            None => Ok(()),
        }
    }
}
