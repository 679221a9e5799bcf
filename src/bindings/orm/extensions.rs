//! `sqlalchemy.ext.hybrid` and `sqlalchemy.ext.associationproxy`.

use std::rc::Rc;

use ground::diagnostic::Result;
use python::{Arguments, Class, ClassBuilder, Interpreter, Module, Registry, Value};

use super::attribute::{AssociationProxy, Hybrid};
use super::base::generic_class;
use crate::bindings::sqlalchemy::build_classes;

fn make_hybrid(vm: &mut Interpreter) -> Result<Rc<Module>> {
    build_classes(vm);
    struct HybridClass(bool);
    impl python::NativeClass for HybridClass {
        fn construct(
            &self,
            vm: &mut Interpreter,
            _class: &Class,
            arguments: &Arguments,
        ) -> Result<Option<Value>> {
            let Some(get) = arguments.positional.first() else {
                return Err(vm.type_error("hybrid_property needs a function"));
            };
            Ok(Some(Value::native(Hybrid {
                method: self.0,
                get: get.clone(),
                expression: arguments
                    .keyword_value("expr")
                    .cloned()
                    .filter(|value| !value.is_none()),
                set: arguments
                    .keyword_value("fset")
                    .or_else(|| arguments.positional.get(1))
                    .cloned()
                    .filter(|value| !value.is_none()),
            })))
        }
    }
    let property = ClassBuilder::new("sqlalchemy.ext.hybrid", "hybrid_property")
        .hooks(HybridClass(false))
        .build(vm);
    let method = ClassBuilder::new("sqlalchemy.ext.hybrid", "hybrid_method")
        .hooks(HybridClass(true))
        .build(vm);
    let comparator = ClassBuilder::new("sqlalchemy.ext.hybrid", "Comparator").build(vm);
    Ok(Module::build("sqlalchemy.ext.hybrid")
        .class(&property)
        .class(&method)
        .class(&comparator)
        .build())
}

fn make_association_proxy(vm: &mut Interpreter) -> Result<Rc<Module>> {
    let class = generic_class(vm, "sqlalchemy.ext.associationproxy", "AssociationProxy");
    Ok(Module::build("sqlalchemy.ext.associationproxy")
        .class(&class)
        .function("association_proxy", |_, arguments| {
            Ok(Value::native(AssociationProxy { arguments }))
        })
        .build())
}

/// Registers the modules.
pub(super) fn register(registry: &mut Registry) {
    registry.add("sqlalchemy.ext.hybrid", make_hybrid);
    registry.add("sqlalchemy.ext.associationproxy", make_association_proxy);
}
