//! `abc`.

use ground::diagnostic::Result;
use python::{Arguments, ClassBuilder, Interpreter, Module, Registry, Value};
use std::rc::Rc;

pub(super) fn mark_abstract(vm: &mut Interpreter, arguments: Arguments) -> Result<Value> {
    let [function] = arguments.exactly("abstractmethod")?;
    if matches!(function, Value::Function(_)) {
        vm.set_attribute(&function, "__isabstractmethod__", Value::Bool(true))?;
    }
    Ok(function)
}

fn abc(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let r#type = vm.registered_class("type").unwrap_or(vm.object_class());
    let metaclass = ClassBuilder::new("abc", "ABCMeta").base(&r#type).build(vm);
    let base = ClassBuilder::new("abc", "ABC")
        .constant("__abc__", true)
        .build(vm);
    let property = vm.registered_class("property").map(Value::Class);
    Ok(Module::build("abc")
        .class(&metaclass)
        .class(&base)
        .function("abstractmethod", mark_abstract)
        .function("abstractclassmethod", mark_abstract)
        .function("abstractstaticmethod", mark_abstract)
        .value("abstractproperty", property)
        .build())
}

/// Adds the module.
pub fn register(registry: &mut Registry) {
    registry.add("abc", abc);
}
