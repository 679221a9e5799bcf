//! Type classes as Python sees them: `sa.String`, `postgresql.JSONB`, and what people derive from
//! them.

use std::cell::RefCell;
use std::rc::Rc;

use crate::bindings::conversion::{self, argument_error, known_class};
use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBuilder, Instance, Interpreter, NativeClass, NativeObject, Value,
};
use sqlalchemy::dialects::{self, Dialect};
use sqlalchemy::literal::{Literal, string_repr};
use sqlalchemy::sqltypes::{
    Argument, CustomType, Default, EnumClass, Parameter, Type, TypeClass, classes,
};

/// Which of SQLAlchemy's classes a Python class is; kept on the class.
pub struct KnownType(pub &'static TypeClass);

/// An instance of a type class of SQLAlchemy's own.
pub struct TypeObject {
    /// The type.
    pub kind: Type,
}

/// What an instance of a derived class was constructed with.
#[derive(Default)]
struct DerivedState {
    arguments: RefCell<Vec<(&'static str, Argument)>>,
    /// The Enum that the base's constructor made.
    made: RefCell<Option<Type>>,
    kind: RefCell<Option<Type>>,
}

/// A type as a Python value.
pub fn type_value(vm: &mut Interpreter, kind: &Type) -> Value {
    if let Some(custom) = kind.custom_class()
        && let Some(python) = custom.as_any().downcast_ref::<PythonType>()
    {
        return python.instance.clone();
    }
    let _ = vm;
    Value::native(TypeObject { kind: kind.clone() })
}

/// The Python class of one of SQLAlchemy's.
pub fn python_class(vm: &mut Interpreter, class: &'static TypeClass) -> Class {
    let dotted = format!("{}.{}", class.module, class.name);
    if let Some(found) = vm.registered_class(&dotted) {
        return found;
    }
    let mut bases: Vec<&'static TypeClass> = Vec::new();
    for ancestor in class.mro.iter().skip(1) {
        if !bases.iter().any(|base| base.is_subclass_of(ancestor)) {
            bases.push(ancestor);
        }
    }
    let mut builder = ClassBuilder::new(class.module, class.name).hooks(TypeHooks(class));
    for base in bases {
        let base = python_class(vm, base);
        builder = builder.base(&base);
    }
    if class == &classes::GENERIC_TYPE_ENGINE {
        builder = engine_methods(builder);
    }
    if class == &classes::GENERIC_TYPE_DECORATOR {
        builder = decorator_methods(builder);
    }
    if class == &classes::JSON {
        builder = builder.constant("NULL", Value::str("JSON_NULL"));
    }
    builder = builder
        .constant("__visit_name__", Value::str(class.visit_name))
        .method("__init__", move |vm, this, arguments| {
            initialize(vm, class, this, arguments)?;
            Ok(Value::None)
        });
    let made = builder.build(vm);
    made.set_native(Rc::new(KnownType(class)));
    made
}

fn engine_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .method("with_variant", |vm, this, mut arguments| {
            let Some(variant) = arguments.take_first() else {
                return Err(vm.type_error(
                    "TypeEngine.with_variant() missing 1 required positional argument: 'type_'",
                ));
            };
            let kind = conversion::to_type(vm, this)?;
            let variant = conversion::to_type(vm, &variant)?;
            let dialects: Vec<Rc<str>> = arguments
                .positional
                .iter()
                .filter_map(Value::as_text)
                .collect();
            let names: Vec<&str> = dialects.iter().map(|name| &**name).collect();
            let kind = kind.with_variant(&variant, &names)?;
            Ok(Value::native(TypeObject { kind }))
        })
        .method("copy", |_, this, _| Ok(this.clone()))
        .method("adapt", |vm, this, arguments| {
            let Some(class) = arguments.positional.first() else {
                return Ok(this.clone());
            };
            vm.call(class, Arguments::none())
        })
        .method("as_generic", |vm, this, _| {
            let kind = conversion::to_type(vm, this)?;
            let generic = kind.affinity().map_or(kind.clone(), Type::new);
            Ok(type_value(vm, &generic))
        })
        .method("compile", |vm, this, mut arguments| {
            let dialect = arguments
                .take_keyword("dialect")
                .or_else(|| arguments.take_first());
            let dialect = match dialect {
                Some(dialect) => conversion::to_dialect(vm, &dialect)?,
                None => Dialect::default_dialect(),
            };
            Ok(Value::str(
                conversion::to_type(vm, this)?.compile(&dialect)?,
            ))
        })
        .method("dialect_impl", |vm, this, mut arguments| {
            let kind = conversion::to_type(vm, this)?;
            let Some(dialect) = arguments.take_first() else {
                return Ok(this.clone());
            };
            let dialect = conversion::to_dialect(vm, &dialect)?;
            let kind = kind.dialect_impl(&dialect)?;
            Ok(type_value(vm, &kind))
        })
        .method("load_dialect_impl", |vm, this, _| default_impl(vm, this))
        .method("evaluates_none", |_, this, _| Ok(this.clone()))
        .method("coerce_compared_value", |_, this, _| Ok(this.clone()))
        .method("get_dbapi_type", |_, _, _| Ok(Value::None))
        .class_method("__class_getitem__", |_, class, _| {
            Ok(Value::Class(class.clone()))
        })
        .property("python_type", |vm, this| {
            let kind = conversion::to_type(vm, this)?;
            python_type(vm, &kind)
        })
        .property("hashable", |_, _| Ok(Value::Bool(true)))
        .property("sort_key_function", |_, _| Ok(Value::None))
        .property("should_evaluate_none", |_, _| Ok(Value::Bool(false)))
        .property("_type_affinity", |vm, this| {
            let kind = conversion::to_type(vm, this)?;
            match kind.affinity() {
                Some(class) => Ok(Value::Class(python_class(vm, class))),
                None => Ok(Value::Class(vm.class_of(this))),
            }
        })
        .method("__repr__", |vm, this, _| {
            Ok(Value::str(conversion::to_type(vm, this)?.python_repr()))
        })
        .method("__str__", |vm, this, _| {
            let kind = conversion::to_type(vm, this)?;
            Ok(Value::str(type_text(&kind)))
        })
}

/// `str(type)`: compiled for the default dialect, or its repr where that can't be.
fn type_text(kind: &Type) -> String {
    kind.compile(&Dialect::default_dialect())
        .unwrap_or_else(|_| kind.python_repr())
}

fn default_impl(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    match vm.find_attribute(this, "impl")? {
        Some(found) => Ok(found),
        None => Ok(this.clone()),
    }
}

fn decorator_methods(builder: ClassBuilder) -> ClassBuilder {
    builder
        .property("impl_instance", |vm, this| vm.get_attribute(this, "impl"))
        .method("load_dialect_impl", |vm, this, _| default_impl(vm, this))
        .method("type_engine", |vm, this, _| default_impl(vm, this))
        .method("process_bind_param", |_, _, arguments| {
            Ok(arguments
                .positional
                .into_iter()
                .next()
                .unwrap_or(Value::None))
        })
        .method("process_result_value", |_, _, arguments| {
            Ok(arguments
                .positional
                .into_iter()
                .next()
                .unwrap_or(Value::None))
        })
        .method("copy", |_, this, _| Ok(this.clone()))
}

fn python_type(vm: &mut Interpreter, kind: &Type) -> Result<Value> {
    let class = kind.affinity();
    let name = if class == Some(&classes::GENERIC_INTEGER) {
        "int"
    } else if class == Some(&classes::GENERIC_STRING) {
        if let Some(python) = kind.enum_class().and_then(|found| found.object.clone())
            && let Ok(value) = python.downcast::<Value>()
        {
            return Ok((*value).clone());
        }
        "str"
    } else if class == Some(&classes::GENERIC_BOOLEAN) {
        "bool"
    } else if class == Some(&classes::GENERIC_FLOAT) {
        "float"
    } else if class == Some(&classes::GENERIC_BINARY) {
        "bytes"
    } else if class == Some(&classes::JSON) {
        "dict"
    } else if class == Some(&classes::ARRAY) {
        "list"
    } else {
        let (module, name) = if class == Some(&classes::GENERIC_NUMERIC) {
            ("decimal", "Decimal")
        } else if class == Some(&classes::GENERIC_DATE) {
            ("datetime", "date")
        } else if class == Some(&classes::GENERIC_DATE_TIME) {
            ("datetime", "datetime")
        } else if class == Some(&classes::GENERIC_TIME) {
            ("datetime", "time")
        } else if class == Some(&classes::GENERIC_INTERVAL) {
            ("datetime", "timedelta")
        } else if class == Some(&classes::GENERIC_UUID) {
            ("uuid", "UUID")
        } else {
            return Err(Error::new("NotImplementedError", ""));
        };
        let module = vm.import(module)?;
        return vm.get_attribute(&module, name);
    };
    Ok(Value::Class(known_class(vm, name)))
}

impl NativeObject for TypeObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        // A type that another room of modules wrote in Rust (`sqlmodel`'s AutoString).
        if let Some(custom) = self.kind.custom_class() {
            let dotted = format!("{}.{}", custom.module(), custom.class_name());
            if let Some(class) = vm.registered_class(&dotted) {
                return class;
            }
        }
        python_class(vm, self.kind.class())
    }

    fn get_attribute(
        &self,
        _this: &Value,
        vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        attribute(vm, &self.kind, name)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(self.kind.python_repr()))
    }

    fn str(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(type_text(&self.kind)))
    }
}

