//! `typing`: forms that can be inspected at run time.

mod forms;
mod records;
mod variables;

use forms::{ALIASES, Annotated, FORMS, SpecialAlias, SpecialForm};
use ground::diagnostic::Result;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, Dict, Interpreter, Module, ModuleBuilder, NativeClass,
    Registry, Union, Value,
};
use records::{NamedTupleHooks, TypedDictHooks, tuple_fields, tuple_instance};
use std::rc::Rc;
use variables::{ForwardRef, NewType, TypeVariable, type_variable};

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

fn first(arguments: Arguments) -> Value {
    arguments
        .positional
        .into_iter()
        .next()
        .unwrap_or(Value::None)
}

fn make(vm: &mut Interpreter) -> Result<Rc<Module>> {
    vm.import("collections.abc")?;
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
