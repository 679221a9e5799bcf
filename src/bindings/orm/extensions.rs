//! `sqlalchemy.ext.hybrid` and `sqlalchemy.ext.associationproxy`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{
    Arguments, Bound, Class, Declaration, Interpreter, Module, NativeObject, Registry, Value,
    constructor, method, property,
};

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

/// What a hybrid is for an alias of its class; None for what is no hybrid.
///
/// # Errors
/// What its expression raises.
pub(super) fn hybrid_expression(
    vm: &mut Interpreter,
    value: &Value,
    owner: &Value,
) -> Result<Value> {
    let Some(hybrid) = value.downcast::<Hybrid>() else {
        return Ok(Value::None);
    };
    let function = hybrid
        .expression
        .clone()
        .unwrap_or_else(|| hybrid.get.clone());
    let owner = owner.clone();
    if hybrid.method {
        return Ok(Value::function("hybrid_method", move |vm, arguments| {
            vm.call(&function, arguments.with_first(owner.clone()))
        }));
    }
    vm.call(&function, Arguments::positional(vec![owner]))
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

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.ext.hybrid", make_hybrid);
    registry.add_source(
        "sqlalchemy.ext.associationproxy",
        resource!("orm/library/associationproxy.py"),
    );
}