/// What a type shows by name: its arguments, and a few things derived from them.
fn attribute(vm: &mut Interpreter, kind: &Type, name: &str) -> Result<Option<Value>> {
    match name {
        "length" if kind.is_instance(&classes::GENERIC_ENUM) => {
            return Ok(Some(Value::from(kind.length())));
        }
        "enums" => {
            let values = kind.enums();
            return Ok(Some(Value::list(
                values.into_iter().map(Value::Str).collect(),
            )));
        }
        "enum_class" if kind.is_instance(&classes::GENERIC_ENUM) => {
            let object = kind
                .enum_class()
                .and_then(|found| found.object.clone())
                .and_then(|object| object.downcast::<Value>().ok());
            return Ok(Some(object.map_or(Value::None, |value| (*value).clone())));
        }
        "impl" | "impl_instance" if kind.is_type_decorator() => {
            let wrapped = kind.impl_type();
            return Ok(wrapped.map(|wrapped| type_value(vm, &wrapped)));
        }
        "_variant_mapping" => {
            let mapping: Vec<(String, Type)> = kind
                .variants()
                .map(|(name, kind)| (name.to_owned(), kind.clone()))
                .collect();
            let items: Vec<(String, Value)> = mapping
                .into_iter()
                .map(|(name, kind)| {
                    let value = type_value(vm, &kind);
                    (name, value)
                })
                .collect();
            return Ok(Some(Value::dict(items)));
        }
        "_isnull" => return Ok(Some(Value::Bool(kind.is_null()))),
        _ => {}
    }
    let argument = kind.argument(name);
    Ok(match argument {
        Some(Argument::Value(value)) => Some(conversion::from_literal(vm, &value)?),
        Some(Argument::Type(kind)) => Some(type_value(vm, &kind)),
        Some(Argument::Expression(expression)) => Some(conversion::expression_value(&expression)),
        None => None,
    })
}

