//! `Optional`, `Union`, `Annotated` and the other subscriptable forms.

use super::variables::ForwardRef;
use ground::diagnostic::Result;
use python::{
    Arguments, BinaryOperator, Class, CompareOperator, Declaration, GenericAlias, Interpreter,
    NativeObject, Value, property,
};
use std::rc::Rc;

/// A special form: `Union`, `Optional`, `Literal`, `ClassVar`, ...
pub(super) struct SpecialForm {
    pub(super) name: &'static str,
}

/// `List`, `Dict`, `Type`, ...: a `typing` alias of a class.
pub(super) struct SpecialAlias {
    pub(super) name: &'static str,
    pub(super) origin: Class,
}

/// `Annotated[type, ...]`.
pub struct Annotated {
    /// The type.
    pub origin: Value,
    /// The metadata.
    pub metadata: Vec<Value>,
}

pub(super) fn items_of(key: &Value) -> Vec<Value> {
    match key {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    }
}

/// Converts a type argument: a string becomes a forward reference, `None` becomes `NoneType`.
pub(super) fn checked(vm: &mut Interpreter, value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::native(ForwardRef { text: text.clone() }),
        Value::None => Value::Class(vm.class_of(&Value::None)),
        other => other.clone(),
    }
}

pub(super) fn union_with(
    this: &Value,
    vm: &mut Interpreter,
    operator: BinaryOperator,
    other: &Value,
    reflected: bool,
) -> Result<Option<Value>> {
    if operator != BinaryOperator::Or {
        return Ok(None);
    }
    let other = checked(vm, other);
    let parts = if reflected {
        [other, this.clone()]
    } else {
        [this.clone(), other]
    };
    vm.make_union(&parts, true).map(Some)
}

static SPECIAL_FORM: Declaration<SpecialForm> = Declaration {
    properties: &[
        property("_name", |_, form| Ok(form.name.into())),
        property("__name__", |_, form| Ok(form.name.into())),
        property("__qualname__", |_, form| Ok(form.name.into())),
    ],
    sealed: true,
    ..Declaration::new("typing._SpecialForm")
};

impl NativeObject for SpecialForm {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SPECIAL_FORM)
    }

    fn get_item(&self, this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let name: Option<Rc<str>> = Some(Rc::from(format!("typing.{}", self.name)));
        Ok(Some(match self.name {
            "Union" => {
                let parts: Vec<Value> =
                    items_of(key).iter().map(|part| checked(vm, part)).collect();
                if parts.is_empty() {
                    return Err(vm.type_error("Cannot take a Union of no types."));
                }
                vm.make_union(&parts, true)?
            }
            "Optional" => {
                let part = checked(vm, key);
                let none = Value::Class(vm.class_of(&Value::None));
                vm.make_union(&[part, none], true)?
            }
            "Annotated" => {
                let mut items = items_of(key);
                if items.len() < 2 {
                    return Err(vm.type_error(
                        "Annotated[...] should be used with at least two arguments (a type and an annotation).",
                    ));
                }
                let origin = items.remove(0);
                let origin = checked(vm, &origin);
                match origin.downcast::<Annotated>() {
                    Some(inner) => {
                        let mut metadata = inner.metadata.clone();
                        metadata.extend(items);
                        Value::native(Annotated {
                            origin: inner.origin.clone(),
                            metadata,
                        })
                    }
                    None => Value::native(Annotated {
                        origin,
                        metadata: items,
                    }),
                }
            }
            "Literal" => {
                let mut arguments: Vec<Value> = Vec::new();
                for item in items_of(key) {
                    let flat = match item.downcast::<GenericAlias>() {
                        Some(inner) if inner.name.as_deref() == Some("typing.Literal") => {
                            inner.arguments.clone()
                        }
                        _ => vec![item],
                    };
                    for item in flat {
                        let mut known = false;
                        for other in &arguments {
                            if vm.equal(other, &item)? && vm.class_of(other) == vm.class_of(&item) {
                                known = true;
                            }
                        }
                        if !known {
                            arguments.push(item);
                        }
                    }
                }
                Value::native(GenericAlias {
                    origin: this.clone(),
                    arguments,
                    name,
                })
            }
            _ => {
                let arguments = items_of(key).iter().map(|part| checked(vm, part)).collect();
                Value::native(GenericAlias {
                    origin: this.clone(),
                    arguments,
                    name,
                })
            }
        }))
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        // `NamedTuple("Point", [("x", int)])` and `TypedDict("Movie", {"name": str})`.
        if self.name == "TypedDict" {
            let dict = vm.registered_class("dict").map(Value::Class);
            return Ok(dict);
        }
        let _ = arguments;
        Err(vm.type_error(format!("Cannot instantiate typing.{}", self.name)))
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
        Ok(Some(format!("typing.{}", self.name)))
    }
}

static SPECIAL_ALIAS: Declaration<SpecialAlias> = Declaration {
    properties: &[
        property("__origin__", |_, alias| Ok(alias.origin.clone().into())),
        property("_name", |_, alias| Ok(alias.name.into())),
        property("__name__", |_, alias| Ok(alias.name.into())),
    ],
    sealed: true,
    ..Declaration::new("typing._SpecialGenericAlias")
};

