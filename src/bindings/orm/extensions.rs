//! `sqlalchemy.ext.hybrid` and `sqlalchemy.ext.associationproxy`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, FreeFunction, Interpreter, Module, NativeObject,
    Registry, Value, constructor, function, method, property,
};

use super::base::ContainerHooks;
use super::declared_attr::unwrap_class_method;
use crate::bindings::sqlalchemy::build_classes;

/// `hybrid_property` and `hybrid_method`.
#[derive(Clone)]
struct Hybrid {
    /// Whether it is a `hybrid_method`, called with arguments.
    method: bool,
    /// The instance-level function.
    get: Value,
    /// The class-level expression, if it differs.
    expression: Option<Value>,
    /// The setter.
    set: Option<Value>,
}

fn expression(_vm: &mut Interpreter, hybrid: &Hybrid, bound: &mut Bound<'_>) -> Result<Value> {
    Ok(Value::native(Hybrid {
        expression: Some(unwrap_class_method(bound.value("expr"))),
        ..hybrid.clone()
    }))
}

/// A part that instances do not show, such as what a bulk update writes.
fn unchanged(_vm: &mut Interpreter, _hybrid: &Hybrid, bound: &mut Bound<'_>) -> Result<Value> {
    Ok(bound.this().clone())
}

static HYBRID_PROPERTY: Declaration<Hybrid> = Declaration {
    constructor: constructor(
        "self, fget, fset=None, fdel=None, expr=None, custom_comparator=None, update_expr=None, \
         bulk_dml_setter=None",
        |_, bound| {
            Ok(Value::native(Hybrid {
                method: false,
                get: bound.value("fget"),
                set: bound.take_some("fset"),
                expression: bound.take_some("expr"),
            }))
        },
    ),
    properties: &[
        property("fget", |_, hybrid| Ok(hybrid.get.clone())),
        property("fset", |_, hybrid| Ok(hybrid.set.clone().into())),
        property("expr", |_, hybrid| Ok(hybrid.expression.clone().into())),
        property("inplace", |_, hybrid| Ok(Value::native(hybrid.clone()))),
        property("overrides", |_, hybrid| Ok(Value::native(hybrid.clone()))),
    ],
    methods: &[
        method("expression", "self, expr", expression),
        method("setter", "self, fset", |_, hybrid, bound| {
            Ok(Value::native(Hybrid {
                set: Some(bound.value("fset")),
                ..hybrid.clone()
            }))
        }),
        method("getter", "self, fget", |_, hybrid, bound| {
            Ok(Value::native(Hybrid {
                get: bound.value("fget"),
                ..hybrid.clone()
            }))
        }),
        method("deleter", "self, fdel", unchanged),
        method("comparator", "self, comparator", unchanged),
        method("update_expression", "self, meth", unchanged),
        method("bulk_dml", "self, meth", unchanged),
    ],
    ..Declaration::new("sqlalchemy.ext.hybrid.hybrid_property")
};

static HYBRID_METHOD: Declaration<Hybrid> = Declaration {
    constructor: constructor("self, func, expr=None", |_, bound| {
        Ok(Value::native(Hybrid {
            method: true,
            get: bound.value("func"),
            set: None,
            expression: bound.take_some("expr"),
        }))
    }),
    properties: &[
        property("func", |_, hybrid| Ok(hybrid.get.clone())),
        property("inplace", |_, hybrid| Ok(Value::native(hybrid.clone()))),
    ],
    methods: &[method("expression", "self, expr", expression)],
    ..Declaration::new("sqlalchemy.ext.hybrid.hybrid_method")
};