/// Rust's part in the type classes.
struct TypeHooks(&'static TypeClass);

impl NativeClass for TypeHooks {
    fn construct(
        &self,
        vm: &mut Interpreter,
        class: &Class,
        arguments: &Arguments,
    ) -> Result<Option<Value>> {
        if class.user_defined {
            return Ok(None);
        }
        let known = class.native::<KnownType>().map_or(self.0, |known| known.0);
        Ok(Some(Value::native(TypeObject {
            kind: make_type(vm, known, arguments.clone())?,
        })))
    }

    fn instance_attribute(
        &self,
        vm: &mut Interpreter,
        instance: &Value,
        name: &str,
    ) -> Result<Option<Value>> {
        let Value::Instance(object) = instance else {
            return Ok(None);
        };
        if object.attributes.contains_str(name) || name.starts_with("__") {
            return Ok(None);
        }
        let Some(state) = object.native::<DerivedState>() else {
            return Ok(None);
        };
        // Only what the constructor of SQLAlchemy's class would have set on the instance.
        let class = known_type(&object.class());
        if name == "impl" || class.is_none() {
            return Ok(None);
        }
        if let Some(made) = state.made.borrow().clone()
            && matches!(
                name,
                "enums" | "enum_class" | "length" | "name" | "native_enum"
            )
        {
            return attribute(vm, &made, name);
        }
        let given = state
            .arguments
            .borrow()
            .iter()
            .find(|(given, _)| *given == name)
            .map(|(_, argument)| argument.clone());
        if let Some(argument) = given {
            return Ok(Some(match argument {
                Argument::Value(value) => conversion::from_literal(vm, &value)?,
                Argument::Type(kind) => type_value(vm, &kind),
                Argument::Expression(expression) => conversion::expression_value(&expression),
            }));
        }
        let declared = class
            .into_iter()
            .flat_map(|class| class.positional.iter().chain(class.keywords))
            .find(|parameter| parameter.name == name);
        if let Some(parameter) = declared
            && object.class().lookup(name).is_none()
        {
            return Ok(match parameter.default {
                Default::None => Some(Value::None),
                Default::Boolean(value) => Some(Value::Bool(value)),
                Default::Integer(value) => Some(Value::Int(value)),
                Default::String(text) => Some(Value::str(text)),
                Default::Required | Default::Other => None,
            });
        }
        // A TypeDecorator passes on what it does not know to its impl.
        if class == Some(&classes::GENERIC_TYPE_DECORATOR)
            && object.class().lookup(name).is_none()
            && let Some(wrapped) = object.attributes.get_str("impl")
        {
            return vm.find_attribute(&wrapped, name);
        }
        Ok(None)
    }
}

/// The nearest of SQLAlchemy's classes that a Python class is or inherits from.
pub fn known_type(class: &Class) -> Option<&'static TypeClass> {
    class.inherited_native::<KnownType>().map(|known| known.0)
}

