//! Class statements and `type()`.

use std::cell::RefCell;
use std::rc::Rc;

use super::Scope;
use crate::arguments::Arguments;
use crate::classes::{inherited_layout, linearize};
use crate::dict::Dict;
use crate::interpreter::Interpreter;
use crate::tree::*;
use crate::value::{Annotation, Class, ClassBody, ClassCell, ClassData, Descriptor, Value};
use ground::diagnostic::{Result, Span};

/// The inputs from which a class is created.
pub(crate) struct Plan {
    name: Rc<str>,
    qualified_name: Rc<str>,
    module: Rc<str>,
    bases: Vec<Value>,
    keywords: Vec<(Rc<str>, Value)>,
    namespace: Rc<Dict>,
    annotations: ground::hash::IndexMap<Rc<str>, Annotation>,
    definition: Option<Span>,
    cell: Option<Rc<ClassCell>>,
    /// A metaclass that a program wrote.
    metaclass: Option<Class>,
}

impl Interpreter {
    pub(crate) fn class_statement(
        &mut self,
        cx: &Rc<Scope>,
        definition: &ClassDefinition,
    ) -> Result<()> {
        let decorators = self.decorators(cx, &definition.decorators)?;
        let bases = self.eval_items(cx, &definition.bases)?;
        let mut keywords = Vec::new();
        for (name, value) in &definition.keywords {
            let value = self.eval(cx, value)?;
            match name {
                Some(name) => keywords.push((name.clone(), value)),
                None => {
                    for (key, value) in self.mapping_entries(&value, |class| {
                        format!("argument after ** must be a mapping, not {class}")
                    })? {
                        if let Some(name) = key.as_text() {
                            keywords.push((name, value));
                        }
                    }
                }
            }
        }
        let metaclass = self.own_metaclass(&keywords, &bases);
        let namespace = Rc::new(Dict::new());
        if let Some(metaclass) = &metaclass {
            let name = &definition.code.name;
            if let Some(prepared) = self.prepared(metaclass, name, &bases, &keywords)? {
                for (name, value) in prepared
                    .as_dict()
                    .map(|dict| dict.str_entries())
                    .unwrap_or_default()
                {
                    namespace.set_name(&name, value);
                }
            }
        }
        let module = cx
            .globals
            .get_str("__name__")
            .and_then(|name| name.as_text())
            .unwrap_or_else(|| Rc::from("builtins"));
        namespace.set_str("__module__", Value::Str(module.clone()));
        namespace.set_str(
            "__qualname__",
            Value::Str(definition.code.qualified_name.clone()),
        );
        if let Some(text) = &definition.code.documentation {
            namespace.set_str("__doc__", Value::Str(text.clone()));
        }
        let cell: Rc<ClassCell> = Rc::new(RefCell::new(None));
        let scope = Rc::new(Scope {
            slots: RefCell::default(),
            parent: cx.closure(),
            globals: cx.globals.clone(),
            class_namespace: Some(namespace.clone()),
            class_cell: Some(cell.clone()),
            annotations: RefCell::default(),
            code: definition.code.clone(),
        });
        let annotations = self.in_frame(scope, |vm, scope| {
            vm.exec_block(scope, &scope.code.body)?;
            Ok(scope.annotations.take())
        })?;
        let qualified_name = namespace
            .remove_str("__qualname__")
            .and_then(|name| name.as_text())
            .unwrap_or_else(|| definition.code.qualified_name.clone());
        self.set_extent(definition.code.extent);
        // A body may say that the class is another module's.
        let module = namespace
            .get_str("__module__")
            .and_then(|module| module.as_text())
            .unwrap_or(module);
        let plan = Plan {
            name: definition.code.name.clone(),
            qualified_name,
            module,
            bases,
            keywords,
            namespace,
            annotations,
            definition: Some(Span {
                file: definition.code.file,
                start: definition.code.extent.start,
                end: definition.code.extent.end,
            }),
            cell: Some(cell),
            metaclass: metaclass.clone(),
        };
        let class = match metaclass {
            Some(metaclass) => self.call_metaclass(&metaclass, plan)?,
            None => self.build_class(plan)?,
        };
        let mut value = class;
        for (decorator, extent) in decorators.into_iter().rev() {
            self.set_extent(extent);
            value = match self.call(&decorator, Arguments::positional(vec![value])) {
                Ok(value) => value,
                Err(error) => {
                    self.note(extent);
                    return Err(error);
                }
            };
        }
        let (name, place) = &definition.bound;
        self.store(cx, name, *place, value)
    }

