//! Setting and deleting attributes.

use super::*;

impl Interpreter {
    /// `object.name = value`.
    pub fn set_attribute(&mut self, object: &Value, name: &str, value: Value) -> Result<()> {
        match object {
            Value::Instance(instance) => {
                let class = instance.class();
                if let Some(hooks) = class.hooks.clone()
                    && hooks.set_instance_attribute(self, object, name, &value)?
                {
                    return Ok(());
                }
                if let Some((owner, setter)) = class.lookup_with_class("__setattr__")
                    && owner != self.classes.object
                {
                    let arguments = vec![object.clone(), Value::str(name), value];
                    self.call(&setter, Arguments::positional(arguments))?;
                    return Ok(());
                }
                self.set_plainly(object, instance, name, value)
            }
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && hooks.set_class_attribute(self, class, name, &value)?
                {
                    return Ok(());
                }
                if !class.user_defined && &**class.module.borrow() == "builtins" {
                    return Err(self.type_error(format!(
                        "cannot set '{name}' attribute of immutable type '{}'",
                        class.name()
                    )));
                }
                match name {
                    "__name__" => {
                        if let Some(text) = value.as_text() {
                            *class.name.borrow_mut() = text;
                        }
                    }
                    "__qualname__" => {
                        if let Some(text) = value.as_text() {
                            *class.qualified_name.borrow_mut() = text;
                        }
                    }
                    "__module__" => {
                        if let Some(text) = value.as_text() {
                            *class.module.borrow_mut() = text.clone();
                        }
                        class.set(name, value);
                    }
                    _ => class.set(name, value),
                }
                Ok(())
            }
            Value::Module(module) => {
                module.namespace.set_str(name, value);
                Ok(())
            }
            Value::Function(function) => {
                match name {
                    "__name__" => {
                        if let Some(text) = value.as_text() {
                            *function.name.borrow_mut() = text;
                        }
                    }
                    "__qualname__" => {
                        if let Some(text) = value.as_text() {
                            *function.qualified_name.borrow_mut() = text;
                        }
                    }
                    "__defaults__" => {
                        *function.defaults.borrow_mut() = value.as_items().unwrap_or_default();
                    }
                    _ => function.attributes.set_str(name, value),
                }
                Ok(())
            }
            Value::NativeFunction(function) => {
                function
                    .attributes
                    .get_or_init(Box::default)
                    .set_str(name, value);
                Ok(())
            }
            Value::Native(native) => {
                let native = native.clone();
                let found = native.class(self).lookup(name);
                if let Some(found) = &found
                    && has_setter(found)
                    && self.set_by_descriptor(found, object, name, &value)?
                {
                    return Ok(());
                }
                if native.set_attribute(object, self, name, &value)? {
                    return Ok(());
                }
                if let Some(found) = found
                    && self.set_by_descriptor(&found, object, name, &value)?
                {
                    return Ok(());
                }
                Err(self.no_attribute(object, name))
            }
            Value::Method(_) => {
                let class = self.class_of(object).name();
                Err(self.attribute_error(format!("'{class}' object has no attribute '{name}'")))
            }
            other => {
                let class = self.class_of(other);
                if class.lookup(name).is_some() {
                    return Err(self.attribute_error(format!(
                        "'{}' object attribute '{name}' is read-only",
                        class.name()
                    )));
                }
                Err(self.no_attribute(object, name))
            }
        }
    }

    /// Attribute assignment as `object.__setattr__` does it.
    pub(crate) fn set_plainly(
        &mut self,
        object: &Value,
        instance: &Rc<Instance>,
        name: &str,
        value: Value,
    ) -> Result<()> {
        let class = instance.class();
        if let Some(found) = class.lookup(name)
            && self.set_by_descriptor(&found, object, name, &value)?
        {
            return Ok(());
        }
        if let Some(state) = instance.native::<ExceptionState>() {
            match name {
                "args" => {
                    *state.arguments.borrow_mut() = Rc::from(self.collect(&value)?);
                    return Ok(());
                }
                "__cause__" => {
                    *state.cause.borrow_mut() = (!value.is_none()).then_some(value);
                    state.suppress_context.set(true);
                    return Ok(());
                }
                "__context__" => {
                    *state.context.borrow_mut() = (!value.is_none()).then_some(value);
                    return Ok(());
                }
                "__suppress_context__" => {
                    state.suppress_context.set(self.truth(&value)?);
                    return Ok(());
                }
                "__traceback__" => return Ok(()),
                _ => {}
            }
        }
        if name == "__class__" {
            if let Value::Class(class) = value {
                *instance.class.borrow_mut() = class;
            }
            return Ok(());
        }
        if name == "__dict__" {
            if let Value::Dict(dict) = &value {
                instance.attributes.assign(dict.copy());
            }
            return Ok(());
        }
        if class.slots.is_some()
            && class
                .mro()
                .all(|class| class.slots.is_some() || !class.user_defined)
            && !class.mro().any(|class| {
                class.slots.as_ref().is_some_and(|slots| {
                    slots
                        .iter()
                        .any(|slot| &**slot == name || &**slot == "__dict__")
                })
            })
        {
            return Err(self.no_attribute(object, name));
        }
        instance.attributes.set_str(name, value);
        Ok(())
    }

    fn set_by_descriptor(
        &mut self,
        found: &Value,
        object: &Value,
        name: &str,
        value: &Value,
    ) -> Result<bool> {
        match found {
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Property { set, .. } => match set {
                    Some(set) => {
                        let set = set.clone();
                        self.call(
                            &set,
                            Arguments::positional(vec![object.clone(), value.clone()]),
                        )?;
                        Ok(true)
                    }
                    None => {
                        let class = self.class_of(object).name();
                        Err(self.attribute_error(format!(
                            "property '{name}' of '{class}' object has no setter"
                        )))
                    }
                },
                _ => Ok(false),
            },
            Value::Native(native) => {
                let native = native.clone();
                native.descriptor_set(found, self, object, value)
            }
            Value::Instance(instance) => {
                let class = instance.class();
                match class.lookup("__set__") {
                    Some(set) => {
                        self.call(
                            &set,
                            Arguments::positional(vec![
                                found.clone(),
                                object.clone(),
                                value.clone(),
                            ]),
                        )?;
                        Ok(true)
                    }
                    None => Ok(false),
                }
            }
            _ => Ok(false),
        }
    }

    /// `del object.name`.
    pub fn delete_attribute(&mut self, object: &Value, name: &str) -> Result<()> {
        let removed = match object {
            Value::Instance(instance) => {
                let class = instance.class();
                if let Some((owner, method)) = class.lookup_with_class("__delattr__")
                    && owner != self.classes.object
                {
                    self.call(
                        &method,
                        Arguments::positional(vec![object.clone(), Value::str(name)]),
                    )?;
                    return Ok(());
                }
                if let Some(Value::Descriptor(descriptor)) = class.lookup(name)
                    && let Descriptor::Property { delete, .. } = &*descriptor
                {
                    let Some(delete) = delete.clone() else {
                        return Err(self.attribute_error(format!(
                            "property '{name}' of '{}' object has no deleter",
                            class.name()
                        )));
                    };
                    self.call(&delete, Arguments::positional(vec![object.clone()]))?;
                    return Ok(());
                }
                if let Some(Value::Native(native)) = class.lookup(name)
                    && native.clone().descriptor_delete(self, object)?
                {
                    return Ok(());
                }
                if let Some(descriptor) = class.lookup(name)
                    && let Value::Instance(of) = &descriptor
                    && let Some(delete) = of.class().lookup("__delete__")
                {
                    let arguments = vec![descriptor.clone(), object.clone()];
                    self.call(&delete, Arguments::positional(arguments))?;
                    return Ok(());
                }
                instance.attributes.remove_str(name).is_some()
            }
            Value::Class(class) => class.namespace.remove_str(name).is_some(),
            Value::Module(module) => module.namespace.remove_str(name).is_some(),
            Value::Function(function) => function.attributes.remove_str(name).is_some(),
            Value::Native(native) => {
                let native = native.clone();
                native.delete_attribute(object, self, name)?
            }
            _ => false,
        };
        if removed {
            Ok(())
        } else {
            Err(self.no_attribute(object, name))
        }
    }
}

fn has_setter(found: &Value) -> bool {
    matches!(found, Value::Descriptor(descriptor)
        if matches!(&**descriptor, Descriptor::Property { set: Some(_), .. }))
}
