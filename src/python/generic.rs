//! `list[int]` and `int | None`.

use std::rc::Rc;

use super::arguments::Arguments;
use super::declaration::{Declaration, Property, property};
use super::interpreter::Interpreter;
use super::members::Members;
use super::native::NativeObject;
use super::tree::{BinaryOperator, CompareOperator};
use super::value::{Class, Value};
use ground::diagnostic::Result;

/// `X | Y` and `typing.Union[X, Y]`.
pub struct Union {
    /// The members, without duplicates; `None` is represented by its class, `NoneType`.
    pub arguments: Vec<Value>,
    /// Whether it was written as `typing.Union` or `typing.Optional`, whose repr differs.
    pub typing: bool,
}

/// A class with arguments: `list[int]`, `Mapped[str]`.
pub struct GenericAlias {
    /// The class before the brackets.
    pub origin: Value,
    /// The arguments in the brackets.
    pub arguments: Vec<Value>,
    /// The name to print instead of the origin's own: `typing.List`.
    pub name: Option<Rc<str>>,
}

impl Interpreter {
    /// The repr of a type used as an argument of another: `int`, `None`, `typing.Any`,
    /// `models.Hero`.
    pub fn type_repr(&mut self, value: &Value) -> Result<String> {
        Ok(match value {
            Value::Class(class) if *class == self.classes.none => "None".to_owned(),
            Value::Class(class) => class.dotted_name(),
            Value::Ellipsis => "...".to_owned(),
            Value::List(list) => {
                let items = list.items.borrow().clone();
                let mut parts = Vec::new();
                for item in &items {
                    parts.push(self.type_repr(item)?);
                }
                format!("[{}]", parts.join(", "))
            }
            other => self.repr(other)?,
        })
    }

    /// `a | b` of types; nested unions are flattened and duplicates removed.
    pub fn make_union(&mut self, parts: &[Value], typing: bool) -> Result<Value> {
        let mut arguments: Vec<Value> = Vec::new();
        for part in parts {
            let members = match part.downcast::<Union>() {
                Some(union) => union.arguments.clone(),
                None if part.is_none() => vec![Value::Class(self.classes.none.clone())],
                None => vec![part.clone()],
            };
            for member in members {
                let mut known = false;
                for other in &arguments {
                    if self.equal(other, &member)? {
                        known = true;
                        break;
                    }
                }
                if !known {
                    arguments.push(member);
                }
            }
        }
        if arguments.len() == 1 {
            return Ok(arguments.remove(0));
        }
        Ok(Value::native(Union { arguments, typing }))
    }

    /// Whether the value is allowed in a type expression: a class, a generic alias, a union, ...
    pub fn is_type_like(&mut self, value: &Value) -> bool {
        match value {
            Value::Class(_) | Value::None => true,
            Value::Native(_) => {
                value.downcast::<Union>().is_some() || value.downcast::<GenericAlias>().is_some()
            }
            _ => false,
        }
    }
}

/// What both classes of unions have.
static UNION_PROPERTIES: &[Property<Union>] = &[
    property("__args__", |_, union| {
        Ok(Value::tuple(union.arguments.clone()))
    }),
    property("__parameters__", |_, _| Ok(Value::tuple(Vec::new()))),
];

/// `types.UnionType`.
pub static UNION_TYPE: Declaration<Union> = Declaration {
    properties: UNION_PROPERTIES,
    sealed: true,
    ..Declaration::new("types.UnionType")
};

static TYPING_UNION: Declaration<Union> = Declaration {
    properties: &[property("__origin__", |vm, _| {
        let typing = vm.import("typing")?;
        vm.get_attribute(&typing, "Union")
    })],
    shared_properties: UNION_PROPERTIES,
    sealed: true,
    ..Declaration::new("typing._UnionGenericAlias")
};