    /// Has a metaclass of the program make the class: `type.__new__` finds the plan again.
    fn call_metaclass(&mut self, metaclass: &Class, plan: Plan) -> Result<Value> {
        let mut arguments = Arguments::positional(vec![
            Value::Str(plan.name.clone()),
            Value::tuple(plan.bases.clone()),
            Value::Dict(plan.namespace.clone()),
        ]);
        let keywords = plan.keywords.iter();
        arguments.keyword = keywords
            .filter(|(name, _)| &**name != "metaclass")
            .cloned()
            .collect();
        self.plans.push(Some(plan));
        let made = self.construct(metaclass, arguments);
        self.plans.pop();
        made
    }

    /// `type.__new__(metaclass, name, bases, namespace)`.
    pub(crate) fn new_class_of(
        &mut self,
        metaclass: &Class,
        name: &str,
        bases: Vec<Value>,
        namespace: Rc<Dict>,
        keywords: Vec<(Rc<str>, Value)>,
    ) -> Result<Value> {
        let own = (metaclass.user_defined).then(|| metaclass.clone());
        if let Some(pending) = self.plans.last_mut()
            && let Some(mut plan) = pending.take()
        {
            plan.name = Rc::from(name);
            plan.bases = bases;
            plan.namespace = namespace;
            plan.keywords = keywords;
            plan.metaclass = own;
            return self.build_class(plan);
        }
        let inherited = self.own_metaclass(&keywords, &bases);
        self.new_class_with(name, bases, namespace, keywords, own.or(inherited))
            .map(Value::Class)
    }

    /// Makes a class as a `class` statement does: `type(name, bases, namespace)`.
    pub fn new_class(
        &mut self,
        name: &str,
        bases: Vec<Value>,
        namespace: Rc<Dict>,
        keywords: Vec<(Rc<str>, Value)>,
    ) -> Result<Class> {
        let metaclass = self.own_metaclass(&keywords, &bases);
        self.new_class_with(name, bases, namespace, keywords, metaclass)
    }

    fn new_class_with(
        &mut self,
        name: &str,
        bases: Vec<Value>,
        namespace: Rc<Dict>,
        keywords: Vec<(Rc<str>, Value)>,
        metaclass: Option<Class>,
    ) -> Result<Class> {
        let module = namespace
            .get_str("__module__")
            .and_then(|module| module.as_text())
            .or_else(|| {
                self.current_globals()
                    .and_then(|globals| globals.get_str("__name__"))
                    .and_then(|name| name.as_text())
            })
            .unwrap_or_else(|| Rc::from("builtins"));
        namespace.set_str("__module__", Value::Str(module.clone()));
        let qualified_name = namespace
            .remove_str("__qualname__")
            .and_then(|name| name.as_text())
            .unwrap_or_else(|| Rc::from(name));
        let mut annotations = ground::hash::IndexMap::default();
        if let Some(Value::Dict(dict)) = namespace.get_str("__annotations__") {
            for (name, value) in dict.str_entries() {
                let source = match &value {
                    Value::Str(text) => text.clone(),
                    other => Rc::from(self.repr(other)?),
                };
                annotations.insert(
                    name,
                    Annotation {
                        source,
                        span: self.call_span().unwrap_or_default(),
                        value: Some(value),
                    },
                );
            }
        }
        let definition = self.call_span();
        let class = self.build_class(Plan {
            name: Rc::from(name),
            qualified_name,
            module,
            bases,
            keywords,
            namespace,
            annotations,
            definition,
            cell: None,
            metaclass,
        })?;
        match class {
            Value::Class(class) => Ok(class),
            _ => Err(self.type_error("a metaclass did not make a class")),
        }
    }

