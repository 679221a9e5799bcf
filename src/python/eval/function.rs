//! Functions and calls.

use ground::exception;
use std::cell::RefCell;
use std::rc::Rc;

use super::{Flow, Scope};
use crate::arguments::{Arguments, missing_arguments, too_many_positional};
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::tree::*;
use crate::value::{Annotation, Class, Function, Value};
use ground::diagnostic::{Error, Result, Span};

impl Interpreter {
    /// Creates the function object of a `def` or `lambda`.
    pub(crate) fn make_function(
        &mut self,
        cx: &Rc<Scope>,
        code: &Rc<Code>,
        returns: Option<&Expression>,
    ) -> Result<Value> {
        let mut defaults = Vec::new();
        for parameter in &code.parameters.positional {
            if let Some(default) = &parameter.default {
                let value = self.eval(cx, default)?;
                defaults.push(value);
            }
        }
        let mut keyword_defaults = Vec::new();
        for parameter in &code.parameters.keyword_only {
            if let Some(default) = &parameter.default {
                let value = self.eval(cx, default)?;
                keyword_defaults.push((parameter.name.clone(), value));
            }
        }
        let mut annotations = ground::hash::IndexMap::default();
        let parameters = &code.parameters;
        for (name, annotation) in parameters
            .positional
            .iter()
            .chain(&parameters.rest)
            .chain(&parameters.keyword_only)
            .chain(&parameters.extra)
            .filter_map(|parameter| Some((&parameter.name, parameter.annotation.as_ref()?)))
        {
            let annotation = self.annotation(cx, annotation)?;
            annotations.insert(name.clone(), annotation);
        }
        if let Some(returns) = returns {
            let annotation = self.annotation(cx, returns)?;
            annotations.insert(Rc::from("return"), annotation);
        }
        let closure = cx.closure();
        if let Some(scope) = &closure {
            self.enclosing.add(scope);
        }
        Ok(Value::Function(Rc::new(Function {
            name: RefCell::new(code.name.clone()),
            qualified_name: RefCell::new(code.qualified_name.clone()),
            globals: cx.globals.clone(),
            closure,
            defaults: RefCell::new(defaults),
            keyword_defaults: RefCell::new(keyword_defaults),
            class_cell: cx.class_cell.clone(),
            attributes: Dict::new(),
            annotations: RefCell::new(annotations),
            code: code.clone(),
        })))
    }

    /// An annotation: its source, and its value unless evaluation is postponed.
    pub(crate) fn annotation(
        &mut self,
        cx: &Rc<Scope>,
        expression: &Expression,
    ) -> Result<Annotation> {
        let span = Span {
            file: cx.code.file,
            start: expression.extent.start,
            end: expression.extent.end,
        };
        let source = self.sources.text(span).unwrap_or_else(|| Rc::from(""));
        let value = if cx.code.future_annotations {
            None
        } else {
            Some(self.eval(cx, expression)?)
        };
        Ok(Annotation {
            source,
            span,
            value,
        })
    }

    /// Calls any callable.
    pub fn call(&mut self, function: &Value, arguments: Arguments) -> Result<Value> {
        match function {
            Value::Function(function) => self.call_function(function, arguments),
            Value::NativeFunction(function) => {
                let function = function.clone();
                self.step()?;
                self.enter_stack();
                self.check_stack()?;
                let result = function.call(self, arguments)?;
                if self.run.has_pending_warnings() {
                    self.filter_warnings()?;
                }
                Ok(result)
            }
            Value::Method(method) => {
                let method = method.clone();
                self.call(&method.function, arguments.with_first(method.this.clone()))
            }
            Value::Class(class) => {
                let class = class.clone();
                self.construct(&class, arguments)
            }
            Value::Native(object) => {
                let object = object.clone();
                self.enter_stack();
                self.check_stack()?;
                if let Some(result) = object.call(function, self, &arguments)? {
                    return Ok(result);
                }
                self.call_by_class(function, arguments)
            }
            Value::Descriptor(descriptor) => match &**descriptor {
                crate::value::Descriptor::StaticMethod(inner) => {
                    let inner = inner.clone();
                    self.call(&inner, arguments)
                }
                _ => self.call_by_class(function, arguments),
            },
            Value::Module(module) if module.opaque => {
                Ok(self.opaque(&format!("{}()", module.name)))
            }
            _ => self.call_by_class(function, arguments),
        }
    }

    /// Shows the library's warnings to the program's filters, which may raise them.
    #[cold]
    fn filter_warnings(&mut self) -> Result<()> {
        let warnings = self.import("warnings")?;
        for (category, message) in self.run.take_pending_warnings() {
            let given = vec![Value::from(category), Value::from(message)];
            self.call_method(&warnings, "handle_named", Arguments::positional(given))?;
        }
        Ok(())
    }