/// `__init__` of a type class, called for an instance of a derived class.
fn initialize(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    this: &Value,
    arguments: Arguments,
) -> Result<()> {
    let Value::Instance(instance) = this else {
        return Ok(());
    };
    let state = Rc::new(DerivedState::default());
    if class == &classes::GENERIC_TYPE_DECORATOR {
        let python = instance.class();
        let Some(wrapped) = python.lookup("impl") else {
            return Err(Error::new(
                "AssertionError",
                "TypeDecorator implementations require a class-level variable 'impl' which refers \
                 to the class of type being decorated",
            ));
        };
        let wrapped = match &wrapped {
            Value::Class(_) => vm.call(&wrapped, arguments)?,
            other => other.clone(),
        };
        instance.attributes.set_str("impl", wrapped);
    } else if class.is_subclass_of(&classes::GENERIC_ENUM) {
        *state.made.borrow_mut() = Some(make_type(vm, class, arguments)?);
    } else {
        *state.arguments.borrow_mut() = bind(vm, class, arguments)?;
    }
    instance.set_native(state);
    Ok(())
}

/// The type that an instance of a derived class stands for.
pub fn derived_type(vm: &mut Interpreter, value: &Value) -> Result<Option<Type>> {
    let Value::Instance(instance) = value else {
        return Ok(None);
    };
    let class = instance.class();
    let Some(known) = known_type(&class) else {
        return Ok(None);
    };
    let state = match instance.native::<DerivedState>() {
        Some(state) => state,
        // The class has its own `__init__` and does not call the one above it.
        None => {
            let state = Rc::new(DerivedState::default());
            instance.set_native(state.clone());
            state
        }
    };
    if let Some(kind) = state.kind.borrow().clone() {
        return Ok(Some(kind));
    }
    let decorated = known == &classes::GENERIC_TYPE_DECORATOR;
    let wrapped = if decorated {
        match vm.find_attribute(value, "impl")? {
            Some(found) => Some(conversion::to_type(vm, &found)?),
            None => None,
        }
    } else {
        None
    };
    let own_repr = own_repr(vm, instance, value, known)?;
    let column_specification = match user_method(&class, "get_col_spec") {
        Some(_) if known.is_subclass_of(&classes::GENERIC_USER_DEFINED_TYPE) => {
            let text = vm.call_method(value, "get_col_spec", Arguments::none())?;
            text.as_text()
        }
        _ => None,
    };
    let mut dialects = Vec::new();
    if user_method(&class, "load_dialect_impl").is_some() {
        for dialect in early_dialects() {
            let argument = Value::native(DialectObject {
                dialect: dialect.clone(),
            });
            let made = vm
                .call_method(
                    value,
                    "load_dialect_impl",
                    Arguments::positional(vec![argument]),
                )
                .and_then(|found| {
                    if found.is(value) {
                        return Ok(None);
                    }
                    conversion::to_type(vm, &found).map(Some)
                });
            dialects.push((dialect.name().to_owned(), made));
        }
    }
    let mut compiled = Vec::new();
    for dialect in early_dialects() {
        if let Some(function) = find_compiler(&class, dialect.name()) {
            let text = run_compiler(vm, &function, value, &dialect);
            compiled.push((dialect.name().to_owned(), text));
        }
    }
    let custom: Rc<dyn CustomType> = Rc::new(PythonType {
        instance: value.clone(),
        class_name: class.name().to_string(),
        module: class.module.borrow().to_string(),
        repr: own_repr,
        wrapped,
        column_specification,
        dialects,
        compiled,
        binds: user_method(&class, "process_bind_param").is_some(),
        results: user_method(&class, "process_result_value").is_some(),
        literals: user_method(&class, "process_literal_param").is_some(),
    });
    let mut arguments = state.arguments.borrow().clone();
    let made = state.made.borrow().clone();
    if let Some(made) = made {
        arguments = made.arguments().to_vec();
    }
    let kind = Type::custom(known, arguments, custom)?;
    *state.kind.borrow_mut() = Some(kind.clone());
    Ok(Some(kind))
}

/// The dialects for which a person's type is asked when it is made, while the interpreter is at
/// hand.
fn early_dialects() -> [Dialect; 3] {
    [
        dialects::sqlite::dialect(),
        dialects::postgresql::dialect(),
        dialects::mysql::dialect(),
    ]
}

/// A method that Python code defined on the class, or on one that it inherits from.
pub fn user_method(class: &Class, name: &str) -> Option<Value> {
    let (owner, value) = class.lookup_with_class(name)?;
    owner.user_defined.then_some(value)
}

