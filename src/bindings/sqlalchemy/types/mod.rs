//! Type classes in Python: `sa.String`, `postgresql.JSONB`, and user-defined subclasses.

mod compilers;
mod constructors;
mod derived;

use std::rc::Rc;

use ground::diagnostic::{Error, Result};
use python::{
    Arguments, Class, ClassBuilder, Declaration, Interpreter, NativeClass, NativeObject, Value,
    function, method, property,
};
use sqlalchemy::dialects::Dialect;
use sqlalchemy::literal::Literal;
use sqlalchemy::sqltypes::{Argument, Default, Type, TypeClass, classes};

use crate::bindings::conversion::{self, argument_error, known_class};
use crate::bindings::sqlalchemy::engine::create_or_drop_item;

pub use compilers::{add_compiler, compiler_value, find_compiler, remove_compilers, run_compiler};
use constructors::signature;
pub use constructors::{enum_members, is_enum_class, make_type};
use derived::{DerivedState, initialize};
pub use derived::{PythonType, derived_type, user_method};

/// The SQLAlchemy type that a Python class represents; stored on the class.
pub struct KnownType(pub &'static TypeClass);

/// An instance of one of SQLAlchemy's own type classes.
pub struct TypeObject {
    /// The type.
    pub kind: Type,
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

/// The Python class of a SQLAlchemy type.
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
        builder = builder.declared(&TYPE_ENGINE);
    }
    if class == &classes::GENERIC_TYPE_DECORATOR {
        builder = builder.declared(&TYPE_DECORATOR);
    }
    if class == &classes::JSON {
        builder = builder.constant("NULL", Value::native(JsonNull));
    }
    builder = builder
        .constant("__visit_name__", Value::str(class.visit_name))
        .initializer(
            move || signature(class),
            move |vm, this, arguments| {
                initialize(vm, class, this, arguments)?;
                Ok(Value::None)
            },
        );
    let made = builder.build(vm);
    made.set_native(Rc::new(KnownType(class)));
    made
}

/// The methods of all types.
static TYPE_ENGINE: Declaration<Value> = Declaration {
    class_methods: &[function("__class_getitem__", "cls, key, /", |_, bound| {
        Ok(bound.value("cls"))
    })],
    properties: &[
        property("python_type", |vm, this| {
            let kind = conversion::to_type(vm, this)?;
            python_type(vm, &kind)
        }),
        property("hashable", |_, _| Ok(Value::Bool(true))),
        property("sort_key_function", |_, _| Ok(Value::None)),
        property("should_evaluate_none", |_, _| Ok(Value::Bool(false))),
        property("_type_affinity", |vm, this| {
            let kind = conversion::to_type(vm, this)?;
            match kind.affinity() {
                Some(class) => Ok(Value::Class(python_class(vm, class))),
                None => Ok(Value::Class(vm.class_of(this))),
            }
        }),
    ],
    methods: &[
        method(
            "with_variant",
            "self, type_, *dialect_names",
            |vm, this, bound| {
                let kind = conversion::to_type(vm, this)?;
                let variant = conversion::to_type(vm, &bound.value("type_"))?;
                let dialects: Vec<Rc<str>> = bound.rest.iter().filter_map(Value::as_text).collect();
                let names: Vec<&str> = dialects.iter().map(|name| &**name).collect();
                let kind = kind.with_variant(&variant, &names)?;
                Ok(Value::native(TypeObject { kind }))
            },
        ),
        method("adapt", "self, cls, **kw", |vm, _, bound| {
            vm.call(&bound.value("cls"), Arguments::none())
        }),
        method("compile", "self, dialect=None", |vm, this, bound| {
            let dialect = match bound.take_some("dialect") {
                Some(dialect) => conversion::to_dialect(vm, &dialect)?,
                None => Dialect::default_dialect(),
            };
            let kind = conversion::to_type(vm, this)?;
            Ok(Value::str(vm.lend(|| kind.compile(&dialect))?))
        }),
        method("dialect_impl", "self, dialect", |vm, this, bound| {
            let kind = conversion::to_type(vm, this)?;
            let dialect = conversion::to_dialect(vm, &bound.value("dialect"))?;
            let kind = vm.lend(|| kind.dialect_impl(&dialect))?;
            Ok(type_value(vm, &kind))
        }),
        method("copy", "self, **kw", |_, this, _| Ok(this.clone())),
        method(
            "create",
            "self, bind, checkfirst=False",
            |vm, this, bound| {
                schema_type(vm, this, "create")?;
                create_or_drop_item(vm, bound, true)
            },
        ),
        method("drop", "self, bind, checkfirst=False", |vm, this, bound| {
            schema_type(vm, this, "drop")?;
            create_or_drop_item(vm, bound, false)
        }),
        method("as_generic", "self, allow_nulltype=False", |vm, this, _| {
            let kind = conversion::to_type(vm, this)?;
            let generic = kind.affinity().map_or(kind.clone(), Type::new);
            Ok(type_value(vm, &generic))
        }),
        method("load_dialect_impl", "self, dialect", |vm, this, _| {
            default_impl(vm, this)
        }),
        method("evaluates_none", "self", |_, this, _| Ok(this.clone())),
        method("coerce_compared_value", "self, op, value", |_, this, _| {
            Ok(this.clone())
        }),
        method("get_dbapi_type", "self, dbapi", |_, _, _| Ok(Value::None)),
        method("__repr__", "self", |vm, this, _| {
            Ok(Value::str(conversion::to_type(vm, this)?.python_repr()))
        }),
        method("__str__", "self", |vm, this, _| {
            let kind = conversion::to_type(vm, this)?;
            Ok(Value::str(vm.lend(|| type_text(&kind))))
        }),
    ],
    ..Declaration::new("sqlalchemy.sql.type_api.TypeEngine")
};

