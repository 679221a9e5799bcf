//! `types`.

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Declaration, Dict, FreeFunction, GENERIC_ALIAS, Interpreter, Module,
    Registry, UNION_TYPE, Value, function, method,
};
use std::rc::Rc;

static SIMPLE_NAMESPACE: Declaration<Value> = Declaration {
    initializer: Some(function(
        "__init__",
        "self, /, *args, **kwargs",
        |vm, bound| {
            if !bound.rest.is_empty() {
                return Err(vm.type_error("no positional arguments expected"));
            }
            let this = bound.value("self");
            for (name, value) in std::mem::take(&mut bound.extra) {
                vm.set_attribute(&this, &name, value)?;
            }
            Ok(Value::None)
        },
    )),
    methods: &[
        method("__repr__", "self, /", |vm, this, _| {
            let mut parts = Vec::new();
            if let Value::Instance(instance) = this {
                for (name, value) in instance.attributes.str_entries() {
                    parts.push(format!("{name}={}", vm.repr(&value)?));
                }
            }
            Ok(format!("namespace({})", parts.join(", ")).into())
        }),
        method("__eq__", "self, value, /", |vm, this, bound| {
            let other = bound.value("value");
            let (Value::Instance(a), Value::Instance(b)) = (this, &other) else {
                return Ok(Value::NotImplemented);
            };
            vm.equal(
                &Value::Dict(a.attributes.clone()),
                &Value::Dict(b.attributes.clone()),
            )
            .map(Value::Bool)
        }),
    ],
    ..Declaration::new("types.SimpleNamespace")
};

fn new_class(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let name = bound.value("name").as_text().unwrap_or_default();
    let bases = match bound.take("bases") {
        Some(bases) => vm.collect(&bases)?,
        None => Vec::new(),
    };
    let keywords = match bound.take_some("kwds") {
        Some(keywords) => keywords
            .as_dict()
            .map(|dict| dict.str_entries())
            .unwrap_or_default(),
        None => Vec::new(),
    };
    let namespace = Rc::new(Dict::new());
    if let Some(body) = bound.take_some("exec_body") {
        vm.call(
            &body,
            Arguments::positional(vec![Value::Dict(namespace.clone())]),
        )?;
    }
    vm.new_class(&name, bases, namespace, keywords)
        .map(Value::Class)
}

static FUNCTIONS: &[FreeFunction] = &[
    function("MappingProxyType", "mapping", |_, bound| {
        Ok(bound.value("mapping"))
    }),
    function(
        "DynamicClassAttribute",
        "fget=None, fset=None, fdel=None, doc=None",
        |vm, bound| match vm.registered_class("property") {
            Some(property) => {
                let mut arguments = Arguments::none();
                arguments.keyword = bound.take_keywords();
                vm.call(&Value::Class(property), arguments)
            }
            None => Ok(Value::None),
        },
    ),
    function(
        "new_class",
        "name, bases=(), kwds=None, exec_body=None",
        new_class,
    ),
];

fn types(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let namespace = vm.class(&SIMPLE_NAMESPACE);
    let function = Value::Class(vm.class_of(&vm.builtins.get_str("print").unwrap_or(Value::None)));
    let mut module = Module::build("types")
        .class(&namespace)
        .functions(FUNCTIONS);
    for (name, registered) in [
        ("FunctionType", "function"),
        ("LambdaType", "function"),
        ("MethodType", "method"),
        ("ModuleType", "module"),
        ("GeneratorType", "generator"),
        ("CoroutineType", "coroutine"),
        ("NoneType", "NoneType"),
        ("EllipsisType", "ellipsis"),
        ("NotImplementedType", "NotImplementedType"),
    ] {
        if let Some(class) = vm.registered_class(registered) {
            module = module.value(name, Value::Class(class));
        }
    }
    module = module
        .class(&vm.class(&UNION_TYPE))
        .class(&vm.class(&GENERIC_ALIAS));
    Ok(module
        .value("BuiltinFunctionType", function)
        .value("TracebackType", vm.object_class())
        .value("FrameType", vm.object_class())
        .build())
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("types", types);
}