    fn build_class(&mut self, mut plan: Plan) -> Result<Value> {
        let mut bases: Vec<Class> = Vec::new();
        let mut opaque_base = None;
        for base in &plan.bases {
            match base {
                Value::Class(class) => {
                    if !bases.contains(class) {
                        bases.push(class.clone());
                    } else {
                        return Err(
                            self.type_error(format!("duplicate base class {}", class.name()))
                        );
                    }
                }
                Value::Native(object) => {
                    let object = object.clone();
                    if let Some(name) = object.opaque() {
                        opaque_base = Some(name);
                    } else if let Some(classes) = object.bases(base, self)? {
                        for class in classes {
                            if !bases.contains(&class) {
                                bases.push(class);
                            }
                        }
                    } else {
                        let class = self.class_of(base).name();
                        return Err(
                            self.type_error(format!("bases must be classes, not '{class}'"))
                        );
                    }
                }
                other => {
                    let Some(method) = self.find_attribute(other, "__mro_entries__")? else {
                        let class = self.class_of(other).name();
                        return Err(self.type_error(format!(
                            "{}() takes no keyword arguments or is not a class: bases must be \
                             types, not '{class}'",
                            plan.name
                        )));
                    };
                    let all = Value::tuple(plan.bases.clone());
                    let classes = self.call(&method, Arguments::positional(vec![all]))?;
                    for class in self.collect(&classes)? {
                        if let Value::Class(class) = class {
                            bases.push(class);
                        }
                    }
                }
            }
        }
        // `Generic` and similar bases count as `object` beside other bases.
        if bases.len() > 1 {
            let object = self.object_class();
            let others: Vec<Class> = bases.clone();
            bases.retain(|base| {
                *base == object
                    || !others.iter().any(|other| {
                        other != base && other.is_subclass(base) && base.is_named("typing.Generic")
                    })
            });
        }
        if bases.is_empty() {
            bases.push(self.object_class());
        }
        let metaclass = plan
            .keywords
            .iter()
            .position(|(name, _)| &**name == "metaclass")
            .map(|index| plan.keywords.remove(index).1);
        match (&plan.metaclass, metaclass) {
            (Some(own), _) => {
                if own.inherits_from("abc.ABCMeta") {
                    plan.namespace.set_str("__abc__", Value::Bool(true));
                }
            }
            (None, Some(metaclass)) => self.use_metaclass(&plan, &metaclass)?,
            (None, None) => {}
        }
        for base in &bases {
            if base.layout == crate::value::Layout::Bool
                || (base.layout == crate::value::Layout::Sealed && !base.user_defined)
            {
                return Err(self.type_error(format!(
                    "type '{}' is not an acceptable base type",
                    base.dotted_name()
                )));
            }
        }
        let Some(ancestors) = linearize(&bases) else {
            let names: Vec<String> = bases.iter().map(|base| base.name().to_string()).collect();
            return Err(self.type_error(format!(
                "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                names.join(", ")
            )));
        };
        let layout = inherited_layout(&ancestors);
        use crate::value::Layout;
        if ancestors.iter().any(|base| {
            !matches!(base.layout, Layout::Object | Layout::Native) && base.layout != layout
        }) {
            return Err(self.type_error("multiple bases have instance lay-out conflict"));
        }
        let mut hooks = ancestors.iter().find_map(|base| base.hooks.clone());
        if let Some(metaclass) = &plan.metaclass {
            let inner = match hooks.as_ref().and_then(|hooks| hooks.without_metaclass()) {
                Some(inner) => inner,
                None => hooks,
            };
            hooks = Some(crate::metaclass::hooks(metaclass, inner));
        }
        if let Some(hash) = plan.namespace.get_str("__eq__")
            && !plan.namespace.contains_str("__hash__")
        {
            let _ = hash;
            plan.namespace.set_str("__hash__", Value::None);
        }
        // `__new__` is implicitly a static method, `__init_subclass__` and `__class_getitem__`
        // class methods.
        for (name, as_class_method) in [
            ("__new__", false),
            ("__init_subclass__", true),
            ("__class_getitem__", true),
        ] {
            if let Some(function @ Value::Function(_)) = plan.namespace.get_str(name) {
                let descriptor = if as_class_method {
                    Descriptor::ClassMethod(function)
                } else {
                    Descriptor::StaticMethod(function)
                };
                plan.namespace
                    .set_str(name, Value::Descriptor(Rc::new(descriptor)));
            }
        }
        let slots = match plan.namespace.get_str("__slots__") {
            Some(Value::Str(name)) => Some(vec![name]),
            Some(names) => Some(
                self.collect(&names)?
                    .iter()
                    .filter_map(Value::as_text)
                    .collect::<Vec<_>>(),
            ),
            None => None,
        };
        let mut annotations_shown = None;
        if !plan.annotations.is_empty() {
            let dict = Dict::new();
            for (name, annotation) in &plan.annotations {
                let value = annotation
                    .value
                    .clone()
                    .unwrap_or_else(|| Value::Str(annotation.source.clone()));
                dict.set_name(name, value);
            }
            annotations_shown = Some(Value::Dict(Rc::new(dict)));
        }
        if let Some(dict) = annotations_shown {
            plan.namespace.set_str("__annotations__", dict);
        }
        let class = Class(Rc::new(ClassData {
            name: RefCell::new(plan.name.clone()),
            qualified_name: RefCell::new(plan.qualified_name.clone()),
            module: RefCell::new(plan.module.clone()),
            bases: bases.clone(),
            ancestors,
            namespace: plan.namespace.clone(),
            layout,
            hooks: hooks.clone(),
            annotations: RefCell::new(plan.annotations),
            definition: plan.definition,
            opaque_base,
            user_defined: true,
            slots,
            native: RefCell::default(),
            subclasses: RefCell::default(),
            instances: RefCell::default(),
        }));
        for base in &bases {
            base.subclasses.borrow_mut().push(Rc::downgrade(&class.0));
        }
        if let Some(cell) = &plan.cell {
            *cell.borrow_mut() = Some(Rc::downgrade(&class.0));
        }
        if let Some(globals) = self.current_globals() {
            class.set_native(globals);
        }
        for (name, value) in plan.namespace.str_entries() {
            self.tell_name(&class, &name, &value)?;
        }
        let mut body = ClassBody {
            keywords: plan.keywords,
            location: plan.definition.and_then(|span| self.sources.location(span)),
        };
        // Runs the hooks of each base, nearest first.
        if let Some(hooks) = hooks {
            hooks.init_subclass(self, &class, &mut body)?;
        }
        self.init_subclass(&class, body.keywords)?;
        Ok(Value::Class(class))
    }