/// `str(type)`: compiled for the default dialect, or its repr if it cannot be compiled.
fn type_text(kind: &Type) -> String {
    kind.compile(&Dialect::default_dialect())
        .unwrap_or_else(|_| kind.python_repr())
}

/// Only a `SchemaType` is created and dropped on its own.
fn schema_type(vm: &mut Interpreter, this: &Value, method: &str) -> Result<()> {
    let kind = conversion::to_type(vm, this)?;
    if kind.is_schema_type() {
        return Ok(());
    }
    Err(vm.attribute_error(format!(
        "'{}' object has no attribute '{method}'",
        kind.class_name()
    )))
}

fn default_impl(vm: &mut Interpreter, this: &Value) -> Result<Value> {
    match vm.find_attribute(this, "impl")? {
        Some(found) => Ok(found),
        None => Ok(this.clone()),
    }
}

/// The methods of `TypeDecorator`.
pub static TYPE_DECORATOR: Declaration<Value> = Declaration {
    properties: &[property("impl_instance", |vm, this| {
        vm.get_attribute(this, "impl")
    })],
    methods: &[
        method("load_dialect_impl", "self, dialect", |vm, this, _| {
            default_impl(vm, this)
        }),
        method("type_engine", "self, dialect", |vm, this, _| {
            default_impl(vm, this)
        }),
        method("copy", "self, **kw", |_, this, _| Ok(this.clone())),
        method(
            "process_bind_param",
            "self, value, dialect",
            |_, _, bound| Ok(bound.value("value")),
        ),
        method(
            "process_result_value",
            "self, value, dialect",
            |_, _, bound| Ok(bound.value("value")),
        ),
    ],
    ..Declaration::new("sqlalchemy.sql.type_api.TypeDecorator")
};

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
        "object"
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
        // A type implemented in Rust by another module (`sqlmodel`'s AutoString).
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

    fn set_attribute(
        &self,
        _this: &Value,
        _vm: &mut Interpreter,
        name: &str,
        _value: &Value,
    ) -> Result<bool> {
        // It is shared with whatever was made of it before.
        Err(Error::unsupported(format!(
            "setting the attribute '{name}' of a type that is made already"
        )))
    }

    /// What the constructors of SQLAlchemy set: the parameters, and what is derived from them.
    fn attribute_names(&self) -> Vec<String> {
        let class = self.kind.class();
        let parameters = class.positional.iter().chain(class.keywords);
        let derived: &[&str] = if self.kind.is_instance(&classes::GENERIC_ENUM) {
            &["enums", "enum_class"]
        } else if self.kind.is_type_decorator() {
            &["impl", "impl_instance"]
        } else {
            &[]
        };
        parameters
            .map(|parameter| parameter.name)
            .chain(derived.iter().copied())
            .map(str::to_owned)
            .collect()
    }

    fn repr(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| self.kind.python_repr())))
    }

    fn str(&self, _this: &Value, vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(vm.lend(|| type_text(&self.kind))))
    }
}

/// A type's attributes: its arguments, and a few derived values.
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

/// Class hooks of the type classes.
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
        // Only attributes that SQLAlchemy's constructor would have set on the instance.
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
        // A TypeDecorator delegates unknown attributes to its impl.
        if class == Some(&classes::GENERIC_TYPE_DECORATOR)
            && object.class().lookup(name).is_none()
            && let Some(wrapped) = object.attributes.get_str("impl")
        {
            return vm.find_attribute(&wrapped, name);
        }
        Ok(None)
    }
}

/// The nearest SQLAlchemy type in a Python class's MRO.
pub fn known_type(class: &Class) -> Option<&'static TypeClass> {
    class.inherited_native::<KnownType>().map(|known| known.0)
}

/// A type, for an argument that must be one.
///
/// # Errors
/// `sqlalchemy.exc.ArgumentError` for anything else; `limbeck.Unsupported` for a type whose
/// module is not here.
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

/// `JSON.NULL`.
pub struct JsonNull;

static SYMBOL: Declaration<JsonNull> = Declaration::new("sqlalchemy.util.langhelpers.symbol");

impl NativeObject for JsonNull {
    fn class(&self, vm: &mut Interpreter) -> Class {
        vm.class(&SYMBOL)
    }

    fn repr(&self, _this: &Value, _vm: &mut Interpreter) -> Result<Option<String>> {
        Ok(Some(Literal::JsonNull.python_repr()))
    }
}