impl NativeObject for SpecialAlias {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SPECIAL_ALIAS)
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        let arguments = items_of(key).iter().map(|part| checked(vm, part)).collect();
        Ok(Some(Value::native(GenericAlias {
            origin: Value::Class(self.origin.clone()),
            arguments,
            name: Some(Rc::from(format!("typing.{}", self.name))),
        })))
    }

    fn call(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if matches!(
            self.name,
            "DefaultDict" | "OrderedDict" | "Counter" | "Deque"
        ) {
            return vm
                .call(&Value::Class(self.origin.clone()), arguments.clone())
                .map(Some);
        }
        Err(vm.type_error(format!(
            "Type {} cannot be instantiated; use {}() instead",
            self.name,
            self.origin.name()
        )))
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
        Ok(Some(format!("typing.{}", self.name)))
    }

    fn bases(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Vec<Class>>> {
        Ok(Some(vec![self.origin.clone()]))
    }

    fn instance_check(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        value: &Value,
    ) -> Result<Option<bool>> {
        vm.is_instance(value, &Value::Class(self.origin.clone()))
            .map(Some)
    }
}

static ANNOTATED: Declaration<Annotated> = Declaration {
    properties: &[
        property("__origin__", |_, annotated| Ok(annotated.origin.clone())),
        property("__metadata__", |_, annotated| {
            Ok(Value::tuple(annotated.metadata.clone()))
        }),
        property("__args__", |_, annotated| {
            Ok(Value::tuple(vec![annotated.origin.clone()]))
        }),
    ],
    sealed: true,
    ..Declaration::new("typing._AnnotatedAlias")
};

impl NativeObject for Annotated {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&ANNOTATED)
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
        vm: &mut Interpreter,
        operator: CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let want = match operator {
            CompareOperator::Equal => true,
            CompareOperator::NotEqual => false,
            _ => return Ok(None),
        };
        let Some(other) = other.downcast::<Annotated>() else {
            return Ok(None);
        };
        let equal = vm.equal(&self.origin, &other.origin)?
            && vm.equal(
                &Value::tuple(self.metadata.clone()),
                &Value::tuple(other.metadata.clone()),
            )?;
        Ok(Some(Value::Bool(equal == want)))
    }

    fn hash(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<u64>> {
        let mut hash = vm.hash(&self.origin)?;
        for item in &self.metadata {
            hash = hash.rotate_left(7) ^ vm.hash(item)?;
        }
        Ok(Some(hash))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let mut parts = vec![vm.type_repr(&self.origin)?];
        for item in &self.metadata {
            parts.push(vm.repr(item)?);
        }
        Ok(Some(format!("typing.Annotated[{}]", parts.join(", "))))
    }
}

pub(super) const FORMS: &[&str] = &[
    "Union",
    "Optional",
    "Annotated",
    "Literal",
    "ClassVar",
    "Final",
    "Required",
    "NotRequired",
    "TypeGuard",
    "Concatenate",
    "Unpack",
    "NoReturn",
    "Never",
    "Self",
    "LiteralString",
    "TypeAlias",
    "ReadOnly",
    "TypeIs",
];

pub(super) const ALIASES: &[(&str, &str)] = &[
    ("List", "list"),
    ("Dict", "dict"),
    ("Set", "set"),
    ("FrozenSet", "frozenset"),
    ("Tuple", "tuple"),
    ("Type", "type"),
    ("DefaultDict", "collections.defaultdict"),
    ("OrderedDict", "collections.OrderedDict"),
    ("Counter", "collections.Counter"),
    ("Deque", "collections.deque"),
    ("ChainMap", "collections.ChainMap"),
    ("Iterable", "collections.abc.Iterable"),
    ("Iterator", "collections.abc.Iterator"),
    ("Sequence", "collections.abc.Sequence"),
    ("MutableSequence", "collections.abc.MutableSequence"),
    ("Mapping", "collections.abc.Mapping"),
    ("MutableMapping", "collections.abc.MutableMapping"),
    ("AbstractSet", "collections.abc.Set"),
    ("MutableSet", "collections.abc.MutableSet"),
    ("Collection", "collections.abc.Collection"),
    ("Container", "collections.abc.Container"),
    ("Callable", "collections.abc.Callable"),
    ("Hashable", "collections.abc.Hashable"),
    ("Sized", "collections.abc.Sized"),
    ("Reversible", "collections.abc.Reversible"),
    ("Generator", "collections.abc.Generator"),
    ("AsyncGenerator", "collections.abc.AsyncGenerator"),
    ("AsyncIterator", "collections.abc.AsyncIterator"),
    ("AsyncIterable", "collections.abc.AsyncIterable"),
    ("Awaitable", "collections.abc.Awaitable"),
    ("Coroutine", "collections.abc.Coroutine"),
    ("KeysView", "collections.abc.KeysView"),
    ("ValuesView", "collections.abc.ValuesView"),
    ("ItemsView", "collections.abc.ItemsView"),
    ("ContextManager", "contextlib.AbstractContextManager"),
    (
        "AsyncContextManager",
        "contextlib.AbstractAsyncContextManager",
    ),
    ("Pattern", "re.Pattern"),
    ("Match", "re.Match"),
];
