//! `declared_attr`: an attribute computed for each mapped class.

use super::decl_base::DeclaredAttrRegistry;
use ground::diagnostic::Result;
use python::{
    Annotation, Arguments, Class, Declaration, Interpreter, NativeClass, NativeObject, Value,
    function, property,
};
use std::rc::Rc;

/// `declared_attr`, `declared_attr.cascading`, `declared_attr.directive`.
pub struct DeclaredAttr {
    /// The function.
    pub function: Value,
    /// Whether it is evaluated again for each subclass.
    pub cascading: bool,
}

impl DeclaredAttr {
    /// Creates one from the decorator's argument.
    pub fn new(function: Value, cascading: bool) -> DeclaredAttr {
        DeclaredAttr {
            function: unwrap_class_method(function),
            cascading,
        }
    }

    /// The return annotation.
    pub fn return_annotation(&self) -> Option<Annotation> {
        match &self.function {
            Value::Function(function) => function.annotations.borrow().get("return").cloned(),
            _ => None,
        }
    }

    /// The function's result for a class; computed once per scan.
    ///
    /// # Errors
    /// What the function raises.
    pub fn evaluate(&self, vm: &mut Interpreter, this: &Value, class: &Class) -> Result<Value> {
        let argument = Arguments::positional(vec![Value::Class(class.clone())]);
        let scanning = class
            .native::<DeclaredAttrRegistry>()
            .filter(|scanning| scanning.active.get());
        let Some(scanning) = scanning else {
            return vm.call(&self.function, argument);
        };
        let known = scanning
            .made
            .borrow()
            .iter()
            .find(|(function, _)| function.is(this))
            .map(|(_, value)| value.clone());
        if let Some(value) = known {
            return Ok(value);
        }
        let value = vm.call(&self.function, argument)?;
        scanning
            .made
            .borrow_mut()
            .push((this.clone(), value.clone()));
        Ok(value)
    }
}

/// `sqlalchemy.orm.declared_attr`.
pub static DECLARED_ATTR: Declaration<DeclaredAttr> = Declaration {
    hooks: Some(|| Rc::new(DeclaredAttrClass)),
    properties: &[property("fget", |_, declared| {
        Ok(declared.function.clone())
    })],
    static_methods: &[
        function("cascading", "fn", |_, bound| {
            Ok(Value::native(DeclaredAttr::new(bound.value("fn"), true)))
        }),
        function("directive", "fn", |_, bound| {
            Ok(Value::native(DeclaredAttr::new(bound.value("fn"), false)))
        }),
    ],
    ..Declaration::new("sqlalchemy.orm.decl_api.declared_attr")
};

impl NativeObject for DeclaredAttr {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&DECLARED_ATTR)
    }

    fn descriptor_get(
        &self,
        this: &Value,
        vm: &mut Interpreter,
        _instance: Option<&Value>,
        owner: &Class,
    ) -> Result<Option<Value>> {
        self.evaluate(vm, this, owner).map(Some)
    }
}

/// Class hooks of `declared_attr`.
pub struct DeclaredAttrClass;

impl NativeClass for DeclaredAttrClass {
    fn construct(
        &self,
        vm: &mut Interpreter,
        _class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        let cascading = arguments
            .keyword_value("cascading")
            .is_some_and(|value| value.as_bool() == Some(true));
        let Some(function) = arguments.positional.first() else {
            return Err(vm.type_error(
                "_declared_attr_common.__init__() missing 1 required positional argument: 'fn'",
            ));
        };
        Ok(Some(Value::native(DeclaredAttr::new(
            function.clone(),
            cascading,
        ))))
    }
}

/// Unwraps the function of a `classmethod`.
pub fn unwrap_class_method(value: Value) -> Value {
    match &value {
        Value::Descriptor(descriptor) => match &**descriptor {
            python::Descriptor::ClassMethod(function) => function.clone(),
            _ => value,
        },
        _ => value,
    }
}
