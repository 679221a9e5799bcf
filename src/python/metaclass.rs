//! Metaclasses that a program writes: classes that derive from `type`.

use std::rc::Rc;

use crate::arguments::Arguments;
use crate::interpreter::Interpreter;
use crate::native::NativeClass;
use crate::value::{Class, ClassBody, Descriptor, Method, Value};
use ground::diagnostic::Result;

/// The hooks of a class whose metaclass a program wrote: they ask the metaclass, then the hooks that
/// the class would have without one.
struct PythonMetaclass {
    metaclass: Class,
    inner: Option<Rc<dyn NativeClass>>,
}

/// The hooks of a class with this metaclass.
pub(crate) fn hooks(metaclass: &Class, inner: Option<Rc<dyn NativeClass>>) -> Rc<dyn NativeClass> {
    Rc::new(PythonMetaclass {
        metaclass: metaclass.clone(),
        inner,
    })
}

impl PythonMetaclass {
    /// What the program's own metaclasses say of a name.
    fn own(&self, name: &str) -> Option<Value> {
        let mut classes = self.metaclass.mro();
        classes.find_map(|class| match class.user_defined {
            true => class.namespace.get_str(name),
            false => None,
        })
    }

    /// Calls a method of the metaclass on the class.
    fn ask(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        arguments: Arguments,
    ) -> Result<Option<Value>> {
        let Some(method) = self.own(name) else {
            return Ok(None);
        };
        let this = Value::Class(class.clone());
        let bound = vm.bind(&method, &this, &self.metaclass)?;
        vm.call(&bound, arguments).map(Some)
    }
}

impl NativeClass for PythonMetaclass {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if let Some(made) = self.ask(vm, class, "__call__", arguments.clone())? {
            return Ok(Some(made));
        }
        match &self.inner {
            Some(inner) => inner.construct(vm, class, arguments),
            None => Ok(None),
        }
    }

    fn init_subclass(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        body: &mut ClassBody,
    ) -> Result<()> {
        match &self.inner {
            Some(inner) => inner.init_subclass(vm, class, body),
            None => Ok(()),
        }
    }

    fn class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        // A property of the metaclass comes before what the class has.
        if let Some(found @ Value::Descriptor(descriptor)) = &self.own(name)
            && matches!(&**descriptor, Descriptor::Property { .. })
        {
            let this = Value::Class(class.clone());
            return vm.bind(found, &this, &self.metaclass).map(Some);
        }
        match &self.inner {
            Some(inner) => inner.class_attribute(vm, class, name),
            None => Ok(None),
        }
    }

    fn missing_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(inner) = &self.inner
            && let Some(value) = inner.missing_class_attribute(vm, class, name)?
        {
            return Ok(Some(value));
        }
        let this = Value::Class(class.clone());
        if let Some(found) = self.own(name) {
            return vm.bind(&found, &this, &self.metaclass).map(Some);
        }
        if name.starts_with("__") && name.ends_with("__") {
            return Ok(None);
        }
        let name = Arguments::positional(vec![Value::str(name)]);
        self.ask(vm, class, "__getattr__", name)
    }

    fn set_class_attribute(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        let given = Arguments::positional(vec![Value::str(name), value.clone()]);
        if self.ask(vm, class, "__setattr__", given)?.is_some() {
            return Ok(true);
        }
        match &self.inner {
            Some(inner) => inner.set_class_attribute(vm, class, name, value),
            None => Ok(false),
        }
    }

    fn instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
    ) -> Result<Option<Value>> {
        match &self.inner {
            Some(inner) => inner.instance_attribute(vm, instance, name),
            None => Ok(None),
        }
    }

    fn set_instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match &self.inner {
            Some(inner) => inner.set_instance_attribute(vm, instance, name, value),
            None => Ok(false),
        }
    }

    fn class_item(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        key: &Value,
    ) -> Result<Option<Value>> {
        let given = Arguments::positional(vec![key.clone()]);
        if let Some(item) = self.ask(vm, class, "__getitem__", given)? {
            return Ok(Some(item));
        }
        match &self.inner {
            Some(inner) => inner.class_item(vm, class, key),
            None => Ok(None),
        }
    }

    fn class_iterate(&self, vm: &mut Interpreter, class: &Class) -> Result<Option<Value>> {
        if let Some(items) = self.ask(vm, class, "__iter__", Arguments::none())? {
            return Ok(Some(items));
        }
        match &self.inner {
            Some(inner) => inner.class_iterate(vm, class),
            None => Ok(None),
        }
    }

    fn class_length(&self, vm: &mut Interpreter, class: &Class) -> Result<Option<usize>> {
        if let Some(length) = self.ask(vm, class, "__len__", Arguments::none())? {
            let length = length.as_int().unwrap_or_default();
            return Ok(usize::try_from(length).ok());
        }
        match &self.inner {
            Some(inner) => inner.class_length(vm, class),
            None => Ok(None),
        }
    }

    fn class_contains(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        item: &Value,
    ) -> Result<Option<bool>> {
        let given = Arguments::positional(vec![item.clone()]);
        if let Some(answer) = self.ask(vm, class, "__contains__", given)? {
            return vm.truth(&answer).map(Some);
        }
        match &self.inner {
            Some(inner) => inner.class_contains(vm, class, item),
            None => Ok(None),
        }
    }

    fn class_repr(&self, vm: &mut Interpreter, class: &Class) -> Result<Option<String>> {
        if let Some(text) = self.ask(vm, class, "__repr__", Arguments::none())? {
            return vm.str(&text).map(Some);
        }
        match &self.inner {
            Some(inner) => inner.class_repr(vm, class),
            None => Ok(None),
        }
    }

    fn instance_check(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        value: &Value,
    ) -> Result<Option<bool>> {
        let given = Arguments::positional(vec![value.clone()]);
        if let Some(answer) = self.ask(vm, class, "__instancecheck__", given)? {
            return vm.truth(&answer).map(Some);
        }
        match &self.inner {
            Some(inner) => inner.instance_check(vm, class, value),
            None => Ok(None),
        }
    }

    fn metaclass(&self, _vm: &mut Interpreter) -> Option<Class> {
        Some(self.metaclass.clone())
    }

    fn without_metaclass(&self) -> Option<Option<Rc<dyn NativeClass>>> {
        Some(self.inner.clone())
    }
}

