//! Opaque values: placeholders for unavailable modules and everything derived from them, and for
//! names of known packages that are not implemented. They can be imported, called and passed around;
//! using one to make a decision raises an error that names it.

use std::rc::Rc;

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::native::NativeObject;
use super::tree::{BinaryOperator, CompareOperator, UnaryOperator};
use super::value::{Class, Value};
use ground::diagnostic::{Error, Result};

struct Opaque {
    name: Rc<str>,
    /// Whether it is what a function of a known package returned, which may have been called for
    /// its effect.
    result: bool,
}

impl Opaque {
    fn refuse<T>(&self, vm: &Interpreter, what: &str) -> Result<T> {
        Err(vm.opaque_error(&self.name, what))
    }
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
        vm: &mut Interpreter,
        name: &str,
        _value: &Value,
    ) -> Result<bool> {
        if vm.registry.is_known(&self.name) {
            return self.refuse(vm, &format!("what setting {name} does"));
        }
        Ok(true)
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if self.name.len() > 400 {
            return self.refuse(vm, "its result");
        }
        Ok(Some(Value::native(Opaque {
            name: Rc::from(format!("{}()", self.name)),
            result: vm.registry.is_known(&self.name),
        })))
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
        self.refuse(vm, "the result of this operation")
    }

    fn unary(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _operator: UnaryOperator,
    ) -> Result<Option<Value>> {
        self.refuse(vm, "the result of this operation")
    }

    fn compare(
        &self,
        this: &Value,
        vm: &mut Interpreter,
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
        self.refuse(vm, "the result of this comparison")
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, _key: &Value) -> Result<Option<Value>> {
        Ok(Some(vm.opaque(&format!("{}[...]", self.name))))
    }

    fn set_item(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _key: &Value,
        _value: &Value,
    ) -> Result<bool> {
        if vm.registry.is_known(&self.name) {
            return self.refuse(vm, "what setting an item does");
        }
        Ok(true)
    }

    fn contains(&self, _this: &Value, vm: &mut Interpreter, _item: &Value) -> Result<Option<bool>> {
        self.refuse(vm, "what it contains")
    }

    fn length(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<usize>> {
        self.refuse(vm, "its length")
    }

    fn iterate(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        self.refuse(vm, "what it contains")
    }

    fn truth(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<bool>> {
        self.refuse(vm, "whether it is true")
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("<opaque {}>", self.name)))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        self.refuse(vm, "its text")
    }

    fn format(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _specification: &str,
    ) -> Result<Option<String>> {
        self.refuse(vm, "its text")
    }

    fn enter(&self, this: &Value, vm: &mut Interpreter) -> Result<Option<Value>> {
        if vm.registry.is_known(&self.name) {
            return self.refuse(vm, "what `with` does");
        }
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
            return self.refuse(vm, "whether this is an instance of it");
        }
        // An object of the same package may be one. Of a module that is not here, only opaque values
        // can be.
        if vm.registry.is_known(&self.name) && matches!(value, Value::Native(_)) {
            let module = vm.class_of(value).dotted_name();
            let top = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
            if top(&module) == top(&self.name) {
                return self.refuse(vm, "whether this is an instance of it");
            }
        }
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
            result: false,
        })
    }

    /// An error that says which import a value came from.
    fn opaque_error(&self, name: &str, what: &str) -> Error {
        if self.registry.is_known(name) {
            return Error::unsupported(format!(
                "{name} is not implemented in Limbeck, so {what} is unknown"
            ));
        }
        let top = name.split(['.', '(', '[']).next().unwrap_or(name);
        let place = match self.opaque_imports.get(top) {
            Some(location) => format!(", imported at {}:{}", location.path, location.line),
            None => String::new(),
        };
        Error::unsupported(format!(
            "{name} comes from a module that is not in this workspace{place}, so {what} is unknown"
        ))
        .with_hint("add the module's file to the workspace, or write the value itself here")
    }

    /// Fails for what a function returned that is known and not implemented, if the statement does
    /// nothing with it: the function was called for its effect.
    pub(crate) fn require_effect(&mut self, value: &Value) -> Result<()> {
        if let Value::Native(object) = value
            && let Some(name) = object.opaque()
            && value.downcast::<Opaque>().is_some_and(|it| it.result)
        {
            return Err(self.opaque_error(&name, "what it does"));
        }
        Ok(())
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
            Some(name) => Err(self.opaque_error(&name, what)),
            None => Ok(()),
        }
    }
}
