//! `typing`: forms that can be inspected at run time.

mod forms;
mod records;
mod variables;

use forms::{ALIASES, Annotated, FORMS, SpecialAlias, SpecialForm};
use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, Declared, Dict, FreeFunction, Interpreter, Module,
    NativeClass, Registry, Union, Value, function,
};
use records::{NAMED_TUPLE, TYPED_DICT};
use std::rc::Rc;
use variables::{
    FORWARD_REF, ForwardRef, Kind, NEW_TYPE, PARAM_SPEC, TYPE_VAR, TYPE_VAR_TUPLE, TypeVariable,
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

/// Class hooks of `Any`: it prints as `typing.Any` and has no instances.
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

static ANY: Declaration<Value> = Declaration {
    hooks: Some(|| Rc::new(AnyHooks)),
    ..Declaration::new("typing.Any")
};

static GENERIC: Declaration<Value> = Declaration::new("typing.Generic");

static PROTOCOL: Declaration<Value> = Declaration {
    bases: &[&GENERIC],
    ..Declaration::new("typing.Protocol")
};

static PROTOCOL_BASES: [&dyn Declared; 1] = [&PROTOCOL];

const fn protocol(path: &'static str) -> Declaration<Value> {
    Declaration {
        bases: &PROTOCOL_BASES,
        ..Declaration::new(path)
    }
}

static PROTOCOLS: [Declaration<Value>; 9] = [
    protocol("typing.SupportsInt"),
    protocol("typing.SupportsFloat"),
    protocol("typing.SupportsIndex"),
    protocol("typing.SupportsAbs"),
    protocol("typing.SupportsBytes"),
    protocol("typing.SupportsRound"),
    protocol("typing.IO"),
    protocol("typing.TextIO"),
    protocol("typing.BinaryIO"),
];

fn make(vm: &mut Interpreter) -> Result<Rc<Module>> {
    vm.import("collections.abc")?;
    vm.class(&super::re::PATTERN);
    vm.class(&super::re::MATCH);
    let mut module = Module::build("typing").value("TYPE_CHECKING", false);
    for name in FORMS {
        module = module.value(name, Value::native(SpecialForm { name }));
    }
    for (name, dotted) in ALIASES {
        // If the class's module was not imported, a class of its own is used.
        let origin = match vm.registered_class(dotted) {
            Some(class) => class,
            None => {
                let (module, name) = dotted.rsplit_once('.').unwrap_or(("typing", dotted));
                vm.sealed_class(module, name)
            }
        };
        module = module.value(name, Value::native(SpecialAlias { name, origin }));
    }
    let classes: [&dyn Declared; 10] = [
        &ANY,
        &GENERIC,
        &PROTOCOL,
        &NAMED_TUPLE,
        &TYPED_DICT,
        &TYPE_VAR,
        &PARAM_SPEC,
        &TYPE_VAR_TUPLE,
        &NEW_TYPE,
        &FORWARD_REF,
    ];
    let protocols = PROTOCOLS.iter().map(|protocol| protocol as &dyn Declared);
    for declared in classes.into_iter().chain(protocols) {
        module = module.class(&vm.class(declared));
    }
    let str_class = vm.registered_class("str");
    Ok(module
        .value("Text", str_class.map(Value::Class).unwrap_or(Value::None))
        .value(
            "AnyStr",
            Value::native(TypeVariable {
                kind: Kind::TypeVar,
                name: Rc::from("AnyStr"),
                bound: Value::None,
                constraints: Vec::new(),
                covariant: false,
                contravariant: false,
            }),
        )
        .functions(FUNCTIONS)
        .build())
}

/// A decorator that only type checkers act on, which takes arguments first.
fn decorator(name: &'static str) -> Value {
    Value::function(name, |_, arguments| {
        Ok(arguments
            .positional
            .into_iter()
            .next()
            .unwrap_or(Value::None))
    })
}

static FUNCTIONS: &[FreeFunction] = &[
    function("cast", "typ, val", |_, bound| Ok(bound.value("val"))),
    function("overload", "func", |_, bound| Ok(bound.value("func"))),
    function("final", "f", |_, bound| Ok(bound.value("f"))),
    function("override", "arg, /", |_, bound| Ok(bound.value("arg"))),
    function("no_type_check", "arg", |_, bound| Ok(bound.value("arg"))),
    function(
        "runtime_checkable",
        "cls",
        |_, bound| Ok(bound.value("cls")),
    ),
    function("reveal_type", "obj, /", |_, bound| Ok(bound.value("obj"))),
    function("assert_type", "val, typ, /", |_, bound| {
        Ok(bound.value("val"))
    }),
    function(
        "deprecated",
        "message, /, *, category=DeprecationWarning, stacklevel=1",
        |_, bound| {
            bound.ignore(&["category", "stacklevel"]);
            Ok(decorator("deprecated"))
        },
    ),
    function(
        "dataclass_transform",
        "*, eq_default=True, order_default=False, kw_only_default=False, field_specifiers=(), \
         **kwargs",
        |_, bound| {
            bound.ignore(&[
                "eq_default",
                "order_default",
                "kw_only_default",
                "field_specifiers",
            ]);
            Ok(decorator("dataclass_transform"))
        },
    ),
    function("assert_never", "arg, /", |vm, bound| {
        let shown = vm.repr(&bound.value("arg"))?;
        let class = vm.registered_class("AssertionError");
        let message = Value::from(format!("Expected code to be unreachable, but got: {shown}"));
        Err(match class {
            Some(class) => vm.new_exception(&class, vec![message]),
            None => vm.type_error("assert_never"),
        })
    }),
    function("get_origin", "tp", |vm, bound| {
        let value = bound.value("tp");
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
    }),
    function("get_args", "tp", |vm, bound| {
        let value = bound.value("tp");
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
    }),
    function(
        "get_type_hints",
        "obj, globalns=None, localns=None, include_extras=False",
        get_type_hints,
    ),
    function("is_typeddict", "tp", |_, bound| {
        Ok(Value::Bool(match bound.value("tp") {
            Value::Class(class) => class.inherits_from("typing.TypedDict"),
            _ => false,
        }))
    }),
];

fn get_type_hints(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    // A name is looked up where the object was written.
    bound.ignore(&["globalns", "localns"]);
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
}