impl Interpreter {
    /// The metaclass of a program's own that a class statement names or inherits.
    pub(crate) fn own_metaclass(
        &mut self,
        keywords: &[(Rc<str>, Value)],
        bases: &[Value],
    ) -> Option<Class> {
        let named = keywords.iter().find(|(name, _)| &**name == "metaclass");
        let is_own = |class: &Class, of: &Class| class.user_defined && class.is_subclass(of);
        let base_of_all = self.classes.r#type.clone();
        if let Some((_, Value::Class(class))) = named {
            return Some(class.clone()).filter(|class| is_own(class, &base_of_all));
        }
        for base in bases {
            if let Value::Class(_) = base {
                let metaclass = self.class_of(base);
                if is_own(&metaclass, &base_of_all) {
                    return Some(metaclass);
                }
            }
        }
        None
    }

    /// The namespace that `__prepare__` gives a class body.
    pub(crate) fn prepared(
        &mut self,
        metaclass: &Class,
        name: &str,
        bases: &[Value],
        keywords: &[(Rc<str>, Value)],
    ) -> Result<Option<Value>> {
        let found = metaclass.lookup_with_class("__prepare__");
        let Some((_, prepare)) = found.filter(|(owner, _)| owner.user_defined) else {
            return Ok(None);
        };
        let this = Value::Class(metaclass.clone());
        let prepare = match &prepare {
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::ClassMethod(function) => Value::Method(Rc::new(Method {
                    this,
                    function: function.clone(),
                })),
                Descriptor::StaticMethod(function) => function.clone(),
                _ => prepare.clone(),
            },
            _ => prepare,
        };
        let given = vec![Value::str(name), Value::tuple(bases.to_vec())];
        let mut arguments = Arguments::positional(given);
        let own = keywords.iter().filter(|(name, _)| &**name != "metaclass");
        arguments.keyword = own.cloned().collect();
        self.call(&prepare, arguments).map(Some)
    }
}