impl NativeObject for Hybrid {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(if self.method {
            &HYBRID_METHOD
        } else {
            &HYBRID_PROPERTY
        })
    }

    fn descriptor_get(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        owner: &Class,
    ) -> Result<Option<Value>> {
        let (function, first) = match instance {
            Some(instance) => (self.get.clone(), instance.clone()),
            None => (
                self.expression.clone().unwrap_or_else(|| self.get.clone()),
                Value::Class(owner.clone()),
            ),
        };
        if self.method {
            return Ok(Some(Value::function(
                "hybrid_method",
                move |vm, arguments| vm.call(&function, arguments.with_first(first.clone())),
            )));
        }
        vm.call(&function, Arguments::positional(vec![first]))
            .map(Some)
    }

    fn is_data_descriptor(&self) -> bool {
        !self.method
    }

    fn descriptor_set(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        instance: &Value,
        value: &Value,
    ) -> Result<bool> {
        match &self.set {
            Some(set) => {
                vm.call(
                    set,
                    Arguments::positional(vec![instance.clone(), value.clone()]),
                )?;
                Ok(true)
            }
            None => Err(vm.attribute_error("can't set attribute")),
        }
    }
}

static COMPARATOR: Declaration<Value> = Declaration::new("sqlalchemy.ext.hybrid.Comparator");

fn make_hybrid(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    Ok(Module::build("sqlalchemy.ext.hybrid")
        .class(&vm.class(&HYBRID_PROPERTY))
        .class(&vm.class(&HYBRID_METHOD))
        .class(&vm.class(&COMPARATOR))
        .build())
}

/// `association_proxy(...)`: stored, but not mapped.
struct AssociationProxy {
    /// The attribute of the related objects.
    target_collection: Rc<str>,
    /// The attribute of each of them.
    attribute: Rc<str>,
}

static ASSOCIATION_PROXY: Declaration<AssociationProxy> = Declaration {
    hooks: Some(|| Rc::new(ContainerHooks)),
    ..Declaration::new("sqlalchemy.ext.associationproxy.AssociationProxy")
};

static ASSOCIATION_PROXY_FUNCTION: FreeFunction = function(
    "association_proxy",
    "target_collection, attr, *, creator=None, getset_factory=None, proxy_factory=None, \
     proxy_bulk_set=None, info=None, cascade_scalar_deletes=False, \
     create_on_none_assignment=False, init=_NoArg.NO_ARG, repr=_NoArg.NO_ARG, \
     default=_NoArg.NO_ARG, default_factory=_NoArg.NO_ARG, compare=_NoArg.NO_ARG, \
     kw_only=_NoArg.NO_ARG, hash=_NoArg.NO_ARG, dataclass_metadata=_NoArg.NO_ARG",
    |vm, bound| {
        let mut name = |parameter: &str| match bound.value(parameter).as_text() {
            Some(name) => Ok(name),
            None => Err(vm.type_error("association_proxy() takes the names of two attributes")),
        };
        Ok(Value::native(AssociationProxy {
            target_collection: name("target_collection")?,
            attribute: name("attr")?,
        }))
    },
);

impl NativeObject for AssociationProxy {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&ASSOCIATION_PROXY)
    }

    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        instance: Option<&Value>,
        _owner: &Class,
    ) -> Result<Option<Value>> {
        let Some(instance) = instance else {
            return Ok(Some(this.clone()));
        };
        let target = vm.get_attribute(instance, &self.target_collection)?;
        if target.is_none() {
            return Ok(Some(Value::None));
        }
        if let Value::List(_) = target {
            let mut values = Vec::new();
            for item in vm.collect(&target)? {
                values.push(vm.get_attribute(&item, &self.attribute)?);
            }
            return Ok(Some(Value::list(values)));
        }
        vm.get_attribute(&target, &self.attribute).map(Some)
    }
}

fn make_association_proxy(vm: &mut Interpreter) -> Result<Rc<Module>> {
    Ok(Module::build("sqlalchemy.ext.associationproxy")
        .class(&vm.class(&ASSOCIATION_PROXY))
        .declared(&ASSOCIATION_PROXY_FUNCTION)
        .build())
}

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.ext.hybrid", make_hybrid);
    registry.add("sqlalchemy.ext.associationproxy", make_association_proxy);
}
