//! `types`.

use ground::diagnostic::Result;
use python::parameters;
use python::{
    Arguments, Class, ClassBuilder, Dict, Interpreter, Module, NativeObject, Registry, Union, Value,
};
use std::rc::Rc;

/// A named tuple such as `sys.version_info`.
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) fields: &'static [&'static str],
    pub(super) values: Vec<Value>,
}

impl NativeObject for Named {
    fn class(&self, vm: &mut Interpreter) -> Class {
        let (module, name) = self
            .name
            .rsplit_once('.')
            .unwrap_or(("builtins", self.name));
        vm.sealed_class(module, name)
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(self
            .fields
            .iter()
            .position(|field| *field == name)
            .map(|index| self.values[index].clone()))
    }

    fn get_item(&self, _this: &Value, vm: &mut Interpreter, key: &Value) -> Result<Option<Value>> {
        vm.get_item(&Value::tuple(self.values.clone()), key)
            .map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        operator: python::CompareOperator,
        other: &Value,
    ) -> Result<Option<Value>> {
        let own = Value::tuple(self.values.clone());
        let other = match other.downcast::<Named>() {
            Some(named) => Value::tuple(named.values.clone()),
            None => other.clone(),
        };
        vm.compare(operator, &own, &other).map(Some)
    }

    fn iterate(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<Value>> {
        Ok(Some(Value::list(self.values.clone())))
    }

    fn length(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<usize>> {
        Ok(Some(self.values.len()))
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        let mut parts = Vec::new();
        for (field, value) in self.fields.iter().zip(&self.values) {
            parts.push(format!("{field}={}", vm.repr(value)?));
        }
        Ok(Some(format!("{}({})", self.name, parts.join(", "))))
    }
}

fn types(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let namespace = ClassBuilder::new("types", "SimpleNamespace")
        .method("__init__", |vm, this, arguments| {
            if !arguments.positional.is_empty() {
                return Err(vm.type_error("no positional arguments expected"));
            }
            for (name, value) in arguments.keyword {
                vm.set_attribute(this, &name, value)?;
            }
            Ok(Value::None)
        })
        .method("__repr__", |vm, this, _| {
            let mut parts = Vec::new();
            if let Value::Instance(instance) = this {
                for (name, value) in instance.attributes.str_entries() {
                    parts.push(format!("{name}={}", vm.repr(&value)?));
                }
            }
            Ok(Value::from(format!("namespace({})", parts.join(", "))))
        })
        .method("__eq__", |vm, this, arguments| {
            let [other] = arguments.exactly("__eq__")?;
            let (Value::Instance(a), Value::Instance(b)) = (this, &other) else {
                return Ok(Value::NotImplemented);
            };
            vm.equal(
                &Value::Dict(a.attributes.clone()),
                &Value::Dict(b.attributes.clone()),
            )
            .map(Value::Bool)
        })
        .build(vm);
    let function = Value::Class(vm.class_of(&vm.builtins.get_str("print").unwrap_or(Value::None)));
    let mut module = Module::build("types").class(&namespace);
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
    for (name, class) in [("UnionType", "UnionType"), ("GenericAlias", "GenericAlias")] {
        let class = vm.sealed_class("types", class);
        module = module.value(name, Value::Class(class));
    }
    let _ = std::marker::PhantomData::<Union>;
    Ok(module
        .value("BuiltinFunctionType", function)
        .value("TracebackType", vm.object_class())
        .value("FrameType", vm.object_class())
        .function("MappingProxyType", |_, arguments| {
            let [mapping] = arguments.exactly("mappingproxy")?;
            Ok(mapping)
        })
        .function("DynamicClassAttribute", |vm, arguments| {
            match vm.registered_class("property") {
                Some(property) => vm.call(&Value::Class(property), arguments),
                None => Ok(Value::None),
            }
        })
        .function("new_class", |vm, arguments| {
            let mut bound = arguments.bind(parameters!(
                "new_class",
                "name, bases=(), kwds=None, exec_body=None"
            ))?;
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
        })
        .build())
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("types", types);
}
