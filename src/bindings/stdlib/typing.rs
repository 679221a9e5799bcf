//! `typing`: forms that models can look into.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::parameters;
use python::{
    Arguments, BinaryOperator, Class, ClassBody, ClassBuilder, CompareOperator, Descriptor, Dict,
    GenericAlias, Instance, Interpreter, Module, ModuleBuilder, NativeClass, NativeObject,
    Registry, Union, Value,
};

/// Adds `typing` and `typing_extensions`.
pub fn register(registry: &mut Registry) {
    registry.add("typing", make);
    registry.add("typing_extensions", |vm| {
        let Value::Module(typing) = vm.import("typing")? else {
            return Err(vm.type_error("typing is not a module"));
        };
        Ok(Module::build("typing_extensions").all_of(&typing).build())
    });
}

/// `Union`, `Optional`, `Literal`, `ClassVar`, ...: what has a meaning of its own in brackets.
struct SpecialForm {
    name: &'static str,
}

/// `List`, `Dict`, `Type`, ...: a class under a name of `typing`.
struct SpecialAlias {
    name: &'static str,
    origin: Class,
}

/// `Annotated[type, ...]`.
pub struct Annotated {
    /// The type.
    pub origin: Value,
    /// What follows it.
    pub metadata: Vec<Value>,
}

/// `ForwardRef("Name")`.
pub struct ForwardRef {
    /// The text.
    pub text: Rc<str>,
}

/// `TypeVar`, `ParamSpec`, `TypeVarTuple`.
struct TypeVariable {
    kind: &'static str,
    name: Rc<str>,
    bound: Value,
    constraints: Vec<Value>,
    covariant: bool,
    contravariant: bool,
}

/// `NewType("Name", base)`.
struct NewType {
    name: Rc<str>,
    supertype: Value,
    module: Rc<str>,
}

fn items_of(key: &Value) -> Vec<Value> {
    match key {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    }
}

/// A type within another: text becomes a forward reference, `None` its class.
fn checked(vm: &mut Interpreter, value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::native(ForwardRef { text: text.clone() }),
        Value::None => Value::Class(vm.class_of(&Value::None)),
        other => other.clone(),
    }
}

fn union_with(
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

impl NativeObject for SpecialForm {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("typing", "_SpecialForm")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "_name" | "__name__" | "__qualname__" => Some(Value::str(self.name)),
            "__module__" => Some(Value::str("typing")),
            _ => None,
        })
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

impl NativeObject for SpecialAlias {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("typing", "_SpecialGenericAlias")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "__origin__" => Some(Value::Class(self.origin.clone())),
            "_name" | "__name__" => Some(Value::str(self.name)),
            _ => None,
        })
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

impl NativeObject for Annotated {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.sealed_class("typing", "_AnnotatedAlias")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "__origin__" => Some(self.origin.clone()),
            "__metadata__" => Some(Value::tuple(self.metadata.clone())),
            "__args__" => Some(Value::tuple(vec![self.origin.clone()])),
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
        // `*Ts` within brackets.
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

/// `Any`: prints as `typing.Any`, everything is an instance of nothing of it.
struct AnyHooks;

impl NativeClass for AnyHooks {
    fn class_repr(&self, _vm: &mut Interpreter, class: &Class) -> Result<Option<String>> {
        Ok((!class.user_defined).then(|| "typing.Any".to_owned()))
    }

    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        _arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if class.user_defined {
            return Ok(None);
        }
        Err(vm.type_error("Any cannot be instantiated"))
    }
}

/// The classes that inherit from `NamedTuple`.
struct NamedTupleHooks;

fn tuple_fields(class: &Class) -> Vec<Rc<str>> {
    match class.lookup("_fields") {
        Some(Value::Tuple(names)) => names.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    }
}

fn tuple_instance(class: &Class, values: Vec<Value>) -> Value {
    let mut instance = Instance::new(class);
    instance.base = Some(Value::tuple(values));
    Value::Instance(Rc::new(instance))
}

