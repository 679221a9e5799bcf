//! `TypeVar`, `ForwardRef`, `NewType`.

use super::forms::union_with;
use ground::diagnostic::Result;
use python::parameters;
use python::{Arguments, BinaryOperator, Class, CompareOperator, Interpreter, NativeObject, Value};
use std::rc::Rc;

/// `ForwardRef("Name")`.
pub struct ForwardRef {
    /// The text.
    pub text: Rc<str>,
}

/// `TypeVar`, `ParamSpec`, `TypeVarTuple`.
pub(super) struct TypeVariable {
    pub(super) kind: &'static str,
    pub(super) name: Rc<str>,
    pub(super) bound: Value,
    pub(super) constraints: Vec<Value>,
    pub(super) covariant: bool,
    pub(super) contravariant: bool,
}

/// `NewType("Name", base)`.
pub(super) struct NewType {
    pub(super) name: Rc<str>,
    pub(super) supertype: Value,
    pub(super) module: Rc<str>,
}

impl NativeObject for ForwardRef {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("typing", "ForwardRef")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok((name == "__forward_arg__").then(|| Value::Str(self.text.clone())))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        union_with(this, vm, operator, other, reflected)
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let want = match operator {
            CompareOperator::Equal => true,
            CompareOperator::NotEqual => false,
            _ => return Ok(None),
        };
        let Some(other) = other.downcast::<ForwardRef>() else {
            return Ok(None);
        };
        Ok(Some(Value::Bool((self.text == other.text) == want)))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        vm.hash(&Value::Str(self.text.clone())).map(Some)
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let text = vm.repr(&Value::Str(self.text.clone()))?;
        Ok(Some(format!("ForwardRef({text})")))
    }
}

impl NativeObject for TypeVariable {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("typing", self.kind)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "__name__" => Some(Value::Str(self.name.clone())),
            "__bound__" => Some(self.bound.clone()),
            "__constraints__" => Some(Value::tuple(self.constraints.clone())),
            "__covariant__" => Some(Value::Bool(self.covariant)),
            "__contravariant__" => Some(Value::Bool(self.contravariant)),
            "args" | "kwargs" if self.kind == "ParamSpec" => {
                Some(Value::from(format!("{}.{name}", self.name)))
            }
            _ => None,
        })
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        union_with(this, vm, operator, other, reflected)
    }

    fn iterate(&self, this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        // `*Ts` in a subscript.
        Ok((self.kind == "TypeVarTuple").then(|| Value::list(vec![this.clone()])))
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        let sign = match (self.kind, self.covariant, self.contravariant) {
            ("TypeVarTuple", ..) => "",
            (_, true, _) => "+",
            (_, _, true) => "-",
            _ => "~",
        };
        Ok(Some(format!("{sign}{}", self.name)))
    }
}

impl NativeObject for NewType {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("typing", "NewType")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "__name__" | "__qualname__" => Some(Value::Str(self.name.clone())),
            "__supertype__" => Some(self.supertype.clone()),
            "__module__" => Some(Value::Str(self.module.clone())),
            _ => None,
        })
    }

    fn call(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let [value] = arguments.clone().exactly("NewType")?;
        Ok(Some(value))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        union_with(this, vm, operator, other, reflected)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(format!("{}.{}", self.module, self.name)))
    }
}

pub(super) fn type_variable(
    kind: &'static str,
) -> impl Fn(&mut Interpreter, Arguments) -> Result<Value> {
    move |vm, arguments| {
        let mut bound = arguments.bind(parameters!(
            "TypeVar",
            "name, *constraints, bound=None, covariant=False, contravariant=False, infer_variance=False, default=None"
        ))?;
        let Some(name) = bound.value("name").as_text() else {
            return Err(vm.type_error(format!("{kind} needs a name")));
        };
        Ok(Value::native(TypeVariable {
            kind,
            name,
            bound: bound.value("bound"),
            covariant: bound.value("covariant").as_bool().unwrap_or(false),
            contravariant: bound.value("contravariant").as_bool().unwrap_or(false),
            constraints: std::mem::take(&mut bound.rest),
        }))
    }
}