    fn use_metaclass(&mut self, plan: &Plan, metaclass: &Value) -> Result<()> {
        match metaclass {
            Value::Class(class) if &*class.name() == "ABCMeta" => {
                plan.namespace.set_str("__abc__", Value::Bool(true));
                Ok(())
            }
            Value::Class(class)
                if *class == self.classes.r#type || class.dotted_name().starts_with("enum.") =>
            {
                Ok(())
            }
            other if self.opaque_name(other).is_some() => Ok(()),
            other => {
                let name = self.repr(other)?;
                Err(self.unsupported(format!(
                    "metaclass {name} of class {}: own metaclasses are not supported; use \
                     __init_subclass__ or a class decorator",
                    plan.name
                )))
            }
        }
    }

    fn tell_name(&mut self, class: &Class, name: &Rc<str>, value: &Value) -> Result<()> {
        match value {
            Value::Native(object) => {
                let object = object.clone();
                object.set_name(value, self, class, name)
            }
            Value::Descriptor(descriptor) => {
                if let Descriptor::CachedProperty(_, own) = &**descriptor {
                    *own.borrow_mut() = name.clone();
                }
                Ok(())
            }
            Value::Instance(instance) => {
                let of = instance.class();
                if let Some(method) = of.lookup("__set_name__") {
                    let method = self.bind(&method, value, &of)?;
                    self.call(
                        &method,
                        Arguments::positional(vec![
                            Value::Class(class.clone()),
                            Value::Str(name.clone()),
                        ]),
                    )?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn init_subclass(&mut self, class: &Class, keywords: Vec<(Rc<str>, Value)>) -> Result<()> {
        let found = class
            .0
            .ancestors
            .iter()
            .find_map(|ancestor| ancestor.namespace.get_str("__init_subclass__"));
        let method = match found {
            Some(Value::Descriptor(descriptor)) => match &*descriptor {
                Descriptor::ClassMethod(inner) => inner.clone(),
                _ => return Ok(()),
            },
            Some(other) => other,
            None => {
                if keywords.is_empty() {
                    return Ok(());
                }
                return Err(self.type_error(format!(
                    "{}.__init_subclass__() takes no keyword arguments",
                    class.name()
                )));
            }
        };
        self.call(
            &method,
            Arguments {
                positional: vec![Value::Class(class.clone())],
                keyword: keywords,
            },
        )?;
        Ok(())
    }

    /// The namespace of the module in which a Python class or function was defined.
    pub fn globals_of(&mut self, value: &Value) -> Option<Rc<Dict>> {
        match value {
            Value::Function(function) => Some(function.globals.clone()),
            Value::Method(method) => {
                let function = method.function.clone();
                self.globals_of(&function)
            }
            Value::Class(class) => {
                if let Some(globals) = class.native::<Dict>() {
                    return Some(globals);
                }
                let module = class.module.borrow().clone();
                match self.modules.get_str(&module) {
                    Some(Value::Module(module)) => Some(module.namespace.clone()),
                    _ => None,
                }
            }
            Value::Module(module) => Some(module.namespace.clone()),
            _ => None,
        }
    }

    /// Evaluates an annotation of a class body: its existing value, or its source evaluated in the
    /// namespaces of the class and its module. Nested `str` annotations are not resolved.
    pub fn evaluate_annotation(&mut self, class: &Class, annotation: &Annotation) -> Result<Value> {
        if let Some(value) = &annotation.value {
            return Ok(value.clone());
        }
        let globals = self
            .globals_of(&Value::Class(class.clone()))
            .or_else(|| self.current_globals())
            .unwrap_or_default();
        self.evaluate(&annotation.source, &globals, Some(&class.namespace.clone()))
    }
}