impl NativeClass for NamedTupleHooks {
    fn init_subclass(
        &self,
        _vm: &mut Interpreter,
        class: &Class,
        _body: &mut ClassBody,
    ) -> Result<()> {
        if class.lookup("_fields").is_some() {
            return Ok(());
        }
        let names: Vec<Rc<str>> = class.annotations.borrow().keys().cloned().collect();
        let defaults = Dict::new();
        for (index, name) in names.iter().enumerate() {
            if let Some(default) = class.namespace.get_str(name) {
                defaults.set_name(name, default);
            }
            let get = Value::NativeFunction(Rc::new(python::NativeFunction::new(
                name,
                "",
                true,
                move |vm, arguments| {
                    let [this] = arguments.exactly("__get__")?;
                    vm.get_item(this.plain(), &Value::from(index))
                },
            )));
            class.set(
                name,
                Value::Descriptor(Rc::new(Descriptor::Property {
                    get: Some(get),
                    set: None,
                    delete: None,
                    doc: std::cell::RefCell::new(Value::None),
                })),
            );
        }
        let fields = Value::tuple(names.into_iter().map(Value::Str).collect());
        class.set("_fields", fields.clone());
        class.set("__match_args__", fields);
        class.set("_field_defaults", Value::Dict(Rc::new(defaults)));
        Ok(())
    }

    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let names = tuple_fields(class);
        let defaults = class.lookup("_field_defaults");
        let list: Vec<String> = names
            .iter()
            .map(|name| {
                let default = defaults
                    .as_ref()
                    .and_then(|defaults| defaults.as_dict().cloned())
                    .is_some_and(|defaults| defaults.contains_str(name));
                if default {
                    format!("{name}=...")
                } else {
                    name.to_string()
                }
            })
            .collect();
        let parameters =
            python::Parameters::new(&format!("{}.__new__", class.name()), &list.join(", "));
        let mut bound = arguments.clone().bind(&parameters)?;
        let mut values = Vec::new();
        for name in &names {
            let value = match bound.take(name) {
                Some(value) => value,
                None => defaults
                    .as_ref()
                    .and_then(|defaults| defaults.as_dict().cloned())
                    .and_then(|defaults| defaults.get_str(name))
                    .unwrap_or(Value::None),
            };
            values.push(value);
        }
        let _ = vm;
        Ok(Some(tuple_instance(class, values)))
    }
}

/// The classes that inherit from `TypedDict`: calling one makes a `dict`.
struct TypedDictHooks;

impl NativeClass for TypedDictHooks {
    fn init_subclass(
        &self,
        _vm: &mut Interpreter,
        _class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        body.keywords.retain(|(name, _)| &**name != "total");
        Ok(())
    }

    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        match vm.registered_class("dict") {
            Some(dict) => vm.call(&Value::Class(dict), arguments.clone()).map(Some),
            None => Ok(None),
        }
    }
}