impl NativeObject for Union {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(if self.typing {
            &TYPING_UNION
        } else {
            &UNION_TYPE
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
        if operator != BinaryOperator::Or {
            return Ok(None);
        }
        let parts = if reflected {
            [other.clone(), this.clone()]
        } else {
            [this.clone(), other.clone()]
        };
        vm.make_union(&parts, self.typing).map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let want = match operator {
            CompareOperator::Equal => true,
            CompareOperator::NotEqual => false,
            _ => return Ok(None),
        };
        let Some(other) = other.downcast::<Union>() else {
            return Ok(None);
        };
        let mut equal = self.arguments.len() == other.arguments.len();
        for argument in &self.arguments {
            let mut found = false;
            for candidate in &other.arguments {
                if vm.equal(argument, candidate)? {
                    found = true;
                    break;
                }
            }
            equal &= found;
        }
        Ok(Some(Value::Bool(equal == want)))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let mut parts = Vec::new();
        for argument in &self.arguments {
            parts.push(vm.type_repr(argument)?);
        }
        if !self.typing {
            return Ok(Some(parts.join(" | ")));
        }
        for none in ["None", "NoneType"] {
            if let Some(index) = parts.iter().position(|part| part == none) {
                parts.remove(index);
                return Ok(Some(if parts.len() == 1 {
                    format!("typing.Optional[{}]", parts[0])
                } else {
                    parts.insert(index, "NoneType".to_owned());
                    format!("typing.Union[{}]", parts.join(", "))
                }));
            }
        }
        Ok(Some(format!("typing.Union[{}]", parts.join(", "))))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        let mut hash = 7;
        for argument in &self.arguments {
            hash ^= vm.hash(argument)?;
        }
        Ok(Some(hash))
    }

    fn instance_check(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        value: &Value,
    ) -> Result<Option<bool>> {
        for argument in &self.arguments {
            if vm.is_instance(value, argument)? {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }
}

const fn alias(path: &'static str) -> Declaration<GenericAlias> {
    Declaration {
        properties: ALIAS_PROPERTIES,
        sealed: true,
        ..Declaration::new(path)
    }
}

static ALIAS_PROPERTIES: &[Property<GenericAlias>] = &[
    property("__args__", |_, alias| {
        Ok(Value::tuple(alias.arguments.clone()))
    }),
    property("__origin__", |_, alias| Ok(alias.origin.clone())),
    property("__parameters__", |_, _| Ok(Value::tuple(Vec::new()))),
];

/// `types.GenericAlias`.
pub static GENERIC_ALIAS: Declaration<GenericAlias> = alias("types.GenericAlias");

static TYPING_ALIAS: Declaration<GenericAlias> = alias("typing._GenericAlias");

impl NativeObject for GenericAlias {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(match self.name {
            Some(_) => &TYPING_ALIAS,
            None => &GENERIC_ALIAS,
        })
    }

    /// The attributes of the origin, besides its own.
    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let own = ["__mro_entries__", "__class_getitem__"].contains(&name);
        if own || GENERIC_ALIAS.declares(name) {
            return Ok(None);
        }
        vm.find_attribute(&self.origin, name)
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        vm.call(&self.origin.clone(), arguments.clone()).map(Some)
    }

    fn get_item(&self, _this: &Value, _vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let arguments = match key {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        };
        Ok(Some(Value::native(GenericAlias {
            origin: self.origin.clone(),
            arguments,
            name: self.name.clone(),
        })))
    }

    fn binary(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        operator: BinaryOperator,
        other: &Value,
        reflected: bool,
    ) -> Result<Option<Value>> {
        if operator != BinaryOperator::Or {
            return Ok(None);
        }
        let parts = if reflected {
            [other.clone(), this.clone()]
        } else {
            [this.clone(), other.clone()]
        };
        let typing = self.name.is_some();
        vm.make_union(&parts, typing).map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let want = match operator {
            CompareOperator::Equal => true,
            CompareOperator::NotEqual => false,
            _ => return Ok(None),
        };
        let Some(other) = other.downcast::<GenericAlias>() else {
            return Ok(None);
        };
        let equal = vm.equal(&self.origin, &other.origin)?
            && vm.equal(
                &Value::tuple(self.arguments.clone()),
                &Value::tuple(other.arguments.clone()),
            )?;
        Ok(Some(Value::Bool(equal == want)))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let origin = match &self.name {
            Some(name) => name.to_string(),
            None => vm.type_repr(&self.origin)?,
        };
        let mut parts = Vec::new();
        for argument in &self.arguments {
            parts.push(vm.type_repr(argument)?);
        }
        Ok(Some(format!("{origin}[{}]", parts.join(", "))))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        let mut hash = vm.hash(&self.origin)?;
        for argument in &self.arguments {
            hash = hash.rotate_left(5) ^ vm.hash(argument).unwrap_or(1);
        }
        Ok(Some(hash))
    }

    fn bases(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<Vec<Class>>> {
        match &self.origin {
            Value::Class(class) => Ok(Some(vec![class.clone()])),
            Value::Native(object) => {
                let object = object.clone();
                object.bases(&self.origin, vm)
            }
            _ => Ok(None),
        }
    }

    fn instance_check(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        _value: &Value,
    ) -> Result<Option<bool>> {
        Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
    }
}

impl Interpreter {
    /// A class by its dotted name; created empty if it is not registered.
    pub fn sealed_class(&mut self, module: &str, name: &str) -> Class {
        if let Some(class) = self.registered.get(&*[module, ".", name].concat()) {
            return class.clone();
        }
        let object = self.object_class();
        self.make_native_class(
            vec![object],
            Some(super::value::Layout::Sealed),
            None,
            Members::new(module.into(), name.into()),
        )
    }
}