    fn call_by_class(&mut self, object: &Value, arguments: Arguments) -> Result<Value> {
        let class = self.class_of(object);
        match class.lookup("__call__") {
            Some(method) => {
                let bound = self.bind(&method, object, &class)?;
                self.call(&bound, arguments)
            }
            None => {
                if let Some(name) = class.mro().find_map(|class| class.opaque_base.clone()) {
                    return Ok(self.opaque(&format!("{name}()()")));
                }
                Err(self.type_error(format!("'{}' object is not callable", class.name())))
            }
        }
    }

    /// Calls a method by name.
    pub fn call_method(
        &mut self,
        object: &Value,
        name: &str,
        mut arguments: Arguments,
    ) -> Result<Value> {
        let (function, this) = self.load_method(object, name)?;
        if let Some(this) = this {
            arguments.positional.insert(0, this);
        }
        self.call(&function, arguments)
    }

    /// Calls a function written in Python.
    pub(crate) fn call_function(
        &mut self,
        function: &Rc<Function>,
        arguments: Arguments,
    ) -> Result<Value> {
        let code = function.code.clone();
        let slots = self.bind_parameters(function, &code, arguments)?;
        let scope = Rc::new(Scope {
            slots: RefCell::new(slots),
            parent: function.closure.clone(),
            globals: function.globals.clone(),
            class_namespace: None,
            class_cell: function.class_cell.clone(),
            annotations: RefCell::default(),
            code: code.clone(),
        });
        if code.generator {
            return Ok(self.make_generator(scope));
        }
        if code.asynchronous {
            return Ok(self.make_coroutine(scope));
        }
        self.run_body(scope)
    }

    pub(crate) fn run_body(&mut self, scope: Rc<Scope>) -> Result<Value> {
        self.in_frame(scope, |vm, scope| {
            match vm.exec_block(scope, &scope.code.body)? {
                Flow::Return(value) => Ok(value),
                _ => Ok(Value::None),
            }
        })
    }

    fn bind_parameters(
        &mut self,
        function: &Rc<Function>,
        code: &Rc<Code>,
        arguments: Arguments,
    ) -> Result<Vec<Option<Value>>> {
        let parameters = &code.parameters;
        let positional = parameters.positional.len();
        let keyword_only = parameters.keyword_only.len();
        let mut slots: Vec<Option<Value>> = Vec::with_capacity(code.slots.len());
        let given = arguments.positional.len();
        let fail = |message: String| {
            Error::new(
                exception::TYPE_ERROR,
                format!("{}() {message}", function.qualified_name.borrow()),
            )
        };
        let mut values = arguments.positional.into_iter();
        slots.extend(values.by_ref().take(positional).map(Some));
        slots.resize(code.slots.len(), None);
        let rest: Vec<Value> = values.collect();
        let mut extra = Vec::new();
        for (name, value) in arguments.keyword {
            let index = parameters.positional[parameters.positional_only..]
                .iter()
                .chain(&parameters.keyword_only)
                .position(|parameter| Rc::ptr_eq(&parameter.name, &name) || parameter.name == name)
                .map(|index| index + parameters.positional_only);
            match index {
                Some(index) if slots[index].is_some() => {
                    return Err(fail(format!("got multiple values for argument '{name}'")));
                }
                Some(index) => slots[index] = Some(value),
                None if parameters.extra.is_some() => extra.push((name, value)),
                None => {
                    let positional_only = parameters.positional[..parameters.positional_only]
                        .iter()
                        .any(|parameter| parameter.name == name);
                    if positional_only {
                        return Err(fail(format!(
                            "got some positional-only arguments passed as keyword arguments: '{name}'"
                        )));
                    }
                    return Err(fail(format!("got an unexpected keyword argument '{name}'")));
                }
            }
        }
        let defaults = function.defaults.borrow();
        if !rest.is_empty() && parameters.rest.is_none() {
            let keyword_given = slots[positional..positional + keyword_only]
                .iter()
                .filter(|slot| slot.is_some())
                .count();
            return Err(fail(too_many_positional(
                positional,
                defaults.len().min(positional),
                given,
                keyword_given,
            )));
        }
        let first_default = positional.saturating_sub(defaults.len());
        for (index, default) in defaults.iter().enumerate() {
            let slot = first_default + index;
            if slot < positional && slots[slot].is_none() {
                slots[slot] = Some(default.clone());
            }
        }
        drop(defaults);
        if slots[..positional].iter().any(Option::is_none) {
            let missing: Vec<&str> = (0..positional)
                .filter(|&index| slots[index].is_none())
                .map(|index| &*parameters.positional[index].name)
                .collect();
            return Err(fail(missing_arguments("positional", &missing)));
        }
        if keyword_only > 0 {
            for (name, value) in function.keyword_defaults.borrow().iter() {
                if let Some(index) = parameters
                    .keyword_only
                    .iter()
                    .position(|parameter| parameter.name == *name)
                    && slots[positional + index].is_none()
                {
                    slots[positional + index] = Some(value.clone());
                }
            }
            let missing: Vec<&str> = (0..keyword_only)
                .filter(|&index| slots[positional + index].is_none())
                .map(|index| &*parameters.keyword_only[index].name)
                .collect();
            if !missing.is_empty() {
                return Err(fail(missing_arguments("keyword-only", &missing)));
            }
        }
        let mut next = positional + keyword_only;
        if parameters.rest.is_some() {
            slots[next] = Some(Value::tuple(rest));
            next += 1;
        }
        if parameters.extra.is_some() {
            let dict = Dict::new();
            for (name, value) in extra {
                dict.set_name(&name, value);
            }
            slots[next] = Some(Value::Dict(Rc::new(dict)));
        }
        Ok(slots)
    }