/// `repr()` where the class has its own, or an `__init__` whose parameters show.
fn own_repr(
    vm: &mut Interpreter,
    instance: &Instance,
    value: &Value,
    known: &'static TypeClass,
) -> Result<Option<String>> {
    let class = instance.class();
    if user_method(&class, "__repr__").is_some() {
        let text = vm.call_method(value, "__repr__", Arguments::none())?;
        return Ok(text.as_text().map(|text| text.to_string()));
    }
    if known == &classes::GENERIC_TYPE_DECORATOR {
        return Ok(None);
    }
    let Some(Value::Function(function)) = user_method(&class, "__init__") else {
        return Ok(None);
    };
    let parameters = &function.code.parameters;
    let defaults = function.defaults.borrow().clone();
    let names: Vec<Rc<str>> = parameters
        .positional
        .iter()
        .skip(1)
        .map(|parameter| parameter.name.clone())
        .collect();
    let required = names.len().saturating_sub(defaults.len());
    let mut output = Vec::new();
    for name in &names[..required] {
        let shown = vm.find_attribute(value, name)?.unwrap_or(Value::None);
        output.push(vm.repr(&shown)?);
    }
    if let Some(rest) = &parameters.rest
        && let Some(shown) = vm.find_attribute(value, &rest.name)?
    {
        for item in vm.collect(&shown)? {
            output.push(vm.repr(&item)?);
        }
    }
    for (name, default) in names[required..].iter().zip(&defaults) {
        let Some(shown) = vm.find_attribute(value, name)? else {
            continue;
        };
        if !vm.equal(&shown, default)? {
            let text = vm.repr(&shown)?;
            output.push(format!("{name}={text}"));
        }
    }
    Ok(Some(format!("{}({})", class.name(), output.join(", "))))
}

/// A type whose class a person wrote.
pub struct PythonType {
    /// The Python object.
    pub instance: Value,
    class_name: String,
    module: String,
    repr: Option<String>,
    wrapped: Option<Type>,
    column_specification: Option<Rc<str>>,
    dialects: Vec<(String, Result<Option<Type>>)>,
    compiled: Vec<(String, Result<String>)>,
    binds: bool,
    results: bool,
    literals: bool,
}

impl PythonType {
    /// Calls a method that takes a value and the dialect.
    fn process(&self, method: &str, value: &Literal, dialect: &Dialect) -> Result<Literal> {
        Interpreter::borrow_lent(|vm| {
            let value = conversion::from_literal(vm, value)?;
            let dialect = Value::native(DialectObject {
                dialect: dialect.clone(),
            });
            let arguments = Arguments::positional(vec![value, dialect]);
            let made = vm.call_method(&self.instance, method, arguments)?;
            conversion::to_literal(vm, &made)
        })
    }
}

impl CustomType for PythonType {
    fn class_name(&self) -> String {
        self.class_name.clone()
    }

    fn module(&self) -> String {
        self.module.clone()
    }

    fn python_repr(&self) -> Option<String> {
        self.repr.clone()
    }

    fn impl_type(&self) -> Option<Type> {
        self.wrapped.clone()
    }

    fn load_dialect_impl(&self, dialect: &Dialect) -> Result<Option<Type>> {
        match self
            .dialects
            .iter()
            .find(|(name, _)| *name == dialect.name())
        {
            Some((_, made)) => made.clone(),
            None => Ok(None),
        }
    }

    fn get_col_spec(&self) -> Result<Option<String>> {
        Ok(self
            .column_specification
            .as_ref()
            .map(|text| text.to_string()))
    }

    fn compile(&self, dialect: &Dialect) -> Result<Option<String>> {
        match self
            .compiled
            .iter()
            .find(|(name, _)| *name == dialect.name())
        {
            Some((_, text)) => text.clone().map(Some),
            None => Ok(None),
        }
    }

    fn process_bind_param(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        if !self.binds {
            return Ok(value);
        }
        self.process("process_bind_param", &value, dialect)
    }

    fn process_literal_param(&self, value: Literal, dialect: &Dialect) -> Result<Option<Literal>> {
        if !self.literals {
            return Ok(None);
        }
        self.process("process_literal_param", &value, dialect)
            .map(Some)
    }

