//! Attribute access, the class of a value, descriptors.

mod missing;
mod setting;

use ground::exception;
use std::rc::Rc;

use super::arguments::Arguments;
use super::interpreter::Interpreter;
use super::members::Members;
use super::value::{Class, Descriptor, ExceptionState, Instance, Method, Value};
use ground::diagnostic::{Error, Result};

impl Interpreter {
    /// `type(object)`.
    pub fn class_of(&mut self, object: &Value) -> Class {
        let classes = &self.classes;
        match object {
            Value::None => &classes.none,
            Value::NotImplemented => &classes.not_implemented,
            Value::Ellipsis => &classes.ellipsis,
            Value::Bool(_) => &classes.bool,
            Value::Int(_) | Value::BigInt(_) => &classes.int,
            Value::Float(_) => &classes.float,
            Value::Str(_) => &classes.str,
            Value::Bytes(_) => &classes.bytes,
            Value::List(_) => &classes.list,
            Value::Tuple(_) => &classes.tuple,
            Value::Dict(_) => &classes.dict,
            Value::Set(set) if set.frozen => &classes.frozenset,
            Value::Set(_) => &classes.set,
            Value::Range(_) => &classes.range,
            Value::Slice(_) => &classes.slice,
            Value::Function(_) => &classes.function,
            Value::NativeFunction(_) => &classes.native_function,
            Value::Method(_) => &classes.method,
            Value::Class(class) => {
                if let Some(hooks) = class.hooks.clone()
                    && let Some(metaclass) = hooks.metaclass(self)
                {
                    return metaclass;
                }
                &self.classes.r#type
            }
            Value::Instance(instance) => return instance.class(),
            Value::Module(_) => &classes.module,
            Value::Iterator(iterator) => {
                let kind = iterator.kind;
                return match self.registered.get(kind) {
                    Some(class) => class.clone(),
                    None => {
                        let object = self.object_class();
                        self.make_native_class(
                            vec![object],
                            Some(super::value::Layout::Sealed),
                            None,
                            Members::new("builtins".into(), kind.into()),
                        )
                    }
                };
            }
            Value::Generator(generator) if generator.coroutine => &classes.coroutine,
            Value::Generator(_) => &classes.generator,
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Property { .. } => &classes.property,
                Descriptor::ClassMethod(_) => &classes.class_method,
                Descriptor::StaticMethod(_) => &classes.static_method,
                Descriptor::CachedProperty(..) => &classes.cached_property,
            },
            Value::Native(object) => {
                let object = object.clone();
                return object.class(self);
            }
        }
        .clone()
    }

    /// Binds an attribute found on the class to the object (the descriptor protocol): a function
    /// becomes a method, a property its value.
    pub(crate) fn bind(&mut self, found: &Value, object: &Value, class: &Class) -> Result<Value> {
        match found {
            Value::Function(_) => Ok(method(object, found)),
            Value::NativeFunction(function) if function.binds => Ok(method(object, found)),
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::Property { get, .. } => match get {
                    Some(get) => {
                        let get = get.clone();
                        self.call(&get, Arguments::positional(vec![object.clone()]))
                    }
                    None => Err(self.attribute_error("unreadable attribute")),
                },
                Descriptor::ClassMethod(inner) => Ok(method(&Value::Class(class.clone()), inner)),
                Descriptor::StaticMethod(inner) => Ok(inner.clone()),
                Descriptor::CachedProperty(get, name) => {
                    let name = name.borrow().clone();
                    if let Value::Instance(instance) = object
                        && let Some(value) = instance.attributes.get_str(&name)
                    {
                        return Ok(value);
                    }
                    let value =
                        self.call(&get.clone(), Arguments::positional(vec![object.clone()]))?;
                    if let Value::Instance(instance) = object {
                        instance.attributes.set_name(&name, value.clone());
                    }
                    Ok(value)
                }
            },
            Value::Native(native) => {
                let native = native.clone();
                Ok(native
                    .descriptor_get(found, self, Some(object), class)?
                    .unwrap_or_else(|| found.clone()))
            }
            Value::Instance(instance) => {
                let of = instance.class();
                match of.lookup("__get__") {
                    Some(get) => self.call(
                        &get,
                        Arguments::positional(vec![
                            found.clone(),
                            object.clone(),
                            Value::Class(class.clone()),
                        ]),
                    ),
                    None => Ok(found.clone()),
                }
            }
            _ => Ok(found.clone()),
        }
    }

    fn bind_to_class(&mut self, found: &Value, class: &Class) -> Result<Value> {
        match found {
            Value::Descriptor(descriptor) => match &**descriptor {
                Descriptor::ClassMethod(inner) => match inner {
                    Value::Descriptor(property) => match &**property {
                        Descriptor::Property { get: Some(get), .. } => {
                            let get = get.clone();
                            self.call(
                                &get,
                                Arguments::positional(vec![Value::Class(class.clone())]),
                            )
                        }
                        _ => Ok(inner.clone()),
                    },
                    _ => Ok(method(&Value::Class(class.clone()), inner)),
                },
                Descriptor::StaticMethod(inner) => Ok(inner.clone()),
                _ => Ok(found.clone()),
            },
            Value::Native(native) => {
                let native = native.clone();
                Ok(native
                    .descriptor_get(found, self, None, class)?
                    .unwrap_or_else(|| found.clone()))
            }
            Value::Instance(instance) => {
                let of = instance.class();
                match of.lookup("__get__") {
                    Some(get) => self.call(
                        &get,
                        Arguments::positional(vec![
                            found.clone(),
                            Value::None,
                            Value::Class(class.clone()),
                        ]),
                    ),
                    None => Ok(found.clone()),
                }
            }
            _ => Ok(found.clone()),
        }
    }

    /// Resolves the callee of `object.name(...)` and the first argument to prepend, without
    /// creating a bound method.
    pub(crate) fn load_method(
        &mut self,
        object: &Value,
        name: &str,
    ) -> Result<(Value, Option<Value>)> {
        match object {
            Value::Instance(instance) => {
                let class = instance.class();
                if class.hooks.is_none()
                    && let Some(found) = class.lookup(name)
                {
                    let callable = match &found {
                        Value::Function(_) => true,
                        Value::NativeFunction(function) => function.binds,
                        _ => false,
                    };
                    if callable
                        && !instance.attributes.contains_str(name)
                        && !class.mro().any(|class| {
                            class.user_defined && class.namespace.contains_str("__getattribute__")
                        })
                    {
                        return Ok((found, Some(object.clone())));
                    }
                }
            }
            Value::Str(_)
            | Value::List(_)
            | Value::Dict(_)
            | Value::Set(_)
            | Value::Tuple(_)
            | Value::Bytes(_) => {
                let class = self.class_of(object);
                if let Some(found @ Value::NativeFunction(_)) = class.lookup(name) {
                    return Ok((found, Some(object.clone())));
                }
            }
            _ => {}
        }
        Ok((self.get_attribute(object, name)?, None))
    }

    /// `object.name`.
    pub fn get_attribute(&mut self, object: &Value, name: &str) -> Result<Value> {
        if let Some(value) = self.attribute(object, name)? {
            return Ok(value);
        }
        Err(self.no_attribute(object, name))
    }

    /// `object.name`, or `None` where that raises AttributeError.
    pub fn find_attribute(&mut self, object: &Value, name: &str) -> Result<Option<Value>> {
        match self.attribute(object, name) {
            Ok(value) => Ok(value),
            Err(error) => {
                let class = self.classes.exception(exception::ATTRIBUTE_ERROR);
                if error.class == exception::ATTRIBUTE_ERROR || self.error_matches(&error, &class) {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.error_extent = None;
                    }
                    Ok(None)
                } else {
                    Err(error)
                }
            }
        }
    }

    fn attribute(&mut self, object: &Value, name: &str) -> Result<Option<Value>> {
        match object {
            Value::Instance(instance) => self.instance_attribute(object, instance, name),
            Value::Class(class) => self.class_attribute(class, name),
            Value::Module(module) => {
                if let Some(value) = self.module_attribute(module, name)? {
                    return Ok(Some(value));
                }
                if module.opaque && !(name.starts_with("__") && name.ends_with("__")) {
                    let value = self.opaque(&format!("{}.{name}", module.name));
                    module.namespace.set_str(name, value.clone());
                    return Ok(Some(value));
                }
                Ok(None)
            }
            Value::Native(native) => {
                let native = native.clone();
                if let Some(value) = native.get_attribute(object, self, name)? {
                    return Ok(Some(value));
                }
                if native.opaque().is_some() {
                    return Ok(None);
                }
                self.attribute_by_class(object, name)
            }
            Value::Function(function) => {
                if let Some(value) = function.attributes.get_str(name) {
                    return Ok(Some(value));
                }
                let value = match name {
                    "__name__" => Value::Str(function.name.borrow().clone()),
                    "__qualname__" => Value::Str(function.qualified_name.borrow().clone()),
                    "__doc__" => Value::from(function.code.documentation.clone()),
                    "__module__" => function.globals.get_str("__name__").unwrap_or(Value::None),
                    "__dict__" => {
                        let own = function.attributes.str_entries();
                        let other = |name: &str| {
                            !matches!(name, "__module__" | "__doc__" | "__annotations__")
                        };
                        Value::dict(own.into_iter().filter(|(name, _)| other(name)))
                    }
                    "__globals__" => Value::Dict(function.globals.clone()),
                    "__defaults__" => {
                        let defaults = function.defaults.borrow();
                        if defaults.is_empty() {
                            Value::None
                        } else {
                            Value::tuple(defaults.clone())
                        }
                    }
                    "__kwdefaults__" => {
                        let defaults = function.keyword_defaults.borrow();
                        if defaults.is_empty() {
                            Value::None
                        } else {
                            Value::dict(defaults.iter().cloned())
                        }
                    }
                    "__annotations__" => {
                        let annotations = function.annotations.borrow();
                        Value::dict(annotations.iter().map(|(name, annotation)| {
                            (
                                name.clone(),
                                annotation
                                    .value
                                    .clone()
                                    .unwrap_or_else(|| Value::Str(annotation.source.clone())),
                            )
                        }))
                    }
                    _ => return self.attribute_by_class(object, name),
                };
                Ok(Some(value))
            }
            Value::NativeFunction(function) => {
                let own = function.attributes.get();
                if let Some(value) = own.and_then(|own| own.get_str(name)) {
                    return Ok(Some(value));
                }
                let value = match name {
                    "__name__" => Value::Str(function.name.clone()),
                    "__qualname__" => Value::from(function.qualified_name()),
                    "__module__" => Value::Str(function.module.clone()),
                    _ => return self.attribute_by_class(object, name),
                };
                Ok(Some(value))
            }
            Value::Method(method) => {
                let value = match name {
                    "__self__" => method.this.clone(),
                    "__func__" => method.function.clone(),
                    _ => {
                        let function = method.function.clone();
                        return match self.attribute(&function, name)? {
                            Some(value) => Ok(Some(value)),
                            None => self.attribute_by_class(object, name),
                        };
                    }
                };
                Ok(Some(value))
            }
            _ => {
                if let Some(value) = self.plain_attribute(object, name)? {
                    return Ok(Some(value));
                }
                self.attribute_by_class(object, name)
            }
        }
    }

    /// Attributes of built-in types that no method table lists.
    fn plain_attribute(&mut self, object: &Value, name: &str) -> Result<Option<Value>> {
        Ok(match (object, name) {
            (Value::Slice(slice), "start") => Some(slice.start.clone()),
            (Value::Slice(slice), "stop") => Some(slice.stop.clone()),
            (Value::Slice(slice), "step") => Some(slice.step.clone()),
            (Value::Range(range), "start") => Some(Value::Int(range.start)),
            (Value::Range(range), "stop") => Some(Value::Int(range.stop)),
            (Value::Range(range), "step") => Some(Value::Int(range.step)),
            (Value::Int(_) | Value::BigInt(_), "real" | "numerator") => Some(object.clone()),
            (Value::Int(_) | Value::BigInt(_), "imag") => Some(Value::Int(0)),
            (Value::Int(_) | Value::BigInt(_), "denominator") => Some(Value::Int(1)),
            (Value::Bool(value), "real" | "numerator") => Some(Value::Int(i64::from(*value))),
            (Value::Float(_), "real") => Some(object.clone()),
            (Value::Descriptor(descriptor), name) => match (&**descriptor, name) {
                (Descriptor::Property { get, .. }, "fget") => Some(Value::optional(get.clone())),
                (Descriptor::Property { set, .. }, "fset") => Some(Value::optional(set.clone())),
                (Descriptor::Property { delete, .. }, "fdel") => {
                    Some(Value::optional(delete.clone()))
                }
                (Descriptor::Property { doc, get, .. }, "__doc__") => {
                    let own = doc.borrow().clone();
                    match (own, get) {
                        (Value::None, Some(get)) => {
                            let get = get.clone();
                            self.attribute(&get, "__doc__")?
                        }
                        (own, _) => Some(own),
                    }
                }
                (
                    Descriptor::ClassMethod(inner)
                    | Descriptor::StaticMethod(inner)
                    | Descriptor::CachedProperty(inner, _),
                    "__func__" | "__wrapped__" | "func",
                ) => Some(inner.clone()),
                (
                    Descriptor::ClassMethod(inner) | Descriptor::StaticMethod(inner),
                    "__name__" | "__doc__" | "__qualname__" | "__module__" | "__isabstractmethod__",
                ) => {
                    let inner = inner.clone();
                    self.attribute(&inner, name)?
                }
                (Descriptor::Property { get: Some(get), .. }, "__isabstractmethod__") => {
                    let get = get.clone();
                    self.attribute(&get, name)?
                }
                _ => None,
            },
            (Value::Generator(generator), "__name__") => {
                Some(Value::Str(generator.scope.code.name.clone()))
            }
            (Value::Generator(generator), "__qualname__") => {
                Some(Value::Str(generator.scope.code.qualified_name.clone()))
            }
            _ => None,
        })
    }

    fn attribute_by_class(&mut self, object: &Value, name: &str) -> Result<Option<Value>> {
        let class = self.class_of(object);
        if let Some(found) = class.lookup(name) {
            return self.bind(&found, object, &class).map(Some);
        }
        Ok(match name {
            "__class__" => Some(Value::Class(class)),
            "__doc__" => Some(Value::None),
            "__module__" => Some(Value::Str(class.module.borrow().clone())),
            _ => None,
        })
    }

    fn instance_attribute(
        &mut self,
        object: &Value,
        instance: &Rc<Instance>,
        name: &str,
    ) -> Result<Option<Value>> {
        let class = instance.class();
        if let Some(hooks) = &class.hooks
            && let Some(value) = hooks.clone().instance_attribute(self, object, name)?
        {
            return Ok(Some(value));
        }
        if let Some((owner, getter)) = class.lookup_with_class("__getattribute__")
            && owner.user_defined
        {
            let arguments = Arguments::positional(vec![object.clone(), Value::str(name)]);
            return match self.call(&getter, arguments) {
                Ok(value) => Ok(Some(value)),
                Err(error) => {
                    if error.class == exception::ATTRIBUTE_ERROR
                        && let Some(value) = self.fallback_attribute(object, &class, name)?
                    {
                        return Ok(Some(value));
                    }
                    Err(error)
                }
            };
        }
        match self.generic_attribute(object, instance, &class, name) {
            Ok(Some(value)) => Ok(Some(value)),
            Ok(None) => self.fallback_attribute(object, &class, name),
            Err(error) if error.class == exception::ATTRIBUTE_ERROR => {
                if class.lookup("__getattr__").is_some()
                    && let Some(value) = self.fallback_attribute(object, &class, name)?
                {
                    return Ok(Some(value));
                }
                Err(error)
            }
            Err(error) => Err(error),
        }
    }

    fn fallback_attribute(
        &mut self,
        object: &Value,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        if let Some(getter) = class.lookup("__getattr__") {
            let arguments = Arguments::positional(vec![object.clone(), Value::str(name)]);
            return self.call(&getter, arguments).map(Some);
        }
        if let Some(base) = class.mro().find_map(|class| class.opaque_base.clone())
            && !(name.starts_with("__") && name.ends_with("__"))
        {
            return Ok(Some(self.opaque(&format!("{base}().{name}"))));
        }
        Ok(None)
    }

    /// Attribute lookup as `object.__getattribute__` does it.
    pub(crate) fn generic_attribute(
        &mut self,
        object: &Value,
        instance: &Rc<Instance>,
        class: &Class,
        name: &str,
    ) -> Result<Option<Value>> {
        let found = class.lookup(name);
        if let Some(found) = &found
            && self.is_data_descriptor(found)
        {
            return self.bind(found, object, class).map(Some);
        }
        if let Some(value) = instance.attributes.get_str(name) {
            return Ok(Some(value));
        }
        if let Some(found) = found {
            return self.bind(&found, object, class).map(Some);
        }
        if let Some(state) = instance.native::<ExceptionState>() {
            let value = match name {
                "args" => Some(Value::Tuple(state.arguments.borrow().clone())),
                "__cause__" => Some(Value::optional(state.cause.borrow().clone())),
                "__context__" => Some(Value::optional(state.context.borrow().clone())),
                "__suppress_context__" => Some(Value::Bool(state.suppress_context.get())),
                "__traceback__" => Some(Value::None),
                "errno" | "strerror" | "filename"
                    if class.is_subclass(&self.classes.exception(exception::OS_ERROR)) =>
                {
                    let index = match name {
                        "errno" => 0,
                        "strerror" => 1,
                        _ => 2,
                    };
                    let arguments = state.arguments.borrow();
                    Some(if arguments.len() < 2 {
                        Value::None
                    } else {
                        arguments.get(index).cloned().unwrap_or(Value::None)
                    })
                }
                "code" if class.is_subclass(&self.classes.exception(exception::SYSTEM_EXIT)) => {
                    let arguments = state.arguments.borrow();
                    Some(arguments.first().cloned().unwrap_or(Value::None))
                }
                "value"
                    if class.is_subclass(&self.classes.exception(exception::STOP_ITERATION)) =>
                {
                    let arguments = state.arguments.borrow();
                    Some(arguments.first().cloned().unwrap_or(Value::None))
                }
                "name" | "path"
                    if class.is_subclass(&self.classes.exception(exception::IMPORT_ERROR)) =>
                {
                    Some(Value::None)
                }
                "msg" if class.is_subclass(&self.classes.exception(exception::IMPORT_ERROR)) => {
                    let arguments = state.arguments.borrow();
                    Some(arguments.first().cloned().unwrap_or(Value::None))
                }
                _ => None,
            };
            if value.is_some() {
                return Ok(value);
            }
        }
        if let Some(base) = &instance.base
            && let Some(value) = self.plain_attribute(base, name)?
        {
            return Ok(Some(value));
        }
        Ok(match name {
            "__class__" => Some(Value::Class(class.clone())),
            "__dict__" => Some(Value::Dict(instance.attributes.clone())),
            "__doc__" => Some(Value::None),
            "__module__" => Some(Value::Str(class.module.borrow().clone())),
            _ => None,
        })
    }

    fn is_data_descriptor(&mut self, found: &Value) -> bool {
        match found {
            Value::Descriptor(descriptor) => matches!(&**descriptor, Descriptor::Property { .. }),
            Value::Native(native) => native.is_data_descriptor(),
            Value::Instance(instance) => {
                let class = instance.class();
                class.user_defined && class.lookup("__set__").is_some()
            }
            _ => false,
        }
    }

    fn class_attribute(&mut self, class: &Class, name: &str) -> Result<Option<Value>> {
        if let Some(hooks) = class.hooks.clone()
            && let Some(value) = hooks.class_attribute(self, class, name)?
        {
            return Ok(Some(value));
        }
        let special = match name {
            "__name__" => Some(Value::Str(class.name())),
            "__qualname__" => Some(Value::Str(class.qualified_name.borrow().clone())),
            "__mro__" => Some(Value::tuple(
                class.mro().cloned().map(Value::Class).collect(),
            )),
            "__bases__" => Some(Value::tuple(
                class.bases.iter().cloned().map(Value::Class).collect(),
            )),
            "__base__" => Some(
                class
                    .bases
                    .first()
                    .cloned()
                    .map_or(Value::None, Value::Class),
            ),
            "__dict__" => Some(Value::Dict(class.namespace.clone())),
            "__class__" => Some(Value::Class(self.class_of(&Value::Class(class.clone())))),
            "__annotations__" => Some(match class.namespace.get_str("__annotations__") {
                Some(value) => value,
                None => {
                    let dict = Value::Dict(Rc::default());
                    if class.user_defined {
                        class.namespace.set_str("__annotations__", dict.clone());
                    }
                    dict
                }
            }),
            "__doc__" => Some(class.namespace.get_str("__doc__").unwrap_or(Value::None)),
            "__module__" => Some(Value::Str(class.module.borrow().clone())),
            "__subclasses__" => {
                let class = class.clone();
                Some(Value::function("__subclasses__", move |_, _| {
                    Ok(Value::list(
                        class.subclasses().into_iter().map(Value::Class).collect(),
                    ))
                }))
            }
            "mro" => {
                let class = class.clone();
                Some(Value::function("mro", move |_, _| {
                    Ok(Value::list(
                        class.mro().cloned().map(Value::Class).collect(),
                    ))
                }))
            }
            _ => None,
        };
        if special.is_some() {
            return Ok(special);
        }
        if let Some(found) = class.lookup(name) {
            return self.bind_to_class(&found, class).map(Some);
        }
        if let Some(hooks) = class.hooks.clone()
            && let Some(value) = hooks.missing_class_attribute(self, class, name)?
        {
            return Ok(Some(value));
        }
        if let Some(base) = class.mro().find_map(|class| class.opaque_base.clone())
            && !(name.starts_with("__") && name.ends_with("__"))
        {
            return Ok(Some(self.opaque(&format!("{base}.{name}"))));
        }
        Ok(None)
    }

    /// `isinstance(object, class)`; the class may be a tuple or a union.
    pub fn is_instance(&mut self, object: &Value, class: &Value) -> Result<bool> {
        match class {
            Value::Class(class) => {
                let of = self.class_of(object);
                if of.is_subclass(class) {
                    return Ok(true);
                }
                if let Some(hooks) = class.hooks.clone()
                    && let Some(answer) = hooks.instance_check(self, class, object)?
                {
                    return Ok(answer);
                }
                if let Some(method) = class.lookup("__instancecheck__") {
                    let _ = method;
                }
                Ok(false)
            }
            Value::Tuple(classes) => {
                for class in classes.iter() {
                    if self.is_instance(object, class)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Native(native) => {
                let native = native.clone();
                match native.instance_check(class, self, object)? {
                    Some(answer) => Ok(answer),
                    None => Err(self.type_error(
                        "isinstance() arg 2 must be a type, a tuple of types, or a union",
                    )),
                }
            }
            _ => {
                Err(self
                    .type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"))
            }
        }
    }

    /// `issubclass(class, of)`.
    pub fn is_subclass(&mut self, class: &Value, of: &Value) -> Result<bool> {
        let Value::Class(class) = class else {
            self.require_known(class, "what it inherits from")?;
            return Err(self.type_error("issubclass() arg 1 must be a class"));
        };
        match of {
            Value::Class(of) => Ok(class.is_subclass(of)),
            Value::Tuple(classes) => {
                for of in classes.iter() {
                    if self.is_subclass(&Value::Class(class.clone()), of)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Value::Native(object) if object.opaque().is_some() => Ok(false),
            other => {
                if let Some(union) = other.downcast::<super::generic::Union>() {
                    for of in &union.arguments {
                        if self.is_subclass(&Value::Class(class.clone()), of)? {
                            return Ok(true);
                        }
                    }
                    return Ok(false);
                }
                Err(self.type_error(
                    "issubclass() arg 2 must be a class, a tuple of classes, or a union",
                ))
            }
        }
    }

    /// Names for `dir()`, sorted.
    pub fn attribute_names(&mut self, object: &Value) -> Vec<String> {
        let mut names = std::collections::BTreeSet::new();
        let mut add = |dict: &super::dict::Dict| {
            for (name, _) in dict.str_entries() {
                names.insert(name.to_string());
            }
        };
        match object {
            Value::Module(module) => add(&module.namespace),
            Value::Class(class) => {
                for class in class.mro() {
                    add(&class.namespace);
                }
            }
            other => {
                if let Value::Instance(instance) = other {
                    add(&instance.attributes);
                }
                let class = self.class_of(other);
                for class in class.mro() {
                    add(&class.namespace);
                }
                if let Value::Native(native) = other {
                    names.extend(native.attribute_names());
                }
            }
        }
        names.into_iter().collect()
    }
}

fn method(this: &Value, function: &Value) -> Value {
    Value::Method(Rc::new(Method {
        this: this.clone(),
        function: function.clone(),
    }))
}
