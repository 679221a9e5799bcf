//! `abc`.

use ground::diagnostic::Result;
use python::{
    Bound, Constant, Declaration, FreeFunction, Interpreter, Module, Registry, Value, built_in,
    function,
};
use std::rc::Rc;

fn mark_abstract(vm: &mut Interpreter, bound: &mut Bound<'_>) -> Result<Value> {
    let function = bound.value("funcobj");
    if matches!(function, Value::Function(_)) {
        vm.set_attribute(&function, "__isabstractmethod__", Value::Bool(true))?;
    }
    Ok(function)
}

static ABC_META: Declaration<Value> = Declaration {
    bases: &[&built_in::TYPE],
    ..Declaration::new("abc.ABCMeta")
};

static ABC: Declaration<Value> = Declaration {
    constants: &[("__abc__", Constant::Bool(true))],
    ..Declaration::new("abc.ABC")
};

static FUNCTIONS: &[FreeFunction] = &[
    function("abstractmethod", "funcobj", mark_abstract),
    function("abstractclassmethod", "funcobj", mark_abstract),
    function("abstractstaticmethod", "funcobj", mark_abstract),
];

fn abc(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let property = vm.registered_class("property").map(Value::Class);
    let (metaclass, base) = (vm.class(&ABC_META), vm.class(&ABC));
    Ok(Module::build("abc")
        .class(&metaclass)
        .class(&base)
        .functions(FUNCTIONS)
        .value("abstractproperty", property)
        .build())
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("abc", abc);
}