    fn process_result_value(&self, value: Literal, dialect: &Dialect) -> Result<Literal> {
        if !self.results {
            return Ok(value);
        }
        self.process("process_result_value", &value, dialect)
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// `@compiles(Class, "sqlite")`: functions by dialect; kept on the class.
#[derive(Default)]
struct Compilers(RefCell<Vec<(Option<Rc<str>>, Value)>>);

/// Keeps a function that compiles the instances of a class.
pub fn add_compiler(class: &Class, dialects: &[Rc<str>], function: &Value) {
    let compilers = match class.native::<Compilers>() {
        Some(compilers) => compilers,
        None => {
            let made = Rc::new(Compilers::default());
            class.set_native(made.clone());
            made
        }
    };
    let mut entries = compilers.0.borrow_mut();
    if dialects.is_empty() {
        entries.push((None, function.clone()));
    }
    for dialect in dialects {
        entries.push((Some(dialect.clone()), function.clone()));
    }
}

/// The function that compiles instances of a class on a dialect, if there is one.
pub fn find_compiler(class: &Class, dialect: &str) -> Option<Value> {
    class.mro().find_map(|class| {
        let compilers = class.native::<Compilers>()?;
        let entries = compilers.0.borrow();
        let own = entries
            .iter()
            .rev()
            .find(|(name, _)| name.as_deref() == Some(dialect));
        own.or_else(|| entries.iter().rev().find(|(name, _)| name.is_none()))
            .map(|(_, function)| function.clone())
    })
}

/// Calls a function of `@compiles` with an element and a compiler.
///
/// # Errors
/// What the function raises.
pub fn run_compiler(
    vm: &mut Interpreter,
    function: &Value,
    element: &Value,
    dialect: &Dialect,
) -> Result<String> {
    let compiler = Value::native(CompilerObject {
        dialect: dialect.clone(),
    });
    let arguments = Arguments::positional(vec![element.clone(), compiler]);
    let text = vm.call(function, arguments)?;
    vm.str(&text)
}

/// The compiler that functions of `@compiles` are given.
struct CompilerObject {
    dialect: Dialect,
}

impl NativeObject for CompilerObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.sql.compiler.SQLCompiler")
    }

    fn get_attribute(
        &self,
        this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        let dialect = self.dialect.clone();
        Ok(match name {
            "dialect" => Some(Value::native(DialectObject { dialect })),
            "type_compiler" | "sql_compiler" | "preparer" | "type_compiler_instance" => {
                Some(this.clone())
            }
            "process" => Some(Value::function("process", move |vm, arguments| {
                let Some(element) = arguments.positional.first() else {
                    return Ok(Value::None);
                };
                if conversion::is_type(element) {
                    return Ok(Value::str(
                        conversion::to_type(vm, element)?.compile(&dialect)?,
                    ));
                }
                let expression = super::expressions::coerce(vm, element)?;
                Ok(Value::str(expression.compile_literal(&dialect)?))
            })),
            "quote" | "quote_identifier" | "format_column" => {
                Some(Value::function("quote", move |vm, arguments| {
                    let Some(name) = arguments.positional.first() else {
                        return Ok(Value::None);
                    };
                    let text = match conversion::find_column(name) {
                        Some(column) => column.name().to_string(),
                        None => vm.str(name)?,
                    };
                    Ok(Value::str(dialect.quote(&text)))
                }))
            }
            name if name.starts_with("visit_") => {
                // The way that the class itself would be written.
                Some(Value::function(name, move |vm, arguments| {
                    let Some(element) = arguments.positional.first() else {
                        return Ok(Value::None);
                    };
                    if let Value::Instance(instance) = element
                        && let Some(known) = known_type(&instance.class())
                    {
                        let state = instance.native::<DerivedState>();
                        let given = state
                            .map(|state| state.arguments.borrow().clone())
                            .unwrap_or_default();
                        let plain = Type::with_arguments(known, given)?;
                        return Ok(Value::str(plain.compile(&dialect)?));
                    }
                    let kind = conversion::to_type(vm, element)?;
                    Ok(Value::str(kind.compile(&dialect)?))
                }))
            }
            _ => None,
        })
    }
}

/// `dialect` as a type's methods and `@compiles` functions are given it.
pub struct DialectObject {
    /// The dialect.
    pub dialect: Dialect,
}

impl NativeObject for DialectObject {
    fn class(&self, vm: &mut Interpreter) -> Class {
        known_class(vm, "sqlalchemy.engine.default.DefaultDialect")
    }

    fn get_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
    ) -> Result<Option<Value>> {
        Ok(match name {
            "name" => Some(Value::str(self.dialect.name())),
            "type_descriptor" => Some(Value::function("type_descriptor", |vm, arguments| {
                let [given] = arguments.exactly("type_descriptor")?;
                let kind = conversion::to_type(vm, &given)?;
                Ok(type_value(vm, &kind))
            })),
            _ => None,
        })
    }
}

/// `TypeClass(arguments)`.
///
/// # Errors
/// What the class's constructor raises.
pub fn make_type(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    arguments: Arguments,
) -> Result<Type> {
    if class.is_subclass_of(&classes::GENERIC_ENUM) && class.variadic.is_some() {
        return make_enum(vm, class, arguments);
    }
    if class == &classes::GENERIC_TYPE_DECORATOR {
        return Err(Error::new(
            "AssertionError",
            "TypeDecorator implementations require a class-level variable 'impl' which refers to \
             the class of type being decorated",
        ));
    }
    let bound = bind(vm, class, arguments)?;
    Type::with_arguments(class, bound)
}