    /// `class(arguments)`.
    pub(crate) fn construct(&mut self, class: &Class, arguments: Arguments) -> Result<Value> {
        self.step()?;
        self.enter_stack();
        self.check_stack()?;
        if let Some(hooks) = class.hooks.clone()
            && let Some(value) = hooks.construct(self, class, &arguments)?
        {
            return Ok(value);
        }
        self.construct_plainly(class, arguments)
    }

    /// `type.__call__`: runs `__new__` and `__init__`.
    pub fn construct_plainly(&mut self, class: &Class, arguments: Arguments) -> Result<Value> {
        if let Some(name) = class.mro().find_map(|class| class.opaque_base.clone())
            && !class
                .mro()
                .any(|class| class.user_defined && class.namespace.contains_str("__init__"))
        {
            let _ = name;
            let instance = Value::Instance(Rc::new(crate::value::Instance::new(class)));
            return Ok(instance);
        }
        if *class == self.classes.method {
            let [function, this] = arguments.exactly("method")?;
            return Ok(Value::Method(Rc::new(crate::value::Method {
                function,
                this,
            })));
        }
        if *class == self.classes.module {
            let [name, _] = arguments.between("module", 1)?;
            let name = name.and_then(|name| name.as_text()).unwrap_or_default();
            let module = crate::value::Module::build(&name).build();
            module.namespace.set_str("__doc__", Value::None);
            return Ok(Value::Module(module));
        }
        if class.user_defined {
            let abstracts = self.abstract_methods(class);
            if !abstracts.is_empty() {
                let plural = if abstracts.len() == 1 { "" } else { "s" };
                return Err(self.type_error(format!(
                    "Can't instantiate abstract class {} with abstract method{plural} {}",
                    class.name(),
                    abstracts.join(", ")
                )));
            }
        }
        let Some((owner, new)) = class.lookup_with_class("__new__") else {
            return Err(self.type_error(format!("cannot create '{}' instances", class.name())));
        };
        let init = class.lookup_with_class("__init__");
        let object = self.object_class();
        if owner == object && !arguments.is_empty() {
            let plain = init.as_ref().is_none_or(|(owner, _)| *owner == object);
            if plain {
                return Err(self.type_error(format!("{}() takes no arguments", class.name())));
            }
        }
        let new = match &new {
            Value::Descriptor(descriptor) => match &**descriptor {
                crate::value::Descriptor::StaticMethod(inner) => inner.clone(),
                _ => new.clone(),
            },
            _ => new,
        };
        let for_new = if owner == object {
            Arguments::none()
        } else {
            arguments.clone()
        };
        let value = self.call(&new, for_new.with_first(Value::Class(class.clone())))?;
        if !self.class_of(&value).is_subclass(class) {
            return Ok(value);
        }
        if let Some((owner, init)) = init
            && owner != object
        {
            let result = self.call(&init, arguments.with_first(value.clone()))?;
            if !result.is_none() {
                let name = self.class_of(&result).name();
                return Err(self.type_error(format!("__init__() should return None, not '{name}'")));
            }
        }
        Ok(value)
    }

    fn abstract_methods(&mut self, class: &Class) -> Vec<String> {
        if !class.mro().any(|class| class.inherits_abc()) {
            return Vec::new();
        }
        let mut names = std::collections::BTreeSet::new();
        for ancestor in class.mro() {
            for (name, value) in ancestor.namespace.str_entries() {
                if is_abstract(&value)
                    && class.lookup(&name).is_some_and(|found| is_abstract(&found))
                {
                    names.insert(name.to_string());
                }
            }
        }
        names.into_iter().collect()
    }
}

fn is_abstract(value: &Value) -> bool {
    match value {
        Value::Function(function) => function.attributes.contains_str("__isabstractmethod__"),
        Value::Descriptor(descriptor) => match &**descriptor {
            crate::value::Descriptor::ClassMethod(inner)
            | crate::value::Descriptor::StaticMethod(inner)
            | crate::value::Descriptor::CachedProperty(inner, _) => is_abstract(inner),
            crate::value::Descriptor::Property { get, .. } => get.as_ref().is_some_and(is_abstract),
        },
        _ => false,
    }
}

impl Class {
    /// Whether the metaclass is `ABCMeta`.
    pub(crate) fn inherits_abc(&self) -> bool {
        self.namespace.contains_str("__abc__")
    }
}