const FORMS: &[&str] = &[
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

const ALIASES: &[(&str, &str)] = &[
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

fn first(arguments: Arguments) -> Value {
    arguments
        .positional
        .into_iter()
        .next()
        .unwrap_or(Value::None)
}

fn type_variable(kind: &'static str) -> impl Fn(&mut Interpreter, Arguments) -> Result<Value> {
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

fn make(vm: &mut Interpreter) -> Result<Rc<Module>> {
    vm.import("collections.abc")?;
    let mut module = Module::build("typing").value("TYPE_CHECKING", false);
    for name in FORMS {
        module = module.value(name, Value::native(SpecialForm { name }));
    }
    for (name, dotted) in ALIASES {
        // Those whose module was not imported stand for a class of their own.
        let origin = match vm.registered_class(dotted) {
            Some(class) => class,
            None => {
                let (module, name) = dotted.rsplit_once('.').unwrap_or(("typing", dotted));
                vm.sealed_class(module, name)
            }
        };
        module = module.value(name, Value::native(SpecialAlias { name, origin }));
    }
    let any = ClassBuilder::new("typing", "Any").hooks(AnyHooks).build(vm);
    let generic = ClassBuilder::new("typing", "Generic").build(vm);
    let protocol = ClassBuilder::new("typing", "Protocol")
        .base(&generic)
        .build(vm);
    let object = vm.object_class();
    let tuple = vm.registered_class("tuple").unwrap_or(object);
    let named_tuple = ClassBuilder::new("typing", "NamedTuple")
        .base(&tuple)
        .hooks(NamedTupleHooks)
        .method("__repr__", |vm, this, _| {
            let class = vm.class_of(this);
            let values = this.as_items().unwrap_or_default();
            let mut parts = Vec::new();
            for (name, value) in tuple_fields(&class).iter().zip(&values) {
                parts.push(format!("{name}={}", vm.repr(value)?));
            }
            Ok(Value::from(format!(
                "{}({})",
                class.name(),
                parts.join(", ")
            )))
        })
        .method("_asdict", |vm, this, _| {
            let class = vm.class_of(this);
            let values = this.as_items().unwrap_or_default();
            Ok(Value::dict(tuple_fields(&class).into_iter().zip(values)))
        })
        .method("_replace", |vm, this, arguments| {
            let class = vm.class_of(this);
            let mut values = this.as_items().unwrap_or_default();
            for (name, value) in arguments.keyword {
                match tuple_fields(&class).iter().position(|field| *field == name) {
                    Some(index) => values[index] = value,
                    None => {
                        return Err(
                            vm.value_error(format!("Got unexpected field names: ['{name}']"))
                        );
                    }
                }
            }
            Ok(tuple_instance(&class, values))
        })
        .class_method("_make", |vm, class, arguments| {
            let [values] = arguments.exactly("_make")?;
            let values = vm.collect(&values)?;
            Ok(tuple_instance(class, values))
        })
        .build(vm);
    let typed_dict = ClassBuilder::new("typing", "TypedDict")
        .hooks(TypedDictHooks)
        .build(vm);
    for name in [
        "SupportsInt",
        "SupportsFloat",
        "SupportsIndex",
        "SupportsAbs",
        "SupportsBytes",
        "SupportsRound",
        "IO",
        "TextIO",
        "BinaryIO",
    ] {
        let class = ClassBuilder::new("typing", name).base(&protocol).build(vm);
        module = module.class(&class);
    }
    let str_class = vm.registered_class("str");
    module = module
        .value("Text", str_class.map(Value::Class).unwrap_or(Value::None))
        .class(&any)
        .class(&generic)
        .class(&protocol)
        .class(&named_tuple)
        .class(&typed_dict)
        .function("TypeVar", type_variable("TypeVar"))
        .function("ParamSpec", type_variable("ParamSpec"))
        .function("TypeVarTuple", type_variable("TypeVarTuple"))
        .value(
            "AnyStr",
            Value::native(TypeVariable {
                kind: "TypeVar",
                name: Rc::from("AnyStr"),
                bound: Value::None,
                constraints: Vec::new(),
                covariant: false,
                contravariant: false,
            }),
        );
    Ok(functions(module).build())
}

fn functions(module: ModuleBuilder) -> ModuleBuilder {
    module
        .function("NewType", |vm, arguments| {
            let [name, supertype] = arguments.exactly("NewType")?;
            let module = vm
                .current_globals()
                .and_then(|globals| globals.get_str("__name__"))
                .and_then(|name| name.as_text())
                .unwrap_or_else(|| Rc::from("typing"));
            Ok(Value::native(NewType {
                name: name.as_text().unwrap_or_default(),
                supertype,
                module,
            }))
        })
        .function("ForwardRef", |_, arguments| {
            Ok(Value::native(ForwardRef {
                text: first(arguments).as_text().unwrap_or_default(),
            }))
        })
        .function("cast", |_, arguments| {
            let [_, value] = arguments.exactly("cast")?;
            Ok(value)
        })
        .function("overload", |_, arguments| Ok(first(arguments)))
        .function("final", |_, arguments| Ok(first(arguments)))
        .function("override", |_, arguments| Ok(first(arguments)))
        .function("no_type_check", |_, arguments| Ok(first(arguments)))
        .function("runtime_checkable", |_, arguments| Ok(first(arguments)))
        .function("reveal_type", |_, arguments| Ok(first(arguments)))
        .function("assert_type", |_, arguments| Ok(first(arguments)))
        .function("deprecated", |_, _| {
            Ok(Value::function("deprecated", |_, arguments| {
                Ok(first(arguments))
            }))
        })
        .function("dataclass_transform", |_, _| {
            Ok(Value::function("dataclass_transform", |_, arguments| {
                Ok(first(arguments))
            }))
        })
        .function("assert_never", |vm, arguments| {
            let shown = vm.repr(&first(arguments))?;
            let class = vm.registered_class("AssertionError");
            let message = Value::from(format!("Expected code to be unreachable, but got: {shown}"));
            Err(match class {
                Some(class) => vm.new_exception(&class, vec![message]),
                None => vm.type_error("assert_never"),
            })
        })
        .function("get_origin", |vm, arguments| {
            let value = first(arguments);
            if value.downcast::<Annotated>().is_some() {
                let typing = vm.import("typing")?;
                return vm.get_attribute(&typing, "Annotated");
            }
            if value.downcast::<Union>().is_some_and(|union| !union.typing) {
                return Ok(Value::Class(vm.class_of(&value)));
            }
            match &value {
                Value::Native(_) => Ok(vm
                    .find_attribute(&value, "__origin__")?
                    .unwrap_or(Value::None)),
                _ => Ok(Value::None),
            }
        })
        .function("get_args", |vm, arguments| {
            let value = first(arguments);
            if let Some(annotated) = value.downcast::<Annotated>() {
                let mut items = vec![annotated.origin.clone()];
                items.extend(annotated.metadata.iter().cloned());
                return Ok(Value::tuple(items));
            }
            match &value {
                Value::Native(_) => Ok(vm
                    .find_attribute(&value, "__args__")?
                    .unwrap_or_else(|| Value::tuple(Vec::new()))),
                _ => Ok(Value::tuple(Vec::new())),
            }
        })
        .function("get_type_hints", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "get_type_hints",
                "obj, globalns=None, localns=None, include_extras=False"
            ))?;
            let object = bound.value("obj");
            let extras = bound.value("include_extras").as_bool().unwrap_or(false);
            let result = Dict::new();
            let sources: Vec<Value> = match &object {
                Value::Class(class) => {
                    let mut order: Vec<Value> = class.mro().cloned().map(Value::Class).collect();
                    order.reverse();
                    order
                }
                other => vec![other.clone()],
            };
            for source in sources {
                let annotations = match &source {
                    Value::Class(class) => class.namespace.get_str("__annotations__"),
                    other => vm.find_attribute(other, "__annotations__")?,
                };
                let Some(annotations) = annotations else {
                    continue;
                };
                let globals = vm.globals_of(&source).unwrap_or_default();
                let entries = annotations
                    .as_dict()
                    .map(|dict| dict.str_entries())
                    .unwrap_or_default();
                for (name, value) in entries {
                    let mut value = match &value {
                        Value::Str(text) => vm.evaluate(text, &globals, None)?,
                        other => match other.downcast::<ForwardRef>() {
                            Some(reference) => vm.evaluate(&reference.text, &globals, None)?,
                            None => other.clone(),
                        },
                    };
                    if value.is_none() {
                        value = Value::Class(vm.class_of(&Value::None));
                    }
                    if !extras && let Some(annotated) = value.downcast::<Annotated>() {
                        value = annotated.origin.clone();
                    }
                    result.set_name(&name, value);
                }
            }
            Ok(Value::Dict(Rc::new(result)))
        })
        .function("is_typeddict", |_, arguments| {
            Ok(Value::Bool(match first(arguments) {
                Value::Class(class) => class.inherits_from("typing.TypedDict"),
                _ => false,
            }))
        })
}