/// Arguments by the names of the class's parameters.
fn bind(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    arguments: Arguments,
) -> Result<Vec<(&'static str, Argument)>> {
    let mut bound: Vec<(&'static str, Argument)> = Vec::new();
    let constructor = || format!("{}.__init__()", constructor_class(class).name);
    let takes_nothing =
        class.positional.is_empty() && class.keywords.is_empty() && class.variadic.is_none();
    if takes_nothing {
        if arguments.is_empty() {
            return Ok(bound);
        }
        return Err(vm.type_error(format!("{}() takes no arguments", class.name)));
    }
    let given = arguments.positional.len();
    let mut rest = Vec::new();
    for (index, value) in arguments.positional.iter().enumerate() {
        match class.positional.get(index) {
            Some(parameter) => bound.push((parameter.name, argument(vm, parameter, value)?)),
            None => rest.push(value.clone()),
        }
    }
    if !rest.is_empty() {
        let Some(variadic) = class.variadic else {
            let most = class.positional.len() + 1;
            let least = 1 + class
                .positional
                .iter()
                .filter(|parameter| parameter.default == Default::Required)
                .count();
            let takes = if least == most {
                format!(
                    "{most} positional argument{}",
                    if most == 1 { "" } else { "s" }
                )
            } else {
                format!("from {least} to {most} positional arguments")
            };
            return Err(vm.type_error(format!(
                "{} takes {takes} but {} were given",
                constructor(),
                given + 1
            )));
        };
        let mut items = Vec::new();
        for value in &rest {
            items.push(conversion::to_literal(vm, value)?);
        }
        bound.push((variadic, Argument::Value(Literal::List(items.into()))));
    }
    for (name, value) in &arguments.keyword {
        let Some(parameter) = class
            .positional
            .iter()
            .chain(class.keywords)
            .find(|parameter| parameter.name == &**name)
        else {
            return Err(vm.type_error(format!(
                "{} got an unexpected keyword argument '{name}'",
                constructor()
            )));
        };
        if bound.iter().any(|(given, _)| *given == parameter.name) {
            return Err(vm.type_error(format!(
                "{} got multiple values for argument '{name}'",
                constructor()
            )));
        }
        bound.push((parameter.name, argument(vm, parameter, value)?));
    }
    let missing: Vec<String> = class
        .positional
        .iter()
        .filter(|parameter| parameter.default == Default::Required)
        .filter(|parameter| !bound.iter().any(|(given, _)| *given == parameter.name))
        .map(|parameter| format!("'{}'", parameter.name))
        .collect();
    if !missing.is_empty() {
        let plural = if missing.len() == 1 { "" } else { "s" };
        return Err(vm.type_error(format!(
            "{} missing {} required positional argument{plural}: {}",
            constructor(),
            missing.len(),
            missing.join(" and ")
        )));
    }
    Ok(bound)
}

/// The class whose `__init__` a class uses, as a TypeError names it.
fn constructor_class(class: &'static TypeClass) -> &'static TypeClass {
    let same = |other: &TypeClass| {
        other.positional.len() == class.positional.len()
            && other
                .positional
                .iter()
                .zip(class.positional)
                .all(|(a, b)| a.name == b.name)
            && other.keywords.len() == class.keywords.len()
    };
    class
        .mro
        .iter()
        .take_while(|other| same(other))
        .last()
        .copied()
        .unwrap_or(class)
}

fn argument(vm: &mut Interpreter, parameter: &Parameter, value: &Value) -> Result<Argument> {
    if matches!(
        parameter.name,
        "item_type" | "impl" | "text_type" | "astext_type" | "data_type"
    ) && !value.is_none()
    {
        return Ok(Argument::Type(conversion::to_type(vm, value)?));
    }
    if conversion::is_type(value) {
        return Ok(Argument::Type(conversion::to_type(vm, value)?));
    }
    if let Some(expression) = conversion::find_expression(value) {
        return Ok(Argument::Expression(expression));
    }
    Ok(Argument::Value(conversion::to_literal(vm, value)?))
}

/// The members of a Python enum class by name, aliases left out.
pub fn enum_members(vm: &mut Interpreter, class: &Value) -> Result<Vec<(Rc<str>, Value)>> {
    let members = vm.get_attribute(class, "__members__")?;
    let keys = vm.collect(&members)?;
    let mut found = Vec::new();
    for key in keys {
        let Some(name) = key.as_text() else { continue };
        let member = vm.get_item(&members, &key)?;
        let own = vm.get_attribute(&member, "name")?;
        if own.as_str() == Some(&name) {
            found.push((name, member));
        }
    }
    Ok(found)
}

/// Whether a value is a class that inherits from `enum.Enum`.
pub fn is_enum_class(value: &Value) -> bool {
    value
        .as_class()
        .is_some_and(|class| class.inherits_from("enum.Enum") && !class.is_named("enum.Enum"))
}

fn make_enum(
    vm: &mut Interpreter,
    class: &'static TypeClass,
    mut arguments: Arguments,
) -> Result<Type> {
    let callable = arguments
        .take_keyword("values_callable")
        .filter(|value| !value.is_none());
    let _ = arguments.take_keyword("sort_key_function");
    let _ = arguments.take_keyword("_enums").map(|given| {
        if let Some(items) = given.as_items() {
            arguments.positional = items;
        }
    });
    let mut keywords: Vec<(&'static str, Argument)> = Vec::new();
    for (name, value) in &arguments.keyword {
        let Some(parameter) = class
            .keywords
            .iter()
            .chain(class.positional)
            .chain(classes::GENERIC_ENUM.keywords)
            .chain(class.repr_keywords)
            .find(|parameter| parameter.name == &**name)
        else {
            return Err(vm.type_error(format!(
                "{}.__init__() got an unexpected keyword argument '{name}'",
                class.name
            )));
        };
        if parameter.name == "metadata" {
            continue;
        }
        if parameter.name == "length" && value.is_none() {
            continue;
        }
        keywords.push((parameter.name, argument(vm, parameter, value)?));
    }
    if let [only] = &arguments.positional[..]
        && let Some(class_) = only.as_class()
        && class_.is_named("enum.Enum")
    {
        // A pattern for other enums, as it stands in a type_annotation_map.
        let pattern = EnumClass {
            name: Rc::from("Enum"),
            module: Rc::from("enum"),
            members: Vec::new().into(),
            object: Some(Rc::new(only.clone())),
        };
        return Type::enumeration(class, Vec::new(), Some(pattern), keywords);
    }
    if let [only] = &arguments.positional[..]
        && (is_enum_class(only) || only.as_class().is_some())
    {
        let Some(python) = only.as_class().filter(|_| is_enum_class(only)) else {
            return Err(vm.type_error("object of type 'type' has no len()"));
        };
        let members = enum_members(vm, only)?;
        let mut literals = Vec::new();
        let mut values = Vec::new();
        match callable {
            Some(callable) => {
                let texts = vm.call(&callable, Arguments::positional(vec![only.clone()]))?;
                for text in vm.collect(&texts)? {
                    let Some(text) = text.as_text() else {
                        let found = vm.class_of(&text).name();
                        return Err(vm.type_error(format!("object of type '{found}' has no len()")));
                    };
                    values.push(text);
                }
            }
            None => values.extend(members.iter().map(|(name, _)| name.clone())),
        }
        for (name, member) in &members {
            literals.push((name.clone(), conversion::to_literal(vm, member)?));
        }
        let description = EnumClass {
            name: python.name(),
            module: python.module.borrow().clone(),
            members: literals.into(),
            object: Some(Rc::new(only.clone())),
        };
        return Type::enumeration(class, values, Some(description), keywords);
    }
    let mut values = Vec::new();
    for value in &arguments.positional {
        match value.as_text() {
            Some(text) => values.push(text),
            None => {
                let found = vm.class_of(value).name();
                return Err(vm.type_error(format!("object of type '{found}' has no len()")));
            }
        }
    }
    Type::enumeration(class, values, None, keywords)
}

/// A type, for an argument that must be one.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else; a plain no for something that is not here.
pub fn expect_type(vm: &mut Interpreter, value: &Value) -> Result<Type> {
    match value {
        Value::Native(_) => {
            if let Some(object) = value.downcast::<TypeObject>() {
                return Ok(object.kind.clone());
            }
        }
        Value::Instance(_) => {
            if let Some(kind) = derived_type(vm, value)? {
                return Ok(kind);
            }
        }
        Value::Class(class) if known_type(class).is_some() => {
            let made = vm.call(value, Arguments::none())?;
            return expect_type(vm, &made);
        }
        Value::None => return Ok(Type::null()),
        _ => {}
    }
    if let Some(name) = conversion::opaque_name(value) {
        return Err(Error::unsupported(format!(
            "the column type {name} comes from a module that is not here; write a type of \
             SQLAlchemy's in its place, or add the module"
        )));
    }
    let text = vm.repr(value)?;
    Err(argument_error(format!(
        "Object {text} is not legal as a SQL type"
    )))
}

/// `repr()` of a text, for messages.
pub fn quoted(text: &str) -> String {
    string_repr(text)
}
